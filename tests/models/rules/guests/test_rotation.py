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
    TurnJudgement,
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


def rounds_of(rulebook: str, guests: Sequence[At], **said: object) -> tuple[list[Given], Round]:
    """Who receives each guest when all are given as they should be, and how the order stands then;
    by a rulebook that says some things otherwise."""
    rules = guest_rules(rulebook).rotation
    assert rules is not None
    standing = Round(ORDER, rules._replace(**said))  # type: ignore[arg-type]
    given = []
    for guest in guests:
        each = standing.whose(guest.door, guest.away.get)
        standing.give(each, guest.away.get)
        given.append(each)
    return given, standing


def received(rulebook: str, guests: Sequence[At]) -> list[Given]:
    """Who receives each guest, when all are given as they should be."""
    return rounds_of(rulebook, guests)[0]


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
    "named while owed": ([At(away={"A": "phone"}), At(Door(named="A")), NEW, NEW], "B A- A C"),
    "known while nobody is free": ([At(Door(owner="A"), dict.fromkeys(ORDER, "serving_new"))], "office-"),
    "known while the last is taken up": ([At(Door(owner="A"), {"A": "phone", "D": "phone"})], "C-"),
    "R14": ([At(away={"A": "phone"}), At(away={"A": "phone"}), NEW, NEW], "B C A D"),
}  # fmt: skip
KTV = {
    "N1": ([NEW] * 5, "A B C D A"),
    "N2": ([At(away={"A": "slip_duty"}), NEW], "B A"),
    "N3": ([At(away={"A": "slip_private"}), NEW, NEW, NEW], "B C D A"),
    "N4": ([At(away={"A": "no_slip"}), NEW, NEW], "B C D"),
    "N5": ([At(away={"A": "unmarked"})] * 2 + [NEW] * 3, "B C A D A"),
    "on the telephone for a whole round": ([At(away={"A": "phone"})] * 3 + [NEW] * 2, "B C D A A"),
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
    turns = [turn(1, "B"), turn(2, "B", "made_up"), turn(3, "A")]
    doors = {3: Door(named="C")}
    for order in ((), ORDER):
        judged, _ = play(
            turns, order, rules, lambda t: doors.get(t.at, Door()), lambda staff_no, turn: None
        )
        assert [each.is_right for each in judged] == [True, True, False]
        assert [each.how for each in judged] == ["turn", "made_up", "named"]
        assert judged[2].right == "C"


def test_how_many_guests_each_has_had() -> None:
    standing = rounds_of("nightlife", [At(away=dict.fromkeys(ORDER, "unmarked")), NEW, NEW])[1]
    assert standing.counts == {"A": 1, "B": 1, "C": 0, "D": 0}
    standing = rounds_of("nightlife", [At(away={"A": "private"}), NEW])[1]
    assert standing.counts == {"A": 1, "B": 1, "C": 1, "D": 0}


def test_without_an_order_the_office_receives() -> None:
    for rulebook in ("property_sales", "nightlife"):
        rules = guest_rules(rulebook).rotation
        assert rules is not None
        assert Round((), rules).whose(Door(), {}.get) == Given(None, "office", False)


@pytest.mark.parametrize("counting", ["pointer", "fewest"])
@pytest.mark.parametrize(
    ("guests", "expected"),
    [
        ([At(away={"A": "phone"}), *[NEW] * 5], "B C D A* A B"),
        ([At(away={"A": "phone", "B": "phone"}), *[NEW] * 4], "C D A* B* A"),
        # The round of those who are there doesn't wait for who is away all night.
        ([At(away={"A": "phone", "D": "leave"}), *[At(away={"D": "leave"})] * 3], "B C A* A"),
        ([At(away={"A": "phone", "C": "leave"}), *[At(away={"C": "leave"})] * 3], "B D A* A"),
    ],
)
def test_owed_turns_wait_for_the_end_of_the_round_where_the_rulebook_says_so(
    counting: str, guests: list[At], expected: str
) -> None:
    given, _ = rounds_of("property_sales", guests, counting=counting, make_up="round")
    made_up = [f"{each.staff_no}{'*' * (each.how == 'made_up')}" for each in given]
    assert " ".join(made_up) == expected


def test_where_all_are_owed_the_first_of_them_is_made_up_to() -> None:
    standing = rounds_of("nightlife", [], make_up="round")[1]
    standing.owed = list("BACD")
    assert standing.whose(Door(), {}.get) == Given("B", "made_up", True)


def test_who_is_out_is_passed_over_for_it_however_many_the_others_had() -> None:
    given, standing = rounds_of("nightlife", [At(away={"D": "rest"})] * 4)
    assert words(given) == "A B C A"
    assert [each.passed for each in given] == [
        (), (), (), (PassedOver("D", "rest", Skip.OUT),)
    ]  # fmt: skip
    assert standing.counts["D"] == 0


def judged(
    turns: Sequence[Turn], away: Mapping[str, str] = {}, rulebook: str = "property_sales"
) -> tuple[list[TurnJudgement], Round]:
    """Turns of guests of whom nothing was known, and who couldn't take the first of them."""
    rules = guest_rules(rulebook).rotation
    assert rules is not None

    def gone(staff_no: str, turn: Turn) -> str | None:
        return away.get(staff_no) if turn == turns[0] else None

    return play(turns, ORDER, rules, lambda turn: Door(), gone)


def test_whoever_stood_before_the_receiver_is_owed_unless_they_could_not_take_the_guest() -> None:
    [first, *_], standing = judged([turn(1, "C")], {"A": "private"})
    assert first.passed == (
        PassedOver("A", "private", Skip.COUNTED),
        PassedOver("B", None, Skip.OWED),
    )
    assert first.behind == ("D",)
    assert standing.owed == ["B"]


def test_an_owed_turn_is_paid_back_to_whom_it_is_given_though_another_stood_first() -> None:
    (_, second), standing = judged([turn(1, "C"), turn(2, "B")])
    assert (second.how, second.right, second.passed) == (
        "made_up", "A", (PassedOver("A", None, Skip.OWED),)
    )  # fmt: skip
    assert standing.owed == ["A"]


def test_a_guest_given_to_somebody_who_isnt_on_the_order_owes_nobody() -> None:
    [first], standing = judged([turn(1, "Z")])
    assert (first.how, first.counted, first.passed, first.right) == ("turn", True, (), "A")
    assert first.behind == tuple(ORDER)
    assert (standing.owed, standing.pointer) == ([], 0)


@pytest.mark.parametrize(
    ("given", "counted"),
    [(turn(1, None, "office"), False), (turn(1, "B", "named"), False), (turn(1, "B", "known"), False)],
)  # fmt: skip
def test_a_guest_given_past_the_order_owes_nobody(given: Turn, counted: bool) -> None:
    [first], standing = judged([given])
    assert (first.how, first.counted, first.passed) == (given.how, counted, ())
    assert (standing.owed, standing.pointer) == ([], 0)


def test_how_a_guest_was_given_is_taken_from_the_order_where_nobody_wrote_it_down() -> None:
    rules = guest_rules("property_sales").rotation
    assert rules is not None
    [first], _ = play(
        [turn(1, "C")], ORDER, rules, lambda turn: Door(named="B"), lambda staff_no, turn: None
    )
    assert (first.how, first.right, first.passed) == ("named", "B", ())


@pytest.mark.parametrize(
    ("presence", "reason"),
    [
        (Presence(roll_called=True, roll_closed_at=100), "absent"),
        (Presence(roll_called=True, roll_closed_at=101), "unmarked"),
        (Presence(roll_called=True, signed_at=50, departed_at=101), None),
        (Presence(spells=[(AwaySpell(100, None, "phone"), None)]), "phone"),
        (Presence(spells=[(AwaySpell(101, None, "phone"), None)]), None),
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


def test_who_is_on_the_telephone_is_so_whoever_comes() -> None:
    assert Presence(spells=[(AwaySpell(90, None, "phone"), None)]).why_away(100) == "phone"


def test_a_suspension_is_for_the_next_nights_that_they_are_on_the_roll() -> None:
    rules = guest_rules("property_sales").rotation
    assert rules is not None
    worked: list[date] = [night("11-08"), night("11-10"), night("11-12"), night("11-13")]
    assert turns_suspended(night("11-10"), worked, rules) == (night("11-12"),)
    twice = rules._replace(suspension_nights=2, suspension_from="same")
    assert turns_suspended(night("11-10"), worked, twice) == (night("11-10"), night("11-12"))
