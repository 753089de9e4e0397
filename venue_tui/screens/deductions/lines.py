"""A month's sheet as columns and rows: staffers by rules, the totals on top."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat

from models.payroll.deductions import Deduction
from models.payroll.month_sheet import MonthSheet, Totals, totals
from models.values.money import format_money
from venue_tui.locale import N_, _, ngettext
from venue_tui.screens.rules.rule_words import title_of
from venue_tui.widgets.columns import Column, two_lines
from venue_tui.widgets.line_list import Row
from venue_tui.widgets.lines import Line, line
from venue_tui.words import listed

ALL = " all"
"""The key of the row of totals: no staff number begins with a space."""

EVERYONE, CHARGED, OVER = VIEWS = ("everyone", "charged", "over")

VIEW_NAMES = {
    EVERYONE: N_("everyone"),
    CHARGED: N_("only who has something to pay"),
    OVER: N_("only those over a fifth of their wage"),
}

FIXED = 2
"""So many columns stay when the rest is scrolled sideways: number and name."""


def in_view(rows: Iterable[Deduction], view: str) -> list[Deduction]:
    """The rows that a view shows."""
    if view == CHARGED:
        return [row for row in rows if row.charges_total or row.adjustments or row.deducted]
    if view == OVER:
        return [row for row in rows if row.over_a_fifth]
    return list(rows)


def charged_rules(sheet: MonthSheet) -> list[str]:
    """The codes of the rules that somebody is charged under, in the sheet's order."""
    charged = {code for row in sheet.rows for code in row.by_rule}
    return [code for code, _titles in sheet.rules if code in charged]


def sheet_columns(sheet: MonthSheet, *, told: bool) -> Iterator[Column]:
    """What everybody pays first, then a column for each rule that somebody is charged under.
    Where those are `told` beside the sheet, of who is selected, there are only as many as fit."""
    spare = iter(range(99, 0, -1) if told else repeat(0))
    yield Column(_("No."), 4)
    yield Column(_("Name"), 10, share=1)
    yield Column(_("Charged"), 9, right=True)
    yield Column(_("Deducted"), 9, right=True)
    yield Column(_("Note"), 18, tinted=True)
    titles = dict(sheet.rules)
    for code in charged_rules(sheet):
        title = title_of(titles[code], code)
        yield Column(title, max(10, two_lines(title)), right=True, spare=next(spare))
    yield Column(_("Adjusted"), 9, right=True, spare=next(spare))
    yield Column(_("Carried in"), 10, right=True, spare=next(spare))
    yield Column(_("Carried out"), 11, right=True, spare=next(spare))
    yield Column(_("Wage"), 9, right=True, spare=next(spare))
    yield Column(_("Sales"), 10, right=True, spare=next(spare))


def sheet_rows(sheet: MonthSheet) -> dict[str, Row]:
    """A line for each row of the sheet, by staff number."""
    codes = charged_rules(sheet)
    return {row.staff_no: _row(row, codes) for row in sheet.rows}


def _row(row: Deduction, codes: Sequence[str]) -> Row:
    by_rule = row.by_rule
    cells = (
        row.staff_no,
        row.name,
        _money(row.charges_total),
        format_money(row.deducted),
        note(row),
        *(_counted(by_rule[code]) if code in by_rule else "" for code in codes),
        _money(row.adjustments),
        _money(row.carried_in),
        _money(row.carried_out),
        format_money(row.wage),
        _money(row.sales_counted),
    )
    return Row(row.staff_no, cells, "warning" if row.over_a_fifth else "")


def total_row(sheet: MonthSheet, rows: Sequence[Deduction]) -> Row:
    """The line of what these rows of the sheet come to."""
    return _total_row(totals(rows), charged_rules(sheet), len(rows))


def note(row: Deduction) -> str:
    """What payroll should look at before it takes the deduction."""
    notes = []
    if row.over_a_fifth:
        notes.append(_("over 1/5"))
    if row.dismissed:
        notes.append(_("dismissed"))
    if row.deemed_resigned:
        notes.append(_("resigned"))
    if row.sales_voided:
        notes.append(_("sales void"))
    return listed(notes)


def _total_row(sums: Totals, codes: Sequence[str], count: int) -> Row:
    over = ""
    if sums.over_a_fifth:
        over = ngettext("%(n)s over 1/5", "%(n)s over 1/5", sums.over_a_fifth)
        over %= {"n": sums.over_a_fifth}
    cells = (
        _("All"),
        str(count),
        format_money(sums.charges_total),
        format_money(sums.deducted),
        over,
        *(_counted(sums.by_rule[code]) if code in sums.by_rule else "" for code in codes),
        _money(sums.adjustments),
        _money(sums.carried_in),
        _money(sums.carried_out),
        format_money(sums.wage),
        _money(sums.sales_counted),
    )
    return Row(ALL, cells, "strong")


def row_lines(row: Deduction, sheet: MonthSheet) -> list[Line]:
    """What a staffer's month is made of: each rule, what is due, what is deducted of it."""
    lines = [line(f"{row.name}  {row.staff_no}", "strong")]
    if row.team:
        lines.append(line(row.team, "muted"))
    if said := note(row):
        lines.append(line(said, "warning"))
    lines += [line(""), *_rule_lines(row.by_rule, sheet)]
    if not row.by_rule:
        lines.append(line(_("Nothing was charged."), "muted"))
    lines.append(line(""))
    lines += _sum_lines(
        (
            (_("Charged"), row.charges_total),
            (_("Adjusted"), row.adjustments),
            (_("Carried in"), row.carried_in),
            (_("Carried out"), row.carried_out),
        )
    )
    lines.append(_sum_line(_("Deducted"), row.deducted, "strong"))
    lines.append(_sum_line(_("Wage"), row.wage, "muted"))
    if row.sales_counted:
        lines.append(_sum_line(_("Sales"), row.sales_counted, "muted"))
    return lines


def total_lines(sheet: MonthSheet, rows: Sequence[Deduction]) -> list[Line]:
    """What these rows of the sheet come to, rule by rule."""
    sums = totals(rows)
    lines = [line(_("All"), "strong"), line(""), *_rule_lines(sums.by_rule, sheet), line("")]
    lines += _sum_lines(((_("Charged"), sums.charges_total), (_("Adjusted"), sums.adjustments)))
    return [*lines, _sum_line(_("Deducted"), sums.deducted, "strong")]


def _rule_lines(by_rule: Mapping[str, tuple[int, int]], sheet: MonthSheet) -> list[Line]:
    return [
        _sum_line(title_of(titles, code), by_rule[code][1], "bad", f" ({by_rule[code][0]})")
        for code, titles in sheet.rules
        if code in by_rule
    ]


def _sum_lines(sums: Iterable[tuple[str, int]]) -> list[Line]:
    return [_sum_line(name, cents) for name, cents in sums if cents]


def _sum_line(name: str, cents: int, style: str = "", after: str = "") -> Line:
    """What something comes to. The amount stands in front: it is what is looked for, and a long
    name gives way to it."""
    return ((f"{format_money(cents):>10}{after:5} ", style), (name, ""))


def _money(cents: int) -> str:
    return format_money(cents) if cents else ""


def _counted(charges: tuple[int, int]) -> str:
    count, cents = charges
    return f"{format_money(cents)} ({count})"
