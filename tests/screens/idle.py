"""Waiting until a screen has nothing left to do: by what its event loop holds, not by the clock.

Textual's pilot sleeps 20 milliseconds at least, several times a key, and asks whether the processor
was idle meanwhile, which on a busy machine says little.
"""

import asyncio
from time import monotonic
from typing import Any

import pytest
from textual._wait import SLEEP_GRANULARITY, wait_for_idle


def wait_by_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets every pilot wait so."""
    for where in ("textual.app", "textual.pilot"):
        monkeypatch.setattr(f"{where}.wait_for_idle", until_idle)


async def until_idle(min_sleep: float = 0, max_sleep: float = 1) -> None:
    """Until nothing is ready to run, nor will be by a timer within 20 milliseconds; for timers that
    go on and on, it is waited no longer than for three such times. While a thread works, it is
    waited as Textual does."""
    loop: Any = asyncio.get_running_loop()
    began = monotonic()
    while (now := monotonic()) - began < max_sleep:
        if _threads_work(loop):
            await wait_for_idle(min_sleep, max_sleep)
            return
        await asyncio.sleep(0)
        if loop._ready:
            continue
        due = min((each.when() for each in loop._scheduled if not each.cancelled()), default=None)
        soon = due is not None and due - loop.time() < SLEEP_GRANULARITY
        if not soon or now - began >= 3 * SLEEP_GRANULARITY:
            return
        await asyncio.sleep(max(0.0, due - loop.time()))


def _threads_work(loop: Any) -> bool:
    executor = loop._default_executor
    if executor is None:
        return False
    # A thread that has nothing to do has released the executor's semaphore.
    return bool(executor._work_queue.qsize()) or executor._idle_semaphore._value < len(
        executor._threads
    )
