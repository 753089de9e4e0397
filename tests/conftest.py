"""What every test shares: isolated folders, and an empty venue on each database there is."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from models.access.session import Session
from models.backup.opening import open_venue
from models.operations import venue
from models.rules import shipped, validation
from models.storage.database import close_database
from tests.clock import Clock, clock_of
from tests.venues import copy_instead_of_migrating, hash_quickly, remember_rulebooks

if TYPE_CHECKING:
    from tests.server import Server

SERVER = os.environ.get("VENUE_TUI_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432")
ZONE = "Asia/Shanghai"
ROOM = 4 * 2**30
"""Bytes."""


# How long an example takes says how busy the machine is. Loaded before the modules whose tests it
# holds for.
hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")


def pytest_configure(config: pytest.Config) -> None:
    """Keeps the tests' files in memory where there is room, for every change is flushed to disk."""
    memory = Path("/dev/shm")
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free >= ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


_FIRST = ("tests/trust/", "tests/bench/", "tests/web/", "tests/commands/", "tests/screens/")
"""Where files are that take long: begun at the end, one would keep all others waiting."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        found = (at for at, folder in enumerate(_FIRST) if item.nodeid.startswith(folder))
        return next(found, len(_FIRST))

    items.sort(key=place)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded by now stays: no search for garbage need look at it again, and none comes as
    often as where memory is scarce."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(autouse=True)
def isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees this machine's configuration, databases, language or colours."""
    for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / "xdg" / kind.lower()))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in list(os.environ):
        ours = name.startswith(("VENUE_TUI_", "TEXTUAL", "LC_"))
        if ours and not name.startswith(("VENUE_TUI_TEST_", "TEXTUAL_SNAPSHOT")):
            monkeypatch.delenv(name)
    monkeypatch.delenv("LANGUAGE", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


@pytest.fixture(autouse=True)
def made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for what another made already, or for a secret's hash."""
    copy_instead_of_migrating(monkeypatch)
    remember_rulebooks(monkeypatch)
    hash_quickly(monkeypatch)


def _postgresql_server() -> str | None:
    """Why no PostgreSQL server can be used; None where one can."""
    try:
        import psycopg

        psycopg.connect(f"{SERVER}/postgres", connect_timeout=2).close()
    except Exception as error:
        return f"no PostgreSQL server at {SERVER}: {error}".splitlines()[0]
    return None


@pytest.fixture(scope="session")
def postgresql() -> "Iterator[Server]":
    """A PostgreSQL database of this test process's own."""
    missing = _postgresql_server()
    if missing and "VENUE_TUI_TEST_POSTGRES" in os.environ:
        pytest.fail(missing)  # one was promised
    if missing:
        pytest.skip(missing)
    import psycopg

    from tests.server import Server

    name = f"venue_tui_test_{os.getpid()}"
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
        # What a crash of the server's machine would lose is not what is tested.
        server.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
        made = Server(f"{SERVER}/{name}")
        yield made
        made.close()
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database, on SQLite and on PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/venue.db"


@pytest.fixture
def postgresql_url(
    request: pytest.FixtureRequest, postgresql: "Server", monkeypatch: pytest.MonkeyPatch
) -> str:
    """The URL of an empty database, which has a venue's tables already where a session is made in
    it."""
    parameters = getattr(request.node, "callspec", None)
    theirs = parameters is not None and parameters.params.get("url") == "postgresql"
    if theirs and "make_session" in request.fixturenames:
        postgresql.hand_on_connections(monkeypatch)
        return postgresql.without_rows()
    return postgresql.without_tables()


@pytest.fixture
def times_to_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets a test write down a night's times one after the other while its clock stands still."""
    monkeypatch.setattr(validation, "AHEAD", 24 * 60 * 60)


MakeSession = Callable[..., Session]


@pytest.fixture
def make_session(url: str) -> Iterator[MakeSession]:
    """Makes an empty venue in `url` and a session in it, its clock at a local time."""

    def make(now: str = "2026-09-02T19:25", zone: str = ZONE, book: str = "nightlife") -> Session:
        open_venue(url, create=True)
        venue.make_venue("测试夜场", zone, shipped.load(book), 1_756_000_000, "tester", "test:1")
        session = Session(terminal="test:1")
        session.clock = Clock(session.calendar, now)
        return session

    yield make
    close_database()


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    return make_session()


@pytest.fixture
def clock(session: Session) -> Clock:
    return clock_of(session)
