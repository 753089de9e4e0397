"""A database that is removed, full, read-only, busy or damaged while a screen is open: a sentence,
nothing lost, and the program goes on when it can."""

import os
import sqlite3
from pathlib import Path

import pytest
from peewee import DatabaseError, OperationalError
from textual.widgets import Input
from textual.worker import WorkerFailed

from models.access.session import Session
from models.operations import places, staff
from models.operations.staff import Details
from models.storage import audit, database
from models.storage.database import execute
from models.values.problems import refused
from tests.clock import clock_of
from tests.screens.pilot import toasts
from tests.screens.roster import RosterScreen, paused, roster, tick, two_on_the_roster
from tests.screens.trial import AskForLeave
from venue_tui.app import VenueApp
from venue_tui.widgets.dialogs import Confirm
from venue_tui.widgets.form import Field, FormScreen
from venue_tui.widgets.frame import FactLine
from venue_tui.widgets.line_list import LineList

SIZE = (80, 24)


class PlaceForm(FormScreen[None]):
    def title_line(self) -> str:
        return "A place"

    def fields(self) -> list[Field]:
        count = execute("SELECT count(*) FROM places").fetchone()[0]
        return [Field("place", f"Place {count + 1}")]

    def save(self, values: dict[str, str]) -> None:
        places.add_place(self.app.session, values["place"], "room", None)  # type: ignore[attr-defined]


@pytest.fixture
def house(session: Session, monkeypatch: pytest.MonkeyPatch) -> Session:
    return two_on_the_roster(session, monkeypatch)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "venue.db"


def fail(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Every statement ends with that error from now on."""

    def execute_sql(*_given: object) -> None:
        raise error

    monkeypatch.setattr(database.database.obj, "execute_sql", execute_sql)


def sqlite_error(code: int, text: str) -> OperationalError:
    original = sqlite3.OperationalError(text)
    original.sqlite_errorcode = code
    return OperationalError(original, text)


BAD_DISK = sqlite_error(10, "disk I/O error")


async def test_a_file_that_is_moved_away_and_back(house: Session, file: Path) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("space")
        app.forget_said()
        file.rename(file.with_suffix(".away"))
        await tick(app, pilot)
        await tick(app, pilot)
        [said] = toasts(pilot)
        assert f"{file} was removed or replaced" in said
        [copy] = (file.parent / "backups").iterdir()
        assert str(copy) in said
        # No change is lost without a word, no empty database is made, no screen is half opened.
        await pilot.press("down", "space", "3")
        assert roster(app).where == "roll"
        assert set(toasts(pilot)) == {said}
        with pytest.raises(WorkerFailed, match="was removed"):
            await in_a_thread(app, house)
        assert not file.exists()
        file.with_suffix(".away").rename(file)
        await tick(app, pilot)
        assert toasts(pilot) == ["The database can be read again."]
        await pilot.press("space", "3")
        assert roster(app).where == "leave"
    sql = "SELECT staff_no FROM attendance ORDER BY staff_no"
    assert execute(sql).fetchall() == [("S01",), ("S02",)]
    assert audit.broken_link() is None


async def in_a_thread(app: VenueApp, session: Session) -> None:
    """Reads as a slow read does."""

    def read() -> None:
        with session.reading():
            execute("SELECT count(*) FROM staff")

    await app.run_worker(read, thread=True, exit_on_error=False).wait()


async def test_a_screen_that_cant_be_read_catches_up(
    house: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        before = [row.key for row in roster(app).query_one(LineList).rows]
        staff.add(house, "S03", Details("Bo", "staff", house.tonight(), 0))
        with monkeypatch.context() as broken:
            fail(broken, BAD_DISK)
            for _second in range(3):
                await tick(app, pilot)
            await pilot.press("e")
            await pilot.press("up", "question_mark", "escape")
            [said] = toasts(pilot)
            assert "the disk failed (disk I/O error)" in said
            assert [row.key for row in roster(app).query_one(LineList).rows] == before
        await tick(app, pilot)
        assert toasts(pilot) == ["The database can be read again."]
        assert [row.key for row in roster(app).query_one(LineList).rows] == [*before, "S03"]


async def test_a_read_that_fails_halfway_is_made_again(
    house: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        staff.add(house, "S03", Details("Bo", "staff", house.tonight(), 0))
        read = roster(app).times_read
        with monkeypatch.context() as broken:
            whole = RosterScreen.refresh_data

            def half(self: RosterScreen) -> None:
                whole(self)
                raise BAD_DISK.orig

            broken.setattr(RosterScreen, "refresh_data", half)
            await tick(app, pilot)
        await tick(app, pilot)
        assert roster(app).times_read == read + 2
        await tick(app, pilot)
        assert roster(app).times_read == read + 2


async def test_a_full_disk_keeps_what_is_written_in_the_form(house: Session) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        form = PlaceForm()
        await app.push_screen(form)
        pages = execute("PRAGMA page_count").fetchone()[0]
        execute(f"PRAGMA max_page_count = {pages}")
        long = "V" * 4
        saved = 0
        while app.screen is form and saved < 100:
            form.control("place").value = long = f"{'V' * 40}{saved}"
            await pilot.press("f2")
            await pilot.pause()
            if app.screen is form:
                break
            saved += 1
            form = PlaceForm()
            await app.push_screen(form)
        said = str(form.query_one("#problem-of-form").render())
        assert "the disk is full, so this was not saved" in said
        assert form.control("place").value == long
        execute("PRAGMA max_page_count = 1000000")
        await pilot.press("f2")
        await pilot.pause()
        assert isinstance(app.screen, RosterScreen)
    assert execute("SELECT count(*) FROM places").fetchone()[0] == saved + 1
    assert audit.broken_link() is None


async def test_a_database_that_may_not_be_written_says_so(house: Session) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        execute("PRAGMA query_only = 1")
        await pilot.press("space")
        assert "the database may not be written, so this was not saved" in toasts(pilot)[0]
        execute("PRAGMA query_only = 0")
        app.forget_said()
        await pilot.press("space")
        assert toasts(pilot) == ["S01 is here"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
async def test_a_file_that_is_made_read_only_says_so(house: Session, file: Path) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        database.close_database()
        for each in file.parent.glob("venue.db*"):
            each.chmod(0o444)
        database.database.connect()
        await pilot.press("space")
        assert "read-only" in toasts(pilot)[0]
        file.chmod(0o644)


async def test_a_busy_database_says_so(
    house: Session, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "WAIT_SECONDS", 0.02)
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        await pilot.press("space")
        assert "other terminals kept the database busy" in toasts(pilot)[0]
        other.execute("ROLLBACK")
        other.close()
        app.forget_said()
        await pilot.press("space")
        assert toasts(pilot) == ["S01 is here"]


async def test_a_form_that_cant_be_made_goes_away(
    house: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        with monkeypatch.context() as broken:
            fail(broken, BAD_DISK)
            await app.push_screen(PlaceForm())
            await paused(pilot)
            assert isinstance(app.screen, RosterScreen)
            assert "the disk failed" in toasts(pilot)[0]
        await app.push_screen(PlaceForm())
        assert isinstance(app.screen, PlaceForm)


async def test_a_form_that_is_open_keeps_what_was_typed(
    house: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        form = AskForLeave()
        await app.push_screen(form)
        form.query_one("#field-reason", Input).value = "typed"
        with monkeypatch.context() as broken:
            fail(broken, BAD_DISK)
            await tick(app, pilot)
            assert app.screen is form
            assert len(toasts(pilot)) == 1
        await tick(app, pilot)
        assert form.query_one("#field-reason", Input).value == "typed"


async def test_what_a_dialog_answers_meets_it_too(
    house: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:

        def answered(_sure: bool | None) -> None:
            execute("SELECT 1")

        app.push_screen(Confirm("Sure?"), answered)
        await paused(pilot)
        with monkeypatch.context() as broken:
            fail(broken, BAD_DISK)
            await pilot.press("y")
            await paused(pilot)
            assert "the disk failed" in toasts(pilot)[0]
        await tick(app, pilot)
        assert toasts(pilot) == ["The database can be read again."]


async def test_a_refusal_that_nobody_shows_is_a_toast(house: Session) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:

        def refuse() -> None:
            raise refused("month", "2026-08 is closed")

        roster(app).call_later(refuse)
        roster(app).set_timer(0.001, refuse)
        await pilot.pause(0.05)
        assert toasts(pilot) == ["2026-08 is closed"] * 2
        await tick(app, pilot)
        assert len(toasts(pilot)) == 2  # it was nothing that is over now


async def test_the_clock_goes_on(
    house: Session, monkeypatch: pytest.MonkeyPatch, clock: object
) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE) as pilot:
        fail(monkeypatch, BAD_DISK)
        clock_of(house).set("2026-09-02T19:26")
        await tick(app, pilot)
        assert "19:26" in roster(app).query_one(FactLine).render_line(0).text
        monkeypatch.undo()


async def test_what_the_program_is_to_blame_for_still_ends_it(
    house: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = VenueApp(house, first="roll")

    async def run() -> None:
        async with app.run_test(size=SIZE):
            fail(monkeypatch, sqlite_error(1, "no such column: wrong"))
            app.call_later(roster(app).refresh_data)

    with pytest.raises(DatabaseError):
        await run()
    assert app.return_code == 1


async def test_a_screen_that_cant_be_read_isnt_opened_and_takes_no_key(
    house: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        read = RosterScreen.refresh_data

        def only_leave_fails(self: RosterScreen) -> None:
            if self.where == "leave":
                raise BAD_DISK.orig
            read(self)

        with monkeypatch.context() as broken:
            broken.setattr(RosterScreen, "refresh_data", only_leave_fails)
            await pilot.press("3")
            await paused(pilot)
            assert (roster(app).where, app.current_mode) == ("roll", "roll")
            assert "the disk failed" in toasts(pilot)[0]
            # What is pressed at once acts on what is seen.
            await pilot.press("3", "space")
            await paused(pilot)
            assert roster(app).where == "roll"
        await tick(app, pilot)
        assert toasts(pilot)[-1] == "The database can be read again."
        await pilot.press("3")
        await paused(pilot)
        assert (roster(app).where, roster(app).opened) == ("leave", True)
    assert execute("SELECT count(*) FROM attendance").fetchone()[0] <= 1


async def test_a_screen_that_was_asked_for_opens_once_it_can_be_read(
    house: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        with monkeypatch.context() as broken:
            fail(broken, BAD_DISK)
            await pilot.press("4")
            await paused(pilot)
            assert roster(app).where == "roll"
        await tick(app, pilot)
        await paused(pilot)
        assert roster(app).where == "outings"
        assert roster(app).query_one(LineList).rows


async def test_a_key_meanwhile_keeps_the_screen_that_is_shown(
    house: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        with monkeypatch.context() as broken:
            fail(broken, BAD_DISK)
            await pilot.press("4")
            await paused(pilot)
            await pilot.press("down")
        await tick(app, pilot)
        await paused(pilot)
        assert roster(app).where == "roll"


async def test_what_couldnt_be_undone_for_a_while_can_be_later(house: Session) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        tries: list[str] = []

        def take_back() -> None:
            tries.append("tried")
            if len(tries) == 1:
                raise refused("database", "busy: try again")

        roster(app).did("marked", take_back)
        await pilot.press("u")
        assert "busy" in toasts(pilot)[-1]
        await pilot.press("u")
        assert toasts(pilot)[-1] == "Undone: marked"
        assert len(tries) == 2
