"""The rooms and tables of the venue."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from peewee import fn

from models.access.permissions import require
from models.access.session import Session
from models.ledger.ledger import rejudge
from models.payroll import months
from models.storage import late_tables as tables
from models.storage import reference_data
from models.storage.database import Read, execute
from models.values.natural_order import natural
from models.values.problems import Refused, refused
from models.values.text import key_problem

MOST_IN_RANGE = 200
_RANGE = re.compile(
    r"(?P<letters>[^0-9]*)(?P<first>[0-9]{1,6}) *[-~～–] *(?P<again>[^0-9]*)(?P<last>[0-9]{1,6})"
)


class Place(NamedTuple):
    """A room or a table; `minimum_spend` in cents, None where it has none."""

    place: str
    kind: str
    minimum_spend: int | None


PLACES: Read = ("SELECT place, kind, minimum_spend FROM places", ())
"""What `places` reads."""


def places() -> list[Place]:
    """Every place: rooms first, then tables."""
    return sorted(
        map(Place._make, execute(*PLACES)), key=lambda each: (each.kind, natural(each.place))
    )


def add_place(session: Session, place: str, kind: str, minimum_spend: int | None = None) -> None:
    """Adds a room or a table. Raises Refused where there is one of that name."""
    with session.change():
        require(session, "places")
        problem = key_problem(place, "place")
        if problem is not None:
            raise Refused(problem)
        if place in reference_data.places():
            raise refused("place", "there is a place %(place)s already", place=place)
        new = Place(place, kind, minimum_spend)
        tables.Place.insert(**new._asdict()).execute()
        session.record("place.added", after=new._asdict())


def add_places(
    session: Session, text: str, kind: str, minimum_spend: int | None = None
) -> list[str]:
    """Adds every place of a range such as `V01-V16`, or the one that the text names, and gives
    their names. Raises Refused where one of them is there already, or for a range without end."""
    names = in_range(text)
    with session.change():
        require(session, "places")
        there = reference_data.places()
        taken = [each for each in names if each in there]
        if taken:
            named = ", ".join(taken)
            raise refused("place", "there is a place %(place)s already", place=named)
        for name in names:
            add_place(session, name, kind, minimum_spend)
    return names


def in_range(text: str) -> list[str]:
    """The names that `V01-V16` or `V01-16` stands for; any other text is one name. Raises Refused
    for a range that runs backwards or over more than `MOST_IN_RANGE` places."""
    found = _RANGE.fullmatch(text.strip())
    if found is None or (found["again"] and found["again"] != found["letters"]):
        return [text.strip()]
    first, last, width = int(found["first"]), int(found["last"]), len(found["first"])
    if last < first or last - first >= MOST_IN_RANGE:
        raise refused(
            "place",
            "a range goes upwards and has %(most)s places at most, such as V01-V16",
            most=MOST_IN_RANGE,
        )
    return [f"{found['letters']}{n:0{width}d}" for n in range(first, last + 1)]


def edit_place(session: Session, place: str, kind: str, minimum_spend: int | None = None) -> bool:
    """Corrects what a place is. Gives whether anything changed.

    Raises Refused where there is none, or where a closed month would come out otherwise.
    """
    with session.change():
        require(session, "places")
        before, after = _place(place), Place(place, kind, minimum_spend)
        if before == after:
            return False
        tables.Place.put(**after._asdict())
        span = tables.Booking.select(fn.MIN(tables.Booking.night), fn.MAX(tables.Booking.night))
        first, last = span.where(tables.Booking.place == place).scalar(as_tuple=True)
        if before.kind != kind and first is not None:
            # Rooms excuse and tables don't.
            rejudge(session, first, last)
            months.correct(session, None, first, last)
        session.record("place.edited", before=before._asdict(), after=after._asdict())
    return True


def remove_places(session: Session, names: Iterable[str]) -> None:
    """Undoes `add_places`, all or nothing. Raises Refused where one of them has been booked."""
    with session.change():
        require(session, "places")
        for name in names:
            remove_place(session, name)


def remove_place(session: Session, place: str) -> None:
    """Undoes `add_place`. Raises Refused where it has been booked."""
    with session.change():
        require(session, "places")
        before = _place(place)
        if tables.Booking.select().where(tables.Booking.place == place).exists():
            raise refused("place", "%(place)s has bookings, so it stays", place=place)
        tables.Place.delete().where(tables.Place.place == place).execute()
        session.record("place.removed", before=before._asdict())


def _place(place: str) -> Place:
    row = tables.Place.get_or_none(tables.Place.place == place)
    if row is None:
        raise refused("place", "there is no room or table %(place)s", place=place)
    return _as_place(row)


def _as_place(row: "tables.Place") -> Place:
    return Place(row.place, row.kind, row.minimum_spend)
