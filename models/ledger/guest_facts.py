"""Reads what is known around some guests into the values that the guest desk's judgements take."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from models.ledger.sale_rows import BOOKED
from models.rules.guests.facts import (
    Around,
    Booked,
    Breach,
    Contact,
    Employee,
    Guest,
    Heir,
    Visit,
)
from models.rules.guests.register import clients
from models.rules.guests.rulebook import GuestRules
from models.storage.database import execute
from models.storage.employment import staffers

_TOGETHER = 500

_GUEST = "guest_no, name, phone, unit, kind, introduced_by, consultant_no"
_VISIT = (
    "visit_no, night, at, guest_no, party_no, asked_been, asked_for_whom, asked_appointment,"
    " asked_for, asked_member, asked_before_tour, prompted, voucher_of, received_by, left_at"
)
_CONTACT = (
    "contact_no, staff_no, guest_no, kind, at, night, for_night, number, reached_on, signed_by,"
    " answered, void"
)


def around(
    guest_nos: Collection[str],
    visit_nos: Collection[str],
    rules: GuestRules,
    staff: dict[str, Employee] | None = None,
) -> Around:
    """All that is known around these guests and visits: their clients, whoever came with them,
    and the members they asked for."""
    reader = _Reader(rules)
    reader.read(set(guest_nos), set(visit_nos))
    return reader.around(staff if staff is not None else dict(staffers()))


def with_kin(guest_nos: Iterable[str], rules: GuestRules) -> dict[str, Guest]:
    """These guests, and those who are one client with any of them, by number."""
    reader = _Reader(rules)
    reader.read_guests(guest_nos)
    return reader.guests


def night_of(text: str) -> date:
    return date.fromisoformat(text)


def _maybe(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _yes(value: Any) -> bool | None:
    return None if value is None else bool(value)


def in_parts(sql: str, keys: Iterable[str]) -> Iterator[Any]:
    """The rows of a statement that ends in `IN`, for however many keys."""
    wanted = sorted(set(keys))
    for at in range(0, len(wanted), _TOGETHER):
        part = wanted[at : at + _TOGETHER]
        yield from execute(f"{sql} ({', '.join('?' * len(part))})", part).fetchall()


def read_visit(row: Any) -> Visit:
    """A visit of a row of its columns, in order."""
    visit_no, night, at, guest_no, party_no, been, whom, appointment, *rest = row
    asked_for, member, before, prompted, voucher_of, received_by, left_at = rest
    return Visit(
        visit_no, night_of(night), at, guest_no, party_no, _yes(been), _yes(whom),
        _yes(appointment), asked_for, member, _yes(before), _yes(prompted), voucher_of,
        received_by, left_at,
    )  # fmt: skip


BOOKING = "booking:"
"""What the number of a booking begins with, where it stands for a sale or a visit."""

VISITS = f"SELECT {_VISIT} FROM visits"
CONTACTS = f"SELECT {_CONTACT} FROM contacts"


def read_contact(row: Any) -> Contact:
    """A contact of a row of its columns, in order."""
    contact_no, staff_no, guest_no, kind, at, night, for_night, number, reached, *rest = row
    signed_by, answered, void = rest
    return Contact(
        contact_no, staff_no, guest_no, kind, at, night_of(night), _maybe(for_night),
        number or "full", _maybe(reached), signed_by, _yes(answered),
        None if void in (None, "no") else void,
    )  # fmt: skip


class _Reader:
    def __init__(self, rules: GuestRules) -> None:
        self.rules = rules
        self.guests: dict[str, Guest] = {}
        self.visits: dict[str, Visit] = {}

    def read(self, guest_nos: set[str], visit_nos: set[str]) -> None:
        self._read_visits(f"{VISITS} WHERE visit_no IN", visit_nos)
        guest_nos |= {visit.guest_no for visit in self.visits.values() if visit.guest_no}
        self.read_guests(guest_nos)
        self._read_visits(f"{VISITS} WHERE guest_no IN", self.guests)
        parties = {visit.party_no for visit in self.visits.values() if visit.party_no}
        self._read_visits(f"{VISITS} WHERE party_no IN", parties)
        others = {visit.guest_no for visit in self.visits.values() if visit.guest_no}
        others |= {visit.asked_member for visit in self.visits.values() if visit.asked_member}
        self.read_guests(others - self.guests.keys())

    def _read_visits(self, sql: str, keys: Iterable[str]) -> None:
        for row in in_parts(sql, keys):
            self.visits[row[0]] = read_visit(row)

    def read_guests(self, guest_nos: Iterable[str]) -> None:
        """Guests, and those who are one client with them."""
        wanted = set(guest_nos)
        by_phone = "phone" in self.rules.one_client
        by_unit = bool(self.rules.one_client & {"household", "company"})
        sql = f"SELECT {_GUEST}, phone_key FROM guests WHERE"
        while wanted:
            phones: set[str] = set()
            units: set[str] = set()
            found = list(in_parts(f"{sql} guest_no IN", wanted))
            for row in found:
                phones |= {row[7]} if by_phone and row[7] else set()
                units |= {row[3]} if by_unit and row[3] else set()
            kin = [
                *in_parts("SELECT guest_no FROM guests WHERE phone_key IN", phones),
                *in_parts("SELECT guest_no FROM guests WHERE unit IN", units),
            ]
            known = set(self.guests)
            for row in found:
                self.guests[row[0]] = Guest(*row[:7])
            wanted = {row[0] for row in kin} - known - self.guests.keys()

    def around(self, staff: dict[str, Employee]) -> Around:
        of = clients(self.guests.values(), self.rules.one_client)

        def client(guest_no: str) -> str:
            return of.get(guest_no, guest_no)

        contacts: defaultdict[str, list[Contact]] = defaultdict(list)
        for row in in_parts(f"{CONTACTS} WHERE guest_no IN", self.guests):
            contacts[client(row[2])].append(read_contact(row))
        visits: defaultdict[str, list[Visit]] = defaultdict(list)
        parties: defaultdict[tuple[date, str], list[Visit]] = defaultdict(list)
        for visit in self.visits.values():
            if visit.guest_no:
                visits[client(visit.guest_no)].append(visit)
            if visit.party_no:
                parties[visit.night, visit.party_no].append(visit)
        bookings: defaultdict[tuple[date, str], list[Booked]] = defaultdict(list)
        by_no: dict[str, Booked] = {}
        sql = f"SELECT {BOOKED} FROM bookings WHERE status <> 'cancelled' AND guest_no IN"
        for row in in_parts(sql, self.guests):
            booked = read_booked(row)
            by_no[booked.booking_no] = booked
            bookings[booked.night, client(row[6])].append(booked)
        heirs: defaultdict[str, list[Heir]] = defaultdict(list)
        sql = "SELECT guest_no, from_night, from_staff_no, to_staff_no FROM heirs WHERE guest_no IN"
        for guest_no, since, giver, taker in in_parts(sql, self.guests):
            heirs[client(guest_no)].append(Heir(guest_no, night_of(since), giver, taker))
        sql = "SELECT visit_no, staff_no FROM turns WHERE staff_no IS NOT NULL AND visit_no IN"
        return Around(
            client_of=of,
            guests=self.guests,
            contacts=contacts,
            visits=visits,
            visit_by_no=self.visits,
            parties=parties,
            bookings=bookings,
            booking_by_no=by_no,
            received=dict(in_parts(sql, self.visits)),
            heirs=heirs,
            served={},
            disqualified=_breaches(self.rules),
            staff=staff,
        )


def read_booked(row: Any) -> Booked:
    """A booking of a row of its columns, in order."""
    booking_no, night, source, staff_no, booked_at, arrived_at, guest_no, size, visit_no = row[:9]
    return Booked(
        booking_no, night_of(night), source or "staff", staff_no, booked_at, arrived_at, guest_no,
        size, visit_no,
    )  # fmt: skip


def _breaches(rules: GuestRules) -> dict[str, list[Breach]]:
    found: defaultdict[str, list[Breach]] = defaultdict(list)
    sql = "SELECT staff_no, rule, night, note FROM incidents WHERE status = 'recorded' AND rule IN"
    for staff_no, rule, night, note in in_parts(sql, rules.after.disqualified):
        found[staff_no].append(Breach(rule, night_of(night), _named_in(note)))
    return found


def _named_in(note: str | None) -> frozenset[str]:
    """The guests and sales that a note speaks of by their numbers."""
    words = set((note or "").replace(",", " ").replace("，", " ").replace("、", " ").split())
    named = {row[0] for row in in_parts("SELECT guest_no FROM guests WHERE guest_no IN", words)}
    named |= {row[0] for row in in_parts("SELECT deal_no FROM deals WHERE deal_no IN", words)}
    return frozenset(named | {word for word in words if word.startswith("booking:")})
