"""The briefing: opened, closed after naming every fine, assigned, told on; and the night's end."""

from collections.abc import Iterator
from datetime import date, time

import pytest

from models import audit, briefings, roll
from models.authority import ROLES
from models.database import execute
from models.desk import Desk
from models.judgement import Outcome
from models.ledger import rejudge, settle
from models.problems import Refused
from tests.conftest import Clock
from tests.models.house import NIGHT, charges, hire, in_step, one, sign_in, staff_the_house

WAGE_DAYS = 160_000  # 4 days of 8,700 at 21.75 days a month


@pytest.fixture(autouse=True)
def house(desk: Desk) -> Iterator[None]:
    staff_the_house()
    hire("B1", "仇英", team="B", supervisor_no="S1")
    yield
    assert in_step(desk)
    assert audit.broken_link() is None


def rest(staff_no: str) -> None:
    execute(
        "INSERT INTO leave (leave_no, staff_no, kind, first_night, last_night, filed_at, status,"
        " decided_by, decided_at) VALUES (?, ?, 'rest', ?, ?, 0, 'approved', 'S1', 0)",
        (f"L{staff_no}", staff_no, NIGHT.isoformat(), NIGHT.isoformat()),
    )


def at(desk: Desk, clock: str) -> int:
    return desk.calendar.at(NIGHT, time.fromisoformat(clock))


def contents() -> list[list[tuple[object, ...]]]:
    tables = ("briefings", "attendance", "relays")
    live = "SELECT * FROM charges WHERE status <> 'reversed' ORDER BY staff_no, source"
    return [
        [tuple(row) for row in execute(sql)]
        for sql in (*(f"SELECT * FROM {table}" for table in tables), live)
    ]


def test_closing_names_every_fine_and_every_absence(desk: Desk, clock: Clock) -> None:
    roll.mark(desk, "A1")
    roll.mark(desk, "B1", at=at(desk, "19:40"))
    clock.set("2026-09-02T19:50")
    roll.make_up(desk, "A2")
    rest("S1")
    before, lines = contents(), audit.head()
    preview = briefings.closing(desk)
    assert contents() == before
    assert audit.head() == lines
    assert preview.at == desk.now()
    assert [(d.staff_no, d.outcome, d.rule, d.amount) for d in preview.fines] == [
        ("A2", Outcome.MISSED, "missed_briefing", 5000),
        ("B1", Outcome.LATE, "late", 3000),
    ]
    assert preview.due == 8000
    assert [(d.staff_no, d.rule, d.amount) for d in preview.absences] == [
        ("A3", "absence", WAGE_DAYS)
    ]
    assert preview.absent == WAGE_DAYS


def test_what_closing_foretold_is_what_comes(desk: Desk, clock: Clock) -> None:
    roll.mark(desk, "A1", at=at(desk, "19:31"))
    clock.set("2026-09-02T19:50")
    preview = briefings.closing(desk)
    briefings.close(desk)
    assert briefings.close_night(desk)
    for due in (*preview.fines, *preview.absences):
        assert (due.rule, "roll", due.amount, "standing") in charges(due.staff_no)
    assert len(preview.absences) == 4


def test_closing_can_be_foreseen_before_the_briefing_opens(desk: Desk) -> None:
    preview = briefings.closing(desk)
    assert preview.fines == ()
    assert [due.staff_no for due in preview.absences] == ["A1", "A2", "A3", "S1", "B1"]
    assert briefings.briefing(desk) is None


def test_a_waived_fine_is_not_due(desk: Desk, clock: Clock) -> None:
    clock.set("2026-09-02T19:40")
    roll.mark(desk, "A1")
    for staff_no, rule in (("A1", "late"), ("A2", "absence")):
        execute(
            "INSERT INTO waivers VALUES (?, ?, ?, 'roll', 'D1', 'flood')",
            (staff_no, NIGHT.isoformat(), rule),
        )
    preview = briefings.closing(desk)
    assert preview.fines == ()
    assert {due.staff_no: due.amount for due in preview.absences}["A2"] == 0
    rejudge(desk, NIGHT, NIGHT)


def test_closing_draws_the_line_between_late_and_missed(desk: Desk, clock: Clock) -> None:
    roll.mark(desk, "A1", at=at(desk, "19:45"))
    roll.mark(desk, "A2", at=at(desk, "19:55"))
    clock.set("2026-09-02T19:50")
    closed = briefings.close(desk)
    assert (closed.closed_at, closed.was, closed.opened) == (desk.now(), None, False)
    assert {change.key[2] for change in closed.changes} == {"late", "missed_briefing"}
    assert charges("A1") == [("late", "roll", 3000, "standing")]
    assert ("missed_briefing", "roll", 5000, "standing") in charges("A2")


def test_closing_again_moves_the_time_only_when_told_to(desk: Desk, clock: Clock) -> None:
    first = briefings.close(desk, at=at(desk, "19:50"))
    clock.set("2026-09-02T20:30")
    assert not briefings.close(desk).changed
    moved = briefings.close(desk, at=at(desk, "20:00"))
    assert (moved.was, moved.closed_at) == (first.closed_at, at(desk, "20:00"))
    assert briefings.closing(desk).at == at(desk, "20:00")
    assert briefings.undo_close(desk, moved).closed_at == first.closed_at


def test_reopening_and_undoing_bring_everything_back(desk: Desk, clock: Clock) -> None:
    roll.mark(desk, "A1")
    roll.mark(desk, "A2", at=at(desk, "19:55"))
    clock.set("2026-09-02T19:50")
    opened = contents()
    closed = briefings.close(desk)
    shut = contents()
    reopened = briefings.reopen(desk)
    assert contents() == opened
    assert not briefings.reopen(desk).changed
    briefings.undo_close(desk, reopened)
    assert contents() == shut
    briefings.undo_close(desk, closed)
    assert contents() == opened


def test_a_stale_undo_of_the_closing_is_refused(desk: Desk) -> None:
    closed = briefings.close(desk)
    briefings.close(desk, at=at(desk, "20:00"))
    with pytest.raises(Refused, match="changed meanwhile"):
        briefings.undo_close(desk, closed)


def test_undoing_a_closing_that_opened_the_briefing_takes_it_back(desk: Desk) -> None:
    briefings.undo_close(desk, briefings.close(desk))
    assert briefings.briefing(desk) is None


def test_closing_a_past_night_says_that_it_was_held(desk: Desk, clock: Clock) -> None:
    clock.set("2026-09-05T19:00")
    closed = briefings.close(desk, NIGHT, at=at(desk, "20:00"))
    assert closed.opened
    assert charges("A1") == [("absence", "roll", WAGE_DAYS, "standing")]
    briefings.undo_close(desk, closed)
    assert charges("A1") == [("absence", "roll", WAGE_DAYS, "reversed")]


@pytest.mark.parametrize("wrong", ["2026-09-02T11:59", "2026-09-03T12:00"])
def test_a_closing_time_lies_in_the_night(desk: Desk, wrong: str) -> None:
    with pytest.raises(Refused) as refusal:
        briefings.close(desk, at=desk.calendar.parse(wrong))
    assert [each.field for each in refusal.value.problems] == ["closed_at"]
    assert briefings.briefing(desk) is None


def test_a_night_closed_early_makes_the_unmarked_absent_and_reopening_takes_it_back(
    desk: Desk, clock: Clock
) -> None:
    roll.mark(desk, "A1")
    before = contents()
    assert briefings.close_night(desk)
    assert not briefings.close_night(desk)
    held = briefings.briefing(desk)
    assert held is not None
    assert held.over
    assert charges("A2") == [("absence", "roll", WAGE_DAYS, "standing")]
    assert roll.mark(desk, "A3", at=at(desk, "19:40")).outcome is Outcome.LATE
    roll.unmark(desk, "A3")
    assert briefings.reopen_night(desk)
    assert not briefings.reopen_night(desk)
    assert contents() == before


def test_a_night_that_is_over_needs_no_closing(desk: Desk, clock: Clock) -> None:
    roll.mark(desk, "A1")
    clock.set("2026-09-03T12:00")
    settle(desk)
    assert not briefings.close_night(desk, NIGHT)


def test_nights_without_a_briefing_or_to_come_are_not_closed(desk: Desk) -> None:
    for night, why in (
        (NIGHT, "no briefing was held on 2026-09-02"),
        (date(2026, 9, 1), "no briefing was held on 2026-09-01"),
        (date(2026, 9, 3), "the night of 2026-09-03 has not begun"),
    ):
        with pytest.raises(Refused, match=why):
            briefings.close_night(desk, night)


def test_the_assignment_is_written_and_put_back(desk: Desk) -> None:
    first = briefings.assign(desk, "包房 K1\n[red]查台[/]")
    second = briefings.assign(desk, "K2")
    assert (first.opened, second.opened, second.was) == (True, False, first.text)
    briefings.undo_assign(desk, second)
    held = briefings.briefing(desk)
    assert held is not None
    assert held.assignment == first.text
    assert not briefings.assign(desk, first.text).changed
    with pytest.raises(Refused, match="changed meanwhile"):
        briefings.undo_assign(desk, second)
    briefings.undo_assign(desk, first)
    assert briefings.briefing(desk) is None


def test_an_assignment_holds_no_null_character(desk: Desk) -> None:
    with pytest.raises(Refused) as refusal:
        briefings.assign(desk, "a\0b")
    assert [each.field for each in refusal.value.problems] == ["assignment"]


def test_the_duty_director_can_be_changed_and_put_back(desk: Desk) -> None:
    roll.mark(desk, "A1", director_no="D1")
    assert briefings.set_director(desk, "D2") == "D1"
    assert briefings.set_director(desk, "D1") == "D2"
    with pytest.raises(Refused, match="there is no staffer"):
        briefings.set_director(desk, "D9")


def test_teams_tell_their_resting_colleagues(desk: Desk) -> None:
    hire("N1", "Nobody's", team=None)
    for staff_no in ("A1", "A2", "N1"):
        rest(staff_no)
    assert briefings.told(desk) == {}
    assert briefings.tell(desk, "A", told=True)
    assert not briefings.tell(desk, "A", told=True)
    assert briefings.tell(desk, None, told=True)
    assert briefings.told(desk) == {"A": desk.now(), None: desk.now()}
    assert briefings.tell(desk, "A", told=False)
    assert one("SELECT count(*) FROM relays") == 1
    with pytest.raises(Refused, match="nobody is in the team Z"):
        briefings.tell(desk, "Z", told=True)


def test_who_may_run_the_briefing(desk: Desk) -> None:
    closed = briefings.close(desk)
    briefings.close_night(desk)
    directors = (
        lambda: briefings.undo_close(desk, closed),
        lambda: briefings.close(desk),
        lambda: briefings.reopen(desk),
        lambda: briefings.set_director(desk, "D1"),
        lambda: briefings.reopen_night(desk),
        lambda: briefings.close_night(desk),
    )
    assigned = []
    anyone_above = (
        lambda: assigned.append(briefings.assign(desk, f"work {len(assigned)}")),
        lambda: briefings.undo_assign(desk, assigned[-1]),
        lambda: briefings.tell(desk, "A", told=one("SELECT count(*) FROM relays") == 0),
    )
    for role in ROLES:
        sign_in(desk, role)
        allowed = {"director": (*directors, *anyone_above), "supervisor": anyone_above}
        for change in (*directors, *anyone_above):
            if change in allowed.get(role, ()):
                change()
            else:
                with pytest.raises(Refused, match="who may not do this"):
                    change()


def test_a_closed_month_is_not_changed(desk: Desk) -> None:
    closed = briefings.close(desk)
    assigned = briefings.assign(desk, "K1")
    execute(
        "INSERT INTO closed_months (month, closed_at, content, digest, audit_head)"
        " VALUES ('2026-09', 0, '', '', '')"
    )
    for change in (
        lambda: briefings.close(desk),
        lambda: briefings.reopen(desk),
        lambda: briefings.undo_close(desk, closed),
        lambda: briefings.close_night(desk),
        lambda: briefings.assign(desk, "K2"),
        lambda: briefings.undo_assign(desk, assigned),
        lambda: briefings.set_director(desk, "D2"),
    ):
        with pytest.raises(Refused, match="2026-09 is closed"):
            change()


def test_every_change_leaves_one_line(desk: Desk) -> None:
    closed = briefings.close(desk)
    briefings.undo_close(desk, briefings.reopen(desk))
    briefings.close_night(desk)
    briefings.reopen_night(desk)
    briefings.tell(desk, "A", told=True)
    briefings.tell(desk, "A", told=False)
    assert [line.deed for line in audit.lines(night=NIGHT)] == [
        "briefing.opened",
        "briefing.closed",
        "briefing.reopened",
        "briefing.closing_undone",
        "night.closed",
        "night.reopened",
        "relay.told",
        "relay.taken_back",
    ]
    assert closed.changed
