"""Booking rooms and tables, what becomes of bookings, and what that costs or brings."""

from datetime import date

import pytest

from models.access.permissions import ROLES
from models.access.session import Session
from models.ledger.rebookings import rebooked
from models.operations import booking_preview, bookings, sales
from models.storage import audit
from models.storage.database import execute
from models.values.problems import Refused
from tests.clock import Clock
from tests.models.house import (
    NIGHT,
    brief,
    charges,
    fields,
    hire,
    sign,
    sign_in,
)

pytestmark = pytest.mark.usefixtures("booking_house")


def test_a_clash_names_the_booking_that_holds_the_place(session: Session) -> None:
    first = bookings.book(session, NIGHT, "K1", "A1")
    with pytest.raises(Refused) as refusal:
        bookings.book(session, NIGHT, "K1", "A2")
    assert fields(refusal) == ["place"]
    assert all(part in str(refusal.value) for part in ("K1", first, "曾小贤", "A1"))
    bookings.book(session, date(2026, 9, 3), "K1", "A2")
    bookings.left(session, first, 200_000)
    second = bookings.book(session, NIGHT, "K1", "A2")
    with pytest.raises(Refused, match=second):
        bookings.restore(session, first, "arrived")


def test_everything_wrong_with_a_booking_is_said_at_once(session: Session) -> None:
    with pytest.raises(Refused) as refusal:
        bookings.book(
            session, NIGHT, "K9", "X9", turn=0, guest_name="小\t美", guest_phone="\u202e1"
        )
    assert sorted(fields(refusal)) == ["guest_name", "guest_phone", "place", "staff_no", "turn"]
    hire("OLD", left_on="2026-09-01")
    hire("NEW", hired_on="2026-09-03")
    with pytest.raises(Refused, match="left on 2026-09-01"):
        bookings.book(session, NIGHT, "K1", "OLD")
    with pytest.raises(Refused, match="before NEW was hired"):
        bookings.book(session, NIGHT, "K1", "NEW")
    assert bookings.on(NIGHT) == []


def test_the_steps_of_a_booking_and_their_undoing(session: Session) -> None:
    number = bookings.book(session, NIGHT, "K1", "A1")
    assert bookings.arrived(session, number)
    assert not bookings.arrived(session, number)
    assert bookings.left(session, number, 150_000)
    assert bookings.booking(number).below_minimum
    assert bookings.left(session, number, 250_000)
    assert not bookings.left(session, number, 250_000)
    assert not bookings.booking(number).below_minimum
    with pytest.raises(Refused) as refusal:
        bookings.cancel(session, number)
    assert fields(refusal) == ["status"]
    for status, amount in (("left", 150_000), ("arrived", None), ("booked", None)):
        assert bookings.restore(session, number, status, amount)
        held = bookings.booking(number)
        assert (held.status, held.amount) == (status, amount)
    assert bookings.no_show(session, number)
    with pytest.raises(Refused):
        bookings.arrived(session, number)
    actions = [line.action for line in audit.lines() if line.action.startswith("booking")]
    assert actions == [
        *("booking.made", "booking.arrived", "booking.left", "booking.left"),
        *("booking.restored",) * 3,
        "booking.no_show",
    ]
    with pytest.raises(Refused) as refusal:
        bookings.cancel(session, "B-none")
    assert fields(refusal) == ["booking_no"]


def test_sales_of_the_night_and_the_month(session: Session, clock: Clock) -> None:
    def sell(night: date, staff_no: str, amount: int) -> None:
        bookings.left(session, bookings.book(session, night, "K1", staff_no), amount)

    hire("L1", left_on="2026-09-02")
    sell(date(2026, 8, 31), "A1", 1)
    sell(date(2026, 9, 1), "A1", 10_000)
    sell(NIGHT, "A1", 20_050)
    sell(NIGHT, "A2", 500_000)
    sell(NIGHT, "L1", 700)
    bookings.book(session, NIGHT, "K2", "A3")
    execute(
        "INSERT INTO bookings (booking_no, night, place, turn, staff_no, status, amount)"
        " VALUES ('late', '2026-09-03', 'K1', 1, 'L1', 'left', 999)"
    )
    found = sales.listing(session, NIGHT)
    assert [each.staff_no for each in found] == ["A2", "A1", "L1"]
    assert (found[1].night, found[1].month, found[1].counted) == (20_050, 30_050, 30_050)
    assert sales.of_month(session, "2026-09") == {"A1": 30_050, "A2": 500_000, "L1": 700}
    assert sales.listing(session, date(2026, 9, 7))[0].night == 0


def test_fraud_voids_the_months_sales_and_a_waiver_gives_them_back(session: Session) -> None:
    from models.ledger import waivers
    from models.operations import incidents

    bookings.left(session, bookings.book(session, NIGHT, "K1", "A1"), 10_000)
    at = session.calendar.parse("2026-09-01T22:00")
    number = incidents.raise_incident(session, "A1", "booking_fraud", at, by="D1")
    [sold] = sales.listing(session, NIGHT)
    assert (sold.month, sold.voided, sold.counted) == (10_000, True, 0)
    key = ("A1", date(2026, 9, 1), "booking_fraud", f"incident:{number}")
    waivers.waive(session, *key, "mistaken identity")
    assert sales.listing(session, NIGHT)[0].counted == 10_000
    waivers.unwaive(session, *key)
    incidents.withdraw(session, number)
    assert sales.voided(session, "2026-09") == set()


@pytest.mark.parametrize("role", ROLES)
def test_who_may_book(session: Session, role: str) -> None:
    number = bookings.book(session, NIGHT, "K1", "A1")
    sign_in(session, role, "D2")
    if role in ("director", "supervisor"):
        bookings.book(session, NIGHT, "K2", "A1")
        bookings.left(session, number, 5)
        return
    for change in (
        lambda: bookings.book(session, NIGHT, "K2", "A1"),
        lambda: bookings.arrived(session, number),
        lambda: bookings.restore(session, number, "left", 5),
    ):
        with pytest.raises(Refused, match=f"as {role}"):
            change()


def test_a_guests_phone_never_reaches_the_trail(session: Session) -> None:
    bookings.book(session, NIGHT, "K1", "A1", guest_phone="13812345678")
    assert not any("13812345678" in str(line) for line in audit.lines())


def test_nothing_is_booked_in_a_closed_month(session: Session) -> None:
    number = bookings.book(session, NIGHT, "K1", "A1")
    execute(
        "INSERT INTO closed_months (month, closed_at, content, digest, audit_head)"
        " VALUES ('2026-09', 0, '{}', '', '')"
    )
    for change in (
        lambda: bookings.book(session, NIGHT, "K2", "A1"),
        lambda: bookings.left(session, number, 5),
    ):
        with pytest.raises(Refused, match="2026-09 is closed"):
            change()


def test_imported_numbers_are_counted_on_from(session: Session) -> None:
    for number in ("B260902-41", "B260902-x", "B260902-", "B260903-99"):
        execute(
            "INSERT INTO bookings (booking_no, night, place, turn, staff_no, status)"
            " VALUES (?, '2026-09-02', 'K1', 1, 'A1', 'cancelled')",
            (number,),
        )
    assert bookings.book(session, NIGHT, "K1", "A1") == "B260902-42"


def test_a_booking_is_corrected_and_moved_and_the_make_up_follows(session: Session) -> None:
    number = bookings.book(session, NIGHT, "K2", "A1", guest_name="王先生")
    brief(session)
    sign(session, "A1", made_up_at="20:30")
    assert charges("A1") == []
    [fine] = booking_preview.consequences(session, number, "booked", "T1")
    assert (fine.rule, fine.amount, fine.status) == ("missed_briefing", 5_000, "standing")
    assert booking_preview.consequences(session, number, "booked", "K10") == []
    old = {"turn": 1, "guest_name": "王先生", "guest_phone": None}
    assert bookings.edit(session, number, place="K10", turn=1, guest_name="汪", guest_phone="1")
    assert charges("A1") == []
    assert bookings.edit(session, number, place="T1", turn=1, guest_name="汪", guest_phone="1")
    assert [each[0] for each in charges("A1")] == ["missed_briefing"]
    assert bookings.edit(session, number, place="K2", **old)
    assert not bookings.edit(session, number, place="K2", **old)
    bookings.book(session, NIGHT, "K10", "A2")
    with pytest.raises(Refused) as refusal:
        bookings.edit(session, number, place="K10", **old)
    assert fields(refusal) == ["place"]
    with pytest.raises(Refused) as refusal:
        bookings.edit(session, number, place="nowhere", **old)
    assert fields(refusal) == ["place"]
    assert bookings.booking(number).place == "K2"
    assert [line.action for line in audit.lines()].count("booking.edited") == 3


def test_a_move_is_judged_by_what_the_booking_is_by_now_and_tells_of_no_waived_fine(
    session: Session,
) -> None:
    from models.ledger import waivers

    number = bookings.book(session, NIGHT, "T1", "A1")
    brief(session)
    sign(session, "A1", made_up_at="20:30")
    [gone] = booking_preview.consequences(session, number, place="K10")
    assert (gone.rule, gone.status) == ("missed_briefing", "reversed")
    waivers.waive(session, "A1", NIGHT, "missed_briefing", "roll", "new", "D1")
    assert booking_preview.consequences(session, number, place="K10") == []  # nothing was taken
    waivers.unwaive(session, "A1", NIGHT, "missed_briefing", "roll", "D1")
    bookings.cancel(session, number)  # at another terminal, while the form was open
    assert booking_preview.consequences(session, number, place="K10") == []


def test_what_a_guest_booked_is_the_houses_and_nobodys_later(session: Session) -> None:
    with pytest.raises(Refused) as refusal:
        bookings.book(session, NIGHT, "K1", "A1", source="guest")
    assert fields(refusal) == ["staff_no"]
    with pytest.raises(Refused) as refusal:
        bookings.book(session, NIGHT, "K1", None)
    assert fields(refusal) == ["staff_no"]
    number = bookings.book(session, NIGHT, "K1", None, source="guest", guest_name="林先生")
    held = bookings.booking(number)
    assert (held.staff_no, held.name, held.source) == (None, "", "guest")
    bookings.arrived(session, number)
    bookings.left(session, number, 188000)
    gone = bookings.booking(number)
    assert gone.arrived_at is not None
    assert gone.left_at is not None
    assert booking_preview.consequences(session, number, "cancelled") == []
    assert sales.listing(session, NIGHT) == []
    bookings.restore(session, number, "booked")
    assert (bookings.booking(number).arrived_at, bookings.booking(number).left_at) == (None, None)


def test_s7_booked_again_for_another_within_ten_minutes(session: Session, clock: Clock) -> None:
    phone = "13800000001"
    first = bookings.book(session, NIGHT, "K1", "A1", guest_phone=phone)
    bookings.cancel(session, first)
    clock.now += 300
    again = bookings.book(session, NIGHT, "K1", "A2", guest_phone=phone)
    assert rebooked(NIGHT) == [(again, first, "A1", 5)]
    execute("UPDATE bookings SET left_at = NULL")  # as of old, when the trail alone told it
    assert rebooked(NIGHT) == [(again, first, "A1", 5)]
    bookings.cancel(session, again)
    clock.now += 1200
    bookings.book(session, NIGHT, "K1", "A1", guest_phone=phone)
    assert len(rebooked(NIGHT)) == 1
