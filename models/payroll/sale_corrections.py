"""What is decided of a sale after its month was closed: the closed month stays as it is, and the
difference counts among the sales of the first open one."""

from collections import defaultdict
from collections.abc import Iterable

from models.access.session import Session
from models.ledger.closings import frozen, last_closed
from models.ledger.credits import sale
from models.payroll.months import first_open
from models.rules.guests.credit import Credit, in_cents
from models.storage.tables import SaleAdjustment
from models.values.money import format_money, parse_money
from models.values.nights import Month, month_of
from models.values.problems import Code, Problem, Refused, problem

Cents = dict[str | None, int]
"""By staffer; None: the house's."""


def correct_sales(session: Session, deal_nos: Iterable[str], reason: str | None) -> None:
    """Brings the first open month's sales to what claims and decisions now make of these sales, as
    far as their months are closed. To be called in the transaction that changed them. Without a
    `reason` it is the decision's own, or the clause by which a claim is granted even then.

    Raises Refused where somebody's sales would change and there is no reason.
    """
    closed = last_closed()
    if closed is None:
        return
    kept: dict[Month, dict[str, Cents]] = {}
    problems: list[Problem] = []
    for deal_no in sorted(set(deal_nos)):
        try:
            held = sale(session, deal_no)
        except Refused:
            continue  # a booking that came to nothing
        month = month_of(held.deal.night)
        if month > closed:
            continue
        if month not in kept:
            kept[month] = _frozen_shares(month)
        was = kept[month].get(deal_no)
        if was is None:
            continue
        credit = held.credit
        shares = {share.staff_no: share.share for share in credit.shares}
        as_due = in_cents(sum(was.values()), shares, credit.serves)
        now = {each.staff_no: each.cents for each in as_due}
        already = _adjusted(deal_no)
        why = reason or _reason_of(credit) or _last_reason(deal_no)
        for staff_no in sorted({*was, *now, *already}, key=lambda who: (who is None, who or "")):
            amount = now.get(staff_no, 0) - was.get(staff_no, 0) - already.get(staff_no, 0)
            if not amount:
                continue
            if not why:
                problems.append(_unreasoned(month, deal_no, amount))
                continue
            due = first_open(session)
            SaleAdjustment.insert(
                month=due,
                staff=staff_no,
                corrects=month,
                deal_no=deal_no,
                amount=amount,
                reason=why,
                made_at=session.now(),
            ).execute()
            session.record(
                "sale.corrected",
                staff_no=staff_no,
                after={"month": due, "corrects": month, "deal_no": deal_no, "amount": amount},
                reason=why,
            )
    if problems:
        raise Refused(*problems)


def _reason_of(credit: Credit) -> str | None:
    if credit.decision is not None:
        return credit.decision.reason
    return f"{credit.rule} {credit.clause}" if credit.granted is not None else None


def _last_reason(deal_no: str) -> str | None:
    """Why the sale was last corrected: it is that which is taken back."""
    of_sale = SaleAdjustment.select().where(SaleAdjustment.deal_no == deal_no)
    last = of_sale.order_by(SaleAdjustment.id.desc()).first()
    return None if last is None else str(last.reason)


def _unreasoned(month: Month, deal_no: str, amount: int) -> Problem:
    return problem(
        "reason",
        "%(month)s is closed and this would change the shares of %(deal_no)s by %(amount)s: correct"
        " it with %(option)s",
        option="--reason",
        month=month,
        deal_no=deal_no,
        amount=format_money(abs(amount)),
    ).coded(Code.REASON_NEEDED)


def _frozen_shares(month: Month) -> dict[str, Cents]:
    """Whose each sale of a closed month was, as it was frozen."""
    kept = frozen(month)
    found: defaultdict[str, Cents] = defaultdict(dict)
    for deal_no, _night, staff_no, _share, amount, *_ in (kept.credit_rows or ()) if kept else ():
        found[deal_no or ""][staff_no or None] = parse_money(amount or "0")
    return found


def _adjusted(deal_no: str) -> Cents:
    found: Cents = defaultdict(int)
    for row in SaleAdjustment.select().where(SaleAdjustment.deal_no == deal_no):
        found[row.staff_no] += row.amount
    return found
