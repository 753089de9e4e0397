"""How staffers looked as the night began (clause 6): grooming and the badge. It fines nobody, and
stands in the person's month."""

from datetime import date
from typing import NamedTuple

from models.access.scope import require_readable
from models.access.session import Session
from models.storage.database import Read, execute
from models.values.nights import Month, first_night, last_night

_LOOK = "SELECT groomed, badge FROM grooming WHERE night = ? AND staff_no = ?"
_LOOKS = "SELECT staff_no, groomed, badge FROM grooming WHERE night = ?"
_MONTH = (
    "SELECT night, groomed, badge FROM grooming WHERE staff_no = ? AND night BETWEEN ? AND ?"
    " ORDER BY night"
)


class Look(NamedTuple):
    """Whether somebody was groomed, and wore the badge."""

    groomed: bool
    badge: bool

    @property
    def in_order(self) -> bool:
        return self.groomed and self.badge


def look(staff_no: str, night: date) -> Look | None:
    """How somebody looked in a night; None where nobody looked."""
    row = execute(_LOOK, (night.isoformat(), staff_no)).fetchone()
    return None if row is None else Look(bool(row[0]), bool(row[1]))


def looks_read(night: date) -> Read:
    """What `looks` reads."""
    return _LOOKS, (night.isoformat(),)


def looks(night: date) -> dict[str, Look]:
    """How everybody looked whom somebody looked at in a night, by staff_no."""
    rows = execute(*looks_read(night)).fetchall()
    return {staff_no: Look(bool(groomed), bool(badge)) for staff_no, groomed, badge in rows}


def of_month(session: Session, staff_no: str, month: Month) -> list[tuple[date, Look]]:
    """The nights of a month on which somebody looked at them, in order."""
    require_readable(session, staff_no)
    span = (first_night(month).isoformat(), last_night(month).isoformat())
    return [
        (date.fromisoformat(night), Look(bool(groomed), bool(badge)))
        for night, groomed, badge in execute(_MONTH, (staff_no, *span)).fetchall()
    ]
