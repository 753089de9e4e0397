"""The floor board of a night: every place with who holds it, turn by turn."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from models.access.permissions import may
from models.access.scope import readable
from models.access.session import Session
from models.operations.bookings import Booking, at, on
from models.operations.places import places
from models.values.nights import ONE_NIGHT, Instant

_DAYS = 31


class Spot(NamedTuple):
    """A place on the night's floor board. `bookings` has one for each turn, in order: the live
    one, else the last."""

    place: str
    kind: str
    minimum_spend: int | None
    bookings: tuple[Booking, ...]


def board(session: Session, night: date) -> list[Spot]:
    """Every place with its bookings of the night: rooms first, then tables. A staffer sees the
    places that they booked themselves."""
    held: dict[str, list[Booking]] = {}
    allowed = readable(session)
    own_alone = not may(session, "house")
    for booking in on(night):
        if allowed is not None and booking.staff_no not in allowed:
            if own_alone:
                continue
            # That the place is taken is everybody's to know, and by whom is not.
            booking = booking._replace(guest_name=None, guest_phone=None, amount=None)
        held.setdefault(booking.place, []).append(booking)
    spots = [Spot(*each, _by_turn(held.get(each.place, ()))) for each in places()]
    return [spot for spot in spots if spot.bookings or not own_alone]


def before(session: Session, place: str, night: date, most: int) -> list[Booking]:
    """A place's bookings of the month before a night, the latest first and no more than so many, of
    those whom one may read about."""
    allowed = readable(session)
    found = at(place, night - timedelta(days=_DAYS), night - ONE_NIGHT)
    if allowed is not None:
        found = [each for each in found if each.staff_no in allowed]
    return sorted(found, key=lambda each: (each.night, each.turn), reverse=True)[:most]


def _by_turn(bookings: Iterable[Booking]) -> tuple[Booking, ...]:
    def rank(each: Booking) -> tuple[int, bool, Instant, str]:
        return each.turn, each.live, each.booked_at or 0, each.booking_no

    turns = groupby(sorted(bookings, key=rank), key=lambda each: each.turn)
    return tuple(list(turn)[-1] for _, turn in turns)
