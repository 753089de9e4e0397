"""The audit trail: who did what, when, from which terminal, and why.

Each line is chained to the one before by SHA-256, so that an edited, missing or inserted line is
found by `broken_link`. A line carries the rows that its change wrote, as they became (`changes`):
`trail_proof` finds whether they are so still. Secrets and phone numbers never enter it.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from models.storage import changes
from models.storage.change_coding import decode, encode
from models.storage.changes import Change
from models.storage.database import Read, database, execute, remember, upsert
from models.values.nights import Instant

GENESIS = "0" * 64
TOLERANCE = 5 * 60
"""How many seconds the clocks of two terminals may disagree."""
PRIVATE = frozenset({"secret", "guest_phone", "phone"})
_COLUMNS = "seq, at, who, terminal, action, staff_no, night, before, after, reason"
CHAIN = f"SELECT {_COLUMNS}, changes, hash FROM audit ORDER BY seq"
_AFTER = f"SELECT {_COLUMNS}, changes, hash FROM audit WHERE seq > ? ORDER BY seq"
_OLD_CHAIN = (
    "SELECT seq, at, who, terminal, deed, staff_no, night, before, after, reason, NULL, hash"
    " FROM audit ORDER BY seq"
)
"""Of a database of the first schema, which is backed up before it is brought up to date."""
HEAD: Read = ("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", ())
_INSERT = (
    f"INSERT INTO audit ({_COLUMNS}, changes, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
LAST_CHANGE: Read = (
    "SELECT at FROM audit WHERE changes IS NOT NULL ORDER BY seq DESC LIMIT 1",
    (),
)
_WHAT = "SELECT staff_no, night, changes FROM audit WHERE seq > ? AND seq <= ? ORDER BY seq"
_TOUCHES = ("kind", "value", "seq")
_TOUCHED = "seq IN (SELECT seq FROM audit_touched WHERE kind = ? AND value = ?)"

Values = Mapping[str, object]


class Line(NamedTuple):
    """One change. `before` and `after` are JSON objects, or None where there was nothing."""

    seq: int
    at: Instant
    who: str
    terminal: str
    action: str
    staff_no: str | None
    night: str | None
    before: str | None
    after: str | None
    reason: str | None


def record(
    *,
    at: Instant,
    who: str,
    terminal: str,
    action: str,
    staff_no: str | None = None,
    night: date | None = None,
    before: Values | None = None,
    after: Values | None = None,
    reason: str | None = None,
) -> int:
    """Adds a line to the end of the chain, inside the transaction of the change itself, and gives
    its number. It takes with it the rows that were changed since the line before."""
    changed = changes.take()
    last, previous = head()
    line = Line(
        last + 1,
        at,
        who,
        terminal,
        action,
        staff_no,
        night.isoformat() if night is not None else None,
        _json(before),
        _json(after),
        reason,
    )
    kept = encode(changed) if changed else None
    hash = link(previous, line, kept)
    execute(_INSERT, (*line, kept, hash))
    remember(HEAD, [(line.seq, hash)])
    database.obj.announce(line.seq)
    if changed:
        also = touched(changed) - {("staff", line.staff_no), ("night", line.night)}
        if also:
            rows = [(*each, line.seq) for each in sorted(also)]
            upsert("audit_touched", _TOUCHES, _TOUCHES, rows)
    return line.seq


def touched(changed: Iterable[Change]) -> set[tuple[str, str]]:
    """Whom and what changes are about: ("staff", staff_no) and ("night", ISO date)."""
    found: set[tuple[str, str]] = set()
    for change in changed:
        at = {column: index for index, column in enumerate(change.columns)}
        for kind, column in (("staff", "staff_no"), ("night", "night")):
            if (index := at.get(column)) is not None:
                found |= {(kind, str(row[index])) for row in change.rows() if row[index]}
        if (index := at.get("first_night")) is not None:
            for row in change.rows():
                found |= {("night", night) for night in _nights(row[index], row[at["last_night"]])}
    return found


def _nights(first: str | date, last: str | date) -> Iterator[str]:
    night, end = date.fromisoformat(str(first)), date.fromisoformat(str(last))
    while night <= end:
        yield night.isoformat()
        night += timedelta(days=1)


def changes_of(seq: int) -> list[Change]:
    """The rows that the change of a line wrote or deleted."""
    row = execute("SELECT changes FROM audit WHERE seq = ?", (seq,)).fetchone()
    return decode(row[0]) if row is not None and row[0] is not None else []


class AuditedRow(NamedTuple):
    """One row that a change wrote or deleted, by its columns. `was` is None where nothing stood
    before, or where the line doesn't say; `now` is None where it is gone."""

    table: str
    was: dict[str, Any] | None
    now: dict[str, Any] | None


def rows_of(seq: int, staff_no: str | None = None, night: date | None = None) -> list[AuditedRow]:
    """The rows of a line, one by one; those of a staffer and a night alone, where given."""
    wanted = [("staff", staff_no), ("night", night.isoformat() if night is not None else None)]
    found = []
    for change in changes_of(seq):
        now: Sequence[Any] = (
            change.now if change.now is not None else [None] * len(change.was or ())
        )
        was: Sequence[Any] = change.was if change.was is not None else [None] * len(now)
        for before, after in zip(was, now, strict=True):
            about = touched([Change(change.table, change.columns, [before or after], [after])])
            if all(value is None or (kind, value) in about for kind, value in wanted):
                found.append(
                    AuditedRow(
                        change.table, *(_named(change.columns, row) for row in (before, after))
                    )
                )
    return found


def _named(columns: Sequence[str], row: Any) -> dict[str, Any] | None:
    return None if row is None else dict(zip(columns, row, strict=True))


def head() -> tuple[int, str]:
    """The number and hash of the last line; 0 and zeros where there is none."""
    row = execute(*HEAD).fetchone()
    return (row[0], row[1]) if row else (0, GENESIS)


def last_change_at() -> Instant | None:
    """When anything was last changed, by the clock of whoever did; None where nothing was. Who
    signed in meanwhile, and out, is no change."""
    row = execute(*LAST_CHANGE).fetchone()
    return int(row[0]) if row is not None else None


def beginning() -> str:
    """The hash of the first line, which tells this venue's trail from another's; "" where there is
    none."""
    row = execute("SELECT hash FROM audit ORDER BY seq LIMIT 1").fetchone()
    return str(row[0]) if row is not None else ""


def contains(head: tuple[int, str]) -> bool:
    """Whether the line of that number has that hash."""
    row = execute(*hash_read(head[0])).fetchone()
    return row is not None and row[0] == head[1]


def hash_read(seq: int) -> Read:
    """What `contains` reads of the line of that number."""
    return "SELECT hash FROM audit WHERE seq = ?", (seq,)


def line_of(hash: str) -> int | None:
    """The number of the line with this hash. None for a head that was printed once means that the
    trail was cut off or rewritten since."""
    row = execute("SELECT seq FROM audit WHERE hash = ?", (hash,)).fetchone()
    return int(row[0]) if row is not None else None


def link(previous: str, line: Line, kept: bytes | None = None) -> str:
    """The hash that ties a line, and the changes that it carries, to the line before it."""
    values = [previous, *line]
    if kept is not None:
        values.append(hashlib.sha256(kept).hexdigest())
    return digest(json.dumps(values, ensure_ascii=False, separators=(",", ":")))


def digest(text: str) -> str:
    """The SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def lines(
    *,
    who: str | None = None,
    staff_no: str | None = None,
    night: date | None = None,
    last: int | None = None,
) -> list[Line]:
    """The trail in order, narrowed to a person, a staffer or a night, or to its `last` lines."""
    conditions: list[str] = []
    values: list[str] = []
    if who is not None:
        conditions.append("who = ?")
        values.append(who)
    for kind, column, value in (
        ("staff", "staff_no", staff_no),
        ("night", "night", night.isoformat() if night else None),
    ):
        if value is not None:
            conditions.append(f"({column} = ? OR {_TOUCHED})")
            values += [value, kind, value]
    sql = f"SELECT {_COLUMNS} FROM audit"
    if conditions:
        sql += f" WHERE {' AND '.join(conditions)}"
    sql += " ORDER BY seq DESC" + (f" LIMIT {int(last)}" if last is not None else "")
    return [Line(*row) for row in execute(sql, values).fetchall()][::-1]


def between(after: int, last: int) -> list[Line]:
    """The lines of the trail after that number, up to and with `last`, in order."""
    sql = f"SELECT {_COLUMNS} FROM audit WHERE seq > ? AND seq <= ? ORDER BY seq"
    return [Line(*row) for row in execute(sql, (after, last)).fetchall()]


class About(NamedTuple):
    """Whom and which nights lines of the trail are about, and which tables they changed."""

    staff_nos: frozenset[str]
    nights: frozenset[str]
    tables: frozenset[str]


def about(after: int, last: int) -> About | None:
    """What the lines after that number, up to and with `last`, are about; None where one of them
    changed rows that don't say whose they are."""
    found: set[tuple[str, str]] = set()
    tables: set[str] = set()
    for staff_no, night, kept in execute(_WHAT, (after, last)).fetchall():
        found |= {("staff", staff_no), ("night", night)}
        changed = decode(kept) if kept is not None else []
        if any("staff_no" not in change.columns for change in changed):
            return None
        tables |= {change.table for change in changed}
        found |= touched(changed)
    staff, nights = (
        frozenset(value for kind, value in found if kind == wanted and value is not None)
        for wanted in ("staff", "night")
    )
    return About(staff, nights, frozenset(tables))


def people() -> list[str]:
    """Everyone who ever changed anything: accounts, and users in a venue without accounts."""
    return [who for (who,) in execute("SELECT DISTINCT who FROM audit ORDER BY who").fetchall()]


def chain(columns: Iterable[str]) -> str:
    """The query that gives a trail whose table has these columns to `broken_link`."""
    return CHAIN if "changes" in columns else _OLD_CHAIN


def broken_link(
    rows: Iterable[Any] | None = None, after: tuple[int, str] = (0, GENESIS)
) -> int | None:
    """The number of the first line that doesn't follow from the one before; None if all do.
    `rows` are those that `chain` gives in another database. `after` is the number and hash of a
    line up to which they are known to."""
    expected, previous = after[0] + 1, after[1]
    for row in execute(_AFTER, (after[0],)) if rows is None else rows:
        line, kept, stored = Line(*row[:-2]), row[-2], row[-1]
        if kept is not None:
            # Whatever else was put in the place of bytes isn't what was linked.
            kept = str(kept).encode() if isinstance(kept, str | int | float) else bytes(kept)
        if line.seq != expected or link(previous, line, kept) != stored:
            return expected
        previous, expected = stored, expected + 1
    return None


def _json(values: Values | None) -> str | None:
    if values is None:
        return None
    public = {name: value for name, value in values.items() if name not in PRIVATE}
    return json.dumps(public, ensure_ascii=False, separators=(",", ":"), default=str)
