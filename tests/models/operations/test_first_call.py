"""The first call: whoever answers was there, and nobody is fined for the director's slowness."""

from collections.abc import Iterator

import pytest

from models.access.session import Session
from models.operations import briefings, first_call, outings, roll, roll_board
from models.operations.first_call import Calling
from models.operations.roll import NO_SIGN, Signs
from models.rules.charges import Outcome
from models.storage import audit
from models.storage.database import execute
from models.values.problems import Refused
from tests.clock import Clock
from tests.models.house import NIGHT, charges, hire, in_step, one, rest, staff_the_house

ON_ROLL = ("A1", "A2", "A3", "S1")
CALLING, LATECOMERS = Calling(lasts=True), Calling(lasts=False)
LAST = Calling(lasts=True, last=True)


@pytest.fixture(autouse=True)
def house(session: Session) -> Iterator[None]:
    staff_the_house()
    yield
    assert in_step(session)
    assert audit.broken_link() is None


def here(session: Session, staff_no: str, calling: Calling = CALLING) -> roll.Marked:
    [done] = roll.here(session, [staff_no], NIGHT, calling)
    return done


def arrived(session: Session, staff_no: str) -> str:
    at = one("SELECT arrived_at FROM attendance WHERE staff_no = ?", staff_no)
    return f"{session.calendar.local(at):%H:%M:%S}"


def test_who_answers_while_it_lasts_was_there(session: Session, clock: Clock) -> None:
    clock.set("2026-09-02T19:29:59")
    assert here(session, "A1").outcome is Outcome.PRESENT
    clock.set("2026-09-02T19:34:12")
    answer = here(session, "A2")
    assert (answer.outcome, answer.fine) == (Outcome.PRESENT, 0)
    assert (arrived(session, "A1"), arrived(session, "A2")) == ("19:29:59", "19:30:00")


def test_with_the_last_name_it_ends_and_the_clock_decides(session: Session, clock: Clock) -> None:
    clock.set("2026-09-02T19:34")
    here(session, "S1")
    here(session, "A1")
    assert first_call.pass_over(session, NIGHT, ["A2"], last=False).ended is False
    assert here(session, "A3", LAST).ended_call
    with pytest.raises(Refused, match="ended at another terminal"):
        here(session, "A2")
    late = here(session, "A2", LATECOMERS)
    assert (late.outcome, late.fine) == (Outcome.LATE, 3000)
    assert arrived(session, "A2") == "19:34:00"


def test_passing_the_last_name_ends_it_and_is_taken_back(session: Session, clock: Clock) -> None:
    clock.set("2026-09-02T19:33")
    for staff_no in ("A1", "A2", "S1"):
        here(session, staff_no)
    done = first_call.pass_over(session, NIGHT, ["A3"], last=True)
    assert (done.staff_nos, done.ended) == (("A3",), True)
    assert first_call.was_ended(NIGHT)
    first_call.undo_pass(session, done)
    assert not first_call.was_ended(NIGHT)
    assert here(session, "A3", LAST).outcome is Outcome.PRESENT


def test_who_was_passed_may_answer_as_long_as_it_lasts(session: Session, clock: Clock) -> None:
    clock.set("2026-09-02T19:33")
    here(session, "A1")
    first_call.pass_over(session, NIGHT, ["A2"])
    assert here(session, "A2").outcome is Outcome.PRESENT


def test_it_ends_with_the_last_name_even_if_nobody_said_so(session: Session, clock: Clock) -> None:
    """A terminal that doesn't know yet what another one marked doesn't say that it was the last."""
    clock.set("2026-09-02T19:33")
    for staff_no in ("A1", "A2", "S1"):
        here(session, staff_no)
    passed = first_call.pass_over(session, NIGHT, ["A3"])
    assert (passed.ended, first_call.was_ended(NIGHT)) == (False, False)
    with pytest.raises(Refused, match="ended"):
        here(session, "A3")
    assert here(session, "A3", LATECOMERS).outcome is Outcome.LATE


def test_names_passed_before_anybody_answered_count(session: Session, clock: Clock) -> None:
    clock.set("2026-09-02T19:31")
    passed = frozenset({"A1", "A2"})
    first = here(session, "A3", Calling(lasts=True, passed=passed))
    assert set(first.passed) == passed
    assert first_call.passed(NIGHT) == passed
    assert here(session, "S1", LAST).ended_call
    assert here(session, "A1", LATECOMERS).outcome is Outcome.LATE


def test_nobody_answered_at_all(session: Session, clock: Clock) -> None:
    clock.set("2026-09-02T19:40")
    everybody = Calling(lasts=False, passed=frozenset(ON_ROLL))
    late = here(session, "A1", everybody)
    assert (late.outcome, arrived(session, "A1")) == (Outcome.LATE, "19:40:00")


def test_it_is_ended_by_hand_and_goes_on_again(session: Session, clock: Clock) -> None:
    clock.set("2026-09-02T19:35")
    ended = first_call.end(session, NIGHT, "D1")
    assert (ended.opened, ended.changed) == (True, True)
    assert first_call.end(session, NIGHT).changed is False
    with pytest.raises(Refused, match="late by the clock"):
        here(session, "A1")
    first_call.undo_end(session, ended)
    assert briefings.briefing(session, NIGHT) is None
    assert here(session, "A1").outcome is Outcome.PRESENT


def test_one_terminal_ends_it_and_the_other_charges_nobody_unseen(
    session: Session, clock: Clock
) -> None:
    other = Session(session.clock, "test:2")
    clock.set("2026-09-02T19:35")
    here(session, "A1")
    first_call.end(other, NIGHT)
    with pytest.raises(Refused) as refusal:
        here(session, "A2")
    assert refusal.value.problems[0].field == "first_call"
    assert charges("A2") == []
    first_call.undo_end(other, first_call.Ended(NIGHT, False, True))
    with pytest.raises(Refused, match="goes on after all"):
        here(session, "A2", LATECOMERS)
    assert execute("SELECT 1 FROM attendance WHERE staff_no = 'A2'").fetchone() is None


def test_closing_ends_it_and_reopening_lets_it_go_on(session: Session, clock: Clock) -> None:
    clock.set("2026-09-02T19:35")
    here(session, "A1")
    closed = briefings.close(session, NIGHT)
    assert first_call.was_ended(NIGHT)
    briefings.undo_close(session, closed)
    assert here(session, "A2").outcome is Outcome.PRESENT


def test_taking_the_last_mark_back_lets_it_go_on(session: Session, clock: Clock) -> None:
    clock.set("2026-09-02T19:35")
    for staff_no in ("A1", "A2", "A3"):
        here(session, staff_no)
    last = here(session, "S1", LAST)
    assert first_call.was_ended(NIGHT)
    roll.undo(session, last)
    assert not first_call.was_ended(NIGHT)
    assert here(session, "S1", LAST).outcome is Outcome.PRESENT


def test_cleared_marks_do_not_call_the_name_again(session: Session, clock: Clock) -> None:
    clock.set("2026-09-02T19:35")
    for staff_no in ("A1", "A2", "A3"):
        here(session, staff_no)
    cleared = roll.unmark(session, "A1", NIGHT)
    assert first_call.passed(NIGHT) == {"A1"}
    roll.undo(session, cleared)
    assert first_call.passed(NIGHT) == frozenset()
    roll.unmark(session, "A1", NIGHT)
    here(session, "S1", LAST)
    assert here(session, "A1", LATECOMERS).outcome is Outcome.LATE


def test_a_late_mark_and_a_make_up_sign_end_it_too(session: Session, clock: Clock) -> None:
    clock.set("2026-09-02T19:35")
    for staff_no in ("A1", "A2"):
        here(session, staff_no)
    roll.mark(session, "A3", NIGHT, calling=CALLING)
    assert not first_call.was_ended(NIGHT)
    assert roll.make_up(session, "S1", NIGHT, calling=LAST).ended_call
    assert first_call.was_ended(NIGHT)


def test_it_ends_once_and_with_nobody_left(session: Session, clock: Clock) -> None:
    """Whatever a terminal that saw less takes for the last name."""
    clock.set("2026-09-02T19:35")
    assert not here(session, "A1", LAST).ended_call
    for staff_no in ("A2", "A3"):
        here(session, staff_no)
    assert here(session, "S1", LAST).ended_call
    roll.undo(session, roll.unmark(session, "A1", NIGHT))
    roll.unmark(session, "A1", NIGHT)
    again = here(session, "A1", Calling(lasts=False, last=True))
    assert (again.ended_call, again.outcome) == (False, Outcome.LATE)
    roll.undo(session, again)
    assert first_call.was_ended(NIGHT)


def test_taking_back_that_a_name_was_passed_leaves_the_others_passed(session: Session) -> None:
    here(session, "A1")
    first_call.pass_over(session, NIGHT, ["A2"])
    done = first_call.pass_over(session, NIGHT, ["A2", "A3"])
    assert done.staff_nos == ("A3",)
    first_call.undo_pass(session, done)
    assert first_call.passed(NIGHT) == {"A2"}


def test_the_first_to_answer_may_have_been_passed_before(session: Session, clock: Clock) -> None:
    clock.set("2026-09-02T19:35")
    answer = here(session, "A1", Calling(lasts=True, passed=frozenset({"A1"})))
    assert (answer.outcome, answer.fine) == (Outcome.PRESENT, 0)


def test_who_comes_on_a_night_of_rest_answers_while_it_lasts(
    session: Session, clock: Clock
) -> None:
    rest("A3")
    clock.set("2026-09-02T19:35")
    for staff_no in ("A1", "S1"):
        here(session, staff_no)
    first_call.pass_over(session, NIGHT, ["A2"])
    here(session, "A3")
    assert arrived(session, "A3") == "19:30:00"
    assert not first_call.was_ended(NIGHT)  # which nobody said, though nobody is left


def test_the_trail_says_who_was_passed_and_when_it_ended(session: Session) -> None:
    here(session, "A1")
    first_call.pass_over(session, NIGHT, ["A2"])
    roll.unmark(session, "A1", NIGHT)  # which says so itself
    first_call.undo_end(session, first_call.end(session, NIGHT))
    first_call.end(session, NIGHT)
    here(session, "A3", LATECOMERS)
    assert [line.action for line in audit.lines()][2:] == [
        "roll.answered", "roll.passed", "roll.unmark", "first_call.ended", "first_call.resumed",
        "first_call.ended", "roll.mark",
    ]  # fmt: skip


def test_taking_back_no_sign_calls_nobody_and_nor_does_it_afterwards(session: Session) -> None:
    here(session, "A1")
    roll.unmark(session, "A2", NIGHT)
    assert first_call.passed(NIGHT) == frozenset()
    first_call.end(session, NIGHT)
    roll.unmark(session, "A1", NIGHT)
    assert first_call.passed(NIGHT) == frozenset()


def test_who_made_up_has_been_called(session: Session, clock: Clock) -> None:
    clock.set("2026-09-02T19:35")
    for staff_no in ("A2", "A3", "S1"):
        here(session, staff_no)
    roll.make_up(session, "A1", NIGHT, calling=CALLING)
    with pytest.raises(Refused, match="ended"):
        here(session, "A1")
    assert here(session, "A1", LATECOMERS).outcome is Outcome.LATE


def test_who_rests_is_not_waited_for(session: Session, clock: Clock) -> None:
    execute(
        "INSERT INTO leave (leave_no, staff_no, kind, first_night, last_night, filed_at, status,"
        " decided_by, decided_at) VALUES ('L1', 'A3', 'rest', ?, ?, 0, 'approved', 'S1', 0)",
        (NIGHT.isoformat(), NIGHT.isoformat()),
    )
    clock.set("2026-09-02T19:35")
    here(session, "A1")
    here(session, "A2")
    assert here(session, "S1", LAST).ended_call


def test_a_whole_team_in_one_change(session: Session, clock: Clock) -> None:
    hire("B1", team="B", supervisor_no="S1")
    clock.set("2026-09-02T19:34")
    roll.mark(session, "A2", NIGHT)
    done = roll.here(session, ["A1", "A2", "A3", "S1"], NIGHT, CALLING)
    assert [each.changed for each in done] == [True, False, True, True]
    assert {each.fine for each in done if each.changed} == {0}
    roll.undo_all(session, done)
    assert [row.staff_no for row in roll_board.board(session) if row.unmarked] == [
        *("A1", "A3", "S1", "B1")
    ]


def test_none_of_a_team_is_marked_where_one_may_not_be(session: Session, clock: Clock) -> None:
    with pytest.raises(Refused, match="not called"):
        roll.here(session, ["A1", "D1"], NIGHT, CALLING)
    assert roll_board.board(session)[0].signs == NO_SIGN


def test_several_are_taken_back_together_or_not_at_all(session: Session, clock: Clock) -> None:
    done = roll.here(session, ["A1", "A2"], NIGHT, CALLING)
    roll.correct(session, "A2", NIGHT, Signs(clock.now - 60, None, None))
    with pytest.raises(Refused, match="changed meanwhile"):
        roll.undo_all(session, done)
    assert roll_board.board(session)[0].outcome is Outcome.PRESENT
    assert [each.signs for each in roll.undo_all(session, done[:1])] == [None]
    assert roll.undo_all(session, []) == []


def test_a_briefing_that_is_taken_back_forgets_who_was_passed(session: Session) -> None:
    first = here(session, "A1", Calling(lasts=True, passed=frozenset({"A2"})))
    roll.undo(session, first)
    assert briefings.briefing(session, NIGHT) is None
    assert first_call.passed(NIGHT) == frozenset()


def test_nothing_is_passed_in_a_briefing_that_is_not_open(session: Session) -> None:
    with pytest.raises(Refused, match="no briefing"):
        first_call.pass_over(session, NIGHT, ["A1"])


def test_the_board_says_who_was_passed_who_is_out_and_whose_leave_came_too_late(
    session: Session, clock: Clock
) -> None:
    here(session, "A1")
    first_call.pass_over(session, NIGHT, ["A2"])
    outings.out_without_slip(session, "A3")
    execute(
        "INSERT INTO leave (leave_no, staff_no, kind, first_night, last_night, filed_at, status,"
        " decided_by, decided_at) VALUES ('L1', 'S1', 'rest', ?, ?, ?, 'approved', 'D1', 0)",
        (NIGHT.isoformat(), NIGHT.isoformat(), clock.now),
    )
    rows = {row.staff_no: row for row in roll_board.board(session)}
    assert [number for number, row in rows.items() if row.uncalled] == ["A3", "S1"]
    assert [number for number, row in rows.items() if row.passed] == ["A2"]
    assert [number for number, row in rows.items() if row.out] == ["A3"]
    assert [number for number, row in rows.items() if row.late_leave] == ["S1"]
