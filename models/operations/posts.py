"""Posts: who was put where for the night, and the night's log, which names it.

Article 25 of mainland China's Regulation on Entertainment Venues (娱乐场所管理条例) has a venue
keep a log of who worked, at what duty, when and where, which nobody may alter, for 60 days.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from models.access.permissions import require
from models.access.scope import require_theirs
from models.access.session import Session
from models.ledger.closings import require_open
from models.ledger.night_preview import night_view
from models.operations import directory
from models.operations.roll import NO_SIGN, Signs
from models.rules import validation
from models.rules.charges import Outcome
from models.storage import reference_data, tables
from models.storage.employment import Postings
from models.storage.tables import Attendance, Briefing, Outing
from models.values.nights import Instant, Month, first_night, last_night
from models.values.problems import Refused
from models.values.text import note_problem


class Post(NamedTuple):
    """What somebody does for the night, and where; each None where it wasn't said."""

    duty: str | None
    area: str | None


class LogRow(NamedTuple):
    """One staffer's line of a night's log: their post, when they came and went, and the outings of
    theirs in between as (out, back), back None while they are away."""

    night: date
    staff_no: str
    name: str
    team: str | None
    position: str
    post: Post | None
    outcome: Outcome | None
    """None for someone who isn't called, such as a director, but was there."""
    arrived_at: Instant | None
    made_up_at: Instant | None
    departed_at: Instant | None
    outings: tuple[tuple[Instant, Instant | None], ...]


def post(staff_no: str, night: date) -> Post | None:
    """Somebody's post of a night."""
    held = tables.Post
    row = held.get_or_none(held.night == night, held.staff == staff_no)
    return None if row is None else Post(row.duty, row.area)


def last_post(staff_no: str, night: date) -> Post | None:
    """The last post that somebody had before a night."""
    held = tables.Post
    before = held.select().where(held.staff == staff_no, held.night < night)
    row = before.order_by(held.night.desc()).first()
    return None if row is None else Post(row.duty, row.area)


def put(
    session: Session, staff_no: str, night: date, new: Post | None, *, undone: bool = False
) -> Post | None:
    """Puts somebody somewhere for a night, or with None nowhere, and gives where they were.

    Raises Refused for who may not assign work to them, for a month that is closed, and for someone
    who isn't employed that night.
    """
    new = _tidied(new)
    with session.change():
        require_theirs(session, "assignment", staff_no)
        require_open(night)
        was = post(staff_no, night)
        if was == new:
            return was
        _check(session, staff_no, night, new)
        if new is None:
            held = tables.Post
            held.delete().where(held.night == night, held.staff == staff_no).execute()
        else:
            tables.Post.put(night=night, staff_no=staff_no, **new._asdict())
        session.record(
            "post.undone" if undone else "post.put",
            staff_no=staff_no,
            night=night,
            before=None if was is None else was._asdict(),
            after=None if new is None else new._asdict(),
        )
        return was


def night_log(session: Session, night: date) -> list[LogRow]:
    """Who worked in a night, at what and where, when they came, went out and left; by number.
    Whoever was on the roll is in it, absent or not, and whoever else gave a sign or had a post.

    Raises Refused for whoever may not export.
    """
    require(session, "export")
    outcomes = night_view(session, night).outcomes
    held = {
        each.staff_no: Post(each.duty, each.area)
        for each in tables.Post.select().where(tables.Post.night == night)
    }
    signs = {
        each.staff_no: Signs(each.arrived_at, each.made_up_at, each.departed_at)
        for each in Attendance.select().where(Attendance.night == night)
    }
    outings: dict[str, list[tuple[Instant, Instant | None]]] = {}
    for each in Outing.select().where(Outing.night == night).order_by(Outing.out_at):
        if each.out_at is not None:
            outings.setdefault(each.staff_no, []).append((each.out_at, each.back_at))
    there = {*outcomes, *held, *signs, *outings}
    postings = Postings()
    return [
        LogRow(
            night,
            staff_no,
            name,
            postings.of(staff_no, night).team,
            postings.of(staff_no, night).position,
            held.get(staff_no),
            outcomes.get(staff_no),
            *signs.get(staff_no, NO_SIGN),
            outings=tuple(outings.get(staff_no, ())),
        )
        for staff_no, name in sorted(directory.names_by_number().items())
        if staff_no in there
    ]


def logged_nights(months: Iterable[Month]) -> list[date]:
    """The nights of these months of which there is a log: a briefing was held, or posts given."""
    nights: set[date] = set()
    for month in months:
        for night in (Briefing.night, tables.Post.night):
            of_month = night.between(first_night(month), last_night(month))
            nights.update(each.night for each in night.model.select(night).where(of_month))
    return sorted(nights)


def _tidied(new: Post | None) -> Post | None:
    """Without spaces around; None where nothing is left."""
    if new is None:
        return None
    parts = [(text or "").strip() or None for text in new]
    return Post(*parts) if any(parts) else None


def _check(session: Session, staff_no: str, night: date, new: Post | None) -> None:
    reference = validation.ReferenceData(
        reference_data.people(staff_no), {}, session.calendar, session.versions, session.now()
    )
    fact = {"staff_no": staff_no, "night": night}
    problems = [*validation.posts(fact, reference), *validation.departed(fact, reference)]
    for column, text in (new._asdict() if new is not None else {}).items():
        found = note_problem(text or "", column)
        problems += [found] if found is not None else []
    if problems:
        raise Refused(*problems)
