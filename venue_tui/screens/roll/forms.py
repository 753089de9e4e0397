"""What is written down at the roll: when somebody came, and the work of the night."""

from datetime import date
from typing import TYPE_CHECKING

from models.operations import briefings, roll
from models.operations.briefings import Assigned
from models.operations.first_call import Calling
from models.operations.roll import Marked, Signs
from models.operations.roll_board import RollRow
from models.values.money import format_money
from models.values.nights import Instant
from models.values.problems import Problem, Refused
from venue_tui.locale import _
from venue_tui.screens.shared.clock import sign_clock
from venue_tui.screens.shared.parsing import typed_time, understood_time
from venue_tui.widgets.form import Field, FormScreen
from venue_tui.words import word

if TYPE_CHECKING:
    from models.access.session import Session


class CorrectSigns(FormScreen[Marked]):
    """Puts right when somebody arrived, signed later and departed; a blank is no such sign."""

    def __init__(self, session: "Session", night: date, row: RollRow, calling: Calling) -> None:
        super().__init__()
        self._session = session
        self._night = night
        self._row = row
        self._calling = calling

    def title_line(self) -> str:
        return _("The signs of %(name)s on %(night)s") % {
            "name": self._row.name,
            "night": self._night.isoformat(),
        }

    def fields(self) -> list[Field]:
        hint = _("such as 19:24 or 19:30:12")
        labels = (_("Arrived"), _("Made up"), _("Departed"))
        signs = self._row.signs
        return [
            *(
                Field(
                    name,
                    label,
                    self._shown(at),
                    hint,
                    understood=understood_time(self._session, self._night, self._near(name, at)),
                )
                for name, label, at in zip(signs._fields, labels, signs, strict=True)
            ),
            Field("reason", _("Reason"), "", _("why it is put right; may stay blank")),
        ]

    def save(self, values: dict[str, str]) -> Marked:
        signs = self._signs(values)
        reason = values["reason"] or None
        return roll.correct(
            self._session, self._row.staff_no, self._night, signs, reason, self._calling
        )

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

    def _shown(self, at: Instant | None) -> str:
        held = briefings.briefing(self._session, self._night)
        return sign_clock(self._session, self._night, held, at)

    def _near(self, name: str, before: Instant | None) -> Instant | None:
        """The time whose minute alone may be written: that which stands, and of an arrival that
        of the briefing."""
        if before is None and name == "arrived_at":
            return self._session.calendar.at(self._night, self._session.book(self._night).briefing)
        return before

    def _signs(self, values: dict[str, str]) -> Signs:
        problems: list[Problem] = []
        found: dict[str, Instant | None] = {}
        for name, before in self._row.signs._asdict().items():
            text = values[name]
            if text == self._shown(before):  # its seconds are not shown, and stay
                found[name] = before
                continue
            try:
                near = self._near(name, before)
                found[name] = typed_time(name, text, self._session, self._night, near)
            except Refused as refusal:
                problems += refusal.problems
        if problems:
            raise Refused(*problems)
        return Signs(**found)


class AssignmentForm(FormScreen[Assigned]):
    """The night's assignment, on as many lines as it takes."""

    def __init__(self, session: "Session", night: date, text: str, director_no: str | None) -> None:
        super().__init__()
        self._session = session
        self._night = night
        self._text = text
        self._director_no = director_no

    def title_line(self) -> str:
        title = _("What the briefing of %(night)s assigns")
        return title % {"night": self._night.isoformat()}

    def fields(self) -> list[Field]:
        hint = _("Enter begins a new line, F2 saves")
        return [Field("assignment", _("Work"), self._text, hint, lines=10)]

    def save(self, values: dict[str, str]) -> Assigned:
        text = values["assignment"] or None
        return briefings.assign(self._session, text, self._night, self._director_no)
