"""What an import is going to do is said before, and it can be taken back as a whole."""

from collections.abc import Callable

import pytest

from tests.commands.conftest import TROUBLE, House

STAFF = "staff_no,name,team,supervisor_no,position,on_roll,hired_on,left_on,monthly_wage\n"
ATTENDANCE = "night,staff_no,arrived_at,made_up_at,departed_at\n"


def everything(house: House) -> list[object]:
    names = ("staff", "wages", "places", "briefings", "attendance", "bookings", "outings")
    return [house.export(name) for name in (*names, "charges", "deductions", "roll")]


def test_a_preview_names_who_is_new_what_changes_and_what_it_costs(seeded: House) -> None:
    seeded.took(attendance=f"{ATTENDANCE}2026-09-01,0007,2026-09-01T19:20,,\n")
    before = everything(seeded)

    said = seeded.took(
        "--dry-run",
        staff=STAFF + "0010,谢雅萍,一组,S01,staff,no,2026-01-01,,5000\n"
        "0008,何大可,,S01,staff,yes,2026-01-01,,6000\n",
        attendance=f"{ATTENDANCE}2026-09-01,0007,2026-09-01T19:40,,\n",
    ).err

    for line in (
        "staff: 1 new, 1 changed, 0 as they were",
        "  new: 0010 谢雅萍, team 一组, supervisor_no S01, position staff, on_roll no, hired_on 2026-01-01, monthly_wage 5000.00",
        "  0008 何大可: team 一组 becomes blank",
        "  2026-09-01 0007 林小贝: arrived_at 2026-09-01T19:20 → 2026-09-01T19:40",
        "  comes: 0007 林小贝 2026-09-01 late (roll) 30.00",
        "Charged more: 30.00; charged less: 0.00.",
        "This was a dry run: nothing was recorded.",
    ):
        assert line in said.splitlines()
    assert everything(seeded) == before


def test_the_last_import_is_taken_back_as_a_whole(seeded: House) -> None:
    seeded.took(
        places="place,kind\nV01,room\nV02,room\n",
        bookings="booking_no,night,place,staff_no,guest_phone,status\n"
        "1,2026-09-01,V01,0007,+8613800000000,booked\n",
        attendance=f"{ATTENDANCE}2026-09-01,0007,2026-09-01T19:20,,\n",
    )
    before = everything(seeded)
    seeded.took(
        staff=STAFF + "0010,谢雅萍,一组,S01,staff,,2026-01-01,,5000\n"
        "0008,何大可,二组,S01,staff,yes,2026-01-01,,6000\n",
        wages="staff_no,effective_from,monthly_wage\n0010,2026-09-02,5100\n",
        places="place,kind\nV09,room\n",
        bookings="booking_no,night,place,staff_no,guest_phone,status\n"
        "1,2026-09-01,V09,0007,123,booked\n2,2026-09-01,V01,0008,,booked\n",
        attendance=f"{ATTENDANCE}2026-09-01,0007,2026-09-01T19:40,,\n"
        "2026-09-01,0010,2026-09-01T19:45,,\n",
    )
    assert everything(seeded) != before

    tried = seeded.run("import", "--undo", "--dry-run")
    assert tried.status == 0, tried.err
    answer = seeded.run("import", "--undo")

    assert answer.status == 0, answer.err
    assert "attendance: 1 removed, 1 as they were before" in answer.err
    assert "goes: 0007 2026-09-01 late (roll) 30.00" in answer.err
    assert everything(seeded) == before
    assert seeded.run("check").status == 0
    again = seeded.run("import", "--undo")
    assert again.status == 1
    assert "there is no import to take back" in again.err


@pytest.mark.parametrize(
    ("since", "said"),
    [
        ({"attendance": f"{ATTENDANCE}2026-09-01,0010,2026-09-01T19:00,,\n"}, ""),
        ({"staff": STAFF + "0010,谢小萍,一组,S01,staff,,2026-01-01,,5000\n"}, ""),
    ],
)
def test_only_the_last_is_taken_back(seeded: House, since: dict[str, str], said: str) -> None:
    seeded.took(staff=STAFF + "0010,谢雅萍,一组,S01,staff,,2026-01-01,,5000\n")
    middle = everything(seeded)
    seeded.took(**since)

    assert seeded.run("import", "--undo").status == 0
    assert everything(seeded) == middle
    answer = seeded.run("import", "--undo")
    assert answer.status == 1


def test_what_stands_on_an_import_keeps_it(seeded: House) -> None:
    seeded.took(
        staff=STAFF + "0010,谢雅萍,一组,S01,staff,,2026-01-01,,5000\n",
        attendance=f"{ATTENDANCE}2026-09-01,0010,2026-09-01T19:40,,\n",
    )
    waived = seeded.run(
        "waive", "0010", "2026-09-01", "late", "roll", "--reason", "路上封路", "--by", "D01"
    )
    assert waived.status == 0, waived.err
    before = everything(seeded)

    answer = seeded.run("import", "--undo")

    assert answer.status == 1
    assert "recorded since stands on" in answer.err
    assert everything(seeded) == before


def test_usage(seeded: House) -> None:
    assert seeded.run("import").status == 2
    assert seeded.run("import", "--undo", "x").status == 2


def test_a_correction_of_a_closed_month_is_found_and_taken_back_with_a_reason(
    empty_house: House, at: Callable[[str], None]
) -> None:
    at("2026-11-26T12:30")
    empty_house.run("import", str(TROUBLE / "closed-month"))
    assert empty_house.run("close", "month", "2026-09", "--yes").status == 0
    corrected = str(TROUBLE / "closed-month" / "off")
    assert empty_house.run("import", corrected).status == 1
    assert empty_house.run("import", corrected, "--reason", "补录").status == 0

    found = empty_house.run("audit", "--staff", "0007", "--night", "2026-09-01").out
    assert (
        "attendance 2026-09-01 0007: arrived_at 2026-09-01T19:40 → 2026-09-01T19:20"
        in found.splitlines()[-1]
    )
    assert empty_house.deduction("0007", "2026-10")["adjustments"] == "-30.00"

    without = empty_house.run("import", "--undo")
    assert without.status == 1
    assert "--reason" in without.err
    assert empty_house.run("import", "--undo", "--reason", "撤").status == 0
    assert empty_house.deduction("0007", "2026-10")["adjustments"] == "0.00"
    assert empty_house.run("check").status == 0
