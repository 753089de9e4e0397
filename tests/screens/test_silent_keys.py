"""No key is silent: what can't be done says why, on every screen and in every state of one."""

import pytest
from textual.pilot import Pilot

from models.access.session import Session
from tests.screens.pilot import drawn, press, settled, showing, toasts
from venue_tui.actions import PLACES
from venue_tui.verbs import VERBS

PAGES = [each.name for each in PLACES if each.name != "accounts"]
"""The demo has no accounts; making one would lock it."""
ELSEWHERE = {VERBS[each.verb].key for each in PLACES}
LEAVING = {"ctrl+q", "ctrl+p", "ctrl+g", "ctrl+l", "escape", "f1", "f2"}
KEYS = sorted({verb.key for verb in VERBS.values()} - ELSEWHERE - LEAVING - {"j", "k"})
NOBODYS = ("Z", "semicolon", "张")


async def said_or_done(pilot: Pilot, key: str) -> bool:
    """Whether pressing the key said something, opened something or changed what is drawn."""
    before, told = drawn(pilot), len(toasts(pilot))
    await press(pilot, key)
    return bool(
        len(toasts(pilot)) > told or len(pilot.app.screen_stack) > 1 or drawn(pilot) != before
    )


async def back_to(pilot: Pilot, name: str) -> None:
    """Leaves whatever was opened."""
    if len(pilot.app.screen_stack) == 1 and pilot.app.current_mode == name:
        return
    while len(pilot.app.screen_stack) > 1:
        await press(pilot, "escape")
        if "isn't saved" in "\n".join(drawn(pilot)):
            await press(pilot, "y")
    pilot.app.action_go(name)
    await settled(pilot)


async def silent(pilot: Pilot, name: str) -> list[str]:
    """The keys at which nothing is said or done there."""
    found = []
    for key in (*KEYS, *NOBODYS):
        if not await said_or_done(pilot, key):
            found.append(key)
        await back_to(pilot, name)
    return found


@pytest.mark.parametrize("name", PAGES)
async def test_no_key_is_silent(demo: Session, name: str) -> None:
    async with showing(demo, name, "D01", size=(120, 36)) as pilot:
        assert await silent(pilot, name) == []


@pytest.mark.parametrize("name", PAGES)
async def test_no_key_is_silent_where_nothing_is_recorded(session: Session, name: str) -> None:
    async with showing(session, name, size=(120, 36)) as pilot:
        assert await silent(pilot, name) == []
