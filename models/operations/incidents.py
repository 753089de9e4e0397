"""Incidents: what somebody saw that the rulebook fines, raised against a staffer."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from peewee import JOIN, Expression, Value

from models.access.permissions import acting, require, require_other
from models.access.scope import only_readable
from models.access.session import Session
from models.ledger.closings import require_open
from models.ledger.ledger import rejudge, staffer_night_reads
from models.ledger.post_absences import require_once
from models.rules import validation
from models.rules.post_absences import Left, leaves_post
from models.rules.rulebook import Origin, Rule
from models.rules.validation import Fact, ReferenceData
from models.storage import reference_data, tables
from models.storage.database import Read
from models.storage.employment import Teams
from models.storage.numbering import next_number, numbers_read
from models.storage.reference_data import people_of
from models.storage.tables import Charge, Staff, of_charge
from models.values.natural_order import natural
from models.values.nights import Instant
from models.values.problems import Refused, refused
from models.values.text import note_problem

_NUMBERS = ("incidents", "incident_no", "I")


class Incident(NamedTuple):
    """One incident, and the charge that came of it. Amounts are cents; `amount` is what was
    entered, `charged` what is charged, both None where there is none."""

    incident_no: str
    night: date
    staff_no: str
    name: str
    team: str | None
    occurred_at: Instant
    rule: str
    amount: int | None
    note: str | None
    reported_by: str | None
    status: str
    charged: int | None
    charge_status: str | None

    @property
    def source(self) -> str:
        """What its charge is known by."""
        return f"incident:{self.incident_no}"


def pickable(session: Session, night: date) -> list[Rule]:
    """The rules under which an incident of that night can be raised, by clause."""
    rules = [rule for rule in session.book(night).rules if Origin.INCIDENT in rule.origins]
    return sorted(rules, key=lambda rule: natural(rule.clause))


def listing(
    session: Session, first: date, last: date, staff_no: str | None = None
) -> list[Incident]:
    """The incidents of the nights from `first` to `last`, of one staffer or of all, latest
    first."""
    conditions = [tables.Incident.night.between(first, last)]
    if staff_no is not None:
        conditions.append(tables.Incident.staff == staff_no)
    found = only_readable(session, _read(*conditions))
    return sorted(found, key=lambda each: (each.occurred_at, each.incident_no), reverse=True)


def incident(incident_no: str) -> Incident:
    """The incident of that number. Raises Refused where there is none."""
    for found in _read(tables.Incident.incident_no == incident_no):
        return found
    raise refused("incident_no", "there is no incident %(incident_no)s", incident_no=incident_no)


def _read(*conditions: Expression) -> list[Incident]:
    held = tables.Incident
    columns = (
        *(held.incident_no, held.night, held.staff, Staff.name, Staff.team, held.occurred_at),
        *(held.rule, held.amount, held.note, held.reported, held.status),
        *(Charge.amount, Charge.status),
    )
    source = Value("incident:").concat(held.incident_no)
    charge = of_charge(Charge, held.staff, held.night, held.rule, source)
    rows = (
        held.select(*columns)
        .join(Staff, on=held.staff == Staff.staff_no)
        .join(Charge, JOIN.LEFT_OUTER, on=charge)
        .where(*conditions)
        .tuples()
    )
    teams = Teams()
    found = [Incident(*row) for row in rows]
    return [each._replace(team=teams.on(each.staff_no, each.night, each.team)) for each in found]


def raise_incident(
    session: Session,
    staff_no: str,
    rule: str,
    occurred_at: Instant,
    amount: int | None = None,
    note: str | None = None,
    by: str | None = None,
) -> str:
    """Raises an incident against a staffer, and gives its number. `amount` is in cents, None where
    the rule sets it; in a venue without accounts `by` may stay unsaid.

    Raises Refused where the rulebook of the night allows no such incident.
    """
    with session.change(_raise_reads(session, staff_no, occurred_at, by)):
        require(session, "incident")
        reporter = acting(session, by) if session.actor is not None or by else None
        night = session.calendar.night(occurred_at)
        require_open(night)
        fact = {
            "staff_no": staff_no,
            "occurred_at": occurred_at,
            "rule": rule,
            "amount": amount,
            "note": note if note and note.strip() else None,
            "reported_by": reporter,
            "status": "recorded",
            "night": night,
        }
        _require_lawful(session, fact)
        incident_no = next_number(*_NUMBERS, night)
        tables.Incident.insert(incident_no=incident_no, **fact).execute()
        rejudge(session, night, night, staff_no)
        after = {"incident_no": incident_no, **fact}
        session.record("incident.raised", staff_no=staff_no, night=night, after=after)
    return incident_no


def edit(
    session: Session,
    incident_no: str,
    *,
    rule: str,
    occurred_at: Instant,
    amount: int | None,
    note: str | None,
    by: str | None = None,
) -> bool:
    """Corrects what an incident says; its charge follows. Gives whether anything changed.

    Raises Refused for one's own, and where the rulebook of the night allows no such incident.
    """
    with session.change():
        require(session, "incident")
        held = incident(incident_no)
        if session.actor is not None or by:
            require_other(session, by, held.staff_no)
        night = session.calendar.night(occurred_at)
        require_open(held.night)
        require_open(night)
        new = {
            "rule": rule,
            "occurred_at": occurred_at,
            "amount": amount,
            "note": note if note and note.strip() else None,
        }
        old = {column: getattr(held, column) for column in new}
        if old == new:
            return False
        _require_lawful(session, {**held._asdict(), **new, "night": night})
        _update(incident_no, **new, night=night)
        for each in sorted({held.night, night}):
            rejudge(session, each, each, held.staff_no)
        session.record(
            "incident.edited",
            staff_no=held.staff_no,
            night=night,
            before={"incident_no": incident_no, **old},
            after={"incident_no": incident_no, **new},
        )
    return True


def withdraw(
    session: Session, incident_no: str, reason: str | None = None, by: str | None = None
) -> bool:
    """Takes an incident back, and its charge with it; also the undoing of `raise_incident`.
    Gives whether anything changed. Raises Refused for one's own."""
    return _set_status(session, incident_no, "withdrawn", reason, by)


def restore(session: Session, incident_no: str, by: str | None = None) -> bool:
    """Undoes `withdraw`. Gives whether anything changed.

    Raises Refused for one's own, or where the rulebook no longer allows it.
    """
    return _set_status(session, incident_no, "recorded", None, by)


def _set_status(
    session: Session, incident_no: str, status: str, reason: str | None, by: str | None
) -> bool:
    with session.change():
        require(session, "incident")
        held = incident(incident_no)
        if session.actor is not None or by:
            require_other(session, by, held.staff_no)
        require_open(held.night)
        if held.status == status:
            return False
        if status == "recorded":
            _require_lawful(session, held._asdict())
        _update(incident_no, status=status)
        rejudge(session, held.night, held.night, held.staff_no)
        session.record(
            "incident.withdrawn" if status == "withdrawn" else "incident.restored",
            staff_no=held.staff_no,
            night=held.night,
            before={"incident_no": incident_no, "status": held.status},
            after={"incident_no": incident_no, "status": status},
            reason=reason,
        )
    return True


def _update(incident_no: str, **columns: object) -> None:
    held = tables.Incident
    held.update(**columns).where(held.incident_no == incident_no).execute()


def _raise_reads(
    session: Session, staff_no: str, occurred_at: Instant, by: str | None
) -> Iterator[Read]:
    night = session.calendar.night(occurred_at)
    reporter = by if session.actor is None else session.actor.staff_no
    yield people_of((staff_no, reporter or staff_no))
    yield numbers_read(*_NUMBERS, night)
    yield from staffer_night_reads(night, staff_no)


def _require_lawful(session: Session, fact: Fact) -> None:
    named = (fact["staff_no"], fact["reported_by"] or fact["staff_no"])
    reference = ReferenceData(
        reference_data.people(*named), {}, session.calendar, session.versions, session.now()
    )
    problems = [*validation.incidents(fact, reference), *validation.departed(fact, reference)]
    if leaves_post(fact["rule"], fact["night"], session.versions):
        number, staff_no = fact.get("incident_no", ""), fact["staff_no"]
        require_once(session, Left(number, staff_no, fact["occurred_at"]))
    if (problem := note_problem(fact["note"] or "")) is not None:
        problems.append(problem)
    if problems:
        raise Refused(*problems)
