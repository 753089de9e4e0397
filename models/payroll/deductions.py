"""What a month takes from each staffer, worked out from the ledger as it stands.

Amounts are cents. A month that was closed keeps what it was closed with: see
`models.payroll.months`.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from models.access.session import Session
from models.ledger.closings import frozen_sums
from models.ledger.deduction import Deduction as Deduction
from models.ledger.resignations import deemed_resigned
from models.ledger.sales import sold
from models.rules.employment import Staffer, last_employed
from models.rules.rulebook import Cap, Excess, Rule, Rulebook, RuleKind
from models.storage import employment
from models.storage.database import Read, ask, execute
from models.storage.employment import staffers
from models.values.nights import Month, first_night, last_night, month_of, previous_month

_CHARGES = (
    "SELECT staff_no, rule, count(*), sum(amount) FROM charges"
    " WHERE night BETWEEN ? AND ? AND status = 'standing' GROUP BY staff_no, rule"
)
_ADJUSTMENTS = "SELECT staff_no, sum(amount) FROM adjustments WHERE month = ? GROUP BY staff_no"
_SALE_ADJUSTMENTS = (
    "SELECT staff_no, sum(amount) FROM sale_adjustments WHERE month = ? AND staff_no IS NOT NULL"
    " GROUP BY staff_no"
)

FACTS = (
    "briefings", "attendance", "bookings", "outings", "incidents", "visits", "deals", "turns",
    "complaints",
)  # fmt: skip
"""The tables of what happened in a night."""

_FIRST_NIGHTS: tuple[Read, ...] = tuple((f"SELECT min(night) FROM {each}", ()) for each in FACTS)


class MonthDeductions(NamedTuple):
    """A month as staffers by rules, in order of staff_no. `rules` are the columns: those of the
    rulebook in force on its last night, then older ones still charged in it."""

    month: Month
    rules: tuple[Rule, ...]
    rows: tuple[Deduction, ...]


def deductions(session: Session, month: Month) -> MonthDeductions:
    """The month's deductions as the facts give them now. The ledger must be settled."""
    first, last = first_night(month), last_night(month)
    span = (first.isoformat(), last.isoformat())
    charges: dict[str, dict[str, tuple[int, int]]] = {}
    for staff_no, rule, count, amount in execute(_CHARGES, span):
        charges.setdefault(staff_no, {})[rule] = (count, int(amount))
    sales = sold(session, first, last)
    corrected = {staff_no: int(amount) for staff_no, amount in execute(_SALE_ADJUSTMENTS, (month,))}
    adjustments = {staff_no: int(amount) for staff_no, amount in execute(_ADJUSTMENTS, (month,))}
    carried = carried_into(session, month)
    resigned = deemed_resigned(session, month)
    books = session.versions.between(first, last)
    voiding = _codes(books, RuleKind.VOID_SALES)
    dismissing = _codes(books, RuleKind.DISMISSAL)
    cap = session.book(last).cap
    staff = staffers()
    rows = []
    postings = employment.Postings()
    for staff_no, name in execute("SELECT staff_no, name FROM staff").fetchall():
        staffer = staff[staff_no]
        by_rule = charges.get(staff_no, {})
        adjusted, carried_in = adjustments.get(staff_no, 0), carried.get(staff_no, 0)
        employed = last_employed(staffer.spells, first, last)
        due = staff_no in adjustments or staff_no in corrected or carried_in
        if not (employed or by_rule or due):
            continue
        until = last_night_of(staffer, last)
        wage = staffer.wage(until)
        total = sum(amount for _, amount in by_rule.values()) if by_rule else 0
        deducted, carried_out = deduct(total + adjusted + carried_in, wage, cap)
        made, decided = sales.get(staff_no, 0), corrected.get(staff_no, 0)
        # What voids a month's sales voids those of its own nights, not what a closed one is due.
        rows.append(
            Deduction(
                staff_no=staff_no,
                name=name,
                team=postings.team(staff_no, until),
                wage=wage,
                by_rule=by_rule,
                charges_total=total,
                adjustments=adjusted,
                carried_in=carried_in,
                deducted=deducted,
                carried_out=carried_out,
                sales=made + decided,
                sales_voided=0 if voiding.isdisjoint(by_rule) else made,
                deemed_resigned=resigned[staff_no][0].night if staff_no in resigned else None,
                dismissed=not dismissing.isdisjoint(by_rule),
            )
        )
    rows.sort(key=lambda row: row.staff_no)
    charged = {rule for by_rule in charges.values() for rule in by_rule}
    return MonthDeductions(month, rule_columns(session, month, charged), tuple(rows))


def _codes(books: Iterable[Rulebook], kind: RuleKind) -> set[str]:
    return {rule.code for book in books for rule in book.rules if rule.kind is kind}


def deduct(due: int, wage: int, cap: Cap | None) -> tuple[int, int]:
    """(deducted, carried out) of what is due. A refund is deducted whole."""
    if cap is None or due < 0:
        return due, 0
    deducted = min(due, cap.limit(wage))
    return deducted, due - deducted if cap.excess is Excess.CARRY else 0


def last_night_of(staffer: Staffer, last: date) -> date:
    """The last night, up to `last`, on which they were employed; the first of all where that is
    later."""
    return last_employed(staffer.spells, staffer.hired_on, last) or staffer.hired_on


def rule_columns(session: Session, month: Month, charged: set[str]) -> tuple[Rule, ...]:
    """The rules that have a column in the month, `charged` being those with standing charges."""
    books = session.versions.between(first_night(month), last_night(month))
    rules = list(books[-1].rules)
    known = {rule.code for rule in rules}
    for book in books[:-1]:
        for rule in book.rules:
            if rule.code in charged and rule.code not in known:
                known.add(rule.code)
                rules.append(rule)
    return tuple(rules)


def carried_into(session: Session, month: Month) -> dict[str, int]:
    """What the months before carry into this one: cents by staff_no, none of them 0."""
    frozen = _frozen_carry(previous_month(month))
    if frozen is not None:
        return frozen
    months = []
    frozen = None
    beginning = first_month()
    back = previous_month(month)
    while beginning is not None and back >= beginning and _carries(session, back):
        frozen = _frozen_carry(back)
        if frozen is not None:
            break
        months.append(back)
        back = previous_month(back)
    carried = frozen or {}
    for each in reversed(months):
        carried = _carry_through(session, each, carried)
    return carried


def first_month() -> Month | None:
    """The month of the earliest night of which anything is recorded; None where nothing is."""
    ask(_FIRST_NIGHTS)
    nights = [execute(*read).fetchone()[0] for read in _FIRST_NIGHTS]
    recorded = [night for night in nights if night is not None]
    return month_of(date.fromisoformat(min(recorded))) if recorded else None


def _carries(session: Session, month: Month) -> bool:
    cap = session.book(last_night(month)).cap
    return cap is not None and cap.excess is Excess.CARRY


def _frozen_carry(month: Month) -> dict[str, int] | None:
    sums = frozen_sums(month)
    if sums is None:
        return None
    return {staff_no: carried for staff_no, (_, carried) in sums.items() if carried}


def _carry_through(session: Session, month: Month, carried_in: Mapping[str, int]) -> dict[str, int]:
    """What a month carries out, given what is carried into it."""
    span = (first_night(month).isoformat(), last_night(month).isoformat())
    due = dict(carried_in)
    sql = (
        "SELECT staff_no, sum(amount) FROM charges"
        " WHERE night BETWEEN ? AND ? AND status = 'standing' GROUP BY staff_no"
    )
    for rows in (execute(sql, span), execute(_ADJUSTMENTS, (month,))):
        for staff_no, amount in rows.fetchall():
            due[staff_no] = due.get(staff_no, 0) + int(amount)
    staff, last = staffers(), last_night(month)
    cap = session.book(last).cap
    carried = {
        staff_no: deduct(amount, staff[staff_no].wage(last_night_of(staff[staff_no], last)), cap)[1]
        for staff_no, amount in due.items()
    }
    return {staff_no: amount for staff_no, amount in carried.items() if amount}
