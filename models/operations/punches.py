"""Punches: what the clocks at the door tell of who came when.

A punch is kept as its clock told it. Whose it is and by how much the clock was wrong may be found
later; the arrivals that follow are worked out anew then. A person's mark always stands.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import NamedTuple

from models.access.permissions import require
from models.access.session import Session
from models.ledger.closings import last_closed
from models.ledger.settling import settle
from models.operations import clocks
from models.operations.clocks import ClockKey
from models.operations.first_punches import ClockInstants, first_punches, signs_by_night
from models.operations.punch_arrivals import (
    OWN,
    NotTaken,
    Taken,
    arrive,
    own_staff_no,
    work_out_anew,
)
from models.storage.database import execute, execute_many
from models.values.problems import Refused, problem, refused
from models.values.text import bare_number

_HELD = "SELECT clock, number, told_at FROM punches WHERE told_at BETWEEN ? AND ?"
_INSERT = (
    "INSERT INTO punches (clock, number, told_at, note, batch) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT DO NOTHING"
)
_HEARD = (
    "SELECT DISTINCT n.staff_no FROM punches p"
    " JOIN clock_numbers n ON n.clock = p.clock AND n.number = p.number"
    " WHERE n.staff_no IS NOT NULL AND p.batch = ?"
)
_OWN_NUMBER = problem("staff_no", "nobody says which number is their own: another does")


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
        at = ClockInstants(session)
        nights = {
            (session.calendar.night(at(each.clock, each.told_at)), owner)
            for each in punches
            if (owner := owners.get(each.key))
        }
        arrive(session, nights, batch, taken)
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
        if own_staff_no(session) is not None and own_staff_no(session) in (was, staff_no):
            raise Refused(_OWN_NUMBER)
        clocks.assign(session, clock, number, staff_no, ignored=ignored)
        batch = _next_batch()
        people = {each for each in (was, staff_no) if each is not None}
        work_out_anew(session, people, batch, taken)
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
        work_out_anew(session, people, _next_batch(), taken)
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
        arrive(session, nights, _next_batch(), taken)
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
        work_out_anew(session, people, batch, taken)
        if any(each.problem is OWN for each in taken.not_taken):
            raise Refused(OWN)
        clocks.forget_unheard()
        session.record("punches.taken_back", before={"batch": batch, "punches": gone})
        return int(gone)


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


def _without_own(
    session: Session,
    punches: Collection[Told],
    owners: Mapping[ClockKey, str | None],
    taken: Taken,
) -> Collection[Told]:
    """The punches that aren't those of whoever takes them in: a file could say of them anything."""
    own = own_staff_no(session)
    if own is None or own not in owners.values():
        return punches
    at, nights, others = ClockInstants(session), set(), []
    for each in punches:
        if owners.get(each.key) == own:
            nights.add(session.calendar.night(at(each.clock, each.told_at)))
        else:
            others.append(each)
    if nights:
        signs = signs_by_night(min(nights), max(nights))
        taken.not_taken += [
            NotTaken(night, own, OWN) for night in sorted(nights) if (night, own) not in signs
        ]
    return others


def _next_batch() -> int:
    newest = execute(
        "SELECT max(batch) FROM (SELECT batch FROM punches UNION ALL SELECT batch FROM"
        " punch_arrivals) AS batches"
    ).fetchone()[0]
    return int(newest or 0) + 1
