"""What punch clocks tell, and what becomes of it."""

import json
from collections.abc import Iterable
from datetime import date, datetime

import pytest

from models.access.session import Session
from models.ledger.settling import settle
from models.ledger.waivers import waive
from models.operations import clocks, first_punches, punches, roll, roll_board
from models.operations.punch_arrivals import Taken
from models.operations.punches import Told
from models.operations.roll import NO_SIGN, Signs
from models.rules.charges import Outcome
from models.storage.database import execute
from models.values.problems import Refused
from tests.built_once import built_once
from tests.clock import Clock
from tests.models.house import (
    NIGHT,
    brief,
    charges,
    hire,
    in_step,
    one,
    sign,
    sign_in,
    staff_the_house,
)

LATER = date(2026, 9, 3)


@pytest.fixture
@built_once
def house(session: Session, clock: Clock) -> Session:
    """The night of 2 September is over, its briefing closed at 20:00 and nobody marked."""
    staff_the_house()
    brief(session)
    clock.set("2026-09-03T15:00")
    settle(session)
    return session


def told(*lines: str, clock: str = "门口") -> list[Told]:
    """Punches written `number name time`."""
    found = []
    for line in lines:
        number, name, at = line.split(" ", 2)
        found.append(Told(clock, number, name, datetime.fromisoformat(at), ""))
    return found


ALL = told("A1 曾小贤 2026-09-02 19:28", "A1 曾小贤 2026-09-03 02:10", "A2 单雄 2026-09-02 19:41",
           "99 清洁工 2026-09-02 17:00")  # fmt: skip


def arrivals(taken: Taken) -> list[tuple[str, Outcome, Outcome | None, int]]:
    return [(each.staff_no, each.was, each.outcome, each.fine) for each in taken.arrivals]


def recorded() -> list[tuple[object, ...]]:
    """Everything that taking punches in may touch."""
    tables = ("punches", "clock_numbers", "punch_arrivals", "attendance", "charges", "audit")
    return [tuple(row) for table in tables for row in execute(f"SELECT * FROM {table}").fetchall()]


def signs(session: Session, staff_no: str, night: date = NIGHT) -> Signs:
    return next(row.signs for row in roll_board.board(session, night) if row.staff_no == staff_no)


def test_the_first_punch_is_the_arrival_of_whom_nobody_marked(house: Session) -> None:
    taken = punches.take(house, ALL)
    assert (taken.new, taken.known) == (4, 0)
    assert arrivals(taken) == [
        ("A1", Outcome.ABSENT, Outcome.PRESENT, 0),
        ("A2", Outcome.ABSENT, Outcome.LATE, 3000),
    ]
    assert taken.arrivals[0].fine_before == 160000
    assert house.calendar.format(signs(house, "A1").arrived_at or 0) == "2026-09-02T19:28"
    assert charges("A2") == [("absence", "roll", 160000, "reversed"), ("late", "roll", 3000, "standing")]  # fmt: skip
    assert in_step(house)


def test_the_same_punches_again_change_nothing(house: Session) -> None:
    punches.take(house, ALL)
    before = recorded()
    renamed = told("99 保洁 2026-09-02 17:00")
    again = punches.take(house, [*ALL, *ALL, *renamed])
    assert (again.new, again.known, again.changed) == (0, 4, False)
    assert punches.take(house, []) == Taken()
    assert recorded() == before


def test_a_dry_run_says_the_same_and_changes_nothing(house: Session) -> None:
    before = recorded()
    foretold = punches.take(house, ALL, dry_run=True)
    assert recorded() == before
    assert punches.take(house, ALL) == foretold


def test_who_is_unknown_is_kept_and_never_made_staff(house: Session) -> None:
    people = execute("SELECT count(*) FROM staff").fetchone()
    taken = punches.take(house, ALL)
    assert taken.unmatched == {("门口", "99"): 1}
    assert execute("SELECT count(*) FROM staff").fetchone() == people
    first = clocks.numbers()[0]
    assert (first.number, first.name, first.punches, first.waiting) == ("99", "清洁工", 1, True)


def test_a_number_alone_is_a_guess_until_somebody_takes_it(house: Session) -> None:
    nameless = told("A1  2026-09-02 19:28")
    taken = punches.take(house, nameless)
    assert not taken.arrivals
    [number] = clocks.numbers()
    assert number.guess == clocks.Guess("门口", "a1", "A1", "number")
    done = punches.match(house, "门口", "A1", "A1")
    assert arrivals(done) == [("A1", Outcome.ABSENT, Outcome.PRESENT, 0)]


def test_guesses_are_all_taken_when_that_is_said(house: Session) -> None:
    taken = punches.take(house, told("A1  2026-09-02 19:28"), accept=True)
    assert [guess.staff_no for guess in taken.matched] == ["A1"]
    assert len(taken.arrivals) == 1


@pytest.mark.parametrize(
    ("number", "name", "guess"),
    [("7", "曾小贤", ("0007", "number")), ("7", "阿七", ("0007", "both")), ("8", "解晓", ("A3", "name")),
     ("8", "无人", None), ("A1", "解晓", None)],
)  # fmt: skip
def test_whose_a_number_seems_to_be(house: Session, number: str, name: str, guess: object) -> None:
    hire("0007", "阿七")
    punches.take(house, told(f"{number} {name} 2026-09-02 19:28"))
    [found] = clocks.numbers()
    expected = None if number == "7" and name == "曾小贤" else guess
    seems = found.guess and (found.guess.staff_no, found.guess.by)
    if guess == ("0007", "both"):
        assert found.staff_no == "0007"
    else:
        # A name that is another's on the roster speaks against the number.
        assert (found.staff_no, seems) == (None, expected)


def test_two_clocks_may_use_the_same_number(house: Session) -> None:
    door = told("1 曾小贤 2026-09-02 19:28", clock="门口")
    kitchen = told("1 单雄 2026-09-02 19:41", clock="厨房")
    punches.take(house, door + kitchen)
    punches.match(house, "门口", "1", "A1")
    punches.match(house, "厨房", "1", "A2")
    assert house.calendar.format(signs(house, "A1").arrived_at or 0) == "2026-09-02T19:28"
    assert house.calendar.format(signs(house, "A2").arrived_at or 0) == "2026-09-02T19:41"


def test_a_mark_stands_where_a_punch_differs(house: Session) -> None:
    sign(house, "A2", arrived_at="19:30")
    taken = punches.take(house, ALL)
    assert [each.staff_no for each in taken.arrivals] == ["A1"]
    [differing] = taken.differing
    assert differing == first_punches.differences(house, NIGHT, NIGHT)[0]
    assert differing.staff_no == "A2"
    assert differing.marked_at == signs(house, "A2").arrived_at
    assert differing.punched_at - (differing.marked_at or 0) == 11 * 60


@pytest.mark.parametrize("given", [NO_SIGN, None])
def test_no_sign_is_a_mark_that_stands(house: Session, given: Signs | None) -> None:
    """Said in a file before the punches came, or on the roll after them."""
    if given is not None:
        sign(house, "A1")
    else:
        punches.take(house, ALL)
        roll.unmark(house, "A1", NIGHT)
    taken = punches.take(house, ALL)
    assert signs(house, "A1") == NO_SIGN
    assert [(d.staff_no, d.marked_at) for d in taken.differing] == [("A1", None)]


def test_a_make_up_sign_stands(house: Session) -> None:
    sign(house, "A1", made_up_at="21:00")
    taken = punches.take(house, ALL)
    assert signs(house, "A1").arrived_at is None
    assert [each.staff_no for each in taken.differing] == ["A1"]


def test_an_earlier_punch_of_another_clock_puts_the_arrival_right(house: Session) -> None:
    punches.take(house, ALL)
    back_door = told("A2 单雄 2026-09-02 19:29", clock="后门")
    taken = punches.take(house, back_door)
    assert arrivals(taken) == [("A2", Outcome.LATE, Outcome.PRESENT, 0)]
    assert in_step(house)


def test_a_punch_of_the_small_hours_is_of_the_night_before(house: Session) -> None:
    taken = punches.take(house, told("A1 曾小贤 2026-09-03 00:40"))
    assert [(each.night, each.outcome) for each in taken.arrivals] == [(NIGHT, Outcome.MISSED)]


def test_nights_without_a_briefing_are_left_alone(house: Session) -> None:
    taken = punches.take(house, told("A1 曾小贤 2026-09-01 19:28"))
    assert (taken.arrivals, taken.no_briefing) == ([], {date(2026, 9, 1)})
    brief(house, date(2026, 9, 1))
    assert [each.staff_no for each in punches.work_out(house, date(2026, 9, 1), NIGHT).arrivals] == ["A1"]  # fmt: skip


def close(month: str = "2026-09") -> None:
    execute(
        "INSERT INTO closed_months (month, closed_at, digest, audit_head, content)"
        " VALUES (?, 1, '', '', '{}')",
        (month,),
    )


def test_a_closed_month_is_left_alone(house: Session) -> None:
    close()
    taken = punches.take(house, ALL)
    assert (taken.arrivals, taken.closed) == ([], {"2026-09"})


def test_nobody_is_marked_who_is_not_called(house: Session) -> None:
    taken = punches.take(house, told("P1 钱会计 2026-09-02 19:28"))
    assert not taken.arrivals
    assert not taken.not_taken


def test_nobody_takes_in_their_own_arrival(house: Session) -> None:
    execute("UPDATE staff SET on_roll = ? WHERE staff_no = 'D1'", (True,))
    sign_in(house, "director", "D1")
    taken = punches.take(house, told("D1 何总监 2026-09-02 19:28", "A1 曾小贤 2026-09-02 19:28"))
    assert [each.staff_no for each in taken.arrivals] == ["A1"]
    assert [each.staff_no for each in taken.not_taken] == ["D1"]


def test_a_clock_may_be_five_minutes_ahead_and_no_more(house: Session, clock: Clock) -> None:
    brief(house, LATER)
    clock.set("2026-09-03T19:23")
    taken = punches.take(
        house, told("A1 曾小贤 2026-09-03 19:28:00", "A2 单雄 2026-09-03 19:28:01")
    )
    assert [each.staff_no for each in taken.arrivals] == ["A1"]
    [late] = taken.not_taken
    assert (late.staff_no, "more than five minutes" in str(late.problem)) == ("A2", True)


def test_a_clock_that_runs_ahead_tells_nothing_that_has_not_happened(
    house: Session, clock: Clock
) -> None:
    brief(house, LATER)
    clock.set("2026-09-03T19:00")
    taken = punches.take(house, told("A1 曾小贤 2026-09-03 19:28"))
    assert (taken.arrivals, len(taken.not_taken)) == ([], 1)


def test_an_offset_puts_right_what_was_taken(house: Session) -> None:
    punches.take(house, ALL)
    done = punches.set_offset(house, "门口", NIGHT, -12 * 60)
    assert arrivals(done) == [("A1", Outcome.PRESENT, Outcome.PRESENT, 0), ("A2", Outcome.LATE, Outcome.PRESENT, 0)]  # fmt: skip
    assert house.calendar.format(signs(house, "A2").arrived_at or 0) == "2026-09-02T19:29"
    punches.set_offset(house, "门口", LATER, 0)  # later dates don't reach back
    assert house.calendar.format(signs(house, "A2").arrived_at or 0) == "2026-09-02T19:29"
    punches.set_offset(house, "门口", NIGHT, 0)
    assert house.calendar.format(signs(house, "A2").arrived_at or 0) == "2026-09-02T19:41"
    assert in_step(house)


def test_an_arrival_that_is_put_right_leaves_the_departure(house: Session) -> None:
    punches.take(house, ALL)
    left = house.calendar.parse("2026-09-03T01:30")
    execute("UPDATE attendance SET departed_at = ? WHERE staff_no = 'A2'", (left,))
    punches.set_offset(house, "门口", NIGHT, -12 * 60)
    assert signs(house, "A2").departed_at == left


def test_an_offset_by_a_day_moves_arrivals_to_their_night(house: Session) -> None:
    brief(house, date(2026, 9, 1))
    punches.take(house, ALL)
    punches.set_offset(house, "门口", date(2026, 1, 1), -86_400)
    assert signs(house, "A1") == NO_SIGN
    assert signs(house, "A1", date(2026, 9, 1)).arrived_at is not None
    assert in_step(house)


def test_a_number_given_to_another_takes_its_arrivals_along(house: Session) -> None:
    punches.take(house, ALL)
    done = punches.match(house, "门口", "A2", "A3")
    # What it costs the one is named as well as what it spares the other.
    assert arrivals(done) == [
        ("A2", Outcome.LATE, Outcome.ABSENT, 160000), ("A3", Outcome.ABSENT, Outcome.LATE, 3000)]  # fmt: skip
    assert done.arrivals[0].at is None
    assert signs(house, "A2") == NO_SIGN
    assert signs(house, "A3").arrived_at is not None
    punches.match(house, "门口", "A2", None, ignored=True)
    assert signs(house, "A3") == NO_SIGN
    assert in_step(house)


def test_an_import_of_punches_is_taken_back(house: Session) -> None:
    punches.take(house, ALL[:1])
    before = charges("A1"), charges("A2")
    punches.take(house, ALL)
    assert punches.take_back(house) == 3
    assert (charges("A1"), [c for c in charges("A2") if c[3] == "standing"]) == (
        before[0],
        [("absence", "roll", 160000, "standing")],
    )
    assert [each.number for each in clocks.numbers()] == ["a1", "a2"]
    assert punches.take_back(house) == 1
    with pytest.raises(Refused, match="no import of punches"):
        punches.take_back(house)
    assert in_step(house)


def test_a_mark_put_right_since_stays_when_the_punches_are_taken_back(house: Session) -> None:
    punches.take(house, ALL)
    at = house.calendar.parse("2026-09-02T19:31")
    roll.correct(house, "A1", NIGHT, Signs(at, None, None))
    punches.take_back(house)
    assert signs(house, "A1").arrived_at == at
    assert signs(house, "A2") == NO_SIGN


@pytest.mark.parametrize("role", ["supervisor", "payroll"])
def test_only_who_may_import_takes_punches_in(house: Session, role: str) -> None:
    sign_in(house, role)
    before = recorded()
    attempts: Iterable[object] = (
        lambda: punches.take(house, ALL),
        lambda: punches.match(house, "门口", "A1", "A1"),
        lambda: punches.set_offset(house, "门口", NIGHT, 60),
        lambda: punches.take_back(house),
        lambda: punches.work_out(house, NIGHT, NIGHT),
    )
    for attempt in attempts:
        with pytest.raises(Refused, match="may not do this"):
            attempt()  # type: ignore[operator]
    assert recorded() == before


def test_what_is_no_clock_or_staffer_is_refused(house: Session) -> None:
    punches.take(house, ALL)
    for attempt, said in (
        (lambda: punches.match(house, "门口", "77", "A1"), "knows no number"),
        (lambda: punches.match(house, "门口", "99", "Z9"), "no staffer Z9"),
        (lambda: punches.set_offset(house, "厨房", NIGHT, 60), "no clock"),
        (lambda: punches.set_offset(house, "门口", NIGHT, 10**9), "three days"),
    ):
        with pytest.raises(Refused, match=said):
            attempt()


def test_nobody_takes_their_own_punches_in(house: Session) -> None:
    """A file can say of them whatever they like; another takes them in."""
    sign_in(house, "director", "A1")
    taken = punches.take(house, ALL)
    assert (taken.new, arrivals(taken)) == (2, [("A2", Outcome.ABSENT, Outcome.LATE, 3000)])
    assert [(each.staff_no, str(each.problem)) for each in taken.not_taken] == [
        ("A1", "nobody takes in their own arrival: another does")
    ]
    assert execute("SELECT count(*) FROM punches WHERE number = 'A1'").fetchone() == (0,)
    sign_in(house, "director", "D1")
    assert arrivals(punches.take(house, ALL)) == [("A1", Outcome.ABSENT, Outcome.PRESENT, 0)]


def test_nobody_moves_their_own_arrival_by_a_clock(house: Session) -> None:
    sign_in(house, "director", "D1")
    punches.take(house, told("A1 曾小贤 2026-09-02 19:41", "A2 单雄 2026-09-02 19:41"), accept=True)
    late = signs(house, "A1")
    sign_in(house, "director", "A1")
    for whose in (None, "A2", "A1"):
        with pytest.raises(Refused, match="which number is their own"):
            punches.match(house, "门口", "A1", whose)
    with pytest.raises(Refused, match="which number is their own"):
        punches.match(house, "门口", "A2", "A1")
    # The clock is put back for everybody else, theirs waits for another's word.
    moved = punches.set_offset(house, "门口", date(2026, 9, 1), -15 * 60)
    assert [each.staff_no for each in moved.arrivals] == ["A2"]
    assert [each.staff_no for each in moved.not_taken] == ["A1"]
    away = punches.set_offset(house, "门口", date(2026, 9, 1), 2 * 24 * 3600)
    assert [each.staff_no for each in away.arrivals] == ["A2"]
    assert signs(house, "A1") == late
    with pytest.raises(Refused, match="nobody takes in their own arrival"):
        punches.take_back(house)
    assert execute("SELECT count(*) FROM punches").fetchone() == (2,)
    sign_in(house, "director", "D1")
    assert punches.take_back(house) == 2
    assert in_step(house)


def test_what_was_let_go_is_not_what_an_arrival_spares(house: Session) -> None:
    waive(house, "A1", NIGHT, "absence", "roll", "电梯坏了", by="D2")
    taken = punches.take(house, ALL)
    assert [(each.staff_no, each.fine_before) for each in taken.arrivals] == [("A1", 0), ("A2", 160000)]  # fmt: skip


def test_the_trail_says_what_was_taken_in_and_of_which_file(house: Session) -> None:
    noted = [each._replace(note="补卡") for each in ALL[:1]]
    punches.take(house, noted, source="ab12")
    punches.take(house, ALL)
    lines = [json.loads(row[0]) for row in execute(
        "SELECT after FROM audit WHERE action = 'punches.taken' ORDER BY seq")]  # fmt: skip
    first, second = lines
    assert first == {
        "batch": 1, "punches": 1, "arrivals": 1, "matched": [["门口", "a1", "A1"]], "sha256": "ab12",
    }  # fmt: skip
    assert (second["matched"], "sha256" in second) == ([["门口", "a2", "A2"]], False)
    notes = execute("SELECT note FROM punches ORDER BY number, told_at").fetchall()
    assert [row[0] for row in notes] == [None, "补卡", None, None]


def test_whose_number_it_is_or_that_a_briefing_was_held_is_worth_taking_in_alone(
    house: Session,
) -> None:
    """Of punches that were taken in before."""
    before, nameless = date(2026, 9, 1), told("A1  2026-09-01 19:28")
    punches.take(house, nameless)
    named = punches.take(house, told("A1 曾小贤 2026-09-01 19:28"))
    assert (named.new, named.arrivals, len(named.matched), named.changed) == (0, [], 1, True)
    assert clocks.owners() == {("门口", "a1"): "A1"}
    brief(house, before)
    came = punches.take(house, nameless)
    assert (came.new, came.matched, came.changed) == (0, [], True)
    assert signs(house, "A1", before).arrived_at is not None


def test_the_last_of_three_imports_is_taken_back_and_no_other(house: Session) -> None:
    for at, each in enumerate(ALL[:3]):
        assert punches.take(house, [each]).new == 1, at
    assert [punches.take_back(house) for _ in range(3)] == [1, 1, 1]


def test_an_import_of_which_arrivals_are_frozen_is_not_taken_back(
    house: Session, clock: Clock
) -> None:
    october = date(2026, 10, 1)
    brief(house, october)
    clock.set("2026-10-02T15:00")
    punches.take(house, told("A1 曾小贤 2026-09-02 19:28", "A1 曾小贤 2026-10-01 19:28"))
    close()
    before = recorded()
    with pytest.raises(Refused, match="2026-09 is closed by now"):
        punches.take_back(house)
    assert recorded() == before
    punches.take(house, told("99 清洁工 2026-10-01 17:00"))  # nobody's: no arrival follows
    assert punches.take_back(house) == 1
    punches.take(house, told("A2 单雄 2026-10-01 19:29"))
    assert punches.take_back(house) == 1


def test_arrivals_of_a_closed_month_stay_whosever_the_punch_proves_to_be(house: Session) -> None:
    punches.take(house, ALL)
    came = signs(house, "A2")
    close()
    done = punches.match(house, "门口", "A2", "A3")
    assert (done.arrivals, done.closed) == ([], {"2026-09"})
    assert (done.new, done.known) == (0, 0)
    assert (signs(house, "A2"), signs(house, "A3")) == (came, NO_SIGN)


def test_a_mark_that_was_taken_back_by_hand_is_not_taken_back_again(house: Session) -> None:
    punches.take(house, ALL)
    roll.unmark(house, "A2", NIGHT)
    assert arrivals(punches.match(house, "门口", "A2", "A3")) == [("A3", Outcome.ABSENT, Outcome.LATE, 3000)]  # fmt: skip
    assert signs(house, "A2") == NO_SIGN


def test_who_is_not_called_any_more_is_taken_back_too(house: Session) -> None:
    punches.take(house, ALL)
    execute("UPDATE staff SET hired_on = '2026-09-03' WHERE staff_no = 'A2'")
    [gone] = punches.match(house, "门口", "A2", None).arrivals
    assert (gone.was, gone.outcome, gone.fine) == (Outcome.PENDING, None, 0)
    assert one("SELECT count(*) FROM attendance WHERE staff_no = 'A2'") == 0


def test_a_mark_of_nearly_the_same_time_stands_to_the_second(house: Session) -> None:
    """And says nothing else than the clock, up to a minute."""
    sign(house, "A1", arrived_at="19:28:59")
    sign(house, "A2", arrived_at="19:42")
    sign(house, "A3", made_up_at="20:01")
    marked = [signs(house, each) for each in ("A1", "A2", "A3")]
    taken = punches.take(house, [*ALL, *told("A3 解晓 2026-09-02 20:00:01")])
    assert [signs(house, each) for each in ("A1", "A2", "A3")] == marked
    assert taken.arrivals == []
    assert [(each.staff_no, each.marked_at) for each in taken.differing] == [("A2", marked[1].arrived_at)]  # fmt: skip
    roll.correct(house, "A3", NIGHT, Signs(None, marked[2].made_up_at, None)._replace(
        made_up_at=(marked[2].made_up_at or 0) + 60))  # fmt: skip
    assert [each.staff_no for each in first_punches.differences(house, NIGHT, NIGHT)] == ["A2", "A3"]  # fmt: skip


def test_where_a_mark_was_put_right_since_it_differs(house: Session) -> None:
    punches.take(house, ALL)
    assert first_punches.differences(house, NIGHT, NIGHT) == []
    at = house.calendar.parse("2026-09-02T19:31")
    roll.correct(house, "A1", NIGHT, Signs(at, None, None))
    [differing] = first_punches.differences(house, NIGHT, NIGHT)
    assert (differing.staff_no, differing.marked_at) == ("A1", at)


def test_only_nights_of_a_briefing_differ_and_each_by_its_own_punches(house: Session) -> None:
    before = date(2026, 9, 1)
    execute("DELETE FROM briefings WHERE night = ?", (NIGHT.isoformat(),))
    sign(house, "A1", arrived_at="19:00")
    sign(house, "A1", before, arrived_at="19:00")
    brief(house, before)
    lines = told("A1 曾小贤 2026-09-01 19:28", "A1 曾小贤 2026-09-02 19:28")
    assert [each.night for each in punches.take(house, lines).differing] == [before]
    assert [each.night for each in first_punches.differences(house, before, NIGHT)] == [before]
    assert first_punches.first_punches(house, before, before).keys() == {(before, "A1")}
    brief(house)


def test_a_number_is_somebodys_in_every_night_that_it_was_heard_in(house: Session) -> None:
    """From the first punch of all to the last, as far as a clock may be wrong."""
    august = date(2026, 8, 20)
    brief(house, august)
    punches.take(house, told("7  2026-08-20 19:28", "7  2026-09-02 19:28"))
    done = punches.match(house, "门口", "7", "A1")
    assert [each.night for each in done.arrivals] == [august, NIGHT]
    assert in_step(house)


def test_a_clock_that_is_three_days_ahead_tells_of_the_night_four_days_before(
    house: Session,
) -> None:
    night = date(2026, 8, 30)
    brief(house, night)
    punches.take(house, told("A1 曾小贤 2026-09-03 00:40"))
    done = punches.set_offset(house, "门口", date(2026, 9, 3), -clocks.LONGEST_OFFSET)
    assert sorted((each.night, each.at is None) for each in done.arrivals) == [(night, False), (NIGHT, True)]  # fmt: skip


def test_whose_own_arrival_waits_does_all_else_that_they_may(house: Session) -> None:
    """Another took A1's punch in before the briefing of its night was recorded."""
    before = date(2026, 9, 1)
    punches.take(house, told("A1 曾小贤 2026-09-01 19:28", "A2 单雄 2026-09-01 19:28"))
    punches.take(house, told("A3 解晓 2026-09-01 17:00", clock="厨房"))
    brief(house, before)
    sign_in(house, "director", "A1")
    kitchen = punches.set_offset(house, "厨房", before, 60)
    assert (arrivals(kitchen), kitchen.not_taken) == ([("A3", Outcome.ABSENT, Outcome.PRESENT, 0)], [])  # fmt: skip
    punches.take(house, told("A2 单雄 2026-09-02 19:28"))
    assert punches.take_back(house) == 1
    done = punches.match(house, "门口", "A2", "A3")
    assert "A2" not in clocks.owners().values()
    assert [(each.staff_no, each.at) for each in done.arrivals] == [("A2", None)]
