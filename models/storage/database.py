"""Opening a venue's database, its transactions and its schema."""

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from peewee import (
    Database,
    DatabaseError,
    DatabaseProxy,
    OperationalError,
    PeeweeException,
    SqliteDatabase,
)

from models.storage import errors
from models.values.problems import NoVenue, Refused, problem, refused

database = DatabaseProxy()
"""Bound when a venue's database is opened. Here, and not beside the tables, because a short command
that only reads needs none of their models."""

MIGRATIONS = Path(__file__).with_name("migrations")
APPLICATION_ID = 0x56454E55
"""Marks a SQLite file as a venue's: `VENU`."""

WAIT_SECONDS = 20.0
"""How long a change waits for its turn while others write."""

_TOGETHER = 50
"""How many rows are written by one statement."""

_PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""How long a PostgreSQL server may be silent before it is taken for lost: terminals wait for it."""

_TURN = 0x56454E55
"""The PostgreSQL advisory lock that changes queue for."""


class _Connection(sqlite3.Connection):
    file: tuple[int, int]
    """Which file this is: its device and inode."""
    rescued: Path | None = None


class _Sqlite(SqliteDatabase):
    may_create = False
    """Whether the next connection makes the file."""

    def connection(self) -> _Connection:
        return super().connection()  # type: ignore[no-any-return, no-untyped-call]

    def _connect(self) -> _Connection:
        if not self.may_create and _which_file(self.database) is None:
            # SQLite would make an empty one.
            raise refused("database", "%(path)s was removed", path=self.database)
        connection: _Connection = super()._connect()  # type: ignore[misc]
        self.may_create = False
        connection.file = _which_file(self.database) or (0, 0)
        return connection

    def begin(self, lock_type: str | None = None) -> None:
        """Waits for its turn by short sleeps of random length: SQLite's own busy wait backs off
        ever longer, so that among several terminals one can starve for seconds."""
        deadline = time.monotonic() + WAIT_SECONDS
        connection = self.connection()
        if lock_type is None:
            self.check_there()
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    super().begin(lock_type)
                    return
                except OperationalError as error:
                    if "locked" not in str(error) or time.monotonic() > deadline:
                        raise
                from random import uniform  # hardly anybody has to wait

                time.sleep(uniform(0.0005, 0.004))
        finally:
            connection.execute("PRAGMA busy_timeout = 5000")

    def check_there(self) -> None:
        """Raises Refused where the file that is open here isn't the one of its name any more."""
        connection = self.connection()
        if _which_file(self.database) != connection.file:
            raise _gone(self.database, connection)

    def rollback(self) -> None:
        # Of a full disk SQLite makes the end of the transaction itself.
        if self.connection().in_transaction:
            super().rollback()


def _which_file(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _gone(path: str, connection: _Connection) -> Refused:
    """The refusal to go on writing into a file that was removed or replaced: whatever was written
    there would be lost with it. What it held is saved first; it is there until it is closed."""
    from models.backup.backup import rescue

    if connection.rescued is None:
        try:
            connection.rescued = rescue()
        except Refused:
            return refused("database", "%(path)s was removed or replaced: start again", path=path)
    return refused(
        "database",
        "%(path)s was removed or replaced, and nothing is saved any more; what it held is in"
        " %(copy)s: have that restored, and start again",
        path=path,
        copy=connection.rescued,
    )


def is_sqlite() -> bool:
    return isinstance(database.obj, SqliteDatabase)


@cache
def _native(sql: str) -> str:
    return sql.replace("?", "%s")


def execute(sql: str, values: Sequence[object] = ()) -> Any:
    """The cursor of a statement written with `?` for its values, on either database.

    For statements that are run for every mark or over whole months, where building a peewee query
    costs more than running it.
    """
    try:
        return database.execute_sql(sql if is_sqlite() else _native(sql), values)
    except DatabaseError as error:
        raise errors.refusal(error) or error from None


def execute_many(sql: str, rows: Iterable[Sequence[object]]) -> None:
    """Runs a statement once per row, inside the transaction that is open."""
    cursor = database.connection().cursor()
    with _as_peewee_errors():
        cursor.executemany(sql if is_sqlite() else _native(sql), rows)


def upsert(
    table: str, columns: tuple[str, ...], key: tuple[str, ...], rows: Sequence[Sequence[object]]
) -> None:
    """Writes rows, each in place of the one that has its key, if one has. No two may share a key.

    Many go in one statement, which takes little more than half as long as one after the other.
    """
    whole = len(rows) // _TOGETHER * _TOGETHER
    blocks = (rows[i : i + _TOGETHER] for i in range(0, whole, _TOGETHER))
    if whole:
        sql = _upsert(table, columns, key, _TOGETHER)
        execute_many(sql, (list(chain.from_iterable(block)) for block in blocks))
    if whole < len(rows):
        execute_many(_upsert(table, columns, key, 1), rows[whole:])


@cache
def _upsert(table: str, columns: tuple[str, ...], key: tuple[str, ...], rows: int) -> str:
    row = f"({', '.join('?' * len(columns))})"
    rest = ", ".join(f"{column} = excluded.{column}" for column in columns if column not in key)
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * rows)}"
        f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {rest}"
    )


@contextmanager
def _as_peewee_errors() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if isinstance(error, PeeweeException) or type(error).__module__.split(".")[0] not in (
            "sqlite3",
            "psycopg",
        ):
            raise
        raise DatabaseError(error, *error.args) from error


@contextmanager
def transaction() -> Iterator[None]:
    """One change: all of it is kept, or none. Changes of all terminals run one after the other.

    Nothing inside may await, and nothing inside may talk to a person. Raises Refused where the
    machine won't have it: a full disk, a file that may not be written, a lost server.
    """
    _reconnect()
    try:
        with database.atomic():
            if not is_sqlite() and database.transaction_depth() == 1:
                execute("SELECT pg_advisory_xact_lock(?)", (_TURN,))
            yield
    except DatabaseError as error:
        raise errors.refusal(error) or error from None


def check_reachable() -> None:
    """Raises Refused where the database can't be worked with: its file was removed or replaced, or
    the server is lost."""
    _reconnect()
    if is_sqlite():
        database.obj.check_there()


def _reconnect() -> None:
    """Reaches the server again after it was lost, between two changes."""
    if is_sqlite() or database.transaction_depth() or database.is_connection_usable():
        return
    if not database.is_closed():
        database.close()
    try:
        database.connect()
    except DatabaseError as error:
        raise errors.refusal(error) or error from None


def sqlite_path(url: str) -> Path | None:
    """The file of a `sqlite:///FILE` URL; None for another kind of URL."""
    if not url.startswith("sqlite:///"):
        return None
    return Path(url.removeprefix("sqlite:///")).expanduser()


def open_database(url: str, *, create: bool = False) -> None:
    """Binds the tables to the database at `url` and connects this thread to it.

    `create` makes a database where there is none, and is needed for one that is empty. Brings the
    schema up to date. Raises Refused where there is none, where it is not a venue's, where a
    newer program made it, or where it can't be opened.
    """
    path = sqlite_path(url)
    if path is not None:
        backend = _sqlite(path, create)
    elif url.startswith("postgresql://"):
        backend = _postgresql(url)
    else:
        raise refused(
            "database", "%(url)s is neither sqlite:///FILE nor postgresql://…", url=_shown(url)
        )
    close_database()
    database.initialize(backend)
    try:
        backend.connect(reuse_if_open=True)
        if path is not None:
            _check_ours(path)
        _bring_up_to_date(url, create)
    except Refused:
        close_database()
        raise
    except (PeeweeException, sqlite3.Error) as error:
        close_database()
        raise refused(
            "database", "%(url)s can't be opened: %(why)s", url=_shown(url), why=_first_line(error)
        ) from None


def close_database() -> None:
    """Closes this thread's connection, if there is one."""
    if database.obj is not None and not database.is_closed():
        database.close()


@contextmanager
def connected() -> Iterator[None]:
    """A connection for a thread that has none, closed afterwards."""
    if not database.is_closed():
        _reconnect()
    opened = database.connect(reuse_if_open=True)
    try:
        yield
    finally:
        if opened:
            database.close()


def _shown(url: str) -> str:
    """The URL without its password."""
    head, at, tail = url.rpartition("@")
    if not at or "://" not in head:
        return url
    scheme, _, login = head.partition("://")
    return f"{scheme}://{login.partition(':')[0]}@{tail}"


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _sqlite(path: Path, create: bool) -> Database:
    if path.is_dir():
        raise refused("database", "%(path)s is a folder, not a database file", path=path)
    if not path.exists():
        if not create:
            raise NoVenue(
                problem(
                    "database",
                    "there is no venue at %(path)s yet: make one with «venue-tui init», or name "
                    "another database with --database",
                    path=path,
                )
            )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise refused(
                "database", "%(path)s can't be made: %(why)s", path=path, why=error.strerror
            ) from None
    elif not os.access(path, os.R_OK):
        raise refused("database", "%(path)s can't be read: permission denied", path=path)
    backend = _Sqlite(
        str(path),
        # A month of a large house fits 16 MB of pages; the 2 MB that are usual make it read twice.
        pragmas={"foreign_keys": 1, "synchronous": 2, "busy_timeout": 5000, "cache_size": -16_000},
        lock_type="IMMEDIATE",
        autoconnect=False,
        factory=_Connection,
    )
    backend.may_create = create
    return backend


def _postgresql(url: str) -> Database:
    try:
        from playhouse.postgres_ext import Psycopg3Database  # an extra, and slow to import

        backend: Database = Psycopg3Database(url, autoconnect=False, **_PATIENCE)
    except Exception:
        raise refused(
            "database", 'PostgreSQL needs its driver: pip install "venue-tui[postgres]"'
        ) from None
    return backend


def _check_ours(path: Path) -> None:
    """Refuses a file that is no SQLite database, or that another program keeps."""
    try:
        application = execute("PRAGMA application_id").fetchone()[0]
        empty = execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    except DatabaseError as error:
        if "not a database" not in str(error):
            raise
        raise refused("database", "%(path)s is not a database", path=path) from None
    if not empty and application != APPLICATION_ID:
        raise refused("database", "%(path)s is another program's database", path=path)


def known_migrations() -> list[str]:
    """The names of this program's migrations, in order."""
    return sorted(path.stem for path in MIGRATIONS.glob("[0-9]*.py"))


def applied_migrations() -> list[str] | None:
    """The migrations that made this database what it is; None for an empty one."""
    exists = database.table_exists("schema_migration")
    if not exists:
        return None
    return sorted(row[0] for row in execute("SELECT name FROM schema_migration").fetchall())


def _bring_up_to_date(url: str, create: bool) -> None:
    applied = applied_migrations()
    known = known_migrations()
    if applied == known:
        return
    if applied is None and not create:
        raise NoVenue(
            problem(
                "database",
                "there is no venue in %(url)s yet: make one with «venue-tui init»",
                url=_shown(url),
            )
        )
    newer = sorted(set(applied or ()) - set(known))
    if newer:
        raise refused(
            "database",
            "%(url)s was made by a newer version of this program (%(newer)s): update this one",
            url=_shown(url),
            newer=", ".join(newer),
        )
    if applied:
        from models.backup.backup import before_migration

        before_migration()
    if is_sqlite():
        # WAL lets terminals read while one writes; the file keeps the mode.
        execute("PRAGMA journal_mode = wal")
        execute(f"PRAGMA application_id = {APPLICATION_ID}")
    from playhouse.migrations import Runner  # only when there is something to migrate

    Runner(database.obj, directory=str(MIGRATIONS)).up()
