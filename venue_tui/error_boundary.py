"""What goes on when the database can't be read: it says so, and what was typed stays."""

from textual.message_pump import CallbackError
from textual.worker import WorkerFailed

from models.values.problems import Refused
from venue_tui import failures
from venue_tui.textual_internals import Surviving


class Steady(Surviving):
    """A screen, a widget or the app: a handler of theirs that meets a lost database, or a refusal
    that nobody shows, ends with a sentence on the screen and not with the program."""

    def survives(self, error: Exception) -> bool:
        if (refusal := refusal_in(error)) is None:
            return False
        self.app.show_mishap(refusal)  # type: ignore[attr-defined]
        return True


def refusal_in(error: BaseException) -> Refused | None:
    """What the error says to a person, as `failures.refusal`; one of a timer or a thread comes
    wrapped."""
    if isinstance(error, WorkerFailed):
        return refusal_in(error.error)
    if isinstance(error, CallbackError) and error.__context__ is not None:
        return refusal_in(error.__context__)
    return failures.refusal(error)
