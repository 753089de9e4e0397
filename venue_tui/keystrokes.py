"""Keys that come faster than the screens can follow: pasted, scanned, over a slow line.

Each is handed on once what the one before it set going has come to rest, so that a burst lands
where the same keys, typed slowly, would land.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection
from contextlib import AbstractContextManager, suppress
from time import monotonic
from typing import Any

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.worker import Worker

from models.values.nights import Instant

LONGEST = 3.0
"""So many seconds a key waits for the one before it, at most: it may be the one that ends a long
piece of work."""
PAINTING = 0.02
"""So many seconds a key has to be painted in, unless another comes, before it is looked whether all
that it set going has come to rest: that takes a quarter of what a mark does."""
READS = "read"
"""The group of the workers that read what a screen shows."""
FLOWS = "flow"
"""The group of the workers that ask one dialog after the other, or wait for their turn."""


class Keystrokes:
    """The keys of one app on their way. `hand_on` does what an app does with a key; what goes wrong
    there goes to `failed`. `asking` are the flows whose dialog is open: those take keys. None is
    handed on while something `waits` for its turn; one that had to wait is handed on, and what it
    sets going done, inside what `as_of` makes of when it came."""

    def __init__(
        self,
        app: App[Any],
        hand_on: Callable[[events.Event], Awaitable[None]],
        failed: Callable[[Exception], None],
        asking: Collection[Worker[Any]],
        waits: Callable[[], bool],
        now: Callable[[], Instant],
        as_of: Callable[[Instant | None], AbstractContextManager[None]],
    ) -> None:
        self._app = app
        self._asking = asking
        self._hand_on = hand_on
        self._failed = failed
        self._waits = waits
        self._now = now
        self._as_of = as_of
        self._waiting: deque[tuple[events.Event, Instant]] = deque()
        self._task: asyncio.Task[None] | None = None
        self._another = asyncio.Event()
        self._latest = 0.0

    @property
    def quiet_for(self) -> float:
        """The seconds since the last key; 0 while what one set going is under way."""
        return monotonic() - self._latest if self._task is None else 0.0

    def take(self, event: events.Event) -> None:
        """Hands the key on, now or after those before it."""
        self._latest = monotonic()
        self._waiting.append((event, self._now()))
        self._another.set()
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    def drop(self) -> int:
        """Forgets the keys that have yet to be handed on; gives how many they were."""
        dropped = len(self._waiting)
        self._waiting.clear()
        return dropped

    async def _run(self) -> None:
        while self._waiting:
            if self._waits():
                await self._rest()
                continue
            event, came_at = self._waiting.popleft()
            try:
                late = self._now() > came_at
                with self._as_of(came_at if late else None):
                    await self._hand_on(event)
                    await self._pause()
                    await self._rest()
            except Exception as error:
                self._failed(error)
        self._task = None

    async def _pause(self) -> None:
        if not self._waiting:
            self._another.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._another.wait(), PAINTING)

    async def _rest(self) -> None:
        """Waits until nothing that the key set going is under way any more."""
        clock = asyncio.get_running_loop().time
        end = clock() + LONGEST
        while self._app.is_running and ((left := end - clock()) > 0 or self._waits()):
            if self._waits():
                end = clock() + LONGEST  # of what it does then
                await asyncio.sleep(0.005)
                continue
            pumps = self._pumps()
            busy = [each for each in pumps if each.message_queue_size]
            reading = self._reading()
            await _round(busy or pumps, left)
            if not busy and not reading:
                return
            if reading:
                await asyncio.sleep(0.005)

    def _pumps(self) -> list[MessagePump]:
        screens = self._app.screen_stack[-1:] if self._app.is_running else []
        return [
            self._app,
            *(widget for screen in screens for widget in screen.walk_children(with_self=True)),
        ]

    def _reading(self) -> bool:
        return any(
            (each.group == READS and each.is_running)
            or (each.group == FLOWS and not each.is_finished and each not in self._asking)
            for each in self._app.workers
        )


async def _round(pumps: list[MessagePump], longest: float) -> None:
    """Waits until each of them has seen to all that it had to do when this began."""
    left, done = 0, asyncio.Event()

    def count() -> None:
        nonlocal left
        left -= 1
        if not left:
            done.set()

    for pump in pumps:
        left += pump.call_later(count)
    if left:
        try:
            await asyncio.wait_for(done.wait(), longest)
        except TimeoutError:
            return
