"""What goes on when the database can't be read: it says so, and what was typed stays."""

from typing import TYPE_CHECKING

from textual.message_pump import CallbackError
from textual.worker import WorkerFailed

from models.values.problems import Refused
from venue_tui import failures

if TYPE_CHECKING:
    from textual.message import Message


class Steady:
    """A screen, a widget or the app: a handler of theirs that meets a lost database, or a refusal
    that nobody shows, ends with a sentence on the screen and not with the program."""

    async def _dispatch_message(self, message: "Message") -> None:
        # An error that leaves this method ends the screen for good, and there is no earlier place
        # in which all of its handlers come together.
        try:
            await super()._dispatch_message(message)  # type: ignore[misc]
        except Exception as error:
            refusal = refusal_in(error)
            if refusal is None:
                raise
            self.app.show_mishap(refusal)  # type: ignore[attr-defined]


def refusal_in(error: BaseException) -> Refused | None:
    """What the error says to a person, as `failures.refusal`; one of a timer or a thread comes
    wrapped."""
    if isinstance(error, WorkerFailed):
        return refusal_in(error.error)
    if isinstance(error, CallbackError) and error.__context__ is not None:
        return refusal_in(error.__context__)
    return failures.refusal(error)
