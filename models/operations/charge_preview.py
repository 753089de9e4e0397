"""What a change to a staffer's record would do to their charges, before it is made."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from models.access.session import Session
from models.ledger.ledger import settle
from models.storage.tables import Charge


class ChargeChange(NamedTuple):
    """A charge that comes (`was` None), goes (`now` None) or is of another amount; in cents."""

    night: date
    rule: str
    source: str
    was: int | None
    now: int | None

    @property
    def difference(self) -> int:
        """The cents by which it changes what is charged."""
        return (self.now or 0) - (self.was or 0)


class _TakenBack(Exception):
    """Rolls the change back."""


def foresee(session: Session, staff_no: str, change: Callable[[], object]) -> list[ChargeChange]:
    """The standing charges of a staffer that a change would bring, take back or make another
    amount, by night; nothing is written. Raises Refused where the change is refused."""
    settle(session)
    before = _standing(staff_no)
    try:
        with session.change():
            change()
            after = _standing(staff_no)
            raise _TakenBack
    except _TakenBack:
        pass
    return sorted(
        ChargeChange(*key, before.get(key), after.get(key))
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key)
    )


def _standing(staff_no: str) -> dict[tuple[date, str, str], int]:
    standing = Charge.select().where(Charge.staff == staff_no, Charge.status == "standing")
    return {(each.night, each.rule, each.source): each.amount for each in standing}
