"""Where teams stand as blocks: all in sight where they fit, whatever their sizes."""

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Size

from venue_tui.screens.roll.block_layout import Block, NameLine, arranged
from venue_tui.screens.roll.team_blocks import TeamBlocks


def blocks(*sizes: int) -> list[Block]:
    made, n = [], 0
    for team, size in enumerate(sizes):
        people = tuple(
            NameLine(str(n + i), f"陈海燕{n + i}", "here", "19:30", "has a room", "room", "good")
            for i in range(size)
        )
        n += size
        made.append(Block(str(team), f"{team}组", f"0/{size}", people))
    return made


class Board(App[None]):
    def __init__(self, *sizes: int) -> None:
        super().__init__()
        self.board = TeamBlocks()
        self.sizes = sizes

    def compose(self) -> ComposeResult:
        yield self.board

    def on_mount(self) -> None:
        self.board.set_blocks(blocks(*self.sizes))


def drawn(board: TeamBlocks) -> list[str]:
    return [board.render_line(y).text for y in range(board.size.height)]


@pytest.mark.parametrize(
    "sizes",
    [
        (10, 10, 10, 10, 10),
        (50,),
        (25, 25),
        (30, 20),
        (17, 17, 16),
        (15, 3, 3, 15, 7, 7),
        (7, 7, 7, 7, 7, 7, 8),
        (*(4,) * 11, 6),
        (2,) * 25,
        (48, 1, 1),
    ],
)
def test_fifty_are_in_sight_at_once(sizes: tuple[int, ...]) -> None:
    room = Size(90, 27)  # of 120 by 36
    parts, height = arranged(sizes, room)
    assert height <= room.height
    assert sum(part.size for part in parts) == 50
    taken = {
        (x, y)
        for part in parts
        for y in range(part.y, part.y + part.height)
        for x in (part.x, part.x + part.width - 1)
    }
    assert len(taken) == 2 * sum(part.height for part in parts)  # none lies over another
    assert all(0 <= x < room.width and 0 <= y < room.height for x, y in taken)


@pytest.mark.parametrize(("width", "columns"), [(40, 1), (60, 2), (80, 3), (160, 6)])
def test_so_many_columns_as_fit(width: int, columns: int) -> None:
    parts, _height = arranged((10,) * 12, Size(width, 200))
    assert len({part.x for part in parts}) == columns


def test_a_board_without_people_is_empty() -> None:
    assert arranged((), Size(80, 20)) == ([], 0)


async def test_the_arrows_go_down_the_roll_and_from_block_to_block() -> None:
    app = Board(3, 2, 4, 1)
    async with app.run_test(size=(80, 24)) as pilot:
        board = app.board
        await pilot.press("down", "down", "right")
        assert board.cursor_key == "4"  # the second block has but two
        await pilot.press("right", "down", "left")
        assert board.cursor_key == "4"
        await pilot.press("end", "up", "j", "k", "home")
        assert board.cursor_key == "0"
        await pilot.press("left", "pageup")
        assert board.cursor_key == "0"
        await pilot.press("pagedown")
        assert board.cursor_key == "9"


async def test_the_block_of_the_cursor_is_in_sight_as_a_whole() -> None:
    app = Board(10, 10, 10, 10, 10)
    async with app.run_test(size=(80, 16)) as pilot:
        board = app.board
        board.move_to("30")
        await pilot.pause()
        lines = "\n".join(drawn(board))
        assert "陈海燕30" in lines
        assert "陈海燕39" in lines
        await pilot.press("home")
        assert "陈海燕0 " in drawn(board)[1]


async def test_a_click_picks_and_a_wide_name_is_never_cut_in_half() -> None:
    app = Board(3, 3)
    async with app.run_test(size=(52, 12)) as pilot:
        board = app.board
        await pilot.click(board, offset=(27, 2))
        assert board.cursor_key == "4"
        board.update_person(
            NameLine("4", "司徒欧阳上官诸葛夏侯", "late", "19:31:12", "room", "room", "warning")
        )
        await pilot.pause()
        line = drawn(board)[2]
        assert "late 19:31:12" in line  # neither state nor time gives way
        assert "…" in line


async def test_what_people_wrote_is_shown_as_it_is() -> None:
    app = Board(2)
    async with app.run_test(size=(40, 8)) as pilot:
        app.board.set_blocks(
            [Block("x", "[red]A[/]", "0/1", (NameLine("1", "[b]坏[/]\x1b[2J"),), "休息")]
        )
        await pilot.pause()
        text = "\n".join(drawn(app.board))
        assert "[red]A[/]" in text
        assert "[b]坏[/]" in text
        assert "\x1b" not in text


async def test_who_is_out_of_sight_is_not_repainted_when_lit_up_and_is_lit_when_scrolled_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = Board(*(100,) * 20)
    async with app.run_test(size=(80, 24)) as pilot:
        board = app.board
        repainted: list[int] = []
        monkeypatch.setattr(board, "_refresh_person", repainted.append)
        board.light({str(n) for n in range(2_000)})
        assert 0 < len(repainted) < 500
        monkeypatch.undo()
        board.move_to("1999")
        await pilot.pause()
        [y] = [y for y, text in enumerate(drawn(board)) if "陈海燕1998" in text]
        [of_lit] = [each for each in board.render_line(y) if "陈海燕1998" in each.text]
        board.light(())
        [of_unlit] = [each for each in board.render_line(y) if "陈海燕1998" in each.text]
        assert of_lit.style != of_unlit.style
