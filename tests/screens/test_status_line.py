"""The line above the keys: what was done and how to take it back, and why a key does nothing."""

import pytest
from textual.widgets._toast import Toast

from models.access.session import Session
from models.operations import staff
from models.operations.staff import Details
from tests.screens.trial import TrialScreen, stand_in
from venue_tui.app import VenueApp
from venue_tui.screens.shared.text_viewer import ReadScreen
from venue_tui.widgets.status import StatusLine

SIZE = (80, 24)


@pytest.fixture
def house(session: Session, monkeypatch: pytest.MonkeyPatch) -> Session:
    stand_in(monkeypatch)
    staff.add(session, "S01", Details("张三丰", "staff", session.tonight(), 500_000))
    return session


def line(app: VenueApp) -> str:
    status = app.screen_stack[0].query_one(StatusLine)
    return "\n".join(status.render_line(y).text.rstrip() for y in range(status.size.height))


async def test_what_was_done_stands_above_the_keys_with_the_way_back(house: Session) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        assert line(app) == ""
        await pilot.press("space")
        assert line(app) == "张三丰 is present · u undo"
        await pilot.press("u")
        assert line(app) == "Undone: 张三丰 is present"
        await pilot.press("u")
        assert "Nothing was done here that could be taken back." in line(app)
        await pilot.press("down")
        assert line(app) == ""
        assert not app.screen.query(Toast)


async def test_what_is_wrong_stays_until_a_key_and_what_was_done_until_the_next(
    house: Session,
) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        screen = app.screen
        assert isinstance(screen, TrialScreen)
        screen.did("done", None)
        await pilot.press("down", "up")
        assert line(app) == "done"
        screen.complain("one\ntwo")
        await pilot.pause()
        assert line(app) == "one · two"
        await pilot.press("down")
        assert line(app) == ""


async def test_each_screen_has_its_own_and_the_menu_lists_them(house: Session) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("space", "3")
        assert line(app) == ""
        await pilot.press("2")
        assert line(app) == "张三丰 is present · u undo"
        await pilot.press("ctrl+p", *"What was", "enter")
        assert isinstance(app.screen, ReadScreen)
        assert app.screen.text.endswith("张三丰 is present")


async def test_a_long_sentence_takes_more_lines_and_covers_no_row(house: Session) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=(40, 24), notifications=True) as pilot:
        screen = app.screen
        assert isinstance(screen, TrialScreen)
        screen.say("很" * 30)
        await pilot.pause()
        status = screen.query_one(StatusLine)
        assert status.size.height == 2
        others = [each.region for each in screen.children if each is not status and each.display]
        assert not any(status.region.overlaps(each) for each in others)
        screen.say("很" * 200)
        await pilot.pause()
        assert status.size.height == StatusLine.MOST_LINES
        assert "…" in line(app)
