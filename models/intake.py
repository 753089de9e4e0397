"""Taking in whole files of facts, all or nothing.

A file comes as a `Table`: typed columns, already read cell by cell. Here its rows are checked
against the state that will stand once all of them are recorded, compared with what is recorded
already, written where they differ, and the nights they touch judged anew: one transaction.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, Protocol

from models import closings, lawful, months
from models.authority import require
from models.database import execute, execute_many, upsert
from models.desk import Desk
from models.garbage import uncollected
from models.judgement import Status
from models.lawful import Fact, Person, Register
from models.ledger import LAST_NIGHT, rejudge
from models.nights import FIRST_NIGHT, month_of
from models.problems import Problem, Refused, problem

Key = tuple[Any, ...]
Row = tuple[Any, ...]


class Table(Protocol):
    """One file of one dataset, column by column; blanks are None, or the column's default."""

    columns: Mapping[str, Sequence[Any]]
    bad: set[int]
    """The rows that hold something wrong already, with None in its place."""
    problems: Sequence[object]
    """All that is wrong with the file."""
    complete: bool
    """False where rows could not be read, so that what is missing here may be in the file."""
    sha256: str

    @property
    def name(self) -> str:
        """Of the dataset."""

    def __len__(self) -> int: ...

    def refuse(self, row: int, column: str, problem: Problem) -> None:
        """Notes that a row can't be taken."""

    def note(self, row: int, column: str, problem: Problem) -> None:
        """Notes something that the writer of the file should know."""


class Count(NamedTuple):
    """How many rows of a dataset were new, changed something, or stood already."""

    added: int
    changed: int
    unchanged: int


@dataclass(slots=True)
class Report:
    """What an intake did, or why it did nothing."""

    counts: dict[str, Count] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    """What is wrong with the whole, rather than with a cell of it."""
    refused: bool = False
    charges: int = 0
    """How many charges were added, changed or reversed."""

    @property
    def changed(self) -> bool:
        return any(count.added or count.changed for count in self.counts.values())


@dataclass(frozen=True, slots=True)
class Dataset:
    """How a dataset's rows are kept: its database table, the key, and what makes a row unlawful.
    `nights` gives the first and last night that a stored row bears on."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    unlawful: Callable[[Fact, Register], Iterator[Problem]]
    nights: Callable[[Fact], tuple[date, date]]
    derived: tuple[str, ...] = ()
    """Columns of the database that no file has."""


def _of_night(fact: Fact) -> tuple[date, date]:
    return fact["night"], fact["night"]


def _since(column: str) -> Callable[[Fact], tuple[date, date]]:
    return lambda fact: (fact[column], LAST_NIGHT)


def _always(fact: Fact) -> tuple[date, date]:
    return FIRST_NIGHT, LAST_NIGHT


DATASETS = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            "staff",
            ("staff_no", "name", "team", "supervisor_no", "position", "on_roll", "hired_on",
             "left_on", "monthly_wage"),
            ("staff_no",),
            lawful.staff,
            _since("hired_on"),
        ),
        Dataset(
            "wages",
            ("staff_no", "effective_from", "monthly_wage"),
            ("staff_no", "effective_from"),
            lawful.wages,
            _since("effective_from"),
        ),
        Dataset(
            "places", ("place", "kind", "minimum_spend"), ("place",), lawful.no_problems, _always
        ),
        Dataset(
            "briefings",
            ("night", "closed_at", "director_no", "assignment", "night_closed"),
            ("night",),
            lawful.briefings,
            _of_night,
        ),
        Dataset(
            "attendance",
            ("night", "staff_no", "arrived_at", "made_up_at", "departed_at"),
            ("night", "staff_no"),
            lawful.attendance,
            _of_night,
        ),
        Dataset(
            "leave",
            ("leave_no", "staff_no", "kind", "first_night", "last_night", "filed_at",
             "special_reason", "status", "decided_by", "decided_at", "decision_reason"),
            ("leave_no",),
            lawful.leave,
            lambda fact: (fact["first_night"], fact["last_night"]),
        ),
        Dataset(
            "outings",
            ("slip_no", "staff_no", "reason", "requested_at", "status", "decided_by",
             "decided_at", "decision_reason", "out_at", "back_at"),
            ("slip_no",),
            lawful.outings,
            _of_night,
            derived=("night",),
        ),
        Dataset(
            "bookings",
            ("booking_no", "night", "place", "turn", "staff_no", "guest_name", "guest_phone",
             "booked_at", "status", "amount"),
            ("booking_no",),
            lawful.bookings,
            _of_night,
        ),
        Dataset(
            "incidents",
            ("incident_no", "staff_no", "occurred_at", "rule", "amount", "note", "reported_by",
             "status"),
            ("incident_no",),
            lawful.incidents,
            _of_night,
            derived=("night",),
        ),
        Dataset(
            "waivers",
            ("staff_no", "night", "rule", "source", "waived_by", "reason"),
            ("staff_no", "night", "rule", "source"),
            lawful.waivers,
            _of_night,
        ),
    )
}  # fmt: skip
"""In the order in which they are written, what is referred to before what refers to it."""

_EFFECTIVE_AFTER_LEAVING = ("attendance", "outings", "bookings", "incidents")
_DECISION = ("status", "decided_by", "decided_at")
_JUDGED_OF_STAFF = ("position", "on_roll", "hired_on", "left_on", "monthly_wage")


class _Undo(Exception):
    """Rolls the transaction back."""


@uncollected()
def intake(
    desk: Desk, tables: Sequence[Table], *, reason: str | None = None, dry_run: bool = False
) -> Report:
    """Records all rows of all tables, or none where anything is refused: then the report says so,
    and each table holds the problems of its own cells. `dry_run` records nothing either way.

    `reason` is needed where a closed month's facts are corrected. Raises Refused where whoever
    works at the desk may not import.
    """
    report = Report()
    try:
        with desk.change():
            require(desk, "import")
            intake = _Intake(desk, tables, reason, report)
            intake.run()
            if report.refused or dry_run or not report.changed:
                raise _Undo
    except _Undo:
        pass
    return report


class _Intake:
    """One import on its way through the checks, inside its transaction."""

    def __init__(
        self, desk: Desk, tables: Sequence[Table], reason: str | None, report: Report
    ) -> None:
        self.desk = desk
        self.reason = reason
        self.report = report
        self.by_dataset: dict[str, list[Table]] = {name: [] for name in DATASETS}
        for table in tables:
            self.by_dataset[table.name].append(table)
        self.stored = {
            name: _stored(DATASETS[name], tables)
            for name, tables in self.by_dataset.items()
            if tables
        }
        self.register = self._register()
        self.complete = all(
            table.complete for table in self.by_dataset["staff"] + self.by_dataset["places"]
        )
        self.changes: dict[str, list[_Change]] = {}

    def run(self) -> None:
        for name, tables in self.by_dataset.items():
            for table in tables:
                self._check(DATASETS[name], table)
        self._one_live_booking()
        if self._refused():
            return
        for name, tables in self.by_dataset.items():
            if tables:
                self.changes[name] = self._compare(DATASETS[name], tables)
        self._before_hiring()
        self._closed_months()
        if self._refused() or not self.report.changed:
            return
        before = self._write()
        first, last = self._nights_touched()
        self.report.charges = len(rejudge(self.desk, first, last))
        self._waived_charges()
        try:
            months.correct(self.desk, self.reason, first, last)
        except Refused as refusal:
            self.report.problems += refusal.problems
        if self._refused():
            return
        self.desk.record(
            "import",
            before=before or None,
            after={
                **{name: count._asdict() for name, count in self.report.counts.items()},
                "sha256": sorted(t.sha256 for ts in self.by_dataset.values() for t in ts),
                "charges": self.report.charges,
            },
            reason=self.reason,
        )

    def _refused(self) -> bool:
        tables = (table for tables in self.by_dataset.values() for table in tables)
        bad = any(table.problems for table in tables)
        self.report.refused = bad or bool(self.report.problems)
        return self.report.refused

    def _register(self) -> Register:
        """The people and places as they will be. A row that is bad still says that its staffer
        or place exists, so that nothing is complained of twice."""
        people, places = lawful.people(), lawful.places()
        for table in self.by_dataset["staff"]:
            columns = table.columns
            for staff_no, position, superior, hired_on, left_on in zip(
                *(columns[c] for c in ("staff_no", "position", "supervisor_no", "hired_on",
                                       "left_on")),
                strict=True,
            ):  # fmt: skip
                if staff_no is not None:
                    people[staff_no] = Person(
                        position or "supervisor", superior, hired_on or FIRST_NIGHT, left_on
                    )
        for table in self.by_dataset["places"]:
            for place, kind in zip(table.columns["place"], table.columns["kind"], strict=True):
                if place is not None:
                    places[place] = kind
        return Register(people, places, self.desk.calendar, self.desk.versions)

    def _check(self, dataset: Dataset, table: Table) -> None:
        suspects = (
            self._suspect_attendance(table) if dataset.name == "attendance" else range(len(table))
        )
        stored = self.stored[dataset.name]
        columns = [table.columns[column] for column in dataset.columns]
        for i in suspects:
            fact = {name: column[i] for name, column in zip(dataset.columns, columns, strict=True)}
            known = stored.get(tuple(_to_store(fact[c]) for c in dataset.key))
            for flaw in dataset.unlawful(fact, self.register):
                if flaw.field.startswith("decided_") and _same_decision(dataset, fact, known):
                    continue
                if "there is no" in flaw.message and not self.complete:
                    continue
                table.refuse(i, flaw.field, flaw)
            if dataset.name in _EFFECTIVE_AFTER_LEAVING:
                self._note_if_left(table, i, fact)

    def _suspect_attendance(self, table: Table) -> Iterable[int]:
        """The rows that need a closer look: a month of a large house has hundreds of thousands of
        rows, nearly all of them lawful, so they are looked at column by column first."""
        columns = table.columns
        nights, numbers = columns["night"], columns["staff_no"]
        people, calendar = self.register.people, self.register.calendar
        suspects = set(table.bad)
        latest = max((p.hired_on for p in people.values()), default=FIRST_NIGHT)
        soonest = min((p.left_on for p in people.values() if p.left_on), default=LAST_NIGHT)
        known = set(nights) - {None}
        if set(numbers) - people.keys() or any(n < latest or n > soonest for n in known):
            for i, (night, number) in enumerate(zip(nights, numbers, strict=True)):
                person = people.get(number)
                if (
                    person is None
                    or night is None
                    or night < person.hired_on
                    or (person.left_on and night > person.left_on)
                ):
                    suspects.add(i)
        starts = {night: calendar.start(night) for night in known}
        ends = {night: calendar.end(night) for night in known}
        for column in ("arrived_at", "made_up_at", "departed_at"):
            suspects.update(
                i
                for i, (night, at) in enumerate(zip(nights, columns[column], strict=True))
                if at is not None and night is not None and not starts[night] <= at < ends[night]
            )
        signs = (columns[c] for c in ("arrived_at", "made_up_at", "departed_at"))
        suspects.update(
            i
            for i, (arrived, made_up, departed) in enumerate(zip(*signs, strict=True))
            if arrived is None and departed is not None and made_up is None
        )
        return sorted(suspects)

    def _note_if_left(self, table: Table, i: int, fact: Fact) -> None:
        if "night" in fact:
            night = fact["night"]
        elif "occurred_at" in fact:
            at = fact["occurred_at"]
            night = None if at is None else self.register.calendar.night(at)
        else:
            night = lawful.outing_night(fact, self.register.calendar)
        if self.register.left(fact["staff_no"], night):
            left_on = self.register.people[fact["staff_no"]].left_on
            table.note(
                i,
                "staff_no",
                problem(
                    "staff_no",
                    "%(staff_no)s left on %(day)s: kept, but without effect",
                    staff_no=fact["staff_no"],
                    day=left_on,
                ),
            )

    def _one_live_booking(self) -> None:
        """At most one live booking for a place, night and turn, in the state after the import."""
        tables = self.by_dataset["bookings"]
        if not tables:
            return
        live = ("booked", "arrived")
        columns = ("booking_no", "night", "place", "turn", "status")
        rows = [
            (table, i, *row)
            for table in tables
            for i, row in enumerate(zip(*(table.columns[c] for c in columns), strict=True))
        ]
        arriving = {row[2] for row in rows}
        dataset = DATASETS["bookings"]
        place_of = [dataset.columns.index(c) for c in ("night", "place", "turn")]
        status = dataset.columns.index("status")
        holders = {
            tuple(stored[at] for at in place_of): key[0]
            for key, stored in self.stored["bookings"].items()
            if stored[status] in live and key[0] not in arriving
        }
        for table, i, booking_no, night, place, turn, state in rows:
            if state not in live or i in table.bad:
                continue
            holder = holders.setdefault((night.isoformat(), place, turn), booking_no)
            if holder != booking_no:
                table.refuse(
                    i,
                    "place",
                    problem(
                        "place",
                        "%(place)s is taken by %(holder)s on %(night)s, turn %(turn)s",
                        place=place,
                        holder=holder,
                        night=night,
                        turn=turn,
                    ),
                )

    def _compare(self, dataset: Dataset, tables: Sequence[Table]) -> list["_Change"]:
        stored = self.stored[dataset.name]
        changes: list[_Change] = []
        for table in tables:
            columns = {name: _column_to_store(table.columns[name]) for name in dataset.columns}
            keys = zip(*(columns[name] for name in dataset.key), strict=True)
            rows = zip(*columns.values(), strict=True)
            changes += [
                _Change(table, i, was, row)
                for i, (was, row) in enumerate(zip(map(stored.get, keys), rows, strict=True))
                if was != row
            ]
        unchanged = sum(map(len, tables)) - len(changes)
        added = sum(change.was is None for change in changes)
        self.report.counts[dataset.name] = Count(added, len(changes) - added, unchanged)
        return changes

    def _before_hiring(self) -> None:
        """Facts recorded earlier that a later `hired_on` would leave before it."""
        moved = {}
        for change in self.changes.get("staff", ()):
            fact = _fact(DATASETS["staff"], change.row)
            was = change.was and _fact(DATASETS["staff"], change.was)
            if was and fact["hired_on"] > was["hired_on"]:
                moved[fact["staff_no"]] = (change, fact["hired_on"])
        if not moved:
            return
        for table, column in (
            ("attendance", "night"), ("bookings", "night"), ("outings", "night"),
            ("incidents", "night"), ("wages", "effective_from"),
        ):  # fmt: skip
            sql = f"SELECT staff_no, min({column}) FROM {table} GROUP BY staff_no"
            for staff_no, earliest in execute(sql).fetchall():
                if staff_no not in moved:
                    continue
                change, hired_on = moved[staff_no]
                if earliest < hired_on:
                    change.table.refuse(
                        change.i,
                        "hired_on",
                        problem(
                            "hired_on",
                            "%(table)s of %(night)s would lie before it",
                            table=table,
                            night=earliest,
                        ),
                    )

    def _closed_months(self) -> None:
        """Facts of closed months are corrected with a reason, or not at all."""
        closed = closings.last_closed()
        if closed is None:
            return
        first_closed = closings.first_closed()
        for name, changes in self.changes.items():
            if name in ("staff", "places"):
                continue  # these count only by what they change: `months.correct` sees that
            for change in changes:
                facts = [self._dated(name, row) for row in (change.was, change.row) if row]
                first = min(DATASETS[name].nights(fact)[0] for fact in facts)
                column = "night" if "night" in change.table.columns else DATASETS[name].key[0]
                if month_of(first) > closed:
                    continue
                if month_of(first) < (first_closed or "") and name != "wages":
                    change.table.refuse(
                        change.i,
                        column,
                        problem(
                            column,
                            "%(night)s lies before %(month)s, the first month that was closed",
                            night=first,
                            month=first_closed,
                        ),
                    )
                elif self.reason is None:
                    change.table.refuse(
                        change.i,
                        column,
                        problem(
                            "reason",
                            "%(month)s is closed: correct it with --reason",
                            month=month_of(first),
                        ),
                    )

    def _dated(self, name: str, row: Row) -> Fact:
        """A row as a fact, its nights as dates, with the night that it is filed under."""
        fact = _fact(DATASETS[name], row)
        for column in ("night", "first_night", "last_night", "effective_from", "hired_on"):
            if fact.get(column) is not None:
                fact[column] = date.fromisoformat(fact[column])
        if name == "outings":
            fact["night"] = lawful.outing_night(fact, self.desk.calendar)
        elif name == "incidents":
            fact["night"] = self.desk.calendar.night(fact["occurred_at"])
        return fact

    def _write(self) -> dict[str, list[Mapping[str, Any]]]:
        """Writes what differs; gives what stood before, by dataset."""
        before: dict[str, list[Mapping[str, Any]]] = {}
        for name, changes in self.changes.items():
            dataset = DATASETS[name]
            if not changes:
                continue
            replaced = [change for change in changes if change.was is not None]
            if replaced:
                before[name] = [
                    {"was": _public(dataset, change.was), "now": _public(dataset, change.row)}
                    for change in replaced
                ]
            rows: list[Row] = [change.row for change in changes]
            if dataset.derived:
                rows = [(*row, self._dated(name, row)["night"].isoformat()) for row in rows]
            if name == "bookings" and replaced:
                # Two live bookings may swap their places: neither update alone would be lawful.
                sql = "DELETE FROM bookings WHERE booking_no = ?"
                execute_many(sql, [(change.row[0],) for change in replaced])
            upsert(name, dataset.columns + dataset.derived, dataset.key, rows)
        return before

    def _nights_touched(self) -> tuple[date, date]:
        """The span of nights whose judgement the changes may alter."""
        first, last = LAST_NIGHT, FIRST_NIGHT
        for name, changes in self.changes.items():
            dataset = DATASETS[name]
            if name == "attendance" and changes:
                nights = {change.row[0] for change in changes}
                first = min(first, date.fromisoformat(min(nights)))
                last = max(last, date.fromisoformat(max(nights)))
                continue
            for change in changes:
                rows = [change.row] if change.was is None else [change.was, change.row]
                if name == "staff" and change.was is not None:
                    was, now = (_fact(dataset, row) for row in rows)
                    if all(was[column] == now[column] for column in _JUDGED_OF_STAFF):
                        continue
                for row in rows:
                    begins, ends = dataset.nights(self._dated(name, row))
                    first, last = min(first, begins), max(last, ends)
        return first, last

    def _waived_charges(self) -> None:
        """A waiver names a charge that the facts give."""
        for change in self.changes.get("waivers", ()):
            key = change.row[:4]
            sql = (
                "SELECT status FROM charges"
                " WHERE staff_no = ? AND night = ? AND rule = ? AND source = ?"
            )
            charge = execute(sql, key).fetchone()
            if charge is None or charge[0] == Status.REVERSED:
                change.table.refuse(
                    change.i,
                    "rule",
                    problem("rule", "the facts give no such charge, so there is nothing to waive"),
                )


class _Change(NamedTuple):
    """A row that differs from what is stored under its key, or is new."""

    table: Table
    i: int
    was: Row | None
    row: Row


def _stored(dataset: Dataset, tables: Sequence[Table]) -> dict[Key, Row]:
    """What is recorded already under the keys that the tables may name."""
    sql = f"SELECT {', '.join(dataset.columns)} FROM {dataset.name}"
    values: tuple[Any, ...] = ()
    if dataset.key[0] == "night":
        nights = [n for table in tables for n in set(table.columns["night"]) if n is not None]
        if not nights:
            return {}
        sql += " WHERE night BETWEEN ? AND ?"
        values = (min(nights).isoformat(), max(nights).isoformat())
    at = [dataset.columns.index(column) for column in dataset.key]
    return {tuple(row[i] for i in at): tuple(row) for row in execute(sql, values)}


def _to_store(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _column_to_store(column: Sequence[Any]) -> Sequence[Any]:
    kind = next((type(value) for value in column if value is not None), None)
    if kind is not date:
        return column
    text = {value: _to_store(value) for value in set(column)}
    return list(map(text.__getitem__, column))


def _fact(dataset: Dataset, row: Row) -> dict[str, Any]:
    return dict(zip(dataset.columns, row, strict=True))


def _public(dataset: Dataset, row: Row | None) -> Mapping[str, Any]:
    fact = _fact(dataset, row or ())
    fact.pop("guest_phone", None)
    return fact


def _same_decision(dataset: Dataset, fact: Fact, known: Row | None) -> bool:
    """A decision once recorded isn't rechecked when positions change."""
    if known is None:
        return False
    was = _fact(dataset, known)
    return all(was[column] == fact[column] for column in _DECISION)
