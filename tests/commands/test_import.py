"""What an import refuses, and that it is all or nothing."""

import json
import re
from pathlib import Path

import pytest

from models.values.datasets import DATASETS, CellKind
from tests.commands.conftest import BRIEFING, PLACES, STAFF, House

NIGHT = "2026-09-02"


@pytest.mark.parametrize(
    ("dataset", "text", "where"),
    [
        ("staff", "staff_no,name,position,hired_on,monthly_wage\n9,A,boss,2025-01-01,1\n", "2: position: "),
        ("staff", "staff_no,name,position,hired_on,monthly_wage\n9,,staff,2025-01-01,1\n", "2: name: "),
        ("staff", "staff_no,name,position,hired_on,monthly_wage\n9,\u202eA,staff,2025-01-01,1\n", "2: name: "),
        ("staff", "staff_no,name,position,hired_on,monthly_wage\n9,A\x1bB,staff,2025-01-01,1\n", "2: name: "),
        ("staff", "staff_no,name,position,hired_on,monthly_wage\n9,A,staff,2025-02-29,1\n", "2: hired_on: "),
        ("staff", "staff_no,name,position,hired_on,monthly_wage\n9,A,staff,2025-01-01,1e5\n", "2: monthly_wage: "),
        ("staff", "staff_no,name,position,hired_on,monthly_wage\n9,A,staff,2025-01-01,１２３\n", "2: monthly_wage: "),
        ("staff", "staff_no,name,position,hired_on,monthly_wage\n9,A,staff,2025-01-01,-5\n", "2: monthly_wage: "),
        ("staff", "staff_no,name,position,hired_on,monthly_wage\n9,A,staff,2025-01-01,NaN\n", "2: monthly_wage: "),
        ("staff", "staff_no,name,position,hired_on,monthly_wage\n9,A,staff,2025-01-01,1.234\n", "2: monthly_wage: "),
        ("staff", "staff_no,name,position,hired_on\n9,A,staff,2025-01-01\n", "1: monthly_wage: "),
        ("staff", "staff_no,name,position,hired_on,monthly_wage,age\n", "1: age: "),
        ("staff", "staff_no,name,name,position,hired_on,monthly_wage\n", "1: name: "),
        ("staff", "staff_no,name,姓名,position,hired_on,monthly_wage\n", "1: 姓名: "),
        ("staff", "staff_no,name,position,hired_on,monthly_wage\n9,A,staff\n", "2: "),
        ("staff", "staff_no,name,position,hired_on,left_on,monthly_wage\n9,A,staff,2025-01-02,2025-01-01,1\n", "2: left_on: "),
        ("staff", "staff_no,name,position,supervisor_no,hired_on,monthly_wage\n9,A,staff,9,2025-01-02,1\n", "2: supervisor_no: nobody"),
        ("staff", "staff_no,name,position,supervisor_no,hired_on,monthly_wage\n9,A,staff,77,2025-01-02,1\n", "2: supervisor_no: there is no"),
        ("staff", "staff_no,name,position,supervisor_no,hired_on,monthly_wage\nD01,A,director,0007,2025-01-01,1\n", "2: supervisor_no: the chain"),
        ("staff", "staff_no,name,position,hired_on,monthly_wage\n9,A,staff,2025-01-02,1\n9,B,staff,2025-01-02,1\n", "3: staff_no: "),
        ("wages", "staff_no,effective_from,monthly_wage\n0007,2024-12-31,1\n", "2: effective_from: "),
        ("briefings", f"night,closed_at\n{NIGHT},2026-09-03T12:00\n", "2: closed_at: "),
        ("attendance", f"night,staff_no,arrived_at\n{NIGHT},0007,2026-09-02T11:59\n", "2: arrived_at: "),
        ("attendance", f"night,staff_no,arrived_at\n{NIGHT},0007,2026-09-02 7.30pm\n", "2: arrived_at: "),
        ("attendance", f"night,staff_no,arrived_at\n{NIGHT},9999,2026-09-02T19:00\n", "2: staff_no: "),
        ("attendance", f"night,staff_no,departed_at\n{NIGHT},0007,2026-09-02T19:00\n", "2: departed_at: "),
        ("attendance", "night,staff_no,arrived_at\n2024-12-31,0007,2024-12-31T19:00\n", "2: night: "),
        ("leave", "leave_no,staff_no,kind,first_night,last_night,filed_at,status\n1,0007,rest,2026-09-03,2026-09-02,2026-09-01T10:00,requested\n", "2: last_night: "),
        ("leave", "leave_no,staff_no,kind,first_night,last_night,filed_at,status\n1,0007,rest,2026-09-02,2026-09-02,2026-09-01T10:00,approved\n", "2: decided_by: "),
        ("leave", "leave_no,staff_no,kind,first_night,last_night,filed_at,status,decided_by,decided_at\n1,0007,rest,2026-09-02,2026-09-02,2026-09-01T10:00,approved,0007,2026-09-01T11:00\n", "2: decided_by: nobody"),
        ("leave", "leave_no,staff_no,kind,first_night,last_night,filed_at,status,decided_by,decided_at\n1,0007,rest,2026-09-02,2026-09-02,2026-09-01T10:00,approved,0008,2026-09-01T11:00\n", "2: decided_by: 0008 was neither"),
        ("leave", "leave_no,staff_no,kind,first_night,last_night,filed_at,status,decided_by,decided_at\n1,0007,rest,2026-09-02,2026-09-02,2026-09-01T10:00,requested,S01,\n", "2: decided_by: nothing"),
        ("outings", "slip_no,staff_no,status\n1,0007,none\n", "2: out_at: "),
        ("outings", "slip_no,staff_no,status\n1,0007,requested\n", "2: requested_at: "),
        ("outings", "slip_no,staff_no,status,out_at,back_at\n1,0007,none,2026-09-02T22:00,2026-09-02T21:00\n", "2: back_at: "),
        ("bookings", f"booking_no,night,place,staff_no,status\n1,{NIGHT},V09,0007,booked\n", "2: place: "),
        ("bookings", f"booking_no,night,place,staff_no,status,turn\n1,{NIGHT},V01,0007,booked,0\n", "2: turn: "),
        ("bookings", f"booking_no,night,place,staff_no,status\n1,{NIGHT},V01,0007,booked\n2,{NIGHT},V01,0008,arrived\n", "3: place: V01 is taken by 1"),
        ("incidents", "incident_no,staff_no,occurred_at,rule\n1,0007,2026-09-02T22:00,late\n", "2: rule: "),
        ("incidents", "incident_no,staff_no,occurred_at,rule\n1,0007,2026-09-02T22:00,lateness\n", "2: rule: "),
        ("incidents", "incident_no,staff_no,occurred_at,rule,amount,note\n1,0007,2026-09-02T22:00,insubordination,299.99,x\n", "2: amount: "),
        ("incidents", "incident_no,staff_no,occurred_at,rule,amount,note\n1,0007,2026-09-02T22:00,insubordination,,x\n", "2: amount: "),
        ("incidents", "incident_no,staff_no,occurred_at,rule,amount,note\n1,0007,2026-09-02T22:00,insubordination,300,\n", "2: note: "),
        ("incidents", "incident_no,staff_no,occurred_at,rule,amount\n1,0007,2026-09-02T22:00,booking_fraud,5\n", "2: note: "),
        ("incidents", "incident_no,staff_no,occurred_at,rule,amount\n1,0007,2026-09-02T22:00,service_complaint,99\n", "2: amount: "),
        ("incidents", "incident_no,staff_no,occurred_at,rule,amount\n1,0007,2026-09-02T22:00,drugs,0\n", "2: amount: "),
        ("incidents", "incident_no,staff_no,occurred_at,rule,reported_by\n1,0007,2026-09-02T22:00,theft,0007\n", "2: reported_by: "),
        ("incidents", "incident_no,staff_no,occurred_at,rule\n1,0007,2024-12-31T22:00,theft\n", "2: occurred_at: "),
        ("waivers", f"staff_no,night,rule,source,waived_by,reason\n0007,{NIGHT},late,roll,D01,x\n", "2: rule: "),
        ("waivers", f"staff_no,night,rule,source,waived_by,reason\n0007,{NIGHT},absence,roll,0007,x\n", "2: waived_by: "),
        ("waivers", f"staff_no,night,rule,source,waived_by,reason\n0007,{NIGHT},absence,roll,D01,\n", "2: reason: "),
        ("places", "place,kind\nV01,sauna\n", "2: kind: "),
        ("places", "", "1: "),
        ("places", b"place,kind\nV\x0001,room\n", "2"),
        ("places", 'place,kind\n"V01,room\n', "2"),
    ],
)  # fmt: skip
def test_what_is_refused_and_where(
    house: House, dataset: str, text: str | bytes, where: str
) -> None:
    before = house.export("staff"), house.charges()

    answer = house.take(**{dataset: text})

    assert answer.status == 1
    assert f"{dataset}.csv:{where}" in answer.err
    assert "Traceback" not in answer.err
    assert answer.out == ""
    assert (house.export("staff"), house.charges()) == before


def test_every_error_of_every_file_in_one_run_and_nothing_is_written(empty_house: House) -> None:
    answer = empty_house.take(
        staff=STAFF + "0009,张三,一组,S01,staff,maybe,2025-13-01,,12.345\n",
        places=PLACES + "V03,roof,5\n",
        attendance=f"night,staff_no,arrived_at\n{NIGHT},0009,2026-09-02T19:00\n"
        f"{NIGHT},0404,yesterday\n",
    )

    assert answer.status == 1
    for expected in (
        "staff.csv:7: on_roll: ",
        "staff.csv:7: hired_on: ",
        "staff.csv:7: monthly_wage: ",
        "places.csv:5: kind: ",
        "attendance.csv:3: staff_no: ",
        "attendance.csv:3: arrived_at: ",
    ):
        assert expected in answer.err
    assert "attendance.csv:2" not in answer.err
    assert empty_house.export("staff") == []


def test_the_same_files_again_change_nothing(house: House) -> None:
    before = house.run("audit", "--head").out

    answer = house.took(staff=STAFF, places=PLACES, briefings=BRIEFING)

    assert "Nothing changed" in answer.err
    assert house.run("audit", "--head").out == before


def test_a_dry_run_changes_nothing(house: House) -> None:
    answer = house.took("--dry-run", places="place,kind\nV99,room\n")

    assert "places: 1 new" in answer.err
    assert "V99" not in {row["place"] for row in house.export("places")}


def test_a_known_key_updates_its_row(house: House) -> None:
    house.took(places="place,kind\nV01,table\n")

    row = next(row for row in house.export("places") if row["place"] == "V01")
    assert row == {"place": "V01", "kind": "table", "minimum_spend": "1880.00"}


def test_making_a_room_a_table_takes_its_excuse_away(house: House) -> None:
    house.took(
        attendance=f"night,staff_no,made_up_at\n{NIGHT},0007,2026-09-02T21:00\n",
        bookings=f"booking_no,night,place,staff_no,status\n1,{NIGHT},V01,0007,booked\n",
    )
    assert house.outcome("0007") == "made_up"

    house.took(places="place,kind\nV01,table\n")

    assert house.outcome("0007") == "missed"
    assert house.run("check").status == 0


def test_two_live_bookings_may_swap_their_places(house: House) -> None:
    header = "booking_no,night,place,staff_no,status\n"
    house.took(bookings=f"{header}1,{NIGHT},V01,0007,booked\n2,{NIGHT},V02,0008,booked\n")

    house.took(bookings=f"{header}1,{NIGHT},V02,0007,booked\n2,{NIGHT},V01,0008,booked\n")

    assert [row["place"] for row in house.export("bookings")] == ["V02", "V01"]


def test_hiring_cant_move_past_what_was_recorded(house: House) -> None:
    house.took(attendance=f"night,staff_no,arrived_at\n{NIGHT},0007,2026-09-02T19:00\n")

    answer = house.take(staff=STAFF.replace("staff,,2025-01-01,,4350", "staff,,2026-09-03,,4350"))

    assert answer.status == 1
    assert "staff.csv:5: hired_on: attendance of 2026-09-02" in answer.err


def test_a_decision_isnt_rechecked_when_positions_change(house: House) -> None:
    leave = (
        "leave_no,staff_no,kind,first_night,last_night,filed_at,status,decided_by,decided_at\n"
        "1,0007,rest,2026-09-02,2026-09-02,2026-09-01T10:00,approved,S01,2026-09-01T11:00\n"
    )
    house.took(leave=leave)
    demoted = STAFF.replace("D01,supervisor", "D01,staff")

    assert "Nothing changed" not in house.took(staff=demoted, leave=leave).err
    assert house.outcome("0007") == "rest"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encodings_and_line_ends(house: House, encoding: str, newline: str) -> None:
    text = "工号,姓名,职位,入职日期,月薪,组别\n0009,䶮小叶,staff,2025-01-01,3800.5,二组\n"

    house.took(staff=text.replace("\n", newline).encode(encoding))

    row = house.export("staff")[0 + 2]
    assert (row["staff_no"], row["name"], row["monthly_wage"]) == ("0009", "䶮小叶", "3800.50")


def test_what_is_no_file_is_said_plainly(house: House, tmp_path: Path) -> None:
    (tmp_path / "odd" / "staff.csv").mkdir(parents=True)
    (tmp_path / "odd" / "notes.txt").write_text("x")

    answer = house.run("import", str(tmp_path / "odd"), str(tmp_path / "nowhere"))

    assert answer.status == 1
    assert "notes.txt: passed over" in answer.err
    assert "staff.csv:1: is a folder" in answer.err
    assert "nowhere: " in answer.err


def test_naughty_strings_as_names_and_notes(house: House) -> None:
    file = Path(__file__).parents[1] / "data" / "blns.json"
    strings = [text for text in json.loads(file.read_text("utf-8")) if text]
    assert len(strings) > 400
    for i, text in enumerate(strings):
        quoted = '"' + text.replace('"', '""') + '"'
        files = {
            "staff": f"staff_no,name,position,hired_on,monthly_wage\nN{i},{quoted},staff,2025-01-01,1\n",
            "incidents": "incident_no,staff_no,occurred_at,rule,note\n"
            f"N{i},0007,2026-09-02T22:00,theft,{quoted}\n",
        }
        if i % 40 and text.isprintable():
            continue  # the plain ones together below: a command each would take a minute
        answer = house.take(**files)
        assert answer.status in (0, 1)
        assert "Traceback" not in answer.err
        assert "unforeseen" not in answer.err
    plain = [(i, t) for i, t in enumerate(strings) if t.isprintable() and t.strip()]
    names = "".join(
        f'P{i},"{t.replace(chr(34), chr(34) * 2)}",staff,2025-01-01,1\n' for i, t in plain
    )
    house.took(staff=f"staff_no,name,position,hired_on,monthly_wage\n{names}")
    kept = {row["staff_no"]: row["name"] for row in house.export("staff")}
    again = house.run("export", "staff", "--plain")
    house.took(staff=again.out)
    assert {row["staff_no"]: row["name"] for row in house.export("staff")} == kept


def test_the_preview_masks_a_guests_phone_as_lists_do(house: House) -> None:
    booked = "booking_no,night,place,staff_no,guest_name,guest_phone,status\n"
    house.took(bookings=booked + "B1,2026-09-02,V01,0007,李老板,13912345678,booked\n")
    changed = booked + "B1,2026-09-02,V01,0007,李老板,13800004321,booked\n"
    said = house.take("--dry-run", bookings=changed).err
    assert "139****5678" in said
    assert "138****4321" in said
    assert "12345678" not in said
    assert "00004321" not in said


def test_a_key_that_is_a_time_is_told_as_one(house: House) -> None:
    """In the preview of each dataset with such a key, and in the trail of what was imported."""
    timed = [
        name
        for name, each in DATASETS.items()
        if any(each.column[key].kind is CellKind.INSTANT for key in each.key)
    ]
    assert timed == ["away", "knowledge"]
    files = {
        "away": "night,staff_no,from,until,reason\n"
        "2026-09-02,0007,2026-09-02T21:00,2026-09-02T21:05,telephone\n",
        "knowledge": "staff_no,at,asked,right,checked_by\n0007,2026-09-02T21:00,10,9,D01\n",
    }
    said = house.take(**files).err
    assert said.count("2026-09-02T21:00") == 2
    told = house.run("audit", "--staff", "0007").out
    assert told.count("2026-09-02T21:00") == 2
    assert not re.search(r"\b17[0-9]{8}\b", said + told)
