"""A PostgreSQL database for tests, without making its tables anew for each."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import psycopg
import pytest
from peewee import Psycopg3Adapter
from psycopg.pq import TransactionStatus

from models.backup.opening import open_venue
from models.storage.database import close_database
from models.storage.postgresql import Postgresql

T = TypeVar("T")


class Server:
    """A test process's own database on a PostgreSQL server."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._connection: psycopg.Connection | None = None
        """Kept, for a new one would have all to learn about the tables."""
        self._made: str | None = None
        """The schema's mark once the migrations made it."""
        self._idle: dict[str, psycopg.Connection] = {}
        """Connections that were done with, by what they were made with."""
        self._handed_on: list[psycopg.Connection] = []

    def without_tables(self) -> str:
        """The URL, once there is nothing in the database."""
        self._ask(_drop)
        return self.url

    def without_rows(self) -> str:
        """The URL, once there is nothing in the database but a venue's tables."""
        if self._made is None or self._ask(_mark) != self._made:
            self.without_tables()
            open_venue(self.url, create=True)
            close_database()
            self._made = self._ask(_mark)
        else:
            self._ask(empty)
        return self.url

    def hand_on_connections(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Lets a venue that is opened have the connection of one that was closed, which remembers
        nothing of it but what the server knows about the tables."""

        def connect(adapter: Psycopg3Adapter, database: Postgresql, **parameters: Any) -> Any:
            if idle := self._idle.pop(_made_with(database), None):
                self._handed_on.append(idle)
                taken = psycopg.Connection(idle.pgconn)
                with suppress(psycopg.OperationalError):  # a test had the server end it
                    taken.autocommit = True
                    taken.execute("SELECT")
                    return taken
            return in_earnest(adapter, database, **parameters)  # type: ignore[no-untyped-call]

        def close(database: Postgresql, connection: psycopg.Connection) -> None:
            made_with = _made_with(database)
            status = connection.info.transaction_status
            if status != TransactionStatus.IDLE or made_with in self._idle:
                connection.close()
                return
            connection.execute("DISCARD ALL")
            self._idle[made_with] = connection

        in_earnest = Psycopg3Adapter.connect
        monkeypatch.setattr(Psycopg3Adapter, "connect", connect)
        monkeypatch.setattr(Postgresql, "_close", close)

    def close(self) -> None:
        for each in (self._connection, *self._idle.values()):
            if each is not None:
                each.close()

    def _ask(self, what: Callable[[psycopg.Connection], T]) -> T:
        """What comes of it, by a new connection where a test had the server end the last one."""
        if self._connection is not None:
            try:
                return what(self._connection)
            except psycopg.OperationalError:
                self._connection.close()
        self._connection = psycopg.connect(self.url, autocommit=True)
        return what(self._connection)


def _made_with(database: Postgresql) -> str:
    return repr((database.database, database.connect_params))


def _drop(connection: psycopg.Connection) -> None:
    connection.execute("DROP SCHEMA public CASCADE")
    connection.execute("CREATE SCHEMA public")


_MARKS = """
SELECT md5(string_agg(line, chr(10) ORDER BY line)) FROM (
    SELECT concat('class ', oid, ' ', xmin) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat('column ', attrelid, ' ', attnum, ' ', a.xmin) FROM pg_attribute a
        JOIN pg_class c ON c.oid = attrelid WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat('default ', oid, ' ', xmin) FROM pg_attrdef
    UNION ALL SELECT concat('constraint ', oid, ' ', xmin) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT concat('trigger ', oid, ' ', xmin) FROM pg_trigger
    UNION ALL SELECT concat('rule ', oid, ' ', xmin) FROM pg_rewrite WHERE oid >= 16384
    UNION ALL SELECT concat('policy ', oid, ' ', xmin) FROM pg_policy
    UNION ALL SELECT concat('function ', oid, ' ', xmin) FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT concat('schema ', nspname) FROM pg_namespace WHERE oid >= 16384
    UNION ALL SELECT concat('migration ', name) FROM public.schema_migration
) AS lines(line)
"""
"""Of each part of the schema, which transaction wrote what the catalogs say about it."""


def _mark(connection: psycopg.Connection) -> str | None:
    """What changes with every change of the schema; None where there are no tables."""
    try:
        row = connection.execute(_MARKS).fetchone()
    except psycopg.errors.UndefinedTable:
        return None
    return row[0] if row else None


def empty(connection: psycopg.Connection) -> None:
    """Leaves a venue's tables, and nothing in them."""
    tables = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        " AND tablename <> 'schema_migration'"
    ).fetchall()
    parts = (f'd{at} AS (DELETE FROM "{table}")' for at, (table,) in enumerate(tables))
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(f"WITH {', '.join(parts)} SELECT")
    connection.execute(
        "SELECT setval(oid, 1, false) FROM pg_class"
        " WHERE relkind = 'S' AND relname <> 'schema_migration_id_seq'"
    )
