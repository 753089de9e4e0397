"""What an import of somebody who is signed in may not do for them."""

import pytest

from tests.commands.conftest import House, Ran

SECRET = "correct horse"
LEAVE = "leave_no,staff_no,kind,first_night,last_night,filed_at,status,decided_by,decided_at\n"
DEAL = "deal_no,night,at,closer_no,kind,buyers,amount\n"
DECISION = "deal_no,shares,reason,decided_by\n"
WAIVER = "staff_no,night,rule,source,waived_by,reason\n"


@pytest.fixture
def signed_in(house: House) -> House:
    """The house, with accounts of the admin `root` and the director `boss`, who is D01."""
    house.took(
        staff="staff_no,name,position,on_roll,hired_on,monthly_wage\nD01,林国栋,director,yes,2025-01-01,18000\n",
        attendance="night,staff_no,arrived_at\n2026-09-02,D01,2026-09-02T19:40\n"
        "2026-09-02,0007,2026-09-02T19:40\n",
    )
    assert house.run("accounts", "add", "root", "--role", "admin", NEW_SECRET=SECRET).status == 0
    for name, role, staff_no in (("boss", "director", "D01"), ("chief", "supervisor", "S01")):
        added = house.run(
            "--as", "root", "accounts", "add", name, "--role", role, "--staff", staff_no,
            SECRET=SECRET, NEW_SECRET=SECRET,
        )  # fmt: skip
        assert added.status == 0, added.err
    return house


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {"wages": "staff_no,effective_from,monthly_wage\nD01,2026-09-01,99999\n"},
            ["wages.csv:2: staff_no: D01 imports nothing about themselves",
             "wages.csv:2: monthly_wage: a wage is changed by payroll or an admin"],
        ),
        (
            {"wages": "staff_no,effective_from,monthly_wage\n0007,2026-09-01,99999\n"},
            ["wages.csv:2: monthly_wage: a wage is changed by payroll or an admin"],
        ),
        (
            {"staff": "staff_no,monthly_wage\n0007,99999\n"},
            ["staff.csv:2: monthly_wage: a wage is changed by payroll or an admin"],
        ),
        (
            {"waivers": f"{WAIVER}D01,2026-09-02,late,roll,D02,误会\n"},
            ["waivers.csv:2: staff_no: D01 imports nothing about themselves",
             "waivers.csv:2: waived_by: boss can't act in another's name"],
        ),
        (
            {"waivers": f"{WAIVER}0007,2026-09-02,late,roll,D02,误会\n"},
            ["waivers.csv:2: waived_by: boss can't act in another's name"],
        ),
        (
            {"leave": f"{LEAVE}L1,D01,rest,2026-09-20,2026-09-20,2026-09-01T12:00,approved,D02,"
                      "2026-09-01T13:00\n"},
            ["leave.csv:2: staff_no: D01", "leave.csv:2: decided_by: boss can't act"],
        ),
        (
            {"leave": f"{LEAVE}L1,0007,rest,2026-09-20,2026-09-20,2026-09-01T12:00,approved,D02,"
                      "2026-09-01T13:00\n"},
            ["leave.csv:2: decided_by: boss can't act"],
        ),
        (
            {"attendance": "night,staff_no,arrived_at\n2026-09-02,D01,2026-09-02T19:20\n"},
            ["attendance.csv:2: staff_no: D01 imports nothing about themselves"],
        ),
        (
            {"incidents": "incident_no,staff_no,occurred_at,rule,reported_by\n"
                          "I1,0007,2026-09-02T21:00,service_complaint,D02\n"},
            ["incidents.csv:2: reported_by: boss can't act"],
        ),
        (
            {"guests": "guest_no,name,phone,consultant_no\nG1,李老板,13912345678,D01\n"},
            ["guests.csv:2: consultant_no: D01 imports nothing about themselves"],
        ),
        (
            {"deals": f"{DEAL}T1,2026-09-02,2026-09-02T21:00,D01,new,1,100\n"},
            ["deals.csv:2: closer_no: D01 imports nothing about themselves"],
        ),
        (
            {"deals": f"{DEAL}T1,2026-09-02,2026-09-02T21:00,0007,new,1,100\n",
             "credit_decisions": f"{DECISION}T1,D01:1/2 0007:1/2,同意,D02\n"},
            ["credit_decisions.csv:2: shares: D01 imports nothing about themselves",
             "credit_decisions.csv:2: decided_by: boss can't act in another's name"],
        ),
        (
            {"complaints": "complaint_no,at,channel,words,about_staff_no,class,taken_by,founded,"
                           "judged_by\nC1,2026-09-02T21:00,face,慢,0007,simple,S01,yes,D02\n"},
            ["complaints.csv:2: judged_by: boss can't act in another's name"],
        ),
    ],
)  # fmt: skip
def test_what_a_director_may_not_do_alone_no_file_does(
    signed_in: House, files: dict[str, str], said: list[str]
) -> None:
    head = signed_in.run("--as", "root", "audit", "--head", SECRET=SECRET).out.split()[0]
    folder = signed_in.folder / "theirs"
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    refused = signed_in.run("--as", "boss", "import", str(folder), SECRET=SECRET)
    assert refused.status == 1
    *lines, nothing = refused.err.splitlines()
    assert nothing == "Nothing was imported."
    assert len(lines) == len(said), refused.err
    for line, expected in zip(sorted(lines), sorted(said), strict=True):
        assert expected in line
    after = signed_in.run("--as", "root", "audit", "--head", SECRET=SECRET).out.split()[0]
    assert int(after) == int(head) + 2  # their signing in, and root's


LATER = {"briefings": "night,closed_at\n2026-09-02,2026-09-02T20:10\n"}
NOT_HELD = {"staff": "staff_no,on_roll\n0008,no\n", **LATER}
A_ROOM = {"places": "place,kind\nA01,room\n"}
CAME_LATE = "night,staff_no,arrived_at\n2026-09-02,D01,2026-09-02T20:00\n"
SIGNED = "night,staff_no,arrived_at,made_up_at\n2026-09-02,D01,,2026-09-02T22:00\n"
TABLE = (
    "booking_no,night,place,staff_no,booked_at,status\n"
    "B1,2026-09-02,A01,D01,2026-09-02T18:00,booked\n"
)


def _import(house: House, who: str, files: dict[str, str]) -> Ran:
    folder = house.folder / f"of {who}"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    ran = house.run("--as", who, "import", str(folder), SECRET=SECRET)
    for name in files:
        (folder / f"{name}.csv").unlink()
    return ran


@pytest.mark.parametrize(
    ("before", "files"),
    [
        ({"attendance": CAME_LATE}, LATER),
        ({"attendance": CAME_LATE}, NOT_HELD),
        ({"attendance": SIGNED, "bookings": TABLE}, A_ROOM),
    ],
)
def test_no_file_lets_their_own_charge_go_by_a_row_about_something_else(
    signed_in: House, before: dict[str, str], files: dict[str, str]
) -> None:
    """What is late or missed depends on when the briefing was closed, and a make-up sign on whether
    a place is a room: neither row is about them."""
    assert _import(signed_in, "root", before).status == 0
    charges = ("--as", "root", "export", "charges", "--month", "2026-09")
    charged = signed_in.run(*charges, SECRET=SECRET).out
    assert "D01" in charged
    assert "missed_briefing" in charged
    refused = _import(signed_in, "boss", files)
    assert refused.status == 1
    assert refused.err.splitlines() == [
        "D01's own charge of 2026-09-02 (missed_briefing) would go or shrink: somebody else has"
        " to do this",
        "Nothing was imported.",
    ]
    assert signed_in.run(*charges, SECRET=SECRET).out == charged
    assert _import(signed_in, "root", files).status == 0
    assert "missed_briefing" not in signed_in.run(*charges, SECRET=SECRET).out


def test_nobody_takes_an_import_back_that_charged_them(signed_in: House) -> None:
    assert _import(signed_in, "root", {"attendance": CAME_LATE}).status == 0
    refused = signed_in.run("--as", "boss", "import", "--undo", SECRET=SECRET)
    assert refused.status == 1
    assert "D01's own charge of 2026-09-02 (missed_briefing) would go or shrink" in refused.err
    assert signed_in.run("--as", "root", "import", "--undo", SECRET=SECRET).status == 0


def test_what_is_theirs_to_do_is_taken_and_is_theirs(signed_in: House) -> None:
    folder = signed_in.folder / "theirs"
    folder.mkdir()
    (folder / "waivers.csv").write_text(f"{WAIVER}0007,2026-09-02,late,roll,D01,误会\n", "utf-8")
    (folder / "attendance.csv").write_text(
        "night,staff_no,arrived_at\n2026-09-02,D01,2026-09-02T19:40\n"
        "2026-09-02,0008,2026-09-02T19:20\n", "utf-8",
    )  # fmt: skip
    (folder / "staff.csv").write_text(
        "staff_no,name,team,supervisor_no,position,hired_on,monthly_wage\n"
        "0009,新人,一组,S01,staff,2026-09-01,4000\n", "utf-8",
    )  # fmt: skip
    took = signed_in.run("--as", "boss", "import", str(folder), SECRET=SECRET)
    assert took.status == 0, took.err
    told = signed_in.run("--as", "root", "audit", "--last", "2", SECRET=SECRET).out
    assert "boss" in told


def test_an_admin_sets_wages_and_decides_in_nobodys_name(signed_in: House) -> None:
    folder = signed_in.folder / "theirs"
    folder.mkdir()
    (folder / "wages.csv").write_text(
        "staff_no,effective_from,monthly_wage\n0007,2026-09-01,5000\n", "utf-8"
    )
    assert signed_in.run("--as", "root", "import", str(folder), SECRET=SECRET).status == 0
    (folder / "waivers.csv").write_text(f"{WAIVER}0007,2026-09-02,late,roll,D01,误会\n", "utf-8")
    refused = signed_in.run("--as", "root", "import", str(folder), SECRET=SECRET)
    assert (refused.status, "root can't act in another's name" in refused.err) == (1, True)


def test_a_supervisor_hears_of_their_own_people_alone(signed_in: House) -> None:
    mine = signed_in.run("--as", "chief", "explain", "0007", "2026-09", SECRET=SECRET)
    assert mine.status == 0, mine.err
    other = signed_in.run("--as", "chief", "explain", "D01", "2026-09", SECRET=SECRET)
    assert (other.status, other.out) == (1, "")
    whatif = signed_in.run("--as", "chief", "rules", "whatif", "club", "2026-09", SECRET=SECRET)
    assert "D01" not in whatif.out
    for dataset in ("deductions", "charges", "roll", "staff", "wages", "night_log"):
        assert signed_in.run("--as", "chief", "export", dataset, SECRET=SECRET).status == 1
