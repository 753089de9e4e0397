"""Each way a night can end for a staffer, from files to outcome and charge."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.conftest import House, Run, briefed

NIGHT = "2026-09-02"
ATTENDANCE = "night,staff_no,arrived_at,made_up_at,departed_at\n"
LEAVE = (
    "leave_no,staff_no,kind,first_night,last_night,filed_at,special_reason,status,decided_by,"
    "decided_at\n"
)
OUTINGS = "slip_no,staff_no,requested_at,status,decided_by,decided_at,out_at,back_at\n"
BOOKINGS = "booking_no,night,place,turn,staff_no,booked_at,status,amount\n"
INCIDENTS = "incident_no,staff_no,occurred_at,rule,amount,note,reported_by,status\n"

LATE = [(NIGHT, "late", "roll", "30.00", "standing")]
MISSED = [(NIGHT, "missed_briefing", "roll", "50.00", "standing")]
ABSENT = [(NIGHT, "absence", "roll", "800.00", "standing")]


@pytest.mark.parametrize(
    ("arrived", "made_up", "booking", "outcome", "charges"),
    [
        ("19:30", "", "", "present", []),
        ("19:30:01", "", "", "late", LATE),
        ("19:50", "", "", "late", LATE),
        ("19:50:01", "", "", "missed", MISSED),
        ("", "20:10", "", "missed", MISSED),
        ("", "20:10", "V01,1,0007,,booked,", "made_up", []),
        ("", "20:10", "V01,1,0007,,arrived,", "made_up", []),
        ("", "20:10", "V01,1,0007,,left,900", "made_up", []),
        ("", "20:10", "V01,1,0007,,cancelled,", "missed", MISSED),
        ("", "20:10", "V01,1,0007,,no_show,", "missed", MISSED),
        ("", "20:10", "A01,1,0007,,left,900", "missed", MISSED),
        ("", "20:10", "V01,1,0008,,left,900", "missed", MISSED),
        ("19:40", "20:10", "V01,1,0007,,left,900", "made_up", []),
        ("19:40", "20:10", "", "late", LATE),
        ("20:30", "20:10", "V01,1,0007,,cancelled,", "missed", MISSED),
        ("19:40", "", "V01,1,0007,,left,900", "late", LATE),
        ("", "", "", "absent", ABSENT),
        ("", "", "V01,1,0007,,left,900", "absent", ABSENT),
    ],
)
def test_the_first_outcome_that_holds(
    house: House, arrived: str, made_up: str, booking: str, outcome: str, charges: object
) -> None:
    signs = [f"{NIGHT}T{clock}" if clock else "" for clock in (arrived, made_up)]
    files = {"attendance": f"{ATTENDANCE}{NIGHT},0007,{signs[0]},{signs[1]},\n"}
    if booking:
        files["bookings"] = f"{BOOKINGS}B1,{NIGHT},{booking}\n"
    house.took(**files)

    assert house.outcome("0007") == outcome
    assert house.charges("0007") == charges


def test_nobody_is_late_by_closing_while_the_briefing_is_open(house: House) -> None:
    house.took(briefings=f"night,closed_at\n{NIGHT},\n")
    house.took(attendance=f"{ATTENDANCE}{NIGHT},0007,2026-09-03T03:00,,\n")

    assert house.outcome("0007") == "late"


def test_who_gave_no_sign_is_pending_until_the_night_is_over_or_closed(
    house: House, at: Callable[[str], None]
) -> None:
    at("2026-09-02T21:00")
    house.took(briefings=briefed("2026-09-01", "2026-09-02"))
    assert house.outcome("0007") == "pending"
    assert house.outcome("0007", "2026-09-01") == "absent"

    at("2026-09-03T11:59:59")
    assert house.outcome("0007") == "pending"
    assert [c[0] for c in house.charges("0007")] == ["2026-09-01"]

    at("2026-09-03T12:00")
    assert house.outcome("0007") == "absent"
    assert [c[0] for c in house.charges("0007")] == ["2026-09-01", "2026-09-02"]
    assert house.run("check").status == 0


def test_a_night_can_be_closed_before_it_is_over(house: House, at: Callable[[str], None]) -> None:
    at("2026-09-03T02:30")
    house.took(briefings=f"night,closed_at\n{NIGHT},\n")  # judged while nothing is over
    assert house.outcome("0007") == "pending"

    assert house.run("close", "night", NIGHT).status == 0

    assert house.charges("0007") == ABSENT
    assert house.export("briefings")[0]["night_closed"] == "yes"
    assert house.run("close", "night", NIGHT).status == 0


@pytest.mark.parametrize(
    ("filed_at", "special", "status", "outcome"),
    [
        ("2026-09-01T21:00", "", "approved", "rest"),
        ("2026-09-02T11:59", "", "approved", "rest"),
        ("2026-09-02T12:00", "", "approved", "absent"),
        ("2026-09-02T18:00", "家里有急事", "approved", "rest"),
        ("2026-09-01T21:00", "", "requested", "absent"),
        ("2026-09-01T21:00", "", "rejected", "absent"),
        ("2026-09-01T21:00", "", "withdrawn", "absent"),
    ],
)
def test_leave(house: House, filed_at: str, special: str, status: str, outcome: str) -> None:
    decided = "S01,2026-09-05T10:00" if status in ("approved", "rejected") else ","
    row = f"L1,0007,rest,{NIGHT},{NIGHT},{filed_at},{special},{status},{decided}\n"
    house.took(leave=LEAVE + row)

    assert house.outcome("0007") == outcome


def test_a_leave_filed_on_its_first_night_is_in_time_for_the_others(house: House) -> None:
    nights = ("2026-09-02", "2026-09-03", "2026-09-04")
    house.took(briefings=briefed(*nights))
    house.took(
        leave=f"{LEAVE}L1,0007,rest,{nights[0]},{nights[2]},2026-09-02T15:00,,approved,S01,"
        "2026-09-02T16:00\n"
    )

    assert [house.outcome("0007", night) for night in nights] == ["absent", "rest", "rest"]


def test_coming_in_on_a_night_of_rest_is_no_offence(house: House) -> None:
    house.took(
        leave=f"{LEAVE}L1,0007,rest,{NIGHT},{NIGHT},2026-09-01T15:00,,approved,S01,"
        "2026-09-01T16:00\n",
        attendance=f"{ATTENDANCE}{NIGHT},0007,2026-09-02T21:00,,\n",
    )

    assert house.outcome("0007") == "rest"
    assert house.charges("0007") == []


@pytest.mark.parametrize(
    ("slip", "charged"),
    [
        ("2026-09-02T21:30,approved,S01,2026-09-02T21:40,2026-09-02T21:40,", False),
        ("2026-09-02T21:30,approved,D01,2026-09-02T21:35,2026-09-02T21:40,", False),
        ("2026-09-02T21:30,approved,S01,2026-09-02T21:41,2026-09-02T21:40,", True),
        ("2026-09-02T21:30,requested,,,2026-09-02T21:40,", True),
        ("2026-09-02T21:30,rejected,S01,2026-09-02T21:35,2026-09-02T21:40,", True),
        ("2026-09-02T21:30,withdrawn,,,2026-09-02T21:40,", True),
        (",none,,,2026-09-02T21:40,2026-09-02T22:00", True),
        ("2026-09-02T21:30,requested,,,,", False),
    ],
)
def test_going_out(house: House, slip: str, charged: bool) -> None:
    house.took(
        outings=f"{OUTINGS}O1,0007,{slip}\n",
        attendance=f"{ATTENDANCE}{NIGHT},0007,2026-09-02T19:00,,\n",
    )

    due = [(NIGHT, "left_post", "outing:O1", "100.00", "standing")] if charged else []
    assert house.charges("0007") == due


def test_half_past_one_on_the_first_belongs_to_the_month_before(house: House) -> None:
    house.took(outings=f"{OUTINGS}O1,0007,,none,,,2026-10-01T01:30,\n")

    assert house.charges("0007")[-1][0] == "2026-09-30"
    assert house.deduction("0007")["left_post_amount"] == "100.00"


def test_incidents_of_every_kind(house: House) -> None:
    house.took(
        attendance=f"{ATTENDANCE}{NIGHT},0007,2026-09-02T19:00,,\n",
        incidents=INCIDENTS
        + "I1,0007,2026-09-02T23:00,left_post,,,D01,\n"
        + "I2,0007,2026-09-02T23:00,service_complaint,100.00,,D01,recorded\n"
        + "I3,0007,2026-09-02T23:00,insubordination,300,初犯,D01,\n"
        + "I4,0007,2026-09-02T23:00,fighting,1000,动手伤人,D01,\n"
        + "I5,0007,2026-09-02T23:00,booking_fraud,,,D01,\n"
        + "I6,0007,2026-09-02T23:00,theft,,,D01,\n"
        + "I7,0007,2026-09-02T23:00,service_complaint,,,D01,withdrawn\n",
        bookings=f"{BOOKINGS}B1,{NIGHT},V01,,0007,,left,1999.50\n",
    )

    row = house.deduction("0007")
    assert row["charges_total"] == "1500.00"
    assert (row["sales"], row["sales_voided"], row["sales_counted"]) == ("1999.50",) * 2 + ("0.00",)
    assert row["theft_count"] == "1"
    assert row["theft_amount"] == "0.00"
    assert row["dismissed"] == "no"
    assert house.charges("0007")[1][1:] == ("fighting", "incident:I4", "1000.00", "standing")


def test_a_dismissal_takes_no_money_and_proposes_to_part(house: House) -> None:
    house.took(incidents=INCIDENTS + "I1,0007,2026-09-02T23:00,drugs,,,D01,\n")

    row = house.deduction("0007")
    assert (row["dismissed"], row["drugs_count"], row["drugs_amount"]) == ("yes", "1", "0.00")
    assert house.run("close", "month", "2026-09", "--yes").status == 1


def test_the_third_absence_of_a_month_deems_resigned(house: House) -> None:
    house.took(briefings=briefed(*(f"2026-09-{day:02d}" for day in (5, 9, 11, 14))))

    row = house.deduction("0007")
    assert (row["absence_count"], row["deemed_resigned"]) == ("5", "2026-09-09")

    waived = house.run(
        "waive", "0007", "2026-09-05", "absence", "roll", "--reason", "家属作证，确在医院"
    )
    assert waived.status == 0, waived.err
    assert house.deduction("0007")["deemed_resigned"] == "2026-09-11"

    assert house.run("separations", "confirm", "0007", "2026-09", "--by", "D01").status == 0
    assert house.export("staff")[0]["left_on"] == "2026-09-11"
    row = house.deduction("0007")
    assert (row["absence_count"], row["deemed_resigned"]) == ("3", "2026-09-11")
    assert house.run("check").status == 0


def test_taking_a_fact_back_takes_its_charge_back(house: House) -> None:
    house.took(attendance=f"{ATTENDANCE}{NIGHT},0007,2026-09-02T19:40,,\n")
    assert house.charges("0007") == LATE

    house.took(attendance=f"{ATTENDANCE}{NIGHT},0007,2026-09-02T19:20,,\n")

    assert house.charges("0007") == []
    assert "reversed" in house.run("explain", "0007", "2026-09").out


def test_wages_in_force_on_the_night(house: House) -> None:
    house.took(
        briefings=briefed("2026-09-09", "2026-09-10"),
        wages="staff_no,effective_from,monthly_wage\n0007,2026-09-10,5000.01\n",
    )

    amounts = [amount for _, _, _, amount, _ in house.charges("0007")]
    assert amounts == ["800.00", "800.00", "919.54"]
    assert house.deduction("0007")["monthly_wage"] == "5000.01"


def test_who_has_left_costs_nothing_more(house: House) -> None:
    answer = house.took(
        staff="staff_no,name,position,hired_on,left_on,monthly_wage,team,supervisor_no\n"
        "0007,曾小贤,staff,2025-01-01,2026-09-01,4350,一组,S01\n",
        attendance=f"{ATTENDANCE}{NIGHT},0007,2026-09-02T19:40,,\n",
        incidents=INCIDENTS + "I1,0007,2026-09-02T23:00,service_complaint,,,D01,\n",
        bookings=f"{BOOKINGS}B1,{NIGHT},V01,,0007,,left,1999.50\n",
    )

    assert "attendance.csv:2: staff_no: 0007 left on 2026-09-01" in answer.err
    assert house.outcome("0007") is None
    assert house.charges("0007") == []
    assert house.deduction("0007")["sales"] == "0.00"


def test_on_a_night_the_clocks_change_in_london(run: Run, tmp_path: Path) -> None:
    house = House(run, tmp_path)
    assert house.run("init", "--name", "Soho", "--timezone", "Europe/London").status == 0
    house.took(
        staff="staff_no,name,position,hired_on,monthly_wage\nD1,A,director,2025-01-01,1\n"
        "S1,B,staff,2025-01-01,3000\n",
        briefings="night,closed_at\n2026-10-24,2026-10-24T19:50\n2026-03-28,2026-03-28T19:50\n",
        attendance="night,staff_no,arrived_at,departed_at\n"
        "2026-10-24,S1,2026-10-24T19:30,2026-10-25T01:30+00:00\n",
        outings=OUTINGS
        # the first 01:30 is 00:30 UTC: approved a second after they went out
        + "O1,S1,2026-10-25T01:00,approved,D1,2026-10-25T01:30:01,2026-10-25T01:30,2026-10-25T01:40\n"
        # the second 01:30 is an hour later
        + "O2,S1,2026-10-25T01:00,approved,D1,2026-10-25T01:59,2026-10-25T01:30+00:00,\n",
    )
    assert [c[2] for c in house.charges("S1") if c[1] == "left_post"] == ["outing:O1"]
    assert house.export("attendance")[0]["departed_at"] == "2026-10-25T01:30+00:00"

    skipped = house.take(outings=f"{OUTINGS}O3,S1,,none,,,2026-03-29T01:30,\n")
    assert skipped.status == 1
    assert "outings.csv:2: out_at: the clocks went forward" in skipped.err
