"""Which months are closed, and what each keeps: the one place where that text is read back."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple, NotRequired, TypedDict

from models.access.session import LAST_CLOSED
from models.ledger.deduction import Deduction
from models.storage import audit
from models.storage.database import execute, execute_many
from models.values.money import parse_money
from models.values.nights import FIRST_NIGHT, LAST_NIGHT, Instant, Month, month_of
from models.values.problems import refused

FIRST_MONTH, LAST_MONTH = month_of(FIRST_NIGHT), month_of(LAST_NIGHT)
_CLOSINGS = "SELECT month, closed_at, digest, audit_head FROM closed_months"
_DECODER = json.JSONDecoder()


class Closing(NamedTuple):
    """A month that is closed: when, the SHA-256 of what was frozen, and the head of the audit
    trail at that time."""

    month: Month
    closed_at: Instant
    digest: str
    audit_head: str


TextRow = Sequence[str | None]
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


class FrozenMonth:
    """What a closed month keeps: its statements cell by cell, as they are exported again. A part is
    taken out of the text when it is asked for: most of a month is its roll."""

    def __init__(self, content: str) -> None:
        self._content = content

    def _part(self, name: str) -> Any:
        """One of the keys of `Content`. No other text can look like its key: within a text quotes
        are escaped, and the only other keys, those of `sums`, come last."""
        key = f'"{name}":'
        return _DECODER.raw_decode(self._content, self._content.index(key) + len(key))[0]

    @cached_property
    def rules(self) -> tuple[tuple[str, str], ...]:
        """(code, title in simplified Chinese)"""
        return tuple((code, title) for code, title in self._part("rules"))

    @cached_property
    def deduction_rows(self) -> list[TextRow]:
        return list(self._part("deductions"))

    @cached_property
    def charge_rows(self) -> list[TextRow]:
        return list(self._part("charges"))

    @cached_property
    def roll_rows(self) -> list[TextRow]:
        return list(self._part("roll"))

    @cached_property
    def credit_rows(self) -> list[TextRow] | None:
        at = self._content.find('"credits":')
        there = 0 <= at < self._content.index('"deductions":')
        return list(self._part("credits")) if there else None

    @cached_property
    def sums(self) -> dict[str, tuple[int, int]]:
        """(deducted, carried out) in cents by staff_no."""
        return {staff_no: (each[0], each[1]) for staff_no, each in self._part("sums").items()}

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


def as_content(content: Content) -> str:
    """The text that is kept of a month, with its keys in order: `FrozenMonth` reads it."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def frozen(month: Month) -> FrozenMonth | None:
    """What a closed month keeps; None while it is open."""
    row = execute("SELECT content FROM closed_months WHERE month = ?", (month,)).fetchone()
    return None if row is None else FrozenMonth(row[0])


def frozen_sums(month: Month) -> dict[str, tuple[int, int]] | None:
    """(deducted, carried out) in cents of each staffer's closed month; None while it is open."""
    kept = frozen(month)
    return None if kept is None else kept.sums


class ClosedFines(NamedTuple):
    """How many charges of a rule a closed month has of a status, and their cents together."""

    month: Month
    rule: str
    status: str
    number: int
    amount: int


def fines_of(month: Month, kept: FrozenMonth) -> list[ClosedFines]:
    """What the charges of a closed month come to."""
    found: dict[tuple[str, str], list[int]] = {}
    for each in kept.charges():
        sums = found.setdefault((each.rule, each.status), [0, 0])
        sums[0] += 1
        sums[1] += each.amount
    return [ClosedFines(month, *key, *sums) for key, sums in sorted(found.items())]


def closed_fines(first: Month, last: Month) -> list[ClosedFines]:
    """The same of all closed months from `first` to `last`, as it was kept when they were closed,
    so that nobody reads their charges again."""
    rows = execute(
        "SELECT month, rule, status, number, amount FROM closed_fines"
        " WHERE month BETWEEN ? AND ? ORDER BY month, rule, status",
        (first, last),
    )
    return [ClosedFines(*row) for row in rows.fetchall()]


def keep(closing: Closing, content: str) -> None:
    """Closes a month with this content. To be called in the transaction that closes it."""
    execute(
        "INSERT INTO closed_months (month, closed_at, digest, audit_head, content)"
        " VALUES (?, ?, ?, ?, ?)",
        (*closing, content),
    )
    execute_many(
        "INSERT INTO closed_fines (month, rule, status, number, amount) VALUES (?, ?, ?, ?, ?)",
        fines_of(closing.month, FrozenMonth(content)),
    )


def _cents(cell: str | None) -> int:
    text = cell or "0"
    return -parse_money(text[1:]) if text.startswith("-") else parse_money(text)


def closings(first: Month = FIRST_MONTH, last: Month = LAST_MONTH) -> list[Closing]:
    """The closed months from `first` to `last`, in order."""
    rows = execute(f"{_CLOSINGS} WHERE month BETWEEN ? AND ? ORDER BY month", (first, last))
    return [Closing(*row) for row in rows.fetchall()]


def closing_of(month: Month) -> Closing | None:
    """When and how a month was closed; None while it is open."""
    row = execute(f"{_CLOSINGS} WHERE month = ?", (month,)).fetchone()
    return None if row is None else Closing(*row)


def closing_line(month: Month) -> tuple[int, str] | None:
    """The number and hash of the line of the audit trail that closed a month: that line, and those
    before it, can't be changed without changing the hash. None while it is open."""
    row = execute(
        "SELECT seq, hash FROM audit WHERE action = 'month.closed' AND after LIKE ?"
        " ORDER BY seq DESC LIMIT 1",
        (f'%"month":"{month}"%',),
    ).fetchone()
    return (row[0], row[1]) if row is not None else None


def unlike_the_trail(first: Month = FIRST_MONTH, last: Month = LAST_MONTH) -> list[Month]:
    """The months from `first` to `last` of which what is frozen is not what the line of the audit
    trail that closed them took the digest of, and those that it closed and nothing is frozen of."""
    lines = execute("SELECT after FROM audit WHERE action = 'month.closed' ORDER BY seq").fetchall()
    told: dict[Month, str] = {}
    for (after,) in lines:
        with suppress(ValueError, TypeError, KeyError):  # a spoiled line tells of no month
            line = json.loads(after)
            told[str(line["month"])] = line["digest"]
    rows = execute(
        "SELECT month, content FROM closed_months WHERE month BETWEEN ? AND ?", (first, last)
    )
    held = {month: audit.digest(content) for month, content in rows}
    return sorted(
        month
        for month in told.keys() | held.keys()
        if first <= month <= last and told.get(month) != held.get(month)
    )


def first_closed() -> Month | None:
    month: Month | None = execute("SELECT min(month) FROM closed_months").fetchone()[0]
    return month


def last_closed() -> Month | None:
    month: Month | None = execute(*LAST_CLOSED).fetchone()[0]
    return month


def require_open(night: date) -> None:
    """Raises Refused where the night's month is closed."""
    closed = last_closed()
    if closed is not None and month_of(night) <= closed:
        raise refused(
            "night",
            "%(month)s is closed, and stays as it was frozen: what is wrong in it is corrected by"
            " %(option)s, and becomes an adjustment of the first open month",
            month=month_of(night),
            option="import --reason",
        )
