"""Calling the roll: marks, make-up signs, corrections, and taking each of them back."""

from collections.abc import Iterator
from datetime import date

import pytest

from models.access.permissions import ROLES
from models.access.session import Session
from models.ledger.night_preview import night_view
from models.operations import (
    briefings,
    first_call,
    roll,
    roll_board,
)
from models.operations.first_call import Calling
from models.operations.roll import NO_SIGN, Signs
from models.rules.charges import Outcome
from models.storage import audit
from models.storage.database import execute
from models.values.problems import Problem, Refused, problem
from tests.clock import Clock
from tests.models.house import (
    NIGHT,
    at,
    book,
    charges,
    fields,
    hire,
    in_step,
    one,
    place,
    rest,
    sign_in,
    staff_the_house,
)

pytestmark = pytest.mark.usefixtures("times_to_come")

LATE = ("late", "roll", 3000, "standing")
MISSED = ("missed_briefing", "roll", 5000, "standing")
ABSENT = ("absence", "roll", 160_000, "standing")


@pytest.fixture(autouse=True)
def house(session: Session) -> Iterator[None]:
    staff_the_house()
    hire("B1", "仇英", team="B", supervisor_no="S1")
    hire("N1", "Nobody's", team=None)
    place("K1")
    place("T1", "table")
    yield
    assert in_step(session)
    assert audit.broken_link() is None


def ledger() -> list[tuple[object, ...]]:
    return [
        tuple(row)
        for row in execute(
            "SELECT staff_no, night, rule, source, amount, basis FROM charges"
            " WHERE status <> 'reversed' ORDER BY staff_no, night, rule, source"
        )
    ]


def test_a_rehearsal_keeps_nothing(session: Session, clock: Clock) -> None:
    """Neither of the night's first mark, which opens the briefing, nor of a later one, nor where it
    would be refused or warned of."""

    def everything() -> list[list[tuple[object, ...]]]:
        tables = ("audit", "audit_touched", "attendance", "briefings", "charges", "passed_names")
        return [execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables]

    clock.set("2026-09-02T19:40")
    for marked in ((), ("A1",)):
        for number in marked:
            roll.mark(session, number)
        before, lines = everything(), session.database_changes()
        for number in ("A2", "nobody"):
            roll.rehearse(session, number, NIGHT, Calling(lasts=True))
        assert everything() == before
        assert session.database_changes() == lines
    session.clock_warning = problem("clock", "it is wrong")
    told: list[Problem] = []
    session.warn = told.append
    roll.rehearse(session, "A2", NIGHT, Calling(lasts=True))
    assert told == []
    session.clock_warning = None
    assert roll.mark(session, "A2").changed


def test_the_clock_says_present_or_late(session: Session, clock: Clock) -> None:
    on_time = roll.mark(session, "A1")
    assert (on_time.outcome, on_time.fine, on_time.was) == (Outcome.PRESENT, 0, None)
    assert on_time.opened
    clock.set("2026-09-02T19:30")
    assert roll.mark(session, "A2").outcome is Outcome.PRESENT
    clock.set("2026-09-02T19:30:01")
    late = roll.mark(session, "A3")
    assert (late.outcome, late.fine, late.opened) == (Outcome.LATE, 3000, False)
    assert charges("A1") == []
    assert charges("A3") == [LATE]


def test_who_comes_after_the_closing_missed_the_briefing(session: Session, clock: Clock) -> None:
    clock.set("2026-09-02T19:50")
    briefings.close(session)
    assert roll.mark(session, "A1").outcome is Outcome.LATE
    clock.set("2026-09-02T19:51")
    assert roll.mark(session, "A2").outcome is Outcome.MISSED
    assert charges("A2") == [MISSED]
    briefings.reopen(session)
    assert charges("A2") == [("late", "roll", 3000, "standing"), (*MISSED[:3], "reversed")]


def test_marking_twice_changes_nothing_and_says_so(session: Session, clock: Clock) -> None:
    first = roll.mark(session, "A1")
    lines = audit.head()
    clock.set("2026-09-02T19:45")
    again = roll.mark(session, "A1")
    assert first.changed
    assert not again.changed
    assert again.signs == first.signs
    assert audit.head() == lines


def test_a_room_of_their_own_bears_a_make_up_sign_out(session: Session, clock: Clock) -> None:
    clock.set("2026-09-02T21:00")
    book("A1")
    book("A2", place="T1")
    book("A3", status="no_show", turn=2)
    excused = roll.make_up(session, "A1")
    assert (excused.outcome, excused.room, excused.fine) == (Outcome.MADE_UP, True, 0)
    for staff_no in ("A2", "A3"):
        made_up = roll.make_up(session, staff_no)
        assert (made_up.outcome, made_up.room, made_up.fine) == (Outcome.MISSED, False, 5000)


def test_a_room_excuses_lateness_too(session: Session, clock: Clock) -> None:
    clock.set("2026-09-02T19:40")
    assert roll.mark(session, "A1").fine == 3000
    book("A1")
    assert roll.make_up(session, "A1").outcome is Outcome.MADE_UP
    assert charges("A1") == [(*LATE[:3], "reversed")]


def test_a_make_up_sign_is_not_signed_again(session: Session, clock: Clock) -> None:
    roll.make_up(session, "A1", at=at(session, "20:10"))
    again = roll.make_up(session, "A1", at=at(session, "21:10"))
    assert (again.changed, again.signs) == (False, Signs(None, at(session, "20:10"), None))


def test_a_correction_sets_all_three_times(session: Session) -> None:
    late = roll.mark(session, "A1", at=at(session, "19:40"))
    signs = Signs(at(session, "19:20"), None, at(session, "01:30"))
    corrected = roll.correct(session, "A1", NIGHT, signs, reason="the clock was fast")
    assert late.fine == 3000
    assert (corrected.was, corrected.signs, corrected.fine) == (late.signs, signs, 0)
    line = audit.lines(staff_no="A1")[-1]
    assert (line.action, line.reason) == ("roll.correct", "the clock was fast")
    assert '"arrived_at":"2026-09-02T19:40"' in (line.before or "")
    assert '"departed_at":"2026-09-03T01:30"' in (line.after or "")


@pytest.mark.parametrize("clock", ["19:25", "19:41"])
def test_what_a_correction_would_do_is_what_it_does(session: Session, clock: str) -> None:
    signs = Signs(at(session, clock), None, None)
    foreseen = roll.foresee(session, "A1", NIGHT, signs)
    assert roll_board.board(session)[0].outcome is Outcome.PENDING
    roll.mark(session, "A2")
    done = roll.correct(session, "A1", NIGHT, signs)
    assert (foreseen.outcome, foreseen.fine) == (done.outcome, done.fine)


def test_a_correction_is_foreseen_without_being_written(session: Session) -> None:
    roll.mark(session, "A1", at=at(session, "19:40"))
    lines = audit.head()
    for signs in (Signs(at(session, "19:20"), None, None), Signs(None, at(session, "22:00"), None)):
        foreseen = roll.foresee(session, "A1", NIGHT, signs)
        assert audit.head() == lines
        made = roll.correct(session, "A1", NIGHT, signs)
        assert (foreseen.outcome, foreseen.charges) == (made.outcome, made.charges)
        lines = audit.head()
    assert roll.foresee(session, "A1", NIGHT, NO_SIGN).outcome is Outcome.PENDING


def test_what_is_foreseen_knows_of_rooms_and_of_the_closing(session: Session, clock: Clock) -> None:
    roll.mark(session, "A2")
    late = Signs(at(session, "20:30"), None, None)
    assert not roll.foresee(session, "A1", NIGHT, late).room
    clock.set("2026-09-02T20:00")
    briefings.close(session)
    book("A1")
    foreseen = roll.foresee(session, "A1", NIGHT, late)
    assert (foreseen.outcome, foreseen.fine, foreseen.room) == (Outcome.MISSED, 5000, True)


def test_nobody_says_when_they_came_themselves(session: Session) -> None:
    """They are marked as of now, as anybody is; a time, or another night, is another's to say."""
    execute("UPDATE staff SET on_roll = ? WHERE staff_no = 'D1'", (True,))
    sign_in(session, "director", "D1")
    for change in (roll.mark, roll.make_up):
        for night, said in ((NIGHT, at(session, "19:20")), (date(2026, 9, 1), None)):
            with pytest.raises(Refused, match="of their own"):
                change(session, "D1", night, at=said)
        assert change(session, "D1").changed
    roll.mark(session, "A1", at=at(session, "19:20"))


def test_what_a_file_said_of_whom_nobody_calls_is_put_right(session: Session) -> None:
    roll.mark(session, "A2")
    hire("X3", "Excepted")
    execute("UPDATE staff SET on_roll = ? WHERE staff_no = 'X3'", (False,))
    execute(
        "INSERT INTO attendance (night, staff_no, arrived_at) VALUES (?, 'X3', ?)",
        (NIGHT.isoformat(), at(session, "19:40")),
    )
    right = Signs(at(session, "19:20"), None, None)
    assert roll.correct(session, "X3", NIGHT, right).signs == right


def test_nobody_departs_who_gave_no_sign(session: Session) -> None:
    with pytest.raises(Refused) as refusal:
        roll.correct(session, "A1", NIGHT, Signs(None, None, at(session, "23:00")))
    assert fields(refusal) == ["departed_at"]


def test_no_sign_at_all_leaves_no_row(session: Session) -> None:
    roll.mark(session, "A1")
    assert roll.correct(session, "A1", NIGHT, NO_SIGN).outcome is Outcome.PENDING
    assert one("SELECT count(*) FROM attendance") == 0


def test_unmarking_takes_every_sign_back(session: Session) -> None:
    roll.mark(session, "A1", at=at(session, "19:40"))
    back = roll.unmark(session, "A1")
    assert (back.signs, back.outcome, back.fine) == (None, Outcome.PENDING, 0)
    assert charges("A1") == [(*LATE[:3], "reversed")]
    assert not roll.unmark(session, "A1").changed


@pytest.mark.parametrize("rows_before", [False, True])
def test_undo_brings_everything_back(session: Session, rows_before: bool) -> None:
    roll.mark(session, "A1")
    if rows_before:
        execute("INSERT INTO attendance (night, staff_no) VALUES (?, 'A2')", (NIGHT.isoformat(),))
    facts = execute("SELECT * FROM attendance ORDER BY staff_no").fetchall()
    held = ledger()
    for change in (
        lambda: roll.mark(session, "A2", at=at(session, "19:45")),
        lambda: roll.make_up(session, "A2"),
        lambda: roll.correct(session, "A1", NIGHT, Signs(at(session, "19:59"), None, None)),
        lambda: roll.unmark(session, "A1"),
    ):
        done = change()
        assert done.changed
        undone = roll.undo(session, done)
        assert (undone.was, undone.signs) == (done.signs, done.was)
        assert execute("SELECT * FROM attendance ORDER BY staff_no").fetchall() == facts
        assert ledger() == held
        assert audit.lines()[-1].action == "roll.undo"


def test_undoing_the_first_mark_takes_the_briefing_back(session: Session, clock: Clock) -> None:
    marked = roll.mark(session, "A1")
    roll.undo(session, marked)
    assert briefings.briefing(session) is None
    clock.set("2026-09-03T13:00")
    assert {row.outcome for row in roll_board.board(session, NIGHT)} == {Outcome.PENDING}


def test_undoing_the_first_mark_leaves_a_briefing_in_use(session: Session) -> None:
    first = roll.mark(session, "A1")
    roll.mark(session, "A2")
    roll.undo(session, first)
    assert briefings.briefing(session) is not None


def test_a_stale_undo_is_refused(session: Session) -> None:
    marked = roll.mark(session, "A1")
    roll.correct(session, "A1", NIGHT, Signs(at(session, "19:40"), None, None))
    with pytest.raises(Refused, match="changed meanwhile"):
        roll.undo(session, marked)
    assert charges("A1") == [LATE]


def test_who_is_not_on_the_roll_is_not_marked(session: Session) -> None:
    hire("X1", "Left", left_on="2026-09-01")
    hire("X2", "To come", hired_on="2026-09-03")
    hire("X3", "Excepted")
    execute("UPDATE staff SET on_roll = ? WHERE staff_no = 'X3'", (False,))
    for staff_no, field, why in (
        ("X1", "staff_no", "X1 left on 2026-09-01"),
        ("X2", "night", "before X2 was hired, on 2026-09-03"),
        ("X3", "staff_no", "X3 is not called at the roll"),
        ("D1", "staff_no", "D1 is not called at the roll"),
        ("??", "staff_no", "there is no staffer ??"),
    ):
        with pytest.raises(Refused) as refusal:
            roll.mark(session, staff_no)
        assert fields(refusal) == [field]
        assert why in str(refusal.value)
    assert briefings.briefing(session) is None


def test_a_time_outside_the_night_is_refused(session: Session) -> None:
    for wrong in ("2026-09-02T11:59", "2026-09-03T12:00"):
        with pytest.raises(Refused) as refusal:
            roll.mark(session, "A1", at=session.calendar.parse(wrong))
        assert fields(refusal) == ["arrived_at"]
    assert roll.mark(session, "A1", at=at(session, "11:59")).outcome is Outcome.LATE


def test_another_night_may_be_looked_at_but_not_opened_by_a_mark(session: Session) -> None:
    for night, why in (
        (date(2026, 9, 3), "has not begun"),
        (date(2026, 9, 1), "no briefing was held on 2026-09-01"),
    ):
        with pytest.raises(Refused, match=why):
            roll.mark(session, "A1", night, at=at(session, "19:20", night))
        assert {row.outcome for row in roll_board.board(session, night)} == {Outcome.PENDING}


def test_a_past_night_is_corrected_with_a_time(session: Session, clock: Clock) -> None:
    roll.mark(session, "A1")
    briefings.close(session)
    clock.set("2026-09-03T13:00")
    roll_board.history(session, "A2")  # settles the night
    assert charges("A2") == [ABSENT]
    with pytest.raises(Refused) as refusal:
        roll.mark(session, "A2", NIGHT)
    assert fields(refusal) == ["arrived_at"]
    assert roll.mark(session, "A2", NIGHT, at=at(session, "19:29")).outcome is Outcome.PRESENT
    assert charges("A2") == [(*ABSENT[:3], "reversed")]


def test_a_closed_month_is_not_changed(session: Session, clock: Clock) -> None:
    done = roll.mark(session, "A1")
    execute(
        "INSERT INTO closed_months (month, closed_at, content, digest, audit_head)"
        " VALUES ('2026-09', 0, '', '', '')"
    )
    for change in (
        lambda: roll.mark(session, "A2"),
        lambda: roll.make_up(session, "A2"),
        lambda: roll.correct(session, "A1", NIGHT, NO_SIGN),
        lambda: roll.unmark(session, "A1"),
        lambda: roll.undo(session, done),
    ):
        with pytest.raises(Refused, match="2026-09 is closed"):
            change()


def test_coming_in_on_a_night_of_rest_is_no_offence(session: Session) -> None:
    rest("A1")
    marked = roll.mark(session, "A1", at=at(session, "23:00"))
    assert (marked.outcome, marked.fine) == (Outcome.REST, 0)


def test_only_a_director_calls_the_roll(session: Session) -> None:
    done = roll.mark(session, "A1")
    changes = (
        lambda: roll.mark(session, "A2"),
        lambda: roll.make_up(session, "A3"),
        lambda: roll.correct(session, "A2", NIGHT, Signs(at(session, "19:20"), None, None)),
        lambda: roll.unmark(session, "A2"),
        lambda: roll.undo(session, done),
    )
    sign_in(session, "admin")
    session.actor = None
    with pytest.raises(Refused, match="has accounts now"):
        roll.mark(session, "A2")
    for role in ROLES:
        if role == "director":
            continue
        sign_in(session, role)
        for change in changes:
            with pytest.raises(Refused, match=f"signed in as {role}"):
                change()
    sign_in(session, "director", "D1")
    for change in changes:
        change()


def test_the_director_who_signed_in_runs_the_night_they_open(session: Session) -> None:
    sign_in(session, "director", "D2")
    roll.mark(session, "A1")
    held = briefings.briefing(session)
    assert held is not None
    assert held.director_no == "D2"
    assert [line.action for line in audit.lines(night=NIGHT)] == ["briefing.opened", "roll.mark"]


def test_the_director_may_be_named(session: Session) -> None:
    with pytest.raises(Refused) as refusal:
        roll.mark(session, "A1", director_no="D9")
    assert fields(refusal) == ["director_no"]
    roll.mark(session, "A1", director_no="D1")
    held = briefings.briefing(session)
    assert held is not None
    assert held.director_no == "D1"


def test_signs_from_a_file_before_the_briefing_are_judged_when_it_opens(session: Session) -> None:
    execute(
        "INSERT INTO attendance (night, staff_no, arrived_at) VALUES (?, 'A1', ?)",
        (NIGHT.isoformat(), at(session, "19:40")),
    )
    rest("B1")
    seen = night_view(session, NIGHT).outcomes
    assert seen == {**dict.fromkeys(seen, Outcome.PENDING), "B1": Outcome.REST}
    assert "A1" in seen  # of whom nothing is said before anybody holds the briefing
    others = ("A2", "A3", "N1", "S1")
    assert first_call.everyone_called(session, NIGHT, others)
    assert not first_call.everyone_called(session, NIGHT, others[1:])
    roll.mark(session, "A2")
    assert charges("A1") == [LATE]


def test_a_mark_says_which_lines_of_the_trail_it_wrote(session: Session) -> None:
    opened = roll.mark(session, "A1", director_no="D1")
    last = audit.head()[0]
    assert opened.lines == (last - 1, last)
    assert [audit.lines(last=2)[n].action for n in (0, 1)] == ["briefing.opened", "roll.mark"]
    again = roll.mark(session, "A1")
    assert (again.changed, again.lines) == (False, ())
    undone = roll.unmark(session, "A1")
    assert undone.lines == (last + 1,)
    assert audit.head()[0] == last + 1
