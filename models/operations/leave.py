"""Leave: asked for beforehand, decided by a superior, and what it costs to ask too late."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from models.access.scope import only_readable, require_theirs
from models.access.session import Session
from models.ledger.closings import require_open
from models.ledger.ledger import Difference, rejudge
from models.ledger.night_preview import board_order
from models.operations import requests
from models.operations.requests import Decision, RequestKind, Step
from models.rules import judgement, validation
from models.rules.judgement import Briefing, NightFacts, judge
from models.storage.database import Read, execute
from models.storage.employment import Postings, Teams, staffer_reads, staffers
from models.storage.numbering import next_number, numbers_read
from models.storage.reference_data import people_of
from models.values.nights import ONE_NIGHT, Instant
from models.values.problems import refused

KINDS = ("rest", "personal", "sick")
STATUSES = ("requested", "approved", "rejected", "withdrawn")

REQUEST_KIND = RequestKind(
    table="leave",
    key="leave_no",
    night="first_night",
    columns=(
        "leave_no", "staff_no", "kind", "first_night", "last_night", "filed_at",
        "special_reason", "status", "decided_by", "decided_at", "decision_reason",
    ),
    record="leave.ask",
    decide="leave.decide",
    check=validation.leave,
)  # fmt: skip
_NUMBERS = (REQUEST_KIND.table, REQUEST_KIND.key, "L")

_ROWS = (
    "SELECT l.leave_no, l.staff_no, s.name, s.team, l.kind, l.first_night, l.last_night,"
    " l.filed_at, l.special_reason, l.status, l.decided_by, l.decided_at, l.decision_reason"
    " FROM leave l JOIN staff s ON s.staff_no = l.staff_no"
)
_LOOK_AHEAD = timedelta(days=366)
"""Nobody plans a team further ahead, and a slip of the pen in a year must not cost minutes."""


class LeaveRow(NamedTuple):
    """A leave, with the staffer's name and team."""

    leave_no: str
    staff_no: str
    name: str
    team: str | None
    kind: str
    first_night: date
    last_night: date
    filed_at: Instant
    special_reason: str | None
    status: str
    decided_by: str | None
    decided_at: Instant | None
    decision_reason: str | None


class LateNight(NamedTuple):
    """A night for which leave is asked too late, and the cents of staying away from it."""

    night: date
    cost: int


class LeaveVerdict(NamedTuple):
    """How a leave would be judged: the night it is filed in, how many nights it asks for, and for
    which of them it comes too late."""

    filed: date
    nights: int
    late: tuple[LateNight, ...]

    @property
    def in_time(self) -> bool:
        """Whether it is in time for every night."""
        return not self.late

    @property
    def cost(self) -> int:
        """The cents of staying away from every night that it comes too late for."""
        return sum(each.cost for each in self.late)


class Off(NamedTuple):
    """Someone whom a leave, approved or still asked for, has off in a night. `late`: it was asked
    for too late to excuse that night."""

    night: date
    team: str | None
    staff_no: str
    name: str
    leave_no: str
    kind: str
    status: str
    late: bool


class TeamOff(NamedTuple):
    """How many of a team are off in a night, of how many on the roll."""

    night: date
    off: int
    of: int


class DecidedLeave(NamedTuple):
    """A leave before and after a change, how the ledger changed, and after an approval how many of
    the team are off in each of its nights."""

    leave_no: str
    staff_no: str
    before: Decision
    after: Decision
    changes: list[Difference]
    team: str | None = None
    off: tuple[TeamOff, ...] = ()

    @property
    def was(self) -> str:
        return self.before.status

    @property
    def status(self) -> str:
        return self.after.status

    @property
    def changed(self) -> bool:
        return self.before != self.after

    @property
    def fewest(self) -> TeamOff | None:
        """The night on which the fewest of the team remain."""
        return min(self.off, key=lambda night: night.of - night.off, default=None)


def listing(
    session: Session,
    *,
    staff_no: str | None = None,
    requested: bool = False,
    since: date | None = None,
) -> list[LeaveRow]:
    """Every leave, or those of a staffer, that wait for a decision, or that last to the night
    `since` or longer. Requests come first, the longest waiting on top; then the latest nights."""
    teams = Teams()
    read = listing_read(staff_no, requested=requested, since=since)
    rows = [_row(row, teams) for row in execute(*read).fetchall()]
    rows = only_readable(session, rows)
    rows.sort(key=lambda row: row.leave_no)
    rows.sort(key=lambda row: row.first_night, reverse=True)
    waiting = [row for row in rows if row.status == "requested"]
    waiting.sort(key=lambda row: row.filed_at)
    return waiting + [row for row in rows if row.status != "requested"]


def listing_read(
    staff_no: str | None = None, *, requested: bool = False, since: date | None = None
) -> Read:
    """What `listing` reads."""
    given = {
        "l.staff_no = ?": staff_no,
        "l.last_night >= ?": since.isoformat() if since is not None else None,
    }
    wanted = {condition: value for condition, value in given.items() if value is not None}
    conditions = [*wanted, *(["l.status = 'requested'"] if requested else [])]
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return _ROWS + where, tuple(wanted.values())


def leave(session: Session, leave_no: str) -> LeaveRow:
    """The leave of that number. Raises Refused where there is none."""
    row = execute(f"{_ROWS} WHERE l.leave_no = ?", (leave_no,)).fetchone()
    if row is None:
        raise refused("leave_no", "there is no %(number)s", number=leave_no)
    return _row(row, Teams())


def verdict(
    session: Session,
    staff_no: str,
    first: date,
    last: date,
    special_reason: str | None = None,
    filed_at: Instant | None = None,
) -> LeaveVerdict:
    """How a leave filed at `filed_at` or now would be judged, once approved. Raises Refused for
    what couldn't be asked for at all."""
    filed_at = session.now() if filed_at is None else filed_at
    fact = _asked(staff_no, first, last, special_reason, filed_at)
    requests.check(session, REQUEST_KIND, fact)
    filed = session.calendar.night(filed_at)
    asked = judgement.Leave("", filed, fact["special_reason"] is not None)
    staff = staffers(staff_no)
    notice = max(book.notice_nights for _, book in session.versions.adopted)
    late = []
    # Whatever the notice, no later night is late; and before they were hired no night is missed.
    night = max(first, staff[staff_no].hired_on)  # a gap between spells costs nothing either
    while night <= min(last, filed + timedelta(days=notice)):
        book = session.book(night)
        if not asked.in_time(night, book.notice_nights):
            away = NightFacts(night, Briefing(None, True), leave={staff_no: (asked,)})
            charges = judge(away, staff, book, session.calendar, filed_at).charges
            late.append(LateNight(night, sum(charge.amount for charge in charges)))
        night += ONE_NIGHT
    return LeaveVerdict(filed, (last - first).days + 1, tuple(late))


def verdict_reads(staff_nos: Iterable[str]) -> Iterator[Read]:
    """What `verdict` reads of each of these, of most of whom nothing ever changed."""
    for staff_no in staff_nos:
        yield people_of((staff_no,))
        yield next(staffer_reads(staff_no))


def calendar(session: Session, first: date, last: date) -> list[Off]:
    """Who is off, or asks to be, in each night from `first` to `last`, by night, team (none last)
    and number. At most a year is looked at."""
    last = min(last, first + _LOOK_AHEAD)
    staff = staffers()
    found: list[Off] = []
    teams = Teams()
    sql = f"{_ROWS} WHERE l.status IN ('approved', 'requested') AND l.last_night >= ?"
    span = (first.isoformat(), last.isoformat())
    for row in execute(f"{sql} AND l.first_night <= ?", span).fetchall():
        each, first_team = _row(row, teams), row[3]
        asked = judgement.Leave(
            each.leave_no, session.calendar.night(each.filed_at), each.special_reason is not None
        )
        night = max(first, each.first_night)
        while night <= min(last, each.last_night):
            if staff[each.staff_no].employed(night):
                late = not asked.in_time(night, session.book(night).notice_nights)
                team = teams.on(each.staff_no, night, first_team)
                found.append(
                    Off(night, team, each.staff_no, each.name, each.leave_no, each.kind,
                        each.status, late)
                )  # fmt: skip
            night += ONE_NIGHT
    found.sort(key=lambda off: (off.night, *board_order(off.team, off.staff_no)))
    return only_readable(session, found)


def team_off(session: Session, leave_no: str) -> tuple[TeamOff, ...]:
    """How many of the staffer's team are off in each night of a leave, of how many on the roll, as
    it is with this leave approved; nothing for a staffer without a team."""
    row = leave(session, leave_no)
    if row.team is None:
        return ()
    staff, postings = staffers().values(), Postings()
    off: defaultdict[date, set[str]] = defaultdict(set)
    for each in calendar(session, row.first_night, row.last_night):
        if each.status == "approved" or each.leave_no == leave_no:
            off[each.night].add(each.staff_no)
    return tuple(
        TeamOff(night, sum(each.staff_no in away for each in team), len(team))
        for night, away in sorted(off.items())
        if (
            team := [
                each
                for each in staff
                if each.called(night) and postings.team(each.staff_no, night) == row.team
            ]
        )
    )


def ask(
    session: Session,
    staff_no: str,
    kind: str,
    first: date,
    last: date,
    special_reason: str | None = None,
    filed_at: Instant | None = None,
) -> str:
    """Files a leave from the night `first` to `last`, at `filed_at` or now, and gives its number.

    Raises Refused for someone unknown or who has left, a leave that ends before it begins, or one
    that reaches into a closed month.
    """
    with session.change(_ask_reads(session, staff_no, filed_at)):
        require_theirs(session, REQUEST_KIND.record, staff_no)
        require_open(first)
        if kind not in KINDS:
            raise refused("kind", "it must be one of: %(values)s", values=", ".join(KINDS))
        filed_at = session.now() if filed_at is None else filed_at
        fact = _asked(staff_no, first, last, special_reason, filed_at)
        fact["kind"] = kind
        requests.check(session, REQUEST_KIND, fact, "special_reason")
        requests.check_employed(session, staff_no, first)
        night = session.calendar.night(filed_at)
        fact["leave_no"] = next_number(*_NUMBERS, night)
        requests.insert(REQUEST_KIND, fact)
        session.record(
            "leave.asked",
            staff_no=staff_no,
            night=first,
            after={
                "leave_no": fact["leave_no"],
                "kind": kind,
                "first_night": first,
                "last_night": last,
                "filed_at": session.calendar.format(filed_at),
                "special_reason": fact["special_reason"],
            },
        )
        return str(fact["leave_no"])


def approve(
    session: Session, leave_no: str, by: str | None = None, reason: str | None = None
) -> DecidedLeave:
    """Approves a leave, in the name of `by` or of who signed in. Raises Refused for anyone but the
    direct supervisor or a director, and for a leave decided otherwise."""
    with requests.change(session, REQUEST_KIND, leave_no) as fact:
        step = requests.decide(session, REQUEST_KIND, fact, "approved", by, reason)
        done = _done(session, step)
    return done._replace(team=leave(session, leave_no).team, off=team_off(session, leave_no))


def reject(
    session: Session, leave_no: str, by: str | None = None, reason: str | None = None
) -> DecidedLeave:
    """Rejects a leave; otherwise as `approve`."""
    with requests.change(session, REQUEST_KIND, leave_no) as fact:
        step = requests.decide(session, REQUEST_KIND, fact, "rejected", by, reason)
        return _done(session, step)


def withdraw(session: Session, leave_no: str, reason: str | None = None) -> DecidedLeave:
    """Takes a leave back, asked for or approved; it covers nothing any more."""
    with requests.change(session, REQUEST_KIND, leave_no) as fact:
        return _done(session, requests.withdraw(session, REQUEST_KIND, fact, reason))


def undecide(session: Session, leave_no: str) -> DecidedLeave:
    """Takes a decision or a withdrawal back: the leave waits for a decision again."""
    with requests.change(session, REQUEST_KIND, leave_no) as fact:
        return _done(session, requests.undecide(session, REQUEST_KIND, fact))


def undo(session: Session, decided: DecidedLeave) -> DecidedLeave:
    """Puts a leave back as it was before `decided`. Raises Refused where it was changed again
    meanwhile."""
    with requests.change(session, REQUEST_KIND, decided.leave_no) as fact:
        before, after = decided.before, decided.after
        return _done(session, requests.restore(session, REQUEST_KIND, fact, after, before))


def _ask_reads(session: Session, staff_no: str, filed_at: Instant | None) -> Iterator[Read]:
    night = session.tonight() if filed_at is None else session.calendar.night(filed_at)
    yield people_of((staff_no,))
    yield numbers_read(*_NUMBERS, night)


def _asked(
    staff_no: str, first: date, last: date, special_reason: str | None, filed_at: Instant
) -> dict[str, object]:
    special = special_reason if special_reason and special_reason.strip() else None
    return {
        "staff_no": staff_no,
        "first_night": first,
        "last_night": last,
        "filed_at": filed_at,
        "special_reason": special,
        **Decision("requested")._asdict(),
    }


def _row(row: tuple[Any, ...], teams: Teams) -> LeaveRow:
    read = LeaveRow(*row)
    first = date.fromisoformat(row[5])
    return read._replace(
        first_night=first,
        last_night=date.fromisoformat(row[6]),
        team=teams.on(read.staff_no, first, read.team),
    )


def _done(session: Session, step: Step) -> DecidedLeave:
    fact = step.fact
    changes: list[Difference] = []
    if step.before != step.after:
        first, last = (date.fromisoformat(fact[night]) for night in ("first_night", "last_night"))
        changes = rejudge(session, first, last, fact["staff_no"])
    return DecidedLeave(fact["leave_no"], fact["staff_no"], step.before, step.after, changes)
