"""The worked examples of the guest desk through files: facts in, shares, turns and due times out."""

import csv
import io
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.commands.conftest import Run
from tests.models.rules.guests.scene import Scene, halves
from tests.models.rules.guests.test_credit import APART, CLUB, KTV, OFFICE

STAFF = "staff_no,name,position,hired_on,monthly_wage\n" + "".join(
    f"{each},{each},{'director' if each == 'boss' else 'staff'},2025-01-01,5000\n"
    for each in ("A", "B", "C", "D", "E", "F", "boss")
)
Rows = list[dict[str, object]]


def text_of(rows: Iterable[dict[str, object]]) -> str:
    rows = list(rows)
    out = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def files_of(scenes: dict[str, Scene]) -> dict[str, Rows]:
    """The facts of scenes as the datasets' rows, their numbers told apart by the scene's."""
    files: dict[str, Rows] = {}

    def add(name: str, **row: object) -> None:
        cells = {
            column: ""
            if value is None
            else {True: "yes", False: "no"}.get(value, value)  # type: ignore[call-overload]
            if isinstance(value, bool) or value is None
            else value
            for column, value in row.items()
        }
        files.setdefault(name, []).append(cells)

    for number, scene in scenes.items():
        key = number.replace(" ", "_")

        def of(value: str | None, key: str = key) -> str | None:
            return f"{key}.{value}" if value else None

        def at(instant: int | None, scene: Scene = scene) -> str | None:
            return scene.calendar.format(instant) if instant is not None else None

        scene.around()
        deal = scene.sale
        assert deal is not None
        users = {deal.user_no, deal.guest_no} - {None} - scene.guests.keys()
        for user in sorted(map(str, users)):
            scene.guest(user)
        for guest in scene.guests.values():
            add(
                "guests",
                guest_no=of(guest.guest_no),
                unit=of(guest.unit),
                kind=guest.kind,
                consultant_no=guest.consultant_no,
            )
        for visit in scene.visits:
            add(
                "visits",
                visit_no=of(visit.visit_no),
                night=visit.night,
                at=at(visit.at),
                guest_no=of(visit.guest_no),
                party_no=of(visit.party_no),
                asked_for=visit.asked_for,
                asked_member=of(visit.asked_member),
                asked_before_tour=visit.asked_before_tour,
                prompted=visit.prompted,
                voucher_of=visit.voucher_of,
                received_by=visit.received_by,
            )
        for contact in scene.contacts:
            add(
                "contacts",
                contact_no=of(contact.contact_no),
                staff_no=contact.staff_no,
                guest_no=of(contact.guest_no),
                kind=contact.kind,
                at=at(contact.at),
                for_night=contact.for_night,
                number=contact.number,
                reached_on=contact.reached_on,
                signed_by=contact.signed_by,
                void=contact.void,
            )
        for visit_no, staff_no in scene.received.items():
            visit = next(each for each in scene.visits if each.visit_no == visit_no)
            add(
                "turns",
                turn_no=of(visit_no),
                night=visit.night,
                at=at(visit.at),
                visit_no=of(visit_no),
                staff_no=staff_no,
                how="turn",
            )
        for booking in scene.bookings:
            ours = deal.booking_no == booking.booking_no
            add(
                "bookings",
                booking_no=of(booking.booking_no),
                night=booking.night,
                place="V01",
                staff_no=booking.staff_no,
                booked_at=at(booking.booked_at),
                status="left" if ours else "no_show",
                amount="2880" if ours else None,
                source=None if booking.source == "staff" else booking.source,
                guest_no=of(booking.guest_no),
                arrived_at=at(booking.arrived_at),
                visit_no=of(booking.visit_no),
            )
        if deal.booking_no is None:
            add(
                "deals",
                deal_no=of("d1"),
                night=deal.night,
                at=at(deal.at),
                closer_no=deal.closer_no,
                guest_no=of(deal.guest_no),
                user_no=of(deal.user_no),
                kind=deal.kind,
                buyers=deal.buyers,
                amount="2880.01",
            )
        for heir in scene.heirs:
            add(
                "heirs",
                guest_no=of(heir.guest_no),
                from_night=heir.from_night,
                from_staff_no=heir.from_staff_no,
                to_staff_no=heir.to_staff_no,
            )
        for claim in scene.claims:
            add(
                "claims",
                deal_no=of(claim.deal_no),
                staff_no=claim.staff_no,
                found_on=claim.found_on,
            )
    return files  # fmt: skip


def took(run: Run, folder: Path, files: dict[str, Rows]) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "staff.csv").write_text(STAFF, "utf-8")
    (folder / "places.csv").write_text("place,kind\nV01,room\nV02,room\n", "utf-8")
    for name, rows in files.items():
        (folder / f"{name}.csv").write_text(text_of(rows), "utf-8")
    taken = run("import", str(folder))
    assert taken.status == 0, taken.err


def exported(run: Run, name: str, month: str = "2026-11") -> list[dict[str, str]]:
    written = run("export", name, "--month", month, "--plain")
    assert written.status == 0, written.err
    return list(csv.DictReader(io.StringIO(written.out)))


@pytest.mark.parametrize(
    ("rulebook", "examples"),
    [
        ("club", {number: make for number, (make, *_) in CLUB.items()}),
        ("property_sales", {number: make for number, (make, _) in OFFICE.items()}),
        ("nightlife", {number: make for number, (make, *_) in KTV.items()}),
    ],
)
def test_shares(
    run: Run, tmp_path: Path, rulebook: str, examples: dict[str, Callable[[], Scene]]
) -> None:
    assert (
        run("init", "--name", "x", "--timezone", "Asia/Shanghai", "--rulebook", rulebook).status
        == 0
    )
    scenes = {number: make() for number, make in examples.items()}
    took(run, tmp_path / "in", files_of(scenes))
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row in exported(run, "credits"):
        number = row["deal_no"].removeprefix("booking:").split(".")[0]
        found.setdefault(number, []).append((row["staff_no"], row["share"], row["service"]))
        assert row["decided"] == "rule"
    for number, scene in scenes.items():
        credit = scene.credit()
        assert sorted(found[number.replace(" ", "_")]) == sorted(
            (
                each.staff_no or "",
                str(each.share),
                "yes" if each.staff_no and each.staff_no == credit.serves else "no",
            )
            for each in credit.shares
        ), number
    assert run("check").status == 0
    again = run("import", str(tmp_path / "in"))
    assert "Nothing changed" in again.err


@pytest.mark.parametrize("number", APART)
def test_shares_of_a_house_of_its_own(run: Run, tmp_path: Path, number: str) -> None:
    """Where somebody left, and in other months."""
    made = run("init", "--name", "x", "--timezone", "Asia/Shanghai", "--rulebook", "club")
    assert made.status == 0
    make, shares, _ = APART[number]
    scene = make()
    assert scene.sale is not None
    files = files_of({"s": scene})
    left = {who: each.left_on for who, each in scene.staff.items() if each.left_on is not None}
    files["staff"] = [
        {**row, "left_on": left.get(row["staff_no"], "")}
        for row in csv.DictReader(io.StringIO(STAFF))
    ]
    took(run, tmp_path / "in", files)
    rows = exported(run, "credits", f"{scene.sale.night:%Y-%m}")
    assert {row["staff_no"]: row["share"] for row in rows} == {
        str(who): str(share) for who, share in halves(shares).items()
    }
    assert run("check").status == 0


def test_what_the_desks_facts_charge_by_themselves(run: Run, tmp_path: Path) -> None:
    """C15, C43, 7/8 and 8.11: an unregistered client's sale, a second sheet, a guest whom nobody
    asked, and a number that isn't the register's; each taken back with its fact."""
    assert (
        run("init", "--name", "x", "--timezone", "Asia/Shanghai", "--rulebook", "club").status == 0
    )
    night = "2026-11-10"
    files: dict[str, Rows] = {
        "guests": [{"guest_no": "w", "phone": ""}, {"guest_no": "v", "phone": "13800000001"}],
        "visits": [
            {"visit_no": "v1", "night": night, "at": f"{night}T20:00", "guest_no": "v", "received_by": "B", "asked_been": "no"},
        ],
        "contacts": [
            {"contact_no": "c1", "staff_no": "A", "guest_no": "v", "kind": "follow_up", "at": f"{night}T20:00", "void": "second_follow_up"},
        ],
        "deals": [
            {"deal_no": "d1", "night": night, "closer_no": "B", "guest_no": "w", "phone": "", "same_person_note_at": ""},
            {"deal_no": "d2", "night": night, "closer_no": "C", "guest_no": "v", "phone": "13800000002", "same_person_note_at": ""},
        ],
    }  # fmt: skip
    took(run, tmp_path / "in", files)

    def charges() -> list[tuple[str, str, str, str]]:
        return sorted(
            (row["staff_no"], row["rule"], row["source"], row["amount"])
            for row in exported(run, "charges")
        )

    assert charges() == [
        ("A", "second_follow_up", "contact:c1", "100.00"),
        ("B", "unasked_visitor", "visit:v1", "100.00"),
        ("B", "unregistered_visit", "deal:d1", "50.00"),
        ("C", "unmatched_phone", "deal:d2", "100.00"),
    ]
    waived = run("waive", "B", night, "unregistered_visit", "deal:d1", "--reason", "补登")
    assert waived.status == 0, waived.err
    files["deals"][1]["same_person_note_at"] = f"{night}T21:40"
    files["visits"][0]["asked_been"] = "yes"
    files["contacts"][0]["void"] = ""
    took(run, tmp_path / "in", files)
    assert charges() == [("B", "unregistered_visit", "deal:d1", "50.00")]
    assert run("check").status == 0


def test_whoever_takes_a_guest_who_named_another_is_suspended(run: Run, tmp_path: Path) -> None:
    assert (
        run(
            "init", "--name", "x", "--timezone", "Asia/Shanghai", "--rulebook", "property_sales"
        ).status
        == 0
    )
    files = house_of(2)
    files["visits"] = visits_of("B")
    files["turns"] = turns_of(("A", "turn"))
    took(run, tmp_path / "in", files)
    [charge] = exported(run, "charges")
    assert (charge["staff_no"], charge["rule"], charge["source"]) == (
        "A",
        "taken_client",
        "turn:t0",
    )
    assert "1 turns, of which 1" in run("check").out


def test_why(run: Run, tmp_path: Path) -> None:
    assert (
        run("init", "--name", "x", "--timezone", "Asia/Shanghai", "--rulebook", "club").status == 0
    )
    took(run, tmp_path / "in", files_of({number: CLUB[number][0]() for number in ("C3", "C54")}))
    told = run("explain", "deal", "C3.d1")
    assert told.status == 0, told.err
    assert (
        "A's claim, found on 2026-11-17, gains 1/2 by rule follow_up (follow-up sheet), clause 3"
        in told.out
    )
    assert "B looks after the client" in told.out
    assert "in another month, is void" in run("explain", "deal", "C54.d1").out
    assert run("explain", "deal", "nothing").status == 1
    assert run("explain", "promise", "2026-11", "nothing").status == 1
    assert run("explain", "turn", "nothing").status == 1


def test_a_month_under_another_rulebook(run: Run, tmp_path: Path) -> None:
    """What-if shows a month's shares: a rulebook without claims leaves all with the closer."""
    assert (
        run("init", "--name", "x", "--timezone", "Asia/Shanghai", "--rulebook", "club").status == 0
    )
    took(run, tmp_path / "in", files_of({"C3": CLUB["C3"][0]()}))
    rows = [
        line.split() for line in run("rules", "whatif", "nightlife", "2026-11").out.splitlines()
    ]
    sales = {row[0]: row[-2:] for row in rows if row and row[0] in ("A", "B")}
    assert sales == {"A": ["1440.00", "0.00"], "B": ["1440.01", "2880.01"]}


def visits_of(*whom: str | None, night: str = "2026-11-10") -> Rows:
    return [
        {
            "visit_no": f"v{at}", "night": night, "at": f"{night}T20:{at:02}", "left_at": f"{night}T20:{at:02}:30",
            "guest_no": f"g{at}", "asked_for": asked or "",
        }
        for at, asked in enumerate(whom)
    ]  # fmt: skip


def turns_of(*given: tuple[str, str], night: str = "2026-11-10") -> Rows:
    return [
        {"turn_no": f"t{at}", "night": night, "at": f"{night}T20:{at:02}", "visit_no": f"v{at}", "staff_no": staff_no, "how": how}
        for at, (staff_no, how) in enumerate(given)
    ]  # fmt: skip


ORDER: Rows = [
    {"from_night": "2026-11-01", "position": at, "staff_no": staff_no}
    for at, staff_no in enumerate("ABCD", 1)
]


def house_of(count: int) -> dict[str, Rows]:
    return {"rotation": ORDER, "guests": [{"guest_no": f"g{at}"} for at in range(count)]}


def test_turns(run: Run, tmp_path: Path) -> None:
    assert (
        run(
            "init", "--name", "x", "--timezone", "Asia/Shanghai", "--rulebook", "property_sales"
        ).status
        == 0
    )
    files = house_of(5)
    files["visits"] = visits_of(None, None, None, "B", None)
    files["away"] = [
        {
            "night": "2026-11-10",
            "staff_no": "A",
            "from": "2026-11-10T19:55",
            "until": "2026-11-10T20:00:30",
            "reason": "telephone",
        },
        {
            "night": "2026-11-10",
            "staff_no": "C",
            "from": "2026-11-10T20:01",
            "until": "",
            "reason": "private",
        },
    ]
    files["turns"] = turns_of(
        ("B", "turn"), ("A", "made_up"), ("D", "turn"), ("B", "named"), ("C", "turn")
    )
    took(run, tmp_path / "in", files)
    found = [
        (row["staff_no"], row["how"], row["counted"], row["passed"], row["right"])
        for row in exported(run, "turns")
    ]
    assert found == [
        ("B", "turn", "yes", "A:owed", "yes"),
        ("A", "made_up", "yes", "", "yes"),
        ("D", "turn", "yes", "C:counted", "yes"),
        ("B", "named", "no", "", "yes"),
        ("C", "turn", "yes", "A:owed B:owed", "A"),
    ]
    folder = tmp_path / "out"
    folder.mkdir()
    assert run("export", "turns", "-o", str(folder / "turns.csv")).status == 0
    again = run("import", str(folder / "turns.csv"))
    assert (again.status, "Nothing changed" in again.err) == (0, True)


def test_a_suspension_takes_a_night_out_of_the_rotation(run: Run, tmp_path: Path) -> None:
    assert (
        run(
            "init", "--name", "x", "--timezone", "Asia/Shanghai", "--rulebook", "property_sales"
        ).status
        == 0
    )
    files = house_of(4)
    files["visits"] = visits_of(None, None, None, None)
    files["turns"] = turns_of(("B", "turn"), ("C", "turn"), ("D", "turn"), ("B", "turn"))
    files["incidents"] = [
        {
            "incident_no": "i1",
            "staff_no": "A",
            "occurred_at": "2026-11-09T20:00",
            "rule": "taken_client",
        }
    ]
    took(run, tmp_path / "in", files)
    assert [(row["passed"], row["right"]) for row in exported(run, "turns")] == [
        ("A:out", "yes"), ("", "yes"), ("", "yes"), ("A:out", "yes"),
    ]  # fmt: skip


def test_due_times(run: Run, tmp_path: Path) -> None:
    assert run("init", "--name", "x", "--timezone", "Asia/Shanghai").status == 0
    briefings: Rows = [
        {"night": f"2026-11-{day}", "closed_at": f"2026-11-{day}T20:00"} for day in range(10, 19)
    ]
    complaints: Rows = [
        {"complaint_no": "D1", "at": "2026-11-10T23:30", "class": "general", "answered_at": "2026-11-11T01:30"},
        {"complaint_no": "D4", "at": "2026-11-10T15:00", "class": "complex", "answered_at": "2026-11-10T21:31"},
        {"complaint_no": "D10", "at": "2026-11-10T20:00", "class": "simple", "solved_at": ""},
        {"complaint_no": "D6", "at": "2026-11-10T20:00", "class": "general", "solved_at": "2026-11-11T00:40"},
    ]  # fmt: skip
    took(run, tmp_path / "in", {"briefings": briefings, "complaints": complaints})
    found = {
        (row["code"], row["about"]): (row["due_at"], row["state"])
        for row in exported(run, "promises")
    }
    assert found["complaint_answered", "D1"] == ("2026-11-11T01:30", "kept")
    assert found["complaint_answered", "D4"] == ("2026-11-10T21:30", "late")
    assert found["simple_solved", "D10"] == ("2026-11-10T20:15", "overdue")
    assert found["general_solved", "D1"][0] == "2026-11-14T02:00"
    assert found["complex_solved", "D4"][0] == "2026-11-18T02:00"
    assert found["asked_after", "D6"][0] == "2026-11-12T02:00"


def test_months_sales_follow_the_shares_and_freeze(run: Run, tmp_path: Path) -> None:
    """S10: what voids one staffer's sales leaves the other's share of the same sale alone."""
    assert run("init", "--name", "x", "--timezone", "Asia/Shanghai").status == 0
    night = "2026-10-10"
    files: dict[str, Rows] = {
        "guests": [{"guest_no": "w"}],
        "deals": [{"deal_no": "d1", "night": night, "closer_no": "B", "guest_no": "w", "amount": "2880.01"}],
        "credit_decisions": [{"deal_no": "d1", "shares": "A:1/2 B:1/2", "reason": "同一天跟进", "decided_by": "boss"}],
        "bookings": [
            {"booking_no": "b1", "night": night, "place": "V01", "staff_no": "A", "status": "left", "amount": "100", "source": ""},
            {"booking_no": "b2", "night": night, "place": "V02", "staff_no": "", "status": "left", "amount": "50", "source": "guest"},
        ],
        "incidents": [
            {"incident_no": "i1", "staff_no": "A", "occurred_at": f"{night}T22:00", "rule": "booking_fraud", "amount": "", "note": "卖房"}
        ],
    }  # fmt: skip
    took(run, tmp_path / "in", files)

    def sums() -> dict[str, tuple[str, str, str]]:
        return {
            row["staff_no"]: (row["sales"], row["sales_voided"], row["sales_counted"])
            for row in exported(run, "deductions", "2026-10")
        }

    open_ = sums()
    assert open_["A"] == ("1540.00", "1540.00", "0.00")
    assert open_["B"] == ("1440.01", "0.00", "1440.01")
    credits = exported(run, "credits", "2026-10")
    assert [
        (row["deal_no"], row["staff_no"], row["amount"], row["decided"]) for row in credits
    ] == [
        ("booking:b1", "A", "100.00", "rule"),
        ("booking:b2", "", "50.00", "rule"),
        ("d1", "A", "1440.00", "decision"),
        ("d1", "B", "1440.01", "decision"),
    ]
    closed = run("close", "month", "2026-10", "--yes")
    assert closed.status == 0, closed.err
    decision = {"deal_no": "d1", "shares": "A:1", "reason": "改判", "decided_by": "boss"}
    (tmp_path / "credit_decisions.csv").write_text(text_of([decision]), "utf-8")
    changed = run("import", str(tmp_path / "credit_decisions.csv"))
    assert changed.status == 0, changed.err
    assert exported(run, "credits", "2026-10") == credits
    assert sums() == open_
    # What a director decides after the close counts in the first open month, and adds up to nothing.
    november = {row["staff_no"]: row["sales_counted"] for row in exported(run, "deductions")}
    assert {who: cents for who, cents in november.items() if cents != "0.00"} == {
        "A": "1440.01", "B": "-1440.01",
    }  # fmt: skip
    assert "1440.01, decided of d1 of 2026-10: 改判" in run("explain", "A", "2026-11").out
    assert run("check").status == 0
    undone = run("import", "--undo")
    assert undone.status == 0, undone.err
    november = {row["staff_no"]: row["sales"] for row in exported(run, "deductions")}
    assert set(november.values()) == {"0.00"}
    assert run("check").status == 0


def test_what_a_club_fines_once_somebody_raises_it(run: Run, tmp_path: Path) -> None:
    """8.2, 8.12, a.2 and e: incidents, each of its own amount."""
    made = run("init", "--name", "x", "--timezone", "Asia/Shanghai", "--rulebook", "club")
    assert made.status == 0
    fined = {
        "client_kept_back": "300.00",
        "false_phone": "200.00",
        "diverted_friend": "100.00",
        "underpriced_renewal": "100.00",
    }
    rows: Rows = [
        {"incident_no": f"i{at}", "staff_no": "B", "occurred_at": "2026-11-10T16:00", "rule": rule}
        for at, rule in enumerate(fined)
    ]
    took(run, tmp_path / "in", {"incidents": rows})
    assert {row["rule"]: row["amount"] for row in exported(run, "charges")} == fined


def test_s7_a_room_that_is_sold_on_is_told(run: Run, tmp_path: Path) -> None:
    """The booking that is cancelled says in `left_at` when that was."""
    assert run("init", "--name", "x", "--timezone", "Asia/Shanghai").status == 0
    night = "2026-11-10"
    same = {"night": night, "place": "V01", "guest_phone": "13800000001"}
    for minute, sold in (("55", True), ("59", True), ("00", True), ("01", False)):
        hour = "20" if minute > "10" else "21"
        again = {
            "booking_no": "b2",
            "staff_no": "D",
            "booked_at": f"{night}T{hour}:{minute}",
            "status": "left",
            "amount": "100",
            "left_at": "",
        }
        was = {
            "booking_no": "b1",
            "staff_no": "A",
            "booked_at": f"{night}T15:00",
            "status": "cancelled",
            "amount": "",
            "left_at": f"{night}T20:50",
        }
        took(run, tmp_path / "in", {"bookings": [{**same, **was}, {**same, **again}]})
        [row] = exported(run, "credits")
        assert (row["staff_no"], row["share"]) == ("D", "1")
        told = run("explain", "deal", "booking:b2").out
        assert ("booked again within" in told and "selling rooms" in told) is sold


def test_ticks_of_grooming_come_in_and_out(run: Run, tmp_path: Path) -> None:
    assert run("init", "--name", "x", "--timezone", "Asia/Shanghai").status == 0
    night = "2026-11-10"
    rows: Rows = [
        {"night": night, "staff_no": "A", "groomed": "yes", "badge": "no", "checked_by": "boss", "note": "忘带"}
    ]  # fmt: skip
    took(run, tmp_path / "in", {"grooming": rows})
    assert exported(run, "grooming") == rows
    assert exported(run, "charges") == []
    assert "11-10 no badge" in run("explain", "A", "2026-11").out
    assert "Nothing changed" in run("import", str(tmp_path / "in")).err


WRONG = {
    "guests": ("guest_no,phone\ng,12\n", "phone"),
    "visits": ("visit_no,night,at,guest_no\nv,2026-11-10,2026-11-10T20:00,nobody\n", "guest_no"),
    "contacts": ("contact_no,staff_no,guest_no,kind,at,signed_by\nc,A,g0,appointment,2026-11-10T20:00,A\n", "signed_by"),
    "turns": ("turn_no,night,at,visit_no,staff_no,how\nt,2026-11-10,2026-11-11T20:00,,A,turn\n", "at"),
    "deals": ("deal_no,night,closer_no\nd,2026-11-10,Z\n", "closer_no"),
    "claims": ("deal_no,staff_no,found_on\nd9,A,2026-11-10\n", "deal_no"),
    "credit_decisions": ("deal_no,shares,reason,decided_by\nd,A:1/2 B:1/3,x,boss\n", "shares"),
    "heirs": ("guest_no,from_night,from_staff_no,to_staff_no\ng0,2026-11-10,A,A\n", "to_staff_no"),
    "complaints": ("complaint_no,at,founded,judged_by,about_staff_no\nk,2026-11-10T20:00,yes,A,A\n", "judged_by"),
    "promised": ("promise_no,told_at,due_at\np,2026-11-10T20:00,2026-11-10T19:00\n", "due_at"),
    "handovers": ("handover_no,night,from_staff_no,to_staff_no,given_at\nh,2026-11-10,A,Z,2026-11-10T20:00\n", "to_staff_no"),
    "knowledge": ("staff_no,at,asked,right\nA,2026-11-10T20:00,10,11\n", "right"),
    "grooming": ("night,staff_no,groomed,badge,checked_by\n2026-11-10,A,yes,yes,A\n", "checked_by"),
    "rotation": ("from_night,position,staff_no\n2026-11-01,1,A\n2026-11-01,2,A\n", "staff_no"),
    "away": ("night,staff_no,from,until,reason\n2026-11-10,A,2026-11-10T20:00,2026-11-10T19:00,duty\n", "until"),
    "bookings": ("booking_no,night,place,status\nb,2026-11-10,V01,booked\n", "staff_no"),
}  # fmt: skip


def test_what_is_wrong_is_refused_where_it_is(run: Run, tmp_path: Path) -> None:
    assert run("init", "--name", "x", "--timezone", "Asia/Shanghai").status == 0
    deal = {"deal_no": "d", "night": "2026-11-10", "closer_no": "A"}
    took(run, tmp_path / "in", {"guests": [{"guest_no": "g0"}], "deals": [deal]})
    for name, (text, column) in WRONG.items():
        file = tmp_path / f"{name}.csv"
        file.write_text(text, "utf-8")
        refused = run("import", str(file))
        assert refused.status == 1, name
        places = [line.split(": ")[1] for line in refused.err.splitlines() if str(file) in line]
        assert set(places) == {column}, refused.err


def test_why_is_said_in_the_persons_language(run: Run, tmp_path: Path) -> None:
    """No word of a rulebook's file or of the database: how a turn came about, how a promise stands,
    by which clock, and who is meant."""
    run("init", "--name", "x", "--timezone", "Asia/Shanghai")
    sample = tmp_path / "sample.xlsx"
    assert run("template", "--sample", "-o", str(sample)).status == 0
    assert run("import", str(sample)).status == 0
    said = [
        run("--lang", "zh-Hans", "explain", *what).out
        for what in (
            *(("turn", row["turn_no"]) for row in exported(run, "turns", "2026-09")),
            *(("promise", "2026-09", about) for about in {
                row["about"] for row in exported(run, "promises", "2026-09")
            }),
        )
    ]  # fmt: skip
    assert any("补轮" in each for each in said)
    assert any("小时（营业时间）" in each for each in said)
    assert any("0001 翟巧云" in each for each in said)
    for each in said:
        bare = re.sub(r"[A-Z0-9]+-?[0-9]*|nightlife", "", each)
        assert not re.search("[a-z_]{2,}", bare), each
