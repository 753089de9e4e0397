"""How fines went: by rule in a month, and over the months before it. Closed months are counted as
they were frozen."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from models.access.scope import readable
from models.access.session import Session
from models.ledger.closings import closed_fines, first_closed, last_closed
from models.ledger.settling import settle
from models.storage.database import Read, execute
from models.values.nights import Month, first_night, last_night, next_month, previous_month

MONTHS = 12
_FIRST_MONTH = "0001-01"

_BY_RULE = (
    "SELECT rule, status, count(*), sum(amount) FROM charges"
    " WHERE night BETWEEN ? AND ? AND status <> 'reversed' GROUP BY rule, status"
)
_BY_MONTH = _BY_RULE.replace("SELECT", "SELECT substr(night, 1, 7),", 1).replace(
    "GROUP BY", "GROUP BY 1,"
)


class Fines(NamedTuple):
    """How many charges stand, what they come to in cents, and how many were waived."""

    standing: int
    amount: int
    waived: int


NO_FINES = Fines(0, 0, 0)


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
    counted = _counted(month, month).get(month, {})
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
    counted = _counted(names[-1], until)
    begun, closed = first_closed(), last_closed()
    found = []
    for name in reversed(names):
        sums = (sum(column) for column in zip(*counted.get(name, {}).values(), strict=True))
        fines = Fines(*sums) if name in counted else NO_FINES
        is_closed = begun is not None and closed is not None and begun <= name <= closed
        found.append(MonthFines(name, is_closed, fines))
    return found


def sums_read(first: date, last: date) -> Read:
    """What `of_nights` reads for whom one may read about everybody."""
    return _BY_RULE, (first.isoformat(), last.isoformat())


def of_nights(session: Session, first: date, last: date) -> Fines:
    """The fines of the nights from `first` to `last` together, of those whom one may read about.
    The ledger must be settled."""
    sql, values = sums_read(first, last)
    span = list(values)
    allowed = readable(session)
    if allowed is not None and not allowed:
        return NO_FINES
    if allowed is not None:
        marks = ", ".join("?" * len(allowed))
        sql = sql.replace("GROUP BY", f"AND staff_no IN ({marks}) GROUP BY")
        span += sorted(allowed)
    rows = execute(sql, span).fetchall()
    standing = [(count, int(cents)) for _rule, status, count, cents in rows if status == "standing"]
    return Fines(
        sum(count for count, _cents in standing),
        sum(cents for _count, cents in standing),
        sum(count for _rule, status, count, _cents in rows if status != "standing"),
    )


def _counted(first: Month, last: Month) -> dict[Month, dict[str, Fines]]:
    """The fines by month and rule code. What closed months come to was kept with them; what open
    ones do is read at one go. Before the first that was closed nothing can be recorded."""
    closed = last_closed()
    rows: list[tuple[Month, str, str, int, int]] = [*closed_fines(first, last)]
    opens = first if closed is None else max(first, next_month(closed))
    if opens <= last:
        span = (first_night(opens).isoformat(), last_night(last).isoformat())
        rows += execute(_BY_MONTH, span).fetchall()
    found: dict[Month, dict[str, Fines]] = {}
    for month, code, status, count, cents in rows:
        of_month = found.setdefault(month, {})
        standing, amount, waived = of_month.get(code, NO_FINES)
        if status == "standing":
            of_month[code] = Fines(standing + count, amount + int(cents), waived)
        else:
            of_month[code] = Fines(standing, amount, waived + count)
    return found
