"""Who booked for a guest, who had them first, and what loses somebody the guest."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from models.rules.guests.facts import Breach
from tests.models.rules.guests.scene import Scene, guest_rules, night
from tests.models.rules.guests.test_ownership import (
    around,
    club,
    given,
    ktv,
    left,
    office,
    timeless,
)

# Who booked

BOOKED: dict[str, tuple[Callable[[], Scene], tuple[str, str | None]]] = {
    "nobody": (lambda: ktv().booked("K1", None, "11-10", "21:00", source="walk_in").left("K1"), ("none", None)),
    "the guest": (lambda: ktv().booked("K1", None, "11-10", "15:00", source="guest").left("K1"), ("guest", None)),
    "the guest, and a staffer another place": (
        lambda: ktv().booked("K1", None, "11-10", "15:00", source="guest").booked("K2", "B", "11-10", "14:00").left("K1"),
        ("guest", None),
    ),
    "a staffer, and the guest another place": (
        lambda: ktv().booked("K1", "A", "11-10", "15:00").booked("K2", None, "11-10", "14:00", source="guest").left("K1"),
        ("staff", "A"),
    ),
    "the earlier of two staffers": (
        lambda: ktv().booked("K1", "A", "11-10", "15:00").booked("K2", "B", "11-10", "14:00").left("K1"),
        ("staff", "B"),
    ),
    "two in one minute": (
        lambda: ktv().booked("K2", "A", "11-10", "15:00").booked("K1", "B", "11-10", "15:00").left("K2"),
        ("staff", "B"),
    ),
    "one of whom nobody wrote down when": (
        lambda: unwritten(ktv().booked("K1", "A", "11-10", "15:00").booked("K2", "B", "11-10", "16:00").left("K2")),
        ("staff", "B"),
    ),
    "of whom nobody wrote down when, and they came": (
        lambda: unwritten(ktv().booked("K1", "A", "11-10", "15:00", arrived_at="21:00").left("K1")), ("staff", "A"),
    ),
    "the guest, though somebody was written in": (
        lambda: ktv().booked("K1", "A", "11-10", "15:00").booked("K2", "B", "11-10", "14:00", source="guest").left("K1"),
        ("staff", "A"),
    ),
    "for another night": (
        lambda: ktv().booked("K1", "A", "11-10", "15:00").booked("K2", "B", "11-09", "14:00").left("K1"),
        ("staff", "A"),
    ),
    "a staffer who left, and another": (
        lambda: left(ktv().booked("K1", "A", "11-10", "15:00").booked("K2", "B", "11-10", "14:00").left("K1"), "B"),
        ("staff", "A"),
    ),
    "a staffer who left": (lambda: left(ktv().booked("K1", "A", "11-10", "15:00").left("K1"), "A"), ("none", None)),
    "a staffer who left, and the guest": (
        lambda: left(ktv().booked("K1", "A", "11-10", "15:00").booked("K2", None, "11-10", "14:00", source="guest").left("K1"), "A"),
        ("guest", None),
    ),
    "of whoever came with them": (
        lambda: ktv().visit("11-10", "20:00", party_no="p").visit("11-10", "20:00", guest_no="x", party_no="p")
        .booked("K1", "A", "11-10", "15:00", visit_no="v00").booked("K2", "B", "11-10", "14:00", guest_no="x").left("K1"),
        ("staff", "B"),
    ),
    "of somebody who came alone": (
        lambda: ktv().visit("11-10", "20:00").visit("11-10", "20:00", guest_no="x")
        .booked("K1", "A", "11-10", "15:00", visit_no="v00").booked("K2", "B", "11-10", "14:00", guest_no="x").left("K1"),
        ("staff", "A"),
    ),
    "of a party of another night": (
        lambda: ktv().visit("11-10", "20:00", party_no="p").visit("11-09", "20:00", guest_no="x", party_no="p")
        .booked("K1", "A", "11-10", "15:00", visit_no="v00").booked("K2", "B", "11-10", "14:00", guest_no="x").left("K1"),
        ("staff", "A"),
    ),
    "a place of no guest's": (lambda: ktv().booked("K1", "A", "11-10", "15:00", guest_no=None).left("K1"), ("staff", "A")),
    "as they came": (
        lambda: ktv().booked("K1", "A", "11-10", "21:00", arrived_at="21:00").left("K1"), ("staff", "A"),
    ),
    "after they came": (
        lambda: ktv().booked("K1", "A", "11-10", "21:01", arrived_at="21:00").left("K1"), ("none", None),
    ),
    "after their visit began": (
        lambda: ktv().visit("11-10", "21:00").booked("K1", "A", "11-10", "21:01", visit_no="v00").left("K1"), ("none", None),
    ),
    "before the place's guests came, though the visit began earlier": (
        lambda: ktv().visit("11-10", "20:00").booked("K1", "A", "11-10", "20:30", arrived_at="21:00", visit_no="v00").left("K1"),
        ("staff", "A"),
    ),
    "after they came, where that is of no matter": (
        lambda: anytime(ktv().booked("K1", "A", "11-10", "21:01", arrived_at="21:00").left("K1")), ("staff", "A"),
    ),
    "after they came, of a rulebook that says nothing of bookings": (
        lambda: silent(ktv().booked("K1", "A", "11-10", "21:01", arrived_at="21:00").left("K1")), ("staff", "A"),
    ),
    "of who pays": (
        lambda: Scene().deal("11-10", user_no="u").booked("K1", "A", "11-10", "15:00"), ("staff", "A"),
    ),
    "of who uses it": (
        lambda: Scene().deal("11-10", user_no="u").booked("K1", "A", "11-10", "15:00", guest_no="u"), ("staff", "A"),
    ),
    "of a sale of nobody": (lambda: Scene().deal("11-10", guest_no=None).booked("K1", "A", "11-10", "15:00"), ("none", None)),
}  # fmt: skip


def unwritten(scene: Scene) -> Scene:
    scene.bookings[0] = scene.bookings[0]._replace(booked_at=None)
    return scene


def anytime(scene: Scene) -> Scene:
    assert scene.rules is not None
    touch = scene.rules.touches["booking"]._replace(before_arrival=False)
    scene.rules = scene.rules._replace(touches={"booking": touch})
    return scene


def silent(scene: Scene) -> Scene:
    assert scene.rules is not None
    scene.rules = scene.rules._replace(touches={})
    return scene


@pytest.mark.parametrize("what", BOOKED)
def test_who_booked(what: str) -> None:
    make, booked = BOOKED[what]
    it = around(make())
    assert it.booked == booked
    assert it.answer("booked") == booked[0]


# Who had the guest first

FIRST: dict[str, tuple[Callable[[], Scene], str | None]] = {
    "the earliest": (lambda: office().visit("11-01", received_by="A").visit("10-03", received_by="C"), "C"),
    "of one minute": (lambda: office().visit("11-01", received_by="C").visit("11-01", received_by="A"), "C"),
    "a call makes nobody a client": (lambda: office().contact("A", "call_in", "11-01"), None),
    "as it was sold": (lambda: office().visit("11-05", "16:00", received_by="A"), "A"),
    "after the sale": (lambda: office().visit("11-05", "16:01", received_by="A"), None),
    "nobody knows when it was sold": (lambda: timeless(office()).visit("11-05", "16:01", received_by="A"), "A"),
    "who left": (lambda: left(office().visit("11-01", received_by="A"), "A"), None),
    "who left, and the next": (
        lambda: left(office().visit("10-03", received_by="A").visit("11-01", received_by="C"), "A"), "C",
    ),
    "who left, and their heir": (
        lambda: left(given(office().visit("10-03", received_by="A").visit("11-01", received_by="C"), ("11-01", "A", "E")), "A"), "E",
    ),
    "who left, and an heir of whoever it was": (
        lambda: left(given(office().visit("10-03", received_by="A"), ("11-01", None, "E")), "A"), "E",
    ),
    "who left, and another's heir": (
        lambda: left(given(office().visit("10-03", received_by="A").visit("11-01", received_by="C"), ("11-01", "D", "E")), "A"), "C",
    ),
    "who is there, though there is an heir": (
        lambda: given(office().visit("10-03", received_by="A"), ("11-01", "A", "E")), "A",
    ),
    "who lost the guest has no heir": (
        lambda: lost(given(office().visit("10-03", received_by="A").visit("11-01", received_by="C"), ("11-01", "A", "E")), "A", "10-04"), "C",
    ),
}  # fmt: skip


def lost(scene: Scene, staff_no: str, day: str, *about: str) -> Scene:
    scene.breaches = {staff_no: [Breach("asked_client", night(day), frozenset(about))]}
    return scene


@pytest.mark.parametrize("what", FIRST)
def test_who_had_the_guest_first(what: str) -> None:
    make, staff_no = FIRST[what]
    first = around(make()).first_recorded
    assert (first[0] if first is not None else None) == staff_no


@pytest.mark.parametrize(
    ("day", "about", "loses"),
    [
        ("10-02", (), False),  # before they had anything to do with the guest
        ("10-03", (), True),
        ("11-05", (), True),
        ("11-30", (), True),
        ("12-01", (), False),  # of the month after the sale's
        ("10-02", ("w",), True),
        ("10-02", ("d1",), True),
        ("10-02", ("pays",), True),
        ("11-05", ("another",), False),
    ],
)
def test_what_loses_somebody_the_guest(day: str, about: tuple[str, ...], loses: bool) -> None:
    scene = Scene("property_sales").visit("10-03", received_by="A")
    assert scene.rules is not None
    scene.rules = scene.rules._replace(after=scene.rules.after._replace(subject="user"))
    scene.deal("11-05", guest_no="pays", user_no="w")
    assert around(lost(scene, "A", day, *about)).disqualified("A") is loses
    assert not around(scene).disqualified("B")


def test_of_the_year_before_is_before() -> None:
    scene = office().visit("10-03", received_by="A")
    scene.breaches = {"A": [Breach("asked_client", night("11-05").replace(year=2027))]}
    assert not around(scene).disqualified("A")
    scene.visits = [scene.visits[0]._replace(night=night("12-20").replace(year=2025))]
    scene.breaches = {"A": [Breach("asked_client", night("12-24").replace(year=2025))]}
    assert around(scene).disqualified("A")


def test_who_had_nothing_to_do_with_the_guest_loses_them_by_the_sales_night_on() -> None:
    assert around(lost(office(), "B", "11-05")).disqualified("B")
    assert not around(lost(office(), "B", "11-04")).disqualified("B")


def test_only_the_rules_that_the_rulebook_names_lose_a_guest() -> None:
    scene = office().visit("11-01", received_by="A")
    scene.breaches = {
        "A": [
            Breach("late", night("11-05")),
            Breach("asked_client", night("11-05"), frozenset("x")),
        ]
    }
    assert not around(scene).disqualified("A")
    scene.breaches["A"].append(Breach("rule_broken", night("11-05")))
    assert around(scene).disqualified("A")
    assert not around(replace(scene, rules=guest_rules("club"))).disqualified("A")


def test_a_contact_that_was_done_wrong_loses_its_own_staffer_the_guest() -> None:
    scene = office().contact("A", "visit", "11-01", void="asked_client")
    scene.contact("C", "visit", "11-01")
    assert around(scene).disqualified("A")
    assert not around(scene).disqualified("C")


# As it was found


def test_what_was_asked_already_is_asked_anew_of_a_claim_found_on_another_night() -> None:
    scene = club().follow_up("A", "11-01", number="unreachable", reached_on="11-13")
    it = around(scene)
    assert it.answer("followed") is False
    assert it.answer("deal") == "new"
    assert it.as_found_on(night("11-10")) is it
    later = it.as_found_on(night("11-11"))
    assert later.answer("followed") is True
    assert it.answer("followed") is False
    assert around(scene).as_found_on(night("11-11")).found_on == night("11-11")


def test_who_had_the_guest_first_is_asked_anew_of_a_claim_found_on_another_night() -> None:
    rules = guest_rules("club")
    scene = Scene(rules=rules).deal("11-10")
    scene.follow_up("A", "11-01", number="unreachable", reached_on="11-13")
    it = around(scene)
    assert (it.first_recorded, it.answer("recorded")) == (None, False)
    later = it.as_found_on(night("11-11"))
    assert later.first_recorded is not None
    assert later.answer("recorded") is True
