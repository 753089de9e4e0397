"""What is done before somebody asks for it, while no key is pressed: screens are imported, a fifth
of what their first opening takes, and what a screen does on its first key is rehearsed."""

import sys
from collections import deque
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from textual.app import App

from venue_tui import startup
from venue_tui.keystrokes import Keystrokes

QUIET = 0.15
"""Seconds since the last key after which somebody is taken to look at the screen."""
_BETWEEN = 0.01
"""Seconds from one import to the next, in which a key is taken. The longest import holds one up for
a fifth of what a person notices."""


class ImportsAhead:
    """Does what is to be done soon, and imports these modules, one at a time, while no key of the
    app's is under way."""

    def __init__(self, app: App[Any], keys: Keystrokes, modules: Sequence[str]) -> None:
        self._app = app
        self._keys = keys
        self._modules = modules
        self._soon: deque[Callable[[], object]] = deque()
        self._begun = self._at_it = False

    def begin(self) -> None:
        """Goes about it from now on."""
        self._begun = True
        self._go_about()

    def soon(self, work: Callable[[], object]) -> None:
        """Does this next."""
        self._soon.append(work)
        self._go_about()

    def _go_about(self) -> None:
        if self._begun and not self._at_it:
            self._at_it = True
            self._app.set_timer(QUIET, self._go_on)

    def _go_on(self) -> None:
        name = next((each for each in self._modules if each not in sys.modules), None)
        if name is None and not self._soon:
            self._at_it = False
            return
        quiet = self._keys.quiet_for >= QUIET
        if quiet and self._soon:
            self._soon.popleft()()
        elif quiet and name is not None:
            startup.opening()
            import_module(name)
            startup.opened()
        self._app.set_timer(_BETWEEN if quiet else QUIET, self._go_on)
