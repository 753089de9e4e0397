"""On a phone the panel that tells of the selected row has no room: Enter opens it, whole."""

import pytest
from textual.widgets import Static

from models.access.session import Session
from models.operations import bookings, incidents, leave, outings
from tests.conftest import MakeSession
from tests.models.house import place, staff_the_house
from tests.screens.pilot import press, said, settled, showing, toasts
from venue_tui.screens.shared.text_viewer import ReadScreen

LONG = "客人在门口等了很久，去接他们上来，再去车里拿他们落下的礼物，马上就回来"
PHONE = (40, 20)


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    session = make_session("2026-09-02T21:50")
    staff_the_house()
    place("V01")
    leave.ask(session, "A1", "personal", session.tonight(), session.tonight())
    outings.ask(session, "A1", LONG)
    bookings.book(session, session.tonight(), "V01", "A1", guest_name="胡先生")
    incidents.raise_incident(session, "A1", "service_complaint", session.now(), None, LONG, by="S1")
    return session


@pytest.mark.parametrize("size", [PHONE, (120, 36)], ids=["phone", "wide"])
@pytest.mark.parametrize("screen", ["leave", "outings", "bookings", "incidents"])
async def test_enter_reads_all_there_is_to_say_of_a_row(
    session: Session, screen: str, size: tuple[int, int]
) -> None:
    async with showing(session, screen, "S1", size=size) as pilot:
        told = said(pilot)
        assert told
        assert (pilot.app.screen.query_one("#detail").region.area == 0) is (size == PHONE)
        await press(pilot, "enter")
        read = pilot.app.screen
        assert isinstance(read, ReadScreen)
        assert read.text == told
        assert str(read.query_one(Static).visual) == told
        await press(pilot, "escape")
        assert pilot.app.screen is pilot.app.screen_stack[0]


async def test_where_there_is_no_row_enter_says_so(make_session: MakeSession) -> None:
    session = make_session("2026-09-02T21:50")
    staff_the_house()
    for screen in ("leave", "outings", "incidents"):
        async with showing(session, screen, "S1", size=PHONE) as pilot:
            await press(pilot, "enter")
            assert pilot.app.screen is pilot.app.screen_stack[0]
            assert "n " in " ".join(toasts(pilot))


async def test_a_double_click_opens_it_too(session: Session) -> None:
    async with showing(session, "outings", "S1", size=PHONE) as pilot:
        told = said(pilot)
        await pilot.click("#asked", offset=(3, 2), times=2)
        await settled(pilot)
        assert isinstance(pilot.app.screen, ReadScreen)
        assert pilot.app.screen.text == told
