"""Making a venue, and the rulebooks that it adopts from a night on."""

from datetime import date
from typing import NamedTuple

from models.access.permissions import require
from models.access.session import Session, zone
from models.ledger.ledger import rejudge
from models.rules.rulebook import Rulebook
from models.rules.validation import Register, incidents
from models.storage import audit, witness
from models.storage.database import execute, execute_many, transaction
from models.storage.register import people, places
from models.values.nights import (
    FIRST_NIGHT,
    LAST_NIGHT,
    ONE_NIGHT,
    Calendar,
    Instant,
    Month,
    month_of,
)
from models.values.problems import Problem, Refused, problem, refused
from models.values.text import name_problem


def make_venue(
    name: str, timezone: str, book: Rulebook, at: Instant, who: str, terminal: str
) -> None:
    """Writes the venue into an empty database. Raises Refused where there is one already, or where
    the name or the time zone won't do."""
    found_problem = name_problem(name)
    if found_problem is not None:
        raise Refused(found_problem)
    zone(timezone)
    witness.forget()
    with transaction():
        if execute("SELECT count(*) FROM venue").fetchone()[0]:
            raise refused("database", "it holds a venue already")
        execute(
            "INSERT INTO venue (id, name, timezone, made_at) VALUES (1, ?, ?, ?)",
            (name, timezone, at),
        )
        _adopt(book, FIRST_NIGHT, at)
        audit.record(
            at=at,
            who=who,
            terminal=terminal,
            action="venue.made",
            after={"name": name, "timezone": timezone, "rulebook": book.name},
        )


class VenueRow(NamedTuple):
    """The venue: `timed` says what has a time already, so that the zone stays as it is."""

    name: str
    timezone: str
    made_at: Instant
    rulebook: str
    timed: str | None


_TIMED = (
    ("briefings", "night", "closed_at IS NOT NULL"),
    (
        "attendance",
        "night",
        "arrived_at IS NOT NULL OR made_up_at IS NOT NULL OR departed_at IS NOT NULL",
    ),
    ("leave", "leave_no", "filed_at IS NOT NULL"),
    ("outings", "slip_no", "requested_at IS NOT NULL OR out_at IS NOT NULL"),
    ("bookings", "booking_no", "booked_at IS NOT NULL"),
    ("incidents", "incident_no", "occurred_at IS NOT NULL"),
    ("relays", "night", "told_at IS NOT NULL"),
    ("punches", "told_at", "told_at IS NOT NULL"),
)


def show(session: Session) -> VenueRow:
    """The venue as it is, with the rulebook in force tonight."""
    name, timezone, made_at = execute("SELECT name, timezone, made_at FROM venue").fetchone()
    return VenueRow(name, timezone, made_at, session.book(session.tonight()).name, _timed())


def edit(session: Session, name: str | None = None, timezone: str | None = None) -> bool:
    """Changes what the venue is called and in which zone its clock is; None leaves it. Gives
    whether anything changed.

    Raises Refused where the name or the zone won't do, or, for the zone, once a fact has a time: it
    would be another night's then.
    """
    with session.change():
        require(session, "venue")
        was = show(session)
        new = was._replace(name=name or was.name, timezone=timezone or was.timezone)
        if new == was:
            return False
        if (found_problem := name_problem(new.name)) is not None:
            raise Refused(found_problem)
        zone(new.timezone)
        if new.timezone != was.timezone and was.timed is not None:
            raise refused(
                "timezone",
                "%(fact)s has a time already, which would become another's: the zone stays"
                " %(timezone)s",
                fact=was.timed,
                timezone=was.timezone,
            )
        execute("UPDATE venue SET name = ?, timezone = ?", (new.name, new.timezone))
        session.refresh()
        rejudge(session, FIRST_NIGHT, LAST_NIGHT)
        session.record(
            "venue.edited",
            before={"name": was.name, "timezone": was.timezone},
            after={"name": new.name, "timezone": new.timezone},
        )
    return True


def _timed() -> str | None:
    for table, key, condition in _TIMED:
        row = execute(f"SELECT {key} FROM {table} WHERE {condition} LIMIT 1").fetchone()
        if row is not None:
            return f"{table} {row[0]}"
    return None


def adopt(session: Session, book: Rulebook, first: date, reason: str | None = None) -> None:
    """Puts a rulebook in force from the night `first` on, until the next one adopted for later.

    Raises Refused where it would reach a closed month, or make a recorded fact unlawful.
    """
    try:
        _adopt_lawfully(session, book, first, reason)
    except BaseException:
        session.refresh()  # it saw the rulebook that was rolled back
        raise


def _adopt_lawfully(session: Session, book: Rulebook, first: date, reason: str | None) -> None:
    with session.change():
        require(session, "rulebook")
        closed = execute("SELECT max(month) FROM closed_months").fetchone()[0]
        if closed is not None and month_of(first) <= closed:
            raise refused("from", "%(month)s is closed: adopt it from a later night", month=closed)
        before = {str(since): each.name for since, each in session.versions.adopted}
        _adopt(book, first, session.now())
        session.refresh()
        # A new day_start also moves the end of the night before.
        since = max(first, FIRST_NIGHT + ONE_NIGHT) - ONE_NIGHT
        problems = [*_renight(session, since, closed), *_unlawful(session, since)]
        if problems:
            raise Refused(*problems)
        rejudge(session, since, LAST_NIGHT)
        session.record(
            "rulebook.adopted",
            before=before,
            after={"rulebook": book.name, "from": str(first), "text": book.source},
            reason=reason,
        )


def _adopt(book: Rulebook, first: date, at: Instant) -> None:
    # Terminals notice a new version by the latest adopted_at, so no two may share one.
    latest = execute("SELECT max(adopted_at) FROM rulebook_version").fetchone()[0]
    at = at if latest is None else max(at, latest + 1)
    execute(
        "INSERT INTO rulebook_version (from_night, name, text, adopted_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (from_night) DO UPDATE SET name = excluded.name, text = excluded.text,"
        " adopted_at = excluded.adopted_at",
        (first.isoformat(), book.name, book.source, at),
    )


def _renight(session: Session, first: date, closed: Month | None) -> list[Problem]:
    """Files outings and incidents under the nights that a changed day_start gives them; gives
    those that it would move out of a closed month."""
    found: list[Problem] = []
    for table, key, instant in (
        ("outings", "slip_no", "coalesce(out_at, requested_at)"),
        ("incidents", "incident_no", "occurred_at"),
    ):
        rows = execute(
            f"SELECT night, {instant}, {key} FROM {table} WHERE night >= ?", (first.isoformat(),)
        )
        moved = [
            (night, number, held)
            for held, at, number in rows.fetchall()
            if (night := session.calendar.night(at).isoformat()) != held
        ]
        found += [
            problem(number, "it would move out of %(month)s, which is closed", month=closed)
            for _, number, held in moved
            if closed is not None and held[:7] <= closed
        ]
        execute_many(
            f"UPDATE {table} SET night = ? WHERE {key} = ?",
            [(night, number) for night, number, _ in moved],
        )
    return found


def _unlawful(session: Session, first: date) -> list[Problem]:
    """The recorded facts from `first` on that the rulebooks in force would not allow."""
    register = Register(people(), places(), session.calendar, session.versions, None)
    since = first.isoformat()
    found: list[Problem] = []
    columns = ("incident_no", "staff_no", "occurred_at", "rule", "amount", "note", "reported_by")
    for row in execute(
        f"SELECT {', '.join(columns)} FROM incidents WHERE night >= ? AND status = 'recorded'"
        " ORDER BY incident_no",
        (since,),
    ).fetchall():
        fact = dict(zip(columns, row, strict=True))
        found += [
            problem(
                f"incident {fact['incident_no']}",
                found_problem.message,
                **dict(found_problem.values),
            )
            for found_problem in incidents(fact, register)
        ]
    found += [
        problem(what, "its time would no longer lie in the night it is filed under")
        for what in _out_of_night(session.calendar, since)
    ]
    return found


def _out_of_night(calendar: Calendar, since: str) -> list[str]:
    found = []
    for night, closed_at in execute(
        "SELECT night, closed_at FROM briefings WHERE night >= ? AND closed_at IS NOT NULL",
        (since,),
    ).fetchall():
        if calendar.night(closed_at).isoformat() != night:
            found.append(f"briefing {night}")
    for night, staff_no, *instants in execute(
        "SELECT night, staff_no, arrived_at, made_up_at, departed_at FROM attendance"
        " WHERE night >= ? ORDER BY night, staff_no",
        (since,),
    ).fetchall():
        if any(at is not None and calendar.night(at).isoformat() != night for at in instants):
            found.append(f"attendance {night} {staff_no}")
    return found
