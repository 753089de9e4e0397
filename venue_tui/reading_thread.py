"""The thread in which a terminal reads what others recorded, while its keys go on."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from models.storage.database import close_database, keep_connected

T = TypeVar("T")


class ReadingThread:
    """One thread with a connection of its own, which is opened when it is first needed, and kept:
    a server takes as long to let somebody in as to answer them ten times."""

    def __init__(self) -> None:
        self._thread: ThreadPoolExecutor | None = None

    async def read(self, work: Callable[[], T]) -> T:
        """What `work` reads. Raises Refused where the database can't be reached."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "reader")

        def connected() -> T:
            keep_connected()
            return work()

        return await asyncio.wrap_future(self._thread.submit(connected))

    def close(self) -> None:
        """Ends the thread, once it has read what it is about to read."""
        if self._thread is not None:
            self._thread.submit(close_database)
            self._thread.shutdown(wait=False)
            self._thread = None
