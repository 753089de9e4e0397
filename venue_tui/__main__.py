"""Starts the program: the command line, which opens the terminal where no command is named."""

import os
import sys
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> None:
    """Runs the command line and exits: 0 done, 1 refused, 2 wrong usage. No traceback leaves it."""
    for stream in (sys.stdout, sys.stderr):
        # A pipe on Windows, or a terminal without a locale, would else refuse Chinese.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    from venue_tui import models_origin, startup
    from venue_tui.locale import language_from_environment, set_language

    startup.begin()
    set_language(language_from_environment(os.environ))
    try:
        models_origin.load()
        work = _work(sys.argv[1:])
    except Exception as error:
        sentence = error if isinstance(error, models_origin.NotOwn) else models_origin.overwritten()
        if sentence is None:
            raise
        sys.exit(str(sentence))
    status = work()
    startup.leave()
    sys.exit(status)


def _work(arguments: list[str]) -> "Callable[[], int]":
    """What is to be done, imported: without arguments nothing is that reads a command line."""
    # A shell asks for its completions by a variable.
    if arguments or "_VENUE_TUI_COMPLETE" in os.environ:
        from venue_tui.cli import run

        return partial(run, arguments)
    from venue_tui.commands.open_terminal import open_alone

    return open_alone


if __name__ == "__main__":
    main()
