"""What was sold on some nights. Nearly every sale is a booking of which nothing more is known than
who wrote it in: those are summed as they stand, and only of the others it is judged whose they are.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from models.access.session import Session
from models.ledger.sale_rows import PLAIN, rows_between
from models.rules.rulebook import Rulebook
from models.storage.database import execute
from models.storage.employment import EMPLOYED

_SUMS = (
    "SELECT b.staff_no, sum(b.amount) FROM bookings b JOIN staff s"
    " ON s.staff_no = b.staff_no WHERE b.night BETWEEN ? AND ? AND b.status = 'left'"
    f" AND b.amount IS NOT NULL AND {PLAIN}"
    f" AND {EMPLOYED} GROUP BY b.staff_no"
)


def sold(
    session: Session, first: date, last: date, book: Rulebook | None = None
) -> Mapping[str, int]:
    """The cents that each staffer sold on the nights from `first` to `last` by their shares, voided
    or not; by another rulebook than those that were in force, where it is given."""
    books = [book] if book is not None else session.versions.between(first, last)
    quick = all(map(_is_bookers, books))
    by_staff: defaultdict[str, int] = defaultdict(int)
    if quick:
        for staff_no, amount in execute(_SUMS, (first.isoformat(), last.isoformat())).fetchall():
            by_staff[staff_no] += int(amount)
    others = rows_between(first, last, plain=not quick)
    if any(others):
        from models.ledger.credits import judged  # which plain bookings don't wait for

        for each in judged(session, others, book):
            for share in each.credit.shares:
                if share.staff_no is not None:
                    by_staff[share.staff_no] += share.cents
    return {who: cents for who, cents in by_staff.items() if cents}


def _is_bookers(book: Rulebook) -> bool:
    """Whether plain bookings are wholly whoever's wrote them in."""
    if book.plain_is_bookers is not None:
        return book.plain_is_bookers
    from models.rules.guests.plain_bookings import is_bookers  # which few houses wait for

    return is_bookers(book.guests)
