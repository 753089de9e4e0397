"""Briefings that were not held: opened by mistake, and taken back with every sign under them."""

from datetime import date
from typing import NamedTuple

from models.access.permissions import require, require_not_own
from models.access.session import Session
from models.ledger.closings import require_open
from models.ledger.ledger import Difference, rejudge
from models.storage.database import execute, upsert
from models.values.nights import Instant
from models.values.problems import refused

_BRIEFING = ("night", "closed_at", "director_no", "assignment", "night_closed")
_ATTENDANCE = ("night", "staff_no", "arrived_at", "made_up_at", "departed_at")
_RELAY = ("night", "team", "told_at")
_FINED = "SELECT staff_no FROM charges WHERE night = ? AND source = 'roll' AND status = 'standing'"

Row = tuple[object, ...]


class NotHeld(NamedTuple):
    """A briefing that was taken back, with every sign under it, and how the ledger changed. The
    rows are those that were deleted, in the order of the tables' columns."""

    night: date
    briefing: Row
    attendance: tuple[Row, ...]
    relays: tuple[Row, ...]
    changes: list[Difference]

    @property
    def signs(self) -> int:
        """How many staffers had given a sign."""
        return sum(any(row[2:]) for row in self.attendance)


def not_held(session: Session, night: date, reason: str | None = None) -> NotHeld:
    """Says that no briefing was held on a night: takes it back with every sign under it, and with
    both what they cost. What else is recorded of the night stays.

    Raises Refused where there is no briefing to take back, where the night's month is closed, or
    where that would take back a charge of whoever signed in.
    """
    with session.change():
        require(session, "roll")
        require_open(night)
        text = night.isoformat()
        [briefing] = _rows("briefings", _BRIEFING, text) or [None]
        if briefing is None:
            raise refused("night", "no briefing was held on %(night)s", night=night)
        for (staff_no,) in execute(_FINED, (text,)).fetchall():
            require_not_own(session, staff_no)
        attendance = _rows("attendance", _ATTENDANCE, text)
        relays = _rows("relays", _RELAY, text)
        for table in ("relays", "attendance", "briefings"):
            execute(f"DELETE FROM {table} WHERE night = ?", (text,))
        changes = rejudge(session, night, night)
        session.record(
            "briefing.not_held",
            night=night,
            before=_told(session, briefing, attendance),
            reason=reason,
        )
    return NotHeld(night, briefing, tuple(attendance), tuple(relays), changes)


def undo_not_held(session: Session, taken: NotHeld) -> list[Difference]:
    """Puts back the briefing that `not_held` took, and every sign; gives how the ledger changed.
    Raises Refused where a briefing was opened for that night since, or its month was closed."""
    with session.change():
        require(session, "roll")
        night = taken.night
        require_open(night)
        if _rows("briefings", _BRIEFING, night.isoformat()):
            raise refused("night", "the briefing was changed meanwhile at another terminal")
        upsert("briefings", (*_BRIEFING, "settled"), ("night",), [(*taken.briefing, False)])
        upsert("attendance", _ATTENDANCE, ("night", "staff_no"), taken.attendance)
        upsert("relays", _RELAY, ("night", "team"), taken.relays)
        changes = rejudge(session, night, night)
        session.record(
            "briefing.held",
            night=night,
            after=_told(session, taken.briefing, taken.attendance),
        )
    return changes


def _rows(table: str, columns: tuple[str, ...], night: str) -> list[Row]:
    sql = f"SELECT {', '.join(columns)} FROM {table} WHERE night = ?"
    return sorted(map(tuple, execute(sql, (night,)).fetchall()), key=lambda row: str(row[1]))


def _told(
    session: Session, briefing: Row, attendance: list[Row] | tuple[Row, ...]
) -> dict[str, object]:
    _, closed_at, director_no, assignment, night_closed = briefing
    signs = {
        str(row[1]): {
            column: _time(session, at)
            for column, at in zip(_ATTENDANCE[2:], row[2:], strict=True)
            if at is not None
        }
        for row in attendance
    }
    return {
        "closed_at": _time(session, closed_at),
        "director_no": director_no,
        "assignment": assignment,
        "night_closed": bool(night_closed),
        "signs": signs,
    }


def _time(session: Session, at: object) -> str | None:
    return session.calendar.format(Instant(at)) if isinstance(at, int) else None
