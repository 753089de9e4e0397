"""Postings and rehires: what a staffer was on a night is what that night is judged by."""

from collections.abc import Callable

import pytest

from tests.commands.conftest import House, Run, briefed

POSTINGS = "staff_no,effective_from,team,supervisor_no,position,on_roll\n"
REHIRES = "staff_no,hired_on,left_on\n"
LEAVE = (
    "leave_no,staff_no,kind,first_night,last_night,filed_at,special_reason,status,decided_by,"
    "decided_at\n"
)


def text_of(run: Run, dataset: str) -> str:
    return run("export", dataset, "--plain").out


def test_postings_and_rehires_come_out_as_they_went_in(house: House, run: Run) -> None:
    postings = (
        f"{POSTINGS}0007,2026-09-10,二组,D01,supervisor,\n0007,2026-09-20,,,payroll,yes\n"
        "0008,2026-09-05,一组,S01,staff,no\n"
    )
    rehires = f"{REHIRES}0008,2026-09-20,2026-09-25\n0008,2026-10-01,\n"
    house.took(
        staff="staff_no,name,team,supervisor_no,position,hired_on,left_on,monthly_wage\n"
        "0008,单雄信,一组,S01,staff,2025-01-01,2026-09-10,3800\n",
        postings=postings,
        rehires=rehires,
    )
    assert text_of(run, "postings") == postings
    assert text_of(run, "rehires") == rehires
    again = house.take(postings=postings, rehires=rehires)
    assert "Nothing changed" in again.err
    assert run("export", "postings", "--headers", "zh", "--plain").out.startswith(
        "工号,生效日期,组别,上司工号,职位,点名\n"
    )
    assert run("check").status == 0


def test_a_change_of_roll_duty_does_not_rewrite_the_nights_before_it(house: House) -> None:
    """Setting "on the roll: no" once took back every absence there had been."""
    house.took(
        briefings=briefed("2026-09-09", "2026-09-10", "2026-09-11"),
        postings=f"{POSTINGS}0007,2026-09-10,一组,S01,staff,no\n",
    )
    nights = [night for night, *_ in house.charges("0007")]
    assert nights == ["2026-09-02", "2026-09-09"]
    house.took(postings=f"{POSTINGS}0007,2026-09-11,一组,S01,staff,yes\n")
    nights = [night for night, *_ in house.charges("0007")]
    assert nights == ["2026-09-02", "2026-09-09", "2026-09-11"]


def test_teams_are_those_of_the_night_and_the_months_is_its_last(house: House) -> None:
    house.took(
        briefings=briefed("2026-09-10"),
        postings=f"{POSTINGS}0007,2026-09-10,二组,S01,staff,\n0007,2026-10-05,三组,S01,staff,\n",
    )
    roll = {(row["night"], row["staff_no"]): row["team"] for row in house.export("roll")}
    assert roll["2026-09-02", "0007"] == "一组"
    assert roll["2026-09-10", "0007"] == "二组"
    assert house.deduction("0007", "2026-09")["team"] == "二组"
    assert house.deduction("0007", "2026-10")["team"] == "三组"


def test_who_had_left_keeps_the_team_and_wage_of_their_last_night(house: House) -> None:
    house.took(
        staff="staff_no,name,team,supervisor_no,position,hired_on,left_on,monthly_wage\n"
        "0007,曾小贤,一组,S01,staff,2025-01-01,2026-09-15,4350\n",
        postings=f"{POSTINGS}0007,2026-09-14,二组,S01,staff,\n0007,2026-09-16,三组,S01,staff,\n",
        wages="staff_no,effective_from,monthly_wage\n0007,2026-09-15,5000\n0007,2026-09-16,9000\n",
    )
    row = house.deduction("0007")
    assert (row["team"], row["monthly_wage"]) == ("二组", "5000.00")


def test_a_decision_is_right_by_the_position_on_its_night(house: House) -> None:
    """0008 became a supervisor on the 10th: not before, and whoever decided then still did after
    they were moved."""
    promoted = f"{POSTINGS}0008,2026-09-10,一组,S01,supervisor,\n0008,2026-09-20,一组,S01,staff,\n"
    house.took(postings=promoted)

    def decided(at: str) -> str:
        return (
            f"{LEAVE}L{at[8:10]},0007,rest,2026-09-25,2026-09-25,2026-09-01T15:00,,approved,0008,"
            f"{at}\n"
        )

    for at in ("2026-09-09T15:00", "2026-09-10T11:59", "2026-09-20T12:00"):
        refused = house.take(leave=decided(at))
        assert refused.status == 1, at
        assert "leave.csv:2: decided_by: 0008 was neither a supervisor nor" in refused.err
    for at in ("2026-09-10T12:00", "2026-09-20T11:59"):
        house.took(leave=decided(at))


def test_nothing_is_decided_before_it_was_asked_for(house: House) -> None:
    asked = f"{LEAVE}L1,0007,rest,2026-09-25,2026-09-25,2026-09-02T15:00,,approved,S01,"
    refused = house.take(leave=f"{asked}2026-09-02T14:59\n")
    assert "leave.csv:2: decided_at: before it was asked for" in refused.err
    house.took(leave=f"{asked}2026-09-02T15:00\n")
    outing = "slip_no,staff_no,requested_at,status,decided_by,decided_at,out_at\n"
    refused = house.take(
        outings=f"{outing}O1,0007,2026-09-02T21:00,approved,S01,2026-09-02T20:00,2026-09-02T21:30\n"
    )
    assert "outings.csv:2: decided_at: before it was asked for" in refused.err


GAP = (
    "staff_no,name,team,supervisor_no,position,hired_on,left_on,monthly_wage\n"
    "0007,曾小贤,一组,S01,staff,2025-01-01,2026-09-05,4350\n"
)


def test_the_time_between_leaving_and_coming_back_costs_nothing(house: House) -> None:
    house.took(
        staff=GAP,
        rehires=f"{REHIRES}0007,2026-09-20,\n",
        briefings=briefed("2026-09-05", "2026-09-06", "2026-09-19", "2026-09-20"),
        bookings="booking_no,night,place,staff_no,status,amount\n"
        "B1,2026-09-05,V01,0007,left,100\nB2,2026-09-06,V01,0007,left,200\n"
        "B3,2026-09-20,V01,0007,left,400\n",
    )
    nights = [night for night, *_ in house.charges("0007")]
    assert nights == ["2026-09-02", "2026-09-05", "2026-09-20"]
    row = house.deduction("0007")
    assert (row["sales"], row["absence_count"]) == ("500.00", "3")


def test_what_is_filed_in_the_gap_is_kept_with_a_warning(house: House) -> None:
    house.took(staff=GAP, rehires=f"{REHIRES}0007,2026-09-20,\n", briefings=briefed("2026-09-10"))
    arrived = "night,staff_no,arrived_at\n2026-09-10,0007,2026-09-10T19:50\n"
    kept = house.took(attendance=arrived)
    assert "0007 left on 2026-09-05: kept, but without effect" in kept.err
    assert house.outcome("0007", "2026-09-10") is None
    early = house.take(attendance=arrived.replace("2026-09-10", "2024-12-31"))
    assert "attendance.csv:2: night: 2024-12-31 is before 0007 was hired" in early.err


@pytest.mark.parametrize(
    ("staff", "rehires", "said"),
    [
        (GAP, "0007,2026-09-05,\n", ["rehires.csv:2: hired_on: hired again on 2026-09-05"]),
        ("", "0007,2026-09-20,\n", ["rehires.csv:2: hired_on: hired again on 2026-09-20"]),
        (GAP, "0007,2026-09-20,2026-09-19\n", ["rehires.csv:2: left_on: before the day"]),
        (GAP, "0099,2026-09-20,\n", ["rehires.csv:2: staff_no: there is no staffer 0099"]),
        (
            GAP,
            "0007,2026-09-20,2026-09-25\n0007,2026-09-24,\n",
            ["rehires.csv:3: hired_on: hired again on 2026-09-24"],
        ),
    ],
)
def test_a_spell_begins_after_the_one_before_it_ended(
    house: House, staff: str, rehires: str, said: list[str]
) -> None:
    files = {"rehires": REHIRES + rehires, **({"staff": staff} if staff else {})}
    refused = house.take(**files)
    assert refused.status == 1
    lines = refused.err.splitlines()
    assert [line for line in lines if ".csv:" in line] == [
        next(line for line in lines if each in line) for each in said
    ]
    assert house.export("rehires") == []


def test_leaving_later_than_coming_back_is_refused_in_the_file_that_says_so(house: House) -> None:
    house.took(staff=GAP, rehires=f"{REHIRES}0007,2026-09-20,\n")
    refused = house.take(staff=GAP.replace("2026-09-05", "2026-09-25"))
    assert refused.status == 1
    assert "staff.csv:2: hired_on: hired again on 2026-09-20" in refused.err


def test_postings_are_refused_as_staff_are(house: House) -> None:
    refused = house.take(
        postings=f"{POSTINGS}0007,2024-12-31,一组,S01,staff,\n0008,2026-09-10,一组,0008,staff,\n"
        "S01,2026-09-10,一组,0007,supervisor,\n0099,2026-09-10,一组,S01,staff,\n"
        "0007,2026-10-01,一组,S01,boss,\n"
    )
    assert refused.status == 1
    for line in (
        "postings.csv:2: effective_from: 2024-12-31 is before 0007 was hired, on 2025-01-01",
        "postings.csv:3: supervisor_no: nobody is their own supervisor",
        "postings.csv:4: supervisor_no: the chain of supervisors comes back to its beginning:"
        " S01 > 0007 > S01",
        "postings.csv:5: staff_no: there is no staffer 0099",
        "postings.csv:6: position:",
    ):
        assert line in refused.err
    # no circle where the other was moved away before
    house.took(
        postings=f"{POSTINGS}0007,2026-09-09,一组,D01,staff,\nS01,2026-09-10,一组,0007,supervisor,\n"
    )


def test_a_posting_in_a_closed_month_needs_a_reason_and_becomes_an_adjustment(
    house: House, run: Run, at: Callable[[str], None]
) -> None:
    at("2026-10-02T13:00")
    assert run("close", "month", "2026-09", "--yes").status == 0
    off = f"{POSTINGS}0007,2026-09-01,一组,S01,staff,no\n"
    assert "2026-09 is closed" in house.take(postings=off).err
    house.took("--reason", "不点名", postings=off)
    assert house.deduction("0007", "2026-10")["adjustments"] == "-800.00"
    assert run("check").status == 0
