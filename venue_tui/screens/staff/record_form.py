"""A form about one staffer's record."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from models.operations import staff, staff_record
from models.operations.charge_preview import foresee, foresee_caps
from venue_tui.charge_words import lines_of
from venue_tui.month_words import month_lines
from venue_tui.screens.shared.charge_preview import ForeseeingForm

if TYPE_CHECKING:
    from models.access.session import Session


class SavedRecord(NamedTuple):
    """What a form did: to whom, whether anything changed, and how it is undone."""

    staff_no: str
    changed: bool
    undo: Callable[[], object]


class RecordChange(NamedTuple):
    """What a form would do to whose record; `make` gives whether anything changed."""

    staff_no: str
    make: Callable[[], bool]


class RecordForm(ForeseeingForm[SavedRecord]):
    """A form about one staffer's record. A subclass gives `change` in place of `save`."""

    def __init__(self, session: "Session") -> None:
        super().__init__()
        self._session = session
        self._tonight = session.tonight()

    def change(self, values: dict[str, str]) -> RecordChange:
        """What the values ask for, to be made later. Raises Refused."""
        raise NotImplementedError

    def foreseen(self, values: dict[str, str]) -> Sequence[str]:
        staff_no, make = self.change(values)
        session = self._session
        capped = month_lines(foresee_caps(session, make, staff_no))
        return [*lines_of(session, foresee(session, make, staff_no)), *capped]

    def save(self, values: dict[str, str]) -> SavedRecord:
        staff_no, make = self.change(values)
        before = staff_record.record(staff_no)
        changed = make()
        now = staff_record.require(staff_no)
        if before is None:
            return SavedRecord(staff_no, changed, lambda: staff.remove(self._session, staff_no))
        known = before
        return SavedRecord(staff_no, changed, lambda: staff.restore(self._session, now, known))
