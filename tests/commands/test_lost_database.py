"""A database that commands can't work with: a sentence on standard error and exit status 1."""

import sqlite3
from pathlib import Path

import pytest

from models.storage import database
from tests.commands.conftest import Run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "venue.db"


def test_one_that_others_keep_busy(venue: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "WAIT_SECONDS", 0.02)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    ran = venue("rules", "adopt", "club", "--from", "2099-01-01")
    other.close()
    assert (ran.status, ran.out) == (1, "")
    assert "other terminals kept the database busy" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_one_that_was_removed(venue: Run, file: Path) -> None:
    file.unlink()
    ran = venue("check")
    assert (ran.status, ran.out) == (1, "")
    assert "there is no venue at" in ran.err
    assert not file.exists()


def test_one_that_fails_while_rows_are_read(
    venue: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR

    def verify(*_given: object, **_more: object) -> None:
        raise error

    monkeypatch.setattr("models.payroll.verification.verify", verify)
    ran = venue("check")
    assert (ran.status, ran.out) == (1, "")
    assert "the disk failed (disk I/O error)" in ran.err
    assert not list(tmp_path.rglob("errors.log"))


def test_a_bug_in_a_statement_is_no_refusal(
    venue: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def verify(*_given: object, **_more: object) -> None:
        database.execute("SELECT wrong FROM nowhere")

    monkeypatch.setattr("models.payroll.verification.verify", verify)
    ran = venue("check")
    assert (ran.status, ran.out) == (1, "")
    assert "something unforeseen went wrong" in ran.err
    assert "no such table" in next(tmp_path.rglob("errors.log")).read_text()
