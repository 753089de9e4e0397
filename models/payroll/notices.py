"""What staffers marked as seen of the notices of their charges."""

from datetime import date

from models.access.permissions import require
from models.access.session import Session
from models.storage.database import execute
from models.values.nights import Instant, Month, first_night, last_night
from models.values.problems import refused

_SEEN = (
    "SELECT night, rule, source, seen_at FROM notices_seen"
    " WHERE staff_no = ? AND night BETWEEN ? AND ?"
)


def see(session: Session, night: date, rule: str, source: str) -> bool:
    """Marks the notice of one's own charge as seen, as it stands now, and gives whether anything
    changed: not, when it was seen before. It says nothing about agreeing to it.

    Raises Refused for anyone but the staffer, signed in, and where there is no such charge.
    """
    from models.storage.tables import Charge, NoticeSeen, of_charge  # which reading doesn't need

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
    rows = execute(_SEEN, (staff_no, first_night(month).isoformat(), last_night(month).isoformat()))
    return {(night, rule, source): at for night, rule, source, at in rows.fetchall()}
