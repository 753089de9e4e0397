"""What a month still lacks before it is closed."""

from collections.abc import Iterable
from dataclasses import dataclass

from models.access.session import Session
from models.ledger import separations
from models.ledger.deduction import Deduction
from models.payroll import appeals, months
from models.storage.tables import Outing
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
    out = (
        Outing.select(Outing.staff)
        .where(
            Outing.out_at.is_null(False),
            Outing.back_at.is_null(),
            Outing.night.between(first_night(month), last_night(month)),
        )
        .order_by(Outing.slip_no)
    )
    found = [
        Unsettled(kind, len(staff_nos), kind in ("separation", "open_night"), tuple(staff_nos))
        for kind, staff_nos in (
            ("separation", [each.staff_no for each in separations.undecided(session, month)]),
            ("open_night", [str(night) for night in months.unended_of(session, month)]),
            ("out", [row.staff_no for row in out]),
            ("appeal", [each.staff_no for each in appeals.open_appeals(session, month)]),
            ("over_a_fifth", [r.staff_no for r in rows if r.over_a_fifth]),
        )
    ]  # fmt: skip
    return [each for each in found if each.count]
