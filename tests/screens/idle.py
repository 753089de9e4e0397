"""Waiting until a screen has nothing left to do: by what its event loop holds, not by the clock.

Textual's pilot sleeps 20 milliseconds at least, several times a key, and asks whether the processor
was idle meanwhile, which on a busy machine says little. Before that it sends a message to every
widget and waits until all have come round, which is most of what an app has to do in a test.
"""

import asyncio
from time import monotonic
from typing import Any

import pytest
from textual._wait import SLEEP_GRANULARITY, wait_for_idle
from textual.message_pump import MessagePump
from textual.pilot import Pilot


def wait_by_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets every pilot wait so."""
    for where in ("textual.app", "textual.pilot"):
        monkeypatch.setattr(f"{where}.wait_for_idle", until_idle)
    monkeypatch.setattr(Pilot, "_wait_for_screen", until_all_wait)


_ask_everybody = Pilot._wait_for_screen


async def until_all_wait(pilot: Pilot[Any], timeout: float = 30) -> bool:
    """Until the app and every part of its screen wait for a message. Where one is at something that
    takes longer, it is waited for as Textual does."""
    loop: Any = asyncio.get_running_loop()
    began = monotonic()
    while monotonic() - began < 1:
        await asyncio.sleep(0)
        if not loop._ready:
            if all(map(_waits, _pumps(pilot))):
                return not pilot.app._exception_event.is_set()
            break
    return await _ask_everybody(pilot, timeout)


def _pumps(pilot: Pilot[Any]) -> list[MessagePump]:
    app = pilot.app
    return [app, *(app.screen.walk_children(with_self=True) if app.screen_stack else ())]


def _waits(pump: MessagePump) -> bool:
    if pump._closing or pump._closed:
        return True  # and hears nothing more
    queue = pump._message_queue
    return not queue.values and pump._pending_message is None and bool(queue.ready_event._waiters)


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
