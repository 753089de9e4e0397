"""Whose a sale or a guest is before anybody claims it, and what a rule's `when` is answered by."""

from collections.abc import Callable

import pytest

from models.rules.guests.facts import Heir, Visit
from models.rules.guests.ownership import (
    OWNER_ANSWERS,
    Circumstances,
    Owned,
    fits,
    owner_at_door,
)
from models.rules.guests.rulebook import OwnerRule, Range
from tests.models.rules.guests.scene import Person, Scene, night


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
    scene.rules = scene.rules._replace(owners=(OwnerRule("only", "1", {}, word),))
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
    "nobody recorded": (office, "first_recorded", "closer B"),
    "recorded": (lambda: office().visit("11-01", received_by="A"), "first_recorded", "A"),
    "recorded of who pays, where the rulebook doesn't ask who uses it": (
        lambda: Scene("property_sales").deal("11-05", user_no="u").visit("10-03", guest_no="u", received_by="A")
        .visit("11-01", received_by="C"), "first_recorded", "C",
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
    "as is written, before whose turn it was": (
        lambda: club().visit("11-10", received_by="A").turn("v00", "C"), "A",
    ),
    "by turn where nothing is written": (lambda: club().visit("11-10").turn("v00", "C"), "C"),
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


def test_a_guest_at_the_door_is_no_group_that_buys() -> None:
    scene = Scene("property_sales").visit("11-01", received_by="A")
    assert scene.rules is not None
    [_, recorded, _] = scene.rules.owners
    group = recorded._replace(when={"buyers": Range(2, None)})
    scene.rules = scene.rules._replace(owners=(group,))
    assert at_door(scene) is None


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
