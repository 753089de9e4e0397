"""The board of tiles."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.app import App, ComposeResult
from textual.pilot import Pilot

from venue_tui.widgets.floor import FloorBoard, Tile


class BoardApp(App[None]):
    def __init__(self, board: FloorBoard) -> None:
        super().__init__()
        self.board = board
        self.posted: list[tuple[str, str | None]] = []

    def compose(self) -> ComposeResult:
        yield self.board

    def on_floor_board_highlighted(self, event: FloorBoard.Highlighted) -> None:
        self.posted.append(("highlighted", event.key))

    def on_floor_board_selected(self, event: FloorBoard.Selected) -> None:
        self.posted.append(("selected", event.key))


@asynccontextmanager
async def showing(
    board: FloorBoard, size: tuple[int, int] = (60, 10)
) -> AsyncIterator[Pilot[None]]:
    async with BoardApp(board).run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        yield pilot


def tiles(*numbers: int) -> list[Tile]:
    return [Tile(f"A{n}", f"A{n}", "free", ("", f"min {n}00.00"), "muted") for n in numbers]


def lines(board: FloorBoard) -> list[str]:
    return [board.render_line(y).text.rstrip() for y in range(board.size.height)]


def grouped() -> list[Tile]:
    rooms = Tile("rooms", "Rooms", group=True)
    tables = Tile("tables", "Tables", group=True)
    return [rooms, *tiles(1, 2, 3, 4), tables, *tiles(5, 6, 7)]


async def test_tiles_stand_side_by_side_under_their_title() -> None:
    board = FloorBoard(grouped())
    async with showing(board):
        shown = lines(board)
        assert shown[0] == " Rooms"
        assert shown[1].split() == [">A1", "free", "A2", "free", "A3", "free"]
        assert shown[3].split() == ["min", "100.00", "min", "200.00", "min", "300.00"]
        assert shown[4].split() == ["A4", "free"]
        assert shown[7] == " Tables"


async def test_the_arrows_go_in_two_dimensions() -> None:
    board = FloorBoard(grouped())
    async with showing(board) as pilot:
        await pilot.press("right", "right", "down")
        assert board.cursor_key == "A4"
        await pilot.press("down", "right", "up", "up")
        assert board.cursor_key == "A1"
        await pilot.press("end", "left", "left", "left")
        assert board.cursor_key == "A4"
        await pilot.press("home", "left", "up")
        assert board.cursor_key == "A1"


async def test_the_tile_under_the_cursor_is_on_the_screen() -> None:
    board = FloorBoard(tiles(*range(40)))
    async with showing(board) as pilot:
        await pilot.press("end")
        assert ">A39" in "".join(lines(board))
        await pilot.press("home")
        assert ">A0" in lines(board)[0]


async def test_the_cursor_stays_on_its_tile() -> None:
    board = FloorBoard(tiles(1, 2, 3, 4))
    async with showing(board) as pilot:
        board.move_to("A3")
        board.set_tiles(tiles(0, 1, 3, 4))
        assert board.cursor_key == "A3"
        board.set_tiles(tiles(0, 1, 4))
        assert board.cursor_key == "A4"
        board.set_tiles([])
        assert board.cursor_key is None
        await pilot.press("down", "right", "enter", "y")
        board.set_tiles(tiles(7))
        await pilot.pause()
        app = pilot.app
        assert isinstance(app, BoardApp)
        keys = [key for what, key in app.posted if what == "highlighted"]
        assert keys == ["A3", "A4", None, "A7"]
        assert not board.move_to("A3")


async def test_a_click_moves_and_a_double_click_opens() -> None:
    board = FloorBoard(grouped())
    async with showing(board) as pilot:
        await pilot.click(board, offset=(25, 2))
        assert board.cursor_key == "A2"
        await pilot.click(board, offset=(25, 0))
        assert board.cursor_key == "A2"
        await pilot.click(board, offset=(3, 1), times=2)
        app = pilot.app
        assert isinstance(app, BoardApp)
        assert app.posted[-1] == ("selected", "A1")


async def test_what_people_wrote_is_shown_and_copied_as_it_is() -> None:
    tile = Tile("A1", "A1 [b]", "booked", ("张三丰李四王五赵六钱七 [/]\x1b[2J", ""), "good")
    board = FloorBoard([tile])
    async with showing(board, (30, 10)) as pilot:
        assert "张三丰李四王五赵六钱七 [/]" in lines(board)[1]
        assert "\x1b" not in lines(board)[1]
        await pilot.press("y")
        assert pilot.app.clipboard.startswith("A1 [b]\tbooked\t张三丰")
        await pilot.resize_terminal(20, 10)
        assert "…" in lines(board)[1]
