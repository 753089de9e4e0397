"""The briefing: opened, closed after naming every fine, assigned, told on; and the night's end."""

import json
from collections.abc import Iterator
from datetime import date

import pytest

from models.access.permissions import ROLES
from models.access.session import Session
from models.ledger.ledger import rejudge
from models.ledger.settling import settle
from models.ledger.unended_rolls import unended
from models.operations import briefings, incidents, roll, roll_board, unheld_briefings
from models.rules.charges import Outcome
from models.storage import audit
from models.storage.database import execute
from models.values.problems import Refused
from tests.clock import Clock
from tests.models.house import (
    NIGHT,
    at,
    charges,
    facts_and_charges,
    hire,
    in_step,
    one,
    rest,
    sign_in,
    staff_the_house,
)

pytestmark = pytest.mark.usefixtures("times_to_come")

WAGE_DAYS = 160_000  # 4 days of 8,700 at 21.75 days a month


@pytest.fixture(autouse=True)
def house(session: Session) -> Iterator[None]:
    staff_the_house()
    hire("B1", "仇英", team="B", supervisor_no="S1")
    yield
    assert in_step(session)
    assert audit.broken_link() is None


def test_closing_names_every_fine_and_every_absence(session: Session, clock: Clock) -> None:
    roll.mark(session, "A1")
    roll.mark(session, "B1", at=at(session, "19:40"))
    clock.set("2026-09-02T19:50")
    roll.make_up(session, "A2")
    rest("S1")
    before, lines = facts_and_charges("briefings", "attendance", "relays"), audit.head()
    preview = briefings.closing(session)
    assert facts_and_charges("briefings", "attendance", "relays") == before
    assert audit.head() == lines
    assert preview.at == session.now()
    assert [(d.staff_no, d.outcome, d.rule, d.amount) for d in preview.fines] == [
        ("A2", Outcome.MISSED, "missed_briefing", 5000),
        ("B1", Outcome.LATE, "late", 3000),
    ]
    assert preview.due == 8000
    assert [(d.staff_no, d.rule, d.amount) for d in preview.absences] == [
        ("A3", "absence", WAGE_DAYS)
    ]
    assert preview.absent == WAGE_DAYS


def test_what_closing_foretold_is_what_comes(session: Session, clock: Clock) -> None:
    roll.mark(session, "A1", at=at(session, "19:31"))
    clock.set("2026-09-02T19:50")
    preview = briefings.closing(session)
    briefings.close(session)
    assert briefings.close_night(session)
    for due in (*preview.fines, *preview.absences):
        assert (due.rule, "roll", due.amount, "standing") in charges(due.staff_no)
    assert len(preview.absences) == 4


def test_closing_can_be_foreseen_before_the_briefing_opens(session: Session) -> None:
    preview = briefings.closing(session)
    assert preview.fines == ()
    assert [due.staff_no for due in preview.absences] == ["A1", "A2", "A3", "S1", "B1"]
    assert briefings.briefing(session) is None


def test_a_waived_fine_is_not_due(session: Session, clock: Clock) -> None:
    clock.set("2026-09-02T19:40")
    roll.mark(session, "A1")
    for staff_no, rule in (("A1", "late"), ("A2", "absence")):
        execute(
            "INSERT INTO waivers VALUES (?, ?, ?, 'roll', 'D1', 'flood')",
            (staff_no, NIGHT.isoformat(), rule),
        )
    preview = briefings.closing(session)
    assert preview.fines == ()
    assert {due.staff_no: due.amount for due in preview.absences}["A2"] == 0
    rejudge(session, NIGHT, NIGHT)


def test_closing_draws_the_line_between_late_and_missed(session: Session, clock: Clock) -> None:
    roll.mark(session, "A1", at=at(session, "19:45"))
    roll.mark(session, "A2", at=at(session, "19:55"))
    clock.set("2026-09-02T19:50")
    closed = briefings.close(session)
    assert (closed.closed_at, closed.was, closed.opened) == (session.now(), None, False)
    assert {change.key[2] for change in closed.changes} == {"late", "missed_briefing"}
    assert charges("A1") == [("late", "roll", 3000, "standing")]
    assert ("missed_briefing", "roll", 5000, "standing") in charges("A2")


def test_closing_again_moves_the_time_only_when_told_to(session: Session, clock: Clock) -> None:
    first = briefings.close(session, at=at(session, "19:50"))
    clock.set("2026-09-02T20:30")
    assert not briefings.close(session).changed
    moved = briefings.close(session, at=at(session, "20:00"))
    assert (moved.was, moved.closed_at) == (first.closed_at, at(session, "20:00"))
    assert briefings.closing(session).at == at(session, "20:00")
    assert briefings.undo_close(session, moved).closed_at == first.closed_at


def test_reopening_and_undoing_bring_everything_back(session: Session, clock: Clock) -> None:
    roll.mark(session, "A1")
    roll.mark(session, "A2", at=at(session, "19:55"))
    clock.set("2026-09-02T19:50")
    opened = facts_and_charges("briefings", "attendance", "relays")
    closed = briefings.close(session)
    shut = facts_and_charges("briefings", "attendance", "relays")
    reopened = briefings.reopen(session)
    assert facts_and_charges("briefings", "attendance", "relays") == opened
    assert not briefings.reopen(session).changed
    briefings.undo_close(session, reopened)
    assert facts_and_charges("briefings", "attendance", "relays") == shut
    briefings.undo_close(session, closed)
    assert facts_and_charges("briefings", "attendance", "relays") == opened


def test_a_stale_undo_of_the_closing_is_refused(session: Session) -> None:
    closed = briefings.close(session)
    briefings.close(session, at=at(session, "20:00"))
    with pytest.raises(Refused, match="changed meanwhile"):
        briefings.undo_close(session, closed)


def test_undoing_a_closing_that_opened_the_briefing_takes_it_back(session: Session) -> None:
    briefings.undo_close(session, briefings.close(session))
    assert briefings.briefing(session) is None


def test_closing_a_past_night_says_that_it_was_held(session: Session, clock: Clock) -> None:
    clock.set("2026-09-05T19:00")
    closed = briefings.close(session, NIGHT, at=at(session, "20:00"))
    assert closed.opened
    assert charges("A1") == [("absence", "roll", WAGE_DAYS, "standing")]
    briefings.undo_close(session, closed)
    assert charges("A1") == [("absence", "roll", WAGE_DAYS, "reversed")]


@pytest.mark.parametrize("wrong", ["2026-09-02T11:59", "2026-09-03T12:00"])
def test_a_closing_time_lies_in_the_night(session: Session, wrong: str) -> None:
    with pytest.raises(Refused) as refusal:
        briefings.close(session, at=session.calendar.parse(wrong))
    assert [each.field for each in refusal.value.problems] == ["closed_at"]
    assert briefings.briefing(session) is None


def test_a_night_closed_early_makes_the_unmarked_absent_and_reopening_takes_it_back(
    session: Session, clock: Clock
) -> None:
    roll.mark(session, "A1")
    before = facts_and_charges("briefings", "attendance", "relays")
    assert briefings.close_night(session)
    assert not briefings.close_night(session)
    held = briefings.briefing(session)
    assert held is not None
    assert held.over
    assert charges("A2") == [("absence", "roll", WAGE_DAYS, "standing")]
    assert roll.mark(session, "A3", at=at(session, "19:40")).outcome is Outcome.LATE
    roll.unmark(session, "A3")
    assert briefings.reopen_night(session)
    assert not briefings.reopen_night(session)
    assert facts_and_charges("briefings", "attendance", "relays") == before


def test_a_night_that_is_over_needs_no_closing(session: Session, clock: Clock) -> None:
    roll.mark(session, "A1")
    briefings.close(session)
    clock.set("2026-09-03T12:00")
    settle(session)
    assert not briefings.close_night(session, NIGHT)


def test_a_roll_that_was_left_open_charges_nobody_until_somebody_ends_it(
    session: Session, clock: Clock
) -> None:
    """Otherwise a stray mark on a shut night costs everybody four days' wages at noon."""
    roll.mark(session, "A1")
    clock.set("2026-09-05T19:00")
    settle(session)
    assert charges("A2") == []
    assert {row.outcome for row in roll_board.board(session, NIGHT)} == {
        Outcome.PRESENT,
        Outcome.PENDING,
    }
    assert unended(session, NIGHT, NIGHT) == [NIGHT]
    assert briefings.close_night(session, NIGHT)
    assert charges("A2") == [("absence", "roll", WAGE_DAYS, "standing")]
    assert unended(session, NIGHT, NIGHT) == []
    assert briefings.reopen_night(session, NIGHT)
    assert charges("A2") == [("absence", "roll", WAGE_DAYS, "reversed")]


def test_a_briefing_that_was_not_held_is_taken_back_with_every_sign(
    session: Session, clock: Clock
) -> None:
    roll.mark(session, "A1", at=at(session, "19:40"))
    roll.mark(session, "A2")
    briefings.assign(session, "K1")
    briefings.tell(session, "A", told=True)
    incidents.raise_incident(session, "A2", "service_complaint", session.now())
    briefings.close(session)
    clock.set("2026-09-05T19:00")
    settle(session)
    before = facts_and_charges("briefings", "attendance", "relays")
    taken = unheld_briefings.not_held(session, NIGHT, "停业")
    assert (taken.signs, {change.key[0] for change in taken.changes}) == (
        2,
        {"A1", "A3", "S1", "B1"},
    )
    assert facts_and_charges("briefings", "attendance", "relays")[:3] == [[], [], []]
    assert {status for *_, status in charges("A1")} == {"reversed"}
    assert charges("A2") == [
        ("service_complaint", f"incident:{one('SELECT incident_no FROM incidents')}", 10000,
         "standing")
    ]  # fmt: skip
    assert not unended(session, NIGHT, NIGHT)
    with pytest.raises(Refused, match="no briefing was held"):
        unheld_briefings.not_held(session, NIGHT)

    unheld_briefings.undo_not_held(session, taken)
    assert facts_and_charges("briefings", "attendance", "relays") == before
    with pytest.raises(Refused, match="changed meanwhile"):
        unheld_briefings.undo_not_held(session, taken)
    [held, *_rest] = [line for line in audit.lines() if line.action == "briefing.not_held"]
    assert held.before is not None
    assert '"A1":{"arrived_at":"2026-09-02T19:40"}' in held.before


def test_a_make_up_sign_is_taken_back_with_the_briefing_and_told(session: Session) -> None:
    for staff_no in ("A1", "A2"):
        roll.make_up(session, staff_no, director_no="D1")
    execute("INSERT INTO attendance (night, staff_no) VALUES (?, 'A3')", (NIGHT.isoformat(),))
    briefings.close(session)
    assert unheld_briefings.not_held(session, NIGHT).signs == 2
    told = json.loads(audit.lines()[-1].before or "")
    made_up = {"made_up_at": "2026-09-02T19:25"}
    assert told["signs"] == {"A1": made_up, "A2": made_up, "A3": {}}
    assert (told["closed_at"], told["director_no"]) == ("2026-09-02T19:25", "D1")
    assert told.keys().isdisjoint({"night", "settled"})


def test_nobody_takes_back_a_briefing_that_charged_them(session: Session, clock: Clock) -> None:
    roll.mark(session, "S1", at=at(session, "19:40"))
    sign_in(session, "director", "S1")
    with pytest.raises(Refused, match="of their own"):
        unheld_briefings.not_held(session, NIGHT)
    sign_in(session, "director", "D1")
    unheld_briefings.not_held(session, NIGHT)


def test_nights_without_a_briefing_or_to_come_are_not_closed(session: Session) -> None:
    for night, why in (
        (NIGHT, "no briefing was held on 2026-09-02"),
        (date(2026, 9, 1), "no briefing was held on 2026-09-01"),
        (date(2026, 9, 3), "the night of 2026-09-03 has not begun"),
    ):
        with pytest.raises(Refused, match=why):
            briefings.close_night(session, night)


def test_the_assignment_is_written_and_put_back(session: Session) -> None:
    first = briefings.assign(session, "包房 K1\n[red]查台[/]")
    second = briefings.assign(session, "K2")
    assert (first.opened, second.opened, second.was) == (True, False, first.text)
    briefings.undo_assign(session, second)
    held = briefings.briefing(session)
    assert held is not None
    assert held.assignment == first.text
    assert not briefings.assign(session, first.text).changed
    with pytest.raises(Refused, match="changed meanwhile"):
        briefings.undo_assign(session, second)
    briefings.undo_assign(session, first)
    assert briefings.briefing(session) is None


def test_an_assignment_holds_no_null_character(session: Session) -> None:
    with pytest.raises(Refused) as refusal:
        briefings.assign(session, "a\0b")
    assert [each.field for each in refusal.value.problems] == ["assignment"]


def test_the_duty_director_can_be_changed_and_put_back(session: Session) -> None:
    roll.mark(session, "A1", director_no="D1")
    assert briefings.set_director(session, "D2") == "D1"
    assert briefings.set_director(session, "D1") == "D2"
    with pytest.raises(Refused, match="there is no staffer"):
        briefings.set_director(session, "D9")


def test_teams_tell_their_resting_colleagues(session: Session) -> None:
    hire("N1", "Nobody's", team=None)
    for staff_no in ("A1", "A2", "N1"):
        rest(staff_no)
    assert briefings.told(session) == {}
    assert briefings.tell(session, "A", told=True)
    assert not briefings.tell(session, "A", told=True)
    assert briefings.tell(session, None, told=True)
    assert briefings.told(session) == {"A": session.now(), None: session.now()}
    assert briefings.tell(session, "A", told=False)
    assert one("SELECT count(*) FROM relays") == 1
    with pytest.raises(Refused, match="nobody is in the team Z"):
        briefings.tell(session, "Z", told=True)


def test_who_may_run_the_briefing(session: Session) -> None:
    closed = briefings.close(session)
    briefings.close_night(session)
    directors = (
        lambda: briefings.undo_close(session, closed),
        lambda: briefings.close(session),
        lambda: briefings.reopen(session),
        lambda: briefings.set_director(session, "D1"),
        lambda: unheld_briefings.undo_not_held(session, unheld_briefings.not_held(session, NIGHT)),
        lambda: briefings.reopen_night(session),
        lambda: briefings.close_night(session),
    )
    assigned = []
    anyone_above = (
        lambda: assigned.append(briefings.assign(session, f"work {len(assigned)}")),
        lambda: briefings.undo_assign(session, assigned[-1]),
        lambda: briefings.tell(session, "A", told=one("SELECT count(*) FROM relays") == 0),
    )
    for role in ROLES:
        sign_in(session, role)
        allowed = {"director": (*directors, *anyone_above), "supervisor": anyone_above}
        for change in (*directors, *anyone_above):
            if change in allowed.get(role, ()):
                change()
            else:
                with pytest.raises(Refused, match="who may not do this"):
                    change()


def test_a_closed_month_is_not_changed(session: Session) -> None:
    closed = briefings.close(session)
    assigned = briefings.assign(session, "K1")
    execute(
        "INSERT INTO closed_months (month, closed_at, content, digest, audit_head)"
        " VALUES ('2026-09', 0, '', '', '')"
    )
    for change in (
        lambda: briefings.close(session),
        lambda: briefings.reopen(session),
        lambda: briefings.undo_close(session, closed),
        lambda: briefings.close_night(session),
        lambda: briefings.assign(session, "K2"),
        lambda: briefings.undo_assign(session, assigned),
        lambda: briefings.set_director(session, "D2"),
        lambda: unheld_briefings.not_held(session, NIGHT),
    ):
        with pytest.raises(Refused, match="2026-09 is closed"):
            change()


def test_every_change_leaves_one_line(session: Session) -> None:
    closed = briefings.close(session)
    briefings.undo_close(session, briefings.reopen(session))
    briefings.close_night(session)
    briefings.reopen_night(session)
    briefings.tell(session, "A", told=True)
    briefings.tell(session, "A", told=False)
    assert [line.action for line in audit.lines(night=NIGHT)] == [
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
