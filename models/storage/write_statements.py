"""What an SQL statement writes, read from its text once."""

import re
from typing import NamedTuple

from models.storage import trail_schema
from models.storage.trail_schema import UNBOUND_COLUMNS, Backend, Schema, schema


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


_parsed: dict[str, Written | None] = {}
# Compiled when something is written: most commands only read.
_HEAD = r'(?i)\s*(INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?\s*'
_INSERT = (
    r"""(?is)\(([\w\s,"]+)\)\s*VALUES\s*\((?:\?|%s)(?:,\s*(?:\?|%s))*\)"""
    r"""(?:\s*ON\s+CONFLICT\s*\([\w\s,"]+\)\s*DO\s+UPDATE\s+SET\s*(.*))?\s*"""
)
_EXCLUDED = r'(?i)"?(\w+)"?\s*=\s*excluded\."?(\w+)"?'
_BY_KEY = r"(?i)(\w+)\s*=\s*(?:\?|%s)"
_SET = r"(?is)SET\s+(.*?)(?:\s+WHERE\s.*)?\s*$"
_SET_COLUMN = r'(?:^|,)\s*"?(\w+)"?\s*='


def forget_schema() -> None:
    """To be called when another database is opened, or the schema of this one was changed."""
    _parsed.clear()
    trail_schema.forget_schemas()


def parse(backend: Backend, sql: str) -> Written | None:
    """What a statement writes; None for one that writes nothing that the trail proves."""
    if sql not in _parsed:
        if len(_parsed) > 1000:  # queries that are put together for the occasion
            _parsed.clear()
        _parsed[sql] = _parse(backend, sql)
    return _parsed[sql]


def _parse(backend: Backend, sql: str) -> Written | None:
    head = re.match(_HEAD, sql)
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
    elif (setting := re.match(_SET, rest)) is not None:
        changed = set(re.findall(_SET_COLUMN, setting[1]))
        if changed and changed <= UNBOUND_COLUMNS.get(table, frozenset()):
            return None
    own = re.search(r"\sRETURNING\s", sql, re.IGNORECASE) is not None
    returned = ", ".join(f'"{column}"' for column in known.columns)
    returning = f"{sql}{', ' if own else ' RETURNING '}{returned}"
    return Written(table, columns, verb == "DELETE FROM", returning, known.columns, own)


def _inserted(rest: str, known: Schema) -> tuple[str, ...] | None:
    """The columns of a plain INSERT of one whole row by its key."""
    found = re.fullmatch(_INSERT, rest)
    if found is None:
        return None
    columns = tuple(re.findall(r"\w+", found[1]))
    if not set(known.key) <= set(columns):
        return None
    if found[2] is not None:
        assigned = re.findall(_EXCLUDED, found[2])
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
    conditions = re.split(r"\sAND\s", condition.strip())
    parts = [re.fullmatch(_BY_KEY, each.strip()) for each in conditions]
    columns = tuple(part[1] for part in parts if part is not None)
    whole = len(columns) == len(parts) and sorted(columns) == sorted(known.key)
    return columns if whole else None
