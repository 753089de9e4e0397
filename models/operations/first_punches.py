"""When each staffer was first heard by a clock in a night, and where marks say otherwise."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from models.access.session import Session
from models.operations import clocks
from models.operations.roll import Signs
from models.storage.database import execute
from models.values.nights import ONE_NIGHT, Instant

DIFFERENT = 60
"""Seconds from which a mark and a punch say different things."""

WRONG_BY = timedelta(seconds=clocks.LONGEST_OFFSET)
"""By so much at most."""

_THEIRS = (
    "SELECT p.clock, p.told_at, n.staff_no FROM punches p"
    " JOIN clock_numbers n ON n.clock = p.clock AND n.number = p.number"
    " WHERE n.staff_no IS NOT NULL AND p.told_at BETWEEN ? AND ?"
)
_SIGNS = (
    "SELECT night, staff_no, arrived_at, made_up_at, departed_at FROM attendance"
    " WHERE night BETWEEN ? AND ?"
)
_ARRIVALS = "SELECT night, staff_no, arrived_at FROM punch_arrivals WHERE night BETWEEN ? AND ?"

NightOfOne = tuple[date, str]
"""(night, staff_no)"""


class Discrepancy(NamedTuple):
    """Where a mark and the first punch say different things; the mark stands. `marked_at` is None
    where somebody said that there was no sign of them."""

    night: date
    staff_no: str
    punched_at: Instant
    marked_at: Instant | None


def first_punches(
    session: Session, first: date, last: date, staff_no: str | None = None
) -> dict[NightOfOne, Instant]:
    """The first punch of each staffer in each night from `first` to `last`."""
    at = ClockInstants(session)
    span = ((first - WRONG_BY).isoformat(), (last + WRONG_BY + 2 * ONE_NIGHT).isoformat())
    one, who = ("", ()) if staff_no is None else (" AND n.staff_no = ?", (staff_no,))
    found: dict[NightOfOne, Instant] = {}
    for clock, told_at, owner in execute(_THEIRS + one, (*span, *who)):
        instant = at(clock, datetime.fromisoformat(told_at))
        night = session.calendar.night(instant)
        key = night, owner
        if first <= night <= last and instant < found.get(key, instant + 1):
            found[key] = instant
    return found


def differences(session: Session, first: date, last: date) -> list[Discrepancy]:
    """Where marks and punches of these nights say different things, by night and number."""
    signs = signs_by_night(first, last)
    ours = arrivals_by_night(first, last)
    held = briefings_held(first, last)
    return [
        differing
        for key, at in sorted(first_punches(session, first, last).items())
        if key[0] in held
        and (differing := discrepancy(key, at, signs.get(key), ours.get(key))) is not None
    ]


def discrepancy(
    key: NightOfOne, at: Instant, was: Signs | None, given: Instant | None
) -> Discrepancy | None:
    """What a person said of a night and a clock doesn't bear out, if anything."""
    if was is None:
        return None if given is None else Discrepancy(*key, at, None)
    if given is not None and was.arrived_at == given:
        return None
    marked_at = was.arrived_at if was.arrived_at is not None else was.made_up_at
    if marked_at is not None and abs(marked_at - at) < DIFFERENT:
        return None
    return Discrepancy(*key, at, marked_at)


class ClockInstants:
    """Turns what clocks tell into instants, with what each is wrong by: `at(clock, told_at)`."""

    def __init__(self, session: Session) -> None:
        self._zone = session.calendar.zone
        self._offsets = clocks.offsets()

    def __call__(self, clock: str, told_at: datetime) -> Instant:
        seconds = 0
        for since, offset in self._offsets.get(clock, ()):
            if told_at.date() >= since:
                seconds = offset
        wall = told_at + timedelta(seconds=seconds)
        return int(wall.replace(tzinfo=self._zone).timestamp())


def _span(first: date, last: date) -> tuple[str, str]:
    return first.isoformat(), last.isoformat()


def briefings_held(first: date, last: date) -> set[date]:
    """The nights from `first` to `last` of which a briefing is recorded."""
    sql = "SELECT night FROM briefings WHERE night BETWEEN ? AND ?"
    return {date.fromisoformat(night) for (night,) in execute(sql, _span(first, last))}


def signs_by_night(first: date, last: date) -> dict[NightOfOne, Signs]:
    """What is on the rolls of the nights from `first` to `last`."""
    return {
        (date.fromisoformat(night), staff_no): Signs(*signs)
        for night, staff_no, *signs in execute(_SIGNS, _span(first, last))
    }


def arrivals_by_night(first: date, last: date) -> dict[NightOfOne, Instant]:
    """The arrivals of those nights that were taken from punches."""
    return {
        (date.fromisoformat(night), staff_no): arrived_at
        for night, staff_no, arrived_at in execute(_ARRIVALS, _span(first, last))
    }
