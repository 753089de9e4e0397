"""Rooms and tables held for guests, and what became of each.

A room of their own excuses whoever signed the roll later because of it, so what becomes of a
booking may bring a fine or take one back.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from models.access.permissions import require
from models.access.session import Session
from models.ledger.closings import require_open
from models.ledger.ledger import rejudge, staffer_night_reads
from models.rules import validation
from models.rules.validation import Fact, ReferenceData
from models.storage import reference_data
from models.storage.database import Read, execute
from models.storage.numbering import next_number, numbers_read
from models.values.natural_order import natural
from models.values.nights import Instant
from models.values.problems import Problem, Refused, problem, refused
from models.values.text import name_problem

STATUSES = ("booked", "arrived", "left", "cancelled", "no_show")
LIVE = ("booked", "arrived")
STANDING = ("booked", "arrived", "left")
"""Those in which a room excuses."""

_STEPS = {
    "arrived": {"booked"},
    "left": {"booked", "arrived", "left"},
    "cancelled": {"booked", "arrived"},
    "no_show": {"booked"},
}
"""From which statuses each may follow."""

_BOOKINGS = (
    "SELECT b.booking_no, b.night, b.place, p.kind, p.minimum_spend, b.turn, b.staff_no,"
    " coalesce(s.name, ''),"
    " b.guest_name, b.guest_phone, b.booked_at, b.status, b.amount, coalesce(b.source, 'staff'),"
    " b.guest_no, b.party_size, b.arrived_at, b.left_at, b.hold_until, b.visit_no"
    " FROM bookings b JOIN places p ON p.place = b.place"
    " LEFT JOIN staff s ON s.staff_no = b.staff_no"
)


_NUMBERS = ("bookings", "booking_no", "B")


class Booking(NamedTuple):
    """A place held for a guest. `staff_no` is None, and `name` blank, where the guest booked or
    walked in (`source`): the house's. Amounts are cents."""

    booking_no: str
    night: date
    place: str
    kind: str
    minimum_spend: int | None
    turn: int
    staff_no: str | None
    name: str
    guest_name: str | None
    guest_phone: str | None
    booked_at: Instant | None
    status: str
    amount: int | None
    source: str = "staff"
    guest_no: str | None = None
    party_size: int | None = None
    arrived_at: Instant | None = None
    left_at: Instant | None = None
    hold_until: Instant | None = None
    visit_no: str | None = None

    @property
    def live(self) -> bool:
        """Whether it holds its place."""
        return self.status in LIVE

    @property
    def below_minimum(self) -> bool:
        """Whether the guests left having spent less than the place asks for."""
        least = self.minimum_spend
        return self.status == "left" and least is not None and (self.amount or 0) < least


def on(night: date) -> list[Booking]:
    """Every booking of the night, by number."""
    return _bookings(on_read(night))


def on_read(night: date) -> Read:
    """What `on` reads."""
    return _bookings_read(" WHERE b.night = ?", night.isoformat())


def of(staff_no: str, first: date, last: date) -> list[Booking]:
    """A staffer's bookings of the nights from `first` to `last`, by number."""
    where = " WHERE b.staff_no = ? AND b.night BETWEEN ? AND ?"
    return _read(where, staff_no, first.isoformat(), last.isoformat())


def at(place: str, first: date, last: date) -> list[Booking]:
    """A place's bookings of the nights from `first` to `last`, by number."""
    where = " WHERE b.place = ? AND b.night BETWEEN ? AND ?"
    return _read(where, place, first.isoformat(), last.isoformat())


def booking(booking_no: str) -> Booking:
    """The booking of that number. Raises Refused where there is none."""
    for found in _read(_BY_NUMBER, booking_no):
        return found
    raise refused("booking_no", "there is no booking %(booking_no)s", booking_no=booking_no)


_BY_NUMBER = " WHERE b.booking_no = ?"


def _bookings_read(where: str, *values: object) -> Read:
    return _BOOKINGS + where, values


def _read(where: str, *values: object) -> list[Booking]:
    return _bookings(_bookings_read(where, *values))


def _bookings(read: Read) -> list[Booking]:
    rows = execute(*read).fetchall()
    found = [Booking(row[0], date.fromisoformat(row[1]), *row[2:]) for row in rows]
    return sorted(found, key=lambda each: natural(each.booking_no))


def book(
    session: Session,
    night: date,
    place: str,
    staff_no: str | None,
    *,
    turn: int = 1,
    guest_name: str | None = None,
    guest_phone: str | None = None,
    booked_at: Instant | None = None,
    source: str = "staff",
    guest_no: str | None = None,
    party_size: int | None = None,
    hold_until: Instant | None = None,
    visit_no: str | None = None,
) -> str:
    """Holds a place for a staffer's guest, and gives the booking's number. `booked_at`: now. What
    a guest booked (`source` is `guest`) is the house's, and nobody may be written into it.

    Raises Refused where the place is taken, naming by which booking, or the fact is unlawful.
    """
    with session.change(_book_reads(night, staff_no)):
        require(session, "booking")
        require_open(night)
        fact = {
            "night": night,
            "place": place,
            "turn": turn,
            "staff_no": staff_no,
            "guest_name": guest_name or None,
            "guest_phone": guest_phone or None,
            "booked_at": session.now() if booked_at is None else booked_at,
            "status": "booked",
            "source": None if source == "staff" else source,
            "guest_no": guest_no,
            "party_size": party_size,
            "hold_until": hold_until,
            "visit_no": visit_no,
        }
        problems = [*_unlawful(session, fact), *_taken(place, night, turn)]
        if problems:
            raise Refused(*problems)
        booking_no = next_number(*_NUMBERS, night)
        execute(
            "INSERT INTO bookings (booking_no, night, place, turn, staff_no, guest_name,"
            " guest_phone, booked_at, status, source, guest_no, party_size, hold_until, visit_no)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (booking_no, night.isoformat(), *list(fact.values())[1:]),
        )
        if staff_no is not None:
            rejudge(session, night, night, staff_no)
        after = {"booking_no": booking_no, **fact}
        session.record("booking.made", staff_no=staff_no, night=night, after=after)
    return booking_no


def _book_reads(night: date, staff_no: str | None) -> Iterator[Read]:
    yield numbers_read(*_NUMBERS, night)
    yield reference_data.PLACES
    if staff_no:
        yield from staffer_night_reads(night, staff_no)


def _unlawful(session: Session, fact: Fact) -> Iterable[Problem]:
    people = reference_data.people(fact["staff_no"]) if fact["staff_no"] is not None else {}
    reference = ReferenceData(
        people, reference_data.places(), session.calendar, session.versions, session.now()
    )
    yield from validation.bookings(fact, reference)
    yield from validation.departed(fact, reference)
    if fact["source"] == "guest" and fact["staff_no"] is not None:
        yield problem("staff_no", "what a guest booked is nobody's: leave it blank")
    if fact["turn"] < 1:
        yield problem("turn", "turns are counted 1, 2, 3 and on")
    for column in ("guest_name", "guest_phone"):
        value = fact[column]
        if value is not None and (found_problem := name_problem(value, column)) is not None:
            yield found_problem


def _taken(place: str, night: date, turn: int, but: str = "") -> Iterable[Problem]:
    """Why a place can't be held for a turn: by whom it is held already."""
    where = (
        " WHERE b.place = ? AND b.night = ? AND b.turn = ? AND b.status IN ('booked', 'arrived')"
        " AND b.booking_no <> ?"
    )
    for held in _read(where, place, night.isoformat(), turn, but):
        yield problem(
            "place",
            "%(place)s is taken on %(night)s, turn %(turn)s: booking %(booking_no)s of %(name)s"
            " (%(staff_no)s)",
            place=place,
            night=night,
            turn=turn,
            booking_no=held.booking_no,
            name=held.name,
            staff_no=held.staff_no or "-",
        )


def can(held: Booking, status: str) -> bool:
    """Whether the booking's next step may be that status."""
    return held.status in _STEPS.get(status, ())


def arrived(session: Session, booking_no: str) -> bool:
    """The guests came. Gives whether anything changed."""
    return _change(session, booking_no, "arrived")


def left(session: Session, booking_no: str, amount: int) -> bool:
    """The guests left having spent `amount` cents; once more corrects the amount."""
    return _change(session, booking_no, "left", amount)


def cancel(session: Session, booking_no: str) -> bool:
    """The booking was cancelled; also the undoing of `book`."""
    return _change(session, booking_no, "cancelled")


def no_show(session: Session, booking_no: str) -> bool:
    """The guests never came."""
    return _change(session, booking_no, "no_show")


def restore(session: Session, booking_no: str, status: str, amount: int | None = None) -> bool:
    """Gives a booking back the status and amount it had; undoes any of its steps.

    Raises Refused where its place was taken meanwhile.
    """
    return _change(session, booking_no, status, amount, undo=True)


def _change(
    session: Session, booking_no: str, status: str, amount: int | None = None, undo: bool = False
) -> bool:
    with session.change([_bookings_read(_BY_NUMBER, booking_no)]):
        require(session, "booking")
        held = booking(booking_no)
        require_open(held.night)
        if status != "left" and not undo:
            amount = held.amount
        if (held.status, held.amount) == (status, amount):
            return False
        if not undo and not can(held, status):
            raise refused(
                "status",
                "booking %(booking_no)s is %(status)s: this can't follow",
                booking_no=booking_no,
                status=held.status,
            )
        if status in LIVE:
            problems = list(_taken(held.place, held.night, held.turn, but=booking_no))
            if problems:
                raise Refused(*problems)
        arrived_at, left_at = _came_and_went(session, held, status)
        execute(
            "UPDATE bookings SET status = ?, amount = ?, arrived_at = ?, left_at = ?"
            " WHERE booking_no = ?",
            (status, amount, arrived_at, left_at, booking_no),
        )
        if held.staff_no is not None:
            rejudge(session, held.night, held.night, held.staff_no)
        session.record(
            "booking.restored" if undo else f"booking.{status}",
            staff_no=held.staff_no,
            night=held.night,
            before={"booking_no": booking_no, "status": held.status, "amount": held.amount},
            after={"booking_no": booking_no, "status": status, "amount": amount},
        )
    return True


def _came_and_went(
    session: Session, held: Booking, status: str
) -> tuple[Instant | None, Instant | None]:
    """When the guests came and left, once the booking has a status: now, where it is its night. Of
    one that is cancelled, when that was."""
    tonight = held.night == session.tonight()
    now = session.now() if tonight else None
    if status == "arrived":
        return held.arrived_at or now, None
    if status == "left":
        return held.arrived_at, held.left_at or now
    if status == "cancelled":
        return held.arrived_at, session.now()
    return (None, None) if status == "booked" else (held.arrived_at, held.left_at)


def edit(
    session: Session,
    booking_no: str,
    *,
    place: str,
    turn: int,
    guest_name: str | None,
    guest_phone: str | None,
) -> bool:
    """Corrects whom a place is held for, and moves the booking to another place or turn. Gives
    whether anything changed.

    Raises Refused where the other place is taken, naming by which booking, or the fact is unlawful.
    """
    with session.change([_bookings_read(_BY_NUMBER, booking_no)]):
        require(session, "booking")
        held = booking(booking_no)
        require_open(held.night)
        new = {
            "place": place,
            "turn": turn,
            "guest_name": guest_name or None,
            "guest_phone": guest_phone or None,
        }
        old = {column: getattr(held, column) for column in new}
        if old == new:
            return False
        moved = (place, turn) != (held.place, held.turn)
        problems = [*_unlawful(session, {**held._asdict(), **new})]
        if moved and held.live:
            problems += _taken(place, held.night, turn, but=booking_no)
        if problems:
            raise Refused(*problems)
        execute(
            "UPDATE bookings SET place = ?, turn = ?, guest_name = ?, guest_phone = ?"
            " WHERE booking_no = ?",
            (*new.values(), booking_no),
        )
        if moved and held.staff_no is not None:
            rejudge(session, held.night, held.night, held.staff_no)
        session.record(
            "booking.edited",
            staff_no=held.staff_no,
            night=held.night,
            before={"booking_no": booking_no, **old},
            after={"booking_no": booking_no, **new},
        )
    return True
