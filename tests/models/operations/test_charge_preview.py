"""What a change would do to what is charged and deducted: of whom, in which months, by how much."""

from collections.abc import Iterator
from datetime import date

import pytest

from models.access.session import Session
from models.ledger.ledger import rejudge
from models.operations import venue
from models.operations.charge_preview import (
    ChargeChange,
    MonthChange,
    foresee,
    foresee_adoption,
    foresee_caps,
)
from models.rules import shipped
from models.rules.charges import ChargeKey
from models.storage.database import execute
from tests.clock import Clock
from tests.models.house import brief, charges, hire, in_step, put, sign, staff_the_house

AUGUST, SEPTEMBER = date(2026, 8, 31), date(2026, 9, 1)


@pytest.fixture
def house(session: Session, clock: Clock) -> Iterator[Session]:
    """A1 was late on the last night of August and the first of September, everybody else in time."""
    staff_the_house()
    clock.set("2026-09-05T15:00")
    for night in (AUGUST, SEPTEMBER):
        brief(session, night)
        for staff_no, at in (("A1", "19:40"), ("A2", "19:20"), ("A3", "19:20"), ("S1", "19:20")):
            sign(session, staff_no, night, arrived_at=at)
    yield session
    assert in_step(session)


@pytest.mark.parametrize(
    ("was", "now", "cents"), [(None, 3000, 3000), (3000, None, -3000), (1000, 2500, 1500)]
)
def test_by_how_much_it_changes_what_is_charged(
    was: int | None, now: int | None, cents: int
) -> None:
    assert ChargeChange(ChargeKey("A1", AUGUST, "late", "roll"), was, now).difference == cents


def test_a_charge_of_a_closed_month_changes_for_nobody(house: Session) -> None:
    held = charges("A1")

    def milder() -> None:
        execute("UPDATE charges SET amount = 2000")

    both = [ChargeChange(ChargeKey("A1", night, "late", "roll"), 3000, 2000) for night in (AUGUST, SEPTEMBER)]  # fmt: skip
    assert foresee(house, milder) == both
    put("closed_months", month="2026-08", closed_at=1, digest="", audit_head="", content="{}")
    assert foresee(house, milder, "A1") == foresee(house, milder) == both[1:]
    assert foresee(house, milder, "A2") == []
    assert charges("A1") == held
    execute("DELETE FROM closed_months")


def test_adopting_names_every_month_that_it_reaches_into(house: Session) -> None:
    text = shipped.load("nightlife").source
    milder = shipped.parse(text.replace('amount = "30"', 'amount = "10"', 1))
    found = {
        first: [(each.month, each.staff_no, each.was.charged, each.now.charged) for each in
                foresee_adoption(house, milder, first)]
        for first in (AUGUST, SEPTEMBER, date(2026, 9, 2))
    }  # fmt: skip
    august, september = (("2026-08", "A1", 3000, 1000), ("2026-09", "A1", 3000, 1000))
    assert found == {AUGUST: [august, september], SEPTEMBER: [september], date(2026, 9, 2): []}


def test_whom_a_cap_gives_a_month_that_they_had_not(house: Session) -> None:
    """They left in August, and what is over a fifth of their wage is carried past it."""
    hire("L1", left_on=AUGUST.isoformat(), wage="3000.00")
    sign(house, "L1", AUGUST, arrived_at="19:20")
    put(
        "incidents", incident_no="I1", staff_no="L1", rule="fighting", amount=100_000, note="x",
        occurred_at=house.calendar.parse("2026-08-31T22:00"), status="recorded", night=AUGUST,
    )  # fmt: skip
    rejudge(house, AUGUST, AUGUST)
    cap = '\n[cap]\npercent = 20\nfloor = 0\nexcess = "carry"\n'
    capped = shipped.parse(shipped.load("nightlife").source + cap)
    assert foresee_adoption(house, capped, date(2026, 8, 1)) == [
        MonthChange("2026-08", "L1", "L1", (100_000, 100_000, 0, 0), (100_000, 60_000, 40_000, 0)),
        MonthChange("2026-09", "L1", "L1", (0, 0, 0, 0), (0, 40_000, 0, 0)),
    ]


def test_a_wage_under_a_cap_moves_what_is_paid_and_carried(house: Session) -> None:
    """Though not a cent more is charged."""
    for number in ("I1", "I2"):
        put(
            "incidents", incident_no=number, staff_no="A1", rule="fighting", amount=100_000,
            note="x", occurred_at=house.calendar.parse("2026-08-31T22:00"), status="recorded",
            night=AUGUST,
        )  # fmt: skip
    rejudge(house, AUGUST, AUGUST)

    def paid_more() -> None:
        execute("UPDATE staff SET monthly_wage = 1000000 WHERE staff_no IN ('A1', 'A2')")

    def forgiven() -> None:
        execute("UPDATE charges SET amount = 1000 WHERE night = ?", (SEPTEMBER.isoformat(),))

    assert foresee_caps(house, paid_more, "A1") == []
    cap = '\n[cap]\npercent = 20\nfloor = 0\nexcess = "carry"\n'
    venue.adopt(house, shipped.parse(shipped.load("nightlife").source + cap), date(2026, 8, 1))
    named = [
        MonthChange("2026-08", "A1", "曾小贤", (203_000, 174_000, 29_000, 0), (203_000, 200_000, 3_000, 0)),
        MonthChange("2026-09", "A1", "曾小贤", (3_000, 32_000, 0, 0), (3_000, 6_000, 0, 0)),
    ]  # fmt: skip
    assert foresee_caps(house, paid_more, "A1") == named
    assert foresee_caps(house, paid_more, "A2") == []
    assert foresee_caps(house, forgiven, "A1") == []
    # What August carries is paid in September, also where that has no cap.
    venue.adopt(house, shipped.load("nightlife"), SEPTEMBER)
    assert foresee_caps(house, paid_more, "A1") == named
