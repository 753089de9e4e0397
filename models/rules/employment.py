"""When a staffer was employed, and as what: spells and postings. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, TypeVar

Value = TypeVar("Value")
Dated = Sequence[tuple[date, Value]]
"""(from which night, what is in force from then on), oldest first."""

_POSITIONS_ON_ROLL = ("staff", "supervisor")
APPROVERS = ("supervisor", "director")


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


class Staffer(NamedTuple):
    """Someone on the payroll. `wages` are (from which night, cents a month), oldest first.
    `hired_on` and `left_on` are their first spell, `rehires` those after it; `on_roll` says whether
    they are called, and `duties` from which night on they are, or no more."""

    staff_no: str
    on_roll: bool
    hired_on: date
    left_on: date | None
    wages: tuple[tuple[date, int], ...]
    rehires: tuple[Spell, ...] = ()
    duties: tuple[tuple[date, bool], ...] = ()

    @property
    def spells(self) -> tuple[Spell, ...]:
        return (Spell(self.hired_on, self.left_on), *self.rehires)

    def employed(self, night: date) -> bool:
        if self.hired_on <= night and (self.left_on is None or night <= self.left_on):
            return True
        return any(spell.holds(night) for spell in self.rehires)

    def called(self, night: date) -> bool:
        """Whether they are called at the briefing of that night."""
        return self.employed(night) and in_force(((date.min, self.on_roll), *self.duties), night)

    def wage(self, night: date) -> int:
        """The monthly wage in force on the night; before the first, the first."""
        return in_force(self.wages, night)


class EmploymentRecord(NamedTuple):
    """When a staffer was employed, and as what: their first posting and spell, then later ones."""

    position: str
    supervisor_no: str | None
    hired_on: date
    left_on: date | None
    rehires: tuple[Spell, ...] = ()
    postings: Dated[Posting] = ()

    @property
    def spells(self) -> tuple[Spell, ...]:
        return (Spell(self.hired_on, self.left_on), *self.rehires)

    def spell(self, night: date) -> Spell:
        """The spell that holds the night, else the one before it, else the first."""
        return spell_of(self.spells, night)

    def posting(self, night: date) -> Posting:
        """The posting in force on a night; the team of the first is not known here."""
        first = Posting(None, self.supervisor_no, self.position)
        return in_force(((date.min, first), *self.postings), night)
