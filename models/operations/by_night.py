"""What the nights of a month came to, one by one, of those whom one may read about."""

from datetime import date
from typing import Any

from peewee import fn

from models.access.scope import readable
from models.access.session import Session
from models.storage.tables import Booking, Outing
from models.values.nights import Month, first_night, last_night


def spent(session: Session, month: Month) -> dict[date, int]:
    """The cents that the guests of bookings spent, by night; nights without any are left out."""
    return _summed(session, month, Booking, Booking.amount, Booking.status == "left")


def minutes_out(session: Session, month: Month) -> dict[date, int]:
    """For how many minutes staffers were out, by night, once they are back; nights on which nobody
    was are left out."""
    minutes = (Outing.back_at - Outing.out_at) / 60
    return _summed(session, month, Outing, minutes, Outing.back_at.is_null(False))


def _summed(session: Session, month: Month, table: Any, what: Any, which: Any) -> dict[date, int]:
    allowed = readable(session)
    sums: Any = (
        table.select(table.night, table.staff, fn.SUM(what))
        .where(table.night.between(first_night(month), last_night(month)), which)
        .group_by(table.night, table.staff)
        .order_by(table.night)
        .tuples()
    )
    found: dict[date, int] = {}
    for night, staff_no, number in sums:
        if number and (allowed is None or staff_no in allowed):
            found[night] = found.get(night, 0) + int(number)
    return found
