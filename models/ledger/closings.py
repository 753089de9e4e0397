"""Which months are closed, and what each keeps: the one place where that text is read back."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple, NotRequired, TypedDict

from models.ledger.deduction import Deduction
from models.storage.database import execute, is_sqlite
from models.values.money import parse_money
from models.values.nights import Instant, Month, month_of
from models.values.problems import refused


class Closing(NamedTuple):
    """A month that is closed: when, the SHA-256 of what was frozen, and the head of the audit
    trail at that time."""

    month: Month
    closed_at: Instant
    digest: str
    audit_head: str


Cells = Sequence[str | None]
"""A row as it is exported, every cell a text."""


class Content(TypedDict):
    """What is frozen, as it is written. A charge's last cells are its sentences, one a language;
    `sums` are (deducted, carried out) in cents by staff_no."""

    rules: list[list[str]]
    deductions: list[list[str | None]]
    charges: list[list[str | None]]
    roll: list[list[str | None]]
    sums: dict[str, list[int]]
    credits: NotRequired[list[list[str | None]]]
    """Whose each sale was; a month that was closed before there was a guest desk has none."""


class FrozenCharge(NamedTuple):
    """A charge as it was frozen; `amount` in cents."""

    staff_no: str
    name: str
    night: str
    rule: str
    source: str
    amount: int
    status: str


class FrozenMonth(NamedTuple):
    """What a closed month keeps: its statements cell by cell, as they are exported again. `rules`
    are (code, title in simplified Chinese)."""

    rules: tuple[tuple[str, str], ...]
    deduction_rows: list[Cells]
    charge_rows: list[Cells]
    roll_rows: list[Cells]
    credit_rows: list[Cells] | None

    def charges(self) -> Iterator[FrozenCharge]:
        """The charges, in cents."""
        for row in self.charge_rows:
            _month, night, staff_no, name, rule, _clause, source, amount, status = (
                each or "" for each in row[:9]
            )
            yield FrozenCharge(staff_no, name, night, rule, source, parse_money(amount), status)

    def deductions(self) -> Iterator[Deduction]:
        """The deductions, in cents."""
        codes = [code for code, _ in self.rules]
        after = 5 + 2 * len(codes)
        for cells in self.deduction_rows:
            _month, staff_no, name, team, wage = cells[:5]
            charged = zip(codes, cells[5:after:2], cells[6:after:2], strict=True)
            total, adjustments, carried_in, deducted, carried_out, sales, voided = (
                _cents(cell) for cell in cells[after : after + 7]
            )
            resigned, dismissed = cells[after + 8 :]
            yield Deduction(
                staff_no=staff_no or "",
                name=name or "",
                team=team,
                wage=_cents(wage),
                by_rule={
                    code: (int(count), _cents(amount))
                    for code, count, amount in charged
                    if count is not None and count != "0"
                },
                charges_total=total,
                adjustments=adjustments,
                carried_in=carried_in,
                deducted=deducted,
                carried_out=carried_out,
                sales=sales,
                sales_voided=voided,
                deemed_resigned=date.fromisoformat(resigned) if resigned else None,
                dismissed=dismissed == "yes",
            )


def frozen(month: Month) -> FrozenMonth | None:
    """What a closed month keeps; None while it is open."""
    row = execute("SELECT content FROM closed_months WHERE month = ?", (month,)).fetchone()
    if row is None:
        return None
    content: Content = json.loads(row[0])
    return FrozenMonth(
        tuple((code, title) for code, title in content["rules"]),
        list(content["deductions"]),
        list(content["charges"]),
        list(content["roll"]),
        list(content["credits"]) if "credits" in content else None,
    )


def frozen_sums(month: Month) -> dict[str, tuple[int, int]] | None:
    """(deducted, carried out) in cents of each staffer's closed month; None while it is open. Reads
    no more of it than that: most of a month is its roll."""
    sums = "json_extract(content, '$.sums')" if is_sqlite() else "content::json ->> 'sums'"
    row = execute(f"SELECT {sums} FROM closed_months WHERE month = ?", (month,)).fetchone()
    if row is None:
        return None
    return {staff_no: (each[0], each[1]) for staff_no, each in json.loads(row[0]).items()}


def _cents(cell: str | None) -> int:
    text = cell or "0"
    return -parse_money(text[1:]) if text.startswith("-") else parse_money(text)


def closings() -> list[Closing]:
    """The closed months in order."""
    rows = execute("SELECT month, closed_at, digest, audit_head FROM closed_months ORDER BY month")
    return [Closing(*row) for row in rows.fetchall()]


def first_closed() -> Month | None:
    month: Month | None = execute("SELECT min(month) FROM closed_months").fetchone()[0]
    return month


def last_closed() -> Month | None:
    month: Month | None = execute("SELECT max(month) FROM closed_months").fetchone()[0]
    return month


def require_open(night: date) -> None:
    """Raises Refused where the night's month is closed."""
    closed = last_closed()
    if closed is not None and month_of(night) <= closed:
        raise refused(
            "night",
            "%(month)s is closed: what was recorded in it is corrected by import --reason",
            month=month_of(night),
        )
