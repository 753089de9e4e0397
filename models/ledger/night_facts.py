"""Reads the facts of nights from the database into the values that the judgement takes."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

from models.rules.charges import ChargeKey
from models.rules.judgement import Briefing, Incident, Leave, NightFacts, Outing
from models.storage.database import Read, execute
from models.storage.employment import Only, among
from models.values.nights import Calendar

_BRIEFINGS = "SELECT night, closed_at, night_closed FROM briefings WHERE night BETWEEN ? AND ?"
_ATTENDANCE = "SELECT staff_no, arrived_at, made_up_at FROM attendance WHERE night = ?"
_LEAVE = (
    "SELECT staff_no, leave_no, first_night, last_night, filed_at, special_reason FROM leave"
    " WHERE status = 'approved' AND last_night >= ? AND first_night <= ?"
)
_ROOMS = (
    "SELECT b.night, b.staff_no FROM bookings b JOIN places p ON p.place = b.place"
    " WHERE b.night BETWEEN ? AND ? AND p.kind = 'room'"
    " AND b.status IN ('booked', 'arrived', 'left') AND b.staff_no IS NOT NULL"
)
_OUTINGS = (
    "SELECT night, slip_no, staff_no, out_at, decided_at, status FROM outings"
    " WHERE night BETWEEN ? AND ? AND out_at IS NOT NULL"
)
_INCIDENTS = (
    "SELECT night, incident_no, staff_no, occurred_at, rule, amount, note FROM incidents"
    " WHERE night BETWEEN ? AND ? AND status = 'recorded'"
)
_WAIVERS = "SELECT night, staff_no, rule, source FROM waivers WHERE night BETWEEN ? AND ?"


def night_facts(
    first: date,
    last: date,
    calendar: Calendar,
    only: Only = None,
    also: Collection[date] = (),
) -> Iterator[NightFacts]:
    """The facts of every night from `first` to `last` of which anything is known, in order, and of
    the nights in `also` even if nothing is; with `only` what concerns them alone. Each table is
    read once, attendance night by night.
    """
    read = _Reads.of(first, last, only)
    briefings = {
        date.fromisoformat(night): Briefing(closed_at, bool(night_closed))
        for night, closed_at, night_closed in execute(*read.briefings)
    }
    # Leave and attendance matter only where the roll was called.
    called = sorted({*briefings, *also})
    leave = _leave_by_night(called, calendar, only)
    rooms: defaultdict[str, set[str]] = defaultdict(set)
    for night, number in execute(*read.rooms):
        rooms[night].add(number)
    outings: defaultdict[str, list[Outing]] = defaultdict(list)
    for night, slip_no, number, out_at, decided_at, status in execute(*read.outings):
        approved_at = decided_at if status == "approved" else None
        outings[night].append(Outing(slip_no, number, out_at, approved_at, status))
    incidents: defaultdict[str, list[Incident]] = defaultdict(list)
    for night, *incident in execute(*read.incidents):
        incidents[night].append(Incident(*incident))
    waivers: defaultdict[str, set[ChargeKey]] = defaultdict(set)
    for night, number, rule, source in execute(*read.waivers):
        waivers[night].add(ChargeKey(number, date.fromisoformat(night), rule, source))

    nights = {*called, *map(date.fromisoformat, {*outings, *incidents})}
    for each in sorted(nights):
        text = each.isoformat()
        attendance = {}
        if each in briefings or each in also:
            attendance = {
                number: (arrived_at, made_up_at)
                for number, arrived_at, made_up_at in execute(*attendance_read(each, only))
            }
        yield NightFacts(
            night=each,
            briefing=briefings.get(each),
            attendance=attendance,
            leave=leave.get(each, {}),
            rooms=rooms.get(text, frozenset()),
            outings=outings.get(text, ()),
            incidents=incidents.get(text, ()),
            waivers=waivers.get(text, frozenset()),
        )


class _Reads(NamedTuple):
    """What is read of a span of nights at once."""

    briefings: Read
    rooms: Read
    outings: Read
    incidents: Read
    waivers: Read

    @classmethod
    def of(cls, first: date, last: date, only: Only) -> "_Reads":
        span = (first.isoformat(), last.isoformat())
        theirs, who = among(only)
        values = (*span, *who)
        return cls(
            (_BRIEFINGS, span),
            (_ROOMS + among(only, "b.staff_no")[0], values),
            (_OUTINGS + theirs, values),
            (_INCIDENTS + theirs, values),
            (_WAIVERS + theirs, values),
        )


def night_reads(first: date, last: date, only: Only) -> Iterator[Read]:
    """What `night_facts` reads of these nights, but for the attendance of all but the first."""
    yield from _Reads.of(first, last, only)
    yield _leave_read(first, last, only)
    yield attendance_read(first, only)


def attendance_read(night: date, only: Only) -> Read:
    """What `night_facts` reads of who came in a night: (staff_no, arrived_at, made_up_at)."""
    theirs, who = among(only)
    return _ATTENDANCE + theirs, (night.isoformat(), *who)


def _leave_read(first: date, last: date, only: Only) -> Read:
    theirs, who = among(only)
    return _LEAVE + theirs, (first.isoformat(), last.isoformat(), *who)


def _leave_by_night(
    nights: list[date], calendar: Calendar, only: Only
) -> dict[date, dict[str, list[Leave]]]:
    found: defaultdict[date, dict[str, list[Leave]]] = defaultdict(dict)
    if not nights:
        return found
    read = _leave_read(nights[0], nights[-1], only)
    for number, leave_no, begins, ends, filed_at, special_reason in execute(*read):
        leave = Leave(leave_no, calendar.night(filed_at), special_reason is not None)
        until = date.fromisoformat(ends)
        for night in nights[bisect_left(nights, date.fromisoformat(begins)) :]:
            if night > until:
                break
            found[night].setdefault(number, []).append(leave)
    return found
