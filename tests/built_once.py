"""Venues that many tests begin with: built once, and put back for each of the others."""

import sqlite3
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar, cast

from models.access.session import Session
from models.storage.database import database, is_sqlite
from models.values.nights import Instant
from tests.clock import clock_of

P = ParamSpec("P")
R = TypeVar("R")

_TABLES = (
    "SELECT c.oid::regclass::text FROM pg_class c"
    " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
    " AND c.relname <> 'schema_migration' ORDER BY 1"
)
_SEQUENCES = (
    "SELECT format('%I', sequencename), last_value FROM pg_sequences"
    " WHERE schemaname = 'public' AND last_value IS NOT NULL"
    " AND sequencename <> 'schema_migration_id_seq'"
)
_NO_ROWS = 21
"""Bytes of a copy that holds none."""


class _Built(NamedTuple):
    """What a function made of a venue."""

    gives_session: bool
    result: Any
    now: Instant
    state: dict[str, Any]
    """All that the session holds but its clock."""
    rows: "sqlite3.Connection | _OnServer"


class _OnServer(NamedTuple):
    """What a server's database holds."""

    tables: dict[str, bytes]
    sequences: list[tuple[str, int]]


_built: dict[tuple[object, ...], _Built] = {}


def built_once(
    build: Callable[Concatenate[Session, P], R],
) -> Callable[Concatenate[Session, P], R]:
    """A function that records something in a session's new venue is run for the first test alone; to
    the venues of the others is done what it did: to their rows, session and clock.

    It may return the session, or what nothing changes, and must depend on nothing but the session
    and its clock."""

    @wraps(build)
    def built(session: Session, *arguments: P.args, **named: P.kwargs) -> R:
        books = tuple((since, book.source) for since, book in session.versions.adopted)
        key = (build, is_sqlite(), session.now(), session.calendar.zone.key, books)
        found = _built.get(key)
        if found is None:
            result = build(session, *arguments, **named)
            _built[key] = _Built(result is session, result, session.now(), _state(session), _rows())
            return result
        _put_back(found.rows)
        vars(session).update(found.state)
        clock_of(session).now = found.now
        return cast(R, session) if found.gives_session else found.result

    return built


def _state(session: Session) -> dict[str, Any]:
    return {name: each for name, each in vars(session).items() if name != "clock"}


def _rows() -> "sqlite3.Connection | _OnServer":
    """What the database that is open holds by now."""
    connection = database.connection()
    if is_sqlite():
        kept = sqlite3.connect(":memory:")
        connection.backup(kept)
        return kept
    cursor = connection.cursor()
    tables = {}
    for (table,) in cursor.execute(_TABLES).fetchall():
        with cursor.copy(f"COPY {table} TO STDOUT (FORMAT BINARY)") as copy:
            row = b"".join(bytes(each) for each in copy)
        if len(row) > _NO_ROWS:
            tables[table] = row
    return _OnServer(tables, cursor.execute(_SEQUENCES).fetchall())


def _put_back(rows: "sqlite3.Connection | _OnServer") -> None:
    """Has the database that is open hold these, and nothing else."""
    connection = database.connection()
    if isinstance(rows, sqlite3.Connection):
        rows.backup(connection)
        return
    from tests.server import empty

    with connection.transaction(), connection.cursor() as cursor:
        empty(connection)
        cursor.execute("SET LOCAL session_replication_role = replica")  # in any order
        for table, row in rows.tables.items():
            with cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
                copy.write(row)
        for name, last in rows.sequences:
            cursor.execute("SELECT setval(%s::regclass, %s)", (name, last))
