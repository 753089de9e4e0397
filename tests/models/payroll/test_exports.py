"""What is exported of a month: from the facts while it is open, as it was frozen once it is not."""

from collections.abc import Iterator
from datetime import date

import pytest

from models.access.session import Session
from models.ledger.settling import settle
from models.payroll import months
from models.payroll.exports import (
    charge_statement,
    deduction_statement,
    recorded,
    roll_statement,
)
from models.storage.database import execute
from models.values.datasets import DATASETS, deductions
from tests.built_once import built_once
from tests.clock import Clock
from tests.models.house import brief, in_step, sign, staff_the_house

FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)
MONTH = "2026-09"


@built_once
def build(session: Session, clock: Clock) -> None:
    """A1 was late on the first of September and A2 absent on the last; it is October."""
    staff_the_house()
    for night in (FIRST, LAST):
        brief(session, night)
        for staff_no in ("A1", "A2", "A3", "S1"):
            if (staff_no, night) != ("A2", LAST):
                at = "19:41" if (staff_no, night) == ("A1", FIRST) else "19:20"
                sign(session, staff_no, night, arrived_at=at)
    clock.set("2026-10-01T12:00")
    settle(session)


@pytest.fixture(autouse=True)
def house(session: Session, clock: Clock) -> Iterator[None]:
    build(session, clock)
    yield
    assert in_step(session)


def test_deductions_have_a_row_for_everyone_employed_and_columns_for_each_rule(
    session: Session,
) -> None:
    statement = deduction_statement(session, [MONTH])
    names = [column.name for column in deductions(statement.rules)]
    rows = [dict(zip(names, row, strict=True)) for row in statement.rows]
    assert [row["staff_no"] for row in rows] == ["A1", "A2", "A3", "D1", "D2", "P1", "S1"]
    late, absent = rows[0], rows[1]
    assert (late["late_count"], late["late_amount"], late["deducted"]) == ("1", "30.00", "30.00")
    assert (absent["absence_count"], absent["absence_amount"]) == ("1", "1600.00")
    assert absent["charges_total"] == "1600.00"


def test_charges_say_from_which_facts(session: Session) -> None:
    rows = charge_statement(session, [MONTH], "en")
    assert [(row[1], row[2], row[4], row[7], row[8]) for row in rows] == [
        ("2026-09-01", "A1", "late", "30.00", "standing"),
        ("2026-09-30", "A2", "absence", "1600.00", "standing"),
    ]
    assert all(row[9] for row in rows)


def test_the_roll_has_an_outcome_for_each_name_of_each_night(session: Session) -> None:
    rows = roll_statement(session, [MONTH])
    found = {(row[0], row[1]): row[4] for row in rows}
    assert len(found) == 8
    assert found["2026-09-01", "A1"] == "late"
    assert found["2026-09-30", "A2"] == "absent"
    assert found["2026-09-30", "A1"] == "present"


def test_a_closed_month_stays_as_it_was_exported(session: Session) -> None:
    def statements() -> tuple[object, ...]:
        rows = deduction_statement(session, [MONTH]).rows
        charges = charge_statement(session, [MONTH], "en")
        return rows, charges, roll_statement(session, [MONTH])

    months.close(session, MONTH)
    frozen = statements()
    with session.change():
        execute("UPDATE staff SET name = '别人' WHERE staff_no = 'A1'")
        session.record("test.renamed")
    assert statements() == frozen


def test_a_dataset_comes_in_the_order_of_its_key_and_narrowed_to_its_month(
    session: Session,
) -> None:
    brief(session, date(2026, 8, 31))
    settle(session)
    briefings = recorded(DATASETS["briefings"], None)
    assert [row[0] for row in briefings] == ["2026-08-31", "2026-09-01", "2026-09-30"]
    assert [row[0] for row in recorded(DATASETS["briefings"], MONTH)] == [
        "2026-09-01",
        "2026-09-30",
    ]
    assert [row[0] for row in recorded(DATASETS["staff"], MONTH)] == [
        "A1", "A2", "A3", "D1", "D2", "P1", "S1",
    ]  # fmt: skip
