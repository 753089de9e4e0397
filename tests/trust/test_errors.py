"""A full disk, a file that may not be written or is gone, a clock that is set back, a server that
is lost: a sentence for the person, and nothing lost of what was acknowledged."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.access.session import Session
from models.backup import restore
from models.backup.opening import open_venue
from models.operations import briefings, roll
from models.operations.roll import Signs
from models.payroll.verification import verify
from models.storage import audit, database
from models.storage.database import close_database, execute
from models.values.problems import Refused
from tests.trust import house
from tests.trust.house import NIGHT, STAFF


@pytest.fixture
def terminal(url: str) -> Iterator[Session]:
    """A session in a staffed venue, on its night."""
    house.make(url)
    open_venue(url)
    yield house.session_at(NIGHT)
    close_database()


@pytest.fixture
def on_a_file(sqlite_url: str) -> Iterator[Session]:
    house.make(sqlite_url)
    open_venue(sqlite_url)
    yield house.session_at(NIGHT)
    close_database()


def mark_until_refused(session: Session) -> tuple[list[str], str]:
    """Marks staffers until one is refused; gives those that were marked, and why."""
    marked: list[str] = []
    for staff_no in STAFF:
        try:
            roll.mark(session, staff_no, director_no="D1")
        except Refused as refusal:
            return marked, str(refusal)
        marked.append(staff_no)
    return marked, ""


def kept() -> list[str]:
    sql = "SELECT staff_no FROM attendance WHERE arrived_at IS NOT NULL ORDER BY staff_no"
    return [staff_no for (staff_no,) in execute(sql).fetchall()]


def assert_whole() -> None:
    assert verify(Session()).problems == ()


def test_a_full_disk_refuses_and_is_forgotten_when_there_is_room(on_a_file: Session) -> None:
    pages = execute("PRAGMA page_count").fetchone()[0]
    execute(f"PRAGMA max_page_count = {pages + 2}")
    marked, why = mark_until_refused(on_a_file)
    assert marked
    assert "disk is full" in why
    assert kept() == marked
    execute("PRAGMA max_page_count = 1000000")
    roll.mark(on_a_file, STAFF[-1])
    assert kept() == [*marked, STAFF[-1]]
    assert_whole()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on a file's size")
def test_a_disk_that_fails_is_said(on_a_file: Session, sqlite_url: str) -> None:
    code = (
        "import resource, signal, sys; from models.backup.opening import open_venue\n"
        "from tests.trust.house import *; from tests.trust.test_errors import *\n"
        "open_venue(sys.argv[1]); session = house.session_at(NIGHT)\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))\n"
        "marked, why = mark_until_refused(session); print(why); print(*marked)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, sqlite_url],
        cwd=house.ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    assert "so this was not saved" in said[0]
    assert kept() == said[1].split()
    assert_whole()


def test_a_database_that_may_not_be_written_is_said(on_a_file: Session) -> None:
    roll.mark(on_a_file, STAFF[0], director_no="D1")
    execute("PRAGMA query_only = 1")
    assert mark_until_refused(on_a_file)[1].endswith("is read-only")
    execute("PRAGMA query_only = 0")
    assert kept() == STAFF[:1]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
@pytest.mark.parametrize("folder_too", [False, True])
def test_a_read_only_file_is_said(sqlite_url: str, tmp_path: Path, folder_too: bool) -> None:
    house.make(sqlite_url)
    (tmp_path / "venue.db").chmod(0o444)
    if folder_too:
        tmp_path.chmod(0o555)
    process = house.command(sqlite_url, "rules", "adopt", "club", "--from", "2019-01-01")
    out, err = process.communicate()
    tmp_path.chmod(0o755)
    assert (process.returncode, out) == (1, "")
    assert len(err.splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows removes no file that is open")
@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_that_was_removed_takes_no_more_marks_and_loses_none(
    on_a_file: Session, sqlite_url: str, tmp_path: Path, replaced: bool
) -> None:
    for staff_no in STAFF[:3]:
        roll.mark(on_a_file, staff_no, director_no="D1")
    for file in tmp_path.glob("venue.db*"):
        file.unlink()
    if replaced:
        (tmp_path / "venue.db").write_bytes(b"")
    for _ in range(2):
        marked, why = mark_until_refused(on_a_file)
        assert marked == []
        assert "was removed or replaced" in why
    [copy] = (tmp_path / "backups").iterdir()
    assert str(copy) in why
    close_database()
    (tmp_path / "venue.db").unlink(missing_ok=True)
    restore.restore(sqlite_url, copy)
    assert kept() == STAFF[:3]
    assert_whole()


def test_a_clock_that_is_set_back_loses_nothing(terminal: Session) -> None:
    roll.mark(terminal, STAFF[0], director_no="D1")
    now = terminal.now()
    terminal.clock = lambda: now - 3600
    roll.mark(terminal, STAFF[1])
    roll.correct(terminal, STAFF[0], NIGHT, Signs(now, None, None))
    briefings.close(terminal)
    terminal.clock = lambda: now + 60
    roll.mark(terminal, STAFF[2])
    assert kept() == STAFF[:3]
    assert_whole()


def test_a_clock_that_is_set_back_into_the_night_before_is_recovered_from(
    terminal: Session,
) -> None:
    roll.mark(terminal, STAFF[0], director_no="D1")
    tonight = terminal.now()
    terminal.clock = lambda: tonight - 24 * 3600
    with pytest.raises(Refused, match="not in the night"):
        roll.mark(terminal, STAFF[1], NIGHT)
    terminal.clock = lambda: tonight
    roll.mark(terminal, STAFF[1])
    assert kept() == STAFF[:2]
    assert_whole()


def test_a_database_that_stays_busy_is_said(
    on_a_file: Session, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "WAIT_SECONDS", 0.05)
    other = sqlite3.connect(tmp_path / "venue.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert "kept the database busy" in mark_until_refused(on_a_file)[1]
    other.execute("ROLLBACK")
    other.close()
    assert mark_until_refused(on_a_file) == (STAFF, "")


def test_a_damaged_file_is_said_and_never_worked_on(on_a_file: Session, sqlite_url: str) -> None:
    close_database()
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    content = bytearray(path.read_bytes())
    page = 4096
    content[page:] = b"\xa5" * (len(content) - page)
    path.write_bytes(content)
    process = house.command(sqlite_url, "check")
    out, err = process.communicate()
    assert (process.returncode, out) == (1, "")
    assert "Traceback" not in err
    assert "malformed" in err or "damaged" in err


def test_a_server_that_is_lost_is_reached_again(url: str, terminal: Session) -> None:
    if url.startswith("sqlite"):
        pytest.skip("a file has no server")
    import psycopg

    roll.mark(terminal, STAFF[0], director_no="D1")
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with pytest.raises(Refused, match="server failed"):
        roll.mark(terminal, STAFF[1])
    roll.mark(terminal, STAFF[1])
    assert kept() == STAFF[:2]
    assert audit.broken_link() is None
