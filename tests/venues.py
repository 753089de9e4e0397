"""Venues for tests, without making each anew: their tables are copied from those that the migrations
made once, a rulebook that was read is not read again, and no secret takes long to hash."""

import sqlite3
from functools import cache, lru_cache
from typing import Any

import argon2
import pytest
from peewee import SqliteDatabase
from playhouse.migrations import Runner

from models.rules import shipped
from models.rules.rulebook_parser import parse
from models.storage.opening import MIGRATIONS

_migrate = Runner.up
"""What makes a database in earnest."""

_parse = lru_cache(maxsize=32)(parse)
"""Rulebooks can't be changed, so that one is as good as another of the same text."""


def remember_rulebooks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "parse", _parse)


RealHasher = argon2.PasswordHasher


class QuickHasher(RealHasher):
    """Hashes that cost as little as Argon2 can."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)


def hash_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(argon2, "PasswordHasher", QuickHasher)


def copy_instead_of_migrating(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fills empty SQLite databases with what the migrations made of the first one."""

    def up(runner: Runner, target: str | None = None) -> Any:
        database = runner.database
        ours = runner.directory == str(MIGRATIONS)
        if not (ours and isinstance(database, SqliteDatabase)) or database.get_tables():
            return _migrate(runner, target)
        connection = database.connection()
        [mark] = connection.execute("PRAGMA application_id").fetchone()
        _migrated(target).backup(connection)
        connection.execute(f"PRAGMA application_id = {mark}")
        return None

    monkeypatch.setattr(Runner, "up", up)


@cache
def _migrated(target: str | None) -> sqlite3.Connection:
    """A database in memory to which the migrations were applied."""
    made = SqliteDatabase(":memory:")
    made.connect()
    _migrate(Runner(made, directory=str(MIGRATIONS)), target)
    connection: sqlite3.Connection = made.connection()
    return connection
