"""The briefing of a night: opened, assigned, passed on to who rests, closed; and how it ends."""

from datetime import date
from typing import NamedTuple

from models.access.permissions import require
from models.access.session import Session
from models.ledger.closings import require_open
from models.ledger.ledger import Difference, rejudge
from models.ledger.night_facts import night_facts
from models.ledger.night_preview import board_order
from models.rules import judgement, validation
from models.rules.charges import ROLL, Basis, Outcome, Status
from models.rules.judgement import judge
from models.storage import reference_data
from models.storage.database import Read, execute
from models.storage.employment import Postings, Teams, staffers
from models.values.nights import Instant
from models.values.problems import Refused, refused
from models.values.text import note_problem

_BRIEFING = "SELECT closed_at, director_no, assignment, night_closed FROM briefings WHERE night = ?"
_OPEN = "INSERT INTO briefings (night, director_no, settled) VALUES (?, ?, ?)"
_NAMES = "SELECT staff_no, name, team FROM staff"
_IN_USE = (
    "SELECT 1 FROM attendance WHERE night = ?"
    " AND (arrived_at IS NOT NULL OR made_up_at IS NOT NULL) LIMIT 1"
)


class BriefingRow(NamedTuple):
    """A night's briefing. `over`: the night has ended, by the clock or closed early; `ended`: the
    roll was, by closing the briefing or the night."""

    night: date
    closed_at: Instant | None
    director_no: str | None
    assignment: str | None
    night_closed: bool
    over: bool

    @property
    def ended(self) -> bool:
        return self.closed_at is not None or self.night_closed


class Closed(NamedTuple):
    """When a briefing is closed and was before (None: open), how the ledger changed, and whether
    this opened the briefing."""

    night: date
    closed_at: Instant | None
    was: Instant | None
    changes: list[Difference]
    opened: bool

    @property
    def changed(self) -> bool:
        return self.closed_at != self.was


class Assigned(NamedTuple):
    """What is assigned for a night and was before, and whether this opened the briefing."""

    night: date
    text: str | None
    was: str | None
    opened: bool

    @property
    def changed(self) -> bool:
        return self.text != self.was


class Due(NamedTuple):
    """What a staffer's outcome costs them: `amount` cents under `rule`, if any rule fines it."""

    staff_no: str
    name: str
    team: str | None
    outcome: Outcome
    rule: str | None
    amount: int
    basis: Basis


class ClosingSummary(NamedTuple):
    """What closing the briefing at `at` means: the fines due then, and the absences that follow
    when the night ends. `closed_at`: when it was closed, if it is."""

    night: date
    at: Instant
    closed_at: Instant | None
    fines: tuple[Due, ...]
    absences: tuple[Due, ...]

    @property
    def due(self) -> int:
        """The sum of the fines, in cents."""
        return sum(each.amount for each in self.fines)

    @property
    def absent(self) -> int:
        """The sum of what the absences will cost, in cents."""
        return sum(each.amount for each in self.absences)


def briefing_read(night: date) -> Read:
    """What `briefing` reads."""
    return _BRIEFING, (night.isoformat(),)


def briefing(session: Session, night: date | None = None) -> BriefingRow | None:
    """The briefing of a night, or of tonight; None where there is none (yet)."""
    night = night or session.tonight()
    row = execute(*briefing_read(night)).fetchone()
    if row is None:
        return None
    closed_at, director_no, assignment, night_closed = row
    over = bool(night_closed) or session.now() >= session.calendar.end(night)
    return BriefingRow(night, closed_at, director_no, assignment, bool(night_closed), over)


def closing(
    session: Session, night: date | None = None, at: Instant | None = None
) -> ClosingSummary:
    """What closing the briefing of a night would mean, without writing anything: at `at`, else
    when it was closed, else now."""
    night = night or session.tonight()
    [facts] = night_facts(night, night, session.calendar, also=(night,))
    closed_at = facts.briefing.closed_at if facts.briefing is not None else None
    if at is None:
        at = session.now() if closed_at is None else closed_at
    # Judged as if it were over: that turns the unmarked into absences, and touches nobody else.
    ended = facts._replace(briefing=judgement.Briefing(at, night_closed=True))
    judged = judge(ended, staffers(), session.book(night), session.calendar, session.now())
    charges = {charge.staff_no: charge for charge in judged.charges if charge.source == ROLL}
    fines: list[Due] = []
    absences: list[Due] = []
    teams = Teams()
    for staff_no, name, team in execute(_NAMES):
        outcome, charge = judged.outcomes.get(staff_no), charges.get(staff_no)
        standing = charge is not None and charge.status is Status.STANDING
        if outcome is None or (outcome is not Outcome.ABSENT and not standing):
            continue
        due = Due(
            staff_no,
            name,
            teams.on(staff_no, night, team),
            outcome,
            charge.rule if charge is not None else None,
            charge.amount if charge is not None and standing else 0,
            charge.basis if charge is not None else (),
        )
        (absences if outcome is Outcome.ABSENT else fines).append(due)
    for dues in (fines, absences):
        dues.sort(key=lambda due: board_order(due.team, due.staff_no))
    return ClosingSummary(night, at, closed_at, tuple(fines), tuple(absences))


def open_briefing(
    session: Session, night: date, director_no: str | None, *, held: bool = False
) -> bool:
    """Opens the briefing of tonight, inside a change; False where it is open already.

    A past night's is opened only for who says that it was `held`. Raises Refused otherwise, or for
    a night to come.
    """
    tonight = session.tonight()
    if night > tonight:
        raise refused("night", "the night of %(night)s has not begun", night=night)
    if execute(*briefing_read(night)).fetchone() is not None:
        return False
    if night < tonight and not held:
        raise refused("night", "no briefing was held on %(night)s", night=night)
    if director_no is None and session.actor is not None and session.actor.role == "director":
        director_no = session.actor.staff_no
    _check(session, night, None, director_no)
    execute(_OPEN, (night.isoformat(), director_no, False))
    rejudge(session, night, night)
    session.record("briefing.opened", night=night, after={"director_no": director_no})
    return True


def take_back_briefing(session: Session, night: date) -> None:
    """Undoes the opening of a briefing, inside a change, unless something hangs on it by now: a
    sign of anyone's, an assignment, or its closing."""
    row = execute(*briefing_read(night)).fetchone()
    if row is None or any(row[column] for column in (0, 2, 3)):
        return
    if execute(_IN_USE, (night.isoformat(),)).fetchone() is not None:
        return
    for table in ("passed_names", "briefings"):
        execute(f"DELETE FROM {table} WHERE night = ?", (night.isoformat(),))
    rejudge(session, night, night)
    session.record("briefing.taken_back", night=night, before={"director_no": row[1]})


def close(
    session: Session,
    night: date | None = None,
    at: Instant | None = None,
    director_no: str | None = None,
) -> Closed:
    """Closes the briefing of a night, or of tonight, at `at` or now; with `at` also moves the time
    of one that is closed. Raises Refused for a time outside the night or a night to come."""
    with session.change():
        require(session, "roll")
        night = night or session.tonight()
        require_open(night)
        _check(session, night, session.now() if at is None else at, director_no)
        opened = open_briefing(session, night, director_no, held=True)
        was = _held(session, night).closed_at
        if at is None:
            at = session.now() if was is None else was
        return _set_closed(session, "briefing.closed", night, at, was, opened)


def reopen(session: Session, night: date | None = None) -> Closed:
    """Opens the closed briefing of a night, or of tonight, again."""
    with session.change():
        require(session, "roll")
        night = night or session.tonight()
        require_open(night)
        return _set_closed(
            session, "briefing.reopened", night, None, _held(session, night).closed_at
        )


def undo_close(session: Session, closed: Closed) -> Closed:
    """Puts back the closing time there was before `closed`, and takes the briefing back that it
    opened. Raises Refused where another terminal moved it meanwhile."""
    with session.change():
        require(session, "roll")
        night = closed.night
        require_open(night)
        now = _held(session, night).closed_at
        if now != closed.closed_at:
            raise refused("closed_at", "the briefing was changed meanwhile at another terminal")
        done = _set_closed(session, "briefing.closing_undone", night, closed.was, now)
        if closed.opened:
            take_back_briefing(session, night)
        return done


def close_night(session: Session, night: date | None = None) -> bool:
    """Ends a night before it is over, or a past one whose roll was left open, so that whoever gave
    no sign is absent. False where it is over or was closed already. Raises Refused for a night to
    come or without a briefing."""
    with session.change():
        require(session, "night.close")
        night = night or session.tonight()
        if night > session.tonight():
            raise refused("night", "the night of %(night)s has not begun", night=night)
        held = _held(session, night)
        if held.night_closed or (held.over and held.ended):
            return False
        require_open(night)
        _set_night_closed(session, "night.closed", night, True)
        return True


def reopen_night(session: Session, night: date | None = None) -> bool:
    """Takes the early end of a night back. False where it was not closed."""
    with session.change():
        require(session, "night.close")
        night = night or session.tonight()
        if not _held(session, night).night_closed:
            return False
        require_open(night)
        _set_night_closed(session, "night.reopened", night, None)
        return True


def assign(
    session: Session,
    text: str | None,
    night: date | None = None,
    director_no: str | None = None,
) -> Assigned:
    """Writes down the work that the briefing of a night, or of tonight, assigns (clause 2), and
    opens the briefing, run by `director_no`, where it isn't open yet."""
    with session.change():
        require(session, "assignment")
        night = night or session.tonight()
        require_open(night)
        problem = note_problem(text or "", "assignment")
        if problem is not None:
            raise Refused(problem)
        opened = open_briefing(session, night, director_no)
        return _set_assignment(session, "briefing.assigned", night, text or None, opened)


def undo_assign(session: Session, assigned: Assigned) -> Assigned:
    """Puts back what was assigned before. Raises Refused where it was changed meanwhile."""
    with session.change():
        require(session, "assignment")
        night = assigned.night
        require_open(night)
        if _held(session, night).assignment != assigned.text:
            raise refused("assignment", "the assignment was changed meanwhile at another terminal")
        done = _set_assignment(session, "briefing.assignment_undone", night, assigned.was)
        if assigned.opened:
            take_back_briefing(session, night)
        return done


def set_director(
    session: Session, director_no: str | None, night: date | None = None
) -> str | None:
    """Says who runs the night, and gives who was said to before."""
    with session.change():
        require(session, "roll")
        night = night or session.tonight()
        require_open(night)
        was = _held(session, night).director_no
        if was != director_no:
            _check(session, night, None, director_no)
            execute(
                "UPDATE briefings SET director_no = ? WHERE night = ?",
                (director_no, night.isoformat()),
            )
            session.record(
                "briefing.director",
                night=night,
                before={"director_no": was},
                after={"director_no": director_no},
            )
        return was


def told(session: Session, night: date | None = None) -> dict[str | None, Instant]:
    """When each team said that its resting colleagues were told of a night's assignment (clause
    2); None is the team of those without one."""
    night = night or session.tonight()
    rows = execute("SELECT team, told_at FROM relays WHERE night = ?", (night.isoformat(),))
    return {team or None: at for team, at in rows.fetchall()}


def tell(session: Session, team: str | None, told: bool, night: date | None = None) -> bool:
    """Records that a team told its resting colleagues what was assigned, or takes that back.
    False where it was so already. Raises Refused for a team that nobody is in."""
    with session.change():
        require(session, "assignment")
        night = night or session.tonight()
        key = (night.isoformat(), team or "")
        if all(posting.team != team for posting in Postings().on(night).values()):
            raise refused("team", "nobody is in the team %(team)s", team=team or "")
        row = execute("SELECT told_at FROM relays WHERE night = ? AND team = ?", key).fetchone()
        if (row is not None) == told:
            return False
        if told:
            execute("INSERT INTO relays (night, team, told_at) VALUES (?, ?, ?)",
                    (*key, session.now()))  # fmt: skip
        else:
            execute("DELETE FROM relays WHERE night = ? AND team = ?", key)
        session.record(
            "relay.told" if told else "relay.taken_back", night=night, after={"team": team}
        )
        return True


def _held(session: Session, night: date) -> BriefingRow:
    """The night's briefing. Raises Refused where none was held."""
    row = briefing(session, night)
    if row is None:
        raise refused("night", "no briefing was held on %(night)s", night=night)
    return row


def _check(
    session: Session, night: date, closed_at: Instant | None, director_no: str | None
) -> None:
    fact = {"night": night, "closed_at": closed_at, "director_no": director_no}
    people = reference_data.people(director_no) if director_no is not None else {}
    reference = validation.ReferenceData(
        people, {}, session.calendar, session.versions, session.now()
    )
    problems = list(validation.briefings(fact, reference))
    if problems:
        raise Refused(*problems)


def _set_closed(
    session: Session,
    action: str,
    night: date,
    at: Instant | None,
    was: Instant | None,
    opened: bool = False,
) -> Closed:
    if at == was:
        return Closed(night, at, was, [], opened)
    execute("UPDATE briefings SET closed_at = ? WHERE night = ?", (at, night.isoformat()))
    changes = rejudge(session, night, night)
    session.record(
        action,
        night=night,
        before={"closed_at": session.calendar.format(was)} if was is not None else None,
        after={"closed_at": session.calendar.format(at)} if at is not None else None,
    )
    return Closed(night, at, was, changes, opened)


def _set_night_closed(session: Session, action: str, night: date, closed: bool | None) -> None:
    execute("UPDATE briefings SET night_closed = ? WHERE night = ?", (closed, night.isoformat()))
    rejudge(session, night, night)
    session.record(action, night=night, after={"night_closed": bool(closed)})


def _set_assignment(
    session: Session, action: str, night: date, text: str | None, opened: bool = False
) -> Assigned:
    was = _held(session, night).assignment
    if text != was:
        execute("UPDATE briefings SET assignment = ? WHERE night = ?", (text, night.isoformat()))
        session.record(action, night=night, before={"assignment": was}, after={"assignment": text})
    return Assigned(night, text, was, opened)
