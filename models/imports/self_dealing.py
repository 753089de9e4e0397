"""What nobody may do alone, no file may do for them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from models.access.permissions import may
from models.access.session import Actor, Session
from models.imports.file_table import FileTable
from models.rules.guests.validation import parse_shares
from models.values.problems import Problem, problem

Fact = Mapping[str, Any]
Changed = tuple[FileTable, int, Fact | None, Fact]
"""A row of a file that changes something: its table and place there, what is recorded under its
key (None: nothing), and what it says."""

_DECIDED = ("status", "decided_by", "decided_at", "decision_reason")

DECISIONS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "leave": (("decided_by", _DECIDED),),
    "outings": (("decided_by", _DECIDED),),
    "incidents": (
        ("reported_by", ("staff_no", "occurred_at", "rule", "amount", "reported_by", "status")),
    ),
    "waivers": (("waived_by", ("waived_by", "reason")),),
    "credit_decisions": (("decided_by", ("shares", "reason", "decided_by", "agreed_by")),),
    "complaints": (
        ("judged_by", ("founded", "judged_by", "incident_no")),
        ("approved_by", ("answer", "approved_by")),
    ),
    "contacts": (("signed_by", ("signed_by", "signed_how")),),
    "grooming": (("checked_by", ("groomed", "badge", "checked_by")),),
    "knowledge": (("checked_by", ("asked", "right", "checked_by")),),
}
"""By dataset, the columns that say who decided, each with those that hold what was decided."""

ABOUT: dict[str, tuple[str, ...]] = {
    "guests": ("consultant_no",),
    "deals": ("closer_no",),
    "heirs": ("from_staff_no", "to_staff_no"),
    "complaints": ("about_staff_no",),
}
"""By dataset, the columns besides `staff_no` that say about whom a row is."""


def refuse_what_needs_another(session: Session, changes: Mapping[str, Sequence[Changed]]) -> None:
    """Refuses, cell by cell, what whoever is signed in may not record: anything about themselves,
    a decision said to be somebody else's, and a wage, unless they are payroll or an admin. Nothing
    in a venue without accounts."""
    actor = session.actor
    if actor is None:
        return
    wages = may(session, "wages")
    for dataset, rows in changes.items():
        for table, place, was, now in rows:
            for column, found in _problems(actor, wages, dataset, was, now):
                table.refuse(place, column, found)


def _problems(
    actor: Actor, wages: bool, dataset: str, was: Fact | None, now: Fact
) -> Iterator[tuple[str, Problem]]:
    own = actor.staff_no
    for column in ("staff_no", *ABOUT.get(dataset, ())):
        if own is not None and own in (now.get(column), (was or {}).get(column)):
            yield column, problem(column, "%(name)s imports nothing about themselves", name=own)
    sharing = _sharing(now) | _sharing(was or {}) if dataset == "credit_decisions" else set()
    if own is not None and own in sharing:
        yield ("shares", problem("shares", "%(name)s imports nothing about themselves", name=own))
    for by, decided in DECISIONS.get(dataset, ()):
        if now[by] not in (None, own) and _differ(was, now, decided):
            yield by, problem(by, "%(name)s can't act in another's name", name=actor.name)
    if not wages and _raises(dataset, was, now):
        yield (
            "monthly_wage",
            problem("monthly_wage", "a wage is changed by payroll or an admin, not by a director"),
        )


def _sharing(decision: Fact) -> set[str | None]:
    """Who has a share by a decision on a sale."""
    try:
        return set(parse_shares(decision.get("shares") or ""))
    except ValueError:
        return set()  # what can't be read is refused for that


def _differ(was: Fact | None, now: Fact, columns: Sequence[str]) -> bool:
    return was is None or any(was[column] != now[column] for column in columns)


def _raises(dataset: str, was: Fact | None, now: Fact) -> bool:
    """Whether a row sets a wage. What a new staffer is hired for goes with the hiring."""
    if dataset == "wages":
        return True
    return dataset == "staff" and was is not None and was["monthly_wage"] != now["monthly_wage"]
