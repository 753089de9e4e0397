"""Whose turn each guest was and whose the next is, judged from the facts of the nights."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from models.access.session import Session
from models.guests import desk
from models.ledger.turns import Standing, judged_turns, passed_text, standing, whose_turn
from models.operations import roll
from models.operations.roll import Signs
from models.rules import shipped
from models.rules.guests.facts import Visit
from models.rules.guests.rotation import Given, PassedOver, TurnJudgement
from models.rules.guests.rulebook import Skip
from models.storage.database import execute
from models.values.nights import Instant
from tests.clock import clock_of
from tests.conftest import MakeSession
from tests.models.house import NIGHT, hire, put, rest, staff_the_house

BEFORE, AFTER = NIGHT - timedelta(days=1), NIGHT + timedelta(days=1)
MONDAY = date(2026, 8, 31)
"""Of the week of the night, which is a Wednesday."""
At = Callable[..., Instant]


@pytest.fixture
def session(make_session: MakeSession, rulebook: str) -> Session:
    """A1, A2 and A3 take guests in that order from the month's first on."""
    made = make_session("2026-09-02T21:00", book=rulebook)
    staff_the_house()
    order("A1", "A2", "A3")
    return made


@pytest.fixture
def at(session: Session) -> At:
    def instant(clock: str, night: date = NIGHT) -> Instant:
        return session.calendar.parse(f"{night}T{clock}")

    return instant


in_an_office = pytest.mark.parametrize("rulebook", ["property_sales"])
in_a_club = pytest.mark.parametrize("rulebook", ["club"])


def order(*staff_nos: str, since: date = date(2026, 8, 1)) -> None:
    for position, staff_no in enumerate(staff_nos, 1):
        put("rotation", from_night=since, position=position, staff_no=staff_no)


def visit(number: str, came_at: Instant, night: date = NIGHT, **said: object) -> None:
    put("visits", visit_no=number, night=night, at=came_at, **{"left_at": came_at, **said})


def turn(
    number: int, given_at: Instant, staff_no: str | None, how: str | None = "turn",
    night: date = NIGHT, **said: object,
) -> None:  # fmt: skip
    """A guest who is gone at once, and was given to somebody."""
    visit(f"v{number}", given_at, night, **said)
    put(
        "turns", turn_no=f"t{number}", night=night, at=given_at, visit_no=f"v{number}",
        staff_no=staff_no, how=how,
    )  # fmt: skip


def judged(session: Session, first: date = NIGHT, last: date = NIGHT) -> dict[str, TurnJudgement]:
    return {each.turn.turn_no: each for each in judged_turns(session, first, last)}


def right(session: Session, first: date = NIGHT, last: date = NIGHT) -> dict[str, str | None]:
    return {number: each.right for number, each in judged(session, first, last).items()}


def test_turns_are_judged_in_the_order_in_which_they_were_given(session: Session, at: At) -> None:
    turn(2, at("20:02"), "A1")
    turn(1, at("20:01"), "A1")
    turn(3, at("20:02"), "A3")
    assert right(session) == {"t1": "A1", "t2": "A2", "t3": "A2"}
    assert list(judged(session)) == ["t1", "t2", "t3"]
    assert judged(session)["t2"].passed == (
        PassedOver("A2", None, Skip.OWED), PassedOver("A3", None, Skip.OWED),
    )  # fmt: skip
    assert judged(session, AFTER, AFTER) == {}


def test_each_night_begins_anew(session: Session, at: At) -> None:
    turn(1, at("20:00", BEFORE), "A1", night=BEFORE)
    turn(2, at("20:00"), "A1")
    turn(3, at("20:00", AFTER), "A1", night=AFTER)
    assert right(session, BEFORE, AFTER) == {"t1": "A1", "t2": "A1", "t3": "A1"}
    assert right(session) == {"t2": "A1"}


@in_an_office
def test_a_round_of_a_week_begins_on_its_monday(session: Session, at: At) -> None:
    sunday = MONDAY - timedelta(days=1)
    for number, night in enumerate((sunday, MONDAY, BEFORE, NIGHT), 1):
        turn(number, at("14:00", night), "A1" if number < 3 else "A2", night=night)
    assert right(session, sunday, NIGHT) == {"t1": "A1", "t2": "A1", "t3": "A2", "t4": "A3"}
    # However few of its nights are asked for.
    assert right(session) == {"t4": "A3"}
    assert right(session, MONDAY, BEFORE) == {"t2": "A1", "t3": "A2"}


@in_an_office
def test_a_list_made_anew_begins_a_round_of_its_own(session: Session, at: At) -> None:
    order("A3", "A2", "A1", since=BEFORE)
    turn(1, at("14:00", MONDAY), "A1", night=MONDAY)
    turn(2, at("14:00", BEFORE), "A3", night=BEFORE)
    turn(3, at("14:00"), "A2")
    assert right(session, MONDAY, NIGHT) == {"t1": "A1", "t2": "A3", "t3": "A2"}
    assert [each.staff_no for each in standing(session, NIGHT, at("15:00")).in_line] == [
        "A1", "A3", "A2",
    ]  # fmt: skip


def test_without_an_order_the_office_receives(session: Session, at: At) -> None:
    execute("DELETE FROM rotation")
    order("A1", since=AFTER)
    turn(1, at("20:00"), "A1")
    assert right(session) == {"t1": None}
    assert standing(session, NIGHT, at("20:00")).in_line == ()


def test_whoever_stands_on_a_list_twice_is_asked_once(session: Session, at: At) -> None:
    put("rotation", from_night=date(2026, 8, 1), position=4, staff_no="A1")
    line = standing(session, NIGHT, at("20:00")).in_line
    assert [each.staff_no for each in line] == ["A1", "A2", "A3"]


# What was known of a guest


def door(number: str, came_at: Instant, **said: object) -> Visit:
    return Visit(number, NIGHT, came_at, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("how", "said", "given_to", "expected"),
    [
        ("turn", {"asked_for": "A3"}, "A1", ("A3", "turn")),
        ("named", {}, "A3", ("A3", "named")),
        ("named", {"asked_member": "m"}, "A3", ("A3", "named")),
        ("known", {}, "A3", ("A3", "known")),
        ("office", {}, None, ("A1", "office")),
        ("turn", {}, "A3", ("A1", "turn")),
        ("made_up", {}, "A3", ("A1", "turn")),
        (None, {}, "A1", ("A1", "turn")),
        (None, {"asked_for": "A2"}, "A2", ("A2", "named")),
    ],
)
def test_what_was_known_of_a_guest_says_who_should_have_had_them(
    session: Session, at: At, how: str | None, said: dict[str, object], given_to: str | None,
    expected: tuple[str | None, str],
) -> None:  # fmt: skip
    turn(1, at("20:00"), given_to, how, **said)
    judgement = judged(session)["t1"]
    assert (judgement.right, judgement.how) == expected


@in_an_office
@pytest.mark.parametrize(
    ("how", "expected"), [("known", "A3"), (None, "A3"), ("turn", "A1"), ("named", "A1")]
)
def test_whose_a_guest_is_matters_where_they_were_recognised(
    session: Session, at: At, how: str | None, expected: str
) -> None:
    put("guests", guest_no="g", kind="guest")
    visit("v0", at("14:00", MONDAY), MONDAY, guest_no="g", received_by="A3")
    turn(1, at("14:00"), "A1", how, guest_no="g")
    assert right(session) == {"t1": expected}


@in_an_office
def test_a_guest_at_the_door_goes_to_whose_they_are(session: Session, at: At) -> None:
    put("guests", guest_no="g", kind="guest")
    visit("v0", at("14:00", MONDAY), MONDAY, guest_no="g", received_by="A3")
    came = door("v1", at("14:00"), guest_no="g")
    assert whose_turn(session, came) == Given("A3", "known", False)
    assert whose_turn(session, came._replace(asked_for="A2")) == Given("A2", "named", False)
    assert whose_turn(session, door("v2", at("14:00"))) == Given("A1", "turn", True)
    stranger = door("v3", at("14:00"), guest_no="h")
    assert whose_turn(session, stranger) == Given("A1", "turn", True)


@in_an_office
def test_who_names_a_member_is_recognised_all_the_same(session: Session, at: At) -> None:
    put("guests", guest_no="g", kind="guest")
    visit("v0", at("14:00", MONDAY), MONDAY, guest_no="g", received_by="A3")
    came = door("v1", at("14:00"), guest_no="g", asked_member="m")
    assert whose_turn(session, came) == Given("A3", "known", False)


@in_an_office
def test_a_guest_whom_nobody_recognised_in_the_end_was_given_by_turn(
    session: Session, at: At
) -> None:
    put("guests", guest_no="g", kind="guest")
    visit("v0", at("14:00", MONDAY), MONDAY, guest_no="g", received_by="A3")
    assert had(session, at("14:00")) == {"A1": 0, "A2": 0, "A3": 0}
    came = door("v1", at("14:01"), guest_no="g")
    assert whose_turn(session, came) == Given("A3", "known", False)
    turn(1, at("14:01"), "A3", "turn", guest_no="g")
    assert had(session, at("14:02")) == {"A1": 0, "A2": 0, "A3": 1}


def test_somebody_known_without_a_visit_is_theirs_who_had_them(session: Session, at: At) -> None:
    put(
        "turns",
        turn_no="t0",
        night=NIGHT,
        at=at("20:00"),
        visit_no=None,
        staff_no="A3",
        how="known",
    )
    assert right(session) == {"t0": "A3"}
    assert had(session, at("20:01")) == {"A1": 0, "A2": 0, "A3": 0}


@in_an_office
def test_each_guest_is_known_by_the_rulebook_of_their_own_night(session: Session, at: At) -> None:
    """Also where the next one came into force within the week's round."""
    text = shipped.load("property_sales").source
    text = text.replace("when = { recorded = true }", "when = { recorded = true, heir = true }")
    put("rulebook_version", from_night=AFTER, name="x", text=text, adopted_at=0)
    session.refresh()
    for number in ("g", "h"):
        put("guests", guest_no=number, kind="guest")
        visit(f"v{number}", at("14:00", MONDAY), MONDAY, guest_no=number, received_by="A3")
    turn(1, at("14:00"), "A3", None, guest_no="g")
    turn(2, at("14:00", AFTER), "A3", None, night=AFTER, guest_no="h")
    assert right(session, NIGHT, AFTER) == {"t1": "A3", "t2": "A1"}
    assert right(session) == {"t1": "A3"}


@in_an_office
def test_of_a_guest_who_isnt_on_the_register_nothing_is_known_whoever_else_came(
    session: Session, at: At
) -> None:
    voucher = (
        '[[owners]]\ncode = "voucher"\nclause = "1"\nwhen = { voucher = true }\nowner = "voucher"\n'
    )
    text = shipped.load("property_sales").source.replace("[[owners]]", f"{voucher}\n[[owners]]", 1)
    put("rulebook_version", from_night=MONDAY, name="x", text=text, adopted_at=0)
    session.refresh()
    put("guests", guest_no="g", kind="guest")
    known = door("v1", at("14:00"), guest_no="g", voucher_of="A3")
    assert whose_turn(session, known) == Given("A3", "known", False)
    stranger = door("v2", at("14:00"), voucher_of="A3")
    assert whose_turn(session, stranger) == Given("A1", "turn", True)


def test_a_list_is_in_force_from_its_night_on(session: Session, at: At) -> None:
    order("A3", "A2", since=NIGHT)
    for night, line in ((BEFORE, ["A1", "A2", "A3"]), (NIGHT, ["A3", "A2"]), (AFTER, ["A3", "A2"])):
        found = standing(session, night, at("20:00", night)).in_line
        assert [each.staff_no for each in found] == line


@in_a_club
def test_in_a_club_whoever_receives_a_guest_has_them(session: Session, at: At) -> None:
    came = door("v1", at("20:00"), received_by="A3")
    assert whose_turn(session, came) == Given("A3", "turn", True)
    assert whose_turn(session, came._replace(asked_for="A2")).staff_no == "A2"
    turn(1, at("20:00"), "A2")
    assert right(session) == {"t1": "A2"}


def test_without_a_guest_desk_every_turn_is_right(session: Session, at: At) -> None:
    bare = re.sub(r"\n# The guest desk\..*", "", shipped.load("nightlife").source, flags=re.S)
    put("rulebook_version", from_night=BEFORE, name="x", text=bare, adopted_at=0)
    session.refresh()
    put("guests", guest_no="g", kind="guest")
    turn(1, at("20:00"), "A3", None, guest_no="g")
    turn(2, at("20:01"), "A2", "named")
    assert right(session) == {"t1": "A3", "t2": "A2"}
    assert [each.how for each in judged(session).values()] == ["turn", "named"]
    assert standing(session, NIGHT, at("20:02")) == Standing((), None)
    came = door("v9", at("20:02"), received_by="A2", guest_no="g")
    assert whose_turn(session, came) == Given("A2", "turn", True)


# As it stands at an instant


def test_the_order_stands_as_of_the_turns_until_then(session: Session, at: At) -> None:
    turn(1, at("20:00"), "A1")
    turn(2, at("20:10"), "A2")

    def line(clock: str) -> list[tuple[str, int]]:
        return [(each.staff_no, each.had) for each in standing(session, NIGHT, at(clock)).in_line]

    assert line("19:59") == [("A1", 0), ("A2", 0), ("A3", 0)]
    assert line("20:00") == [("A2", 0), ("A3", 0), ("A1", 1)]
    assert line("20:09") == line("20:00")
    assert line("20:10") == [("A3", 0), ("A1", 1), ("A2", 1)]
    assert line("19:59") == [("A1", 0), ("A2", 0), ("A3", 0)]


def test_what_is_remembered_of_a_night_says_nothing_of_another(session: Session, at: At) -> None:
    turn(1, at("20:00"), "A1")
    assert standing(session, NIGHT, at("20:01")).in_line[0].staff_no == "A2"
    after = standing(session, AFTER, at("20:00", AFTER)).in_line
    assert [(each.staff_no, each.had) for each in after] == [("A1", 0), ("A2", 0), ("A3", 0)]
    turn(2, at("20:02"), "A2")
    assert standing(session, NIGHT, at("20:03")).in_line[0].staff_no == "A3"


def had(session: Session, instant: Instant) -> dict[str, int]:
    return {each.staff_no: each.had for each in standing(session, NIGHT, instant).in_line}


def test_what_is_remembered_is_of_the_turns_until_the_instant(session: Session, at: At) -> None:
    turn(1, at("20:00"), "A1")
    assert had(session, at("20:05")) == {"A1": 1, "A2": 0, "A3": 0}
    turn(2, at("20:10"), "A2")
    assert had(session, at("20:07")) == {"A1": 1, "A2": 0, "A3": 0}
    for clock in ("20:10", "20:11", "20:12"):
        assert had(session, at(clock)) == {"A1": 1, "A2": 1, "A3": 0}
    turn(3, at("20:15"), "A3")
    for clock in ("20:16", "20:17"):
        assert had(session, at(clock)) == {"A1": 1, "A2": 1, "A3": 1}


def test_whose_turn_a_visit_was_is_asked_as_if_its_own_werent_given(
    session: Session, at: At
) -> None:
    turn(1, at("20:00"), "A1")
    assert had(session, at("20:05")) == {"A1": 1, "A2": 0, "A3": 0}
    turn(2, at("20:10"), "A2")
    assert whose_turn(session, door("v2", at("20:10"))).staff_no == "A2"


def test_a_roll_put_right_since_is_not_overlooked(session: Session, at: At) -> None:
    put("briefings", night=NIGHT, settled=True)
    for staff_no in ("A2", "A3"):
        put("attendance", night=NIGHT, staff_no=staff_no, arrived_at=at("19:20"))
    turn(1, at("20:01"), "A2")
    assert not any(each.owed for each in standing(session, NIGHT, at("20:02")).in_line)
    roll.correct(session, "A1", NIGHT, Signs(at("19:25"), None, None))
    assert standing(session, NIGHT, at("20:03")).in_line[0][:3] == ("A1", 0, True)


def test_a_visits_own_turn_is_not_forgotten_for_having_been_asked_of(
    session: Session, at: At
) -> None:
    turn(1, at("20:00"), "A1")
    turn(2, at("20:05"), "A2")
    assert whose_turn(session, door("v1", at("20:06"))).staff_no == "A1"
    assert had(session, at("20:07")) == {"A1": 1, "A2": 1, "A3": 0}


@pytest.mark.parametrize("trail", ["UPDATE audit SET hash = 'x'", "DELETE FROM audit"])
def test_of_another_trail_nothing_is_remembered(session: Session, at: At, trail: str) -> None:
    """As after a backup was restored: who had which guest may be otherwise."""
    turn(1, at("20:00"), "A1")
    assert had(session, at("20:05")) == {"A1": 1, "A2": 0, "A3": 0}
    execute("UPDATE turns SET staff_no = 'A3'")
    execute(f"{trail} WHERE seq = (SELECT max(seq) FROM audit)")
    assert had(session, at("20:06")) == {"A1": 0, "A2": 0, "A3": 1}


def test_a_list_made_anew_from_a_night_before_is_not_overlooked(session: Session, at: At) -> None:
    clock_of(session).now = at("20:05")
    turn(1, at("20:00"), "A1")
    assert had(session, at("20:05")) == {"A1": 1, "A2": 0, "A3": 0}
    desk.make_order(session, BEFORE, ("A3", "A2"))
    assert had(session, at("20:06")) == {"A3": 0, "A2": 0}


def test_what_is_done_in_the_second_of_a_turn_is_of_that_turn(session: Session, at: At) -> None:
    turn(1, at("20:00"), "A2")
    [first, *_] = standing(session, NIGHT, at("20:01")).in_line
    assert (first.staff_no, first.had, first.owed) == ("A1", 0, True)
    clock_of(session).now = at("20:00")
    desk.step_away(session, "A1", "private")
    assert had(session, at("20:02"))["A1"] == 1


def test_who_is_owed_and_why_each_is_away(session: Session, at: At) -> None:
    rest("A3")
    put(
        "away",
        night=NIGHT,
        staff_no="A1",
        **{"from": at("20:00")},
        until=at("20:05"),
        reason="telephone",
    )
    turn(1, at("20:01"), "A2")
    before, after = (standing(session, NIGHT, at(each)).in_line for each in ("20:04", "20:05"))
    assert [(each.staff_no, each.owed, each.away) for each in before] == [
        ("A1", True, "phone"), ("A3", False, "rest"), ("A2", False, None),
    ]  # fmt: skip
    assert after[0].away is None
    assert [each.staff_no for each in after] == ["A1", "A3", "A2"]


def test_a_visits_own_turn_doesnt_say_whose_it_is(session: Session, at: At) -> None:
    """Whose it was to be, once it is given, is asked as if it weren't."""
    turn(1, at("20:00"), "A1")
    assert whose_turn(session, door("v1", at("20:00"))).staff_no == "A1"
    assert whose_turn(session, door("v2", at("20:00"))).staff_no == "A2"
    assert whose_turn(session, door("v1", at("20:00"))).staff_no == "A1"


def test_a_turn_that_was_no_visits_counts(session: Session, at: At) -> None:
    put(
        "turns", turn_no="t0", night=NIGHT, at=at("20:00"), visit_no=None, staff_no="A1", how="turn"
    )
    assert [each.staff_no for each in standing(session, NIGHT, at("20:01")).in_line] == [
        "A2", "A3", "A1",
    ]  # fmt: skip
    assert whose_turn(session, door("v2", at("20:01"))).staff_no == "A2"


def test_who_serves_the_guest_of_a_turn_is_taken_up_by_no_other(session: Session, at: At) -> None:
    turn(1, at("20:00"), "A1", left_at=None)
    turn(2, at("20:01"), "A1", left_at=None)
    second = judged(session)["t2"]
    assert second.right == "A2"
    assert second.passed == (
        PassedOver("A2", None, Skip.OWED), PassedOver("A3", None, Skip.OWED),
    )  # fmt: skip


def test_somebody_hired_since_and_somebody_who_left(session: Session, at: At) -> None:
    hire("N1", hired_on=AFTER.isoformat())
    order("N1", "A1", since=BEFORE)
    turn(1, at("20:00"), "A1")
    assert judged(session)["t1"].passed == (PassedOver("N1", "absent", Skip.OUT),)


def test_who_was_passed_over_as_files_have_it() -> None:
    passed = (PassedOver("0003", "phone", Skip.OWED), PassedOver("0007", "private", Skip.COUNTED))
    assert passed_text(passed) == "0003:owed 0007:counted"
    assert passed_text(()) == ""
