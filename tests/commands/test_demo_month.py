"""The demo's month, worked out a second time by a plain reading of the rules, row by row and with
decimals instead of cents: both must come to the same, whatever the order of files and rows."""

import gzip
import random
import sqlite3
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from unittest.mock import patch

import pytest

from models.storage.database import close_database, execute
from models.values.datasets import DATASETS
from tests.commands.conftest import House
from venue_tui.demo import READY
from venue_tui.demo.month import NAME, demo_month, record
from venue_tui.demo.venue import make_demo
from venue_tui.exchange.table_writer import write_table

Facts = dict[str, list[dict[str, str | None]]]
MONTH = "2026-11"


def facts() -> Facts:
    return {
        name: [dict(zip(DATASETS[name].column, row, strict=True)) for row in rows]
        for name, rows in demo_month().items()
    }


def night_of(text: str) -> str:
    day = date.fromisoformat(text[:10])
    return str(day if text[11:] >= "12:00" else day - timedelta(days=1))


def outcome(night: str, closed: str, who: dict[str, str | None], known: Facts) -> str:
    number = who["staff_no"]
    for leave in known["leave"]:
        covers = str(leave["first_night"]) <= night <= str(leave["last_night"])
        in_time = leave["special_reason"] or night_of(str(leave["filed_at"])) < night
        if leave["staff_no"] == number and leave["status"] == "approved" and covers and in_time:
            return "rest"
    signs = [a for a in known["attendance"] if (a["night"], a["staff_no"]) == (night, number)]
    arrived = signs[0]["arrived_at"] if signs else None
    made_up = signs[0]["made_up_at"] if signs else None
    if arrived and arrived <= f"{night}T19:30":
        return "present"
    rooms = {place["place"] for place in known["places"] if place["kind"] == "room"}
    if made_up and any(
        (b["night"], b["staff_no"]) == (night, number)
        and b["place"] in rooms
        and b["status"] in ("booked", "arrived", "left")
        for b in known["bookings"]
    ):
        return "made_up"
    if arrived and arrived <= closed:
        return "late"
    return "missed" if arrived or made_up else "absent"


def wage(number: str, night: str, known: Facts) -> Decimal:
    found = next(s for s in known["staff"] if s["staff_no"] == number)["monthly_wage"]
    for change in known["wages"]:
        if change["staff_no"] == number and str(change["effective_from"]) <= night:
            found = change["monthly_wage"]
    return Decimal(str(found))


def expected(known: Facts) -> dict[str, dict[str, str]]:
    """By staff_no, the cells that the month's deductions must have."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)

    def charge(number: str, rule: str, amount: Decimal) -> None:
        counts[number, rule] += 1
        sums[number, rule] += amount.quantize(Decimal("0.01"), ROUND_HALF_UP)

    fines = {"late": ("late", 30), "missed": ("missed_briefing", 50)}
    for briefing in known["briefings"]:
        night = str(briefing["night"])
        for who in known["staff"]:
            number = str(who["staff_no"])
            if who["position"] not in ("staff", "supervisor") or night < str(who["hired_on"]):
                continue
            what = outcome(night, str(briefing["closed_at"]), who, known)
            if what in fines:
                charge(number, fines[what][0], Decimal(fines[what][1]))
            elif what == "absent":
                charge(number, "absence", wage(number, night, known) * 4 / Decimal("21.75"))
    for slip in known["outings"]:
        if slip["out_at"] and (
            slip["status"] != "approved" or str(slip["decided_at"]) > str(slip["out_at"])
        ):
            charge(str(slip["staff_no"]), "left_post", Decimal(100))
    for incident in known["incidents"]:
        amount = Decimal(incident["amount"] or "100")
        charge(str(incident["staff_no"]), str(incident["rule"]), amount)

    table = {}
    for who in known["staff"]:
        number = str(who["staff_no"])
        cells = {"monthly_wage": str(wage(number, "2026-11-30", known))}
        for rule in ("late", "absence", "left_post", "service_complaint", "insubordination",
                     "missed_briefing"):  # fmt: skip
            cells[f"{rule}_count"] = str(counts[number, rule])
            cells[f"{rule}_amount"] = f"{sums[number, rule]:.2f}"
        total = sum((sums[key] for key in list(sums) if key[0] == number), Decimal())
        cells["charges_total"] = cells["deducted"] = f"{total:.2f}"
        sold = sum(
            (
                Decimal(str(b["amount"])) * shares_of(b, known).get(number, 0)
                for b in known["bookings"]
                if b["status"] == "left"
            ),
            Decimal(),
        )
        cells["sales"] = cells["sales_counted"] = f"{sold:.2f}"
        table[number] = cells
    return table


def shares_of(booking: dict[str, str | None], known: Facts) -> dict[str | None, Decimal]:
    """Whose a booking's sale is: as decided, else the booker's, else whoever's received a walk-in;
    what a guest booked is nobody's."""
    deal_no = f"booking:{booking['booking_no']}"
    for decided in known["credit_decisions"]:
        if decided["deal_no"] == deal_no:
            parts = (part.split(":") for part in str(decided["shares"]).split())
            return {who: Decimal(1) / int(share.partition("/")[2]) for who, share in parts}
    if booking["staff_no"]:
        return {booking["staff_no"]: Decimal(1)}
    visits = {visit["visit_no"]: visit["received_by"] for visit in known["visits"]}
    walked_in = booking["source"] == "walk_in"
    return {visits[booking["visit_no"]]: Decimal(1)} if walked_in else {}


@pytest.mark.parametrize("seed", [1, 2])
def test_two_ways_to_the_same_money(
    empty_house: House, tmp_path: Path, seed: int, at: Callable[[str], None]
) -> None:
    at("2026-12-01T12:00")
    shuffled = random.Random(seed)
    files = []
    for i, (name, rows) in enumerate(demo_month().items()):
        shuffled.shuffle(rows)
        folder = tmp_path / f"{shuffled.randrange(10**6)}-{i}"
        folder.mkdir()
        files.append(folder)
        write_table(rows, DATASETS[name].columns, folder / f"{name}.csv")
    shuffled.shuffle(files)
    # Facts in two goes: what is taken in later is judged like what was there.
    people = [f for f in files if (f / "staff.csv").exists() or (f / "places.csv").exists()]
    assert empty_house.run("import", *map(str, people)).status == 0
    assert empty_house.run("import", *(str(f) for f in files if f not in people)).status == 0

    rows = {row["staff_no"]: row for row in empty_house.export("deductions", "--month", MONTH)}

    wanted = expected(facts())
    assert rows.keys() == wanted.keys()
    for number, cells in wanted.items():
        assert {column: rows[number][column] for column in cells} == cells
    before = empty_house.export("deductions", "--month", MONTH)
    assert "Nothing changed" in empty_house.run("import", *map(str, files)).err
    assert empty_house.export("deductions", "--month", MONTH) == before
    assert empty_house.run("check").status == 0


def test_the_shipped_database_is_what_the_month_makes(tmp_path: Path) -> None:
    ready = tmp_path / "ready.db"
    ready.write_bytes(gzip.decompress(READY.read_bytes()))
    made = tmp_path / "made"
    made.mkdir()
    assert contents(ready) == contents(record(made)), "run python -m venue_tui.demo.month"


def contents(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table; of the migrations their names alone."""
    with closing(sqlite3.connect(file)) as connection:
        tables = [name for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        )]  # fmt: skip
        return {
            table: sorted(
                connection.execute(
                    f"SELECT {'name' if table == 'schema_migration' else '*'} FROM {table}"
                ),
                key=repr,
            )
            for table in tables
        }


def test_a_demo_of_an_older_schema_is_made_anew(tmp_path: Path) -> None:
    with patch("venue_tui.demo.venue.is_of_now", return_value=False):
        session = make_demo(tmp_path, ticking=False)
    assert session.venue == NAME
    assert execute("SELECT count(*) FROM staff").fetchone()[0] > 50
    close_database()
