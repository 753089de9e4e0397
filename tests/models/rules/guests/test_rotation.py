"""Whose turn a guest is: the worked examples of a sales office and a KTV, by number."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import pytest

from models.rules.guests.rotation import (
    AwaySpell,
    Door,
    Given,
    PassedOver,
    Presence,
    Round,
    Turn,
    play,
    turns_suspended,
)
from models.rules.guests.rulebook import Skip
from tests.models.rules.guests.scene import guest_rules, night

ORDER = "ABCD"


class At(NamedTuple):
    """A guest at the door, and who couldn't take them then, and why."""

    door: Door = Door()
    away: Mapping[str, str] = {}


NEW = At()


def received(rulebook: str, guests: Sequence[At]) -> list[Given]:
    """Who receives each guest, when all are given as they should be."""
    rules = guest_rules(rulebook).rotation
    assert rules is not None
    standing = Round(ORDER, rules)
    given = []
    for guest in guests:
        each = standing.whose(guest.door, guest.away.get)
        standing.give(each, guest.away.get)
        given.append(each)
    return given


def words(given: Sequence[Given]) -> str:
    return " ".join((each.staff_no or "office") + ("" if each.counted else "-") for each in given)


OFFICE = {
    "R1": ([NEW] * 5, "A B C D A"),
    "R2": ([At(away={"A": "phone"}), NEW, NEW, NEW], "B A C D"),
    "R3": ([At(away={"A": "private"}), NEW, NEW, NEW], "B C D A"),
    "R4": ([At(away={"A": "leave"})] * 4, "B C D B"),
    "R5": ([At(away={"A": "serving_dealt"}), NEW, NEW], "B A C"),
    "R6": ([At(away={"A": "serving_old"}), NEW, NEW, NEW], "B C D A"),
    "R7": ([At(Door(owner="A"), {"A": "serving_new"}), At(away={"A": "serving_new"}), NEW], "D- B A"),
    "R8": ([At(Door(named="B")), NEW], "B- A"),
    "R9": ([At(Door(named="B"), {"B": "phone"}), NEW], "office- A"),
    "R10": ([At(away={"A": "suspended"})] * 4, "B C D B"),
    "R11": ([At(Door(owner="A")), NEW], "A- A"),
    "R12": ([At(Door(owner="D"), {"D": "leave"}), NEW], "A- A"),
    "R14": ([At(away={"A": "phone"}), At(away={"A": "phone"}), NEW, NEW], "B C A D"),
}  # fmt: skip
KTV = {
    "N1": ([NEW] * 5, "A B C D A"),
    "N2": ([At(away={"A": "slip_duty"}), NEW], "B A"),
    "N3": ([At(away={"A": "slip_private"}), NEW, NEW], "B C D"),
    "N4": ([At(away={"A": "no_slip"}), NEW, NEW], "B C D"),
    "N5": ([At(away={"A": "unmarked"})] * 2 + [NEW] * 3, "B C A D A"),
    "N6": ([At(away={"A": "own_room"}), NEW], "B A"),
    "N7": ([At(Door(named="B")), NEW], "B- A"),
    "N8": ([At(Door(named="B"), {"B": "rest"}), NEW], "A- A"),
}  # fmt: skip


@pytest.mark.parametrize("number", OFFICE)
def test_sales_office(number: str) -> None:
    guests, expected = OFFICE[number]
    assert words(received("property_sales", guests)) == expected


@pytest.mark.parametrize("number", KTV)
def test_ktv(number: str) -> None:
    guests, expected = KTV[number]
    assert words(received("nightlife", guests)) == expected


def test_each_passed_over_stands_beside_the_turn_with_the_reason() -> None:
    away = {"A": "phone", "B": "private", "C": "leave"}
    [given] = received("property_sales", [At(away=away)])
    assert given.passed == (
        PassedOver("A", "phone", Skip.OWED),
        PassedOver("B", "private", Skip.COUNTED),
        PassedOver("C", "leave", Skip.OUT),
    )


def test_where_all_are_taken_up_somebody_in_the_house_looks_after_two() -> None:
    away = {"A": "rest", "B": "serving_new", "C": "serving_new", "D": "own_room"}
    assert words(received("nightlife", [At(away=away)])) == "B"
    away = dict.fromkeys(ORDER, "rest")
    assert words(received("nightlife", [At(away=away)])) == "office-"


def test_who_was_out_is_not_caught_up_on() -> None:
    resting = At(away={"A": "unmarked"})
    given = received("nightlife", [resting] * 6 + [NEW] * 3)
    assert words(given) == "B C D B C D A B C"


def turn(number: int, staff_no: str | None, how: str | None = None) -> Turn:
    return Turn(f"t{number}", night("11-10"), number, f"v{number}", staff_no, how)


def test_a_turn_given_to_the_wrong_one_says_who_it_should_have_been() -> None:
    rules = guest_rules("property_sales").rotation
    assert rules is not None
    turns = [turn(1, "B", "turn"), turn(2, "A", "turn"), turn(3, "C", "turn")]
    judged, _ = play(turns, ORDER, rules, lambda turn: Door(), lambda staff_no, turn: None)
    assert [(each.right, each.is_right) for each in judged] == [
        ("A", False),
        ("A", True),
        ("C", True),
    ]
    assert judged[0].passed == (PassedOver("A", None, Skip.OWED),)
    assert judged[1].how == "made_up"
    shuffled, _ = play(turns[::-1], ORDER, rules, lambda turn: Door(), lambda staff_no, turn: None)
    assert shuffled == judged


def test_whoever_receives_a_clubs_guests_has_them() -> None:
    rules = guest_rules("club").rotation
    assert rules is not None
    turns = [turn(1, "B"), turn(2, "B"), turn(3, "A")]
    doors = {3: Door(named="C")}
    judged, _ = play(
        turns, (), rules, lambda t: doors.get(t.at, Door()), lambda staff_no, turn: None
    )
    assert [each.is_right for each in judged] == [True, True, False]
    assert judged[2].right == "C"


def test_owed_turns_wait_for_the_end_of_the_round_where_the_rulebook_says_so() -> None:
    rules = guest_rules("property_sales").rotation
    assert rules is not None
    standing = Round(ORDER, rules._replace(make_up="round"))
    given = []
    for away in ({"A": "phone"}, {}, {}, {}, {}):
        each = standing.whose(Door(), away.get)
        standing.give(each, away.get)
        given.append(each)
    assert words(given) == "B C D A A"
    assert given[3].how == "made_up"


@pytest.mark.parametrize(
    ("presence", "reason"),
    [
        (Presence(), None),
        (Presence(employed=False), "absent"),
        (Presence(suspended=True), "suspended"),
        (Presence(resting=True), "rest"),
        (Presence(roll_called=True), "unmarked"),
        (Presence(roll_called=True, roll_closed_at=50), "absent"),
        (Presence(roll_called=True, signed_at=100), None),
        (Presence(roll_called=True, signed_at=101), "unmarked"),
        (Presence(roll_called=True, signed_at=50, departed_at=100), "absent"),
        (Presence(spells=[(AwaySpell(90, 100, "phone"), None)]), None),
        (Presence(spells=[(AwaySpell(90, None, "phone"), None)]), "phone"),
        (Presence(spells=[(AwaySpell(90, 110, "serving_new"), "v1")]), None),
        (Presence(spells=[(AwaySpell(90, 110, "serving_new"), "v2")]), "serving_new"),
        (Presence(spells=[(AwaySpell(0, None, "own_room"), None), (AwaySpell(0, None, "no_slip"), None)]), "no_slip"),
    ],
)  # fmt: skip
def test_why_somebody_cannot_take_a_guest(presence: Presence, reason: str | None) -> None:
    assert presence.why_away(100, "v1") == reason


def test_a_suspension_is_for_the_next_nights_that_they_are_on_the_roll() -> None:
    rules = guest_rules("property_sales").rotation
    assert rules is not None
    worked: list[date] = [night("11-08"), night("11-10"), night("11-12"), night("11-13")]
    assert turns_suspended(night("11-10"), worked, rules) == (night("11-12"),)
    twice = rules._replace(suspension_nights=2, suspension_from="same")
    assert turns_suspended(night("11-10"), worked, twice) == (night("11-10"), night("11-12"))
