"""Keeps the charges in step with the facts.

The ledger writes the difference between the charges that the facts give and those it holds: what
is due is added or brought up to date, what no longer follows is reversed, and nothing is deleted.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from models.access.session import Session
from models.ledger.night_facts import night_facts, night_reads
from models.rules.charges import ChargeKey, Status
from models.rules.judgement import Judgement, NightFacts, judge
from models.storage.database import Read, ask, execute, upsert
from models.storage.employment import staffer_reads, staffers
from models.storage.gc_pause import uncollected
from models.storage.reference_data import people_of
from models.values.nights import FIRST_NIGHT, LAST_NIGHT

if TYPE_CHECKING:
    from models.ledger.desk_breaches import Breaches

_COLUMNS = ("staff_no", "night", "rule", "source", "amount", "status", "basis")
_KEY = _COLUMNS[:4]
_HELD = f"SELECT {', '.join(_COLUMNS)} FROM charges WHERE night BETWEEN ? AND ?"
_HELD_OF_ONE = f"{_HELD} AND staff_no = ?"
_SETTLE = "UPDATE briefings SET settled = (night < ?) WHERE night BETWEEN ? AND ?"
_UNSETTLE = "UPDATE briefings SET settled = ? WHERE night = ? AND night >= ? AND settled"

Held = tuple[int, str, str]
"""(amount in cents, status, basis as JSON)"""

HeldKey = tuple[str, str, str, str]
"""(staff_no, night, rule, source)"""


class Difference(NamedTuple):
    """One charge that was changed: what was held (None: nothing) and what is held now."""

    key: ChargeKey
    was: Held | None
    now: Held


class StafferNight(NamedTuple):
    """One staffer's night: its facts, its judgement, and how the ledger changed."""

    facts: NightFacts
    judgement: Judgement
    changes: list[Difference]


def judgements(
    session: Session, first: date, last: date, staff_no: str | None = None
) -> Iterator[Judgement]:
    """The judgement of every night from `first` to `last` of which anything is known, as of now;
    with `staff_no` of that staffer alone."""
    staff = staffers(staff_no)
    now = session.now()
    for facts in all_facts(session, first, last, staff_no):
        yield judge(facts, staff, session.versions.in_force(facts.night), session.calendar, now)


def all_facts(
    session: Session,
    first: date,
    last: date,
    staff_no: str | None = None,
    also: Collection[date] = (),
) -> Iterator[NightFacts]:
    """The facts of nights, with what the guest desk's give of themselves; see `night_facts`."""
    desk: Breaches = {}
    if any(book.charges_desk for book in session.versions.between(first, last)):
        from models.ledger.desk_breaches import desk_breaches  # which few houses need

        desk = desk_breaches(session, first, last, staff_no)
    for facts in night_facts(first, last, session.calendar, staff_no, also={*also, *desk}):
        yield facts._replace(desk=desk[facts.night]) if facts.night in desk else facts


@uncollected()
def differences(
    session: Session, first: date, last: date, staff_no: str | None = None
) -> list[Difference]:
    """What would have to change for the ledger to equal the judgement of these nights."""
    ask(_judged_reads(first, last, staff_no))
    return _compared(_held(first, last, staff_no), judgements(session, first, last, staff_no))


def _held(first: date, last: date, staff_no: str | None) -> dict[HeldKey, Held]:
    return {
        (number, night, rule, source): (amount, status, basis)
        for number, night, rule, source, amount, status, basis in execute(
            *_held_read(first, last, staff_no)
        )
    }


def _held_read(first: date, last: date, staff_no: str | None) -> Read:
    span = (first.isoformat(), last.isoformat())
    return (_HELD, span) if staff_no is None else (_HELD_OF_ONE, (*span, staff_no))


def _compared(held: dict[HeldKey, Held], judged: Iterable[Judgement]) -> list[Difference]:
    found: list[Difference] = []
    for judgement in judged:
        night = judgement.night.isoformat()
        for number, _, rule, source, amount, status, basis in judgement.charges:
            now: Held = (amount, status.value, _json(basis))
            was = held.pop((number, night, rule, source), None)
            if was != now:
                key = ChargeKey(number, judgement.night, rule, source)
                found.append(Difference(key, was, now))
    gone = Status.REVERSED.value
    for (number, night, rule, source), was in held.items():
        if was[1] != gone:
            key = ChargeKey(number, date.fromisoformat(night), rule, source)
            found.append(Difference(key, was, (was[0], gone, was[2])))
    return found


def rejudge(
    session: Session, first: date, last: date, staff_no: str | None = None
) -> list[Difference]:
    """Brings the ledger in step with the facts of these nights (of one staffer, or of all), and
    gives what changed. To be called in the transaction that changed the facts."""
    found = differences(session, first, last, staff_no)
    _write(found)
    if staff_no is None:
        tonight = session.tonight().isoformat()
        execute(_SETTLE, (tonight, first.isoformat(), last.isoformat()))
    return found


def staffer_night_reads(night: date, staff_no: str) -> Iterator[Read]:
    """What recording something of a staffer's night reads: who they are, and what `rejudge_staffer`
    does."""
    yield people_of((staff_no,))
    yield from _judged_reads(night, night, staff_no)


def _judged_reads(first: date, last: date, staff_no: str | None) -> Iterator[Read]:
    yield from staffer_reads(staff_no)
    yield from night_reads(first, last, staff_no)
    yield _held_read(first, last, staff_no)


def rejudge_staffer(session: Session, night: date, staff_no: str) -> StafferNight:
    """Brings the ledger in step with the facts of one staffer's one night, and gives all there is
    to say of it. To be called in the transaction that changed the facts."""
    ask(_judged_reads(night, night, staff_no))
    [facts] = all_facts(session, night, night, staff_no, also=(night,))
    judgement = judge(
        facts, staffers(staff_no), session.book(night), session.calendar, session.now()
    )
    changes = _compared(_held(night, night, staff_no), [judgement])
    _write(changes)
    execute(_UNSETTLE, (False, night.isoformat(), session.tonight().isoformat()))
    return StafferNight(facts, judgement, changes)


def _write(changes: Iterable[Difference]) -> None:
    rows = [
        (number, night.isoformat(), rule, source, *now)
        for (number, night, rule, source), _, now in changes
    ]
    rows.sort()  # in the order in which the table keeps them
    upsert("charges", _COLUMNS, _KEY, rows)


def everything() -> tuple[date, date]:
    """A span that holds every night."""
    return FIRST_NIGHT, LAST_NIGHT


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
