"""A form that names every charge that its change brings or takes back, before it is saved."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from models.operations import staff, staff_record
from models.operations.charge_preview import ChargeChange, foresee
from models.values.money import format_money
from models.values.problems import Refused
from venue_tui.locale import _
from venue_tui.screens.shared.wording import rule_title
from venue_tui.widgets.dialogs import Confirm
from venue_tui.widgets.form import FormScreen

if TYPE_CHECKING:
    from models.access.session import Session


class Saved(NamedTuple):
    """What a form did: to whom, whether anything changed, and how it is undone."""

    staff_no: str
    changed: bool
    undo: Callable[[], object]


class RecordChange(NamedTuple):
    """What a form would do to whose record; `make` gives whether anything changed."""

    staff_no: str
    make: Callable[[], bool]


class RecordForm(FormScreen[Saved]):
    """A form about one staffer's record. A subclass gives `change` in place of `save`."""

    def __init__(self, session: "Session") -> None:
        super().__init__()
        self._session = session
        self._tonight = session.tonight()

    def change(self, values: dict[str, str]) -> RecordChange:
        """What the values ask for, to be made later. Raises Refused."""
        raise NotImplementedError

    def save(self, values: dict[str, str]) -> Saved:
        staff_no, make = self.change(values)
        before = staff_record.record(staff_no)
        changed = make()
        now = staff_record.require(staff_no)
        if before is None:
            return Saved(staff_no, changed, lambda: staff.remove(self._session, staff_no))
        known = before
        return Saved(staff_no, changed, lambda: staff.restore(self._session, now, known))

    def action_save(self) -> None:
        try:
            change = self.change(self.values())
            foreseen = foresee(self._session, *change)
        except Refused as refusal:
            self.show_problems(refusal.problems)
            return
        if not foreseen:
            super().action_save()
            return

        def answered(sure: bool | None) -> None:
            if sure:
                super(RecordForm, self).action_save()

        title = _("This changes what is charged:")
        lines = list(lines_of(self._session, foreseen))
        self.app.push_screen(Confirm(title, lines, yes=_("Save"), no=_("Go on writing")), answered)


def lines_of(session: "Session", changes: list[ChargeChange]) -> Iterator[str]:
    """A line for each charge that comes, goes or is of another amount, and what they come to."""
    for each in changes:
        sentence = _("%(night)s %(rule)s: %(now)s is charged")
        if each.now is None:
            sentence = _("%(night)s %(rule)s: %(was)s is charged no more")
        elif each.was is not None:
            sentence = _("%(night)s %(rule)s: %(now)s instead of %(was)s")
        yield sentence % {
            "night": each.night,
            "rule": rule_title(session, each.night, each.rule),
            "was": format_money(each.was or 0),
            "now": format_money(each.now or 0),
        }
    total = sum(each.difference for each in changes)
    more = _("In all %s more.") if total >= 0 else _("In all %s less.")
    yield more % format_money(abs(total))
