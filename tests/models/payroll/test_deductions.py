"""What a month takes from each staffer: who has a row, for what wage, what is carried, which sales."""

from collections.abc import Iterator
from datetime import date

import pytest

from models.access.session import Session
from models.operations import venue
from models.payroll import deductions, months
from models.payroll.deductions import Deduction
from models.rules import shipped
from models.storage.database import execute
from tests.clock import Clock
from tests.models.house import brief, hire, in_step, place, sign, staff_the_house

SEPTEMBER = "2026-09"
LAST = date(2026, 9, 30)
CAP = '\n[cap]\npercent = 20\nfloor = 0\nexcess = "carry"\n'
BOOK_WITH_CAP = shipped.load("nightlife").source + CAP


@pytest.fixture(autouse=True)
def house(session: Session, clock: Clock) -> Iterator[None]:
    staff_the_house()
    clock.set("2026-11-20T15:00")
    yield
    assert in_step(session)


def rows(session: Session, month: str = SEPTEMBER) -> dict[str, Deduction]:
    return {row.staff_no: row for row in deductions.deductions(session, month).rows}


def fine(number: str, night: str, cents: int, staff_no: str = "A1") -> None:
    """An incident of fighting, at ten in the evening."""
    execute(
        "INSERT INTO incidents (incident_no, staff_no, occurred_at, rule, amount, note, status,"
        " night) VALUES (?, ?, ?, 'fighting', ?, '推人', 'recorded', ?)",
        (number, staff_no, 1_788_357_600, cents, night),
    )


def adjust(month: str, staff_no: str, cents: int) -> None:
    execute(
        "INSERT INTO adjustments (month, staff_no, corrects, amount, reason, made_at)"
        " VALUES (?, ?, '2026-08', ?, '更正', 0)",
        (month, staff_no, cents),
    )


def sale(number: str, night: str, cents: int, status: str = "left", staff_no: str = "A1") -> None:
    execute(
        "INSERT INTO bookings (booking_no, night, place, turn, staff_no, status, amount)"
        " VALUES (?, ?, 'K1', ?, ?, ?, ?)",
        (number, night, int(number[1:]), staff_no, status, cents),
    )


def capped(session: Session) -> None:
    book = shipped.parse(BOOK_WITH_CAP)
    venue.adopt(session, book, date(2026, 6, 1))


def judged(session: Session, *nights: date) -> None:
    from models.ledger.ledger import rejudge

    for night in nights:
        rejudge(session, night, night)


def test_who_has_a_row(session: Session) -> None:
    """Whoever was employed on a night of the month, on its last or first one only too."""
    hire("N1", hired_on="2026-09-30")
    hire("N2", hired_on="2026-10-01")
    hire("N3", left_on="2026-09-01")
    hire("N4", left_on="2026-08-31")
    found = rows(session)
    assert {"N1", "N3"} <= found.keys()
    assert found.keys().isdisjoint({"N2", "N4"})


def test_who_left_before_and_is_adjusted_is_paid_it(session: Session) -> None:
    """A refund of a closed month to somebody who left is not lost."""
    hire("N4", left_on="2026-08-31", wage="3000.00")
    adjust(SEPTEMBER, "N4", -12_345)
    row = rows(session)["N4"]
    assert (row.adjustments, row.deducted, row.wage) == (-12_345, -12_345, 300_000)


def test_who_was_hired_only_later_and_is_adjusted_is_paid_it_by_the_first_wage(
    session: Session,
) -> None:
    """As when the day of hiring was put right after their first month was closed."""
    hire("N5", hired_on="2026-10-02", wage="3000.00")
    adjust(SEPTEMBER, "N5", -500)
    row = rows(session)["N5"]
    assert (row.deducted, row.wage) == (-500, 300_000)


def test_the_wage_is_that_of_the_last_night_of_employment(session: Session) -> None:
    hire("N1", left_on="2026-09-15", wage="3000.00")
    for since, cents in (("2026-09-15", 400_000), ("2026-09-16", 900_000)):
        execute("INSERT INTO wages VALUES ('N1', ?, ?)", (since, cents))
    hire("N2", wage="3000.00")
    execute("INSERT INTO wages VALUES ('N2', '2026-09-30', 500000)")
    execute("INSERT INTO wages VALUES ('N2', '2026-10-01', 600000)")
    found = rows(session)
    assert (found["N1"].wage, found["N2"].wage) == (400_000, 500_000)


def test_the_sales_are_of_guests_who_left_on_nights_of_employment(session: Session) -> None:
    place("K1")
    execute("UPDATE staff SET left_on = '2026-09-20' WHERE staff_no = 'A1'")
    for number, night, status in (
        ("B1", "2026-09-01", "left"),
        ("B2", "2026-09-20", "left"),
        ("B4", "2026-09-21", "left"),
        ("B8", "2026-09-19", "arrived"),
        ("B16", "2026-09-19", "no_show"),
        ("B32", "2026-08-31", "left"),
    ):
        sale(number, night, 100 * int(number[1:]), status)
    found = rows(session)
    assert (found["A1"].sales, found["A1"].sales_counted, found["A2"].sales) == (300, 300, 0)


def test_a_standing_fraud_voids_the_sales_and_a_waived_one_does_not(session: Session) -> None:
    place("K1")
    sale("B1", "2026-09-02", 50_000)
    execute(
        "INSERT INTO incidents (incident_no, staff_no, occurred_at, rule, status, night)"
        " VALUES ('I1', 'A1', 1788357600, 'booking_fraud', 'recorded', '2026-09-02')"
    )
    judged(session, date(2026, 9, 2))
    row = rows(session)["A1"]
    assert (row.sales, row.sales_voided, row.sales_counted) == (50_000, 50_000, 0)
    execute(
        "INSERT INTO waivers VALUES ('A1', '2026-09-02', 'booking_fraud', 'incident:I1', 'D1', 'x')"
    )
    judged(session, date(2026, 9, 2))
    assert rows(session)["A1"].sales_counted == 50_000


def test_what_is_decided_of_a_closed_months_sale_counts_where_it_is_given_and_is_not_voided(
    session: Session,
) -> None:
    """To those who had left, too; what is nobody's counts for nobody."""
    hire("N4", left_on="2026-08-31")
    place("K1")
    sale("B1", "2026-09-02", 50_000)
    fraud = (
        "INSERT INTO incidents (incident_no, staff_no, occurred_at, rule, status, night)"
        " VALUES ('I1', 'A1', 1788357600, 'booking_fraud', 'recorded', '2026-09-02')"
    )
    execute(fraud)
    judged(session, date(2026, 9, 2))
    for month, staff_no, cents in (
        (SEPTEMBER, "A1", 5_000), (SEPTEMBER, "A1", 300), ("2026-10", "A1", 70), (SEPTEMBER, None, 9),
        (SEPTEMBER, "N4", -200),
    ):  # fmt: skip
        execute(
            "INSERT INTO sale_adjustments (month, staff_no, corrects, deal_no, amount, reason,"
            " made_at) VALUES (?, ?, '2026-08', 'd1', ?, '更正', 0)",
            (month, staff_no, cents),
        )
    found = rows(session)
    assert (found["A1"].sales, found["A1"].sales_voided) == (55_300, 50_000)
    assert (found["N4"].sales, found["N4"].deducted) == (-200, 0)
    assert found["A2"].sales == 0
    assert rows(session, "2026-10")["A1"].sales == 70


def test_what_is_carried_counts_adjustments_and_no_waived_charge(session: Session) -> None:
    """870,000 cents of wage let 174,000 be taken a month."""
    capped(session)
    fine("I1", "2026-07-02", 100_000)
    fine("I2", "2026-07-03", 100_000)
    fine("I3", "2026-07-04", 100_000)
    execute("INSERT INTO waivers VALUES ('A1', '2026-07-04', 'fighting', 'incident:I3', 'D1', 'x')")
    judged(session, *(date(2026, 7, day) for day in (2, 3, 4)))
    adjust("2026-08", "A1", 160_000)
    assert [
        (row.carried_in, row.charges_total, row.adjustments, row.deducted, row.carried_out)
        for row in (rows(session, f"2026-{month}")["A1"] for month in ("07", "08", "09", "10"))
    ] == [
        (0, 200_000, 0, 174_000, 26_000),
        (26_000, 0, 160_000, 174_000, 12_000),
        (12_000, 0, 0, 12_000, 0),
        (0, 0, 0, 0, 0),
    ]


def test_under_a_cap_that_always_was_nothing_is_carried_from_before_the_first_fact(
    session: Session,
) -> None:
    venue.adopt(session, shipped.parse(BOOK_WITH_CAP), date.min)
    fine("I1", "2026-07-02", 100_000)
    fine("I2", "2026-07-03", 100_000)
    judged(session, date(2026, 7, 2), date(2026, 7, 3))
    assert deductions.carried_into(session, "2026-07") == {}
    assert deductions.carried_into(session, "2026-08") == {"A1": 26_000}
    assert deductions.carried_into(session, SEPTEMBER) == {}


def test_what_a_closed_month_carries_goes_on_through_an_open_one(session: Session) -> None:
    capped(session)
    for number, night in (("I1", "2026-07-02"), ("I2", "2026-07-03"), ("I3", "2026-07-04")):
        fine(number, night, 100_000)
    fine("I4", "2026-07-05", 200_000)
    judged(session, *(date(2026, 7, day) for day in (2, 3, 4, 5)))
    months.close(session, "2026-07")
    assert [
        (row.carried_in, row.deducted, row.carried_out)
        for row in (rows(session, f"2026-{month}")["A1"] for month in ("08", "09", "10"))
    ] == [(326_000, 174_000, 152_000), (152_000, 152_000, 0), (0, 0, 0)]


def test_whoever_is_carried_into_a_month_after_leaving_has_a_row(session: Session) -> None:
    capped(session)
    hire("N1", left_on="2026-08-31", wage="1000.00")
    fine("I1", "2026-08-31", 50_000, "N1")
    judged(session, date(2026, 8, 31))
    row = rows(session)["N1"]
    assert (row.carried_in, row.deducted, row.carried_out) == (30_000, 20_000, 10_000)


def test_a_cap_on_its_last_night_alone_holds_for_the_month(session: Session) -> None:
    book = shipped.parse(BOOK_WITH_CAP)
    venue.adopt(session, book, LAST)
    fine("I1", "2026-09-02", 100_000)
    fine("I2", "2026-09-03", 100_000)
    judged(session, date(2026, 9, 2), date(2026, 9, 3))
    assert (rows(session)["A1"].deducted, rows(session)["A1"].carried_out) == (174_000, 26_000)


def test_the_first_month_is_that_of_the_first_fact(session: Session) -> None:
    assert deductions.first_month() is None
    brief(session, date(2026, 9, 2))
    assert deductions.first_month() == "2026-09"
    place("K1")
    sale("B1", "2026-08-31", 1, "cancelled")
    assert deductions.first_month() == "2026-08"


def test_without_a_cap_and_of_a_refund_nothing_is_carried(session: Session) -> None:
    fine("I1", "2026-09-02", 100_000)
    judged(session, date(2026, 9, 2))
    adjust(SEPTEMBER, "A2", -500)
    found = rows(session)
    assert [(found[who].deducted, found[who].carried_out) for who in ("A1", "A2", "A3")] == [
        (100_000, 0),
        (-500, 0),
        (0, 0),
    ]
    assert deductions.deduct(-500, 870_000, shipped.parse(BOOK_WITH_CAP).cap) == (-500, 0)
    assert deductions.deduct(0, 870_000, shipped.parse(BOOK_WITH_CAP).cap) == (0, 0)
    let_go = shipped.parse(BOOK_WITH_CAP.replace('"carry"', '"waive"')).cap
    assert deductions.deduct(200_000, 870_000, let_go) == (174_000, 0)


def test_who_is_dismissed_is_said_and_nobody_else(session: Session) -> None:
    execute(
        "INSERT INTO incidents (incident_no, staff_no, occurred_at, rule, status, night)"
        " VALUES ('I1', 'A1', 1788357600, 'drugs', 'recorded', '2026-09-02')"
    )
    fine("I2", "2026-09-02", 60_000, "A2")
    judged(session, date(2026, 9, 2))
    assert {who for who, row in rows(session).items() if row.dismissed} == {"A1"}


def test_columns_are_the_last_nights_rules_then_older_ones_that_are_charged(
    session: Session,
) -> None:
    """A fine of a rule that was dropped in the middle of the month still has its column."""
    other = BOOK_WITH_CAP.replace('code = "late"', 'code = "tardy"')
    venue.adopt(session, shipped.parse(other), date(2026, 9, 5))
    for day in (2, 6):
        night = date(2026, 9, day)
        brief(session, night)
        sign(session, "A1", night, arrived_at="19:40")
        fine(f"I{day}", night.isoformat(), 60_000)
        judged(session, night)
    venue.adopt(session, shipped.load("club"), date(2026, 9, 10))
    found = deductions.deductions(session, SEPTEMBER)
    codes = [rule.code for rule in found.rules]
    club = [rule.code for rule in shipped.load("club").rules]
    assert codes[: len(club)] == club
    charged = {code for row in found.rows for code in row.by_rule}
    assert set(codes[len(club) :]) == charged - set(club)
    assert len(codes) == len(set(codes))
    assert {"late", "tardy", "fighting"} <= charged
