"""Leave: the verdict while it is written, asking, deciding, and taking each step back."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from models.access.permissions import ROLES
from models.access.session import Session
from models.ledger.settling import settle
from models.operations import leave, roll_board
from models.rules.charges import Outcome
from models.storage import audit
from models.storage.database import execute
from models.values.problems import Refused
from tests.clock import Clock
from tests.models.house import (
    NIGHT,
    brief,
    charges,
    facts_and_charges,
    fields,
    hire,
    in_step,
    one,
    sign_in,
    staff_the_house,
)

WAGE_DAYS = 160_000  # 4 days of 8,700 at 21.75 days a month
SECOND, THIRD, FOURTH, FIFTH = (date(2026, 9, day) for day in (2, 3, 4, 5))


@pytest.fixture(autouse=True)
def house(session: Session) -> Iterator[None]:
    staff_the_house()
    hire("B1", "仇英", team="B", supervisor_no="S1")
    yield
    settle(session)
    assert in_step(session)
    assert audit.broken_link() is None


def ask(session: Session, staff_no: str = "A1", first: date = THIRD, last: date = THIRD) -> str:
    return leave.ask(session, staff_no, "rest", first, last)


def test_three_nights_filed_on_the_first_are_late_for_the_first_alone(session: Session) -> None:
    seen = leave.verdict(session, "A1", SECOND, FOURTH)
    assert seen == (SECOND, 3, ((SECOND, WAGE_DAYS),))
    assert not seen.in_time
    assert seen.cost == WAGE_DAYS


def test_the_night_of_filing_counts_and_not_its_hour(session: Session, clock: Clock) -> None:
    clock.set("2026-09-05T12:00")
    for filed, late in (
        ("2026-09-03T11:59", ()),  # still the night of the 2nd
        ("2026-09-03T12:00", (THIRD,)),
        ("2026-09-04T01:30", (THIRD,)),
    ):
        seen = leave.verdict(session, "A1", THIRD, THIRD, filed_at=session.calendar.parse(filed))
        assert tuple(each.night for each in seen.late) == late


def test_leave_is_judged_as_of_when_it_was_filed(session: Session, clock: Clock) -> None:
    """Whoever writes it into the program the night after takes nothing from them."""
    clock.set("2026-09-03T20:00")
    filed = session.calendar.parse("2026-09-02T20:00")
    number = leave.ask(session, "A1", "rest", THIRD, THIRD, filed_at=filed)
    row = leave.leave(session, number)
    assert row.filed_at == filed
    assert not [each for each in leave.calendar(session, THIRD, THIRD) if each.late]


def test_a_special_reason_is_always_in_time(session: Session) -> None:
    assert leave.verdict(session, "A1", SECOND, SECOND, "?").in_time
    assert not leave.verdict(session, "A1", SECOND, SECOND, "  ").in_time


def test_a_late_night_costs_by_the_wage_of_that_night(session: Session, clock: Clock) -> None:
    clock.set("2026-09-05T12:00")
    execute("INSERT INTO wages VALUES ('A1', '2026-09-02', 435000)")
    filed = session.calendar.parse("2026-09-04T19:00")
    seen = leave.verdict(session, "A1", date(2026, 9, 1), SECOND, filed_at=filed)
    assert [each.cost for each in seen.late] == [WAGE_DAYS, WAGE_DAYS // 2]


def test_whoever_is_not_called_loses_nothing_by_asking_late(session: Session) -> None:
    seen = leave.verdict(session, "D1", SECOND, SECOND)
    assert (seen.in_time, seen.cost) == (False, 0)


def test_a_mistyped_year_is_refused_and_a_leave_lasts_a_year_at_most(session: Session) -> None:
    for first, last, column in (
        (SECOND, date(2126, 9, 2), "last_night"),
        (date(1926, 9, 2), SECOND, "first_night"),
        (SECOND, SECOND + timedelta(days=366), "last_night"),
        (SECOND, date(2027, 9, 4), "last_night"),
    ):
        with pytest.raises(Refused) as refusal:
            leave.verdict(session, "A1", first, last)
        assert fields(refusal) == [column]
    longest = leave.verdict(session, "A1", SECOND, SECOND + timedelta(days=365))
    assert (longest.nights, [each.night for each in longest.late]) == (366, [SECOND])


def test_a_verdict_refuses_what_can_not_be_asked(session: Session) -> None:
    with pytest.raises(Refused) as refusal:
        leave.verdict(session, "??", FOURTH, THIRD)
    assert sorted(fields(refusal)) == ["last_night", "staff_no"]


def test_a_verdict_writes_nothing(session: Session) -> None:
    lines = audit.head()
    leave.verdict(session, "A1", SECOND, FOURTH)
    assert audit.head() == lines
    assert one("SELECT count(*) FROM leave") == 0


def test_the_verdict_is_what_comes(session: Session, clock: Clock) -> None:
    foreseen = leave.verdict(session, "A1", SECOND, FOURTH)
    leave_no = ask(session, "A1", SECOND, FOURTH)
    leave.approve(session, leave_no, "S1")
    for night in (SECOND, THIRD, FOURTH):
        brief(session, night)
    clock.set("2026-09-05T13:00")
    settle(session)
    assert charges("A1", SECOND) == [("absence", "roll", foreseen.cost, "standing")]
    assert charges("A1", THIRD) == charges("A1", FOURTH) == []


def test_numbers_are_readable_and_never_given_twice(session: Session, clock: Clock) -> None:
    assert [ask(session), ask(session, "A2")] == ["L260902-01", "L260902-02"]
    clock.set("2026-09-03T13:00")
    assert ask(session, "A3", FOURTH, FOURTH) == "L260903-01"
    assert leave.listing(session, staff_no="A3")[0].leave_no == "L260903-01"


def test_what_may_not_be_asked(session: Session) -> None:
    hire("X1", "Left", left_on="2026-09-01")
    for staff_no, kind, first, last, field in (
        ("??", "rest", THIRD, THIRD, "staff_no"),
        ("X1", "rest", THIRD, THIRD, "staff_no"),
        ("A1", "holiday", THIRD, THIRD, "kind"),
        ("A1", "rest", FOURTH, THIRD, "last_night"),
    ):
        with pytest.raises(Refused) as refusal:
            leave.ask(session, staff_no, kind, first, last)
        assert fields(refusal) == [field]
    with pytest.raises(Refused) as refusal:
        leave.ask(session, "A1", "rest", THIRD, THIRD, "\0")
    assert fields(refusal) == ["special_reason"]
    assert one("SELECT count(*) FROM leave") == 0


def test_a_later_approval_takes_an_absence_back_and_undoing_it_brings_it_again(
    session: Session, clock: Clock
) -> None:
    leave_no = ask(session)
    clock.set("2026-09-03T19:50")
    brief(session, THIRD)
    clock.set("2026-09-04T13:00")
    settle(session)
    assert charges("A1") == [("absence", "roll", WAGE_DAYS, "standing")]
    before = facts_and_charges("leave")
    approved = leave.approve(session, leave_no, "D1", "he was ill")
    assert charges("A1") == [("absence", "roll", WAGE_DAYS, "reversed")]
    assert [change.now[1] for change in approved.changes] == ["reversed"]
    assert {row.staff_no: row.outcome for row in roll_board.board(session, THIRD)}[
        "A1"
    ] is Outcome.REST
    leave.undo(session, approved)
    assert facts_and_charges("leave") == before
    after = leave.approve(session, leave_no, "D1")
    leave.undecide(session, leave_no)
    assert facts_and_charges("leave") == before
    assert after.changed


def test_approving_says_how_many_of_the_team_are_off(session: Session) -> None:
    hire("A4", "New", hired_on="2026-09-04", supervisor_no="S1")
    first = ask(session, "A1", THIRD, FOURTH)
    second = ask(session, "A2", FOURTH, FIFTH)
    ask(session, "B1", THIRD, THIRD)
    assert leave.approve(session, first, "S1").off == ((THIRD, 1, 4), (FOURTH, 1, 5))
    assert leave.team_off(session, second) == ((FOURTH, 2, 5), (FIFTH, 1, 5))
    approved = leave.approve(session, second, "S1")
    assert (approved.team, approved.fewest) == ("A", (FOURTH, 2, 5))


def test_someone_without_a_team_leaves_no_team_short(session: Session) -> None:
    assert leave.approve(session, ask(session, "D1"), "D2").off == ()


def test_the_calendar_says_who_is_off(session: Session) -> None:
    hire("N1", "Nobody's", team=None)
    leave.approve(session, ask(session, "B1", SECOND, THIRD), "S1")
    ask(session, "A1", THIRD, FOURTH)
    leave.reject(session, ask(session, "A2", THIRD, THIRD), "S1")
    leave.approve(session, ask(session, "N1", THIRD, THIRD), "D1")
    assert [
        (off.night, off.team, off.staff_no, off.status, off.late)
        for off in leave.calendar(session, SECOND, THIRD)
    ] == [
        (SECOND, "B", "B1", "approved", True),
        (THIRD, "A", "A1", "requested", False),
        (THIRD, "B", "B1", "approved", False),
        (THIRD, None, "N1", "approved", False),
    ]


def test_a_calendar_is_cut_short_after_a_year(session: Session) -> None:
    leave.approve(session, ask(session, "A1", SECOND, date(2027, 9, 1)), "S1")
    leave.approve(session, ask(session, "A1", date(2027, 9, 2), date(2028, 8, 31)), "S1")
    assert len(leave.calendar(session, SECOND, date(2028, 8, 31))) == 367


def test_requests_come_first_the_longest_waiting_on_top(session: Session, clock: Clock) -> None:
    numbers = []
    for staff_no, first in (("A1", FOURTH), ("A2", THIRD), ("A3", THIRD), ("B1", FIFTH)):
        numbers.append(ask(session, staff_no, first, first))
        clock.now += 60
    leave.approve(session, numbers[0], "S1")
    leave.reject(session, numbers[3], "S1")
    assert [row.staff_no for row in leave.listing(session)] == ["A2", "A3", "B1", "A1"]
    assert [row.staff_no for row in leave.listing(session, requested=True)] == ["A2", "A3"]
    assert [row.staff_no for row in leave.listing(session, since=FOURTH)] == ["B1", "A1"]
    assert leave.listing(session, staff_no="A1", requested=True) == []
    row = leave.leave(session, numbers[0])
    assert (row.name, row.team, row.decided_by, row.first_night) == ("曾小贤", "A", "S1", FOURTH)


def test_a_reason_is_kept_with_the_decision(session: Session) -> None:
    leave_no = ask(session)
    leave.reject(session, leave_no, "S1", "too many are off")
    assert leave.leave(session, leave_no).decision_reason == "too many are off"
    assert audit.lines(staff_no="A1")[-1].reason == "too many are off"


def test_deciding_again_the_same_way_changes_nothing(session: Session) -> None:
    leave_no = ask(session)
    leave.approve(session, leave_no, "S1")
    lines = audit.head()
    assert not leave.approve(session, leave_no, "D1").changed
    assert leave.leave(session, leave_no).decided_by == "S1"
    assert audit.head() == lines


def test_deciding_otherwise_needs_the_first_decision_taken_back(session: Session) -> None:
    leave_no = ask(session)
    leave.reject(session, leave_no, "S1")
    for change in (
        lambda: leave.approve(session, leave_no, "S1"),
        lambda: leave.withdraw(session, leave_no),
    ):
        with pytest.raises(Refused, match="is rejected already"):
            change()
    leave.undecide(session, leave_no)
    assert not leave.undecide(session, leave_no).changed
    assert leave.approve(session, leave_no, "S1").status == "approved"


def test_withdrawing_and_taking_that_back(session: Session) -> None:
    leave_no = ask(session)
    asked = facts_and_charges("leave")
    withdrawn = leave.withdraw(session, leave_no, "no need")
    assert (withdrawn.was, withdrawn.status) == ("requested", "withdrawn")
    leave.undecide(session, leave_no)
    assert facts_and_charges("leave") == asked
    leave.approve(session, leave_no, "S1")
    approved = facts_and_charges("leave")
    leave.undo(session, leave.withdraw(session, leave_no))
    assert facts_and_charges("leave") == approved


def test_a_stale_undo_is_refused(session: Session) -> None:
    leave_no = ask(session)
    approved = leave.approve(session, leave_no, "S1")
    leave.undecide(session, leave_no)
    with pytest.raises(Refused, match="changed meanwhile"):
        leave.undo(session, approved)


def test_who_decides(session: Session) -> None:
    hire("S2", "Other", "supervisor", team="C")
    leave_no, own = ask(session), ask(session, "S1")
    for by, number, why in (
        (None, leave_no, "say who decides"),
        ("??", leave_no, "there is no staffer"),
        ("S2", leave_no, "only the direct supervisor"),
        ("A2", leave_no, "only the direct supervisor"),
        ("P1", leave_no, "only the direct supervisor"),
        ("A1", leave_no, "nobody approves or rejects their own"),
        ("S1", own, "nobody approves or rejects their own"),
    ):
        for decide in (leave.approve, leave.reject):
            with pytest.raises(Refused, match=why):
                decide(session, number, by)
    assert leave.approve(session, leave_no, "S1").status == "approved"
    assert leave.approve(session, own, "D1").status == "approved"
    with pytest.raises(Refused, match="there is no L0"):
        leave.approve(session, "L0", "D1")


def test_a_decision_is_not_rechecked_when_supervisors_change(session: Session) -> None:
    leave_no = ask(session)
    approved = leave.approve(session, leave_no, "S1")
    execute("UPDATE staff SET supervisor_no = 'D2' WHERE staff_no = 'A1'")
    assert not leave.approve(session, leave_no, "D1").changed
    leave.undo(session, approved)
    with pytest.raises(Refused, match=r"only the direct supervisor \(D2\)"):
        leave.approve(session, leave_no, "S1")


def test_which_roles_may(session: Session) -> None:
    hire("S2", "Other", "supervisor", team="C")
    for role in ROLES:
        sign_in(session, role, {"director": "D1", "supervisor": "S1"}.get(role))
        if role in ("director", "supervisor"):
            number = ask(session)
            withdrawn = leave.withdraw(session, number)
            leave.undo(session, withdrawn)
            approved = leave.approve(session, number)
            assert approved.after.decided_by == session.actor.staff_no if session.actor else ""
            leave.undo(session, leave.undecide(session, number))
            continue
        for change in (
            lambda: ask(session),
            lambda: leave.withdraw(session, "L260902-01"),
            lambda: leave.approve(session, "L260902-01"),
            lambda: leave.reject(session, "L260902-01"),
            lambda: leave.undecide(session, "L260902-01"),
        ):
            with pytest.raises(Refused, match=r"who may not do this|is not of their team"):
                change()


def test_a_supervisor_asks_for_their_own_team_and_themselves(session: Session) -> None:
    hire("S2", "Other", "supervisor", team="C")
    sign_in(session, "supervisor", "S2")
    for staff_no in ("A1", "S1"):
        with pytest.raises(Refused, match="is not of their team"):
            ask(session, staff_no)
    own = ask(session, "S2")
    with pytest.raises(Refused, match="their own"):
        leave.approve(session, own)
    leave.withdraw(session, own)
    leave.undecide(session, own)


def test_nobody_acts_in_another_name(session: Session) -> None:
    leave_no = ask(session)
    sign_in(session, "supervisor", "S1")
    with pytest.raises(Refused, match="in another's name"):
        leave.approve(session, leave_no, "D1")


def test_nobody_puts_an_approval_of_their_own_back(session: Session) -> None:
    leave_no = ask(session, "S1")
    leave.approve(session, leave_no, "D1")
    sign_in(session, "supervisor", "S1")
    withdrawn = leave.withdraw(session, leave_no)
    with pytest.raises(Refused, match="their own"):
        leave.undo(session, withdrawn)


def test_a_closed_month_is_not_changed(session: Session) -> None:
    leave_no = ask(session)
    execute(
        "INSERT INTO closed_months (month, closed_at, content, digest, audit_head)"
        " VALUES ('2026-09', 0, '', '', '')"
    )
    for change in (
        lambda: ask(session),
        lambda: leave.approve(session, leave_no, "S1"),
        lambda: leave.reject(session, leave_no, "S1"),
        lambda: leave.withdraw(session, leave_no),
        lambda: leave.undecide(session, leave_no),
    ):
        with pytest.raises(Refused, match="2026-09 is closed"):
            change()


def test_every_step_leaves_its_own_line(session: Session) -> None:
    leave_no = ask(session)
    leave.approve(session, leave_no, "S1")
    leave.undecide(session, leave_no)
    leave.undo(session, leave.reject(session, leave_no, "S1"))
    leave.withdraw(session, leave_no)
    lines = audit.lines(staff_no="A1")
    assert [line.action for line in lines] == [
        "leave.asked", "leave.approved", "leave.undecided", "leave.rejected", "leave.undone",
        "leave.withdrawn",
    ]  # fmt: skip
    assert {line.night for line in lines} == {THIRD.isoformat()}
    assert f'"leave_no":"{leave_no}"' in (lines[1].after or "")
    assert NIGHT == SECOND
