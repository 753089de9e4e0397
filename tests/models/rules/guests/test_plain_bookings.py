"""By which rulebooks a booking of which nothing more is known is wholly whoever's wrote it in: those
are summed as they stand, so that a wrong yes would pay the wrong person."""

import re

import pytest

from models.rules import shipped
from models.rules.guests.plain_bookings import is_bookers

NIGHTLIFE = shipped.load("nightlife").source


@pytest.mark.parametrize(
    ("text", "bookers"),
    [
        (NIGHTLIFE, True),
        (shipped.load("club").source, True),
        (re.sub(r"\n# The guest desk\..*", "", NIGHTLIFE, flags=re.S), True),
        (NIGHTLIFE.replace('owner = "booker"', 'owner = "house"'), False),
        (shipped.load("property_sales").source, False),
        # Whom a rule disqualifies is no matter of the booking alone.
        (NIGHTLIFE.replace("[after]\n", '[after]\ndisqualified = ["booking_fraud"]\n'), False),
    ],
)
def test_whose_a_plain_booking_is(text: str, *, bookers: bool) -> None:
    assert is_bookers(shipped.parse(text).guests) is bookers
