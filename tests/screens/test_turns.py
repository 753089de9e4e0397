"""Another terminal holds the database for a while: the screen goes on, and all that was asked for
meanwhile is recorded in its order, once."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial

import pytest
from textual.widgets import Input

from models.access.session import Session
from models.operations import roll, staff
from models.operations.staff import Details
from models.storage import audit, database, postgresql
from models.storage.database import execute
from models.storage.opening import sqlite_path
from models.values.problems import Refused
from tests.clock import clock_of
from tests.screens.pilot import settled, toasts
from tests.screens.typing_ahead import LONGEST, gaps, over, typed
from venue_tui.app import VenueApp
from venue_tui.screens.bookings.forms import AddPlaces
from venue_tui.widgets.dialogs import Confirm
from venue_tui.widgets.status import StatusLine

STAFF = tuple(f"S{number:02}" for number in range(1, 9))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def house(session: Session) -> Session:
    for number in STAFF:
        details = Details(f"Name {number}", "staff", session.tonight(), 500_000, on_roll=True)
        staff.add(session, number, details)
    clock_of(session).set(f"{session.tonight()}T19:25")
    return session


@contextmanager
def held(url: str) -> Iterator[None]:
    """Another terminal has its turn."""
    if (file := sqlite_path(url)) is not None:
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()
        return
    import psycopg

    with psycopg.connect(url) as server:
        server.execute("SELECT pg_advisory_xact_lock(%s)", (postgresql._TURN,))
        yield
        server.rollback()


def marked() -> list[str]:
    """Who was marked, in the order of the trail."""
    return [
        line.staff_no or ""
        for line in audit.lines()
        if line.action in ("roll.mark", "roll.answered")
    ]


Held = AbstractContextManager[None]


async def test_no_key_holds_the_screen(house: Session, url: str) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await pilot.press("space")  # all is loaded, and the briefing open
        await settled(pilot)
        with held(url), gaps() as seen:
            await typed(app, *["space"] * 5)
            await asyncio.sleep(0.8)
            assert marked() == ["S01"]
            line = app.screen.query_one(StatusLine).text
            assert line == "Another terminal is recording: this waits until it is done."
            await asyncio.sleep(0.7)
        assert seen.longest < LONGEST
        await over(pilot)
        assert marked() == list(STAFF[:6])
        assert "Another terminal" not in app.screen.query_one(StatusLine).text
    assert not database.hurries()
    assert audit.broken_link() is None


async def test_the_screens_thread_asks_for_its_turn_once(
    house: Session, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And then again once it came to the thread that waits for it."""
    app = VenueApp(house, first="roll")
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("space")
        await settled(pilot)
        asked: list[bool] = []
        begin = database.database.obj.begin

        def asks(*given: object, **options: object) -> None:
            asked.append(database.hurries())
            begin(*given, **options)

        monkeypatch.setattr(database.database.obj, "begin", asks)
        with held(url):
            await typed(app, "space")
            await asyncio.sleep(0.4)
            assert asked == [True, False]
        await over(pilot)
        assert asked == [True, False, True]
        assert marked() == ["S01", "S02"]


async def test_keys_of_all_kinds_keep_their_order(house: Session, url: str) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await pilot.press("space")
        await settled(pilot)
        with held(url):
            # Marks, passes, an undo, and another screen and back, on which a mark goes on.
            await typed(app, "space", "down", "space", "u", "3", "2", "space")
            await asyncio.sleep(0.5)
        await over(pilot)
        actions = [
            (line.action, line.staff_no) for line in audit.lines() if line.action[:5] == "roll."
        ]
    assert actions == [
        ("roll.answered", "S01"),
        ("roll.answered", "S02"),
        ("roll.passed", "S03"),
        ("roll.answered", "S04"),
        ("roll.undo", "S04"),
        ("roll.answered", "S03"),
    ]


async def test_what_was_pressed_in_time_is_recorded_as_of_then(house: Session, url: str) -> None:
    """A lock that is held over the beginning of the briefing makes nobody late."""
    clock, night = clock_of(house), house.tonight()
    app = VenueApp(house, first="roll")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await pilot.press("space")
        await settled(pilot)
        clock.set(f"{night}T19:29:58")
        with held(url):
            await typed(app, "l", "l")
            await asyncio.sleep(0.3)
            clock.set(f"{night}T19:30:03")
            await typed(app, "l")
            await asyncio.sleep(0.2)
        await over(pilot)
        clock.set(f"{night}T19:31")
    found = execute("SELECT staff_no, arrived_at FROM attendance").fetchall()
    told = {number: f"{house.calendar.local(at):%H:%M:%S}" for number, at in found}
    del told["S01"]
    assert told == {"S02": "19:29:58", "S03": "19:29:58", "S04": "19:30:03"}


async def test_a_wait_in_vain_is_told_and_what_was_typed_after_it_not_done(
    house: Session, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await pilot.press("space")
        await settled(pilot)
        app.forget_said()
        monkeypatch.setattr(database, "WAIT_SECONDS", 0.3)
        with held(url):
            await typed(app, "space", "space", "x")
            await over(pilot)
            assert "other terminals kept the database busy" in toasts(pilot)[0]
            assert "and the 2 keys after it not heard" in toasts(pilot)[-1]
        await pilot.press("space")
        await over(pilot)
        assert marked() == ["S01", "S02"]


async def test_a_form_waits_and_keeps_what_is_written(house: Session, url: str) -> None:
    app = VenueApp(house, first="bookings")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settled(pilot)
        for save, place in (("f2", "V1"), ("enter", "V2")):
            form = AddPlaces(house)
            await app.push_screen(form)
            await pilot.pause()
            form.control("place").value = place
            form.query("Input").last(Input).focus()
            with held(url), gaps() as seen:
                await typed(app, save)
                await asyncio.sleep(0.4)
                assert app.screen is form
                assert form.control("place").value == place
            assert seen.longest < LONGEST
            await over(pilot)
            assert app.screen is not form
    assert execute("SELECT place FROM places ORDER BY place").fetchall() == [("V1",), ("V2",)]


async def test_what_a_dialog_answers_waits(house: Session, url: str) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await pilot.press("space")
        await settled(pilot)
        answers: list[bool | None] = []

        def answered(sure: bool | None) -> None:
            answers.append(sure)
            roll.mark(house, "S05")

        app.push_screen(Confirm("Sure?", []), answered)
        await settled(pilot)
        with held(url), gaps() as seen:
            await typed(app, "y", "space")
            await asyncio.sleep(0.4)
            assert marked() == ["S01"]
        assert seen.longest < LONGEST
        await over(pilot)
        assert set(answers) == {True}
        assert marked() == ["S01", "S05", "S02"]


async def test_a_flow_waits(house: Session, url: str) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await pilot.press("space")
        await settled(pilot)
        done: list[str] = []

        async def flow() -> None:
            await app.turns.take(partial(roll.mark, house, "S05"))
            done.append("marked")

        with held(url), gaps() as seen:
            app.begin(app.screen, flow())
            while not app.turns.waiting:
                await asyncio.sleep(0.01)
            await typed(app, "space")
            await asyncio.sleep(0.4)
            assert done == []
        assert seen.longest < LONGEST
        await over(pilot)
        assert done == ["marked"]
        assert marked() == ["S01", "S05", "S02"]


async def test_what_was_done_in_part_is_not_done_again(
    house: Session, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = VenueApp(house, first="roll")
    shown: list[Refused] = []
    monkeypatch.setattr(app, "show_error", shown.append)
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await pilot.press("space")
        await settled(pilot)
        holding: list[Held] = []

        async def twice() -> None:
            roll.mark(house, "S05")
            holding.append(held(url))
            holding[0].__enter__()
            roll.mark(house, "S06")

        app.screen.call_later(twice)
        await asyncio.sleep(0.3)
        assert not app.turns.waiting
        holding[0].__exit__(None, None, None)
        await over(pilot)
        [refusal] = shown
        assert "other terminals kept the database busy" in str(refusal)
        assert marked() == ["S01", "S05"]


async def test_what_is_seen_stays_while_something_waits(house: Session, url: str) -> None:
    """What others recorded moves no light from whom a key was meant for."""
    app = VenueApp(house, first="roll")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await pilot.press("space")
        await settled(pilot)
        roll.mark(house, "S02")
        with held(url):
            await typed(app, "space")
            await asyncio.sleep(0.2)
            read = app.screen._shown_times  # type: ignore[attr-defined]
            app.call_later(app._tick)
            await asyncio.sleep(0.2)
            assert app.screen._shown_times == read  # type: ignore[attr-defined]
        await over(pilot)
        assert "Name S02 was marked already, at 19:25." in toasts(pilot)
        assert marked() == ["S01", "S02"]
