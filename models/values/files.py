"""Reads files that somebody names: regular ones, and no larger than memory allows."""

import os
import stat
from pathlib import Path

# Without O_NONBLOCK, opening a pipe waits for somebody to write into it.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class NotRegular(OSError):
    """It is a pipe or a device, which may never end."""


class TooLarge(OSError):
    """It holds more bytes than were allowed."""


def regular_bytes(path: Path, most: int) -> bytes:
    """A file's bytes. A pipe or a device is never waited for.

    Raises NotRegular, TooLarge, IsADirectoryError or another OSError; ValueError for a path that
    no file can have.
    """
    with open(os.open(path, _FLAGS), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise NotRegular
        data = file.read(most + 1) if status.st_size <= most else b""
        if status.st_size > most or len(data) > most:
            raise TooLarge
        return data
