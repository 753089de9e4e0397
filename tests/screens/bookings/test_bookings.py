"""Bookings on the screen: the floor of a night, its fines named beforehand, and the sales."""

from datetime import date

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from models.access.session import Session
from models.operations import bookings, incidents, places
from tests.clock import clock_of
from tests.conftest import MakeSession
from tests.models.house import brief, charges, in_step, place, sign, staff_the_house
from tests.screens.pilot import asked, said, showing, toasts
from venue_tui.locale import set_language
from venue_tui.screens.bookings.forms import (
    AddPlaces,
    BookPlace,
    DescribePlace,
    EditBooking,
    GuestsLeft,
)
from venue_tui.screens.bookings.screen import BookingsScreen
from venue_tui.widgets.dialogs import Confirm
from venue_tui.widgets.floor import FloorBoard
from venue_tui.widgets.line_list import LineList
from venue_tui.widgets.lines import Lines

NIGHT = date(2026, 9, 2)


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    """21:00; room A2 is booked for A1, who signed the roll later because of it."""
    session = make_session("2026-09-02T18:00")
    staff_the_house()
    place("A10")
    place("A2", minimum_spend=80000)
    place("T1", "table")
    bookings.book(session, NIGHT, "A2", "A1", guest_name="李总 [b]", guest_phone="13800138000")
    brief(session, NIGHT)
    sign(session, "A1", made_up_at="20:30")
    clock_of(session).set("2026-09-02T21:00")
    return session


def screen_of(pilot: Pilot[None]) -> BookingsScreen:
    screen = pilot.app.screen_stack[0]
    assert isinstance(screen, BookingsScreen)
    return screen


def floor(pilot: Pilot[None]) -> list[tuple[str, ...]]:
    return [
        (tile.name, tile.state, *tile.lines)
        for tile in screen_of(pilot).query_one(FloorBoard).tiles
    ]


def selected(pilot: Pilot[None]) -> str | None:
    return screen_of(pilot).query_one(FloorBoard).cursor_key


def state(session: Session, booking_no: str = "B260902-01") -> str:
    return bookings.booking(booking_no).status


async def test_the_floor_shows_rooms_and_tables(session: Session) -> None:
    async with showing(session, "bookings") as pilot:
        assert floor(pilot) == [
            ("Rooms  1 of 2 held", ""),
            ("A2", "booked", "李总 [b]  曾小贤", "min 800.00"),
            ("A10", "free", "", ""),
            ("Tables  0 of 1 held", ""),
            ("T1", "free", "", ""),
        ]
        assert "A2  room  minimum spend 800.00  turn 1  booked" in said(pilot)
        assert "B260902-01  李总 [b]  13800138000  of 曾小贤 (A1)" in said(pilot)
        assert "If it is cancelled: Fined 50.00: 曾小贤 (A1)" in said(pilot)
        await pilot.press("right", "down")
        assert selected(pilot) == "T1\t1"


async def test_guests_arrive_and_leave_with_the_amount_beside_the_minimum(session: Session) -> None:
    async with showing(session, "bookings") as pilot:
        await pilot.press("space")
        assert state(session) == "arrived"
        await pilot.press("space")
        assert toasts(pilot)[-1] == "A2 of 李总 [b] is arrived already; nothing changed."
        await pilot.press("o")
        form = pilot.app.screen
        assert isinstance(form, GuestsLeft)
        assert asked(pilot, "verdict") == "Minimum spend 800.00"
        await pilot.press(*"700.5")
        assert asked(pilot, "verdict") == "Minimum spend 800.00: 99.50 short."
        await pilot.press(*"0.5", "enter")
        assert pilot.app.screen is form
        assert "not an amount" in asked(pilot, "problem-amount")
        form.control("amount").value = "700.50"
        await pilot.press("enter")
        assert floor(pilot)[1] == ("A2", "left", "李总 [b]  曾小贤", "700.50 < 800.00")
        await pilot.press("o")
        form = pilot.app.screen
        assert isinstance(form, GuestsLeft)
        form.control("amount").value = "1280"
        await pilot.press("enter")
        assert toasts(pilot)[-1] == "A2 of 李总 [b]: left, 1280.00 / 800.00"
        await pilot.press("u")
        assert bookings.booking("B260902-01").amount == 70050
        await pilot.press("u", "u")
        assert state(session) == "booked"


@pytest.mark.parametrize(("key", "status"), [("d", "cancelled"), ("x", "no_show")])
async def test_the_fine_that_follows_is_named_before_it_is_recorded(
    session: Session, key: str, status: str
) -> None:
    async with showing(session, "bookings") as pilot:
        await pilot.press(key)
        dialog = pilot.app.screen
        assert isinstance(dialog, Confirm)
        named = "\n".join(str(each.content) for each in dialog.query(Static))
        assert "Fined 50.00: 曾小贤 (A1), Missed the briefing (clause 12)" in named
        await pilot.press("n")
        assert state(session) == "booked"
        assert charges("A1") == []
        await pilot.press(key, "y")
        assert state(session) == status
        assert charges("A1") == [("missed_briefing", "roll", 5000, "standing")]
        await pilot.press("u")
        assert state(session) == "booked"
        assert charges("A1") == [("missed_briefing", "roll", 5000, "reversed")]
        assert in_step(session)


async def test_a_cancellation_without_consequence_is_one_key(session: Session) -> None:
    bookings.book(session, NIGHT, "T1", "A2")
    async with showing(session, "bookings") as pilot:
        await pilot.press("end", "d")
        assert state(session, "B260902-02") == "cancelled"
        assert "turn 1  cancelled" in said(pilot)


async def test_who_came_after_all_takes_the_fine_back(session: Session) -> None:
    bookings.no_show(session, "B260902-01")
    async with showing(session, "bookings") as pilot:
        await pilot.press("r")
        dialog = pilot.app.screen
        assert isinstance(dialog, Confirm)
        assert any("Fine of 50.00 taken back" in str(s.content) for s in dialog.query(Static))
        await pilot.press("y", "space")
        assert state(session) == "arrived"
        assert charges("A1") == [("missed_briefing", "roll", 5000, "reversed")]


async def test_booking_names_who_has_the_place_already(session: Session) -> None:
    async with showing(session, "bookings") as pilot:
        await pilot.press("n")
        form = pilot.app.screen
        assert isinstance(form, BookPlace)
        assert form.values()["turn"] == "2"
        form.control("turn").value = "1"
        await pilot.press(*"a2", "enter")
        assert "taken by B260902-01, 李总 [b], of 曾小贤 (A1)." in asked(pilot, "verdict")
        form.control("guest_phone").value = "139"
        await pilot.press("f2")
        assert pilot.app.screen is form
        assert "booking B260902-01 of 曾小贤 (A1)" in asked(pilot, "problem-place")
        assert form.focused in form.control("place").walk_children()
        assert form.values()["guest_phone"] == "139"
        form.control("turn").value = "2"
        await pilot.pause()
        assert "free on 2026-09-02." in asked(pilot, "verdict")
        await pilot.press("f2")
        assert selected(pilot) == "A2\t2"
        assert floor(pilot)[2] == ("A2 turn 2", "booked", "单雄", "min 800.00")
        await pilot.press("u")
        assert state(session, "B260902-02") == "cancelled"


async def test_a_free_place_is_booked_for_another_night(session: Session) -> None:
    async with showing(session, "bookings") as pilot:
        await pilot.press("right", "enter")
        form = pilot.app.screen
        assert isinstance(form, BookPlace)
        assert form.values()["place"] == "A10"
        await pilot.press(*"a3", "enter")
        form.control("night").value = "9-5"
        await pilot.press("f2")
        screen = screen_of(pilot)
        assert screen.night == date(2026, 9, 5)
        assert "A night to come, 2026-09-05 Sat" in screen.query_one("#night", Lines).text
        assert selected(pilot) == "A10\t1"
        assert floor(pilot)[2] == ("A10", "booked", "解晓", "")
        await pilot.press("g", *"-1", "enter")
        assert screen.night == date(2026, 9, 1)
        await pilot.press("right_square_bracket")
        assert screen.is_tonight


async def test_sales_of_the_night_and_the_month(session: Session) -> None:
    first = bookings.book(session, date(2026, 9, 1), "A2", "A2")
    bookings.left(session, first, 100000)
    bookings.left(session, "B260902-01", 90000)
    incidents.raise_incident(session, "A2", "booking_fraud", session.now(), note="飞单", by="D1")
    async with showing(session, "bookings", size=(120, 36)) as pilot:
        sales = screen_of(pilot).query_one("#sales", LineList)
        assert [row.cells for row in sales.rows] == [
            ("单雄", "0.00", "void: 1000.00"),
            ("曾小贤", "900.00", "900.00"),
        ]
        assert "sold 900.00, this month 900.00" in screen_of(pilot).query_one("#night", Lines).text
        assert sales.display
        await pilot.press("v")
        assert not sales.display


async def test_narrow_terminals_show_sales_on_demand(session: Session) -> None:
    async with showing(session, "bookings") as pilot:
        sales = screen_of(pilot).query_one("#sales", LineList)
        assert not sales.display
        await pilot.press("v")
        assert sales.display


async def test_places_are_added_changed_and_removed(session: Session) -> None:
    async with showing(session, "bookings") as pilot:
        await pilot.press("plus")
        form = pilot.app.screen
        assert isinstance(form, AddPlaces)
        await pilot.press(*"A2", "f2")
        assert "there is a place A2 already" in asked(pilot, "problem-place")
        form.control("place").value = "B1"
        form.control("minimum_spend").value = "500"
        await pilot.press("f2")
        assert selected(pilot) == "B1\t1"
        await pilot.press("e")
        form = pilot.app.screen
        assert isinstance(form, DescribePlace)
        form.control("minimum_spend").value = ""
        await pilot.press("f2")
        assert places.Place("B1", "room", None) in places.places()
        await pilot.press("e", "f2")
        assert toasts(pilot)[-1] == "B1 is as it was; nothing changed."
        await pilot.press("u")
        assert places.Place("B1", "room", 50000) in places.places()
        await pilot.press("delete")
        assert "B1" not in [each.place for each in places.places()]
        await pilot.press("u")
        assert "B1" in [each.place for each in places.places()]
        await pilot.press("home", "delete")
        assert toasts(pilot)[-1] == "A2 has bookings, so it stays"


async def test_places_guests_and_staffers_are_found(session: Session) -> None:
    async with showing(session, "bookings") as pilot:
        await pilot.press("slash", *"13800", "enter")
        assert [each[0] for each in floor(pilot)] == ["Rooms  1 of 2 held", "A2"]
        await pilot.press("slash", "escape", "slash", *"zxx", "enter")
        assert [each[0] for each in floor(pilot)] == ["Rooms  1 of 2 held", "A2"]


async def test_what_another_terminal_books_appears_within_a_tick(session: Session) -> None:
    async with showing(session, "bookings") as pilot:
        await pilot.press("end")
        bookings.book(session, NIGHT, "A10", "A3", guest_name="王总")
        screen_of(pilot).tick()
        await pilot.pause()
        assert floor(pilot)[2] == ("A10", "booked", "王总  解晓", "")
        assert selected(pilot) == "T1\t1"


async def test_the_language_changes_under_the_cursor(session: Session) -> None:
    async with showing(session, "bookings") as pilot:
        await pilot.press("end")
        set_language("zh-Hans")
        await screen_of(pilot).retranslate()
        assert selected(pilot) == "T1\t1"
        assert floor(pilot)[-1] == ("T1", "空", "", "")


async def test_a_move_says_before_and_after_what_it_does_to_a_make_up(session: Session) -> None:
    async with showing(session, "bookings") as pilot:
        await pilot.press("e")
        form = pilot.app.screen
        assert isinstance(form, EditBooking)
        await pilot.press("enter", "enter", *("backspace",) * 2, *"a10", "enter")
        assert asked(pilot, "verdict").endswith("Moved from A2 to A10.")
        form.control("place").take("T1", "T1")
        await pilot.pause()
        fined = "Fined 50.00: 曾小贤 (A1), Missed the briefing (clause 12)"
        assert asked(pilot, "verdict").split("\n")[1:] == ["Moved from A2 to T1.", fined]
        form.control("guest_phone").value = "139"
        await pilot.press("f2")
        assert toasts(pilot)[-1] == f"李总 [b]: moved from A2 to T1\n{fined}"
        assert selected(pilot) == "T1\t1"
        assert bookings.booking("B260902-01").guest_phone == "139"
        assert charges("A1") == [("missed_briefing", "roll", 5000, "standing")]
        await pilot.press("e")
        form = pilot.app.screen
        assert isinstance(form, EditBooking)
        form.control("place").take("A10", "A10")
        await pilot.press("f2")
        assert toasts(pilot)[-1].startswith(
            "李总 [b]: moved from T1 to A10\nFine of 50.00 taken back: 曾小贤 (A1)"
        )
        await pilot.press("u", "u")
        assert (bookings.booking("B260902-01").place, state(session)) == ("A2", "booked")
        assert bookings.booking("B260902-01").guest_phone == "13800138000"
        assert charges("A1") == [("missed_briefing", "roll", 5000, "reversed")]
        assert in_step(session)


async def test_a_move_to_a_place_that_is_taken_says_by_whom_before_it_is_saved(
    session: Session,
) -> None:
    bookings.book(session, NIGHT, "A10", "A3", guest_name="王总")
    async with showing(session, "bookings") as pilot:
        await pilot.press("e")
        form = pilot.app.screen
        assert isinstance(form, EditBooking)
        form.control("place").take("A10", "A10")
        await pilot.pause()
        assert "taken by B260902-02, 王总, of 解晓 (A3)." in asked(pilot, "verdict")
        form.control("turn").value = "2"
        await pilot.pause()
        assert "taken" not in asked(pilot, "verdict")
        await pilot.press("f2")
        assert selected(pilot) == "A10\t2"


async def test_a_guest_and_phone_are_corrected_where_they_stand(session: Session) -> None:
    async with showing(session, "bookings") as pilot:
        await pilot.press("e", "end", *"!", "f2")
        assert bookings.booking("B260902-01").guest_name == "李总 [b]!"
        assert toasts(pilot)[-1] == "Corrected: A2 for 李总 [b]!"
        await pilot.press("u")
        assert bookings.booking("B260902-01").guest_name == "李总 [b]"
        await pilot.press("e", "f2")
        assert toasts(pilot)[-1] == "B260902-01 is as it was; nothing changed."
