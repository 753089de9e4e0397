"""Every kind of file that punch clocks and attendance programs write, and what is wrong in them."""

import io
from collections import Counter
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.values.problems import Refused
from venue_tui.exchange.punches import PunchKind, presses, read_punches

FILES = Path(__file__).parents[2] / "data" / "punches"
NOW = datetime(2026, 11, 25, 19, 25)

KINDS = {
    # file: kind, punches, damaged lines, rows repeated, fingers not recognised
    "c_dingtalk_daily_summary.xlsx": (PunchKind.DINGTALK_DAILY, 9, 0, 2, 0),
    "c_usb_card_grid_yuangongshuaka.xlsx": (PunchKind.CARD_GRID, 9, 0, 1, 0),
    "c_wecom_daily.xlsx": (PunchKind.WECOM_DAILY, 4, 0, 0, 0),
    "v_AGL_001_6col_ymd_slash.txt": (PunchKind.GLOG, 5, 0, 0, 0),
    "v_AGL_001_names_id0_unrecognised.txt": (PunchKind.GLOG, 3, 0, 0, 3),
    "v_AGL_001_us_ampm.txt": (PunchKind.GLOG, 5, 0, 0, 0),
    "v_AttLog_10col_FP_DutyOff.txt": (PunchKind.GLOG, 2, 0, 0, 0),
    "v_GLG_001_us_slash.txt": (PunchKind.GLOG, 5, 0, 0, 0),
    "v_GLog_No_Mchn_EnNo_crlf.txt": (PunchKind.GLOG, 4, 0, 0, 0),
    "v_ZKTime_csv_dmy.csv": (PunchKind.ZKTIME, 2, 0, 0, 0),
    "v_cn_day_rows_duration_text.csv": (PunchKind.DAY_ROWS, 0, 8, 0, 0),
    "v_cn_punch_rows_gb18030.csv": (PunchKind.ROWS, 5, 0, 0, 0),
    "v_cn_punch_rows_utf8bom.csv": (PunchKind.ROWS, 2, 2, 0, 0),
    "v_hikvision_html_renamed.xls": (PunchKind.HIKVISION, 1, 0, 0, 0),
    "v_hikvision_original_records_latin1.csv": (PunchKind.HIKVISION, 2, 1, 0, 0),
    "v_zk_10col_adms.dat": (PunchKind.ATTLOG, 6, 0, 0, 0),
    "v_zk_5col_nospace_lf.dat": (PunchKind.ATTLOG, 13, 0, 0, 0),
    "v_zk_5col_with_name.dat": (PunchKind.ATTLOG, 10, 0, 0, 0),
    "v_zk_6col_id5wide_workcode.dat": (PunchKind.ATTLOG, 4, 0, 0, 0),
    "v_zk_6col_status255.dat": (PunchKind.ATTLOG, 6, 0, 0, 0),
}


def read(name, **options):
    return read_punches((FILES / name).read_bytes(), NOW, **options)


def told(data, **options):
    """(number, time) of every punch in a file of this text or these bytes."""
    data = data.encode() if isinstance(data, str) else data
    return [(p.number, p.at.isoformat(" ")) for p in read_punches(data, NOW, **options).punches]


def test_no_file_is_left_out():
    assert set(KINDS) == {path.name for path in FILES.iterdir()}


@pytest.mark.parametrize("name", KINDS)
def test_a_file_is_read_by_its_content(name):
    found = read(name)
    counts = len(found.punches), len(found.damage), found.repeated, found.unrecognised
    assert (found.kind, *counts) == KINDS[name]


def test_a_night_shifts_times_after_midnight_are_of_the_day_after():
    punches = read("c_dingtalk_daily_summary.xlsx").punches
    first = [p.at for p in punches if p.number == "0007" and p.line == 4]
    assert first == [datetime(2026, 10, 1, 19, 28), datetime(2026, 10, 2, 2, 10)]
    assert [p.note for p in punches if p.number == "A011"] == ["补卡审批通过", ""]


def test_a_grids_times_that_go_back_are_of_the_morning_after():
    punches = read("c_usb_card_grid_yuangongshuaka.xlsx").punches
    third = [p.at for p in punches if p.number == "8" and p.at.day == 3]
    assert third == [datetime(2026, 10, 3, h, m) for h, m in ((2, 1), (19, 29), (23, 58))]
    assert datetime(2026, 10, 3, 2, 5) in [p.at for p in punches if p.number == "7"]


def test_a_time_is_read_in_every_way_in_which_it_is_written():
    rows = [
        "2026-10-06 08:55:01", "2026/10/6 8:55:01", "2026年10月6日 08:55:01", "2026.10.06 8:55:01",
        "2026-10-06T08:55:01", "2026-10-06 08:55:01（补卡）", "２０２６-10-06　08：55：01",
        "2026-10-06 星期二 上午8:55:01", "2026-10-06 08:55:01 AM", "46301.371539351855",
    ]  # fmt: skip
    table = "工号,打卡时间\n" + "".join(f"{n},{row}\n" for n, row in enumerate(rows, 1))
    assert told(table) == [(str(n), "2026-10-06 08:55:01") for n in range(1, len(rows) + 1)]


@pytest.mark.parametrize(
    ("dates", "order", "at"),
    [
        ("09/01/26 09:00", "mdy", "2026-09-01 09:00:00"),
        ("09/01/26 09:00", "dmy", "2026-01-09 09:00:00"),
        ("31/10/2026 09:00", None, "2026-10-31 09:00:00"),
        ("10/31/2026 09:00", None, "2026-10-31 09:00:00"),
        ("05/05/2026 09:00", None, "2026-05-05 09:00:00"),
    ],
)
def test_day_and_month_are_told_apart_or_asked_for(dates, order, at):
    table = f"Person ID,Name,Time,Attendance Status\n15,Test,{dates},None\n"
    assert told(table, order=order) == [("15", at)]


def test_a_day_above_twelve_tells_the_order_of_the_whole_column():
    table = "Person ID,Time,Attendance Status\n1,05/06/2026 09:00,\n2,25/06/2026 09:00,\n"
    assert told(table) == [("1", "2026-06-05 09:00:00"), ("2", "2026-06-25 09:00:00")]


def test_where_nothing_tells_the_order_nothing_is_guessed():
    table = "Person ID,Time,Attendance Status\n1,05/06/2026 09:00,\n"
    found = read_punches(table.encode(), NOW)
    assert not found.punches
    assert "which of them comes first" in str(found.damage[0].problem)


def test_a_sheet_of_one_person_takes_the_number_that_is_said():
    found = read("v_cn_day_rows_duration_text.csv", owner="0007")
    assert not found.damage
    assert [p.number for p in found.punches] == ["0007"] * 16
    assert found.punches[1].at == datetime(2026, 7, 7, 20, 46, 14)


LINES = [
    f"{number:>9}\t2026-10-{day:02} {hour}:{minute:02}:07\t1\t1\t0\t0\r\n"
    for number in (7, 583, 1583)
    for day in range(1, 32)
    for hour in (19, 20)
    for minute in range(10)
]
NULS = 311_077


def test_a_hole_of_nuls_and_rows_repeated_after_it_are_counted():
    lines = [line.encode() for line in LINES]
    data = b"".join(lines[:1850]) + b"\0" * NULS + b":40\t1\t0\t1\t0\r\n" + b"".join(lines[18:])
    found = read_punches(data, NOW)
    assert found.nul_bytes == NULS
    assert found.repeated == 1832
    assert len(found.punches) == len(lines)
    assert [(d.line, d.text) for d in found.damage] == [(1851, ""), (1851, ":40\t1\t0\t1\t0")]


def test_a_hole_at_the_end_costs_nothing_that_was_written():
    data = "".join(LINES).encode() + b"\0" * NULS
    found = read_punches(data, NOW)
    assert (len(found.punches), found.nul_bytes, len(found.damage)) == (len(LINES), NULS, 1)


def test_the_kind_is_told_from_what_follows_a_hole_too():
    data = b"\0" * 5000 + LINES[0].encode()
    found = read_punches(data, NOW)
    # Whose it is can't be known: its number may have been cut.
    assert (found.kind, found.punches, len(found.damage)) == (PunchKind.ATTLOG, [], 2)
    assert len(read_punches(data + LINES[1].encode(), NOW).punches) == 2


def test_a_whole_line_after_a_hole_is_read():
    data = LINES[0].encode() + b"\0" * 512 + LINES[1].encode()
    assert len(read_punches(data, NOW).punches) == 2


@pytest.mark.parametrize("cut", range(1, len(LINES[-1]) - 2))
def test_what_a_hole_cut_in_two_is_nobodys_punch(cut):
    """Of 1583 a hole may leave 583, and of two lines' halves it may make a third."""
    rest = "".join(LINES[:4]).encode()
    line = LINES[-1].encode()
    whole = {(p.number, p.at) for p in read_punches(rest + line, NOW).punches}
    for data in (
        rest + line[:cut] + b"\0" * 4096 + line[cut:],
        rest + b"\0" * 4096 + line[cut:],
        rest + line[:cut] + b"\0" * 4096 + line[-cut:],
    ):
        found = {(p.number, p.at) for p in read_punches(data, NOW).punches}
        assert found <= whole, data


@pytest.mark.parametrize(
    "stamp",
    ["1971--10--29 -23:-59:-53", "2000-01-01 19:30:00", "2026-02-30 19:30:00", "2026-11-27 19:30:00",
     "2026-10-06 24:00:00", "2026-10-06 19:61:00", "9999-12-31 23:59:59", "0000-00-00 00:00:00"],
)  # fmt: skip
def test_a_time_that_cannot_be_is_no_punch(stamp):
    data = f"7\t2026-10-01 19:28:00\t1\t0\t0\n8\t{stamp}\t1\t0\t0\n"
    found = read_punches(data.encode(), NOW)
    assert [p.number for p in found.punches] == ["7"]
    assert [(d.line, stamp[:4] in d.text) for d in found.damage] == [(2, True)]


def test_a_clock_may_be_a_day_ahead():
    assert told("7\t2026-11-26 19:20:00\t1\t0\t0\n") == [("7", "2026-11-26 19:20:00")]


def test_a_number_is_the_same_however_the_clock_pads_it():
    data = (
        "No\tTMNo\tEnNo\tName\tINOUT\tMode\tDateTime\n"
        "1\t1\t00000007\tA\t0\t1\t2026/10/01 19:28:00\n"
        "2\t1\t7\tA\t0\t1\t2026/10/01 19:28:00\n"
    )
    found = read_punches(data.encode(), NOW)
    assert [(p.number, p.key) for p in found.punches] == [("00000007", "7")]
    assert found.repeated == 1


def test_two_clocks_have_numbers_of_their_own():
    data = "  7\t2026-10-01 19:28:00\t1\t0\t0\t0\n  7\t2026-10-01 19:28:00\t2\t0\t0\t0\n"
    assert [p.clock for p in read_punches(data.encode(), NOW).punches] == ["1", "2"]


def test_who_presses_twice_came_once():
    seconds = (0, 20, 59, 60, 100, 121)
    data = "".join(
        f"{who}\t2026-10-01 19:{28 + second // 60}:{second % 60:02}\t1\t0\t0\n"
        for second in reversed(seconds)
        for who in (7, 8)
    )
    punches = list(presses(read_punches(data.encode(), NOW).punches))
    assert Counter(p.number for p in punches) == {"7": 3, "8": 3}
    assert [p.at.minute * 60 + p.at.second - 28 * 60 for p in punches if p.number == "7"] == [
        0,
        60,
        121,
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_names_are_read_in_every_encoding(encoding):
    data = "工号,姓名,打卡时间\r\n0007,䶮小贤,2026-10-01 19:28\r\n".encode(encoding)
    assert [p.name for p in read_punches(data, NOW).punches] == ["䶮小贤"]


def test_names_in_big5_are_read():
    data = "工號,姓名,打卡時間\r\n0007,曾小賢,2026-10-01 19:28\r\n".encode("big5hkscs")
    assert [p.name for p in read_punches(data, NOW).punches] == ["曾小賢"]


TRADITIONAL = {
    "daily": "姓名,工號,日期,上班1打卡時間,上班1打卡結果,下班1打卡時間\n"
    "曾小賢,0007,26-10-01 星期四,19:28,補卡審批通過,次日 02:10",
    "raw": "姓名,工號,考勤日期,打卡時間,打卡結果\n"
    "曾小賢,0007,2026-10-01,2026-10-01 19:28,正常\n曾小賢,0007,2026-10-02,2026-10-02 02:10,正常",
    "wecom": "時間,姓名,帳號,打卡時間記錄\n2026/10/01 星期四,曾小賢,0007,19:28 次日02:10",
    "rows": "考勤號碼,姓名,日期時間\n0007,曾小賢,2026-10-01 19:28\n0007,曾小賢,2026-10-02 02:10\n合計,,",
    "days": "員工編號,日期,上班時間,下班打卡時間\n0007,2026-10-01,19:28,次日02:10\n0007,2026-10-02,請假,無",
    "grid": "統計日期:,2026/10/01 ~ 2026/10/05,,,\n1,2,3,4,5\n工號：,0007,姓名：,曾小賢,部門：\n19:28 02:10,,,,",
}  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "big5hkscs", "gb18030"])
@pytest.mark.parametrize("name", TRADITIONAL)
def test_traditional_headers_are_those_of_the_simplified_ones(name, encoding):
    read = read_punches(TRADITIONAL[name].encode(encoding), NOW)
    assert [(p.number, f"{p.at:%m-%d %H:%M}") for p in read.punches] == [
        ("0007", "10-01 19:28"),
        ("0007", "10-02 02:10"),
    ]
    assert not read.damage
    assert read.punches[0].note == ("補卡審批通過" if name == "daily" else "")


def test_an_old_spreadsheets_xml_is_read():
    rows = [("工号", "姓名", "打卡时间"), ("0007", "曾小贤", "2026-10-01T19:28:00.000")]
    cells = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{c}</Data></Cell>' for c in row) + "</Row>"
        for row in rows
    )
    data = (
        f'<?xml version="1.0"?><Workbook><Worksheet><Table>{cells}</Table></Worksheet></Workbook>'
    )
    assert told(data) == [("0007", "2026-10-01 19:28:00")]


@pytest.mark.parametrize(
    "data",
    [b"", b"\0" * 100, b"PK\x03\x04 not a workbook", b"\xd0\xcf\x11\xe0 neither", b"%PDF-1.7", b"<html>",
     b"a,b\n1,2\n", "今天没有人来".encode()],
)  # fmt: skip
def test_what_is_no_clocks_file_is_refused_in_a_sentence(data):
    with pytest.raises(Refused) as refusal:
        read_punches(data, NOW)
    assert str(refusal.value)


def test_a_bomb_of_a_workbook_is_refused_before_it_is_opened() -> None:
    data = io.BytesIO()
    with ZipFile(data, "w", ZIP_DEFLATED) as archive:
        cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        archive.writestr(
            "xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{cells}</sheetData></worksheet>"
        )
    with pytest.raises(Refused, match="larger than"):
        read_punches(data.getvalue(), NOW)


@pytest.mark.parametrize("name", [name for name in KINDS if name.startswith("c_")])
def test_a_workbook_cut_anywhere_is_refused_and_never_fatal(name):
    data = (FILES / name).read_bytes()
    for cut in range(10, len(data), len(data) // 25):
        with pytest.raises(Refused):
            read_punches(data[:cut], NOW)


SAMPLES = [(FILES / name).read_bytes() for name in KINDS if name.startswith("v_")]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SAMPLES), st.integers(0, 600), st.binary(max_size=12))
@example(SAMPLES[0], 0, b"\xff\xfe\x00")
def test_no_bytes_are_fatal(sample, at, change):
    """A file with anything in the middle of it is read, or refused in a sentence."""
    try:
        found = read_punches(sample[:at] + change + sample[at + len(change) :], NOW)
    except Refused:
        return
    assert all(p.number and p.at <= datetime(2026, 11, 26, 19, 25) for p in found.punches)


def test_a_formula_that_nobody_worked_out_is_damage_and_no_number_or_blank() -> None:
    data = io.BytesIO()
    book = openpyxl.Workbook()
    for row in (
        ("工号", "姓名", "打卡时间"),
        ("0007", "A", "=NOW()"),
        ("=A2", "A", "2026-09-02 19:00"),
        ("0008", "B", "2026-09-02 19:01"),
    ):
        book.active.append(row)
    book.save(data)
    read = read_punches(data.getvalue(), NOW)
    assert [punch.number for punch in read.punches] == ["0008"]
    assert [each.line for each in read.damage] == [2, 3]
    assert all("never worked out" in str(each.problem) for each in read.damage)
