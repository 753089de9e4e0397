"""The guest desk's facts as values, and all that is known around one guest, as the judgements take
it. Instants are UTC seconds, nights dates, amounts cents."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from models.values.nights import Instant


class Guest(NamedTuple):
    """Somebody on the register. `unit` is their household or company."""

    guest_no: str
    name: str | None = None
    phone: str | None = None
    unit: str | None = None
    kind: str = "guest"
    introduced_by: str | None = None
    consultant_no: str | None = None


class Contact(NamedTuple):
    """A sheet, an appointment, a call: what a staffer had to do with a guest."""

    contact_no: str
    staff_no: str
    guest_no: str
    kind: str
    at: Instant
    night: date
    """The night of `at`."""
    for_night: date | None = None
    number: str = "full"
    reached_on: date | None = None
    signed_by: str | None = None
    answered: bool | None = None
    void: str | None = None
    """Why it doesn't hold: `yes`, or the code of what was done wrong."""

    @property
    def day(self) -> date:
        """The day it is for."""
        return self.night if self.for_night is None else self.for_night


class Visit(NamedTuple):
    """Somebody at the door."""

    visit_no: str
    night: date
    at: Instant
    guest_no: str | None = None
    party_no: str | None = None
    asked_been: bool | None = None
    asked_for_whom: bool | None = None
    asked_appointment: bool | None = None
    asked_for: str | None = None
    """The staffer whom the guest named."""
    asked_member: str | None = None
    """The member whom the guest named."""
    asked_before_tour: bool | None = None
    prompted: bool | None = None
    voucher_of: str | None = None
    received_by: str | None = None
    left_at: Instant | None = None

    @property
    def naming(self) -> tuple[str, str] | None:
        """Whom the guest named (`staff` or `member`, and who), unless it was after the tour or
        somebody put it into their mouth."""
        if self.asked_before_tour is False or self.prompted:
            return None
        if self.asked_for is not None:
            return "staff", self.asked_for
        if self.asked_member is not None:
            return "member", self.asked_member
        return None


class Deal(NamedTuple):
    """A sale. One that is a booking whose guests have left is numbered `booking:<booking_no>`."""

    deal_no: str
    night: date
    at: Instant | None
    closer_no: str | None
    guest_no: str | None
    user_no: str | None = None
    kind: str = "new"
    buyers: int = 1
    visit_no: str | None = None
    phone: str | None = None
    same_person_note_at: Instant | None = None
    amount: int = 0
    booking_no: str | None = None


class Booked(NamedTuple):
    """A booking as far as it says whose a guest is. `source` is `staff`, `guest` or `walk_in`."""

    booking_no: str
    night: date
    source: str
    staff_no: str | None
    booked_at: Instant | None
    arrived_at: Instant | None
    guest_no: str | None
    party_size: int | None = None
    visit_no: str | None = None


class Claim(NamedTuple):
    """That a staffer says a sale is theirs, and on which night they found it."""

    deal_no: str
    staff_no: str
    found_on: date


class Heir(NamedTuple):
    """That a leaver's guest was given to somebody from a night on."""

    guest_no: str
    from_night: date
    from_staff_no: str | None
    to_staff_no: str


class Employee(Protocol):
    """What the judgements ask of a staffer."""

    def employed(self, night: date) -> bool: ...


class Around(NamedTuple):
    """All that is known around the guests of one sale or one visit; the order is of no matter.

    A client is named by any one of its guests' numbers, the same one throughout.
    """

    client_of: Mapping[str, str] = {}
    """The client that a guest is, by guest_no; one that isn't named is a client alone."""
    guests: Mapping[str, Guest] = {}
    contacts: Mapping[str, Sequence[Contact]] = {}
    """By client."""
    visits: Mapping[str, Sequence[Visit]] = {}
    """By client."""
    visit_by_no: Mapping[str, Visit] = {}
    parties: Mapping[tuple[date, str], Sequence[Visit]] = {}
    """By night and party_no."""
    bookings: Mapping[tuple[date, str], Sequence[Booked]] = {}
    """Those that weren't cancelled, by night and client."""
    booking_by_no: Mapping[str, Booked] = {}
    received: Mapping[str, str] = {}
    """Who got a visit by the order of turns, by visit_no."""
    heirs: Mapping[str, Sequence[Heir]] = {}
    """By client."""
    served: Mapping[str, Sequence[tuple[date, str]]] = {}
    """By client, who served it after an earlier sale: (night of the sale, staff_no)."""
    disqualified: Mapping[str, Sequence["Breach"]] = {}
    """By staffer, what they did that may lose them a sale."""
    staff: Mapping[str, Employee] = {}

    def client(self, guest_no: str | None) -> str | None:
        if guest_no is None:
            return None
        return self.client_of.get(guest_no, guest_no)

    def employed(self, staff_no: str | None, night: date) -> bool:
        person = self.staff.get(staff_no) if staff_no is not None else None
        return person is not None and person.employed(night)

    def receiver(self, visit: Visit) -> str | None:
        """Who received a visit: as written on it, else by the order of turns."""
        return visit.received_by or self.received.get(visit.visit_no)


class Breach(NamedTuple):
    """A recorded incident against a staffer. `about` names the guests and sales that its note
    speaks of; none: whichever it may concern by its night."""

    rule: str
    night: date
    about: frozenset[str] = frozenset()
