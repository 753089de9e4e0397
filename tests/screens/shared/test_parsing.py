"""Nights, times and amounts as people type them."""

from datetime import date

import pytest

from models.access.session import Session
from models.values.problems import Refused
from venue_tui.screens.shared.parsing import typed_money, typed_night, typed_time

TONIGHT = date(2026, 12, 30)


@pytest.mark.parametrize(
    ("text", "night"),
    [
        ("2026-09-05", date(2026, 9, 5)),
        ("2026/9/5", date(2026, 9, 5)),
        ("１２－３１", date(2026, 12, 31)),
        ("12/31", date(2026, 12, 31)),
        ("1-2", date(2027, 1, 2)),
        ("2-29", date(2028, 2, 29)),
        ("+3", date(2027, 1, 2)),
        ("-1", date(2026, 12, 29)),
    ],
)
def test_a_night_may_be_written_shortly(text: str, night: date) -> None:
    if text == "2-29":
        assert typed_night("first_night", text, date(2027, 12, 30)) == night
    else:
        assert typed_night("first_night", text, TONIGHT) == night


@pytest.mark.parametrize("text", ["", "tomorrow", "2-30", "2026-13-01", "5", "20260905"])
def test_what_is_no_night_is_refused_for_its_field(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        typed_night("last_night", text, TONIGHT)
    assert refusal.value.problems[0].field == "last_night"


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("21:05", "2026-09-02T21:05"),
        ("2105", "2026-09-02T21:05"),
        ("1:30", "2026-09-03T01:30"),
        ("2026-09-02 22:00", "2026-09-02T22:00"),
    ],
)
def test_a_time_is_the_nights_own(session: Session, text: str, local: str) -> None:
    instant = typed_time("out_at", text, session, date(2026, 9, 2))
    assert session.calendar.format(instant) == local


@pytest.mark.parametrize("text", ["", "25:00", "9", "12:60", "noon"])
def test_what_is_no_time_is_refused(session: Session, text: str) -> None:
    with pytest.raises(Refused):
        typed_time("out_at", text, session, date(2026, 9, 2))


def test_amounts_are_exact() -> None:
    assert typed_money("amount", "１２８０．５") == 128050
    with pytest.raises(Refused):
        typed_money("amount", "1,280")
