"""What can't have happened is refused: ahead of the clock, decades away, or twice at once."""

from collections.abc import Callable

import pytest

from tests.commands.conftest import House, Run

At = Callable[[str], None]
LEAVE = (
    "leave_no,staff_no,kind,first_night,last_night,filed_at,special_reason,status,decided_by,"
    "decided_at\n"
)
OUTINGS = "slip_no,staff_no,reason,requested_at,status,decided_by,decided_at,out_at,back_at\n"
INCIDENTS = "incident_no,staff_no,occurred_at,rule,amount,note,status\n"
NONE = ",0007,,,none,,"


@pytest.fixture
def at_nine(house: House, at: At) -> House:
    at("2026-09-02T21:00")
    return house


@pytest.mark.parametrize(
    ("dataset", "row", "column"),
    [
        ("attendance", "night,staff_no,arrived_at\n2026-09-02,0007,{at}\n", "arrived_at"),
        ("attendance", "night,staff_no,made_up_at\n2026-09-02,0007,{at}\n", "made_up_at"),
        ("briefings", "night,closed_at\n2026-09-02,{at}\n", "closed_at"),
        ("leave", LEAVE + "L1,0007,rest,2026-09-09,2026-09-09,{at},,requested,,\n", "filed_at"),
        (
            "leave",
            LEAVE + "L1,0007,rest,2026-09-09,2026-09-09,2026-09-01T15:00,,approved,S01,{at}\n",
            "decided_at",
        ),
        ("outings", OUTINGS + "O1,0007,,{at},requested,,,,\n", "requested_at"),
        ("outings", OUTINGS + "O1" + NONE + ",{at},\n", "out_at"),
        ("outings", OUTINGS + "O1" + NONE + ",2026-09-02T20:00,{at}\n", "back_at"),
        ("incidents", INCIDENTS + "I1,0007,{at},theft,,,\n", "occurred_at"),
    ],
)
def test_nothing_has_happened_more_than_five_minutes_ahead_of_the_clock(
    at_nine: House, dataset: str, row: str, column: str
) -> None:
    refused = at_nine.take(**{dataset: row.format(at="2026-09-02T21:05:01")})
    assert refused.status == 1
    assert f"{dataset}.csv:2: {column}: 2026-09-02T21:05:01 is ahead of the clock" in refused.err
    assert refused.err.count(".csv:2:") == 1
    at_nine.took(**{dataset: row.format(at="2026-09-02T21:05")})


def test_plans_may_lie_ahead_and_a_leave_lasts_a_year_at_most(at_nine: House) -> None:
    row = LEAVE + "L1,0007,rest,{},{},2026-09-02T15:00,,requested,,\n"
    at_nine.took(
        leave=row.format("2027-01-01", "2028-01-01"),
        bookings="booking_no,night,place,staff_no,status\nB1,2027-09-02,V01,0007,booked\n",
    )
    too_long = at_nine.take(leave=row.format("2027-01-01", "2028-01-02"))
    assert "leave.csv:2: last_night: a leave lasts 366 nights at most" in too_long.err


@pytest.mark.parametrize("year", ["1926", "2126"])
def test_a_mistyped_year_is_refused(at_nine: House, year: str) -> None:
    """One booking in 8999 made an export of 669,417 lines."""
    refused = at_nine.take(
        staff="staff_no,name,position,hired_on,monthly_wage\nX1,老人,staff,1920-01-01,1\n",
        bookings=f"booking_no,night,place,staff_no,status\nB1,{year}-09-02,V01,X1,booked\n",
        attendance=f"night,staff_no\n{year}-09-02,X1\n",
        briefings=f"night,closed_at\n{year}-09-02,{year}-09-02T20:00\n",
        leave=f"{LEAVE}L1,X1,rest,{year}-09-02,{year}-09-02,2026-09-01T15:00,,requested,,\n",
    )
    for where in (
        "bookings.csv:2: night",
        "attendance.csv:2: night",
        "briefings.csv:2: night",
        "leave.csv:2: first_night",
    ):
        assert f"{where}: {year}-09-02 lies decades away" in refused.err
    assert refused.err.count(".csv:2:") == 5  # the leave's two nights; nothing that only follows
    far = at_nine.take(
        bookings="booking_no,night,place,staff_no,status\nB1,8999-09-02,V01,0007,booked\n"
    )
    assert "bookings.csv:2: night: the year must lie between 1900 and 2199" in far.err


@pytest.mark.parametrize(
    ("second", "refused"),
    [
        ("2026-09-02T20:00,", True),
        ("2026-09-02T20:10,2026-09-02T20:20", True),
        ("2026-09-02T19:50,2026-09-02T20:01", True),
        ("2026-09-02T19:50,", True),
        ("2026-09-02T20:30,2026-09-02T20:40", False),
        ("2026-09-02T19:40,2026-09-02T20:00", False),
    ],
)
def test_two_outings_of_one_staffer_never_overlap(
    at_nine: House, run: Run, second: str, refused: bool
) -> None:
    first = f"{OUTINGS}O1{NONE},2026-09-02T20:00,2026-09-02T20:30\n"
    together = at_nine.take(outings=f"{first}O2{NONE},{second}\n")
    assert together.status == refused
    if refused:
        assert "outings.csv:3: out_at: they were out then already, on O1 from" in together.err
    at_nine.took(outings=first)
    after = at_nine.take(outings=f"{OUTINGS}O2{NONE},{second}\n")
    assert after.status == refused
    assert len(at_nine.charges("0007")) == (1 if refused else 2)
    assert "Nothing changed" in at_nine.took(outings=first).err
    # another's outing is their own
    at_nine.took(outings=f"{OUTINGS}O3{NONE},{second}\n".replace("0007", "0008"))


def test_one_going_out_is_fined_once_whoever_says_so(at_nine: House) -> None:
    """Three fines of 100 once came of one going out."""
    slip = f"{OUTINGS}O1{NONE},2026-09-02T20:00,2026-09-02T20:30\n"
    seen = INCIDENTS + "I1,0007,2026-09-02T{},left_post,,,{}\n"
    for clock in ("20:00", "20:29:59"):
        refused = at_nine.take(outings=slip, incidents=seen.format(clock, ""))
        assert refused.status == 1
        assert "incidents.csv:2: occurred_at: they were out then already, on O1" in refused.err
    at_nine.took(outings=slip, incidents=seen.format("20:30", ""))
    assert [(rule, amount) for _, rule, _, amount, _ in at_nine.charges("0007")] == [
        ("left_post", "100.00"),
        ("left_post", "100.00"),
    ]
    refused = at_nine.take(outings=f"{OUTINGS}O2{NONE},2026-09-02T20:30,2026-09-02T20:45\n")
    assert "outings.csv:2: out_at: that they left their post then is incident I1" in refused.err
    # withdrawn in the same import, or of another kind, it says nothing of the kind
    at_nine.took(
        outings=f"{OUTINGS}O2{NONE},2026-09-02T20:30,2026-09-02T20:45\n",
        incidents=seen.format("20:30", "withdrawn")
        + "I2,0007,2026-09-02T20:10,service_complaint,,,\n",
    )


def test_an_outing_without_a_return_lasts_until_its_night_ends(house: House, at: At) -> None:
    at("2026-09-03T20:00")
    still = f"{OUTINGS}O1{NONE},2026-09-02T20:00,\n"
    refused = house.take(outings=f"{still}O2{NONE},2026-09-03T11:59:59,\n")
    assert "outings.csv:3: out_at: they were out then already, on O1" in refused.err
    house.took(outings=f"{still}O2{NONE},2026-09-03T12:00,\n")


def test_a_chosen_amount_says_why(at_nine: House) -> None:
    for rule, amount in (("insubordination", "300"), ("booking_fraud", "1")):
        refused = at_nine.take(incidents=f"{INCIDENTS}I1,0007,2026-09-02T20:10,{rule},{amount},,\n")
        assert "incidents.csv:2: note: say why" in refused.err
    at_nine.took(incidents=f"{INCIDENTS}I1,0007,2026-09-02T20:10,booking_fraud,,,\n")


def test_a_charges_reason_is_a_sentence_with_and_without_a_note(at_nine: House, run: Run) -> None:
    at_nine.took(
        incidents=f"{INCIDENTS}I1,0007,2026-09-02T20:10,service_complaint,,,\n"
        "I2,0007,2026-09-02T20:20,fighting,500,推人,\n"
    )
    reasons = {row["rule"]: row["reason"] for row in at_nine.export("charges")}
    assert reasons["service_complaint"] == "raised for what happened at 2026-09-02T20:10"
    assert reasons["fighting"] == "raised for what happened at 2026-09-02T20:20: 推人"
    chinese = run("export", "charges", "--headers", "zh", "--plain").out
    assert "2026-09-02T20:10 发生的违规，已登记" in chinese
