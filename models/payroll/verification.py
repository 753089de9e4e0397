"""Proving that the money is right: the ledger against the judgement, the trail against itself."""

from dataclasses import dataclass
from datetime import date

from models.access.session import Session
from models.ledger.closings import Closing, closings, last_closed
from models.ledger.ledger import differences, everything
from models.ledger.settling import settle
from models.ledger.turns import judged_turns
from models.payroll import months
from models.rules.charges import Status
from models.storage import audit, proof_record, trail_proof, witness
from models.storage.database import database, execute, is_sqlite, snapshot
from models.storage.proof_record import Proved
from models.storage.trail_proof import Differing
from models.storage.trail_schema import COVERED
from models.values.money import format_money
from models.values.nights import Month, first_night, next_month
from models.values.problems import Problem, Refused, problem

MOST = 50
"""How many rows that are not what the trail says are named, before the rest are counted."""

_CENTS = frozenset({"amount", "monthly_wage", "minimum_spend"})


@dataclass(frozen=True, slots=True)
class Verification:
    """What was compared, and everything that does not hold."""

    nights: int
    charges: int
    audit_lines: int
    audit_head: str
    closed_months: int
    proved_before: Month | None
    """Up to which month everything is as this terminal proved it before."""
    turns: int
    turns_given_otherwise: int
    """Those that went to somebody whose turn it wasn't."""
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    """What holds, and yet should be looked at: a clock that ran backwards."""


def verify(session: Session, *, anew: bool = False) -> Verification:
    """Judges every night again and compares; follows the audit trail's chain, and replays it to see
    whether every row is what its lines say; takes the digests of closed months and works out anew
    what corrections of them come to.

    Closed months that this terminal proved before are not proved again as long as they and the
    lines that told of them have the digest that it kept; `anew` does so all the same.
    """
    unsettled: Exception | None = None
    try:
        settle(session)
    except Refused:
        raise
    except Exception as error:  # nights can't be judged; why, the trail may show
        unsettled = error
    with snapshot():
        known = None if anew or unsettled is not None else proof_record.known()
        found = _look(session, known, unsettled)
        if known is not None and found.problems:
            # What was kept only ever spares work: what is wrong is found by the whole.
            known, found = None, _look(session, None, unsettled)
        closed = last_closed() if not found.problems else None
        if closed is not None and (known is None or known.through < closed):
            proof_record.keep(closed)
    return found


def _look(session: Session, known: Proved | None, unsettled: Exception | None) -> Verification:
    problems = trail_proof.foreign_parts()
    try:
        if not problems:
            problems += _trail(known)
            problems += _facts(session, known)
            problems += _file()
        if unsettled is not None:
            raise unsettled
        problems += _ledger(session, known)
        problems += _closed(session, known)
        lines, head = audit.head()
        turns = judged_turns(session, *everything())
        return Verification(
            nights=_count("SELECT count(*) FROM briefings"),
            charges=_count("SELECT count(*) FROM charges WHERE status <> 'reversed'"),
            audit_lines=lines,
            audit_head=head,
            closed_months=_count("SELECT count(*) FROM closed_months"),
            proved_before=known.through if known is not None else None,
            turns=len(turns),
            turns_given_otherwise=sum(not each.is_right for each in turns),
            problems=tuple(problems),
            warnings=tuple(_clocks(session)),
        )
    except trail_proof.Reached:
        return _look(session, None, unsettled)
    except Exception:
        if not problems:
            raise
        # What follows trusts what it reads, and something here was found to be otherwise.
        return Verification(0, 0, 0, "", 0, None, 0, 0, tuple(problems), ())


def _ledger(session: Session, known: Proved | None) -> list[Problem]:
    first, last = everything()
    sql = "SELECT DISTINCT night FROM charges"
    if known is not None:
        first = first_night(next_month(known.through))
        sql += f" WHERE night >= '{first}'"
    nights = [night for (night,) in execute(sql).fetchall()]
    if odd := [night for night in nights if not _is_night(night)]:
        return [
            problem("ledger", "the ledger has charges of %(night)s, which is no night", night=each)
            for each in odd[:MOST]
        ]
    return [
        problem(
            "ledger",
            "%(night)s %(staff_no)s %(rule)s %(source)s: the ledger has %(was)s, the facts give"
            " %(now)s",
            **each.key._asdict(),
            was=_said(each.was),
            now=_said(None if each.now[1] == Status.REVERSED else each.now),
        )
        for each in differences(session, first, last)
    ]


def _is_night(text: object) -> bool:
    try:
        return date.fromisoformat(str(text)).isoformat() == text
    except ValueError:
        return False


def _said(held: tuple[int, str, str] | None) -> str:
    if held is None:
        return "-"
    amount = format_money(held[0]) if isinstance(held[0], int) else held[0]
    return f"{amount} {held[1]} {held[2]}"


def _trail(known: Proved | None) -> list[Problem]:
    found = []
    after = (known.seq, known.hash) if known is not None else (0, audit.GENESIS)
    if (broken := audit.broken_link(after=after)) is not None:
        found.append(problem("audit", "the audit trail is broken at line %(line)s", line=broken))
    # A chain doesn't show what was cut off its end; the heads that were seen or kept do.
    if (lost := witness.look()) is not None:
        found.append(lost)
    closed = _unproved(known)
    hashes = {hash for (hash,) in execute("SELECT hash FROM audit")} if closed else frozenset()
    found += [
        problem(
            "audit",
            "the audit trail lacks the line that was its last when %(month)s was closed",
            month=closing.month,
        )
        for closing in closed
        if closing.audit_head not in hashes
    ]
    if broken is None:  # else what a line carries may be anything
        found += [
            problem(
                "audit", "line %(line)s of the audit trail isn't found by all it is about", line=seq
            )
            for seq in trail_proof.misfiled_lines(database.obj, after[0])
        ]
    return found


def _clocks(session: Session) -> list[Problem]:
    said = session.calendar.format
    return [
        problem(
            "audit",
            "line %(line)s of the audit trail was written at %(at)s, when it had been %(before)s"
            " already: a clock was wrong",
            line=seq,
            at=said(at),
            before=said(before),
        )
        for seq, at, before in trail_proof.backward_steps(database.obj)
    ]


def _facts(session: Session, known: Proved | None) -> list[Problem]:
    found = list(trail_proof.differing(database.obj, known).items())
    problems = [
        _differs(session, table, key, differing) for (table, key), differing in found[:MOST]
    ]
    if len(found) > MOST:
        problems.append(
            problem(
                "audit",
                "%(count)s more rows are not what the audit trail says",
                count=len(found) - MOST,
            )
        )
    return problems


def _differs(session: Session, table: str, key: trail_proof.Key, differing: Differing) -> Problem:
    named = " ".join(map(str, key))
    if differing.held is None:
        return problem(
            "audit",
            "%(table)s %(key)s is gone, and no line of the audit trail says so",
            table=table,
            key=named,
        )
    if differing.told is None:
        return problem(
            "audit",
            "%(table)s %(key)s is on no line of the audit trail",
            table=table,
            key=named,
        )
    held, told = differing.held, differing.told
    changed = [column for column in held if held[column] != told[column]]
    return problem(
        "audit",
        "%(table)s %(key)s: the database holds %(held)s, the audit trail says %(told)s",
        table=table,
        key=named,
        held=", ".join(_value(session, column, held[column]) for column in changed),
        told=", ".join(_value(session, column, told[column]) for column in changed),
    )


def _value(session: Session, column: str, value: object) -> str:
    if column in COVERED:
        return f"{column} #{str(value)[:8]}"
    if isinstance(value, int) and column in _CENTS:
        return f"{column} {format_money(value)}"
    if isinstance(value, int) and column.endswith("_at"):
        return f"{column} {session.calendar.format(value)}"
    text = "-" if value is None else str(value)
    return f"{column} {text if len(text) <= 60 else f'{text[:60]}…'}"


def _closed(session: Session, known: Proved | None) -> list[Problem]:
    found = [
        problem("month", "%(month)s: what was frozen is not what its digest says", month=month)
        for month in months.tampered(known.through if known is not None else "")
    ]
    found += [
        problem(
            "month",
            "%(month)s: its facts were changed without an adjustment of %(amount)s for"
            " %(staff_no)s",
            month=closing.month,
            amount=format_money(amount),
            staff_no=staff_no,
        )
        for closing in _unproved(known)
        for staff_no, amount in months.owed(session, closing.month).items()
    ]
    return found


def _unproved(known: Proved | None) -> list[Closing]:
    """The closed months that weren't proved before."""
    return closings() if known is None else closings(next_month(known.through))


def _file() -> list[Problem]:
    if not is_sqlite():
        return []
    answers = [row[0] for row in execute("PRAGMA integrity_check").fetchall()]
    orphans = execute("PRAGMA foreign_key_check").fetchall()
    found = [problem("database", "%(answer)s", answer=each) for each in answers if each != "ok"]
    found += [
        problem("database", "a row of %(table)s refers to nothing", table=each[0])
        for each in orphans
    ]
    return found


def _count(sql: str) -> int:
    return int(execute(sql).fetchone()[0])
