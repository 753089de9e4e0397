"""A month as a sheet of staffers by rules, in cents: an open month from the ledger, a closed one as
it was frozen."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from models import payroll
from models.closings import Closing, closings
from models.desk import Desk
from models.ledger import settle
from models.money import to_cents
from models.nights import Month, first_night, last_night
from models.rulebook import Rule
from models.statements import Frozen, frozen

FIFTH = 5


class SheetRow(NamedTuple):
    """One staffer's month, in cents. `by_rule` gives (count, cents) of the standing charges by rule
    code; `deemed_resigned` is the night of it, in ISO form."""

    staff_no: str
    name: str
    team: str | None
    wage: int
    by_rule: Mapping[str, tuple[int, int]]
    charges_total: int
    adjustments: int
    carried_in: int
    deducted: int
    carried_out: int
    sales: int
    sales_voided: int
    sales_counted: int
    deemed_resigned: str | None
    dismissed: bool

    @property
    def over_a_fifth(self) -> bool:
        """Whether the deduction passes a fifth of the wage."""
        return self.deducted * FIFTH > self.wage


class Sheet(NamedTuple):
    """A month's sheet, in order of staff_no. `rules` are (code, title by language); `closing` is
    None while the month is open."""

    month: Month
    closing: Closing | None
    rules: tuple[tuple[str, Mapping[str, str]], ...]
    rows: tuple[SheetRow, ...]


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


def sheet(desk: Desk, month: Month) -> Sheet:
    """The month's sheet as it stands, or as it was closed."""
    settle(desk)
    closing = next((each for each in closings() if each.month == month), None)
    kept = frozen(month) if closing is not None else None
    if kept is None:
        live = payroll.deductions(desk, month)
        rules = tuple((rule.code, rule.titles) for rule in live.rules)
        return Sheet(month, None, rules, tuple(map(_live_row, live.rows)))
    titles = _titles(desk, month)
    rules = tuple(
        (code, titles[code].titles if code in titles else {"zh-Hans": chinese})
        for code, chinese in kept["rules"]
    )
    return Sheet(month, closing, rules, tuple(_kept_rows(kept)))


def totals(rows: Iterable[SheetRow]) -> Totals:
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


def _live_row(row: payroll.Deduction) -> SheetRow:
    return SheetRow(
        staff_no=row.staff_no,
        name=row.name,
        team=row.team,
        wage=row.wage,
        by_rule=row.by_rule,
        charges_total=row.charges_total,
        adjustments=row.adjustments,
        carried_in=row.carried_in,
        deducted=row.deducted,
        carried_out=row.carried_out,
        sales=row.sales,
        sales_voided=row.sales_voided,
        sales_counted=row.sales_counted,
        deemed_resigned=row.deemed_resigned.isoformat() if row.deemed_resigned else None,
        dismissed=row.dismissed,
    )


def _kept_rows(kept: Frozen) -> Iterable[SheetRow]:
    codes = [code for code, _ in kept["rules"]]
    after = 5 + 2 * len(codes)
    for cells in kept["deductions"]:
        _month, staff_no, name, team, wage = cells[:5]
        counted = zip(codes, cells[5:after:2], cells[6:after:2], strict=True)
        by_rule = {
            code: (int(count or 0), _cents(amount))
            for code, count, amount in counted
            if count not in (None, "0")
        }
        total, adjusted, carried_in, deducted, carried_out, sales, voided, counts = map(
            _cents, cells[after : after + 8]
        )
        resigned, dismissed = cells[after + 8 :]
        yield SheetRow(
            staff_no or "",
            name or "",
            team,
            _cents(wage),
            by_rule,
            total,
            adjusted,
            carried_in,
            deducted,
            carried_out,
            sales,
            voided,
            counts,
            resigned,
            dismissed == "yes",
        )


def _cents(text: str | None) -> int:
    return to_cents(Decimal(text or 0))


def _titles(desk: Desk, month: Month) -> dict[str, Rule]:
    books = desk.versions.between(first_night(month), last_night(month))
    return {rule.code: rule for book in books for rule in book.rules}
