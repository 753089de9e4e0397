"""Whose a guest is: at the door, and when a sale is made.

The rulebook's owners are asked from the top; the first whose `when` holds, and which names somebody
who is there to have it, says whose. Pure.
"""

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from models.rules.guests.contacts import FOLLOW_UP, ClientContacts
from models.rules.guests.facts import Around, Booked, Contact, Deal, Heir, Visit
from models.rules.guests.rulebook import HOUSE, GuestRules, OwnerRule, Range, Wanted, When
from models.values.nights import Instant, month_of

_NEVER = 1 << 62


class Owned(NamedTuple):
    """Whose it is and by which rule; `staff_no` None: the house's."""

    staff_no: str | None
    rule: OwnerRule | None
    since: Contact | None = None
    """The contact that the register decided by, where it did."""

    @property
    def final(self) -> bool:
        return self.rule is not None and self.rule.final


def owner_at_door(visit: Visit, around: Around, rules: GuestRules) -> Owned | None:
    """Whose the guest of a visit is as they come in; None: nobody's yet, whoever receives them."""
    return Circumstances.of_visit(visit, around, rules).known_owner()


@dataclass
class Circumstances:
    """What a rule's `when` may ask about one sale, or one visit."""

    around: Around
    rules: GuestRules
    night: date
    at: Instant | None
    guest_no: str | None
    """The guest whose contacts count."""
    payer_no: str | None
    kind: str | None
    """The deal's; None at the door."""
    buyers: int
    closer: str | None
    visit: Visit | None
    booking: Booked | None
    found_on: date
    deal_no: str | None = None

    def __post_init__(self) -> None:
        self._answers: dict[str, Answer] = {}

    @classmethod
    def of_sale(cls, deal: Deal, around: Around, rules: GuestRules) -> "Circumstances":
        booking = around.booking_by_no.get(deal.booking_no or "")
        subject = deal.guest_no
        if rules.after.subject == "user" and deal.user_no is not None:
            subject = deal.user_no
        return cls(
            around=around,
            rules=rules,
            night=deal.night,
            at=deal.at,
            guest_no=subject,
            payer_no=deal.guest_no,
            kind=deal.kind,
            buyers=deal.buyers,
            closer=deal.closer_no,
            visit=_visit_of(deal, around),
            booking=booking,
            found_on=deal.night,
            deal_no=deal.deal_no,
        )

    @classmethod
    def of_visit(cls, visit: Visit, around: Around, rules: GuestRules) -> "Circumstances":
        return cls(
            around=around,
            rules=rules,
            night=visit.night,
            at=visit.at,
            guest_no=visit.guest_no,
            payer_no=visit.guest_no,
            kind=None,
            buyers=1,
            closer=None,
            visit=visit,
            booking=None,
            found_on=visit.night,
        )

    # Whose it is

    def owner(self) -> Owned:
        """Whose a sale is. Where no rule names anybody it is whoever closed it, or the house's."""
        for rule in self.rules.owners:
            if self.holds(rule.when):
                owned = self._resolve(rule)
                if owned is not None:
                    return owned
        return Owned(self.closer if self._may_own(self.closer) else None, None)

    def known_owner(self) -> Owned | None:
        """Whose the guest already is, by a rule that doesn't ask who receives or closes."""
        for rule in self.rules.owners:
            if rule.owner in ("closer", "turn", HOUSE):
                continue
            if self.holds(rule.when):
                owned = self._resolve(rule)
                if owned is not None:
                    return owned
        return None

    def _resolve(self, rule: OwnerRule) -> Owned | None:
        if rule.owner == HOUSE:
            return Owned(None, rule)
        if rule.owner == "first_recorded":
            first = self.first_recorded
            return Owned(first[0], rule, first[1]) if first is not None else None
        staff_no = self._named_by(rule.owner)
        return Owned(staff_no, rule) if self._may_own(staff_no) else None

    def _named_by(self, word: str) -> str | None:
        if word == "consultant":
            return self.consultant
        if word == "heir":
            return self.heir.to_staff_no if self.heir is not None else None
        if word == "closer":
            return self.closer
        if word == "voucher":
            return self.visit.voucher_of if self.visit is not None else None
        if word == "booker":
            return self.booked[1]
        if word == "turn":
            return self.receiver or self.closer
        naming = self.visit.naming if self.visit is not None else None
        if naming is None:
            return None
        if word == "named":
            return naming[1]
        return self._consultant_in_service(naming[1])

    def _may_own(self, staff_no: str | None) -> bool:
        return (
            staff_no is not None
            and self.around.employed(staff_no, self.night)
            and not self.disqualified(staff_no)
        )

    # What a `when` asks

    def holds(self, when: When) -> bool:
        # A month asks this ten times a sale.
        answers = self._answers
        for word, wanted in when.items():
            if word not in answers:
                answers[word] = OWNER_ANSWERS[word](self)
            if not fits(answers[word], wanted):
                return False
        return True

    def answer(self, word: str) -> "Answer":
        """What a word of a `when` is answered by: asked once, however many rules ask."""
        if word not in self._answers:
            self._answers[word] = OWNER_ANSWERS[word](self)
        return self._answers[word]

    def as_found_on(self, night: date) -> "Circumstances":
        """The same, of a claim that was found on another night."""
        if night == self.found_on:
            return self
        other = copy(self)  # with what was worked out already
        other.found_on = night
        other.__dict__.pop("first_recorded", None)
        other._answers = {
            word: answer
            for word, answer in self._answers.items()
            if word not in ("followed", "recorded")
        }
        return other

    @cached_property
    def contacts(self) -> ClientContacts:
        return ClientContacts(self.around.client(self.guest_no), self.around, self.rules)

    @cached_property
    def consultant(self) -> str | None:
        return self._consultant_of(self.guest_no)

    @property
    def consultant_state(self) -> str:
        if self.consultant is None:
            return "none"
        return "employed" if self.around.employed(self.consultant, self.night) else "left"

    @cached_property
    def heir(self) -> Heir | None:
        return self._heir_of(self.guest_no)

    @property
    def receiver(self) -> str | None:
        """Who received the visit: `Around.receiver`."""
        return self.around.receiver(self.visit) if self.visit is not None else None

    @property
    def named(self) -> str:
        naming = self.visit.naming if self.visit is not None else None
        return naming[0] if naming is not None else "none"

    @property
    def registered(self) -> bool:
        """Whether the client came through the register of visitors, by the sale's night."""
        return self.visit is not None

    @property
    def party(self) -> int:
        """How many came together."""
        guests = {visit.guest_no or f"visit:{visit.visit_no}" for visit in self._party_visits}
        size = self.booking.party_size if self.booking is not None else None
        return max(len(guests), size or 1)

    @cached_property
    def party_contacts(self) -> list[ClientContacts]:
        """The contacts of everybody who came together, each client once."""
        clients = {self.around.client(self.guest_no)}
        clients |= {self.around.client(visit.guest_no) for visit in self._party_visits}
        own = self.around.client(self.guest_no)
        return [
            self.contacts if client == own else ClientContacts(client, self.around, self.rules)
            for client in sorted(client for client in clients if client is not None)
        ]

    @cached_property
    def _party_visits(self) -> list[Visit]:
        if self.visit is None:
            return []
        if self.visit.party_no is None:
            return [self.visit]
        return list(self.around.parties.get((self.visit.night, self.visit.party_no), [self.visit]))

    @property
    def followed(self) -> bool:
        """Whether anybody's follow-up of the client speaks."""
        return any(
            self.around.employed(each.staff_no, self.night)
            for each in self.contacts.speaking([FOLLOW_UP], self.night, self.found_on)
        )

    @cached_property
    def booked(self) -> tuple[str, str | None]:
        """Who booked (`staff`, `guest` or `none`), and which staffer. Of several bookings of one
        client for the night, or of one party, the earliest decides."""
        own = self.booking
        if own is not None and own.source != "staff":
            return ("guest" if own.source == "guest" else "none"), None
        clients = {self.around.client(no) for no in (self.guest_no, self.payer_no)}
        clients |= {self.around.client(visit.guest_no) for visit in self._party_visits}
        found = {
            booking.booking_no: booking
            for client in clients
            if client is not None
            for booking in self.around.bookings.get((self.night, client), ())
        }
        if own is not None:
            found[own.booking_no] = own
        by_staff = [
            booking
            for booking in found.values()
            if booking.source == "staff"
            and self._in_time(booking)
            and self.around.employed(booking.staff_no, self.night)
        ]
        if by_staff:
            return "staff", min(by_staff, key=_order_of_booking).staff_no
        by_guest = any(booking.source == "guest" for booking in found.values())
        return ("guest" if by_guest else "none"), None

    def _in_time(self, booking: Booked) -> bool:
        touch = self.rules.touches.get("booking")
        if touch is None or not touch.before_arrival or booking.booked_at is None:
            return True
        visit = self.around.visit_by_no.get(booking.visit_no or "")
        arrived_at = booking.arrived_at
        if arrived_at is None and visit is not None:
            arrived_at = visit.at
        return arrived_at is None or booking.booked_at <= arrived_at

    @cached_property
    def first_recorded(self) -> tuple[str, Contact] | None:
        """Whoever had the earliest contact that makes a client of the guest, or was given the
        guest when they left."""
        for contact in sorted(self._owning(), key=lambda each: (each.at, each.contact_no)):
            if self._may_own(contact.staff_no):
                return contact.staff_no, contact
            if self.disqualified(contact.staff_no):
                continue
            if self.heir is not None and self.heir.from_staff_no in (None, contact.staff_no):
                return self.heir.to_staff_no, contact
        return None

    def _owning(self) -> Iterator[Contact]:
        kinds = [kind for kind, touch in self.rules.touches.items() if touch.owns]
        for contact in self.contacts.speaking(kinds, self.night, self.found_on):
            if self.at is not None and contact.at > self.at:
                continue
            if (
                self.visit is not None
                and self.kind is None
                and contact.contact_no == f"visit:{self.visit.visit_no}"
            ):
                continue  # at this door
            yield contact

    def disqualified(self, staff_no: str) -> bool:
        """Whether the staffer did what loses them the guest: a contact that is void for it, or an
        incident that speaks of the guest, or else lies between their first contact and the end of
        the sale's month."""
        losing = self.rules.after.disqualified
        if not losing:
            return False
        own = [each for each in self.contacts.contacts if each.staff_no == staff_no]
        if any(each.void in losing for each in own):
            return True
        since = min((each.night for each in own), default=self.night)
        for breach in self.around.disqualified.get(staff_no, ()):
            if breach.rule not in losing:
                continue
            if breach.about:
                if breach.about & {self.guest_no, self.payer_no, self.deal_no}:
                    return True
            elif since <= breach.night and month_of(breach.night) <= month_of(self.night):
                return True
        return False

    def _consultant_of(self, guest_no: str | None) -> str | None:
        client = self.around.client(guest_no)
        if client is None:
            return None
        guests = [
            each for no, each in self.around.guests.items() if self.around.client(no) == client
        ]
        for guest in sorted(guests, key=lambda each: (each.guest_no != guest_no, each.guest_no)):
            if guest.consultant_no is not None:
                return guest.consultant_no
        served = [sale for sale in self.around.served.get(client, ()) if sale[0] < self.night]
        return max(served)[1] if served else None

    def _heir_of(self, guest_no: str | None) -> Heir | None:
        client = self.around.client(guest_no)
        given = [
            heir
            for heir in self.around.heirs.get(client or "", ())
            if heir.from_night <= self.night
        ]
        if not given:
            return None
        latest = max(given, key=lambda heir: (heir.from_night, heir.guest_no))
        return latest if self.around.employed(latest.to_staff_no, self.night) else None

    def _consultant_in_service(self, guest_no: str) -> str | None:
        consultant = self._consultant_of(guest_no)
        if self.around.employed(consultant, self.night):
            return consultant
        heir = self._heir_of(guest_no)
        return heir.to_staff_no if heir is not None else None


Answer = bool | int | str | None

OWNER_ANSWERS: Mapping[str, Callable[[Circumstances], Answer]] = {
    "deal": lambda it: it.kind,
    "consultant": lambda it: it.consultant_state,
    "heir": lambda it: it.heir is not None,
    "named": lambda it: it.named,
    "voucher": lambda it: it.visit is not None and it.visit.voucher_of is not None,
    "registered": lambda it: it.registered,
    "booked": lambda it: it.booked[0],
    "recorded": lambda it: it.first_recorded is not None,
    "followed": lambda it: it.followed,
    "party": lambda it: it.party,
    "buyers": lambda it: it.buyers,
}
"""What each word of an owner's `when` is answered by."""


def fits(answer: Answer, wanted: Wanted) -> bool:
    """Whether an answer is what a `when` wants."""
    if wanted is True or wanted is False:
        return answer is wanted
    if type(wanted) is Range:
        return isinstance(answer, int) and wanted.holds(answer)
    return answer in wanted


def _visit_of(deal: Deal, around: Around) -> Visit | None:
    """The visit that led to a sale: the one it names, else the client's latest until then."""
    if deal.visit_no is not None and deal.visit_no in around.visit_by_no:
        return around.visit_by_no[deal.visit_no]
    for guest_no in (deal.guest_no, deal.user_no):
        client = around.client(guest_no)
        before = [
            visit
            for visit in (around.visits.get(client, ()) if client is not None else ())
            if visit.night <= deal.night
        ]
        if before:
            return max(
                before, key=lambda visit: (not _after(visit, deal), visit.at, visit.visit_no)
            )
    return None


def _after(visit: Visit, deal: Deal) -> bool:
    return deal.at is not None and visit.at > deal.at


def _order_of_booking(booking: Booked) -> tuple[Instant, str]:
    return (_NEVER if booking.booked_at is None else booking.booked_at, booking.booking_no)
