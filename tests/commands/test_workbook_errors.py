"""Cells in which a spreadsheet's formula failed: never read as blank, and never as 0, because a
wage or a fine would follow from it."""

import tracemalloc
from io import BytesIO
from pathlib import Path
from struct import pack
from zipfile import ZipFile

import openpyxl
import pytest
from xlsxwriter import Workbook

from tests.commands.conftest import STAFF, House
from venue_tui.exchange.punches.grids import workbook
from venue_tui.exchange.spreadsheet_safety import NOT_WORKED_OUT
from venue_tui.exchange.workbook_limits import Errors, check_records
from venue_tui.exchange.workbooks import sheets_of

_ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
    "<office:body><office:spreadsheet>%s</office:spreadsheet></office:body>"
    "</office:document-content>"
)
_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
)
OF_NOW = (
    '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value=""'
    ' calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
)
OF_OLD = (
    '<table:table-cell table:formula="of:=NA()" office:value-type="float" office:value="0">'
    "<text:p>#N/A</text:p></table:table-cell>"
)
NOT_YET = '<table:table-cell table:formula="of:=1+1"/>'
TWICE = OF_NOW.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="2"')


def text(value: str) -> str:
    return (
        f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
    )


def row(*cells: str, times: int = 1) -> str:
    many = f' table:number-rows-repeated="{times}"' if times > 1 else ""
    return f"<table:table-row{many}>{''.join(cells)}</table:table-row>"


def ods(**sheets: str) -> bytes:
    tables = "".join(
        f'<table:table table:name="{name}">{rows}</table:table>' for name, rows in sheets.items()
    )
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("content.xml", _ODS % tables)
    return file.getvalue()


@pytest.mark.parametrize("cell", [OF_NOW, OF_OLD], ids=["now", "old"])
def test_in_open_document(cell: str) -> None:
    first = row(text("a"), text("b"))
    [one, two] = sheets_of(
        ods(
            one=first + row(text("x"), cell) + row(text("y"), text("z")),
            two=first + row(text("x"), text("y"), times=3) + row(cell, text("y"), times=2),
        )
    )
    assert one.rows == [["a", "b"], ["x", "#N/A"], ["y", "z"]]
    assert two.rows == [["a", "b"], *[["x", "y"]] * 3, *[["#N/A", "y"]] * 2]


def test_in_open_document_repeated_and_below_blank_rows() -> None:
    blank = '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
    [sheet] = sheets_of(
        ods(one=row(text("a"), text("b"), text("c")) + blank + row(TWICE, text("z")))
    )
    assert [r for r in sheet.rows if any(r)] == [["a", "b", "c"], ["#N/A", "#N/A", "z"]]


def test_in_old_excel() -> None:
    data = (Path(__file__).parents[1] / "data/workbooks/errors.xls").read_bytes()
    [sheet] = sheets_of(data)
    assert sheet.first_line == 4
    assert sheet.rows == [
        ["staff_no", "name", "monthly_wage"],
        ["", "", ""],
        ["0007", "曾", "#N/A"],
    ]


def formulas(**cells: str) -> bytes:
    """A workbook as a program writes it that works nothing out."""
    book = openpyxl.Workbook()
    book.active.append(["staff_no", "effective_from", "monthly_wage"])
    for place, value in cells.items():
        book.active[place] = value
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_formula_that_nobody_worked_out_is_not_blank() -> None:
    [sheet] = sheets_of(formulas(A2="0007", B2="=DATE(2026,10,1)", C2="=3000+1", C3='=""'))
    assert sheet.rows[1:] == [["0007", NOT_WORKED_OUT, NOT_WORKED_OUT], ["", "", NOT_WORKED_OUT]]
    [sheet] = sheets_of(ods(one=row(text("a"), text("b")) + row(text("x"), NOT_YET)))
    assert sheet.rows[1:] == [["x", NOT_WORKED_OUT]]


def test_one_that_was_worked_out_may_be_blank() -> None:
    """As Excel writes `=""`, and a formula whose value it knows."""
    source = BytesIO(formulas(A2="0007", B2='=""', C2="=3000+1"))
    written = BytesIO()
    with ZipFile(source) as old, ZipFile(written, "w") as new:
        for part in old.namelist():
            data = old.read(part)
            data = data.replace(b'<c r="B2"><f>""</f><v />', b'<c r="B2" t="str"><f>""</f><v></v>')
            new.writestr(part, data.replace(b"<f>3000+1</f><v />", b"<f>3000+1</f><v>3001</v>"))
    [sheet] = sheets_of(written.getvalue())
    assert sheet.rows[1:] == [["0007", "", "3001"]]


def test_formulas_are_found_wherever_a_large_sheet_is_cut() -> None:
    cells = {f"C{line}": f"={'1+' * (line % 90)}1" for line in range(2, 3001)}
    [sheet] = sheets_of(formulas(**cells))
    assert {cells[2] for cells in sheet.rows[1:]} == {NOT_WORKED_OUT}
    assert len(sheet.rows) == 3000


@pytest.mark.parametrize(("results", "read"), [
    ([b"\3\0\0\0\0\0\xff\xff"], {(6, 3): NOT_WORKED_OUT}),
    ([b"\3\0\0\0\0\0\xff\xff", pack("<d", 5)], {}),
])  # fmt: skip
def test_old_excel_says_of_a_formula_only_that_it_is_empty(
    results: list[bytes], read: dict[tuple[int, int], str]
) -> None:
    """Where another one of the workbook has a value, it was worked out, and is."""
    stream = pack("<HHHH", 0x0809, 4, 0x0600, 0x0010)
    for line, result in enumerate(results, 5):
        stream += pack("<HHHHH", 0x0006, 14, line, 2, 0) + result
    errors: Errors = {}
    check_records(stream, errors)
    assert errors[""] == read


def test_none_of_them_is_imported(empty_house: House, tmp_path: Path) -> None:
    """A wage that failed in a workbook is no wage."""
    empty_house.took(staff=STAFF)
    wages = row(*map(text, ("staff_no", "effective_from", "monthly_wage")))
    wages += row(text("0007"), text("2026-10-01"), OF_OLD)
    (tmp_path / "wages.ods").write_bytes(ods(wages=wages))
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["staff_no", "effective_from", "monthly_wage"])
    sheet.append(["0007", "2026-10-01", None])
    sheet["C2"].value, sheet["C2"].data_type = "#REF!", "e"
    book.save(tmp_path / "wages.xlsx")
    (tmp_path / "again").mkdir()
    again = "again/wages.xlsx"
    (tmp_path / again).write_bytes(formulas(A2="0007", B2="2026-10-01", C2="=3000+1"))
    assert "never worked out" in empty_house.run("import", str(tmp_path / again)).err
    for name in ("wages.ods", "wages.xlsx", again):
        answer = empty_house.run("import", str(tmp_path / name))
        assert answer.status == 1
        assert "wages" in answer.err
        assert ":2: monthly_wage:" in answer.err
        assert "Nothing was imported." in answer.err


@pytest.mark.parametrize("width", [1, 300])
def test_cells_far_down_a_sheet_cost_no_rectangle_above_them(width: int) -> None:
    data = BytesIO()
    with Workbook(data) as book:
        sheet = book.add_worksheet("staff")
        for place in range(width):
            sheet.write_string(1_048_575, place, "x")
    tracemalloc.start()
    [sheet] = sheets_of(data.getvalue())
    [read] = workbook(data.getvalue())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (sheet.first_line, sheet.rows) == (1_048_576, [["x"] * width])
    assert read.rows[-1] == ["x"] * width
    assert len(read.rows) == 1_048_576
    assert most < 64 * 2**20
