"""What another end of a booking, or another place, would cost whom, before it is so."""

from datetime import date
from typing import NamedTuple

from models.access.session import Session
from models.ledger.night_facts import night_facts
from models.operations.bookings import STANDING, booking, of
from models.operations.places import places
from models.rules.charges import ChargeKey, Status
from models.rules.judgement import Charge, NightFacts, judge
from models.storage.employment import staffers


class Consequence(NamedTuple):
    """A charge that a change would bring (`standing` or `waived`) or take back (`reversed`)."""

    staff_no: str
    night: date
    rule: str
    amount: int
    status: Status


def consequences(
    session: Session, booking_no: str, status: str | None = None, place: str | None = None
) -> list[Consequence]:
    """The fines that would come and go if the booking had that status (None: the one it has), and
    were of that `place` (None: where it is). One that is waived takes nobody's money, and isn't
    told of when it goes. Writes nothing."""
    held = booking(booking_no)
    status, kind = status or held.status, held.kind
    if place is not None:
        kind = next((each.kind for each in places() if each.place == place), kind)
    if "room" not in (held.kind, kind) or held.staff_no is None:
        return []
    rooms = {held.staff_no} if status in STANDING and kind == "room" else set()
    rooms |= {
        held.staff_no
        for each in of(held.staff_no, held.night, held.night)
        if each.kind == "room" and each.booking_no != booking_no and each.status in STANDING
    }
    staff, book = staffers(held.staff_no), session.book(held.night)

    def charges(facts: NightFacts) -> dict[ChargeKey, Charge]:
        judged = judge(facts, staff, book, session.calendar, session.now())
        return {charge.key: charge for charge in judged.charges}

    found = []
    for facts in night_facts(held.night, held.night, session.calendar, held.staff_no):
        now, then = charges(facts), charges(facts._replace(rooms=rooms))
        gone = [
            now[key]._replace(status=Status.REVERSED)
            for key in now.keys() - then.keys()
            if now[key].status is Status.STANDING
        ]
        come = [then[key] for key in then.keys() - now.keys()]
        found += [
            Consequence(each.staff_no, each.night, each.rule, each.amount, each.status)
            for each in sorted([*gone, *come])
        ]
    return found
