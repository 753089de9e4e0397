"""Templates take what they say they take, and come back as facts once they are filled in."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from models.values.datasets import DATASETS
from tests.commands.conftest import House, Run
from tests.exchange.samples import CALENDAR
from venue_tui.exchange.cells import cells_of
from venue_tui.exchange.dates import Dates
from venue_tui.exchange.templates import example


@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("headers", ["en", "zh"])
def test_every_example_is_taken(name: str, headers: str) -> None:
    columns = DATASETS[name].columns
    for column, cells in zip(columns, cells_of(columns, Dates(CALENDAR)).values(), strict=True):
        list(cells.read([example(column, headers)]))
        assert cells.wrong == {}, column.name


@pytest.mark.parametrize("headers", ["en", "zh"])
def test_a_template_that_is_filled_in_is_imported(
    house: House, run: Run, tmp_path: Path, at: Callable[[str], None], headers: str
) -> None:
    at("2026-11-26T12:30")
    file = tmp_path / "house.xlsx"
    assert run("template", "-o", str(file), "--headers", headers).status == 0
    empty = run("import", str(file))
    assert empty.status == 1
    assert "There is nothing in it to import." in empty.err

    book = openpyxl.load_workbook(file)
    assert len(book.sheetnames) == len(DATASETS) + 1
    chinese = headers == "zh"
    staff = book[DATASETS["staff"].chinese if chinese else "staff"]
    assert [cell.value for cell in staff[1]] == [
        column.chinese if chinese else column.name for column in DATASETS["staff"].columns
    ]
    words = {"员工": "staff", "是": "yes"} if chinese else {}
    position, yes = ("员工", "是") if chinese else ("staff", "yes")
    assert words.get(position, position) == "staff"
    staff.append(["0021", "郑伟强", "二组", "S01", position, yes, date(2026, 1, 1), None, 4350.5])
    attendance = book[DATASETS["attendance"].chinese if chinese else "attendance"]
    attendance.append([date(2026, 9, 2), "0021", datetime(2026, 9, 2, 19, 20)])
    book.save(file)

    answer = run("import", str(file))

    assert answer.status == 0, answer.err
    row = next(row for row in house.export("staff") if row["staff_no"] == "0021")
    assert row == {
        "staff_no": "0021",
        "name": "郑伟强",
        "team": "二组",
        "supervisor_no": "S01",
        "position": "staff",
        "on_roll": "yes",
        "hired_on": "2026-01-01",
        "left_on": "",
        "monthly_wage": "4350.50",
    }
    assert house.export("attendance")[0]["arrived_at"] == "2026-09-02T19:20"


def test_one_dataset_alone(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "leave.xlsx"
    assert run("template", "leave", "-o", str(file)).status == 0
    book = openpyxl.load_workbook(file)
    assert book.sheetnames[0] == "leave"
    lists = [
        each.formula1
        for each in book["leave"].data_validations.dataValidation
        if each.type == "list"
    ]
    assert lists == ['"rest,personal,sick"', '"requested,approved,rejected,withdrawn"']


@pytest.mark.parametrize("headers", ["en", "zh"])
def test_what_is_exported_as_a_workbook_imports_again_cell_for_cell(
    house: House, run: Run, tmp_path: Path, at: Callable[[str], None], headers: str
) -> None:
    at("2026-11-26T12:30")
    house.took(
        attendance="night,staff_no,arrived_at,departed_at\n2026-09-02,0007,2026-09-02T19:40:05,2026-09-03T02:00\n",
        incidents="incident_no,staff_no,occurred_at,rule,amount,note\n1,0008,2026-09-02T23:00,insubordination,350.5,=x\n",
    )
    for name in DATASETS:
        file = tmp_path / f"{name}.xlsx"
        written = run("export", name, "--format", "xlsx", "--headers", headers, "-o", str(file))
        assert written.status == 0, written.err

    answer = run("import", str(tmp_path))

    assert answer.status == 0, answer.err
    assert "Nothing changed" in answer.err
