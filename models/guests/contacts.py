"""What staffers have to do with guests (sheets, appointments, calls), and who takes a leaver's
guest over."""

from datetime import date
from typing import NamedTuple

from models.access.permissions import acting, require
from models.access.scope import only_readable, readable, require_theirs
from models.access.session import Session
from models.guests.fact_writer import Fact, known, remove, stored_fact, write
from models.ledger.guest_facts import around
from models.ledger.promises import require_concerned
from models.rules.guests.contacts import FOLLOW_UP, ClientContacts
from models.rules.guests.rulebook import GuestRules
from models.storage.database import execute
from models.storage.numbering import next_number
from models.values.nights import Instant
from models.values.problems import refused

NUMBERS = ("full", "masked", "overwritten", "unreachable")


class ContactRow(NamedTuple):
    """A contact of a guest. `for_night`: the night it is for, where it is for one."""

    contact_no: str
    staff_no: str
    kind: str
    at: Instant
    for_night: str | None
    number: str | None
    signed_by: str | None
    answered: bool | None
    void: str | None


class HeirRow(NamedTuple):
    """That a guest is somebody's from a night on."""

    from_night: str
    from_staff_no: str | None
    to_staff_no: str


def of_guest(session: Session, guest_no: str) -> list[ContactRow]:
    """A guest's contacts with those whom one may read about, the latest first."""
    require(session, "house")
    rows = execute(
        "SELECT contact_no, staff_no, kind, at, for_night, number, signed_by, answered, void"
        " FROM contacts WHERE guest_no = ? ORDER BY at DESC, contact_no DESC",
        (guest_no,),
    ).fetchall()
    return only_readable(session, (ContactRow(*row) for row in rows))


def heirs_of(session: Session, guest_no: str) -> list[HeirRow]:
    """To whom a guest was given, the latest first, as far as one may read about whoever gave or
    got them."""
    require(session, "house")
    allowed = readable(session)
    rows = execute(
        "SELECT from_night, from_staff_no, to_staff_no FROM heirs WHERE guest_no = ?"
        " ORDER BY from_night DESC",
        (guest_no,),
    ).fetchall()
    handed = [HeirRow(*row) for row in rows]
    return [
        each
        for each in handed
        if allowed is None or not allowed.isdisjoint((each.from_staff_no, each.to_staff_no))
    ]


def add(
    session: Session,
    guest_no: str,
    staff_no: str,
    kind: str,
    *,
    for_night: date | None = None,
    number: str = "full",
    signed_by: str | None = None,
    answered: bool | None = None,
    note: str | None = None,
) -> str:
    """Writes down that a staffer has had to do with a guest just now, and gives its number. What is
    signed as it is written was signed in person."""
    with session.change():
        require_theirs(session, "desk", staff_no)
        night = session.tonight()
        contact_no = next_number("contacts", "contact_no", "N", night)
        write(
            session,
            "contacts",
            {
                "contact_no": contact_no,
                "staff_no": staff_no,
                "guest_no": guest_no,
                "kind": kind,
                "at": session.now(),
                "for_night": for_night,
                "number": number,
                "signed_by": signed_by or None,
                "signed_how": "in_person" if signed_by else None,
                "answered": answered,
                "note": note or None,
            },
            "contact.added",
            night=night,
            staff_no=staff_no,
        )
    return contact_no


def second(session: Session, guest_no: str, staff_no: str, rules: GuestRules) -> str | None:
    """Who held a valid sheet of the guest from an earlier day, so that one of today's by another
    would be void; None: nobody. Raises Refused for staffers."""
    require(session, "house")
    touch = rules.touches.get(FOLLOW_UP)
    if touch is None or not touch.second_void:
        return None
    tonight = session.tonight()
    found = around({guest_no}, (), rules)
    contacts = ClientContacts(found.client(guest_no), found, rules)
    for each in contacts.speaking([FOLLOW_UP], tonight, tonight):
        if each.staff_no != staff_no and each.day < tonight:
            return each.staff_no
    return None


def void(session: Session, contact_no: str, why: str) -> Fact:
    """A contact doesn't hold, for what was done wrong: `yes`, or the code of a rule, which a
    rulebook may charge. Gives it as it was, for `put_back`."""
    return _change(session, contact_no, "contact.voided", void=why)


def reached(session: Session, contact_no: str) -> Fact:
    """A number that was unreachable was reached tonight."""
    return _change(session, contact_no, "contact.reached", reached_on=session.tonight())


def sign(
    session: Session, contact_no: str, by: str | None = None, *, message: bool = False
) -> Fact:
    """A director signs an appointment, in person or by message; nobody their own."""
    with session.change():
        require(session, "desk.decide")
        signer = acting(session, by)
        how = "message" if message else "in_person"
        return _change(session, contact_no, "contact.signed", signed_by=signer, signed_how=how)


def put_back(session: Session, before: Fact) -> None:
    """Undoes a change: the contact is again what it was."""
    with session.change():
        require_concerned(session, "desk", before["contact_no"])
        _write(session, before, "contact.put_back")


def withdraw(session: Session, contact_no: str) -> None:
    """Takes a contact that was written down by mistake away; undoes `add`."""
    with session.change():
        require_concerned(session, "desk", contact_no)
        night = session.calendar.night(known("contacts", contact_no)["at"])
        remove(session, "contacts", (contact_no,), "contact.withdrawn", night=night)


def _change(session: Session, contact_no: str, action: str, **changes: object) -> Fact:
    with session.change():
        require_concerned(session, "desk", contact_no)
        held = known("contacts", contact_no)
        _write(session, {**held, **changes}, action)
    return held


def _write(session: Session, fact: Fact, action: str) -> None:
    night = session.calendar.night(fact["at"])
    write(session, "contacts", fact, action, night=night, staff_no=fact["staff_no"])


# Whose a leaver's guest becomes


def hand_on(
    session: Session,
    guest_no: str,
    to_staff_no: str,
    from_staff_no: str | None = None,
    from_night: date | None = None,
) -> Fact:
    """Gives a guest to somebody from a night on (tonight's), and gives what stood there, for
    `take_back`. `from_staff_no`: whose they were; None: whoever's."""
    with session.change():
        require(session, "desk.decide")
        night = from_night or session.tonight()
        return write(
            session,
            "heirs",
            {
                "guest_no": guest_no,
                "from_night": night,
                "from_staff_no": from_staff_no or None,
                "to_staff_no": to_staff_no,
            },
            "guest.handed_on",
            night=night,
            staff_no=to_staff_no,
        )


def take_back(session: Session, guest_no: str, from_night: date, before: Fact) -> None:
    """Undoes `hand_on`."""
    with session.change():
        require(session, "desk.decide")
        if stored_fact("heirs", guest_no, from_night.isoformat()) is None:
            raise refused("guest_no", "there is no %(key)s", key=guest_no)
        if before:
            write(session, "heirs", before, "guest.handed_on", night=from_night)
        else:
            key = (guest_no, from_night.isoformat())
            remove(session, "heirs", key, "guest.not_handed_on", night=from_night)
