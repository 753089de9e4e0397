"""Changes as bytes on the audit trail, and back."""

import hashlib
import json
import zlib
from collections.abc import Sequence
from datetime import date
from itertools import chain
from typing import Any

from models.storage.changes import Change
from models.storage.trail_schema import COVERED, Row

_PLAIN = 1024
"""The most bytes that are kept as they are. More are compressed."""


def as_told(columns: Sequence[str], row: Row) -> list[Any]:
    """A row as the trail keeps it: nights as ISO text, yes and no as 1 and 0, and what is covered
    as the beginning of its digest."""
    return [_as_told(column, value) for column, value in zip(columns, row, strict=True)]


def _as_told(column: str, value: Any) -> Any:
    if value is None:
        return None
    if column in COVERED:
        return hashlib.sha256(str(value).encode()).hexdigest()[: COVERED[column]]
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
