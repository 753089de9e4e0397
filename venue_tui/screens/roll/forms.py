"""What is written down at the roll: when somebody came, and the work of the night."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import TextArea

from models.operations import roll
from models.operations.roll import Marked, RollRow, Signs
from models.values.money import format_money
from models.values.nights import Instant
from models.values.problems import Problem, Refused
from models.values.text import displayable
from venue_tui.locale import _
from venue_tui.screens.shared.clock import clock
from venue_tui.screens.shared.parsing import typed_time
from venue_tui.widgets.form import Field, FormScreen
from venue_tui.widgets.frame import KeyBar
from venue_tui.widgets.keys import bindings, hidden
from venue_tui.words import word

if TYPE_CHECKING:
    from models.access.session import Session


class CorrectSigns(FormScreen[Marked]):
    """Puts right when somebody arrived, signed later and departed; a blank is no such sign."""

    def __init__(self, session: "Session", night: date, row: RollRow) -> None:
        super().__init__()
        self._session = session
        self._night = night
        self._row = row

    def title_line(self) -> str:
        return _("The signs of %(name)s on %(night)s") % {
            "name": self._row.name,
            "night": self._night.isoformat(),
        }

    def fields(self) -> list[Field]:
        hint = _("by the clock, such as 19:24")
        labels = (_("Arrived"), _("Made up"), _("Departed"))
        signs = self._row.signs
        return [
            *(
                Field(name, label, clock(self._session, at), hint)
                for name, label, at in zip(signs._fields, labels, signs, strict=True)
            ),
            Field("reason", _("Reason"), "", _("why it is put right; may stay blank")),
        ]

    def save(self, values: dict[str, str]) -> Marked:
        signs = self._signs(values)
        reason = values["reason"] or None
        return roll.correct(self._session, self._row.staff_no, self._night, signs, reason)

    def verdict(self, values: dict[str, str]) -> str:
        try:
            signs = self._signs(values)
        except Refused:
            return ""
        foreseen = roll.foresee(self._session, self._row.staff_no, self._night, signs)
        if foreseen.outcome is None:
            return ""
        said = _("That is: %(outcome)s") % {"outcome": word(foreseen.outcome)}
        return f"{said}, {format_money(foreseen.fine)}" if foreseen.fine else said

    def _signs(self, values: dict[str, str]) -> Signs:
        problems: list[Problem] = []
        found: dict[str, Instant | None] = {}
        for name, before in self._row.signs._asdict().items():
            text = values[name]
            if text == clock(self._session, before):  # its seconds are not shown, and stay
                found[name] = before
                continue
            try:
                found[name] = typed_time(name, text, self._session, self._night)
            except Refused as refusal:
                problems += refusal.problems
        if problems:
            raise Refused(*problems)
        return Signs(**found)


class AssignmentScreen(ModalScreen[str | None]):
    """The night's assignment, on as many lines as it takes. Dismissed with the text, or None."""

    BINDINGS: ClassVar = [*bindings("form"), *hidden({"escape": "leave"})]
    CSS = """
    AssignmentScreen { align: center middle; }
    AssignmentScreen > Vertical {
        width: 76; max-width: 100%; height: 14; margin-bottom: 1;
        border: solid $primary; background: $surface; padding: 0 1;
    }
    AssignmentScreen TextArea { border: none; padding: 0; }
    """

    def __init__(self, night: date, text: str) -> None:
        super().__init__()
        self._night = night
        self._text = text

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            title = _("What the briefing of %(night)s assigns")
            box.border_title = Text(title % {"night": self._night.isoformat()}).markup
            box.border_subtitle = Text(_("Enter begins a new line, F2 saves")).markup
            yield TextArea(self._text, compact=True)
        yield KeyBar()

    def on_mount(self) -> None:
        self._area.move_cursor(self._area.document.end)

    @property
    def _area(self) -> TextArea:
        return self.query_one(TextArea)

    def typed(self) -> bool:
        """Whether something is written here that leaving would lose."""
        return self.is_mounted and self._area.text != self._text

    def action_save(self) -> None:
        self.dismiss(self._area.text.strip())

    def action_leave(self) -> None:
        if not self.typed():
            self.dismiss(None)
            return
        from venue_tui.widgets.dialogs import Confirm

        def answered(sure: bool | None) -> None:
            if sure:
                self.dismiss(None)

        lines = [displayable(_("What you typed here isn't saved."))]
        self.app.push_screen(
            Confirm(_("Throw it away?"), lines, yes=_("Throw away"), no=_("Go on writing")),
            answered,
        )
