"""What leave and outing slips have in common: asked for, decided by a superior, taken back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

from models.access.permissions import require, require_superior
from models.access.scope import require_theirs
from models.access.session import Session
from models.ledger.closings import require_open
from models.ledger.ledger import staffer_night_reads
from models.rules.validation import Fact, ReferenceData, departed
from models.storage.database import Read, ask, execute
from models.storage.employment import postings_reads
from models.storage.reference_data import people, people_of
from models.values.nights import Instant
from models.values.problems import Problem, Refused, refused
from models.values.text import note_problem


class RequestKind(NamedTuple):
    """A kind of request: its table and columns, the number it is called by, the night it is filed
    under, the actions of recording and of deciding it, and what makes it unlawful."""

    table: str
    key: str
    night: str
    columns: tuple[str, ...]
    record: str
    decide: str
    check: Callable[[Fact, ReferenceData], Iterator[Problem]]


class Decision(NamedTuple):
    """What became of a request, by whom, when and why."""

    status: str
    decided_by: str | None = None
    decided_at: Instant | None = None
    decision_reason: str | None = None


REQUESTED = Decision("requested")


class Step(NamedTuple):
    """A request and its decision before and after a change."""

    fact: Fact
    before: Decision
    after: Decision


def check(
    session: Session, request_kind: RequestKind, fact: Fact, *notes: str, recorded: bool = False
) -> None:
    """Raises Refused with everything that makes the request unlawful; `notes` are the columns that
    hold free text. What was `recorded` already is not held against this terminal's clock."""
    named = [number for number in (fact["staff_no"], fact["decided_by"]) if number is not None]
    now = None if recorded else session.now()
    reference = ReferenceData(people(*named), {}, session.calendar, session.versions, now)
    problems = list(request_kind.check(fact, reference))
    problems += [
        problem
        for column in notes
        if (problem := note_problem(fact[column] or "", column)) is not None
    ]
    if problems:
        raise Refused(*problems)


def check_employed(session: Session, staff_no: str, night: date) -> None:
    """Raises Refused for nobody on the roster, and for someone who has left by that night."""
    known = people(staff_no)
    if not known:
        raise refused("staff_no", "there is no staffer %(staff_no)s", staff_no=staff_no or "-")
    reference = ReferenceData(known, {}, session.calendar, session.versions, session.now())
    problems = list(departed({"staff_no": staff_no, "night": night}, reference))
    if problems:
        raise Refused(*problems)


def insert(request_kind: RequestKind, fact: Fact) -> None:
    """Writes a new request."""
    columns = tuple(column for column in fact)
    values = (v.isoformat() if isinstance(v, date) else v for v in fact.values())
    execute(
        f"INSERT INTO {request_kind.table} ({', '.join(columns)})"
        f" VALUES ({', '.join('?' * len(columns))})",
        tuple(values),
    )


def found_read(request_kind: RequestKind, number: str) -> Read:
    """What `found` reads."""
    columns = ", ".join(request_kind.columns)
    return (
        f"SELECT {columns} FROM {request_kind.table} WHERE {request_kind.key} = ?",
        (number,),
    )


def found(request_kind: RequestKind, number: str) -> dict[str, Any]:
    """The request of that number, by column. Raises Refused where there is none."""
    row = execute(*found_read(request_kind, number)).fetchone()
    if row is None:
        raise refused(request_kind.key, "there is no %(number)s", number=number)
    return dict(zip(request_kind.columns, row, strict=True))


@contextmanager
def change(session: Session, request_kind: RequestKind, number: str) -> Iterator[Fact]:
    """The transaction of a change to a request, which gives the request as it is. Raises Refused
    where there is none of that number, or its month is closed."""
    with session.change([found_read(request_kind, number)]):
        fact = found(request_kind, number)
        require_open(date.fromisoformat(fact[request_kind.night]))
        yield fact


def decide(
    session: Session,
    request_kind: RequestKind,
    fact: Fact,
    status: str,
    by: str | None,
    reason: str | None,
) -> Step:
    """Approves or rejects a request, inside its change; what is so already stays as it is.

    Raises Refused for anyone but the direct supervisor or a director, for one's own request, and
    for one that was decided otherwise.
    """
    require(session, request_kind.decide)
    _ask_about(session, request_kind, fact, by)
    decider = require_superior(session, by, fact["staff_no"])
    before = _decision(fact)
    if before.status == status:
        return Step(fact, before, before)
    if before.status != REQUESTED.status:
        raise _settled(fact[request_kind.key], before)
    return _write(
        session,
        request_kind,
        fact,
        Decision(status, decider, _not_before(fact, session.now()), reason or None),
        status,
    )


def _ask_about(
    session: Session, request_kind: RequestKind, fact: Fact, by: str | None = None
) -> None:
    """Asks for what deciding on a request reads, now that it is known whose it is."""
    staff_no, night = fact["staff_no"], date.fromisoformat(fact[request_kind.night])
    decider = by if session.actor is None else session.actor.staff_no
    named = (staff_no,) if decider is None else (staff_no, decider)
    postings = postings_reads(*reversed(named))
    ask(chain(postings, [people_of(named)], staffer_night_reads(night, staff_no)))


def _not_before(fact: Fact, now: Instant) -> Instant:
    """Now, or when it was asked for where the clock of the terminal that asked is ahead."""
    asked_at: Instant | None = fact.get("filed_at") or fact.get("requested_at")
    return now if asked_at is None else max(now, asked_at)


def withdraw(session: Session, request_kind: RequestKind, fact: Fact, reason: str | None) -> Step:
    """Takes a request back that was not rejected, inside its change."""
    _ask_about(session, request_kind, fact)
    require_theirs(session, request_kind.record, fact["staff_no"])
    before = _decision(fact)
    if before.status == "withdrawn":
        return Step(fact, before, before)
    if before.status not in ("requested", "approved"):
        raise _settled(fact[request_kind.key], before)
    after = Decision("withdrawn", decision_reason=reason or None)
    return _write(session, request_kind, fact, after, "withdrawn")


def undecide(session: Session, request_kind: RequestKind, fact: Fact) -> Step:
    """Takes a decision or a withdrawal back, inside its change: the request waits again."""
    _ask_about(session, request_kind, fact)
    before = _decision(fact)
    _require_decider(session, request_kind, fact, before, REQUESTED)
    if before.status == REQUESTED.status:
        return Step(fact, before, before)
    if before.status == "none":
        raise _settled(fact[request_kind.key], before)
    return _write(session, request_kind, fact, REQUESTED, "undecided")


def restore(
    session: Session, request_kind: RequestKind, fact: Fact, expected: Decision, before: Decision
) -> Step:
    """Puts back the decision there was before it became `expected`, inside its change. Raises
    Refused where it was changed again meanwhile."""
    _ask_about(session, request_kind, fact)
    now = _decision(fact)
    _require_decider(session, request_kind, fact, now, before)
    if now != expected:
        raise refused("status", "%(number)s was changed meanwhile at another terminal",
                      number=fact[request_kind.key])  # fmt: skip
    return _write(session, request_kind, fact, before, "undone")


def _require_decider(
    session: Session, request_kind: RequestKind, fact: Fact, *decisions: Decision
) -> None:
    """A decision is taken back, or put back, by who may decide; a withdrawal by who records."""
    if not any(decision.decided_by for decision in decisions):
        require_theirs(session, request_kind.record, fact["staff_no"])
        return
    require(session, request_kind.decide)
    if session.actor is not None:
        require_superior(session, None, fact["staff_no"])


def _settled(number: str, decision: Decision) -> Refused:
    if decision.status == "none":
        return refused("status", "%(number)s was never asked for: there was no slip", number=number)
    return refused(
        "status",
        "%(number)s is %(status)s already: take that back first",
        number=number,
        status=decision.status,
    )


def _decision(fact: Fact) -> Decision:
    return Decision(*(fact[column] for column in Decision._fields))


def _write(
    session: Session, request_kind: RequestKind, fact: Fact, after: Decision, action: str
) -> Step:
    before = _decision(fact)
    decided = {**fact, **after._asdict()}
    check(session, request_kind, decided, "decision_reason", recorded=True)
    execute(
        f"UPDATE {request_kind.table} SET"
        f" {', '.join(f'{column} = ?' for column in Decision._fields)}"
        f" WHERE {request_kind.key} = ?",
        (*after, fact[request_kind.key]),
    )
    session.record(
        f"{request_kind.table}.{action}",
        staff_no=fact["staff_no"],
        night=date.fromisoformat(fact[request_kind.night]),
        before={request_kind.key: fact[request_kind.key], **_told(session, before)},
        after={request_kind.key: fact[request_kind.key], **_told(session, after)},
        reason=after.decision_reason,
    )
    return Step(decided, before, after)


def _told(session: Session, decision: Decision) -> dict[str, object]:
    status, by, at, _ = decision
    if by is None or at is None:
        return {"status": status}
    return {"status": status, "decided_by": by, "decided_at": session.calendar.format(at)}
