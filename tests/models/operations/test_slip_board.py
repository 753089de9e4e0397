"""A night's outings as the board shows them."""

from collections.abc import Iterator
from datetime import date

import pytest

from models.access.session import Session
from models.operations import outings, slip_board
from models.storage import audit
from tests.clock import Clock
from tests.models.house import (
    in_step,
    staff_the_house,
)


@pytest.fixture(autouse=True)
def house(session: Session, clock: Clock) -> Iterator[None]:
    staff_the_house()
    clock.set("2026-09-02T21:00")
    yield
    assert in_step(session)
    assert audit.broken_link() is None


def test_the_board_has_columns(session: Session, clock: Clock) -> None:
    numbers = {}
    for staff_no in ("A1", "A2", "A3", "S1", "D1", "D2"):
        clock.now += 60
        numbers[staff_no] = outings.ask(session, staff_no)
    for staff_no, by in (("A2", "S1"), ("A3", "S1"), ("S1", "D1")):
        outings.approve(session, numbers[staff_no], by)
    outings.reject(session, numbers["D1"], "D2")
    outings.out(session, numbers["A3"])
    clock.now += 600
    outings.out(session, numbers["S1"])
    clock.now += 59
    outings.back(session, numbers["A3"])
    board = slip_board.board(session)
    assert [row.staff_no for row in board.asked] == ["A1", "D2"]
    assert [row.staff_no for row in board.approved] == ["A2"]
    assert [row.staff_no for row in board.out] == ["S1", "A3"]
    assert [row.staff_no for row in board.dropped] == ["D1"]
    clock.now += 1
    assert [row.minutes(session.now()) for row in board.out] == [1, 10]
    assert board.asked[0].minutes(session.now()) is None
    assert (board.asked[0].name, board.asked[0].team) == ("曾小贤", "A")
    assert slip_board.board(session, date(2026, 9, 3)) == ((), (), (), ())


def test_the_board_shows_what_was_fined(session: Session) -> None:
    outings.out_without_slip(session, "A1")
    assert [row.fine for row in slip_board.board(session).out] == [10_000]


def test_a_slip_from_the_morning_is_on_the_board_of_the_evening(
    session: Session, clock: Clock
) -> None:
    clock.set("2026-09-02T11:30")
    early = outings.ask(session, "A1")
    clock.set("2026-09-01T23:30")
    outings.ask(session, "A2")
    clock.set("2026-09-02T21:00")
    assert [row.slip_no for row in slip_board.board(session).asked] == [early]
    outings.undo_out(session, outings.out(session, early).slip_no)
    outings.out(session, early, at=session.calendar.parse("2026-09-02T11:45"))
    assert slip_board.board(session).out == ()
