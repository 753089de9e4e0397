"""What a file may not turn into money: keys that were eaten, what has not come yet, one going out
fined twice, and errors that only follow from another."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.conftest import TROUBLE, House, Ran, Run

STAFF = "staff_no,name,team,supervisor_no,position,on_roll,hired_on,left_on,monthly_wage\n"


def complaints(answer: Ran) -> list[str]:
    """`dataset:line: column: what is wrong` of each."""
    found = re.findall(r"(\w+)\.csv(:[0-9]+: .*)", answer.err)
    return ["".join(each) for each in found]


def looks_like(key: str, other: str) -> str:
    return f"{key} is new, but looks like {other}: write that, or take it with --new-numbers"


def test_a_number_that_lost_its_zeros_is_no_new_staffer(seeded: House) -> None:
    answer = seeded.run("import", str(TROUBLE / "eaten-keys" / "a"))

    assert answer.status == 1
    assert complaints(answer) == [
        f"staff:2: staff_no: {looks_like('7', '0007')}",
        f"staff:3: staff_no: {looks_like('8', '0008')}",
    ]
    taken = seeded.run("import", str(TROUBLE / "eaten-keys" / "a"), "--new-numbers")
    assert taken.status == 0
    assert {"7", "8"} < {row["staff_no"] for row in seeded.export("staff")}


def test_numbers_that_look_like_others(seeded: House, tmp_path: Path) -> None:
    (tmp_path / "staff.csv").write_bytes(
        (TROUBLE / "eaten-keys" / "look-alike-staff.csv").read_bytes()
    )
    answer = seeded.run("import", str(tmp_path / "staff.csv"))

    assert answer.status == 1
    assert complaints(answer) == [
        f"staff:2: staff_no: {looks_like('０００７', '0007')}",
        f"staff:3: staff_no: {looks_like('d01', 'D01')}",
        f"staff:4: staff_no: {looks_like('0007▯', '0007')}",
        f"staff:5: staff_no: {looks_like('00O8', '0008')}",
        f"staff:6: staff_no: {looks_like('7.0', '0007')}",
        "staff:7: staff_no: #N/A is what a spreadsheet made of it: write what stood there",
        "staff:8: staff_no: 合计 is a total, not a number: take it with --new-numbers if it is",
    ]
    answer = seeded.run("import", str(tmp_path / "staff.csv"), "--new-numbers")
    assert [line.split(": ")[0] for line in complaints(answer)] == ["staff:7"]


def test_two_numbers_of_one_file_that_look_alike(empty_house: House) -> None:
    answer = empty_house.take(
        staff=STAFF + "0012,A,,,staff,,2026-01-01,,1\n12,B,,,staff,,2026-01-01,,1\n"
    )

    assert complaints(answer) == [f"staff:3: staff_no: {looks_like('12', '0012')}"]


def test_a_spreadsheets_exponent_is_no_number(seeded: House) -> None:
    answer = seeded.run("import", str(TROUBLE / "eaten-keys" / "b"), "--new-numbers")

    assert complaints(answer) == [
        "staff:2: staff_no: 1.0E+05 is what a spreadsheet made of it: write what stood there"
    ]


@pytest.mark.parametrize(
    ("key", "other"), [("7", "0007"), ("b1.0", "b1"), ("Ｂ1", "B1"), ("B1 ", "B1")]
)
def test_bookings_that_would_be_counted_twice(seeded: House, key: str, other: str) -> None:
    header = "booking_no,night,place,staff_no,status,amount\n"
    places = "place,kind\nV01,room\n"
    seeded.took(places=places, bookings=f"{header}{other},2026-09-01,V01,0007,left,100\n")

    answer = seeded.take(bookings=f"{header}{key},2026-09-01,V01,0007,left,100\n")

    assert answer.status == 1
    assert len(complaints(answer)) == 1


def test_a_reference_that_looks_like_somebody_names_them(seeded: House) -> None:
    answer = seeded.take(attendance="night,staff_no,arrived_at\n2026-09-01,7,2026-09-01T19:00\n")

    assert complaints(answer) == [
        "attendance:2: staff_no: there is no staffer 7; it looks like 0007"
    ]


def test_what_has_not_come_yet_has_not_happened(seeded: House) -> None:
    answer = seeded.run("import", str(TROUBLE / "future" / "fut"))
    assert [line.split(": ")[:2] for line in complaints(answer)] == [
        ["briefings:2", "night"],
        ["attendance:2", "night"],
        ["attendance:3", "night"],
    ]
    answer = seeded.run("import", str(TROUBLE / "future" / "fut2"))
    assert complaints(answer) == [
        "incidents:2: occurred_at: 2036-10-01T04:00 is ahead of the clock, which says 2026-11-26T12:30"
    ]
    answer = seeded.run("import", str(TROUBLE / "future" / "odd"))
    assert [line.split(": ")[:2] for line in complaints(answer)] == [
        ["leave:2", "decided_at"],
        ["leave:3", "last_night"],
        ["leave:4", "filed_at"],
        ["leave:4", "decided_at"],
    ]


def test_nights_of_leave_and_of_bookings_may_lie_ahead(seeded: House) -> None:
    seeded.took(
        places="place,kind\nV01,room\n",
        bookings="booking_no,night,place,staff_no,status\n1,2027-01-01,V01,0007,booked\n",
        leave="leave_no,staff_no,kind,first_night,last_night,filed_at,status\n"
        "L1,0007,rest,2027-01-01,2028-01-01,2026-11-26T12:35,requested\n",
    )


def test_one_going_out_is_fined_once(seeded: House) -> None:
    answer = seeded.run("import", str(TROUBLE / "fined-twice" / "inc"))

    assert answer.status == 1
    assert [line.split(": ")[:2] for line in complaints(answer)] == [
        ["outings:3", "out_at"],
        ["incidents:4", "occurred_at"],
    ]


def test_outings_and_incidents_beside_those_recorded(seeded: House) -> None:
    outing = "slip_no,staff_no,status,out_at,back_at\n"
    incident = "incident_no,staff_no,occurred_at,rule\n"
    seeded.took(
        outings=f"{outing}X1,0007,none,2026-09-01T23:00,\nX2,0008,none,2026-09-01T23:00,2026-09-01T23:30\n",
        incidents=f"{incident}I1,0008,2026-09-01T22:00,left_post\n",
    )

    answer = seeded.take(
        outings=f"{outing}X3,0007,none,2026-09-02T11:00,2026-09-02T11:10\n"
        "X4,0008,none,2026-09-01T23:30,2026-09-01T23:40\n"
        "X5,0008,none,2026-09-01T21:59,2026-09-01T22:01\n",
        incidents=f"{incident}I2,0008,2026-09-01T23:29:59,left_post\nI3,0008,2026-09-01T23:10,fighting\n",
    )

    assert [line.split(": ")[:2] for line in complaints(answer)][:2] == [
        ["outings:2", "out_at"],
        ["outings:4", "out_at"],
    ]
    assert [
        line.split(":")[:2]
        for line in complaints(answer)
        if "incidents" in line and "occurred" in line
    ] == [["incidents", "2"]]


def test_nothing_is_said_that_only_follows(
    run: Run, tmp_path: Path, at: Callable[[str], None]
) -> None:
    at("2026-11-26T12:30")
    run("init", "--name", "L", "--timezone", "Europe/London")

    answer = run("import", str(TROUBLE / "clock-change"))

    assert [line for line in complaints(answer) if line.startswith("outings:2")] == [
        "outings:2: out_at: the clocks went forward over this time, so it did not happen"
    ]


def test_one_bad_cell_one_error(seeded: House) -> None:
    answer = seeded.take(
        staff=STAFF + "0011,A,,S01,staff,,2026-13-01,2025-01-01,1\n",
        wages="staff_no,effective_from,monthly_wage\n0011,2020-01-01,5\n",
        outings="slip_no,staff_no,status,requested_at,decided_by,decided_at,out_at,back_at\n"
        "1,0007,none,,,,2026-09-01,2026-09-01T23:00\n"
        "2,0007,aproved,2026-09-01T22:00,S01,2026-09-01T22:01,2026-09-01T22:10,2026-09-01T22:20\n",
        attendance="night,staff_no,arrived_at,departed_at\n2026-09-01,0007,19:00,2026-09-01T23:00\n",
    )

    assert [line.split(": ")[:2] for line in complaints(answer)] == [
        ["staff:2", "hired_on"],
        ["attendance:2", "arrived_at"],
        ["outings:2", "out_at"],
        ["outings:3", "status"],
    ]
