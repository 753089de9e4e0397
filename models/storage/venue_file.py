"""A venue in one SQLite file: copied from whichever database is open, and verified."""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from peewee import SqliteDatabase

from models.storage import audit
from models.storage.database import database, execute, is_sqlite, quoted, snapshot
from models.storage.opening import APPLICATION_ID, MIGRATIONS, applied_migrations
from models.values.problems import refused

Ask = Callable[[str], Iterable[Any]]
"""Runs a query on one database or another."""


class VenueFile(NamedTuple):
    """A verified file: its size in bytes, the head of its audit trail, and the first line of the
    trail that doesn't follow from the one before, if the venue's own trail is broken."""

    path: Path
    size: int
    audit_lines: int
    audit_head: str
    broken_line: int | None


class Tally(NamedTuple):
    """What a copy must agree on with its original."""

    rows: dict[str, int]
    """By table."""
    charged: int
    """Cents, of charges whatever their status."""
    audit_head: str


def copy_venue(draft: Path) -> Tally:
    """Copies the venue of the open database, as it is at this moment, into an empty file; nobody
    has to wait for it. Gives what the copy must hold."""
    return _copy_pages(draft) if is_sqlite() else _copy_rows(draft)


def _copy_pages(draft: Path) -> Tally:
    with closing(sqlite3.connect(draft, isolation_level=None)) as copy:
        copy.execute("PRAGMA synchronous = OFF")  # it is flushed as a whole, once verified
        original = database.connection()
        with snapshot():
            counted = tally(execute, _tables(original))
            original.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    return counted


def _copy_rows(draft: Path) -> Tally:
    applied = applied_migrations() or []
    migrate(draft, applied[-1])
    with (
        closing(sqlite3.connect(draft, isolation_level=None)) as copy,
        snapshot(),
    ):
        counted = tally(execute, _tables(copy))
        copy.execute("PRAGMA synchronous = OFF")
        copy.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        copy.execute("BEGIN")
        for table in counted.rows:
            if table == "schema_migration":
                continue
            columns = [row[1] for row in copy.execute(f"PRAGMA table_info({table})")]
            rows = execute(f"SELECT {quoted(columns)} FROM {table}")
            holes = ", ".join("?" * len(columns))
            copy.executemany(f"INSERT INTO {table} ({quoted(columns)}) VALUES ({holes})", rows)
        copy.execute("COMMIT")
    return counted


def _tables(copy: sqlite3.Connection) -> list[str]:
    names = copy.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    )
    return [name for (name,) in names]


def tally(ask: Ask, tables: Iterable[str]) -> Tally:
    """Counts these tables, and what the charges and the trail among them come to."""
    [charged] = next(iter(ask("SELECT sum(amount) FROM charges")))
    heads = [row[0] for row in ask("SELECT hash FROM audit ORDER BY seq DESC LIMIT 1")]
    counts = {
        table: next(iter(ask(f"SELECT count(*) FROM {table}")))[0] for table in sorted(tables)
    }
    return Tally(counts, int(charged or 0), heads[0] if heads else audit.GENESIS)


def examine(file: Path, called: Path | None = None) -> tuple[VenueFile, Tally]:
    """Verifies a file: its pages, its references and its audit trail. `called` is how a person
    knows it, if by another name. Raises Refused where it is damaged."""
    path = called or file
    try:
        with closing(sqlite3.connect(file)) as copy:
            sound = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
            dangling = copy.execute("PRAGMA foreign_key_check").fetchone()
            counted = tally(copy.execute, _tables(copy))
            columns = [row[1] for row in copy.execute("PRAGMA table_info(audit)")]
            broken = audit.broken_link(copy.execute(audit.chain(columns)))
    except sqlite3.Error as error:
        raise refused("file", "%(path)s is damaged: %(why)s", path=path, why=error) from None
    if sound != "ok" or dangling is not None:
        why = sound if sound != "ok" else f"{dangling[0]} > {dangling[2]}"
        raise refused("file", "%(path)s is damaged: %(why)s", path=path, why=why)
    size = file.stat().st_size
    return VenueFile(path, size, counted.rows["audit"], counted.audit_head, broken), counted


def migrate(file: Path, target: str | None = None) -> None:
    """Brings the schema of a SQLite file up to `target`, or up to date."""
    from playhouse.migrations import Runner

    schema = SqliteDatabase(str(file))
    with schema.connection_context():
        Runner(schema, directory=str(MIGRATIONS)).up(target)


def is_ours(path: Path) -> bool:
    """Whether the file's header says that it is a venue's. A pipe, which might never say anything,
    isn't."""
    if path.exists() and not path.is_file():
        return False
    with path.open("rb") as file:
        header = file.read(100)
    return header.startswith(b"SQLite format 3\0") and header[68:72] == APPLICATION_ID.to_bytes(
        4, "big"
    )
