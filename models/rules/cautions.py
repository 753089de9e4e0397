"""What the law where a venue lies says on its rulebook. Cautions inform; the venue decides."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from functools import cache
from pathlib import Path

from models.rules.rulebook import MONEYLESS, Rulebook, RuleKind


@dataclass(frozen=True, slots=True)
class Caution:
    """One caution: `text`, and the law that it rests on, by language."""

    code: str
    jurisdiction: str
    when: str
    source: Mapping[str, str]
    text: Mapping[str, str]


def cautions(book: Rulebook) -> list[Caution]:
    """Those that concern what the rulebook does, for its jurisdiction and the wider ones around
    it (`CN` around `CN-GD`), these first. None for a jurisdiction that isn't known."""
    return [each for each in _known() if _covers(each, book) and _CONCERNS[each.when](book)]


def _covers(caution: Caution, book: Rulebook) -> bool:
    place = book.jurisdiction.upper()
    return place == caution.jurisdiction or place.startswith(f"{caution.jurisdiction}-")


def _fines(book: Rulebook) -> bool:
    return any(rule.kind not in MONEYLESS for rule in book.rules)


def _takes_more_than_a_fifth(book: Rulebook) -> bool:
    return _fines(book) and (book.cap is None or book.cap.percent > 20)


def _has_no_floor(book: Rulebook) -> bool:
    return _fines(book) and (book.cap is None or book.cap.floor == 0)


def _takes_more_than_the_absence(book: Rulebook) -> bool:
    return any(rule.days is not None and rule.days > 1 for rule in book.rules)


def _deems_resigned(book: Rulebook) -> bool:
    return book.separation is not None


def _dismisses(book: Rulebook) -> bool:
    return any(rule.kind is RuleKind.DISMISSAL for rule in book.rules)


def _works_into_the_night(book: Rulebook) -> bool:
    """Whether its shift begins in the evening and ends after midnight, as a night house's does."""
    return _fines(book) and book.shift_end < book.briefing


def _works_past_two(book: Rulebook) -> bool:
    return _works_into_the_night(book) and time(2) < book.shift_end


_CONCERNS: Mapping[str, Callable[[Rulebook], bool]] = {
    "fines": _fines,
    "more_than_a_fifth": _takes_more_than_a_fifth,
    "no_floor": _has_no_floor,
    "more_than_the_absence": _takes_more_than_the_absence,
    "deemed_resignation": _deems_resigned,
    "dismissal": _dismisses,
    "night_shift": _works_into_the_night,
    "past_two": _works_past_two,
}


@cache
def _known() -> tuple[Caution, ...]:
    text = Path(__file__).with_name("cautions.toml").read_text("utf-8")
    return tuple(Caution(**each) for each in tomllib.loads(text)["cautions"])
