"""Opening the terminal: the venue's own, or a fictional one to try the program on."""

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from models.values.problems import refused
from venue_tui.commands.invocation import Invocation
from venue_tui.commands.listing import help_of

if TYPE_CHECKING:
    from models.access.session import Session


@click.command("demo", help=help_of("demo"))
@click.pass_obj
def demo_command(invocation: Invocation) -> int:
    from venue_tui.demo import make_demo

    _require_terminal()
    with tempfile.TemporaryDirectory(prefix="venue-tui-", ignore_cleanup_errors=True) as folder:
        session = make_demo(Path(folder))
        try:
            return _run(session, invocation.chosen_language)
        finally:
            invocation.close()


def open_terminal(invocation: Invocation) -> int:
    """Opens the venue's terminal: on an empty database, the first-run steps; where people sign in
    and nobody did by the command line, the sign-in screen. Gives the exit status."""
    from models.access.session import has_accounts
    from models.values.problems import NoVenue

    _require_terminal()
    try:
        session = invocation.unattended()
    except NoVenue:
        from venue_tui.screens.first_run.screen import first_run

        made = first_run(invocation.url, invocation.chosen_language)
        if made is None:
            return 0
        session = made
    locked = invocation.name is None and has_accounts()
    if not locked:
        invocation.sign_in(session)
    return _run(session, invocation.chosen_language, locked)


def _run(session: "Session", language: str | None, locked: bool = False) -> int:
    from models.access import accounts
    from venue_tui.app import VenueApp

    app = VenueApp(session, language=language, locked=locked)
    try:
        app.run()
    finally:
        with suppress(Exception):  # the database is lost, which was said already
            accounts.sign_out(app.session)
    return app.return_code or 0


def _require_terminal() -> None:
    """Raises Refused where there is nobody to press a key, as in a pipe or a scheduled job; a
    browser's visit brings its own driver."""
    if "TEXTUAL_DRIVER" not in os.environ and not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise refused("terminal", "this needs a terminal; for scripts there are commands: --help")
