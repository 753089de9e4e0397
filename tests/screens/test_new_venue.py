"""A venue in which nothing is recorded: every screen says how to begin, and no key is a dead end."""

import pytest

from models.access.session import Session
from tests.screens.pilot import drawn, press, showing, toasts
from venue_tui.actions import SCREENS
from venue_tui.locale import LANGUAGES, set_language
from venue_tui.widgets.chooser import Chooser

NAMES = [each.name for each in SCREENS]
BEGINS = {
    "tonight": ("8",), "roll": ("8",), "leave": ("n",), "outings": ("n", "z"), "bookings": ("+",),
    "incidents": ("n",), "deductions": ("8",), "staff": ("n", "I"), "rules": ("t",),
    "guests": ("n", "e"),
}  # fmt: skip
"""The keys that a screen names where it has nothing to show."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
async def test_it_says_how_to_begin(session: Session, name: str, language: str) -> None:
    async with showing(session, name, language=language) as pilot:
        *screen, _last, _keys = drawn(pilot)
        said = " ".join(screen[2:])
        assert all(key in said for key in BEGINS[name])
        assert "…" not in said or name == "rules"  # its lines are read whole below
    set_language("en")


WHO = (("leave", "n"), ("outings", "n"), ("outings", "z"), ("incidents", "n"), ("roll", "D"))


@pytest.mark.parametrize(("name", "key"), WHO)
async def test_where_nobody_can_be_picked_nobody_is_asked_for(
    session: Session, name: str, key: str
) -> None:
    async with showing(session, name) as pilot:
        await press(pilot, key)
        assert len(pilot.app.screen_stack) == 1
        assert "8 opens the roster" in toasts(pilot)[-1]


async def test_who_one_is_is_not_asked_where_nobody_is(session: Session) -> None:
    async with showing(session, "tonight") as pilot:
        await press(pilot, "ctrl+p", *"I am", "enter")
        assert not isinstance(pilot.app.screen, Chooser)
        assert "8 opens the roster" in toasts(pilot)[-1]


async def test_a_roll_of_nobody_is_not_closed(session: Session) -> None:
    async with showing(session, "roll") as pilot:
        for key in ("C", "space", "l", "T", "m", "e", "x"):
            await press(pilot, key)
            assert len(pilot.app.screen_stack) == 1
            assert "8 opens the roster" in toasts(pilot)[-1]
