"""Rolls that nobody ended keep nobody absent, and are asked about until somebody decides."""

from datetime import date

import pytest

from models.access.session import Session
from models.ledger.unended_rolls import unended
from models.storage.database import execute
from tests.clock import Clock
from tests.models.house import brief, staff_the_house

NIGHTS = [date(2026, 9, day) for day in range(1, 6)]


@pytest.fixture(autouse=True)
def house(session: Session, clock: Clock) -> None:
    """Five nights whose roll nobody ended, the last of them tonight."""
    staff_the_house()
    for night in reversed(NIGHTS):
        brief(session, night)
    execute("UPDATE briefings SET closed_at = NULL")
    clock.set("2026-09-05T23:00")


def test_they_are_those_of_the_span_that_are_over(session: Session) -> None:
    assert unended(session, date(2026, 8, 1), date(2026, 9, 30)) == NIGHTS[:4]
    assert unended(session, NIGHTS[0], NIGHTS[2]) == NIGHTS[:3]
    assert unended(session, NIGHTS[1], NIGHTS[1]) == [NIGHTS[1]]
    assert unended(session, date(2026, 8, 1), date(2026, 8, 31)) == []


def test_who_ended_it_or_closed_the_night_has_decided(session: Session) -> None:
    execute("UPDATE briefings SET closed_at = 1788350400 WHERE night = '2026-09-01'")
    execute("UPDATE briefings SET night_closed = TRUE WHERE night = '2026-09-02'")
    execute("UPDATE briefings SET night_closed = FALSE WHERE night = '2026-09-03'")
    assert unended(session, NIGHTS[0], NIGHTS[4]) == NIGHTS[2:4]


def test_a_night_is_not_over_before_noon(session: Session, clock: Clock) -> None:
    clock.set("2026-09-06T11:59")
    assert unended(session, NIGHTS[3], NIGHTS[4]) == [NIGHTS[3]]
    clock.set("2026-09-06T12:00")
    assert unended(session, NIGHTS[3], NIGHTS[4]) == NIGHTS[3:]
