"""What was promised and by when: computed from facts, never stored.

Service time is from the briefing to the end of the shift on nights on which the house is open. It
has no pause: a change of class or of rulebook counts all the time that has run already. Pure.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from models.rules.guests.rulebook import Clock, PromiseRule, Span
from models.values.nights import ONE_NIGHT, Calendar, Instant, months_on

Hours = Callable[[date], tuple[Instant, Instant]]
"""When a night's service begins and ends."""

TOLD = "told"
"""The code of a time that somebody told a guest themselves."""


class State(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    LATE = "late"
    """Kept, after it was due."""
    OVERDUE = "overdue"
    TRIED = "tried"
    """As often as the rulebook asks, in vain."""


class Case(NamedTuple):
    """One thing that a rule's time runs for: a complaint, a member who left, somebody hired.
    `kinds` is what the rule's `for` asks of it, `acts` when what keeps it was done, `tries` when
    that was tried in vain."""

    about: str
    starts_at: Instant
    kinds: frozenset[str] = frozenset()
    acts: tuple[Instant, ...] = ()
    tries: tuple[Instant, ...] = ()


class Promise(NamedTuple):
    """One promise as it stands at the instant of asking."""

    code: str
    about: str
    starts_at: Instant
    due_at: Instant
    kept_at: Instant | None
    state: State
    aim_at: Instant
    """By when it should be kept; `due_at` is by when it must."""
    half_at: Instant
    """When half of its time has run."""
    escalate: tuple[str, ...] = ()

    def with_whom(self, now: Instant) -> str | None:
        """To whom it has gone as its time ran out: `supervisor`, `director`, or None yet."""
        if self.state not in (State.OPEN, State.OVERDUE):
            return None
        level = None
        for name, since in (("supervisor", self.half_at), ("director", self.due_at)):
            if name in self.escalate and now >= since:
                level = name
        return level


class Service:
    """The house's hours of service."""

    def __init__(self, calendar: Calendar, hours: Hours, nights: Collection[date]) -> None:
        """`nights` are those with a briefing or a booking. Between the first and the last of them
        the house was closed on any other; before and after, nothing is known against it."""
        self.calendar = calendar
        self.hours = hours
        self._nights = frozenset(nights)
        self._first = min(nights, default=date.max)
        self._last = max(nights, default=date.min)

    def open_on(self, night: date) -> bool:
        return night in self._nights or not self._first < night < self._last

    def nights_from(self, night: date) -> Iterator[date]:
        """The open nights from one on."""
        while True:
            if self.open_on(night):
                yield night
            night += ONE_NIGHT

    def due(self, start: Instant, span: Span, clock: Clock) -> Instant:
        """When a span of time that began at `start` is over by a clock."""
        if span.months:
            return self.hours(months_on(self.calendar.night(start), span.months))[1]
        if clock is Clock.NIGHTS:
            nights = self.nights_from(self.calendar.night(start) + ONE_NIGHT)
            night = next(night for at, night in enumerate(nights, 1) if at == span.nights)
            return self.hours(night)[1]
        if clock is Clock.WALL:
            return start + span.seconds
        left = span.seconds
        for night in self.nights_from(self.calendar.night(start)):
            begins, ends = self.hours(night)
            begins = max(begins, start)
            if ends - begins >= left:
                return begins + left
            left -= max(ends - begins, 0)
        raise AssertionError("the nights have no end")

    def half(self, start: Instant, due: Instant, span: Span, clock: Clock) -> Instant:
        """When half of it has run."""
        if span.seconds:
            return self.due(start, Span(seconds=span.seconds // 2), clock)
        return start + (due - start) // 2


def promises(
    rule: PromiseRule, cases: Iterable[Case], service: Service, now: Instant
) -> list[Promise]:
    """What a rule promises in each case that it is for."""
    return [
        _promise(rule, case, service, now)
        for case in cases
        if not rule.about or rule.about & case.kinds
    ]


def told(
    about: str, told_at: Instant, due_at: Instant, kept_at: Instant | None, now: Instant
) -> Promise:
    """A time that somebody told a guest: a promise of its own, beside the rule's."""
    state = _state(due_at, kept_at, now)
    half = told_at + (due_at - told_at) // 2
    return Promise(
        TOLD, about, told_at, due_at, kept_at, state, due_at, half, ("supervisor", "director")
    )


def _promise(rule: PromiseRule, case: Case, service: Service, now: Instant) -> Promise:
    span = rule.at_most or rule.within
    due = _outside(rule, service.due(case.starts_at, span, rule.clock), service)
    aim = _outside(rule, service.due(case.starts_at, rule.within, rule.clock), service)
    acts = sorted(at for at in case.acts if at >= case.starts_at and at <= now)
    kept_at = acts[rule.times - 1] if len(acts) >= rule.times else None
    state = _state(due, kept_at, now)
    if kept_at is None and rule.tries is not None:
        tries = [at for at in case.tries if case.starts_at <= at <= now]
        if sum(_quiet_until(rule, at, service) is None for at in tries) >= rule.tries:
            state = State.TRIED
    half = service.half(case.starts_at, due, span, rule.clock)
    return Promise(
        rule.code, case.about, case.starts_at, due, kept_at, state, aim, half, rule.escalate
    )


def _state(due: Instant, kept_at: Instant | None, now: Instant) -> State:
    if kept_at is not None:
        return State.KEPT if kept_at <= due else State.LATE
    return State.OPEN if now <= due else State.OVERDUE


def _quiet_until(rule: PromiseRule, at: Instant, service: Service) -> time | None:
    """Until what time of day the rule forbids doing it, if it does then."""
    if rule.not_between is None:
        return None
    begins, ends = rule.not_between
    clock = service.calendar.local(at).time()
    if begins < ends:
        return ends if begins < clock < ends else None
    return ends if clock > begins or clock < ends else None


def _outside(rule: PromiseRule, due: Instant, service: Service) -> Instant:
    """Due in the quiet hours is due when they are over."""
    ends = _quiet_until(rule, due, service)
    if ends is None:
        return due
    local = service.calendar.local(due)
    day = local.date() if local.time() < ends else local.date() + timedelta(days=1)
    return int(local.replace(
        year=day.year, month=day.month, day=day.day, hour=ends.hour, minute=ends.minute, second=0,
        fold=0,
    ).timestamp())  # fmt: skip


def by_due(found: Sequence[Promise]) -> list[Promise]:
    """Those that wait to be kept, the soonest due first."""
    waiting = [each for each in found if each.state in (State.OPEN, State.OVERDUE)]
    return sorted(waiting, key=lambda each: (each.due_at, each.code, each.about))
