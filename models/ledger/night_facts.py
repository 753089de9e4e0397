"""Reads the facts of nights from the database into the values that the judgement takes."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date

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
from models.values.nights import Calendar

_BOTH = " AND staff_no = ?"
_POSITIONS_ON_ROLL = ("staff", "supervisor")

_STAFF = "SELECT staff_no, on_roll, position, hired_on, left_on, monthly_wage FROM staff"
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
    " AND b.status IN ('booked', 'arrived', 'left')"
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


def is_on_roll(on_roll: bool | None, position: str) -> bool:
    """Whether a staffer is called at the briefing: as said, else as the position says."""
    return position in _POSITIONS_ON_ROLL if on_roll is None else bool(on_roll)


def staffers(staff_no: str | None = None) -> dict[str, Staffer]:
    """Everyone ever on the payroll, or one of them, by staff_no."""
    one, values = (" WHERE staff_no = ?", (staff_no,)) if staff_no is not None else ("", ())
    changes: defaultdict[str, list[tuple[date, int]]] = defaultdict(list)
    for number, since, wage in execute(_WAGES + one, values):
        changes[number].append((date.fromisoformat(since), wage))
    staff: dict[str, Staffer] = {}
    for number, on_roll, position, hired, left, wage in execute(_STAFF + one, values):
        hired_on = date.fromisoformat(hired)
        wages: tuple[tuple[date, int], ...] = ((hired_on, wage),)
        if number in changes:
            wages = tuple(sorted((*wages, *changes[number]), key=lambda change: change[0]))
        left_on = date.fromisoformat(left) if left is not None else None
        staff[number] = Staffer(number, is_on_roll(on_roll, position), hired_on, left_on, wages)
    return staff


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
