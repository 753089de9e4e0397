"""The register of guests: who they are, found by phone or name, and whose they are."""

from typing import NamedTuple

from models.access.permissions import require
from models.access.session import Session
from models.guests.fact_writer import Fact, known, write
from models.ledger.credits import rules_of
from models.ledger.guest_facts import around
from models.rules.guests.facts import Guest, Visit
from models.rules.guests.ownership import Owned, owner_at_door
from models.rules.guests.register import likely_the_same, masked_phone, phone_key, plain_phone
from models.storage.database import execute
from models.storage.numbering import next_number

_GUESTS = "SELECT guest_no, name, phone, unit, kind, introduced_by, consultant_no FROM guests"
_MANY = 200
_ENDING = 4
"""So many last digits of a phone find whom they belong to."""


class Found(NamedTuple):
    """A guest on the register, their number masked."""

    guest_no: str
    name: str
    phone: str
    unit: str | None
    kind: str


def find(session: Session, text: str) -> list[Found]:
    """Guests by their number on the register, their phone or the end of it, or their name. The
    register is the house's: raises Refused for staffers."""
    require(session, "house")
    wanted = text.strip()
    if not wanted:
        return []
    plain = plain_phone(wanted)
    rows = execute(f"{_GUESTS} WHERE guest_no = ?", (wanted,)).fetchall()
    rows = rows or execute(f"{_GUESTS} WHERE phone_key = ?", (plain,)).fetchall()
    if rows:
        return [_found(Guest(*row)) for row in rows]
    # Only where no index finds anybody is the whole register looked through.
    if not plain.isdigit():
        begins = wanted.replace("!", "!!").replace("%", "!%").replace("_", "!_")
        sql = f"{_GUESTS} WHERE name LIKE ? ESCAPE '!' ORDER BY guest_no LIMIT {_MANY}"
        rows = execute(sql, (f"{begins}%",)).fetchall()
    elif len(plain) == _ENDING:
        sql = f"{_GUESTS} WHERE phone LIKE ? ORDER BY guest_no LIMIT {_MANY}"
        rows = execute(sql, (f"%{plain}",)).fetchall()
    return [_found(Guest(*row)) for row in rows]


def latest(session: Session, most: int = _MANY) -> list[Found]:
    """Those who were put on the register last, the newest first. Raises Refused for staffers."""
    require(session, "house")
    rows = execute(f"{_GUESTS} ORDER BY guest_no DESC LIMIT {int(most)}").fetchall()
    return [_found(Guest(*row)) for row in rows]


def guest(session: Session, guest_no: str) -> Found:
    """One guest. Raises Refused where there is none of that number, and for staffers."""
    require(session, "house")
    return _found(_guest(guest_no))


def record(session: Session, guest_no: str) -> Fact:
    """What is known of a guest, but for their number. Raises Refused where there is none, and for
    staffers."""
    require(session, "house")
    return {**known("guests", guest_no), "phone": None}


def _guest(guest_no: str) -> Guest:
    fact = known("guests", guest_no)
    return Guest(*(fact[column] for column in Guest._fields))


def _found(guest: Guest) -> Found:
    return Found(
        guest.guest_no, guest.name or "", masked_phone(guest.phone), guest.unit, guest.kind
    )


def whose(session: Session, guest_no: str) -> Owned | None:
    """Whose a guest is now, by the register alone; None: nobody's yet. Raises Refused for
    staffers."""
    require(session, "house")
    night = session.tonight()
    rules = rules_of(session, night)
    visit = Visit("", night, session.now(), guest_no)
    return owner_at_door(visit, around({guest_no}, (), rules), rules)


def add(
    session: Session,
    name: str | None,
    phone: str | None = None,
    *,
    unit: str | None = None,
    kind: str = "guest",
    introduced_by: str | None = None,
    consultant_no: str | None = None,
) -> str:
    """Puts a guest on the register and gives their number. Raises Refused for a phone that is
    none."""
    with session.change():
        require(session, "desk")
        guest_no = next_number("guests", "guest_no", "G", session.tonight())
        write(
            session,
            "guests",
            {
                "guest_no": guest_no,
                "name": name or None,
                "phone": phone or None,
                "unit": unit or None,
                "kind": kind,
                "introduced_by": introduced_by or None,
                "consultant_no": consultant_no or None,
            },
            "guest.added",
            night=None,
        )
    return guest_no


def edit(session: Session, guest_no: str, **changes: str | None) -> Fact:
    """Corrects what is known of a guest, and gives what was known before."""
    with session.change():
        require(session, "desk")
        fact = {**known("guests", guest_no), **changes}
        return write(session, "guests", fact, "guest.edited", night=None)


def restore(session: Session, before: Fact) -> None:
    """Undoes `edit`."""
    with session.change():
        require(session, "desk")
        write(session, "guests", before, "guest.edited", night=None)


def read_phone(session: Session, guest_no: str) -> str:
    """A guest's whole number. Reading it stands on the trail."""
    with session.change():
        require(session, "phone")
        fact = known("guests", guest_no)
        session.record("guest.phone_read", after={"guest_no": guest_no})
    return fact["phone"] or ""


def duplicates(session: Session, guest_no: str) -> list[Found]:
    """Who may be the same person: one phone, or one name and one ending of it. Raises Refused for
    staffers."""
    require(session, "house")
    mine = _guest(guest_no)
    key = phone_key(mine.phone)
    rows = execute(
        f"{_GUESTS} WHERE guest_no <> ? AND (phone_key = ? OR name = ?)",
        (guest_no, key or "", mine.name or ""),
    ).fetchall()
    others = {row[0]: Guest(*row) for row in rows}
    groups = likely_the_same([mine, *others.values()])
    same = {number for group in groups if guest_no in group for number in group} - {guest_no}
    return [_found(others[number]) for number in sorted(same)]


def make_one(session: Session, guest_no: str, other_no: str) -> tuple[Fact, Fact]:
    """Makes one client of two guests: both get the whole number and the household of whichever
    has it. Gives both as they were, for `make_two`."""
    with session.change():
        require(session, "desk")
        mine, other = known("guests", guest_no), known("guests", other_no)
        phones = [each for each in (mine["phone"], other["phone"]) if phone_key(each)]
        phone = phones[0] if phones else mine["phone"] or other["phone"]
        unit = mine["unit"] or other["unit"]
        for fact in (mine, other):
            write(
                session,
                "guests",
                {**fact, "phone": phone, "unit": unit},
                "guest.made_one",
                night=None,
            )
    return mine, other


def make_two(session: Session, mine: Fact, other: Fact) -> None:
    """Undoes `make_one`."""
    with session.change():
        require(session, "desk")
        for fact in (mine, other):
            write(session, "guests", fact, "guest.made_two", night=None)
