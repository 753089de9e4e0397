"""Closing months: what is frozen, and what a later correction of it adjusts."""

import json
from dataclasses import dataclass
from datetime import date

from models import appeals, audit, payroll, separations
from models.authority import require
from models.closings import Closing, closings, first_closed, last_closed
from models.database import execute
from models.desk import Desk
from models.ledger import LAST_NIGHT, settle
from models.money import format_money
from models.nights import (
    FIRST_NIGHT,
    Month,
    first_night,
    last_night,
    month_of,
    next_month,
)
from models.problems import Refused, problem, refused
from models.statements import freeze, frozen


def first_open(desk: Desk) -> Month:
    """The month that is closed next: after the last closed one, else of the earliest fact, else
    that of tonight."""
    closed = last_closed()
    if closed is not None:
        return next_month(closed)
    return payroll.first_month() or month_of(desk.tonight())


def known(desk: Desk) -> list[Month]:
    """Every month of which there is something to say, up to tonight's or the latest fact's."""
    first = first_closed() or payroll.first_month()
    if first is None:
        return [month_of(desk.tonight())]
    latest = execute(
        "SELECT max(night) FROM (SELECT max(night) AS night FROM briefings"
        " UNION ALL SELECT max(night) FROM charges UNION ALL SELECT max(night) FROM bookings) n"
    ).fetchone()[0]
    last = max(month_of(desk.tonight()), (latest or "")[:7])
    months = [first]
    while months[-1] < last:
        months.append(next_month(months[-1]))
    return months


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What a month still lacks before it is closed. Only what `blocks` keeps it open."""

    kind: str
    """separation, open_night, out, appeal, over_a_fifth."""
    count: int
    blocks: bool
    staff_nos: tuple[str, ...] = ()


def unsettled(desk: Desk, month: Month) -> list[Unsettled]:
    """What a closing of the month should look at first. The ledger must be settled."""
    span = (first_night(month).isoformat(), last_night(month).isoformat())
    month_rows = payroll.deductions(desk, month).rows
    found = [
        Unsettled(kind, len(staff_nos), kind == "separation", tuple(staff_nos))
        for kind, staff_nos in (
            ("separation", [each.staff_no for each in separations.undecided(desk, month)]),
            ("open_night", _column("SELECT night FROM briefings WHERE closed_at IS NULL"
                                   " AND night BETWEEN ? AND ? ORDER BY night", span)),
            ("out", _column("SELECT staff_no FROM outings WHERE out_at IS NOT NULL AND"
                            " back_at IS NULL AND night BETWEEN ? AND ? ORDER BY slip_no", span)),
            ("appeal", [each.staff_no for each in appeals.open_appeals(desk, month)]),
            ("over_a_fifth", [r.staff_no for r in month_rows if r.over_a_fifth]),
        )
    ]  # fmt: skip
    return [each for each in found if each.count]


def close(desk: Desk, month: Month) -> tuple[Closing, bool]:
    """Freezes a month, and gives its closing and whether it was closed only now.

    Raises Refused where an earlier month is still open, where the month is not over, or where a
    separation that it proposes waits for a decision.
    """
    from models.backup import before_close

    require(desk, "month.close")
    settle(desk)
    if (already := _closing(month)) is not None:
        return already, False
    _require_closable(desk, month)
    before_close(desk)
    with desk.change():
        require(desk, "month.close")
        if (already := _closing(month)) is not None:
            return already, False
        _require_closable(desk, month)
        content = json.dumps(
            freeze(desk, month), ensure_ascii=False, separators=(",", ":"), sort_keys=True
        )
        digest = audit.digest(content)
        closing = Closing(month, desk.now(), digest, audit.head()[1])
        execute(
            "INSERT INTO closed_months (month, closed_at, digest, audit_head, content)"
            " VALUES (?, ?, ?, ?, ?)",
            (closing.month, closing.closed_at, closing.digest, closing.audit_head, content),
        )
        desk.record("month.closed", after={"month": month, "digest": digest})
    return closing, True


def _require_closable(desk: Desk, month: Month) -> None:
    due = first_open(desk)
    if month > due or (last_closed() is not None and month < due):
        raise refused("month", "months close in order: %(month)s comes first", month=due)
    end = desk.calendar.end(last_night(month))
    if desk.now() < end:
        raise refused(
            "month",
            "%(month)s is not over: its last night ends at %(end)s",
            month=month,
            end=desk.calendar.format(end),
        )
    waiting = separations.undecided(desk, month)
    if waiting:
        raise Refused(
            *(
                problem(
                    "separation",
                    "a separation waits for a decision: %(staff_no)s %(name)s, proposed for"
                    " %(night)s",
                    staff_no=each.staff_no,
                    name=each.name,
                    night=each.night,
                )
                for each in waiting
            )
        )


def tampered() -> list[Month]:
    """The closed months whose frozen content is not what its digest was taken of."""
    rows = execute("SELECT month, content, digest FROM closed_months ORDER BY month")
    return [month for month, content, digest in rows if audit.digest(content) != digest]


def correct(
    desk: Desk, reason: str | None, first: date = FIRST_NIGHT, last: date = LAST_NIGHT
) -> None:
    """Adjusts the first open month by what changed facts would have made of closed ones.

    To be called in the transaction that changed facts of nights from `first` to `last`, after
    judging them anew. Raises Refused where that changes a closed month and there is no reason.
    """
    problems = []
    due = first_open(desk)
    for closing in closings():
        month = closing.month
        if last_night(month) < first or first_night(month) > last:
            continue
        for staff_no, amount in owed(desk, month).items():
            if reason is None or not reason.strip():
                problems.append(
                    problem(
                        "reason",
                        "%(month)s is closed and this would change what %(staff_no)s pays for it"
                        " by %(amount)s: correct it with --reason",
                        month=month,
                        staff_no=staff_no,
                        amount=format_money(amount),
                    )
                )
                continue
            execute(
                "INSERT INTO adjustments (month, staff_no, corrects, amount, reason, made_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (due, staff_no, month, amount, reason, desk.now()),
            )
            desk.record(
                "month.corrected",
                staff_no=staff_no,
                after={"month": due, "corrects": month, "amount": amount},
                reason=reason,
            )
    if problems:
        raise Refused(*problems)


def owed(desk: Desk, month: Month) -> dict[str, int]:
    """By staff_no, the cents by which a closed month would now come out otherwise, less what was
    adjusted for that already."""
    kept = frozen(month)
    assert kept is not None
    due = {staff_no: -sum(sums) for staff_no, sums in kept["sums"].items()}
    for row in payroll.deductions(desk, month).rows:
        due[row.staff_no] = due.get(row.staff_no, 0) + row.deducted + row.carried_out
    for staff_no, amount in execute(
        "SELECT staff_no, sum(amount) FROM adjustments WHERE corrects = ? GROUP BY staff_no",
        (month,),
    ).fetchall():
        due[staff_no] = due.get(staff_no, 0) - int(amount)
    return {staff_no: amount for staff_no, amount in sorted(due.items()) if amount}


def _closing(month: Month) -> Closing | None:
    return next((each for each in closings() if each.month == month), None)


def _column(sql: str, values: tuple[str, ...]) -> list[str]:
    return [row[0] for row in execute(sql, values).fetchall()]
