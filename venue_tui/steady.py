"""What goes on when the database can't be read: it says so, and what was typed stays."""

from typing import TYPE_CHECKING

from models.problems import Refused

if TYPE_CHECKING:
    from textual.message import Message


class Steady:
    """A screen, or the app: a handler of theirs that meets a lost database, or a refusal that
    nobody shows, ends with a sentence on the screen and not with the program."""

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


def refusal_in(error: BaseException | None) -> Refused | None:
    """The sentence for a person, if this error is a refusal or what befell the machine; None for
    one that the program is to blame for."""
    import sqlite3

    from peewee import DatabaseError
    from textual.message_pump import CallbackError
    from textual.worker import WorkerFailed

    from models import mishaps

    if isinstance(error, Refused):
        return error
    if isinstance(error, sqlite3.Error):  # met while rows are fetched
        error = DatabaseError(error)
    if isinstance(error, DatabaseError):
        return mishaps.refusal(error)
    if isinstance(error, WorkerFailed):
        return refusal_in(error.error)
    if isinstance(error, CallbackError):  # of a timer, wrapped in turn
        return refusal_in(error.__context__)
    return None
