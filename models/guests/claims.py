"""Claims to a sale, and what a director decides of one."""

from collections.abc import Mapping
from fractions import Fraction

from models.access.permissions import acting, require
from models.access.scope import require_theirs
from models.access.session import Session
from models.guests.fact_writer import Fact, remove, stored_fact, write
from models.ledger.credits import Sale, sale
from models.payroll.sale_corrections import correct_sales
from models.rules.guests.validation import format_shares
from models.values.problems import refused


def claim(session: Session, deal_no: str, staff_no: str, note: str | None = None) -> Sale:
    """A staffer says that a sale is theirs, having found it tonight; gives the sale as it then
    stands. Raises Refused where they claimed it already."""
    with session.change():
        require_theirs(session, "desk", staff_no)
        held = sale(session, deal_no)
        if any(each.staff_no == staff_no for each in held.claims):
            raise refused("staff_no", "they have claimed this sale already")
        write(
            session,
            "claims",
            {
                "deal_no": deal_no,
                "staff_no": staff_no,
                "found_on": session.tonight(),
                "note": note or None,
            },
            "claim.made",
            night=held.deal.night,
            staff_no=staff_no,
            also_closed=True,
        )
        correct_sales(session, [deal_no], None)
        return sale(session, deal_no)


def withdraw(session: Session, deal_no: str, staff_no: str) -> Fact:
    """Takes a claim back; also the undoing of `claim`."""
    with session.change():
        require_theirs(session, "desk", staff_no)
        night = sale(session, deal_no).deal.night
        key = (deal_no, staff_no)
        fact = remove(session, "claims", key, "claim.withdrawn", night=night, also_closed=True)
        correct_sales(session, [deal_no], None)
        return fact


def put_back(session: Session, fact: Fact) -> None:
    """Undoes `withdraw`: the claim stands again, found when it was."""
    with session.change():
        require_theirs(session, "desk", fact["staff_no"])
        held = sale(session, fact["deal_no"])
        write(
            session, "claims", fact, "claim.made", night=held.deal.night,
            staff_no=fact["staff_no"], also_closed=True,
        )  # fmt: skip
        correct_sales(session, [fact["deal_no"]], None)


def decide(
    session: Session,
    deal_no: str,
    shares: Mapping[str | None, Fraction],
    reason: str,
    by: str | None = None,
) -> Fact:
    """A director decides a sale's shares, with a reason, never their own; gives what was decided
    before (empty: nothing). Of a closed month, what changes counts in the first open one. Raises
    Refused where the sale is theirs."""
    with session.change():
        require(session, "desk.decide")
        decider = acting(session, by)
        held = sale(session, deal_no)
        involved = {held.deal.closer_no, *(each.staff_no for each in held.claims)}
        if decider in involved:
            raise refused("by", "nobody decides a sale of their own")
        if not reason.strip():
            raise refused("reason", "may not be blank")
        before = write(
            session,
            "credit_decisions",
            {
                "deal_no": deal_no,
                "shares": format_shares(dict(shares)),
                "reason": reason,
                "decided_by": decider,
            },
            "credit.decided",
            night=held.deal.night,
            reason=reason,
            also_closed=True,
        )
        correct_sales(session, [deal_no], reason)
        return before


def undecide(session: Session, deal_no: str, before: Fact) -> None:
    """Undoes `decide`: what was decided before stands again, or nothing."""
    with session.change():
        require(session, "desk.decide")
        night = sale(session, deal_no).deal.night
        if before:
            write(
                session, "credit_decisions", before, "credit.decided", night=night,
                also_closed=True,
            )  # fmt: skip
        elif stored_fact("credit_decisions", deal_no) is not None:
            key = (deal_no,)
            remove(
                session, "credit_decisions", key, "credit.undecided", night=night, also_closed=True
            )
        correct_sales(session, [deal_no], None)
