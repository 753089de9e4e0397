"""Appeals: a staffer contests a charge, and somebody other than who raised it decides."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from models.access.permissions import acting, require, require_other
from models.access.scope import only_readable, require_theirs
from models.access.session import Session
from models.ledger.settling import settle
from models.ledger.waivers import Waiver, charge_status, grant, revoke
from models.payroll import months
from models.rules.charges import ROLL, ChargeKey, Status
from models.rules.employment import APPROVERS
from models.storage import late_tables as tables
from models.storage.database import Read, execute
from models.storage.employment import Postings, staffers
from models.values.nights import Calendar, Instant, Month, first_night, last_night
from models.values.problems import Problem, Refused, problem, refused
from models.values.text import note_problem

NIGHTS = 7
"""Within how many nights of being raised an appeal is to be decided."""

UPHELD, WAIVED = "upheld", "waived"

_APPEALS = """
    SELECT a.id, a.staff_no, s.name, a.night, a.rule, a.source, a.words, a.raised_at, a.raised_by,
        a.due, a.decision, a.decided_by, a.decided_at, a.reason, c.amount, c.status
    FROM appeals a
    JOIN staff s ON s.staff_no = a.staff_no
    JOIN charges c ON c.staff_no = a.staff_no AND c.night = a.night AND c.rule = a.rule
        AND c.source = a.source
    WHERE %s
    ORDER BY a.id
"""
"""Fields in the order of `Appeal`."""

OPEN: Read = (_APPEALS % "a.decision IS NULL", ())
"""What `open_appeals` reads of all months."""


class Appeal(NamedTuple):
    """A contested charge of `amount` cents: the staffer's words, and what was decided."""

    appeal_id: int
    staff_no: str
    name: str
    night: date
    rule: str
    source: str
    words: str
    raised_at: Instant
    raised_by: str | None
    due: date
    """The last night on which it can be decided in time."""
    decision: str | None
    decided_by: str | None
    decided_at: Instant | None
    reason: str | None
    amount: int
    charge_status: str

    @property
    def charge(self) -> ChargeKey:
        return ChargeKey(self.staff_no, self.night, self.rule, self.source)

    @property
    def open(self) -> bool:
        """Whether it waits for a decision. A charge that is gone leaves nothing to decide."""
        return self.decision is None and self.charge_status == Status.STANDING

    def late(self, calendar: Calendar, now: Instant) -> bool:
        """Whether it was decided too late, or is too late already."""
        return calendar.night(now if self.decided_at is None else self.decided_at) > self.due


def open_appeals(session: Session, month: Month | None = None) -> list[Appeal]:
    """Those that wait for a decision, on charges of the month or of any, the first due first."""
    if month is None:
        found = _appeals(OPEN)
    else:
        nights = first_night(month).isoformat(), last_night(month).isoformat()
        found = _read("a.decision IS NULL AND a.night BETWEEN ? AND ?", *nights)
    waiting = only_readable(session, (each for each in found if each.open))
    return sorted(waiting, key=lambda a: (a.due, a.appeal_id))


def appeals(first: date, last: date, staff_no: str | None = None) -> list[Appeal]:
    """Every appeal on charges of the nights from `first` to `last`, as they were raised."""
    nights = first.isoformat(), last.isoformat()
    if staff_no is None:
        return _read("a.night BETWEEN ? AND ?", *nights)
    return _read("a.night BETWEEN ? AND ? AND a.staff_no = ?", *nights, staff_no)


def on_charge(staff_no: str, night: date, rule: str, source: str) -> list[Appeal]:
    """Every appeal on one charge, as they were raised."""
    key = (staff_no, night.isoformat(), rule, source)
    return _read("a.staff_no = ? AND a.night = ? AND a.rule = ? AND a.source = ?", *key)


def appeal(appeal_id: int) -> Appeal:
    """The appeal of that id. Raises Refused where there is none."""
    for found in _read("a.id = ?", appeal_id):
        return found
    raise refused("appeal_id", "there is no such appeal")


def _read(condition: str, *values: object) -> list[Appeal]:
    return _appeals((_APPEALS % condition, values))


def _appeals(read: Read) -> list[Appeal]:
    rows, iso = execute(*read).fetchall(), date.fromisoformat
    return [
        Appeal._make((*row[:3], iso(row[3]), *row[4:9], iso(row[9]), *row[10:])) for row in rows
    ]


def raise_appeal(
    session: Session,
    staff_no: str,
    night: date,
    rule: str,
    source: str,
    words: str,
    by: str | None = None,
    raised_at: Instant | None = None,
) -> int:
    """Records that a staffer contests a standing charge, and gives the appeal's id. `by` is the
    supervisor or director who records it, or the staffer themselves, signed in as such; `raised_at`
    is when the words were said (None: now).

    A charge of a closed month can be contested too: people see it when they are paid.
    """
    settle(session)
    with session.change():
        require_theirs(session, "appeal.raise", staff_no)
        if session.actor is not None and session.actor.role == "staff":
            raised_by = acting(session, by)
        else:
            raised_by = require_other(session, by, staff_no)
        raised_at = session.now() if raised_at is None else raised_at
        problems = list(_unraisable(session, staff_no, night, rule, source, words, raised_at))
        if (
            session.actor is None
            and Postings(raised_by).of(raised_by, session.tonight()).position not in APPROVERS
        ):
            problems.append(problem("by", "a supervisor or a director records an appeal"))
        if problems:
            raise Refused(*problems)
        due = session.calendar.night(raised_at) + timedelta(days=NIGHTS)
        appeal_id: int = tables.Appeal.insert(
            staff=staff_no,
            night=night,
            rule=rule,
            source=source,
            words=words,
            raised_at=raised_at,
            raised=raised_by,
            due=due,
        ).execute()
        _record(session, "appeal.raised", after=appeal(appeal_id))
    return appeal_id


def _unraisable(
    session: Session,
    staff_no: str,
    night: date,
    rule: str,
    source: str,
    words: str,
    raised_at: Instant,
) -> list[Problem]:
    found = []
    if charge_status(staff_no, night, rule, source) is not Status.STANDING:
        found.append(problem("rule", "no such charge stands, so there is nothing to contest"))
    if any(each.decision is None for each in on_charge(staff_no, night, rule, source)):
        found.append(problem("rule", "this charge is contested already"))
    if not words.strip():
        found.append(problem("words", "write down what the staffer says"))
    elif (found_problem := note_problem(words, "words")) is not None:
        found.append(found_problem)
    if not session.calendar.start(night) <= raised_at <= session.now():
        found.append(
            problem(
                "raised_at",
                "not between the beginning of that night, %(start)s, and now",
                start=session.calendar.format(session.calendar.start(night)),
            )
        )
    return found


def withdraw_appeal(session: Session, appeal_id: int, by: str | None = None) -> None:
    """Undoes `raise_appeal`. Raises Refused once it was decided, and for one's own."""
    with session.change():
        held = appeal(appeal_id)
        require_theirs(session, "appeal.raise", held.staff_no)
        own = session.actor is not None and session.actor.role == "staff"
        if not own and (session.actor is not None or by):
            require_other(session, by, held.staff_no)
        if held.decision is not None:
            raise refused("decision", "it was decided already: take the decision back first")
        tables.Appeal.delete().where(tables.Appeal.id == appeal_id).execute()
        _record(session, "appeal.withdrawn", before=held)


def deciders(session: Session, appeal_id: int) -> list[str]:
    """The staff numbers of those who may decide an appeal, directors first: anyone but the staffer
    and whoever raised the charge. Payroll decides where there is but one director, or none of
    them may."""
    held = appeal(appeal_id)
    barred = {held.staff_no, _raiser(held)}
    found = [each for each in _employed(session, "director") if each not in barred]
    if _payroll_decides(session, held):
        found += [each for each in _employed(session, "payroll") if each not in barred]
    return found


def decide(
    session: Session, appeal_id: int, decision: str, reason: str, by: str | None = None
) -> bool:
    """Decides an appeal: `upheld` leaves the charge, `waived` lets it go; in a closed month as an
    adjustment of the first open one. Gives whether anything changed.

    Raises Refused for whoever may not decide it, without a reason, or where it was decided
    otherwise or has nothing to decide any more.
    """
    settle(session)
    with session.change():
        require(session, "appeal.decide")
        held = appeal(appeal_id)
        decider = _require_decider(session, held, by)
        if (held.decision, held.reason) == (decision, reason):
            return False
        if held.decision is not None:
            raise refused("decision", "it was decided already: take that decision back first")
        if not held.open:
            raise refused("decision", "the charge no longer stands, so there is nothing to decide")
        if not reason.strip():
            raise refused("reason", "say why")
        if (found_problem := note_problem(reason, "reason")) is not None:
            raise Refused(found_problem)
        _write(appeal_id, decision, decider, session.now(), reason)
        if decision == WAIVED:
            grant(session, *held.charge, Waiver(decider, reason))
            months.correct(session, reason, held.night, held.night)
        _record(session, f"appeal.{decision}", before=held, after=appeal(appeal_id), reason=reason)
    return True


def reopen(
    session: Session, appeal_id: int, by: str | None = None, reason: str | None = None
) -> bool:
    """Undoes `decide`: the appeal waits for a decision again, its charge stands. Gives whether
    anything changed. A charge of a closed month needs a reason, as it is adjusted once more."""
    with session.change():
        require(session, "appeal.decide")
        held = appeal(appeal_id)
        if held.decision is None:
            return False
        _require_decider(session, held, by if session.actor is not None else by or held.decided_by)
        others = on_charge(*held.charge)
        if any(each.decision is None for each in others):
            raise refused("decision", "the charge was contested once more since")
        _write(appeal_id, None, None, None, None)
        if held.decision == WAIVED:
            revoke(session, *held.charge)
            months.correct(session, reason, held.night, held.night)
        _record(session, "appeal.reopened", before=held, after=appeal(appeal_id), reason=reason)
    return True


def _require_decider(session: Session, held: Appeal, by: str | None) -> str:
    decider = acting(session, by)
    if decider == held.staff_no:
        raise refused("by", "nobody raises, waives or decides anything of their own")
    if decider == _raiser(held):
        raise refused("by", "%(staff_no)s raised the charge: another decides", staff_no=decider)
    may = deciders(session, held.appeal_id)
    if session.actor is None:
        allowed = decider in may
    else:
        allowed = session.actor.role == "director" or _payroll_decides(session, held)
    if not allowed:
        raise refused(
            "by",
            "%(staff_no)s may not decide this appeal; those who may: %(may)s",
            staff_no=decider,
            may=", ".join(may) or "-",
        )
    return decider


def _payroll_decides(session: Session, held: Appeal) -> bool:
    directors = _employed(session, "director")
    return len(directors) < 2 or {*directors} <= {held.staff_no, _raiser(held)}


def _raiser(held: Appeal) -> str | None:
    """Who raised the charge: the director of the briefing, who decided on the slip, or who
    reported the incident; None where that isn't known, or nobody did: what the guest desk's facts
    give follows by itself."""
    kind, _, number = held.source.partition(":")
    raised: Any = {
        ROLL: tables.Briefing.select(tables.Briefing.director).where(
            tables.Briefing.night == held.night
        ),
        "outing": tables.Outing.select(tables.Outing.decided).where(
            tables.Outing.slip_no == number
        ),
        "incident": tables.Incident.select(tables.Incident.reported).where(
            tables.Incident.incident_no == number
        ),
    }.get(kind)
    return None if raised is None else raised.scalar()


def _employed(session: Session, position: str) -> list[str]:
    tonight, staff = session.tonight(), staffers()
    return sorted(
        number
        for number, posting in Postings().on(tonight).items()
        if posting.position == position and staff[number].employed(tonight)
    )


def _write(
    appeal_id: int,
    decision: str | None,
    decided_by: str | None,
    decided_at: Instant | None,
    reason: str | None,
) -> None:
    tables.Appeal.update(
        decision=decision, decided=decided_by, decided_at=decided_at, reason=reason
    ).where(tables.Appeal.id == appeal_id).execute()


def _record(
    session: Session,
    action: str,
    before: Appeal | None = None,
    after: Appeal | None = None,
    reason: str | None = None,
) -> None:
    held = after or before
    assert held is not None
    session.record(
        action,
        staff_no=held.staff_no,
        night=held.night,
        before=before and before._asdict(),
        after=after and after._asdict(),
        reason=reason,
    )
