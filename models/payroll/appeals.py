"""Appeals: a staffer contests a charge, and somebody other than who raised it decides."""

from datetime import date, timedelta
from typing import NamedTuple

from models import lawful, months
from models.authority import acting, require, require_other
from models.database import execute
from models.desk import Desk
from models.judgement import ROLL, Status
from models.ledger import settle
from models.nights import Calendar, Instant, Month, first_night, last_night
from models.problems import Problem, Refused, problem, refused
from models.text import note_problem
from models.waivers import Waiver, charge_status, grant, revoke

NIGHTS = 7
"""Within how many nights of being raised an appeal is to be decided."""

UPHELD, WAIVED = "upheld", "waived"

_APPEALS = (
    "SELECT a.id, a.staff_no, s.name, a.night, a.rule, a.source, a.words, a.raised_at,"
    " a.raised_by, a.due, a.decision, a.decided_by, a.decided_at, a.reason, c.amount, c.status"
    " FROM appeals a JOIN staff s ON s.staff_no = a.staff_no"
    " JOIN charges c ON c.staff_no = a.staff_no AND c.night = a.night AND c.rule = a.rule"
    " AND c.source = a.source"
)


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
    def open(self) -> bool:
        """Whether it waits for a decision. A charge that is gone leaves nothing to decide."""
        return self.decision is None and self.charge_status == Status.STANDING

    def late(self, calendar: Calendar, now: Instant) -> bool:
        """Whether it was decided too late, or is too late already."""
        return calendar.night(now if self.decided_at is None else self.decided_at) > self.due


def open_appeals(desk: Desk, month: Month | None = None) -> list[Appeal]:
    """Those that wait for a decision, on charges of the month or of any, the first due first."""
    if month is None:
        found = _read(" WHERE a.decision IS NULL")
    else:
        span = (first_night(month).isoformat(), last_night(month).isoformat())
        found = _read(" WHERE a.decision IS NULL AND a.night BETWEEN ? AND ?", *span)
    return sorted((each for each in found if each.open), key=lambda a: (a.due, a.appeal_id))


def appeals(first: date, last: date, staff_no: str | None = None) -> list[Appeal]:
    """Every appeal on charges of the nights from `first` to `last`, as they were raised."""
    where, span = " WHERE a.night BETWEEN ? AND ?", (first.isoformat(), last.isoformat())
    if staff_no is None:
        return _read(where, *span)
    return _read(f"{where} AND a.staff_no = ?", *span, staff_no)


def on_charge(staff_no: str, night: date, rule: str, source: str) -> list[Appeal]:
    """Every appeal on one charge, as they were raised."""
    where = " WHERE a.staff_no = ? AND a.night = ? AND a.rule = ? AND a.source = ?"
    return _read(where, staff_no, night.isoformat(), rule, source)


def appeal(appeal_id: int) -> Appeal:
    """The appeal of that id. Raises Refused where there is none."""
    for found in _read(" WHERE a.id = ?", appeal_id):
        return found
    raise refused("appeal_id", "there is no such appeal")


def _read(where: str, *values: object) -> list[Appeal]:
    rows = execute(f"{_APPEALS}{where} ORDER BY a.id", values).fetchall()
    found = [Appeal(*row) for row in rows]
    return [
        each._replace(night=date.fromisoformat(row[3]), due=date.fromisoformat(row[9]))
        for each, row in zip(found, rows, strict=True)
    ]


def raise_appeal(
    desk: Desk,
    staff_no: str,
    night: date,
    rule: str,
    source: str,
    words: str,
    by: str | None = None,
    raised_at: Instant | None = None,
) -> int:
    """Records that a staffer contests a standing charge, and gives the appeal's id. `by` is the
    supervisor or director who records it, `raised_at` when the words were said (None: now).

    A charge of a closed month can be contested too: people see it when they are paid.
    """
    settle(desk)
    with desk.change():
        require(desk, "appeal.raise")
        raised_by = require_other(desk, by, staff_no)
        raised_at = desk.now() if raised_at is None else raised_at
        problems = list(_unraisable(desk, staff_no, night, rule, source, words, raised_at))
        if desk.actor is None and lawful.people()[raised_by].position not in lawful.APPROVERS:
            problems.append(problem("by", "a supervisor or a director records an appeal"))
        if problems:
            raise Refused(*problems)
        due = desk.calendar.night(raised_at) + timedelta(days=NIGHTS)
        charge = (staff_no, night.isoformat(), rule, source)
        appeal_id: int = execute(
            "INSERT INTO appeals (staff_no, night, rule, source, words, raised_at, raised_by, due)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (*charge, words, raised_at, raised_by, due.isoformat()),
        ).fetchone()[0]
        _record(desk, "appeal.raised", after=appeal(appeal_id))
    return appeal_id


def _unraisable(
    desk: Desk,
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
    elif (flaw := note_problem(words, "words")) is not None:
        found.append(flaw)
    if not desk.calendar.start(night) <= raised_at <= desk.now():
        found.append(
            problem(
                "raised_at",
                "not between the beginning of that night, %(start)s, and now",
                start=desk.calendar.format(desk.calendar.start(night)),
            )
        )
    return found


def withdraw_appeal(desk: Desk, appeal_id: int, by: str | None = None) -> None:
    """Undoes `raise_appeal`. Raises Refused once it was decided, and for one's own."""
    with desk.change():
        require(desk, "appeal.raise")
        held = appeal(appeal_id)
        if desk.actor is not None or by:
            require_other(desk, by, held.staff_no)
        if held.decision is not None:
            raise refused("decision", "it was decided already: take the decision back first")
        execute("DELETE FROM appeals WHERE id = ?", (appeal_id,))
        _record(desk, "appeal.withdrawn", before=held)


def deciders(desk: Desk, appeal_id: int) -> list[str]:
    """The staff numbers of those who may decide an appeal, directors first: anyone but the staffer
    and whoever raised the charge. Payroll decides where there is but one director, or none of
    them may."""
    held = appeal(appeal_id)
    barred = {held.staff_no, _raiser(held)}
    found = [each for each in _employed(desk, "director") if each not in barred]
    if _payroll_decides(desk, held):
        found += [each for each in _employed(desk, "payroll") if each not in barred]
    return found


def decide(desk: Desk, appeal_id: int, decision: str, reason: str, by: str | None = None) -> bool:
    """Decides an appeal: `upheld` leaves the charge, `waived` lets it go; in a closed month as an
    adjustment of the first open one. Gives whether anything changed.

    Raises Refused for whoever may not decide it, without a reason, or where it was decided
    otherwise or has nothing to decide any more.
    """
    settle(desk)
    with desk.change():
        require(desk, "appeal.decide")
        held = appeal(appeal_id)
        decider = _require_decider(desk, held, by)
        if (held.decision, held.reason) == (decision, reason):
            return False
        if held.decision is not None:
            raise refused("decision", "it was decided already: take that decision back first")
        if not held.open:
            raise refused("decision", "the charge no longer stands, so there is nothing to decide")
        if not reason.strip():
            raise refused("reason", "say why")
        if (flaw := note_problem(reason, "reason")) is not None:
            raise Refused(flaw)
        _write(appeal_id, decision, decider, desk.now(), reason)
        if decision == WAIVED:
            grant(desk, *_charge(held), Waiver(decider, reason))
            months.correct(desk, reason, held.night, held.night)
        _record(desk, f"appeal.{decision}", before=held, after=appeal(appeal_id), reason=reason)
    return True


def reopen(desk: Desk, appeal_id: int, by: str | None = None, reason: str | None = None) -> bool:
    """Undoes `decide`: the appeal waits for a decision again, its charge stands. Gives whether
    anything changed. A charge of a closed month needs a reason, as it is adjusted once more."""
    with desk.change():
        require(desk, "appeal.decide")
        held = appeal(appeal_id)
        if held.decision is None:
            return False
        _require_decider(desk, held, by if desk.actor is not None else by or held.decided_by)
        others = on_charge(*_charge(held))
        if any(each.decision is None for each in others):
            raise refused("decision", "the charge was contested once more since")
        _write(appeal_id, None, None, None, None)
        if held.decision == WAIVED:
            revoke(desk, *_charge(held))
            months.correct(desk, reason, held.night, held.night)
        _record(desk, "appeal.reopened", before=held, after=appeal(appeal_id), reason=reason)
    return True


def _require_decider(desk: Desk, held: Appeal, by: str | None) -> str:
    decider = acting(desk, by)
    if decider == held.staff_no:
        raise refused("by", "nobody raises, waives or decides anything of their own")
    if decider == _raiser(held):
        raise refused("by", "%(staff_no)s raised the charge: another decides", staff_no=decider)
    may = deciders(desk, held.appeal_id)
    if desk.actor is None:
        allowed = decider in may
    else:
        allowed = desk.actor.role == "director" or _payroll_decides(desk, held)
    if not allowed:
        raise refused(
            "by",
            "%(staff_no)s may not decide this appeal; those who may: %(may)s",
            staff_no=decider,
            may=", ".join(may) or "-",
        )
    return decider


def _payroll_decides(desk: Desk, held: Appeal) -> bool:
    directors = _employed(desk, "director")
    return len(directors) < 2 or {*directors} <= {held.staff_no, _raiser(held)}


def _raiser(held: Appeal) -> str | None:
    """Who raised the charge: the director of the briefing, who decided on the slip, or who
    reported the incident; None where that isn't known."""
    kind, _, number = held.source.partition(":")
    sql, value = {
        ROLL: ("SELECT director_no FROM briefings WHERE night = ?", held.night.isoformat()),
        "outing": ("SELECT decided_by FROM outings WHERE slip_no = ?", number),
        "incident": ("SELECT reported_by FROM incidents WHERE incident_no = ?", number),
    }[kind]
    row = execute(sql, (value,)).fetchone()
    return row[0] if row else None


def _employed(desk: Desk, position: str) -> list[str]:
    tonight = desk.tonight().isoformat()
    sql = (
        "SELECT staff_no FROM staff WHERE position = ? AND hired_on <= ?"
        " AND (left_on IS NULL OR left_on >= ?)"
    )
    return sorted(row[0] for row in execute(sql, (position, tonight, tonight)).fetchall())


def _charge(held: Appeal) -> tuple[str, date, str, str]:
    return held.staff_no, held.night, held.rule, held.source


def _write(
    appeal_id: int,
    decision: str | None,
    decided_by: str | None,
    decided_at: Instant | None,
    reason: str | None,
) -> None:
    execute(
        "UPDATE appeals SET decision = ?, decided_by = ?, decided_at = ?, reason = ? WHERE id = ?",
        (decision, decided_by, decided_at, reason, appeal_id),
    )


def _record(
    desk: Desk,
    deed: str,
    before: Appeal | None = None,
    after: Appeal | None = None,
    reason: str | None = None,
) -> None:
    held = after or before
    assert held is not None
    desk.record(
        deed,
        staff_no=held.staff_no,
        night=held.night,
        before=before and before._asdict(),
        after=after and after._asdict(),
        reason=reason,
    )
