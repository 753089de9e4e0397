"""Fines as bars: by rule in a month, and month by month in the year up to it."""

from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical

from models.access.session import Session
from models.payroll import trends
from models.payroll.trends import NO_FINES, Fines, MonthFines, RuleFines
from models.values.money import format_money
from models.values.nights import Month
from venue_tui.locale import _
from venue_tui.screens.rules.rule_words import title_of
from venue_tui.widgets.bar import bar
from venue_tui.widgets.columns import Column
from venue_tui.widgets.line_list import LineList, Row

_BESIDES = 30
"""The cells that a line takes besides its label and its bar."""
_LABEL = 22
"""The least cells of a label; the longest has as many as it takes, but no more than its bar."""


class Trends(NamedTuple):
    """What the pane draws."""

    month: Month
    rules: list[RuleFines]
    months: list[MonthFines]


def read_trends(session: Session, month: Month) -> Trends:
    """The fines of that month, and of the year up to it the months of which there is anything."""
    months = [
        each
        for each in trends.months(session, month)
        if each.month == month or each.closed or each.fines != NO_FINES
    ]
    return Trends(month, trends.by_rule(session, month), months)


def bar_of(amount: int, largest: int, width: int) -> str:
    """`width` cells for the largest amount, and something for anything more than nothing."""
    if amount <= 0:
        return ""
    return "".join(text for text, style in bar([(amount, "bar")], largest, width) if style)


class ChartPane(Vertical):
    """The bars, in a list that can be scrolled; a month's key in it is the month."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._trends: Trends | None = None

    def compose(self) -> ComposeResult:
        yield LineList(opens=False, titles=True, id="chart", classes="panel")

    @property
    def list(self) -> LineList:
        return self.query_one("#chart", LineList)

    def show(self, found: Trends) -> None:
        self._trends = found
        self._draw()

    def on_resize(self, _event: events.Resize) -> None:
        self._draw()

    def _draw(self) -> None:
        found = self._trends
        if found is None or not self.size.width:
            return
        heading = _("Fines by rule in %s") % found.month
        rules = [
            (f"rule {each.code}", f"{each.clause} {title_of(each.titles, each.code)}", each.fines)
            for each in found.rules
        ]
        months = [
            (each.month, each.month + (" " + _("closed") if each.closed else ""), each.fines)
            for each in reversed(found.months)
        ]
        longest = max(cell_len(label) for _key, label, _fines in (*rules, *months))
        label = max(_LABEL, min(longest, (self.size.width - _BESIDES) // 2))
        width = max(4, self.size.width - _BESIDES - label)
        self.list.set_columns(
            Column("", label, share=1),
            Column(_("Fines"), width, tinted=True),
            Column(_("Amount"), 10, right=True),
            Column(_("Count"), 5, right=True, spare=2),
            Column(_("Waived"), 6, right=True, spare=1),
        )
        nothing = [] if rules else [Row("none", (_("Nothing was charged."),), group=True)]
        self.list.set_rows(
            [
                Row("by rule", (heading,), group=True),
                *_bars(rules, width),
                *nothing,
                Row("by month", (_("Month by month, the latest first"),), group=True),
                *_bars(months, width),
            ]
        )


def _bars(lines: list[tuple[str, str, Fines]], width: int) -> Iterator[Row]:
    largest = max((fines.amount for _key, _label, fines in lines), default=0)
    for key, label, fines in lines:
        cells = (
            label,
            bar_of(fines.amount, largest, width),
            format_money(fines.amount),
            str(fines.standing or ""),
            str(fines.waived or ""),
        )
        yield Row(key, cells, "bad")
