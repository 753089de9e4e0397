"""A night's outings as they are looked at: whose slips wait, who is out, and where somebody was."""

from datetime import date
from typing import Any, NamedTuple

from models.access.scope import only_readable, require_readable
from models.access.session import Session
from models.storage.database import Read, execute
from models.storage.employment import Teams
from models.values.nights import ONE_NIGHT, Instant, first_night, month_of
from models.values.problems import refused

_STATUSES = ("requested", "approved", "rejected", "withdrawn", "none")
_MORNING = 12 * 60 * 60
_ROWS = (
    "SELECT o.slip_no, o.staff_no, s.name, s.team, o.reason, o.requested_at, o.status,"
    " o.decided_by, o.decided_at, o.decision_reason, o.out_at, o.back_at, o.night,"
    " coalesce(c.amount, 0) FROM outings o JOIN staff s ON s.staff_no = o.staff_no"
    " LEFT JOIN charges c ON c.staff_no = o.staff_no AND c.night = o.night"
    " AND c.source = 'outing:' || o.slip_no AND c.status = 'standing'"
)


class OutingRow(NamedTuple):
    """An outing, with the staffer's name and team, and the cents that it costs by now."""

    slip_no: str
    staff_no: str
    name: str
    team: str | None
    reason: str | None
    requested_at: Instant | None
    status: str
    decided_by: str | None
    decided_at: Instant | None
    decision_reason: str | None
    out_at: Instant | None
    back_at: Instant | None
    night: date
    fine: int

    def minutes(self, now: Instant) -> int | None:
        """The whole minutes they were out, until they came back or `now`; None if they never
        went."""
        if self.out_at is None:
            return None
        until = now if self.back_at is None else self.back_at
        return max(until - self.out_at, 0) // 60


class SlipBoard(NamedTuple):
    """A night's outings: `asked` and `approved` wait, the oldest first; `out` went, those still out
    first, the longest out on top; `dropped` were rejected or withdrawn and never went."""

    asked: tuple[OutingRow, ...]
    approved: tuple[OutingRow, ...]
    out: tuple[OutingRow, ...]
    dropped: tuple[OutingRow, ...]


def board_read(session: Session, night: date) -> Read:
    """What `board` reads of the slips."""
    morning = session.calendar.start(night) - _MORNING
    return (
        f"{_ROWS} WHERE o.night = ? OR (o.night = ? AND o.out_at IS NULL AND o.requested_at >= ?)",
        (night.isoformat(), (night - ONE_NIGHT).isoformat(), morning),
    )


def board(session: Session, night: date | None = None) -> SlipBoard:
    """The outings of a night, or of tonight; also the slips not used yet that were asked for in the
    morning before it began."""
    teams = Teams()
    read = board_read(session, night or session.tonight())
    rows = [_row(row, teams) for row in execute(*read)]
    rows = only_readable(session, rows)
    rows.sort(key=lambda row: (row.requested_at or 0, row.slip_no))
    gone = [row for row in rows if row.out_at is not None]
    gone.sort(key=lambda row: (row.back_at is not None, row.out_at, row.slip_no))
    waiting = {
        status: tuple(row for row in rows if row.status == status and row.out_at is None)
        for status in _STATUSES
    }
    dropped = waiting["rejected"] + waiting["withdrawn"]
    return SlipBoard(waiting["requested"], waiting["approved"], tuple(gone), dropped)


def slip(session: Session, slip_no: str) -> OutingRow:
    """The outing of that number. Raises Refused where there is none, or where one may not read
    about its staffer."""
    row = execute(f"{_ROWS} WHERE o.slip_no = ?", (slip_no,)).fetchone()
    if row is None:
        raise refused("slip_no", "there is no %(number)s", number=slip_no)
    require_readable(session, row[1])
    return _row(row, Teams())


def earlier(session: Session, staff_no: str, night: date) -> tuple[OutingRow, ...]:
    """The outings that a staffer went on in the month of a night and before it, the latest first.
    Raises Refused where one may not read about them."""
    require_readable(session, staff_no)
    since = first_night(month_of(night)).isoformat()
    rows = execute(
        f"{_ROWS} WHERE o.staff_no = ? AND o.night >= ? AND o.night < ? AND o.out_at IS NOT NULL"
        " ORDER BY o.out_at DESC",
        (staff_no, since, night.isoformat()),
    )
    teams = Teams()
    return tuple(_row(row, teams) for row in rows)


def _row(row: tuple[Any, ...], teams: Teams) -> OutingRow:
    read = OutingRow(*row)
    night = date.fromisoformat(row[12])
    return read._replace(night=night, team=teams.on(read.staff_no, night, read.team))
