"""What staffers marked as seen of the notices of their charges."""

from datetime import date

from models.access.permissions import require
from models.access.session import Session
from models.storage.database import execute
from models.values.nights import Instant, Month, first_night, last_night
from models.values.problems import refused

_SEEN = (
    "SELECT night, rule, source, seen_at FROM notices_seen"
    " WHERE staff_no = ? AND night BETWEEN ? AND ?"
)
_CHARGE = (
    "SELECT amount, status FROM charges"
    " WHERE staff_no = ? AND night = ? AND rule = ? AND source = ?"
)


def see(session: Session, night: date, rule: str, source: str) -> bool:
    """Marks the notice of one's own charge as seen, as it stands now, and gives whether anything
    changed: not, when it was seen before. It says nothing about agreeing to it.

    Raises Refused for anyone but the staffer, signed in, and where there is no such charge.
    """
    with session.change():
        require(session, "notice.see")
        if session.actor is None or session.actor.staff_no is None:
            raise refused("actor", "a notice is seen by the staffer, who signs in for it")
        staff_no = session.actor.staff_no
        key = (staff_no, night.isoformat(), rule, source)
        charge = execute(_CHARGE, key).fetchone()
        if charge is None or charge[1] == "reversed":
            raise refused("rule", "there is no such charge")
        seen = execute(
            "SELECT 1 FROM notices_seen"
            " WHERE staff_no = ? AND night = ? AND rule = ? AND source = ?",
            key,
        ).fetchone()
        if seen is not None:
            return False
        execute(
            "INSERT INTO notices_seen (staff_no, night, rule, source, amount, seen_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (*key, charge[0], session.now()),
        )
        session.record(
            "notice.seen",
            staff_no=staff_no,
            night=night,
            after={"rule": rule, "source": source, "amount": charge[0]},
        )
    return True


def seen(staff_no: str, month: Month) -> dict[tuple[str, str, str], Instant]:
    """When a staffer saw the notices of a month's charges, by night (ISO), rule and source."""
    span = (first_night(month).isoformat(), last_night(month).isoformat())
    return {(row[0], row[1], row[2]): row[3] for row in execute(_SEEN, (staff_no, *span))}
