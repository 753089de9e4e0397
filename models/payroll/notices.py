"""What staffers marked as seen of the notices of their charges."""

from datetime import date

from models.access.permissions import require
from models.access.session import Session
from models.storage.tables import Charge, NoticeSeen, of_charge
from models.values.nights import Instant, Month, first_night, last_night
from models.values.problems import refused


def see(session: Session, night: date, rule: str, source: str) -> bool:
    """Marks the notice of one's own charge as seen, as it stands now, and gives whether anything
    changed: not, when it was seen before. It says nothing about agreeing to it.

    Raises Refused for anyone but the staffer, signed in, and where there is no such charge.
    """
    with session.change():
        require(session, "notice.see")
        if session.actor is None or session.actor.staff_no is None:
            raise refused("actor", "a notice is seen by the staffer, who signs in for it")
        staff_no = session.actor.staff_no
        key = (staff_no, night, rule, source)
        charge = Charge.get_or_none(of_charge(Charge, *key))
        if charge is None or charge.status == "reversed":
            raise refused("rule", "there is no such charge")
        if NoticeSeen.get_or_none(of_charge(NoticeSeen, *key)) is not None:
            return False
        NoticeSeen.insert(
            staff=staff_no,
            night=night,
            rule=rule,
            source=source,
            amount=charge.amount,
            seen_at=session.now(),
        ).execute()
        session.record(
            "notice.seen",
            staff_no=staff_no,
            night=night,
            after={"rule": rule, "source": source, "amount": charge.amount},
        )
    return True


def seen(staff_no: str, month: Month) -> dict[tuple[str, str, str], Instant]:
    """When a staffer saw the notices of a month's charges, by night (ISO), rule and source."""
    of_month = NoticeSeen.night.between(first_night(month), last_night(month))
    return {
        (row.night.isoformat(), row.rule, row.source): row.seen_at
        for row in NoticeSeen.select().where(NoticeSeen.staff == staff_no, of_month)
    }
