"""What a change would do to what is charged and deducted, before it is made."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from models.access.session import Session
from models.ledger.closings import last_closed
from models.ledger.settling import settle
from models.operations.venue import adopt
from models.payroll import months
from models.payroll.deductions import deductions
from models.rules.charges import ChargeKey, Status
from models.rules.rulebook import Rulebook
from models.storage.tables import Charge
from models.values.nights import (
    FIRST_NIGHT,
    ONE_NIGHT,
    Month,
    first_night,
    last_night,
    month_of,
    next_month,
)

T = TypeVar("T")


class ChargeChange(NamedTuple):
    """A charge that comes (`was` None), goes (`now` None) or is of another amount; in cents."""

    key: ChargeKey
    was: int | None
    now: int | None

    @property
    def difference(self) -> int:
        """The cents by which it changes what is charged."""
        return (self.now or 0) - (self.was or 0)


class Sums(NamedTuple):
    """What a month comes to for a staffer, in cents: standing charges, what is deducted and carried
    out of it, and the sales that count."""

    charged: int = 0
    deducted: int = 0
    carried_out: int = 0
    sales: int = 0


class MonthChange(NamedTuple):
    """What a staffer's month comes to, and would come to."""

    month: Month
    staff_no: str
    name: str
    was: Sums
    now: Sums


class _TakenBack(Exception):
    """Rolls the change back."""


def foresee(
    session: Session, change: Callable[[], object], staff_no: str | None = None
) -> list[ChargeChange]:
    """The standing charges, of a staffer or of all, that a change would bring, take back or make
    another amount, by staffer and night; of months that are open, for those of others stay as they
    are. Nothing is written. Raises Refused where the change is refused."""
    before, after = _tried(session, change, lambda: _standing(staff_no))
    return sorted(
        ChargeChange(key, before.get(key), after.get(key))
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key)
    )


def foresee_adoption(session: Session, book: Rulebook, first: date) -> list[MonthChange]:
    """For whom adopting a rulebook from the night `first` on would make an open month come to
    something else, by month and number. Nothing is written. Raises Refused where it may not be
    adopted from then on."""
    # A new day_start also moves the end of the night before.
    since = max(first, FIRST_NIGHT + ONE_NIGHT) - ONE_NIGHT
    opens = max(month_of(since), months.first_open(session))
    concerned = [month for month in months.known(session) if month >= opens]
    return _months_changed(session, lambda: adopt(session, book, first), concerned)


def foresee_caps(
    session: Session, change: Callable[[], object], staff_no: str
) -> list[MonthChange]:
    """The open months, where one of them has a cap, of which a change would make a staffer pay
    another amount than what it does to their charges says: also one without, into which more or
    less is carried. Nothing is written. Raises Refused where the change is refused."""
    opens = months.first_open(session)
    concerned = [month for month in months.known(session) if month >= opens]
    capped = any(session.book(last_night(month)).cap is not None for month in concerned)
    return [
        each
        for each in (_months_changed(session, change, concerned, staff_no) if capped else ())
        if each.now.deducted - each.was.deducted != each.now.charged - each.was.charged
    ]


def _months_changed(
    session: Session,
    change: Callable[[], object],
    concerned: Sequence[Month],
    staff_no: str | None = None,
) -> list[MonthChange]:
    """Which of some months a change would make come to something else, of a staffer or of all."""

    def sums() -> dict[tuple[Month, str, str], Sums]:
        return {
            (month, row.staff_no, row.name): Sums(
                row.charges_total, row.deducted, row.carried_out, row.sales_counted
            )
            for month in concerned
            for row in deductions(session, month).rows
            if staff_no in (None, row.staff_no)
        }

    before, after = _tried(session, change, sums)
    return [
        MonthChange(*key, was, now)
        for key in sorted(before.keys() | after.keys())
        if (was := before.get(key, Sums())) != (now := after.get(key, Sums()))
    ]


def _tried(session: Session, change: Callable[[], object], measure: Callable[[], T]) -> tuple[T, T]:
    """What is measured now, and what would be after the change, which is taken back."""
    settle(session)
    before = after = measure()
    try:
        with session.change():
            change()
            after = measure()
            raise _TakenBack
    except _TakenBack:
        session.refresh()  # it saw a rulebook that was rolled back
    return before, after


def _standing(staff_no: str | None) -> dict[ChargeKey, int]:
    closed = last_closed()
    first = FIRST_NIGHT if closed is None else first_night(next_month(closed))
    standing = Charge.select().where(Charge.status == Status.STANDING.value, Charge.night >= first)
    if staff_no is not None:
        standing = standing.where(Charge.staff == staff_no)
    return {
        ChargeKey(each.staff_no, each.night, each.rule, each.source): each.amount
        for each in standing
    }
