"""Who has which part of a sale, to the cent, and who looks after the guest from then on."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from models.rules.guests.credit import CreditDecision, Share, in_cents
from tests.models.rules.guests.scene import Person, Scene, guest_rules, halves, night


def ktv(**shares: Fraction) -> Scene:
    """A KTV in which who booked may have a part of a sale alone."""
    rules = guest_rules("nightlife")
    return Scene(
        "nightlife",
        rules._replace(after=rules.after._replace(shares={**rules.after.shares, **shares})),
    )


SEVEN_TENTHS = Fraction(7, 10)


def test_what_the_bookers_part_leaves_is_whoevers_served() -> None:
    scene = ktv(booker=SEVEN_TENTHS).visit("11-10", "21:00", received_by="B", asked_for="C")
    scene.booked("K1", "A", "11-10", "15:00", visit_no="v00").left("K1")
    assert scene.shares() == halves("A 7/10, C 3/10")
    assert scene.credit().serves == "C"


def test_what_the_bookers_part_leaves_is_theirs_where_nobody_else_served() -> None:
    scene = ktv(booker=SEVEN_TENTHS).booked("K1", "A", "11-10", "15:00").left("K1")
    assert scene.shares() == halves("A 1")


def test_the_parts_of_others_are_none_of_a_walk_ins() -> None:
    scene = ktv(booker=SEVEN_TENTHS).visit("11-10", "21:00").turn("v00", "B")
    scene.booked("K1", None, "11-10", "21:01", source="walk_in", visit_no="v00").left("K1")
    assert scene.shares() == halves("B 1")


def test_a_part_of_nothing_is_nobodys_share() -> None:
    scene = ktv(booker=Fraction(0)).visit("11-10", "21:00", asked_for="C")
    scene.booked("K1", "A", "11-10", "15:00", visit_no="v00").left("K1")
    assert scene.shares() == halves("C 1")


def test_who_serves_whoever_named_them_or_received_the_guest() -> None:
    ktv = Scene("nightlife").visit("11-10", "21:00", received_by="B", asked_for="C")
    ktv.booked("K1", "A", "11-10", "15:00", visit_no="v00").left("K1")
    assert (ktv.credit().serves, ktv.shares()) == ("C", halves("A 1"))
    named = (
        Scene("nightlife")
        .guest("m", kind="member")
        .visit("11-10", "21:00", received_by="B", asked_member="m")
    )
    named.booked("K1", "A", "11-10", "15:00", visit_no="v00").left("K1")
    assert named.credit().serves == "B"
    named.staff["B"] = Person(night("11-09"))
    assert named.credit().serves == "A"


@pytest.mark.parametrize(
    ("shares", "serves"),
    [
        ("A 1", "A"),
        ("A 1/2, B 1/2", "B"),  # who closed it
        ("A 1/2, C 1/2", "C"),  # who would serve by the rules
        ("D 1/3, E 2/3", "E"),
        ("D 1/2, E 1/2", "E"),
        ("D 1/2, house 1/2", "D"),
        ("house 1", None),
    ],
)
def test_who_serves_where_a_director_decided(shares: str, serves: str | None) -> None:
    scene = Scene().visit("11-10", received_by="B", asked_for="C").deal("11-10")
    scene.decision = CreditDecision(halves(shares), "x", "boss")
    assert scene.credit().serves == serves
    assert scene.shares() == halves(shares)


@pytest.mark.parametrize(
    ("amount", "shares", "serves", "cents"),
    [
        (100, "A 1/3, B 1/3, C 1/3", "B", {"B": 34, "A": 33, "C": 33}),
        (100, "A 1/3, B 1/3, C 1/3", "Z", {"A": 34, "B": 33, "C": 33}),
        (101, "house 1/2, A 1/2", None, {"A": 51, None: 50}),
        (99, "B 2/3, house 1/3", "B", {"B": 66, None: 33}),
        (100, "A 2/3, B 1/3", "B", {"B": 34, "A": 66}),
        (100, "C 1/3, B 1/3, A 1/3", None, {"A": 34, "B": 33, "C": 33}),
        (7, "A 1", None, {"A": 7}),
    ],
)
def test_the_odd_cents_go_to_whoever_serves_else_to_the_first(
    amount: int, shares: str, serves: str | None, cents: Mapping[str | None, int]
) -> None:
    parts = halves(shares)
    assert in_cents(amount, parts, serves) == tuple(
        Share(who, parts[who], part) for who, part in cents.items()
    )
