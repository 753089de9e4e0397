"""A month's deductions as the rows of a profile. Whatever a row is, the rows of a staffer add up to
what the month deducts from them: what a limit carries on is a row of its own."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from models.access.permissions import require
from models.access.session import Session
from models.payroll.deductions import Deduction
from models.payroll.exports import charge_statement
from models.payroll.month_sheet import MonthSheet, sheet
from models.storage.employment import Postings
from models.values.datasets import CellKind, FileColumn
from models.values.money import format_money, parse_money
from models.values.nights import Month, first_night, last_night
from models.values.problems import Problem, Refused, problem
from venue_tui.exchange.payroll_profiles.profile import ROWS, Profile, fill
from venue_tui.locale import N_, _, current_language
from venue_tui.words import word

__all__ = ["ROWS", "ProfileRows", "profile_rows"]

_NOT_IN_AN_ID = re.compile(r"[^0-9A-Za-z]+")
_BALANCES = {
    "adjustments": N_("Adjustments"),
    "carried_in": N_("Carried in"),
    "limit": N_("Above the month's limit"),
}
"""What, besides charges, a month's deduction is made of."""


class ProfileRows(NamedTuple):
    """The columns and rows of a profile's file, and whether its month is closed."""

    columns: tuple[FileColumn, ...]
    rows: list[list[str | None]]
    closed: bool


class _Part(NamedTuple):
    """One row to be: `amount` in cents, and the fields that only it has."""

    kind: str
    amount: int
    fields: dict[str, str]


def profile_rows(session: Session, profile: Profile, month: Month) -> ProfileRows:
    """A month's deductions as a profile has them, by staff number. Names of rules are in the
    language that is spoken. Raises Refused for whoever may not export, and for what the profile
    can't say: two staffers of one id, an amount below zero where that is refused."""
    require(session, "export")
    found = sheet(session, month)
    charges = _charges(session, found) if profile.rows == "charge" else {}
    positions = Postings().on(last_night(month))
    rows: list[list[str | None]] = []
    problems: list[Problem] = [*_shared_ids(profile, found)]
    for row in found.rows:
        common = _common(session, month, row, positions[row.staff_no].position)
        for part in _parts(profile, found, row, charges.get(row.staff_no, [])):
            if part.amount == 0 and not profile.zeros:
                continue
            if part.amount < 0 and profile.negative == "refuse":
                problems.append(
                    problem(
                        "amount",
                        "%(staff_no)s is paid %(amount)s back, which this profile can't say",
                        staff_no=row.staff_no,
                        amount=format_money(-part.amount),
                    )
                )
                continue
            refund = part.amount < 0 and profile.negative == "absolute"
            amount = abs(part.amount) if refund else part.amount
            fields = {
                **common,
                **part.fields,
                "amount": format_money(amount),
                "row": str(len(rows) + 1),
            }
            kind = part.kind
            rows.append(
                [fill(each.template(kind, refund), fields) or None for each in profile.columns]
            )
    if problems:
        raise Refused(*problems)
    columns = tuple(
        FileColumn(each.header, CellKind.MONEY if each.is_money else CellKind.TEXT, each.header)
        for each in profile.columns
    )
    return ProfileRows(columns, rows, found.closing is not None)


def _parts(
    profile: Profile, found: MonthSheet, row: Deduction, charges: list[_Part]
) -> Iterator[_Part]:
    """A staffer's rows, which add up to what is deducted."""
    if profile.rows == "staffer":
        yield _Part("staffer", row.deducted, {"summary": _summary(found, row)})
        return
    if profile.rows == "charge":
        parts = charges
    else:
        titles = _titles(found)
        parts = [
            _Part(
                "rule",
                amount,
                {
                    "rule": code,
                    "RULE": code.upper(),
                    "rule_title": titles.get(code, code),
                    "count": str(count),
                },
            )
            for code, (count, amount) in _in_order(found, row)
        ]
    yield from parts
    limit = row.deducted - row.charges_total - row.adjustments - row.carried_in
    for code, amount in (
        ("adjustments", row.adjustments),
        ("carried_in", row.carried_in),
        ("limit", limit),
    ):
        if amount:
            title = _(_BALANCES[code])
            yield _Part(
                profile.rows,
                amount,
                {"rule": code, "RULE": code.upper(), "rule_title": title, "count": "1",
                 "reason": title},
            )  # fmt: skip


def _charges(session: Session, found: MonthSheet) -> dict[str, list[_Part]]:
    """The month's standing charges by staff number, a part each."""
    titles = _titles(found)
    language = "en" if current_language() == "en" else "zh-Hans"
    parts: dict[str, list[_Part]] = {}
    for cells in charge_statement(session, [found.month], language):
        _month, night, staff_no, _name, rule, clause, source, amount, status, reason = (
            cell or "" for cell in cells
        )
        if status == "standing":
            fields = {
                "night": night,
                "rule": rule,
                "RULE": rule.upper(),
                "rule_title": titles.get(rule, rule),
                "clause": clause,
                "count": "1",
                "source": source,
                "reason": reason,
            }
            parts.setdefault(staff_no, []).append(_Part("charge", parse_money(amount), fields))
    return parts


def _common(session: Session, month: Month, row: Deduction, position: str) -> dict[str, str]:
    money = ("charges_total", "adjustments", "carried_in", "deducted", "carried_out", "sales",
             "sales_voided", "sales_counted")  # fmt: skip
    return {
        "venue": session.venue,
        "month": month,
        "month_id": month.replace("-", "_"),
        "month_start": first_night(month).isoformat(),
        "month_end": last_night(month).isoformat(),
        "staff_no": row.staff_no,
        "staff_id": _id(row.staff_no),
        "name": row.name,
        "team": row.team or "",
        "position": word(position),
        "monthly_wage": format_money(row.wage),
        **{name: format_money(getattr(row, name)) for name in money},
    }


def _summary(found: MonthSheet, row: Deduction) -> str:
    titles = _titles(found)
    told = [
        _("%(rule)s × %(count)d") % {"rule": titles.get(code, code), "count": count}
        for code, (count, _amount) in _in_order(found, row)
    ]
    limit = row.deducted - row.charges_total - row.adjustments - row.carried_in
    for code, amount in (
        ("adjustments", row.adjustments),
        ("carried_in", row.carried_in),
        ("limit", limit),
    ):
        if amount:
            told.append(f"{_(_BALANCES[code])} {format_money(amount)}")
    return "; ".join(told)


def _in_order(found: MonthSheet, row: Deduction) -> list[tuple[str, tuple[int, int]]]:
    """What was charged by rule, in the rulebook's order."""
    return [(code, row.by_rule[code]) for code, _titles in found.rules if code in row.by_rule]


def _titles(found: MonthSheet) -> dict[str, str]:
    language = current_language()
    return {
        code: titles.get(language) or titles.get("zh-Hans") or code for code, titles in found.rules
    }


def _shared_ids(profile: Profile, found: MonthSheet) -> Iterator[Problem]:
    """Two staffers whose numbers make the same id, where the profile names ids."""
    used = (each.template(profile.rows, False) for each in profile.columns)
    if not any("{staff_id}" in template for template in used):
        return
    whose: dict[str, str] = {}
    for row in found.rows:
        other = whose.setdefault(_id(row.staff_no), row.staff_no)
        if other != row.staff_no:
            yield problem(
                "staff_id",
                "%(one)s and %(other)s make the same id, %(id)s",
                one=other,
                other=row.staff_no,
                id=_id(row.staff_no),
            )


def _id(staff_no: str) -> str:
    """The staff number as part of an external id, which takes letters, digits and `_` alone."""
    return _NOT_IN_AN_ID.sub("_", staff_no)
