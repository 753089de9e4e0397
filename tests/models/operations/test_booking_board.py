"""The floor board shows every place, and of each turn who holds it."""

import pytest

from models.access.session import Session
from models.operations import booking_board, bookings
from tests.clock import Clock
from tests.models.house import NIGHT, hire, put, sign_in

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


@pytest.mark.parametrize(
    ("booked_at", "shown"),
    [((5, 6), "B2"), ((6, 5), "B1"), ((None, 5), "B2"), ((5, None), "B1"), ((1, None), "B1")],
)
def test_of_bookings_that_hold_no_place_the_last_is_shown(
    session: Session, booked_at: tuple[int | None, int | None], shown: str
) -> None:
    for number, made_at in zip(("B1", "B2"), booked_at, strict=True):
        put(
            "bookings", booking_no=number, night=NIGHT, place="K1", turn=1, staff_no="A1",
            booked_at=made_at, status="cancelled",
        )  # fmt: skip
    [spot, *_] = booking_board.board(session, NIGHT)
    assert [each.booking_no for each in spot.bookings] == [shown]


def test_a_supervisor_sees_that_anothers_place_is_taken_and_a_staffer_their_own_alone(
    session: Session,
) -> None:
    hire("S2", position="supervisor")
    hire("B1", supervisor_no="S2")
    ours = bookings.book(session, NIGHT, "K1", "A1", guest_name="王", guest_phone="1")
    theirs = bookings.book(session, NIGHT, "K2", "B1", guest_name="李", guest_phone="2")
    bookings.left(session, theirs, 500)

    def seen() -> dict[str, list[tuple[str, str | None, str | None, int | None]]]:
        return {
            spot.place: [
                (each.booking_no, each.guest_name, each.guest_phone, each.amount)
                for each in spot.bookings
            ]
            for spot in booking_board.board(session, NIGHT)
        }

    mine, whole = (ours, "王", "1", None), (theirs, "李", "2", 500)
    assert seen() == {"K1": [mine], "K2": [whole], "K10": [], "T1": []}
    sign_in(session, "supervisor", "S1")
    assert seen() == {"K1": [mine], "K2": [(theirs, None, None, None)], "K10": [], "T1": []}
    sign_in(session, "staff", "A1")
    assert seen() == {"K1": [mine]}
    sign_in(session, "staff", "A2")
    assert seen() == {}
