"""What the terminal is opened on: the venue, the sign-in screen, or nothing."""

import contextlib
import os
import signal
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
            self.session = session
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


def test_what_tonight_has_no_use_for_is_loaded_only_where_it_is_used() -> None:
    code = (
        "import sys; from venue_tui import startup; startup.begin(); startup.import_textual()\n"
        "from venue_tui.commands.invocation import spare_drivers; spare_drivers(None)\n"
        "import venue_tui.app, venue_tui.commands.terminal, venue_tui.screens.tonight.screen\n"
        "print('models.storage.tables' in sys.modules)\n"
        "import models.access.accounts\n"
        "late = ('argon2', 'venue_tui.screens.sign_in.screen', 'venue_tui.screens.audit.screen',"
        " 'venue_tui.screens.accounts.screen', 'ssl', 'textual.types', 'textual.widgets._input', 'mimetypes', 'platformdirs')\n"
        "print([each for each in late if each in sys.modules])\n"
        # for whoever speaks TLS after all, and is handed a file
        "import ssl; ssl.create_default_context()\n"
        "import platformdirs, textual.app; print(textual.app.mimetypes.guess_type('a.csv')[0],"
        " textual.app.user_downloads_path() == platformdirs.user_downloads_path())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=_ROOT
    )
    assert done.stdout == "False\n[]\ntext/csv True\n"


@pytest.mark.skipif(os.name == "nt", reason="there are no such signals")
@pytest.mark.parametrize("told", ["SIGHUP", "SIGTERM"])
def test_whose_window_is_closed_is_signed_out_on_the_trail(
    accounted: Run, sqlite_url: str, told: str
) -> None:
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "venue_tui", "--database", sqlite_url, "--as", "admin"]
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        env=os.environ | {"VENUE_TUI_SECRET": SECRET, "PYTHONPATH": str(_ROOT)},
    )  # fmt: skip
    os.close(theirs)
    seen = b""
    while b"^q" not in seen:
        seen += os.read(ours, 65536)
    process.send_signal(getattr(signal, told))
    with contextlib.suppress(OSError):  # which is how its end is told
        while os.read(ours, 65536):
            pass
    process.wait(10)
    os.close(ours)
    audit = accounted("--as", "admin", "audit", SECRET=SECRET).out
    assert "account.signed_out" in audit
