"""A database of the first schema is upgraded by every later version, and its closed month stays as
it was, byte for byte."""

import gzip
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playhouse.schema_diff import diff_models

from models.access.session import Session
from models.backup.opening import open_venue
from models.ledger.settling import settle
from models.ledger.unended_rolls import unended
from models.operations import briefings
from models.payroll import deductions, months, verification
from models.storage.database import close_database, database, execute
from models.storage.tables import TABLES
from tests.clock import Clock
from venue_tui.exchange.exports import export

OLD = Path(__file__).parents[2] / "data" / "schema-0001"
NIGHT = date(2026, 9, 3)


@pytest.fixture
def upgraded(url: str, tmp_path: Path) -> Iterator[Session]:
    """A session in the stored database, opened by this version."""
    if url.startswith("sqlite"):
        data = gzip.decompress((OLD / "venue.db.gz").read_bytes())
        (tmp_path / "venue.db").write_bytes(data)
    else:
        import psycopg

        sql = gzip.decompress((OLD / "venue.sql.gz").read_bytes()).decode()
        with psycopg.connect(url) as server:
            server.execute(sql)
    open_venue(url)
    session = Session(terminal="test:1")
    session.clock = Clock(session.calendar, "2026-11-05T15:00")
    yield session
    close_database()


def exported(session: Session, dataset: str) -> bytes:
    out = io.BytesIO()
    export(session, dataset, "2026-08", out, plain=True)
    return out.getvalue()


def test_it_has_the_tables_of_now(upgraded: Session) -> None:
    assert not diff_models(database.obj, list(TABLES))


def test_the_closed_month_is_exported_byte_for_byte_as_before(upgraded: Session) -> None:
    content = execute("SELECT content, digest FROM closed_months").fetchone()
    for dataset in ("deductions", "charges", "roll"):
        assert exported(upgraded, dataset) == (OLD / f"{dataset}-2026-08.csv").read_bytes()
    assert execute("SELECT content, digest FROM closed_months").fetchone() == content


def test_a_roll_that_nobody_ended_counts_in_the_closed_month_alone(upgraded: Session) -> None:
    """August was closed with an absence of 698.85 from such a roll, which stays; the one of
    September is taken back, and waits for a decision."""
    settle(upgraded)
    assert months.owed(upgraded, "2026-08") == {}
    rows = {row.staff_no: row for row in deductions.deductions(upgraded, "2026-09").rows}
    assert rows["0007"].by_rule == {"late": (1, 3000), "fighting": (1, 100_000)}
    assert (rows["0007"].adjustments, rows["0007"].deducted) == (-3000, 87_000)
    assert unended(upgraded, date(2026, 8, 1), date(2026, 9, 30)) == [NIGHT]
    briefings.close_night(upgraded, NIGHT)
    [row] = [r for r in deductions.deductions(upgraded, "2026-09").rows if r.staff_no == "0007"]
    assert row.by_rule["absence"] == (1, 80_000)
    assert months.close(upgraded, "2026-09")[1]


def test_it_is_found_to_be_right(upgraded: Session) -> None:
    assert verification.verify(upgraded).problems == ()
