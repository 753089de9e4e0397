"""Waivers: charges let go, by whom and why."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from models.access.permissions import require, require_other
from models.access.session import Session
from models.ledger.closings import require_open
from models.ledger.ledger import rejudge
from models.ledger.settling import settle
from models.rules.charges import ChargeKey, Status
from models.storage import late_tables as tables
from models.storage.employment import Postings, staffers
from models.values.problems import Refused, problem, refused
from models.values.text import note_problem


class Waiver(NamedTuple):
    waived_by: str
    reason: str


def waive(
    session: Session,
    staff_no: str,
    night: date,
    rule: str,
    source: str,
    reason: str,
    by: str | None = None,
) -> bool:
    """Lets a charge go. Gives whether anything changed: not, when it was for the same reason.

    In a venue without accounts `by` may stay unsaid: it is then the director of the night's
    briefing, else the staffer's direct supervisor, else the first director who isn't the staffer.
    Raises Refused where the facts give no such charge, or where it would be one's own.
    """
    settle(session)
    with session.change():
        require(session, "waive")
        status = charge_status(staff_no, night, rule, source)
        if status in (None, Status.REVERSED):
            raise refused("rule", "the facts give no such charge, so there is nothing to waive")
        if session.actor is None and by is None:
            by = _whose_it_is(session, staff_no, night)
        waived_by = require_other(session, by, staff_no)
        require_open(night)
        before = waiver(staff_no, night, rule, source)
        if before is not None and before.reason == reason:
            return False
        grant(session, staff_no, night, rule, source, Waiver(waived_by, reason))
        session.record(
            "charge.waived",
            staff_no=staff_no,
            night=night,
            before=before and before._asdict(),
            after={"rule": rule, "source": source, "waived_by": waived_by},
            reason=reason,
        )
    return True


def waive_many(
    session: Session, charges: Sequence[ChargeKey], reason: str, by: str | None = None
) -> list[ChargeKey]:
    """Lets several charges go for one reason, all or none, and gives those that it changed. As
    `waive` otherwise."""
    settle(session)
    with session.change():
        require(session, "waive")
        return [each for each in charges if waive(session, *each, reason, by)]


def unwaive(
    session: Session, staff_no: str, night: date, rule: str, source: str, by: str | None = None
) -> bool:
    """Takes a waiver back, so that the charge stands again. Gives whether anything changed.

    Raises Refused for one's own, or where the waiver is what was decided on an appeal.
    """
    with session.change():
        require(session, "waive")
        if session.actor is not None or by:
            require_other(session, by, staff_no)
        require_open(night)
        before = waiver(staff_no, night, rule, source)
        if before is None:
            return False
        on_appeal = tables.Appeal.select().where(
            tables.of_charge(tables.Appeal, staff_no, night, rule, source)
        )
        if on_appeal.where(tables.Appeal.decision == "waived").exists():
            raise refused("rule", "it was waived on appeal: take that decision back instead")
        revoke(session, staff_no, night, rule, source)
        session.record(
            "charge.unwaived",
            staff_no=staff_no,
            night=night,
            before={"rule": rule, "source": source, **before._asdict()},
        )
    return True


def waiver(staff_no: str, night: date, rule: str, source: str) -> Waiver | None:
    """Who let the charge go and why; None where nobody did."""
    row = tables.Waiver.get_or_none(tables.of_charge(tables.Waiver, staff_no, night, rule, source))
    return None if row is None else Waiver(row.waived_by, row.reason)


def charge_status(staff_no: str, night: date, rule: str, source: str) -> Status | None:
    """What became of a charge; None where there never was one."""
    row = tables.Charge.get_or_none(tables.of_charge(tables.Charge, staff_no, night, rule, source))
    return None if row is None else Status(row.status)


def grant(
    session: Session, staff_no: str, night: date, rule: str, source: str, waived: Waiver
) -> None:
    """Writes a waiver that somebody who may has decided on, in the transaction of that decision.
    Raises Refused where no reason is given."""
    if not waived.reason.strip():
        raise Refused(problem("reason", "say why the charge is let go"))
    if (found_problem := note_problem(waived.reason, "reason")) is not None:
        raise Refused(found_problem)
    key = {"staff_no": staff_no, "night": night, "rule": rule, "source": source}
    tables.Waiver.put(**key, **waived._asdict())
    rejudge(session, night, night, staff_no)


def revoke(session: Session, staff_no: str, night: date, rule: str, source: str) -> None:
    """Removes a waiver, in the transaction of whoever takes that decision back."""
    tables.Waiver.delete().where(
        tables.of_charge(tables.Waiver, staff_no, night, rule, source)
    ).execute()
    rejudge(session, night, night, staff_no)


def _whose_it_is(session: Session, staff_no: str, night: date) -> str:
    """Who lets a charge go where nobody says who does: see `waive`."""
    tonight = session.tonight()
    postings, staff = Postings().on(tonight), staffers()
    briefing = tables.Briefing.get_or_none(tables.Briefing.night == night)
    candidates = [] if briefing is None else [briefing.director_no]
    if staff_no in postings:
        candidates.append(postings[staff_no].supervisor_no)
    candidates += sorted(
        number
        for number, posting in postings.items()
        if posting.position == "director" and staff[number].employed(tonight)
    )
    for each in candidates:
        if each is not None and each != staff_no:
            return str(each)
    raise refused("by", "say who waives it: a staff number, with --by")
