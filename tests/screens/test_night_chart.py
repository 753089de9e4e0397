"""The chart of a month's nights: each has its column, whose height says how much."""

from datetime import date

from textual.app import App, ComposeResult

from venue_tui.widgets.night_chart import NightChart

WIDTHS = (34, 70, 100, 160)


class Charted(App[None]):
    CSS = "NightChart { display: block; height: 8; min-height: 8; }"

    def compose(self) -> ComposeResult:
        yield NightChart(lambda: None, id="chart")


async def test_a_column_a_night() -> None:
    numbers = {date(2026, 11, 1): 1, date(2026, 11, 2): 400, date(2026, 11, 30): 200}
    app = Charted()
    async with app.run_test(size=(WIDTHS[0], 8)) as pilot:
        chart = app.query_one(NightChart)
        chart.show("Spent", "2026-11", numbers, str, date(2026, 11, 30))
        for width in WIDTHS:
            await pilot.resize_terminal(width, 8)
            await pilot.pause()
            drawn = [chart.render_line(y) for y in range(chart.size.height)]
            assert {strip.cell_length for strip in drawn} == {chart.size.width}
            *bars, days = (strip.text for strip in drawn)
            step = min(5, chart.size.width // 30)
            columns = ["".join(row[at * step] for row in bars).strip() for at in range(30)]
            # Whatever is more than nothing is to be seen, half is half as high as all.
            assert (columns[0], columns[1]) == ("▁", "█" * len(bars))
            assert columns[29] == "▄██"
            assert not any(columns[2:29])
            assert days.split()[:2] == (["1", "2"] if step > 2 else ["1", "6"])
        assert chart.border_title is not None
        assert "most 400 on 11-02" in chart.border_title


async def test_a_month_of_nothing() -> None:
    app = Charted()
    async with app.run_test(size=(100, 8)):
        chart = app.query_one(NightChart)
        chart.show("Spent", "2026-02", {}, str)
        drawn = [chart.render_line(y).text for y in range(chart.size.height)]
        assert not "".join(drawn[:-1]).strip()
        assert drawn[-1].split() == [str(day) for day in range(1, 29)]
        assert chart.border_title == "Spent"
