"""Which rows of a file need a closer look.

A month of a large house has hundreds of thousands of rows, nearly all of them lawful. So they are
looked at column by column first, and only what isn't plainly lawful is asked of `validation`, which
alone says what is wrong: a row too many here costs time, one too few would let something through.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from models.imports.file_table import FileTable
from models.rules import validation
from models.rules.employment import APPROVERS
from models.rules.validation import ReferenceData
from models.values.nights import FIRST_NIGHT, LAST_NIGHT, ONE_NIGHT, Instant

Columns = Mapping[str, Sequence[Any]]


def suspects(name: str, table: FileTable, reference: ReferenceData) -> Iterable[int]:
    """The rows of a dataset's table that `validation` has to look at, in order: at least those in
    which it would find something, those that something is wrong with already, and those of
    staffers who had left."""
    find = _FINDERS.get(name)
    if find is None:
        return range(len(table))
    found = set(table.bad)
    found.update(find(table.columns, reference))
    return sorted(found)


def _attendance(columns: Columns, reference: ReferenceData) -> Iterable[int]:
    nights, numbers = columns["night"], columns["staff_no"]
    people, calendar = reference.people, reference.calendar
    found: set[int] = set()
    latest = max((p.hired_on for p in people.values()), default=FIRST_NIGHT)
    soonest = min((p.left_on for p in people.values() if p.left_on), default=LAST_NIGHT)
    known = set(nights) - {None}
    odd = _implausible(known, reference)
    if odd or set(numbers) - people.keys() or any(n < latest or n > soonest for n in known):
        for i, (night, number) in enumerate(zip(nights, numbers, strict=True)):
            person = people.get(number)
            if (
                person is None
                or night is None
                or night in odd
                or night < person.hired_on
                or reference.left(number, night)
            ):
                found.add(i)
    # What lies ahead of the clock is looked at as what lies outside its night.
    ahead = validation.latest(reference) + 1
    starts = {night: calendar.start(night) for night in known}
    ends = {night: min(calendar.end(night), ahead) for night in known}
    for column in ("arrived_at", "made_up_at", "departed_at"):
        found.update(
            i
            for i, (night, at) in enumerate(zip(nights, columns[column], strict=True))
            if at is not None and night is not None and not starts[night] <= at < ends[night]
        )
    signs = (columns[c] for c in ("arrived_at", "made_up_at", "departed_at"))
    found.update(
        i
        for i, (arrived, made_up, departed) in enumerate(zip(*signs, strict=True))
        if arrived is None and departed is not None and made_up is None
    )
    return found


def _leave(columns: Columns, reference: ReferenceData) -> Iterable[int]:
    firsts, lasts, filed = columns["first_night"], columns["last_night"], columns["filed_at"]
    until = validation.latest(reference)
    odd = _implausible((set(firsts) | set(lasts)) - {None}, reference)
    shortest = ONE_NIGHT * validation.LONGEST_LEAVE
    for i, (number, first, last, at) in enumerate(
        zip(columns["staff_no"], firsts, lasts, filed, strict=True)
    ):
        if (
            number not in reference.people
            or first is None
            or last is None
            or at is None
            or at > until
            or not (first == last or first < last < first + shortest)
            or first in odd
            or last in odd
        ):
            yield i
    yield from _decisions(columns, filed, reference)


def _outings(columns: Columns, reference: ReferenceData) -> Iterable[int]:
    asked, outs, backs = columns["requested_at"], columns["out_at"], columns["back_at"]
    until, since = validation.latest(reference), _hired_at(reference)
    for i, (number, status, asked_at, out_at, back_at) in enumerate(
        zip(columns["staff_no"], columns["status"], asked, outs, backs, strict=True)
    ):
        at = asked_at if out_at is None else out_at
        if (
            at is None
            or number not in since
            or at < since[number]
            or at > until
            or (asked_at is None) is not (status == "none")
            or (asked_at is not None and asked_at > until)
            or (back_at is not None and (out_at is None or not out_at <= back_at <= until))
        ):
            yield i
    yield from _decisions(columns, asked, reference)


def _incidents(columns: Columns, reference: ReferenceData) -> Iterable[int]:
    until, since = validation.latest(reference), _hired_at(reference)
    night_of, in_force = reference.calendar.night, reference.versions.in_force
    # Whether a rulebook takes what is said of an incident: most say the same.
    lawful: dict[tuple[Any, ...], bool] = {}
    for i, (number, at, code, amount, note, reporter) in enumerate(
        zip(
            columns["staff_no"],
            columns["occurred_at"],
            columns["rule"],
            columns["amount"],
            columns["note"],
            columns["reported_by"],
            strict=True,
        )
    ):
        if (
            at is None
            or number not in since
            or not since[number] <= at <= until
            or reporter == number
            or (reporter is not None and reporter not in reference.people)
        ):
            yield i
            continue
        book = in_force(night_of(at))
        said = (id(book), code, amount, note)
        if said not in lawful:
            rule = book.rule(code) if code is not None else None
            lawful[said] = rule is not None and not any(rule.incident_problems(amount, note))
        if not lawful[said]:
            yield i


def _decisions(
    columns: Columns, asked: Sequence[Instant | None], reference: ReferenceData
) -> Iterable[int]:
    """Those whose decision isn't one that somebody made who approves all along."""
    until = validation.latest(reference)
    approvers = {
        number
        for number, person in reference.people.items()
        if person.position in APPROVERS and not person.postings
    }
    for i, (number, status, by, at, asked_at) in enumerate(
        zip(
            columns["staff_no"],
            columns["status"],
            columns["decided_by"],
            columns["decided_at"],
            asked,
            strict=True,
        )
    ):
        if status in validation.DECIDED:
            if (
                by not in approvers
                or by == number
                or at is None
                or at > until
                or (asked_at is not None and at < asked_at)
            ):
                yield i
        elif by is not None or at is not None:
            yield i


def _bookings(columns: Columns, reference: ReferenceData) -> Iterable[int]:
    nights = columns["night"]
    odd = _implausible(set(nights) - {None}, reference)
    since = {
        number: person.hired_on
        for number, person in reference.people.items()
        if person.left_on is None and not person.rehires
    }
    for i, (night, number, place, arrived_at, left_at, guest, visit) in enumerate(
        zip(
            nights,
            columns["staff_no"],
            columns["place"],
            columns["arrived_at"],
            columns["left_at"],
            columns["guest_no"],
            columns["visit_no"],
            strict=True,
        )
    ):
        if (
            number not in since
            or night is None
            or night < since[number]
            or night in odd
            or place not in reference.places
            or guest is not None
            or visit is not None
            or (arrived_at is not None and left_at is not None and left_at < arrived_at)
        ):
            yield i


def _implausible(nights: Iterable[date], reference: ReferenceData) -> set[date]:
    return {night for night in nights if validation.implausible(night, reference)}


def _hired_at(reference: ReferenceData) -> dict[str, Instant]:
    """When the first night of everybody began who is there still, and always was since."""
    starts: dict[date, Instant] = {}
    found = {}
    for number, person in reference.people.items():
        if person.left_on is None and not person.rehires:
            if person.hired_on not in starts:
                starts[person.hired_on] = reference.calendar.start(person.hired_on)
            found[number] = starts[person.hired_on]
    return found


_FINDERS: Mapping[str, Callable[[Columns, ReferenceData], Iterable[int]]] = {
    "attendance": _attendance,
    "leave": _leave,
    "outings": _outings,
    "bookings": _bookings,
    "incidents": _incidents,
}
