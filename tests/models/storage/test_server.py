"""What is particular to a database server: waiting, passwords, and other programs' tables."""

import subprocess
import sys
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest

from models.access.session import Session
from models.backup.opening import open_venue
from models.operations import places
from models.storage import database as storage
from models.storage import postgresql
from models.storage.database import close_database, connected, database, execute
from models.storage.opening import shown_url
from models.storage.terminals import this_terminal
from models.values.problems import Refused
from tests.trust import house


@pytest.fixture
def server(url: str) -> str:
    if url.startswith("sqlite"):
        pytest.skip("a file")
    return url


def test_who_holds_the_turn_is_named_to_whoever_waited_long_enough(
    server: str, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the URL has options of its own, and waiting for a lock would have no end."""
    import psycopg

    open_venue(f"{server}?options=-c%20search_path%3Dpublic%20-c%20lock_timeout%3D0")
    monkeypatch.setattr(storage, "WAIT_SECONDS", 0.6)
    with psycopg.connect(server, application_name="venue-tui bar:pts/1") as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", (postgresql._TURN,))
        began = time.monotonic()
        with pytest.raises(Refused, match=r"venue-tui bar:pts/1 has been recording for 1 seconds"):
            places.add_place(session, "V1", "room")
        assert 0.5 < time.monotonic() - began < 5
    places.add_place(session, "V1", "room")


def test_who_isnt_waited_for_any_more_is_not_blamed(
    server: str, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    monkeypatch.setattr(storage, "WAIT_SECONDS", 0.05)
    with psycopg.connect(server) as other:
        other.execute("LOCK TABLE places IN EXCLUSIVE MODE")
        with pytest.raises(Refused, match="other terminals kept the database busy"):
            places.add_place(session, "V1", "room")


def test_waiting_has_an_end_by_itself(server: str, session: Session) -> None:
    limits = {"lock_timeout": "5s", "statement_timeout": "1min"}
    limits["idle_in_transaction_session_timeout"] = "10min"
    for url in (server, f"{server}?options=-c%20search_path%3Dpublic"):
        open_venue(url)
        assert {name: execute(f"SHOW {name}").fetchone()[0] for name in limits} == limits
        [named] = execute("SHOW application_name").fetchone()
        assert named == f"venue-tui {this_terminal()}"[:63]
    assert execute("SHOW search_path").fetchone()[0] == "public"


def test_the_driver_writes_nothing_across_the_screen(server: str) -> None:
    work = (
        "import sys, time, psycopg\n"
        "from models.access.session import Session\n"
        "from models.backup.opening import open_venue\n"
        "from models.operations import places\n"
        "from models.values.problems import Refused\n"
        "open_venue(sys.argv[1])\n"
        "session = Session()\n"
        "try:\n"
        "    with session.change():\n"
        "        with psycopg.connect(sys.argv[1], autocommit=True) as other:\n"
        "            other.execute('SELECT pg_terminate_backend(pid) FROM pg_stat_activity'\n"
        "                ' WHERE datname = current_database() AND pid <> pg_backend_pid()')\n"
        "        time.sleep(0.3)\n"  # so that the farewell is there already
        "        places.add_place(session, 'V99', 'room')\n"
        "except Refused as refusal:\n"
        "    print('refused')\n"
    )
    house.make(server)
    done = subprocess.run(
        [sys.executable, "-c", work, server], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("refused\n", "")


def test_another_programs_tables_stay_as_they_are(server: str) -> None:
    import psycopg

    with psycopg.connect(server, autocommit=True) as other:
        other.execute("CREATE TABLE staff (id int)")
    with pytest.raises(Refused, match=r"holds other tables already \(staff\)"):
        open_venue(server, create=True)
    with psycopg.connect(server) as other:
        tables = other.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
    assert tables == [("staff",)]


def test_several_who_make_it_at_once_make_one(server: str) -> None:
    open_venue(server, create=True)  # so that the threads share one binding
    with connected():
        execute("DROP SCHEMA public CASCADE")
        execute("CREATE SCHEMA public")
    close_database()

    def make(_: int) -> int:
        from models.storage import opening

        database.connect(reuse_if_open=True)
        try:
            opening._bring_up_to_date(server, True, None)  # type: ignore[arg-type]
            return int(execute("SELECT count(*) FROM schema_migration").fetchone()[0])
        finally:
            database.close()

    with ThreadPoolExecutor(6) as pool:
        counts = set(pool.map(make, range(6)))
    assert len(counts) == 1
    assert counts.pop() > 5


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://amy:geh%eim@127.0.0.1:1/x",
        "postgresql://amy:geheim@127.0.0.1:99999/x",
        "postgres://amy:geheim@127.0.0.1:1/x",
        "postgresql://amy@127.0.0.1:1/x?password=geheim",
        "mysql://amy:geheim@127.0.0.1/x",
    ],
)
def test_a_password_is_never_repeated(url: str) -> None:
    with pytest.raises(Refused) as refused:
        open_venue(url)
    said = str(refused.value)
    assert "geh" not in said
    assert "needs its driver" not in said
    assert "geh" not in shown_url(url)


def test_what_is_used_of_psycopgs_inside_is_still_there() -> None:
    """Where no server is, nothing else would tell."""
    from psycopg import Pipeline

    connection: Any = SimpleNamespace(pgconn=None, lock=None)
    assert isinstance(Pipeline(connection).command_queue, deque)
    assert callable(Pipeline._communicate_gen)
