"""What an import would do, line by line: who and what is new, what changes from what to what, which
cells become blank, and which charges come and go."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from models.imports.importer import Report, RowChange
from models.imports.undo import Undone
from models.ledger.ledger import Difference
from models.rules.charges import Status
from models.rules.guests.register import masked_phone
from models.storage import audit
from models.storage.trail_schema import COVERED
from models.values.datasets import DATASETS, CellKind, Dataset, FileColumn
from models.values.money import format_money
from models.values.nights import Instant
from models.values.text import displayable
from venue_tui.locale import _, ngettext
from venue_tui.words import file_word, word

MOST = 200
"""So many changes of each kind are told; the rest are counted."""

At = Callable[[Instant], str]
"""How a time is written."""

_LONGEST = 40
_STANDING = Status.STANDING.value


def preview(report: Report, at: At, most: int = MOST) -> Iterator[str]:
    """The lines of an import's report, at most so many of a kind, its times as `at` writes them."""
    sentence = _("%(dataset)s: %(added)d new, %(changed)d changed, %(unchanged)d as they were")
    for name, count in report.counts.items():
        yield sentence % {"dataset": file_word(name), **count._asdict()}
        changes = report.rows.get(name, [])
        yield from _some(
            (_change(DATASETS[name], each, report.names, at) for each in changes),
            len(changes),
            most,
        )
    yield from charges(report.differences, report.names, most)


def charges(
    differences: list[Difference], names: dict[str, str], most: int = MOST
) -> Iterator[str]:
    """Which charges come and go, and their sums."""
    if not differences:
        return
    counted = ngettext(
        "%d charge follows or was changed.", "%d charges follow or were changed.", len(differences)
    )
    yield counted % len(differences)
    lines = (_charge(each, names) for each in differences)
    yield from _some(lines, len(differences), most)
    come = go = 0
    for _key, was, now in differences:
        more = _amount(now) - (_amount(was) if was is not None else 0)
        if more > 0:
            come += more
        else:
            go -= more
    yield _("Charged more: %(more)s; charged less: %(less)s.") % {
        "more": format_money(come),
        "less": format_money(go),
    }


def undone(what: Undone, most: int = MOST) -> Iterator[str]:
    """What taking an import back did."""
    for name in DATASETS:
        removed, restored = what.removed.get(name, 0), what.restored.get(name, 0)
        if removed or restored:
            yield _("%(dataset)s: %(removed)d removed, %(restored)d as they were before") % {
                "dataset": file_word(name),
                "removed": removed,
                "restored": restored,
            }
    yield from charges(what.differences, {}, most)


def told_rows(rows: Iterable[audit.AuditedRow], at: At) -> Iterator[str]:
    """The rows of a line of the audit trail: what each was and became, its times as `at` writes
    them."""
    for table, was, now in rows:
        dataset = DATASETS.get(table)
        if dataset is None:
            continue
        known = [column for column in dataset.columns if column.name not in COVERED]
        columns = {column.name: column for column in known}
        before, after = ({name: (row or {}).get(name) for name in columns} for row in (was, now))
        what = f"{file_word(table)} {_key(dataset, after if now else before, at)}"
        if now is None:
            yield _("%s: removed") % what
            continue
        told = [
            f"{file_word(name)} {_shown(column, before[name], at)} → "
            f"{_shown(column, after[name], at)}"
            if was is not None
            else f"{file_word(name)} {_shown(column, after[name], at)}"
            for name, column in columns.items()
            if name not in dataset.key and before[name] != after[name]
        ]
        yield f"{what}: {', '.join(told)}"


def _some(lines: Iterable[str], count: int, most: int) -> Iterator[str]:
    for place, line in enumerate(lines):
        if place == most:
            yield "  " + _("and %d more") % (count - most)
            return
        yield f"  {displayable(line)}"


def _change(dataset: Dataset, change: RowChange, names: dict[str, str], at: At) -> str:
    now = dict(zip(dataset.names, change.now, strict=True))
    what = _key(dataset, now, at)
    staff_no = now.get("staff_no")
    if staff_no in names and (name := names[staff_no]) != what:
        what = f"{what} {name}" if "staff_no" in dataset.key else f"{what} ({staff_no} {name})"
    if change.was is None:
        told = [
            f"{file_word(column.name)} {_shown(column, now[column.name], at)}"
            for column in dataset.columns
            if column.name not in dataset.key
            and now[column.name] is not None
            and not (column.name == "name" and now["name"] in what)
        ]
        return _("new: %s") % ", ".join((what, *told))
    was = dict(zip(dataset.names, change.was, strict=True))
    told = []
    for column in dataset.columns:
        before, after = was[column.name], now[column.name]
        if before == after:
            continue
        shown = _shown(column, before, at)
        if after is None:
            told.append(
                _("%(column)s %(was)s becomes blank")
                % {"column": file_word(column.name), "was": shown}
            )
        else:
            told.append(f"{file_word(column.name)} {shown} → {_shown(column, after, at)}")
    return f"{what}: {', '.join(told)}"


def _key(dataset: Dataset, row: Mapping[str, Any], at: At) -> str:
    """The key of a row as a person reads it."""
    return " ".join(
        at(row[name]) if dataset.column[name].kind is CellKind.INSTANT else str(row[name])
        for name in dataset.key
    )


def _shown(column: FileColumn, value: Any, at: At) -> str:
    if value is None:
        return _("blank")
    if column.name in audit.PRIVATE:  # read whole in the file, or by an action of its own
        return masked_phone(value)
    match column.kind:
        case CellKind.INSTANT:
            return at(value)
        case CellKind.MONEY:
            return format_money(value)
        case CellKind.YES_NO:
            return word("yes" if value else "no")
    text = str(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _charge(difference: Difference, names: dict[str, str]) -> str:
    (staff_no, night, rule, source), was, now = difference
    name = names.get(staff_no)
    values = {
        "who": f"{staff_no} {name}" if name else staff_no,
        "night": night,
        "rule": rule,
        "source": source,
        "was": format_money(_amount(was)),
        "now": format_money(_amount(now)),
        "status": now[1],
    }
    if was is None or was[1] == Status.REVERSED.value:
        if now[1] == Status.WAIVED.value:
            return _("waived: %(who)s %(night)s %(rule)s (%(source)s)") % values
        return _("comes: %(who)s %(night)s %(rule)s (%(source)s) %(now)s") % values
    if now[1] == Status.REVERSED.value:
        return _("goes: %(who)s %(night)s %(rule)s (%(source)s) %(was)s") % values
    return _("changes: %(who)s %(night)s %(rule)s (%(source)s) %(was)s → %(now)s") % values


def _amount(held: tuple[int, str, str] | None) -> int:
    """What is charged: nothing where it is waived or reversed."""
    return held[0] if held is not None and held[1] == _STANDING else 0
