"""What this terminal proved already: of months that are closed, the facts, the charges, and the
lines of the trail that told of them.

`verify` replays the whole trail and judges every night. Once that found nothing wrong, this keeps,
outside of the venue, a digest of all that need not be looked at again: the lines up to the last
one, and the rows of the nights of closed months. While they have that digest they are what was
proved. The lines that told of anything besides are named, so that the rest can be replayed from
them and from those that came since. Where there is a sealing key, the record is sealed with it.

Whoever holds the database alone can't write such a record. Any difference in what was proved, and
any line since that reaches into it, has everything proved anew.
"""

import json
import marshal
from collections.abc import Sequence
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

from models.storage import audit, witness
from models.storage.change_coding import as_told, decode
from models.storage.database import database, execute, quoted
from models.storage.trail_schema import UNBOUND, all_bound
from models.values.nights import Month, first_night, next_month

_FILE = "proved.json"

_LINES = (
    "SELECT * FROM audit WHERE seq <= ? ORDER BY seq",
    "SELECT kind, value, seq FROM audit_touched WHERE seq <= ? ORDER BY seq, kind, value",
)
_AT_ONCE = 2_000

_DATED = {"punches": "told_at", "leave": "last_night"}
"""By table, the column that begins with the night by which a row belongs to a month, where it is
neither called `night` nor, holding the month itself, `month`."""


class Proved(NamedTuple):
    """What was proved: the trail up to a line, and the rows of a month and of those before it.
    `live` are the lines up to that one which told of other rows."""

    seq: int
    hash: str
    through: Month
    live: list[int]
    digest: str

    def end(self, column: str) -> str:
        """With which a dated column begins that isn't among those proved: the first night after
        them, or its month."""
        return _end(self.through, column)

    def covers(self, column: str, value: object) -> bool:
        """Whether a row of a dated table is among those proved, by its dated column."""
        return value is None or str(value) < self.end(column)


@cache
def _end(through: Month, column: str) -> str:
    after = next_month(through)
    return after if column == "month" else first_night(after).isoformat()


def dated(table: str, columns: Sequence[str]) -> str | None:
    """The column by which a row of a table belongs to a month; None where it belongs to none."""
    wanted = (_DATED.get(table, "night"), "month")
    return next((column for column in wanted if column in columns), None)


def known() -> Proved | None:
    """What this terminal proved of the open venue, as long as it is as it was; None where it proved
    nothing, where its key didn't seal the record, or where anything is otherwise by now."""
    kept = witness.kept(_FILE)
    try:
        record = Proved(*kept["record"])
        date.fromisoformat(f"{record.through}-01")
        if kept["seal"] != _seal(record) or not all(isinstance(seq, int) for seq in record.live):
            return None
        if not audit.contains((record.seq, record.hash)):
            return None
        return record if record.digest == _digest(record.seq, record.through) else None
    except (TypeError, KeyError, ValueError):
        return None


def keep(through: Month) -> None:
    """Keeps that the whole trail was proved, and of it the rows up to the end of a closed month for
    good. To be called in the transaction in which nothing was found wrong."""
    seq, hash = audit.head()
    record = Proved(seq, hash, through, _live(through), _digest(seq, through))
    witness.keep(_FILE, {"record": list(record), "seal": _seal(record)})


def _seal(record: Proved) -> str | None:
    return witness.seal(json.dumps(record))


def _digest(seq: int, through: Month) -> str:
    """The SHA-256 of lines and rows as the database holds them, the types of their values, too."""
    found = sha256()
    for sql in _LINES:
        _add(found, sql, (seq,))
    for table, held in sorted(database.schemas().items()):
        columns = list(held.columns)
        column = dated(table, columns)
        if column is None or (table in UNBOUND and table != "charges"):
            continue
        key = quoted(held.key or columns)
        sql = (
            f'SELECT {quoted(columns)} FROM "{table}" WHERE ("{column}" >= ?) IS NOT TRUE'
            f" ORDER BY {key}"
        )
        found.update(f"{table} {columns}".encode())
        _add(found, sql, (_end(through, column),))
    return found.hexdigest()


def _add(found: Any, sql: str, values: Sequence[object]) -> None:
    cursor = execute(sql, values)
    while rows := cursor.fetchmany(_AT_ONCE):
        # Twice as fast as their text. Of version 2, bytes follow from the values alone.
        found.update(marshal.dumps(list(map(tuple, rows)), 2))


def _live(through: Month) -> list[int]:
    """The lines from which the rows that don't belong to the month, or one before it, can be
    replayed: of each such row those since it was last written as a whole, or deleted."""
    schemas = all_bound(database.schemas())
    settled: dict[str, set[tuple[Any, ...]]] = {}
    for table, known in schemas.items():
        if (column := dated(table, known.columns)) is not None:
            sql = f'SELECT {quoted(known.key)} FROM "{table}" WHERE ("{column}" >= ?) IS NOT TRUE'
            keys = execute(sql, (_end(through, column),)).fetchall()
            settled[table] = {tuple(as_told(known.key, key)) for key in keys}
    needed: dict[tuple[Any, ...], list[int]] = {}
    lines = "SELECT seq, changes FROM audit WHERE changes IS NOT NULL ORDER BY seq"
    for seq, kept in execute(lines):
        for change in decode(kept):
            if change.table not in schemas:
                continue
            known = schemas[change.table]
            at = [change.columns.index(column) for column in known.key]
            whole = change.now is None or set(change.columns) >= set(known.columns)
            held = settled.get(change.table, set())
            for row in change.rows() if change.now is None else change.now:
                key = tuple(row[i] for i in at)
                if key in held:
                    continue
                place = (change.table, *key)
                if whole or place not in needed:
                    needed[place] = [seq]
                elif needed[place][-1] != seq:
                    needed[place].append(seq)
    return sorted({seq for lines in needed.values() for seq in lines})
