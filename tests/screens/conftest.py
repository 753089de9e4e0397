"""What the tests of the screens share: one kind of database, and a clock that stands still."""

import pytest


@pytest.fixture
def url(sqlite_url: str) -> str:
    """Screens say the same on either database; models' tests run on both."""
    return sqlite_url
