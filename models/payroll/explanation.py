"""Telling a staffer why: every charge of a month with its rule, clause, facts and fate."""

import json
from datetime import date
from typing import NamedTuple

from models.access.scope import require_readable
from models.access.session import Session
from models.ledger.closings import last_closed
from models.ledger.grooming import Look, of_month
from models.payroll import notices
from models.payroll.deductions import Deduction
from models.payroll.month_sheet import sheet
from models.rules.charge_reasons import sentence
from models.rules.charges import Basis, Status
from models.rules.rulebook import Rule
from models.storage.database import execute
from models.values.nights import Month, first_night, last_night
from models.values.problems import refused

_CHARGES = (
    "SELECT c.night, c.rule, c.source, c.amount, c.status, c.basis, w.waived_by, w.reason"
    " FROM charges c LEFT JOIN waivers w ON w.staff_no = c.staff_no AND w.night = c.night"
    " AND w.rule = c.rule AND w.source = c.source"
    " WHERE c.staff_no = ? AND c.night BETWEEN ? AND ? ORDER BY c.night, c.rule, c.source"
)
_APPEALS = (
    "SELECT night, rule, source, words, raised_at, due, decision, decided_by, decided_at, reason"
    " FROM appeals WHERE staff_no = ? AND night BETWEEN ? AND ? ORDER BY id"
)


class ExplainedAppeal(NamedTuple):
    """A staffer's objection to a charge, and what was decided. Instants are UTC seconds."""

    words: str
    raised_at: int
    due: date
    decision: str | None
    decided_by: str | None
    decided_at: int | None
    reason: str | None


class ExplainedCharge(NamedTuple):
    """One charge of the ledger: cents, the facts it follows from, and what became of it."""

    night: date
    rule: Rule
    source: str
    amount: int
    status: Status
    basis: Basis
    waived_by: str | None
    waiver_reason: str | None
    appeals: tuple[ExplainedAppeal, ...]
    seen_at: int | None = None
    """When the staffer marked its notice as seen, if they did."""

    def reason(self, session: Session, language: str) -> str:
        """The sentence that says from which facts the charge follows."""
        return sentence(self.basis, session.calendar.shown, language)


class ExplainedAdjustment(NamedTuple):
    """What a correction of the closed month `corrects` added to the month `month`, in cents."""

    month: Month
    corrects: Month
    amount: int
    reason: str


class ExplainedSale(NamedTuple):
    """What a decision on a sale of the closed month `corrects` adds to a staffer's sales of the
    month `month`, in cents."""

    month: Month
    corrects: Month
    deal_no: str
    amount: int
    reason: str


class Explanation(NamedTuple):
    """A staffer's month: its charges as the facts give them now, what adjusts it, what corrections
    of it were adjusted elsewhere, and the sums, which a closed month keeps as they were frozen."""

    staff_no: str
    name: str
    month: Month
    closed: bool
    charges: tuple[ExplainedCharge, ...]
    adjustments: tuple[ExplainedAdjustment, ...]
    """Made in this month, for closed ones."""
    corrections: tuple[ExplainedAdjustment, ...]
    """Made in later months, for this one."""
    deduction: Deduction | None
    """The sums; None where the month has no row of theirs."""
    looks: tuple[tuple[date, Look], ...] = ()
    """How they looked on the nights on which somebody looked (clause 6); it costs nothing."""
    sales: tuple[ExplainedSale, ...] = ()
    """What was decided of sales of closed months, and counts among this one's."""


def explain(session: Session, staff_no: str, month: Month) -> Explanation:
    """Everything a staffer pays for a month, and why. The ledger must be settled.

    Raises Refused where there is no such staffer, or where one may not read about them.
    """
    require_readable(session, staff_no)
    person = execute("SELECT name FROM staff WHERE staff_no = ?", (staff_no,)).fetchone()
    if person is None:
        raise refused("staff_no", "there is no staffer %(staff_no)s", staff_no=staff_no)
    closed = last_closed()
    is_closed = closed is not None and month <= closed
    rows = sheet(session, month).rows
    return Explanation(
        staff_no,
        person[0],
        month,
        is_closed,
        _charges(session, staff_no, month),
        _adjustments("month", staff_no, month),
        _adjustments("corrects", staff_no, month),
        next((row for row in rows if row.staff_no == staff_no), None),
        tuple(of_month(session, staff_no, month)),
        _sales(staff_no, month),
    )


def _sales(staff_no: str, month: Month) -> tuple[ExplainedSale, ...]:
    sql = (
        "SELECT month, corrects, deal_no, amount, reason FROM sale_adjustments"
        " WHERE staff_no = ? AND month = ? ORDER BY id"
    )
    return tuple(ExplainedSale(*row) for row in execute(sql, (staff_no, month)).fetchall())


def _charges(session: Session, staff_no: str, month: Month) -> tuple[ExplainedCharge, ...]:
    span = (staff_no, first_night(month).isoformat(), last_night(month).isoformat())
    appeals: dict[tuple[str, str, str], list[ExplainedAppeal]] = {}
    for night, rule, source, words, raised_at, due, *decision in execute(_APPEALS, span):
        appeals.setdefault((night, rule, source), []).append(
            ExplainedAppeal(words, raised_at, date.fromisoformat(due), *decision)
        )
    seen = notices.seen(staff_no, month)
    charges = []
    for night, code, source, amount, status, basis, waived_by, reason in execute(_CHARGES, span):
        on = date.fromisoformat(night)
        rule = session.book(on).rule(code) or next(
            each for _, book in session.versions.adopted for each in book.rules if each.code == code
        )
        charges.append(
            ExplainedCharge(
                on,
                rule,
                source,
                amount,
                Status(status),
                tuple(json.loads(basis)),
                waived_by,
                reason,
                tuple(appeals.get((night, code, source), ())),
                seen.get((night, code, source)),
            )
        )
    return tuple(charges)


def _adjustments(column: str, staff_no: str, month: Month) -> tuple[ExplainedAdjustment, ...]:
    rows = execute(
        "SELECT month, corrects, amount, reason FROM adjustments"
        f" WHERE staff_no = ? AND {column} = ? ORDER BY id",
        (staff_no, month),
    )
    return tuple(ExplainedAdjustment(*row) for row in rows.fetchall())
