"""Input that is waited for, and not looked for."""

import asyncio
import os
import sys
from collections.abc import Iterator
from queue import Empty, Queue
from selectors import EVENT_READ
from threading import Thread
from typing import Any

import pytest
from textual import events
from textual.app import App

from venue_tui import patient_input, terminal_input
from venue_tui.patient_input import Ending, PatientSelector

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="is read otherwise there")
PATIENCE = 30


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for each in ends:
        os.close(each)


def test_it_is_waited_until_something_comes_or_the_program_ends(
    pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patient_input, "_UNDECIDED", 0)
    ending, found = Ending(), Queue[Any]()
    selector = PatientSelector(ending.woken_by)
    selector.register(pipe[0], EVENT_READ)

    def look() -> None:
        Thread(target=lambda: found.put(selector.select(0)), daemon=True).start()

    look()
    with pytest.raises(Empty):
        found.get(timeout=0.05)
    os.write(pipe[1], b"a")
    assert [key.fd for key, _mask in found.get(timeout=PATIENCE)] == [pipe[0]]
    os.read(pipe[0], 1)
    look()
    ending.set()
    assert found.get(timeout=PATIENCE) == []
    ending.clear()
    look()
    with pytest.raises(Empty):
        found.get(timeout=0.05)
    ending.set()
    assert found.get(timeout=PATIENCE) == []


def test_what_may_be_the_beginning_of_a_key_is_waited_for_no_longer_than_was_asked() -> None:
    ending = Ending()
    assert PatientSelector(ending.woken_by).select(0) == []


async def test_a_terminals_driver_hears_an_esc_that_stays_alone_and_ends_at_once(
    pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal_input, "_LOOKS_MS", 2000 * PATIENCE)
    from textual.drivers.linux_driver import LinuxDriver

    from venue_tui.terminal_input import steadily

    driver: Any = steadily(LinuxDriver, lambda: True)(App[None]())
    heard = Queue[Any]()
    driver.fileno, driver.process_message = pipe[0], heard.put
    reading = Thread(target=driver.run_input_thread, daemon=True)
    watching = Thread(target=driver._await_hang_up, daemon=True)
    watching.start()
    reading.start()
    os.write(pipe[1], b"\x1b")
    key = await asyncio.to_thread(heard.get, timeout=PATIENCE)
    assert isinstance(key, events.Key)
    assert key.key == "escape"
    driver.exit_event.set()
    for each in (reading, watching):
        await asyncio.to_thread(each.join, PATIENCE)
        assert not each.is_alive()
