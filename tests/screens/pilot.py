"""Opening a screen, pressing keys there, and reading what it shows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from models.access.session import Session
from venue_tui.app import VenueApp
from venue_tui.widgets.line_list import LineList
from venue_tui.widgets.lines import Lines


@asynccontextmanager
async def showing(
    session: Session,
    first: str,
    person: str | None = None,
    language: str = "en",
    size: tuple[int, int] = (80, 24),
) -> AsyncIterator[Pilot]:
    """The program on that screen, `person` having said who they are."""
    app = VenueApp(session, language=language, first=first)
    app.person = person
    async with app.run_test(size=size, notifications=True) as pilot:
        await settled(pilot)
        yield pilot


async def settled(pilot: Pilot) -> None:
    """Waits until slow reads are shown. What waits for an answer itself is not waited for."""
    await pilot.pause()
    asking = pilot.app.asking
    await pilot.app.workers.wait_for_complete(w for w in pilot.app.workers if w not in asking)
    await pilot.pause()


async def ticked(pilot: Pilot) -> None:
    """A second passes for the screen behind any dialog. Waits for a read that is under way first:
    a tick leaves those that one is under way for to it."""
    await settled(pilot)
    pilot.app.screen_stack[0].tick()  # type: ignore[attr-defined]
    await settled(pilot)


async def press(pilot: Pilot, *keys: str) -> None:
    """Presses the keys, and waits after each until what it read is shown."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


def rows(pilot: Pilot, id_: str) -> list[tuple[str, ...]]:
    """The cells of a list of the screen behind any dialog, row by row, groups among them."""
    return [row.cells for row in _list(pilot, id_).rows]


def lines(pilot: Pilot, id_: str) -> dict[str, tuple[str, ...]]:
    """The same by key, without groups."""
    return {row.key: row.cells for row in _list(pilot, id_).rows if not row.group}


def selected(pilot: Pilot, id_: str) -> str | None:
    """The key of the row that the cursor is on."""
    return _list(pilot, id_).cursor_key


def _list(pilot: Pilot, id_: str) -> LineList:
    return pilot.app.screen_stack[0].query_one(f"#{id_}", LineList)


def said(pilot: Pilot, id_: str = "detail") -> str:
    """What a panel of the screen behind any dialog says."""
    return _text(pilot.app.screen_stack[0], id_)


def asked(pilot: Pilot, id_: str) -> str:
    """What a line of the dialog says."""
    return _text(pilot.app.screen, id_)


def _text(screen: Screen, id_: str) -> str:
    widget = screen.query_one(f"#{id_}")
    if isinstance(widget, Lines):
        return widget.text
    assert isinstance(widget, Static)
    return str(widget.content)


def toasts(pilot: Pilot) -> list[str]:
    """What was said in passing so far, the latest last."""
    return [each.message for each in pilot.app.said]


def drawn(pilot: Pilot) -> list[str]:
    """The rows of the terminal, as they are drawn."""
    strips = pilot.app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]
