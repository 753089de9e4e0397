"""When a staffer was employed, and as what: spells and postings. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, TypeVar

Value = TypeVar("Value")
Dated = Sequence[tuple[date, Value]]
"""(from which night, what is in force from then on), oldest first."""

_POSITIONS_ON_ROLL = ("staff", "supervisor")


class Spell(NamedTuple):
    """A time of employment, both nights included; `left_on` None: it lasts."""

    hired_on: date
    left_on: date | None = None

    def holds(self, night: date) -> bool:
        return self.hired_on <= night and (self.left_on is None or night <= self.left_on)


class Posting(NamedTuple):
    """What a staffer is from a night on. `on_roll` None: as the position says."""

    team: str | None
    supervisor_no: str | None
    position: str
    on_roll: bool | None = None

    @property
    def called(self) -> bool:
        """Whether they are called at the briefing."""
        return is_on_roll(self.on_roll, self.position)


def is_on_roll(on_roll: bool | None, position: str) -> bool:
    """Whether a staffer is called at the briefing: as said, else as the position says."""
    return position in _POSITIONS_ON_ROLL if on_roll is None else bool(on_roll)


def in_force(dated: Dated[Value], night: date) -> Value:
    """The value in force on a night; before the first, the first."""
    value = dated[0][1]
    for since, each in dated:
        if since > night:
            break
        value = each
    return value


def spell_of(spells: Sequence[Spell], night: date) -> Spell:
    """The spell that holds the night, else the one before it, else the first."""
    found = spells[0]
    for spell in spells:
        if spell.hired_on > night:
            break
        found = spell
    return found


def last_employed(spells: Sequence[Spell], first: date, last: date) -> date | None:
    """The last night from `first` to `last` on which they were employed; None where on none."""
    spell = spell_of(spells, last)
    until = last if spell.left_on is None else min(spell.left_on, last)
    return until if max(spell.hired_on, first) <= until else None
