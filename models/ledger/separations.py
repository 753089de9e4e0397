"""Separations: the program proposes that a staffer is deemed resigned or dismissed, and a person
decides (clause 4: three absences are a resignation; clauses 10 and 11: dismissed without pay)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain
from typing import NamedTuple

from models.access.permissions import require, require_not_own, require_other
from models.access.scope import only_readable
from models.access.session import Session
from models.ledger.closings import require_open
from models.ledger.ledger import rejudge
from models.ledger.resignations import deemed_resigned_in
from models.rules.employment import Spell, spell_of
from models.rules.rulebook import Rulebook, RuleKind
from models.rules.validation import overlap, overlap_problem
from models.storage import late_tables as tables
from models.storage.database import execute
from models.storage.employment import staffers
from models.storage.reference_data import people
from models.values.nights import (
    LAST_NIGHT,
    Month,
    first_night,
    last_night,
    month_of,
    months_between,
)
from models.values.problems import Refused, refused

ABSENCES, DISMISSAL = "absences", "dismissal"
CONFIRMED, KEPT = "confirmed", "kept"

_DECISIONS = "SELECT staff_no, cause, span, decision FROM separation_decisions"
_TOGETHER = 200
"""So many decisions are asked for at a time."""


class Proposal(NamedTuple):
    """That a staffer be separated as of `night`. `span` tells one proposal from the next: the
    month, the row's first night or `ever` in which absences were counted, or the charge's source.
    """

    staff_no: str
    name: str
    cause: str
    span: str
    night: date
    decision: str | None
    """`confirmed`, `kept`, or None while nobody has decided."""


def _dismissed(session: Session, months: Sequence[Month]) -> dict[str, list[tuple[date, str]]]:
    """By staff_no, the (night, source) of the standing dismissals of some months in a row."""
    first, last = first_night(months[0]), last_night(months[-1])
    codes = _codes(session.versions.between(first, last), RuleKind.DISMISSAL)
    found: defaultdict[str, list[tuple[date, str]]] = defaultdict(list)
    if not codes:
        return found
    sql = (
        "SELECT staff_no, night, source, rule FROM charges"
        " WHERE night BETWEEN ? AND ? AND status = 'standing'"
        f" AND rule IN ({', '.join('?' * len(codes))}) ORDER BY night, source"
    )
    for staff_no, night, source, code in execute(
        sql, (first.isoformat(), last.isoformat(), *codes)
    ):
        on = date.fromisoformat(night)
        rule = session.book(on).rule(code)
        if rule is not None and rule.kind is RuleKind.DISMISSAL:
            found[staff_no].append((on, source))
    return found


def proposals(session: Session, first: Month, last: Month | None = None) -> list[Proposal]:
    """Every separation that the charges of a month, or of those from `first` to `last`, propose,
    decided or not, in order of nights, of those whom one may read about.

    A staffer who had left by that night already is past deciding on.
    """
    months = months_between(first, last or first)
    resigned = deemed_resigned_in(session, months)
    causes = [
        (staff_no, ABSENCES, each.window, each.night)
        for month in months
        for staff_no, reached in resigned[month].items()
        for each in reached
    ]
    causes += [
        (staff_no, DISMISSAL, source, night)
        for staff_no, charges in _dismissed(session, months).items()
        for night, source in charges
    ]
    decided = _decisions({cause[:3] for cause in causes})
    names = dict(execute("SELECT staff_no, name FROM staff").fetchall()) if causes else {}
    staff = staffers() if causes else {}
    found = []
    for staff_no, cause, span, night in sorted(causes, key=lambda each: (each[3], each[0])):
        left_on = spell_of(staff[staff_no].spells, night).left_on or LAST_NIGHT
        decision = decided.get((staff_no, cause, span))
        if decision is not None or night < left_on:
            found.append(Proposal(staff_no, names[staff_no], cause, span, night, decision))
    return only_readable(session, found)


def _decisions(causes: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], str]:
    """What was decided on each (staff_no, cause, span)."""
    found: dict[tuple[str, str, str], str] = {}
    sought = sorted(causes)
    for begin in range(0, len(sought), _TOGETHER):
        some = sought[begin : begin + _TOGETHER]
        rows = ", ".join(["(?, ?, ?)"] * len(some))
        sql = f"{_DECISIONS} WHERE (staff_no, cause, span) IN (VALUES {rows})"
        for staff_no, cause, span, decision in execute(
            sql, [*chain.from_iterable(some)]
        ).fetchall():
            found[staff_no, cause, span] = decision
    return found


def undecided(session: Session, first: Month, last: Month | None = None) -> list[Proposal]:
    """The proposals of a month, or of those from `first` to `last`, that wait for a decision."""
    return [each for each in proposals(session, first, last) if each.decision is None]


def decide(
    session: Session,
    proposal: Proposal,
    decision: str,
    by: str | None = None,
    reason: str | None = None,
) -> None:
    """Confirms a proposal, which sets `left_on` to its night so that later nights judge themselves
    away, or keeps the staffer on, which is asked again only when a new span reaches the threshold.

    Raises Refused where it is no longer proposed, or was decided already.
    """
    month = month_of(proposal.night)
    with session.change():
        require(session, "separation")
        decider = require_other(session, by, proposal.staff_no)
        require_open(proposal.night)
        if proposal not in undecided(session, month):
            raise refused("staff_no", "this is no longer proposed: look again")
        before = _spell(proposal).left_on
        tables.SeparationDecision.insert(
            staff=proposal.staff_no,
            cause=proposal.cause,
            span=proposal.span,
            night=proposal.night,
            decision=decision,
            decided=decider,
            decided_at=session.now(),
            reason=reason,
            left_on=before,
        ).execute()
        if decision == CONFIRMED:
            _part(session, proposal, proposal.night)
        session.record(
            f"separation.{decision}",
            staff_no=proposal.staff_no,
            night=proposal.night,
            before={"left_on": before},
            after={"cause": proposal.cause, "span": proposal.span, "decided_by": decider},
            reason=reason,
        )


def reconsider(session: Session, proposal: Proposal) -> None:
    """Takes a decision back; what it proposed waits for one again.

    Raises Refused where nothing was decided, or where they were hired again since.
    """
    with session.change():
        require(session, "separation")
        require_not_own(session, proposal.staff_no)
        require_open(proposal.night)
        decided = tables.SeparationDecision.get_or_none(
            tables.SeparationDecision.staff == proposal.staff_no,
            tables.SeparationDecision.cause == proposal.cause,
            tables.SeparationDecision.span == proposal.span,
        )
        if decided is None:
            raise refused("staff_no", "nothing was decided on this")
        decided.delete_instance()
        if decided.decision == CONFIRMED:
            _part(session, proposal, decided.left_on)
        session.record(
            "separation.reconsidered",
            staff_no=proposal.staff_no,
            night=proposal.night,
            before={"cause": proposal.cause, "span": proposal.span, "decision": decided.decision},
        )


def _spell(proposal: Proposal) -> Spell:
    """The time of employment that the proposal would end."""
    return spell_of(staffers(proposal.staff_no)[proposal.staff_no].spells, proposal.night)


def _part(session: Session, proposal: Proposal, left_on: date | None) -> None:
    staff_no = proposal.staff_no
    hired_on = _spell(proposal).hired_on
    first = tables.Staff.update(left_on=left_on)
    first.where(tables.Staff.staff_no == staff_no, tables.Staff.hired_on == hired_on).execute()
    again = tables.Rehire.update(left_on=left_on)
    again.where(tables.Rehire.staff == staff_no, tables.Rehire.hired_on == hired_on).execute()
    if (spells := overlap(people(staff_no)[staff_no])) is not None:
        raise Refused(overlap_problem(*spells))
    rejudge(session, proposal.night, LAST_NIGHT, proposal.staff_no)


def _codes(books: Iterable[Rulebook], kind: RuleKind) -> list[str]:
    return sorted({rule.code for book in books for rule in book.rules if rule.kind is kind})
