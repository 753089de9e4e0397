"""What staffers sold: the sales that came of bookings, shared as the rulebook has it."""

from datetime import date
from typing import NamedTuple

from models.access.scope import only_readable
from models.access.session import Session
from models.rules.rulebook import RuleKind
from models.storage.employment import Teams
from models.storage.tables import Charge, Staff
from models.values.nights import Month, first_night, last_night, month_of


class Sales(NamedTuple):
    """What a staffer's guests have spent, in cents; `voided`: the month's counts for nothing."""

    staff_no: str
    name: str
    team: str | None
    night: int
    month: int
    voided: bool

    @property
    def counted(self) -> int:
        return 0 if self.voided else self.month


def listing(session: Session, night: date) -> list[Sales]:
    """What each staffer with a share in a sale of the night's month sold, that night and in the
    month, by the month's sum, most first."""
    month = month_of(night)
    from models.ledger.sales import sold

    tonight = sold(session, night, night)
    total = sold(session, first_night(month), last_night(month))
    void = voided(session, month)
    teams = Teams()
    found = [
        Sales(
            row.staff_no,
            row.name,
            teams.on(row.staff_no, night, row.team),
            tonight.get(row.staff_no, 0),
            total[row.staff_no],
            row.staff_no in void,
        )
        for row in Staff.select(Staff.staff_no, Staff.name, Staff.team)
        if row.staff_no in total
    ]
    return sorted(only_readable(session, found), key=lambda each: (-each.month, each.staff_no))


def of_month(session: Session, month: Month) -> dict[str, int]:
    """Cents sold on the month's nights by staff_no, whether voided or not."""
    return {each.staff_no: each.month for each in listing(session, last_night(month))}


def voided(session: Session, month: Month) -> set[str]:
    """The staffers whose sales of the month a standing charge voids."""
    first, last = first_night(month), last_night(month)
    codes = {
        rule.code
        for book in session.versions.between(first, last)
        for rule in book.rules
        if rule.kind is RuleKind.VOID_SALES
    }
    charges = Charge.select(Charge.staff).where(
        Charge.night.between(first, last), Charge.status == "standing", Charge.rule.in_(codes)
    )
    return {each.staff_no for each in charges}
