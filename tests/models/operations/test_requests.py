"""What deciding on slips and on leave has in common."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from models.access.session import Session
from models.operations import leave, outings
from models.storage.database import database
from tests.models.house import staff_the_house

NIGHT = date(2026, 9, 4)


@pytest.fixture
def url(sqlite_url: str) -> str:
    """Where each statement asks the database; PostgreSQL is asked ahead, in one trip."""
    return sqlite_url


@contextmanager
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    run, seen = database.obj.execute_sql, []

    def noted(sql: str, *rest: Any, **options: Any) -> Any:
        seen.append(sql)
        return run(sql, *rest, **options)

    with monkeypatch.context() as changed:
        changed.setattr(database.obj, "execute_sql", noted)
        yield seen


@pytest.mark.parametrize("change", ["approve", "reject", "withdraw"])
def test_a_request_is_read_once(
    session: Session, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    staff_the_house()
    asked = leave.ask(session, "A1", "rest", NIGHT, NIGHT)
    slip = outings.ask(session, "A1", "买药")
    by = {} if change == "withdraw" else {"by": "S1"}
    with statements(monkeypatch) as seen:
        getattr(leave, change)(session, asked, **by)
        getattr(outings, change)(session, slip, **by)
    for table, key in (("leave", "leave_no"), ("outings", "slip_no")):
        whole = [sql for sql in seen if sql.endswith(f"FROM {table} WHERE {key} = ?")]
        assert len(whole) == 1, whole
