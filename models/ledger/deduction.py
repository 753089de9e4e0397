"""What a month takes from one staffer."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple


class Deduction(NamedTuple):
    """One staffer's month."""

    staff_no: str
    name: str
    team: str | None
    wage: int
    """A month's, in force on their last night of it."""
    by_rule: Mapping[str, tuple[int, int]]
    """Standing charges: (count, cents) by rule code."""
    charges_total: int
    adjustments: int
    carried_in: int
    deducted: int
    carried_out: int
    sales: int
    sales_voided: int
    deemed_resigned: date | None
    dismissed: bool

    @property
    def sales_counted(self) -> int:
        return self.sales - self.sales_voided

    @property
    def over_a_fifth(self) -> bool:
        """Whether the deduction passes a fifth of the wage: the most that mainland China's
        Provisional Regulations on Wage Payment, art. 16, let compensation take."""
        return self.deducted * 5 > self.wage
