"""What a month still lacks before it is closed."""

from collections.abc import Iterable
from dataclasses import dataclass

from models.access.session import Session
from models.ledger import separations
from models.ledger.deduction import Deduction
from models.payroll import appeals, months
from models.storage.database import execute
from models.values.nights import Month, first_night, last_night


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What a month still lacks before it is closed. Only what `blocks` keeps it open."""

    kind: str
    """separation, open_night, out, appeal, over_a_fifth."""
    count: int
    blocks: bool
    staff_nos: tuple[str, ...] = ()


def unsettled(session: Session, month: Month, rows: Iterable[Deduction]) -> list[Unsettled]:
    """What a closing of the month should look at first, its deductions being `rows`. The ledger
    must be settled."""
    span = (first_night(month).isoformat(), last_night(month).isoformat())
    found = [
        Unsettled(kind, len(staff_nos), kind in ("separation", "open_night"), tuple(staff_nos))
        for kind, staff_nos in (
            ("separation", [each.staff_no for each in separations.undecided(session, month)]),
            ("open_night", [str(night) for night in months.unended_of(session, month)]),
            ("out", _column("SELECT staff_no FROM outings WHERE out_at IS NOT NULL AND"
                            " back_at IS NULL AND night BETWEEN ? AND ? ORDER BY slip_no", span)),
            ("appeal", [each.staff_no for each in appeals.open_appeals(session, month)]),
            ("over_a_fifth", [r.staff_no for r in rows if r.over_a_fifth]),
        )
    ]  # fmt: skip
    return [each for each in found if each.count]


def _column(sql: str, values: tuple[str, ...]) -> list[str]:
    return [row[0] for row in execute(sql, values).fetchall()]
