"""The plain ways: what somebody would write by hand with `csv` and `sqlite3`, without checking
anything, on a database that is as durable as the program's."""

import csv
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.bench.house import MONTH, NIGHTS

_SPAN = (NIGHTS[0].isoformat(), NIGHTS[-1].isoformat())

_RULES = (
    "late", "absence", "left_post", "service_complaint", "booking_fraud", "insubordination",
    "fighting", "grave_misconduct", "drugs", "stored_wine_sale", "theft", "missed_briefing",
)  # fmt: skip

READ = (
    "SELECT * FROM staff",
    "SELECT * FROM wages",
    "SELECT * FROM briefings WHERE night BETWEEN ? AND ?",
    "SELECT * FROM attendance WHERE night BETWEEN ? AND ?",
    "SELECT * FROM leave WHERE last_night >= ? AND first_night <= ?",
    "SELECT * FROM bookings WHERE night BETWEEN ? AND ?",
    "SELECT * FROM outings WHERE night BETWEEN ? AND ?",
    "SELECT * FROM incidents WHERE night BETWEEN ? AND ?",
    "SELECT * FROM waivers WHERE night BETWEEN ? AND ?",
)
"""Every row that judging a month looks at."""


@contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that is as careful with what it commits as the program's."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = wal")
        connection.execute("PRAGMA synchronous = full")
        yield connection


def table_of(path: Path, name: str) -> str:
    """How a table is made in the program's database."""
    with connected(path) as connection:
        row = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    return str(row[0])


def load_attendance(path: Path, table: str, file: Path) -> None:
    """Makes the table and fills it with a file's rows as they stand there."""
    with connected(path) as connection, file.open(encoding="utf-8", newline="") as stream:
        connection.execute(table)
        rows = csv.reader(stream)
        places = ", ".join("?" * len(columns := next(rows)))
        connection.executemany(
            f"INSERT INTO attendance ({', '.join(columns)}) VALUES ({places})", rows
        )
        connection.commit()


def read_month(path: Path) -> int:
    """Reads every row that a judgement of the month needs; gives how many there are."""
    with connected(path) as connection:
        return sum(len(connection.execute(sql, _SPAN[: sql.count("?")]).fetchall()) for sql in READ)


def export_deductions(path: Path, out: Path) -> None:
    """The month's sums by staffer and rule, cell for cell as the program exports them; only on
    which night someone is deemed resigned takes more than a sum."""
    sums = "".join(
        f", sum(rule = '{rule}') AS {rule}_count,"
        f" printf('%.2f', sum(amount * (rule = '{rule}')) / 100.0) AS {rule}_amount"
        for rule in _RULES
    )
    cells = "".join(
        f", coalesce({rule}_count, 0), coalesce({rule}_amount, '0.00')" for rule in _RULES
    )
    sql = f"""
        SELECT '{MONTH}', s.staff_no, name, team, printf('%.2f', monthly_wage / 100.0){cells},
            coalesce(total, '0.00'), '0.00', '0.00', coalesce(total, '0.00'), '0.00',
            coalesce(sold, '0.00'), '0.00', coalesce(sold, '0.00'), NULL, 'no'
        FROM staff s
        LEFT JOIN (
            SELECT staff_no, printf('%.2f', sum(amount) / 100.0) AS total{sums}
            FROM charges WHERE status = 'standing' AND night BETWEEN ? AND ? GROUP BY staff_no
        ) c ON c.staff_no = s.staff_no
        LEFT JOIN (
            SELECT staff_no, printf('%.2f', sum(amount) / 100.0) AS sold FROM bookings
            WHERE status = 'left' AND night BETWEEN ? AND ? GROUP BY staff_no
        ) b ON b.staff_no = s.staff_no
        ORDER BY s.staff_no"""
    with connected(path) as connection, out.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(connection.execute(sql, (*_SPAN, *_SPAN)))
