"""Opening a screen of the office on the small venue, and reading what it shows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot
from textual.widgets import Static

from models.access.session import Session
from venue_tui.app import VenueApp
from venue_tui.widgets.line_list import LineList
from venue_tui.widgets.lines import Lines


@asynccontextmanager
async def office(
    session: Session, first: str, person: str | None = "D2", language: str = "en"
) -> AsyncIterator[Pilot]:
    """The program on that screen, `person` having said who they are."""
    app = VenueApp(session, language=language, first=first)
    app.person = person
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        yield pilot


async def settled(pilot: Pilot) -> None:
    """Waits until slow reads are shown."""
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def press(pilot: Pilot, *keys: str) -> None:
    """Presses the keys, and waits after each until what it read is shown."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


def lines(pilot: Pilot, id_: str) -> dict[str, tuple[str, ...]]:
    """The rows of a list of the screen behind any dialog: their cells by key, without groups."""
    rows = pilot.app.screen_stack[0].query_one(f"#{id_}", LineList).rows
    return {row.key: row.cells for row in rows if not row.group}


def said(pilot: Pilot, id_: str) -> str:
    """What a panel of the screen says."""
    widget = pilot.app.screen_stack[0].query_one(f"#{id_}")
    if isinstance(widget, Lines):
        return widget.text
    assert isinstance(widget, Static)
    return str(widget.content)


def toasts(pilot: Pilot) -> list[str]:
    return [each.message for each in pilot.app.said]
