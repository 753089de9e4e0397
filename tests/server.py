"""A PostgreSQL database for tests, without making its tables anew for each."""

from typing import Any

import psycopg

from models.backup.opening import open_venue
from models.storage.database import close_database


class Server:
    """A test process's own database on a PostgreSQL server."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._made: str | None = None
        """The schema's digest once the migrations made it."""

    def without_tables(self) -> str:
        """The URL, once there is nothing in the database."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        return self.url

    def without_rows(self) -> str:
        """The URL, once there is nothing in the database but a venue's tables."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            if self._made is not None and _digest(connection) == self._made:
                _empty(connection)
                return self.url
        self.without_tables()
        open_venue(self.url, create=True)
        close_database()
        with psycopg.connect(self.url) as connection:
            self._made = _digest(connection)
        return self.url


_SCHEMA = """
SELECT md5(string_agg(line, chr(10) ORDER BY line)) FROM (
    SELECT table_name || column_name || data_type || is_nullable || coalesce(column_default, '')
        FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT definition FROM pg_rules WHERE schemaname = 'public'
    UNION ALL SELECT relname FROM pg_class WHERE relrowsecurity
    UNION ALL SELECT name FROM public.schema_migration
) AS lines(line)
"""


def _digest(connection: psycopg.Connection[Any]) -> str | None:
    """What tables there are, and how they are made; None where there are none."""
    try:
        row = connection.execute(_SCHEMA).fetchone()
    except psycopg.errors.UndefinedTable:
        return None
    return row[0] if row else None


def _empty(connection: psycopg.Connection[Any]) -> None:
    tables = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        " AND tablename <> 'schema_migration'"
    ).fetchall()
    # In one statement, at whose end the references are checked: no order is needed.
    parts = (f'd{at} AS (DELETE FROM "{table}")' for at, (table,) in enumerate(tables))
    connection.execute(f"WITH {', '.join(parts)} SELECT")  # type: ignore[arg-type]
    connection.execute(
        "SELECT setval(oid, 1, false) FROM pg_class"
        " WHERE relkind = 'S' AND relname <> 'schema_migration_id_seq'"
    )
