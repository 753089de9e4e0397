"""The plain ways: what somebody would write by hand with `csv` and `sqlite3`, without checking
anything, on a database that is as durable as the program's."""

import csv
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from time import time

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


def load(path: Path, name: str, file: Path) -> None:
    """Takes a file in: its rows as they stand there, the charges that follow from each by itself,
    and a line of the trail that holds the rows, and is found by every staffer and night in them."""
    with connected(path) as connection, file.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        columns, rows = next(reader), list(reader)
        if name in _NIGHT:
            at = columns.index(_NIGHT[name])
            columns.append("night")
            rows = [[*row, row[at][:10]] for row in rows]
        if name == "incidents":
            columns.append("status")
            rows = [[*row, "recorded"] for row in rows]
        # Cells are kept as text here; what a column may hold is not looked at.
        connection.execute("PRAGMA ignore_check_constraints = ON")
        _insert(connection, name, columns, rows)
        if name in _CHARGED:
            facts = (dict(zip(columns, row, strict=True)) for row in rows)
            _insert(connection, "charges", _CHARGE, _CHARGED[name](facts))
        _write_line(connection, name, columns, rows)
        connection.commit()


_NIGHT = {"outings": "out_at", "incidents": "occurred_at"}
"""Of what a night is taken that no file has."""

_CHARGE = ("staff_no", "night", "rule", "source", "amount", "status", "basis")
_FINE = 100_00
"""What leaving the post costs, and a complaint."""


def _charged_outings(facts: Iterable[dict[str, str]]) -> Iterator[Sequence[object]]:
    for fact in facts:
        if fact["status"] == "none":
            source = f"outing:{fact['slip_no']}"
            basis = _json(("slip_none", fact["out_at"], None))
            yield fact["staff_no"], fact["night"], "left_post", source, _FINE, "standing", basis


def _charged_incidents(facts: Iterable[dict[str, str]]) -> Iterator[Sequence[object]]:
    for fact in facts:
        source = f"incident:{fact['incident_no']}"
        amount = int(fact["amount"]) * 100 if fact["amount"] else _FINE
        basis = _json(("incident", fact["occurred_at"], fact["note"]))
        yield fact["staff_no"], fact["night"], fact["rule"], source, amount, "standing", basis


_CHARGED = {"outings": _charged_outings, "incidents": _charged_incidents}

_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _insert(
    connection: sqlite3.Connection,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
) -> None:
    places = ", ".join("?" * len(columns))
    connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)


def _write_line(
    connection: sqlite3.Connection, table: str, columns: list[str], rows: list[list[str]]
) -> None:
    """Adds a line to the trail, linked to the one before it, with the rows that were written."""
    kept = zlib.compress(_json([{"table": table, "columns": columns, "now": rows}]).encode(), 1)
    head = connection.execute("SELECT seq + 1, hash FROM audit ORDER BY seq DESC LIMIT 1")
    [(seq, previous)] = head
    line = (seq, int(time()), "root", "bench", "import", _json({table: len(rows)}))
    link = sha256(_json((previous, *line, sha256(kept).hexdigest())).encode()).hexdigest()
    names = ("seq", "at", "who", "terminal", "action", "after", "changes", "hash")
    _insert(connection, "audit", names, [(*line, kept, link)])
    touched = {
        (kind, row[at], seq)
        for at, column in enumerate(columns)
        if (kind := _TOUCHED.get(column)) is not None
        for row in rows
    }
    _insert(connection, "audit_touched", ("kind", "value", "seq"), sorted(touched))


_TOUCHED = {"staff_no": "staff", "night": "night", "first_night": "night"}
"""By which columns a line is found, and as what."""


def read_month(path: Path) -> int:
    """Reads every row that a judgement of the month needs; gives how many there are."""
    with connected(path) as connection:
        return sum(len(connection.execute(sql, _SPAN[: sql.count("?")]).fetchall()) for sql in READ)
