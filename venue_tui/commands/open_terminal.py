"""Opening the venue's terminal. Without arguments that is all there is to do, and nothing that
reads a command line is imported for it."""

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from models.values.problems import refused
from venue_tui import startup
from venue_tui.commands.invocation import Invocation, complain, complain_of, spare_drivers
from venue_tui.locale import _

if TYPE_CHECKING:
    from models.access.session import Session


def open_alone() -> int:
    """What the program does without arguments; gives the exit status as `cli.run` does."""
    os.umask(0o077)  # as the command line does
    invocation = Invocation(os.environ.get("VENUE_TUI_DATABASE") or None)
    spare_drivers(invocation.given_url)
    try:
        return open_terminal(invocation)
    except KeyboardInterrupt:
        complain(_("Stopped; nothing was changed by what was not finished."))
    except Exception as error:
        complain_of(error)
    finally:
        invocation.close()
    return 1


def open_terminal(invocation: Invocation) -> int:
    """Opens the venue's terminal: on an empty database, the first-run steps; where people sign in
    and nobody did by the command line, the sign-in screen. Gives the exit status."""
    from models.access.session import has_accounts
    from models.values.problems import NoVenue

    require_terminal()
    try:
        session = invocation.unattended()
    except NoVenue:
        from venue_tui.first_run import first_run

        made = first_run(invocation.url, invocation.chosen_language)
        if made is None:
            return 0
        session = made
    locked = invocation.name is None and has_accounts()
    if invocation.name is not None:
        invocation.sign_in(session)
    return run_terminal(session, invocation.chosen_language, locked)


def run_terminal(session: "Session", language: str | None, locked: bool = False) -> int:
    """Runs the terminal at a session, `locked` where somebody has yet to sign in; gives the exit
    status."""
    startup.import_textual()
    from venue_tui.app import VenueApp

    app = VenueApp(session, language=language, locked=locked)
    try:
        app.run()
    finally:
        with suppress(Exception):  # the database is lost, which was said already
            from models.access import accounts

            accounts.sign_out(app.session)
    return app.return_code or 0


def require_terminal() -> None:
    """Raises Refused where there is nobody to press a key, as in a pipe or a scheduled job; a
    browser's visit brings its own driver."""
    if "TEXTUAL_DRIVER" not in os.environ and not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise refused("terminal", "this needs a terminal; for scripts there are commands: --help")
