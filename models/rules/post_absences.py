"""One absence from the post, one fine: whether two outings overlap, or an incident falls into one.
Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from models.rules.versions import Versions
from models.values.nights import ONE_NIGHT, Calendar, Instant
from models.values.problems import Problem, problem


class Away(NamedTuple):
    """That a staffer was out, from `out_at` until just before `until`."""

    slip_no: str
    staff_no: str
    out_at: Instant
    until: Instant

    def holds(self, at: Instant) -> bool:
        return at == self.out_at or self.out_at <= at < self.until

    def overlaps(self, other: "Away") -> bool:
        return self.holds(other.out_at) or other.holds(self.out_at)


class Left(NamedTuple):
    """That a staffer was seen to have left their post."""

    incident_no: str
    staff_no: str
    occurred_at: Instant


def away(
    slip_no: str, staff_no: str, out_at: Instant, back_at: Instant | None, calendar: Calendar
) -> Away:
    """An outing; one without a `back_at` lasts until its night ends."""
    until = calendar.end(calendar.night(out_at)) if back_at is None else back_at
    return Away(slip_no, staff_no, out_at, until)


def leaves_post(rule: str | None, night: date, versions: Versions) -> bool:
    """Whether an incident under that rule is the absence from the post that an outing fines."""
    fined = versions.in_force(night).outing_rule
    return fined is not None and fined.code == rule


class Absences:
    """Who was out, and who was seen to have left, by staffer and night."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._away: defaultdict[tuple[str, date], list[Away]] = defaultdict(list)
        self._left: defaultdict[tuple[str, date], list[Left]] = defaultdict(list)
        self._staff_nos: set[str] = set()

    def add(self, *facts: Away | Left) -> None:
        for fact in facts:
            self._add(fact, self.nights(fact))

    def knows(self, staff_no: str) -> bool:
        """Whether any fact is of that staffer."""
        return staff_no in self._staff_nos

    def _add(self, fact: Away | Left, nights: Sequence[date]) -> None:
        self._staff_nos.add(fact.staff_no)
        for night in nights:
            if isinstance(fact, Left):
                self._left[fact.staff_no, night].append(fact)
            else:
                self._away[fact.staff_no, night].append(fact)

    def conflict(self, fact: Away | Left) -> Problem | None:
        """What a fact would say a second time; None where nothing says it yet."""
        return self._conflict(fact, self.nights(fact))

    def _conflict(self, fact: Away | Left, nights: Sequence[date]) -> Problem | None:
        if isinstance(fact, Left):
            at = fact.occurred_at
            held = (each for each in self._away[fact.staff_no, nights[0]] if each.holds(at))
            return self._already("occurred_at", held)
        for night in nights:
            if out := self._away.get((fact.staff_no, night)):
                held = (each for each in out if each.overlaps(fact))
                if (found := self._already("out_at", held)) is not None:
                    return found
            for left in self._left.get((fact.staff_no, night), ()):
                if fact.holds(left.occurred_at):
                    return problem(
                        "out_at",
                        "that they left their post then is incident %(number)s already, at %(at)s",
                        number=left.incident_no,
                        at=self._calendar.format(left.occurred_at),
                    )
        return None

    def _already(self, column: str, held: Iterable[Away]) -> Problem | None:
        for each in held:
            return problem(
                column,
                "they were out then already, on %(number)s from %(since)s to %(until)s",
                number=each.slip_no,
                since=self._calendar.format(each.out_at),
                until=self._calendar.format(each.until),
            )
        return None

    def take(self, fact: Away | Left) -> Problem | None:
        """Adds a fact, unless it would say something a second time: then gives that, as `conflict`
        does."""
        nights = self.nights(fact)
        found = self._conflict(fact, nights)
        if found is None:
            self._add(fact, nights)
        return found

    def nights(self, fact: Away | Left) -> Sequence[date]:
        """The nights that a fact reaches into, in order."""
        if isinstance(fact, Left):
            return (self._calendar.night(fact.occurred_at),)
        night, last = self._calendar.night(fact.out_at), self._calendar.night(fact.until)
        if night == last:
            return (night,)
        nights = [night]
        while night < last:
            night += ONE_NIGHT
            nights.append(night)
        return nights
