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


BESIDES = {
    "staff": "staff_no,name,position,hired_on,left_on,monthly_wage\n"
    "0901,=乔[b]峰,staff,2025-01-01,2026-08-15,4100.01\n",
    "rehires": "staff_no,hired_on,left_on\n0901,2026-09-10,\n",
    "postings": "staff_no,effective_from,team,supervisor_no,position,on_roll\n"
    "0001,2026-09-20,=二组,S02,staff,no\n",
    "posts": "night,staff_no,duty,area\n2026-09-02,0001,=迎宾,大厅\n",
    "grooming": "night,staff_no,groomed,badge,checked_by,note\n2026-09-29,0001,yes,no,S01,'歪\n",
    "deals": "deal_no,night,at,closer_no,guest_no,kind,amount\n"
    "007,2026-09-29,2026-09-29T22:00:01,0002,G001,new,2880.01\n",
    "heirs": "guest_no,from_night,from_staff_no,to_staff_no\nG002,2026-09-29,0003,0004\n",
}
"""What the sample has none of."""


@pytest.mark.parametrize("headers", ["en", "zh"])
def test_a_sample_month_ships(venue: Run, tmp_path: Path, headers: str) -> None:
    """It is imported as it is, and every dataset, none of them empty, comes back from a workbook
    cell for cell."""
    sample = tmp_path / "sample.xlsx"
    assert venue("template", "--sample", "--headers", headers, "-o", str(sample)).status == 0
    assert venue("import", str(sample)).status == 0
    house = House(venue, tmp_path)
    house.took("--reason", "more", **BESIDES)
    late = next(row for row in house.export("charges") if row["rule"] == "late")
    waiver = [late[each] for each in ("staff_no", "night", "rule", "source")]
    assert venue("waive", *waiver, "--reason", "停电", "--by", "D01").status == 0
    assert len(house.export("deductions", "--month", "2026-09")) > 50

    again = f"sqlite:///{tmp_path}/again.db"
    folder = tmp_path / "out"
    folder.mkdir()
    for name in DATASETS:
        file = folder / f"{name}.xlsx"
        options = ("--format", "xlsx", "--headers", headers, "-o", str(file))
        assert venue("export", name, *options).status == 0
    venue("init", "--name", "B", "--timezone", "Asia/Shanghai", url=again)
    answer = venue("import", str(folder), url=again)
    assert answer.status == 0, answer.err
    for name in DATASETS:
        rows = venue("export", name, "--plain").out
        assert rows.count("\n") > 1, f"{name} is empty"
        assert venue("export", name, "--plain", url=again).out == rows
    assert "Nothing changed" in venue("import", str(folder), url=again).err
