"""The forms of the outings: a slip asked for, someone gone without one, times put right."""

from collections.abc import Sequence
from datetime import date

from models.access.session import Session
from models.operations import outings, slip_board
from models.operations.outings import Gone
from models.operations.slip_board import OutingRow
from models.values.money import format_money
from models.values.nights import Instant
from models.values.problems import Refused
from venue_tui.charge_words import rule_title
from venue_tui.locale import _
from venue_tui.screens.shared.clock import clock
from venue_tui.screens.shared.parsing import typed_time, understood_time
from venue_tui.screens.shared.people import staffer_field
from venue_tui.widgets.form import Field, FormScreen


def cost_sentence(session: Session, cents: int, at: Instant | None = None) -> str:
    """What going out costs, and by which rule."""
    if not cents:
        return _("Going out costs nothing.")
    night = session.calendar.night(session.now() if at is None else at)
    rule = session.book(night).outing_rule
    return _("Going out costs %(cost)s: %(rule)s.") % {
        "cost": format_money(cents),
        "rule": rule_title(session, night, rule.code) if rule is not None else "",
    }


class AskForSlip(FormScreen[str]):
    """Writes a slip; dismissed with its number."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def title_line(self) -> str:
        return _("Ask for a slip to go out")

    def fields(self) -> Sequence[Field]:
        return [staffer_field(self._session), Field("reason", _("Reason"))]

    def verdict(self, values: dict[str, str]) -> str:
        if not values["staff_no"]:
            return ""
        try:
            cents = outings.cost(self._session, values["staff_no"])
        except Refused:
            return ""
        return _("Until it is approved: %s") % cost_sentence(self._session, cents)

    def save(self, values: dict[str, str]) -> str:
        return outings.ask(self._session, values["staff_no"], values["reason"])


class GoWithoutSlip(FormScreen[Gone]):
    """Records that somebody went out without having asked, and says what it costs before that."""

    def __init__(self, session: Session, night: date) -> None:
        super().__init__()
        self._session = session
        self._night = night

    def title_line(self) -> str:
        return _("Goes out without a slip")

    def fields(self) -> Sequence[Field]:
        now = clock(self._session, self._session.now())
        return [
            staffer_field(self._session),
            Field("out_at", _("Out at"), now, _("such as 21:05"),
                  understood=understood_time(self._session, self._night)),
            Field("reason", _("Reason")),
        ]  # fmt: skip

    def _out_at(self, values: dict[str, str]) -> Instant:
        return typed_time("out_at", values["out_at"], self._session, self._night)

    def verdict(self, values: dict[str, str]) -> str:
        if not values["staff_no"]:
            rule = self._session.book(self._night).outing_rule
            return cost_sentence(self._session, rule.amount or 0 if rule is not None else 0)
        try:
            at = self._out_at(values)
            cents = outings.cost(self._session, values["staff_no"], at=at)
        except Refused:
            return ""
        said = cost_sentence(self._session, cents, at)
        for slip in slip_board.board(self._session, self._night).approved:
            if slip.staff_no == values["staff_no"]:
                said += "\n" + _("But %s is approved for them: let them go on that.") % slip.slip_no
        return said

    def save(self, values: dict[str, str]) -> Gone:
        return outings.out_without_slip(
            self._session, values["staff_no"], values["reason"], self._out_at(values)
        )


class CorrectTimes(FormScreen[Gone]):
    """Records at what time somebody went out, or puts right when they went and came back."""

    def __init__(self, session: Session, row: OutingRow) -> None:
        super().__init__()
        self._session = session
        self._row = row

    def title_line(self) -> str:
        return _("When %s went out and came back") % self._row.name

    def fields(self) -> Sequence[Field]:
        hint = _("such as 21:05")
        gone = self._row.out_at is not None
        at = self._row.out_at if gone else self._session.now()
        night = understood_time(self._session, self._row.night)
        fields = [Field("out_at", _("Out at"), clock(self._session, at), hint, understood=night)]
        if gone:
            back = clock(self._session, self._row.back_at)
            blank = _("blank: still out")
            fields.append(Field("back_at", _("Back at"), back, blank, understood=night))
        return fields

    def _times(self, values: dict[str, str]) -> tuple[Instant, Instant | None]:
        night = self._row.night
        out_at = typed_time("out_at", values["out_at"], self._session, night)
        if not values.get("back_at"):
            return out_at, None
        return out_at, typed_time("back_at", values["back_at"], self._session, night)

    def verdict(self, values: dict[str, str]) -> str:
        row = self._row
        try:
            out_at, back_at = self._times(values)
            cents = outings.cost(self._session, row.staff_no, row.slip_no, out_at)
        except Refused:
            return ""
        said = [cost_sentence(self._session, cents, out_at)]
        if back_at is not None and back_at >= out_at:
            said.append(_("%(minutes)d minutes.") % {"minutes": (back_at - out_at) // 60})
        return " ".join(said)

    def save(self, values: dict[str, str]) -> Gone:
        out_at, back_at = self._times(values)
        if self._row.out_at is None:
            return outings.out(self._session, self._row.slip_no, out_at)
        return outings.correct(self._session, self._row.slip_no, out_at, back_at)
