"""What a mark on the roll costs: alone, against the same rows by hand, and among eight terminals."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from models.backup.opening import open_venue
from models.operations import roll
from models.storage.database import close_database, execute
from tests.bench import plain
from tests.bench.measure import (
    Compared,
    Seconds,
    in_turn,
    percentile,
    say,
    say_ratio,
    shown,
    title,
    typical,
)
from tests.trust import house, terminals

MARK = 6.0
P99 = 0.050
TERMINALS, MARKS_A_SECOND = 8, 5.0
_CLOCKS = ("19:25", "19:40")  # in time, and late: with a charge


def measure() -> None:
    """The whole of it."""
    one_terminal(nights=5)
    eight_terminals(marks=100)


def measure_quickly() -> None:
    """Fewer marks."""
    one_terminal(nights=1)
    eight_terminals(marks=15)


def one_terminal(nights: int) -> Compared:
    """Compares a mark with committing its rows by hand, both on a disk, one after the other."""
    title(f"A mark, by one terminal, {nights * len(house.STAFF)} times")
    with tempfile.TemporaryDirectory(prefix="venue-tui-bench-") as name:
        found = typical(*mark_in_turn(Path(name), nights))
    say_ratio("a mark to committing its rows with sqlite3", found, MARK)
    return found


def mark_in_turn(folder: Path, nights: int) -> tuple[list[Seconds], list[Seconds]]:
    """How long each mark took, and each time the same rows were committed by hand."""
    database, copy = folder / "venue.db", folder / "plain.db"
    house.make(f"sqlite:///{database}")
    shutil.copyfile(database, copy)
    open_venue(f"sqlite:///{database}")
    try:
        with plain.connected(copy) as connection:
            marks = _marks(nights)
            ways = (lambda: _mark(*next(marks)), lambda: _commit(connection, _last_rows()))
            mine, theirs = in_turn(ways, nights * len(house.STAFF))
            return mine, theirs
    finally:
        close_database()


def _marks(nights: int) -> Iterator[tuple[str, str, int]]:
    for night in range(nights):
        for place, staff_no in enumerate(house.STAFF):
            yield staff_no, _CLOCKS[place % len(_CLOCKS)], night


def _mark(staff_no: str, clock: str, night: int) -> Seconds:
    session = house.session_at(house.NIGHT + timedelta(days=night), clock)
    begun = perf_counter()
    roll.mark(session, staff_no, director_no="D1")
    return perf_counter() - begun


Rows = dict[str, list[tuple[object, ...]]]


def _last_rows() -> Rows:
    """What the last mark wrote."""
    [line] = execute("SELECT * FROM audit ORDER BY seq DESC LIMIT 1").fetchall()
    staff_no, night = line[5], line[6]
    rows = {"audit": [line]}
    for table in ("attendance", "charges"):
        sql = f"SELECT * FROM {table} WHERE staff_no = ? AND night = ?"
        rows[table] = execute(sql, (staff_no, night)).fetchall()
    return rows


def _commit(connection: sqlite3.Connection, rows: Rows) -> Seconds:
    begun = perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    for table, written in rows.items():
        for row in written:
            connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
    connection.commit()
    return perf_counter() - begun


def eight_terminals(marks: int) -> None:
    """Measures how long marks take, in turn and at worst, when several terminals call the roll."""
    title(f"{TERMINALS} terminals at {MARKS_A_SECOND:g} marks a second each, {marks} marks each")
    with tempfile.TemporaryDirectory(prefix="venue-tui-bench-") as name:
        told = terminals.run(f"sqlite:///{name}/venue.db", TERMINALS, marks, MARKS_A_SECOND)
    waits = [wait / 1000 for wait in told.waits]
    slowest = percentile(waits, 99)
    say("the median mark", shown(percentile(waits, 50)))
    say("of a hundred, the slowest mark", f"{shown(slowest)} (under {shown(P99)})", slowest < P99)
    say("the slowest mark of all", shown(max(waits)))
    unluckiest = max(told.by_terminal) / 1000 / marks
    measured = f"{shown(unluckiest)} (under {shown(P99)})"
    say("a mark on average at the unluckiest terminal", measured, unluckiest < P99)
