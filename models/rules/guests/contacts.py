"""Which contacts speak for their staffers on a day.

A contact speaks on day d if its kind's validity reaches d, it is signed where the kind asks for
that, its number holds, and it isn't void. Pure.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from models.rules.guests.facts import Around, Contact, Visit
from models.rules.guests.rulebook import GuestRules, Number, Touch, Validity
from models.values.nights import months_on

FOLLOW_UP = "follow_up"
APPOINTMENT = "appointment"


def last_day(day: date, valid: Validity) -> date:
    """The last day on which a contact for `day` is valid: to the same number some months on, or
    that month's last."""
    if valid.ever:
        return date.max
    if valid.months is None:
        return day
    return months_on(day, valid.months)


class ClientContacts:
    """One client's contacts, as one rulebook reads them."""

    def __init__(self, client: str | None, around: Around, rules: GuestRules) -> None:
        self.around = around
        self.rules = rules
        found = around.contacts.get(client, ()) if client is not None else ()
        visits = around.visits.get(client, ()) if client is not None else ()
        self.contacts = [*found, *_received(visits, around, rules)]
        if len(self.contacts) > 1:
            self.contacts.sort(key=lambda each: (each.day, each.at, each.contact_no))
        self._void = self._overtaken()
        self._speaking: dict[tuple[date, date], list[Contact]] = {}

    def speaking(self, kinds: Iterable[str], day: date, found_on: date) -> list[Contact]:
        """Those of some kinds that speak on a day, of a claim that was found on another; the
        earliest first."""
        found = self._speaking.get((day, found_on))
        if found is None:
            found = self._speaking[day, found_on] = [
                each
                for each in self.contacts
                if each.kind in self.rules.touches and self._speaks(each, day, found_on)
            ]
        return [each for each in found if each.kind in kinds] if found else found

    def first(
        self, staff_no: str | None, kinds: Iterable[str], day: date, found_on: date
    ) -> Contact | None:
        """A staffer's earliest that speaks; None of nobody's."""
        for each in self.speaking(kinds, day, found_on):
            if each.staff_no == staff_no:
                return each
        return None

    def _speaks(self, contact: Contact, day: date, found_on: date) -> bool:
        return (
            contact.contact_no not in self._void
            and self._sound(contact, day, found_on)
            and self._reaches(contact, day)
        )

    def _reaches(self, contact: Contact, day: date) -> bool:
        since = contact.day
        return since <= day and (since == day or day <= last_day(since, self._touch(contact).valid))

    def _touch(self, contact: Contact) -> Touch:
        return self.rules.touches[contact.kind]

    def _sound(self, contact: Contact, day: date, found_on: date | None) -> bool:
        """Whether it holds of itself. Without `found_on` no claim is asked about."""
        touch, number = self._touch(contact), self.rules.number
        if contact.void is not None and (
            contact.void == "yes"
            or contact.void in touch.void_if
            or contact.void in self.rules.after.disqualified
        ):
            return False
        if touch.signed and contact.signed_by is None:
            return False
        return self._number_holds(contact, day, found_on, number)

    def _number_holds(
        self, contact: Contact, day: date, found_on: date | None, number: Number
    ) -> bool:
        if contact.number == "overwritten":
            return number.overwritten == "valid"
        if contact.number == "unreachable" and number.unreachable_days is not None:
            reached = contact.reached_on
            return reached is not None and (
                found_on is None or (reached - found_on).days <= number.unreachable_days
            )
        if contact.number == "masked" and number.masked != "valid":
            return number.masked == "if_followed" and self._followed(contact, day)
        return True

    def _followed(self, contact: Contact, day: date) -> bool:
        """Whether a whole follow-up of the same staffer bears a masked number out."""
        return any(
            each.staff_no == contact.staff_no
            and each.kind == FOLLOW_UP
            and each.number != "masked"
            and each.contact_no not in self._void
            and self._sound(each, day, None)
            and self._reaches(each, day)
            for each in self.contacts
            if each.kind in self.rules.touches
        )

    def _overtaken(self) -> frozenset[str]:
        """Those that are void because, on their day, somebody else held a valid one of the kind
        from an earlier day. What is void itself makes nothing void."""
        self._void = frozenset()
        if len(self.contacts) < 2:
            return self._void
        if not any(touch.second_void for touch in self.rules.touches.values()):
            return self._void
        standing: list[Contact] = []
        void: set[str] = set()
        for each in self.contacts:
            if each.kind not in self.rules.touches or not self._touch(each).second_void:
                continue
            if any(
                other.kind == each.kind
                and other.staff_no != each.staff_no
                and other.day < each.day
                and self._reaches(other, each.day)
                and self.around.employed(other.staff_no, each.day)
                for other in standing
            ):
                void.add(each.contact_no)
                self._void = frozenset(void)
            elif self._sound(each, each.day, None):
                standing.append(each)
        return frozenset(void)


def _received(visits: Sequence[Visit], around: Around, rules: GuestRules) -> list[Contact]:
    """The visits that a staffer received, as contacts of kind `visit`."""
    if "visit" not in rules.touches:
        return []
    contacts = []
    for visit in visits:
        receiver = around.receiver(visit)
        if receiver is not None:
            contacts.append(
                Contact(
                    f"visit:{visit.visit_no}",
                    receiver,
                    visit.guest_no or "",
                    "visit",
                    visit.at,
                    visit.night,
                )
            )
    return contacts
