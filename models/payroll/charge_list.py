"""The charges of a month one by one, of everybody or of one staffer: an open month's from the
ledger, a closed one's as they were frozen."""

import json
from datetime import date
from typing import NamedTuple

from models.access.scope import only_readable, require_readable
from models.access.session import Session
from models.ledger.closings import frozen
from models.ledger.settling import settle
from models.ledger.waivers import Waiver, waiver
from models.payroll import appeals, notices
from models.payroll.appeals import Appeal
from models.rules.charge_reasons import sentence
from models.rules.charges import ChargeKey
from models.rules.rulebook import Rule
from models.storage.database import execute
from models.values.nights import Instant, Month, first_night, last_night, month_of

_CHARGES = (
    "SELECT c.staff_no, s.name, c.night, c.rule, c.source, c.amount, c.status FROM charges c"
    " JOIN staff s ON s.staff_no = c.staff_no"
    " WHERE c.night BETWEEN ? AND ?"
)
_OF_ALL = " AND c.status <> 'reversed'"
_OF_ONE = " AND c.staff_no = ?"
_ORDER = " ORDER BY c.night, c.staff_no, c.rule, c.source"
_CONTESTED = (
    "SELECT staff_no, night, rule, source FROM appeals"
    " WHERE decision IS NULL AND night BETWEEN ? AND ?"
)
_ONE = (
    "SELECT amount, status, basis FROM charges"
    " WHERE staff_no = ? AND night = ? AND rule = ? AND source = ?"
)


class ListedCharge(NamedTuple):
    """A charge in a list, in cents. `contested`: an appeal on it waits for a decision."""

    staff_no: str
    name: str
    night: str
    rule: str
    source: str
    amount: int
    status: str
    contested: bool

    @property
    def key(self) -> ChargeKey:
        night = date.fromisoformat(self.night)
        return ChargeKey(self.staff_no, night, self.rule, self.source)


class ChargeDetail(NamedTuple):
    """What there is to say of one charge. `now` is (cents, status) as the facts give it, which in
    a closed month may be another than what was frozen."""

    rule: Rule | None
    reasons: dict[str, str]
    """The sentence that says from which facts it follows, by language."""
    now: tuple[int, str]
    waiver: Waiver | None
    appeals: list[Appeal]
    seen_at: Instant | None
    """When the staffer marked its notice as seen, if they did."""


def listing(session: Session, month: Month, staff_no: str | None = None) -> list[ListedCharge]:
    """The charges of the month by night: of one staffer those too that were reversed since, of
    everybody, and in a closed month, the standing and waived ones."""
    settle(session)
    span = (first_night(month).isoformat(), last_night(month).isoformat())
    contested = {tuple(row) for row in execute(_CONTESTED, span).fetchall()}
    kept = frozen(month)
    if kept is None:
        which, who = (_OF_ALL, ()) if staff_no is None else (_OF_ONE, (staff_no,))
        rows = execute(f"{_CHARGES}{which}{_ORDER}", (*span, *who)).fetchall()
        listed = [ListedCharge._make((*row, (row[0], *row[2:5]) in contested)) for row in rows]
        return only_readable(session, listed)
    found = [
        ListedCharge(
            *(each.staff_no, each.name, each.night, each.rule, each.source, each.amount),
            each.status,
            (each.staff_no, each.night, each.rule, each.source) in contested,
        )
        for each in kept.charges()
        if staff_no is None or each.staff_no == staff_no
    ]
    found.sort(key=lambda each: (each.night, each.staff_no, each.rule, each.source))
    return only_readable(session, found)


def detail(session: Session, charge: ListedCharge) -> ChargeDetail:
    """All that is known of a charge. Raises Refused where one may not read about the staffer."""
    require_readable(session, charge.staff_no)
    staff_no, night, rule, source = charge.key
    amount, status, basis = execute(
        _ONE, (staff_no, charge.night, charge.rule, charge.source)
    ).fetchone()
    facts = tuple(json.loads(basis))
    return ChargeDetail(
        session.book(night).rule(rule),
        {tag: sentence(facts, session.calendar.shown, tag) for tag in ("en", "zh-Hans", "zh-Hant")},
        (int(amount), str(status)),
        waiver(staff_no, night, rule, source),
        appeals.on_charge(staff_no, night, rule, source),
        notices.seen(staff_no, month_of(night)).get((charge.night, rule, source)),
    )
