"""What screens and widgets may ask of the program that they are in."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from textual.dom import DOMNode

from models.values.problems import Refused

if TYPE_CHECKING:
    from models.access.session import Session
    from venue_tui.lock import Lock
    from venue_tui.widgets.status import Said


class Facts(NamedTuple):
    """The line above: the venue and its night, the latter in short, too; who is here, and the
    clock."""

    venue: str
    night: str
    short_night: str
    who: str
    clock: str


class Program(Protocol):
    """The app, as those inside it know it."""

    session: "Session"
    lock: "Lock"

    def facts(self) -> "Facts":
        """What the line above says."""

    def keys_by_id(self) -> dict[str, str]:
        """The key of each action, as the person has it."""

    def go(self, name: str) -> None:
        """Opens the screen of that name."""

    def said_on(self, where: str) -> "Said | None":
        """What the line above the keys of that screen says now."""

    def use_keys(self, keys: Mapping[str, str]) -> None:
        """Takes the keys of these actions for those of the person."""

    def show_error(self, refusal: Refused) -> None:
        """Says what can't be done."""


def program(node: DOMNode) -> Program:
    """The program that a screen or widget is in."""
    return cast(Program, node.app)
