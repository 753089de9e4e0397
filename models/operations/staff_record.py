"""All that is recorded of one staffer: who they are, their spells, postings and wages."""

from datetime import date
from typing import Any, NamedTuple

from models.rules import validation
from models.rules.employment import Posting, Spell, in_force
from models.rules.validation import Person
from models.storage.database import execute, execute_many, upsert
from models.storage.employment import postings, rehires
from models.values.nights import LAST_NIGHT
from models.values.problems import Refused

_STAFF = (
    "SELECT name, initials, team, supervisor_no, position, on_roll, hired_on, left_on, monthly_wage"
    " FROM staff WHERE staff_no = ?"
)
_WAGES = "SELECT effective_from, monthly_wage FROM wages WHERE staff_no = ?"
_WRITE = (
    "UPDATE staff SET name = ?, initials = ?, team = ?, supervisor_no = ?, position = ?,"
    " on_roll = ?, hired_on = ?, left_on = ?, monthly_wage = ? WHERE staff_no = ?"
)


class Record(NamedTuple):
    """A staffer's record. `first` is the posting that they were hired in on `hired_on`, for
    `monthly_wage` cents; `rehires`, `postings` and `wages` came after it, each oldest first."""

    staff_no: str
    name: str
    initials: str | None
    first: Posting
    hired_on: date
    left_on: date | None
    monthly_wage: int
    rehires: tuple[Spell, ...] = ()
    postings: tuple[tuple[date, Posting], ...] = ()
    wages: tuple[tuple[date, int], ...] = ()

    @property
    def spells(self) -> tuple[Spell, ...]:
        return (Spell(self.hired_on, self.left_on), *self.rehires)

    @property
    def person(self) -> Person:
        """As facts are checked against it."""
        return Person(
            self.first.position,
            self.first.supervisor_no,
            self.hired_on,
            self.left_on,
            self.rehires,
            self.postings,
        )

    def posting(self, night: date) -> Posting:
        """The posting in force on a night."""
        return in_force(((date.min, self.first), *self.postings), night)

    def wage(self, night: date) -> int:
        """The monthly wage in force on a night, in cents."""
        return in_force(((date.min, self.monthly_wage), *self.wages), night)

    def with_spell(self, hired_on: date, left_on: date | None) -> "Record":
        """With other days for the last spell."""
        if self.rehires:
            return self._replace(rehires=(*self.rehires[:-1], Spell(hired_on, left_on)))
        return self._replace(hired_on=hired_on, left_on=left_on)

    def rehired(self, hired_on: date, left_on: date | None) -> "Record":
        """With one more spell."""
        return self._replace(rehires=(*self.rehires, Spell(hired_on, left_on)))

    def with_posting(self, since: date | None, posting: Posting) -> "Record":
        """With another posting from a night on; None: the one they were hired in."""
        changes = dict(self.postings)
        if since is None or (since == self.hired_on and since not in changes):
            return self._replace(first=posting)
        return self._replace(postings=tuple(sorted({**changes, since: posting}.items())))

    def with_wage(self, since: date | None, cents: int) -> "Record":
        """With another wage from a night on; None: the one they were hired for."""
        changes = dict(self.wages)
        if since is None or (since == self.hired_on and since not in changes):
            return self._replace(monthly_wage=cents)
        return self._replace(wages=tuple(sorted({**changes, since: cents}.items())))

    def with_wages_of(self, other: "Record") -> "Record":
        """With the wages of another."""
        return self._replace(monthly_wage=other.monthly_wage, wages=other.wages)

    def first_difference(self, other: "Record") -> date:
        """The first night on which the two judge otherwise; the last of all where none does."""
        nights = [LAST_NIGHT]
        entries: list[set[tuple[Any, ...]]] = [
            {
                *each.spells,
                *each.postings,
                *each.wages,
                (each.hired_on, each.first, each.monthly_wage),
            }
            for each in (self, other)
        ]
        mine, theirs = entries
        nights += [entry[0] for entry in mine ^ theirs]
        return min(nights)

    def told(self) -> dict[str, object]:
        """As the audit trail tells it."""
        return {
            "name": self.name,
            "initials": self.initials,
            **self.first._asdict(),
            "hired_on": self.hired_on,
            "left_on": self.left_on,
            "monthly_wage": self.monthly_wage,
            "rehires": [f"{spell.hired_on}/{spell.left_on or ''}" for spell in self.rehires],
            "postings": {str(since): posting._asdict() for since, posting in self.postings},
            "wages": {str(since): cents for since, cents in self.wages},
        }


def record(staff_no: str) -> Record | None:
    """A staffer's record; None where there is none of that number."""
    row = execute(_STAFF, (staff_no,)).fetchone()
    if row is None:
        return None
    name, initials, team, superior, position, on_roll, hired_on, left_on, wage = row
    wages = execute(_WAGES, (staff_no,)).fetchall()
    return Record(
        staff_no,
        name,
        initials,
        Posting(team, superior, position, None if on_roll is None else bool(on_roll)),
        date.fromisoformat(hired_on),
        None if left_on is None else date.fromisoformat(left_on),
        wage,
        rehires(staff_no).get(staff_no, ()),
        tuple(postings(staff_no).get(staff_no, ())),
        tuple(sorted((date.fromisoformat(since), cents) for since, cents in wages)),
    )


def require(staff_no: str) -> Record:
    """A staffer's record. Raises Refused where there is none of that number."""
    found = record(staff_no)
    if found is None:
        raise Refused(validation.unknown_staffer("staff_no", staff_no))
    return found


def write(known: Record, after: Record) -> None:
    """Writes a record in place of the one that is `known`, inside a change."""
    staff_no = known.staff_no
    execute(
        _WRITE,
        (
            *(after.name, after.initials, *after.first),
            *(after.hired_on.isoformat(), after.left_on and after.left_on.isoformat()),
            *(after.monthly_wage, staff_no),
        ),
    )
    for table, column, was, now in (
        ("rehires", "hired_on", dict(known.rehires), dict(after.rehires)),
        ("postings", "effective_from", dict(known.postings), dict(after.postings)),
        ("wages", "effective_from", dict(known.wages), dict(after.wages)),
    ):
        gone = [(staff_no, night.isoformat()) for night in was.keys() - now.keys()]
        execute_many(f"DELETE FROM {table} WHERE staff_no = ? AND {column} = ?", gone)
    spells = [
        (staff_no, spell.hired_on.isoformat(), spell.left_on and spell.left_on.isoformat())
        for spell in after.rehires
    ]
    upsert("rehires", ("staff_no", "hired_on", "left_on"), ("staff_no", "hired_on"), spells)
    changes = [(staff_no, since.isoformat(), *posting) for since, posting in after.postings]
    upsert(
        "postings",
        ("staff_no", "effective_from", *Posting._fields),
        ("staff_no", "effective_from"),
        changes,
    )
    wages = [(staff_no, since.isoformat(), cents) for since, cents in after.wages]
    upsert(
        "wages",
        ("staff_no", "effective_from", "monthly_wage"),
        ("staff_no", "effective_from"),
        wages,
    )
