"""A screen that reads the database and marks the roll, for the tests of a database that fails."""

import pytest
from textual.app import ComposeResult
from textual.pilot import Pilot

from models.access.session import Session
from models.operations import roll, staff
from models.operations.staff import Details
from models.storage.database import execute
from tests.screens.trial import TrialScreen, stand_in
from venue_tui.app import VenueApp
from venue_tui.widgets.columns import Column
from venue_tui.widgets.line_list import LineList, Row


class RosterScreen(TrialScreen):
    """The staff, read from the database at each change; `space` marks the roll."""

    def body(self) -> ComposeResult:
        yield LineList(Column("Staff", 20), Column("Roll", 8), id="list")

    def refresh_data(self) -> None:
        self.times_read += 1
        rows = execute("SELECT staff_no, name FROM staff ORDER BY staff_no").fetchall()
        self.query_one(LineList).set_rows(Row(number, (name, "")) for number, name in rows)

    def action_mark(self) -> None:
        key = self.query_one(LineList).cursor_key
        assert key is not None
        with self.refusals_shown():
            roll.mark(self.session, key)
            self.say(f"{key} is here")

    def action_correct(self) -> None:
        """Reads outside of `refusals_shown`."""
        self.say(str(execute("SELECT count(*) FROM staff").fetchone()[0]))


def two_on_the_roster(session: Session, monkeypatch: pytest.MonkeyPatch) -> Session:
    """The session, with two staffers, and every screen a `RosterScreen`."""
    stand_in(monkeypatch, RosterScreen)
    for number, name in (("S01", "张三丰"), ("S02", "Ann [/]")):
        staff.add(session, number, Details(name, "staff", session.tonight(), 500_000, on_roll=True))
    return session


def roster(app: VenueApp) -> RosterScreen:
    assert isinstance(app.screen, RosterScreen)
    return app.screen


async def tick(app: VenueApp, pilot: Pilot[None]) -> None:
    """A second passes."""
    app.call_later(app._tick)
    await pilot.pause()
    await app.workers.wait_for_complete()
    await pilot.pause()


async def paused(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.pause()
