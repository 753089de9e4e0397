"""What makes a fact unlawful, whichever way it comes in: by a key on a screen or from a file.

Each function takes a fact as a mapping of the file columns to typed values (instants UTC seconds,
amounts cents, blanks None) and the `ReferenceData` that will stand once it is recorded, and yields
a `Problem` for every column that is wrong. Values that are missing are somebody else's complaint
and are passed over.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from models.rules.employment import APPROVERS, EmploymentRecord, Spell
from models.rules.versions import Versions
from models.values.nights import Calendar, Instant
from models.values.problems import Code, Problem, problem

Fact = Mapping[str, Any]
DECIDED = ("approved", "rejected")


class ReferenceData(NamedTuple):
    """The people and places that facts refer to."""

    people: Mapping[str, EmploymentRecord]
    places: Mapping[str, str]
    """Kind by place."""
    calendar: Calendar
    versions: Versions
    now: Instant | None
    """By the clock; None where facts that were recorded long ago are looked at again."""
    keys: Mapping[str, Mapping[str, date | None]] = {}
    """By dataset, the keys that stand, with their night where they have one; a dataset that isn't
    named isn't asked for."""

    def knows(self, dataset: str, key: str | None) -> bool:
        """Whether a fact may refer to that key."""
        return key is None or dataset not in self.keys or key in self.keys[dataset]

    def left(self, staff_no: str | None, night: date | None) -> bool:
        """Whether the staffer had left before that night: kept, but without effect."""
        return self.left_on(staff_no, night) is not None

    def left_on(self, staff_no: str | None, night: date | None) -> date | None:
        """The night on which the staffer had left before that one, None where they had not."""
        person = self.people.get(staff_no or "")
        if person is None or night is None:
            return None
        left_on = person.spell(night).left_on
        return left_on if left_on is not None and night > left_on else None


AHEAD = 5 * 60
"""By how many seconds the clocks of terminals may differ."""

_YEARS_BACK, _YEARS_AHEAD = 30, 10
_LAST_INSTANT = 2**62
LONGEST_LEAVE = 366
"""Nights."""


def latest(reference: ReferenceData) -> Instant:
    """The latest instant at which something can have happened by now."""
    return _LAST_INSTANT if reference.now is None else reference.now + AHEAD


def implausible(night: date, reference: ReferenceData) -> bool:
    """Whether a fact of that night can only be a slip of the pen in its year."""
    if reference.now is None:
        return False
    tonight = reference.calendar.night(reference.now)
    return not -_YEARS_BACK <= night.year - tonight.year <= _YEARS_AHEAD


def _plausible(fact: Fact, reference: ReferenceData, *columns: str) -> Iterator[Problem]:
    for column in columns:
        night: date | None = fact[column]
        if night is not None and implausible(night, reference):
            yield problem(column, "%(night)s lies decades away: is its year right?", night=night)


def _happened(fact: Fact, reference: ReferenceData, *columns: str) -> Iterator[Problem]:
    """That what has happened is not ahead of the clock."""
    until = latest(reference)
    for column in columns:
        instant: Instant | None = fact[column]
        if instant is not None and instant > until:
            yield problem(
                column,
                "%(at)s is ahead of the clock, which says %(now)s",
                at=reference.calendar.format(instant),
                now=reference.calendar.format(until - AHEAD),
            )


def staff(fact: Fact, reference: ReferenceData, since: date | None = None) -> Iterator[Problem]:
    """`since`: from which night the posting holds, where that isn't the day they were hired."""
    yield from _left_after_hiring(fact)
    yield from _superior(fact, reference, since or fact["hired_on"])


def _left_after_hiring(fact: Fact) -> Iterator[Problem]:
    if fact["left_on"] and fact["hired_on"] and fact["left_on"] < fact["hired_on"]:
        yield problem("left_on", "before the day they were hired, %(day)s", day=fact["hired_on"])


def _superior(fact: Fact, reference: ReferenceData, since: date | None) -> Iterator[Problem]:
    staff_no, superior = fact["staff_no"], fact["supervisor_no"]
    if superior is None:
        return
    if superior == staff_no:
        yield problem("supervisor_no", "nobody is their own supervisor")
    elif superior not in reference.people:
        yield unknown_staffer("supervisor_no", superior)
    elif since is not None and (circle := supervisor_circle(staff_no, reference.people, since)):
        yield problem(
            "supervisor_no",
            "the chain of supervisors comes back to its beginning: %(chain)s",
            chain=" > ".join(circle),
        )


def supervisor_circle(
    staff_no: str, people: Mapping[str, EmploymentRecord], night: date
) -> list[str] | None:
    """The chain of superiors that leads on a night from a staffer back to themselves, if one
    does."""
    chain = [staff_no]
    seen = {staff_no}
    superior = people[staff_no].posting(night).supervisor_no if staff_no in people else None
    while superior is not None and superior in people:
        chain.append(superior)
        if superior == staff_no:
            return chain
        if superior in seen:
            return None
        seen.add(superior)
        superior = people[superior].posting(night).supervisor_no
    return None


def wages(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    yield from hired(fact, reference, fact["effective_from"], "effective_from")


def postings(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    yield from hired(fact, reference, fact["effective_from"], "effective_from")
    yield from _superior(fact, reference, fact["effective_from"])


def rehires(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    staff_no = fact["staff_no"]
    if staff_no is not None and staff_no not in reference.people:
        yield unknown_staffer("staff_no", staff_no)
    yield from _left_after_hiring(fact)


def overlap(person: EmploymentRecord) -> tuple[Spell, Spell] | None:
    """The first spell that begins before the one before it ended, after that one."""
    for before, after in pairwise(person.spells):
        if before.left_on is None or after.hired_on <= before.left_on:
            return before, after
    return None


def overlap_problem(before: Spell, after: Spell) -> Problem:
    """What is wrong with two spells that overlap."""
    return problem(
        "hired_on",
        "hired again on %(day)s, before the time that began on %(first)s ended (%(left)s)",
        day=after.hired_on,
        first=before.hired_on,
        left=before.left_on or "-",
    )


def briefings(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    yield from _plausible(fact, reference, "night")
    yield from in_night(fact, reference, "closed_at")
    director = fact["director_no"]
    if director is not None and director not in reference.people:
        yield unknown_staffer("director_no", director)


def attendance(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    yield from hired(fact, reference, fact["night"], "night")
    yield from _plausible(fact, reference, "night")
    yield from in_night(fact, reference, "arrived_at", "made_up_at", "departed_at")
    if fact["departed_at"] is not None and fact["arrived_at"] is None is fact["made_up_at"]:
        yield problem("departed_at", "nobody leaves who gave no sign of having come")


def posts(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    yield from hired(fact, reference, fact["night"], "night")


def grooming(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    yield from hired(fact, reference, fact["night"], "night")
    checker = fact["checked_by"]
    if checker is not None and checker not in reference.people:
        yield unknown_staffer("checked_by", checker)
    elif checker is not None and checker == fact["staff_no"]:
        yield problem("checked_by", "nobody checks themselves")


def leave(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    if fact["staff_no"] and fact["staff_no"] not in reference.people:
        yield unknown_staffer("staff_no", fact["staff_no"])
    if fact["first_night"] and fact["last_night"] and fact["last_night"] < fact["first_night"]:
        yield problem(
            "last_night", "before the leave begins, on %(night)s", night=fact["first_night"]
        )
    first, last = fact["first_night"], fact["last_night"]
    odd = list(_plausible(fact, reference, "first_night", "last_night"))
    yield from odd
    if reference.now and not odd and first and last and (last - first).days >= LONGEST_LEAVE:
        yield problem("last_night", "a leave lasts %(most)s nights at most", most=LONGEST_LEAVE)
    yield from _happened(fact, reference, "filed_at")
    yield from _decision(fact, reference, fact["filed_at"])


def outings(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    status, out_at, back_at = fact["status"], fact["out_at"], fact["back_at"]
    yield from hired(fact, reference, outing_night(fact, reference.calendar), "staff_no")
    if status == "none":
        if out_at is None:
            yield problem("out_at", "an outing without a slip needs the time they went out")
        if fact["requested_at"] is not None:
            yield problem(
                "requested_at", "an outing without a slip (none) was not asked for: leave it blank"
            )
    elif status is not None and fact["requested_at"] is None:
        yield problem("requested_at", "a slip needs the time it was asked for")
    if back_at is not None:
        if out_at is None:
            yield problem("back_at", "nobody comes back who did not go out")
        elif back_at < out_at:
            yield problem("back_at", "before they went out")
    yield from _happened(fact, reference, "requested_at", "out_at", "back_at")
    yield from _decision(fact, reference, fact["requested_at"])


def outing_night(fact: Fact, calendar: Calendar) -> date | None:
    """The night of an outing: when they went out, until then when it was asked for."""
    instant = fact["out_at"] if fact["out_at"] is not None else fact["requested_at"]
    return None if instant is None else calendar.night(instant)


def bookings(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    yield from hired(fact, reference, fact["night"], "night")
    yield from _plausible(fact, reference, "night")
    if fact["staff_no"] is None and fact.get("source") not in ("guest", "walk_in"):
        yield problem("staff_no", "only what a guest booked or walked into is nobody's")
    for column, dataset in (("guest_no", "guests"), ("visit_no", "visits")):
        if not reference.knows(dataset, fact.get(column)):
            yield unknown_key(column, fact[column])
    arrived_at, left_at = fact.get("arrived_at"), fact.get("left_at")
    if arrived_at is not None and left_at is not None and left_at < arrived_at:
        yield problem("left_at", "before they came")
    if fact["place"] is not None and fact["place"] not in reference.places:
        found = problem("place", "there is no room or table %(place)s", place=fact["place"])
        yield found.coded(Code.UNKNOWN)


def incidents(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    occurred_at, reporter = fact["occurred_at"], fact["reported_by"]
    night = None if occurred_at is None else reference.calendar.night(occurred_at)
    yield from hired(fact, reference, night, "occurred_at")
    yield from _happened(fact, reference, "occurred_at")
    if reporter is not None and reporter not in reference.people:
        yield unknown_staffer("reported_by", reporter)
    elif reporter is not None and reporter == fact["staff_no"]:
        yield problem("reported_by", "nobody raises anything of their own")
    if night is None or fact["rule"] is None:
        return
    rule = reference.versions.in_force(night).rule(fact["rule"])
    if rule is None:
        yield problem("rule", "the rulebook of that night has no rule %(rule)s", rule=fact["rule"])
    else:
        yield from rule.incident_problems(fact["amount"], fact["note"])


def waivers(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    staff_no, waived_by = fact["staff_no"], fact["waived_by"]
    for column, number in (("staff_no", staff_no), ("waived_by", waived_by)):
        if number is not None and number not in reference.people:
            yield unknown_staffer(column, number)
    if waived_by is not None and waived_by == staff_no:
        yield problem("waived_by", "nobody waives anything of their own")


def departed(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    """That the staffer had left by the fact's night. Files may hold such facts, which are kept
    without effect; by hand they would only mislead."""
    if reference.left(fact["staff_no"], fact["night"]):
        yield problem(
            "staff_no",
            "%(staff_no)s left on %(day)s",
            staff_no=fact["staff_no"],
            day=reference.left_on(fact["staff_no"], fact["night"]),
        )


def no_problems(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    """For facts that refer to nothing, such as places."""
    return iter(())


def unknown_key(column: str, key: str) -> Problem:
    """That a fact refers to another that isn't there."""
    return problem(column, "there is no %(key)s", key=key).coded(Code.UNKNOWN)


def unknown_staffer(column: str, staff_no: str) -> Problem:
    found = problem(column, "there is no staffer %(staff_no)s", staff_no=staff_no)
    return found.coded(Code.UNKNOWN)


def hired(
    fact: Fact, reference: ReferenceData, night: date | None, column: str
) -> Iterator[Problem]:
    """That the staffer was not hired yet on a night, or is not known at all."""
    staff_no = fact["staff_no"]
    if staff_no is None:
        return
    person = reference.people.get(staff_no)
    if person is None:
        yield unknown_staffer("staff_no", staff_no)
    elif night is not None and night < person.hired_on:
        yield problem(
            column,
            "%(night)s is before %(staff_no)s was hired, on %(day)s",
            night=night,
            staff_no=staff_no,
            day=person.hired_on,
        )


def in_night(fact: Fact, reference: ReferenceData, *columns: str) -> Iterator[Problem]:
    """That instants lie in the night that the fact is filed under, and not ahead of the clock."""
    wrong = list(filed_under(fact, reference, *columns))
    yield from wrong
    if fact["night"] is not None and not implausible(fact["night"], reference):
        outside = {each.field for each in wrong}
        yield from _happened(fact, reference, *(each for each in columns if each not in outside))


def filed_under(fact: Fact, reference: ReferenceData, *columns: str) -> Iterator[Problem]:
    """That instants lie in the night that the fact is filed under."""
    night: date | None = fact["night"]
    if night is None:
        return
    start, end = reference.calendar.start(night), reference.calendar.end(night)
    for column in columns:
        instant: Instant | None = fact[column]
        if instant is not None and not start <= instant < end:
            yield problem(
                column,
                "not in the night of %(night)s, which lasts from %(start)s to %(end)s",
                night=night,
                start=reference.calendar.format(start),
                end=reference.calendar.format(end),
            )


def _decision(fact: Fact, reference: ReferenceData, asked_at: Instant | None) -> Iterator[Problem]:
    status, by, at = fact["status"], fact["decided_by"], fact["decided_at"]
    if status is None:
        return
    for column in ("decided_by", "decided_at"):
        if status in DECIDED and fact[column] is None:
            yield problem(column, "what is %(status)s needs it", status=status)
        elif status not in DECIDED and fact[column] is not None:
            yield problem(column, "nothing was decided (%(status)s): leave it blank", status=status)
    if status not in DECIDED:
        return
    if at is not None and asked_at is not None and at < asked_at:
        asked = reference.calendar.format(asked_at)
        yield problem("decided_at", "before it was asked for, at %(asked)s", asked=asked)
    else:
        yield from _happened(fact, reference, "decided_at")
    if by is None:
        return
    if by not in reference.people:
        yield unknown_staffer("decided_by", by)
    elif by == fact["staff_no"]:
        yield problem("decided_by", "nobody approves or rejects their own")
    elif at is not None:
        night = reference.calendar.night(at)
        if reference.people[by].posting(night).position not in APPROVERS:
            yield problem(
                "decided_by",
                "%(staff_no)s was neither a supervisor nor a director on %(night)s",
                staff_no=by,
                night=night,
            )
