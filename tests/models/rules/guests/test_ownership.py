"""Whose a sale or a guest is before anybody claims it, and what a rule's `when` is answered by."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from models.rules.guests.facts import Breach, Heir, Visit
from models.rules.guests.ownership import (
    OWNER_ANSWERS,
    Circumstances,
    Owned,
    fits,
    owner_at_door,
)
from models.rules.guests.rulebook import OwnerRule, Range
from tests.models.rules.guests.scene import Person, Scene, guest_rules, night


def club() -> Scene:
    return Scene().deal("11-10")


def office() -> Scene:
    return Scene("property_sales").deal("11-05")


def ktv() -> Scene:
    return Scene("nightlife")


def around(scene: Scene) -> Circumstances:
    assert scene.sale is not None
    assert scene.rules is not None
    return Circumstances.of_sale(scene.sale, scene.around(), scene.rules)


def owner(scene: Scene, word: str) -> str | None:
    """Whose a sale is by the one rule that names whoever that word says."""
    assert scene.rules is not None
    scene.rules = replace(scene.rules, owners=(OwnerRule("only", "1", {}, word),))
    owned = around(scene).owner()
    return owned.staff_no if owned.rule is not None else f"closer {owned.staff_no}"


def left(scene: Scene, *who: str) -> Scene:
    for each in who:
        scene.staff[each] = Person(night("08-31"))
    return scene


def party(scene: Scene, *guests: str | None, booked: int | None = None) -> Scene:
    for guest_no in guests:
        scene.visit("11-10", guest_no=guest_no, party_no="p")
    if booked is not None:
        scene.booked("K1", "A", "11-10", "15:00", visit_no="v00")
        scene.bookings = [each._replace(party_size=booked) for each in scene.bookings]
        scene.left("K1")
    return scene


def timeless(scene: Scene) -> Scene:
    assert scene.sale is not None
    scene.sale = scene.sale._replace(at=None)
    return scene


def given(scene: Scene, *heirs: tuple[str, str | None, str]) -> Scene:
    scene.heirs = [Heir("w", night(since), giver, taker) for since, giver, taker in heirs]
    return scene


# What a `when` asks

ANSWERS: dict[str, tuple[Callable[[], Scene], str, object]] = {
    "a client's consultant": (lambda: club().guest("w", consultant_no="C"), "consultant", "employed"),
    "one who left": (lambda: left(club().guest("w", consultant_no="C"), "C"), "consultant", "left"),
    "nobody's": (lambda: club().guest("w"), "consultant", "none"),
    "an heir": (lambda: given(club(), ("11-10", None, "E")), "heir", True),
    "an heir from tomorrow": (lambda: given(club(), ("11-11", None, "E")), "heir", False),
    "an heir who left": (lambda: left(given(club(), ("11-10", None, "E")), "E"), "heir", False),
    "named": (lambda: club().visit("11-10", asked_for="C"), "named", "staff"),
    "a member named": (lambda: club().visit("11-10", asked_member="m"), "named", "member"),
    "named after the tour": (
        lambda: club().visit("11-10", asked_for="C", asked_before_tour=False), "named", "none",
    ),
    "nobody came": (club, "named", "none"),
    "a voucher": (lambda: club().visit("11-10", voucher_of="C"), "voucher", True),
    "no voucher": (lambda: club().visit("11-10"), "voucher", False),
    "a voucher of a guest who never came": (club, "voucher", False),
    "on the register": (lambda: club().visit("11-01"), "registered", True),
    "not on the register": (club, "registered", False),
    "on the register from tomorrow": (lambda: club().visit("11-11"), "registered", False),
    "one": (club, "party", 1),
    "three came together": (lambda: party(club(), "w", "x", "y"), "party", 3),
    "one came in twice": (lambda: party(club(), "w", "w"), "party", 1),
    "those whom nobody knows are one each": (lambda: party(club(), "w", None, None), "party", 3),
    "booked for five": (lambda: party(ktv(), "w", booked=5), "party", 5),
    "booked for two, and three came": (lambda: party(ktv(), "w", "x", "y", booked=2), "party", 3),
    "each came alone": (lambda: club().visit("11-10").visit("11-10", guest_no="x"), "party", 1),
    "a sheet": (lambda: club().follow_up("A", "11-01"), "followed", True),
    "the sheet of somebody who left": (lambda: left(club().follow_up("A", "11-01"), "A"), "followed", False),
    "a call is no sheet": (lambda: club().contact("A", "call_in", "11-10"), "followed", False),
    "received before": (lambda: office().visit("11-01", received_by="A"), "recorded", True),
    "never received": (office, "recorded", False),
}  # fmt: skip


@pytest.mark.parametrize("what", ANSWERS)
def test_what_a_rule_is_told(what: str) -> None:
    make, word, told = ANSWERS[what]
    it = around(make())
    assert OWNER_ANSWERS[word](it) == told
    assert it.answer(word) == it.answer(word) == told


def test_what_a_when_wants() -> None:
    assert fits(True, True)
    assert not fits(False, True)
    assert fits("staff", frozenset({"staff", "none"}))
    assert not fits("guest", frozenset({"staff", "none"}))
    for least, most, held in ((8, None, [8, 9]), (None, 8, [7, 8]), (8, 8, [8])):
        assert [each for each in (7, 8, 9) if fits(each, Range(least, most))] == held
    assert not fits(None, Range(None, None))


# Whose it is

OWNERS: dict[str, tuple[Callable[[], Scene], str, str | None]] = {
    "the consultant": (lambda: club().guest("w", consultant_no="C"), "consultant", "C"),
    "a consultant who left": (lambda: left(club().guest("w", consultant_no="C"), "C"), "consultant", "closer B"),
    "the heir": (lambda: given(club(), ("11-01", None, "E")), "heir", "E"),
    "the latest heir": (lambda: given(club(), ("11-05", None, "F"), ("11-01", None, "E")), "heir", "F"),
    "no heir": (club, "heir", "closer B"),
    "the closer": (club, "closer", "B"),
    "a closer who left": (lambda: left(club(), "B"), "closer", "closer None"),
    "the voucher's": (lambda: club().visit("11-10", voucher_of="C"), "voucher", "C"),
    "no visit and so no voucher": (club, "voucher", "closer B"),
    "named": (lambda: club().visit("11-10", asked_for="C"), "named", "C"),
    "nobody named": (lambda: club().visit("11-10"), "named", "closer B"),
    "nobody came who could name": (club, "named", "closer B"),
    "by turn": (lambda: club().visit("11-10").turn("v00", "C"), "turn", "C"),
    "received": (lambda: club().visit("11-10", received_by="C"), "turn", "C"),
    "by turn without a visit": (club, "turn", "B"),
    "the named member's consultant": (
        lambda: club().guest("m", consultant_no="C").visit("11-10", asked_member="m"), "consultant_of_named", "C",
    ),
    "the house": (club, "house", None),
}  # fmt: skip


@pytest.mark.parametrize("what", OWNERS)
def test_whose_it_is(what: str) -> None:
    make, word, staff_no = OWNERS[what]
    assert owner(make(), word) == staff_no


def test_a_named_members_heir_has_the_guest_where_the_consultant_left() -> None:
    scene = left(club().guest("m", consultant_no="C").visit("11-10", asked_member="m"), "C")
    assert owner(scene, "consultant_of_named") == "closer B"
    scene.heirs = [Heir("m", night("09-01"), "C", "E")]
    assert owner(scene, "consultant_of_named") == "E"


def test_only_a_final_rule_is_final() -> None:
    final = OwnerRule("a", "1", {}, "closer", final=True)
    assert Owned("B", final).final
    assert not Owned("B", final._replace(final=False)).final
    assert not Owned("B", None).final


# The visit that led to a sale

VISITED: dict[str, tuple[Callable[[], Scene], str | None]] = {
    "the latest": (
        lambda: club().visit("10-03", received_by="C").visit("11-05", received_by="A"), "A",
    ),
    "in whatever order they were written down": (
        lambda: club().visit("11-05", received_by="A").visit("10-03", received_by="C"), "A",
    ),
    "the one that the sale names": (
        lambda: Scene().visit("10-03", received_by="C").visit("11-05", received_by="A").deal("11-10", visit_no="v00"), "C",
    ),
    "one that isn't there is none": (
        lambda: Scene().visit("11-05", received_by="A").deal("11-10", visit_no="v99"), "A",
    ),
    "the latest until the sale": (
        lambda: club().visit("11-10", "15:00", received_by="C").visit("11-10", "17:00", received_by="A"), "C",
    ),
    "as it was sold": (
        lambda: club().visit("11-10", "15:00", received_by="C").visit("11-10", "16:00", received_by="A"), "A",
    ),
    "after the sale where there is no other": (lambda: club().visit("11-10", "17:00", received_by="A"), "A"),
    "nobody knows when it was sold": (
        lambda: timeless(club()).visit("11-10", "15:00", received_by="C").visit("11-10", "17:00", received_by="A"), "A",
    ),
    "of one minute": (
        lambda: club().visit("11-10", "15:00", received_by="C").visit("11-10", "15:00", received_by="A"), "A",
    ),
    "of another night": (lambda: club().visit("11-11", received_by="A"), None),
    "of another guest": (lambda: club().visit("11-10", guest_no="x", received_by="A"), None),
    "of who uses it, where who pays never came": (
        lambda: Scene().deal("11-10", user_no="u").visit("11-10", guest_no="u", received_by="A"), "A",
    ),
    "of who pays, where both came": (
        lambda: Scene().deal("11-10", user_no="u").visit("11-10", "15:30", guest_no="u", received_by="A").visit("11-10", received_by="C"), "C",
    ),
    "nobody's": (lambda: Scene().deal("11-10", guest_no=None).visit("11-10", guest_no=None, received_by="A"), None),
    "by turn before what is written": (
        lambda: club().visit("11-10", received_by="A").turn("v00", "C"), "C",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", VISITED)
def test_which_visit_led_to_a_sale(what: str) -> None:
    make, receiver = VISITED[what]
    assert around(make()).receiver == receiver


# Whose consultant


def test_one_clients_consultant_is_the_guests_own_else_the_first_of_its_others() -> None:
    scene = club().guest("w", phone="1").guest("a", phone="1", consultant_no="D")
    scene.guest("b", phone="1", consultant_no="E").guest("c", phone="2", consultant_no="F")
    assert around(scene).consultant == "D"
    assert around(scene.guest("w", phone="1", consultant_no="C")).consultant == "C"


def test_who_served_the_latest_of_the_earlier_sales_is_the_consultant() -> None:
    scene = club().guest("w")
    scene.served = {"w": [(night("11-05"), "A"), (night("11-01"), "C"), (night("11-10"), "D")]}
    assert around(scene).consultant == "A"
    scene.served = {"w": [(night("11-10"), "D")]}
    assert around(scene).consultant is None


def test_a_sale_of_nobody_has_no_consultant_and_no_heir() -> None:
    it = around(Scene().deal("11-10", guest_no=None))
    assert (it.consultant, it.heir, it.consultant_state) == (None, None, "none")


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
    scene.rules = replace(scene.rules, touches={"booking": touch})
    return scene


def silent(scene: Scene) -> Scene:
    assert scene.rules is not None
    scene.rules = replace(scene.rules, touches={})
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
    scene.rules = replace(scene.rules, after=scene.rules.after._replace(subject="user"))
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


# At the door


def at_door(scene: Scene, guest_no: str | None = "w", **said: object) -> Owned | None:
    assert scene.rules is not None
    door = Visit("now", night("11-10"), scene.at("11-10", "20:00"), guest_no, **said)  # type: ignore[arg-type]
    return owner_at_door(door, scene.around(), scene.rules)


def test_a_guest_at_the_door_is_whoevers_they_were_before() -> None:
    known = at_door(Scene("property_sales").visit("11-01", received_by="A"))
    assert known is not None
    assert known.staff_no == "A"
    assert known.since is not None
    assert known.since.contact_no == "visit:v00"
    assert at_door(Scene("property_sales")) is None
    assert at_door(Scene("property_sales"), None) is None


def test_a_guest_at_the_door_who_names_somebody_is_theirs() -> None:
    named = at_door(Scene("property_sales").visit("11-01", received_by="A"), asked_for="C")
    assert named is not None
    assert named.staff_no == "C"


def test_who_receives_a_guest_doesnt_say_whose_they_were() -> None:
    """The last rules, of whoever closes or whose turn it is, are for the sale."""
    for rulebook in ("property_sales", "nightlife", "club"):
        assert at_door(Scene(rulebook), received_by="B") is None


def test_the_visit_at_this_door_makes_nobody_a_client_yet() -> None:
    scene = Scene("property_sales").visit("11-10", "20:00", received_by="A")
    assert scene.rules is not None
    here = scene.visits[0]
    assert owner_at_door(here, scene.around(), scene.rules) is None
    # Once it is sold, it does.
    scene.deal("11-10", "21:00")
    first = around(scene).first_recorded
    assert first is not None
    assert first[0] == "A"
    later = owner_at_door(
        here._replace(visit_no="now", at=here.at + 60), scene.around(), scene.rules
    )
    assert later is not None
    assert later.staff_no == "A"
