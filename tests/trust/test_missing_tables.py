"""A venue of which a table or a column was dropped by hand: whatever is done there, the database is
said to be damaged, with what is missing and what to do."""

import gzip
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, redirect_stderr
from io import StringIO
from pathlib import Path

import pytest
from peewee import DatabaseError

from models.access.session import Session
from models.backup.opening import open_venue
from models.backup.restore import restore
from models.storage.database import close_database
from models.storage.tables import TABLES
from tests.screens.idle import wait_by_the_loop
from tests.screens.pilot import settled
from tests.screens.roster import tick
from tests.screens.styles import read_styles_once
from venue_tui import failures
from venue_tui.actions import PLACES
from venue_tui.app import VenueApp
from venue_tui.cli import run
from venue_tui.demo import READY
from venue_tui.demo.venue import make_demo

COMMANDS = (
    "export deductions --month 2026-11 -o {out}",
    "explain 0001 2026-11",
    "waive 0001 2026-11-09 absence roll --reason x --by D02",
    "backup {out}",
    "venue edit --name x",
    "close night 2026-11-29",
    "separations list 2026-11",
    "export turns --month 2026-11 -o {out}",
    "import {taken}",
    "accounts list",
    "clocks list",
    "print notice 0001 2026-11",
    "restore {sound} --overwrite",
)
TABLE_NAMES = [table._meta.table_name for table in TABLES]
Lacking = Callable[[str, str | None], AbstractContextManager[None]]


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    file = tmp_path / "sound.db"
    file.write_bytes(gzip.decompress(READY.read_bytes()))
    return file


def in_file(url: str, sound: Path) -> Lacking:
    """The demo's venue in a file, without that table or column."""
    file = Path(url.removeprefix("sqlite:///"))

    @contextmanager
    def lacking(table: str, column: str | None) -> Iterator[None]:
        for suffix in ("", "-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        file.write_bytes(sound.read_bytes())
        with closing(sqlite3.connect(file)) as connection:
            if column is None:
                connection.execute(f'DROP TABLE "{table}"')
            else:
                connection.execute(f'ALTER TABLE "{table}" RENAME COLUMN "{column}" TO gone')
            connection.commit()
        yield

    return lacking


def on_server(url: str, sound: Path) -> Lacking:
    """The same on a server; there it is put back."""
    import psycopg

    restore(url, sound)
    close_database()

    def change(sql: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql)

    change("CREATE SCHEMA IF NOT EXISTS aside")

    @contextmanager
    def lacking(table: str, column: str | None) -> Iterator[None]:
        if column is None:
            change(f'ALTER TABLE "{table}" SET SCHEMA aside')
            yield
            change(f'ALTER TABLE aside."{table}" SET SCHEMA public')
        else:
            change(f'ALTER TABLE "{table}" RENAME COLUMN "{column}" TO gone')
            yield
            change(f'ALTER TABLE "{table}" RENAME COLUMN gone TO "{column}"')

    return lacking


@pytest.fixture
def lacking(url: str, sound: Path) -> Iterator[Lacking]:
    server = url.startswith("postgresql")
    yield (on_server if server else in_file)(url, sound)
    if server:
        import psycopg

        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA aside CASCADE")


@pytest.fixture
def said_by(url: str, sound: Path, tmp_path: Path) -> Callable[[str], str]:
    """What a command says; it ends foreseen."""
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "places.csv").write_text("place,kind\nZ9,room\n")
    names = {"out": tmp_path / "out", "taken": tmp_path / "taken", "sound": sound}

    def said_by(command: str) -> str:
        with redirect_stderr(StringIO()) as stream:
            status = run(["--database", url, *command.format(**names).split()])
        close_database()
        said = stream.getvalue()
        assert status in (0, 1), (command, status)
        assert said or not status, command
        assert "unforeseen" not in said, (command, said)
        assert "Traceback" not in said, (command, said)
        return said

    return said_by


def test_a_missing_table_is_said_whatever_is_done(
    lacking: Lacking, said_by: Callable[[str], str], url: str
) -> None:
    step = 13 if url.startswith("postgresql") else 4
    for i, table in enumerate([*TABLE_NAMES, "schema_migration"]):
        with lacking(table, None):
            for command in COMMANDS[i % step :: step]:
                said_by(command)
            assert table in said_by("check")


def test_a_missing_column_is_said_whatever_is_done(
    lacking: Lacking, said_by: Callable[[str], str], url: str
) -> None:
    columns = [(table._meta.table_name, each) for table in TABLES for each in table._meta.columns]
    if url.startswith("postgresql"):
        columns = columns[::17]  # what is told from what is the same there
    for i, (table, column) in enumerate(columns):
        with lacking(table, column):
            said_by(COMMANDS[i % len(COMMANDS)])
            if i % 5 == 0 or table == "accounts":
                said = said_by("check")
                assert table in said, (table, column, said)
                assert column in said, (table, column, said)


async def test_a_terminal_says_that_a_table_is_missing(
    sqlite_url: str, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_styles_once(monkeypatch)
    wait_by_the_loop(monkeypatch)
    lacking = in_file(sqlite_url, sound)
    clock = make_demo(sound.parent, ticking=False).clock
    close_database()
    ended = 0
    for i, table in enumerate(TABLE_NAMES):
        with lacking(table, None):
            open_venue(sqlite_url)
            if table in ("venue", "rulebook_version"):
                with pytest.raises(DatabaseError) as error:
                    Session(clock)
                said = failures.refusal(error.value)
                close_database()
                assert f"the table {table} is missing" in str(said)
                continue
            session = Session(clock)
            app = VenueApp(session, first=PLACES[i % len(PLACES)].name)
            async with app.run_test(size=(120, 36)) as pilot:
                await settled(pilot)
                if app.is_running and i % 4 == 0:
                    app.go(PLACES[(i + 1) % len(PLACES)].name)
                    await settled(pilot)
                    await tick(app, pilot)
                    await tick(app, pilot)
                told = [each.message for each in app.said]
                assert told in ([], [next(iter(told), "")]), (table, told)
                assert all(f"the table {table} is missing" in each for each in told)
            assert app.return_code in (0, None, 1)
            assert told or app.return_code != 1, table
            ended += app.return_code == 1
            close_database()
    assert ended > 3  # there was no screen that could do without it
