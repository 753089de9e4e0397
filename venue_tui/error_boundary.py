"""What goes on when the database can't be read: it says so, and what was typed stays."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from textual.message_pump import CallbackError
from textual.worker import WorkerFailed

from models.values.problems import Refused
from venue_tui import failures
from venue_tui.program import program
from venue_tui.textual_internals import Surviving

if TYPE_CHECKING:
    from textual.dom import DOMNode

    class _Node(Surviving, DOMNode):
        """What it is mixed into."""

else:
    _Node = Surviving


class ErrorBoundary(_Node):
    """A screen, a widget or the app: a handler of theirs that meets a lost database, or a refusal
    that nobody shows, ends with a sentence on the screen and not with the program; what others
    don't let it record now is done again when they do."""

    async def act(self, do: Callable[[], Awaitable[object]]) -> None:
        await program(self).turns.act(do)

    def survives(self, error: Exception) -> bool:
        if (refusal := refusal_in(error)) is None:
            return False
        program(self).show_error(refusal)
        return True


def refusal_in(error: BaseException) -> Refused | None:
    """What the error says to a person, as `failures.refusal`; one of a timer or a thread comes
    wrapped."""
    if isinstance(error, WorkerFailed):
        return refusal_in(error.error)
    if isinstance(error, CallbackError) and error.__context__ is not None:
        return refusal_in(error.__context__)
    return failures.refusal(error)
