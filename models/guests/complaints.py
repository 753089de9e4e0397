"""Complaints: taken down without fining anybody, answered, solved, asked after. Only one that
somebody not complained of found founded becomes an incident, by an action of its own."""

from datetime import date
from typing import Any

from models.access.permissions import acting, require
from models.access.scope import readable
from models.access.session import Session
from models.guests.fact_writer import Fact, known, remove, write
from models.ledger.promises import require_concerned
from models.operations import incidents
from models.storage.database import execute
from models.storage.numbering import next_number
from models.values.problems import refused

CLASSES = ("simple", "general", "complex")
_SERVICE = "service_complaint"


def listing(session: Session, first: date, last: date) -> list[Fact]:
    """The complaints of the nights from `first` to `last`, the latest first. A supervisor sees
    those about their own people, those about nobody, and those that their people took."""
    require(session, "house")
    rows = execute(
        "SELECT complaint_no FROM complaints WHERE night BETWEEN ? AND ?"
        " ORDER BY at DESC, complaint_no DESC",
        (first.isoformat(), last.isoformat()),
    ).fetchall()
    allowed = readable(session)
    found = [known("complaints", row[0]) for row in rows]
    return [
        each
        for each in found
        if allowed is None
        or each["about_staff_no"] is None
        or not allowed.isdisjoint((each["about_staff_no"], each["taken_by"]))
    ]


def take(
    session: Session,
    words: str,
    *,
    channel: str = "face",
    guest_no: str | None = None,
    place: str | None = None,
    about_staff_no: str | None = None,
    class_: str = "general",
    grave: bool = False,
    by: str | None = None,
) -> str:
    """Takes a complaint down, and gives its number. It fines nobody."""
    with session.change():
        require(session, "complaint")
        if not words.strip():
            raise refused("words", "may not be blank")
        night = session.tonight()
        complaint_no = next_number("complaints", "complaint_no", "C", night)
        taken_by = acting(session, by) if session.actor is not None or by else None
        write(
            session,
            "complaints",
            {
                "complaint_no": complaint_no,
                "at": session.now(),
                "channel": channel,
                "guest_no": guest_no or None,
                "words": words,
                "place": place or None,
                "about_staff_no": about_staff_no or None,
                "class": class_,
                "grave": grave,
                "taken_by": taken_by,
            },
            "complaint.taken",
            night=night,
            staff_no=about_staff_no or None,
        )
    return complaint_no


def answer(session: Session, complaint_no: str, words: str) -> Fact:
    """The guest was answered now. Gives the complaint as it was, for `put_back`."""
    return _change(
        session, complaint_no, "complaint.answered", answered_at=session.now(), answer=words or None
    )


def solve(session: Session, complaint_no: str, change: str | None = None) -> Fact:
    """It was solved now; `change` is what is done otherwise from now on."""
    with session.change():
        require_concerned(session, "complaint", complaint_no)
        held = known("complaints", complaint_no)
        return _change(
            session,
            complaint_no,
            "complaint.solved",
            solved_at=session.now(),
            answered_at=held["answered_at"] or session.now(),
            change=change or held["change"],
        )


def asked(session: Session, complaint_no: str, satisfied: bool) -> Fact:
    """The guest was asked now whether they are content."""
    return _change(
        session, complaint_no, "complaint.asked", asked_at=session.now(), satisfied=satisfied
    )


def classify(session: Session, complaint_no: str, class_: str, grave: bool = False) -> Fact:
    """Gives it another class; what is due counts all the time that has run already."""
    return _change(
        session, complaint_no, "complaint.classified", **{"class": class_, "grave": grave}
    )


def judge(session: Session, complaint_no: str, founded: bool, by: str | None = None) -> Fact:
    """Somebody not complained of finds it founded or not. Raises Refused for whoever it is
    about."""
    with session.change():
        require_concerned(session, "complaint", complaint_no)
        judge_no = acting(session, by)
        return _change(
            session, complaint_no, "complaint.judged", founded=founded, judged_by=judge_no
        )


def make_incident(session: Session, complaint_no: str, by: str | None = None) -> str:
    """Makes a founded complaint about somebody's attitude the rulebook's incident, and gives its
    number. Raises Refused where it isn't founded, is about nobody, or became one already."""
    with session.change():
        require(session, "incident")
        held = known("complaints", complaint_no)
        if not held["founded"]:
            raise refused("founded", "only a complaint that is founded becomes an incident")
        if held["about_staff_no"] is None:
            raise refused("about_staff_no", "the complaint is about nobody")
        if held["incident_no"] is not None:
            raise refused(
                "incident_no", "it is incident %(incident)s already", incident=held["incident_no"]
            )
        incident_no = incidents.raise_incident(
            session, held["about_staff_no"], _SERVICE, held["at"], None, held["words"], by
        )
        _write(session, held, "complaint.incident", incident_no=incident_no)
    return incident_no


def unmake_incident(session: Session, complaint_no: str) -> None:
    """Undoes `make_incident`: the incident is withdrawn, the complaint stays founded."""
    with session.change():
        require(session, "incident")
        held = known("complaints", complaint_no)
        if held["incident_no"] is not None:
            incidents.withdraw(session, held["incident_no"])
            _write(session, held, "complaint.no_incident", incident_no=None)


def put_back(session: Session, before: Fact) -> None:
    """Undoes a change: the complaint is again what it was."""
    with session.change():
        require_concerned(session, "complaint", before["complaint_no"])
        _write(session, before, "complaint.put_back")


def withdraw(session: Session, complaint_no: str) -> None:
    """Undoes `take`."""
    with session.change():
        require_concerned(session, "complaint", complaint_no)
        held = known("complaints", complaint_no)
        night = session.calendar.night(held["at"])
        remove(session, "complaints", (complaint_no,), "complaint.withdrawn", night=night)


def _change(session: Session, complaint_no: str, action: str, **changes: Any) -> Fact:
    with session.change():
        require_concerned(session, "complaint", complaint_no)
        held = known("complaints", complaint_no)
        _write(session, held, action, **changes)
    return held


def _write(session: Session, held: Fact, action: str, **changes: Any) -> None:
    night = session.calendar.night(held["at"])
    about = held["about_staff_no"]
    write(session, "complaints", {**held, **changes}, action, night=night, staff_no=about)
