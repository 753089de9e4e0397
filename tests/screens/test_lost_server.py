"""A PostgreSQL server that ends the connection while a screen is open."""

import asyncio

import psycopg
import pytest

from models.access.session import Session
from models.storage.database import execute
from tests.screens.pilot import toasts
from tests.screens.roster import paused, roster, tick, two_on_the_roster
from tests.screens.typing_ahead import LONGEST, gaps, over, typed
from venue_tui.app import VenueApp


@pytest.fixture
def url(postgresql_url: str) -> str:
    return postgresql_url


@pytest.fixture
def house(session: Session, monkeypatch: pytest.MonkeyPatch) -> Session:
    return two_on_the_roster(session, monkeypatch)


async def test_a_server_that_ends_the_connection(house: Session, url: str) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        await pilot.press("4")
        await paused(pilot)
        assert roster(app).where == "roll"
        assert "the database server failed" in toasts(pilot)[0]
        await tick(app, pilot)
        await paused(pilot)
        assert roster(app).where == "outings"
        await pilot.press("space")
        assert execute("SELECT staff_no FROM attendance").fetchall() == [("S01",)]


async def test_a_lock_on_a_table_doesnt_hold_the_screen(house: Session, url: str) -> None:
    app = VenueApp(house, first="roll")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        with psycopg.connect(url) as other, gaps() as seen:
            other.execute("LOCK TABLE attendance, audit IN EXCLUSIVE MODE")
            await typed(app, "space")
            await asyncio.sleep(0.5)
            assert toasts(pilot) == []
            other.rollback()
        assert seen.longest < LONGEST
        await over(pilot)
        assert toasts(pilot) == ["S01 is here"]
