"""Contesting a charge: who records it, who decides, by when, and what comes of it."""

from collections.abc import Iterator
from datetime import date

import pytest

from models.access.permissions import ROLES
from models.access.session import Session
from models.ledger import waivers
from models.ledger.ledger import rejudge
from models.operations import incidents
from models.payroll import appeals, deductions, months
from models.rules.charges import ChargeKey
from models.storage import audit
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
    put,
    sign,
    sign_in,
    staff_the_house,
)

LATE = ChargeKey("A1", NIGHT, "late", "roll")


@built_once
def build(session: Session, clock: Clock) -> None:
    staff_the_house()
    brief(session)
    sign(session, "A1", arrived_at="19:45")
    sign(session, "A2", arrived_at="19:20")
    sign(session, "A3", arrived_at="19:20")
    sign(session, "S1", arrived_at="19:45")
    clock.set("2026-09-03T00:30")


@pytest.fixture(autouse=True)
def house(session: Session, clock: Clock) -> Iterator[None]:
    build(session, clock)
    yield
    assert in_step(session)
    assert audit.broken_link() is None


def contest(session: Session, key: ChargeKey = LATE, by: str = "S1") -> int:
    return appeals.raise_appeal(session, *key, "The clock was fast.", by=by)


def refusal(change: object, *arguments: object, **named: object) -> str:
    assert callable(change)
    with pytest.raises(Refused) as found:
        change(*arguments, **named)
    return str(found.value)


def test_the_words_and_the_date_stand_on_the_charge(session: Session) -> None:
    said = session.calendar.parse("2026-09-02T20:10")
    number = appeals.raise_appeal(session, *LATE, "The clock was fast.", by="S1", raised_at=said)
    [found] = appeals.on_charge(*LATE)
    assert found == appeals.appeal(number)
    assert (found.words, found.raised_by, found.raised_at) == ("The clock was fast.", "S1", said)
    assert (found.due, found.amount, found.decision) == (date(2026, 9, 9), 3_000, None)
    assert appeals.open_appeals(session) == appeals.open_appeals(session, "2026-09") == [found]
    assert appeals.open_appeals(session, "2026-08") == []
    assert appeals.appeals(NIGHT, NIGHT, "A1") == appeals.appeals(NIGHT, NIGHT) == [found]
    assert charges("A1")[0][3] == "standing"


def test_what_can_not_be_contested(session: Session) -> None:
    assert "of their own" in refusal(contest, session, by="A1")
    assert "supervisor or a director" in refusal(contest, session, by="A2")
    assert "no such charge" in refusal(contest, session, ("A2", NIGHT, "late", "roll"))
    assert "what the staffer says" in refusal(appeals.raise_appeal, session, *LATE, " ", by="S1")
    for moment in ("2026-09-02T11:59", "2026-09-03T00:31"):
        at = session.calendar.parse(moment)
        assert "now" in refusal(appeals.raise_appeal, session, *LATE, "x", by="S1", raised_at=at)
    begins = session.calendar.parse("2026-09-02T12:00")
    appeals.raise_appeal(session, *LATE, "x", by="S1", raised_at=begins)
    assert "contested already" in refusal(contest, session)
    waivers.waive(session, "S1", NIGHT, "late", "roll", "why", by="D2")
    assert "no such charge" in refusal(contest, session, ("S1", NIGHT, "late", "roll"), by="D2")


def test_waiving_on_appeal_waives_the_charge_and_reopening_takes_it_back(session: Session) -> None:
    number = contest(session)
    assert appeals.decide(session, number, "waived", "it was", by="D2")
    assert not appeals.decide(session, number, "waived", "it was", by="D2")
    assert charges("A1")[0][3] == "waived"
    assert waivers.waiver(*LATE) == ("D2", "it was")
    found = appeals.appeal(number)
    assert (found.decision, found.decided_by, found.reason) == ("waived", "D2", "it was")
    assert appeals.open_appeals(session) == []
    assert "take that decision back" in refusal(
        appeals.decide, session, number, "upheld", "no", "D2"
    )
    assert "on appeal" in refusal(waivers.unwaive, session, *LATE)
    assert "decided already" in refusal(appeals.withdraw_appeal, session, number)
    assert appeals.reopen(session, number)
    assert not appeals.reopen(session, number)
    assert charges("A1")[0][3] == "standing"
    assert waivers.waiver(*LATE) is None
    appeals.withdraw_appeal(session, number)
    assert appeals.on_charge(*LATE) == []
    assert [line.action for line in audit.lines(staff_no="A1")] == [
        *("appeal.raised", "appeal.waived", "appeal.reopened", "appeal.withdrawn")
    ]


def test_upholding_leaves_the_charge_and_wants_a_reason(session: Session) -> None:
    number = contest(session)
    assert "say why" in refusal(appeals.decide, session, number, "upheld", " ", by="D2")
    assert appeals.decide(session, number, "upheld", "it was not", by="D2")
    assert charges("A1")[0][3] == "standing"
    assert appeals.appeal(number).reason == "it was not"
    assert not appeals.appeal(number).open
    again = contest(session)
    assert "once more" in refusal(appeals.reopen, session, number)
    assert [each.appeal_id for each in appeals.on_charge(*LATE)] == [number, again]


def test_seven_nights_and_then_it_is_late_but_not_too_late(session: Session, clock: Clock) -> None:
    number = contest(session)
    clock.set("2026-09-10T11:59")
    assert not appeals.appeal(number).late(session.calendar, session.now())
    clock.set("2026-09-10T12:00")
    assert appeals.appeal(number).late(session.calendar, session.now())
    appeals.decide(session, number, "upheld", "no", by="D2")
    assert appeals.appeal(number).late(session.calendar, session.now())
    appeals.reopen(session, number)
    clock.set("2026-09-10T11:00")
    appeals.decide(session, number, "upheld", "no", by="D2")
    clock.set("2026-09-20T12:00")
    assert not appeals.appeal(number).late(session.calendar, session.now())


def test_neither_who_raised_the_charge_nor_the_staffer_decides(session: Session) -> None:
    roll = contest(session)
    assert appeals.deciders(session, roll) == ["D2"]
    assert "raised the charge" in refusal(appeals.decide, session, roll, "upheld", "no", by="D1")
    assert "of their own" in refusal(appeals.decide, session, roll, "waived", "yes", by="A1")
    for someone in ("S1", "P1", "A2"):
        assert "D2" in refusal(appeals.decide, session, roll, "waived", "yes", by=someone)
    assert "who decides" in refusal(appeals.decide, session, roll, "waived", "yes")
    at = session.calendar.parse("2026-09-02T22:00")
    number = incidents.raise_incident(session, "A2", "service_complaint", at, by="D2")
    key = ("A2", NIGHT, "service_complaint", f"incident:{number}")
    assert appeals.deciders(session, contest(session, key)) == ["D1"]


def test_who_decided_on_a_slip_raised_what_it_charges(session: Session) -> None:
    execute(
        "INSERT INTO outings (slip_no, staff_no, requested_at, status, decided_by, decided_at,"
        " out_at, night) VALUES ('O1', 'A3', 1, 'rejected', 'D2', 2, ?, ?)",
        (session.calendar.parse("2026-09-02T22:00"), NIGHT.isoformat()),
    )
    rejudge(session, NIGHT, NIGHT)
    slip = contest(session, ("A3", NIGHT, "left_post", "outing:O1"))
    assert appeals.deciders(session, slip) == ["D1"]


def test_with_one_director_who_raised_it_payroll_decides(session: Session) -> None:
    execute("UPDATE staff SET left_on = '2026-09-01' WHERE staff_no = 'D2'")
    number = contest(session)
    assert appeals.deciders(session, number) == ["P1"]
    assert "P1" in refusal(appeals.decide, session, number, "upheld", "no", by="D2")
    assert appeals.decide(session, number, "waived", "yes", by="P1")
    assert waivers.waiver(*LATE) == ("P1", "yes")


def test_with_one_director_payroll_decides_beside_them(session: Session) -> None:
    execute("UPDATE staff SET left_on = '2026-09-01' WHERE staff_no = 'D2'")
    at = session.calendar.parse("2026-09-02T22:00")
    number = incidents.raise_incident(session, "A2", "service_complaint", at, by="S1")
    appeal = contest(session, ("A2", NIGHT, "service_complaint", f"incident:{number}"))
    assert appeals.deciders(session, appeal) == ["D1", "P1"]
    sign_in(session, "payroll", "P1")
    assert appeals.decide(session, appeal, "waived", "yes")


def test_what_nobody_raised_either_director_decides(session: Session) -> None:
    """What the guest desk's facts charge follows by itself."""
    key = ChargeKey("A2", NIGHT, "late", "contact:C1")
    put(
        "charges", staff_no="A2", night=NIGHT, rule="late", source="contact:C1", amount=1,
        status="standing", basis="[]",
    )  # fmt: skip
    number = contest(session, key)
    assert appeals.deciders(session, number) == ["D1", "D2"]
    appeals.withdraw_appeal(session, number)
    execute("DELETE FROM charges WHERE source = 'contact:C1'")


def test_payroll_decides_too_where_both_directors_are_out_of_it(session: Session) -> None:
    at = session.calendar.parse("2026-09-02T22:00")
    number = incidents.raise_incident(session, "D1", "service_complaint", at, by="D2")
    appeal = contest(session, ("D1", NIGHT, "service_complaint", f"incident:{number}"), by="S1")
    assert appeals.deciders(session, appeal) == ["P1"]


def test_a_charge_that_goes_leaves_nothing_to_decide(session: Session) -> None:
    at = session.calendar.parse("2026-09-02T22:00")
    number = incidents.raise_incident(session, "A2", "service_complaint", at, by="D1")
    appeal = contest(session, ("A2", NIGHT, "service_complaint", f"incident:{number}"))
    incidents.withdraw(session, number)
    assert appeals.open_appeals(session) == []
    assert "nothing to decide" in refusal(appeals.decide, session, appeal, "waived", "x", by="D2")
    incidents.restore(session, number)
    assert [each.appeal_id for each in appeals.open_appeals(session)] == [appeal]


@pytest.mark.parametrize("role", ROLES)
def test_which_roles_record_and_decide(session: Session, role: str) -> None:
    number = contest(session)
    sign_in(session, role, "D2")
    if role == "director":
        contest(session, ("S1", NIGHT, "late", "roll"), by="D2")
    elif role == "supervisor":  # a supervisor speaks for their own people alone
        found = refusal(contest, session, ("S1", NIGHT, "late", "roll"), by="D2")
        assert "S1 is not of their team" in found
    else:
        assert f"as {role}" in refusal(contest, session, ("S1", NIGHT, "late", "roll"), by="D2")
    if role == "director":
        assert appeals.decide(session, number, "upheld", "no")
        assert appeals.reopen(session, number)
    elif role == "payroll":
        assert "may not decide" in refusal(appeals.decide, session, number, "upheld", "no")
    else:
        assert f"as {role}" in refusal(appeals.decide, session, number, "upheld", "no")
        assert f"as {role}" in refusal(appeals.reopen, session, number)


def test_signed_in_nobody_decides_on_their_own_or_what_they_raised(session: Session) -> None:
    number = contest(session)
    sign_in(session, "director", "D1")
    assert "raised the charge" in refusal(appeals.decide, session, number, "waived", "yes")
    sign_in(session, "director", "A1")
    assert "of their own" in refusal(appeals.decide, session, number, "waived", "yes")
    assert "of their own" in refusal(appeals.withdraw_appeal, session, number)


def test_their_own_is_contested_by_staffers_alone(session: Session) -> None:
    """Whoever may record others' appeals has another record theirs."""
    number = contest(session)
    assert "of their own" in refusal(appeals.withdraw_appeal, session, number, by="A1")
    appeals.withdraw_appeal(session, number, by="S1")
    own = ChargeKey("S1", NIGHT, "late", "roll")
    sign_in(session, "supervisor", "S1")
    assert "of their own" in refusal(appeals.raise_appeal, session, *own, "x")
    sign_in(session, "staff", "A1")
    number = appeals.raise_appeal(session, *LATE, "x")
    assert appeals.appeal(number).raised_by == "A1"
    appeals.withdraw_appeal(session, number)


def test_a_decision_is_taken_back_by_whoever_may_decide_and_says_so(session: Session) -> None:
    hire("D3", position="director")
    number = contest(session)
    appeals.decide(session, number, "waived", "yes", by="D2")
    assert "may not decide" in refusal(appeals.reopen, session, number, by="S1")
    sign_in(session, "director", "D3")
    assert appeals.reopen(session, number)
    assert charges("A1")[0][3] == "standing"


def test_a_charge_of_a_closed_month_let_go_is_an_adjustment(session: Session, clock: Clock) -> None:
    clock.set("2026-10-01T12:00")
    months.close(session, "2026-09")
    number = contest(session)
    appeals.decide(session, number, "waived", "the clock was fast", by="D2")
    assert deductions.deductions(session, "2026-10").rows[0].adjustments == -3_000
    assert "is closed" in refusal(appeals.reopen, session, number)
    appeals.reopen(session, number, reason="it was not after all")
    assert deductions.deductions(session, "2026-10").rows[0].adjustments == 0
