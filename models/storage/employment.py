"""Reads when each staffer was employed, and as what."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from models.rules.employment import Posting, Spell, Staffer, in_force, is_on_roll
from models.storage.database import Read, ask, execute

_POSTINGS = "SELECT staff_no, effective_from, team, supervisor_no, position, on_roll FROM postings"
_FIRST = "SELECT staff_no, team, supervisor_no, position, on_roll FROM staff"
_REHIRES = "SELECT staff_no, hired_on, left_on FROM rehires"
_STAFF = "SELECT staff_no, on_roll, position, hired_on, left_on, monthly_wage FROM staff"
_ONE_OF_STAFF = (
    "SELECT staff_no, on_roll, position, hired_on, left_on, monthly_wage,"
    " EXISTS (SELECT 1 FROM wages w WHERE w.staff_no = s.staff_no)"
    " OR EXISTS (SELECT 1 FROM postings p WHERE p.staff_no = s.staff_no)"
    " OR EXISTS (SELECT 1 FROM rehires r WHERE r.staff_no = s.staff_no)"
    " FROM staff s WHERE staff_no = ?"
)
_WAGES = "SELECT staff_no, effective_from, monthly_wage FROM wages"

EMPLOYED = (
    "(s.left_on IS NULL OR b.night <= s.left_on OR EXISTS (SELECT 1 FROM rehires r"
    " WHERE r.staff_no = s.staff_no AND r.hired_on <= b.night"
    " AND (r.left_on IS NULL OR b.night <= r.left_on)))"
)
"""That the staffer `s` was employed on the night of the booking `b`, which is not before they were
first hired."""


Only = str | tuple[str, ...] | None
"""One staffer, several (by their numbers), or everybody."""


@lru_cache(maxsize=4096)  # many were hired on the same night
def stored_night(text: str) -> date:
    """A night as the database keeps it."""
    return date.fromisoformat(text)


def among(only: Only, column: str = "staff_no", word: str = "AND") -> tuple[str, tuple[str, ...]]:
    """What narrows a query to them, and its values."""
    if only is None:
        return "", ()
    if isinstance(only, str):
        return f" {word} {column} = ?", (only,)
    return f" {word} {column} IN ({', '.join('?' * len(only))})", only


def staffer_reads(only: Only) -> Iterator[Read]:
    """What `staffers` reads."""
    where, who = among(only, word="WHERE")
    yield (_ONE_OF_STAFF if isinstance(only, str) else _STAFF + where), who
    yield _WAGES + where, who
    numbers = (only,) if isinstance(only, str) else only or ()
    yield postings_of(numbers)
    yield rehires_of(numbers)


def staffers(only: Only = None) -> dict[str, Staffer]:
    """Everyone ever on the payroll, or those named, by staff_no."""
    found, wages, *_ = staffer_reads(only)
    rows = execute(*found).fetchall()
    if not isinstance(only, str):
        return _with_changes(rows, wages, *(only or ()))
    # A mark reads one staffer, most of whom nothing ever changed: that is one statement.
    if rows and rows[0][-1]:
        return _with_changes([rows[0][:-1]], wages, only)
    return {row[0]: _staffer(*row[:-1]) for row in rows}


def _with_changes(rows: Iterable[Sequence[Any]], read: Read, *only: str) -> dict[str, Staffer]:
    wages: defaultdict[str, list[tuple[date, int]]] = defaultdict(list)
    for number, since, wage in execute(*read):
        wages[number].append((date.fromisoformat(since), wage))
    changes, later = postings(*only), rehires(*only)
    staff: dict[str, Staffer] = {}
    for row in rows:
        staff[row[0]] = _staffer(*row)
    for number in staff.keys() & wages.keys():
        dated = sorted((*staff[number].wages, *wages[number]), key=lambda change: change[0])
        staff[number] = staff[number]._replace(wages=tuple(dated))
    for number in staff.keys() & changes.keys():
        duties = tuple((since, posting.called) for since, posting in changes[number])
        staff[number] = staff[number]._replace(duties=duties)
    for number in staff.keys() & later.keys():
        staff[number] = staff[number]._replace(rehires=later[number])
    return staff


def _staffer(
    number: str, on_roll: bool | None, position: str, hired: str, left: str | None, wage: int
) -> Staffer:
    hired_on, until = stored_night(hired), stored_night(left) if left else None
    called = is_on_roll(on_roll, position)
    return Staffer(number, called, hired_on, until, ((hired_on, wage),))


def postings(*staff_nos: str) -> dict[str, list[tuple[date, Posting]]]:
    """The changes of posting, oldest first, of whoever had one, or of those named who had."""
    found: defaultdict[str, list[tuple[date, Posting]]] = defaultdict(list)
    for staff_no, since, team, supervisor_no, position, on_roll in execute(
        *postings_of(staff_nos)
    ).fetchall():
        given = None if on_roll is None else bool(on_roll)
        posting = Posting(team, supervisor_no, position, given)
        found[staff_no].append((date.fromisoformat(since), posting))
    for dated in found.values():
        dated.sort(key=lambda change: change[0])
    return dict(found)


def rehires(*staff_nos: str) -> dict[str, tuple[Spell, ...]]:
    """The spells after the first, oldest first, of whoever came back, or of those named who did."""
    found: defaultdict[str, list[Spell]] = defaultdict(list)
    for staff_no, hired_on, left_on in execute(*rehires_of(staff_nos)).fetchall():
        left = None if left_on is None else date.fromisoformat(left_on)
        found[staff_no].append(Spell(date.fromisoformat(hired_on), left))
    return {staff_no: tuple(sorted(spells)) for staff_no, spells in found.items()}


class Teams:
    """The changes of team, where the row that is at hand has the team of each staffer's first
    posting."""

    def __init__(self, *staff_nos: str) -> None:
        """Reads those of everyone, or of those named."""
        self._changes = postings(*staff_nos)

    def on(self, staff_no: str, night: date, first: str | None) -> str | None:
        """The team on a night of a staffer whose first was `first`."""
        changes = self._changes.get(staff_no)
        if changes is None or changes[0][0] > night:
            return first
        return in_force(changes, night).team


class Postings:
    """Everyone's postings, to be asked for any night."""

    def __init__(self, *staff_nos: str) -> None:
        """Reads those of everyone, or of those named."""
        ask(postings_reads(*staff_nos))
        self._changes: dict[str, list[tuple[date, Posting]]] = postings(*staff_nos)
        rows = execute(*_of(_FIRST, staff_nos))
        self._first = {
            staff_no: Posting(
                team, supervisor_no, position, None if called is None else bool(called)
            )
            for staff_no, team, supervisor_no, position, called in rows.fetchall()
        }

    def of(self, staff_no: str, night: date) -> Posting:
        """The posting in force on a night. Raises KeyError where there is no such staffer."""
        first = self._first[staff_no]
        changes = self._changes.get(staff_no)
        if changes is None or changes[0][0] > night:
            return first
        return in_force(changes, night)

    def team(self, staff_no: str, night: date) -> str | None:
        """The team that a staffer is in on a night."""
        return self.of(staff_no, night).team

    def on(self, night: date) -> dict[str, Posting]:
        """Everyone's posting in force on a night, by staff_no."""
        return {staff_no: self.of(staff_no, night) for staff_no in self._first}


def spells_of(hired_on: date, left_on: date | None, later: tuple[Spell, ...]) -> tuple[Spell, ...]:
    """Every spell of a staffer, oldest first."""
    return (Spell(hired_on, left_on), *later)


def postings_of(staff_nos: tuple[str, ...]) -> Read:
    """What `postings` reads."""
    return _of(_POSTINGS, staff_nos)


def postings_reads(*staff_nos: str) -> Iterator[Read]:
    """What `Postings` reads."""
    yield postings_of(staff_nos)
    yield _of(_FIRST, staff_nos)


def rehires_of(staff_nos: tuple[str, ...]) -> Read:
    """What `rehires` reads."""
    return _of(_REHIRES, staff_nos)


def _of(sql: str, staff_nos: tuple[str, ...]) -> Read:
    if not staff_nos:
        return sql, ()
    return f"{sql} WHERE staff_no IN ({', '.join('?' * len(staff_nos))})", staff_nos
