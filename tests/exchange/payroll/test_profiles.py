"""Payroll profiles: the files that other programs take, and the traps in them."""

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest

from models.access.session import Session
from models.operations import incidents
from models.payroll import months
from models.storage.database import execute
from models.values.problems import Refused
from tests.built_once import built_once
from tests.clock import Clock, clock_of
from tests.conftest import MakeSession
from tests.models.house import NIGHT, brief, hire, sign, staff_the_house
from venue_tui.exchange.exports import export_profile
from venue_tui.exchange.payroll_profiles import load, profile_rows, shipped
from venue_tui.exchange.payroll_profiles.profile import parse

HEADERS = {
    "frappe": "Series,Employee,Company,Salary Component,Currency,Amount,Payroll Date,Is Recurring,"
    "Overwrite Salary Structure Amount",
    "oca": "payslip_id/id,name,code,amount,sequence,contract_id/id",
    "single_item": "序号,工号,姓名,金额,备注",
    "statement": "EmployeeID,Name,Department,Position,BaseSalary,OvertimeHours,OvertimePay,Bonus,"
    "Deductions,Tax,NetSalary,PayDate",
}
"""As those programs' own files have them."""
EVERY = 'rows = "staffer"\n[[columns]]\nheader = "n"\nvalue = "{staff_no}"\n[[columns]]\nheader = "a"\nvalue = "{amount}"\n'


@pytest.fixture
@built_once
def house(session: Session, clock: Clock) -> Session:
    """In September A1 was late once and had a complaint, A2 was absent; October is open."""
    staff_the_house()
    sign(session, "A1", arrived_at="19:40")
    for number in ("A3", "S1"):
        sign(session, number, arrived_at="19:20")
    brief(session)
    clock.set("2026-09-02T21:00")
    incidents.raise_incident(session, "A1", "service_complaint", clock.now, by="D1")
    clock.set("2026-10-05T15:00")
    return session


def table(session: Session, name: str, month: str = "2026-09", **changed: object) -> list[dict[str, str]]:  # fmt: skip
    out = io.BytesIO()
    export_profile(session, load(name)._replace(**changed), month, out)  # type: ignore[arg-type]
    return list(csv.DictReader(io.StringIO(out.getvalue().decode("utf-8-sig"))))


@pytest.mark.parametrize("name", HEADERS)
def test_a_shipped_profile_has_the_headers_that_are_asked_for(house: Session, name: str) -> None:
    assert ",".join(table(house, name)[0]) == HEADERS[name]
    assert set(shipped()) == set(HEADERS)


def test_frappe_takes_one_sum_an_employee_dated_on_the_months_last_day(house: Session) -> None:
    rows = table(house, "frappe")
    assert [(row["Employee"], row["Amount"]) for row in rows] == [
        ("A1", "130.00"),
        ("A2", "1600.00"),
    ]
    assert {row["Payroll Date"] for row in rows} == {"2026-09-30"}
    assert {row["Overwrite Salary Structure Amount"] for row in rows} == {"0"}
    assert {row["Company"] for row in rows} == {"测试夜场"}


def test_frappe_takes_nothing_below_zero_but_a_component_of_earning(house: Session) -> None:
    execute(
        "INSERT INTO adjustments (month, staff_no, corrects, amount, reason, made_at)"
        " VALUES ('2026-10', 'A2', '2026-09', -160000, 'sick', 1)"
    )
    [row] = table(house, "frappe", "2026-10")
    assert (row["Amount"], row["Salary Component"]) == ("1600.00", "House Fines Refund")
    [row] = table(house, "single_item", "2026-10")
    assert row["金额"] == "-1600.00"
    with pytest.raises(Refused, match=r"A2 is paid 1600.00 back"):
        table(house, "single_item", "2026-10", negative="refuse")


def test_values_of_a_profile_are_set(house: Session) -> None:
    profile = load("frappe", {"employee": "HR-EMP-{staff_no}", "company": "Venue Co"})  # fmt: skip
    rows = profile_rows(house, profile, "2026-09").rows
    assert rows[0][1:3] == ["HR-EMP-A1", "Venue Co"]
    with pytest.raises(Refused, match="has no value firm"):
        load("frappe", {"firm": "x"})


def test_oca_has_an_input_a_rule_under_external_ids(house: Session) -> None:
    assert table(house, "oca")[0] == {
        "payslip_id/id": "__import__.slip_2026_09_A1",
        "name": "Late for the briefing",
        "code": "FINE_LATE",
        "amount": "30.00",
        "sequence": "10",
        "contract_id/id": "__import__.contract_A1",
    }


def test_two_numbers_that_make_one_external_id_are_refused(house: Session) -> None:
    for number in ("X-1", "X.1"):
        hire(number)
    with pytest.raises(Refused, match=r"X-1 and X.1 make the same id, X_1"):
        table(house, "oca")
    assert table(house, "frappe")


def test_the_chinese_sheet_numbers_its_rows_and_says_what_for(house: Session) -> None:
    rows = table(house, "single_item")
    assert [row["序号"] for row in rows] == ["1", "2"]
    assert rows[0]["备注"].startswith("Late for the briefing × 1; ")


def test_a_statement_has_everyone_and_leaves_blank_what_is_not_known(house: Session) -> None:
    rows = {row["EmployeeID"]: row for row in table(house, "statement")}
    assert set(rows) == {"A1", "A2", "A3", "S1", "D1", "D2", "P1"}
    assert (rows["A3"]["Deductions"], rows["A3"]["NetSalary"], rows["A3"]["Tax"]) == (
        "0.00",
        "",
        "",
    )


@pytest.mark.parametrize("rows", ["staffer", "rule", "charge"])
@pytest.mark.parametrize("closed", [False, True])
def test_whatever_a_row_is_they_add_up_to_what_is_deducted(
    make_session: MakeSession, rows: str, closed: bool
) -> None:
    """A limit, what it carries on, and an adjustment: else payroll would take too much."""
    session = make_session()
    text = execute("SELECT text FROM rulebook_version").fetchone()[0]
    execute("UPDATE rulebook_version SET text = ?, adopted_at = 9", (text + '\n[cap]\npercent = 5\nfloor = "0"\nexcess = "carry"\n',))  # fmt: skip
    session.refresh()
    staff_the_house()
    sign(session, "A1", arrived_at="19:40")
    brief(session)
    clock_of(session).set("2026-11-05T15:00")
    execute(
        "INSERT INTO adjustments (month, staff_no, corrects, amount, reason, made_at)"
        " VALUES ('2026-09', 'A1', '2026-08', -1234, 'x', 1)"
    )
    if closed:
        months.close(session, "2026-09")
    profile = parse(EVERY, {})._replace(rows=rows)
    for month in ("2026-09", "2026-10"):
        sums: dict[str, Decimal] = {}
        for number, amount in profile_rows(session, profile, month).rows:
            sums[number or ""] = sums.get(number or "", Decimal()) + Decimal(amount or 0)
        deducted = {
            row[0]: Decimal(row[1] or 0)
            for row in profile_rows(session, parse(EVERY, {}), month).rows
        }
        assert sums == deducted
        assert deducted
    assert profile_rows(session, profile, "2026-09").closed == closed


def test_a_name_that_a_spreadsheet_would_run_is_made_harmless(house: Session) -> None:
    execute("UPDATE staff SET name = '=1+1' WHERE staff_no = 'A1'")
    assert table(house, "single_item")[0]["姓名"] == "'=1+1"


def test_a_field_in_a_name_is_no_field(house: Session) -> None:
    execute("UPDATE staff SET name = '{amount}' WHERE staff_no = 'A1'")
    assert table(house, "single_item")[0]["姓名"] == "{amount}"


def test_an_old_program_gets_its_encoding(house: Session) -> None:
    out = io.BytesIO()
    export_profile(house, load("single_item")._replace(encoding="gb18030"), "2026-09", out)
    assert out.getvalue().startswith("序号,工号".encode("gb18030"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = ", "no valid TOML"),
        ("", "there must be"),
        (EVERY + 'value_of_night = "x"\n', "value_of_night means nothing here"),
        ("title = 1\n" + EVERY, "title means nothing in a profile"),
        (EVERY.replace("staffer", "person"), "must be one of staffer, rule, charge"),
        (EVERY.replace("{amount}", "{amont}"), "no field {amont}"),
        (EVERY.replace("{amount}", "{amount.x}"), "belongs to no"),
        (EVERY.replace("{amount}", "{0.__class__}"), "belongs to no"),
        (EVERY.replace('"a"', '"n"'), "two columns are called n"),
        (EVERY.replace('value = "{amount}"', ""), "a has no value"),
        (EVERY.replace('header = "a"', ""), "column 2 has no header"),
        ("zeros = 1\n" + EVERY, "must be true or false"),
        (
            "[values]\nx = 1\n" + EVERY.replace('rows = "staffer"\n', ""),
            "every value must be a text",
        ),
        ("columns = 3\n", "there must be"),
        ("a = " + "[" * 3000, "no valid TOML"),
    ],
)
def test_what_is_wrong_with_a_profile_is_said(text: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        parse(text, {})


def test_a_venues_own_profile_is_a_file(house: Session, tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(EVERY, encoding="utf-8-sig")
    assert [row["n"] for row in table(house, str(path))] == ["A1", "A2"]
    for name in ("nowhere.toml", str(tmp_path), "\0"):
        with pytest.raises(Refused, match="come with the program are frappe, oca"):
            load(name)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(Refused, match="not UTF-8"):
        load(str(path))


def test_a_row_a_charge_says_when_and_why(house: Session) -> None:
    rows = table(house, "single_item", rows="charge")
    assert rows[0]["备注"].startswith(f"{NIGHT} Late for the briefing：arrived at 2026-09-02T19:40")
