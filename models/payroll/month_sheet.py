"""A month as a sheet of staffers by rules, in cents: an open month from the ledger, a closed one as
it was frozen."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from models.access.scope import only_readable
from models.access.session import Session
from models.ledger.closings import Closing, closing_of, frozen
from models.ledger.settling import settle
from models.payroll import deductions
from models.payroll.deductions import Deduction
from models.rules.rulebook import Rule
from models.values.nights import Month, first_night, last_night


class MonthSheet(NamedTuple):
    """A month's sheet, in order of staff_no. `rules` are (code, title by language); `closing` is
    None while the month is open."""

    month: Month
    closing: Closing | None
    rules: tuple[tuple[str, Mapping[str, str]], ...]
    rows: tuple[Deduction, ...]


class Totals(NamedTuple):
    """What the rows of a sheet come to, in cents."""

    by_rule: Mapping[str, tuple[int, int]]
    wage: int
    charges_total: int
    adjustments: int
    carried_in: int
    deducted: int
    carried_out: int
    sales_counted: int
    over_a_fifth: int
    """How many staffers."""


def sheet(session: Session, month: Month) -> MonthSheet:
    """The month's sheet as it stands, or as it was closed."""
    settle(session)
    closing = closing_of(month)
    kept = frozen(month) if closing is not None else None
    if kept is None:
        live = deductions.deductions(session, month)
        rules = tuple((rule.code, rule.titles) for rule in live.rules)
        return MonthSheet(month, None, rules, tuple(only_readable(session, live.rows)))
    titles = _titles(session, month)
    rules = tuple(
        (code, titles[code].titles if code in titles else {"zh-Hans": chinese})
        for code, chinese in kept.rules
    )
    return MonthSheet(month, closing, rules, tuple(only_readable(session, kept.deductions())))


def totals(rows: Iterable[Deduction]) -> Totals:
    """The sums of some rows of a sheet."""
    by_rule: dict[str, tuple[int, int]] = {}
    sums = dict.fromkeys(Totals._fields[1:], 0)
    for row in rows:
        for code, (count, cents) in row.by_rule.items():
            counts, amount = by_rule.get(code, (0, 0))
            by_rule[code] = (counts + count, amount + cents)
        for name in sums:
            sums[name] += getattr(row, name)
    return Totals(by_rule, **sums)


def _titles(session: Session, month: Month) -> dict[str, Rule]:
    books = session.versions.between(first_night(month), last_night(month))
    return {rule.code: rule for book in books for rule in book.rules}
