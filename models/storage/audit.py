"""The audit trail: who did what, when, from which terminal, and why.

Each line is chained to the one before by SHA-256, so that an edited, missing or inserted line is
found by `broken_link`. Secrets and phone numbers never enter it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from models.storage.database import execute
from models.values.nights import Instant

GENESIS = "0" * 64
PRIVATE = frozenset({"secret", "guest_phone"})
_COLUMNS = "seq, at, who, terminal, deed, staff_no, night, before, after, reason"
CHAIN = f"SELECT {_COLUMNS}, hash FROM audit ORDER BY seq"
_HEAD = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1"
_INSERT = f"INSERT INTO audit ({_COLUMNS}, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

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
) -> None:
    """Adds a line to the end of the chain, inside the transaction of the change itself."""
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
    execute(_INSERT, (*line, link(previous, line)))


def head() -> tuple[int, str]:
    """The number and hash of the last line; 0 and zeros where there is none."""
    row = execute(_HEAD).fetchone()
    return (row[0], row[1]) if row else (0, GENESIS)


def line_of(hash: str) -> int | None:
    """The number of the line with this hash. None for a head that was printed once means that the
    trail was cut off or rewritten since."""
    row = execute("SELECT seq FROM audit WHERE hash = ?", (hash,)).fetchone()
    return int(row[0]) if row is not None else None


def link(previous: str, line: Line) -> str:
    """The hash that ties a line to the one before it."""
    text = json.dumps([previous, *line], ensure_ascii=False, separators=(",", ":"))
    return digest(text)


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
    wanted = {"who": who, "staff_no": staff_no, "night": night.isoformat() if night else None}
    given = {column: value for column, value in wanted.items() if value is not None}
    where = " AND ".join(f"{column} = ?" for column in given)
    sql = f"SELECT {_COLUMNS} FROM audit" + (f" WHERE {where}" if where else "")
    sql += " ORDER BY seq DESC" + (f" LIMIT {int(last)}" if last is not None else "")
    return [Line(*row) for row in execute(sql, tuple(given.values())).fetchall()][::-1]


def people() -> list[str]:
    """Everyone who ever changed anything: accounts, and users in a venue without accounts."""
    return [who for (who,) in execute("SELECT DISTINCT who FROM audit ORDER BY who").fetchall()]


def broken_link(rows: Iterable[Any] | None = None) -> int | None:
    """The number of the first line that doesn't follow from the one before; None if all do.
    `rows` are those that `CHAIN` gives in another database."""
    previous, expected = GENESIS, 1
    for row in execute(CHAIN) if rows is None else rows:
        line, stored = Line(*row[:-1]), row[-1]
        if line.seq != expected or link(previous, line) != stored:
            return expected
        previous, expected = stored, expected + 1
    return None


def _json(values: Values | None) -> str | None:
    if values is None:
        return None
    public = {name: value for name, value in values.items() if name not in PRIVATE}
    return json.dumps(public, ensure_ascii=False, separators=(",", ":"), default=str)
