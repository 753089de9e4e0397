"""What a month's nights came to: of those alone whom one may read about."""

from datetime import date

import pytest

from models.access.session import Session
from models.operations import booking_board, by_night, outings
from tests.clock import Clock
from tests.models.house import NIGHT, put, sign_in

pytestmark = pytest.mark.usefixtures("booking_house")

BEFORE = date(2026, 9, 1)


def test_what_guests_spent_by_night(session: Session) -> None:
    for number, night, staff_no, status, amount in (
        ("B1", BEFORE, "A1", "left", 88000),
        ("B2", NIGHT, "A1", "left", 50000),
        ("B3", NIGHT, "A2", "left", 20000),
        ("B4", NIGHT, "A2", "cancelled", None),
        ("B5", date(2026, 8, 31), "A1", "left", 10000),
    ):
        put("bookings", booking_no=number, night=night, place="K1", turn=int(number[1]),
            staff_no=staff_no, status=status, amount=amount)  # fmt: skip
    assert by_night.spent(session, "2026-09") == {BEFORE: 88000, NIGHT: 70000}
    assert by_night.spent(session, "2026-10") == {}
    latest = [each.booking_no for each in booking_board.before(session, "K1", NIGHT, 9)]
    assert latest == ["B1", "B5"]
    assert [e.booking_no for e in booking_board.before(session, "K1", NIGHT, 1)] == ["B1"]
    sign_in(session, "staff", "A2")
    assert by_night.spent(session, "2026-09") == {NIGHT: 20000}
    assert booking_board.before(session, "K1", NIGHT, 9) == []


def test_how_long_staffers_were_out_by_night(session: Session, clock: Clock) -> None:
    clock.set("2026-09-02T21:00")
    for staff_no in ("A1", "A2"):
        slip = outings.ask(session, staff_no)
        outings.approve(session, slip, "D1")
        outings.out(session, slip)
        clock.now += 25 * 60
        if staff_no == "A1":
            outings.back(session, slip)
    assert by_night.minutes_out(session, "2026-09") == {NIGHT: 25}
