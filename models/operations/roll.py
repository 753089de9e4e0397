"""What is done on the roll of a night: who came, when, and what that costs them.

A mark is the program's hottest path: someone holds a key down while fifty people wait. It is one
transaction of constant SQL that touches one staffer's night.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from models.access.permissions import require, require_not_own
from models.access.session import Session
from models.ledger.closings import require_open
from models.ledger.ledger import rejudge_staffer, staffer_night_reads
from models.ledger.night_facts import attendance_read, night_facts
from models.operations import first_call
from models.operations.briefings import briefing_read, open_briefing, take_back_briefing
from models.operations.first_call import NOT_CALLING, Calling
from models.rules import validation
from models.rules.charges import Outcome, Status
from models.rules.judgement import Briefing, Charge, judge
from models.storage import reference_data
from models.storage.database import Read, execute, remember
from models.storage.employment import staffers
from models.storage.errors import TurnTaken
from models.values.nights import Instant
from models.values.problems import Refused, refused

_SIGNS = (
    "SELECT arrived_at, made_up_at, departed_at FROM attendance WHERE night = ? AND staff_no = ?"
)
_WRITE = (
    "INSERT INTO attendance (night, staff_no, arrived_at, made_up_at, departed_at)"
    " VALUES (?, ?, ?, ?, ?) ON CONFLICT (night, staff_no) DO UPDATE SET"
    " arrived_at = excluded.arrived_at, made_up_at = excluded.made_up_at,"
    " departed_at = excluded.departed_at"
)
_DELETE = "DELETE FROM attendance WHERE night = ? AND staff_no = ?"


class Signs(NamedTuple):
    """The signs that someone gave of themselves in a night."""

    arrived_at: Instant | None
    made_up_at: Instant | None
    departed_at: Instant | None


NO_SIGN = Signs(None, None, None)


class Marked(NamedTuple):
    """One staffer's night after a change to their signs (None: no row of them at all), and what
    it costs by now. `room`: they have a standing room; `opened`: this opened the briefing."""

    night: date
    staff_no: str
    was: Signs | None
    signs: Signs | None
    outcome: Outcome | None
    """None for someone who is not on the roll."""
    room: bool
    charges: tuple[Charge, ...]
    opened: bool
    passed: tuple[str, ...] = ()
    """Names that this noted as passed in the first call."""
    ended_call: bool = False
    """That this ended the first call, because everybody has been called."""
    lines: tuple[int, ...] = ()
    """The lines of the trail that say so, in order."""

    @property
    def changed(self) -> bool:
        return self.was != self.signs

    @property
    def fine(self) -> int:
        """The cents of the night's standing charges."""
        return standing_fines(self.charges)


def standing_fines(charges: Iterable[Charge]) -> int:
    """The cents of those charges that stand."""
    return sum(charge.amount for charge in charges if charge.status is Status.STANDING)


def mark(
    session: Session,
    staff_no: str,
    night: date | None = None,
    at: Instant | None = None,
    director_no: str | None = None,
    calling: Calling = NOT_CALLING,
) -> Marked:
    """Marks that a staffer arrived, at `at` or by the clock; nothing changes where they are marked
    already. `calling`: what whoever calls the roll sees of its first call.

    The first mark of tonight opens the briefing, run by `director_no` or the director who signed
    in. Raises Refused for someone not on the roll, or a time outside the night.
    """
    with session.change(_ahead(session, night, staff_no)):
        night, was = _before(session, staff_no, night)
        if at is not None or night != session.tonight():
            require_not_own(session, staff_no)
        signs = was or NO_SIGN
        if signs.arrived_at is None:
            signs = signs._replace(arrived_at=session.now() if at is None else at)
        return _write(session, "roll.mark", night, staff_no, was, signs, director_no, calling)


def here(
    session: Session,
    staff_nos: Sequence[str],
    night: date,
    calling: Calling,
    director_no: str | None = None,
) -> list[Marked]:
    """Marks that staffers are here: while the first call lasts, as of when the briefing began at
    the latest, else by the clock. Whoever is marked already is left as they are.

    Raises Refused as `mark` does, and where the first call has ended, or goes on, unseen by whoever
    calls; then it marks nobody.
    """
    with session.change(_ahead(session, night, *staff_nos)):
        lasts = None
        done: list[Marked] = []
        for staff_no in staff_nos:
            night, was = _before(session, staff_no, night)
            signs, action = was or NO_SIGN, "roll.mark"
            if signs.arrived_at is None:
                if lasts is None:  # it doesn't end before all of them have answered
                    called = was is not None or staff_no in calling.passed
                    lasts = first_call.lasts_for(session, night, staff_no, calling, called=called)
                    if lasts != calling.lasts:
                        raise _unseen(lasts)
                at = first_call.answered_at(session, night) if lasts else session.now()
                signs, action = signs._replace(arrived_at=at), "roll.answered" if lasts else action
            last = calling if staff_no == staff_nos[-1] else NOT_CALLING
            done.append(_write(session, action, night, staff_no, was, signs, director_no, last))
        return done


class _Rehearsed(Exception):
    """It was for nothing but to have done it once."""


def rehearse(session: Session, staff_no: str, night: date, calling: Calling) -> None:
    """Does what `here` does, and keeps nothing of it: what the first mark of a program looks up,
    compiles and has a server plan, which takes longer than the mark, is at hand by then. Waits for
    nobody, and asks nobody about the clock."""
    if session.clock_warning is not None:
        return
    with suppress(_Rehearsed, Refused, TurnTaken), session.change(_ahead(session, night, staff_no)):
        here(session, [staff_no], night, calling)
        raise _Rehearsed


def make_up(
    session: Session,
    staff_no: str,
    night: date | None = None,
    at: Instant | None = None,
    director_no: str | None = None,
    calling: Calling = NOT_CALLING,
) -> Marked:
    """Records a make-up sign (clause 12), at `at` or now; the answer says whether a standing room
    covers it, and what it costs if none does. Otherwise as `mark`."""
    with session.change(_ahead(session, night, staff_no)):
        night, was = _before(session, staff_no, night)
        if at is not None or night != session.tonight():
            require_not_own(session, staff_no)
        signs = was or NO_SIGN
        if signs.made_up_at is None:
            signs = signs._replace(made_up_at=session.now() if at is None else at)
        return _write(session, "roll.make_up", night, staff_no, was, signs, director_no, calling)


def correct(
    session: Session,
    staff_no: str,
    night: date,
    signs: Signs,
    reason: str | None = None,
    calling: Calling = NOT_CALLING,
) -> Marked:
    """Puts right when someone arrived, signed later and departed. Raises Refused as `mark` does,
    for a departure of someone who gave no sign, and for the signs of whoever signed in."""
    with session.change(_ahead(session, night, staff_no)):
        night, was = _before(session, staff_no, night)
        require_not_own(session, staff_no)
        given = None if signs == NO_SIGN else signs
        return _write(session, "roll.correct", night, staff_no, was, given, None, calling, reason)


def foresee(session: Session, staff_no: str, night: date, signs: Signs) -> Marked:
    """What `correct` would make of somebody's night, without writing anything."""
    [facts] = night_facts(night, night, session.calendar, staff_no, also=(night,))
    attendance = {staff_no: (signs.arrived_at, signs.made_up_at)} if signs != NO_SIGN else {}
    briefing = facts.briefing or Briefing(None, False)
    given = facts._replace(attendance=attendance, briefing=briefing)
    judged = judge(given, staffers(staff_no), session.book(night), session.calendar, session.now())
    return Marked(
        night,
        staff_no,
        None,
        signs,
        judged.outcomes.get(staff_no),
        staff_no in facts.rooms,
        judged.charges,
        opened=False,
    )


def take_punch(session: Session, staff_no: str, night: date, at: Instant | None) -> Marked:
    """Writes down the arrival that a punch clock tells, or with None takes one back, inside a
    change of who may import. Raises Refused as `mark` does."""
    row = execute(*_signs_read(night, staff_no)).fetchone()
    was = None if row is None else Signs(*row)
    signs: Signs | None = (was or NO_SIGN)._replace(arrived_at=at)
    return _write(session, "roll.punch", night, staff_no, was, None if signs == NO_SIGN else signs)


def unmark(session: Session, staff_no: str, night: date | None = None) -> Marked:
    """Takes every sign of someone's night back. Their name has been called all the same. Raises
    Refused for the signs of whoever signed in."""
    with session.change(_ahead(session, night, staff_no)):
        night, was = _before(session, staff_no, night)
        require_not_own(session, staff_no)
        passed = None
        if was is not None and not first_call.was_ended(night):
            passed = first_call.note(session, night, (staff_no,), record=False)
        done = _write(session, "roll.unmark", night, staff_no, was, None)
        return done if passed is None else done._replace(passed=passed)


def undo(session: Session, marked: Marked) -> Marked:
    """Puts back the signs there were before `marked`, and what else it changed: the briefing that
    it opened, the first call that it ended. Raises Refused where they were changed again
    meanwhile."""
    with session.change(_ahead(session, marked.night, marked.staff_no)):
        night, was = _before(session, marked.staff_no, marked.night)
        if was != marked.signs:
            raise refused("staff_no", "their signs were changed meanwhile at another terminal")
        first_call.forget(night, marked.passed)
        if marked.ended_call:
            first_call.set_ended(session, night, False)
        done = _write(session, "roll.undo", night, marked.staff_no, was, marked.was)
        if marked.opened:
            take_back_briefing(session, night)
        return done


def undo_all(session: Session, marks: Sequence[Marked]) -> list[Marked]:
    """Takes several marks back together, or none, as `undo` does one."""
    night = marks[0].night if marks else None
    with session.change(_ahead(session, night, *(marked.staff_no for marked in marks))):
        return [undo(session, marked) for marked in reversed(marks)]


def _unseen(calling: bool) -> Refused:
    if calling:
        return refused("first_call", "the first call goes on after all: press the key again")
    return refused(
        "first_call",
        "the first call was ended at another terminal: whoever comes now is late by the clock",
    )


def _ahead(session: Session, night: date | None, *staff_nos: str) -> Iterator[Read]:
    """What is read as these are marked."""
    meant = night or session.tonight()
    yield briefing_read(meant)
    for staff_no in staff_nos:
        yield _signs_read(meant, staff_no)
        yield from first_call.reads(meant, staff_no)
        yield from staffer_night_reads(meant, staff_no)


def _signs_read(night: date, staff_no: str) -> Read:
    return _SIGNS, (night.isoformat(), staff_no)


def _before(session: Session, staff_no: str, night: date | None) -> tuple[date, Signs | None]:
    """The night that is meant, and the staffer's signs in it, once the change may be made."""
    require(session, "roll")
    night = night or session.tonight()
    require_open(night)
    row = execute(*_signs_read(night, staff_no)).fetchone()
    return night, None if row is None else Signs(*row)


def _write(
    session: Session,
    action: str,
    night: date,
    staff_no: str,
    was: Signs | None,
    signs: Signs | None,
    director_no: str | None = None,
    calling: Calling = NOT_CALLING,
    reason: str | None = None,
) -> Marked:
    opened = ended = False
    passed: tuple[str, ...] = ()
    before = len(session.lines)
    if signs != was:
        if signs is None:
            execute(_DELETE, (night.isoformat(), staff_no))
        else:
            _check(session, night, staff_no, signs, first=was in (None, NO_SIGN))
            opened = open_briefing(session, night, director_no)
            execute(_WRITE, (night.isoformat(), staff_no, *signs))
        came = [] if signs is None else [(staff_no, signs.arrived_at, signs.made_up_at)]
        remember(attendance_read(night, staff_no), came)
    facts, judgement, _ = rejudge_staffer(session, night, staff_no)
    if signs != was:
        session.record(
            action,
            staff_no=staff_no,
            night=night,
            before=_told(session, was),
            after=_told(session, signs),
            reason=reason,
        )
        if calling.passed:
            passed = first_call.note(session, night, calling.passed)
        ended = calling.last and first_call.end_if_everyone_called(session, night)
    return Marked(
        night,
        staff_no,
        was,
        signs,
        judgement.outcomes.get(staff_no),
        staff_no in facts.rooms,
        judgement.charges,
        opened,
        passed,
        ended,
        session.lines[before:],
    )


def _check(session: Session, night: date, staff_no: str, signs: Signs, *, first: bool) -> None:
    reference = validation.ReferenceData(
        reference_data.people(staff_no), {}, session.calendar, session.versions, session.now()
    )
    fact = {"staff_no": staff_no, "night": night, **signs._asdict()}
    problems = list(validation.attendance(fact, reference))
    if not problems and first:
        # What came in from a file may be put right; by hand only who is on the roll is signed.
        problems = list(validation.departed(fact, reference))
        if not problems and not staffers(staff_no)[staff_no].called(night):
            raise refused("staff_no", "%(staff_no)s is not called at the roll", staff_no=staff_no)
    if problems:
        raise Refused(*problems)


def _told(session: Session, signs: Signs | None) -> dict[str, object] | None:
    if signs is None:
        return None
    return {
        column: session.calendar.format(at)
        for column, at in signs._asdict().items()
        if at is not None
    }
