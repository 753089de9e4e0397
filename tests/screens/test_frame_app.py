"""The program around the screens: modes, keys, palette, languages, themes, what goes wrong."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from textual.widgets import Input
from textual.worker import WorkerFailed

from models.access.session import Session
from models.values.problems import refused
from tests.screens.pilot import toasts
from tests.screens.trial import AskForLeave, TrialScreen
from venue_tui import config
from venue_tui.actions import SCREENS
from venue_tui.app import VenueApp
from venue_tui.screens.shared.help import HelpScreen
from venue_tui.widgets.chooser import Chooser
from venue_tui.widgets.finder import Finder
from venue_tui.widgets.frame import FactLine, KeyBar, ScreenBar
from venue_tui.widgets.line_list import LineList

SIZE = (80, 24)
pytestmark = pytest.mark.usefixtures("stand_ins")
_ROOT = Path(__file__).resolve().parents[2]
_BROKEN = """
import sys
sys.path.insert(0, ".")
from types import ModuleType
from venue_tui.app import VenueApp
from venue_tui.screens.shared.base import VenueScreen

class TonightScreen(VenueScreen):
    where = "tonight"
    def body(self):
        return ()
    def refresh_data(self):
        phone = "13800001111"
        raise KeyError("nobody")

module = ModuleType("venue_tui.screens.tonight.screen")
module.TonightScreen = TonightScreen
sys.modules[module.__name__] = module

class Session:
    def database_changes(self):
        return 1

app = VenueApp(Session())
app.facts = lambda: ("", "")
app.run(headless=True)
sys.exit(app.return_code)
"""


def bar(app: VenueApp, widget: type[KeyBar] | type[ScreenBar] | type[FactLine]) -> str:
    shown = app.screen.query_one(widget)
    return "\n".join(shown.render_line(y).text.rstrip() for y in range(shown.size.height))


def trial(app: VenueApp) -> TrialScreen:
    assert isinstance(app.screen, TrialScreen)
    return app.screen


async def test_number_keys_open_the_screens(session: Session) -> None:
    app = VenueApp(session)
    async with app.run_test(size=SIZE) as pilot:
        for key, name in zip("1234567890", SCREENS, strict=True):
            await pilot.press(key)
            assert trial(app).where == name.name
            assert f"[{key}" in bar(app, ScreenBar)
        await pilot.click(ScreenBar, offset=(12, 0))
        assert trial(app).where == "roll"


async def test_only_the_first_screen_is_made_at_first(session: Session) -> None:
    app = VenueApp(session, first="staff")
    async with app.run_test(size=SIZE):
        assert trial(app).where == "staff"
        assert list(app._screen_stacks) == ["staff"]


async def test_says_where_when_and_who(session: Session) -> None:
    app = VenueApp(session)
    async with app.run_test(size=SIZE):
        line = bar(app, FactLine)
    assert "测试夜场" in line
    assert "2026-09-02" in line
    assert line.endswith(f"{session.name()}  19:25")


async def test_the_screens_and_the_keys_fit_80_cells(session: Session) -> None:
    for language in ("en", "zh-Hans", "zh-Hant"):
        app = VenueApp(session, language=language, first="roll")
        async with app.run_test(size=SIZE):
            assert "0" in bar(app, ScreenBar)
            assert "^q" in bar(app, KeyBar)


async def test_a_key_that_can_do_nothing_now_is_in_parentheses(session: Session) -> None:
    app = VenueApp(session, first="roll")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert "(u Undo)" in bar(app, KeyBar)
        await pilot.press("space")
        await pilot.pause()
        assert "(u Undo)" not in bar(app, KeyBar)


async def test_a_click_on_a_key_presses_it(session: Session) -> None:
    app = VenueApp(session, first="roll")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.click(KeyBar, offset=(3, 0))
        assert trial(app).marked == {"张三丰"}


async def test_undo_does_the_opposite_and_says_what(session: Session) -> None:
    app = VenueApp(session, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("space", "down", "space")
        assert len(trial(app).marked) == 2
        await pilot.press("u")
        assert trial(app).marked == {"张三丰"}
        assert "Undone: 欧阳菲菲 [red] is present" in toasts(pilot)
        await pilot.press("u", "u")
        assert trial(app).marked == set()


async def test_an_undo_that_is_refused_says_why(session: Session) -> None:
    def closed() -> None:
        raise refused("month", "%(month)s is closed", month="2026-08")

    app = VenueApp(session, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        trial(app).did("Done [/]", closed)
        await pilot.press("u")
        await pilot.pause()
        assert toasts(pilot) == ["Done [/]", "2026-08 is closed"]


async def test_find_filters_and_keeps_what_was_found(session: Session) -> None:
    app = VenueApp(session, first="roll")
    async with app.run_test(size=SIZE) as pilot:
        assert not app.screen.query_one(Finder).display
        await pilot.press("slash", "a", "n", "enter")
        names = app.screen.query_one(LineList)
        assert [row.key for row in names.rows] == ["Ann [/]"]
        assert app.focused is names
        await pilot.press("slash", "escape")
        assert len(names.rows) == len(TrialScreen.names)
        assert not app.screen.query_one(Finder).display


async def test_palette_runs_what_can_be_done_here(session: Session) -> None:
    app = VenueApp(session, first="roll")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+p")
        assert isinstance(app.screen, Chooser)
        keys = [row.key for row in app.screen.query_one(LineList).rows]
        assert keys[0] == "roll.mark"
        assert "go.staff" in keys
        assert "screen.undo" not in keys
        await pilot.press(*"here", "enter")
        await pilot.pause()
        assert trial(app).marked == {"张三丰"}


async def test_help_tells_what_the_screen_is_for_and_its_keys(session: Session) -> None:
    app = VenueApp(session, first="roll")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpScreen)
        text = str(app.screen._text())
        assert "What this screen is for." in text
        assert "space" in text
        await pilot.press("escape")
        assert trial(app).where == "roll"


async def test_another_change_is_shown_and_the_cursor_stays(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = 1
    monkeypatch.setattr(session, "database_changes", lambda: changes)
    app = VenueApp(session, first="roll")
    async with app.run_test(size=SIZE) as pilot:
        screen = trial(app)
        await pilot.press("end")
        cursor = screen.query_one(LineList).cursor_key
        read = screen.times_read
        app._tick()
        assert screen.times_read == read
        changes = 2
        app._tick()
        assert screen.times_read == read + 1
        assert screen.query_one(LineList).cursor_key == cursor
        await pilot.press("1")
        changes = 3
        app._tick()
        assert screen.times_read == read + 1
        await pilot.press("2")
        await pilot.pause()
        assert screen.times_read == read + 2


async def test_slow_reads_come_from_a_thread(session: Session) -> None:
    shown: list[int] = []
    app = VenueApp(session)
    async with app.run_test(size=SIZE) as pilot:
        trial(app).read(lambda: 42, shown.append)
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert shown == [42]


async def test_a_slow_read_that_is_refused_says_why(session: Session) -> None:
    def read() -> None:
        raise refused("month", "there is no such month")

    app = VenueApp(session)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        trial(app).read(read, lambda _nothing: None)
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert toasts(pilot) == ["there is no such month"]


async def test_language_changes_live_and_is_remembered(session: Session) -> None:
    app = VenueApp(session, first="roll")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("end", "1", "2")
        cursor = app.screen.query_one(LineList).cursor_key
        app.action_change_language()
        await pilot.pause()
        await pilot.press("down", "enter")
        await pilot.pause()
        assert app.language == "zh-Hans"
        assert app.screen.query_one(LineList).cursor_key == cursor
        assert app.focused is app.screen.query_one(LineList)
        assert app.screen.query_one(LineList).columns[1].title != "Roll"
        assert "Quit" not in bar(app, KeyBar)
        await pilot.press("1")
        await pilot.pause()
        assert app.screen.query_one(LineList).columns[1].title != "Roll"
    assert config.load().language == "zh-Hans"
    assert VenueApp(session).language == "zh-Hans"
    assert VenueApp(session, language="en").language == "en"
    assert config.load().language == "zh-Hans"


async def test_language_changes_under_an_open_form(session: Session) -> None:
    app = VenueApp(session, first="roll")
    async with app.run_test(size=SIZE) as pilot:
        form = AskForLeave()
        await app.push_screen(form)
        form.query_one("#field-reason", Input).value = "typed"
        app.action_change_language()
        await pilot.pause()
        await pilot.press("down", "down", "enter")
        await pilot.pause()
        assert app.language == "zh-Hant"
        assert app.screen is form
        assert form.values()["reason"] == "typed"
        assert "儲存" in bar(app, KeyBar)


async def test_theme_is_tried_then_taken_and_remembered(session: Session) -> None:
    app = VenueApp(session)
    async with app.run_test(size=SIZE) as pilot:
        before = app.theme
        app.action_change_theme()
        await pilot.pause()
        await pilot.press("down")
        assert app.theme != before
        await pilot.press("escape")
        assert app.theme == before
        assert config.load().theme is None
        app.action_change_theme()
        await pilot.pause()
        await pilot.press(*"nord", "enter")
        assert app.theme == "nord"
        chosen = app.screen.query_one(KeyBar).styles.background
    assert config.load().theme == "nord"
    again = VenueApp(session)
    async with again.run_test(size=SIZE):
        assert again.theme == "nord"
        assert again.screen.query_one(KeyBar).styles.background == chosen


async def test_few_colours_mean_the_terminals_own(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-16color")
    monkeypatch.delenv("COLORTERM", raising=False)
    app = VenueApp(session)
    async with app.run_test(size=SIZE):
        assert app.theme == "ansi-dark"
        assert app.screen.query_one(KeyBar).styles.color.ansi is not None


async def test_keys_are_what_the_config_file_says(session: Session) -> None:
    path = config.config_path()
    path.parent.mkdir(parents=True)
    path.write_text(
        '[keys]\n"roll.mark" = "f5"\n"roll.late" = "f6"\n"app.help" = "f1"\n"app.manual" = "f3"\n'
    )
    app = VenueApp(session, first="roll")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("space")
        assert trial(app).marked == set()
        await pilot.press("f5")
        assert trial(app).marked == {"张三丰"}
        assert " f5 Here  f6 Late " in bar(app, KeyBar)
        await pilot.press("f1")
        assert isinstance(app.screen, HelpScreen)
        assert "f1" in str(app.screen._text())


async def test_a_bad_config_file_is_told_and_left_out(session: Session) -> None:
    path = config.config_path()
    path.parent.mkdir(parents=True)
    path.write_text("theme = ")
    app = VenueApp(session)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.pause()
        assert "config.toml" in toasts(pilot)[0]


async def test_leaving_with_typed_text_asks_first(session: Session) -> None:
    from venue_tui.widgets.dialogs import Confirm

    app = VenueApp(session)
    async with app.run_test(size=SIZE) as pilot:
        form = AskForLeave()
        await app.push_screen(form)
        form.query_one("#field-reason", Input).value = "typed"
        await pilot.press("ctrl+q")
        assert isinstance(app.screen, Confirm)
        await pilot.press("n")
        assert app.screen is form
        assert not app._exit
        await pilot.press("ctrl+q", "y")
        assert app._exit


def test_what_goes_wrong_leaves_one_sentence_and_a_log(session: Session, tmp_path: Path) -> None:
    class Broken(VenueApp):
        def action_break(self) -> None:
            guest_phone = "13800001111"
            raise RuntimeError("broken" + guest_phone[:0])

    app = Broken(session)

    async def run() -> None:
        async with app.run_test(size=SIZE):
            app.call_later(app.action_break)

    with pytest.raises(RuntimeError, match="broken"):
        asyncio.run(run())
    assert app.return_code == 1
    log = next(tmp_path.rglob("errors.log")).read_text()
    assert "RuntimeError: broken" in log
    assert "13800001111" not in log.replace('guest_phone = "13800001111"', "")


def test_what_goes_wrong_in_a_thread_is_logged_from_its_start(
    session: Session, tmp_path: Path
) -> None:
    def divide() -> float:
        return 1 / 0

    async def run() -> None:
        app = VenueApp(session)
        async with app.run_test(size=SIZE):
            trial(app).read(divide, lambda _nothing: None)
            await app._exception_event.wait()

    with pytest.raises(WorkerFailed):
        asyncio.run(run())
    log = next(tmp_path.rglob("errors.log")).read_text()
    assert "return 1 / 0" in log
    assert "ZeroDivisionError" in log


def test_the_terminal_sees_no_traceback(sqlite_url: str, tmp_path: Path) -> None:
    script = tmp_path / "broken.py"
    script.write_text(_BROKEN)
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=60, cwd=_ROOT
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr + done.stdout
    assert "13800001111" not in done.stderr + done.stdout
    assert done.stderr.count("The program had to stop") == 1


async def test_a_screen_that_is_opened_again_is_painted_at_once(session: Session) -> None:
    app = VenueApp(session, first="roll")
    async with app.run_test(size=SIZE) as pilot:
        held_back: list[float] = []
        set_timer = app.set_timer
        app.set_timer = lambda delay, *rest, **more: (  # type: ignore[method-assign, assignment]
            held_back.append(delay), set_timer(delay, *rest, **more))[1]  # fmt: skip
        await pilot.press("3")
        await pilot.pause()
        assert held_back
        assert max(held_back) <= 0.001
