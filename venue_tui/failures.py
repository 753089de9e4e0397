"""What goes wrong: what befell the machine becomes a sentence, and what the program did not foresee
is written to a log file, never to the terminal."""

import sys
from contextlib import suppress
from pathlib import Path

from models.values.problems import Problem, Refused, refused

_MOST_SHOWN = 200


def refusal(error: BaseException) -> Refused | None:
    """What the error says to a person, if it is a refusal or befell the machine; None for one that
    the program is to blame for."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, OSError) and error.filename is not None:
        # A path that somebody named: too long, in a circle, in the middle of a file.
        path = str(error.filename)
        shown = path if len(path) <= _MOST_SHOWN else f"{path[:_MOST_SHOWN]}…"
        return refused("", "%(path)s can't be used: %(why)s", path=shown, why=error.strerror)
    if "models.storage.errors" not in sys.modules:
        return None  # no database was opened
    import sqlite3

    from peewee import DatabaseError

    from models.storage import errors

    if isinstance(error, errors.TurnTaken):
        return error.refusal
    if isinstance(error, sqlite3.Error):  # met while rows are fetched
        error = DatabaseError(error)
    if not isinstance(error, DatabaseError):
        return None
    return errors.refusal(error) or _odd_tables()


def _odd_tables() -> Refused | None:
    """The refusal to work with a database of which a table or a column is missing."""
    from models.storage import errors, trail_proof
    from venue_tui.problem_words import in_words

    with suppress(Exception):  # it can't be reached either
        for odd in trail_proof.odd_tables():
            return Refused(errors.damaged(in_words(odd)))
    return None


def damage() -> str | None:
    """What is wrong with the open database, if anything is."""
    if "models.storage.database" not in sys.modules:
        return None
    from models.storage import trail_proof
    from venue_tui.problem_words import in_words

    found = trail_proof.damage()
    return in_words(found) if isinstance(found, Problem) else found


def write_log(error: BaseException) -> Path:
    """Adds the traceback, without local variables, to the log file, and gives its path: the
    variables hold names and phone numbers. Raises OSError where it can't be written."""
    from datetime import UTC, datetime
    from traceback import format_exception

    from platformdirs import user_log_path

    from models.values import files

    path = user_log_path("venue-tui", appauthor=False) / "errors.log"
    # PostgreSQL says in its details what the row held: guests' names and phones.
    lines = (each.partition("DETAIL:")[0] for each in format_exception(error))
    files.add(path, f"{datetime.now(UTC).isoformat(timespec='seconds')}\n{''.join(lines)}\n")
    return path


def sentence(error: BaseException) -> str:
    """Writes the failure down, and says to the person that it happened and where it is; or what
    explains any failure: whose files lie where the program's should, or what is wrong with the
    database."""
    from models.storage import errors
    from venue_tui.locale import _
    from venue_tui.models_origin import overwritten
    from venue_tui.problem_words import in_words

    if foreign := overwritten():
        return foreign
    damaged = damage()
    try:
        path = write_log(error)
    except OSError:
        path = None
    if damaged is not None:
        return in_words(errors.damaged(damaged))
    if path is None:
        return _("The program had to stop: something unforeseen went wrong. Saved work is safe.")
    return (
        _(
            "The program had to stop: something unforeseen went wrong. Saved work is safe, "
            "and the details are in %s."
        )
        % path
    )
