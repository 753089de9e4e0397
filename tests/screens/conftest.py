"""What the tests of the screens share: one kind of database, and the demo's venue."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.access.session import Session
from models.storage.database import close_database
from tests.screens.idle import wait_by_the_loop
from tests.screens.styles import read_styles_once
from tests.screens.trial import stand_in
from venue_tui.demo.venue import make_demo
from venue_tui.locale import set_language


@pytest.fixture
def url(sqlite_url: str) -> str:
    """Screens say the same on either database; models' tests run on both."""
    return sqlite_url


@pytest.fixture(autouse=True)
def pilots_wait_by_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    wait_by_the_loop(monkeypatch)


@pytest.fixture(autouse=True)
def styles_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read_styles_once(monkeypatch)


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    """No test sees the language that another chose."""
    yield
    set_language("en")


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Session]:
    """The demo's venue, its clock standing at 19:25."""
    yield make_demo(tmp_path, ticking=False)
    close_database()


@pytest.fixture
def stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every screen of the program is a `TrialScreen`."""
    stand_in(monkeypatch)
