"""Taking in whole files of facts, all or nothing.

A file comes as a `Table`: typed columns, already read cell by cell. Here its rows are checked
against the state that will stand once all of them are recorded, compared with what is recorded
already, written where they differ, and the nights they touch judged anew: one transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from models.access.permissions import require
from models.access.session import Session
from models.imports.checks import Checks
from models.imports.dataset_rules import derived_of, of_night, rules_of, whole
from models.imports.file_table import FileTable
from models.imports.self_dealing import refuse_what_needs_another
from models.imports.stored_rows import Row, by_column, by_keys, fill_lacking, stored, to_store
from models.imports.undo import FACTS_AFTER_HIRING, keep
from models.ledger import closings
from models.ledger.ledger import Difference, rejudge
from models.ledger.own_charges import own_charges_let_go
from models.payroll import months
from models.payroll.sale_corrections import correct_sales
from models.rules.charges import Status
from models.rules.validation import Fact
from models.storage.database import execute, execute_many, upsert
from models.storage.gc_pause import uncollected
from models.values.datasets import DATASETS, Dataset
from models.values.nights import FIRST_NIGHT, LAST_NIGHT, month_of
from models.values.problems import Code, Problem, Refused, problem


class Count(NamedTuple):
    """How many rows of a dataset were new, changed something, or stood already."""

    added: int
    changed: int
    unchanged: int


class RowChange(NamedTuple):
    """A row as the database keeps it: what stood before (None: nothing), and what it becomes."""

    was: Row | None
    now: Row


@dataclass(slots=True)
class Report:
    """What an intake did, or why it did nothing."""

    counts: dict[str, Count] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    """What is wrong with the whole, rather than with a cell of it."""
    refused: bool = False
    rows: dict[str, list["RowChange"]] = field(default_factory=dict)
    """By dataset, the rows that are new or differ from what is recorded."""
    differences: list[Difference] = field(default_factory=list)
    """How the charges change."""
    names: dict[str, str] = field(default_factory=dict)
    """Of whoever is concerned first, by staff_no."""

    @property
    def charges(self) -> int:
        """How many charges were added, changed or reversed."""
        return len(self.differences)

    @property
    def changed(self) -> bool:
        return any(count.added or count.changed for count in self.counts.values())


_IN_FORCE_FROM = ("wages", "postings", "rehires")
"""Datasets whose rows bear on every later night."""

_JUDGED_OF_STAFF = ("position", "on_roll", "hired_on", "left_on", "monthly_wage")


_MOST_NAMED = 200
"""So many changes of each kind are told with names."""


class _Undo(Exception):
    """Rolls the transaction back."""


@uncollected()
def intake(
    session: Session,
    tables: Sequence[FileTable],
    *,
    reason: str | None = None,
    dry_run: bool = False,
    new_numbers: bool = False,
) -> Report:
    """Records all rows of all tables, or none where anything is refused: then the report says so,
    and each table holds the problems of its own cells. `dry_run` records nothing either way.

    `new_numbers` takes keys that look like others. `reason` is needed where a closed month's facts
    are corrected. Raises Refused where whoever is signed in may not import.
    """
    report = Report()
    reason = reason.strip() or None if reason is not None else None
    try:
        with session.change():
            require(session, "import")
            intake = _Intake(session, tables, reason, report, new_numbers)
            intake.run()
            if report.refused or dry_run or not report.changed:
                raise _Undo
    except _Undo:
        pass
    return report


class _Intake:
    """One import on its way through the checks, inside its transaction."""

    def __init__(
        self,
        session: Session,
        tables: Sequence[FileTable],
        reason: str | None,
        report: Report,
        new_numbers: bool,
    ) -> None:
        self.session = session
        self.reason = reason
        self.new_numbers = new_numbers
        self.report = report
        self.by_dataset: dict[str, list[FileTable]] = {name: [] for name in DATASETS}
        for table in tables:
            self.by_dataset[table.name].append(table)
        self.stored = {
            name: stored(DATASETS[name], tables)
            for name, tables in self.by_dataset.items()
            if tables
        }
        for name, tables in self.by_dataset.items():
            for table in tables:
                fill_lacking(DATASETS[name], table, self.stored[name])
        self.changes: dict[str, list[_Change]] = {}
        self.written: dict[str, list[Row]] = {}

    def run(self) -> None:
        Checks(self.session, self.by_dataset, self.stored, self.new_numbers).run()
        if self._refused():
            return
        for name, tables in self.by_dataset.items():
            if tables:
                self.changes[name] = self._compare(DATASETS[name], tables)
        self.report.rows = {
            name: [RowChange(change.was, change.row) for change in changes]
            for name, changes in self.changes.items()
        }
        refuse_what_needs_another(
            self.session,
            {
                name: [
                    (
                        each.table,
                        each.i,
                        None if each.was is None else by_column(DATASETS[name], each.was),
                        by_column(DATASETS[name], each.row),
                    )
                    for each in changes
                ]
                for name, changes in self.changes.items()
                if self.session.actor is not None
            },
        )
        self._before_hiring()
        self._closed_months()
        if self._refused() or not self.report.changed:
            return
        self._write()
        first, last = self._nights_touched()
        if first <= last:
            self.report.differences = rejudge(self.session, first, last)
            self.report.problems += own_charges_let_go(self.session, self.report.differences)
        self._waived_charges()
        if self._refused():
            return
        self.report.names = self._names()
        keep(self._replaced())
        self.session.record(
            "import",
            after={
                **{name: count._asdict() for name, count in self.report.counts.items()},
                "sha256": sorted({t.sha256 for ts in self.by_dataset.values() for t in ts}),
                "charges": self.report.charges,
            },
            reason=self.reason,
        )
        # What closed months come to has lines of its own, after the one that tells the rows.
        try:
            if first <= last:
                months.correct(self.session, self.reason, first, last)
            correct_sales(self.session, self._sales_touched(), self.reason)
        except Refused as refusal:
            self.report.problems += refusal.problems
            self._refused()

    def _sales_touched(self) -> set[str]:
        """The sales that somebody claimed, or that were decided."""
        return {
            by_column(DATASETS[name], row)["deal_no"]
            for name in ("claims", "credit_decisions")
            for change in self.changes.get(name, ())
            for row in (change.was, change.row)
            if row is not None
        }

    def _replaced(self) -> dict[str, list[Row]]:
        """What stood before in the rows that were changed, with the columns that no file has."""
        return {
            name: self._whole(DATASETS[name], [change.was for change in changes if change.was])
            for name, changes in self.changes.items()
            if any(change.was for change in changes)
        }

    def _names(self) -> dict[str, str]:
        """The names of whoever is mentioned among the first changes."""
        numbers = {difference.key.staff_no for difference in self.report.differences[:_MOST_NAMED]}
        for name, changes in self.changes.items():
            if "staff_no" in DATASETS[name].names:
                at = DATASETS[name].names.index("staff_no")
                numbers |= {change.row[at] for change in changes[:_MOST_NAMED] if change.row[at]}
        keys = [(number,) for number in numbers]
        return dict(by_keys("staff", ("staff_no", "name"), ("staff_no",), keys))

    def _refused(self) -> bool:
        tables = (table for tables in self.by_dataset.values() for table in tables)
        bad = any(table.problems for table in tables)
        self.report.refused = bad or bool(self.report.problems)
        return self.report.refused

    def _compare(self, dataset: Dataset, tables: Sequence[FileTable]) -> list["_Change"]:
        stored = self.stored[dataset.name]
        changes: list[_Change] = []
        for table in tables:
            columns = {name: _column_to_store(table.columns[name]) for name in dataset.names}
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
            fact = by_column(DATASETS["staff"], change.row)
            was = change.was and by_column(DATASETS["staff"], change.was)
            if was and fact["hired_on"] > was["hired_on"]:
                moved[fact["staff_no"]] = (change, fact["hired_on"])
        if not moved:
            return
        for table, column in FACTS_AFTER_HIRING:
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
                spans = filter(None, map(rules_of(DATASETS[name]).nights, facts))
                first = min((begins for begins, _ in spans), default=None)
                if first is None:
                    break
                column = "night" if "night" in change.table.columns else DATASETS[name].key[0]
                if month_of(first) > closed:
                    continue
                if month_of(first) < (first_closed or "") and name not in _IN_FORCE_FROM:
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
                            "%(month)s is closed: correct it with %(option)s",
                            month=month_of(first),
                            option="--reason",
                        ).coded(Code.REASON_NEEDED),
                    )

    def _dated(self, name: str, row: Row) -> Fact:
        """A row as a fact, its nights as dates, with the night that it is filed under."""
        fact = by_column(DATASETS[name], row)
        for column in ("night", "first_night", "last_night", "effective_from", "hired_on"):
            if fact.get(column) is not None:
                fact[column] = date.fromisoformat(fact[column])
        fact.update(derived_of(DATASETS[name], fact, self.session.calendar))
        return fact

    def _write(self) -> None:
        """Writes what differs."""
        for name, changes in self.changes.items():
            dataset = DATASETS[name]
            if not changes:
                continue
            replaced = [change.was for change in changes if change.was is not None]
            rows = self._whole(dataset, [change.row for change in changes])
            self.written[name] = rows
            before = iter(self._whole(dataset, replaced))
            was = [None if change.was is None else next(before) for change in changes]
            if name == "bookings" and replaced:
                # Two live bookings may swap their places: neither update alone would be lawful.
                sql = "DELETE FROM bookings WHERE booking_no = ?"
                execute_many(sql, [(row[0],) for row in replaced])
            upsert(name, dataset.names + dataset.derived, dataset.key, rows, was)

    def _whole(self, dataset: Dataset, rows: Sequence[Row]) -> list[Row]:
        """Rows with the columns that no file has."""
        return whole(dataset, rows, self.session.calendar)

    def _nights_touched(self) -> tuple[date, date]:
        """The span of nights whose judgement the changes may alter."""
        first, last = LAST_NIGHT, FIRST_NIGHT
        for name, changes in self.changes.items():
            dataset = DATASETS[name]
            nights = rules_of(dataset).nights
            if nights is of_night and changes:
                filed = self._filed(dataset)
                first = min(first, date.fromisoformat(min(filed)))
                last = max(last, date.fromisoformat(max(filed)))
                continue
            for change in changes:
                rows = [change.row] if change.was is None else [change.was, change.row]
                if name == "staff" and change.was is not None:
                    was, now = (by_column(dataset, row) for row in rows)
                    if all(was[column] == now[column] for column in _JUDGED_OF_STAFF):
                        continue
                for row in rows:
                    span = nights(self._dated(name, row))
                    if span is not None:
                        first, last = min(first, span[0]), max(last, span[1])
        return first, last

    def _filed(self, dataset: Dataset) -> set[str]:
        """The nights under which the rows that change are filed, before and after."""
        changes, names = self.changes[dataset.name], dataset.names
        if "night" in names:
            at = names.index("night")
            return {row[at] for change in changes for row in change[2:] if row is not None}
        at = len(names) + dataset.derived.index("night")
        before = self._whole(dataset, [each.was for each in changes if each.was is not None])
        return {row[at] for row in (*self.written[dataset.name], *before)}

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

    table: FileTable
    i: int
    was: Row | None
    row: Row


def _column_to_store(column: Sequence[Any]) -> Sequence[Any]:
    kind = next((type(value) for value in column if value is not None), None)
    if kind is not date:
        return column
    text = {value: to_store(value) for value in set(column)}
    return list(map(text.__getitem__, column))
