"""The payroll of the department: who works here, under whom, for what wage."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from peewee import Expression, ForeignKeyField, fn

from models.access.permissions import require
from models.access.scope import only_readable
from models.access.session import Session
from models.ledger.ledger import rejudge
from models.ledger.night_preview import board_order
from models.ledger.settling import settle
from models.operations import sales, staff_record
from models.operations.staff_record import Record
from models.payroll import months
from models.rules import validation
from models.rules.charges import Status
from models.rules.employment import EmploymentRecord, Posting, last_employed
from models.rules.validation import ReferenceData
from models.storage import reference_data, tables
from models.storage.employment import Postings, staffers
from models.storage.tables import (
    TABLES,
    Attendance,
    BaseModel,
    Booking,
    Charge,
    Incident,
    NightField,
    Outing,
    Staff,
    Wage,
)
from models.values.nights import LAST_NIGHT, Month, first_night, last_night, month_of
from models.values.problems import Problem, Refused, problem, refused
from models.values.text import key_problem, name_problem

POSITIONS = ("staff", "supervisor", "director", "payroll")

_DATED: tuple[tuple[type[BaseModel], NightField], ...] = (
    (Attendance, Attendance.night),
    (Outing, Outing.night),
    (Booking, Booking.night),
    (Incident, Incident.night),
    (Wage, Wage.effective_from),
    (tables.Posting, tables.Posting.effective_from),
)


class Details(NamedTuple):
    """What is known of a staffer: their posting and wage (cents a month) on a night, and when the
    last spell of their employment began and ended. `on_roll` None: as the position says;
    `initials`: as corrected by hand."""

    name: str
    position: str
    hired_on: date
    monthly_wage: int
    team: str | None = None
    supervisor_no: str | None = None
    on_roll: bool | None = None
    left_on: date | None = None
    initials: str | None = None

    @property
    def posting(self) -> Posting:
        return Posting(self.team, self.supervisor_no, self.position, self.on_roll)


class Member(NamedTuple):
    """A staffer on the roster: their posting and wage tonight, or as they were when they left; the
    last spell of their employment; and what the month did so far: how many standing charges, what
    they come to, and the sales that count. Cents."""

    staff_no: str
    name: str
    team: str | None
    position: str
    supervisor_no: str | None
    on_roll: bool
    hired_on: date
    left_on: date | None
    initials: str | None
    wage: int
    charges: int
    charged: int
    sales: int

    def employed(self, night: date) -> bool:
        return self.hired_on <= night and (self.left_on is None or night <= self.left_on)


def roster(session: Session, month: Month | None = None) -> list[Member]:
    """Everyone ever on the payroll, by team and number, with the figures of the month (None:
    tonight's)."""
    settle(session)
    tonight = session.tonight()
    month = month_of(tonight) if month is None else month
    sums: Any = (
        Charge.select(Charge.staff, fn.COUNT(Charge.night), fn.SUM(Charge.amount))
        .where(
            Charge.night.between(first_night(month), last_night(month)),
            Charge.status == Status.STANDING.value,
        )
        .group_by(Charge.staff)
        .tuples()
    )
    charges = {staff_no: (count, int(cents)) for staff_no, count, cents in sums}
    sold = sales.of_month(session, month)
    people, postings = staffers(), Postings()
    found = []
    everybody: Any = Staff.select(Staff.staff_no, Staff.name, Staff.initials).tuples()
    for staff_no, name, initials in everybody:
        staffer = people[staff_no]
        night = last_employed(staffer.spells, staffer.hired_on, tonight) or staffer.hired_on
        posting = postings.of(staff_no, night)
        found.append(
            Member(
                *(staff_no, name, posting.team, posting.position, posting.supervisor_no),
                posting.called,
                *staffer.spells[-1],
                initials,
                staffer.wage(night),
                *charges.get(staff_no, (0, 0)),
                sold.get(staff_no, 0),
            )
        )
    found = only_readable(session, found)
    return sorted(found, key=lambda each: board_order(each.team, each.staff_no))


def details(staff_no: str, night: date | None = None) -> Details:
    """What is known of a staffer, as of a night; None: as they were hired. Raises Refused where
    there is none of that number."""
    known = staff_record.record(staff_no)
    if known is None:
        raise Refused(validation.unknown_staffer("staff_no", staff_no))
    night = night or known.hired_on
    posting, spell = known.posting(night), known.spells[-1]
    return Details(
        known.name,
        posting.position,
        spell.hired_on,
        known.wage(night),
        posting.team,
        posting.supervisor_no,
        posting.on_roll,
        spell.left_on,
        known.initials,
    )


def add(session: Session, staff_no: str, new: Details) -> None:
    """Puts someone on the payroll. Raises Refused where the number is taken, or a detail won't
    do."""
    with session.change():
        require(session, "staff")
        found_problem = key_problem(staff_no, "staff_no")
        taken = Staff.get_or_none(Staff.staff_no == staff_no)
        if taken is not None:
            found_problem = problem(
                "staff_no", "%(staff_no)s is %(name)s", staff_no=staff_no, name=taken.name
            )
        person = EmploymentRecord(new.position, new.supervisor_no, new.hired_on, new.left_on)
        records = _records(**{staff_no: person})
        problems = ([found_problem] if found_problem else []) + list(
            _problems(session, staff_no, new, records, None)
        )
        if problems:
            raise Refused(*problems)
        Staff.insert(staff_no=staff_no, **new._asdict()).execute()
        _rejudge(session, staff_no, new.hired_on)
        session.record("staff.added", staff_no=staff_no, after=new._asdict())


def remove(session: Session, staff_no: str) -> None:
    """Undoes `add`. Raises Refused once anything refers to the staffer, or for oneself."""
    with session.change():
        require(session, "staff")
        _require_another(session, staff_no)
        before = details(staff_no)
        if _referred_to(staff_no):
            raise refused(
                "staff_no",
                "%(staff_no)s is named elsewhere already: write the day they left instead",
                staff_no=staff_no,
            )
        Staff.delete().where(Staff.staff_no == staff_no).execute()
        session.record("staff.removed", staff_no=staff_no, before=before._asdict())


def edit(session: Session, staff_no: str, new: Details, since: date | None = None) -> bool:
    """Changes what is known of a staffer, and judges anew what that touches. Posting and wage hold
    from the night `since` on, until the next change after it; None corrects what they were hired
    with. The days of employment are those of their last spell. Gives whether anything changed.

    Raises Refused where a detail won't do, where they would be hired after something they did, for
    oneself, or where a closed month would come out otherwise. The wage is payroll's to change.
    """
    with session.change():
        require(session, "staff")
        _require_another(session, staff_no)
        old = details(staff_no, since)
        if new == old:
            return False
        if new.monthly_wage != old.monthly_wage:
            require(session, "wages")
        known = staff_record.require(staff_no)
        after = known.with_spell(new.hired_on, new.left_on)
        after = after._replace(name=new.name, initials=new.initials)
        if new.posting != old.posting:
            after = after.with_posting(since, new.posting)
        if new.monthly_wage != old.monthly_wage:
            after = after.with_wage(since, new.monthly_wage)
        _save(session, known, after, new, since)
        changed = [column for column in new._fields if getattr(old, column) != getattr(new, column)]
        dated = {"effective_from": since} if since is not None else {}
        session.record(
            "staff.edited",
            staff_no=staff_no,
            night=since,
            before={column: getattr(old, column) for column in changed},
            after={**{column: getattr(new, column) for column in changed}, **dated},
        )
    return True


def rehire(session: Session, staff_no: str, new: Details) -> bool:
    """Hires somebody who left again, under the same number, from `new.hired_on` on, in the posting
    and for the wage that `new` says. Gives whether anything changed: not, where they were already.

    Raises Refused before the last spell ended, and otherwise as `edit` does.
    """
    with session.change():
        require(session, "staff")
        _require_another(session, staff_no)
        known, since = staff_record.require(staff_no), new.hired_on
        old = details(staff_no, since)
        if new == old:
            return False
        if new.monthly_wage != old.monthly_wage:
            require(session, "wages")
        after = known._replace(name=new.name, initials=new.initials).rehired(since, new.left_on)
        if new.posting != old.posting:
            after = after.with_posting(since, new.posting)
        if new.monthly_wage != old.monthly_wage:
            after = after.with_wage(since, new.monthly_wage)
        _save(session, known, after, new, since)
        session.record(
            "staff.rehired",
            staff_no=staff_no,
            night=since,
            before={"left_on": known.spells[-1].left_on},
            after=new._asdict(),
        )
    return True


def restore(session: Session, now: Record, before: Record) -> None:
    """Puts back a staffer's record as it was before a change that made it `now`; undoes `edit`,
    `rehire`, `set_wage` and `remove_wage`. Raises Refused where it was changed again meanwhile."""
    staff_no = now.staff_no
    with session.change():
        if (now.monthly_wage, now.wages) != (before.monthly_wage, before.wages):
            require(session, "wages")
        if now.with_wages_of(before) != before or now == before:
            require(session, "staff")
        _require_another(session, staff_no)
        if staff_record.record(staff_no) != now:
            raise refused("staff_no", "their record was changed meanwhile at another terminal")
        last = before.spells[-1]
        new = details(staff_no)._replace(
            name=before.name, initials=before.initials, hired_on=last.hired_on, left_on=last.left_on
        )
        _save(session, now, before, new, None)
        session.record("staff.restored", staff_no=staff_no, before=now.told(), after=before.told())


def _save(session: Session, known: Record, after: Record, new: Details, since: date | None) -> None:
    """Writes a record in place of another, once nothing about it is unlawful, and judges anew."""
    staff_no = known.staff_no
    records = _records(**{staff_no: after.person})
    problems = list(_problems(session, staff_no, new, records, since))
    if after.hired_on > known.hired_on:
        problems += _done_before(staff_no, after.hired_on)
    if (spells := validation.overlap(after.person)) is not None:
        problems.append(validation.overlap_problem(*spells))
    if problems:
        raise Refused(*problems)
    staff_record.write(known, after)
    _rejudge(session, staff_no, known.first_difference(after))


def set_initials(session: Session, staff_no: str, initials: str | None) -> bool:
    """Corrects the initials that a staffer is found by; None leaves them to the name. Gives
    whether anything changed."""
    with session.change():
        return edit(session, staff_no, details(staff_no)._replace(initials=initials))


def wages(staff_no: str) -> list[tuple[date, int]]:
    """From which night on which monthly wage, in cents, oldest first; the first from `hired_on`
    on. Raises Refused where there is no such staffer."""
    known = staff_record.require(staff_no)
    return sorted({known.hired_on: known.monthly_wage, **dict(known.wages)}.items())


def set_wage(session: Session, staff_no: str, effective_from: date, cents: int) -> bool:
    """Changes the monthly wage from a night on. Gives whether anything changed.

    Raises Refused before they were hired, for oneself, or where a closed month would come out
    otherwise.
    """
    with session.change():
        require(session, "wages")
        _require_another(session, staff_no)
        fact = {"staff_no": staff_no, "effective_from": effective_from}
        reference = ReferenceData(_records(), {}, session.calendar, session.versions, session.now())
        problems = list(validation.wages(fact, reference))
        if problems:
            raise Refused(*problems)
        before = _wage(staff_no, effective_from)
        if before == cents:
            return False
        Wage.put(staff_no=staff_no, effective_from=effective_from, monthly_wage=cents)
        _rewage(session, "wage.set", staff_no, effective_from, before, cents)
    return True


def remove_wage(session: Session, staff_no: str, effective_from: date) -> bool:
    """Undoes `set_wage` where there was none from that night on. Gives whether anything changed."""
    with session.change():
        require(session, "wages")
        _require_another(session, staff_no)
        before = _wage(staff_no, effective_from)
        if before is None:
            return False
        Wage.delete().where(*_of_wage(staff_no, effective_from)).execute()
        _rewage(session, "wage.removed", staff_no, effective_from, before, None)
    return True


def supervisor_chain(staff_no: str, night: date) -> list[tuple[str, str]]:
    """The number and name of the direct supervisor on a night, of theirs, and on upwards."""
    names = {row.staff_no: row.name for row in Staff.select(Staff.staff_no, Staff.name)}
    postings = Postings().on(night)
    chain: list[tuple[str, str]] = []
    number = postings[staff_no].supervisor_no if staff_no in postings else None
    while number is not None and number not in dict(chain):
        chain.append((number, names[number]))
        number = postings[number].supervisor_no
    return chain


def _problems(
    session: Session,
    staff_no: str,
    new: Details,
    records: Mapping[str, EmploymentRecord],
    since: date | None,
) -> Iterator[Problem]:
    known = ReferenceData(records, {}, session.calendar, session.versions, session.now())
    fact = {"staff_no": staff_no, **new._asdict()}
    yield from validation.staff(fact, known, since)
    if since is not None:
        yield from validation.hired(fact, known, since, "effective_from")
    for field in ("name", "team", "initials"):
        value = getattr(new, field)
        if value is not None and (found_problem := name_problem(value, field)) is not None:
            yield found_problem
    if new.position not in POSITIONS:
        yield problem("position", "it must be one of: %(values)s", values=", ".join(POSITIONS))


def _records(**changed: EmploymentRecord) -> dict[str, EmploymentRecord]:
    return {**reference_data.people(), **changed}


def _done_before(staff_no: str, hired_on: date) -> Iterator[Problem]:
    nights = (
        table.select(fn.MIN(night)).where(table._meta.fields["staff"] == staff_no).scalar()
        for table, night in _DATED
    )
    earliest = min((night for night in nights if night is not None), default=None)
    if earliest is not None and earliest < hired_on:
        yield problem(
            "hired_on", "something of theirs is recorded on %(night)s already", night=earliest
        )


def _referred_to(staff_no: str) -> bool:
    return any(
        table.select().where(field == staff_no).exists()
        for table in TABLES
        for field in table._meta.sorted_fields
        if isinstance(field, ForeignKeyField) and field.rel_model is Staff
    )


def _require_another(session: Session, staff_no: str) -> None:
    if session.actor is not None and session.actor.staff_no == staff_no:
        raise refused("actor", "nobody changes their own record: another does")


def _wage(staff_no: str, effective_from: date) -> int | None:
    row = Wage.get_or_none(*_of_wage(staff_no, effective_from))
    return None if row is None else row.monthly_wage


def _of_wage(staff_no: str, effective_from: date) -> tuple[Expression, Expression]:
    return Wage.staff == staff_no, Wage.effective_from == effective_from


def _rewage(
    session: Session, action: str, staff_no: str, night: date, before: int | None, after: int | None
) -> None:
    _rejudge(session, staff_no, night)
    session.record(
        action,
        staff_no=staff_no,
        night=night,
        before=None if before is None else {"monthly_wage": before},
        after=None if after is None else {"monthly_wage": after},
    )


def _rejudge(session: Session, staff_no: str, first: date) -> None:
    rejudge(session, first, LAST_NIGHT, staff_no)
    months.correct(session, None, first)
