"""The first call of a briefing: every name is called once, and whoever answers was there.

It lasts until every name on the roll has been called, somebody ends it, or the briefing is closed.
A name has been called once it is marked, or was passed because nobody answered.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import chain
from typing import NamedTuple

from models.access.permissions import require
from models.access.session import Session
from models.ledger.closings import require_open
from models.ledger.night_facts import night_facts
from models.operations.briefings import open_briefing, take_back_briefing
from models.rules.charges import Outcome
from models.rules.judgement import Briefing, judge
from models.storage.database import Read, execute, upsert
from models.storage.employment import staffers
from models.values.nights import Instant
from models.values.problems import refused

_STATE = "SELECT closed_at, first_call_ended_at FROM briefings WHERE night = ?"
_PASSED = "SELECT staff_no FROM passed_names WHERE night = ?"
_WAS_PASSED = "SELECT 1 FROM passed_names WHERE night = ? AND staff_no = ?"
_END = "UPDATE briefings SET first_call_ended_at = ? WHERE night = ?"
_FORGET = "DELETE FROM passed_names WHERE night = ? AND staff_no = ?"


class Calling(NamedTuple):
    """What whoever calls the roll sees of the first call: whether it lasts, whose names were passed
    here before the briefing was opened, and `last`, that nobody seems to be left
    to be called after this."""

    lasts: bool
    passed: frozenset[str] = frozenset()
    last: bool = False


NOT_CALLING = Calling(lasts=False)


class Passed(NamedTuple):
    """The names that were passed by now and had not been before, whether that ended the first
    call, because everybody has been called, and the lines of the trail that say so."""

    night: date
    staff_nos: tuple[str, ...]
    ended: bool
    lines: tuple[int, ...] = ()


class Ended(NamedTuple):
    """That the first call was ended by hand, and whether that opened the briefing. `changed`: it
    lasted until then."""

    night: date
    opened: bool
    changed: bool


def reads(night: date, staff_no: str) -> Iterator[Read]:
    """What is read of the first call as a staffer is marked."""
    yield state_read(night)
    yield passed_read(night)
    yield _WAS_PASSED, (night.isoformat(), staff_no)


def state_read(night: date) -> Read:
    """What `was_ended` reads."""
    return _STATE, (night.isoformat(),)


def passed_read(night: date) -> Read:
    """What `passed` reads."""
    return _PASSED, (night.isoformat(),)


def passed(night: date) -> frozenset[str]:
    """Whose names were called in the night's first call without an answer."""
    return frozenset(number for (number,) in execute(*passed_read(night)).fetchall())


def was_ended(night: date) -> bool:
    """Whether the night's first call was ended, or its briefing closed; while every name has not
    been called, it lasts otherwise."""
    row = execute(*state_read(night)).fetchone()
    return row is not None and any(at is not None for at in row)


def lasts_for(
    session: Session, night: date, staff_no: str, calling: Calling, *, called: bool
) -> bool:
    """Whether the first call lasts as a staffer is marked, who was `called` before or else may have
    been passed."""
    if was_ended(night):
        return False
    if not called and execute(_WAS_PASSED, (night.isoformat(), staff_no)).fetchone() is None:
        return True  # they have not been called yet themselves
    return not everyone_called(session, night, calling.passed)


def everyone_called(session: Session, night: date, also: Collection[str] = ()) -> bool:
    """Whether nobody on the night's roll is left to be called."""
    [facts] = night_facts(night, night, session.calendar, also=(night,))
    if facts.briefing is None:
        facts = facts._replace(briefing=Briefing(None, False))
    judged = judge(facts, staffers(), session.book(night), session.calendar, session.now())
    called = passed(night).union(also)
    return all(
        staff_no in called
        for staff_no, outcome in judged.outcomes.items()
        if outcome in (Outcome.PENDING, Outcome.ABSENT)
    )


def answered_at(session: Session, night: date) -> Instant:
    """As of when somebody was there who answers at the first call now: by the clock until the
    briefing begins, and then as of its beginning."""
    return min(session.now(), session.calendar.at(night, session.book(night).briefing))


def pass_over(
    session: Session, night: date, staff_nos: Collection[str], *, last: bool = False
) -> Passed:
    """Notes that names were called and nobody answered, in a briefing that is open. `last` says
    that nobody seems to be left: if that is so, the first call ends."""
    with session.change(chain.from_iterable(reads(night, each) for each in staff_nos)):
        require(session, "roll")
        require_open(night)
        if execute(*state_read(night)).fetchone() is None:
            raise refused("night", "no briefing was held on %(night)s", night=night)
        if was_ended(night):
            return Passed(night, (), ended=False)
        noted = note(session, night, staff_nos)
        ended = last and end_if_everyone_called(session, night)
        return Passed(night, noted, ended, session.lines)


def undo_pass(session: Session, done: Passed) -> None:
    """Takes back that names were passed, and with it the end of the first call that followed."""
    with session.change():
        require(session, "roll")
        require_open(done.night)
        forget(done.night, done.staff_nos)
        for number in done.staff_nos:
            session.record("roll.pass_undone", staff_no=number, night=done.night)
        if done.ended:
            set_ended(session, done.night, False)


def end(session: Session, night: date, director_no: str | None = None) -> Ended:
    """Ends the first call of tonight's briefing, which this opens where it isn't open yet: whoever
    comes from now on is late by the clock."""
    with session.change():
        require(session, "roll")
        require_open(night)
        opened = open_briefing(session, night, director_no)
        if was_ended(night):
            return Ended(night, opened, changed=False)
        set_ended(session, night, True)
        return Ended(night, opened, changed=True)


def undo_end(session: Session, done: Ended) -> None:
    """Lets the first call go on, and takes the briefing back that its end opened."""
    with session.change():
        require(session, "roll")
        require_open(done.night)
        set_ended(session, done.night, False)
        if done.opened:
            take_back_briefing(session, done.night)


def note(
    session: Session, night: date, staff_nos: Iterable[str], *, record: bool = True
) -> tuple[str, ...]:
    """Writes down inside a change that names were passed, in the audit trail too unless another
    line of it says so; returns those that were not before."""
    before = passed(night)
    found = tuple(sorted(set(staff_nos) - before))
    now = session.now()
    rows = [(night.isoformat(), number, now) for number in found]
    upsert("passed_names", ("night", "staff_no", "passed_at"), ("night", "staff_no"), rows)
    for number in found if record else ():
        session.record("roll.passed", staff_no=number, night=night)
    return found


def forget(night: date, staff_nos: Iterable[str]) -> None:
    """Takes inside a change back that names were passed."""
    for number in staff_nos:
        execute(_FORGET, (night.isoformat(), number))


def end_if_everyone_called(session: Session, night: date) -> bool:
    """Ends the first call inside a change, if nobody is left to be called; whether it did."""
    if was_ended(night) or not everyone_called(session, night):
        return False
    set_ended(session, night, True)
    return True


def set_ended(session: Session, night: date, ended: bool) -> None:
    """Writes inside a change that the first call ended now, or goes on."""
    execute(_END, (session.now() if ended else None, night.isoformat()))
    session.record("first_call.ended" if ended else "first_call.resumed", night=night)
