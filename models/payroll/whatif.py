"""What a month would have cost each staffer under another rulebook."""

from dataclasses import dataclass

from models.access.scope import readable
from models.access.session import Session
from models.ledger.desk_breaches import desk_breaches
from models.ledger.night_facts import night_facts
from models.ledger.sales import sold
from models.rules.charges import Status
from models.rules.judgement import judge
from models.rules.rulebook import Rulebook
from models.storage.database import execute
from models.storage.employment import staffers
from models.values.nights import Calendar, Month, first_night, last_night


@dataclass(frozen=True, slots=True)
class WhatIfRow:
    """A staffer's standing charges and sales of the month, in cents: as they are, and as they
    would be."""

    staff_no: str
    name: str
    now: int
    then: int
    sales_now: int
    sales_then: int


@dataclass(frozen=True, slots=True)
class WhatIf:
    """`rows` in order of staff_no, one for everyone charged now or then, or whose
    sales would be others; `unjudged` are the
    incidents that the other rulebook has no rule for, or not of that amount."""

    rows: tuple[WhatIfRow, ...]
    unjudged: tuple[str, ...]


def whatif(session: Session, book: Rulebook, month: Month) -> WhatIf:
    """Judges the month's facts as if `book` had been in force on all of its nights.

    Charges that were waived stay waived where the other rulebook gives them too. An incident whose
    rule or amount it would not allow is left out and named. The ledger must be settled.
    """
    first, last = first_night(month), last_night(month)
    calendar = Calendar(session.calendar.zone, [(first, book.day_start)])
    staff, at = staffers(), session.now()
    then: dict[str, int] = {}
    unjudged: list[str] = []
    desk = desk_breaches(session, first, last, book=book)
    for facts in night_facts(first, last, calendar, also=desk.keys()):
        for incident in facts.incidents:
            rule = book.rule(incident.rule)
            if rule is None or any(rule.incident_problems(incident.amount, incident.note)):
                unjudged.append(incident.incident_no)
        lawful = [each for each in facts.incidents if each.incident_no not in unjudged]
        facts = facts._replace(incidents=lawful, desk=desk.get(facts.night, ()))
        for charge in judge(facts, staff, book, calendar, at).charges:
            if charge.status is Status.STANDING:
                then[charge.staff_no] = then.get(charge.staff_no, 0) + charge.amount
    now = {
        staff_no: int(amount)
        for staff_no, amount in execute(
            "SELECT staff_no, sum(amount) FROM charges WHERE night BETWEEN ? AND ?"
            " AND status = 'standing' GROUP BY staff_no",
            (first.isoformat(), last.isoformat()),
        )
    }
    names = dict(execute("SELECT staff_no, name FROM staff").fetchall())
    sales = sold(session, first, last)
    would = sold(session, first, last, book)
    shifted = {no for no in sales.keys() | would.keys() if sales.get(no, 0) != would.get(no, 0)}
    rows = tuple(
        WhatIfRow(
            staff_no,
            names[staff_no],
            now.get(staff_no, 0),
            then.get(staff_no, 0),
            sales.get(staff_no, 0),
            would.get(staff_no, 0),
        )
        for staff_no in sorted(now.keys() | then.keys() | shifted)
    )
    allowed = readable(session)
    if allowed is not None:
        return WhatIf(tuple(row for row in rows if row.staff_no in allowed), ())
    return WhatIf(rows, tuple(unjudged))
