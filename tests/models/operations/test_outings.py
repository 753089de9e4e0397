"""Outings: slips, going out and coming back, what it costs, and taking each step back."""

import json
from collections.abc import Iterator
from datetime import date

import pytest

from models.access.permissions import ROLES
from models.access.session import Session
from models.operations import incidents, outings, slip_board
from models.storage import audit
from models.storage.database import execute
from models.values.problems import Refused
from tests.clock import Clock
from tests.models.house import (
    NIGHT,
    charges,
    facts_and_charges,
    fields,
    hire,
    in_step,
    one,
    sign_in,
    staff_the_house,
)


@pytest.fixture(autouse=True)
def house(session: Session, clock: Clock) -> Iterator[None]:
    staff_the_house()
    clock.set("2026-09-02T21:00")
    yield
    assert in_step(session)
    assert audit.broken_link() is None


def left_post(slip_no: str, status: str = "standing") -> tuple[str, str, int, str]:
    return ("left_post", f"outing:{slip_no}", 10_000, status)


def test_a_slip_approved_in_time_costs_nothing(session: Session, clock: Clock) -> None:
    slip_no = outings.ask(session, "A1", "cigarettes")
    outings.approve(session, slip_no, "S1")
    assert outings.cost(session, "A1", slip_no) == 0
    gone = outings.out(session, slip_no)  # in the very second of its approval
    assert (gone.fine, gone.out_at, gone.changes) == (0, session.now(), [])
    clock.set("2026-09-02T21:20")
    back = outings.back(session, slip_no)
    assert (back.back_at, back.fine) == (session.now(), 0)
    assert charges("A1") == []


@pytest.mark.parametrize("decision", ["requested", "rejected", "withdrawn", "late"])
def test_a_slip_not_approved_in_time_is_a_fine(
    session: Session, clock: Clock, decision: str
) -> None:
    slip_no = outings.ask(session, "A1")
    if decision == "rejected":
        outings.reject(session, slip_no, "S1")
    if decision == "withdrawn":
        outings.withdraw(session, slip_no)
    assert outings.cost(session, "A1", slip_no) == 10_000
    gone = outings.out(session, slip_no)
    assert gone.fine == 10_000
    if decision == "late":
        clock.now += 1
        outings.approve(session, slip_no, "S1")
    assert charges("A1") == [left_post(slip_no)]


def test_leaving_without_a_slip_says_what_it_costs(session: Session) -> None:
    assert outings.cost(session, "A1") == 10_000
    gone = outings.out_without_slip(session, "A1", "nobody knows")
    assert gone.fine == 10_000
    row = slip_board.slip(session, gone.slip_no)
    assert (row.status, row.requested_at, row.reason) == ("none", None, "nobody knows")
    assert charges("A1") == [left_post(gone.slip_no)]


def test_any_hour_of_the_night_is_on_duty(session: Session, clock: Clock) -> None:
    clock.set("2026-09-03T11:59")
    for clock in ("2026-09-02T12:00", "2026-09-03T11:59"):
        at = session.calendar.parse(clock)
        gone = outings.out_without_slip(session, "A1", at=at)
        assert (gone.night, gone.fine) == (NIGHT, 10_000)
        outings.back(session, gone.slip_no, at)


def test_what_it_costs_is_asked_of_any_moment_and_written_as_of_it(
    session: Session, clock: Clock
) -> None:
    """As when a supervisor writes the slips of the evening down afterwards."""
    before, later = session.now() - 60, session.now() + 600
    slip_no = outings.ask(session, "A1", "", requested_at=before)
    row = slip_board.slip(session, slip_no)
    assert (row.requested_at, row.reason) == (before, None)
    outings.approve(session, slip_no, "S1")
    assert outings.cost(session, "A1", slip_no) == 0
    assert outings.cost(session, "A1", slip_no, at=before) == 10_000
    clock.set("2026-09-02T22:00")
    assert outings.out(session, slip_no, at=later - 60).out_at == later - 60
    assert outings.back(session, slip_no, at=later).back_at == later


def test_an_outing_is_put_right_and_its_fine_follows(session: Session, clock: Clock) -> None:
    slip_no = outings.ask(session, "A1")
    with pytest.raises(Refused, match="did not go out"):
        outings.correct(session, slip_no, session.now(), None)
    approved_at = session.now()
    outings.approve(session, slip_no, "S1")
    clock.now += 600
    outings.out(session, slip_no)
    early = outings.correct(session, slip_no, approved_at - 1, None)
    assert (early.fine, early.out_at, early.back_at) == (10_000, approved_at - 1, None)
    right = outings.correct(session, slip_no, approved_at, approved_at + 60)
    assert (right.fine, right.out_at, right.back_at) == (0, approved_at, approved_at + 60)
    assert charges("A1") == [left_post(slip_no, "reversed")]


def test_each_step_says_on_the_trail_what_it_was_and_is(session: Session) -> None:
    slip_no = outings.ask(session, "A1", "烟")
    outings.out(session, slip_no)
    gone = outings.out_without_slip(session, "A2").slip_no
    outings.undo_out(session, gone)
    now, number, other = "2026-09-02T21:00", {"slip_no": slip_no}, {"slip_no": gone}
    lines = [(each.before, each.after) for each in audit.lines()[1:]]
    assert [tuple(one and json.loads(one) for one in each) for each in lines] == [
        (None, {**number, "requested_at": now}),
        (number, {**number, "out_at": now}),
        (None, {**other, "out_at": now}),
        ({**other, "out_at": now}, None),
    ]


def test_a_waived_outing_costs_nothing(session: Session) -> None:
    slip_no = outings.ask(session, "A1")
    execute(
        "INSERT INTO waivers VALUES ('A1', ?, 'left_post', ?, 'D1', 'ambulance')",
        (NIGHT.isoformat(), f"outing:{slip_no}"),
    )
    assert outings.out(session, slip_no).fine == 0
    assert charges("A1") == [left_post(slip_no, "waived")]
    assert slip_board.slip(session, slip_no).fine == 0


def test_the_night_is_that_of_going_out(session: Session, clock: Clock) -> None:
    clock.set("2026-08-31T23:00")
    slip_no = outings.ask(session, "A1")
    assert slip_board.slip(session, slip_no).night == date(2026, 8, 31)
    clock.set("2026-09-01T12:30")
    assert outings.out(session, slip_no).night == date(2026, 9, 1)
    assert charges("A1", date(2026, 9, 1)) == [left_post(slip_no)]
    outings.undo_out(session, slip_no)
    assert slip_board.slip(session, slip_no).night == date(2026, 8, 31)
    assert charges("A1", date(2026, 9, 1)) == [left_post(slip_no, "reversed")]


def test_half_past_one_belongs_to_the_month_of_the_night_before(
    session: Session, clock: Clock
) -> None:
    clock.set("2026-10-01T01:30")
    at = session.calendar.parse("2026-10-01T01:30")
    assert outings.out_without_slip(session, "A1", at=at).night == date(2026, 9, 30)


def test_nobody_goes_out_twice(session: Session, clock: Clock) -> None:
    first, second = outings.ask(session, "A1"), outings.ask(session, "A1")
    outings.out(session, first)
    for change, why in (
        (lambda: outings.out(session, first), "out since 2026-09-02T21:00 already"),
        (lambda: outings.out(session, second), f"out then already, on {first} from"),
        (lambda: outings.out_without_slip(session, "A1"), "out then already"),
        (
            lambda: incidents.raise_incident(session, "A1", "left_post", session.now()),
            "out then already",
        ),
    ):
        with pytest.raises(Refused, match=why):
            change()
    clock.now += 600
    outings.back(session, first)
    assert outings.out(session, second).fine == 10_000
    clock.now += 600
    outings.back(session, second)
    seen = incidents.raise_incident(session, "A1", "left_post", session.now())
    with pytest.raises(Refused, match=f"incident {seen} already"):
        outings.undo_back(session, second)
    incidents.withdraw(session, seen)
    outings.undo_back(session, second)
    with pytest.raises(Refused, match="out then already"):
        incidents.restore(session, seen)
    with pytest.raises(Refused, match="out then already"):
        outings.undo_back(session, first)


def test_coming_back_needs_having_gone(session: Session, clock: Clock) -> None:
    slip_no = outings.ask(session, "A1")
    with pytest.raises(Refused, match="nobody comes back who did not go out"):
        outings.back(session, slip_no)
    outings.out(session, slip_no)
    with pytest.raises(Refused) as refusal:
        outings.back(session, slip_no, at=session.now() - 1)
    assert fields(refusal) == ["back_at"]
    outings.back(session, slip_no)
    with pytest.raises(Refused, match="back at 2026-09-02T21:00 already"):
        outings.back(session, slip_no)


def test_each_step_can_be_taken_back(session: Session, clock: Clock) -> None:
    slip_no = outings.ask(session, "A1")
    asked = facts_and_charges("outings")
    approved = outings.approve(session, slip_no, "S1")
    ready = facts_and_charges("outings")
    outings.out(session, slip_no)
    out = facts_and_charges("outings")
    with pytest.raises(Refused, match="not back"):
        outings.undo_back(session, slip_no)
    outings.back(session, slip_no)
    with pytest.raises(Refused, match="take that back first"):
        outings.undo_out(session, slip_no)
    assert outings.undo_back(session, slip_no).back_at is None
    assert facts_and_charges("outings") == out
    assert outings.undo_out(session, slip_no).out_at is None
    assert facts_and_charges("outings") == ready
    with pytest.raises(Refused, match="did not go out"):
        outings.undo_out(session, slip_no)
    undecided = outings.undecide(session, slip_no)
    assert facts_and_charges("outings") == asked
    clock.now += 60
    outings.undo(session, undecided)
    assert facts_and_charges("outings") == ready
    outings.undo(session, approved)
    assert facts_and_charges("outings") == asked
    with pytest.raises(Refused, match="changed meanwhile"):
        outings.undo(session, approved)
    outings.undo(session, outings.withdraw(session, slip_no))
    assert facts_and_charges("outings") == asked


def test_taking_an_outing_without_a_slip_back_leaves_no_trace_but_on_the_trail(
    session: Session,
) -> None:
    before = facts_and_charges("outings")
    gone = outings.out_without_slip(session, "A1")
    undone = outings.undo_out(session, gone.slip_no)
    assert facts_and_charges("outings") == before
    assert undone.fine == 0
    assert charges("A1") == [left_post(gone.slip_no, "reversed")]
    assert [line.action for line in audit.lines(staff_no="A1")] == [
        "outings.out",
        "outings.out_undone",
    ]


def test_taking_an_approval_back_brings_the_fine(session: Session) -> None:
    slip_no = outings.ask(session, "A1")
    approved = outings.approve(session, slip_no, "S1")
    outings.out(session, slip_no)
    assert [change.now[1] for change in outings.undo(session, approved).changes] == ["standing"]
    assert charges("A1") == [left_post(slip_no)]


def test_what_may_not_be_asked(session: Session) -> None:
    hire("X1", "Left", left_on="2026-09-01")
    hire("X2", "To come", hired_on="2026-09-03")
    for staff_no, why in (
        ("??", "there is no staffer"),
        ("X1", "X1 left on 2026-09-01"),
        ("X2", "before X2 was hired"),
    ):
        for ask in (outings.ask, outings.out_without_slip):
            with pytest.raises(Refused, match=why.replace("?", r"\?")) as refusal:
                ask(session, staff_no)
            assert fields(refusal) == ["staff_no"]
    with pytest.raises(Refused) as refusal:
        outings.ask(session, "A1", "\0")
    assert fields(refusal) == ["reason"]
    with pytest.raises(Refused):
        outings.cost(session, "??")
    for change in (outings.out, outings.back, outings.approve, slip_board.slip):
        with pytest.raises(Refused, match="there is no S0"):
            change(session, "S0")
    assert one("SELECT count(*) FROM outings") == 0


def test_what_was_never_asked_is_not_decided(session: Session) -> None:
    slip_no = outings.out_without_slip(session, "A1").slip_no
    for change in (
        lambda: outings.approve(session, slip_no, "S1"),
        lambda: outings.reject(session, slip_no, "S1"),
        lambda: outings.withdraw(session, slip_no),
        lambda: outings.undecide(session, slip_no),
    ):
        with pytest.raises(Refused, match="never asked for"):
            change()


def test_who_decides(session: Session) -> None:
    slip_no, own = outings.ask(session, "A1"), outings.ask(session, "S1")
    for by, number, why in (
        ("A2", slip_no, "only the direct supervisor"),
        ("P1", slip_no, "only the direct supervisor"),
        ("A1", slip_no, "their own"),
        ("S1", own, "their own"),
    ):
        with pytest.raises(Refused, match=why):
            outings.approve(session, number, by)
    assert outings.approve(session, slip_no, "D2").after.decided_by == "D2"
    assert not outings.approve(session, slip_no, "S1").changed
    with pytest.raises(Refused, match="is approved already"):
        outings.reject(session, slip_no, "S1")


def test_which_roles_may(session: Session) -> None:
    for role in ROLES:
        sign_in(session, role, {"director": "D1", "supervisor": "S1"}.get(role))
        if role in ("director", "supervisor"):
            slip_no = outings.ask(session, "A1")
            outings.approve(session, slip_no)
            outings.out(session, slip_no)
            outings.back(session, slip_no)
            outings.undo_back(session, slip_no)
            outings.undo_out(session, slip_no)
            outings.undo_out(session, outings.out_without_slip(session, "A1").slip_no)
            outings.undecide(session, slip_no)
            continue
        for change in (
            lambda: outings.ask(session, "A1"),
            lambda: outings.approve(session, "S260902-01"),
            lambda: outings.reject(session, "S260902-01"),
            lambda: outings.withdraw(session, "S260902-01"),
            lambda: outings.undecide(session, "S260902-01"),
            lambda: outings.out(session, "S260902-01"),
            lambda: outings.back(session, "S260902-01"),
            lambda: outings.undo_out(session, "S260902-01"),
            lambda: outings.undo_back(session, "S260902-01"),
            lambda: outings.out_without_slip(session, "A1"),
        ):
            with pytest.raises(Refused, match=r"who may not do this|is not of their team"):
                change()


def test_a_supervisor_records_for_their_own_team(session: Session) -> None:
    hire("S2", "Other", "supervisor", team="C")
    slip_no = outings.ask(session, "A1")
    sign_in(session, "supervisor", "S2")
    for change in (
        lambda: outings.ask(session, "A1"),
        lambda: outings.out(session, slip_no),
        lambda: outings.out_without_slip(session, "A1"),
        lambda: outings.withdraw(session, slip_no),
    ):
        with pytest.raises(Refused, match="is not of their team"):
            change()


def test_a_closed_month_is_not_changed(session: Session, clock: Clock) -> None:
    unused, used = outings.ask(session, "A1"), outings.ask(session, "A2")
    outings.out(session, used)
    execute(
        "INSERT INTO closed_months (month, closed_at, content, digest, audit_head)"
        " VALUES ('2026-09', 0, '', '', '')"
    )
    for change in (
        lambda: outings.ask(session, "A1"),
        lambda: outings.approve(session, unused, "S1"),
        lambda: outings.withdraw(session, unused),
        lambda: outings.out(session, unused),
        lambda: outings.out_without_slip(session, "A1"),
        lambda: outings.back(session, used),
        lambda: outings.undo_out(session, used),
    ):
        with pytest.raises(Refused, match="2026-09 is closed"):
            change()
    clock.set("2026-10-01T12:00")
    assert outings.out(session, unused).night == date(2026, 10, 1)
    assert outings.undo_out(session, unused).night == NIGHT
