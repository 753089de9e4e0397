"""The rooms and tables of the venue."""

from datetime import date
from typing import NamedTuple

from models import lawful, months
from models.authority import require
from models.database import execute
from models.desk import Desk
from models.ledger import rejudge
from models.numbering import natural_order
from models.problems import Refused, refused
from models.text import key_problem

_PLACES = "SELECT place, kind, minimum_spend FROM places"


class Place(NamedTuple):
    """A room or a table; `minimum_spend` in cents, None where it has none."""

    place: str
    kind: str
    minimum_spend: int | None


def places() -> list[Place]:
    """Every place: rooms first, then tables."""
    rows = execute(_PLACES).fetchall()
    return [Place(*row) for row in sorted(rows, key=lambda row: (row[1], natural_order(row[0])))]


def add_place(desk: Desk, place: str, kind: str, minimum_spend: int | None = None) -> None:
    """Adds a room or a table. Raises Refused where there is one of that name."""
    with desk.change():
        require(desk, "places")
        flaw = key_problem(place, "place")
        if flaw is not None:
            raise Refused(flaw)
        if place in lawful.places():
            raise refused("place", "there is a place %(place)s already", place=place)
        new = Place(place, kind, minimum_spend)
        execute("INSERT INTO places (place, kind, minimum_spend) VALUES (?, ?, ?)", new)
        desk.record("place.added", after=new._asdict())


def edit_place(desk: Desk, place: str, kind: str, minimum_spend: int | None = None) -> bool:
    """Says anew what a place is. Gives whether anything changed.

    Raises Refused where there is none, or where a closed month would come out otherwise.
    """
    with desk.change():
        require(desk, "places")
        before, after = _place(place), Place(place, kind, minimum_spend)
        if before == after:
            return False
        execute(
            "UPDATE places SET kind = ?, minimum_spend = ? WHERE place = ?",
            (kind, minimum_spend, place),
        )
        span = execute("SELECT min(night), max(night) FROM bookings WHERE place = ?", (place,))
        first, last = span.fetchone()
        if before.kind != kind and first is not None:
            # Rooms excuse and tables don't.
            nights = (date.fromisoformat(first), date.fromisoformat(last))
            rejudge(desk, *nights)
            months.correct(desk, None, *nights)
        desk.record("place.edited", before=before._asdict(), after=after._asdict())
    return True


def remove_place(desk: Desk, place: str) -> None:
    """Undoes `add_place`. Raises Refused where it has been booked."""
    with desk.change():
        require(desk, "places")
        before = _place(place)
        if execute("SELECT 1 FROM bookings WHERE place = ?", (place,)).fetchone():
            raise refused("place", "%(place)s has bookings, so it stays", place=place)
        execute("DELETE FROM places WHERE place = ?", (place,))
        desk.record("place.removed", before=before._asdict())


def _place(place: str) -> Place:
    row = execute(f"{_PLACES} WHERE place = ?", (place,)).fetchone()
    if row is None:
        raise refused("place", "there is no room or table %(place)s", place=place)
    return Place(*row)
