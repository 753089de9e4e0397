"""Whose a plain booking is: one of which nothing more is known than who wrote it in. Pure."""

from datetime import date
from typing import NamedTuple

from models.rules.guests.credit import credit
from models.rules.guests.facts import Around, Booked, Deal
from models.rules.guests.rulebook import GuestRules


class _Anybody(NamedTuple):
    def employed(self, night: date) -> bool:
        return True


def is_bookers(rules: GuestRules | None) -> bool:
    """Whether it is wholly whoever's wrote it in. So it is where there is no guest desk."""
    if rules is None:
        return True
    if rules.after.disqualified:
        return False
    night = date(2026, 1, 1)
    booked = Booked("1", night, "staff", "s", None, None, None)
    known = Around(booking_by_no={"1": booked}, staff={"s": _Anybody()})
    deal = Deal("booking:1", night, None, "s", None, amount=1, booking_no="1")
    [*shares] = credit(deal, [], known, rules).shares
    return [each.staff_no for each in shares] == ["s"]
