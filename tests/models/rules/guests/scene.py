"""A small scene around one sale, told in the words of the worked examples."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from zoneinfo import ZoneInfo

from models.rules import shipped
from models.rules.guests.credit import Credit, CreditDecision, credit
from models.rules.guests.facts import (
    Around,
    Booked,
    Breach,
    Claim,
    Contact,
    Deal,
    Guest,
    Heir,
    Visit,
)
from models.rules.guests.register import clients
from models.rules.guests.rulebook import GuestRules
from models.values.nights import Calendar, Instant, parse_night

YEAR = 2026


def night(text: str) -> date:
    """`11-10` as the night of 2026-11-10."""
    return parse_night(f"{YEAR}-{text}")


def calendar(rulebook: str) -> Calendar:
    book = shipped.load(rulebook)
    return Calendar(ZoneInfo("Asia/Shanghai"), [(date(YEAR, 1, 1), book.day_start)])


def guest_rules(rulebook: str) -> GuestRules:
    rules = shipped.load(rulebook).guests
    assert rules is not None
    return rules


class Person:
    """A staffer of a scene, from the beginning until they left, and again since they are back."""

    def __init__(self, left_on: date | None = None, back_on: date | None = None) -> None:
        self.left_on = left_on
        self.back_on = back_on

    def employed(self, night: date) -> bool:
        if self.left_on is None or night <= self.left_on:
            return True
        return self.back_on is not None and self.back_on <= night


@dataclass
class Scene:
    """What happened around one sale. Times of day are wall times of the venue."""

    rulebook: str = "club"
    rules: GuestRules | None = None
    staff: dict[str, Person] = field(default_factory=lambda: {each: Person() for each in "ABCDEF"})
    guests: dict[str, Guest] = field(default_factory=dict)
    contacts: list[Contact] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    heirs: list[Heir] = field(default_factory=list)
    bookings: list[Booked] = field(default_factory=list)
    received: dict[str, str] = field(default_factory=dict)
    served: dict[str, list[tuple[date, str]]] = field(default_factory=dict)
    breaches: dict[str, list[Breach]] = field(default_factory=dict)
    sale: Deal | None = None
    decision: CreditDecision | None = None

    def __post_init__(self) -> None:
        self.calendar = calendar(self.rulebook)
        self.rules = self.rules or guest_rules(self.rulebook)

    def at(self, day: str, clock: str) -> Instant:
        return self.calendar.parse(f"{YEAR}-{day}T{clock}")

    def guest(self, guest_no: str, **known: str) -> "Scene":
        self.guests[guest_no] = Guest(guest_no, **known)
        return self

    def contact(
        self,
        staff_no: str,
        kind: str,
        day: str,
        clock: str = "12:00",
        guest_no: str = "w",
        for_night: str | None = None,
        signed_by: str | None = "boss",
        number: str = "full",
        reached_on: str | None = None,
        void: str | None = None,
    ) -> "Scene":
        at = self.at(day, clock)
        self.contacts.append(
            Contact(
                f"c{len(self.contacts):02}", staff_no, guest_no, kind, at, self.calendar.night(at),
                night(for_night) if for_night else None, number,
                night(reached_on) if reached_on else None, signed_by, None, void,
            )
        )  # fmt: skip
        return self

    def follow_up(self, staff_no: str, day: str, clock: str = "12:00", **more: str) -> "Scene":
        return self.contact(staff_no, "follow_up", day, clock, **more)  # type: ignore[arg-type]

    def appointment(
        self, staff_no: str, for_night: str, clock: str = "12:00", **more: str | None
    ) -> "Scene":
        return self.contact(
            staff_no,
            "appointment",
            for_night,
            clock,
            for_night=for_night,
            **more,  # type: ignore[arg-type]
        )

    def visit(
        self,
        day: str,
        clock: str = "15:00",
        guest_no: str | None = "w",
        received_by: str | None = None,
        **more: object,
    ) -> "Scene":
        at = self.at(day, clock)
        self.visits.append(
            Visit(
                f"v{len(self.visits):02}", self.calendar.night(at), at, guest_no,
                received_by=received_by, **more,  # type: ignore[arg-type]
            )
        )  # fmt: skip
        return self

    def deal(
        self,
        day: str,
        clock: str = "16:00",
        guest_no: str | None = "w",
        closer_no: str | None = "B",
        amount: int = 288001,
        **more: object,
    ) -> "Scene":
        at = self.at(day, clock)
        self.sale = Deal(
            "d1", self.calendar.night(at), at, closer_no, guest_no, amount=amount,
            **more,  # type: ignore[arg-type]
        )  # fmt: skip
        return self

    def booked(
        self,
        booking_no: str,
        staff_no: str | None,
        day: str,
        clock: str,
        guest_no: str | None = "w",
        source: str = "staff",
        booked_at: str | None = None,
        arrived_at: str | None = None,
        visit_no: str | None = None,
    ) -> "Scene":
        """A booking for a night (`clock` is when it was made)."""
        self.bookings.append(
            Booked(
                booking_no, night(day), source, staff_no, self.at(booked_at or day, clock),
                self.at(day, arrived_at) if arrived_at else None, guest_no, None, visit_no,
            )
        )  # fmt: skip
        return self

    def left(self, booking_no: str, amount: int = 288000) -> "Scene":
        """Makes the sale of a booking whose guests have left."""
        own = next(each for each in self.bookings if each.booking_no == booking_no)
        visit = next((each for each in self.visits if each.visit_no == own.visit_no), None)
        closer = own.staff_no or (
            (visit.received_by or self.received.get(visit.visit_no)) if visit else None
        )
        self.sale = Deal(
            f"booking:{booking_no}", own.night, None, closer, own.guest_no,
            visit_no=own.visit_no, amount=amount, booking_no=booking_no,
        )  # fmt: skip
        return self

    def turn(self, visit_no: str, staff_no: str) -> "Scene":
        self.received[visit_no] = staff_no
        return self

    def claim(self, staff_no: str, found_on: str) -> "Scene":
        self.claims.append(Claim("d1", staff_no, night(found_on)))
        return self

    def around(self) -> Around:
        assert self.rules is not None
        numbers = {
            *(each.guest_no for each in self.contacts),
            *(each.guest_no for each in self.visits if each.guest_no),
            *(each.guest_no for each in self.bookings if each.guest_no),
            *(each.guest_no for each in self.heirs),
        }
        for number in numbers - self.guests.keys():
            self.guest(number)
        of = clients(self.guests.values(), self.rules.one_client)

        def grouped(facts: Iterable) -> dict:  # type: ignore[type-arg]
            found = defaultdict(list)
            for fact in facts:
                if fact.guest_no:
                    found[of[fact.guest_no]].append(fact)
            return found

        parties = defaultdict(list)
        for visit in self.visits:
            if visit.party_no:
                parties[visit.night, visit.party_no].append(visit)
        bookings = defaultdict(list)
        for booking in self.bookings:
            if booking.guest_no:
                bookings[booking.night, of[booking.guest_no]].append(booking)
        return Around(
            client_of=of,
            guests=self.guests,
            contacts=grouped(self.contacts),
            visits=grouped(self.visits),
            visit_by_no={visit.visit_no: visit for visit in self.visits},
            parties=parties,
            bookings=bookings,
            booking_by_no={booking.booking_no: booking for booking in self.bookings},
            received=self.received,
            heirs=grouped(self.heirs),
            served=self.served,
            disqualified=self.breaches,
            staff=self.staff,
        )

    def credit(self) -> Credit:
        assert self.sale is not None
        assert self.rules is not None
        return credit(self.sale, self.claims, self.around(), self.rules, self.decision)

    def shares(self) -> dict[str | None, Fraction]:
        return {share.staff_no: share.share for share in self.credit().shares}


def halves(text: str) -> dict[str | None, Fraction]:
    """`A 1/2, B 1/2` as shares; `house` is nobody's."""
    shares: dict[str | None, Fraction] = {}
    for part in text.split(", "):
        who, share = part.split()
        shares[None if who == "house" else who] = Fraction(share)
    return shares
