"""The rows that a transaction changes, noted while they are written, for the audit trail.

Whatever writes to a table inside `noting` is seen here, by hand-written SQL or by a peewee query:
so no change can forget to say what it changed. The line of the audit trail that is written next
takes the notes with it (`take`), as `Change` values that `encode` and `decode` turn into bytes and
back.
"""

import json
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from itertools import chain
from threading import local
from typing import Any, NamedTuple, Protocol

from peewee import Database

Row = Sequence[Any]
"""The values of one row, in the order of its columns."""

UNBOUND = frozenset({"audit", "audit_touched", "charges", "schema_migration", "sign_in_failures"})
"""Tables that the trail doesn't prove: its own, the charges, which the judgement proves, and what
only slows down whoever guesses secrets."""

UNBOUND_COLUMNS = {
    "briefings": frozenset({"settled"}),
    "accounts": frozenset({"failures", "locked_until"}),
}
"""Columns that follow from the rest, or that only slow down whoever guesses secrets."""

COVERED = {
    "secret": 64, "recovery": 64, "content": 64, "guest_phone": 4, "phone_key": 4, "phone": 4,
}  # fmt: skip
"""Columns of which the trail keeps the beginning of a SHA-256 in hexadecimal, and how many digits
of it. A phone number keeps so few that one can tell whether it was changed, but not guess it."""

_PLAIN = 1024
"""The most bytes that are kept as they are. More are compressed."""


class Change(NamedTuple):
    """Rows of one table that were written or deleted together.

    `now` holds the rows as they became, None where they are gone. `was` holds, row by row, what
    stood before (None where nothing did); it is None as a whole where only what became is known.
    A column that isn't named stayed as it was, and is NULL in a new row.
    """

    table: str
    columns: tuple[str, ...]
    now: list[Row] | None
    was: Sequence[Row | None] | None = None

    def rows(self) -> Iterator[Row]:
        """Every row that is told of, as it was and as it became."""
        yield from self.now or ()
        yield from (row for row in self.was or () if row is not None)


class Schema(NamedTuple):
    """What the trail proves of a table: its key, and its columns, the key's among them."""

    key: tuple[str, ...]
    columns: tuple[str, ...]


class Backend(Protocol):
    """A database that knows its tables."""

    def schemas(self, table: str) -> dict[str, Schema]:
        """The key and the columns of this table, and of others where that is no more work."""
        ...


class Written(NamedTuple):
    """A statement that writes to a table. Where the values that it is given are the rows it leaves,
    `columns` are theirs, and the statement is run as it is; else it is run as `returning`."""

    table: str
    columns: tuple[str, ...] | None
    deletes: bool
    returning: str
    returned: tuple[str, ...]
    own: bool
    """Whether the statement returns something itself, before what was added here."""


class Fetched:
    """The cursor of a statement whose rows were read already."""

    def __init__(self, rows: list[Row], count: int, cursor: Any, added: int = 0) -> None:
        self._all = rows
        self._rows = iter(rows)
        self.rowcount = count
        self.lastrowid = getattr(cursor, "lastrowid", None)
        description = getattr(cursor, "description", None)
        # Without what was only noted.
        self.description = description[:-added] if description and added else description

    def again(self) -> "Fetched":
        """The same, with no row of it fetched yet."""
        return Fetched(self._all, self.rowcount, self)

    def fetchone(self) -> Row | None:
        return next(self._rows, None)

    def fetchall(self) -> list[Row]:
        return list(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return self._rows

    def close(self) -> None:
        """Nothing is left to be read."""


class _State(local):
    noting = False
    changes: list[Change]

    def __init__(self) -> None:
        self.changes = []


_state = _State()
_parsed: dict[str, Written | None] = {}
_schemas: dict[str, Schema | None] = {}


def forget_schema() -> None:
    """To be called when another database is opened, or the schema of this one was changed."""
    _parsed.clear()
    _schemas.clear()


@contextmanager
def noting() -> Iterator[None]:
    """Notes what is written inside, until its line of the trail takes it. What was noted is dropped
    where that fails."""
    before = [  # the lists of rows grow, so copies of them are kept
        change if change.now is None else change._replace(now=list(change.now))
        for change in _state.changes
    ]
    was_noting = _state.noting
    _state.noting = True
    try:
        yield
    except BaseException:
        _state.changes = before
        raise
    finally:
        _state.noting = was_noting
        if not was_noting:
            _state.changes = []


@contextmanager
def unnoted() -> Iterator[None]:
    """Notes nothing of what is written inside, which must bring its own lines of the trail."""
    was_noting, _state.noting = _state.noting, False
    try:
        yield
    finally:
        _state.noting = was_noting


def is_noting() -> bool:
    return _state.noting


def pending() -> bool:
    """Whether something was changed that no line of the trail has taken yet."""
    return bool(_state.changes)


def take() -> list[Change]:
    """What was changed since the last line of the trail."""
    taken, _state.changes = _state.changes, []
    return taken


def note(change: Change) -> None:
    """Adds to what was changed. Rows of one table that follow each other are told together."""
    last = _state.changes[-1] if _state.changes else None
    if (
        last is not None
        and last[:2] == change[:2]
        and last.now is not None
        and change.now is not None
        and last.was is None
        and change.was is None
    ):
        last.now.extend(change.now)
    else:
        _state.changes.append(change)


def note_written(
    backend: Backend,
    table: str,
    columns: tuple[str, ...],
    rows: Sequence[Row],
    was: Sequence[Row | None] | None = None,
) -> None:
    """Notes rows that were written with these columns, if the trail proves their table. `was` are
    the values of the same columns before."""
    known = schema(backend, table)
    if not _state.noting or known is None or not rows:
        return
    if set(columns) <= set(known.columns):
        note(Change(table, columns, list(rows), was))
        return
    kept = [index for index, column in enumerate(columns) if column in known.columns]

    def narrow(row: Row) -> Row:
        return [row[index] for index in kept]

    note(
        Change(
            table,
            tuple(columns[index] for index in kept),
            [narrow(row) for row in rows],
            None if was is None else [row if row is None else narrow(row) for row in was],
        )
    )


def run_noted(
    backend: Backend, written: Written, run: Callable[[str], Any], values: Row | None
) -> Any:
    """Runs a statement that writes, notes the rows it wrote, and gives its cursor."""
    if written.columns is not None:
        cursor = run("")
        row = list(values or ())
        if written.deletes:
            note(Change(written.table, written.columns, None, [row]))
        else:
            note_written(backend, written.table, written.columns, [row])
        return cursor
    cursor = run(written.returning)
    rows = [tuple(row) for row in cursor.fetchall()]
    added = len(written.returned)
    if rows:
        told: list[Row] = [row[-added:] for row in rows]
        if written.deletes:
            note(Change(written.table, written.returned, None, told))
        else:
            note(Change(written.table, written.returned, told))
    return Fetched([row[:-added] for row in rows] if written.own else [], len(rows), cursor, added)


_HEAD = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?\s*', re.IGNORECASE)
_INSERT = re.compile(
    r"""\(([\w\s,"]+)\)\s*VALUES\s*\((?:\?|%s)(?:,\s*(?:\?|%s))*\)"""
    r"""(?:\s*ON\s+CONFLICT\s*\([\w\s,"]+\)\s*DO\s+UPDATE\s+SET\s*(.*))?\s*""",
    re.IGNORECASE | re.DOTALL,
)
_EXCLUDED = re.compile(r'"?(\w+)"?\s*=\s*excluded\."?(\w+)"?', re.IGNORECASE)
_BY_KEY = re.compile(r"(\w+)\s*=\s*(?:\?|%s)", re.IGNORECASE)
_SET = re.compile(r"SET\s+(.*?)(?:\s+WHERE\s.*)?\s*$", re.IGNORECASE | re.DOTALL)
_SET_COLUMN = re.compile(r'(?:^|,)\s*"?(\w+)"?\s*=')


def parse(backend: Backend, sql: str) -> Written | None:
    """What a statement writes; None for one that writes nothing that the trail proves."""
    if sql not in _parsed:
        if len(_parsed) > 1000:  # queries that are put together for the occasion
            _parsed.clear()
        _parsed[sql] = _parse(backend, sql)
    return _parsed[sql]


def _parse(backend: Backend, sql: str) -> Written | None:
    head = _HEAD.match(sql)
    if head is None:
        return None
    verb, table = head[1].upper(), head[2]
    known = schema(backend, table)
    if known is None:
        return None
    rest = sql[head.end() :]
    columns = None
    if verb == "INSERT INTO":
        columns = _inserted(rest, known)
    elif verb == "DELETE FROM":
        columns = _deleted(rest, known)
    elif (setting := _SET.match(rest)) is not None:
        changed = set(_SET_COLUMN.findall(setting[1]))
        if changed and changed <= UNBOUND_COLUMNS.get(table, frozenset()):
            return None
    own = re.search(r"\sRETURNING\s", sql, re.IGNORECASE) is not None
    returned = ", ".join(f'"{column}"' for column in known.columns)
    returning = f"{sql}{', ' if own else ' RETURNING '}{returned}"
    return Written(table, columns, verb == "DELETE FROM", returning, known.columns, own)


def _inserted(rest: str, known: Schema) -> tuple[str, ...] | None:
    """The columns of a plain INSERT of one whole row by its key."""
    found = _INSERT.fullmatch(rest)
    if found is None:
        return None
    columns = tuple(re.findall(r"\w+", found[1]))
    if not set(known.key) <= set(columns):
        return None
    if found[2] is not None:
        assigned = _EXCLUDED.findall(found[2])
        same = all(column == source for column, source in assigned)
        parts = found[2].count("=")
        covered = {column for column, _ in assigned} | set(known.key)
        if not same or parts != len(assigned) or not set(columns) <= covered:
            return None
    return columns


def _deleted(rest: str, known: Schema) -> tuple[str, ...] | None:
    """The key's columns of a plain DELETE of one row."""
    where, _, condition = rest.partition(" ")
    if where.upper() != "WHERE":
        return None
    parts = [_BY_KEY.fullmatch(part.strip()) for part in re.split(r"\sAND\s", condition.strip())]
    columns = tuple(part[1] for part in parts if part is not None)
    whole = len(columns) == len(parts) and sorted(columns) == sorted(known.key)
    return columns if whole else None


def schema(backend: Backend, table: str) -> Schema | None:
    """What the trail proves of a table of the database; None for one that it doesn't."""
    if table not in _schemas:
        _schemas[table] = None  # there may be no such table
        _schemas.update(
            (name, proved(name, found)) for name, found in backend.schemas(table).items()
        )
    return _schemas[table]


def schemas_known() -> bool:
    """Whether any table was looked up yet."""
    return bool(_schemas)


def read_schema(backend: Database, table: str) -> Schema:
    """The key and all columns of a table, of whichever database."""
    columns = tuple(column.name for column in backend.get_columns(table))
    return Schema(tuple(backend.get_primary_keys(table)), columns)


def proved(table: str, found: Schema) -> Schema | None:
    """What the trail proves of it."""
    if table in UNBOUND or not found.key:
        return None
    left_out = UNBOUND_COLUMNS.get(table, frozenset())
    return Schema(found.key, tuple(each for each in found.columns if each not in left_out))


def as_told(columns: Sequence[str], row: Row) -> list[Any]:
    """A row as the trail keeps it: nights as ISO text, yes and no as 1 and 0, and what is covered
    as the beginning of its digest."""
    return [_as_told(column, value) for column, value in zip(columns, row, strict=True)]


def _as_told(column: str, value: Any) -> Any:
    if value is None:
        return None
    if column in COVERED:
        return sha256(str(value).encode()).hexdigest()[: COVERED[column]]
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def encode(changes: Sequence[Change]) -> bytes:
    """Changes as the trail keeps them: a JSON list of objects `table`, `columns`, `now` and `was`
    in UTF-8, compressed by zlib where it is long (the first byte tells: `[` or `x`)."""
    told = [
        {
            "table": change.table,
            "columns": change.columns,
            **{
                name: _rows_as_told(change.columns, rows)
                for name, rows in (("now", change.now), ("was", change.was))
                if rows is not None
            },
        }
        for change in changes
    ]
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return text if len(text) <= _PLAIN else zlib.compress(text, 1)


_TOLD_AS_THEY_ARE = {str, int, type(None)}


def _rows_as_told(columns: Sequence[str], rows: Sequence[Row | None]) -> Sequence[Row | None]:
    # Most columns of most tables hold text and numbers, which are told as they are.
    kinds = set(map(type, chain.from_iterable(row for row in rows if row is not None)))
    plain = kinds <= _TOLD_AS_THEY_ARE
    told = [
        index
        for index, column in enumerate(columns)
        if column in COVERED
        or (
            not plain
            and any(row is not None and isinstance(row[index], bool | date) for row in rows)
        )
    ]
    if not told:
        return rows

    # What is covered repeats itself, as a guest's phone does.
    kept_as: dict[tuple[str, Any], Any] = {}

    def as_kept(row: Row) -> Row:
        kept = list(row)
        for index in told:
            key = (columns[index], kept[index])
            if key not in kept_as:
                kept_as[key] = _as_told(*key)
            kept[index] = kept_as[key]
        return kept

    return [None if row is None else as_kept(row) for row in rows]


def decode(kept: bytes) -> list[Change]:
    """What `encode` made."""
    kept = bytes(kept)
    text = zlib.decompress(kept) if kept[:1] == b"x" else kept
    return [
        Change(each["table"], tuple(each["columns"]), each.get("now"), each.get("was"))
        for each in json.loads(text)
    ]
