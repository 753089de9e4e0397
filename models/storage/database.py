"""The database that is open: its connection, its statements and its transactions."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from itertools import chain
from operator import itemgetter
from pathlib import Path
from threading import local
from typing import Any

import peewee
from peewee import (
    Database,
    DatabaseError,
    DatabaseProxy,
    OperationalError,
    SqliteDatabase,
)

from models.storage import changes, errors
from models.storage.trail_schema import Row, Schema, gathered
from models.storage.write_statements import parse
from models.values.problems import Refused, refused

as_peewee_errors = peewee.__exception_wrapper__  # type: ignore[attr-defined]
"""Around what is done with a connection itself: what a driver raises becomes peewee's."""

database = DatabaseProxy()
"""Bound when a venue's database is opened. Here, and not beside the tables, because a short command
that only reads needs none of their models."""


WAIT_SECONDS = 20.0
"""How long a change waits for its turn while others write."""
SCREEN_SECONDS = 0.04
"""How long one does that the thread of a screen makes: nothing is painted, and no key heard, as
long as it waits. Most others are done by then."""


class _Screen:
    """The thread of a screen, if there is one; `kept` counts the changes that it made, `last` says
    that it won't try again what isn't its turn now, `gave_up` that this was so."""

    thread: int | None = None
    kept = 0
    last = gave_up = False


_screen = _Screen()


def hurry(thread: int | None) -> None:
    """From now on that thread, a screen's, waits for its turn no longer than SCREEN_SECONDS, and
    raises TurnTaken after it; None: every thread waits WAIT_SECONDS again."""
    _screen.thread = thread


def hurries() -> bool:
    """Whether this thread is a screen's."""
    return threading.get_ident() == _screen.thread


class _Waits(local):
    """A thread that waits for its turn beside the screen's; `seconds`: no longer than these."""

    seconds: float | None = None


_waits = _Waits()


def patience() -> float:
    """For how many seconds this thread waits for its turn."""
    seconds = SCREEN_SECONDS if hurries() else _waits.seconds
    return WAIT_SECONDS if seconds is None else min(WAIT_SECONDS, seconds)


def kept_here() -> int:
    """How many changes the screen's thread has made: by it one can tell whether one was made."""
    return _screen.kept


def turn_comes(seconds: float) -> bool:
    """Waits for so long until it is this thread's turn, which it lets pass; whether it was."""
    _waits.seconds = seconds
    try:
        with transaction():
            return True
    except errors.TurnTaken:
        return False
    finally:
        _waits.seconds = None


@contextmanager
def last_try() -> Iterator[Callable[[], bool]]:
    """Inside, what isn't the screen's turn is refused, in the words of that refusal. Gives what
    says whether that was so."""
    _screen.last, _screen.gave_up = True, False
    try:
        yield lambda: _screen.gave_up
    finally:
        _screen.last = False


_TOGETHER = 50
"""How many rows are written by one statement."""


Read = tuple[str, tuple[object, ...]]
"""A query, with `?` for its values, and these."""


class Connection(sqlite3.Connection):
    """A connection that knows which file it holds."""

    file: tuple[int, int]
    """Which file this is: its device and inode."""
    rescued: Path | None = None
    """Where what it held was saved to, once its file was removed."""


class Noted(Database):
    """A database that notes for the audit trail what is written to it, and says in a sentence why
    a query of peewee's failed."""

    def execute(self, query: Any, **options: Any) -> Any:
        try:
            return super().execute(query, **options)  # type: ignore[no-untyped-call]
        except DatabaseError as error:
            raise errors.refusal(error) or error from None

    def execute_sql(self, sql: str, params: Any = None, **options: Any) -> Any:
        written = parse(self, sql) if changes.is_noting() else None
        if written is None:
            return self.run(sql, params, **options)
        return changes.run_noted(
            self, written, lambda other: self.run(other or sql, params, **options), params
        )

    def run(self, sql: str, params: Any, **options: Any) -> Any:
        """The cursor of a statement, whatever it writes."""
        return super().execute_sql(sql, params, **options)  # type: ignore[no-untyped-call]

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Runs a statement once per row, inside the transaction that is open."""
        with as_peewee_errors:
            self.cursor().executemany(sql, rows)  # type: ignore[no-untyped-call]

    def schemas(self, table: str | None = None) -> dict[str, Schema]:
        """The key and the columns of this table, by its name; where that is no more work, those of
        others, too. Of all where none is named. For the subclass to say."""
        raise NotImplementedError

    def remember(self, read: Read, rows: Sequence[Row]) -> None:
        """Takes note of how a read is answered by now. A file is read as fast."""

    def holder(self) -> errors.Holder | None:
        """Who has the turn to write; None where nobody has it any more, or where it can't be told.
        A file doesn't tell."""
        return None

    def announce(self, line: int) -> None:
        """Takes note that this is the last line of the trail, to tell whoever follows it once it is
        kept. Whoever follows that of a file looks for themselves."""

    def last_line(self) -> int:
        """The number of the last line of the trail; 0 where there is none."""
        return int(self.execute_sql("SELECT coalesce(max(seq), 0) FROM audit").fetchone()[0])


_SCHEMAS = (
    "SELECT t.name, c.name, nullif(c.pk, 0) FROM sqlite_master t, pragma_table_info(t.name) c"
    " WHERE t.type = 'table' AND (t.name = ? OR ? IS NULL) ORDER BY t.name, c.cid"
)
"""Every table's columns, and at which place of its key each stands, if it does."""


class Sqlite(Noted, SqliteDatabase):
    """A venue's file, whose changes wait for their turn."""

    may_create = False
    """Whether the next connection makes the file."""
    rescue: Callable[[], Path]
    """Saves what is open to another file."""

    def connection(self) -> Connection:
        return super().connection()  # type: ignore[no-any-return, no-untyped-call]

    def _connect(self) -> Connection:
        if not self.may_create and _which_file(self.database) is None:
            # SQLite would make an empty one.
            raise refused("database", "%(path)s was removed", path=self.database)
        connection: Connection = super()._connect()  # type: ignore[misc]
        self.may_create = False
        connection.file = _which_file(self.database) or (0, 0)
        return connection

    def begin(self, lock_type: str | None = None) -> None:
        """Waits for its turn by short sleeps of random length: SQLite's own busy wait backs off
        ever longer, so that among several terminals one can starve for seconds."""
        deadline = time.monotonic() + patience()
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

    def schemas(self, table: str | None = None) -> dict[str, Schema]:
        return gathered(self.run(_SCHEMAS, (table, table)))

    def check_there(self) -> None:
        """Raises Refused where the file that is open here isn't the one of its name any more."""
        connection = self.connection()
        if _which_file(self.database) != connection.file:
            raise _gone(self.database, connection, self.rescue)

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


def _gone(path: str, connection: Connection, rescue: Callable[[], Path]) -> Refused:
    """The refusal to go on writing into a file that was removed or replaced: whatever was written
    there would be lost with it. What it held is saved first; it is there until it is closed."""
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

    For the paths that are measured, where building a peewee query costs more than running it:

    - a start: `access.session`, `access.permissions`, `operations.directory`
    - a mark: `operations.roll`, `operations.roll_board`, `operations.first_call`,
      `operations.briefings`
    - a slip, a leave and what Tonight shows of them: `operations.requests`, `operations.leave`,
      `operations.outings`, `operations.slip_board`, `operations.bookings`, `operations.places`,
      `payroll.appeals`
    - a guest and a turn: `guests.complaints`, `guests.contacts`, `guests.desk`,
      `guests.handovers`, `guests.fact_writer`, `guests.register`, `operations.grooming`
    - the ledger, within each of these: `ledger.*`
    - a month, and what is exported of it: `payroll.charge_list`, `payroll.deductions`,
      `payroll.explanation`, `payroll.exports`, `payroll.guest_explanation`, `payroll.months`,
      `payroll.notices`, `payroll.trends`, `payroll.verification`, `payroll.whatif`
    - an import, of files and of punches: `imports.*`, `operations.punches`,
      `operations.first_punches`, `operations.punch_arrivals`
    - the trail, its proof, and copies of the whole: `storage.*`, `backup.*`

    Everything else asks by the models of `storage.tables`, whose fields know a night from a text.
    """
    try:
        return database.execute_sql(sql if is_sqlite() else _native(sql), values)
    except DatabaseError as error:
        raise errors.refusal(error) or error from None


def execute_many(sql: str, rows: Iterable[Sequence[object]]) -> None:
    """Runs a statement once per row, inside the transaction that is open."""
    written = parse(database.obj, sql) if changes.is_noting() else None
    if written is not None and (written.columns is None or written.deletes):
        for row in rows:
            execute(sql, row)
        return
    if written is not None and written.columns is not None:
        rows = [tuple(row) for row in rows]
        changes.note_written(database.obj, written.table, written.columns, rows)
    _run_many(sql, rows)


def _run_many(sql: str, rows: Iterable[Sequence[object]]) -> None:
    database.obj.execute_many(sql if is_sqlite() else _native(sql), rows)


def together(name: str | None = None, *about: object) -> AbstractContextManager[None]:
    """Around the reads of a screen: a server is asked in few trips for all of them. `name` is that
    of those which are mostly the same as the last time, but for what they are `about`. A file is
    read as it comes."""
    return nullcontext() if is_sqlite() else database.obj.together(name, about)


def ask(reads: Iterable[Read]) -> None:
    """Inside a change, or what is read together: asks a server in one trip for all that is about to
    be read."""
    if not is_sqlite():
        database.obj.ask((_native(sql), values) for sql, values in reads)


def last_line() -> int:
    """The number of the last line of the trail; 0 where there is none. Costs a server nothing: it
    tells whoever asked once."""
    try:
        return int(database.obj.last_line())
    except DatabaseError as error:
        raise errors.refusal(error) or error from None


def remember(read: Read, rows: Sequence[Row]) -> None:
    """Spares a change a trip to a server: whoever wrote something knows how this read is answered
    by now."""
    if not is_sqlite():
        database.obj.remember((_native(read[0]), read[1]), rows)


def upsert(
    table: str,
    columns: tuple[str, ...],
    key: tuple[str, ...],
    rows: Sequence[Sequence[object]],
    was: Sequence[Sequence[object] | None] | None = None,
) -> None:
    """Writes rows, each in place of the one that has its key, if one has. No two may share a key.

    Many go in one statement, which takes little more than half as long as one after the other.
    The audit trail is told the rows, and beside each what stood before where `was` gives it.
    """
    changes.note_written(database.obj, table, columns, rows, was)
    if was is not None and rows and not any(was):
        columns, rows = _without_blanks(columns, rows)
    whole = len(rows) // _TOGETHER * _TOGETHER
    blocks = (rows[i : i + _TOGETHER] for i in range(0, whole, _TOGETHER))
    if whole:
        sql = _upsert(table, columns, key, _TOGETHER)
        _run_many(sql, (list(chain.from_iterable(block)) for block in blocks))
    if whole < len(rows):
        _run_many(_upsert(table, columns, key, 1), rows[whole:])


def _without_blanks(
    columns: tuple[str, ...], rows: Sequence[Sequence[object]]
) -> tuple[tuple[str, ...], Sequence[Sequence[object]]]:
    """New rows without the columns that are blank in all of them."""
    kept = [
        index
        for index, column in enumerate(zip(*rows, strict=True))
        if any(value is not None for value in column)
    ]
    if len(kept) in (1, len(columns)):
        return columns, rows
    return tuple(columns[index] for index in kept), list(map(itemgetter(*kept), rows))


@cache
def _upsert(table: str, columns: tuple[str, ...], key: tuple[str, ...], rows: int) -> str:
    row = f"({', '.join('?' * len(columns))})"
    rest = ", ".join(f'"{each}" = excluded."{each}"' for each in columns if each not in key)
    action = f"UPDATE SET {rest}" if rest else "NOTHING"  # keys alone, with blanks beside them
    return (
        f"INSERT INTO {table} ({quoted(columns)}) VALUES {', '.join([row] * rows)}"
        f" ON CONFLICT ({quoted(key)}) DO {action}"
    )


def quoted(columns: Iterable[str]) -> str:
    """Columns as a list in a statement; some of them are words of SQL (`from`, `right`)."""
    return ", ".join(f'"{column}"' for column in columns)


@contextmanager
def transaction(ahead: Iterable[Read] = ()) -> Iterator[None]:
    """One change: all of it is kept, or none. Changes of all terminals run one after the other.

    `ahead` is what it is known to read, which a server is asked for with the lock; what is missing
    there is merely read later. Nothing inside may await, and nothing inside may talk to a person.
    Raises Refused where the machine won't have it: a full disk, a file that may not be written, a
    lost server; TurnTaken where others write, and a screen's thread is kept waiting.
    """
    _reconnect()
    try:
        with _atomic(ahead), changes.noting():
            yield
    except DatabaseError as error:
        if not errors.is_locked(error):
            raise errors.refusal(error) or error from None
        if hurries() or _waits.seconds is not None:
            if not _screen.last:
                raise errors.TurnTaken from None
            _screen.gave_up = True
        raise errors.busy(database.obj.holder()) from None
    if hurries() and not database.transaction_depth():
        _screen.kept += 1


def _atomic(ahead: Iterable[Read]) -> Any:
    if is_sqlite() or database.transaction_depth():
        return database.atomic()
    return database.atomic(ahead=((_native(sql), values) for sql, values in ahead))


@contextmanager
def snapshot() -> Iterator[None]:
    """All that is read inside is as it stood at one moment, whatever others write meanwhile; inside
    nothing is written."""
    _reconnect()
    with (
        database.atomic("DEFERRED")
        if is_sqlite()
        else database.atomic(isolation_level="REPEATABLE READ")
    ):
        yield


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


def close_database() -> None:
    """Closes this thread's connection, if there is one."""
    if database.obj is not None and not database.is_closed():
        database.close()


def keep_connected() -> None:
    """Connects this thread where it isn't; whoever ends it says `close_database`. Raises Refused
    where the database can't be reached."""
    _reconnect()
    try:
        database.connect(reuse_if_open=True)
    except DatabaseError as error:
        raise errors.refusal(error) or error from None


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
