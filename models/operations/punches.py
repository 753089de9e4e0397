"""Punches: what the clocks at the door tell of who came when.

A punch is kept as its clock told it. Whose it is and by how much the clock was wrong may be found
later; the arrivals that follow are worked out anew then. A person's mark always stands.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from models.access.permissions import require
from models.access.session import Session
from models.ledger.closings import last_closed
from models.ledger.ledger import settle
from models.operations import clocks
from models.operations.clocks import ClockKey, Guess
from models.operations.roll import NO_SIGN, Signs, foresee, take_punch
from models.rules.judgement import Outcome
from models.storage.database import execute, execute_many
from models.values.nights import ONE_NIGHT, Instant, Month, month_of
from models.values.problems import Problem, Refused, problem, refused
from models.values.text import bare_number

DIFFERENT = 60
"""Seconds from which a mark and a punch say different things."""
AHEAD = 5 * 60
"""Seconds by which a clock may be ahead of ours for what it tells to have happened."""

WRONG_BY = timedelta(seconds=clocks.LONGEST_OFFSET)

_HELD = "SELECT clock, number, told_at FROM punches WHERE told_at BETWEEN ? AND ?"
_INSERT = (
    "INSERT INTO punches (clock, number, told_at, note, batch) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT DO NOTHING"
)
_THEIRS = (
    "SELECT p.clock, p.told_at, n.staff_no FROM punches p"
    " JOIN clock_numbers n ON n.clock = p.clock AND n.number = p.number"
    " WHERE n.staff_no IS NOT NULL AND p.told_at BETWEEN ? AND ?"
)
_HEARD = (
    "SELECT DISTINCT n.staff_no FROM punches p"
    " JOIN clock_numbers n ON n.clock = p.clock AND n.number = p.number"
    " WHERE n.staff_no IS NOT NULL AND p.batch = ?"
)
_SPAN = "SELECT min(told_at), max(told_at) FROM punches"
_SIGNS = (
    "SELECT night, staff_no, arrived_at, made_up_at, departed_at FROM attendance"
    " WHERE night BETWEEN ? AND ?"
)
_ARRIVALS = "SELECT night, staff_no, arrived_at FROM punch_arrivals WHERE night BETWEEN ? AND ?"
_REMEMBER = (
    "INSERT INTO punch_arrivals (night, staff_no, arrived_at, batch) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (night, staff_no) DO UPDATE SET arrived_at = excluded.arrived_at"
)
_FINES = (
    "SELECT coalesce(sum(amount), 0) FROM charges"
    " WHERE night = ? AND staff_no = ? AND status = 'standing'"
)
_OWN = problem("staff_no", "nobody takes in their own arrival: another does")
_OWN_NUMBER = problem("staff_no", "nobody says which number is their own: another does")
_FUTURE = problem("arrived_at", "more than five minutes ahead of the clock here")

NightOfOne = tuple[date, str]
"""(night, staff_no)"""


class Told(NamedTuple):
    """One punch as it is taken in: `shown` is the number as the clock writes it, `told_at` the
    clock's own wall time."""

    clock: str
    shown: str
    name: str
    told_at: datetime
    note: str

    @property
    def key(self) -> ClockKey:
        return self.clock, bare_number(self.shown)


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


class Discrepancy(NamedTuple):
    """Where a mark and the first punch say different things; the mark stands. `marked_at` is None
    where somebody said that there was no sign of them."""

    night: date
    staff_no: str
    punched_at: Instant
    marked_at: Instant | None


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


class _Undo(Exception):
    """Rolls the transaction back."""


def take(
    session: Session,
    punches: Collection[Told],
    *,
    accept: bool = False,
    dry_run: bool = False,
    source: str = "",
) -> Taken:
    """Takes punches in, each once however often it comes, and writes down the arrivals that follow.

    Numbers whose name in the file and on the roster agree are matched; `accept` takes every other
    guess as well. `dry_run` says what would come of it and changes nothing. `source` is a digest of
    the files. Raises Refused for whoever may not import.
    """
    settle(session)
    taken = Taken()
    with suppress(_Undo), session.change():
        require(session, "import")
        batch = _next_batch()
        taken.matched = clocks.learn(
            {each.key: (each.shown, each.name) for each in punches}, accept=accept
        )
        owners = clocks.owners()
        punches = _without_own(session, punches, owners, taken)
        taken.new = _keep(punches, batch)
        taken.known = len({(*each.key, each.told_at) for each in punches}) - taken.new
        taken.unmatched = Counter(each.key for each in punches if owners.get(each.key, "") is None)
        at = _instants(session)
        nights = {
            (session.calendar.night(at(each.clock, each.told_at)), owner)
            for each in punches
            if (owner := owners.get(each.key))
        }
        _arrive(session, nights, batch, taken)
        if taken.changed:
            session.record(
                "punches.taken",
                after={
                    "batch": batch,
                    "punches": taken.new,
                    "arrivals": len(taken.arrivals),
                    "matched": [list(each[:3]) for each in taken.matched],
                    **({"sha256": source} if source else {}),
                },
            )
        if dry_run or not taken.changed:
            raise _Undo
    return taken


def match(
    session: Session,
    clock: str,
    number: str,
    staff_no: str | None,
    *,
    ignored: bool = False,
    dry_run: bool = False,
) -> Taken:
    """Says whose a clock's number is: somebody's, nobody's yet (None), or of no interest; and
    writes down the arrivals that follow. Arrivals that were taken while it was somebody else's are
    taken back. `dry_run` says what would come of it and changes nothing. Raises Refused where there
    is no such number or staffer, and for a number that is or would be of whoever says so."""
    settle(session)
    taken = Taken()
    with suppress(_Undo), session.change():
        require(session, "import")
        was = clocks.owner(clock, number)
        if _own(session) is not None and _own(session) in (was, staff_no):
            raise Refused(_OWN_NUMBER)
        clocks.assign(session, clock, number, staff_no, ignored=ignored)
        batch = _next_batch()
        people = {each for each in (was, staff_no) if each is not None}
        _work_out_anew(session, people, batch, taken)
        if dry_run:
            raise _Undo
    return taken


def set_offset(
    session: Session, clock: str, since: date, seconds: int, *, dry_run: bool = False
) -> Taken:
    """Says by how many seconds a clock's times are to be put forward from one of its dates on, 0
    for right again; and puts right the arrivals that were taken from it. `dry_run` as in `match`.
    """
    settle(session)
    taken = Taken()
    with suppress(_Undo), session.change():
        require(session, "import")
        clocks.put_offset(session, clock, since, seconds)
        people = {owner for (name, _), owner in clocks.owners().items() if name == clock and owner}
        _work_out_anew(session, people, _next_batch(), taken)
        if dry_run:
            raise _Undo
    return taken


def work_out(session: Session, first: date, last: date) -> Taken:
    """Writes down the arrivals of these nights that follow from punches taken in earlier: of a
    briefing, say, that was opened since."""
    settle(session)
    taken = Taken()
    with session.change():
        require(session, "import")
        nights = set(first_punches(session, first, last))
        _arrive(session, nights, _next_batch(), taken)
    return taken


def take_back(session: Session) -> int:
    """Takes the last import of punches back: the punches, and the arrivals that nobody touched
    since. Gives how many punches those were. Raises Refused where there is none, where one of the
    arrivals lies in a month that is closed by now, and where one is that of whoever takes it back.
    """
    with session.change():
        require(session, "import")
        batch = execute("SELECT max(batch) FROM punches").fetchone()[0]
        if batch is None:
            raise refused("punches", "there is no import of punches to take back")
        sql = "SELECT min(night) FROM punch_arrivals WHERE batch >= ?"
        first = execute(sql, (batch,)).fetchone()[0]
        if first is not None and first[:7] <= (last_closed() or ""):
            raise refused("punches", "%(month)s is closed by now", month=first[:7])
        people = {row[0] for row in execute(_HEARD, (batch,)).fetchall()}
        gone = execute("DELETE FROM punches WHERE batch = ?", (batch,)).rowcount
        taken = Taken()
        _work_out_anew(session, people, batch, taken)
        if any(each.problem is _OWN for each in taken.not_taken):
            raise Refused(_OWN)
        clocks.forget_unheard()
        session.record("punches.taken_back", before={"batch": batch, "punches": gone})
        return int(gone)


def first_punches(
    session: Session, first: date, last: date, staff_no: str | None = None
) -> dict[NightOfOne, Instant]:
    """The first punch of each staffer in each night from `first` to `last`."""
    at = _instants(session)
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
    signs = _signs(first, last)
    ours = _arrivals(first, last)
    held = _held(first, last)
    return [
        differing
        for key, at in sorted(first_punches(session, first, last).items())
        if key[0] in held
        and (differing := _differing(key, at, signs.get(key), ours.get(key))) is not None
    ]


def _keep(punches: Iterable[Told], batch: int) -> int:
    """Stores the punches that aren't yet; gives how many."""
    rows = {
        (*each.key, each.told_at.isoformat()): (
            *each.key,
            each.told_at.isoformat(),
            each.note or None,
            batch,
        )
        for each in punches
    }
    if not rows:
        return 0
    times = [told_at for _, _, told_at in rows]
    held = {tuple(row) for row in execute(_HELD, (min(times), max(times)))}
    new = [row for key, row in sorted(rows.items()) if key not in held]
    execute_many(_INSERT, new)
    return len(new)


def _arrive(session: Session, nights: Collection[NightOfOne], batch: int, taken: Taken) -> None:
    """Writes down the first punches of these nights as arrivals where nobody marked any."""
    if not nights:
        return
    first, last = min(nights)[0], max(nights)[0]
    held, closed = _held(first, last), last_closed() or ""
    signs, ours = _signs(first, last), _arrivals(first, last)
    firsts = first_punches(session, first, last)
    own = _own(session)
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
        elif (differing := _differing(key, at, was, given)) is not None:
            taken.differing.append(differing)
        elif was is None or (given == was.arrived_at and given != at):
            before = foresee(session, staff_no, night, was or NO_SIGN).outcome
            if before is None:
                continue  # who isn't called needs no arrival
            unlawful = _OWN if staff_no == own else _FUTURE if at > latest else None
            try:
                if unlawful is not None:
                    raise Refused(unlawful)
                taken.arrivals.append(_write(session, key, before, at, batch))
            except Refused as refusal:
                taken.not_taken += [NotTaken(*key, each) for each in refusal.problems]


def _own(session: Session) -> str | None:
    """Who is signed in, whose own arrival waits for another's word."""
    return session.actor.staff_no if session.actor is not None else None


def _without_own(
    session: Session,
    punches: Collection[Told],
    owners: Mapping[ClockKey, str | None],
    taken: Taken,
) -> Collection[Told]:
    """The punches that aren't those of whoever takes them in: a file could say of them anything."""
    own = _own(session)
    if own is None or own not in owners.values():
        return punches
    at, nights, others = _instants(session), set(), []
    for each in punches:
        if owners.get(each.key) == own:
            nights.add(session.calendar.night(at(each.clock, each.told_at)))
        else:
            others.append(each)
    if nights:
        signs = _signs(min(nights), max(nights))
        taken.not_taken += [
            NotTaken(night, own, _OWN) for night in sorted(nights) if (night, own) not in signs
        ]
    return others


def _write(session: Session, key: NightOfOne, before: Outcome, at: Instant, batch: int) -> Arrival:
    night, staff_no = key
    where = night.isoformat(), staff_no
    fine_before = int(execute(_FINES, where).fetchone()[0])
    marked = take_punch(session, staff_no, night, at)
    execute(_REMEMBER, (*where, at, batch))
    return Arrival(night, staff_no, at, before, marked.outcome, fine_before, marked.fine)


def _take_away(session: Session, key: NightOfOne, stands: Signs | None) -> Arrival:
    """Takes an arrival back that no punch bears out any more."""
    night, staff_no = key
    before = foresee(session, staff_no, night, stands or NO_SIGN).outcome or Outcome.PENDING
    fine_before = int(execute(_FINES, (night.isoformat(), staff_no)).fetchone()[0])
    marked = take_punch(session, staff_no, night, None)
    return Arrival(night, staff_no, None, before, marked.outcome, fine_before, marked.fine)


def _work_out_anew(session: Session, people: Collection[str], batch: int, taken: Taken) -> None:
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
        signs = _signs(first, last)
        for night, given in ours.items():
            key = night, staff_no
            stands = signs.get(key)
            untouched = stands is not None and stands.arrived_at == given
            if key not in firsts and untouched and month_of(night) > closed:
                if staff_no == _own(session):
                    taken.not_taken.append(NotTaken(*key, _OWN))
                    continue
                taken.arrivals.append(_take_away(session, key, stands))
                execute(
                    "DELETE FROM punch_arrivals WHERE night = ? AND staff_no = ?",
                    (night.isoformat(), staff_no),
                )
        _arrive(session, set(firsts), batch, taken)


def _differing(
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


def _instants(session: Session) -> "_Instants":
    return _Instants(session, clocks.offsets())


class _Instants:
    """Turns what clocks tell into instants: `at(clock, told_at)`."""

    def __init__(self, session: Session, offsets: dict[str, list[tuple[date, int]]]) -> None:
        self._zone = session.calendar.zone
        self._offsets = offsets

    def __call__(self, clock: str, told_at: datetime) -> Instant:
        seconds = 0
        for since, offset in self._offsets.get(clock, ()):
            if told_at.date() >= since:
                seconds = offset
        wall = told_at + timedelta(seconds=seconds)
        return int(wall.replace(tzinfo=self._zone).timestamp())


def _next_batch() -> int:
    newest = execute(
        "SELECT max(batch) FROM (SELECT batch FROM punches UNION ALL SELECT batch FROM"
        " punch_arrivals) AS batches"
    ).fetchone()[0]
    return int(newest or 0) + 1


def _span(first: date, last: date) -> tuple[str, str]:
    return first.isoformat(), last.isoformat()


def _held(first: date, last: date) -> set[date]:
    sql = "SELECT night FROM briefings WHERE night BETWEEN ? AND ?"
    return {date.fromisoformat(night) for (night,) in execute(sql, _span(first, last))}


def _signs(first: date, last: date) -> dict[NightOfOne, Signs]:
    return {
        (date.fromisoformat(night), staff_no): Signs(*signs)
        for night, staff_no, *signs in execute(_SIGNS, _span(first, last))
    }


def _arrivals(first: date, last: date) -> dict[NightOfOne, Instant]:
    return {
        (date.fromisoformat(night), staff_no): arrived_at
        for night, staff_no, arrived_at in execute(_ARRIVALS, _span(first, last))
    }
