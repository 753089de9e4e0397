"""Backups, made while others work.

A backup is one SQLite file that holds the whole venue, whichever database it was made of, and can
be restored into either. It is verified before it takes its name, so that a file of that name is
always a good one.
"""

import atexit
import os
import re
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from peewee import Database, PeeweeException

from models.access.permissions import require
from models.access.session import Session
from models.storage import audit
from models.storage.database import (
    database,
    execute,
    is_sqlite,
)
from models.storage.venue_file import VenueFile, copy_venue, examine, is_ours
from models.values.files import own_folder
from models.values.folders import user_folder
from models.values.problems import Problem, Refused, problem, refused

KEPT = 10
"""How many automatic backups of a venue are kept."""

_DRAFT_BEGINS, _DRAFT_ENDS = ".venue-tui-", ".part"
_DRAFT_SECONDS = 24 * 60 * 60


def backup(session: Session, path: Path) -> VenueFile:
    """Writes the venue, as it is at this moment, to a file; nobody has to wait for it.

    An earlier backup of that name is replaced once the new one is verified. Raises Refused where
    the file can't be written or is something else than a backup, and for anyone but an admin.
    """
    require(session, "backup")
    return _write(path)


class _Prepared(NamedTuple):
    """A verified copy that waits for its closing: of which database, and the head of the trail that
    it holds."""

    of: Database
    head: str
    draft: Path


_prepared: list[_Prepared] = []
"""One at most."""

_preparing = Lock()


def prepare_close(session: Session) -> None:
    """Makes the backup of a closing while somebody still reads what it would do, in a thread of its
    own: `before_close` takes it, if nothing was recorded since. Raises Refused like that."""
    require(session, "month.close")
    with _preparing:
        _discard_prepared()
        of, (folder, _name) = database.obj, _automatic_place()
        with _writing(folder):
            draft, examined = _draft(folder, folder)
        _prepared.append(_Prepared(of, examined.audit_head, draft))


def _discard_prepared() -> None:
    while _prepared:
        _prepared.pop().draft.unlink(missing_ok=True)


atexit.register(_discard_prepared)


def before_close(session: Session) -> Path:
    """The automatic backup before a month is closed. To be called outside of its transaction.

    Raises Refused for whoever may not close a month, and where no backup can be written.
    """
    require(session, "month.close")
    with _preparing:
        for of, head, draft in _prepared:
            if of is database.obj and head == audit.head()[1] and draft.exists():
                _prepared.clear()
                return _automatic("close", draft)
        _discard_prepared()
    return _automatic("close")


def before_restore() -> Path:
    """The automatic backup before a venue is replaced. Raises Refused where it can't be written."""
    return _automatic("restore")


def before_migration() -> Path:
    """The automatic backup before a newer program changes the schema. Raises Refused where it
    can't be written."""
    return _automatic("update")


def rescue() -> Path:
    """Saves what a SQLite file held that is open here, but was removed. Raises Refused where it
    can't be."""
    return _automatic("lost")


def _write(path: Path) -> VenueFile:
    path = path.expanduser().absolute()
    with _writing(path):
        _check_place(path)
        draft, examined = _draft(path.parent, path)
        _put(draft, path)
    return examined


def _draft(folder: Path, called: Path) -> tuple[Path, VenueFile]:
    """A copy of the venue in a folder, verified, and really on the disk."""
    _sweep(folder)
    handle, name = tempfile.mkstemp(_DRAFT_ENDS, _DRAFT_BEGINS, folder)
    os.close(handle)
    draft = Path(name)
    try:
        copied = copy_venue(draft)
        examined, found = examine(draft, called)
        if found != copied:
            raise refused("file", "the copy is not what was copied: check the disk")
        _flush(draft)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return draft, examined


def _put(draft: Path, path: Path) -> None:
    """Gives a verified copy its name."""
    try:
        draft.replace(path)
        _flush(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Removes what backups left behind that were killed, and can't be at work any more."""
    for draft in folder.glob(f"{_DRAFT_BEGINS}*{_DRAFT_ENDS}"):
        with suppress(OSError):  # another terminal was quicker
            if draft.stat().st_mtime < time.time() - _DRAFT_SECONDS:
                draft.unlink()


def _automatic_place() -> tuple[Path, str]:
    """The folder of automatic backups, and how their names begin."""
    if is_sqlite():
        file = Path(database.obj.database).absolute()
        folder, name = file.parent / "backups", file.stem
    else:
        folder = user_folder("data") / "backups"
        name = execute("SELECT current_database()").fetchone()[0]
    with _writing(folder):
        own_folder(folder)
    return folder, name


def _automatic(reason: str, draft: Path | None = None) -> Path:
    """Makes an automatic backup, or takes a draft for it that was verified already."""
    folder, name = _automatic_place()
    path = folder / f"{name}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{reason}.db"
    if draft is None:
        _write(path)
    else:
        with _writing(path):
            _put(draft, path)
    ours = re.compile(re.escape(name) + r"-\d{8}T\d{6}Z-[a-z]+\.db")
    earlier = sorted(old for old in folder.iterdir() if ours.fullmatch(old.name) and old != path)
    for old in earlier[: -(KEPT - 1)]:
        old.unlink(missing_ok=True)
    return path


def _check_place(path: Path) -> None:
    """Refuses to write a backup over anything but an earlier one."""
    if path.is_dir():
        raise refused("file", "%(path)s is a folder: name a file in it", path=path)
    if not path.parent.is_dir():
        raise refused("file", "there is no folder %(folder)s", folder=path.parent)
    if not path.exists():
        return
    if is_sqlite() and path.samefile(database.obj.database):
        raise refused("file", "%(path)s is the venue itself: name another file", path=path)
    if not is_ours(path):
        raise refused("file", "%(path)s exists, and is not a backup: name another file", path=path)
    with path.open("rb") as file:
        if file.read(20)[18:] == b"\x02\x02":  # written ahead (WAL): a venue that is worked in
            raise refused("file", "%(path)s is a venue of its own: name another file", path=path)


def _flush(path: Path) -> None:
    """Has the disk really hold what was written."""
    if os.name == "nt" and path.is_dir():
        return  # Windows flushes no folders
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    with saying(problem("file", "%(path)s can't be written: %(why)s", path=path)):
        yield


@contextmanager
def saying(what: Problem) -> Iterator[None]:
    """Says why, where the disk or a database won't have it."""
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
    except (sqlite3.Error, PeeweeException) as error:
        why = (str(error).strip() or type(error).__name__).splitlines()[0]
    else:
        return
    raise Refused(what._replace(values=(*what.values, ("why", why))))
