"""What each dataset's rows are held to, which nights they bear on, and what follows from them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from models.imports.stored_rows import Row, to_store
from models.rules import validation
from models.rules.guests import validation as desk
from models.rules.guests.register import phone_key
from models.rules.validation import Fact, ReferenceData
from models.values.datasets import Dataset
from models.values.nights import FIRST_NIGHT, LAST_NIGHT, Calendar
from models.values.problems import Problem


def _no_nights(fact: Fact) -> None:
    return None


class Derived(NamedTuple):
    """A column of a table that no file has, worked out from some of the others as they are kept."""

    name: str
    of: tuple[str, ...]
    work_out: Callable[..., Any]
    """Takes the calendar and their values."""


def _night_of(column: str) -> tuple[Derived, ...]:
    return (Derived("night", (column,), lambda calendar, at: calendar.night(at)),)


_OUTING_NIGHT = Derived(
    "night",
    ("out_at", "requested_at"),
    lambda calendar, out_at, requested_at: validation.outing_night(
        {"out_at": out_at, "requested_at": requested_at}, calendar
    ),
)
_PHONE_KEY = Derived("phone_key", ("phone",), lambda calendar, phone: phone_key(phone))


class DatasetRules(NamedTuple):
    """`unlawful` yields what is wrong with a fact beside the reference data that will stand;
    `nights` gives the first and last night whose judgement a stored row bears on, None where it
    bears on none; `derived` are the columns of the table that no file has."""

    unlawful: Callable[[Fact, ReferenceData], Iterator[Problem]] = validation.no_problems
    nights: Callable[[Fact], tuple[date, date] | None] = _no_nights
    derived: tuple[Derived, ...] = ()


def of_night(fact: Fact) -> tuple[date, date]:
    return fact["night"], fact["night"]


def _since(column: str) -> Callable[[Fact], tuple[date, date]]:
    return lambda fact: (fact[column], LAST_NIGHT)


def _always(fact: Fact) -> tuple[date, date]:
    return FIRST_NIGHT, LAST_NIGHT


def _leave(fact: Fact) -> tuple[date, date]:
    return fact["first_night"], fact["last_night"]


_RULES = {
    "staff": DatasetRules(validation.staff, _since("hired_on")),
    "wages": DatasetRules(validation.wages, _since("effective_from")),
    "postings": DatasetRules(validation.postings, _since("effective_from")),
    "rehires": DatasetRules(validation.rehires, _since("hired_on")),
    "places": DatasetRules(nights=_always),
    "briefings": DatasetRules(validation.briefings, of_night),
    "attendance": DatasetRules(validation.attendance, of_night),
    "posts": DatasetRules(validation.posts),
    "grooming": DatasetRules(validation.grooming),
    "leave": DatasetRules(validation.leave, _leave),
    "outings": DatasetRules(validation.outings, of_night, (_OUTING_NIGHT,)),
    "bookings": DatasetRules(validation.bookings, of_night),
    "incidents": DatasetRules(validation.incidents, of_night, _night_of("occurred_at")),
    "waivers": DatasetRules(validation.waivers, of_night),
    "guests": DatasetRules(desk.guests, derived=(_PHONE_KEY,)),
    # A visit registers its guest for every later sale.
    "visits": DatasetRules(desk.visits, _since("night")),
    "contacts": DatasetRules(desk.contacts, of_night, _night_of("at")),
    "rotation": DatasetRules(desk.rotation),
    "turns": DatasetRules(desk.turns, of_night),
    "away": DatasetRules(desk.away),
    "deals": DatasetRules(desk.deals, of_night),
    "claims": DatasetRules(desk.claims),
    "credit_decisions": DatasetRules(desk.credit_decisions),
    "heirs": DatasetRules(desk.heirs),
    "complaints": DatasetRules(desk.complaints, derived=_night_of("at")),
    "promised": DatasetRules(desk.promised, derived=_night_of("told_at")),
    "handovers": DatasetRules(desk.handovers),
    "knowledge": DatasetRules(desk.knowledge, derived=_night_of("at")),
}


def rules_of(dataset: Dataset) -> DatasetRules:
    """What a dataset's rows are held to; one that isn't named is checked cell by cell alone, and
    bears on no judgement."""
    return _RULES.get(dataset.name, DatasetRules())


def derived_of(dataset: Dataset, fact: Fact, calendar: Calendar) -> dict[str, Any]:
    """The columns of a fact's table that no file has."""
    return {
        name: work_out(calendar, *(fact[column] for column in of))
        for name, of, work_out in rules_of(dataset).derived
    }


def whole(dataset: Dataset, rows: Sequence[Row], calendar: Calendar) -> list[Row]:
    """Stored rows with the columns that no file has. Rows that agree in what these are worked out
    from are worked out once."""
    if not dataset.derived:
        return list(rows)
    by_name = {each.name: each for each in rules_of(dataset).derived}
    columns = []
    for name in dataset.derived:
        _, of, work_out = by_name[name]
        places = [dataset.names.index(column) for column in of]
        given = [tuple(row[place] for place in places) for row in rows]
        known = {each: to_store(work_out(calendar, *each)) for each in set(given)}
        columns.append([known[each] for each in given])
    return [(*row, *more) for row, *more in zip(rows, *columns, strict=True)]
