"""The numbers that facts are called by."""

import re
from datetime import date

from models.storage.database import Read, execute, is_sqlite


def numbers_read(table: str, column: str, letter: str, night: date) -> Read:
    """What `next_number` reads."""
    prefix = f"{letter}{night:%y%m%d}-"
    # SQLite takes an index for GLOB, which minds the case, and none for LIKE, which doesn't.
    like = ("GLOB ?", f"{prefix}*") if is_sqlite() else ("LIKE ?", f"{prefix}%")
    return f"SELECT {column} FROM {table} WHERE {column} {like[0]}", (like[1],)


def next_number(table: str, column: str, letter: str, night: date) -> str:
    """A number not yet in `column`: the letter, the night and a count, such as `B260902-07`.
    To be called in the transaction that uses it."""
    prefix = f"{letter}{night:%y%m%d}-"
    rows = execute(*numbers_read(table, column, letter, night))
    counts = (number.removeprefix(prefix) for (number,) in rows.fetchall())
    latest = max((int(count) for count in counts if re.fullmatch("[0-9]{1,9}", count)), default=0)
    return f"{prefix}{latest + 1:02d}"
