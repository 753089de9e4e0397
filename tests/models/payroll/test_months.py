"""Closing months: what is frozen, what a correction of it adjusts, and what shows tampering."""

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from models.access.session import Session
from models.ledger import closings, separations
from models.ledger.closings import Content, FrozenMonth, as_content
from models.ledger.ledger import rejudge
from models.operations import leave, unheld_briefings, venue
from models.payroll import deductions, exports, months
from models.rules import shipped
from models.storage import audit
from models.storage.database import execute
from models.values.problems import Refused
from tests.built_once import built_once
from tests.clock import Clock
from tests.models.house import (
    brief,
    hire,
    in_step,
    place,
    put,
    sign,
    sign_in,
    staff_the_house,
)

FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)


@built_once
def build(session: Session, clock: Clock) -> None:
    staff_the_house()
    for night in (FIRST, LAST):
        brief(session, night)
        for staff_no in ("A1", "A2", "A3", "S1"):
            sign(session, staff_no, night, arrived_at="19:20")
    clock.set("2026-10-01T12:00")


@pytest.fixture(autouse=True)
def house(session: Session, clock: Clock) -> Iterator[None]:
    build(session, clock)
    yield
    assert in_step(session)
    assert audit.broken_link() is None


def planned_for(session: Session, month: str) -> months.ClosingPlan:
    return months.plan(session, month, deductions.deductions(session, month).rows)


def corrected(session: Session, night: date, reason: str | None = "打卡机慢") -> None:
    """A1 was late on that night, as is found later."""
    execute(
        "UPDATE attendance SET arrived_at = arrived_at + 1200 WHERE staff_no = 'A1' AND night = ?",
        (night.isoformat(),),
    )
    rejudge(session, night, night)
    months.correct(session, reason, night, night)


@pytest.mark.parametrize("night", [FIRST, LAST])
def test_a_correction_on_the_first_and_the_last_night_is_owed(
    session: Session, night: date
) -> None:
    months.close(session, "2026-09")
    with session.change():
        corrected(session, night)
    assert months.owed(session, "2026-09") == {}
    [row] = [r for r in deductions.deductions(session, "2026-10").rows if r.staff_no == "A1"]
    assert (row.adjustments, row.deducted) == (3000, 3000)


def test_a_correction_says_why_and_beyond_its_nights_nothing_is_looked_at(
    session: Session, clock: Clock
) -> None:
    months.close(session, "2026-09")
    for reason in (None, " "):
        with pytest.raises(Refused, match="2026-09 is closed"), session.change():
            corrected(session, FIRST, reason)
    with session.change():
        for night in (date(2026, 8, 31), date(2026, 10, 1)):
            months.correct(session, None, night, night)
    assert execute("SELECT count(*) FROM adjustments").fetchone()[0] == 0


def test_who_is_found_to_have_worked_in_a_closed_month_owes_what_they_owe_and_no_more(
    session: Session,
) -> None:
    months.close(session, "2026-09")
    hire("N9", hired_on="2026-09-30")
    assert months.owed(session, "2026-09") == {}
    rejudge(session, FIRST, LAST)
    # Nobody marked them on their first night, of which the roll is over.
    assert months.owed(session, "2026-09") == {"N9": 160_000}
    with session.change():
        months.correct(session, "漏登记", LAST, LAST)
    assert months.owed(session, "2026-09") == {}
    execute("UPDATE staff SET hired_on = '2026-10-01' WHERE staff_no = 'N9'")
    rejudge(session, FIRST, LAST)
    assert months.owed(session, "2026-09") == {"N9": -160_000}


def test_a_month_is_backed_up_before_it_is_closed(session: Session, tmp_path: Path) -> None:
    months.close(session, "2026-09")
    [made] = tmp_path.rglob("*-close.db")
    with sqlite3.connect(made) as copy:
        assert copy.execute("SELECT count(*) FROM closed_months").fetchone() == (0,)
        assert copy.execute("SELECT count(*) FROM attendance").fetchone() == (8,)
    months.close(session, "2026-09")  # closed already
    assert list(tmp_path.rglob("*-close.db")) == [made]


def test_closing_works_the_deductions_out_once(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked_out = []

    def counted(session: Session, month: str) -> deductions.MonthDeductions:
        worked_out.append(month)
        return work_out(session, month)

    work_out = deductions.deductions
    for module in (deductions, exports):
        monkeypatch.setattr(module, "deductions", counted)
    months.close(session, "2026-09")
    assert worked_out == ["2026-09"]


def test_a_frozen_month_that_was_altered_is_seen(session: Session) -> None:
    months.close(session, "2026-09")
    assert months.tampered() == []
    execute("UPDATE closed_months SET content = replace(content, '3000', '0')")
    execute("UPDATE closed_months SET content = content || ' '")
    assert months.tampered() == ["2026-09"]


def test_fines_that_were_kept_otherwise_than_they_were_frozen_are_seen(session: Session) -> None:
    with session.change():
        corrected(session, FIRST)
    months.close(session, "2026-09")
    assert closings.closed_fines("2026-09", "2026-09") == [("2026-09", "late", "standing", 1, 3000)]
    assert months.tampered() == []
    execute("UPDATE closed_fines SET amount = 0")
    assert months.tampered() == ["2026-09"]


def test_each_part_of_a_frozen_month_is_found_whatever_is_written_in_it() -> None:
    """Names and numbers that look like the keys of the text it is kept as."""
    odd = '"roll":[]},"sums":'
    content = Content(
        rules=[["sums", odd]],
        deductions=[["2026-09", odd, "rules", None]],
        charges=[[odd, "deductions"]],
        roll=[["roll", odd], ["\\", None]],
        sums={"roll": [1, 2], odd: [3, 4], "charges": [5, 6]},
        credits=[["deductions", odd]],
    )
    kept = FrozenMonth(as_content(content))
    assert kept.rules == (("sums", odd),)
    assert kept.deduction_rows == content["deductions"]
    assert kept.charge_rows == content["charges"]
    assert kept.roll_rows == content["roll"]
    assert kept.credit_rows == content["credits"]
    assert kept.sums == {"roll": (1, 2), odd: (3, 4), "charges": (5, 6)}
    del content["credits"]
    content["sums"] = {"credits": [1, 2]}
    assert FrozenMonth(as_content(content)).credit_rows is None


def test_what_a_closed_month_keeps_is_read_back_to_the_cent(session: Session, clock: Clock) -> None:
    """Who is deducted what, and why, of everybody: it is what a payslip is printed from."""
    cap = '\n[cap]\npercent = 20\nfloor = 0\nexcess = "carry"\n'
    venue.adopt(session, shipped.parse(shipped.load("nightlife").source + cap), date(2026, 8, 1))
    place("K1")
    august = date(2026, 8, 31)
    for night, number, staff_no, rule, cents in (
        (august, "I1", "A1", "fighting", 200_000), (FIRST, "I2", "A1", "fighting", 250_000),
        (FIRST, "I3", "A2", "booking_fraud", None), (LAST, "I4", "A3", "drugs", None),
    ):  # fmt: skip
        put(
            "incidents", incident_no=number, staff_no=staff_no, rule=rule, amount=cents, note="x",
            occurred_at=session.calendar.parse(f"{night}T22:00"), status="recorded", night=night,
        )  # fmt: skip
    for turn, who in ((1, "A1"), (2, "A2")):
        put(
            "bookings", booking_no=f"B{turn}", night=FIRST, place="K1", turn=turn, staff_no=who,
            status="left", amount=12_345,
        )  # fmt: skip
    put("adjustments", month="2026-09", staff_no="S1", corrects="2026-08", amount=-1_205, reason="x", made_at=0)  # fmt: skip
    for day in (11, 12, 13):
        brief(session, date(2026, 9, day))
        for staff_no in ("A1", "A3", "S1"):
            sign(session, staff_no, date(2026, 9, day), arrived_at="19:20")
    rejudge(session, august, LAST)
    worked_out = deductions.deductions(session, "2026-09").rows
    by = {row.staff_no: row for row in worked_out}
    assert by["A1"].carried_in > 0
    assert by["A1"].carried_out > by["A1"].carried_in
    assert (by["A1"].sales_voided, by["A2"].sales_voided) == (0, 12_345)
    assert (by["A3"].dismissed, by["A2"].dismissed) == (True, False)
    assert by["A2"].deemed_resigned == date(2026, 9, 13)
    assert by["S1"].adjustments == -1_205
    assert by["P1"].by_rule == {}
    months.close(session, "2026-08")
    for each in separations.undecided(session, "2026-09"):
        separations.decide(session, each, separations.KEPT, by="D1", reason="x")
    months.close(session, "2026-09")
    kept = closings.frozen("2026-09")
    assert kept is not None
    assert tuple(kept.deductions()) == worked_out
    lines = execute("SELECT seq, hash FROM audit WHERE action = 'month.closed' ORDER BY seq")
    found = [closings.closing_line(month) for month in ("2026-08", "2026-09")]
    assert found == [tuple(row) for row in lines]
    assert closings.closing_line("2026-10") is None


def test_the_order_and_the_end_of_months(session: Session, clock: Clock) -> None:
    clock.set("2026-10-01T11:59:59")
    with pytest.raises(Refused, match="not over: its last night ends at 2026-10-01T12:00"):
        months.close(session, "2026-09")
    with pytest.raises(Refused, match="2026-09 comes first"):
        months.close(session, "2026-10")
    clock.set("2026-10-01T12:00")
    closing, newly = months.close(session, "2026-09")
    assert (closing.closed_at, newly) == (session.now(), True)
    assert months.close(session, "2026-09") == (closing, False)
    assert months.first_open(session) == "2026-10"
    with pytest.raises(Refused, match="was closed already"):
        months.close(session, "2026-08")


def test_only_payroll_closes(session: Session) -> None:
    for role in ("director", "supervisor", "admin"):
        sign_in(session, role)
        with pytest.raises(Refused, match="who may not do this"):
            months.close(session, "2026-09")
    sign_in(session, "payroll")
    assert months.close(session, "2026-09")[1]


def test_a_plan_names_what_is_closed_along(session: Session, clock: Clock) -> None:
    planned = planned_for(session, "2026-09")
    assert (planned.along, planned.staffers, planned.deducted) == ((), 7, 0)
    assert (planned.first, planned.corrected_in) == (True, "2026-10")
    months.close(session, "2026-09")
    clock.set("2027-02-05T12:00")
    with session.change():
        brief(session, date(2027, 1, 5))
        for staff_no in ("A1", "A2", "A3", "S1"):
            sign(session, staff_no, date(2027, 1, 5), arrived_at="19:20")
    planned = planned_for(session, "2027-01")
    assert (planned.along, planned.first) == (("2026-10", "2026-11", "2026-12"), False)
    # a leave of one of these months is something that is recorded
    leave.ask(session, "A1", "rest", date(2026, 12, 31), date(2027, 1, 1))
    with pytest.raises(Refused, match="2026-12 comes first"):
        planned_for(session, "2027-01")
    months.close(session, "2026-12")
    assert [each.month for each in closings.closings()] == [
        "2026-09",
        "2026-10",
        "2026-11",
        "2026-12",
    ]


def test_months_of_which_something_is_known(session: Session, clock: Clock) -> None:
    assert months.known(session) == ["2026-09", "2026-10"]
    execute("INSERT INTO briefings (night, settled) VALUES ('2027-05-02', ?)", (False,))
    assert months.known(session) == ["2026-09", "2026-10", "2027-05"]


def test_a_roll_that_nobody_ended_keeps_its_month_open(session: Session) -> None:
    execute("UPDATE briefings SET closed_at = NULL WHERE night = ?", (LAST.isoformat(),))
    rejudge(session, LAST, LAST)
    with pytest.raises(Refused, match="the roll of 2026-09-30 was opened and not ended"):
        months.close(session, "2026-09")
    unheld_briefings.not_held(session, LAST)
    assert months.close(session, "2026-09")[1]
    with pytest.raises(Refused, match="2026-09 is closed"):
        unheld_briefings.not_held(session, FIRST)


def test_an_empty_venue_closes_nothing(session: Session) -> None:
    for night in (FIRST, LAST):
        unheld_briefings.not_held(session, night)
    for month in ("2026-08", "2026-09"):
        with pytest.raises(Refused, match=f"nothing of {month} is recorded"):
            months.close(session, month)


def put_leave(number: str, first: str, last: str) -> None:
    execute(
        "INSERT INTO leave (leave_no, staff_no, kind, first_night, last_night, filed_at, status,"
        " decided_by, decided_at)"
        " VALUES (?, 'A1', 'rest', ?, ?, 1788000000, 'approved', 'S1', 1788000001)",
        (number, first, last),
    )


def closes(session: Session, month: str, refusal: str) -> None:
    with pytest.raises(Refused, match=refusal):
        months.close(session, month)


def test_a_closed_month_is_not_planned_again(session: Session) -> None:
    months.close(session, "2026-09")
    with pytest.raises(Refused, match="2026-09 was closed already"):
        planned_for(session, "2026-09")


@pytest.mark.parametrize(
    ("leaves", "first"),
    [
        ([("L1", "2026-12-05", "2026-12-06"), ("L2", "2026-11-05", "2026-11-06")], "2026-11"),
        ([("L1", "2026-10-30", "2026-11-01")], "2026-10"),
        ([("L1", "2026-09-30", "2026-10-01")], "2026-10"),
    ],
)
def test_no_leave_is_passed_over(
    session: Session, clock: Clock, leaves: list[tuple[str, str, str]], first: str
) -> None:
    """Not one that begins earlier than another, or ends on a month's first night."""
    clock.set("2027-02-10T12:00")
    months.close(session, "2026-09")
    for each in leaves:
        put_leave(*each)
    closes(session, "2027-01", f"months close in order: {first} comes first")


@pytest.mark.parametrize("of_a_sale", [False, True])
def test_a_month_with_an_adjustment_alone_is_not_passed_over(
    session: Session, clock: Clock, of_a_sale: bool
) -> None:
    clock.set("2026-12-10T12:00")
    months.close(session, "2026-09")
    if of_a_sale:
        execute(
            "INSERT INTO sale_adjustments (month, staff_no, corrects, deal_no, amount, reason,"
            " made_at) VALUES ('2026-10', 'A1', '2026-09', 'd1', 100, '更正', 0)"
        )
    else:
        with session.change():
            corrected(session, FIRST)
    closes(session, "2026-11", "2026-10 comes first")
    assert months.close(session, "2026-10")[1]


class TestOfLeaveAlone:
    """A month of which nothing is recorded but a leave."""

    @pytest.fixture(autouse=True)
    def facts(self, session: Session, clock: Clock) -> None:
        for table in ("charges", "attendance", "briefings"):
            execute(f"DELETE FROM {table}")
        put_leave("L1", "2026-09-05", "2026-09-06")
        clock.set("2026-12-10T12:00")

    def test_it_is_closed_first_and_so_is_an_empty_one_after_it(self, session: Session) -> None:
        closes(session, "2026-08", "nothing of 2026-08 is recorded|2026-09")
        closes(session, "2026-10", "2026-10")
        assert months.close(session, "2026-09")[1]
        assert months.known(session) == ["2026-09", "2026-10", "2026-11", "2026-12"]
        assert months.close(session, "2026-10")[1]
        assert months.first_open(session) == "2026-11"

    def test_what_is_corrected_goes_to_the_month_of_the_first_fact_or_tonights(
        self, session: Session
    ) -> None:
        assert months.first_open(session) == "2026-12"
        brief(session, FIRST)
        assert months.first_open(session) == "2026-09"
