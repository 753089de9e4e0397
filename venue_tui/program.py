"""What screens and widgets may ask of the program that they are in, and it of them."""

from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast, runtime_checkable

from textual.dom import DOMNode
from textual.screen import Screen

from models.values.problems import Refused
from venue_tui.messages import Said, Severity

if TYPE_CHECKING:
    from models.access.session import Session
    from venue_tui.reading_thread import ReadingThread
    from venue_tui.turns import Turns


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
    person: str | None
    """The staffer who works here: whoever signed in; where nobody does, who said so."""
    wanted: str | None
    """The staffer whom the screen that is opened next is to show."""
    reader: "ReadingThread"

    @property
    def language(self) -> str:
        """The tag of the language in which everything is said."""

    async def speak(self, tag: str) -> None:
        """Says everything in the language of that tag from now on."""

    @property
    def locked(self) -> bool:
        """Whether somebody has to sign in before anything can be seen or done."""

    def check_lock(self) -> None:
        """Locks where somebody has to sign in, or where the account can't be worked with any more.
        Raises Refused where the database is lost."""

    @property
    def out_minutes(self) -> tuple[int, int]:
        """From how many minutes on who is out turns amber on Tonight, and red."""

    turns: "Turns"

    def facts(self) -> Facts:
        """What the line above says."""

    def keys_by_id(self) -> dict[str, str]:
        """The key of each action, as the person has it."""

    def go(self, name: str) -> None:
        """Opens the screen of that name."""

    def go_to(self, name: str, staff_no: str) -> None:
        """Opens the screen of that name, and there that staffer."""

    def begin(self, host: Screen[Any], flow: Coroutine[Any, Any, object]) -> None:
        """Runs what asks one dialog after the other by `push_screen_wait`, for as long as the
        screen is there on which it began."""

    async def push_screen_wait(self, screen: Screen[Any]) -> Any:
        """Shows a dialog, and returns its answer. Within a flow that `begin` runs."""

    def forget_keys(self) -> None:
        """Forgets what was pressed for what stood here before, and would meet what stands now."""

    def when_quiet(self, work: Callable[[], object]) -> None:
        """Does it once no key is under way, where this process is the program's alone."""

    def screen_opened(self) -> None:
        """A screen was opened for the first time, and is about to be painted."""

    def tell(
        self,
        message: str,
        severity: Severity = "information",
        *,
        undoable: bool = False,
        stays: bool = False,
    ) -> None:
        """Says it on the line above the keys of the screen that is open. What was done and can be
        taken back is `undoable`; what `stays` is said until it is right again."""

    def said_on(self, where: str) -> Said | None:
        """What the line above the keys of that screen says now."""

    def show_said(self) -> None:
        """Shows on the screen that is open what was last said there."""

    def trust_clock(self) -> None:
        """Something was done after what was said of the clock."""

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

    def tick(self, changes: int | None = None) -> None:
        """Once a second while the screen is to be seen; `changes` as `Session.database_changes`
        gave it just now, where somebody asked."""


def program(node: DOMNode) -> Program:
    """The program that a screen or widget is in."""
    return cast(Program, node.app)
