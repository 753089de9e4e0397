"""What those who share a venue are called."""

import os
import socket


def this_terminal() -> str:
    """What the audit trail calls this terminal: the machine, and the terminal device; of a browser
    what it is told from others by, and of a script, which has none, whose it is."""
    machine = socket.gethostname()
    if browser := os.environ.get("VENUE_TUI_BROWSER"):
        return f"{machine}:web-{browser}"
    for stream in (0, 1, 2):
        try:
            return f"{machine}:{os.ttyname(stream).removeprefix('/dev/')}"
        except OSError:
            continue
    return f"{machine}:{this_user()}"


def this_user() -> str:
    """The computer's user."""
    import getpass  # which those who only read don't wait for

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return str(os.getpid())
