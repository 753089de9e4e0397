"""Whether what a key does may be done: by whoever signed in, on a screen that could be read, in a
month that isn't closed; and why a key did nothing."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Protocol

from textual.dom import DOMNode
from textual.screen import Screen

from models.access.permissions import may, require
from models.ledger.closings import last_closed, require_open
from models.values.nights import Month, month_of
from models.values.problems import refused
from venue_tui import stray_keys
from venue_tui.actions import PERMISSIONS
from venue_tui.messages import Severity
from venue_tui.screens.shared.base import VenueScreen

if TYPE_CHECKING:
    from models.access.session import Session


class Keyboard(Protocol):
    """The app, as far as its keys are looked at."""

    session: "Session"

    @property
    def screen(self) -> Screen[object]:
        """The screen that has the keys."""

    def keys_by_id(self) -> Mapping[str, str]:
        """The key of each action, as the person has it."""

    def tell(self, message: str, severity: Severity) -> None:
        """Says it on the line above the keys."""


class KeyChecks:
    """What the keys of one terminal may do. An action is asked for by where it is (`target`), its
    `name` and its parameters."""

    def __init__(self, app: Keyboard) -> None:
        self._app = app
        self._last_closed: tuple[int, Month | None] | None = None
        """The last line of the trail, and which month was the last one closed by then."""

    def may_act(self, target: DOMNode, name: str, parameters: tuple[object, ...]) -> bool:
        """Whether it may be done now."""
        return (
            _is_seen(target)
            and not self._forbids(target, name, parameters)
            and self._closed_night(target, name) is None
        )

    def refuse_act(self, target: DOMNode, name: str, parameters: tuple[object, ...]) -> None:
        """Raises Refused, with why, where it may not be done now."""
        if not _is_seen(target):
            raise refused("screen", "this screen can't be read yet, so its keys do nothing")
        if permission := self._forbids(target, name, parameters):
            require(self._app.session, permission)
        if (night := self._closed_night(target, name)) is not None:
            require_open(night)

    def explain_act(self, target: DOMNode, name: str) -> None:
        """Says why it can't be done to what is selected."""
        if isinstance(target, VenueScreen):
            self._app.tell(target.why_not(name), "warning")

    def key_did_nothing(self, key: str) -> None:
        """Says why nothing followed a key, where that is worth saying."""
        base = self._app.screen
        if not isinstance(base, VenueScreen) or not base.opened or not stray_keys.is_told(key):
            return
        keys = self._app.keys_by_id()
        action = stray_keys.action_of(key, base.where, keys)
        said = stray_keys.said_of(key, keys) if action is None else base.why_not(action.run)
        self._app.tell(said, "warning")

    def _forbids(self, target: DOMNode, name: str, parameters: tuple[object, ...]) -> str:
        """The permission that the action needs and whoever signed in lacks; "" if they may."""
        where = target.where if isinstance(target, VenueScreen) else "app"
        run = f"app.go('{parameters[0]}')" if name == "go" else name
        permission = PERMISSIONS.get(("go" if name == "go" else where, run), "")
        return permission if permission and not may(self._app.session, permission) else ""

    def _closed_night(self, target: DOMNode, name: str) -> date | None:
        """The night that the action would record something in, where its month is closed."""
        session = self._app.session
        night = target.night_of(name) if isinstance(target, VenueScreen) else None
        # A month closes only once it is over: hardly ever is anything asked for.
        if night is None or month_of(night) >= month_of(session.tonight()):
            return None
        seen = session.database_changes()
        if self._last_closed is None or self._last_closed[0] != seen:
            self._last_closed = seen, last_closed()
        closed = self._last_closed[1]
        return night if closed is not None and month_of(night) <= closed else None


def _is_seen(target: DOMNode) -> bool:
    """Whether a key acts on what somebody sees."""
    return not isinstance(target, VenueScreen) or target.opened
