"""All that is recorded of one staffer: who they are, their spells, postings and wages."""

from datetime import date
from typing import Any, NamedTuple

from models.rules import validation
from models.rules.employment import EmploymentRecord, Posting, Spell, in_force
from models.storage import tables
from models.storage.employment import postings, rehires
from models.storage.tables import Rehire, Staff, Wage
from models.values.nights import LAST_NIGHT
from models.values.problems import Refused


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
    def person(self) -> EmploymentRecord:
        """As facts are checked against it."""
        return EmploymentRecord(
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
    row = Staff.get_or_none(Staff.staff_no == staff_no)
    if row is None:
        return None
    wages = Wage.select().where(Wage.staff == staff_no).order_by(Wage.effective_from)
    return Record(
        staff_no,
        row.name,
        row.initials,
        Posting(row.team, row.supervisor_no, row.position, row.on_roll),
        row.hired_on,
        row.left_on,
        row.monthly_wage,
        rehires(staff_no).get(staff_no, ()),
        tuple(postings(staff_no).get(staff_no, ())),
        tuple((each.effective_from, each.monthly_wage) for each in wages),
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
    Staff.update(
        name=after.name,
        initials=after.initials,
        **after.first._asdict(),
        hired_on=after.hired_on,
        left_on=after.left_on,
        monthly_wage=after.monthly_wage,
    ).where(Staff.staff_no == staff_no).execute()
    for table, since, was, now in (
        (Rehire, Rehire.hired_on, dict(known.rehires), dict(after.rehires)),
        (tables.Posting, tables.Posting.effective_from, dict(known.postings), dict(after.postings)),
        (Wage, Wage.effective_from, dict(known.wages), dict(after.wages)),
    ):
        gone = was.keys() - now.keys()
        table.delete().where(table.staff == staff_no, since.in_(gone)).execute()
    for spell in after.rehires:
        Rehire.put(staff_no=staff_no, **spell._asdict())
    for night, posting in after.postings:
        tables.Posting.put(staff_no=staff_no, effective_from=night, **posting._asdict())
    for night, cents in after.wages:
        Wage.put(staff_no=staff_no, effective_from=night, monthly_wage=cents)
