"""Every step that a booking may take, and what is written of it."""

from datetime import date, timedelta

import pytest

from models.access.session import Session
from models.operations import bookings
from models.operations.bookings import STATUSES, Booking
from models.storage.database import execute
from models.values.problems import Refused
from tests.clock import Clock
from tests.models.house import NIGHT, brief, charges, fields, hire, put, sign

pytestmark = pytest.mark.usefixtures("booking_house")

BEFORE, AFTER = NIGHT - timedelta(days=1), NIGHT + timedelta(days=1)
FOLLOWS = {
    "booked": {"arrived", "left", "cancelled", "no_show"},
    "arrived": {"left", "cancelled"},
    "left": {"left"},
    "cancelled": set(),
    "no_show": set(),
}


def stored(number: str, status: str = "booked", **said: object) -> Booking:
    row = {"night": NIGHT, "place": "K1", "turn": 1, "staff_no": "A1"}
    put("bookings", booking_no=number, status=status, **{**row, **said})
    return bookings.booking(number)


@pytest.mark.parametrize("status", STATUSES)
def test_what_may_follow(session: Session, status: str) -> None:
    held = stored("B1", status, amount=1 if status == "left" else None)
    steps = {
        "arrived": lambda: bookings.arrived(session, "B1"),
        "left": lambda: bookings.left(session, "B1", 2),
        "cancelled": lambda: bookings.cancel(session, "B1"),
        "no_show": lambda: bookings.no_show(session, "B1"),
    }
    assert {each for each in STATUSES if bookings.can(held, each)} == FOLLOWS[status]
    for step, act in steps.items():
        if step in FOLLOWS[status]:
            assert act()
            assert bookings.booking("B1").status == step
            bookings.restore(session, "B1", status, held.amount)
        elif step == status:
            assert not act()  # it is so already
        else:
            with pytest.raises(Refused) as refusal:
                act()
            assert fields(refusal) == ["status"]


def test_who_holds_a_place(session: Session) -> None:
    held = [stored(each, each, turn=turn) for turn, each in enumerate(STATUSES, 1)]
    assert [each.status for each in held if each.live] == ["booked", "arrived"]


@pytest.mark.parametrize(
    ("status", "spend", "amount", "below"),
    [
        ("left", 100, 99, True),
        ("left", 100, 100, False),
        ("left", 100, None, True),
        ("left", 1, 0, True),
        ("left", 0, None, False),
        ("left", None, 0, False),
        ("arrived", 100, None, False),
    ],
)
def test_who_spent_less_than_the_place_asks_for(
    session: Session, status: str, spend: int | None, amount: int | None, below: bool
) -> None:
    execute("UPDATE places SET minimum_spend = ? WHERE place = 'K1'", (spend,))
    assert stored("B1", status, amount=amount).below_minimum is below


CAME, LEFT, NOW = 1_000, 2_000, "2026-09-02T21:00"


@pytest.mark.parametrize(
    ("night", "was", "held", "step", "comes"),
    [
        (NIGHT, "booked", (None, None), "arrived", ("now", None)),
        (NIGHT, "booked", (CAME, None), "arrived", (CAME, None)),
        (BEFORE, "booked", (None, None), "arrived", (None, None)),
        (NIGHT, "arrived", (CAME, None), "left", (CAME, "now")),
        (NIGHT, "left", (CAME, LEFT), "left", (CAME, LEFT)),
        (BEFORE, "arrived", (CAME, None), "left", (CAME, None)),
        (NIGHT, "booked", (None, None), "left", (None, "now")),
        (NIGHT, "arrived", (CAME, None), "cancelled", (CAME, "now")),
        (BEFORE, "booked", (None, None), "cancelled", (None, "now")),
        (NIGHT, "booked", (CAME, None), "no_show", (CAME, None)),
        (NIGHT, "arrived", (CAME, None), "booked", (None, None)),
        (NIGHT, "left", (CAME, LEFT), "booked", (None, None)),
        (NIGHT, "left", (CAME, LEFT), "arrived", (CAME, None)),
    ],
)
def test_when_guests_came_and_left_is_written_down_on_their_night(
    session: Session, clock: Clock, night: date, was: str,
    held: tuple[int | None, int | None], step: str, comes: tuple[object, object],
) -> None:  # fmt: skip
    clock.set(NOW)
    stored("B1", was, night=night, arrived_at=held[0], left_at=held[1])
    if step == "left":
        bookings.left(session, "B1", 5)
    else:
        bookings.restore(session, "B1", step)
    found = bookings.booking("B1")
    expected = tuple(clock.now if each == "now" else each for each in comes)
    assert (found.arrived_at, found.left_at) == expected


def test_only_leaving_says_what_was_spent(session: Session) -> None:
    stored("B1", "booked", amount=700)
    bookings.arrived(session, "B1")
    assert bookings.booking("B1").amount == 700
    bookings.left(session, "B1", 800)
    bookings.restore(session, "B1", "arrived", 700)
    assert bookings.booking("B1").amount == 700
    bookings.restore(session, "B1", "arrived")
    assert bookings.booking("B1").amount is None
    assert not bookings.restore(session, "B1", "arrived")


def test_a_place_is_held_by_one_for_each_night_and_turn(session: Session) -> None:
    stored("B1")
    stored("B2", "arrived", place="K2")
    for place, turn, night, by in (
        ("K1", 1, NIGHT, "B1"), ("K2", 1, NIGHT, "B2"), ("K1", 2, NIGHT, None),
        ("K10", 1, NIGHT, None), ("K1", 1, AFTER, None),
    ):  # fmt: skip
        if by is None:
            bookings.book(session, night, place, "A2", turn=turn)
        else:
            with pytest.raises(Refused, match=by):
                bookings.book(session, night, place, "A2", turn=turn)
    stored("B9", "cancelled")
    with pytest.raises(Refused, match="B1"):
        bookings.restore(session, "B9", "booked")
    with pytest.raises(Refused, match="B1"):
        bookings.restore(session, "B9", "arrived")
    assert bookings.restore(session, "B9", "no_show")
    assert bookings.arrived(session, "B1")  # its own place is not taken for it


def test_what_is_written_of_a_booking(session: Session, clock: Clock) -> None:
    clock.set(NOW)
    put("guests", guest_no="g", kind="guest")
    put("visits", visit_no="v", night=NIGHT, at=1, guest_no="g")
    first = bookings.book(session, NIGHT, "K1", "A1", guest_name="", guest_phone="")
    held = bookings.booking(first)
    assert (held.guest_name, held.guest_phone, held.booked_at, held.turn) == (
        None,
        None,
        clock.now,
        1,
    )
    assert execute("SELECT source FROM bookings").fetchone() == (None,)
    second = bookings.book(
        session, NIGHT, "K2", None, source="walk_in", turn=2, booked_at=5, guest_no="g",
        party_size=3, hold_until=9, visit_no="v", guest_name="胡", guest_phone="1",
    )  # fmt: skip
    assert bookings.booking(second)[1:] == (
        NIGHT, "K2", "room", None, 2, None, "", "胡", "1", 5, "booked", None, "walk_in", "g", 3,
        None, None, 9, "v",
    )  # fmt: skip
    for turn in (0, -1):
        with pytest.raises(Refused) as refusal:
            bookings.book(session, NIGHT, "K10", "A1", turn=turn)
        assert fields(refusal) == ["turn"]


def test_bookings_are_found_by_night_and_by_staffer(session: Session) -> None:
    for number, night, who in (
        ("B10", NIGHT, "A1"), ("B9", NIGHT, "A1"), ("B1", BEFORE, "A1"), ("B2", AFTER, "A1"),
        ("B3", NIGHT, "A2"),
    ):  # fmt: skip
        stored(number, night=night, staff_no=who, turn=int(number[1:]))
    assert [each.booking_no for each in bookings.on(NIGHT)] == ["B3", "B9", "B10"]

    def of(first: date, last: date) -> list[str]:
        return [each.booking_no for each in bookings.of("A1", first, last)]

    assert of(NIGHT, NIGHT) == ["B9", "B10"]
    assert of(BEFORE, NIGHT) == ["B1", "B9", "B10"]
    assert of(NIGHT, AFTER) == ["B2", "B9", "B10"]


def test_a_room_bears_a_make_up_sign_out_from_when_it_is_booked(session: Session) -> None:
    brief(session)
    sign(session, "A1", made_up_at="20:30")
    missed = ("missed_briefing", "roll", 5_000)
    assert charges("A1") == [(*missed, "standing")]
    number = bookings.book(session, NIGHT, "K1", "A1")
    assert charges("A1") == [(*missed, "reversed")]
    bookings.no_show(session, number)
    assert charges("A1") == [(*missed, "standing")]
    bookings.restore(session, number, "booked")
    assert charges("A1") == [(*missed, "reversed")]


# Corrected, and moved


def edit(session: Session, number: str = "B1", **said: object) -> bool:
    row = {"place": "K1", "turn": 1, "guest_name": None, "guest_phone": None}
    return bookings.edit(session, number, **{**row, **said})  # type: ignore[arg-type]


@pytest.mark.parametrize("said", [{"place": "K2"}, {"turn": 2}, {"place": "K2", "turn": 2}])
def test_a_booking_moves_to_where_nobody_holds_the_place(
    session: Session, said: dict[str, object]
) -> None:
    stored("B1")
    stored("B2", **{"place": "K1", **said})
    with pytest.raises(Refused, match="B2"):
        edit(session, **said)
    bookings.cancel(session, "B2")
    assert edit(session, **said)
    found = bookings.booking("B1")
    assert (found.place, found.turn) == (said.get("place", "K1"), said.get("turn", 1))


def test_one_that_holds_no_place_is_corrected_though_another_does(session: Session) -> None:
    stored("B1", "left", amount=5)
    stored("B2")
    stored("B3", place="K2")
    assert edit(session, guest_name="汪", guest_phone="2")
    assert edit(session, place="K2", guest_name="汪", guest_phone="2")
    assert edit(session, "B2", guest_name="王")  # which isn't moved
    assert not edit(session, "B2", guest_name="王", guest_phone="")
    assert not edit(session, "B3", place="K2", guest_name="", guest_phone="")
    assert bookings.booking("B1")[8:10] == ("汪", "2")


def test_what_a_guest_booked_is_moved_and_corrected(session: Session) -> None:
    stored("B1", staff_no=None, source="guest")
    assert edit(session, place="K2", guest_name="林")
    with pytest.raises(Refused) as refusal:
        edit(session, place="K9", turn=0, guest_name="\u202e")
    assert sorted(fields(refusal)) == ["guest_name", "place", "turn"]


def test_a_leavers_booking_is_put_right_by_nobody(session: Session) -> None:
    hire("L1", left_on=BEFORE.isoformat())
    stored("B1", staff_no="L1")
    with pytest.raises(Refused) as refusal:
        edit(session, guest_name="王")
    assert fields(refusal) == ["staff_no"]


def test_nothing_of_a_closed_month_is_corrected(session: Session) -> None:
    stored("B1")
    put("closed_months", month="2026-09", closed_at=0, content="{}", digest="", audit_head="")
    with pytest.raises(Refused, match="2026-09 is closed"):
        edit(session, guest_name="王")
