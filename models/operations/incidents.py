"""Incidents: what somebody saw that the rulebook fines, raised against a staffer."""

from datetime import date
from typing import NamedTuple

from models import lawful
from models.authority import acting, require, require_other
from models.closings import require_open
from models.database import execute
from models.desk import Desk
from models.lawful import Fact, Register
from models.ledger import rejudge
from models.nights import Instant
from models.numbering import natural_order, next_number
from models.problems import Refused, refused
from models.rulebook import Origin, Rule
from models.text import note_problem

_INCIDENTS = (
    "SELECT i.incident_no, i.night, i.staff_no, s.name, s.team, i.occurred_at, i.rule, i.amount,"
    " i.note, i.reported_by, i.status, c.amount, c.status"
    " FROM incidents i JOIN staff s ON s.staff_no = i.staff_no"
    " LEFT JOIN charges c ON c.staff_no = i.staff_no AND c.night = i.night AND c.rule = i.rule"
    " AND c.source = 'incident:' || i.incident_no"
)


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


def pickable(desk: Desk, night: date) -> list[Rule]:
    """The rules under which an incident of that night can be raised, by clause."""
    rules = [rule for rule in desk.book(night).rules if Origin.INCIDENT in rule.origins]
    return sorted(rules, key=lambda rule: natural_order(rule.clause))


def listing(desk: Desk, first: date, last: date, staff_no: str | None = None) -> list[Incident]:
    """The incidents of the nights from `first` to `last`, of one staffer or of all, latest
    first."""
    where, values = " WHERE i.night BETWEEN ? AND ?", (first.isoformat(), last.isoformat())
    if staff_no is None:
        found = _read(where, *values)
    else:
        found = _read(f"{where} AND i.staff_no = ?", *values, staff_no)
    return sorted(found, key=lambda each: (each.occurred_at, each.incident_no), reverse=True)


def incident(incident_no: str) -> Incident:
    """The incident of that number. Raises Refused where there is none."""
    for found in _read(" WHERE i.incident_no = ?", incident_no):
        return found
    raise refused("incident_no", "there is no incident %(incident_no)s", incident_no=incident_no)


def _read(where: str, *values: object) -> list[Incident]:
    rows = execute(_INCIDENTS + where, values).fetchall()
    return [Incident(row[0], date.fromisoformat(row[1]), *row[2:]) for row in rows]


def raise_incident(
    desk: Desk,
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
    with desk.change():
        require(desk, "incident")
        reporter = acting(desk, by) if desk.actor is not None or by else None
        night = desk.calendar.night(occurred_at)
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
        _require_lawful(desk, fact)
        incident_no = next_number("incidents", "incident_no", "I", night)
        execute(
            "INSERT INTO incidents (incident_no, staff_no, occurred_at, rule, amount, note,"
            " reported_by, status, night) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (incident_no, *list(fact.values())[:-1], night.isoformat()),
        )
        rejudge(desk, night, night, staff_no)
        after = {"incident_no": incident_no, **fact}
        desk.record("incident.raised", staff_no=staff_no, night=night, after=after)
    return incident_no


def withdraw(
    desk: Desk, incident_no: str, reason: str | None = None, by: str | None = None
) -> bool:
    """Takes an incident back, and its charge with it; also the undoing of `raise_incident`.
    Gives whether anything changed. Raises Refused for one's own."""
    return _set_status(desk, incident_no, "withdrawn", reason, by)


def restore(desk: Desk, incident_no: str, by: str | None = None) -> bool:
    """Undoes `withdraw`. Gives whether anything changed.

    Raises Refused for one's own, or where the rulebook no longer allows it.
    """
    return _set_status(desk, incident_no, "recorded", None, by)


def _set_status(
    desk: Desk, incident_no: str, status: str, reason: str | None, by: str | None
) -> bool:
    with desk.change():
        require(desk, "incident")
        held = incident(incident_no)
        if desk.actor is not None or by:
            require_other(desk, by, held.staff_no)
        require_open(held.night)
        if held.status == status:
            return False
        if status == "recorded":
            _require_lawful(desk, held._asdict())
        execute("UPDATE incidents SET status = ? WHERE incident_no = ?", (status, incident_no))
        rejudge(desk, held.night, held.night, held.staff_no)
        desk.record(
            "incident.withdrawn" if status == "withdrawn" else "incident.restored",
            staff_no=held.staff_no,
            night=held.night,
            before={"incident_no": incident_no, "status": held.status},
            after={"incident_no": incident_no, "status": status},
            reason=reason,
        )
    return True


def _require_lawful(desk: Desk, fact: Fact) -> None:
    named = (fact["staff_no"], fact["reported_by"] or fact["staff_no"])
    register = Register(lawful.people(*named), {}, desk.calendar, desk.versions)
    problems = [*lawful.incidents(fact, register), *lawful.departed(fact, register)]
    if (flaw := note_problem(fact["note"] or "")) is not None:
        problems.append(flaw)
    if problems:
        raise Refused(*problems)
