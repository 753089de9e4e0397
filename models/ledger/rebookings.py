"""Places that were booked again for another staffer soon after a booking of them was cancelled, for
the same guest: what clause 9 calls selling rooms."""

import json
from datetime import date
from typing import NamedTuple

from models.rules.guests.register import phone_key
from models.storage import audit
from models.storage.database import execute
from models.values.nights import Instant

_BOOKINGS = (
    "SELECT booking_no, place, staff_no, guest_no, guest_phone, booked_at, status, left_at"
    " FROM bookings WHERE night = ?"
)


class Rebooked(NamedTuple):
    """That a booking stands where another staffer's (None: the house's) was cancelled `minutes`
    before."""

    booking_no: str
    was_no: str
    was_staff_no: str | None
    minutes: int


class _Held(NamedTuple):
    booking_no: str
    place: str
    staff_no: str | None
    guest_no: str | None
    phone: str | None
    booked_at: Instant | None
    status: str
    left_at: Instant | None


def rebooked(night: date, within: int = 10) -> list[Rebooked]:
    """The bookings of a night that were made for another staffer within so many minutes after one
    for the same place and the same guest was cancelled: when its guests are said to have left, or
    else as the trail tells it."""
    held = [_Held(*row) for row in execute(_BOOKINGS, (night.isoformat(),)).fetchall()]
    cancelled = [each for each in held if each.status == "cancelled"]
    if not cancelled:
        return []
    when: dict[str, Instant] = {}
    if any(each.left_at is None for each in cancelled):
        for line in audit.lines(night=night):
            if line.action == "booking.cancelled" and line.after is not None:
                when[json.loads(line.after)["booking_no"]] = line.at
    found = []
    for was in cancelled:
        at = was.left_at if was.left_at is not None else when.get(was.booking_no)
        for each in held:
            if at is None or each.booked_at is None or not _sold_on(was, each):
                continue
            minutes = (each.booked_at - at) // 60
            if minutes >= 0 and each.booked_at - at <= within * 60:
                found.append(Rebooked(each.booking_no, was.booking_no, was.staff_no, minutes))
    return sorted(found)


def _sold_on(was: _Held, each: _Held) -> bool:
    if each.place != was.place or each.staff_no in (None, was.staff_no):
        return False
    if was.guest_no is not None and was.guest_no == each.guest_no:
        return True
    phone = phone_key(was.phone)
    return phone is not None and phone == phone_key(each.phone)
