"""Opening a venue's database, and bringing its schema up to date."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from peewee import Database, DatabaseError, PeeweeException

from models.storage import changes, proof
from models.storage.database import (
    Connection,
    Noted,
    Sqlite,
    close_database,
    database,
    execute,
    is_sqlite,
)
from models.values.problems import NoVenue, Refused, problem, refused

MIGRATIONS = Path(__file__).with_name("migrations")
APPLICATION_ID = 0x56454E55
"""Marks a SQLite file as a venue's: `VENU`."""

_PATIENCE: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""How long a PostgreSQL server may be silent before it is taken for lost: terminals wait for it."""


class Safekeeping(NamedTuple):
    """How what a database holds is saved, in the moments when it might be lost."""

    before_migration: Callable[[], Path]
    """Before the schema changes."""
    rescue: Callable[[], Path]
    """When the file that is open was removed or replaced."""


def sqlite_path(url: str) -> Path | None:
    """The file of a `sqlite:///FILE` URL; None for another kind of URL."""
    if not url.startswith("sqlite:///"):
        return None
    return Path(url.removeprefix("sqlite:///")).expanduser()


def open_database(url: str, safekeeping: Safekeeping, *, create: bool = False) -> None:
    """Binds the tables to the database at `url` and connects this thread to it.

    `create` makes a database where there is none, and is needed for one that is empty. Brings the
    schema up to date, once `safekeeping` has saved what was there. Raises Refused where there is
    none, where it is not a venue's, where a newer program made it, or where it can't be opened.
    """
    path = sqlite_path(url)
    if path is not None:
        backend = _sqlite(path, create, safekeeping)
    elif url.startswith("postgresql://"):
        backend = _postgresql(url)
    else:
        raise refused(
            "database", "%(url)s is neither sqlite:///FILE nor postgresql://…", url=_shown(url)
        )
    close_database()
    changes.forget_schema()
    database.initialize(backend)
    try:
        backend.connect(reuse_if_open=True)
        if path is not None:
            _check_ours(path)
            _keep_private(path)
        _bring_up_to_date(url, create, safekeeping)
    except Refused:
        close_database()
        raise
    except (PeeweeException, sqlite3.Error) as error:
        close_database()
        raise refused(
            "database", "%(url)s can't be opened: %(why)s", url=_shown(url), why=_first_line(error)
        ) from None


def _shown(url: str) -> str:
    """The URL without its password."""
    head, at, tail = url.rpartition("@")
    if not at or "://" not in head:
        return url
    scheme, _, login = head.partition("://")
    return f"{scheme}://{login.partition(':')[0]}@{tail}"


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _sqlite(path: Path, create: bool, safekeeping: Safekeeping) -> Database:
    if path.is_dir():
        raise refused("database", "%(path)s is a folder, not a database file", path=path)
    if not path.exists():
        if not create:
            raise NoVenue(
                problem(
                    "database",
                    "there is no venue at %(path)s yet: make one with «venue-tui init», or name "
                    "another database with --database",
                    path=path,
                )
            )
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise refused(
                "database", "%(path)s can't be made: %(why)s", path=path, why=error.strerror
            ) from None
    elif not os.access(path, os.R_OK):
        raise refused("database", "%(path)s can't be read: permission denied", path=path)
    backend = Sqlite(
        str(path),
        # A month of a large house fits 16 MB of pages; the 2 MB that are usual make it read twice.
        pragmas={"foreign_keys": 1, "synchronous": 2, "busy_timeout": 5000, "cache_size": -16_000},
        lock_type="IMMEDIATE",
        autoconnect=False,
        factory=Connection,
    )
    backend.may_create = create
    backend.rescue = safekeeping.rescue
    return backend


_SHARED = 0o060
"""What a file's group and others may do with a venue that is shared with the group."""


def _keep_private(path: Path) -> None:
    """Lets nobody but its owner read a venue's file, unless it was shared in words. The files
    beside it get its permissions from SQLite."""
    if os.name == "nt":
        return
    for file in _with_its_own(path):
        try:
            mode = file.stat().st_mode & 0o777
            if mode & 0o077 not in (0, _SHARED):
                file.chmod(mode & 0o700)
        except OSError:
            continue  # somebody else's, who shared it; or gone by now


def share_with_group(url: str) -> None:
    """Lets the group of a venue's file work in it. Raises Refused where it is no file."""
    path = sqlite_path(url)
    if path is None:
        raise refused("group", "a database server knows itself who may reach it")
    try:
        for file in _with_its_own(path):
            if file.exists():
                file.chmod(0o600 | _SHARED)
        # SQLite makes and removes files beside it, so the folder is theirs too; new files in it
        # are the group's.
        path.parent.chmod(0o2770)
    except OSError as error:
        raise refused(
            "group", "%(path)s can't be shared: %(why)s", path=path, why=error.strerror
        ) from None


def _with_its_own(path: Path) -> list[Path]:
    return [path, *(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm"))]


def _postgresql(url: str) -> Database:
    try:
        from playhouse.postgres_ext import Psycopg3Database  # an extra, and slow to import

        class Postgresql(Noted, Psycopg3Database):  # type: ignore[misc]
            pass

        backend: Database = Postgresql(url, autoconnect=False, **_PATIENCE)
    except Exception:
        raise refused(
            "database", 'PostgreSQL needs its driver: pip install "venue-tui[postgres]"'
        ) from None
    return backend


def _check_ours(path: Path) -> None:
    """Refuses a file that is no SQLite database, or that another program keeps."""
    try:
        application = execute("PRAGMA application_id").fetchone()[0]
        empty = execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    except DatabaseError as error:
        if "not a database" not in str(error):
            raise
        raise refused("database", "%(path)s is not a database", path=path) from None
    if not empty and application != APPLICATION_ID:
        raise refused("database", "%(path)s is another program's database", path=path)


def known_migrations() -> list[str]:
    """The names of this program's migrations, in order."""
    return sorted(path.stem for path in MIGRATIONS.glob("[0-9]*.py"))


def applied_migrations() -> list[str] | None:
    """The migrations that made this database what it is; None for an empty one."""
    exists = database.table_exists("schema_migration")
    if not exists:
        return None
    return sorted(row[0] for row in execute("SELECT name FROM schema_migration").fetchall())


def _bring_up_to_date(url: str, create: bool, safekeeping: Safekeeping) -> None:
    applied = applied_migrations()
    known = known_migrations()
    if applied == known:
        return
    if applied is None and not create:
        raise NoVenue(
            problem(
                "database",
                "there is no venue in %(url)s yet: make one with «venue-tui init»",
                url=_shown(url),
            )
        )
    newer = sorted(set(applied or ()) - set(known))
    if newer:
        raise refused(
            "database",
            "%(url)s was made by a newer version of this program (%(newer)s): update this one",
            url=_shown(url),
            newer=", ".join(newer),
        )
    if applied:
        safekeeping.before_migration()
    if is_sqlite():
        # WAL lets terminals read while one writes; the file keeps the mode.
        execute("PRAGMA journal_mode = wal")
        execute(f"PRAGMA application_id = {APPLICATION_ID}")
    from playhouse.migrations import Runner  # only when there is something to migrate

    unproved = proof.differing(database.obj)
    Runner(database.obj, directory=str(MIGRATIONS)).up()
    changes.forget_schema()
    if applied:
        proof.bind(unproved)
