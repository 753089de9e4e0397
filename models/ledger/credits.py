"""Whose the sales of some nights are, judged from the facts as they stand."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from models.access.permissions import require
from models.access.scope import readable
from models.access.session import Session
from models.ledger.guest_facts import BOOKING, around, in_parts, night_of, read_booked
from models.ledger.sale_rows import BOOKINGS, DEALS, SaleRows, rows_between
from models.rules.guests.credit import Credit, CreditDecision, StillOpen, credit, still_open
from models.rules.guests.facts import Around, Claim, Deal, Employee
from models.rules.guests.rulebook import (
    After,
    GuestRules,
    MonthEnd,
    Number,
)
from models.rules.guests.validation import parse_shares, people_of
from models.rules.rulebook import Rulebook
from models.storage.database import execute
from models.storage.employment import staffers
from models.values.problems import refused

NO_RULES = GuestRules(
    one_client=frozenset({"phone"}),
    number=Number(),
    touches={},
    owners=(),
    claims=(),
    after=After(),
    month_end=MonthEnd(),
    rotation=None,
    promises=(),
)
"""Those of a rulebook without a guest desk: a sale is whoever's closed it."""


class Sale(NamedTuple):
    """A sale, whose it is, and whose it is said to be."""

    deal: Deal
    claims: tuple[Claim, ...]
    credit: Credit


def sales_between(session: Session, first: date, last: date) -> list[Sale]:
    """Every sale of the nights from `first` to `last`, by number."""
    return judged(session, rows_between(first, last))


def judged(session: Session, rows: SaleRows, book: Rulebook | None = None) -> list[Sale]:
    """These sales, by number; by another rulebook than those that were in force, where it is
    given."""
    rules = None if book is None else book.guests or NO_RULES
    deals = [*map(_deal, rows.deals), *_of_bookings(rows.bookings)]
    return _judged(session, deals, rules)


def readable_sales(session: Session, first: date, last: date) -> list[Sale]:
    """The sales of the nights from `first` to `last` that whoever is signed in may read about."""
    allowed = readable(session)
    return [
        each for each in sales_between(session, first, last) if _concerns(session, each, allowed)
    ]


def require_readable_sale(session: Session, sale: Sale) -> None:
    """Raises Refused where whoever is signed in may not read about a sale: one that concerns none
    of their own people. Staffers read of none here: it names others' shares."""
    require(session, "house")
    if not _concerns(session, sale, readable(session)):
        raise refused(
            "deal_no", "%(number)s concerns none of your people", number=sale.deal.deal_no
        )


def _concerns(session: Session, sale: Sale, allowed: frozenset[str] | None) -> bool:
    """Whether somebody of these closed it, has a share, looks after the client, or claims it or
    still could."""
    if allowed is None:
        return True
    deal, claims, credit = sale
    concerned = {deal.closer_no, credit.serves, credit.owned.staff_no}
    concerned |= {each.staff_no for each in claims}
    concerned |= {each.staff_no for each in credit.shares}
    if rules_of(session, deal.night).claims:
        concerned |= {each.staff_no for each in claimable(session, deal.deal_no)}
    return not allowed.isdisjoint(concerned)


def sales_facts(
    session: Session, first: date, last: date
) -> tuple[list[Deal], Callable[[Deal], Around]]:
    """The sales of some nights that aren't bookings, and what is known around each."""
    span = (first.isoformat(), last.isoformat())
    deals = [_deal(row) for row in execute(f"{DEALS} WHERE night BETWEEN ? AND ?", span).fetchall()]
    staff: dict[str, Employee] = dict(staffers())
    known: dict[int, Around] = {}
    by_rules: dict[int, list[Deal]] = {}
    rules_by: dict[int, GuestRules] = {}
    for deal in deals:
        rules = rules_of(session, deal.night)
        rules_by[id(rules)] = rules
        by_rules.setdefault(id(rules), []).append(deal)
    for number, some in by_rules.items():
        known[number] = _around(some, rules_by[number], staff)
    return deals, lambda deal: known[id(rules_of(session, deal.night))]


def sale(session: Session, deal_no: str) -> Sale:
    """One sale by its number. Raises Refused where there is none."""
    deals = _deals_of([deal_no])
    if not deals:
        raise refused("deal_no", "there is no sale %(deal_no)s", deal_no=deal_no)
    return _judged(session, deals, None)[0]


def claimable(session: Session, deal_no: str) -> list[StillOpen]:
    """Who could still claim a sale, what they would gain, and until when."""
    deals = _deals_of([deal_no])
    if not deals:
        raise refused("deal_no", "there is no sale %(deal_no)s", deal_no=deal_no)
    deal = deals[0]
    rules = rules_of(session, deal.night)
    claims = _claims([deal_no]).get(deal_no, ())
    known = _around([deal], rules, dict(staffers()))
    return still_open(deal, claims, known, rules, session.tonight())


def rules_of(session: Session, night: date) -> GuestRules:
    """The guest desk's rules in force on a night."""
    return session.book(night).guests or NO_RULES


def _deals_of(deal_nos: Iterable[str]) -> list[Deal]:
    numbers = list(deal_nos)
    own = [number.removeprefix(BOOKING) for number in numbers if number.startswith(BOOKING)]
    deals = [_deal(row) for row in in_parts(f"{DEALS} WHERE deal_no IN", numbers)]
    rows = list(in_parts(f"{BOOKINGS} WHERE status = 'left' AND booking_no IN", own))
    return deals + _of_bookings(rows)


def _deal(row: Any) -> Deal:
    deal_no, night, at, closer, guest_no, user_no, kind, buyers, visit_no, phone, *rest = row
    note_at, amount = rest
    return Deal(
        deal_no, night_of(night), at, closer, guest_no, user_no, kind, buyers, visit_no, phone,
        note_at, amount or 0,
    )  # fmt: skip


def _of_bookings(rows: Sequence[Any]) -> list[Deal]:
    """The sales that bookings are whose guests have left; closed by whoever booked, or received
    the guests."""
    visits = {row[8] for row in rows if row[3] is None and row[8]}
    receivers: dict[str, str] = {}
    if visits:
        sql = "SELECT visit_no, staff_no FROM turns WHERE staff_no IS NOT NULL AND visit_no IN"
        receivers = dict(in_parts(sql, visits))
        sql = (
            "SELECT visit_no, received_by FROM visits WHERE received_by IS NOT NULL AND visit_no IN"
        )
        receivers.update(in_parts(sql, visits))
    return [
        Deal(
            f"{BOOKING}{row[0]}", night_of(row[1]), None, row[3] or receivers.get(row[8]), row[6],
            visit_no=row[8], amount=row[9] or 0, booking_no=row[0],
        )
        for row in rows
    ]  # fmt: skip


def _judged(session: Session, deals: Sequence[Deal], rules: GuestRules | None) -> list[Sale]:
    staff: dict[str, Employee] = dict(staffers())
    by_rules: dict[int, tuple[GuestRules, list[Deal]]] = {}
    for deal in deals:
        these = rules if rules is not None else rules_of(session, deal.night)
        by_rules.setdefault(id(these), (these, []))[1].append(deal)
    numbers = [deal.deal_no for deal in deals]
    claims, decisions = _claims(numbers), _decisions(numbers)
    sales: list[Sale] = []
    for these, some in by_rules.values():
        known = _around(some, these, staff)
        if _asks_consultant(these):
            known = known._replace(served=_served(session, some, known, these, rules))
        for deal in some:
            said = tuple(claims.get(deal.deal_no, ()))
            decision = decisions.get(deal.deal_no)
            sales.append(Sale(deal, said, credit(deal, said, known, these, decision)))
    sales.sort(key=lambda each: each.deal.deal_no)
    return sales


def _around(deals: Sequence[Deal], rules: GuestRules, staff: dict[str, Employee]) -> Around:
    guests = {no for deal in deals for no in (deal.guest_no, deal.user_no) if no}
    visits = {deal.visit_no for deal in deals if deal.visit_no}
    known = around(guests, visits, rules, staff)
    own = [deal.booking_no for deal in deals if deal.booking_no]
    missing = set(own) - known.booking_by_no.keys()
    by_no = dict(known.booking_by_no)
    for row in in_parts(f"{BOOKINGS} WHERE booking_no IN", missing):
        by_no[row[0]] = read_booked(row)
    return known._replace(booking_by_no=by_no)


def _asks_consultant(rules: GuestRules) -> bool:
    return any("consultant" in rule.when for rule in rules.owners)


def _served(
    session: Session,
    deals: Sequence[Deal],
    known: Around,
    rules: GuestRules,
    given: GuestRules | None,
) -> dict[str, list[tuple[date, str]]]:
    """Who served clients after earlier sales, of those whose consultant nobody wrote down."""
    renewing = {
        known.client(deal.user_no or deal.guest_no): deal.night
        for deal in deals
        if deal.kind != "new"
    }
    written = {known.client(no) for no, guest in known.guests.items() if guest.consultant_no}
    open_ = {client for client in renewing if client is not None} - written
    numbers = [no for no in known.guests if known.client(no) in open_]
    if not numbers:
        return {}
    last = max(renewing.values())
    earlier = [
        _deal(row)
        for column in ("guest_no", "user_no")
        for row in in_parts(f"{DEALS} WHERE {column} IN", numbers)
    ]
    before = {deal.deal_no: deal for deal in earlier if deal.night < last and deal.kind == "new"}
    served: defaultdict[str, list[tuple[date, str]]] = defaultdict(list)
    for each in _judged(session, list(before.values()), given):
        client = known.client(each.deal.user_no or each.deal.guest_no)
        if client is not None and each.credit.serves is not None:
            served[client].append((each.deal.night, each.credit.serves))
    return served


def _claims(deal_nos: Iterable[str]) -> dict[str, list[Claim]]:
    found: defaultdict[str, list[Claim]] = defaultdict(list)
    sql = "SELECT deal_no, staff_no, found_on FROM claims"
    if execute("SELECT count(*) FROM claims").fetchone()[0] == 0:
        return found
    for deal_no, staff_no, found_on in in_parts(f"{sql} WHERE deal_no IN", deal_nos):
        found[deal_no].append(Claim(deal_no, staff_no, night_of(found_on)))
    return found


def _decisions(deal_nos: Iterable[str]) -> dict[str, CreditDecision]:
    found: dict[str, CreditDecision] = {}
    sql = "SELECT deal_no, shares, reason, decided_by, agreed_by FROM credit_decisions"
    if execute("SELECT count(*) FROM credit_decisions").fetchone()[0] == 0:
        return found
    for deal_no, shares, reason, decided_by, agreed_by in in_parts(
        f"{sql} WHERE deal_no IN", deal_nos
    ):
        found[deal_no] = CreditDecision(
            parse_shares(shares), reason, decided_by, people_of(agreed_by)
        )
    return found
