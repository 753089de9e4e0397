"""The program can be left from whichever screen is open, in whichever it was last used."""

import pytest

from models.access.session import Session
from venue_tui.actions import PLACES
from venue_tui.app import VenueApp


@pytest.mark.parametrize("name", [each.name for each in PLACES])
async def test_each_screen_is_left_without_a_word(session: Session, name: str) -> None:
    app = VenueApp(session)
    async with app.run_test(size=(120, 36)) as pilot:
        app.go(name)
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.current_mode == name
        await pilot.press("ctrl+q")
        await pilot.pause()
    assert not app.return_code
