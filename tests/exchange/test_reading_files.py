from datetime import date
from pathlib import Path

import pytest

from models.values.datasets import DATASETS
from models.values.problems import problem
from tests.exchange.samples import CALENDAR, Read, problems
from venue_tui.exchange.imports import read as read_files

STAFF = "staff_no,name,position,hired_on,monthly_wage\n"


def test_cells_are_read_as_what_they_are(read: Read) -> None:
    table = read(
        "bookings",
        "booking_no,night,place,turn,staff_no,guest_name,guest_phone,booked_at,status,amount\r\n"
        "B1,2026-09-02,V01,2,0001,胡先生,+8617000000331,2026-09-02T15:17:30,left,1880.5\r\n",
    )
    assert problems(table) == []
    known = {name: values[0] for name, values in table.columns.items() if name in table.headers}
    assert {name: known[name] for name in list(known)[:10]} == {
        "booking_no": "B1",
        "night": date(2026, 9, 2),
        "place": "V01",
        "turn": 2,
        "staff_no": "0001",
        "guest_name": "胡先生",
        "guest_phone": "+8617000000331",
        "booked_at": CALENDAR.parse("2026-09-02T15:17:30"),
        "status": "left",
        "amount": 188050,
    }


def test_yes_and_no(read: Read) -> None:
    table = read("briefings", "night,night_closed\n2026-09-02,yes\n2026-09-03,no\n2026-09-04,\n")
    assert table.columns["night_closed"] == [True, False, None]


def test_blanks_are_none_or_what_the_column_says(read: Read) -> None:
    bookings = read(
        "bookings", "booking_no,night,place,staff_no,status\nB1,2026-09-02,V01,1,left\n"
    )
    assert bookings.columns["turn"] == [1]
    assert bookings.columns["amount"] == [None]
    incidents = read(
        "incidents", "incident_no,staff_no,occurred_at,rule,status\nI1,1,2026-09-02T23:00,theft,\n"
    )
    assert incidents.columns["status"] == ["recorded"]
    assert problems(bookings) == problems(incidents) == []


def test_columns_come_in_any_order_and_are_given_in_that_of_the_dataset(read: Read) -> None:
    table = read("wages", "monthly_wage,effective_from,staff_no\n3800,2026-09-01,0001\n")
    assert list(table.columns) == ["staff_no", "effective_from", "monthly_wage"]
    assert table.columns["monthly_wage"] == [380000]


@pytest.mark.parametrize("name", DATASETS)
def test_chinese_headers(read: Read, name: str) -> None:
    table = read(name, ",".join(each.chinese for each in DATASETS[name].columns) + "\n")
    assert problems(table) == []
    assert len(table) == 0
    assert table.header(DATASETS[name].key[0]) == DATASETS[name].columns[0].chinese


def test_headers_of_both_languages_in_one_file(read: Read) -> None:
    table = read("places", "place,类型\nV01,room\n")
    assert problems(table) == []
    assert table.columns["kind"] == ["room"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_line_ends_and_byte_order_marks(read: Read, end: str, bom: str) -> None:
    table = read("places", f'{bom}place,kind{end}"V,01",room{end}K01,sofa{end}'.encode())
    assert table.columns["place"] == ["V,01", "K01"]
    assert problems(table) == ["places.csv:3: kind: must be one of room, table"]


def test_guarded_texts_read_as_they_were(read: Read) -> None:
    table = read("staff", STAFF + "'=1,'小美,staff,2026-01-01,1\n''=1,'@小美,staff,2026-01-01,1\n")
    assert table.columns["staff_no"] == ["=1", "'=1"]
    assert table.columns["name"] == ["'小美", "@小美"]


def test_texts_keep_their_spaces_and_lines(read: Read) -> None:
    table = read(
        "briefings", 'night,assignment\n2026-09-02," 一组：\r\n  大厅 "\n2026-09-03,"a\tb\x1b[1m"\n'
    )
    assert problems(table) == []
    assert table.columns["assignment"] == [" 一组：\r\n  大厅 ", "a\tb\x1b[1m"]


def test_lines_are_those_of_the_file(read: Read) -> None:
    table = read(
        "briefings",
        '\nnight,assignment\n2026-09-02,"two\nlines"\n\n2026-09-03,\n,"three\n\nlines"\nx,\n\n',
    )
    assert [table.line(row) for row in range(len(table))] == [3, 6, 7, 10]
    assert problems(table) == [
        "briefings.csv:7: night: may not be blank",
        "briefings.csv:10: night: not a date: write it as YYYY-MM-DD",
    ]


def test_instants_to_the_second_with_offsets_and_blank_side_by_side(read: Read) -> None:
    times = (
        *("2026-09-02T19:20:05", "", "2026-09-02T19:20:59", "2026-09-02T19:20"),
        *("2026-09-02T11:20:07+00:00", "2026-09-02T11:20Z", "1972-01-01T00:00:01"),
    )
    rows = "".join(f"2026-09-02,{number},{at}\n" for number, at in enumerate(times))
    table = read("attendance", "night,staff_no,arrived_at\n" + rows)
    assert problems(table) == []
    assert table.columns["arrived_at"] == [CALENDAR.parse(at) if at else None for at in times]


@pytest.mark.parametrize("rows", [499, 500, 501, 1500])
def test_long_files_are_read_whole(read: Read, rows: int) -> None:
    lines = [f"2026-09-02,{number},2026-09-02T19:{number % 60:02d}\n" for number in range(rows)]
    lines[-1] = "2026-09-02,,2026-09-02T19:00\n"
    table = read("attendance", "night,staff_no,arrived_at\n" + "".join(lines))
    assert len(table) == rows
    assert table.columns["departed_at"] == [None] * rows
    assert problems(table) == [f"attendance.csv:{rows + 1}: staff_no: may not be blank"]


def test_a_key_twice_names_both_lines(read: Read) -> None:
    first = read("places", "place,kind\nV01,room\nV02,room\nV01,table\n").path
    second = read("places", "房台,类型\nV03,room\nV02,room\n", folder="more").path
    table, other = read_files([first, second], CALENDAR).tables
    assert problems(table) == [
        f"places.csv:4: place: the key stands at {table.path}:2 already",
    ]
    assert problems(other) == [
        f"places.csv:3: 房台: the key stands at {table.path}:3 already",
    ]


def test_a_key_of_two_columns_repeats_only_as_a_whole(read: Read) -> None:
    table = read(
        "attendance", "night,staff_no\n2026-09-02,1\n2026-09-02,2\n2026-09-03,1\n2026-09-02,1\n"
    )
    assert [line.line for line in table.problems] == [5]
    assert table.bad == {3}


def test_later_checks_join_the_report(read: Read) -> None:
    table = read(
        "staff", "工号,姓名,职位,入职日期,月薪\nS1,张伟,staff,2026-02-30,1\nS2,李,staff,x,1\n"
    )
    table.refuse(1, "supervisor_no", problem("supervisor_no", "is %(who)s", who="\x1b[31m"))
    table.refuse(0, "", problem("", "altogether"))
    table.note(1, "name", problem("name", "unusual"))
    assert problems(table) == [
        "staff.csv:2: 入职日期: there is no such date",
        "staff.csv:2: altogether",
        "staff.csv:3: 入职日期: not a date: write it as YYYY-MM-DD",
        "staff.csv:3: 上司工号: is ␛[31m",
    ]
    assert table.bad == {0, 1}
    assert [line.endswith("staff.csv:3: 姓名: unusual") for line in table.report_notes()] == [True]


def test_the_digest_is_that_of_the_file(read: Read) -> None:
    assert read("places", "place,kind\n").sha256 == (
        "4e6d0d4a136a824eb7fe94edc2f59704b3ff90d0173f9efc53d14938db1f91e0"
    )


def test_only_files_named_after_a_dataset_are_read() -> None:
    reading = read_files([Path("notes.csv")], CALENDAR)
    assert [str(found) for _, found in reading.problems] == [
        "a file to import is named after what it holds, or said to hold it with --as: "
        + ", ".join(f"{name}.csv" for name in DATASETS)
    ]
