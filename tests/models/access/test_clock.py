"""A clock that shows another time than what was recorded last makes likely."""

import pytest

from models.access import accounts
from models.access.session import Session
from models.operations import staff
from models.operations.staff import Details
from models.storage import audit
from models.values.problems import Problem
from tests.clock import Clock

DAY = 86_400


@pytest.fixture(autouse=True)
def recorded(session: Session) -> None:
    """Something was recorded a moment ago."""
    staff.add(session, "D01", Details("李雷", "director", session.tonight(), 0))


@pytest.mark.parametrize(
    ("moved", "said"),
    [
        (30 * DAY, None),
        (31 * DAY, "31 days after the last that was recorded here (2026-09-02T19:25)"),
        (365 * DAY, "says 2027-09-02T19:25, 365 days after"),
        (-300, None),
        (-301, "something was recorded here at 2026-09-02T19:25"),
        (-365 * DAY, "says 2025-09-02T19:25, but something"),
    ],
)
def test_a_clock_is_doubted_by_what_was_recorded_last(
    session: Session, clock: Clock, moved: int, said: str | None
) -> None:
    clock.now += moved
    session.doubt_clock()
    if said is None:
        assert session.clock_warning is None
    else:
        assert said in str(session.clock_warning)


def test_who_merely_signed_in_makes_no_clock_right(session: Session, clock: Clock) -> None:
    accounts.add(session, "boss", "admin", "paper lantern")
    clock.now += 365 * DAY
    accounts.sign_in(session, "boss", "paper lantern")
    assert audit.lines(last=1)[0].at == clock.now
    session.doubt_clock()
    assert session.clock_warning is not None


def test_whoever_goes_on_is_told_once_and_before_it_lands(session: Session, clock: Clock) -> None:
    told: list[tuple[Problem, int]] = []
    session.warn = lambda problem: told.append((problem, audit.head()[0]))
    clock.now += 60 * DAY
    session.doubt_clock()
    before = audit.head()[0]
    for number in ("D02", "D03"):
        staff.add(session, number, Details("郑海", "director", session.tonight(), 0))
    assert [line for _, line in told] == [before]
    session.doubt_clock()
    assert session.clock_warning is None


def test_whoever_signs_in_by_a_key_that_waited_has_the_clock_of_now(session: Session) -> None:
    """And not for good that of when the key was pressed."""
    now = session.now()
    with session.as_of(now - 60):
        other = session.for_another()
        assert session.now() == now - 60
    assert (session.now(), other.now()) == (now, now)
