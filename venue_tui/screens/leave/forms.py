"""The form in which nights off are asked for, with its verdict while it is written."""

from collections.abc import Sequence
from datetime import date, timedelta

from models.access.session import Session
from models.operations import leave
from models.operations.leave import LeaveVerdict
from models.values.money import format_money
from models.values.problems import Refused
from venue_tui.locale import _, ngettext
from venue_tui.screens.leave.calendar import colleagues_off
from venue_tui.screens.shared.parsing import typed_night, understood_night
from venue_tui.screens.shared.people import staffer_field
from venue_tui.screens.shared.sentences import span, with_more
from venue_tui.widgets.form import Field, FormScreen
from venue_tui.words import listed, word


class AskForLeave(FormScreen[str]):
    """Asks for leave; dismissed with the new leave's number."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._tonight = session.tonight()

    def title_line(self) -> str:
        return _("Ask for nights off")

    def fields(self) -> Sequence[Field]:
        understood = understood_night(self._tonight)
        tomorrow = (self._tonight + timedelta(days=1)).isoformat()
        return [
            staffer_field(self._session),
            Field("kind", _("Kind"), options=[(kind, word(kind)) for kind in leave.KINDS]),
            Field("first_night", _("First night"), tomorrow, _("2026-09-05, 9-5, or +1"),
                  understood=understood),
            Field("last_night", _("Last night"), "", _("blank: that one night"),
                  understood=understood),
            Field("special_reason", _("Special reason"), "", _("excuses that it comes late")),
        ]  # fmt: skip

    def _nights(self, values: dict[str, str]) -> tuple[date, date]:
        first = typed_night("first_night", values["first_night"], self._tonight)
        if not values["last_night"]:
            return first, first
        return first, typed_night("last_night", values["last_night"], self._tonight)

    def verdict(self, values: dict[str, str]) -> str:
        try:
            first, last = self._nights(values)
        except Refused:
            return ""
        count = (last - first).days + 1
        lines = [with_more(span(first, last), ngettext("%d night", "%d nights", count) % count)]
        if values["staff_no"]:
            try:
                found = leave.verdict(
                    self._session, values["staff_no"], first, last, values["special_reason"]
                )
            except Refused:
                return lines[0]
            lines.append(notice(found))
            lines += colleagues_off(self._session, values["staff_no"], first, last)
        return "\n".join(lines)

    def save(self, values: dict[str, str]) -> str:
        first, last = self._nights(values)
        return leave.ask(
            self._session, values["staff_no"], values["kind"], first, last, values["special_reason"]
        )


def notice(verdict: LeaveVerdict) -> str:
    """Whether a leave is in time, or for which nights it isn't and what that costs."""
    if verdict.in_time:
        return _("In time.") if verdict.nights == 1 else _("In time for every night.")
    late = listed(each.night.isoformat() for each in verdict.late)
    sentence = _("Too late for %(nights)s: staying away costs %(cost)s.")
    if len(verdict.late) < verdict.nights:
        sentence = _("Too late for %(nights)s: staying away costs %(cost)s. The rest is in time.")
    return sentence % {"nights": late, "cost": format_money(verdict.cost)}
