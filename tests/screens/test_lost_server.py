"""A PostgreSQL server that ends the connection while a screen is open."""

import psycopg
import pytest

from models.access.session import Session
from models.storage.database import execute
from tests.screens.test_lost_database import (
    SIZE,
    house,  # noqa: F401
    roster,
    settled,
    tick,
    toasts,
)
from venue_tui.app import VenueApp


@pytest.fixture
def url(postgresql: str) -> str:
    with psycopg.connect(postgresql, autocommit=True) as server:
        server.execute("DROP SCHEMA public CASCADE")
        server.execute("CREATE SCHEMA public")
    return postgresql


async def test_a_server_that_ends_the_connection(house: Session, url: str) -> None:  # noqa: F811
    app = VenueApp(house, first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        await pilot.press("4")
        await settled(pilot)
        assert roster(app).where == "roll"
        assert "the database server failed" in toasts(app)[0]
        await tick(app, pilot)
        await settled(pilot)
        assert roster(app).where == "outings"
        await pilot.press("space")
        assert execute("SELECT staff_no FROM attendance").fetchall() == [("S01",)]
