"""Bad input gets a clear error with its file, line and column, and never a traceback."""

import contextlib
import sys
from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from models.values.nights import Calendar
from models.values.text import NAME_LENGTH, displayable
from tests.exchange.samples import CALENDAR, EDGE_NAMES, NAUGHTY, Read, problems, read_dataset

STAFF = "staff_no,name,position,hired_on,monthly_wage\n"
MONEY = "not an amount: write digits with at most two decimals and no sign, such as 30 or 30.50"
DATE = "not a date: write it as YYYY-MM-DD"
TOO_LONG = f"2: place: is longer than {NAME_LENGTH} characters"
TIME = "not a time: write it as YYYY-MM-DDTHH:MM or YYYY-MM-DDTHH:MM:SS, venue time"


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "1: the file is empty: its first line names the columns"),
        ("\ufeff", "1: the file is empty: its first line names the columns"),
        ("\n\r\n\n", "1: the file is empty: its first line names the columns"),
        ("place,kind,colour\n", "1: colour: places has no such column"),
        ("place,kind,Place\n", "1: Place: stands twice, as columns 1 and 3"),
        ("place,kind,营业日\n", "1: 营业日: places has no such column"),
        ("place,kind,\x1b[31m[/]\n", "1: ␛[31m[/]: places has no such column"),
        ("place,,kind\n", "1: column 2 has no header"),
        ("place,kind,\nV01,room,x\n", "1: column 3 has no header"),
        ("place,kind,place\n", "1: place: stands twice, as columns 1 and 3"),
        ("place,kind,房台\n", "1: 房台: stands twice, as columns 1 and 3"),
        ("place,kind\nV01\n", "2: the row has 1 cells, and the header 2"),
        ("place,kind\nV01,room,,x\n", "2: the row has 4 cells, and the header 2"),
        ("place,kind\n,\nV01,room\n", "2: the row is blank: delete it"),
        ("place,kind\n,room\n", "2: place: may not be blank"),
        ("place,kind\n \u3000,room\n", "2: place: may not be blank"),
        ("place,kind\nV01,\n", "2: kind: may not be blank"),
        ("place,kind\nV01 ,room\n", "2: place: may not begin or end with a space"),
        ("place,kind\nV01,Room\n", "2: kind: must be one of room, table"),
        ("place,kind\nV01,'room\n", "2: kind: must be one of room, table"),
        ("place,kind\nV\x0001,room\n", "2: place: holds the control character U+0000"),
        ("place,kind\nV01,\0\n", "2: kind: holds the control character U+0000"),
        ("place,kind\n" + "\0" * 5000, "2: holds the control character U+0000"),
        ("place,kind\nV\u202e01,room\n", "2: place: holds U+202E, which changes text direction"),
        ("place,kind\n" + "V" * (NAME_LENGTH + 1) + ",room\n", TOO_LONG),
        ("place,kind\n" + "V" * 200_000 + ",room\n", TOO_LONG),
        (
            'place,kind\nV01,room\nV02,"roo',
            "3: a quotation mark is opened here and never closed: is the file cut off?",
        ),
        (
            '"place,kind\nV01,room\n',
            "1: a quotation mark is opened here and never closed: is the file cut off?",
        ),
        (
            'place,kind\n"V"01,room\nV02,room\n',
            "2: a quotation mark stands inside a cell in quotation marks: write it twice",
        ),
    ],
)
def test_one_thing_wrong(read: Read, content: str, problem: str) -> None:
    assert problems(read("places", content)) == [f"places.csv:{problem}"]


def test_everything_wrong_is_found_in_one_run(read: Read) -> None:
    table = read(
        "staff",
        "staff_no,name,position,on_roll,hired_on,left_on,monthly_wage,shoes\n"
        "1,,boss,perhaps,2026-02-29,,1e5,42\n"
        "2,李\n"
        '"3"x,王,staff,,2026-01-01,,1,\n'
        "4,\u202e赵,staff,,2026-01-01,20260901,NaN,\n",
    )
    assert problems(table) == [
        "staff.csv:1: shoes: staff has no such column",
        "staff.csv:2: name: may not be blank",
        "staff.csv:2: position: must be one of staff, supervisor, director, payroll",
        "staff.csv:2: on_roll: must be yes or no",
        "staff.csv:2: hired_on: there is no such date",
        f"staff.csv:2: monthly_wage: {MONEY}",
        "staff.csv:3: the row has 2 cells, and the header 8",
        "staff.csv:4: a quotation mark stands inside a cell in quotation marks: write it twice",
        "staff.csv:5: name: holds U+202E, which changes text direction",
        f"staff.csv:5: left_on: {DATE}",
        f"staff.csv:5: monthly_wage: {MONEY}",
    ]
    assert table.columns["staff_no"] == ["1", "2", "4"]
    assert table.columns["name"] == [None, None, None]
    assert table.bad == {0, 1, 2}


def test_whether_every_key_is_known(read: Read) -> None:
    assert read("places", "place,kind\nV01,sofa\n").complete
    assert read("places", "place,kind\nV01\n").complete
    for content in ("", "place,kind\n,room\n", "kind\nroom\n", 'place,kind\n"V01', b"\xff\xfeV"):
        assert not read("places", content).complete


@pytest.mark.parametrize(
    "amount",
    [
        *(
            "1e5",
            "１２３",
            "-5",
            "NaN",
            "+5",
            "1.234",
            "1,000",
            "5.",
            ".5",
            " 5",
            "5 ",
            "'5",
            "0x10",
        ),
        *("٣", "Infinity", "1_000", "¥5", "5元", "9" * 13, "=5", "五"),
    ],
)
def test_bad_money(read: Read, amount: str) -> None:
    table = read("wages", f"staff_no,effective_from,monthly_wage\n1,2026-01-01,{quoted(amount)}\n")
    assert problems(table) == [f"wages.csv:2: monthly_wage: {MONEY}"]
    assert table.columns["monthly_wage"] == [None]


@pytest.mark.parametrize(
    ("night", "problem"),
    [
        ("2026-02-29", "there is no such date"),
        ("2026-13-01", "there is no such date"),
        ("0000-00-00", "there is no such date"),
        ("1066-10-14", "the year must lie between 1900 and 2199"),
        *(
            (text, DATE)
            for text in (
                "26-09-02",
                "20260902",
                "２０２６-09-02",
                "今天",
                "2026-9/2",
                "2026-09-02 1:00",
            )
        ),
        *((text, DATE) for text in (" 2026-09-02", "2026-09-02T00:00", "'2026-09-02")),
    ],
)
def test_bad_nights(read: Read, night: str, problem: str) -> None:
    assert problems(read("briefings", f"night\n{night}\n")) == [
        f"briefings.csv:2: night: {problem}"
    ]


@pytest.mark.parametrize(
    ("at", "problem"),
    [
        ("2026-02-29T19:00", "there is no such date"),
        ("2026-09-02T24:00", "there is no such time"),
        ("2026-09-02T19:60", "there is no such time"),
        ("2026-09-02T19:00:60", "there is no such time"),
        ("2026-09-02T25:00:30", "there is no such time"),
        *((text, TIME) for text in ("19:00", "2026-09-02", "2026-09-02T19")),
        *((text, TIME) for text in ("2026-09-02T19:00:05.5", "2026-09-02T19:00:5", "１９：００")),
    ],
)
@pytest.mark.parametrize("before", ["2026-09-02T19:00", "2026-09-02T19:00:30"])
def test_bad_instants(read: Read, before: str, at: str, problem: str) -> None:
    table = read(
        "attendance", f"night,staff_no,arrived_at\n2026-09-02,1,{before}\n2026-09-02,2,{at}\n"
    )
    assert problems(table) == [f"attendance.csv:3: arrived_at: {problem}"]
    assert table.columns["arrived_at"] == [CALENDAR.parse(before), None]


def test_a_time_that_the_clocks_skipped(tmp_path: Path) -> None:
    path = tmp_path / "briefings.csv"
    path.write_text("night,closed_at\n2026-03-28,2026-03-29T01:30:10\n")
    table = read_dataset(path, Calendar(ZoneInfo("Europe/London"), [(date.min, time(12))]))
    assert problems(table) == [
        "briefings.csv:2: closed_at: the clocks went forward over this time, so it did not happen"
    ]


@pytest.mark.parametrize("turn", ["0", "-1", "1.0", "２", "one", "1e2", "9" * 10, "+1"])
def test_bad_turns(read: Read, turn: str) -> None:
    table = read(
        "bookings", f"booking_no,night,place,turn,staff_no,status\nB,2026-09-02,V,{turn},1,left\n"
    )
    assert problems(table) == ["bookings.csv:2: turn: must be a whole number above 0"]


@pytest.mark.parametrize(
    "source", ["Roll", "outing", "outing:", "booking:B1", "incident: I1", "："]
)
def test_bad_sources(read: Read, source: str) -> None:
    header = "staff_no,night,rule,source,waived_by,reason\n"
    assert len(read("waivers", f"{header}1,2026-09-02,late,{source},D,x\n").problems) == 1
    longest = f"incident:{'I' * NAME_LENGTH}"
    assert problems(read("waivers", f"{header}1,2026-09-02,late,{longest},D,x\n")) == []


def test_long_texts(read: Read) -> None:
    header = "night,assignment\n"
    assert read("briefings", f"{header}2026-09-02,{'好' * 10_000}\n").problems == []
    table = read("briefings", f"{header}2026-09-02,{'好' * 100_000}\n2026-13-02,\n")
    assert problems(table) == [
        "briefings.csv:2: assignment: is longer than 10000 characters",
        "briefings.csv:3: night: there is no such date",
    ]


def test_half_a_file_is_never_taken_for_a_whole(read: Read) -> None:
    whole = 'place,kind\n牡丹厅,room\n"大厅, 三号",table\n'.encode()
    for cut in range(1, len(whole)):
        # A header alone is a file with nothing in it, also where its last column is cut off.
        at_end_of_line = b"\n" in whole[cut - 1 : cut + 1] or cut in (5, 6)
        assert bool(read("places", whole[:cut]).problems) is not at_end_of_line, cut


@pytest.mark.parametrize("text", NAUGHTY)
def test_naughty_strings(read: Read, text: str) -> None:
    as_name = read("staff", f"\ufeff{STAFF}1,{quoted(text)},staff,2026-01-01,1\n")
    assert as_name.columns["name"] == [text] or [where.column for where in as_name.problems] == [
        "name"
    ]
    as_note = read("briefings", f"\ufeffnight,assignment\n2026-01-01,{quoted(text)}\n")
    assert as_note.columns["assignment"] == [text or None]
    as_file = read("staff", text)
    assert as_file.problems
    assert all(line == displayable(line) for line in as_file.report())


def test_edge_names(read: Read) -> None:
    rows = [f"{at},{quoted(name)},staff,2026-01-01,1\n" for at, name in enumerate(EDGE_NAMES)]
    table = read("staff", STAFF + "".join(rows))
    refused = [EDGE_NAMES[row] for row in sorted(table.bad)]
    assert refused == ["小\t美", "\u202e倒序"]
    assert [name for name in table.columns["name"] if name] == [
        name for name in EDGE_NAMES if name not in refused
    ]


def test_a_folder_where_a_file_was_meant(tmp_path: Path) -> None:
    (tmp_path / "staff.csv").mkdir()
    table = read_dataset(tmp_path / "staff.csv", CALENDAR)
    assert problems(table) == ["staff.csv:1: is a folder, not a file"]


def test_no_file(tmp_path: Path) -> None:
    table = read_dataset(tmp_path / "staff.csv", CALENDAR)
    assert problems(table) == ["staff.csv:1: there is no such file"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX permissions")
def test_a_file_that_may_not_be_opened(tmp_path: Path, nobody: None) -> None:
    path = tmp_path / "staff.csv"
    with contextlib.suppress(PermissionError):  # or the folder is closed to nobody already
        path.touch(mode=0)
    assert problems(read_dataset(path, CALENDAR)) == ["staff.csv:1: you may not open the file"]


def test_a_path_that_no_system_takes(tmp_path: Path) -> None:
    table = read_dataset(tmp_path / ("x" * 300) / "staff.csv", CALENDAR)
    assert [problem.endswith("File name too long") for problem in problems(table)] == [True]
