"""Reads the facts of nights from the database into the values that the judgement takes."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from models.rules.employment import is_on_roll
from models.rules.judgement import (
    Briefing,
    ChargeKey,
    Incident,
    Leave,
    NightFacts,
    Outing,
    Staffer,
)
from models.storage.database import execute
from models.storage.employment import postings, rehires
from models.values.nights import Calendar

_BOTH = " AND staff_no = ?"
_STAFF = "SELECT staff_no, on_roll, position, hired_on, left_on, monthly_wage FROM staff"
_ONE_OF_STAFF = (
    "SELECT staff_no, on_roll, position, hired_on, left_on, monthly_wage,"
    " EXISTS (SELECT 1 FROM wages w WHERE w.staff_no = s.staff_no)"
    " OR EXISTS (SELECT 1 FROM postings p WHERE p.staff_no = s.staff_no)"
    " OR EXISTS (SELECT 1 FROM rehires r WHERE r.staff_no = s.staff_no)"
    " FROM staff s WHERE staff_no = ?"
)
_WAGES = "SELECT staff_no, effective_from, monthly_wage FROM wages"
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


def staffers(staff_no: str | None = None) -> dict[str, Staffer]:
    """Everyone ever on the payroll, or one of them, by staff_no."""
    if staff_no is None:
        return _with_changes(execute(_STAFF).fetchall())
    # A mark reads one staffer, most of whom nothing ever changed: that is one statement.
    row = execute(_ONE_OF_STAFF, (staff_no,)).fetchone()
    if row is None:
        return {}
    if row[-1]:
        return _with_changes([row[:-1]], staff_no)
    return {staff_no: _staffer(*row[:-1])}


def _with_changes(rows: Iterable[Sequence[Any]], *only: str) -> dict[str, Staffer]:
    wages: defaultdict[str, list[tuple[date, int]]] = defaultdict(list)
    one = " WHERE staff_no = ?" if only else ""
    for number, since, wage in execute(_WAGES + one, only):
        wages[number].append((date.fromisoformat(since), wage))
    changes, later = postings(*only), rehires(*only)
    staff: dict[str, Staffer] = {}
    for row in rows:
        number = row[0]
        each = _staffer(*row)
        if number in wages:
            dated = sorted((*each.wages, *wages[number]), key=lambda change: change[0])
            each = each._replace(wages=tuple(dated))
        if number in changes:
            duties = tuple((since, posting.called) for since, posting in changes[number])
            each = each._replace(duties=duties)
        if number in later:
            each = each._replace(rehires=later[number])
        staff[number] = each
    return staff


def _staffer(
    number: str, on_roll: bool | None, position: str, hired: str, left: str | None, wage: int
) -> Staffer:
    hired_on = date.fromisoformat(hired)
    left_on = date.fromisoformat(left) if left is not None else None
    called = is_on_roll(on_roll, position)
    return Staffer(number, called, hired_on, left_on, ((hired_on, wage),))


def night_facts(
    first: date,
    last: date,
    calendar: Calendar,
    staff_no: str | None = None,
    also: Collection[date] = (),
) -> Iterator[NightFacts]:
    """The facts of every night from `first` to `last` of which anything is known, in order, and of
    the nights in `also` even if nothing is; with `staff_no` only what concerns that staffer. Each
    table is read once, attendance night by night.
    """
    one, who = ("", ()) if staff_no is None else (_BOTH, (staff_no,))
    span = (first.isoformat(), last.isoformat(), *who)
    briefings = {
        date.fromisoformat(night): Briefing(closed_at, bool(night_closed))
        for night, closed_at, night_closed in execute(_BRIEFINGS, span[:2])
    }
    # Leave and attendance matter only where the roll was called.
    called = sorted({*briefings, *also})
    leave = _leave_by_night(called, calendar, one, who)
    rooms: defaultdict[str, set[str]] = defaultdict(set)
    for night, number in execute(_ROOMS + one.replace("staff_no", "b.staff_no"), span):
        rooms[night].add(number)
    outings: defaultdict[str, list[Outing]] = defaultdict(list)
    for night, slip_no, number, out_at, decided_at, status in execute(_OUTINGS + one, span):
        approved_at = decided_at if status == "approved" else None
        outings[night].append(Outing(slip_no, number, out_at, approved_at, status))
    incidents: defaultdict[str, list[Incident]] = defaultdict(list)
    for night, *incident in execute(_INCIDENTS + one, span):
        incidents[night].append(Incident(*incident))
    waivers: defaultdict[str, set[ChargeKey]] = defaultdict(set)
    for night, number, rule, source in execute(_WAIVERS + one, span):
        waivers[night].add((number, date.fromisoformat(night), rule, source))

    nights = {*called, *map(date.fromisoformat, {*outings, *incidents})}
    for each in sorted(nights):
        text = each.isoformat()
        attendance = {}
        if each in briefings or each in also:
            attendance = {
                number: (arrived_at, made_up_at)
                for number, arrived_at, made_up_at in execute(_ATTENDANCE + one, (text, *who))
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


def _leave_by_night(
    nights: list[date], calendar: Calendar, one: str, who: tuple[str, ...]
) -> dict[date, dict[str, list[Leave]]]:
    found: defaultdict[date, dict[str, list[Leave]]] = defaultdict(dict)
    if not nights:
        return found
    span = (nights[0].isoformat(), nights[-1].isoformat(), *who)
    for number, leave_no, begins, ends, filed_at, special_reason in execute(_LEAVE + one, span):
        leave = Leave(leave_no, calendar.night(filed_at), special_reason is not None)
        until = date.fromisoformat(ends)
        for night in nights[bisect_left(nights, date.fromisoformat(begins)) :]:
            if night > until:
                break
            found[night].setdefault(number, []).append(leave)
    return found
