"""Ticks how staffers look as the night begins, on the roll."""

from datetime import date

from models.access.permissions import require
from models.access.session import Session
from models.ledger.closings import require_open
from models.ledger.grooming import Look, look
from models.rules import validation
from models.storage import reference_data
from models.storage.database import execute
from models.values.problems import Refused

_WRITE = (
    "INSERT INTO grooming (night, staff_no, groomed, badge, checked_by) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (night, staff_no) DO UPDATE SET groomed = excluded.groomed,"
    " badge = excluded.badge, checked_by = excluded.checked_by"
)

IN_ORDER = Look(groomed=True, badge=True)
STEPS = (None, IN_ORDER, Look(groomed=True, badge=False), Look(groomed=False, badge=True),
         Look(groomed=False, badge=False))  # fmt: skip
"""What one press of the key after another makes of somebody."""


def after(look: Look | None) -> Look | None:
    """What the next press makes of a look."""
    return STEPS[(STEPS.index(look) + 1) % len(STEPS)]


def tick(session: Session, staff_no: str, night: date, new: Look | None) -> Look | None:
    """Writes down how somebody looked in a night (None: nobody looked after all), and gives what
    stood there. Raises Refused for who may not call the roll, for a closed month, and for someone
    who isn't employed that night."""
    with session.change():
        require(session, "roll")
        require_open(night)
        was = look(staff_no, night)
        if was == new:
            return was
        actor = session.actor.staff_no if session.actor is not None else None
        reference = validation.ReferenceData(
            reference_data.people(*{staff_no, actor or staff_no}), {}, session.calendar,
            session.versions, session.now(),
        )  # fmt: skip
        fact = {"staff_no": staff_no, "night": night, "checked_by": actor}
        problems = [*validation.grooming(fact, reference), *validation.departed(fact, reference)]
        if problems:
            raise Refused(*problems)
        key = (night.isoformat(), staff_no)
        if new is None:
            execute("DELETE FROM grooming WHERE night = ? AND staff_no = ?", key)
        else:
            execute(_WRITE, (*key, *new, actor))
        session.record(
            "grooming.ticked",
            staff_no=staff_no,
            night=night,
            before=None if was is None else was._asdict(),
            after=None if new is None else new._asdict(),
        )
        return was
