"""A month's deductions by the shortest script that gives the same bytes:
`python plain_export.py DATABASE MONTH OUT`. It imports nothing else, as it is started by itself."""

import csv
import sqlite3
import sys

_RULES = (
    "late", "absence", "left_post", "service_complaint", "booking_fraud", "insubordination",
    "fighting", "grave_misconduct", "drugs", "stored_wine_sale", "theft", "missed_briefing",
)  # fmt: skip
_HEADER = [
    "month", "staff_no", "name", "team", "monthly_wage",
    *(f"{rule}_{what}" for rule in _RULES for what in ("count", "amount")),
    "charges_total", "adjustments", "carried_in", "deducted", "carried_out", "sales",
    "sales_voided", "sales_counted", "deemed_resigned", "dismissed",
]  # fmt: skip
_STANDING = "FROM charges WHERE night BETWEEN ? AND ? AND status = 'standing'"


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def export(path: str, month: str, out: str) -> None:
    """Writes the month's sums by staffer and rule, of a house that nobody left or adjusted."""
    span = (f"{month}-01", f"{month}-31")
    connection = sqlite3.connect(path)
    charges: dict[str, dict[str, tuple[int, int]]] = {}
    for staff_no, rule, count, amount in connection.execute(
        f"SELECT staff_no, rule, count(*), sum(amount) {_STANDING} GROUP BY staff_no, rule", span
    ):
        charges.setdefault(staff_no, {})[rule] = (count, amount)
    absences: dict[str, list[str]] = {}
    for staff_no, night in connection.execute(
        f"SELECT staff_no, night {_STANDING} AND rule = 'absence' ORDER BY staff_no, night", span
    ):
        absences.setdefault(staff_no, []).append(night)
    sales: dict[str, int] = dict(
        connection.execute(
            "SELECT staff_no, sum(amount) FROM bookings"
            " WHERE night BETWEEN ? AND ? AND status = 'left' GROUP BY staff_no",
            span,
        )
    )
    staff = "SELECT staff_no, name, team, monthly_wage FROM staff ORDER BY staff_no"
    with open(out, "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(_HEADER)
        for staff_no, name, team, wage in connection.execute(staff):
            mine = charges.get(staff_no, {})
            cells: list[object] = []
            for rule in _RULES:
                count, amount = mine.get(rule, (0, 0))
                cells += (count, _money(amount))
            total = _money(sum(amount for _, amount in mine.values()))
            sold = _money(sales.get(staff_no, 0))
            absent = absences.get(staff_no, [])
            resigned = absent[2] if len(absent) > 2 else ""
            row = (month, staff_no, name, team, _money(wage), *cells, total, "0.00", "0.00", total)
            writer.writerow((*row, "0.00", sold, "0.00", sold, resigned, "no"))
    connection.close()


if __name__ == "__main__":
    export(*sys.argv[1:])
