"""What a booking's other end would cost, foretold as it then comes."""

import pytest

from models.access.session import Session
from models.operations import booking_preview, bookings
from models.rules.charges import Status
from models.storage import audit
from tests.models.house import (
    NIGHT,
    brief,
    charges,
    sign,
)

pytestmark = pytest.mark.usefixtures("booking_house")


@pytest.mark.parametrize("status", ["cancelled", "no_show"])
def test_what_a_make_up_sign_costs_when_its_room_goes(session: Session, status: str) -> None:
    number = bookings.book(session, NIGHT, "K1", "A1")
    brief(session)
    sign(session, "A1", made_up_at="21:00")
    assert charges("A1") == []
    lines = len(audit.lines())
    assert booking_preview.consequences(session, number, status) == [
        ("A1", NIGHT, "missed_briefing", 5_000, Status.STANDING)
    ]
    assert (charges("A1"), len(audit.lines())) == ([], lines)
    assert booking_preview.consequences(session, number, "left") == []
    step = {"cancelled": bookings.cancel, "no_show": bookings.no_show}[status]
    step(session, number)
    assert charges("A1") == [("missed_briefing", "roll", 5_000, "standing")]
    assert booking_preview.consequences(session, number, "booked") == [
        ("A1", NIGHT, "missed_briefing", 5_000, Status.REVERSED)
    ]
    bookings.restore(session, number, "booked")
    assert charges("A1") == [("missed_briefing", "roll", 5_000, "reversed")]


def test_another_room_of_theirs_still_bears_the_sign_out_and_a_table_never(
    session: Session,
) -> None:
    first = bookings.book(session, NIGHT, "K1", "A1")
    second = bookings.book(session, NIGHT, "K2", "A1")
    table = bookings.book(session, NIGHT, "T1", "A1")
    brief(session)
    sign(session, "A1", made_up_at="21:00")
    assert booking_preview.consequences(session, table, "cancelled") == []
    assert booking_preview.consequences(session, first, "cancelled") == []
    bookings.cancel(session, first)
    assert [each.rule for each in booking_preview.consequences(session, second, "no_show")] == [
        "missed_briefing"
    ]


def test_a_room_taken_away_from_a_late_arrival_is_named_as_lateness(session: Session) -> None:
    number = bookings.book(session, NIGHT, "K1", "A1")
    brief(session)
    sign(session, "A1", arrived_at="19:45", made_up_at="19:50")
    assert booking_preview.consequences(session, number, "cancelled") == [
        ("A1", NIGHT, "late", 3_000, Status.STANDING)
    ]


def test_what_another_place_costs_and_spares(session: Session) -> None:
    brief(session)
    sign(session, "A1", made_up_at="21:00")
    room = bookings.book(session, NIGHT, "K1", "A1")
    fine = ("A1", NIGHT, "missed_briefing", 5_000)
    assert booking_preview.consequences(session, room, "booked", "T1") == [(*fine, Status.STANDING)]
    assert booking_preview.consequences(session, room, "booked", "K2") == []
    assert booking_preview.consequences(session, room, "booked", "nowhere") == []
    assert booking_preview.consequences(session, room) == []
    bookings.cancel(session, room)
    table = bookings.book(session, NIGHT, "T1", "A1")
    assert booking_preview.consequences(session, table, "booked", "K1") == [
        (*fine, Status.REVERSED)
    ]
    assert booking_preview.consequences(session, table, "cancelled", "K1") == []
    assert booking_preview.consequences(session, table, "cancelled") == []


def test_what_a_guest_booked_costs_nobody_anything(session: Session) -> None:
    brief(session)
    sign(session, "A1", made_up_at="21:00")
    bookings.book(session, NIGHT, "K2", "A1")  # which bears their sign out
    number = bookings.book(session, NIGHT, "K1", None, source="guest")
    for status in ("cancelled", "arrived", "booked"):
        assert booking_preview.consequences(session, number, status) == []
        assert booking_preview.consequences(session, number, status, "T1") == []
