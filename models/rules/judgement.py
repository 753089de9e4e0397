"""What the facts of a night cost whom.

Pure: plain immutable values in, plain immutable values out. The same facts, rulebook and instant of
asking give the same answer in whatever order the facts came in. Amounts are cents, instants UTC
seconds, nights dates.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from models.rules.employment import Spell, in_force
from models.rules.rulebook import Origin, Rule, Rulebook, RuleKind, Separation, Window
from models.values.nights import Calendar, Instant, month_of

ROLL = "roll"


class Outcome(StrEnum):
    """What became of a staffer on the roll of a night."""

    REST = "rest"
    PRESENT = "present"
    MADE_UP = "made_up"
    LATE = "late"
    MISSED = "missed"
    ABSENT = "absent"
    PENDING = "pending"


class Status(StrEnum):
    """What became of a charge. `REVERSED`: it no longer follows from the facts."""

    STANDING = "standing"
    WAIVED = "waived"
    REVERSED = "reversed"


class Staffer(NamedTuple):
    """Someone on the payroll. `wages` are (from which night, cents a month), oldest first.
    `hired_on` and `left_on` are their first spell, `rehires` those after it; `on_roll` says whether
    they are called, and `duties` from which night on they are, or no more."""

    staff_no: str
    on_roll: bool
    hired_on: date
    left_on: date | None
    wages: tuple[tuple[date, int], ...]
    rehires: tuple[Spell, ...] = ()
    duties: tuple[tuple[date, bool], ...] = ()

    @property
    def spells(self) -> tuple[Spell, ...]:
        return (Spell(self.hired_on, self.left_on), *self.rehires)

    def employed(self, night: date) -> bool:
        if self.hired_on <= night and (self.left_on is None or night <= self.left_on):
            return True
        return any(spell.holds(night) for spell in self.rehires)

    def called(self, night: date) -> bool:
        """Whether they are called at the briefing of that night."""
        return self.employed(night) and in_force(((date.min, self.on_roll), *self.duties), night)

    def wage(self, night: date) -> int:
        """The monthly wage in force on the night; before the first, the first."""
        return in_force(self.wages, night)


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


class ChargeKey(NamedTuple):
    """What tells one charge from all others."""

    staff_no: str
    night: date
    rule: str
    source: str


Basis = tuple[str | int | None, ...]
"""The facts that a charge follows from: what happened, then the values that its sentence names."""


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


@dataclass(frozen=True, slots=True)
class NightFacts:
    """All that is known of one night."""

    night: date
    briefing: Briefing | None = None
    attendance: Mapping[str, Attendance] = field(default_factory=dict)
    """By staff_no."""
    leave: Mapping[str, Collection[Leave]] = field(default_factory=dict)
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
    rule = book.outing_rule()
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


class RollNight(NamedTuple):
    """One night of one staffer's on the roll. `waived`: the charge for it was let go."""

    night: date
    outcome: Outcome
    waived: bool


class Threshold(NamedTuple):
    """That enough absences came together, on which night, and in which window: the month, the
    first night of the row, or `ever`."""

    night: date
    window: str


def thresholds(nights: Iterable[RollNight], separation: Separation | None) -> list[Threshold]:
    """Each window of a staffer's nights, given in order, in which absences reach the threshold.

    A waived absence doesn't count. In a row, a night of rest (or one that is still pending)
    neither counts nor breaks; any other night breaks it, a waived absence too.
    """
    if separation is None:
        return []
    reached: list[Threshold] = []
    window, count = "", 0
    for night, outcome, waived in nights:
        counts = outcome is Outcome.ABSENT and not waived
        if separation.within is Window.CONSECUTIVE:
            if outcome in (Outcome.REST, Outcome.PENDING):
                continue
            if not counts:
                count = 0
                continue
            current = window if count else night.isoformat()
        else:
            if not counts:
                continue
            current = month_of(night) if separation.within is Window.MONTH else Window.EVER
        count = count + 1 if current == window else 1
        window = current
        if count == separation.absences:
            reached.append(Threshold(night, window))
    return reached


class Versions:
    """A venue's rulebooks, each in force from a night until the next one's."""

    def __init__(self, adopted: Iterable[tuple[date, Rulebook]]) -> None:
        """`adopted`: (from which night, rulebook); the first also holds for all nights before."""
        self.adopted = sorted(adopted, key=lambda version: version[0])

    def in_force(self, night: date) -> Rulebook:
        book = self.adopted[0][1]
        for since, version in self.adopted:
            if since > night:
                break
            book = version
        return book

    def since(self, night: date) -> date:
        """From which night on the one in force on a night is."""
        return max(
            (since for since, _ in self.adopted if since <= night), default=self.adopted[0][0]
        )

    def between(self, first: date, last: date) -> list[Rulebook]:
        """Those in force on any night from `first` to `last`, in order."""
        books = [self.in_force(first)]
        books += [book for since, book in self.adopted if first < since <= last]
        return books
