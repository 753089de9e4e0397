"""What puts a backup in the place of a venue, on either database."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from peewee import BooleanField

from models.access.permissions import require
from models.access.session import Session
from models.backup.backup import before_restore, saying
from models.backup.opening import open_venue
from models.storage import audit, changes, witness
from models.storage.database import (
    close_database,
    execute,
    execute_many,
    is_sqlite,
    quoted,
    transaction,
)
from models.storage.opening import known_migrations, sqlite_path
from models.storage.tables import TABLES
from models.storage.terminals import this_terminal, this_user
from models.storage.venue_file import VenueFile, examine, is_ours, migrate, tally
from models.values.files import scratch
from models.values.nights import utc_now
from models.values.problems import problem, refused

_SEQUENCE = "SELECT setval(pg_get_serial_sequence('{0}', 'id'), max(id)) FROM {0}"


def restore(
    url: str, path: Path, *, overwrite: bool = False, session: Session | None = None
) -> VenueFile:
    """Puts the venue of a backup into the database at `url`: all of it, or nothing changes.

    A venue that is there already is replaced only with `overwrite`, after an automatic backup of
    it; where it has accounts, only by an admin who signed in at `session`: where they were deleted
    from the database, a backup is what brings them back. Leaves the database open.
    Raises Refused where the file isn't a good backup, or is a newer program's.
    """
    with _reading(path), scratch() as folder:
        draft = folder / "restored.db"
        examined = _fetch(path, draft)
        file = sqlite_path(url)
        fresh = file is not None and not file.exists()
        try:
            if session is None:
                open_venue(url, create=True)
            _replace(path, draft, overwrite, session)
        except BaseException:
            if fresh and file is not None:
                close_database()
                for suffix in ("", "-wal", "-shm"):
                    file.with_name(file.name + suffix).unlink(missing_ok=True)
            raise
    return examined


def _fetch(path: Path, draft: Path) -> VenueFile:
    """Copies a backup to `draft`, verifies it and brings its schema up to date."""
    if path.is_dir():
        raise refused("file", "%(path)s is a folder, not a backup", path=path)
    if not is_ours(path):
        raise refused("file", "%(path)s is not a backup of this program", path=path)
    with (
        closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as original,
        closing(sqlite3.connect(draft)) as copy,
    ):
        original.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    examined, _ = examine(draft, path)
    if examined.broken_line is not None:
        raise refused(
            "file",
            "%(path)s: its audit trail is broken at line %(line)s, so it isn't what was backed up",
            path=path,
            line=examined.broken_line,
        )
    with closing(sqlite3.connect(draft)) as copy:
        applied = {name for (name,) in copy.execute("SELECT name FROM schema_migration")}
    newer = sorted(applied - set(known_migrations()))
    if newer:
        raise refused(
            "file",
            "%(path)s was made by a newer version of this program (%(newer)s): update this one",
            path=path,
            newer=", ".join(newer),
        )
    migrate(draft)
    return examined._replace(size=path.stat().st_size)


def _replace(path: Path, draft: Path, overwrite: bool, session: Session | None) -> None:
    if session is not None:
        require(session, "backup")
    elif execute("SELECT 1 FROM accounts").fetchone() is not None:
        raise refused("actor", "this venue has accounts: sign in as an admin to replace it")
    held = execute("SELECT name FROM venue").fetchone()
    if held is not None and not overwrite:
        raise refused(
            "file",
            "there is a venue here already, %(name)s: with --overwrite it is replaced",
            name=held[0],
        )
    if held is not None:
        before_restore()
    with transaction(), closing(sqlite3.connect(draft)) as copy:
        replaced = audit.head()
        with changes.unnoted():  # the backup brings its own trail
            for table in reversed(TABLES):
                execute(f"DELETE FROM {table._meta.table_name}")
            for table in TABLES:
                _pour(copy, table)
        names = [table._meta.table_name for table in TABLES]
        if tally(execute, names) != tally(copy.execute, names):
            raise refused("file", "the copy is not what was copied: check the disk")
        lines, head = audit.head()
        audit.record(
            at=session.now() if session is not None else utc_now(),
            who=session.name() if session is not None else this_user(),
            terminal=session.terminal if session is not None else this_terminal(),
            action="venue.restored",
            before={"lines": replaced[0], "head": replaced[1]} if held is not None else None,
            after={"file": path.name, "lines": lines, "head": head},
        )
    witness.accept()  # this terminal knows that it was restored; others have to be told


def _pour(copy: sqlite3.Connection, table: Any) -> None:
    """Inserts a table's rows from the copy into the database that is open."""
    fields = table._meta.sorted_fields
    columns = quoted(field.column_name for field in fields)
    # SQLite keeps a yes as 1, which PostgreSQL doesn't take for one.
    yes_no = [index for index, field in enumerate(fields) if isinstance(field, BooleanField)]
    name = table._meta.table_name

    def rows() -> Iterator[list[Any]]:
        for row in copy.execute(f"SELECT {columns} FROM {name}"):
            values = list(row)
            for index in yes_no:
                values[index] = None if values[index] is None else bool(values[index])
            yield values

    holes = ", ".join("?" * len(fields))
    execute_many(f"INSERT INTO {name} ({columns}) VALUES ({holes})", rows())
    if not is_sqlite() and fields[0].column_name == "id" and name != "venue":
        execute(_SEQUENCE.format(name))


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    with saying(problem("file", "%(path)s can't be restored: %(why)s", path=path)):
        yield
