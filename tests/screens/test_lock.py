"""The lock: when it goes on, what it hides, and what comes back for whom."""

import time

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from models.access import accounts
from models.access.session import Session
from models.storage import audit
from tests.clock import Clock
from tests.screens.pilot import drawn, toasts
from tests.screens.trial import AskForLeave, TrialScreen
from venue_tui import config
from venue_tui.app import VenueApp
from venue_tui.screens.sign_in.screen import SignInScreen
from venue_tui.widgets.controls import Picker
from venue_tui.widgets.dialogs import Confirm
from venue_tui.widgets.frame import FactLine, KeyBar
from venue_tui.widgets.status import StatusLine

SIZE = (80, 24)
pytestmark = pytest.mark.usefixtures("stand_ins")
SECRET = "paper lantern"


@pytest.fixture
def house(session: Session) -> Session:
    """A venue with an account of each role; 李雷, the director, signed in."""
    accounts.add(session, "admin", "admin", SECRET)
    accounts.sign_in(session, "admin", SECRET)
    for name, role in (("李雷", "director"), ("韩梅梅", "supervisor"), ("pay", "payroll")):
        accounts.add(session, name, role, SECRET)
    accounts.sign_in(session, "李雷", SECRET)
    return session


def leave_alone(app: VenueApp, minutes: float) -> None:
    app.lock._touched = time.time() - minutes * 60


async def sign_in(app: VenueApp, pilot: Pilot[None], name: str) -> None:
    app.screen.query_one(Picker).take(name, name)
    app.screen.query_one("#field-secret", Input).value = SECRET
    await pilot.press("f2")
    await app.workers.wait_for_complete()
    await pilot.pause()
    await pilot.pause()


async def test_a_second_in_which_nothing_happens_asks_once_what_others_did(
    house: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    changes = house.database_changes

    def told() -> int:
        asked.append(changes())
        return asked[-1]

    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE):
        app._tick()
        monkeypatch.setattr(house, "database_changes", told)
        app._tick()
        assert len(asked) == 1


async def test_after_a_while_without_a_key_the_screen_is_hidden(house: Session) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        app.notify("张三丰 is late")
        await pilot.pause()
        assert "张三丰" in "\n".join(drawn(pilot))
        leave_alone(app, 9.9)
        app._tick()
        assert isinstance(app.screen, TrialScreen)
        leave_alone(app, 10)
        app._tick()
        await pilot.pause()
        assert isinstance(app.screen, SignInScreen)
        assert "张三丰" not in "\n".join(drawn(pilot))
        assert "李雷 left this terminal locked" in "\n".join(drawn(pilot))
        assert app.focused is app.screen.query_one("#field-secret")
        app.notify("张三丰 came")
        await pilot.pause()
        assert "张三丰" not in "\n".join(drawn(pilot))
        await sign_in(app, pilot, "李雷")
        assert toasts(pilot)[1:] == ["张三丰 came", "李雷 signed in as director."]


async def test_a_key_puts_it_off(house: Session) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE) as pilot:
        leave_alone(app, 9)
        await pilot.press("down")
        leave_alone(app, (time.time() - app.lock._touched) / 60 + 5)
        app._tick()
        assert isinstance(app.screen, TrialScreen)


async def test_the_key_that_wakes_a_sleeping_computer_does_nothing_else(house: Session) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE) as pilot:
        leave_alone(app, 60)
        roll = app.screen
        assert isinstance(roll, TrialScreen)
        await pilot.press("space")
        assert isinstance(app.screen, SignInScreen)
        assert roll.marked == set()


async def test_a_clock_put_back_locks_too(house: Session) -> None:
    app = VenueApp(house)
    async with app.run_test(size=SIZE) as pilot:
        leave_alone(app, -60)
        app._tick()
        await pilot.pause()
        assert isinstance(app.screen, SignInScreen)


@pytest.mark.parametrize(
    ("written", "minutes"), [("3", 3), ("0", 0), ("-1", 10), ('"5"', 10), ("true", 10), ("2.5", 10)]
)
async def test_how_long_is_in_the_config_file(house: Session, written: str, minutes: int) -> None:
    path = config.config_path()
    path.parent.mkdir(parents=True)
    path.write_text(f"idle_minutes = {written}\n")
    chosen = config.load()
    assert chosen.idle_minutes == minutes
    assert bool(chosen.complaint) == (str(minutes) != written)
    app = VenueApp(house)
    async with app.run_test(size=SIZE) as pilot:
        leave_alone(app, 24 * 60 if not minutes else minutes - 0.1)
        app._tick()
        await pilot.pause()
        assert not app.lock.is_on
        if minutes:
            leave_alone(app, minutes)
            app._tick()
            await pilot.pause()
            assert app.lock.is_on


async def test_a_venue_without_accounts_has_nothing_to_lock(session: Session) -> None:
    app = VenueApp(session)
    async with app.run_test(size=SIZE) as pilot:
        leave_alone(app, 60)
        app._tick()
        await pilot.press("ctrl+l")
        assert isinstance(app.screen, TrialScreen)


async def test_what_was_being_written_comes_back_for_the_same_person(house: Session) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("space")
        roll = app.screen
        form = AskForLeave()
        await app.push_screen(form)
        form.query_one("#field-reason", Input).value = "half a sent"
        await pilot.press("ctrl+l")
        await pilot.pause()
        assert isinstance(app.screen, SignInScreen)
        assert "half a sent" not in "\n".join(drawn(pilot))
        await sign_in(app, pilot, "李雷")
        assert app.screen is form
        assert form.query_one("#field-reason", Input).value == "half a sent"
        assert app.screen_stack[0] is roll
        form.query_one("#field-reason", Input).value = ""
        await pilot.press("escape", "u")
        assert isinstance(roll, TrialScreen)
        assert roll.marked == set()


async def test_the_next_person_starts_afresh(house: Session) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("3", "2", "space", "slash", "a")
        form = AskForLeave()
        await app.push_screen(form)
        form.query_one("#field-reason", Input).value = "nobody's business"
        await pilot.press("ctrl+l")
        await pilot.pause()
        assert app.focused is app.screen.query_one("#field-name Input")
        # In a few keys: letters of the name, Enter, the secret, Enter.
        await pilot.press("h", "m", "m", "enter", *"paper", "space", *"lantern", "enter")
        await app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, TrialScreen)
        assert screen.where == "tonight"
        assert screen.marked == set()
        assert screen._undos == []
        assert len(app.screen_stack) == 1
        assert list(app._screen_stacks) == ["tonight"]
        assert app.session.actor is not None
        assert app.session.actor.name == "韩梅梅"
        assert "韩梅梅 (supervisor)" in screen.query_one(FactLine).render_line(0).text
        # What the one before had under way goes on in nobody's name.
        assert app.session is not house
        assert house.actor is None
        await pilot.press("3", "ctrl+q")
        assert app._exit
    actions = [(line.action, line.who) for line in audit.lines(last=2)]
    assert actions == [("account.signed_in", "韩梅梅"), ("account.signed_out", "李雷")]


async def by_keys(app: VenueApp, pilot: Pilot[None], *keys: str) -> str:
    """Presses them, and returns who is signed in then."""
    for key in keys:
        await pilot.press(key)
        await pilot.pause()
    await app.workers.wait_for_complete()
    await pilot.pause()
    await pilot.pause()
    assert app.session.actor is not None
    return app.session.actor.name


async def test_who_works_here_hands_over_by_pin_in_eight_keys(house: Session) -> None:
    """Ctrl+L, a letter of the name, and a PIN whose last digit says that it is whole, once its
    owner signed in by it here; to whom it was handed over before, without the letter."""
    accounts.change_secret(house, "李雷", "802914", old=SECRET)
    admin = house.for_another()
    accounts.sign_in(admin, "admin", SECRET)
    accounts.change_secret(admin, "韩梅梅", "530127")
    accounts.change_secret(admin, "pay", "6170429")
    accounts.add(admin, "shop", "payroll", SECRET)  # it holds a p, but doesn't begin with one
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        lei, mei, pay = ("l", *"802914"), ("h", *"530127"), ("p", *"6170429")
        people = ((lei, "李雷"), (mei, "韩梅梅"), (pay, "pay"))
        for who, name in people:
            assert await by_keys(app, pilot, "ctrl+l", *who, "enter") == name
        for who, name in people[:2] * 2:
            keys = ("ctrl+l", *who)
            assert len(keys) == 8
            assert await by_keys(app, pilot, *keys) == name
        assert await by_keys(app, pilot, "ctrl+l", *"802914") == "李雷"
        # Nobody knows by how many digits somebody begins to sign in by another PIN.
        accounts.change_secret(admin, "韩梅梅", "5301278")
        assert await by_keys(app, pilot, "ctrl+l", *mei) == "李雷"
        assert app.lock.is_on
        assert await by_keys(app, pilot, *"5301278", "enter") == "韩梅梅"


async def test_a_pin_that_is_put_right_waits_for_enter(house: Session) -> None:
    accounts.change_secret(house, "李雷", "802914", old=SECRET)
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await by_keys(app, pilot, "ctrl+l", *"l802914", "enter")
        await by_keys(app, pilot, "ctrl+l", *"l8029", "backspace", *"914")
        assert not app.lock.is_on
        await by_keys(app, pilot, "ctrl+l", "l", "8")
        app.screen.query_one("#field-secret", Input).value = "8029144"
        await by_keys(app, pilot, "end", "backspace")
        assert app.lock.is_on
        assert app.screen.query_one("#field-secret", Input).value == "802914"


async def test_an_enter_behind_a_pin_that_needs_none_does_nothing(house: Session) -> None:
    accounts.change_secret(house, "李雷", "802914", old=SECRET)
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await by_keys(app, pilot, "ctrl+l", *"l802914", "enter")
        form = AskForLeave()
        await app.push_screen(form)
        list(form.query(Input))[-1].focus()
        assert await by_keys(app, pilot, "ctrl+l", *"l802914", "enter") == "李雷"
        assert app.screen is form
        assert "won't do" not in "\n".join(drawn(pilot))
        await by_keys(app, pilot, "enter")
        assert "won't do" in "\n".join(drawn(pilot))


async def test_no_pin_is_to_be_read_where_a_name_is_written(house: Session) -> None:
    accounts.change_secret(house, "李雷", "802914", old=SECRET)
    admin = house.for_another()
    accounts.sign_in(admin, "admin", SECRET)
    accounts.add(admin, "pat", "payroll", SECRET)
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        for letters, left in (("", ""), ("pa", "pa")):  # pat's or pay's
            await pilot.press("ctrl+l")
            await pilot.pause()
            name = app.screen.query_one("#field-name Input", Input)
            name.value = letters
            name.focus()
            name.cursor_position = len(letters)
            await pilot.press("8", "0")
            await pilot.pause()
            assert name.value == left
            assert "whose PIN is that?" in "\n".join(drawn(pilot))
            await by_keys(app, pilot, "ctrl+a", "ctrl+k", "l", *"802914", "enter")


async def test_a_passphrase_is_no_name(house: Session) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("ctrl+l")
        await pilot.pause()
        app.screen.query_one("#field-secret").focus()
        assert await by_keys(app, pilot, *"paper", "space", *"lantern", "enter") == "李雷"


async def test_a_wrong_secret_loses_nothing(house: Session) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE) as pilot:
        form = AskForLeave()
        await app.push_screen(form)
        form.query_one("#field-reason", Input).value = "mine"
        await pilot.press("ctrl+l")
        app.screen.query_one(Picker).take("韩梅梅", "韩梅梅")
        app.screen.query_one("#field-secret", Input).value = "wrong"
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert isinstance(app.screen, SignInScreen)
        # The attempt isn't put down to whoever locked the terminal.
        [line] = audit.lines(last=1)
        assert (line.action, line.who) == ("account.refused", house.user)
        await sign_in(app, pilot, "李雷")
        assert form.query_one("#field-reason", Input).value == "mine"


async def test_leaving_the_program_from_the_lock_asks_about_the_form(house: Session) -> None:
    app = VenueApp(house)
    async with app.run_test(size=SIZE) as pilot:
        form = AskForLeave()
        await app.push_screen(form)
        form.query_one("#field-reason", Input).value = "mine"
        await pilot.press("ctrl+l")
        await pilot.pause()
        await pilot.press("ctrl+q")
        await pilot.pause()
        assert isinstance(app.screen, Confirm)
        await pilot.press("n")
        await pilot.pause()
        assert isinstance(app.screen, SignInScreen)


async def test_another_role_meanwhile_is_taken_up(house: Session) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE) as pilot:
        admin = house.for_another()
        accounts.sign_in(admin, "admin", SECRET)
        accounts.change(admin, "李雷", role="payroll")
        app._tick()
        await pilot.pause()
        assert isinstance(app.screen, SignInScreen)
        await sign_in(app, pilot, "李雷")
        assert app.session.actor is not None
        assert app.session.actor.role == "payroll"
        assert "(space Here)" in app.screen.query_one(KeyBar).render_line(0).text


async def test_what_ones_role_may_not_do_is_dim_and_says_why(house: Session) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        assert " space Here" in app.screen.query_one(KeyBar).render_line(0).text
        await pilot.press("ctrl+l")
        await sign_in(app, pilot, "pay")
        await pilot.press("2")
        app.forget_said()
        roll = app.screen
        assert isinstance(roll, TrialScreen)
        assert "(space Here)" in roll.query_one(KeyBar).render_line(0).text
        await pilot.press("space")
        assert roll.marked == set()
        assert toasts(pilot) == ["pay signed in as payroll, who may not do this (director may)"]


async def test_whoever_signed_in_is_who_works_here(house: Session) -> None:
    from models.operations import staff
    from models.operations.staff import Details

    app = VenueApp(house)
    assert app.person is None
    app.person = "S02"
    assert app.person is None
    admin = house.for_another()
    accounts.sign_in(admin, "admin", SECRET)
    staff.add(admin, "D01", Details("李雷", "director", admin.tonight(), 0))
    accounts.change(admin, "李雷", staff_no="D01")
    accounts.sign_in(house, "李雷", SECRET)
    assert app.person == "D01"


async def test_a_clock_that_was_put_back_is_said_once(session: Session, clock: Clock) -> None:
    app = VenueApp(session)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        app._tick()
        clock.now -= 3600
        app._tick()
        app._tick()
        await pilot.pause()
        [said] = toasts(pilot)
        assert "put back by 60 minutes" in said


async def test_a_clock_that_was_put_forward_is_said_once(session: Session, clock: Clock) -> None:
    app = VenueApp(session)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        app._tick()
        clock.now += 365 * 86_400
        app._tick()
        app._tick()
        await pilot.pause()
        [said] = toasts(pilot)
        assert "365 days on from a moment ago" in said


def said_now(app: VenueApp) -> str:
    return app.screen.query_one(StatusLine).text


async def test_a_clock_found_wrong_on_opening_is_said_until_something_is_done(
    session: Session,
) -> None:
    session.doubt_clock()  # the venue was made a year before
    app = VenueApp(session, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("down", "2")
        assert "374 days after the last that was recorded" in said_now(app)
        await pilot.press("space")
        await pilot.pause()
        assert "is present" in said_now(app)
        assert session.clock_warning is None


async def test_a_clock_found_wrong_on_opening_is_said_before_and_after_signing_in(
    house: Session, clock: Clock
) -> None:
    accounts.sign_out(house)
    clock.now += 365 * 86_400
    house.doubt_clock()
    app = VenueApp(house, first="roll", locked=True)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        assert "365 days after the last that was recorded" in said_now(app)
        await sign_in(app, pilot, "李雷")
        assert "365 days after the last that was recorded" in said_now(app)
