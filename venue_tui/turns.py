"""What a terminal can't record because another records: it is done again once it may be its turn,
and the keys after it wait for it, so that all is recorded in the order in which it was asked for.

The screen goes on meanwhile: what can't be done at once raises `TurnTaken`, and nothing of it has
happened.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractContextManager, suppress
from functools import partial
from typing import Any, Protocol, TypeVar

from models.storage import database
from models.storage.errors import TurnTaken
from models.values.nights import Instant
from venue_tui.keystrokes import FLOWS
from venue_tui.locale import _
from venue_tui.reading_thread import ReadingThread

T = TypeVar("T")

_AT_ONCE = 1.0
"""For so many seconds at a time the turn is waited for, so that the program can end meanwhile."""
_LOOK = 0.1
"""So often it is looked what there is to say of it."""
_UNSAID = 0.3
"""So short a wait is not worth saying."""


class Host(Protocol):
    """The app, as what waits for its turn knows it."""

    def now(self) -> Instant:
        """The instant that it is by the venue's clock."""

    def as_of(self, asked_at: Instant) -> AbstractContextManager[None]:
        """Around what is done by the clock of then."""

    @property
    def reader(self) -> ReadingThread:
        """The thread that may wait while the screen goes on."""

    def run_worker(self, work: Coroutine[Any, Any, object], *, group: str) -> object:
        """Has it done beside everything else."""

    def show_said(self) -> None:
        """Says what there is to say."""

    def drop_keys(self) -> None:
        """Forgets what was pressed after something that couldn't be recorded."""


class Turns:
    """What waits for its turn at one terminal."""

    def __init__(self, app: Host) -> None:
        self._app = app
        self._waits: set[object] = set()
        self._began = 0.0

    @property
    def waiting(self) -> bool:
        """Whether something waits; no key is handed on meanwhile, and nothing read anew."""
        return bool(self._waits)

    @property
    def said(self) -> str | None:
        """What to say of it, if it has lasted for long enough."""
        if not self._waits or time.monotonic() - self._began < _UNSAID:
            return None
        return _("Another terminal is recording: this waits until it is done.")

    async def act(self, do: Callable[[], Awaitable[T]], later: T | None = None) -> T | None:
        """Does it, now or once it may be; gives what it gives, or `later`.

        Raises Refused where it isn't its turn after a part of it was done, which would be done
        twice.
        """
        try:
            return await _whole(do)
        except TurnTaken:
            waiting = self._begin()
            flow = self._again(do, self._app.now(), waiting)
            self._app.run_worker(flow, group=FLOWS)
            return later

    async def take(self, do: Callable[[], T]) -> T:
        """Does it once it may be, for a flow, which goes on with what it gives. Raises as `act`."""

        async def done() -> T:
            return do()

        try:
            return await _whole(done)
        except TurnTaken:
            return await self._again(done, self._app.now(), self._begin())

    def _begin(self) -> object:
        if not self._waits:
            self._began = time.monotonic()
        waiting = object()
        self._waits.add(waiting)
        return waiting

    async def _again(self, do: Callable[[], Awaitable[T]], asked_at: Instant, waiting: object) -> T:
        deadline = time.monotonic() + database.WAIT_SECONDS
        try:
            while time.monotonic() < deadline:
                if not await self._comes():
                    continue
                with suppress(TurnTaken), self._app.as_of(asked_at):
                    return await _whole(do)
            with database.last_try() as in_vain, self._app.as_of(asked_at):
                result = await do()
                if in_vain():
                    self._app.drop_keys()
                return result
        finally:
            self._waits.discard(waiting)
            self._app.show_said()

    async def _comes(self) -> bool:
        """Waits for the terminal's turn beside the screen, for a while; whether it came."""
        work = partial(database.turn_comes, _AT_ONCE)
        comes = asyncio.ensure_future(self._app.reader.read(work))
        try:
            while not (await asyncio.wait({comes}, timeout=_LOOK))[0]:
                self._app.show_said()
            return comes.result()
        finally:
            comes.cancel()


async def _whole(do: Callable[[], Awaitable[T]]) -> T:
    """Does it. Raises TurnTaken where nothing of it was done, Refused where a part was."""
    kept = database.kept_here()
    try:
        return await do()
    except TurnTaken as taken:
        if database.kept_here() != kept:
            raise taken.refusal from None
        raise
