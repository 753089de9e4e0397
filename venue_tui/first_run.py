"""The terminal program where there is no venue yet: it makes one, and ends."""

from typing import ClassVar, cast

from models.access.session import Session
from venue_tui.actions import ACTIONS
from venue_tui.app import VenueApp
from venue_tui.lock import Lock
from venue_tui.screens.first_run.screen import FirstRunScreen
from venue_tui.widgets.keys import binding


class FirstRunApp(VenueApp, inherit_bindings=False):
    """The steps, one after the other. `session`: of the venue that was made, None before."""

    BINDINGS: ClassVar = [binding(ACTIONS["app.quit"])]

    def __init__(self, url: str, *, language: str | None = None) -> None:
        super().__init__(cast("Session", None), language=language, first="first_run")
        self.set_modes({"first_run": lambda: FirstRunScreen(url)}, "first_run")
        self.lock = Lock(self, "first_run", 0)  # nobody signs in before there is a venue

    # There is no session before the venue is made, and so nobody who may or may not do a thing.

    def _tick(self) -> None:
        pass

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return True


def first_run(url: str, language: str | None = None) -> Session | None:
    """Goes through the first steps in the terminal. Returns the session of the venue that was made,
    or None where the person left before one was made."""
    app = FirstRunApp(url, language=language)
    app.run()
    return app.session
