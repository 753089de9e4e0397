"""The list that is drawn line by line."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from venue_tui.widgets.columns import Column
from venue_tui.widgets.line_list import LineList, Row

COLUMNS = (Column("Name", 8, share=1), Column("No", 5), Column("Fine", 8, right=True))


def rows(*numbers: int) -> list[Row]:
    return [Row(f"S{n}", (f"name {n}", f"S{n}", f"{n}.00")) for n in numbers]


class ListApp(App[None]):
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, line_list: LineList) -> None:
        super().__init__()
        self.line_list = line_list
        self.posted: list[tuple[str, str | None]] = []

    def compose(self) -> ComposeResult:
        yield self.line_list

    def on_line_list_highlighted(self, event: LineList.Highlighted) -> None:
        self.posted.append(("highlighted", event.key))

    def on_line_list_selected(self, event: LineList.Selected) -> None:
        self.posted.append(("selected", event.key))


@asynccontextmanager
async def showing(line_list: LineList, size: tuple[int, int] = (40, 10)) -> AsyncIterator[Pilot]:
    async with ListApp(line_list).run_test(size=size) as pilot:
        await pilot.pause()
        yield pilot


def lines(line_list: LineList) -> list[str]:
    return [line_list.render_line(y).text for y in range(line_list.size.height)]


async def test_shows_titles_and_rows_in_exact_cells() -> None:
    names = [Row("1", ("张三丰李四王五赵六钱七孙八周九吴十", "S1", "30.00")), *rows(2)]
    line_list = LineList(*COLUMNS, rows=names)
    async with showing(line_list):
        shown = lines(line_list)
    assert shown[0].split() == ["Name", "No", "Fine"]
    assert shown[1].startswith(">张三丰李四")
    assert "…" in shown[1]
    assert shown[1].endswith(" 30.00 ")
    assert shown[2].endswith("  2.00 ")


async def test_user_text_is_shown_and_obeyed_by_nobody() -> None:
    line_list = LineList(Column("Name", 20, share=1), rows=[Row("1", ("a [red]b[/x]\x1b[2J",))])
    async with showing(line_list):
        shown = lines(line_list)[1]
    assert "a [red]b[/x]" in shown
    assert "\x1b" not in shown


async def test_cursor_moves_by_keys_and_stays_inside() -> None:
    line_list = LineList(*COLUMNS, rows=rows(*range(100)))
    async with showing(line_list) as pilot:
        await pilot.press("down", "down", "up")
        assert line_list.cursor_key == "S1"
        await pilot.press("pagedown")
        assert line_list.cursor_key == "S9"
        await pilot.press("end", "down")
        assert line_list.cursor_key == "S99"
        assert lines(line_list)[-1].startswith(">name 99")
        await pilot.press("home", "up")
        assert line_list.cursor_key == "S0"
        assert line_list.scroll_y == 0


async def test_cursor_passes_over_group_titles() -> None:
    teams = [Row("a", ("Team A", "2"), group=True), *rows(1, 2), Row("b", ("B",), group=True)]
    line_list = LineList(*COLUMNS, rows=[*teams, *rows(3)])
    async with showing(line_list) as pilot:
        assert line_list.cursor_key == "S1"
        assert lines(line_list)[1].startswith(" Team A  2")
        await pilot.press("down", "down")
        assert line_list.cursor_key == "S3"
        await pilot.press("up", "up", "up")
        assert line_list.cursor_key == "S1"
        assert not line_list.move_to("b")


async def test_new_rows_leave_cursor_and_scroll_where_they_were() -> None:
    line_list = LineList(*COLUMNS, rows=rows(*range(200)))
    async with showing(line_list) as pilot:
        line_list.move_to("S120")
        await pilot.pause()
        on_screen = 120 - line_list.scroll_y
        line_list.set_rows(rows(*range(50, 200)))
        await pilot.pause()
        assert line_list.cursor_key == "S120"
        assert 70 - line_list.scroll_y == on_screen
        line_list.set_rows(rows(*range(50, 120), *range(125, 200)))
        assert line_list.cursor_key == "S125"
        line_list.set_rows(rows(1, 2, 3))
        assert line_list.cursor_key == "S3"
        line_list.set_rows([])
        assert line_list.cursor_key is None
        line_list.set_rows(rows(7, 8))
        assert line_list.cursor_key == "S7"


async def test_one_changed_row_repaints_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    line_list = LineList(*COLUMNS, rows=rows(*range(5000)))
    async with showing(line_list) as pilot:
        drawn: list[int] = []
        render_line = LineList.render_line
        monkeypatch.setattr(
            LineList, "render_line", lambda self, y: (drawn.append(y), render_line(self, y))[1]
        )
        line_list.update_row(Row("S3", ("name 3", "S3", "late")))
        await pilot.pause()
        assert drawn == [4]
        drawn.clear()
        line_list.update_row(Row("S4000", ("name 4000", "S4000", "late")))
        await pilot.pause()
        assert drawn == []
        changed = rows(*range(5000))
        changed[3], changed[5] = line_list.row("S3"), Row("S5", ("x", "S5", "late"))
        changed[4000] = line_list.row("S4000")
        line_list.set_rows(changed)
        await pilot.pause()
        assert drawn == [6]


async def test_says_which_row_is_highlighted_and_selected() -> None:
    line_list = LineList(*COLUMNS, rows=rows(1, 2, 3))
    async with showing(line_list) as pilot:
        app = pilot.app
        assert isinstance(app, ListApp)
        await pilot.press("down", "enter")
        assert app.posted == [("highlighted", "S2"), ("selected", "S2")]
        await pilot.click(LineList, offset=(3, 3))
        assert line_list.cursor_key == "S3"
        await pilot.click(LineList, offset=(3, 1), times=2)
        assert app.posted[-1] == ("selected", "S1")
        await pilot.click(LineList, offset=(3, 8))
        assert line_list.cursor_key == "S1"


async def test_enter_is_left_to_the_screen_on_request() -> None:
    async with showing(LineList(*COLUMNS, rows=rows(1), opens=False)) as pilot:
        await pilot.press("enter")
        assert isinstance(pilot.app, ListApp)
        assert pilot.app.posted == []


async def test_a_row_is_copied_as_text() -> None:
    async with showing(LineList(*COLUMNS, rows=rows(1))) as pilot:
        await pilot.press("y")
        assert pilot.app.clipboard == "name 1\tS1\t1.00"


async def test_scrolled_sideways_the_first_columns_stay() -> None:
    columns = [Column("Name", 10), *(Column(f"rule {n}", 10) for n in range(9))]
    wide = [Row("1", ("张三丰李四", *(f"{n}00000.00" for n in range(9))))]
    line_list = LineList(*columns, rows=wide, fixed=1)
    async with showing(line_list) as pilot:
        assert "rule 3" not in lines(line_list)[0]
        await pilot.press("right", "right", "right")
        assert "Name" in lines(line_list)[0]
        assert "rule 3" in lines(line_list)[0]
        assert lines(line_list)[1].startswith(">张三丰李四 300000.00")


@pytest.mark.parametrize("width", [26, 40, 47, 60, 75, 98])
async def test_a_column_is_seen_whole_or_not_at_all(width: int) -> None:
    amounts = [f"{n}{n}{n}{n}.{n}{n}" for n in range(1, 10)]
    columns = [Column("Name", 8), *(Column(f"rule number {n}", 9, right=True) for n in range(9))]
    line_list = LineList(*columns, rows=[Row("1", ("张三丰", *amounts))], fixed=1)
    async with showing(line_list, (width, 10)) as pilot:
        seen: list[str] = []
        for key in ["right"] * 12 + ["left"] * 12:
            titles, *_rest, row = (lines(line_list)[y].split() for y in range(3))
            assert row[0] == ">张三丰"
            assert set(row[1:]) <= set(amounts)
            assert titles.count("rule") == len(row) - 1
            seen += row[1:]
            await pilot.press(key)
        assert set(seen) == set(amounts)
        assert line_list.scroll_x == 0


async def test_columns_are_as_wide_as_what_stands_in_them() -> None:
    columns = (Column("When", 11), Column("What", 6, share=1), Column("Fine", 9, right=True))
    listed = [Row("1", ("11-29", "guest complaint about service", "100.00"))]
    line_list = LineList(*columns, rows=listed)
    async with showing(line_list, (46, 10)):
        assert "guest complaint about service" in lines(line_list)[1]
        line_list.update_row(Row("1", ("11-29", "late", "1234567890.00")))
        assert "1234567890.00" in lines(line_list)[1]
        before = line_list.widths
        line_list.set_rows([Row("2", ("2", "late", "1.00"))])  # what comes and goes moves nothing
        assert line_list.widths == before


async def test_long_titles_stand_on_two_lines() -> None:
    columns = (Column("Name", 8), Column("Out without an approved slip", 14, right=True))
    line_list = LineList(*columns, rows=rows(*range(20)))
    async with showing(line_list, (26, 6)) as pilot:
        shown = lines(line_list)
        assert shown[0].split() == ["Out", "without", "an"]
        assert shown[1].split() == ["Name", "approved", "slip"]
        assert shown[2].startswith(">name 0")
        await pilot.press("end")
        assert lines(line_list)[-1].startswith(">name 19")


async def test_a_list_as_high_as_its_rows_shows_those_that_it_was_made_with() -> None:
    line_list = LineList(*COLUMNS, rows=rows(1, 2, 3))
    line_list.styles.height = "auto"
    async with showing(line_list):
        assert line_list.size.height == 4
        assert lines(line_list)[1].startswith(">name 1")


async def test_titles_take_no_line_for_columns_that_are_not_seen() -> None:
    far = Column("Out without an approved slip", 14, right=True)
    line_list = LineList(Column("Name", 12), Column("Fine", 9), far, rows=rows(*range(20)), fixed=1)
    async with showing(line_list, (24, 6)) as pilot:
        assert lines(line_list)[0].split() == ["Name", "Fine"]
        assert lines(line_list)[1].startswith(">name 0")
        await pilot.press("right")
        assert lines(line_list)[1].split() == ["Name", "approved", "slip"]
        await pilot.press("end")
        assert any(each.startswith(">name 19") for each in lines(line_list))
        await pilot.press("left", "home")
        assert lines(line_list)[0].split() == ["Name", "Fine"]


async def test_next_key_looks_below_the_cursor_first() -> None:
    marked = rows(*range(5))
    for at in (1, 3):
        marked[at] = marked[at]._replace(style="good")
    line_list = LineList(*COLUMNS, rows=marked)
    async with showing(line_list):
        line_list.move_to("S3")
        assert line_list.next_key(lambda row: not row.style) == "S4"
        line_list.move_to("S4")
        assert line_list.next_key(lambda row: row.style == "good") == "S1"
        assert line_list.next_key(lambda row: row.style == "bad") is None


async def test_ten_thousand_rows_are_only_stored() -> None:
    cells: list[int] = []

    class Counted(str):
        def isprintable(self) -> bool:
            cells.append(1)
            return super().isprintable()

    def many() -> Iterator[Row]:
        return (Row(str(n), (Counted(n), Counted(n), Counted(n))) for n in range(10_000))

    line_list = LineList(*COLUMNS, rows=many())
    async with showing(line_list):
        assert len(cells) < 200
        cells.clear()
        line_list.set_rows(row._replace(key=f"x{row.key}") for row in many())
        assert cells == []
