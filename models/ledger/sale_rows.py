"""The rows of what was sold on some nights, as the database has them."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from models.storage.database import execute, quoted

BOOKED = (
    "booking_no, night, source, staff_no, booked_at, arrived_at, guest_no, party_size, visit_no"
)
BOOKINGS = f"SELECT {BOOKED}, amount FROM bookings"
DEALS = "SELECT " + quoted(
    (
        "deal_no", "night", "at", "closer_no", "guest_no", "user_no", "kind", "buyers", "visit_no",
        "phone", "same_person_note_at", "amount",
    )
) + " FROM deals"  # fmt: skip

PLAIN = (
    "coalesce(b.source, 'staff') = 'staff' AND b.guest_no IS NULL AND b.visit_no IS NULL"
    " AND (b.arrived_at IS NULL OR b.booked_at IS NULL OR b.booked_at <= b.arrived_at)"
    " AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.deal_no = 'booking:' || b.booking_no)"
    " AND NOT EXISTS (SELECT 1 FROM credit_decisions d"
    " WHERE d.deal_no = 'booking:' || b.booking_no)"
)
"""That nothing more is known of the booking `b` than who wrote it in, as of nearly every one."""


class SaleRows(NamedTuple):
    """Sales as the database has them."""

    deals: Sequence[Any]
    """Those that aren't bookings."""
    bookings: Sequence[Any]
    """Those that are, whose guests have left."""


def rows_between(first: date, last: date, *, plain: bool = True) -> SaleRows:
    """The sales of the nights from `first` to `last`, with the plain bookings or without."""
    span = (first.isoformat(), last.isoformat())
    bookings = f"{BOOKINGS} b WHERE b.night BETWEEN ? AND ? AND b.status = 'left'"
    if not plain:
        bookings += f" AND NOT ({PLAIN})"
    return SaleRows(
        execute(f"{DEALS} WHERE night BETWEEN ? AND ?", span).fetchall(),
        execute(bookings, span).fetchall(),
    )
