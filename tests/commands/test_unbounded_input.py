"""Whatever is named, a refusal comes soon and takes little memory."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from tests.commands.conftest import House, Run

MOST_MEGABYTES = 200
STAFF = "staff_no,name,position,hired_on,monthly_wage\n"

# A process is said to have had at least what the one that started it had: so a small one does.
ASK = (
    "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:], timeout=60,"
    " capture_output=True, text=True); print(done.returncode);"
    " print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024);"
    " print(done.stderr[:1000], done.stderr[-1000:])"
)


def refused(url: str, *arguments: str) -> str:
    """What a command in a process of its own says that refuses, within memory."""
    command = [sys.executable, "-m", "venue_tui", "--database", url, *arguments]
    asked = subprocess.run(
        [sys.executable, "-c", ASK, *command], check=True, capture_output=True, text=True
    )
    status, megabytes, said = asked.stdout.split("\n", 2)
    assert status == "1", said
    assert int(megabytes) < MOST_MEGABYTES
    assert "Traceback" not in said
    return said


@pytest.fixture
def url(house: House, sqlite_url: str) -> str:
    return sqlite_url


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes that have a name")
@pytest.mark.parametrize("command", ["import", "rules check"])
def test_a_pipe_is_not_waited_for(house: House, run: Run, tmp_path: Path, command: str) -> None:
    os.mkfifo(tmp_path / "staff.csv")

    answer = run(*command.split(), str(tmp_path / "staff.csv"))

    assert answer.status == 1
    assert "pipe or a device" in answer.err or "is a file of 256 kB at most" in answer.err


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a device that never ends")
def test_a_device_that_never_ends(house: House, run: Run, tmp_path: Path) -> None:
    (tmp_path / "staff.csv").symlink_to("/dev/zero")

    answer = run("import", str(tmp_path))

    assert answer.status == 1
    assert "staff.csv:1: is no file but a pipe or a device" in answer.err


def test_a_file_of_half_a_gigabyte(url: str, tmp_path: Path) -> None:
    path = tmp_path / "staff.csv"
    with path.open("wb") as file:
        file.truncate(522 * 2**20)

    assert "the file is larger than 32 MB" in refused(url, "import", str(path))


@pytest.mark.parametrize("count", [100_000, 399_000, 1_200_000])
def test_a_file_of_bad_rows_alone(url: str, tmp_path: Path, count: int) -> None:
    path = tmp_path / "attendance.csv"
    rows = "".join(f"2026-13-01,{n},{n}\n" for n in range(count))
    path.write_text("night,staff_no,arrived_at\n" + rows, encoding="utf-8")

    said = refused(url, "import", str(path))

    assert "199000 more like these" in said or count > 100_000
    assert ("what follows them was not looked at" in said) == (count > 100_000)


@pytest.mark.parametrize(
    ("count", "why"), [(399_000, "there is no"), (450_000, "more than 400000 rows")]
)
def test_a_file_of_rows_about_nobody(url: str, tmp_path: Path, count: int, why: str) -> None:
    path = tmp_path / "attendance.csv"
    rows = "".join(f"2026-09-02,{n},2026-09-02T19:00\n" for n in range(count))
    path.write_text("night,staff_no,arrived_at\n" + rows, encoding="utf-8")

    assert why in refused(url, "import", str(path))


SHAPES = {
    "a header without an end": ("c," * 3_000_000, "1: the line has more than 1000000 characters"),
    "a thousand columns": (STAFF.strip() + ",x" * 5_000 + "\n", "1: the first row has more than"),
    "a quotation mark never closed": (f'{STAFF}A1,"' + "x\n" * 15_000_000, "2: a quotation mark"),
    "lines that are no rows": (STAFF + '"a"b\n' * 300_000, "what follows them was not looked at"),
    "many short rows after a torn one": (f'{STAFF}"a"b\n' + "x\n" * 15_000_000, "not looked at"),
    "blank rows before one that isn't": (STAFF + " \n" * 2_000_000 + "A1,x\n", "more than 400000"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_file_of_a_shape_that_would_fill_memory(url: str, tmp_path: Path, shape: str) -> None:
    text, why = SHAPES[shape]
    (tmp_path / "staff.csv").write_text(text)

    assert why in refused(url, "import", str(tmp_path / "staff.csv"))


@pytest.mark.parametrize(
    "text",
    ["a,b\n" * 900_000, "\0a" * 9_000_000, "," * 30_000_000, "\n" * 30_000_000],
    ids=["rows", "holes", "commas", "lines"],
)
def test_a_file_of_punches_that_holds_none(url: str, tmp_path: Path, text: str) -> None:
    (tmp_path / "punches.csv").write_text(text)

    said = refused(url, "import", "punches", str(tmp_path / "punches.csv"))

    assert "no punches are found in it" in said or "too large to be one of a punch clock" in said


@cache
def _bomb() -> bytes:
    """A workbook of one cell of 200 MB in a few kilobytes."""
    begun = b'<row r="1"><c r="A1" t="str"><v>'
    return _sheet(begun, b"a" * 2**20, 200, b"</v></c></row>")


@cache
def _corners() -> bytes:
    """A workbook of two cells in opposite corners."""
    book, stream = openpyxl.Workbook(), BytesIO()
    book.active["A1"] = book.active["XFD1048576"] = 1
    book.save(stream)
    return stream.getvalue()


@cache
def _columns() -> bytes:
    """A workbook of a million columns."""
    return _sheet(b'<row r="1">', b'<c t="str"><v>x</v></c>' * 10_000, 100, b"</row>")


@cache
def _errors() -> bytes:
    """A workbook of half a million cells that hold an error."""
    cell = b'<row r="%d"><c r="A%d" t="e"><v>#N/A</v></c></row>'
    return _sheet(b"", b"".join(cell % (i, i) for i in range(1, 500_000)), 1)


def _sheet(before: bytes, piece: bytes, times: int, after: bytes = b"") -> bytes:
    """A workbook whose only sheet is made of these pieces."""
    book, stream = openpyxl.Workbook(), BytesIO()
    book.save(stream)
    made = BytesIO()
    with zipfile.ZipFile(stream) as whole, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for part in whole.infolist():
            if "sheet1" not in part.filename:
                out.writestr(part.filename, whole.read(part))
                continue
            with out.open(part.filename, "w") as sheet:
                sheet.write(
                    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                    b"<sheetData>" + before
                )
                for _ in range(times):
                    sheet.write(piece)
                sheet.write(after + b"</sheetData></worksheet>")
    return made.getvalue()


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (_bomb, "the workbook is larger than"),
        (_corners, "the workbook is larger than"),
        (_columns, "the workbook is larger than"),
        (_errors, "hold a spreadsheet's error"),
    ],
)
@pytest.mark.parametrize("what", [("import",), ("import", "punches")], ids=["facts", "punches"])
def test_a_workbook_that_would_fill_memory(
    url: str, tmp_path: Path, made: Callable[[], bytes], said: str, what: tuple[str, ...]
) -> None:
    path = tmp_path / "staff.xlsx"
    path.write_bytes(made())

    refusal = refused(url, *what, str(path))
    assert said in refusal or (what[-1] == "punches" and "no punches are found" in refusal)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a" + ".a" * 100_000 + " = 1\n", "a key in it has more than 32 parts"),
        ("x" * 300_000, "a rulebook is a file of 256 kB at most"),
        ("[[rules]]\n" * 20_000, "a rulebook has 500 rules at most"),
    ],
    ids=["dotted", "long", "rules"],
)
def test_a_rulebook_that_would_take_all_day(url: str, tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(text, encoding="utf-8")

    assert said in refused(url, "rules", "check", str(path))
