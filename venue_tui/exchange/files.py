"""The bytes of files that somebody names: regular ones, and no larger than memory allows."""

import os
import stat
from pathlib import Path

from models.values.problems import Problem, problem
from venue_tui.exchange.encodings import Unreadable

LARGEST = 32 * 2**20
"""Bytes of one file: a month of sixteen thousand staff."""

LARGEST_TOGETHER = 2 * LARGEST
"""Bytes of all files of one import."""

# Without O_NONBLOCK, opening a pipe waits for somebody to write into it.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def bytes_of(path: Path, room: int = LARGEST_TOGETHER) -> bytes:
    """A file's bytes. `room` is what the files before it left of LARGEST_TOGETHER.

    Raises Unreadable for what is no file, can't be opened, or is too large; a pipe or a device is
    never waited for.
    """
    try:
        with open(os.open(path, _FLAGS), "rb") as file:
            status = os.fstat(file.fileno())
            if stat.S_ISDIR(status.st_mode):
                found = problem("", "is a folder, not a file")
            elif not stat.S_ISREG(status.st_mode):
                found = problem("", "is no file but a pipe or a device")
            else:
                most = min(LARGEST, room)
                data = file.read(most + 1) if status.st_size <= most else None
                if data is not None and len(data) <= most:
                    return data
                found = _too_large()
    except IsADirectoryError:
        found = problem("", "is a folder, not a file")
    except FileNotFoundError:
        found = problem("", "there is no such file")
    except PermissionError:  # which Windows says of a folder, too
        if os.path.isdir(path):
            found = problem("", "is a folder, not a file")
        else:
            found = problem("", "you may not open the file")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        found = problem("", "the file can't be read: %(why)s", why=why)
    raise Unreadable(1, found)


def _too_large() -> Problem:
    return problem(
        "",
        "the file is larger than %(one)s MB, or all of them together than %(all)s MB: divide it",
        one=LARGEST // 2**20,
        all=LARGEST_TOGETHER // 2**20,
    )
