"""The plain ways: what somebody would write by hand with `csv` and `sqlite3`, without checking
anything, on a database that is as durable as the program's."""

import csv
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.bench.house import NIGHTS

_SPAN = (NIGHTS[0].isoformat(), NIGHTS[-1].isoformat())

READ = (
    "SELECT staff_no, on_roll, position, hired_on, left_on, monthly_wage FROM staff",
    "SELECT staff_no, effective_from, monthly_wage FROM wages",
    "SELECT staff_no, effective_from, position, on_roll FROM postings",
    "SELECT staff_no, hired_on, left_on FROM rehires",
    "SELECT night, closed_at, night_closed FROM briefings WHERE night BETWEEN ? AND ?",
    "SELECT night, staff_no, arrived_at, made_up_at FROM attendance WHERE night BETWEEN ? AND ?",
    "SELECT staff_no, leave_no, first_night, last_night, filed_at, special_reason FROM leave"
    " WHERE status = 'approved' AND last_night >= ? AND first_night <= ?",
    "SELECT b.night, b.staff_no FROM bookings b JOIN places p ON p.place = b.place"
    " WHERE b.night BETWEEN ? AND ? AND p.kind = 'room'"
    " AND b.status IN ('booked', 'arrived', 'left')",
    "SELECT night, slip_no, staff_no, out_at, decided_at, status FROM outings"
    " WHERE night BETWEEN ? AND ? AND out_at IS NOT NULL",
    "SELECT night, incident_no, staff_no, occurred_at, rule, amount, note FROM incidents"
    " WHERE night BETWEEN ? AND ? AND status = 'recorded'",
    "SELECT night, staff_no, rule, source FROM waivers WHERE night BETWEEN ? AND ?",
)
"""Every row that judging a month looks at, and no column that it doesn't."""


@contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that is as careful with what it commits as the program's."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = wal")
        connection.execute("PRAGMA synchronous = full")
        yield connection


def table_of(path: Path, name: str) -> list[str]:
    """How a table and its indexes are made in the program's database."""
    with connected(path) as connection:
        rows = connection.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL", (name,)
        )
        return [sql for (sql,) in rows]


_NIGHT = {"outings": "out_at", "incidents": "occurred_at"}
"""Of what a night is taken that no file has."""


def load(path: Path, name: str, table: list[str], file: Path) -> None:
    """Makes the table and fills it with a file's rows as they stand there."""
    with connected(path) as connection, file.open(encoding="utf-8", newline="") as stream:
        for statement in table:
            connection.execute(statement)
        rows: Iterator[list[str]] = csv.reader(stream)
        columns = next(rows)
        if name in _NIGHT:
            at = columns.index(_NIGHT[name])
            columns.append("night")
            rows = ([*row, row[at][:10]] for row in rows)
        if name == "incidents":
            columns.append("status")
            rows = ([*row, "recorded"] for row in rows)
        places = ", ".join("?" * len(columns))
        # Cells are kept as text here; what a column may hold is not looked at.
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.executemany(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({places})", rows)
        connection.commit()


def read_month(path: Path) -> int:
    """Reads every row that a judgement of the month needs; gives how many there are."""
    with connected(path) as connection:
        return sum(len(connection.execute(sql, _SPAN[: sql.count("?")]).fetchall()) for sql in READ)
