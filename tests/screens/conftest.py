"""What the tests of the screens share: one kind of database, and a clock that stands still."""

import pytest
from argon2 import PasswordHasher

from models.access.passwords import normal


@pytest.fixture
def url(sqlite_url: str) -> str:
    """Screens say the same on either database; models' tests run on both."""
    return sqlite_url


@pytest.fixture
def quick_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets whose hash takes no time: how slow it is is tested with the models."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("models.access.accounts.hashed", lambda secret: hasher.hash(normal(secret)))
