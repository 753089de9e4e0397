import contextlib
import csv
import io
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from models.values.datasets import DATASETS, CellKind, FileColumn, deductions
from models.values.problems import Refused
from models.values.text import note_problem
from tests.exchange.samples import CALENDAR, EDGE_NAMES, NAUGHTY, PAYLOADS, Read, read_dataset
from venue_tui.exchange.table_writer import header_row, write_table

BRIEFINGS = DATASETS["briefings"].columns
NUMBERS = (
    FileColumn("staff_no", CellKind.KEY, "工号"),
    FileColumn("night", CellKind.NIGHT, "营业日"),
    FileColumn("late_count", CellKind.COUNT, "迟到次数"),
    FileColumn("adjustments", CellKind.MONEY, "调整"),
    FileColumn("arrived_at", CellKind.INSTANT, "到场时间"),
)
ROWS = [
    ["0007", "2026-09-02", "0", "-200.00", "2026-09-02T19:20"],
    ["=1+1", None, "2", "9999999999999.99", None],
]


def written(rows: list, columns: tuple[FileColumn, ...], **options: object) -> bytes:
    out = io.BytesIO()
    write_table(rows, columns, out, **options)
    return out.getvalue()


def cells(rows: list, columns: tuple[FileColumn, ...] = NUMBERS) -> list[list]:
    book = load_workbook(io.BytesIO(written(rows, columns, format="xlsx")))
    return [list(row) for row in book.active.iter_rows()]


def test_csv() -> None:
    assert (
        written(ROWS, NUMBERS)
        == (
            "\ufeffstaff_no,night,late_count,adjustments,arrived_at\r\n"
            "0007,2026-09-02,0,-200.00,2026-09-02T19:20\r\n"
            "'=1+1,,2,9999999999999.99,\r\n"
        ).encode()
    )


def test_plain_csv_with_chinese_headers() -> None:
    assert written(ROWS[1:], NUMBERS, plain=True, headers="zh") == (
        "工号,营业日,迟到次数,调整,到场时间\n'=1+1,,2,9999999999999.99,\n".encode()
    )


def test_nothing_to_write_still_has_a_header() -> None:
    assert written([], NUMBERS[:1], plain=True) == b"staff_no\n"
    assert json.loads(written([], NUMBERS, format="json")) == []
    assert len(cells([])) == 1


def test_cells_are_quoted_where_they_must_be() -> None:
    row = ["2026-09-02", None, None, '小美",=1+1\r\n"', None]
    assert written([row], BRIEFINGS, plain=True).split(b"\n", 1)[1] == (
        '2026-09-02,,,"小美"",=1+1\r\n""",\n'.encode()
    )


def test_only_texts_are_guarded_never_numbers_and_headers_too() -> None:
    columns = (*NUMBERS[3:4], FileColumn("guest_phone", CellKind.TEXT, "=客人"))
    assert written([["-5.00", "+86 170"]], columns, plain=True, headers="zh") == (
        "调整,'=客人\n-5.00,'+86 170\n".encode()
    )


def test_json() -> None:
    text = written(ROWS, NUMBERS, format="json").decode()
    assert json.loads(text) == [
        {
            "staff_no": "0007",
            "night": "2026-09-02",
            "late_count": 0,
            "adjustments": "-200.00",
            "arrived_at": "2026-09-02T19:20",
        },
        {
            "staff_no": "=1+1",
            "night": None,
            "late_count": 2,
            "adjustments": "9999999999999.99",
            "arrived_at": None,
        },
    ]
    assert '"工号": "樊"' in written([["樊"]], NUMBERS[:1], format="json", headers="zh").decode()


def test_a_shared_chinese_header_keeps_its_columns_apart() -> None:
    columns = deductions([("late", "迟到"), ("tardy", "迟到")])
    titles = header_row(columns, "zh")
    assert titles[5:9] == [
        *("迟到次数 late_count", "迟到金额 late_amount"),
        *("迟到次数 tardy_count", "迟到金额 tardy_amount"),
    ]
    assert len(set(titles)) == len(columns)


def test_spreadsheet() -> None:
    header, first, second = cells(ROWS)
    assert [cell.value for cell in header] == [each.name for each in NUMBERS]
    assert [cell.value for cell in first] == [
        *("0007", datetime(2026, 9, 2), 0, -200, "2026-09-02T19:20")
    ]
    assert [(cell.data_type, cell.number_format) for cell in first] == [
        *(("s", "@"), ("d", "yyyy-mm-dd"), ("n", "0"), ("n", "0.00"), ("s", "@"))
    ]
    assert [(cell.value, cell.data_type) for cell in second[:2]] == [("=1+1", "s"), (None, "n")]


def test_spreadsheet_amounts_are_exact_to_the_cent() -> None:
    amounts = ["0.10", "0.30", "1397.70", "0.01", "9999999999999.99", "123456789012.34", "-0.29"]
    rows = [[None, None, None, amount, None] for amount in amounts]
    assert [format(row[3].value, ".2f") for row in cells(rows)[1:]] == amounts


def test_spreadsheet_header_stays_in_sight() -> None:
    book = load_workbook(io.BytesIO(written(ROWS, NUMBERS, format="xlsx")))
    assert book.active.freeze_panes == "A2"


def test_spreadsheet_texts_are_what_they_were() -> None:
    texts = [text for text in NAUGHTY + PAYLOADS + EDGE_NAMES if text]
    texts += ["<r>markup</r>", "<r></r>", "{=1}", "http://x/", "_x0041_", " a ", "长" * 10_000]
    rows = cells([[text] for text in texts], NUMBERS[:1])[1:]
    # What XML can't say is escaped as spreadsheets do, or, where that can't be, replaced.
    read = [unescape(row[0].value) for row in rows]
    assert read == [text.replace("\ufffe", "\ufffd") for text in texts]
    assert {row[0].data_type for row in rows} <= {"s", "inlineStr"}


@pytest.mark.parametrize("format", ["csv", "xlsx", "json"])
def test_the_same_rows_give_the_same_bytes(format: str) -> None:
    assert written(ROWS, NUMBERS, format=format) == written(ROWS, NUMBERS, format=format)


def test_more_than_a_cell_of_a_sheet_holds() -> None:
    with pytest.raises(Refused, match="row 2 is more than a spreadsheet holds: use csv"):
        written([["a"], ["长" * 32_768]], NUMBERS[:1], format="xlsx")


notes = st.text().filter(lambda text: text and note_problem(text) is None)


@given(st.lists(notes | st.text(alphabet="=+'\"\r\n,; a", min_size=1), max_size=5), st.booleans())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_reads_back(tmp_path: Path, texts: list[str], plain: bool) -> None:
    # Without a byte order mark, odd letters alone would look like GB18030.
    texts = [*texts, "打扫大厅，迎客"]
    rows = [[f"2026-09-{at + 1:02d}", None, None, text, None] for at, text in enumerate(texts)]
    path = tmp_path / "briefings.csv"
    write_table(rows, BRIEFINGS, path, plain=plain)
    table = read_dataset(path, CALENDAR)
    assert table.problems == []
    assert table.columns["assignment"] == texts


@pytest.mark.parametrize("headers", ["en", "zh"])
def test_troublesome_texts_read_back(read: Read, headers: str) -> None:
    texts = [text for text in NAUGHTY + PAYLOADS + EDGE_NAMES if text]
    rows = [[str(at), "1", None, None, "none", None, None, text] for at, text in enumerate(texts)]
    rows = [[*row, "2026-09-02T21:00", None, None] for row in rows]
    table = read("outings", written(rows, DATASETS["outings"].columns, headers=headers))
    assert table.problems == []
    assert table.columns["decision_reason"] == texts


def test_to_a_file_in_one_piece(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("before")
    path.chmod(0o640)

    def rows() -> object:
        yield from ROWS * 10_000
        assert path.read_text() == "before"
        if failing:
            raise RuntimeError

    failing = True
    with pytest.raises(RuntimeError):
        write_table(rows(), NUMBERS, path)
    assert path.read_text() == "before"
    failing = False
    write_table(rows(), NUMBERS, path)
    assert len(list(csv.reader(path.read_text("utf-8-sig").splitlines()))) == 20_001
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    try:
        link.symlink_to(target)
    except OSError:
        pytest.skip("no symbolic links here")
    write_table(ROWS, NUMBERS, link, plain=True)
    assert link.is_symlink()
    assert target.read_text().startswith("staff_no,")


@pytest.mark.parametrize("format", ["csv", "xlsx", "json"])
def test_nowhere_to_write(tmp_path: Path, format: str) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(Refused, match=r"out is a folder: name a file in it"):
        write_table(ROWS, NUMBERS, tmp_path / "out", format=format)
    with pytest.raises(Refused, match=r"out.csv can't be written: there is no such folder"):
        write_table(ROWS, NUMBERS, tmp_path / "none" / "out.csv", format=format)
    with pytest.raises(Refused, match=r"x can't be written: File name too long"):
        write_table(ROWS, NUMBERS, tmp_path / ("x" * 300), format=format)


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX permissions")
def test_a_folder_that_is_read_only(tmp_path: Path, nobody: None) -> None:
    folder = tmp_path / "folder"
    with contextlib.suppress(PermissionError):  # or it is read-only to nobody already
        folder.mkdir(mode=0o555)
    with pytest.raises(Refused, match="may not be written: it or its folder is read-only"):
        write_table(ROWS, NUMBERS, folder / "out.csv")


FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
@pytest.mark.parametrize("format", ["csv", "xlsx", "json"])
def test_a_full_disk(format: str) -> None:
    with pytest.raises(Refused, match="can't be written: the disk is full"):
        write_table(ROWS, NUMBERS, FULL, format=format)
    with FULL.open("wb", buffering=0) as raw:
        out = io.BufferedWriter(raw)
        with pytest.raises(Refused, match="can't be written: the disk is full"):
            write_table(ROWS, NUMBERS, out, format=format)
        with contextlib.suppress(OSError):
            out.close()


@pytest.mark.skipif(sys.platform == "win32", reason="needs resource limits")
def test_a_disk_that_fills_up_leaves_nothing_behind(tmp_path: Path) -> None:
    import resource

    path = tmp_path / "out.csv"
    path.write_text("before")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))
    try:
        with pytest.raises(Refused, match=r"out.csv can't be written: File too large"):
            write_table(ROWS * 10_000, NUMBERS, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]


def test_writing_csv_imports_neither_spreadsheets_nor_json() -> None:
    script = (
        "import sys, io; from venue_tui.exchange.table_writer import write_table\n"
        "assert 'csv' not in sys.modules\n"
        "write_table([], [], io.BytesIO())\n"
        "print({'xlsxwriter', 'json', 'textual', 'click', 'tempfile'} & set(sys.modules))"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert result.stdout == "set()\n", result.stderr
