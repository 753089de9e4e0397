"""What the terminal is opened on: the venue, the sign-in screen, or nothing."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from models.access import accounts
from models.access.session import Session
from models.backup.opening import open_venue
from tests.commands.conftest import Run

SECRET = "paper lantern"
_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str | None, bool]]:
    """Who was signed in when the terminal was opened, and whether it was locked."""
    found = []

    class Opened:
        return_code = 0

        def __init__(self, session: Session, *, locked: bool, **_more: Any) -> None:
            found.append((session.actor.name if session.actor else None, locked))

        def run(self) -> None:
            pass

    monkeypatch.setattr("venue_tui.app.VenueApp", Opened)
    monkeypatch.setenv("TEXTUAL_DRIVER", "some.driver:OfAWebPage")
    return found


@pytest.fixture
def accounted(venue: Run, sqlite_url: str) -> Run:
    open_venue(sqlite_url)
    accounts.add(Session(), "admin", "admin", SECRET)
    return venue


def test_a_venue_without_accounts_is_open(
    venue: Run, opened: list[tuple[str | None, bool]]
) -> None:
    assert venue().status == 0
    assert opened == [(None, False)]
    ran = venue("--as", "admin")
    assert (ran.status, ran.err) == (1, "this venue has no accounts, so nobody signs in\n")
    assert len(opened) == 1


def test_where_people_sign_in_it_opens_locked(
    accounted: Run, opened: list[tuple[str | None, bool]]
) -> None:
    assert accounted().status == 0
    assert opened == [(None, True)]


def test_whoever_signs_in_by_the_command_line_is_in_at_once(
    accounted: Run, opened: list[tuple[str | None, bool]]
) -> None:
    assert accounted("--as", "admin", SECRET=SECRET).status == 0
    assert opened == [("admin", False)]


def test_a_wrong_secret_opens_nothing(
    accounted: Run, opened: list[tuple[str | None, bool]]
) -> None:
    ran = accounted("--as", "admin", SECRET="wrong")
    assert (ran.status, ran.err) == (1, "the name or the password is wrong\n")
    assert opened == []


def test_what_signing_in_needs_is_loaded_only_where_people_do() -> None:
    code = (
        "import sys, venue_tui.app, venue_tui.commands.terminal, models.access.accounts\n"
        "import venue_tui.screens.tonight.screen\n"
        "late = ('argon2', 'venue_tui.screens.sign_in.screen', 'venue_tui.screens.audit.screen',"
        " 'venue_tui.screens.accounts.screen')\n"
        "print([each for each in late if each in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=_ROOT
    )
    assert done.stdout == "[]\n"
