"""The numbers that facts are called by."""

import re
from datetime import date

from models.storage.database import execute


def next_number(table: str, column: str, letter: str, night: date) -> str:
    """A number not yet in `column`: the letter, the night and a count, such as `B260902-07`.
    To be called in the transaction that uses it."""
    prefix = f"{letter}{night:%y%m%d}-"
    rows = execute(f"SELECT {column} FROM {table} WHERE {column} LIKE ?", (f"{prefix}%",))
    counts = (number.removeprefix(prefix) for (number,) in rows.fetchall())
    latest = max((int(count) for count in counts if re.fullmatch("[0-9]{1,9}", count)), default=0)
    return f"{prefix}{latest + 1:02d}"
