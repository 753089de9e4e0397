"""Starting as in a terminal: `App.run`, which sets the event loop up otherwise than Pilot does."""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from models.access.session import Session
from venue_tui.actions import PLACES
from venue_tui.app import VenueApp
from venue_tui.first_run import FirstRunApp
from venue_tui.screens.first_run.screen import VenueForm


def run(app: VenueApp, meanwhile: Callable[[Pilot[None]], object]) -> None:
    """Runs it without a terminal, `meanwhile` at its keys, and leaves it."""

    async def at_the_keys(pilot: Pilot[None]) -> None:
        await meanwhile(pilot)  # type: ignore[misc]
        if app.return_code is None:  # where it had to stop it is on its way out
            app.exit()

    app.run(headless=True, size=(80, 24), auto_pilot=at_the_keys)
    assert app.return_code == 0


def test_every_screen_opens_after_the_first(demo: Session) -> None:
    opened: list[str] = []

    async def meanwhile(pilot: Pilot[None]) -> None:
        for place in PLACES:
            pilot.app.switch_mode(place.name)
            await pilot.pause()
            await pilot.app.workers.wait_for_complete()
            await pilot.press("f1")
            await pilot.pause()
            opened.append(type(pilot.app.screen_stack[0]).__name__)

    run(VenueApp(demo, language="en"), meanwhile)
    assert opened == [place.cls for place in PLACES]


@pytest.mark.parametrize("first", [place.name for place in PLACES])
def test_every_screen_can_be_the_first(demo: Session, first: str) -> None:
    async def meanwhile(pilot: Pilot[None]) -> None:
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()

    run(VenueApp(demo, language="en", first=first), meanwhile)


def test_locked_program_starts_with_signing_in(demo: Session) -> None:
    shown: list[str] = []

    async def meanwhile(pilot: Pilot[None]) -> None:
        await pilot.pause()
        shown.append(type(pilot.app.screen).__name__)

    run(VenueApp(demo, language="en", locked=True), meanwhile)
    assert shown == ["SignInScreen"]


def test_first_steps_start(tmp_path: Path) -> None:
    shown: list[object] = []

    async def meanwhile(pilot: Pilot[None]) -> None:
        await pilot.pause()
        shown.append(pilot.app.screen)

    run(FirstRunApp(f"sqlite:///{tmp_path}/venue.db", language="en"), meanwhile)
    assert isinstance(shown[0], VenueForm)
