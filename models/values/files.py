"""Reads files that somebody names: regular ones, and no larger than memory allows. Writes files as
a whole or not at all."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import get_ident
from typing import IO, BinaryIO

# Without O_NONBLOCK, opening a pipe waits for somebody to write into it.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)

_WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
_ADD = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)


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


@contextmanager
def replacing(path: Path, mode: int = 0o666) -> Iterator[BinaryIO]:
    """A stream that becomes the file when all went well, and otherwise leaves nothing behind. A
    file that is there keeps its permissions as far as `mode` has them; a new one has `mode`, less
    the umask. Raises OSError."""
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, "")
    if target.exists() and not target.is_file():  # a pipe or a device: there is nothing to keep
        with target.open("wb") as stream:
            yield stream
        return
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "")
    unfinished = target.with_name(f".venue-tui-{os.getpid()}-{get_ident()}.part")
    try:
        handle = os.open(unfinished, _WRITE, mode)
        with open(handle, "wb") as stream:
            yield stream
        if target.exists():
            unfinished.chmod(target.stat().st_mode & mode)
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def own_folder(folder: Path) -> None:
    """Makes a folder of the program's own, and those above it that are missing, which their owner
    alone can look into, whatever the umask. Raises OSError."""
    for each in reversed([folder, *folder.parents]):
        if not each.is_dir():
            each.mkdir(mode=0o700, exist_ok=True)


def keep(path: Path, text: str) -> None:
    """Writes a file of the program's own, which its owner alone can read, and makes its folder
    where there is none. Raises OSError."""
    own_folder(path.parent)
    with replacing(path, 0o600) as stream:
        stream.write(text.encode())


def add(path: Path, text: str) -> None:
    """Adds to the end of such a file as `keep` writes. Raises OSError."""
    own_folder(path.parent)
    with open(os.open(path, _ADD, 0o600), "ab") as stream:
        if os.name != "nt" and os.fstat(stream.fileno()).st_mode & 0o077:
            os.fchmod(stream.fileno(), 0o600)  # others could read it, as of an older program
        stream.write(text.encode("utf-8", "backslashreplace"))


_SCRATCH = "venue-tui-"
_HELD = ".held"


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder of this process's own, gone afterwards. Those that were left behind by processes
    which were killed go as well: a lock that ends with its process says which."""
    import tempfile  # which most of the program does without

    _sweep_scratch(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=_SCRATCH, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with open(folder / f"{_HELD}.new", "wb") as held:
            if _lock(held):  # before others can see that it is there to be tried
                os.rename(held.name, folder / _HELD)
            yield folder


def _sweep_scratch(place: Path) -> None:
    from shutil import rmtree

    for folder in place.glob(f"{_SCRATCH}*"):
        try:
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                continue
            with open(folder / _HELD, "rb") as held:
                if not _lock(held):
                    continue
        except (OSError, AttributeError):  # it was never held, or isn't ours to look into
            continue
        rmtree(folder, ignore_errors=True)


def _lock(held: IO[bytes]) -> bool:
    """Takes a file's lock for as long as it is open; False where another process has it, and where
    there are no such locks."""
    try:
        import fcntl
    except ImportError:
        return False
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
