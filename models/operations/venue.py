"""Making a venue, and the rulebooks that it adopts from a night on."""

from datetime import date
from typing import Any, NamedTuple

from peewee import fn

from models.access.permissions import require
from models.access.session import Session, zone
from models.ledger.ledger import rejudge
from models.ledger.own_charges import own_charges_let_go
from models.rules.rulebook import Rulebook
from models.rules.validation import ReferenceData, incidents
from models.storage import audit, witness
from models.storage.database import transaction
from models.storage.reference_data import people, places
from models.storage.tables import (
    Attendance,
    Booking,
    Briefing,
    ClosedMonth,
    Incident,
    Leave,
    Outing,
    Punch,
    Relay,
    RulebookVersion,
    Venue,
)
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
        if Venue.select().exists():
            raise refused("database", "it holds a venue already")
        Venue.insert(id=1, name=name, timezone=timezone, made_at=at).execute()
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


_TIMED: Any = (
    (Briefing.night, Briefing.closed_at),
    (Attendance.night, Attendance.arrived_at, Attendance.made_up_at, Attendance.departed_at),
    (Leave.leave_no, Leave.filed_at),
    (Outing.slip_no, Outing.requested_at, Outing.out_at),
    (Booking.booking_no, Booking.booked_at),
    (Incident.incident_no, Incident.occurred_at),
    (Relay.night, Relay.told_at),
    (Punch.told_at, Punch.told_at),
)
"""What facts with a time are known by, and their times."""


def show(session: Session) -> VenueRow:
    """The venue as it is, with the rulebook in force tonight."""
    venue = Venue.get()
    book = session.book(session.tonight())
    return VenueRow(venue.name, venue.timezone, venue.made_at, book.name, _timed())


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
        Venue.update(name=new.name, timezone=new.timezone).execute()
        session.refresh()
        rejudge(session, FIRST_NIGHT, LAST_NIGHT)
        session.record(
            "venue.edited",
            before={"name": was.name, "timezone": was.timezone},
            after={"name": new.name, "timezone": new.timezone},
        )
    return True


def _timed() -> str | None:
    for key, *instants in _TIMED:
        timed = fn.COALESCE(*instants, None).is_null(False)
        found = key.model.select(key).where(timed).limit(1).scalar()
        if found is not None:
            return f"{key.model._meta.table_name} {found}"
    return None


def adopt(session: Session, book: Rulebook, first: date, reason: str | None = None) -> None:
    """Puts a rulebook in force from the night `first` on, until the next one adopted for later.

    Raises Refused where it would reach a closed month, make a recorded fact unlawful, or let a
    charge of whoever adopts it go or shrink.
    """
    try:
        _adopt_lawfully(session, book, first, reason)
    except BaseException:
        session.refresh()  # it saw the rulebook that was rolled back
        raise


def _adopt_lawfully(session: Session, book: Rulebook, first: date, reason: str | None) -> None:
    with session.change():
        require(session, "rulebook")
        closed = ClosedMonth.select(fn.MAX(ClosedMonth.month)).scalar()
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
        own = list(own_charges_let_go(session, rejudge(session, since, LAST_NIGHT)))
        if own:
            raise Refused(*own)
        session.record(
            "rulebook.adopted",
            before=before,
            after={"rulebook": book.name, "from": str(first), "text": book.source},
            reason=reason,
        )


def _adopt(book: Rulebook, first: date, at: Instant) -> None:
    # Terminals notice a new version by the latest adopted_at, so no two may share one.
    latest = RulebookVersion.select(fn.MAX(RulebookVersion.adopted_at)).scalar()
    at = at if latest is None else max(at, latest + 1)
    RulebookVersion.put(from_night=first, name=book.name, text=book.source, adopted_at=at)


def _renight(session: Session, first: date, closed: Month | None) -> list[Problem]:
    """Files outings and incidents under the nights that a changed day_start gives them; gives
    those that it would move out of a closed month."""
    found: list[Problem] = []
    dated: Any = (
        (Outing, Outing.slip_no, fn.COALESCE(Outing.out_at, Outing.requested_at)),
        (Incident, Incident.incident_no, Incident.occurred_at),
    )
    for table, key, instant in dated:
        held: Any = table.select(table.night, instant, key).where(table.night >= first).tuples()
        for was, at, number in list(held):
            night = session.calendar.night(at)
            if night == was:
                continue
            if closed is not None and month_of(was) <= closed:
                found.append(
                    problem(number, "it would move out of %(month)s, which is closed", month=closed)
                )
            table.update(night=night).where(key == number).execute()
    return found


def _unlawful(session: Session, first: date) -> list[Problem]:
    """The recorded facts from `first` on that the rulebooks in force would not allow."""
    reference = ReferenceData(people(), places(), session.calendar, session.versions, None)
    found: list[Problem] = []
    columns = ("incident_no", "staff_no", "occurred_at", "rule", "amount", "note", "reported_by")
    recorded = Incident.select().where(Incident.night >= first, Incident.status == "recorded")
    for incident in recorded.order_by(Incident.incident_no):
        fact = {column: getattr(incident, column) for column in columns}
        found += [
            problem(
                f"incident {fact['incident_no']}",
                found_problem.message,
                **dict(found_problem.values),
            )
            for found_problem in incidents(fact, reference)
        ]
    found += [
        problem(what, "its time would no longer lie in the night it is filed under")
        for what in _out_of_night(session.calendar, first)
    ]
    return found


def _out_of_night(calendar: Calendar, first: date) -> list[str]:
    found = [
        f"briefing {each.night}"
        for each in Briefing.select().where(Briefing.night >= first)
        if each.closed_at is not None and calendar.night(each.closed_at) != each.night
    ]
    signs = Attendance.select().where(Attendance.night >= first)
    for each in signs.order_by(Attendance.night, Attendance.staff):
        instants = (each.arrived_at, each.made_up_at, each.departed_at)
        if any(at is not None and calendar.night(at) != each.night for at in instants):
            found.append(f"attendance {each.night} {each.staff_no}")
    return found
