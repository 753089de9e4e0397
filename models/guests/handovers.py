"""Promises told to guests, and handovers: until who comes has accepted, who leaves is on duty."""

from datetime import date
from typing import NamedTuple

from models.access.permissions import acting, require
from models.access.session import Session
from models.guests.fact_writer import Fact, known, remove, write
from models.ledger.promises import require_concerned, waiting
from models.rules.guests.promises import Promise
from models.storage.database import execute
from models.storage.numbering import next_number
from models.values.nights import Instant
from models.values.problems import refused


class Handover(NamedTuple):
    """What is handed over: every promise that is still to be kept, the rooms held for guests who
    haven't come, and the open complaints."""

    promises: tuple[Promise, ...]
    held: tuple[str, ...]
    complaints: tuple[str, ...]


def tell(
    session: Session,
    words: str,
    due_at: Instant,
    *,
    guest_no: str | None = None,
    complaint_no: str | None = None,
    by: str | None = None,
) -> str:
    """Somebody told a guest a time; gives the promise's number."""
    with session.change():
        require(session, "complaint")
        if complaint_no is not None:
            require_concerned(session, "complaint", complaint_no)
        night = session.tonight()
        promise_no = next_number("promised", "promise_no", "P", night)
        teller = acting(session, by) if session.actor is not None or by else None
        write(
            session,
            "promised",
            {
                "promise_no": promise_no,
                "complaint_no": complaint_no,
                "guest_no": guest_no,
                "told_at": session.now(),
                "due_at": due_at,
                "by_staff_no": teller,
                "words": words or None,
            },
            "promise.told",
            night=night,
        )
    return promise_no


def keep(session: Session, promise_no: str) -> Fact:
    """The promise was kept now; gives it as it was, for `put_back`."""
    with session.change():
        require_concerned(session, "complaint", promise_no)
        held = known("promised", promise_no)
        night = session.calendar.night(held["told_at"])
        return write(
            session, "promised", {**held, "kept_at": session.now()}, "promise.kept", night=night
        )


def put_back(session: Session, before: Fact) -> None:
    """Undoes `keep`."""
    with session.change():
        require_concerned(session, "complaint", before["promise_no"])
        night = session.calendar.night(before["told_at"])
        write(session, "promised", before, "promise.put_back", night=night)


def untell(session: Session, promise_no: str) -> None:
    """Undoes `tell`."""
    with session.change():
        require_concerned(session, "complaint", promise_no)
        night = session.calendar.night(known("promised", promise_no)["told_at"])
        remove(session, "promised", (promise_no,), "promise.withdrawn", night=night)


def to_hand_over(session: Session) -> Handover:
    """All that whoever comes must know now. The desk is the house's: raises Refused for
    staffers."""
    require(session, "house")
    night = session.tonight().isoformat()
    held = execute(
        "SELECT place FROM bookings WHERE night = ? AND status = 'booked' ORDER BY place", (night,)
    ).fetchall()
    complaints = execute(
        "SELECT complaint_no FROM complaints WHERE solved_at IS NULL ORDER BY at"
    ).fetchall()
    return Handover(
        tuple(waiting(session)),
        tuple(place for (place,) in held),
        tuple(number for (number,) in complaints),
    )


def give(
    session: Session, from_staff_no: str, to_staff_no: str, words: str = "", desk: str = ""
) -> str:
    """Hands the desk over, with all that is open; gives the handover's number. Until it is
    accepted, who leaves is on duty."""
    with session.change():
        require(session, "complaint")
        night = session.tonight()
        handover_no = next_number("handovers", "handover_no", "H", night)
        write(
            session,
            "handovers",
            {
                "handover_no": handover_no,
                "night": night,
                "desk": desk or None,
                "from_staff_no": from_staff_no,
                "to_staff_no": to_staff_no,
                "given_at": session.now(),
                "words": words or None,
            },
            "handover.given",
            night=night,
            staff_no=to_staff_no,
        )
    return handover_no


def accept(session: Session, handover_no: str, by: str | None = None) -> Fact:
    """Whoever comes accepts by name; gives the handover as it was. Raises Refused for anybody
    else, and where it was accepted already."""
    with session.change():
        require(session, "complaint")
        held = known("handovers", handover_no)
        if acting(session, by) != held["to_staff_no"]:
            raise refused("by", "only %(staff_no)s accepts it", staff_no=held["to_staff_no"])
        if held["accepted_at"] is not None:
            raise refused("handover_no", "it was accepted already")
        return write(
            session,
            "handovers",
            {**held, "accepted_at": session.now()},
            "handover.accepted",
            night=held["night"],
            staff_no=held["to_staff_no"],
        )


def on_duty(session: Session, night: date) -> str | None:
    """Who is on duty at the desk by the last handover of a night; None: nobody handed over. Raises
    Refused for staffers."""
    require(session, "house")
    row = execute(
        "SELECT from_staff_no, to_staff_no, accepted_at FROM handovers WHERE night = ?"
        " ORDER BY given_at DESC LIMIT 1",
        (night.isoformat(),),
    ).fetchone()
    if row is None:
        return None
    staff_no: str = row[1] if row[2] is not None else row[0]
    return staff_no


def open_handovers(session: Session, night: date) -> list[Fact]:
    """The handovers of a night that nobody has accepted. Raises Refused for staffers."""
    require(session, "house")
    rows = execute(
        "SELECT handover_no FROM handovers WHERE night = ? AND accepted_at IS NULL",
        (night.isoformat(),),
    ).fetchall()
    return [known("handovers", row[0]) for row in rows]
