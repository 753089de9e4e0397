"""Taking the last import back as a whole, as long as nothing recorded since stands on it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from models.access.permissions import require
from models.access.session import Session
from models.imports.dataset_rules import rules_of
from models.imports.stored_rows import Row, by_keys
from models.ledger import closings
from models.ledger.ledger import Difference, rejudge
from models.ledger.own_charges import own_charges_let_go
from models.payroll import months
from models.payroll.sale_corrections import correct_sales
from models.rules.charges import ChargeKey, Status
from models.storage import audit
from models.storage.change_coding import as_told
from models.storage.database import execute, execute_many, quoted, upsert
from models.storage.tables import TABLES
from models.values.datasets import DATASETS, Dataset
from models.values.nights import FIRST_NIGHT, LAST_NIGHT, month_of
from models.values.problems import Problem, Refused, problem, refused

_LAST = "SELECT seq, content FROM last_import"
_KEEP = (
    "INSERT INTO last_import (id, seq, content) VALUES (1, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, content = excluded.content"
)
_FORGET = "DELETE FROM last_import WHERE id = ?"
_LINE = "SELECT at, who FROM audit WHERE seq = ?"
_WAIVED = "SELECT 1 FROM waivers WHERE staff_no = ? AND night = ? AND rule = ? AND source = ?"
_APPEALED = _WAIVED.replace("waivers", "appeals")
_MOST = 20
"""So many things that stand on an import are named."""


@dataclass(slots=True)
class Undone:
    """What taking an import back did, or would do: by dataset how many rows were removed and how
    many are as they were before; how the charges changed."""

    seq: int
    at: int
    who: str
    removed: dict[str, int] = field(default_factory=dict)
    restored: dict[str, int] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)


class _Part(NamedTuple):
    """What the import did to one dataset: the rows it wrote as the trail tells them, by key, and
    those it replaced, as they were."""

    dataset: Dataset
    columns: tuple[str, ...]
    wrote: Mapping[Row, Row]
    replaced: Mapping[Row, Row]

    @property
    def added(self) -> list[Row]:
        return [key for key in self.wrote if key not in self.replaced]


class _DryRun(Exception):
    """Rolls the transaction back."""


def keep(replaced: Mapping[str, Sequence[Row]]) -> None:
    """Keeps what an import replaced (rows by dataset, with the columns that no file has), for its
    line of the trail, which comes next."""
    content = json.dumps(replaced, ensure_ascii=False, separators=(",", ":"))
    execute(_KEEP, (audit.head()[0] + 1, content))


def undo(session: Session, *, reason: str | None = None, dry_run: bool = False) -> Undone:
    """Takes the last import back. `reason` is needed where it corrected a closed month; `dry_run`
    changes nothing.

    Raises Refused where there is none to take back, or something recorded since stands on it.
    """
    try:
        with session.change():
            require(session, "import")
            undone = _undo(session, reason)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return undone


def _undo(session: Session, reason: str | None) -> Undone:
    kept = execute(_LAST).fetchone()
    line = execute(_LINE, (kept[0],)).fetchone() if kept is not None else None
    if kept is None or line is None:
        raise refused("import", "there is no import to take back")
    seq, content = kept
    undone = Undone(seq, *line)
    parts = _parts(seq, json.loads(content))
    _refuse(_changed_since(parts))
    spans = list(_spans(session, parts))
    first = min((begins for begins, _ in spans), default=LAST_NIGHT)
    last = max((ends for _, ends in spans), default=FIRST_NIGHT)
    _refuse(_closed_since(seq, first, last))
    gone = {key[0] for part in parts if part.dataset.name == "staff" for key in part.added}
    sales = {
        key[0]
        for part in parts
        if part.dataset.name in ("claims", "credit_decisions")
        for key in part.wrote
    }
    undone.differences = list(_charges_of(gone))
    for part in reversed(parts):
        _take_back(part)
        if part.added:
            undone.removed[part.dataset.name] = len(part.added)
        if part.replaced:
            undone.restored[part.dataset.name] = len(part.replaced)
    _refuse(_before_hiring(parts))
    if first <= last:
        undone.differences += rejudge(session, first, last)
        _refuse(_decided_since(undone.differences))
        _refuse(list(own_charges_let_go(session, undone.differences)))
    execute(_FORGET, (1,))
    session.record(
        "import.undone",
        before={"line": seq},
        after={"removed": undone.removed, "restored": undone.restored,
               "charges": len(undone.differences)},
        reason=reason,
    )  # fmt: skip
    if first <= last:
        months.correct(session, reason, first, last)
    correct_sales(session, sales, reason)
    return undone


def _charges_of(staff: Iterable[str]) -> Iterator[Difference]:
    """What is held against staffers who are to be removed, as reversed."""
    columns = ("staff_no", "night", "rule", "source", "amount", "status", "basis")
    for row in by_keys("charges", columns, ("staff_no",), [(each,) for each in staff]):
        number, night, rule, source, amount, status, basis = row
        if status != Status.REVERSED.value:
            was, now = (amount, status, basis), (amount, Status.REVERSED.value, basis)
            key = ChargeKey(number, date.fromisoformat(night), rule, source)
            yield Difference(key, was, now)


def _parts(seq: int, replaced: Mapping[str, Sequence[Sequence[Any]]]) -> list[_Part]:
    """In the order of the datasets."""
    parts = []
    written: dict[str, tuple[tuple[str, ...], list[Row]]] = {}
    for change in audit.changes_of(seq):
        if change.now is not None and change.table in DATASETS:
            columns, rows = written.setdefault(change.table, (tuple(change.columns), []))
            if columns == tuple(change.columns):
                rows += map(tuple, change.now)
    for dataset in DATASETS.values():
        if dataset.name not in written:
            continue
        columns, rows = written[dataset.name]
        at = [columns.index(column) for column in dataset.key]
        names = dataset.names + dataset.derived
        old_at = [names.index(column) for column in dataset.key]
        parts.append(
            _Part(
                dataset,
                columns,
                {tuple(row[i] for i in at): row for row in rows},
                {
                    tuple(row[i] for i in old_at): tuple(row)
                    for row in replaced.get(dataset.name, ())
                },
            )
        )
    return parts


def _refuse(found: Iterable[Problem]) -> None:
    problems = list(found)
    if problems:
        raise Refused(*problems[:_MOST])


def _changed_since(parts: Iterable[_Part]) -> Iterator[Problem]:
    for dataset, columns, wrote, _ in parts:
        at = [columns.index(column) for column in dataset.key]
        stands = {
            tuple(row[i] for i in at): tuple(as_told(columns, row))
            for row in by_keys(dataset.name, columns, dataset.key, list(wrote))
        }
        for key, row in wrote.items():
            if stands.get(key) != tuple(as_told(columns, row)) and stands.get(key) != row:
                yield problem(
                    "import",
                    "%(dataset)s %(key)s was changed since: the import can't be taken back",
                    dataset=dataset.name,
                    key=" ".join(map(str, key)),
                )


def _closed_since(seq: int, first: date, last: date) -> Iterator[Problem]:
    for closing in closings.closings(month_of(first), month_of(last)):
        month = closing.month
        closed_on = audit.line_of(closing.audit_head) or 0  # clocks may have been set back
        if closed_on >= seq:
            yield problem(
                "import",
                "%(month)s was closed since: the import can't be taken back",
                month=month,
            )


def _take_back(part: _Part) -> None:
    dataset, name = part.dataset, part.dataset.name
    added = part.added
    if added:
        _refuse(_standing_on(dataset, added))
    if name == "staff":
        _forget_charges(added)
    where = " AND ".join(f"{quoted((column,))} = ?" for column in dataset.key)
    gone = [*added, *(part.replaced if name == "bookings" else ())]
    execute_many(f"DELETE FROM {name} WHERE {where}", gone)
    columns = dataset.names + dataset.derived
    upsert(name, columns, dataset.key, list(part.replaced.values()))


def _forget_charges(staff: Sequence[Row]) -> None:
    """The charges of staffers who are to be removed go with them; all others are reversed."""
    execute_many("DELETE FROM charges WHERE staff_no = ?", staff)


def _standing_on(dataset: Dataset, keys: Sequence[Row]) -> Iterator[Problem]:
    """What refers to rows that are to be removed, the import's own having gone already."""
    if dataset.name == "briefings":
        for table in ("attendance", "passed_names", "posts"):
            yield from _referring(table, "night", keys)
    if len(dataset.key) > 1:
        return
    removed = {key[0] for key in keys}
    for model in TABLES:
        for reference in model._meta.refs:
            if reference.rel_model._meta.table_name != dataset.name:
                continue
            table, column = model._meta.table_name, reference.column_name
            if table == "charges":
                continue  # they follow from the facts, and are never deleted
            but = removed if table == dataset.name else frozenset()
            yield from _referring(table, column, keys, but)


def _referring(
    table: str, column: str, keys: Sequence[Row], but: Iterable[Any] = ()
) -> Iterator[Problem]:
    columns = (column,) if not but else (column, *DATASETS[table].key)
    for row in by_keys(table, columns, (column,), keys):
        if but and row[-1] in but:
            continue
        yield problem(
            "import",
            "%(table)s recorded since stands on %(key)s: the import can't be taken back",
            table=table,
            key=row[0],
        )
        return


def _before_hiring(parts: Iterable[_Part]) -> Iterator[Problem]:
    """Facts recorded since that would lie before the day their staffer was hired."""
    staff = next((part for part in parts if part.dataset.name == "staff"), None)
    if staff is None:
        return
    for table, column in FACTS_AFTER_HIRING:
        sql = (
            f"SELECT f.staff_no, min(f.{column}) FROM {table} f"
            f" JOIN staff s ON s.staff_no = f.staff_no WHERE f.{column} < s.hired_on"
            " GROUP BY f.staff_no"
        )
        for staff_no, night in execute(sql).fetchall():
            if (staff_no,) in staff.replaced:
                yield problem(
                    "import",
                    "%(table)s of %(night)s recorded since would lie before %(staff_no)s was hired",
                    table=table,
                    night=night,
                    staff_no=staff_no,
                )


FACTS_AFTER_HIRING = (
    ("attendance", "night"), ("bookings", "night"), ("outings", "night"), ("incidents", "night"),
    ("wages", "effective_from"), ("postings", "effective_from"),
)  # fmt: skip
"""What can't lie before its staffer was hired, and by which column."""


def _decided_since(differences: Iterable[Difference]) -> Iterator[Problem]:
    for key, was, now in differences:
        if was is None or now[1] != Status.REVERSED.value:
            continue
        values = (key[0], key[1].isoformat(), *key[2:])
        for table, sql in (("waivers", _WAIVED), ("appeals", _APPEALED)):
            if execute(sql, values).fetchone() is not None:
                yield problem(
                    "import",
                    "%(table)s recorded since stands on %(key)s: the import can't be taken back",
                    table=table,
                    key=" ".join(values),
                )


def _spans(session: Session, parts: Iterable[_Part]) -> Iterator[tuple[date, date]]:
    for dataset, columns, wrote, replaced in parts:
        nights = rules_of(dataset).nights
        names = dataset.names + dataset.derived
        for own, rows in ((columns, wrote.values()), (names, replaced.values())):
            for row in rows:
                fact = dict(zip(own, row, strict=True))
                for column, value in fact.items():
                    if value is not None and column in DATED:
                        fact[column] = date.fromisoformat(value)
                if (span := nights(fact)) is not None:
                    yield span


DATED = frozenset(
    ("night", "first_night", "last_night", "effective_from", "hired_on", "from_night")
)
"""The columns by which a row's nights are known."""
