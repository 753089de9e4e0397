"""Panels of lines: what differs is repainted, long lines go on, and nothing is taken as markup."""

import pytest
from textual.app import App, ComposeResult

from venue_tui.widgets.lines import Lines, line


class Panel(App[None]):
    CSS = "#low { height: auto; }"

    def compose(self) -> ComposeResult:
        yield Lines([line("one"), line("two")], id="low")
        yield Lines(id="high", wraps=True)

    def panel(self, id_: str) -> Lines:
        return self.query_one(f"#{id_}", Lines)


def drawn(panel: Lines) -> list[str]:
    return [panel.render_line(y).text.rstrip() for y in range(panel.size.height)]


async def test_says_what_people_wrote_as_they_wrote_it() -> None:
    app = Panel()
    async with app.run_test(size=(12, 8)) as pilot:
        app.panel("low").set_lines([line("[red]a[/]"), line("张三\x1b[31m李四王五")])
        await pilot.pause()
        assert drawn(app.panel("low")) == ["[red]a[/]", "张三␛[31m李…"]
        assert app.panel("low").text == "[red]a[/]\n张三\x1b[31m李四王五"


async def test_is_as_high_as_its_lines_where_it_may() -> None:
    app = Panel()
    async with app.run_test(size=(12, 8)) as pilot:
        assert app.panel("low").size.height == 2
        app.panel("low").set_lines([line("one"), line("two"), line("three")])
        await pilot.pause()
        assert drawn(app.panel("low")) == ["one", "two", "three"]
        assert app.panel("high").size.height == 5


async def test_a_long_line_goes_on_in_the_next_as_wide_as_there_is_room() -> None:
    app = Panel()
    async with app.run_test(size=(12, 8)) as pilot:
        app.panel("high").set_lines([line("a long sentence here"), line("很长的一句中文话"), ()])
        assert drawn(app.panel("high"))[:5] == [
            "a long",
            "sentence",
            "here",
            "很长的一句中",
            "文话",
        ]
        await pilot.resize_terminal(30, 8)
        await pilot.pause()
        assert drawn(app.panel("high"))[:2] == ["a long sentence here", "很长的一句中文话"]


async def test_a_sum_at_the_end_of_a_long_line_is_never_cut() -> None:
    app = Panel()
    async with app.run_test(size=(14, 8)):
        said = (("外出已 12 分钟。", ""), (" 扣罚 100.00。", "bad"))
        app.panel("high").set_lines([said])
        assert drawn(app.panel("high"))[:3] == ["外出已 12 分", "钟。 扣罚", "100.00。"]


async def test_only_the_lines_that_differ_are_repainted(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Panel()
    async with app.run_test(size=(12, 8)) as pilot:
        panel = app.panel("high")
        panel.set_lines([line("a"), line("b"), line("c")])
        await pilot.pause()
        painted: list[int] = []
        render_line = Lines.render_line

        def counted(self: Lines, y: int) -> object:
            painted.append(y)
            return render_line(self, y)

        monkeypatch.setattr(Lines, "render_line", counted)
        panel.set_lines([line("a"), line("B"), line("c"), line("d")])
        await pilot.pause()
        assert sorted(set(painted)) == [1, 3]


async def test_nothing_is_cut_where_a_scrollbar_stands_beside_the_lines() -> None:
    app = Panel()
    async with app.run_test(size=(12, 8)) as pilot:
        panel = app.panel("high")
        panel.set_lines([line("很长的一句中文话再长")] * 9)
        await pilot.pause()
        assert panel.show_vertical_scrollbar
        assert drawn(panel)[:2] == ["很长的一句", "中文话再长"]
