"""What remains of a trip to a server that failed halfway."""

from collections.abc import Iterator
from threading import get_ident

import pytest

from models.access.session import Session
from models.operations import places, roll_board
from models.storage import database, postgresql
from models.storage.database import execute, hurry, is_sqlite, together
from models.storage.errors import TurnTaken


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(database, "SCREEN_SECONDS", 0.02)
    hurry(get_ident())
    yield
    hurry(None)


@pytest.mark.usefixtures("impatient")
def test_whoever_waited_in_vain_many_times_works_on(session: Session, url: str) -> None:
    """The driver prepares on the server what is asked often, also in trips that come to nothing."""
    if is_sqlite():
        pytest.skip("a file is asked in no trips")
    import psycopg

    def add(number: int) -> None:
        places.add_place(session, f"V{number}", "room")

    with psycopg.connect(url) as other:
        for attempt in range(3):
            other.execute("SELECT pg_advisory_xact_lock(%s)", (postgresql._TURN,))
            for _ in range(4 * (attempt + 1)):
                with pytest.raises(TurnTaken):
                    add(99)
                with together("roll"):
                    roll_board.board(session, session.tonight())
            other.rollback()
            for number in range(8):
                add(10 * attempt + number)
    assert execute("SELECT count(*) FROM places").fetchone()[0] == 24
