"""Contesting a charge: who records it, who decides, by when, and what comes of it."""

from collections.abc import Iterator
from datetime import date

import pytest

from models import appeals, audit, incidents, months, payroll, waivers
from models.authority import ROLES
from models.database import execute
from models.desk import Desk
from models.judgement import ChargeKey
from models.ledger import rejudge
from models.problems import Refused
from tests.conftest import Clock
from tests.models.house import NIGHT, brief, charges, in_step, sign, sign_in, staff_the_house

LATE: ChargeKey = ("A1", NIGHT, "late", "roll")


@pytest.fixture(autouse=True)
def house(desk: Desk, clock: Clock) -> Iterator[None]:
    staff_the_house()
    brief(desk)
    sign(desk, "A1", arrived_at="19:45")
    sign(desk, "A2", arrived_at="19:20")
    sign(desk, "A3", arrived_at="19:20")
    sign(desk, "S1", arrived_at="19:45")
    clock.set("2026-09-03T00:30")
    yield
    assert in_step(desk)
    assert audit.broken_link() is None


def contest(desk: Desk, key: ChargeKey = LATE, by: str = "S1") -> int:
    return appeals.raise_appeal(desk, *key, "The clock was fast.", by=by)


def refusal(change: object, *arguments: object, **named: object) -> str:
    assert callable(change)
    with pytest.raises(Refused) as found:
        change(*arguments, **named)
    return str(found.value)


def test_the_words_and_the_date_stand_on_the_charge(desk: Desk) -> None:
    said = desk.calendar.parse("2026-09-02T20:10")
    number = appeals.raise_appeal(desk, *LATE, "The clock was fast.", by="S1", raised_at=said)
    [found] = appeals.on_charge(*LATE)
    assert found == appeals.appeal(number)
    assert (found.words, found.raised_by, found.raised_at) == ("The clock was fast.", "S1", said)
    assert (found.due, found.amount, found.decision) == (date(2026, 9, 9), 3_000, None)
    assert appeals.open_appeals(desk) == appeals.open_appeals(desk, "2026-09") == [found]
    assert appeals.open_appeals(desk, "2026-08") == []
    assert appeals.appeals(NIGHT, NIGHT, "A1") == appeals.appeals(NIGHT, NIGHT) == [found]
    assert charges("A1")[0][3] == "standing"


def test_what_can_not_be_contested(desk: Desk) -> None:
    assert "of their own" in refusal(contest, desk, by="A1")
    assert "supervisor or a director" in refusal(contest, desk, by="A2")
    assert "no such charge" in refusal(contest, desk, ("A2", NIGHT, "late", "roll"))
    assert "what the staffer says" in refusal(appeals.raise_appeal, desk, *LATE, " ", by="S1")
    for moment in ("2026-09-02T11:59", "2026-09-03T00:31"):
        at = desk.calendar.parse(moment)
        assert "now" in refusal(appeals.raise_appeal, desk, *LATE, "x", by="S1", raised_at=at)
    contest(desk)
    assert "contested already" in refusal(contest, desk)
    waivers.waive(desk, "S1", NIGHT, "late", "roll", "why", by="D2")
    assert "no such charge" in refusal(contest, desk, ("S1", NIGHT, "late", "roll"), by="D2")


def test_waiving_on_appeal_waives_the_charge_and_reopening_takes_it_back(desk: Desk) -> None:
    number = contest(desk)
    assert appeals.decide(desk, number, "waived", "it was", by="D2")
    assert not appeals.decide(desk, number, "waived", "it was", by="D2")
    assert charges("A1")[0][3] == "waived"
    assert waivers.waiver(*LATE) == ("D2", "it was")
    found = appeals.appeal(number)
    assert (found.decision, found.decided_by, found.reason) == ("waived", "D2", "it was")
    assert appeals.open_appeals(desk) == []
    assert "take that decision back" in refusal(appeals.decide, desk, number, "upheld", "no", "D2")
    assert "on appeal" in refusal(waivers.unwaive, desk, *LATE)
    assert "decided already" in refusal(appeals.withdraw_appeal, desk, number)
    assert appeals.reopen(desk, number)
    assert not appeals.reopen(desk, number)
    assert charges("A1")[0][3] == "standing"
    assert waivers.waiver(*LATE) is None
    appeals.withdraw_appeal(desk, number)
    assert appeals.on_charge(*LATE) == []
    assert [line.deed for line in audit.lines(staff_no="A1")] == [
        *("appeal.raised", "appeal.waived", "appeal.reopened", "appeal.withdrawn")
    ]


def test_upholding_leaves_the_charge_and_wants_a_reason(desk: Desk) -> None:
    number = contest(desk)
    assert "say why" in refusal(appeals.decide, desk, number, "upheld", " ", by="D2")
    assert appeals.decide(desk, number, "upheld", "it was not", by="D2")
    assert charges("A1")[0][3] == "standing"
    assert appeals.appeal(number).reason == "it was not"
    again = contest(desk)
    assert "once more" in refusal(appeals.reopen, desk, number)
    assert [each.appeal_id for each in appeals.on_charge(*LATE)] == [number, again]


def test_seven_nights_and_then_it_is_late_but_not_too_late(desk: Desk, clock: Clock) -> None:
    number = contest(desk)
    clock.set("2026-09-10T11:59")
    assert not appeals.appeal(number).late(desk.calendar, desk.now())
    clock.set("2026-09-10T12:00")
    assert appeals.appeal(number).late(desk.calendar, desk.now())
    appeals.decide(desk, number, "upheld", "no", by="D2")
    assert appeals.appeal(number).late(desk.calendar, desk.now())
    appeals.reopen(desk, number)
    clock.set("2026-09-10T11:00")
    appeals.decide(desk, number, "upheld", "no", by="D2")
    clock.set("2026-09-20T12:00")
    assert not appeals.appeal(number).late(desk.calendar, desk.now())


def test_neither_who_raised_the_charge_nor_the_staffer_decides(desk: Desk) -> None:
    roll = contest(desk)
    assert appeals.deciders(desk, roll) == ["D2"]
    assert "raised the charge" in refusal(appeals.decide, desk, roll, "upheld", "no", by="D1")
    assert "of their own" in refusal(appeals.decide, desk, roll, "waived", "yes", by="A1")
    for someone in ("S1", "P1", "A2"):
        assert "D2" in refusal(appeals.decide, desk, roll, "waived", "yes", by=someone)
    assert "who decides" in refusal(appeals.decide, desk, roll, "waived", "yes")
    at = desk.calendar.parse("2026-09-02T22:00")
    number = incidents.raise_incident(desk, "A2", "service_complaint", at, by="D2")
    key = ("A2", NIGHT, "service_complaint", f"incident:{number}")
    assert appeals.deciders(desk, contest(desk, key)) == ["D1"]


def test_who_decided_on_a_slip_raised_what_it_charges(desk: Desk) -> None:
    execute(
        "INSERT INTO outings (slip_no, staff_no, requested_at, status, decided_by, decided_at,"
        " out_at, night) VALUES ('O1', 'A3', 1, 'rejected', 'D2', 2, ?, ?)",
        (desk.calendar.parse("2026-09-02T22:00"), NIGHT.isoformat()),
    )
    rejudge(desk, NIGHT, NIGHT)
    slip = contest(desk, ("A3", NIGHT, "left_post", "outing:O1"))
    assert appeals.deciders(desk, slip) == ["D1"]


def test_with_one_director_who_raised_it_payroll_decides(desk: Desk) -> None:
    execute("UPDATE staff SET left_on = '2026-09-01' WHERE staff_no = 'D2'")
    number = contest(desk)
    assert appeals.deciders(desk, number) == ["P1"]
    assert "P1" in refusal(appeals.decide, desk, number, "upheld", "no", by="D2")
    assert appeals.decide(desk, number, "waived", "yes", by="P1")
    assert waivers.waiver(*LATE) == ("P1", "yes")


def test_payroll_decides_too_where_both_directors_are_out_of_it(desk: Desk) -> None:
    at = desk.calendar.parse("2026-09-02T22:00")
    number = incidents.raise_incident(desk, "D1", "service_complaint", at, by="D2")
    appeal = contest(desk, ("D1", NIGHT, "service_complaint", f"incident:{number}"), by="S1")
    assert appeals.deciders(desk, appeal) == ["P1"]


def test_a_charge_that_goes_leaves_nothing_to_decide(desk: Desk) -> None:
    at = desk.calendar.parse("2026-09-02T22:00")
    number = incidents.raise_incident(desk, "A2", "service_complaint", at, by="D1")
    appeal = contest(desk, ("A2", NIGHT, "service_complaint", f"incident:{number}"))
    incidents.withdraw(desk, number)
    assert appeals.open_appeals(desk) == []
    assert "nothing to decide" in refusal(appeals.decide, desk, appeal, "waived", "x", by="D2")
    incidents.restore(desk, number)
    assert [each.appeal_id for each in appeals.open_appeals(desk)] == [appeal]


@pytest.mark.parametrize("role", ROLES)
def test_which_roles_record_and_decide(desk: Desk, role: str) -> None:
    number = contest(desk)
    sign_in(desk, role, "D2")
    if role in ("director", "supervisor"):
        contest(desk, ("S1", NIGHT, "late", "roll"), by="D2")
    else:
        assert f"as {role}" in refusal(contest, desk, ("S1", NIGHT, "late", "roll"), by="D2")
    if role == "director":
        assert appeals.decide(desk, number, "upheld", "no")
        assert appeals.reopen(desk, number)
    elif role == "payroll":
        assert "may not decide" in refusal(appeals.decide, desk, number, "upheld", "no")
    else:
        assert f"as {role}" in refusal(appeals.decide, desk, number, "upheld", "no")
        assert f"as {role}" in refusal(appeals.reopen, desk, number)


def test_signed_in_nobody_decides_on_their_own_or_what_they_raised(desk: Desk) -> None:
    number = contest(desk)
    sign_in(desk, "director", "D1")
    assert "raised the charge" in refusal(appeals.decide, desk, number, "waived", "yes")
    sign_in(desk, "director", "A1")
    assert "of their own" in refusal(appeals.decide, desk, number, "waived", "yes")
    assert "of their own" in refusal(appeals.withdraw_appeal, desk, number)


def test_a_charge_of_a_closed_month_let_go_is_an_adjustment(desk: Desk, clock: Clock) -> None:
    clock.set("2026-10-01T12:00")
    months.close(desk, "2026-09")
    number = contest(desk)
    appeals.decide(desk, number, "waived", "the clock was fast", by="D2")
    assert payroll.deductions(desk, "2026-10").rows[0].adjustments == -3_000
    assert "is closed" in refusal(appeals.reopen, desk, number)
    appeals.reopen(desk, number, reason="it was not after all")
    assert payroll.deductions(desk, "2026-10").rows[0].adjustments == 0
