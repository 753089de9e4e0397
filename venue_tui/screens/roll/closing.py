"""What closing the briefing, or ending the night, would cost whom: shown before it is done."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button

from models.operations.briefings import ClosingSummary, Due, briefing
from models.operations.roll import NO_SIGN
from models.operations.roll_board import RollRow
from models.values.money import format_money
from models.values.text import displayable
from venue_tui.locale import _, ngettext
from venue_tui.screens.shared.clock import clock, rule_title, sign_clock
from venue_tui.widgets.columns import Column
from venue_tui.widgets.keys import hidden
from venue_tui.widgets.line_list import LineList, Row
from venue_tui.widgets.text import line_breaks
from venue_tui.words import word

if TYPE_CHECKING:
    from models.access.session import Session


_WIDTH = 76
_FRAME = 6
"""The cells of a line beside a heading: the border, the blanks, the cursor's and a scrollbar's."""


class ClosingScreen(ModalScreen[bool]):
    """Names every fine, and who would be absent, and asks once: y or Enter is yes; n or Esc no."""

    BINDINGS: ClassVar = [
        # Before the list, where y copies a row.
        Binding("y", "answer(True)", show=False, priority=True),
        *hidden({"enter": "answer(True)", "n,escape,ctrl+g": "answer(False)"}),
    ]
    CSS = """
    ClosingScreen { align: center middle; }
    ClosingScreen > Vertical {
        width: 76; max-width: 100%; height: auto; max-height: 100%;
        border: round $primary; background: $surface; padding: 0 1;
    }
    ClosingScreen LineList { height: auto; max-height: 17; }
    ClosingScreen Horizontal { height: 1; align-horizontal: right; margin-top: 1; }
    ClosingScreen Button { margin-left: 2; min-width: 10; }
    """

    def __init__(self, title: str, rows: Iterable[Row], yes: str, no: str) -> None:
        super().__init__()
        self._title = title
        self._rows = list(rows)
        self._yes = yes
        self._no = no

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = Text(displayable(self._title))
            yield LineList(
                Column("", 8, share=1),
                Column("", 6, spare=2),
                Column("", 8, spare=1),
                Column("", 10, share=2),
                Column("", 8, right=True, tinted=True),
                rows=self._fitting(),
                opens=False,
                titles=False,
            )
            with Horizontal():
                yield Button(Text(f"{self._yes} (y)"), "primary", id="yes", compact=True)
                yield Button(Text(f"{self._no} (n)"), id="no", compact=True)

    def on_resize(self) -> None:
        listed = self.query_one(LineList)
        listed.set_rows(self._fitting())
        listed.scroll_home(animate=False)

    def _fitting(self) -> list[Row]:
        """The rows, in the width of now: what it comes to stands in headings, which are not cut."""
        return list(_in_width(self._rows, min(_WIDTH, self.app.size.width) - _FRAME))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)


def _in_width(rows: Iterable[Row], width: int) -> Iterator[Row]:
    """The rows, with a line more for each heading that is longer than that."""
    for row in rows:
        [text, *_none] = row.cells
        starts = [0, *line_breaks(text, width), len(text)] if row.group else []
        for start, end in pairwise(starts):
            key = f"{row.key} {start}" if start else row.key
            yield row._replace(key=key, cells=(text[start:end].rstrip(),))
        if not row.group:
            yield row


def closing_screen(session: "Session", closing: ClosingSummary, to_call: int) -> ClosingScreen:
    """Asks before the briefing is closed. `to_call`: whose names have yet to be called."""
    title = _("Close the briefing at %(time)s?") % {"time": clock(session, closing.at)}
    title_of_absent = _("Absent when the night ends, unless they come: %(n)d, %(sum)s")
    rows = [*_fined(session, closing), *_absent(session, closing, title_of_absent)]
    if to_call:
        said = ngettext(
            "%(n)d name has not been called yet.", "%(n)d names have not been called yet.", to_call
        )
        rows.insert(0, Row("\0uncalled", (said % {"n": to_call},), group=True))
    return ClosingScreen(title, rows, _("Close it"), _("Not yet"))


def ending_screen(session: "Session", closing: ClosingSummary) -> ClosingScreen:
    """Asks before the night is ended early."""
    rows = _absent(session, closing, _("Absent: %(n)d, %(sum)s"))
    return ClosingScreen(_("End the night now?"), rows, _("End it"), _("Not yet"))


def roll_ending_screen(session: "Session", closing: ClosingSummary) -> ClosingScreen:
    """Asks before a roll is ended that was left open."""
    title = _("End the roll of %(night)s?") % {"night": closing.night.isoformat()}
    rows = _absent(session, closing, _("Absent: %(n)d, %(sum)s"))
    return ClosingScreen(title, rows, _("End it"), _("Not yet"))


def not_held_screen(session: "Session", night: date, rows: Iterable[RollRow]) -> ClosingScreen:
    """Asks before a briefing is taken back with every sign under it."""
    signed, held = [row for row in rows if row.signs != NO_SIGN], briefing(session, night)
    fined = sum(row.fine for row in signed)
    words = {"n": len(signed), "sum": format_money(fined)}
    shown = [Row("\0signs", (_("Taken back: signs %(n)d, fines %(sum)s") % words,), group=True)]
    for row in signed:
        fine = format_money(row.fine) if row.fine else ""
        time = sign_clock(session, night, held, row.signs.arrived_at or row.signs.made_up_at)
        cells = (row.name, row.staff_no, row.team or "", f"{word(row.outcome)} {time}", fine)
        shown.append(Row(row.staff_no, cells, "warning" if row.fine else ""))
    title = _("Was no briefing held on %(night)s?") % {"night": night.isoformat()}
    return ClosingScreen(title, shown, _("None was held"), _("Leave it"))


def _fined(session: "Session", closing: ClosingSummary) -> Iterator[Row]:
    if not closing.fines:
        yield Row("\0fines", (_("Nobody is fined for coming late or too late."),), group=True)
        return
    words = {"n": len(closing.fines), "sum": format_money(closing.due)}
    yield Row("\0fines", (_("Fines: %(n)d, %(sum)s") % words,), group=True)
    for due in closing.fines:
        yield _row(session, closing, due, "warning")


def _absent(session: "Session", closing: ClosingSummary, title: str) -> Iterator[Row]:
    if not closing.absences:
        yield Row("\0absences", (_("Nobody is missing."),), group=True)
        return
    words = {"n": len(closing.absences), "sum": format_money(closing.absent)}
    yield Row("\0absences", (title % words,), group=True)
    for due in closing.absences:
        yield _row(session, closing, due, "bad")


def _row(session: "Session", closing: ClosingSummary, due: Due, style: str) -> Row:
    why = word(due.outcome) if due.rule is None else rule_title(session, closing.night, due.rule)
    cells = (due.name, due.staff_no, due.team or "", why, format_money(due.amount))
    return Row(due.staff_no, cells, style)
