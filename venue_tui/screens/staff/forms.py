"""The forms of the roster: a staffer's details, and a wage from a date on."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from models.access.permissions import may
from models.operations import directory, staff
from models.operations.staff import POSITIONS, Details
from models.operations.staff_record import Record
from models.values import pinyin
from models.values.money import format_money
from models.values.natural_order import natural
from venue_tui.locale import _
from venue_tui.screens.shared.form_values import Filled
from venue_tui.screens.shared.parsing import understood_night
from venue_tui.screens.shared.people import staff_search
from venue_tui.screens.staff.record_form import RecordChange, RecordForm
from venue_tui.widgets.chooser import Choice
from venue_tui.widgets.form import Field
from venue_tui.words import listed, shown_name, word

if TYPE_CHECKING:
    from models.access.session import Session

_ON_ROLL = {"": None, "yes": True, "no": False}


class StaffForm(RecordForm):
    """Adds a staffer (`staff_no` None), or changes what is known of one from a night on; with
    `again` hires one again who left."""

    def __init__(
        self, session: "Session", staff_no: str | None = None, *, again: bool = False
    ) -> None:
        super().__init__(session)
        self._staff_no = staff_no
        self._again = again
        self._old = staff.details(staff_no, session.tonight()) if staff_no else None

    def title_line(self) -> str:
        if self._old is None or self._staff_no is None:
            return _("Put somebody on the roster")
        if self._again:
            return _("Hire %s again") % shown_name(self._staff_no, self._old.name)
        return _("Change %s") % shown_name(self._staff_no, self._old.name)

    def fields(self) -> Sequence[Field]:
        night = understood_night(self._tonight)
        old = self._old or Details("", "staff", self._tonight, 0)
        number = [Field("staff_no", _("Number"), hint=_("such as S12"))]
        superior = old.supervisor_no or ""
        hired_on = old.hired_on.isoformat()
        left_on = old.left_on.isoformat() if old.left_on else ""
        if self._again:
            hired_on, left_on = self._tonight.isoformat(), ""
        since = Field(
            "effective_from",
            _("From the night"),
            self._tonight.isoformat(),
            hint=_("blank: so it was from the first"),
            understood=night,
        )
        wage = format_money(old.monthly_wage) if self._old else ""
        wages = [Field("monthly_wage", _("Monthly wage"), wage, hint=_("from that day on"))]
        on_roll = next(key for key, value in _ON_ROLL.items() if value is old.on_roll)
        return [
            *(number if self._old is None else []),
            Field("name", _("Name"), old.name),
            Field("team", _("Team"), old.team or "", hint=_("blank for none"),
                  search=self._teams()),
            Field("supervisor_no", _("Supervisor"), superior, hint=_("name, number or initials"),
                  search=staff_search(self._session),
                  start=shown_name(superior, directory.name_of(superior)) if superior else ""),
            *(wages if self._old is None or may(self._session, "wages") else []),
            Field("position", _("Position"), old.position,
                  options=[(each, word(each)) for each in POSITIONS]),
            Field("hired_on", _("Hired on"), hired_on, understood=night),
            Field("on_roll", _("On the roll"), on_roll,
                  options=[("", _("by position")), ("yes", _("yes")), ("no", _("no"))]),
            *([Field("left_on", _("Left on"), left_on, _("blank: works here"), understood=night)]
              if self._old else []),
            Field("initials", _("Initials"), old.initials or "",
                  hint=_("blank: as the name is read; else such as zxx")),
            *([since] if self._old is not None and not self._again else []),
        ]  # fmt: skip

    def offers(self) -> Sequence[str]:
        new = self._old is None
        return ("position", "team", "supervisor_no", "hired_on", "monthly_wage") if new else ()

    def _teams(self) -> Callable[[str], Iterable[Choice]]:
        entries = directory.employed(self._tonight)
        teams = sorted({each.team for each in entries if each.team}, key=natural)
        return lambda text: (
            Choice(team, team)
            for team in teams
            if pinyin.matches(text, team, team, pinyin.initials(team))
        )

    def change(self, values: dict[str, str]) -> RecordChange:
        filled = Filled(self._session, values, self._tonight)
        filled.need("name", "hired_on")
        if self._old is None:
            filled.need("staff_no", "monthly_wage")
        hired_on = filled.night("hired_on")
        wage = filled.money("monthly_wage") if "monthly_wage" in values else None
        left_on = filled.night("left_on") if "left_on" in values else None
        since = filled.night("effective_from") if values.get("effective_from") else None
        if self._old is not None and "monthly_wage" in values:
            filled.need("monthly_wage")
        filled.done()
        if wage is None and self._old is not None:
            wage = self._old.monthly_wage
        assert hired_on is not None
        assert wage is not None
        new = Details(
            values["name"],
            values["position"],
            hired_on,
            wage,
            filled.text("team"),
            filled.text("supervisor_no"),
            _ON_ROLL[values["on_roll"]],
            left_on,
            filled.text("initials"),
        )
        session, old = self._session, self._old
        if self._staff_no is None or old is None:
            number = values["staff_no"]

            def add() -> bool:
                staff.add(session, number, new)
                return True

            return RecordChange(number, add)
        number = self._staff_no
        if self._again:
            return RecordChange(number, lambda: staff.rehire(session, number, new))
        changed = {
            name: value for name, value in new._asdict().items() if value != getattr(old, name)
        }
        # Only what was changed here holds from that night on: the rest stays as it was on it.
        then = staff.details(number, since)._replace(**changed)
        return RecordChange(number, lambda: staff.edit(session, number, then, since))


class WageForm(RecordForm):
    """Changes a staffer's wage from a date on; a blank amount takes such a change away."""

    def __init__(self, session: "Session", staff_no: str) -> None:
        super().__init__(session)
        self._staff_no = staff_no
        self._wages = dict(staff.wages(staff_no))

    def title_line(self) -> str:
        name = directory.name_of(self._staff_no)
        return _("The wage of %s") % shown_name(self._staff_no, name)

    def fields(self) -> Sequence[Field]:
        first = self._tonight.replace(day=1)
        return [
            Field(
                "effective_from",
                _("From the day"),
                first.isoformat(),
                understood=understood_night(self._tonight),
            ),
            Field("monthly_wage", _("Monthly wage"), hint=_("blank: no change on that day")),
        ]

    def verdict(self, values: dict[str, str]) -> str:
        return _("So far: %s") % wages_in_words(sorted(self._wages.items()))

    def change(self, values: dict[str, str]) -> RecordChange:
        filled = Filled(self._session, values, self._tonight)
        filled.need("effective_from")
        since, cents = filled.night("effective_from"), filled.money("monthly_wage")
        filled.done()
        assert since is not None
        session, staff_no, night = self._session, self._staff_no, since
        if cents is None:
            return RecordChange(staff_no, lambda: staff.remove_wage(session, staff_no, night))
        wage = cents
        return RecordChange(staff_no, lambda: staff.set_wage(session, staff_no, night, wage))


def wages_in_words(wages: Iterable[tuple[date, int]]) -> str:
    """Each wage and from when it holds, oldest first."""
    sentence = _("%(wage)s from %(since)s")
    return listed(
        sentence % {"wage": format_money(cents), "since": since} for since, cents in wages
    )


def times_in_words(known: Record) -> str:
    """Since when they were what, and the times between which they were not here; blank for whoever
    nothing of that kind ever changed."""
    parts = [
        _("%(team)s, %(position)s from %(since)s")
        % {"team": each.team or _("No team"), "position": word(each.position), "since": since}
        for since, each in known.postings
    ]
    if known.rehires:
        spells = (f"{spell.hired_on} – {spell.left_on or ''}" for spell in known.spells)
        parts.append(_("employed %s") % listed(spells))
    return "; ".join(parts)
