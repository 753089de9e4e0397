"""Forms and screens that stand open while one night becomes the next, at 12:00."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from textual.widgets import Input

from models.access.session import Session
from models.guests import contacts, register
from models.ledger.promises import waiting
from models.operations import bookings, incidents, leave, slip_board, staff
from models.values.nights import Instant
from tests.clock import clock_of
from tests.conftest import MakeSession
from tests.screens.office import furnish
from tests.screens.pilot import ticked
from venue_tui.app import VenueApp
from venue_tui.screens.bookings.forms import BookPlace
from venue_tui.screens.guests.forms import TellTime
from venue_tui.screens.guests.register_forms import ContactForm, HandOn
from venue_tui.screens.incidents.forms import IncidentForm
from venue_tui.screens.leave.forms import AskForLeave
from venue_tui.screens.outings.forms import GoWithoutSlip
from venue_tui.screens.staff.forms import WageForm
from venue_tui.widgets.controls import Options, Picker
from venue_tui.widgets.form import FormScreen
from venue_tui.widgets.lines import Lines

OLD, NEW = date(2026, 10, 5), date(2026, 10, 6)
BEFORE, AFTER = "2026-10-06T11:59:50", "2026-10-06T12:00:30"


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    session = make_session("2026-10-05T14:00")
    furnish(session)
    clock_of(session).set("2026-10-05T20:00")
    register.add(session, "Hu", "13800000001")
    clock_of(session).set(BEFORE)
    return session


def guest(session: Session) -> register.Found:
    [found] = register.find(session, "13800000001")
    return found


def at(session: Session, text: str) -> Instant:
    return session.calendar.parse(text)


def incident_form(session: Session) -> FormScreen[Any]:
    rule = session.book(OLD).rule("service_complaint")
    assert rule is not None
    return IncidentForm(session, rule, "D1")


def occurred(session: Session) -> object:
    [found] = incidents.listing(session, OLD, NEW)
    return found.night, found.occurred_at


def due(session: Session) -> object:
    return [session.calendar.night(each.due_at) for each in waiting(session) if each.code == "told"]


FORMS: dict[
    str,
    tuple[
        Callable[[Session], FormScreen[Any]],
        dict[str, str],
        Callable[[Session], object],
        Callable[[Session], object],
    ],
] = {
    "incident": (
        incident_form,
        {"staff_no": "S1", "occurred_at": "21:40"},
        occurred,
        lambda d: (OLD, at(d, "2026-10-05T21:40")),
    ),
    "out without a slip": (
        lambda d: GoWithoutSlip(d, d.tonight()),
        {"staff_no": "S1", "out_at": "23:05"},
        lambda d: [each.out_at for each in slip_board.board(d, OLD).out],
        lambda d: [at(d, "2026-10-05T23:05")],
    ),
    "booking": (
        lambda d: BookPlace(d, d.tonight(), None, None),
        {"place": "A1", "staff_no": "S1", "night": "+2", "hold_until": "21:05"},
        lambda d: [each.night for each in bookings.on(date(2026, 10, 7))],
        lambda d: [date(2026, 10, 7)],
    ),
    "leave": (
        AskForLeave,
        {"staff_no": "S1", "first_night": "+3", "last_night": "+4"},
        lambda d: [(each.first_night, each.last_night) for each in leave.listing(d)],
        lambda d: [(date(2026, 10, 8), date(2026, 10, 9))],
    ),
    "appointment": (
        lambda d: ContactForm(d, guest(d)),
        {"staff_no": "S1", "kind": "appointment"},
        lambda d: [each.for_night for each in contacts.of_guest(d, guest(d).guest_no)],
        lambda d: [str(OLD)],
    ),
    "heir": (
        lambda d: HandOn(d, guest(d)),
        {"to_staff_no": "S1", "from_night": "+1"},
        lambda d: [each.from_night for each in contacts.heirs_of(d, guest(d).guest_no)],
        lambda d: [str(NEW)],
    ),
    "wage": (
        lambda d: WageForm(d, "S1"),
        {"effective_from": "+1", "monthly_wage": "5000"},
        lambda d: dict(staff.wages("S1")).get(NEW),
        lambda d: 500_000,
    ),
}


@pytest.mark.parametrize("name", FORMS)
async def test_a_form_open_over_noon_records_under_the_night_that_it_said(
    session: Session, name: str
) -> None:
    make, values, read, expected = FORMS[name]
    app = VenueApp(session, language="en", first="outings")
    app.person = "D1"
    async with app.run_test(size=(100, 40)) as pilot:
        form = make(session)
        app.push_screen(form)
        await pilot.pause()
        for field, value in values.items():
            control = form.control(field)
            if isinstance(control, Picker):
                control.take(value, value)
            else:
                assert isinstance(control, Input | Options)
                control.value = value
        await pilot.pause()
        clock_of(session).set(AFTER)
        await pilot.press("f2")
        await pilot.pause()
        if app.screen is not form and isinstance(app.screen, FormScreen):
            await pilot.press("y")
        assert read(session) == expected(session)


async def test_a_time_told_over_noon_is_of_the_night_that_the_form_said(session: Session) -> None:
    """21:05 of it is past, and refused as such: it isn't taken for the new night's."""
    app = VenueApp(session, language="en", first="guests")
    async with app.run_test(size=(100, 40)) as pilot:
        form = TellTime(session, "D1")
        app.push_screen(form)
        await pilot.pause()
        form.query_one("#field-words", Input).value = "ring back"
        form.query_one("#field-due_at", Input).value = "21:05"
        clock_of(session).set(AFTER)
        await pilot.press("f2")
        await pilot.pause()
        assert form.is_current
        assert due(session) == []


@pytest.mark.parametrize("where", ["tonight", "roll", "outings", "bookings", "guests"])
async def test_a_screen_shows_the_new_night_by_itself(session: Session, where: str) -> None:
    app = VenueApp(session, language="en", first=where)
    app.person = "D1"
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.pause()
        clock_of(session).set(AFTER)
        await ticked(pilot)
        shown = getattr(app.screen, "night", None) or getattr(app.screen, "_night", None)
        assert shown == NEW
        if where in ("outings", "bookings", "guests"):
            text = "\n".join(each.text for each in app.screen.query(Lines))
            assert str(NEW) in text
            assert str(OLD) not in text
