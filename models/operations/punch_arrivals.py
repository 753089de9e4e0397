"""The arrivals that follow from punches: written down, and put right where the punches prove to be
another's. A person's mark always stands."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from models.access.session import Session
from models.ledger.closings import last_closed
from models.operations.clocks import ClockKey, Guess
from models.operations.first_punches import (
    WRONG_BY,
    Discrepancy,
    NightOfOne,
    arrivals_by_night,
    briefings_held,
    discrepancy,
    first_punches,
    signs_by_night,
)
from models.operations.roll import NO_SIGN, Signs, foresee, take_punch
from models.rules.charges import Outcome
from models.storage.database import execute
from models.values.nights import ONE_NIGHT, Instant, Month, month_of
from models.values.problems import Problem, Refused, problem

AHEAD = 5 * 60
"""Seconds by which a clock may be ahead of ours for what it tells to have happened."""

_SPAN = "SELECT min(told_at), max(told_at) FROM punches"
_REMEMBER = (
    "INSERT INTO punch_arrivals (night, staff_no, arrived_at, batch) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (night, staff_no) DO UPDATE SET arrived_at = excluded.arrived_at"
)
_FINES = (
    "SELECT coalesce(sum(amount), 0) FROM charges"
    " WHERE night = ? AND staff_no = ? AND status = 'standing'"
)
OWN = problem("staff_no", "nobody takes in their own arrival: another does")
_FUTURE = problem("arrived_at", "more than five minutes ahead of the clock here")


class Arrival(NamedTuple):
    """An arrival that follows from a punch, and what it changes: the outcome and the cents of the
    night's standing charges, before and after. `at` is None where one was taken back, because the
    punch is somebody else's, or of another night."""

    night: date
    staff_no: str
    at: Instant | None
    was: Outcome
    outcome: Outcome | None
    fine_before: int
    fine: int


class NotTaken(NamedTuple):
    """An arrival that can't be, and why."""

    night: date
    staff_no: str
    problem: Problem


@dataclass
class Taken:
    """What came of punches."""

    new: int = 0
    known: int = 0
    """Punches that had been taken in before."""
    matched: list[Guess] = field(default_factory=list)
    """Numbers that were taken for somebody's."""
    unmatched: Counter[ClockKey] = field(default_factory=Counter)
    """Numbers that are nobody's yet, and how many of the punches are theirs."""
    arrivals: list[Arrival] = field(default_factory=list)
    differing: list[Discrepancy] = field(default_factory=list)
    not_taken: list[NotTaken] = field(default_factory=list)
    no_briefing: set[date] = field(default_factory=set)
    """Nights of which no briefing is recorded, so that nobody's arrival is looked for."""
    closed: set[Month] = field(default_factory=set)

    @property
    def changed(self) -> bool:
        return bool(self.new or self.arrivals or self.matched)


def arrive(session: Session, nights: Collection[NightOfOne], batch: int, taken: Taken) -> None:
    """Writes down the first punches of these nights as arrivals where nobody marked any."""
    if not nights:
        return
    first, last = min(nights)[0], max(nights)[0]
    held, closed = briefings_held(first, last), last_closed() or ""
    signs, ours = signs_by_night(first, last), arrivals_by_night(first, last)
    firsts = first_punches(session, first, last)
    own = own_staff_no(session)
    latest = session.now() + AHEAD
    for key in sorted(nights):
        night, staff_no = key
        at, was, given = firsts.get(key), signs.get(key), ours.get(key)
        if at is None:
            continue
        if month_of(night) <= closed:
            taken.closed.add(month_of(night))
        elif night not in held:
            taken.no_briefing.add(night)
        elif (differing := discrepancy(key, at, was, given)) is not None:
            taken.differing.append(differing)
        elif was is None or (given is not None and given == was.arrived_at and given != at):
            before = foresee(session, staff_no, night, was or NO_SIGN).outcome
            if before is None:
                continue  # who isn't called needs no arrival
            unlawful = OWN if staff_no == own else _FUTURE if at > latest else None
            try:
                if unlawful is not None:
                    raise Refused(unlawful)
                taken.arrivals.append(_write(session, key, before, at, batch))
            except Refused as refusal:
                taken.not_taken += [NotTaken(*key, each) for each in refusal.problems]


def own_staff_no(session: Session) -> str | None:
    """Who is signed in, whose own arrival waits for another's word."""
    return session.actor.staff_no if session.actor is not None else None


def _write(session: Session, key: NightOfOne, before: Outcome, at: Instant, batch: int) -> Arrival:
    night, staff_no = key
    where = night.isoformat(), staff_no
    fine_before = int(execute(_FINES, where).fetchone()[0])
    marked = take_punch(session, staff_no, night, at)
    execute(_REMEMBER, (*where, at, batch))
    return Arrival(night, staff_no, at, before, marked.outcome, fine_before, marked.fine)


def _take_away(session: Session, key: NightOfOne, stands: Signs) -> Arrival:
    """Takes an arrival back that no punch bears out any more."""
    night, staff_no = key
    before = foresee(session, staff_no, night, stands).outcome or Outcome.PENDING
    fine_before = int(execute(_FINES, (night.isoformat(), staff_no)).fetchone()[0])
    marked = take_punch(session, staff_no, night, None)
    return Arrival(night, staff_no, None, before, marked.outcome, fine_before, marked.fine)


def work_out_anew(session: Session, people: Collection[str], batch: int, taken: Taken) -> None:
    """Puts the arrivals of these people in step with the punches that are theirs by now."""
    closed = last_closed() or ""
    for staff_no in sorted(people):
        sql = "SELECT night, arrived_at FROM punch_arrivals WHERE staff_no = ?"
        ours = {date.fromisoformat(n): at for n, at in execute(sql, (staff_no,)).fetchall()}
        days = [datetime.fromisoformat(text).date() for text in execute(_SPAN).fetchone() if text]
        days += ours
        if not days:
            continue
        first, last = min(days) - WRONG_BY - ONE_NIGHT, max(days) + WRONG_BY
        firsts = first_punches(session, first, last, staff_no)
        signs = signs_by_night(first, last)
        for night, given in ours.items():
            key = night, staff_no
            stands = signs.get(key)
            if stands is None or stands.arrived_at != given:
                continue  # somebody has said otherwise since
            if key in firsts or month_of(night) <= closed:
                continue
            if staff_no == own_staff_no(session):
                taken.not_taken.append(NotTaken(*key, OWN))
                continue
            taken.arrivals.append(_take_away(session, key, stands))
            execute(
                "DELETE FROM punch_arrivals WHERE night = ? AND staff_no = ?",
                (night.isoformat(), staff_no),
            )
        arrive(session, set(firsts), batch, taken)
