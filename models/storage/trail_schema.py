"""What of a database the audit trail proves: which tables and columns, and how it covers them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

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


class Schema(NamedTuple):
    """What the trail proves of a table: its key, and its columns, the key's among them."""

    key: tuple[str, ...]
    columns: tuple[str, ...]


class Backend(Protocol):
    """A database that knows its tables."""

    def schemas(self, table: str | None = None) -> dict[str, Schema]:
        """The key and the columns of this table, and of others where that is no more work; of all
        where none is named."""
        ...


_schemas: dict[str, Schema | None] = {}


def forget_schemas() -> None:
    """Has the tables looked up anew when they are next asked for."""
    _schemas.clear()


def schema(backend: Backend, table: str) -> Schema | None:
    """What the trail proves of a table of the database; None for one that it doesn't."""
    if table not in _schemas:
        _schemas[table] = None  # there may be no such table
        _schemas.update(
            (name, bound(name, found)) for name, found in backend.schemas(table).items()
        )
    return _schemas[table]


def schemas_known() -> bool:
    """Whether any table was looked up yet."""
    return bool(_schemas)


def gathered(columns: Iterable[tuple[str, str, int | None]]) -> dict[str, Schema]:
    """The tables whose columns these are: each the table's name, its own, and its place in the key,
    None for one that isn't part of it. In the order in which the tables hold them."""
    found: dict[str, tuple[list[str], list[tuple[int, str]]]] = {}
    for table, column, place in columns:
        names, key = found.setdefault(table, ([], []))
        names.append(column)
        if place is not None:
            key.append((place, column))
    return {
        table: Schema(tuple(column for _, column in sorted(key)), tuple(names))
        for table, (names, key) in found.items()
    }


def all_bound(schemas: Mapping[str, Schema]) -> dict[str, Schema]:
    """What the trail proves of a database's tables."""
    known = ((table, bound(table, found)) for table, found in schemas.items())
    return {table: proved for table, proved in known if proved is not None}


def bound(table: str, found: Schema) -> Schema | None:
    """What the trail proves of it."""
    if table in UNBOUND or not found.key:
        return None
    left_out = UNBOUND_COLUMNS.get(table, frozenset())
    return Schema(found.key, tuple(each for each in found.columns if each not in left_out))
