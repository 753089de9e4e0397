"""The sign-in screen: who stands at the terminal, and what keeps them out."""

import asyncio
import re
import sqlite3
from collections.abc import Callable
from threading import Event, current_thread, main_thread

import pytest
from peewee import OperationalError
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, Static

from models.access import accounts
from models.access.passwords import hashed
from models.access.session import Session
from models.values.problems import Refused, refused
from tests.clock import Clock
from tests.models.house import hire
from tests.screens.pilot import settled
from tests.screens.trial import TrialScreen
from venue_tui.app import VenueApp
from venue_tui.locale import set_language
from venue_tui.screens.accounts.forms import SecretForm, ask_new_secret
from venue_tui.screens.shared.text_viewer import ReadScreen
from venue_tui.screens.sign_in import screen
from venue_tui.screens.sign_in.screen import SignInScreen
from venue_tui.widgets.chooser import Chooser
from venue_tui.widgets.controls import Picker
from venue_tui.widgets.frame import FactLine, KeyBar
from venue_tui.widgets.line_list import LineList

SIZE = (80, 24)
pytestmark = pytest.mark.usefixtures("stand_ins")
SECRET = "paper lantern"


@pytest.fixture
def house(session: Session) -> Session:
    """A venue in which 李雷, the director, and an admin may sign in."""
    accounts.add(session, "admin", "admin", SECRET)
    accounts.sign_in(session, "admin", SECRET)
    accounts.add(session, "李雷", "director", SECRET)
    accounts.sign_out(session)
    return session


def says(app: VenueApp) -> str:
    """The sentences on the sign-in screen."""
    lines = app.screen.query_one("#form").query(Static)
    return "\n".join(str(each.content) for each in lines if each.display)


async def tried(app: VenueApp, pilot: Pilot[None]) -> None:
    await app.workers.wait_for_complete()
    await pilot.pause()
    await pilot.pause()


async def test_the_terminal_opens_on_it_and_shows_nothing_else(house: Session) -> None:
    app = VenueApp(house, locked=True)
    async with app.run_test(size=SIZE) as pilot:
        assert isinstance(app.screen, SignInScreen)
        assert list(app._screen_stacks) == ["sign-in"]
        line = app.screen.query_one(FactLine).render_line(0).text
        assert "测试夜场" in line
        assert house.user not in line
        await pilot.press("2", "f7", "question_mark", "ctrl+l", "escape")
        assert isinstance(app.screen, SignInScreen)
        assert list(app._screen_stacks) == ["sign-in"]


async def test_the_palette_offers_nothing_that_needs_a_sign_in(house: Session) -> None:
    app = VenueApp(house, locked=True)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+p")
        assert isinstance(app.screen, Chooser)
        keys = {row.key for row in app.screen.query_one(LineList).rows}
        assert keys == {"sign-in.enter", "app.quit", "app.theme", "app.language"}


async def test_a_name_is_chosen_by_its_initials(house: Session) -> None:
    app = VenueApp(house, locked=True, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("l", "l", "enter")
        assert app.screen.query_one(Picker).value == "李雷"
        assert app.focused is app.screen.query_one("#field-secret")
        await pilot.press(*"paper", "space", *"lantern")
        line = app.screen.query_one("#field-secret").render_line(0).text
        assert "paper" not in line
        await pilot.press("enter")
        await tried(app, pilot)
        assert isinstance(app.screen, TrialScreen)
        assert app.screen.where == "roll"
        assert app.session.actor is not None
        assert app.session.actor.name == "李雷"
        assert "李雷 (director)" in app.screen.query_one(FactLine).render_line(0).text
        assert [each.message for each in app.said] == ["李雷 signed in as director."]
        assert "sign-in" not in app._modes


@pytest.mark.parametrize(
    ("role", "opens"),
    [
        ("director", "tonight"),
        ("supervisor", "tonight"),
        ("payroll", "deductions"),
        ("staff", "deductions"),
    ],
)
async def test_each_role_begins_with_its_own_work(session: Session, role: str, opens: str) -> None:
    hire("S1", "韩梅梅", "supervisor")
    accounts.add(session, "admin", "admin", SECRET)
    accounts.sign_in(session, "admin", SECRET)
    accounts.add(session, "hmm", role, SECRET, staff_no="S1")
    accounts.sign_out(session)
    app = VenueApp(session, locked=True)
    async with app.run_test(size=SIZE) as pilot:
        app.screen.query_one("#field-name Input", Input).value = "hmm"
        app.screen.query_one("#field-secret", Input).value = SECRET
        app.screen.action_save()
        await tried(app, pilot)
        assert app.current_mode == opens


async def test_other_capitals_are_the_same_name(house: Session) -> None:
    app = VenueApp(house, locked=True)
    async with app.run_test(size=SIZE) as pilot:
        app.screen.query_one("#field-name Input", Input).value = "Admin"
        app.screen.query_one("#field-secret", Input).value = SECRET
        app.screen.action_save()
        await tried(app, pilot)
        assert app.session.actor is not None
        assert app.session.actor.name == "admin"


async def test_wrong_secrets_waiting_and_the_lock_are_said(house: Session, clock: Clock) -> None:
    app = VenueApp(house, locked=True)
    async with app.run_test(size=SIZE) as pilot:

        async def attempt(name: str, secret: str) -> str:
            app.screen.query_one(Picker).take(name, name)
            app.screen.query_one("#field-secret", Input).value = secret
            app.screen.action_save()
            await tried(app, pilot)
            return says(app) if app.lock.is_on else ""

        assert "the name or the password is wrong" in await attempt("李雷", "wrong one")
        assert app.screen.query_one("#field-secret", Input).value == ""
        assert app.focused is app.screen.query_one("#field-secret")
        await attempt("李雷", "wrong two")
        assert "wait 2 seconds before the next try" in await attempt("李雷", "wrong three")
        assert "too soon: wait 2 seconds" in await attempt("李雷", SECRET)
        for _more in range(accounts.LOCKED_AFTER - 3):
            clock.now += 600
            said = await attempt("李雷", "wrong again")
        assert "locked for 15 minutes" in said
        assert "have an admin unlock it" in await attempt("李雷", SECRET)
        assert "the name or the password is wrong" in await attempt("nobody", SECRET)
        assert app.session.actor is None
        clock.now += accounts.LOCK_SECONDS
        assert await attempt("李雷", SECRET) == ""
        assert app.session.actor is not None


async def test_enter_goes_to_what_is_missing(house: Session) -> None:
    app = VenueApp(house, locked=True)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("enter")
        assert app.focused is app.screen.query_one("#field-name Input")
        app.screen.query_one(Picker).take("admin", "admin")
        await pilot.press("enter")
        assert app.focused is app.screen.query_one("#field-secret")
        app.screen.query_one(Picker).take("", "")
        await pilot.press("enter")
        assert app.focused is app.screen.query_one("#field-name Input")


async def test_leaving_the_program_asks_nothing(house: Session) -> None:
    app = VenueApp(house, locked=True)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("a", "ctrl+q")
        assert app._exit


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
async def test_it_fits_and_speaks(house: Session, language: str) -> None:
    app = VenueApp(house, language=language, locked=True)
    async with app.run_test(size=SIZE):
        form = app.screen.query_one("#form")
        assert app.screen.region.contains_region(form.region)
        assert ("Sign in" in app.screen.query_one(KeyBar).render_line(0).text) == (language == "en")


async def test_the_first_account_made_elsewhere_asks_everyone_to_sign_in(session: Session) -> None:
    app = VenueApp(session, first="roll")
    async with app.run_test(size=SIZE) as pilot:
        assert isinstance(app.screen, TrialScreen)
        accounts.add(session.for_another(), "admin", "admin", SECRET)
        app._tick()
        await pilot.pause()
        assert isinstance(app.screen, SignInScreen)
        assert "this venue has accounts now: sign in first" in says(app)
        app.screen.query_one(Picker).take("admin", "admin")
        app.screen.query_one("#field-secret", Input).value = SECRET
        app.screen.action_save()
        await tried(app, pilot)
        assert isinstance(app.screen, TrialScreen)
        assert app.current_mode == "accounts"


async def test_an_account_that_is_disabled_elsewhere_is_out(house: Session) -> None:
    accounts.sign_in(house, "李雷", SECRET)
    app = VenueApp(house)
    async with app.run_test(size=SIZE) as pilot:
        admin = house.for_another()
        accounts.sign_in(admin, "admin", SECRET)
        accounts.disable(admin, "李雷")
        app._tick()
        await pilot.pause()
        assert isinstance(app.screen, SignInScreen)
        assert "the account 李雷 was changed meanwhile: sign in again" in says(app)


async def test_another_language_keeps_what_was_written(house: Session) -> None:
    app = VenueApp(house, language="en", locked=True)
    try:
        async with app.run_test(size=SIZE) as pilot:
            app.screen.query_one(Picker).take("admin", "admin")
            app.screen.query_one("#field-secret", Input).value = SECRET
            await app.speak("zh-Hans")
            await pilot.pause()
            assert "登录" in app.screen.query_one(KeyBar).render_line(0).text
            await pilot.press("f2")
            await tried(app, pilot)
            assert isinstance(app.screen, TrialScreen)
            assert app.current_mode == "accounts"
    finally:
        set_language("en")


async def test_a_locked_account_is_opened_by_its_recovery_code_key_by_key(
    session: Session, clock: Clock
) -> None:
    accounts.add(session, "admin", "admin", SECRET)
    accounts.sign_in(session, "admin", SECRET)
    code = accounts.add(session, "amy", "director", SECRET)
    accounts.sign_out(session)
    app = VenueApp(session, locked=True, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press(*"amy", "enter")
        for _guess in range(8):
            await pilot.press(*"wrong", "enter")
            await tried(app, pilot)
            clock.now += 600
        clock.now -= 600
        await pilot.press(*"paper", "space", *"lantern", "enter")
        await tried(app, pilot)
        assert "recovery code" in says(app)
        await pilot.press(*("minus" if each == "-" else each for each in code.lower()), "enter")
        await tried(app, pilot)
        assert app.session.actor is not None
        assert app.session.actor.name == "amy"
        # It is used up: a new password comes with another, which is shown until it is put away.
        assert isinstance(app.screen, SecretForm)
        await pilot.press(*"newer", "space", *"lantern", "enter", *"newer", "space", *"lantern")
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, ReadScreen)
        [new] = re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4})+", app.screen.text)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, TrialScreen)
        assert all(new not in each.message for each in app.said)
    elsewhere = Session(clock=clock, terminal="elsewhere")
    with pytest.raises(Refused):
        accounts.sign_in(elsewhere, "amy", code)
    clock.now += 900
    assert accounts.sign_in(elsewhere, "amy", new).recovered


async def test_a_password_is_hashed_while_the_screen_goes_on_and_keys_wait(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.add(session, "admin", "admin", SECRET)
    accounts.sign_in(session, "admin", SECRET)
    go_on, hashing = Event(), Event()

    def slow(secret: str, hash_it: Callable[[str], str] = hashed) -> str:
        assert current_thread() is not main_thread()
        hashing.set()
        assert go_on.wait(10)
        return hash_it(secret)

    monkeypatch.setattr(accounts, "hashed", slow)
    app = VenueApp(session, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        ask_new_secret(app, session, "admin")
        await pilot.pause()
        for secret in (SECRET, "newer lantern", "newer lantern"):
            await pilot.press(*("space" if each == " " else each for each in secret), "enter")
        assert await asyncio.to_thread(hashing.wait, 10)
        assert "Checking" in says(app)
        app.post_message(events.Key("enter", "\r"))  # pressed twice
        await pilot.pause()
        go_on.set()
        await tried(app, pilot)
        await settled(pilot)
        # What is shown once isn't put away by a key that was pressed before it stood there.
        assert isinstance(app.screen, ReadScreen)
        await pilot.press("enter")
        assert isinstance(app.screen, TrialScreen)
    accounts.sign_in(session, "admin", "newer lantern")


def _busy(*_given: object) -> None:
    raise refused("database", "others are writing")


def _locked(*_given: object) -> None:
    orig = sqlite3.OperationalError("database is locked")
    orig.sqlite_errorcode = sqlite3.SQLITE_BUSY
    error = OperationalError("database is locked")
    error.orig = orig
    raise error


@pytest.mark.parametrize(
    ("function", "fails"),
    [("sign_in", _busy), ("sign_in", _locked), ("sign_out", _busy), ("sign_out", _locked)],
)
async def test_whoever_could_not_be_let_in_is_told_and_may_try_again(
    house: Session, monkeypatch: pytest.MonkeyPatch, function: str, fails: Callable[..., None]
) -> None:
    accounts.sign_in(house, "李雷", SECRET)
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+l")
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(accounts, function, fails)
            await sign_in(app, pilot)
            assert "Checking" not in says(app)
            assert app.screen.query_one("#problem-of-form", Static).display
            assert app.session.actor is not None
            assert app.session.actor.name == "李雷"
        await sign_in(app, pilot)
        assert app.session.actor is not None
        assert app.session.actor.name == "admin"


async def test_an_answer_that_never_comes_is_not_waited_for(
    house: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "_PATIENCE", 0.2)
    answers, right = Event(), accounts.sign_in
    app = VenueApp(house, locked=True)
    async with app.run_test(size=SIZE) as pilot:
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(accounts, "sign_in", lambda *given: (answers.wait(), right(*given)))
            app.screen.query_one(Picker).take("李雷", "李雷")
            app.screen.query_one("#field-secret", Input).value = SECRET
            app.screen.action_save()
            assert "Checking" in says(app)
            await asyncio.sleep(0.3)
            await pilot.pause()
            assert "Checking" not in says(app)
            assert "no answer came" in says(app)
        answers.set()
        await tried(app, pilot)
        assert app.lock.is_on  # whoever comes meanwhile isn't let in by an answer to another
        await sign_in(app, pilot)
        assert app.session.actor is not None
        assert app.session.actor.name == "admin"


async def sign_in(app: VenueApp, pilot: Pilot[None]) -> None:
    app.screen.query_one(Picker).take("admin", "admin")
    app.screen.query_one("#field-secret", Input).value = SECRET
    app.screen.action_save()
    await tried(app, pilot)
