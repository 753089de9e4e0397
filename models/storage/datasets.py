"""How the datasets of the files are kept in the database."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from models.ledger.ledger import LAST_NIGHT
from models.rules import validation
from models.rules.validation import Fact, Register
from models.storage.database import execute
from models.values.nights import FIRST_NIGHT
from models.values.problems import Problem

Key = tuple[Any, ...]
Row = tuple[Any, ...]


class Table(Protocol):
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


@dataclass(frozen=True, slots=True)
class Dataset:
    """How a dataset's rows are kept: its database table, the key, and what makes a row unlawful.
    `nights` gives the first and last night that a stored row bears on."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    unlawful: Callable[[Fact, Register], Iterator[Problem]]
    nights: Callable[[Fact], tuple[date, date]]
    derived: tuple[str, ...] = ()
    """Columns of the database that no file has."""


def _of_night(fact: Fact) -> tuple[date, date]:
    return fact["night"], fact["night"]


def _since(column: str) -> Callable[[Fact], tuple[date, date]]:
    return lambda fact: (fact[column], LAST_NIGHT)


def _always(fact: Fact) -> tuple[date, date]:
    return FIRST_NIGHT, LAST_NIGHT


DATASETS = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            "staff",
            ("staff_no", "name", "team", "supervisor_no", "position", "on_roll", "hired_on",
             "left_on", "monthly_wage"),
            ("staff_no",),
            validation.staff,
            _since("hired_on"),
        ),
        Dataset(
            "wages",
            ("staff_no", "effective_from", "monthly_wage"),
            ("staff_no", "effective_from"),
            validation.wages,
            _since("effective_from"),
        ),
        Dataset(
            "places",
            ("place", "kind", "minimum_spend"),
            ("place",),
            validation.no_problems,
            _always,
        ),
        Dataset(
            "briefings",
            ("night", "closed_at", "director_no", "assignment", "night_closed"),
            ("night",),
            validation.briefings,
            _of_night,
        ),
        Dataset(
            "attendance",
            ("night", "staff_no", "arrived_at", "made_up_at", "departed_at"),
            ("night", "staff_no"),
            validation.attendance,
            _of_night,
        ),
        Dataset(
            "leave",
            ("leave_no", "staff_no", "kind", "first_night", "last_night", "filed_at",
             "special_reason", "status", "decided_by", "decided_at", "decision_reason"),
            ("leave_no",),
            validation.leave,
            lambda fact: (fact["first_night"], fact["last_night"]),
        ),
        Dataset(
            "outings",
            ("slip_no", "staff_no", "reason", "requested_at", "status", "decided_by",
             "decided_at", "decision_reason", "out_at", "back_at"),
            ("slip_no",),
            validation.outings,
            _of_night,
            derived=("night",),
        ),
        Dataset(
            "bookings",
            ("booking_no", "night", "place", "turn", "staff_no", "guest_name", "guest_phone",
             "booked_at", "status", "amount"),
            ("booking_no",),
            validation.bookings,
            _of_night,
        ),
        Dataset(
            "incidents",
            ("incident_no", "staff_no", "occurred_at", "rule", "amount", "note", "reported_by",
             "status"),
            ("incident_no",),
            validation.incidents,
            _of_night,
            derived=("night",),
        ),
        Dataset(
            "waivers",
            ("staff_no", "night", "rule", "source", "waived_by", "reason"),
            ("staff_no", "night", "rule", "source"),
            validation.waivers,
            _of_night,
        ),
    )
}  # fmt: skip
"""In the order in which they are written, what is referred to before what refers to it."""


def stored(dataset: Dataset, tables: Sequence[Table]) -> dict[Key, Row]:
    """What is recorded already under the keys that the tables may name."""
    sql = f"SELECT {', '.join(dataset.columns)} FROM {dataset.name}"
    values: tuple[Any, ...] = ()
    if dataset.key[0] == "night":
        nights = [n for table in tables for n in set(table.columns["night"]) if n is not None]
        if not nights:
            return {}
        sql += " WHERE night BETWEEN ? AND ?"
        values = (min(nights).isoformat(), max(nights).isoformat())
    at = [dataset.columns.index(column) for column in dataset.key]
    return {tuple(row[i] for i in at): tuple(row) for row in execute(sql, values)}


def to_store(value: Any) -> Any:
    """A value as the database keeps it: nights as ISO text."""
    return value.isoformat() if isinstance(value, date) else value


def by_column(dataset: Dataset, row: Row) -> dict[str, Any]:
    """A stored row by its columns."""
    return dict(zip(dataset.columns, row, strict=True))
