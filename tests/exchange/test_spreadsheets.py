"""Workbooks as people use them: read on a screen, filtered, summed, printed, and imported again."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from models.values.datasets import DATASETS, deductions
from venue_tui.exchange.sheet_layout import SheetLayout
from venue_tui.exchange.table_writer import write_table

STAFF = DATASETS["staff"].columns
PEOPLE = [
    ["0007", "曾小贤", "一组", "S01", "staff", "yes", "2025-01-01", None, "4350.00"],
    ["0008", "尉迟德茂尉迟德茂尉迟德茂", None, "S01", "supervisor", None, "2025-01-01", None, "3800.00"],
    ["0009", "欧阳娜娜", "一组", None, "staff", "no", "2025-01-01", None, "12345678.90"],
]  # fmt: skip
MONTH = deductions([("late", "迟到"), ("absence", "旷工")])
DEDUCTED = [
    ["2026-09", "0007", "曾小贤", "一组", "4350.00", "2", "60.00", "1", "800.00", "860.00", "-10.10",
     "0.00", "849.90", "0.00", "0.00", "0.00", "0.00", None, "no"],
    ["2026-09", "0008", "单雄信", "二组", "3800.00", "1", "30.00", "0", "0.00", "30.00", "0.20",
     "0.00", "30.20", "0.00", "0.00", "0.00", "0.00", None, "no"],
]  # fmt: skip


def book(rows: list[Any], columns: Any, headers: str = "en", **layout: Any) -> Any:
    out = io.BytesIO()
    write_table(rows, columns, out, format="xlsx", headers=headers, sheet=SheetLayout(**layout))
    return load_workbook(io.BytesIO(out.getvalue()))


def values(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_columns_are_as_wide_as_their_cells() -> None:
    sheet = book(PEOPLE, STAFF).active
    widths = [sheet.column_dimensions[letter].width for letter in "ABI"]
    # `staff_no` with the filter's button, twelve characters, `monthly_wage` in two lines
    assert [round(width) for width in widths] == [12, 26, 15]
    assert (
        sheet.row_dimensions[1].height == 30
    )  # `monthly_wage` with the filter's button: two lines


def test_a_long_text_does_not_push_the_rest_off_the_screen() -> None:
    columns = DATASETS["outings"].columns
    given = {"slip_no": "O1", "staff_no": "0007", "reason": "长" * 3000, "status": "none",
             "out_at": "2026-09-02T21:00"}  # fmt: skip
    sheet = book([[given.get(column.name) for column in columns]], columns).active
    assert sheet.column_dimensions["C"].width < 55


def test_header_and_names_stay_in_sight_and_on_every_page() -> None:
    sheet = book(DEDUCTED, MONTH, name="deductions").active
    assert sheet.freeze_panes == "D2"
    assert sheet.auto_filter.ref == "A1:S3"
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$1", "$A:$C")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, 0)  # one wide
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_a_whole_rulebooks_month_is_two_pages_wide() -> None:
    wide = deductions([(f"rule_{n}", f"规则{n}") for n in range(13)])
    assert book([], wide).active.page_setup.fitToWidth in (2, 3)


def test_totals_stand_at_the_foot_and_are_exact() -> None:
    rows = values(book(DEDUCTED, MONTH, totals=True).active)
    assert len(rows) == 4
    assert rows[3][:9] == ["Total", None, None, None, 8150, 3, 90, 1, 800]
    assert [f"{rows[3][i]:.2f}" for i in (9, 10, 12)] == ["890.00", "-9.90", "880.10"]
    assert values(book([], MONTH, totals=True).active) == [[each.name for each in MONTH]]


def test_nothing_in_a_workbook_is_a_formula() -> None:
    rows = [["=1+1", "@x", "+1", None, "staff", None, "2025-01-01", None, "1.00"]]
    for headers in ("en", "zh"):
        for sheet in book(rows, STAFF, headers, totals=True, apart="team"):
            assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}


def test_chinese_heads_have_chinese_words_below() -> None:
    rows = values(book(PEOPLE, STAFF, "zh", name="员工").active)
    assert [row[0] for row in rows] == ["工号", "0007", "0008", "0009"]
    assert [(row[4], row[5]) for row in rows[1:]] == [
        ("员工", "是"),
        ("主管", None),
        ("员工", "否"),
    ]
    assert values(book(DEDUCTED, MONTH, "zh", totals=True).active)[-1][0] == "合计"


def test_each_team_has_a_sheet_of_its_own() -> None:
    teams = book(PEOPLE, STAFF, apart="team")
    assert teams.sheetnames == ["一组", "No team"]
    assert [row[0] for row in values(teams["一组"])] == ["staff_no", "0007", "0009"]
    assert [row[0] for row in values(teams["No team"])] == ["staff_no", "0008"]
    assert book([], STAFF, apart="team", name="staff").sheetnames == ["staff"]


def test_a_team_may_be_called_anything() -> None:
    names = ["a/b[c]", "A b c ", "'", "x" * 40, "x" * 41, "History", "[:]", "", "=1+1"]
    rows = [[str(n), "n", name, None, "staff", None, "2025-01-01", None, "1"] for n, name in enumerate(names)]  # fmt: skip
    teams = book(rows, STAFF, apart="team")
    assert len(teams.sheetnames) == len(names)
    assert len({name.casefold() for name in teams.sheetnames}) == len(names)
    assert all(0 < len(name) <= 31 for name in teams.sheetnames)
    held = {row[0] for sheet in teams for row in values(sheet)[1:]}
    assert held == {str(n) for n in range(len(names))}


@pytest.mark.parametrize("apart", [None, "team"])
def test_the_same_rows_give_the_same_bytes(apart: str | None) -> None:
    outs = [io.BytesIO(), io.BytesIO()]
    for out in outs:
        write_table(PEOPLE, STAFF, out, format="xlsx", sheet=SheetLayout("staff", True, apart))
    assert outs[0].getvalue() == outs[1].getvalue()
