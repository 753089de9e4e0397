"""A month's deductions, charges and roll as they are exported: rows of cells, every one a text.

An open month is stated from the ledger, a closed one as it was frozen.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from models.access.session import Session
from models.ledger.closings import Content, TextRow, frozen
from models.payroll.deductions import MonthDeductions, deductions
from models.rules.charge_reasons import sentence
from models.rules.charges import Outcome
from models.storage.database import execute, quoted
from models.storage.employment import Postings
from models.values.datasets import Dataset
from models.values.money import format_money
from models.values.nights import Month, first_night, last_night

LANGUAGES = ("en", "zh-Hans")
"""The languages of a charge's sentence in an export: of its English and of its Chinese headers."""

_CHARGES = (
    "SELECT c.night, c.staff_no, s.name, c.rule, c.source, c.amount, c.status, c.basis"
    " FROM charges c JOIN staff s ON s.staff_no = c.staff_no"
    " WHERE c.night BETWEEN ? AND ? AND c.status <> 'reversed'"
)


class RuleColumn(NamedTuple):
    """A rule that a month's deductions have columns for."""

    code: str
    title: str
    """In simplified Chinese, for the Chinese headers."""


class DeductionStatement(NamedTuple):
    """The months' rows, and the rules they have columns for."""

    rules: tuple[RuleColumn, ...]
    rows: list[TextRow]


def deduction_statement(session: Session, months: Iterable[Month]) -> DeductionStatement:
    """The months' deductions, one row for a staffer and month. Where months differ in their rules,
    the columns are the last month's, then those of earlier ones; a rule that a month doesn't know
    was not charged in it. The ledger must be settled."""
    parts = [_deductions_of(session, month) for month in months]
    rules: dict[str, RuleColumn] = {}
    for part in reversed(parts):
        for rule in part.rules:
            rules.setdefault(rule.code, rule)
    columns = tuple(rules.values())
    rows: list[TextRow] = []
    for part in parts:
        rows += part.rows if part.rules == columns else _widened(part, columns)
    return DeductionStatement(columns, rows)


def charge_statement(session: Session, months: Iterable[Month], language: str) -> list[TextRow]:
    """The standing and waived charges of the months, by staffer, night, rule and source, with
    their reason in one of LANGUAGES. The ledger must be settled."""
    at = LANGUAGES.index(language)
    rows = []
    for month in months:
        kept = frozen(month)
        cells = kept.charge_rows if kept is not None else _charges_of(session, month)
        rows += [[*row[: -len(LANGUAGES)], row[at - len(LANGUAGES)]] for row in cells]
    rows.sort(key=_charge_key)
    return list(rows)


def roll_statement(session: Session, months: Iterable[Month]) -> list[TextRow]:
    """Everyone on the roll of the months' nights and what became of them, by night and staffer."""
    rows: list[TextRow] = []
    for month in months:
        kept = frozen(month)
        rows += kept.roll_rows if kept is not None else _roll_of(session, month)
    return rows


def freeze(session: Session, month: Month) -> Content:
    """What closing the month now would keep of it."""
    live = deductions(session, month)
    statement = _stated(live)
    return Content(
        rules=[list(rule) for rule in statement.rules],
        deductions=[list(row) for row in statement.rows],
        charges=_charges_of(session, month),
        roll=_roll_of(session, month),
        sums={row.staff_no: [row.deducted, row.carried_out] for row in live.rows},
        credits=credits_of(session, month),
    )


def credits_of(session: Session, month: Month) -> list[list[str | None]]:
    """A month's shares as the facts give them now."""
    from models.ledger.credits import sales_between  # which no other statement waits for

    rows: list[list[str | None]] = []
    for deal, _, credit in sales_between(session, first_night(month), last_night(month)):
        rows += [
            [
                deal.deal_no,
                deal.night.isoformat(),
                share.staff_no,
                str(share.share),
                format_money(share.cents),
                "yes" if share.staff_no is not None and share.staff_no == credit.serves else "no",
                credit.rule,
                credit.clause,
                "decision" if credit.decision is not None else "rule",
            ]
            for share in credit.shares
        ]
    return rows


def _deductions_of(session: Session, month: Month) -> DeductionStatement:
    kept = frozen(month)
    if kept is None:
        return _stated(deductions(session, month))
    rules = tuple(RuleColumn(*rule) for rule in kept.rules)
    return DeductionStatement(rules, kept.deduction_rows)


def _stated(month: MonthDeductions) -> DeductionStatement:
    rules = tuple(RuleColumn(rule.code, rule.title("zh-Hans")) for rule in month.rules)
    place = {rule.code: 2 * i for i, rule in enumerate(rules)}
    nothing = ["0", "0.00"] * len(rules)
    rows: list[TextRow] = []
    for row in month.rows:
        by_rule = nothing
        if row.by_rule:
            by_rule = nothing.copy()
            for code, (count, amount) in row.by_rule.items():
                at = place[code]
                by_rule[at], by_rule[at + 1] = str(count), format_money(amount)
        rows.append(
            (
                month.month,
                row.staff_no,
                row.name,
                row.team,
                format_money(row.wage),
                *by_rule,
                format_money(row.charges_total),
                format_money(row.adjustments),
                format_money(row.carried_in),
                format_money(row.deducted),
                format_money(row.carried_out),
                format_money(row.sales),
                format_money(row.sales_voided),
                format_money(row.sales_counted),
                row.deemed_resigned.isoformat() if row.deemed_resigned else None,
                "yes" if row.dismissed else "no",
            )
        )
    return DeductionStatement(rules, rows)


def _widened(part: DeductionStatement, columns: Sequence[RuleColumn]) -> Iterator[TextRow]:
    place = {rule.code: 5 + 2 * i for i, rule in enumerate(part.rules)}
    after = 5 + 2 * len(part.rules)
    for row in part.rows:
        cells: list[str | None] = []
        for rule in columns:
            at = place.get(rule.code)
            cells += row[at : at + 2] if at is not None else ("0", "0.00")
        yield (*row[:5], *cells, *row[after:])


def _charges_of(session: Session, month: Month) -> list[list[str | None]]:
    span = (first_night(month).isoformat(), last_night(month).isoformat())
    clauses: dict[str, Mapping[str, str]] = {}
    rows: list[list[str | None]] = []
    for night, staff_no, name, rule, source, amount, status, basis in execute(_CHARGES, span):
        if night not in clauses:
            book = session.book(date.fromisoformat(night))
            clauses[night] = {each.code: each.clause for each in book.rules}
        facts = tuple(json.loads(basis))
        rows.append(
            [
                month,
                night,
                staff_no,
                name,
                rule,
                clauses[night][rule],
                source,
                format_money(amount),
                status,
                *(sentence(facts, session.calendar.format, language) for language in LANGUAGES),
            ]
        )
    rows.sort(key=_charge_key)
    return rows


def _charge_key(row: TextRow) -> tuple[str, ...]:
    _, night, staff_no, _, rule, _, source, *_ = row
    return (staff_no or "", night or "", rule or "", source or "")


def _roll_of(session: Session, month: Month) -> list[list[str | None]]:
    names = dict(execute("SELECT staff_no, name FROM staff").fetchall())
    from models.ledger.ledger import judgements  # which no other statement waits for

    postings = Postings()
    rows: list[list[str | None]] = []
    format_at = session.calendar.format
    signs = _signs(month)
    for judgement in judgements(session, first_night(month), last_night(month)):
        night = judgement.night.isoformat()
        for staff_no, outcome in sorted(judgement.outcomes.items()):
            arrived_at, made_up_at = signs.get((night, staff_no), (None, None))
            rows.append(
                [
                    night,
                    staff_no,
                    names[staff_no],
                    postings.team(staff_no, judgement.night),
                    Outcome(outcome).value,
                    None if arrived_at is None else format_at(arrived_at),
                    None if made_up_at is None else format_at(made_up_at),
                ]
            )
    return rows


def recorded(dataset: Dataset, month: Month | None) -> list[tuple[Any, ...]]:
    """What is recorded of a dataset, in the order of its key, its columns as they are stored: of a
    month, where a month can be told, or of all."""
    sql = f"SELECT {quoted(dataset.names)} FROM {dataset.name}"
    values: tuple[str, ...] = ()
    if month is not None and dataset.span is not None:
        begins, ends = dataset.span
        sql = f"{sql} WHERE {begins} <= ? AND {ends} >= ?"
        values = (last_night(month).isoformat(), first_night(month).isoformat())
    rows: list[tuple[Any, ...]] = execute(sql, values).fetchall()
    at = [dataset.names.index(column) for column in dataset.key]
    rows.sort(key=lambda row: [row[i] for i in at])
    return rows


def _signs(month: Month) -> dict[tuple[str, str], tuple[int | None, int | None]]:
    return {
        (night, staff_no): (arrived_at, made_up_at)
        for night, staff_no, arrived_at, made_up_at in execute(
            "SELECT night, staff_no, arrived_at, made_up_at FROM attendance"
            " WHERE night BETWEEN ? AND ?",
            (first_night(month).isoformat(), last_night(month).isoformat()),
        )
    }
