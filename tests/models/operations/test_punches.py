"""What punch clocks tell, and what becomes of it."""

from collections.abc import Iterable
from datetime import date, datetime

import pytest

from models.access.session import Session
from models.ledger.settling import settle
from models.operations import clocks, first_punches, punches, roll, roll_board
from models.operations.punch_arrivals import Taken
from models.operations.punches import Told
from models.operations.roll import NO_SIGN, Signs
from models.rules.charges import Outcome
from models.storage.database import execute
from models.values.problems import Refused
from tests.built_once import built_once
from tests.clock import Clock
from tests.models.house import NIGHT, brief, charges, hire, in_step, sign, sign_in, staff_the_house

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
    again = punches.take(house, [*ALL, *ALL])
    assert (again.new, again.known, again.changed) == (0, 4, False)
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


def test_a_closed_month_is_left_alone(house: Session) -> None:
    execute(
        "INSERT INTO closed_months (month, closed_at, digest, audit_head, content)"
        " VALUES ('2026-09', 1, '', '', '{}')"
    )
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
