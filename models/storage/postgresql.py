"""A venue on a server, and how few trips to it a change takes.

A server may be far away, and all changes of a venue queue for one lock, which whoever changes
something holds for as long as they talk to it. So a change goes there twice:

1. BEGIN, the lock, and all that the change is known to read (`ahead`), in one trip. Each read has
   its own snapshot, taken once the lock is held: nothing is read that may have changed since.
2. Then what it reads is answered here, and what it writes waits here.
3. What waits, the notice to everybody who follows the trail, and COMMIT, in one trip.

What a screen shows is read in the same way (`together`), outside of any change. What turns out to
be needed only on the way is asked for together, too (`ask`). Any other read that
was not foreseen, or whose answer something written since may have changed, takes what waits along,
and is one trip more. What fails among that which waits is raised by the next trip, the
last one at the latest, and nothing of the change is kept.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from itertools import chain, count, islice
from threading import local
from typing import Any

from peewee import DatabaseError, PostgresqlDatabase

from models.storage.changes import Fetched
from models.storage.database import Noted, Read, as_peewee_errors, patience
from models.storage.errors import Holder
from models.storage.trail_schema import Row, Schema, gathered, schemas_known

_TURN = 0x56454E55
"""The advisory lock that changes queue for."""

_LOCK = "SELECT pg_advisory_xact_lock(%s)"
_PATIENCE = "SELECT set_config('lock_timeout', %s, true)"
_HOLDER = (
    "SELECT coalesce(nullif(a.application_name, ''), 'process ' || l.pid),"
    " coalesce(extract(epoch FROM clock_timestamp() - a.xact_start), 0)::int"
    " FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid"
    " WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.classid = 0"
    " AND l.objid::bigint = %s"
    " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_NOTICE = "SELECT pg_notify('venue_tui', %s)"
_LISTEN = "LISTEN venue_tui"
_LAST = "SELECT coalesce(max(seq), 0) FROM audit"
_SCHEMAS: Read = (
    "SELECT c.relname, a.attname, array_position(i.indkey::smallint[], a.attnum)"
    " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
    " LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary"
    " WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'"
    " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum",
    (),
)
"""Every table's columns, and at which place of its key each stands, if it does."""

_WAITING = 50
"""The most rows of one statement that wait; more of them are sent as they come."""

_FAILURES = count()
_PREPARED = 300
"""So many statements the server keeps ready for a connection, each from its second time on, and
with its plan some times later. Not from its first: what takes a savepoint back is asked once, and
the driver forgets with it what it had ready."""


class Later:
    """The cursor of a statement that waits. Whoever asks it for something has it sent."""

    def __init__(self, owner: "Postgresql", sql: str, values: Sequence[Any]) -> None:
        self._owner = owner
        self.sql = sql
        self.values = values
        self.cursor: Any = None

    def _sent(self) -> Any:
        if self.cursor is None:
            self._owner.send_waiting()
        return self.cursor

    description = None
    lastrowid = None

    @property
    def rowcount(self) -> int:
        return int(self._sent().rowcount)

    def fetchone(self) -> Row | None:
        row: Row | None = self._sent().fetchone()
        return row

    def fetchall(self) -> list[Row]:
        return list(self._sent().fetchall())


class _Thread(local):
    """What one thread, which has its own connection, is about."""

    def __init__(self) -> None:
        self.changing = False
        self.reading = False
        self.failed = False
        """Whether a trip failed, and what the driver remembers wasn't put right since."""
        self.waiting: list[Later] = []
        self.answers: dict[Read, Fetched] = {}
        self.notice: int | None = None
        self.follows: Any = None
        """The connection that listens."""
        self.last: int | None = None
        """The number of the last line of the trail that it heard of."""

    def begin(self, *, changing: bool) -> None:
        self.changing, self.notice = changing, None
        self.waiting, self.answers = [], {}
        self.used: set[Read] = set()


class Postgresql(Noted, PostgresqlDatabase):
    """A venue's database on a server."""

    def __init__(self, url: str, **options: Any) -> None:
        self._here = _Thread()
        self._read_before: dict[str, tuple[tuple[object, ...], Sequence[Read]]] = {}
        super().__init__(url, prefer_psycopg3=True, **options)

    def connection(self) -> Any:
        return super().connection()  # type: ignore[no-untyped-call]

    def _connect(self) -> Any:
        connection = super()._connect()  # type: ignore[misc]
        connection.prepare_max, connection.prepare_threshold = _PREPARED, 1
        return connection

    # A change

    def begin(
        self, isolation_level: str | None = None, ahead: Iterable[Read] | None = None
    ) -> None:
        """Begins a transaction; where `ahead` is given, a change, with what it is to read."""
        reads = None if ahead is None else list(ahead)
        self._here.begin(changing=reads is not None)
        if reads is None:
            super().begin(isolation_level)
            return
        if not schemas_known():
            reads.append(_SCHEMAS)
        try:
            milliseconds = (str(max(1, round(patience() * 1000))),)
            self._ask(reads, ("BEGIN", ()), (_PATIENCE, milliseconds), (_LOCK, (_TURN,)))
        except BaseException:
            with suppress(DatabaseError):
                self.rollback()
            raise

    def ask(self, reads: Iterable[Read]) -> None:
        """Asks for what a change, or a screen, is about to read and hasn't read yet."""
        here = self._here
        if not (here.changing or here.reading):
            return
        missing = [each for each in reads if each not in here.answers]
        if missing:
            self._ask(missing)

    def _ask(self, reads: Iterable[Read], *first: tuple[str, Sequence[Any]]) -> None:
        reads = list(dict.fromkeys(reads))
        cursors = self._together([*first, *reads])[len(first) :]
        for read, cursor in zip(reads, cursors, strict=True):
            self._here.answers[read] = Fetched(cursor.fetchall(), cursor.rowcount, cursor)

    def schemas(self, table: str | None = None) -> dict[str, Schema]:
        return gathered(self.run(*_SCHEMAS).fetchall())

    def commit(self) -> None:
        here = self._here
        if not here.changing:
            super().commit()
            return
        notice = [] if here.notice is None else [(_NOTICE, (str(here.notice),))]
        self._together([*notice, ("COMMIT", ())])
        here.begin(changing=False)

    def rollback(self) -> None:
        self._here.begin(changing=False)
        if self.is_closed() or not self.connection().closed:  # else the server has done so
            super().rollback()
            self._forget_prepared()

    def holder(self) -> Holder | None:
        with suppress(DatabaseError):
            found = self.run(_HOLDER, (_TURN,)).fetchone()
            # Who has only just had it isn't whom somebody waited for.
            return Holder(*found) if found is not None and found[1] else None
        return None

    def remember(self, read: Read, rows: Sequence[Row]) -> None:
        """Answers a read with these rows from now on: whoever wrote them knows it."""
        if self._here.changing:
            self._here.answers[read] = Fetched(list(rows), len(rows), None)

    def announce(self, line: int) -> None:
        """Tells everybody who follows the trail that this is its last line, once it is kept."""
        self._here.notice = line

    def run(self, sql: str, params: Any, **options: Any) -> Any:
        here = self._here
        if here.reading and not here.changing:
            return self._read(sql, params)
        if not here.changing:
            if _verb(sql) != "SELECT":
                return super().run(sql, params, **options)
            # A pipeline of one: outside of any, psycopg goes once more to have it prepared.
            return self._together([(sql, params or ())])[-1]
        verb = _verb(sql)
        if verb in ("INSERT", "UPDATE", "DELETE"):
            self._forget(sql)
            if " RETURNING " not in sql:
                return self._wait(sql, params)
        elif verb in ("SAVEPOINT", "RELEASE"):
            return self._wait(sql, params)
        elif verb == "ROLLBACK":
            here.answers.clear()
            if self._take_back(sql):
                return None
            cursor = self._together([(sql, params or ())])[-1]
            self._forget_prepared()
            return cursor
        elif (answer := self._answer(sql, params)) is not None:
            return answer
        return self._together([(sql, params or ())])[-1]

    @contextmanager
    def together(self, name: str | None, about: tuple[object, ...]) -> Iterator[None]:
        """Around what a screen reads: nothing is read twice, and what was read under that name the
        last time is asked for at once, with what this is `about` in the place of what that was.
        Something written on the way has all of it read anew."""
        here = self._here
        if here.changing or here.reading:
            yield
            return
        here.begin(changing=False)
        here.reading = True
        try:
            if name is not None:
                self.ask(_about(about, *self._read_before.get(name, ((), ()))))
            yield
            if name is not None:
                used = [read for read in here.answers if read in here.used]
                self._read_before[name] = about, used
        finally:
            here.reading = False
            here.begin(changing=False)

    def _read(self, sql: str, params: Any) -> Any:
        here, read = self._here, (sql, tuple(params or ()))
        if _verb(sql) != "SELECT":
            here.answers.clear()
            return super().run(sql, params)
        if read not in here.answers:
            self._ask([read])
        here.used.add(read)
        return here.answers[read].again()

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Runs a statement once per row. A few rows wait, where a change is being made."""
        rows = iter(rows)
        first: list[Sequence[Any]] = []
        if self._here.changing:
            self._forget(sql)
            first = list(islice(rows, _WAITING + 1))
            if len(first) <= _WAITING:
                for row in first:
                    self._wait(sql, row)
                return
            self.send_waiting()
        with as_peewee_errors:
            self.connection().cursor().executemany(sql, chain(first, rows))

    def _wait(self, sql: str, params: Any) -> Later:
        later = Later(self, sql, params or ())
        self._here.waiting.append(later)
        return later

    def _answer(self, sql: str, params: Any) -> Any:
        answers = self._here.answers
        try:
            answer = answers.get((sql, tuple(params or ()))) if answers else None
        except TypeError:  # a list among the values, which nobody asked with ahead
            return None
        return None if answer is None else answer.again()

    def _forget(self, sql: str) -> None:
        """Drops the answers that a statement may change."""
        here = self._here
        table = _words(sql)[1]
        here.answers = {
            read: answer for read, answer in here.answers.items() if table not in _words(read[0])
        }

    def _take_back(self, rollback: str) -> bool:
        """Drops what waits since a savepoint; whether that savepoint waits itself, so that the
        server need not be told."""
        here = self._here
        savepoint = rollback.split()[-1]
        for at, later in enumerate(here.waiting):
            if later.sql.split() == ["SAVEPOINT", savepoint]:
                del here.waiting[at:]
                return True
        here.waiting.clear()
        return False

    # Trips

    def send_waiting(self) -> None:
        """Sends what waits, if anything does."""
        if self._here.waiting:
            self._together([])

    def _together(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        """Sends what waits and these after it, in one trip, and gives the cursors of these."""
        here = self._here
        waiting, here.waiting = here.waiting, []
        try:
            with as_peewee_errors:
                connection = self.connection()
                cursors = []
                with connection.pipeline() as pipeline, _kept_together(pipeline):
                    for later in waiting:
                        later.cursor = connection.cursor()
                        later.cursor.execute(later.sql, later.values)
                    for sql, values in statements:
                        cursors.append(connection.cursor())
                        cursors[-1].execute(sql, values)
        except DatabaseError:
            here.failed = True
            self._forget_prepared()
            raise
        return cursors

    def _forget_prepared(self) -> None:
        """After a trip that failed halfway the driver takes for prepared what the server never came
        to prepare. In a transaction that failed nothing can be done about it yet."""
        here = self._here
        if not here.failed or self.is_closed():
            return
        connection = self.connection()
        if connection.closed or connection.info.transaction_status.name == "INERROR":
            return
        with suppress(DatabaseError), as_peewee_errors:
            # It takes note of a statement that it hasn't seen before.
            connection.execute(f"DEALLOCATE ALL -- {next(_FAILURES)}")
            here.failed = False

    # Following the trail

    def last_line(self) -> int:
        """The number of the trail's last line. The server says when there is another: it isn't
        asked again, and what it said meanwhile lies here already."""
        here, connection = self._here, self.connection()
        if here.changing:
            return int(self.run(_LAST, ()).fetchone()[0])
        with as_peewee_errors:
            if here.follows is not connection:
                here.follows, here.last = connection, None
                connection.add_notify_handler(self._hear)
                # What is recorded between the two, in one trip, is heard of as well.
                _, cursor = self._together([(_LISTEN, ()), (_LAST, ())])
                [last] = cursor.fetchone()
                if here.last is None:
                    here.last = last
            connection.pgconn.consume_input()
            while (notice := connection.pgconn.notifies()) is not None:
                here.last = int(notice.extra)
        assert here.last is not None
        return here.last

    def _hear(self, notice: Any) -> None:
        self._here.last = int(notice.payload)


@contextmanager
def _kept_together(pipeline: Any) -> Iterator[None]:
    """Inside, what is executed in a pipeline waits for its end: by itself, psycopg sends a packet
    for each statement, and looks for an answer to it."""
    commands = pipeline.command_queue

    def communicate() -> Iterator[None]:
        while commands:
            commands.popleft()()
        yield from ()

    pipeline._communicate_gen = communicate
    try:
        yield
    finally:
        del pipeline._communicate_gen


def _about(
    now: tuple[object, ...], before: tuple[object, ...], reads: Sequence[Read]
) -> Iterator[Read]:
    """The reads about what is meant now, where they were about something else before."""
    instead = dict(zip(before, now, strict=False))
    for sql, values in reads:
        yield sql, tuple(instead.get(value, value) for value in values)


@cache
def _verb(sql: str) -> str:
    return sql.split(None, 1)[0].upper()


@cache
def _words(sql: str) -> tuple[str, ...]:
    """Of INSERT INTO, UPDATE and DELETE FROM first of all the table; else all that there are."""
    written = re.match(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', sql, re.IGNORECASE)
    return ("", written[1]) if written else tuple(set(re.findall(r"\w+", sql)))
