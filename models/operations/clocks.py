"""The punch clocks: the numbers each knows, whose they are, and by how much it is wrong."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple
from unicodedata import normalize

from peewee import JOIN, fn

from models.access.session import Session
from models.storage import tables
from models.storage.database import upsert
from models.storage.tables import ClockOffset, Punch, Staff
from models.values.problems import Refused, refused
from models.values.text import bare_number, key_problem

ClockKey = tuple[str, str]
"""(clock, number as it is compared)"""

LONGEST_OFFSET = 3 * 24 * 60 * 60
"""Seconds. Past it a clock isn't wrong, it was never set."""


class Guess(NamedTuple):
    """Whose a number seems to be, and by what: `number`, `name`, or `both`."""

    clock: str
    number: str
    staff_no: str
    by: str


class ClockNumber(NamedTuple):
    """A number that a clock knows: as it is compared and as the clock shows it, the name that the
    clock has for it, whose it is, how often it was heard, and when last by the clock."""

    clock: str
    number: str
    shown: str
    name: str | None
    staff_no: str | None
    staff_name: str | None
    ignored: bool
    punches: int
    last_told_at: str | None
    guess: Guess | None

    @property
    def waiting(self) -> bool:
        """Whether it is not known yet whose it is."""
        return self.staff_no is None and not self.ignored


def numbers() -> list[ClockNumber]:
    """Every number of every clock, those first of which it isn't known whose they are."""
    held = tables.ClockNumber
    columns = (held.clock, held.number, held.shown, held.name, held.staff, Staff.name, held.ignored)
    heard_of = (Punch.clock == held.clock) & (Punch.number == held.number)
    rows: Any = list(
        held.select(*columns, fn.COUNT(Punch.told_at), fn.MAX(Punch.told_at))
        .join(Staff, JOIN.LEFT_OUTER)
        .switch(held)
        .join(Punch, JOIN.LEFT_OUTER, on=heard_of)
        .group_by(*columns)
        .tuples()
    )
    wanted = {(r[0], r[1]): (r[2], r[3] or "") for r in rows if r[4] is None and not r[6]}
    guesses = _guesses(wanted)
    found = [
        ClockNumber(
            clock, number, shown, name, owned_by, staffer, ignored, heard, last,
            guesses.get((clock, number)),
        )
        for clock, number, shown, name, owned_by, staffer, ignored, heard, last in rows
    ]  # fmt: skip
    return sorted(found, key=lambda each: (not each.waiting, each.clock, _by_number(each.number)))


def owners() -> dict[ClockKey, str | None]:
    """Whose each number is, None where that isn't known; without those of no interest."""
    held = tables.ClockNumber
    rows: Any = held.select(held.clock, held.number, held.staff).where(~held.ignored).tuples()
    return {(clock, number): staff_no for clock, number, staff_no in rows}


def owner(clock: str, number: str) -> str | None:
    """Whose a number is, if that is known. Raises Refused where no clock knows it."""
    row = tables.ClockNumber.get_or_none(clock=clock, number=bare_number(number))
    if row is None:
        raise refused(
            "number", "the clock %(clock)s knows no number %(number)s", clock=clock, number=number
        )
    staff_no: str | None = row.staff_no
    return staff_no


def learn(told: Mapping[ClockKey, tuple[str, str]], *, accept: bool = False) -> list[Guess]:
    """Takes note of numbers, each with how the clock shows it and the name it has for it, inside a
    change; gives those that it is known now whose they are. A guess is taken where number and name
    agree, or any with `accept`."""
    held = {(row.clock, row.number): row for row in tables.ClockNumber.select()}
    waiting = {
        key: (shown, name or (held[key].name or "" if key in held else ""))
        for key, (shown, name) in told.items()
        if key not in held or (held[key].staff_no is None and not held[key].ignored)
    }
    guesses = _guesses(waiting)
    taken = [each for each in guesses.values() if accept or each.by == "both"]
    whose = {(each.clock, each.number): each.staff_no for each in taken}
    changed = [
        (*key, shown, name or None, whose.get(key), False)
        for key, (shown, name) in sorted(waiting.items())
        if key not in held or key in whose or (name or None) != held[key].name
    ]
    columns = ("clock", "number", "shown", "name", "staff_no", "ignored")
    upsert("clock_numbers", columns, ("clock", "number"), changed)
    return sorted(taken)


def assign(
    session: Session, clock: str, number: str, staff_no: str | None, *, ignored: bool
) -> None:
    """Writes down whose a number is, inside a change. Raises Refused where there is no such
    staffer or number."""
    was = owner(clock, number)
    if staff_no is not None and Staff.get_or_none(staff_no=staff_no) is None:
        raise refused("staff_no", "there is no staffer %(staff_no)s", staff_no=staff_no)
    held = tables.ClockNumber
    assigned = held.update(staff=staff_no, ignored=ignored)
    assigned.where(held.clock == clock, held.number == bare_number(number)).execute()
    session.record(
        "clock.matched",
        staff_no=staff_no or was,
        before={"clock": clock, "number": number, "staff_no": was},
        after={"clock": clock, "number": number, "staff_no": staff_no, "ignored": ignored},
    )


def put_offset(session: Session, clock: str, since: date, seconds: int) -> None:
    """Writes down by how much a clock is to be put forward from one of its dates on, inside a
    change. Raises Refused for a clock that isn't known, or an offset that can't be."""
    if not tables.ClockNumber.select().where(tables.ClockNumber.clock == clock).exists():
        raise refused("clock", "there is no clock %(clock)s", clock=clock)
    if abs(seconds) > LONGEST_OFFSET:
        raise refused("seconds", "a clock is at most three days wrong")
    was = ClockOffset.get_or_none(clock=clock, since=since)
    ClockOffset.put(clock=clock, since=since, seconds=seconds)
    session.record(
        "clock.offset",
        night=since,
        before={"clock": clock, "seconds": was.seconds} if was else None,
        after={"clock": clock, "seconds": seconds},
    )


def offsets() -> dict[str, list[tuple[date, int]]]:
    """By how many seconds each clock is to be put forward, from which of its dates on, in order."""
    found: defaultdict[str, list[tuple[date, int]]] = defaultdict(list)
    for row in ClockOffset.select().order_by(ClockOffset.clock, ClockOffset.since):
        found[row.clock].append((row.since, row.seconds))
    return dict(found)


def check_name(name: str) -> None:
    """Raises Refused for what can't be a clock's name."""
    if (wrong := key_problem(name, "clock")) is not None:
        raise Refused(wrong)


def forget_unheard() -> None:
    """Drops the numbers of which no punch is kept any more and that nobody said anything of."""
    held = tables.ClockNumber
    heard = Punch.select().where(Punch.clock == held.clock, Punch.number == held.number)
    held.delete().where(held.staff.is_null(), ~held.ignored, ~fn.EXISTS(heard)).execute()


def _guesses(told: Mapping[ClockKey, tuple[str, str]]) -> dict[ClockKey, Guess]:
    """Whose numbers seem to be: by a staff number that is the same but for zeros in front, and by
    a name that only one on the roster has."""
    by_number: defaultdict[str, list[str]] = defaultdict(list)
    by_name: defaultdict[str, list[str]] = defaultdict(list)
    for row in Staff.select(Staff.staff_no, Staff.name) if told else ():
        by_number[bare_number(row.staff_no)].append(row.staff_no)
        by_name[_bare_name(row.name)].append(row.staff_no)
    found = {}
    for (clock, number), (shown, name) in told.items():
        same = by_number.get(number, [])
        numbered = shown if shown in same else same[0] if len(same) == 1 else None
        namesakes = by_name.get(_bare_name(name), []) if name else []
        if numbered in namesakes and numbered is not None:
            guess = numbered, "both"
        elif numbered is not None and not namesakes:
            guess = numbered, "number"
        elif len(namesakes) == 1 and numbered is None:
            guess = namesakes[0], "name"
        else:
            continue
        found[clock, number] = Guess(clock, number, *guess)
    return found


def _bare_name(name: str) -> str:
    return "".join(normalize("NFKC", name).split()).casefold()


def _by_number(number: str) -> tuple[int, str]:
    """Sorts numbers as numbers."""
    return (len(number), number) if number.isdigit() else (99, number)
