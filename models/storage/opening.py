"""Opening a venue's database, and bringing its schema up to date."""

import logging
import os
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from peewee import Database, DatabaseError, PeeweeException

from models.storage import errors
from models.storage.database import (
    Connection,
    Sqlite,
    close_database,
    database,
    execute,
    is_sqlite,
)
from models.storage.terminals import this_terminal
from models.storage.write_statements import forget_schema
from models.values.files import own_folder
from models.values.problems import NoVenue, Refused, needs_extra, problem, refused

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
"""How long a PostgreSQL server may be silent before it is taken for lost."""

_LIMITS = {
    "lock_timeout": "5s",
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "10min",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
"""How long the server may wait for another terminal, and work at one statement: whoever is at the
screen waits for it. And how long it waits for a terminal that stands still amid a change, for which
all others wait, or of which nothing is heard any more."""

_MIGRATING = 0x56454E56
"""The PostgreSQL advisory lock of whoever changes the schema."""


_MIGRATING_SECONDS = 10
"""How long a file's schema may be in the hands of several terminals."""


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
    if url.startswith("postgres://"):  # as some hosts write it
        url = url.replace("postgres://", "postgresql://", 1)
    if path is not None:
        backend = _sqlite(path, create, safekeeping)
    elif url.startswith("postgresql://"):
        backend = _postgresql(url)
    else:
        raise refused(
            "database", "%(url)s is neither sqlite:///FILE nor postgresql://…", url=shown_url(url)
        )
    close_database()
    forget_schema()
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
    except UnicodeDecodeError as error:  # the driver's, of what a spoiled schema is called
        close_database()
        raise Refused(errors.damaged(error.reason)) from None
    except (PeeweeException, sqlite3.Error) as error:
        close_database()
        raise refused(
            "database", "%(url)s can't be opened: %(why)s", url=shown_url(url), why=_why(url, error)
        ) from None


def shown_url(url: str) -> str:
    """The URL without its passwords."""
    url = re.sub(r"([?&](?:password|sslpassword)=)[^&]*", r"\1…", url)
    head, at, tail = url.rpartition("@")
    if not at or "://" not in head:
        return url
    scheme, _, login = head.partition("://")
    return f"{scheme}://{login.partition(':')[0]}@{tail}"


def _why(url: str, error: Exception) -> str:
    """What a database or its driver says, in one line; of a URL that it can't read it may repeat a
    part of the password."""
    if errors.is_full(error):
        return "the disk is full"
    said = (str(error).strip() or type(error).__name__).splitlines()[0]
    if sqlite_path(url) is None and ("conninfo" in said or "URI" in said or "token" in said):
        return "its URL can't be read"
    login = url.partition("://")[2].rpartition("@")[0]
    secret = login.partition(":")[2]
    return said.replace(secret, "…") if secret else said


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
            own_folder(path.parent)
        except OSError as error:
            raise refused(
                "database", "%(path)s can't be made: %(why)s", path=path, why=error.strerror
            ) from None
    elif not path.is_file():
        raise refused("database", "%(path)s is not a database", path=path)
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
        from psycopg.conninfo import conninfo_to_dict  # an extra
    except ImportError:
        raise needs_extra("database", "postgres") from None

    from models.storage.postgresql import Postgresql

    # It warns of a connection that is lost, which would be written across the screen; whoever works
    # here is told of it otherwise.
    logging.getLogger("psycopg").addHandler(logging.NullHandler())
    options = " ".join(f"-c {name}={value}" for name, value in _LIMITS.items())
    try:
        # Theirs, such as a search_path, stand in the URL; of two the last one counts.
        theirs = conninfo_to_dict(url).get("options", "")
        backend: Database = Postgresql(
            url,
            autoconnect=False,
            options=f"{options} {theirs}",
            # By which one is told whom others wait for.
            fallback_application_name=f"venue-tui {this_terminal()}",
            **_PATIENCE,
        )
    except Exception as error:
        raise refused(
            "database",
            "%(url)s can't be opened: %(why)s",
            url=shown_url(url),
            why=_why(url, error),
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


def _run_migrations(known: list[str]) -> None:
    """Brings the schema up to date. In a file several terminals may set about it at once: each step
    is taken by one of them, and whoever comes too late for it goes on with what is left."""
    from random import uniform

    from playhouse.migrations import Runner

    deadline = time.monotonic() + _MIGRATING_SECONDS
    while True:
        try:
            Runner(database.obj, directory=str(MIGRATIONS)).up()
            return
        except DatabaseError:
            if not is_sqlite() or time.monotonic() > deadline:
                raise
        time.sleep(uniform(0.01, 0.1))
        if applied_migrations() == known:
            return


def known_migrations() -> list[str]:
    """The names of this program's migrations, in order."""
    names = map(os.path.splitext, os.listdir(MIGRATIONS))
    return sorted(name for name, suffix in names if suffix == ".py" and name[0].isdigit())


def is_of_now(file: Path) -> bool:
    """Whether a venue's file has the schema of this program."""
    with closing(sqlite3.connect(file)) as connection:
        applied = connection.execute("SELECT name FROM schema_migration ORDER BY name")
        return [name for (name,) in applied] == known_migrations()


def applied_migrations() -> list[str] | None:
    """The migrations that made this database what it is; None for an empty one."""
    sql = "SELECT name FROM schema_migration"
    try:
        names = execute(sql).fetchall()
    except DatabaseError:
        if not database.table_exists("schema_migration"):
            return None
        names = execute(sql).fetchall()  # another terminal has made it since
    return sorted(name for (name,) in names)


def _check_room(url: str) -> None:
    """Refuses a server's database that holds another program's tables: nothing is half made."""
    others = sorted(database.get_tables())
    if others:
        raise refused(
            "database",
            "%(url)s holds other tables already (%(tables)s): name a database of the venue's own",
            url=shown_url(url),
            tables=", ".join(others[:5]),
        )


def _bring_up_to_date(url: str, create: bool, safekeeping: Safekeeping) -> None:
    if applied_migrations() == known_migrations():
        return
    with _alone():
        _migrate(url, create, safekeeping)


@contextmanager
def _alone() -> Iterator[None]:
    """Only one terminal at a time changes the schema of a server's database; the others wait until
    it has, a minute at most, and find nothing left to do."""
    if is_sqlite():
        yield
        return
    execute("SET lock_timeout = 60000")
    execute("SELECT pg_advisory_lock(?)", (_MIGRATING,))
    try:
        yield
    finally:
        if database.is_connection_usable():
            execute("SELECT pg_advisory_unlock(?)", (_MIGRATING,))
            execute("SET lock_timeout = 5000")


def _migrate(url: str, create: bool, safekeeping: Safekeeping) -> None:
    applied = applied_migrations()
    known = known_migrations()
    if applied == known:
        return
    if not applied and database.table_exists("audit"):
        applied = applied_migrations()  # by now, if another terminal is just making the venue
        if not applied:
            raise Refused(errors.damaged("schema_migration"))
    if applied is None and not create:
        raise NoVenue(
            problem(
                "database",
                "there is no venue in %(url)s yet: make one with «venue-tui init»",
                url=shown_url(url),
            )
        )
    if applied is None and not is_sqlite():
        _check_room(url)
    newer = sorted(set(applied or ()) - set(known))
    if newer:
        raise refused(
            "database",
            "%(url)s was made by a newer version of this program (%(newer)s): update this one",
            url=shown_url(url),
            newer=", ".join(newer),
        )
    if applied:
        safekeeping.before_migration()
    if is_sqlite():
        # WAL lets terminals read while one writes; the file keeps the mode.
        execute("PRAGMA journal_mode = wal")
        execute(f"PRAGMA application_id = {APPLICATION_ID}")
    from models.storage import trail_proof  # only when there is something to migrate

    unproved = trail_proof.differing(database.obj)
    _run_migrations(known)
    forget_schema()
    if applied:
        trail_proof.bind(unproved)
