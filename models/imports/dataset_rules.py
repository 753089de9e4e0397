"""What each dataset's rows are held to, which nights they bear on, and what follows from them."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple

from models.rules import validation
from models.rules.guests import validation as desk
from models.rules.guests.register import phone_key
from models.rules.validation import Fact, ReferenceData
from models.values.datasets import Dataset
from models.values.nights import FIRST_NIGHT, LAST_NIGHT, Calendar
from models.values.problems import Problem


def _no_nights(fact: Fact) -> None:
    return None


def _nothing(fact: Fact, calendar: Calendar) -> dict[str, Any]:
    return {}


def _night_of(column: str) -> Callable[[Fact, Calendar], dict[str, Any]]:
    return lambda fact, calendar: {"night": calendar.night(fact[column])}


def _phone_key(fact: Fact, calendar: Calendar) -> dict[str, Any]:
    return {"phone_key": phone_key(fact["phone"])}


class DatasetRules(NamedTuple):
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
    "outings": DatasetRules(
        validation.outings,
        of_night,
        lambda fact, calendar: {"night": validation.outing_night(fact, calendar)},
    ),
    "bookings": DatasetRules(validation.bookings, of_night),
    "incidents": DatasetRules(validation.incidents, of_night, _night_of("occurred_at")),
    "waivers": DatasetRules(validation.waivers, of_night),
    "guests": DatasetRules(desk.guests, derive=_phone_key),
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
    "complaints": DatasetRules(desk.complaints, derive=_night_of("at")),
    "promised": DatasetRules(desk.promised, derive=_night_of("told_at")),
    "handovers": DatasetRules(desk.handovers),
    "knowledge": DatasetRules(desk.knowledge, derive=_night_of("at")),
}


def rules_of(dataset: Dataset) -> DatasetRules:
    """What a dataset's rows are held to; one that isn't named is checked cell by cell alone, and
    bears on no judgement."""
    return _RULES.get(dataset.name, DatasetRules())
