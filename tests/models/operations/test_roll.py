"""Calling the roll: marks, make-up signs, corrections, and taking each of them back."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, time

import pytest

from models.access.permissions import ROLES
from models.access.session import Session
from models.ledger import waivers
from models.operations import (
    bookings,
    briefings,
    first_call,
    grooming,
    incidents,
    leave,
    outings,
    roll,
    staff,
)
from models.operations.roll import NO_SIGN, Signs
from models.rules.judgement import Outcome, Status
from models.storage import audit
from models.storage.database import execute
from models.values.money import parse_money
from models.values.problems import Refused
from tests.clock import Clock
from tests.models.house import (
    NIGHT,
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


def book(staff_no: str, status: str = "booked", place: str = "K1", turn: int = 1) -> None:
    execute(
        "INSERT INTO bookings (booking_no, night, place, turn, staff_no, guest_phone, status)"
        " VALUES (?, ?, ?, ?, ?, '138', ?)",
        (f"{place}-{turn}", NIGHT.isoformat(), place, turn, staff_no, status),
    )


def at(session: Session, clock: str, night: date = NIGHT) -> int:
    return session.calendar.at(night, time.fromisoformat(clock))


def ledger() -> list[tuple[object, ...]]:
    return [
        tuple(row)
        for row in execute(
            "SELECT staff_no, night, rule, source, amount, basis FROM charges"
            " WHERE status <> 'reversed' ORDER BY staff_no, night, rule, source"
        )
    ]


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
    assert not roll.make_up(session, "A1", at=at(session, "21:10")).changed


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
    assert roll.board(session)[0].outcome is Outcome.PENDING
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
    assert {row.outcome for row in roll.board(session, NIGHT)} == {Outcome.PENDING}


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
        assert {row.outcome for row in roll.board(session, night)} == {Outcome.PENDING}


def test_a_past_night_is_corrected_with_a_time(session: Session, clock: Clock) -> None:
    roll.mark(session, "A1")
    briefings.close(session)
    clock.set("2026-09-03T13:00")
    roll.history(session, "A2")  # settles the night
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


def test_the_board_goes_by_team_and_number_as_people_count(session: Session) -> None:
    roll.mark(session, "A1")
    rest("A2")
    for staff_no, team in (("A10", "A"), ("C1", "十组"), ("C2", "二组"), ("C3", "10组")):
        hire(staff_no, team=team)
    rows = roll.board(session)
    numbers = [*("C2", "C3", "C1", "A1", "A2", "A3", "A10", "S1", "B1", "N1")]
    assert [row.staff_no for row in rows] == numbers
    assert [row.staff_no for row in rows if not row.unmarked] == ["A1", "A2"]
    assert [row.staff_no for row in rows if row.resting] == ["A2"]
    assert rows[3].initials == ("zxx",)
    assert rows[5].initials == ("xx",)


def test_initials_corrected_by_hand_are_kept(session: Session) -> None:
    execute("UPDATE staff SET initials = 'cxx zxx' WHERE staff_no = 'A1'")
    assert roll.board(session)[0].initials == ("cxx", "zxx")


def test_a_row_after_a_mark_is_the_row_that_the_board_reads(session: Session) -> None:
    book("A1")
    row = roll.board(session)[0]
    for change in (
        lambda: roll.mark(session, "A1", at=at(session, "19:40")),
        lambda: roll.make_up(session, "A1"),
        lambda: roll.unmark(session, "A1"),
    ):
        row = row.after(change())
        assert row in roll.board(session)


def test_the_board_shows_what_the_night_cost(session: Session) -> None:
    roll.mark(session, "A1", at=at(session, "19:40"))
    execute(
        "INSERT INTO incidents (incident_no, staff_no, occurred_at, rule, status, night)"
        " VALUES ('I1', 'A1', ?, 'service_complaint', 'recorded', ?)",
        (at(session, "22:00"), NIGHT.isoformat()),
    )
    execute("INSERT INTO waivers VALUES ('A1', ?, 'late', 'roll', 'D1', 'flood')", (str(NIGHT),))
    row = next(row for row in roll.board(session) if row.staff_no == "A1")
    assert [(c.rule, c.status) for c in row.charges] == [
        ("late", Status.WAIVED),
        ("service_complaint", Status.STANDING),
    ]
    assert row.fine == 10_000
    roll.unmark(session, "A1")  # rejudges what was written past the ledger


def test_a_summary_counts_outcomes_and_teams(session: Session) -> None:
    roll.mark(session, "A1")
    roll.mark(session, "B1", at=at(session, "19:40"))
    counted = roll.summary(roll.board(session))
    assert counted.outcomes == {Outcome.PENDING: 4, Outcome.PRESENT: 1, Outcome.LATE: 1}
    assert list(counted.teams) == ["A", "B", None]
    assert counted.teams["B"] == Counter({Outcome.LATE: 1})
    assert (counted.on_roll, counted.unmarked, counted.fines) == (6, 4, 3000)


def test_a_history_is_the_month_up_to_the_night(session: Session, clock: Clock) -> None:
    clock.set("2026-08-31T19:40")
    roll.mark(session, "A1")
    clock.set("2026-09-01T19:40")
    roll.mark(session, "A1")
    clock.set("2026-09-02T19:40")
    roll.mark(session, "A1")
    book("A1")
    seen = roll.history(session, "A1")
    assert [(c.night.day, c.rule) for c in seen.charges] == [(2, "late"), (1, "late")]
    assert seen.fined == parse_money("60")
    assert [(b.booking_no, b.kind, b.status) for b in seen.bookings] == [("K1-1", "room", "booked")]
    assert "138" not in str(seen)
    assert [c.night.day for c in roll.history(session, "A1", date(2026, 9, 1)).charges] == [1]


def test_a_history_counts_the_absence_of_a_night_that_just_ended(
    session: Session, clock: Clock
) -> None:
    roll.mark(session, "A1")
    briefings.close(session)
    clock.set("2026-09-03T12:00")
    assert [c.rule for c in roll.history(session, "A2").charges] == ["absence"]


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
    roll.mark(session, "A2")
    assert charges("A1") == [LATE]


def test_what_others_recorded_is_read_alone_and_makes_the_board_whole(
    session: Session, clock: Clock
) -> None:
    """After every kind of act: a board that takes in what the new lines say is the board as it is
    read anew, or the news say that all of it is to be read."""
    briefings.assign(session, "迎宾", NIGHT, "D1")  # which opens the briefing
    shown = {row.staff_no: row for row in roll.board(session, NIGHT)}
    who, another = sorted(shown)[:2]
    at_night = session.now()
    numbers: dict[str, str] = {}

    def note(what: str, number: str) -> None:
        numbers[what] = number

    slip = "service_complaint"
    acts: list[tuple[Callable[[], object], bool]] = [
        (lambda: roll.mark(session, who, NIGHT), True),
        (lambda: roll.unmark(session, who, NIGHT), True),
        (lambda: first_call.pass_over(session, NIGHT, [another]), True),
        (lambda: grooming.tick(session, another, NIGHT, grooming.STEPS[1]), True),
        (lambda: note("booking", bookings.book(session, NIGHT, "K1", another)), True),
        (lambda: bookings.cancel(session, numbers["booking"]), True),
        (lambda: note("leave", leave.ask(session, who, "rest", NIGHT, NIGHT)), True),
        (lambda: leave.approve(session, numbers["leave"], by="D1"), True),
        (lambda: note("slip", outings.out_without_slip(session, another).slip_no), True),
        (lambda: outings.back(session, numbers["slip"]), True),
        (lambda: note("incident", incidents.raise_incident(session, who, slip, at_night)), True),
        (lambda: waivers.waive(session, who, NIGHT, slip, f"incident:{numbers['incident']}", "误会",
                               "D1"), True),
        (lambda: incidents.withdraw(session, numbers["incident"]), True),
        (lambda: first_call.end(session, NIGHT), False),
        (lambda: briefings.close(session, NIGHT), False),
        (lambda: staff.set_wage(session, who, NIGHT, 900_000), False),
    ]  # fmt: skip
    for act, by_rows in acts:
        seen = session.database_changes()
        act()
        last = session.database_changes()
        assert last > seen
        news = roll.news(session, NIGHT, seen, last)
        whole = {row.staff_no: row for row in roll.board(session, NIGHT)}
        assert (news.rows is not None) == by_rows
        shown = whole if news.rows is None else {**shown, **news.rows}
        assert shown == whole
    assert roll.news(session, NIGHT, last, last).rows == {}


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
