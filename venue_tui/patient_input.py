"""Input that is waited for. Textual's thread that reads it looks up ten times a second, to learn
whether an Esc stays alone and whether the program ends: more than a third of what a terminal takes
of the processor at which nobody works.
"""

import os
import sys
from functools import partial
from selectors import EVENT_READ, SelectorKey, SelectSelector
from threading import Event
from time import monotonic
from types import SimpleNamespace
from typing import Any

from textual.constants import ESCAPE_DELAY

_UNDECIDED = ESCAPE_DELAY + 0.3
"""So many seconds after what came last it may still be no whole key."""


class Ending(Event):
    """Wakes who waits for input, too. `woken_by` is readable from the end on."""

    def __init__(self) -> None:
        super().__init__()
        self.woken_by, self._wakes = os.pipe()

    def __del__(self) -> None:
        os.close(self.woken_by)
        os.close(self._wakes)

    def set(self) -> None:
        if not self.is_set():
            super().set()
            os.write(self._wakes, b".")

    def clear(self) -> None:
        if self.is_set():
            os.read(self.woken_by, 1)
            super().clear()


class PatientSelector(SelectSelector):
    """Waits as long as it is told to while something may be undecided, else until more comes or
    what wakes it is readable."""

    def __init__(self, woken_by: int) -> None:
        super().__init__()
        self._woken_by = woken_by
        self._latest = monotonic()
        self.register(woken_by, EVENT_READ)

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        undecided = monotonic() < self._latest + _UNDECIDED
        found = super().select(timeout if undecided else None)
        came = [(key, mask) for key, mask in found if key.fd != self._woken_by]
        if came:
            self._latest = monotonic()
        return came


def wait_patiently(driver: Any) -> None:
    """Has a driver of Textual's that has yet to start wait for its input so, if it looks for it."""
    for each in type(driver).__mro__:
        module: Any = sys.modules[each.__module__]
        if hasattr(module, "selectors"):
            ending = Ending()
            driver.exit_event = ending
            made = partial(PatientSelector, ending.woken_by)
            module.selectors = SimpleNamespace(SelectSelector=made, EVENT_READ=EVENT_READ)
            return
