"""How fines went: by rule in a month, and over the months before it. Closed months are counted as
they were frozen."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from models.access.scope import readable
from models.access.session import Session
from models.ledger.closings import frozen
from models.ledger.ledger import settle
from models.storage.database import execute
from models.values.nights import Month, first_night, last_night, previous_month

MONTHS = 12
_FIRST_MONTH = "0001-01"

_BY_RULE = (
    "SELECT rule, status, count(*), sum(amount) FROM charges"
    " WHERE night BETWEEN ? AND ? AND status <> 'reversed' GROUP BY rule, status"
)


class Fines(NamedTuple):
    """How many charges stand, what they come to in cents, and how many were waived."""

    standing: int
    amount: int
    waived: int


class RuleFines(NamedTuple):
    """The charges of one rule in a month. `titles` are by language; empty for a code that no
    rulebook of the month knows."""

    code: str
    clause: str
    titles: Mapping[str, str]
    fines: Fines


class MonthFines(NamedTuple):
    month: Month
    closed: bool
    fines: Fines


def by_rule(session: Session, month: Month) -> list[RuleFines]:
    """The month's fines by rule, in the order of its rulebook; a rule without any is left out."""
    settle(session)
    if readable(session) is not None:
        return []  # they are sums over everybody
    books = session.versions.between(first_night(month), last_night(month))
    rules = {rule.code: rule for book in books for rule in book.rules}
    order = {rule.code: at for at, rule in enumerate(books[-1].rules)}
    counted, _closed = _counted(month)
    found = [
        RuleFines(code, rules[code].clause, rules[code].titles, fines)
        if code in rules
        else RuleFines(code, "", {}, fines)
        for code, fines in counted.items()
    ]
    return sorted(found, key=lambda each: (order.get(each.code, len(order)), each.code))


def months(session: Session, until: Month, number: int = MONTHS) -> list[MonthFines]:
    """The fines of `until` and of the months before it, oldest first, `number` in all."""
    settle(session)
    if readable(session) is not None:
        return []
    names = [until]
    while len(names) < number and names[-1] > _FIRST_MONTH:
        names.append(previous_month(names[-1]))
    found = []
    for name in reversed(names):
        counted, closed = _counted(name)
        sums = (sum(column) for column in zip(*counted.values(), strict=True))
        found.append(MonthFines(name, closed, Fines(*sums) if counted else Fines(0, 0, 0)))
    return found


def of_nights(first: date, last: date) -> Fines:
    """The fines of the nights from `first` to `last` together. The ledger must be settled."""
    rows = execute(_BY_RULE, (first.isoformat(), last.isoformat())).fetchall()
    standing = [(count, int(cents)) for _rule, status, count, cents in rows if status == "standing"]
    return Fines(
        sum(count for count, _cents in standing),
        sum(cents for _count, cents in standing),
        sum(count for _rule, status, count, _cents in rows if status != "standing"),
    )


def _counted(month: Month) -> tuple[dict[str, Fines], bool]:
    """The month's fines by rule code, and whether it is closed."""
    kept = frozen(month)
    rows: Iterable[tuple[str, str, int, int]]
    if kept is None:
        span = (first_night(month).isoformat(), last_night(month).isoformat())
        rows = execute(_BY_RULE, span).fetchall()
    else:
        rows = [(each.rule, each.status, 1, each.amount) for each in kept.charges()]
    found: dict[str, Fines] = {}
    for code, status, count, cents in rows:
        standing, amount, waived = found.get(code, Fines(0, 0, 0))
        if status == "standing":
            found[code] = Fines(standing + count, amount + int(cents), waived)
        else:
            found[code] = Fines(standing, amount, waived + count)
    return found, kept is not None
