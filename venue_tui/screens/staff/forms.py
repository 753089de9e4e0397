"""The forms of the roster: a staffer's details, and a wage from a date on."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from models.access.permissions import may
from models.operations import directory, staff
from models.operations.staff import POSITIONS, Details
from models.values.money import format_money
from models.values.natural import natural
from venue_tui.locale import _
from venue_tui.screens.shared.form_values import Filled
from venue_tui.screens.shared.people import shown_name, staff_search
from venue_tui.widgets.chooser import Choice
from venue_tui.widgets.form import Field, FormScreen
from venue_tui.words import word

if TYPE_CHECKING:
    from models.access.session import Session

_ON_ROLL = {"": None, "yes": True, "no": False}


class Saved(NamedTuple):
    """What a form did: to whom, whether anything changed, and how it is undone."""

    staff_no: str
    changed: bool
    undo: Callable[[], object]


class StaffForm(FormScreen[Saved]):
    """Adds a staffer (`staff_no` None), or changes what is known of one."""

    def __init__(self, session: "Session", staff_no: str | None = None) -> None:
        super().__init__()
        self._session = session
        self._staff_no = staff_no
        self._old = staff.details(staff_no) if staff_no else None

    def title_line(self) -> str:
        if self._old is None or self._staff_no is None:
            return _("Put somebody on the roster")
        return _("Change %s") % shown_name(self._staff_no, self._old.name)

    def fields(self) -> Sequence[Field]:
        old = self._old or Details("", "staff", self._session.tonight(), 0)
        number = [Field("staff_no", _("Number"), hint=_("such as S12"))]
        superior = old.supervisor_no or ""
        hired_on = old.hired_on.isoformat()
        left_on = old.left_on.isoformat() if old.left_on else ""
        wage = format_money(old.monthly_wage) if self._old else ""
        wages = [Field("monthly_wage", _("Monthly wage"), wage, hint=_("from that day on"))]
        on_roll = next(key for key, value in _ON_ROLL.items() if value is old.on_roll)
        return [
            *(number if self._old is None else []),
            Field("name", _("Name"), old.name),
            Field("position", _("Position"), old.position,
                  options=[(each, word(each)) for each in POSITIONS]),
            Field("team", _("Team"), old.team or "", hint=_("blank for none"),
                  search=self._teams()),
            Field("supervisor_no", _("Supervisor"), superior, hint=_("name, number or initials"),
                  search=staff_search(self._session),
                  start=shown_name(superior, directory.name_of(superior)) if superior else ""),
            Field("hired_on", _("Hired on"), hired_on),
            *(wages if self._old is None or may(self._session, "wages") else []),
            Field("on_roll", _("On the roll"), on_roll,
                  options=[("", _("by position")), ("yes", _("yes")), ("no", _("no"))]),
            *([Field("left_on", _("Left on"), left_on, hint=_("blank: works here"))]
              if self._old else []),
            Field("initials", _("Initials"), old.initials or "",
                  hint=_("blank: as the name is read; else such as zxx")),
        ]  # fmt: skip

    def _teams(self) -> Callable[[str], Iterable[Choice]]:
        entries = directory.employed(self._session.tonight())
        teams = sorted({each.team for each in entries if each.team}, key=natural)
        return lambda text: (
            Choice(team, team) for team in teams if text.casefold() in team.casefold()
        )

    def save(self, values: dict[str, str]) -> Saved:
        filled = Filled(self._session, values)
        filled.need("name", "hired_on")
        if self._old is None:
            filled.need("staff_no", "monthly_wage")
        hired_on = filled.night("hired_on")
        wage = filled.money("monthly_wage") if "monthly_wage" in values else None
        left_on = filled.night("left_on") if "left_on" in values else None
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
        return self._add(values["staff_no"], new) if self._old is None else self._edit(new)

    def _add(self, staff_no: str, new: Details) -> Saved:
        staff.add(self._session, staff_no, new)
        return Saved(staff_no, True, lambda: staff.remove(self._session, staff_no))

    def _edit(self, new: Details) -> Saved:
        assert self._staff_no is not None
        assert self._old is not None
        staff_no, old = self._staff_no, self._old
        changed = staff.edit(self._session, staff_no, new)
        return Saved(staff_no, changed, lambda: staff.edit(self._session, staff_no, old))


class WageForm(FormScreen[Saved]):
    """Changes a staffer's wage from a date on; a blank amount takes such a change away."""

    def __init__(self, session: "Session", staff_no: str) -> None:
        super().__init__()
        self._session = session
        self._staff_no = staff_no
        self._wages = dict(staff.wages(staff_no))

    def title_line(self) -> str:
        name = directory.name_of(self._staff_no)
        return _("The wage of %s") % shown_name(self._staff_no, name)

    def fields(self) -> Sequence[Field]:
        first = self._session.tonight().replace(day=1)
        return [
            Field("effective_from", _("From the day"), first.isoformat()),
            Field("monthly_wage", _("Monthly wage"), hint=_("blank: no change on that day")),
        ]

    def verdict(self, values: dict[str, str]) -> str:
        return _("So far: %s") % wages_in_words(sorted(self._wages.items()))

    def save(self, values: dict[str, str]) -> Saved:
        filled = Filled(self._session, values)
        filled.need("effective_from")
        since, cents = filled.night("effective_from"), filled.money("monthly_wage")
        filled.done()
        assert since is not None
        session, staff_no = self._session, self._staff_no
        old = self._wages.get(since)
        if cents is None:
            changed = staff.remove_wage(session, staff_no, since)
        else:
            changed = staff.set_wage(session, staff_no, since, cents)
        if old is None:
            return Saved(staff_no, changed, lambda: staff.remove_wage(session, staff_no, since))
        return Saved(staff_no, changed, lambda: staff.set_wage(session, staff_no, since, old))


def wages_in_words(wages: Iterable[tuple[date, int]]) -> str:
    """Each wage and from when it holds, oldest first."""
    sentence = _("%(wage)s from %(since)s")
    return ", ".join(
        sentence % {"wage": format_money(cents), "since": since} for since, cents in wages
    )
