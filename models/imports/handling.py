"""How the rows of each dataset are checked and kept."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from typing import Any, NamedTuple, Protocol

from models.rules import validation
from models.rules.guests import validation as desk
from models.rules.guests.register import phone_key
from models.rules.validation import Fact, ReferenceData
from models.storage.database import execute, quoted
from models.values.datasets import CellKind, Dataset, FileColumn
from models.values.nights import FIRST_NIGHT, LAST_NIGHT, Calendar
from models.values.problems import Problem, problem

Key = tuple[Any, ...]
Row = tuple[Any, ...]

_TOGETHER = 500
"""So many keys are asked for at a time."""


class FileTable(Protocol):
    """One file of one dataset, column by column; blanks are None, or the column's default."""

    complete: bool
    """False where rows could not be read, so that what is missing here may be in the file."""
    sha256: str

    @property
    def columns(self) -> dict[str, list[Any]]: ...

    @property
    def lacking(self) -> set[str]:
        """The columns that the file doesn't have: what is recorded in them stays as it is."""

    @property
    def bad(self) -> set[int]:
        """The rows that hold something wrong already, with None in its place."""

    @property
    def bad_cells(self) -> Mapping[int, Set[str]]:
        """The columns of those rows that do."""

    @property
    def problems(self) -> Sequence[object]:
        """All that is wrong with the file."""

    @property
    def name(self) -> str:
        """Of the dataset."""

    def __len__(self) -> int: ...

    def refuse(self, row: int, column: str, problem: Problem) -> None:
        """Notes that a row can't be taken."""

    def refuse_header(self, column: str, problem: Problem) -> None:
        """Notes that the file can't be taken with a column as it is."""

    def note(self, row: int, column: str, problem: Problem) -> None:
        """Notes something that the writer of the file should know."""


def _no_nights(fact: Fact) -> None:
    return None


def _nothing(fact: Fact, calendar: Calendar) -> dict[str, Any]:
    return {}


def _night_of(column: str) -> Callable[[Fact, Calendar], dict[str, Any]]:
    return lambda fact, calendar: {"night": calendar.night(fact[column])}


def _phone_key(fact: Fact, calendar: Calendar) -> dict[str, Any]:
    return {"phone_key": phone_key(fact["phone"])}


class Handling(NamedTuple):
    """`unlawful` yields what is wrong with a fact beside the reference data that will stand;
    `nights` gives the first and last night whose judgement a stored row bears on, None where it
    bears on none; `derive` works out the columns of the table that no file has, from the others as
    they are kept."""

    unlawful: Callable[[Fact, ReferenceData], Iterator[Problem]] = validation.no_problems
    nights: Callable[[Fact], tuple[date, date] | None] = _no_nights
    derive: Callable[[Fact, Calendar], dict[str, Any]] = _nothing


def of_night(fact: Fact) -> tuple[date, date]:
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
    "briefings": Handling(validation.briefings, of_night),
    "attendance": Handling(validation.attendance, of_night),
    "posts": Handling(validation.posts),
    "grooming": Handling(validation.grooming),
    "leave": Handling(validation.leave, _leave),
    "outings": Handling(
        validation.outings,
        of_night,
        lambda fact, calendar: {"night": validation.outing_night(fact, calendar)},
    ),
    "bookings": Handling(validation.bookings, of_night),
    "incidents": Handling(validation.incidents, of_night, _night_of("occurred_at")),
    "waivers": Handling(validation.waivers, of_night),
    "guests": Handling(desk.guests, derive=_phone_key),
    # A visit registers its guest for every later sale.
    "visits": Handling(desk.visits, _since("night")),
    "contacts": Handling(desk.contacts, of_night, _night_of("at")),
    "rotation": Handling(desk.rotation),
    "turns": Handling(desk.turns, of_night),
    "away": Handling(desk.away),
    "deals": Handling(desk.deals, of_night),
    "claims": Handling(desk.claims),
    "credit_decisions": Handling(desk.credit_decisions),
    "heirs": Handling(desk.heirs),
    "complaints": Handling(desk.complaints, derive=_night_of("at")),
    "promised": Handling(desk.promised, derive=_night_of("told_at")),
    "handovers": Handling(desk.handovers),
    "knowledge": Handling(desk.knowledge, derive=_night_of("at")),
}


def handling(dataset: Dataset) -> Handling:
    """How a dataset's rows are handled; one that isn't named is checked cell by cell alone, and
    bears on no judgement."""
    return _HANDLING.get(dataset.name, Handling())


def stored(dataset: Dataset, tables: Sequence[FileTable]) -> dict[Key, Row]:
    """What is recorded already under the keys that the tables name."""
    keys = {
        key
        for table in tables
        for key in zip(*(_to_store(table.columns[name]) for name in dataset.key), strict=True)
        if None not in key
    }
    at = [dataset.names.index(column) for column in dataset.key]
    rows = by_keys(dataset.name, dataset.names, dataset.key, keys)
    return {tuple(row[i] for i in at): row for row in rows}


def by_keys(
    table: str, columns: tuple[str, ...], key: tuple[str, ...], keys: Collection[Row]
) -> Iterator[Row]:
    """The rows of a table that have these keys, and no others, however many there are."""
    at = key.index("night") if "night" in key else 0
    sought = sorted({each[at] for each in keys})
    places = [columns.index(column) for column in key]
    sql = f"SELECT {quoted(columns)} FROM {table} WHERE {quoted((key[at],))} IN "
    for begin in range(0, len(sought), _TOGETHER):
        some = sought[begin : begin + _TOGETHER]
        rows = execute(f"{sql}({', '.join('?' * len(some))})", some).fetchall()
        if len(key) == 1:
            yield from map(tuple, rows)
        else:
            yield from (tuple(row) for row in rows if tuple(row[place] for place in places) in keys)


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
