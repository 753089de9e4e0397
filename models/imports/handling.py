"""How the rows of each dataset are checked and kept."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol

from models.rules import validation
from models.rules.validation import Fact, Register
from models.storage.database import execute
from models.values.datasets import Dataset
from models.values.nights import FIRST_NIGHT, LAST_NIGHT
from models.values.problems import Problem

Key = tuple[Any, ...]
Row = tuple[Any, ...]


class FileTable(Protocol):
    """One file of one dataset, column by column; blanks are None, or the column's default."""

    columns: Mapping[str, Sequence[Any]]
    bad: set[int]
    """The rows that hold something wrong already, with None in its place."""
    problems: Sequence[object]
    """All that is wrong with the file."""
    complete: bool
    """False where rows could not be read, so that what is missing here may be in the file."""
    sha256: str

    @property
    def name(self) -> str:
        """Of the dataset."""

    def __len__(self) -> int: ...

    def refuse(self, row: int, column: str, problem: Problem) -> None:
        """Notes that a row can't be taken."""

    def note(self, row: int, column: str, problem: Problem) -> None:
        """Notes something that the writer of the file should know."""


def _no_nights(fact: Fact) -> None:
    return None


class Handling(NamedTuple):
    """`unlawful` yields what is wrong with a fact in the register that will stand; `nights` gives
    the first and last night whose judgement a stored row bears on, None where it bears on none."""

    unlawful: Callable[[Fact, Register], Iterator[Problem]] = validation.no_problems
    nights: Callable[[Fact], tuple[date, date] | None] = _no_nights


def _of_night(fact: Fact) -> tuple[date, date]:
    return fact["night"], fact["night"]


def _since(column: str) -> Callable[[Fact], tuple[date, date]]:
    return lambda fact: (fact[column], LAST_NIGHT)


def _always(fact: Fact) -> tuple[date, date]:
    return FIRST_NIGHT, LAST_NIGHT


def _leave(fact: Fact) -> tuple[date, date]:
    return fact["first_night"], fact["last_night"]


_HANDLING = {
    "staff": Handling(validation.staff, _since("hired_on")),
    "wages": Handling(validation.wages, _since("effective_from")),
    "postings": Handling(validation.postings, _since("effective_from")),
    "rehires": Handling(validation.rehires, _since("hired_on")),
    "places": Handling(nights=_always),
    "briefings": Handling(validation.briefings, _of_night),
    "attendance": Handling(validation.attendance, _of_night),
    "posts": Handling(validation.posts),
    "leave": Handling(validation.leave, _leave),
    "outings": Handling(validation.outings, _of_night),
    "bookings": Handling(validation.bookings, _of_night),
    "incidents": Handling(validation.incidents, _of_night),
    "waivers": Handling(validation.waivers, _of_night),
}


def handling(dataset: Dataset) -> Handling:
    """How a dataset's rows are handled; one that isn't named is checked cell by cell alone, and
    bears on no judgement."""
    return _HANDLING.get(dataset.name, Handling())


def stored(dataset: Dataset, tables: Sequence[FileTable]) -> dict[Key, Row]:
    """What is recorded already under the keys that the tables may name."""
    sql = f"SELECT {', '.join(dataset.names)} FROM {dataset.name}"
    values: tuple[Any, ...] = ()
    if dataset.key[0] == "night":
        nights = [n for table in tables for n in set(table.columns["night"]) if n is not None]
        if not nights:
            return {}
        sql += " WHERE night BETWEEN ? AND ?"
        values = (min(nights).isoformat(), max(nights).isoformat())
    at = [dataset.names.index(column) for column in dataset.key]
    return {tuple(row[i] for i in at): tuple(row) for row in execute(sql, values)}


def to_store(value: Any) -> Any:
    """A value as the database keeps it: nights as ISO text."""
    return value.isoformat() if isinstance(value, date) else value


def by_column(dataset: Dataset, row: Row) -> dict[str, Any]:
    """A stored row by its columns."""
    return dict(zip(dataset.names, row, strict=True))
