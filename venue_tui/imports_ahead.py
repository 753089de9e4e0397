"""Screens are imported before somebody opens them, while no key is pressed: a fifth of what their
first opening takes."""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from textual.app import App

from venue_tui import startup
from venue_tui.keystrokes import Keystrokes

QUIET = 0.15
"""Seconds since the last key after which somebody is taken to look at the screen."""
_BETWEEN = 0.03
"""Seconds from one import to the next, in which a key is taken. The longest import holds one up for
a third of what a person notices."""


class ImportsAhead:
    """Imports these modules, one at a time, while no key of the app's is under way."""

    def __init__(self, app: App[Any], keys: Keystrokes, modules: Sequence[str]) -> None:
        self._app = app
        self._keys = keys
        self._modules = modules

    def begin(self) -> None:
        """Goes about it from now on."""
        self._app.set_timer(QUIET, self._go_on)

    def _go_on(self) -> None:
        name = next((each for each in self._modules if each not in sys.modules), None)
        if name is None:
            return
        quiet = self._keys.quiet_for >= QUIET
        if quiet:
            startup.opening()
            import_module(name)
            startup.opened()
        self._app.set_timer(_BETWEEN if quiet else QUIET, self._go_on)
