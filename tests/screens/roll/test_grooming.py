"""Grooming and badge on the roll: one key, no fine."""

from models.access.session import Session
from models.ledger.grooming import looks
from models.storage.database import execute
from tests.clock import clock_of
from tests.conftest import MakeSession
from tests.screens.evening import NIGHT, open_evening
from venue_tui.app import VenueApp
from venue_tui.screens.roll.screen import RollScreen
from venue_tui.widgets.lines import Lines


async def test_one_key_ticks_how_somebody_looks_and_fines_nobody(make_session: MakeSession) -> None:
    session: Session = make_session()
    open_evening(session, clock_of(session))
    app = VenueApp(session, language="en", first="roll")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, RollScreen)
        row = screen.selected
        assert row is not None
        fines = execute("SELECT count(*) FROM charges WHERE status = 'standing'").fetchone()
        said = []
        for _ in range(5):
            await pilot.press("i")
            await pilot.pause()
            held = looks(NIGHT).get(row.staff_no)
            said.append(None if held is None else (held.groomed, held.badge))
        assert said == [(True, True), (True, False), (False, True), (False, False), None]
        await pilot.press("u")
        await pilot.pause()
        assert looks(NIGHT)[row.staff_no] == (False, False)
        screen.show_person()
        assert "untidy, no badge" in screen.query_one("#person", Lines).text
        assert execute("SELECT count(*) FROM charges WHERE status = 'standing'").fetchone() == fines
