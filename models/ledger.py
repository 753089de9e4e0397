"""Keeps the charges in step with the facts.

The ledger writes the difference between the charges that the facts give and those it holds: what
is due is added or brought up to date, what no longer follows is reversed, and nothing is deleted.
"""

import json
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from models.database import execute, execute_many
from models.desk import Desk
from models.facts import night_facts, roster
from models.judgement import ChargeKey, Judgement, Status, judge
from models.nights import FIRST_NIGHT

LAST_NIGHT = date(9999, 12, 30)

_HELD = (
    "SELECT staff_no, night, rule, source, amount, status, basis FROM charges"
    " WHERE night BETWEEN ? AND ?"
)
_WRITE = (
    "INSERT INTO charges (staff_no, night, rule, source, amount, status, basis)"
    " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (staff_no, night, rule, source)"
    " DO UPDATE SET amount = excluded.amount, status = excluded.status, basis = excluded.basis"
)
_SETTLE = "UPDATE briefings SET settled = (night < ?) WHERE night BETWEEN ? AND ?"
_UNSETTLED = "SELECT min(night), max(night) FROM briefings WHERE NOT settled AND night < ?"

Held = tuple[int, str, str]
"""(amount in cents, status, basis as JSON)"""


class Difference(NamedTuple):
    """One charge that was changed: what was held (None: nothing) and what is held now."""

    key: ChargeKey
    was: Held | None
    now: Held


def judgements(
    desk: Desk, first: date, last: date, staff_no: str | None = None
) -> Iterator[Judgement]:
    """The judgement of every night from `first` to `last` of which anything is known, as of now;
    with `staff_no` of that staffer alone."""
    staff = roster(staff_no)
    now = desk.now()
    for facts in night_facts(first, last, desk.calendar, staff_no):
        yield judge(facts, staff, desk.versions.in_force(facts.night), desk.calendar, now)


def differences(
    desk: Desk, first: date, last: date, staff_no: str | None = None
) -> list[Difference]:
    """What would have to change for the ledger to equal the judgement of these nights."""
    who = () if staff_no is None else (staff_no,)
    sql = _HELD if staff_no is None else f"{_HELD} AND staff_no = ?"
    held: dict[tuple[str, str, str, str], Held] = {}
    for number, night, rule, source, *rest in execute(
        sql, (first.isoformat(), last.isoformat(), *who)
    ):
        held[number, night, rule, source] = (rest[0], rest[1], rest[2])
    found: list[Difference] = []
    for judgement in judgements(desk, first, last, staff_no):
        night = judgement.night.isoformat()
        for number, _, rule, source, amount, status, basis in judgement.charges:
            now: Held = (amount, status.value, _json(basis))
            was = held.pop((number, night, rule, source), None)
            if was != now:
                found.append(Difference((number, judgement.night, rule, source), was, now))
    for (number, night, rule, source), was in held.items():
        if was[1] != Status.REVERSED:
            key = (number, date.fromisoformat(night), rule, source)
            found.append(Difference(key, was, (was[0], Status.REVERSED.value, was[2])))
    return found


def rejudge(desk: Desk, first: date, last: date, staff_no: str | None = None) -> list[Difference]:
    """Brings the ledger in step with the facts of these nights (of one staffer, or of all), and
    gives what changed. To be called in the transaction that changed the facts."""
    found = differences(desk, first, last, staff_no)
    if found:
        execute_many(
            _WRITE,
            [
                (number, night.isoformat(), rule, source, *now)
                for (number, night, rule, source), _, now in found
            ],
        )
    if staff_no is None:
        tonight = desk.tonight().isoformat()
        execute(_SETTLE, (tonight, first.isoformat(), last.isoformat()))
    return found


def settle(desk: Desk) -> None:
    """Judges the nights that have ended since they were last judged, so that whoever gave no sign
    in them is absent. To be called before charges are read; cheap when there is nothing to do."""
    tonight = desk.tonight().isoformat()
    if execute(_UNSETTLED, (tonight,)).fetchone()[0] is None:
        return
    with desk.change():
        first, last = execute(_UNSETTLED, (tonight,)).fetchone()
        if first is None:
            return
        found = rejudge(desk, date.fromisoformat(first), date.fromisoformat(last))
        desk.record("nights.settled", after={"first": first, "last": last, "charges": len(found)})


def everything() -> tuple[date, date]:
    """A span that holds every night."""
    return FIRST_NIGHT, LAST_NIGHT


def _json(basis: object) -> str:
    return json.dumps(basis, ensure_ascii=False, separators=(",", ":"))
