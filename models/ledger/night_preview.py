"""A night as it stands, read without writing anything."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain
from typing import NamedTuple

from models.access.session import Session
from models.ledger.night_facts import night_facts, night_reads
from models.rules.charges import Outcome
from models.rules.judgement import Briefing, Charge, NightFacts, judge
from models.storage.database import Read, ask
from models.storage.employment import Only, staffer_reads, staffers
from models.values.natural_order import Key, natural


class NightView(NamedTuple):
    """A night as it stands: its facts, everyone on its roll with their outcome, its charges."""

    facts: NightFacts
    outcomes: Mapping[str, Outcome]
    charges: tuple[Charge, ...]


def view_reads(night: date, only: Only = None) -> Iterator[Read]:
    """What `night_view` reads."""
    return chain(staffer_reads(only), night_reads(night, night, only))


def night_view(session: Session, night: date, only: Only = None) -> NightView:
    """The night judged as of now, of everybody or of those named, without writing anything. Of a
    night without a briefing it says who would be on the roll, resting or pending."""
    ask(view_reads(night, only))
    [facts] = night_facts(night, night, session.calendar, only, also=(night,))
    staff, book = staffers(only), session.book(night)
    calendar, now = session.calendar, session.now()
    judged = judge(facts, staff, book, calendar, now)
    if facts.briefing is not None:
        return NightView(facts, judged.outcomes, judged.charges)
    called = facts._replace(briefing=Briefing(None, False))
    outcomes = {
        staff_no: outcome if outcome is Outcome.REST else Outcome.PENDING
        for staff_no, outcome in judge(called, staff, book, calendar, now).outcomes.items()
    }
    return NightView(facts, outcomes, judged.charges)


def board_order(team: str | None, staff_no: str) -> tuple[bool, Key, Key, str]:
    """Sorts by team, those without one last, and within it by number, both in natural order."""
    return (team is None, natural(team or ""), natural(staff_no), staff_no)
