"""What the facts of a night cost whom.

Pure: plain immutable values in, plain immutable values out. The same facts, rulebook and instant of
asking give the same answer in whatever order the facts came in. Amounts are cents, instants UTC
seconds, nights dates.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from models.rules.charges import ROLL, Basis, ChargeKey, Outcome, Status
from models.rules.employment import Staffer
from models.rules.rulebook import Origin, Rule, Rulebook, RuleKind
from models.values.nights import Calendar, Instant


class Briefing(NamedTuple):
    """That the roll was called. `night_closed`: the night was closed before it was over."""

    closed_at: Instant | None
    night_closed: bool

    @property
    def ended(self) -> bool:
        """Whether somebody ended the roll: nobody is absent from one that was left open."""
        return self.closed_at is not None or self.night_closed


Attendance = tuple[Instant | None, Instant | None]
"""(arrived_at, made_up_at)"""


class Leave(NamedTuple):
    """An approved leave. `filed`: the night in which it was asked for."""

    leave_no: str
    filed: date
    special: bool

    def in_time(self, night: date, notice_nights: int) -> bool:
        return self.special or (night - self.filed).days >= notice_nights


class Outing(NamedTuple):
    """Someone who went out, and when their slip was approved, if it was."""

    slip_no: str
    staff_no: str
    out_at: Instant
    approved_at: Instant | None
    status: str


class Incident(NamedTuple):
    """Something raised against a staffer and not withdrawn."""

    incident_no: str
    staff_no: str
    occurred_at: Instant
    rule: str
    amount: int | None
    note: str | None


class Charge(NamedTuple):
    """One fine against one staffer, under one rule, for one night."""

    staff_no: str
    night: date
    rule: str
    source: str
    amount: int
    status: Status
    basis: Basis

    @property
    def key(self) -> ChargeKey:
        return ChargeKey(*self[:4])


class DeskBreach(NamedTuple):
    """Something that the guest desk's facts give against a staffer, under a rule that charges it
    by itself."""

    staff_no: str
    rule: str
    source: str
    basis: Basis


class NightFacts(NamedTuple):
    """All that is known of one night."""

    night: date
    briefing: Briefing | None = None
    attendance: Mapping[str, Attendance] = {}
    """By staff_no."""
    leave: Mapping[str, Collection[Leave]] = {}
    """By staff_no, those that cover the night."""
    rooms: Collection[str] = frozenset()
    """The staffers with a standing room of their own."""
    outings: Collection[Outing] = ()
    incidents: Collection[Incident] = ()
    waivers: Collection[ChargeKey] = frozenset()
    desk: Collection[DeskBreach] = ()


class Judgement(NamedTuple):
    """What a night's facts give: the outcome of everyone on its roll, and the charges."""

    night: date
    outcomes: Mapping[str, Outcome]
    charges: tuple[Charge, ...]


def judge(
    facts: NightFacts,
    roster: Mapping[str, Staffer],
    book: Rulebook,
    calendar: Calendar,
    now: Instant,
) -> Judgement:
    """The night's outcomes and charges, asked at `now`; the charges in the order of their keys."""
    charges: list[Charge] = []
    outcomes: dict[str, Outcome] = {}
    if facts.briefing is not None:
        outcomes = _roll(facts, facts.briefing, roster, book, calendar, now, charges)
    for outing in facts.outings:
        _outing(outing, facts, roster, book, charges)
    for incident in facts.incidents:
        _incident(incident, facts, roster, book, charges)
    for breach in facts.desk:
        rule = book.rule(breach.rule)
        if rule is None or Origin.DESK not in rule.origins:
            continue
        if roster[breach.staff_no].employed(facts.night):
            amount = rule.amount or 0
            _charge(charges, facts, breach.staff_no, rule.code, breach.source, amount, breach.basis)
    charges.sort(key=lambda charge: charge[:4])
    return Judgement(facts.night, outcomes, tuple(charges))


def briefing_due(night: date, book: Rulebook, calendar: Calendar) -> Instant:
    """The last instant at which arriving is not late."""
    return calendar.at(night, book.briefing) + book.grace_minutes * 60


def _roll(
    facts: NightFacts,
    briefing: Briefing,
    roster: Mapping[str, Staffer],
    book: Rulebook,
    calendar: Calendar,
    now: Instant,
    charges: list[Charge],
) -> dict[str, Outcome]:
    night, attendance, leave, rooms = facts.night, facts.attendance, facts.leave, facts.rooms
    due = briefing_due(night, book, calendar)
    closed_at = briefing.closed_at
    over = briefing.night_closed or (briefing.ended and now >= calendar.end(night))
    fined: dict[Outcome, Rule | None] = {
        outcome: book.roll_rule(outcome)
        for outcome in (Outcome.LATE, Outcome.MISSED, Outcome.ABSENT)
    }
    resting = {
        number
        for number, granted in leave.items()
        if any(each.in_time(night, book.notice_nights) for each in granted)
    }
    outcomes: dict[str, Outcome] = {}
    rest, present = Outcome.REST, Outcome.PRESENT  # an enumeration's members are slow to look up
    no_sign: Attendance = (None, None)
    for staffer in roster.values():
        staff_no, on_roll, hired_on, left_on, _, rehires, duties = staffer
        if rehires or duties:
            if not staffer.called(night):
                continue
        elif not on_roll or night < hired_on or (left_on is not None and night > left_on):
            continue
        if staff_no in resting:
            outcomes[staff_no] = rest
            continue
        arrived_at, made_up_at = attendance.get(staff_no, no_sign)
        if arrived_at is not None and arrived_at <= due:
            outcomes[staff_no] = present
            continue
        basis: Basis
        if made_up_at is not None and staff_no in rooms:
            outcomes[staff_no] = Outcome.MADE_UP
            continue
        if arrived_at is not None and (closed_at is None or arrived_at <= closed_at):
            outcome, basis = Outcome.LATE, ("late", arrived_at, due)
        elif made_up_at is not None:
            outcome, basis = Outcome.MISSED, ("no_room", made_up_at)
        elif arrived_at is not None:
            outcome, basis = Outcome.MISSED, ("after_briefing", arrived_at, closed_at)
        elif over:
            outcome, basis = Outcome.ABSENT, _absence_basis(staffer, night, leave, book)
        else:
            outcomes[staff_no] = Outcome.PENDING
            continue
        outcomes[staff_no] = outcome
        rule = fined[outcome]
        if rule is not None:
            if rule.kind is RuleKind.WAGE_DAYS:
                amount = book.wage_days(rule, staffer.wage(night))
            else:
                amount = rule.amount or 0
            _charge(charges, facts, staff_no, rule.code, ROLL, amount, basis)
    return outcomes


def _absence_basis(
    staffer: Staffer, night: date, leave: Mapping[str, Collection[Leave]], book: Rulebook
) -> Basis:
    rule = book.roll_rule(Outcome.ABSENT)
    days = str(rule.days) if rule is not None and rule.days is not None else None
    wage = (staffer.wage(night), days, str(book.wage_days_divisor))
    granted = leave.get(staffer.staff_no)
    if not granted:
        return ("absent", *wage)
    late = max(granted, key=lambda leave: (leave.filed, leave.leave_no))
    return ("late_leave", *wage, late.leave_no, late.filed.isoformat())


def _outing(
    outing: Outing,
    facts: NightFacts,
    roster: Mapping[str, Staffer],
    book: Rulebook,
    charges: list[Charge],
) -> None:
    rule = book.outing_rule
    approved_at = outing.approved_at
    if rule is None or not roster[outing.staff_no].employed(facts.night):
        return
    if approved_at is not None and approved_at <= outing.out_at:
        return
    basis: Basis = (f"slip_{outing.status}", outing.out_at, approved_at)
    source = f"outing:{outing.slip_no}"
    _charge(charges, facts, outing.staff_no, rule.code, source, rule.amount or 0, basis)


def _incident(
    incident: Incident,
    facts: NightFacts,
    roster: Mapping[str, Staffer],
    book: Rulebook,
    charges: list[Charge],
) -> None:
    rule = book.rule(incident.rule)
    if rule is None or not roster[incident.staff_no].employed(facts.night):
        return
    source = f"incident:{incident.incident_no}"
    amount = rule.incident_amount(incident.amount)
    basis: Basis = ("incident", incident.occurred_at, incident.note)
    _charge(charges, facts, incident.staff_no, rule.code, source, amount, basis)


def _charge(
    charges: list[Charge],
    facts: NightFacts,
    staff_no: str,
    rule: str,
    source: str,
    amount: int,
    basis: Basis,
) -> None:
    waived = (staff_no, facts.night, rule, source) in facts.waivers
    status = Status.WAIVED if waived else Status.STANDING
    charges.append(Charge(staff_no, facts.night, rule, source, amount, status, basis))
