"""Outings: slips asked for and decided, who went out when, and what leaving without one costs."""

from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

from models.access.scope import require_theirs
from models.access.session import Session
from models.ledger.closings import require_open
from models.ledger.ledger import Difference, rejudge_staffer, staffer_night_reads
from models.ledger.post_absences import absence_reads, require_once
from models.operations import requests
from models.operations.requests import (
    REQUESTED,
    Decision,
    RequestKind,
    Step,
    found,
    found_read,
)
from models.rules import validation
from models.rules.charges import Status
from models.rules.judgement import Charge, NightFacts, Outing, judge
from models.rules.post_absences import away
from models.storage.database import Read, execute
from models.storage.database import ask as ask_ahead
from models.storage.employment import staffers
from models.storage.numbering import next_number, numbers_read
from models.storage.reference_data import people_of
from models.values.nights import Instant
from models.values.problems import refused

WITHOUT_SLIP = Decision("none")

REQUEST_KIND = RequestKind(
    table="outings",
    key="slip_no",
    night="night",
    columns=(
        "slip_no", "staff_no", "reason", "requested_at", "status", "decided_by", "decided_at",
        "decision_reason", "out_at", "back_at", "night",
    ),
    record="outing.record",
    decide="outing.decide",
    check=validation.outings,
)  # fmt: skip
_NUMBERS = (REQUEST_KIND.table, REQUEST_KIND.key, "S")

_WRITE = "UPDATE outings SET out_at = ?, back_at = ?, night = ? WHERE slip_no = ?"


class DecidedOuting(NamedTuple):
    """A slip before and after a change, and how the ledger changed."""

    slip_no: str
    staff_no: str
    before: Decision
    after: Decision
    changes: list[Difference]

    @property
    def was(self) -> str:
        return self.before.status

    @property
    def status(self) -> str:
        return self.after.status

    @property
    def changed(self) -> bool:
        return self.before != self.after


class Gone(NamedTuple):
    """When someone went out and came back, and the cents that it costs by now."""

    slip_no: str
    staff_no: str
    night: date
    out_at: Instant | None
    back_at: Instant | None
    fine: int
    changes: list[Difference]


def cost(
    session: Session, staff_no: str, slip_no: str | None = None, at: Instant | None = None
) -> int:
    """The cents that going out at `at` or now would cost, on that slip or without one. Raises
    Refused for an unknown staffer or slip."""
    at = session.now() if at is None else at
    staff = staffers(staff_no)
    if not staff:
        raise refused("staff_no", "there is no staffer %(staff_no)s", staff_no=staff_no)
    status, approved_at = "none", None
    if slip_no is not None:
        fact = found(REQUEST_KIND, slip_no)
        status = fact["status"]
        approved_at = fact["decided_at"] if status == "approved" else None
    night = session.calendar.night(at)
    outing = Outing(slip_no or "", staff_no, at, approved_at, status)
    facts = NightFacts(night, outings=(outing,))
    judged = judge(facts, staff, session.book(night), session.calendar, at)
    return sum(charge.amount for charge in judged.charges)


def ask(
    session: Session, staff_no: str, reason: str | None = None, requested_at: Instant | None = None
) -> str:
    """Writes a slip, asked for at `requested_at` or now, and gives its number. Raises Refused for
    someone unknown, not yet hired or gone, or a night of a closed month."""
    with session.change(_new_reads(session, staff_no, requested_at)):
        require_theirs(session, "outing.ask", staff_no)
        at = session.now() if requested_at is None else requested_at
        fact = _new(session, staff_no, reason, REQUESTED, requested_at=at)
        _record(session, "outings.asked", fact, None, {"requested_at": session.calendar.format(at)},
                reason)  # fmt: skip
        return str(fact["slip_no"])


def approve(
    session: Session, slip_no: str, by: str | None = None, reason: str | None = None
) -> DecidedOuting:
    """Approves a slip, in the name of `by` or of who signed in; after they went out it excuses
    nothing. Raises Refused for anyone but the direct supervisor or a director, and for a slip that
    was decided otherwise."""
    with requests.change(session, REQUEST_KIND, slip_no) as fact:
        step = requests.decide(session, REQUEST_KIND, fact, "approved", by, reason)
        return _done(session, step)


def reject(
    session: Session, slip_no: str, by: str | None = None, reason: str | None = None
) -> DecidedOuting:
    """Rejects a slip; otherwise as `approve`."""
    with requests.change(session, REQUEST_KIND, slip_no) as fact:
        step = requests.decide(session, REQUEST_KIND, fact, "rejected", by, reason)
        return _done(session, step)


def withdraw(session: Session, slip_no: str, reason: str | None = None) -> DecidedOuting:
    """Takes a slip back, asked for or approved."""
    with requests.change(session, REQUEST_KIND, slip_no) as fact:
        return _done(session, requests.withdraw(session, REQUEST_KIND, fact, reason))


def undecide(session: Session, slip_no: str) -> DecidedOuting:
    """Takes a decision or a withdrawal back: the slip waits for a decision again."""
    with requests.change(session, REQUEST_KIND, slip_no) as fact:
        return _done(session, requests.undecide(session, REQUEST_KIND, fact))


def undo(session: Session, decided: DecidedOuting) -> DecidedOuting:
    """Puts a slip back as it was before `decided`. Raises Refused where it was changed again
    meanwhile."""
    with requests.change(session, REQUEST_KIND, decided.slip_no) as fact:
        before, after = decided.before, decided.after
        return _done(session, requests.restore(session, REQUEST_KIND, fact, after, before))


def out(session: Session, slip_no: str, at: Instant | None = None) -> Gone:
    """Records that the slip's staffer went out at `at` or now, whatever became of the slip: one not
    approved by then is a fine. Raises Refused for someone who is out already."""
    with session.change([found_read(REQUEST_KIND, slip_no)]):
        fact = _theirs(session, slip_no)
        if fact["out_at"] is not None:
            raise _out_already(session, slip_no, fact["out_at"])
        at = session.now() if at is None else at
        return _go(session, "outings.out", fact, at, None)


def out_without_slip(
    session: Session, staff_no: str, reason: str | None = None, at: Instant | None = None
) -> Gone:
    """Records that someone went out, at `at` or now, without having asked. Raises Refused for
    someone who is out already."""
    with session.change(_new_reads(session, staff_no, at)):
        require_theirs(session, REQUEST_KIND.record, staff_no)
        at = session.now() if at is None else at
        fact = _new(session, staff_no, reason, WITHOUT_SLIP, out_at=at)
        _record(session, "outings.out", fact, None, _times(session, fact), reason)
        return _gone(session, fact)


def back(session: Session, slip_no: str, at: Instant | None = None) -> Gone:
    """Records that someone came back, at `at` or now. Raises Refused for someone who isn't out."""
    with session.change([found_read(REQUEST_KIND, slip_no)]):
        fact = _theirs(session, slip_no)
        if fact["back_at"] is not None:
            raise refused("back_at", "they were back at %(at)s already",
                          at=session.calendar.format(fact["back_at"]))  # fmt: skip
        at = session.now() if at is None else at
        return _go(session, "outings.back", fact, fact["out_at"], at)


def correct(session: Session, slip_no: str, out_at: Instant, back_at: Instant | None) -> Gone:
    """Puts right when someone went out and came back; a `back_at` of None is still out. Raises
    Refused for an outing on which nobody went, and for times that can't be: going back before
    coming out, ahead of the clock, or in a closed month."""
    with session.change([found_read(REQUEST_KIND, slip_no)]):
        fact = _theirs(session, slip_no)
        if fact["out_at"] is None:
            raise refused("out_at", "they did not go out on %(slip_no)s", slip_no=slip_no)
        return _go(session, "outings.corrected", fact, out_at, back_at)


def undo_out(session: Session, slip_no: str) -> Gone:
    """Takes back that someone went out; an outing without a slip is taken back altogether. Raises
    Refused once they are back: take that back first."""
    with session.change([found_read(REQUEST_KIND, slip_no)]):
        fact = _theirs(session, slip_no)
        if fact["out_at"] is None:
            raise refused("out_at", "they did not go out on %(slip_no)s", slip_no=slip_no)
        if fact["back_at"] is not None:
            raise refused("back_at", "they are back: take that back first")
        if fact["status"] != WITHOUT_SLIP.status:
            return _go(session, "outings.out_undone", fact, None, None)
        execute("DELETE FROM outings WHERE slip_no = ?", (slip_no,))
        _record(session, "outings.out_undone", fact, _times(session, fact), None)
        return _gone(session, {**fact, "out_at": None})


def undo_back(session: Session, slip_no: str) -> Gone:
    """Takes back that someone came back."""
    with session.change([found_read(REQUEST_KIND, slip_no)]):
        fact = _theirs(session, slip_no)
        if fact["back_at"] is None:
            raise refused("back_at", "they are not back from %(slip_no)s", slip_no=slip_no)
        return _go(session, "outings.back_undone", fact, fact["out_at"], None)


def _new(
    session: Session,
    staff_no: str,
    reason: str | None,
    decision: Decision,
    requested_at: Instant | None = None,
    out_at: Instant | None = None,
) -> dict[str, Any]:
    fact: dict[str, Any] = {
        "staff_no": staff_no,
        "reason": reason or None,
        "requested_at": requested_at,
        "out_at": out_at,
        "back_at": None,
        **decision._asdict(),
    }
    requests.check(session, REQUEST_KIND, fact, "reason")
    night = validation.outing_night(fact, session.calendar)
    assert night is not None
    require_open(night)
    requests.check_employed(session, staff_no, night)
    _require_once(session, "", fact)
    fact["night"] = night.isoformat()
    fact["slip_no"] = next_number(*_NUMBERS, night)
    requests.insert(REQUEST_KIND, fact)
    return fact


def _night_reads(session: Session, night: date, staff_no: str) -> Iterator[Read]:
    yield from staffer_night_reads(night, staff_no)
    yield from absence_reads(session, night, night, staff_no)


def _new_reads(session: Session, staff_no: str, at: Instant | None) -> Iterator[Read]:
    night = session.tonight() if at is None else session.calendar.night(at)
    yield numbers_read(*_NUMBERS, night)
    yield from _night_reads(session, night, staff_no)


def _theirs(session: Session, slip_no: str) -> dict[str, Any]:
    fact = found(REQUEST_KIND, slip_no)
    staff_no, night = fact["staff_no"], date.fromisoformat(fact["night"])
    named = (staff_no,) if fact["decided_by"] is None else (staff_no, fact["decided_by"])
    ask_ahead(chain([people_of(named)], _night_reads(session, night, staff_no)))
    require_theirs(session, REQUEST_KIND.record, fact["staff_no"])
    if fact["out_at"] is not None:
        require_open(night)
    return fact


def _require_once(session: Session, slip_no: str, fact: dict[str, Any]) -> None:
    if fact["out_at"] is not None:
        times = (fact["out_at"], fact["back_at"], session.calendar)
        require_once(session, away(slip_no, fact["staff_no"], *times))


def _out_already(session: Session, slip_no: str, since: Instant) -> Exception:
    return refused(
        "out_at",
        "they are out since %(since)s already, on %(slip_no)s",
        since=session.calendar.format(since),
        slip_no=slip_no,
    )


def _go(
    session: Session,
    action: str,
    fact: dict[str, Any],
    out_at: Instant | None,
    back_at: Instant | None,
) -> Gone:
    after = {**fact, "out_at": out_at, "back_at": back_at}
    requests.check(session, REQUEST_KIND, after)
    night = validation.outing_night(after, session.calendar)
    assert night is not None
    if out_at is not None:
        require_open(night)
    _require_once(session, fact["slip_no"], after)
    after["night"] = night.isoformat()
    execute(_WRITE, (out_at, back_at, after["night"], fact["slip_no"]))
    _record(session, action, after, _times(session, fact), _times(session, after))
    changes = []
    if after["night"] != fact["night"]:
        changes = rejudge_staffer(
            session, date.fromisoformat(fact["night"]), fact["staff_no"]
        ).changes
    gone = _gone(session, after)
    return gone._replace(changes=changes + gone.changes)


def _gone(session: Session, fact: dict[str, Any]) -> Gone:
    night = date.fromisoformat(fact["night"])
    judged = rejudge_staffer(session, night, fact["staff_no"])
    source = f"outing:{fact['slip_no']}"
    return Gone(
        fact["slip_no"],
        fact["staff_no"],
        night,
        fact["out_at"],
        fact["back_at"],
        sum(_standing(charge, source) for charge in judged.judgement.charges),
        judged.changes,
    )


def _standing(charge: Charge, source: str) -> int:
    return charge.amount if (charge.source, charge.status) == (source, Status.STANDING) else 0


def _done(session: Session, step: Step) -> DecidedOuting:
    fact = step.fact
    changes: list[Difference] = []
    if step.before != step.after:
        night = date.fromisoformat(fact["night"])
        changes = rejudge_staffer(session, night, fact["staff_no"]).changes
    return DecidedOuting(fact["slip_no"], fact["staff_no"], step.before, step.after, changes)


def _times(session: Session, fact: dict[str, Any]) -> dict[str, object]:
    columns = ("out_at", "back_at")
    return {
        column: session.calendar.format(fact[column])
        for column in columns
        if fact[column] is not None
    }


def _record(
    session: Session,
    action: str,
    fact: dict[str, Any],
    before: dict[str, object] | None,
    after: dict[str, object] | None,
    reason: str | None = None,
) -> None:
    number = {"slip_no": fact["slip_no"]}
    session.record(
        action,
        staff_no=fact["staff_no"],
        night=date.fromisoformat(fact["night"]),
        before=None if before is None else {**number, **before},
        after=None if after is None else {**number, **after},
        reason=reason,
    )
