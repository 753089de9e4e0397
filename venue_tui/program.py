"""What screens and widgets may ask of the program that they are in, and it of them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, cast, runtime_checkable

from textual.dom import DOMNode

from models.values.nights import Instant
from models.values.problems import Refused

if TYPE_CHECKING:
    from models.access.session import Session


class Facts(NamedTuple):
    """The line above: the venue and its night, the latter in short, too; who is here, and the
    clock."""

    venue: str
    night: str
    short_night: str
    who: str
    clock: str


Severity = Literal["information", "warning", "error"]


class Said(NamedTuple):
    """A sentence to the person, on the screen `where`; later ones have a larger `number`. One of a
    change that can be taken back is `undoable`; one that `stays` is there until what is wrong is
    right again."""

    message: str
    where: str
    at: Instant
    number: int
    severity: Severity = "information"
    undoable: bool = False
    stays: bool = False


class Program(Protocol):
    """The app, as those inside it know it."""

    session: "Session"

    def facts(self) -> Facts:
        """What the line above says."""

    def keys_by_id(self) -> dict[str, str]:
        """The key of each action, as the person has it."""

    def go(self, name: str) -> None:
        """Opens the screen of that name."""

    def said_on(self, where: str) -> Said | None:
        """What the line above the keys of that screen says now."""

    def use_keys(self, keys: Mapping[str, str]) -> None:
        """Takes the keys of these actions for those of the person."""

    def show_error(self, refusal: Refused) -> None:
        """Says what can't be done."""


@runtime_checkable
class Retranslated(Protocol):
    """A screen that can be built again in another language."""

    async def retranslate(self) -> None:
        """Says everything in the language of now."""


@runtime_checkable
class Ticking(Protocol):
    """A screen that follows the clock and the database while it is open."""

    def tick(self) -> None:
        """Once a second while the screen is to be seen."""


def program(node: DOMNode) -> Program:
    """The program that a screen or widget is in."""
    return cast(Program, node.app)
