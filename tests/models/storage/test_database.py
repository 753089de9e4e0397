"""Opening databases that are what they should be, and those that aren't."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from peewee import OperationalError
from playhouse.schema_diff import diff_models

from models.access.session import Session
from models.backup.opening import open_venue
from models.storage import errors, opening
from models.storage.database import close_database, execute, transaction
from models.storage.tables import TABLES, database
from models.values.problems import Refused


def test_the_migrations_make_the_tables(session: Session) -> None:
    assert not diff_models(database.obj, list(TABLES))


def test_what_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "venue.db"
    file.write_bytes(b"not a database at all, but long enough to look like a file of pages\n" * 50)
    with pytest.raises(Refused, match="is not a database"):
        open_venue(f"sqlite:///{file}")


def test_another_programs_database(tmp_path: Path) -> None:
    file = tmp_path / "venue.db"
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE notes (text)")
    for create in (False, True):
        with pytest.raises(Refused, match="another program's"):
            open_venue(f"sqlite:///{file}", create=create)
    with sqlite3.connect(file) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("notes",)]


def test_where_there_is_nothing(tmp_path: Path) -> None:
    for url, said in (
        (f"sqlite:///{tmp_path}/no.db", "there is no venue"),
        (f"sqlite:///{tmp_path}", "is a folder"),
        ("mysql://somewhere", "neither"),
        ("postgresql://postgres:geheim@127.0.0.1:1/nowhere", "can't be opened"),
    ):
        with pytest.raises(Refused, match=said) as refused:
            open_venue(url)
        assert "geheim" not in str(refused.value)
    assert not (tmp_path / "no.db").exists()


def test_a_newer_programs_database(url: str) -> None:
    open_venue(url, create=True)
    execute(
        "INSERT INTO schema_migration (name, applied) VALUES ('9999_future', '2030-01-01 00:00:00')"
    )
    close_database()
    with pytest.raises(Refused, match="newer version"):
        open_venue(url)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_read_only_folder(tmp_path: Path) -> None:
    folder = tmp_path / "shut"
    folder.mkdir(mode=0o500)
    with pytest.raises(Refused):
        open_venue(f"sqlite:///{folder}/venue.db", create=True)


def test_a_transaction_is_kept_whole_or_not_at_all(session: Session) -> None:
    def spoil() -> None:
        with transaction():
            execute("INSERT INTO places (place, kind) VALUES ('V01', 'room')")
            raise KeyError

    with pytest.raises(KeyError):
        spoil()
    assert execute("SELECT count(*) FROM places").fetchone()[0] == 0


def test_the_pragmas_that_safety_rests_on(sqlite_url: str) -> None:
    open_venue(sqlite_url, create=True)
    values = [
        execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys")
    ]
    close_database()
    assert values == ["wal", 2, 1]


def test_models_know_no_terminal() -> None:
    modules = sorted(
        "models." + ".".join(path.relative_to(MODELS).with_suffix("").parts)
        for path in MODELS.rglob("*.py")
        if path.name != "__init__.py" and path.parent.name != "migrations"
    )
    code = f"import sys, {', '.join(modules)}\n" + (
        "print([n for n in sys.modules if n.split('.')[0] in"
        " ('textual', 'rich', 'click', 'venue_tui')])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


MODELS = Path(__file__).parents[3] / "models"


@pytest.mark.parametrize("name", ["SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"])
def test_a_full_disk_is_called_so_however_sqlite_puts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    said = sqlite3.OperationalError("disk I/O error")
    said.sqlite_errorcode = {"SQLITE_FULL": 13, "SQLITE_IOERR_SHMSIZE": 4874}[name]
    error = OperationalError("disk I/O error")
    error.orig = said
    found = errors.refusal(error)
    assert found is not None
    assert "the disk is full" in str(found)

    def full(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(opening, "_bring_up_to_date", full)
    with pytest.raises(Refused, match="the disk is full"):
        open_venue(f"sqlite:///{tmp_path / 'x.db'}", create=True)


def test_tables_that_another_terminal_makes_meanwhile_are_no_fault(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They weren't there when they were read, and are when it is asked whether they are."""
    answers = [OperationalError("no such table"), opening.execute]

    def asked(sql: str) -> Any:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer(sql)

    monkeypatch.setattr(opening, "execute", asked)
    assert opening.applied_migrations() == opening.known_migrations()
    answers += [OperationalError("spoiled"), OperationalError("spoiled")]
    with pytest.raises(OperationalError):
        opening.applied_migrations()
