"""Who was out and who was seen to have left, so that nobody is fined twice for one absence."""

from datetime import date

from models.access.session import Session
from models.rules.post_absences import Absences, Away, Left, away, leaves_post
from models.storage.database import Read, ask, execute
from models.values.problems import Refused

_OUTINGS = (
    "SELECT slip_no, staff_no, out_at, back_at FROM outings"
    " WHERE out_at IS NOT NULL AND night <= ? AND (night >= ? OR back_at >= ?)"
)
_LEFT = (
    "SELECT incident_no, staff_no, occurred_at, rule, night FROM incidents"
    " WHERE status = 'recorded' AND night BETWEEN ? AND ?"
)
_BOTH = " AND staff_no = ?"


def absence_reads(
    session: Session, first: date, last: date, staff_no: str | None = None
) -> tuple[Read, Read]:
    """What `absences` reads."""
    one, who = ("", ()) if staff_no is None else (_BOTH, (staff_no,))
    begins, ends = first.isoformat(), last.isoformat()
    start = session.calendar.start(first)
    return (
        (_OUTINGS + one, (ends, begins, start, *who)),
        (_LEFT + one, (begins, ends, *who)),
    )


def absences(
    session: Session,
    first: date,
    last: date,
    staff_no: str | None = None,
    but: frozenset[str] = frozenset(),
) -> Absences:
    """Those recorded of the nights from `first` to `last`, of everybody or of one staffer, but for
    the slips and incidents of these numbers."""
    found, calendar = Absences(session.calendar), session.calendar
    outings, incidents = reads = absence_reads(session, first, last, staff_no)
    ask(reads)
    for slip_no, number, out_at, back_at in execute(*outings).fetchall():
        if slip_no not in but:
            found.add(away(slip_no, number, out_at, back_at, calendar))
    for incident_no, number, at, rule, night in execute(*incidents).fetchall():
        known = leaves_post(rule, date.fromisoformat(night), session.versions)
        if known and incident_no not in but:
            found.add(Left(incident_no, number, at))
    return found


def require_once(session: Session, fact: Away | Left) -> None:
    """Raises Refused where the absence from the post that a fact states is recorded already."""
    calendar = session.calendar
    if isinstance(fact, Left):
        first = last = calendar.night(fact.occurred_at)
        number = fact.incident_no
    else:
        first, last = calendar.night(fact.out_at), calendar.night(fact.until)
        number = fact.slip_no
    held = absences(session, first, last, fact.staff_no, frozenset({number}))
    if (found := held.conflict(fact)) is not None:
        raise Refused(found)
