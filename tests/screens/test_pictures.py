"""What each screen looks like, at both sizes; the README shows one of these pictures."""

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from models.access.session import Session
from tests.screens.pilot import settled
from venue_tui.actions import SCREENS
from venue_tui.app import VenueApp

SIZES = {"80x24": (80, 24), "120x36": (120, 36)}
SnapCompare = Callable[..., bool]


@pytest.fixture(autouse=True)
def everywhere_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setattr("getpass.getuser", lambda: "director")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("screen", [screen.name for screen in SCREENS])
def test_screen(snap_compare: SnapCompare, demo: Session, screen: str, size: str) -> None:
    app = VenueApp(demo, language="en", first=screen)
    assert snap_compare(app, terminal_size=SIZES[size], run_before=settled)


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_roll_in_chinese(snap_compare: SnapCompare, demo: Session, language: str) -> None:
    app = VenueApp(demo, language=language, first="roll")
    assert snap_compare(app, terminal_size=(80, 24), run_before=settled)


def test_roll_picture(snap_compare: SnapCompare, demo: Session) -> None:
    """The README's: a few have come, and one was late."""

    async def mark(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await pilot.press(*["space"] * 4)
        await settled(pilot)

    app = VenueApp(demo, language="en", first="roll")
    assert snap_compare(app, terminal_size=(110, 30), run_before=mark)
