"""A closed month is said to be closed at the key, on every screen, before anything is written in
vain; and in the words of the screen, not of commands."""

from datetime import date

import pytest

from models.access.session import Session
from models.ledger import separations
from models.payroll import months
from tests.screens.office import NIGHTS, furnish
from tests.screens.pilot import press, showing, toasts
from venue_tui.locale import set_language
from venue_tui.problem_words import option_in_words
from venue_tui.screens.shared.night import NightScreen
from venue_tui.widgets.line_list import LineList

FIRST_OPEN = date(2026, 10, 1)
KEYS = {
    "roll": (NIGHTS[3], ("space", "l", "T", "m", "e", "x", "C", "H", "B", "P", "i", "D", "N")),
    "outings": (NIGHTS[3], ("a", "x", "d", "r", "o", "b", "z", "e")),
    "bookings": (NIGHTS[4], ("n", "space", "o", "d", "x", "r", "e")),
    "guests": (NIGHTS[3], ("n",)),
}
"""A night, and the keys that would record something in it."""


@pytest.fixture
def session(make_session) -> Session:
    """September is closed."""
    session = make_session("2026-10-05T14:00")
    furnish(session)
    for each in separations.undecided(session, "2026-09"):
        separations.decide(session, each, separations.KEPT, "D1")
    months.close(session, "2026-09")
    return session


@pytest.mark.parametrize("where", KEYS)
async def test_every_key_that_would_record_says_so(session: Session, where: str) -> None:
    async with showing(session, where, "D1", size=(120, 36)) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, NightScreen)
        night, keys = KEYS[where]
        screen.show_night(night)
        for panel in screen.query(LineList):
            if not panel.bare:
                panel.focus()
        await press(pilot, "home")
        for key in keys:
            said = len(toasts(pilot))
            await press(pilot, key)
            assert len(pilot.app.screen_stack) == 1, key
            [sentence] = toasts(pilot)[said:]
            assert sentence.startswith("2026-09 is closed, and stays as it was frozen"), key
            assert "--" not in sentence


async def test_an_open_months_nights_are_as_ever(session: Session) -> None:
    async with showing(session, "bookings", "D1") as pilot:
        assert isinstance(pilot.app.screen, NightScreen)
        pilot.app.screen.show_night(FIRST_OPEN)
        await press(pilot, "n")
        assert len(pilot.app.screen_stack) == 2


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_screens_speak_of_fields_where_commands_speak_of_options(language: str) -> None:
    set_language(language)
    for option in ("import --reason", "--reason", "--new-numbers", "--as", "--number"):
        assert "--" not in option_in_words(option)
