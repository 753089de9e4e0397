"""A place that was booked again for another staffer soon after its guests were cancelled: clause 9."""

from datetime import date

import pytest

from models.access.session import Session
from models.ledger.rebookings import rebooked
from tests.clock import Clock
from tests.models.house import NIGHT, place, put, staff_the_house

CANCELLED_AT = 1_788_350_000
PHONE = "138 0000 0001"


@pytest.fixture(autouse=True)
def house(session: Session) -> None:
    staff_the_house()
    place("K1")
    place("K2")
    for number in ("g", "h"):
        put("guests", guest_no=number, kind="guest")


def booking(number: str, turn: int, **said: object) -> None:
    row = {
        "night": NIGHT, "place": "K1", "turn": turn, "staff_no": "A2", "status": "booked",
        "guest_no": "g", "guest_phone": PHONE, "booked_at": CANCELLED_AT + 120,
    }  # fmt: skip
    put("bookings", booking_no=number, **{**row, **said})


@pytest.mark.parametrize(
    ("was", "said", "minutes"),
    [
        ({}, {}, 2),
        ({}, {"booked_at": CANCELLED_AT}, 0),
        ({}, {"booked_at": CANCELLED_AT + 600}, 10),
        ({}, {"booked_at": CANCELLED_AT + 601}, None),
        ({}, {"booked_at": CANCELLED_AT - 1}, None),
        ({}, {"booked_at": None}, None),
        ({}, {"night": date(2026, 9, 1)}, None),
        ({}, {"place": "K2"}, None),
        ({}, {"staff_no": None, "source": "walk_in"}, None),
        ({}, {"staff_no": "A1"}, None),
        ({"staff_no": None, "source": "walk_in"}, {}, 2),
        ({}, {"guest_phone": None}, 2),
        ({}, {"guest_no": None, "guest_phone": "13800000001"}, 2),
        ({}, {"guest_no": "h", "guest_phone": "13900000001"}, None),
        ({}, {"guest_no": "h", "guest_phone": None}, None),
        ({"guest_no": None, "guest_phone": None}, {"guest_no": None, "guest_phone": None}, None),
        ({"status": "no_show"}, {}, None),
    ],
)
def test_what_was_sold_on(
    was: dict[str, object], said: dict[str, object], minutes: int | None
) -> None:
    first = {"staff_no": "A1", "status": "cancelled", "left_at": CANCELLED_AT, "booked_at": 1}
    booking("B1", 1, **{**first, **was})
    booking("B2", 2, **said)
    seller = was.get("staff_no", "A1")
    expected = [] if minutes is None else [("B2", "B1", seller, minutes)]
    assert rebooked(NIGHT) == expected


def test_where_nobody_says_when_they_were_cancelled_the_trail_does(
    session: Session, clock: Clock
) -> None:
    booking("B1", 1, staff_no="A1", status="cancelled", booked_at=1)
    booking("B2", 2, booked_at=session.now() + 120)
    assert rebooked(NIGHT) == []  # of which the trail says nothing either
    for action, after in (
        ("booking.booked", {"booking_no": "B1"}),
        ("booking.cancelled", {"booking_no": "B1"}),
        ("booking.moved", {"booking_no": "B1"}),
        ("roll.unmark", None),
    ):
        with session.change():
            session.record(action, night=NIGHT, after=after)
        clock.now += 300 if action == "booking.cancelled" else 0
    assert rebooked(NIGHT) == [("B2", "B1", "A1", 2)]
