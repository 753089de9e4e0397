"""What the nights of a month came to, one by one, of those whom one may read about."""

from datetime import date

from models.access.scope import readable
from models.access.session import Session
from models.storage.database import execute
from models.values.nights import Month, first_night, last_night

_SPENT = (
    "SELECT night, staff_no, sum(amount) FROM bookings WHERE night BETWEEN ? AND ?"
    " AND status = 'left' AND amount IS NOT NULL GROUP BY night, staff_no"
)
_OUT = (
    "SELECT night, staff_no, sum((back_at - out_at) / 60) FROM outings"
    " WHERE night BETWEEN ? AND ? AND back_at IS NOT NULL GROUP BY night, staff_no"
)


def spent(session: Session, month: Month) -> dict[date, int]:
    """The cents that the guests of bookings spent, by night; nights without any are left out."""
    return _summed(session, _SPENT, month)


def minutes_out(session: Session, month: Month) -> dict[date, int]:
    """For how many minutes staffers were out, by night, once they are back; nights on which nobody
    was are left out."""
    return _summed(session, _OUT, month)


def _summed(session: Session, sql: str, month: Month) -> dict[date, int]:
    allowed = readable(session)
    span = (first_night(month).isoformat(), last_night(month).isoformat())
    found: dict[date, int] = {}
    for night, staff_no, number in execute(sql, span).fetchall():
        if allowed is None or staff_no in allowed:
            at = date.fromisoformat(night)
            found[at] = found.get(at, 0) + int(number)
    return {night: number for night, number in sorted(found.items()) if number}
