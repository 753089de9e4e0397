"""The bytes of the files of an import."""

import os
from pathlib import Path

from models.values.files import NotRegular, TooLarge, regular_bytes
from models.values.problems import problem
from venue_tui.exchange.encodings import Unreadable

LARGEST = 32 * 2**20
"""Bytes of one file: a month of sixteen thousand staff."""

LARGEST_TOGETHER = 2 * LARGEST
"""Bytes of all files of one import."""


def bytes_of(path: Path, room: int = LARGEST_TOGETHER) -> bytes:
    """A file's bytes. `room` is what the files before it left of LARGEST_TOGETHER.

    Raises Unreadable for what is no file, can't be opened, or is too large.
    """
    try:
        return regular_bytes(path, min(LARGEST, room))
    except NotRegular:
        found = problem("", "is no file but a pipe or a device")
    except TooLarge:
        found = problem(
            "",
            "the file is larger than %(one)s MB, or all of them together than %(all)s MB:"
            " divide it",
            one=LARGEST // 2**20,
            all=LARGEST_TOGETHER // 2**20,
        )
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
