"""Closing months: what is frozen, and what a later correction of it adjusts."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from models.access.permissions import require
from models.access.session import Session
from models.ledger import closings, separations
from models.ledger.closings import (
    Closing,
    FrozenMonth,
    closing_of,
    first_closed,
    frozen_sums,
    last_closed,
)
from models.ledger.deduction import Deduction
from models.ledger.settling import settle
from models.ledger.unended_rolls import unended
from models.payroll import deductions
from models.storage import audit
from models.storage.database import execute
from models.values.money import format_money
from models.values.nights import (
    FIRST_NIGHT,
    LAST_NIGHT,
    Month,
    first_night,
    last_night,
    month_of,
    months_between,
    next_month,
    previous_month,
)
from models.values.problems import Code, Refused, problem, refused


def first_open(session: Session) -> Month:
    """The month that is closed next: after the last closed one, else of the earliest fact, else
    that of tonight."""
    closed = last_closed()
    if closed is not None:
        return next_month(closed)
    return deductions.first_month() or month_of(session.tonight())


def known(session: Session) -> list[Month]:
    """Every month of which there is something to say: up to tonight's, and of later ones those of
    which something is recorded."""
    tonight = session.tonight()
    first = first_closed() or deductions.first_month()
    if first is None:
        return [month_of(tonight)]
    later = {
        night[:7]
        for table in ("briefings", "charges", "bookings", "visits", "deals", "complaints")
        for (night,) in execute(
            f"SELECT DISTINCT night FROM {table} WHERE night > ?",
            (last_night(month_of(tonight)).isoformat(),),
        )
    }
    return months_between(first, max(first, month_of(tonight))) + sorted(later - {first})


def unended_of(session: Session, month: Month) -> list[date]:
    """The month's nights that are over and whose roll nobody ended."""
    return unended(session, first_night(month), last_night(month))


class ClosingPlan(NamedTuple):
    """What closing a month does: the months of which nothing is recorded that are closed `along`
    with it, how many staffers it has, the cents that are deducted from them, and the month whose
    adjustments later corrections become. `first`: nothing was closed before, so that nights before
    it can't be recorded any more either."""

    month: Month
    along: tuple[Month, ...]
    staffers: int
    deducted: int
    corrected_in: Month
    first: bool


def plan(session: Session, month: Month, rows: Sequence[Deduction]) -> ClosingPlan:
    """What closing the month now would do, its deductions being `rows`. The ledger must be settled.
    Raises Refused where it can't be closed."""
    along = _require_closable(session, month)
    deducted = sum(row.deducted for row in rows)
    first = last_closed() is None
    return ClosingPlan(month, along, len(rows), deducted, next_month(month), first)


def prepare(session: Session) -> None:
    """Makes the backup of a closing ahead, while somebody reads the plan, so that `close` has none
    to wait for. To be called in a thread of its own; where it fails, `close` tries again."""
    from models.backup.backup import prepare_close

    with suppress(Refused), session.reading():
        prepare_close(session)


def close(session: Session, month: Month) -> tuple[Closing, bool]:
    """Freezes a month, with the months before it of which nothing is recorded, and gives its
    closing and whether it was closed only now.

    Raises Refused where an earlier month is still open, where the month is not over or nothing of
    it is recorded yet, or where a roll that nobody ended or a separation that it proposes waits for
    a decision.
    """
    from models.backup.backup import before_close

    require(session, "month.close")
    settle(session)
    if (already := closing_of(month)) is not None:
        return already, False
    _require_closable(session, month)
    before_close(session)
    with session.change():
        require(session, "month.close")
        if (already := closing_of(month)) is not None:
            return already, False
        for each in (*_require_closable(session, month), month):
            closing = _freeze(session, each)
    return closing, True


def _freeze(session: Session, month: Month) -> Closing:
    from models.payroll.exports import freeze  # which nothing but a closing waits for

    content = closings.as_content(freeze(session, month))
    digest = audit.digest(content)
    closing = Closing(month, session.now(), digest, audit.head()[1])
    closings.keep(closing, content)
    session.record("month.closed", after={"month": month, "digest": digest})
    return closing


def _recorded_from(night: date) -> Month | None:
    """The month of the first night, from this one on, of which anything is recorded."""
    found = [
        execute(f"SELECT min(night) FROM {table} WHERE night >= ?", (night.isoformat(),)).fetchone()
        for table in deductions.FACTS
    ]
    leave = "SELECT min(first_night) FROM leave WHERE last_night >= ?"
    [begins] = execute(leave, (night.isoformat(),)).fetchone()
    nights = [each for (each,) in found if each is not None]
    if begins is not None:
        nights.append(max(begins, night.isoformat()))
    return month_of(date.fromisoformat(min(nights))) if nights else None


def _due(session: Session) -> Month | None:
    """The month that must be closed next: the first open one of which anything is recorded, or in
    which anything is due; None where there is none."""
    closed = last_closed()
    if closed is None:
        return deductions.first_month()
    following = next_month(closed)
    adjusted = [
        execute(f"SELECT 1 FROM {table} WHERE month = ?", (following,)).fetchone()
        for table in ("adjustments", "sale_adjustments")
    ]
    if any(adjusted) or deductions.carried_into(session, following):
        return following
    return _recorded_from(first_night(following))


def _require_closable(session: Session, month: Month) -> tuple[Month, ...]:
    """The months of which nothing is recorded that are closed along with it. Raises Refused."""
    closed, due = last_closed(), _due(session)
    if closed is not None and month <= closed:
        raise refused("month", "months close in order: %(month)s was closed already", month=closed)
    beginning = deductions.first_month()
    if beginning is None or month < beginning:
        recorded = _recorded_from(first_night(month))
        if closed is None and recorded != month:
            raise refused("month", "nothing of %(month)s is recorded", month=month)
    if due is not None and month > due:
        raise refused("month", "months close in order: %(month)s comes first", month=due)
    end = session.calendar.end(last_night(month))
    if session.now() < end:
        raise refused(
            "month",
            "%(month)s is not over: its last night ends at %(end)s",
            month=month,
            end=session.calendar.format(end),
        )
    waiting = [
        problem(
            "night",
            "the roll of %(night)s was opened and not ended: close its briefing, or say that none"
            " was held",
            night=night,
        )
        for night in unended_of(session, month)
    ]
    waiting += [
        problem(
            "separation",
            "a separation waits for a decision: %(staff_no)s %(name)s, proposed for %(night)s",
            staff_no=each.staff_no,
            name=each.name,
            night=each.night,
        )
        for each in separations.undecided(session, month)
    ]
    if waiting:
        raise Refused(*waiting)
    if closed is None:
        return ()
    return tuple(months_between(next_month(closed), previous_month(month)))


def tampered(after: Month = "") -> list[Month]:
    """The closed months after that one whose frozen content is not what its digest was taken of, or
    of whose fines something else was kept."""
    sql = "SELECT month, content, digest FROM closed_months WHERE month > ? ORDER BY month"
    rows = execute(sql, (after,))
    return [
        month
        for month, content, digest in rows
        if audit.digest(content) != digest
        or closings.fines_of(month, FrozenMonth(content)) != closings.closed_fines(month, month)
    ]


def correct(
    session: Session, reason: str | None, first: date = FIRST_NIGHT, last: date = LAST_NIGHT
) -> None:
    """Adjusts the first open month by what changed facts would have made of closed ones.

    To be called in the transaction that changed facts of nights from `first` to `last`, after
    judging them anew. Raises Refused where that changes a closed month and there is no reason.
    """
    problems = []
    due = first_open(session)
    for closing in closings.closings(month_of(first), month_of(last)):
        month = closing.month
        for staff_no, amount in owed(session, month).items():
            if reason is None or not reason.strip():
                problems.append(
                    problem(
                        "reason",
                        "%(month)s is closed and this would change what %(staff_no)s pays for it"
                        " by %(amount)s: correct it with %(option)s",
                        option="--reason",
                        month=month,
                        staff_no=staff_no,
                        amount=format_money(amount),
                    ).coded(Code.REASON_NEEDED)
                )
                continue
            execute(
                "INSERT INTO adjustments (month, staff_no, corrects, amount, reason, made_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (due, staff_no, month, amount, reason, session.now()),
            )
            session.record(
                "month.corrected",
                staff_no=staff_no,
                after={"month": due, "corrects": month, "amount": amount},
                reason=reason,
            )
    if problems:
        raise Refused(*problems)


def owed(session: Session, month: Month) -> dict[str, int]:
    """By staff_no, the cents by which a closed month would now come out otherwise, less what was
    adjusted for that already."""
    kept = frozen_sums(month)
    assert kept is not None
    due = {staff_no: -sum(sums) for staff_no, sums in kept.items()}
    for row in deductions.deductions(session, month).rows:
        due[row.staff_no] = due.get(row.staff_no, 0) + row.deducted + row.carried_out
    for staff_no, amount in execute(
        "SELECT staff_no, sum(amount) FROM adjustments WHERE corrects = ? GROUP BY staff_no",
        (month,),
    ).fetchall():
        due[staff_no] = due.get(staff_no, 0) - int(amount)
    return {staff_no: amount for staff_no, amount in sorted(due.items()) if amount}
