"""What new staff must know of the house within their first nights: its places, their kinds and what
they ask for. Ten questions are made of them, and seven right pass."""

from random import Random
from typing import NamedTuple

from models.access.permissions import acting, require
from models.access.scope import require_theirs
from models.access.session import Session
from models.guests.fact_writer import remove, write
from models.ledger.promises import ASKED, PASS
from models.storage.tables import Place
from models.values.money import format_money
from models.values.nights import Instant
from models.values.problems import refused

CHOICES = 4

__all__ = ["ASKED", "Question", "passes", "questions", "record", "unrecord"]


class Question(NamedTuple):
    """`asks` is `minimum` (what does the place ask for?), `place` (which place asks for that?) or
    `kind` (is it a room or a table?) about `subject`; one of `choices` is right."""

    asks: str
    subject: str
    choices: tuple[str, ...]
    right: str


def questions(session: Session, staff_no: str) -> list[Question]:
    """Ten questions made of the venue's own places, others each time. Raises Refused where it has
    too few, and for staffers."""
    require(session, "house")
    rows = [(row.place, row.kind, row.minimum_spend) for row in Place.select()]
    if len(rows) < CHOICES:
        raise refused("places", "there are too few rooms and tables to ask about")
    random = Random(f"{staff_no} {session.now()}")
    spends = sorted({format_money(spend) for _, _, spend in rows if spend is not None})
    asked: list[Question] = []
    seen: set[tuple[str, str]] = set()
    while len(asked) < ASKED:
        place, kind, spend = random.choice(rows)
        made: Question | None = None
        if spend is not None and len(spends) >= 2 and random.random() < 0.7:
            others = [each for each in spends if each != format_money(spend)]
            wrong = random.sample(others, min(CHOICES - 1, len(others)))
            choices = random.sample([format_money(spend), *wrong], len(wrong) + 1)
            made = Question("minimum", place, tuple(choices), format_money(spend))
        else:
            made = Question("kind", place, ("room", "table"), kind)
        # A small house has fewer than ten things to ask: then they come again.
        if (made.asks, place) in seen and len(seen) < len(rows):
            continue
        seen.add((made.asks, place))
        asked.append(made)
    return asked


def record(
    session: Session, staff_no: str, asked: int, right: int, by: str | None = None
) -> Instant:
    """Writes down how many a staffer answered right just now; gives when."""
    with session.change():
        require_theirs(session, "complaint", staff_no)
        now = session.now()
        checker = acting(session, by) if session.actor is not None or by else None
        write(
            session,
            "knowledge",
            {
                "staff_no": staff_no,
                "at": now,
                "asked": asked,
                "right": right,
                "checked_by": checker if checker != staff_no else None,
            },
            "knowledge.asked",
            night=session.tonight(),
            staff_no=staff_no,
        )
    return now


def unrecord(session: Session, staff_no: str, at: Instant) -> None:
    """Undoes `record`."""
    with session.change():
        require_theirs(session, "complaint", staff_no)
        night = session.calendar.night(at)
        remove(session, "knowledge", (staff_no, at), "knowledge.taken_back", night=night)


def passes(asked: int, right: int) -> bool:
    """Whether so many right show that somebody knows the house."""
    return asked >= ASKED and right * ASKED >= PASS * asked
