"""The rows that a transaction changes, noted while they are written, for the audit trail.

Whatever writes to a table inside `noting` is seen here, by hand-written SQL or by a peewee query:
so no change can forget to say what it changed. The line of the audit trail that is written next
takes the notes with it (`take`), as `Change` values, of which `change_coding` makes bytes.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import local
from typing import Any, NamedTuple

from models.storage.trail_schema import Backend, Row, schema
from models.storage.write_statements import Written


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
