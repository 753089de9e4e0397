"""The rows that are recorded already, by their keys, and values as the database keeps them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from models.imports.file_table import FileTable
from models.storage.database import execute, quoted
from models.values.datasets import CellKind, Dataset, FileColumn
from models.values.problems import problem

Key = tuple[Any, ...]
Row = tuple[Any, ...]
_TOGETHER = 500
"""So many keys are asked for at a time."""


def stored(dataset: Dataset, tables: Sequence[FileTable]) -> dict[Key, Row]:
    """What is recorded already under the keys that the tables name."""
    by = dataset.key[_asked_by(dataset.key)]
    sought = {value for table in tables for value in _to_store(table.columns[by])} - {None}
    at = [dataset.names.index(column) for column in dataset.key]
    found = {
        tuple(row[i] for i in at): row for row in _rows(dataset.name, dataset.names, by, sought)
    }
    if not found or len(dataset.key) == 1:
        return found  # as of the nights that are taken in for the first time
    named: set[Key] = set()
    for table in tables:
        named.update(zip(*(_to_store(table.columns[name]) for name in dataset.key), strict=True))
    return {key: found[key] for key in found.keys() & named}


def by_keys(
    table: str, columns: tuple[str, ...], key: tuple[str, ...], keys: Collection[Row]
) -> Iterator[Row]:
    """The rows of a table that have these keys, and no others, however many there are."""
    keys, by = frozenset(keys), _asked_by(key)
    places = [columns.index(column) for column in key]
    for row in _rows(table, columns, key[by], {each[by] for each in keys}):
        if len(key) == 1 or tuple(row[place] for place in places) in keys:
            yield row


def _asked_by(key: tuple[str, ...]) -> int:
    """Which column of a key its rows are asked for by."""
    return key.index("night") if "night" in key else 0


def _rows(table: str, columns: tuple[str, ...], by: str, values: Iterable[Any]) -> Iterator[Row]:
    """The rows of a table that have one of these values in a column."""
    sought = sorted(values)
    sql = f"SELECT {quoted(columns)} FROM {table} WHERE {quoted((by,))} IN "
    for begin in range(0, len(sought), _TOGETHER):
        some = sought[begin : begin + _TOGETHER]
        rows = execute(f"{sql}({', '.join('?' * len(some))})", some).fetchall()
        yield from map(tuple, rows)


def _to_store(column: Sequence[Any]) -> Iterable[Any]:
    kind = next((type(value) for value in column if value is not None), None)
    return map(to_store, column) if kind is date else column


def to_store(value: Any) -> Any:
    """A value as the database keeps it: nights as ISO text."""
    return value.isoformat() if isinstance(value, date) else value


def from_store(column: FileColumn, value: Any) -> Any:
    """A value of a column as files are read to it."""
    if value is not None and column.kind is CellKind.NIGHT:
        return date.fromisoformat(value)
    return bool(value) if value is not None and column.kind is CellKind.YES_NO else value


def fill_lacking(dataset: Dataset, table: FileTable, known: Mapping[Key, Row]) -> None:
    """Gives the columns that a file doesn't have the values that are recorded. Refuses the lack of
    one that a new key can't do without."""
    lacking = [each for each in dataset.columns if each.name in table.lacking - set(dataset.key)]
    if not lacking:
        return
    keys = zip(*(map(to_store, table.columns[name]) for name in dataset.key), strict=True)
    rows = [known.get(key) for key in keys]
    for column in lacking:
        at = dataset.names.index(column.name)
        table.columns[column.name] = [
            column.default if row is None else from_store(column, row[at]) for row in rows
        ]
        if column.required:
            new = [i for i, row in enumerate(rows) if row is None]
            if new:
                table.bad.update(new)
                table.refuse_header(
                    column.name,
                    problem(column.name, "the column is missing, and may not be blank"),
                )


def by_column(dataset: Dataset, row: Row) -> dict[str, Any]:
    """A stored row by its columns."""
    return dict(zip(dataset.names, row, strict=True))
