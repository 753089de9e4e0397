"""The floor board shows every place, and of each turn who holds it."""

import pytest

from models.access.session import Session
from models.operations import booking_board, bookings
from tests.clock import Clock
from tests.models.house import (
    NIGHT,
)

pytestmark = pytest.mark.usefixtures("booking_house")


def test_a_booking_is_numbered_by_its_night_and_shown_on_the_board(session: Session) -> None:
    first = bookings.book(
        session, NIGHT, "K2", "A1", guest_name="=王先生", guest_phone="13800000000"
    )
    second = bookings.book(session, NIGHT, "T1", "A2")
    assert (first, second) == ("B260902-01", "B260902-02")
    booked = bookings.booking(first)
    assert (booked.guest_name, booked.name, booked.status) == ("=王先生", "曾小贤", "booked")
    assert booked.booked_at == session.now()
    board = booking_board.board(session, NIGHT)
    assert [spot.place for spot in board] == ["K1", "K2", "K10", "T1"]
    assert [[each.booking_no for each in spot.bookings] for spot in board] == [
        [],
        [first],
        [],
        [second],
    ]


def test_the_board_shows_the_live_booking_of_a_turn_else_the_last(
    session: Session, clock: Clock
) -> None:
    first = bookings.book(session, NIGHT, "K1", "A1")
    bookings.cancel(session, first)
    clock.set("2026-09-02T20:00")
    second = bookings.book(session, NIGHT, "K1", "A2")
    bookings.cancel(session, second)
    assert [each.booking_no for each in booking_board.board(session, NIGHT)[0].bookings] == [second]
    bookings.restore(session, first, "booked")
    later = bookings.book(session, NIGHT, "K1", "A3", turn=2)
    assert [each.booking_no for each in booking_board.board(session, NIGHT)[0].bookings] == [
        first,
        later,
    ]
