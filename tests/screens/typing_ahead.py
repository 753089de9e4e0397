"""Keys that come faster than they can be done, and how long the screen stands still meanwhile."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

from textual import events
from textual.pilot import Pilot

from tests.screens.pilot import settled
from venue_tui.app import VenueApp

LONGEST = 0.9
"""The loop stands still for no longer, in seconds, whoever holds the database and whatever else the
machine is at: a screen that waits for its turn stands still for longer."""


class Gaps:
    """How long the loop stood still at most, in seconds, while this ran."""

    longest = 0.0

    async def measure(self) -> None:
        last = time.monotonic()
        while True:
            await asyncio.sleep(0.002)
            now = time.monotonic()
            self.longest = max(self.longest, now - last)
            last = now


@contextmanager
def gaps() -> Iterator[Gaps]:
    measured = Gaps()
    task = asyncio.create_task(measured.measure())
    try:
        yield measured
    finally:
        task.cancel()


async def typed(app: VenueApp, *keys: str) -> None:
    """Types ahead, waiting for nothing."""
    for key in keys:
        character = " " if key == "space" else key if len(key) == 1 else None
        app.post_message(events.Key(key, character))
    await asyncio.sleep(0)


async def over(pilot: Pilot[None]) -> None:
    app = pilot.app
    assert isinstance(app, VenueApp)
    for _try in range(200):
        await asyncio.sleep(0.02)
        if not app.turns.waiting and app._keystrokes._task is None:
            break
    await settled(pilot)
