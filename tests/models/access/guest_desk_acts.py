"""The guest desk's functions that change something, for the permissions: what each asks for, an
example of it, and the facts that the examples need."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from models.access.session import Session
from models.guests import (
    claims,
    complaints,
    contacts,
    deals,
    desk,
    handovers,
    knowledge,
    register,
)
from models.guests.fact_writer import known
from models.operations import bookings, places
from models.storage.database import execute
from models.values.nights import Instant

Act = Callable[[Session], object]

BEGUN = "2026-09-02T19:20"
"""When the desk's facts are recorded."""

GUEST, OTHER = "G260902-01", "G260902-02"
WAITS, WAS_GIVEN, TURN = "V260902-01", "V260902-02", "T260902-01"
OPEN, FOUNDED, FINED = "C260902-01", "C260902-02", "C260902-03"
PROMISE, HANDOVER = "P260902-01", "H260902-01"
SHEET, SALE = "N260902-01", "D260902-01"
HALVES: dict[str | None, Fraction] = {"S1": Fraction(1, 2), "S2": Fraction(1, 2)}


def open_the_desk(session: Session) -> None:
    """One of everything at the guest desk: a guest who waits and one who was given, a decided sale
    with a claim, complaints of each state, a promise, and a handover to D1."""
    night = session.tonight()
    assert register.add(session, "胡先生", "13800000001") == GUEST
    assert register.add(session, "胡先生", "139****0001") == OTHER
    assert desk.arrive(session, GUEST) == WAITS
    assert desk.arrive(session, OTHER) == WAS_GIVEN
    assert desk.give(session, WAS_GIVEN, "S2")[0] == TURN
    desk.step_away(session, "S2", "telephone")
    places.add_place(session, "V9", "room")
    bookings.book(session, night, "V9", "S1")
    bookings.arrived(session, _deal().removeprefix("booking:"))
    bookings.left(session, _deal().removeprefix("booking:"), 288_000)
    claims.claim(session, _deal(), "S2")
    claims.decide(session, _deal(), HALVES, "同一天", by="D2")
    for number in (OPEN, FOUNDED, FINED):
        assert complaints.take(session, "态度差", about_staff_no="S1") == number
    for number in (FOUNDED, FINED):
        complaints.judge(session, number, True, by="D2")
    complaints.make_incident(session, FINED, by="D2")
    complaints.solve(session, FOUNDED)
    assert handovers.tell(session, "十点回电", session.now() + 3600) == PROMISE
    assert handovers.give(session, "U1", "D1") == HANDOVER
    knowledge.record(session, "S2", 10, 6)
    assert contacts.add(session, GUEST, "S2", "follow_up") == SHEET
    contacts.hand_on(session, GUEST, "S2")
    assert deals.sell(session, "S1", GUEST, 100) == SALE


def _deal() -> str:
    (booking_no,) = execute("SELECT booking_no FROM bookings WHERE place = 'V9'").fetchone()
    return f"booking:{booking_no}"


def _unreached(session: Session) -> object:
    execute("UPDATE contacts SET number = 'unreachable'")
    return contacts.reached(session, SHEET)


def _begun(session: Session) -> Instant:
    return session.calendar.parse(BEGUN)


DESK_ACTS: dict[str, tuple[str, Act]] = {
    "claims.claim": ("desk", lambda d: claims.claim(d, _deal(), "U1")),
    "claims.decide": ("desk.decide", lambda d: claims.decide(d, _deal(), HALVES, "各半")),
    "claims.put_back": ("desk", lambda d: claims.put_back(d, known("claims", _deal(), "S2"))),
    "claims.undecide": ("desk.decide", lambda d: claims.undecide(d, _deal(), {})),
    "claims.withdraw": ("desk", lambda d: claims.withdraw(d, _deal(), "S2")),
    "complaints.answer": ("complaint", lambda d: complaints.answer(d, OPEN, "已致歉")),
    "complaints.asked": ("complaint", lambda d: complaints.asked(d, FOUNDED, True)),
    "complaints.classify": ("complaint", lambda d: complaints.classify(d, OPEN, "simple")),
    "complaints.judge": ("complaint", lambda d: complaints.judge(d, OPEN, True)),
    "complaints.make_incident": ("incident", lambda d: complaints.make_incident(d, FOUNDED)),
    "complaints.put_back": (
        "complaint", lambda d: complaints.put_back(d, known("complaints", OPEN))),
    "complaints.solve": ("complaint", lambda d: complaints.solve(d, OPEN)),
    "complaints.take": ("complaint", lambda d: complaints.take(d, "等太久")),
    "complaints.unmake_incident": ("incident", lambda d: complaints.unmake_incident(d, FINED)),
    "complaints.withdraw": ("complaint", lambda d: complaints.withdraw(d, OPEN)),
    "deals.change_closer": (
        "desk.decide", lambda d: deals.change_closer(d, SALE, "S2", ("S1", "S2", "U1", "D2"))),
    "deals.note_same_person": ("desk", lambda d: deals.note_same_person(d, SALE)),
    "deals.put_back": ("desk", lambda d: deals.put_back(d, known("deals", SALE))),
    "deals.sell": ("desk", lambda d: deals.sell(d, "S1", GUEST, 100)),
    "deals.withdraw": ("desk", lambda d: deals.withdraw(d, SALE)),
    "contacts.add": ("desk", lambda d: contacts.add(d, GUEST, "S1", "call_in")),
    "contacts.hand_on": ("desk.decide", lambda d: contacts.hand_on(d, OTHER, "S1")),
    "contacts.put_back": ("desk", lambda d: contacts.put_back(d, known("contacts", SHEET))),
    "contacts.reached": ("desk", lambda d: _unreached(d)),
    "contacts.sign": ("desk.decide", lambda d: contacts.sign(d, SHEET)),
    "contacts.take_back": (
        "desk.decide", lambda d: contacts.take_back(d, GUEST, date(2026, 9, 2), {})),
    "contacts.void": ("desk", lambda d: contacts.void(d, SHEET, "yes")),
    "contacts.withdraw": ("desk", lambda d: contacts.withdraw(d, SHEET)),
    "desk.arrive": ("desk", lambda d: desk.arrive(d)),
    "desk.asked_for": ("desk", lambda d: desk.asked_for(d, WAITS, "S1")),
    "desk.give": ("desk", lambda d: desk.give(d, WAITS, "S1")),
    "desk.gone": ("desk", lambda d: desk.gone(d, WAITS)),
    "desk.is_back": ("desk", lambda d: desk.is_back(d, "S2")),
    "desk.make_order": ("desk.order", lambda d: desk.make_order(d, date(2026, 9, 2), ("S1", "S2"))),
    "desk.put_back": (
        "desk", lambda d: desk.put_back(d, desk.TakenBack(known("visits", WAITS), None))),
    "desk.step_away": ("desk", lambda d: desk.step_away(d, "S1", "private")),
    "desk.still_here": ("desk", lambda d: desk.still_here(d, WAITS)),
    "desk.take_back": ("desk", lambda d: desk.take_back(d, TURN)),
    "desk.undo_away": ("desk", lambda d: desk.undo_away(d, "S2", _begun(d), ended=False)),
    "desk.withdraw": ("desk", lambda d: desk.withdraw(d, WAS_GIVEN)),
    "handovers.accept": ("complaint", lambda d: handovers.accept(d, HANDOVER)),
    "handovers.give": ("complaint", lambda d: handovers.give(d, "S1", "S2")),
    "handovers.keep": ("complaint", lambda d: handovers.keep(d, PROMISE)),
    "handovers.put_back": (
        "complaint", lambda d: handovers.put_back(d, known("promised", PROMISE))),
    "handovers.tell": ("complaint", lambda d: handovers.tell(d, "送果盘", d.now() + 600)),
    "handovers.untell": ("complaint", lambda d: handovers.untell(d, PROMISE)),
    "knowledge.record": ("complaint", lambda d: knowledge.record(d, "S1", 10, 7)),
    "knowledge.unrecord": ("complaint", lambda d: knowledge.unrecord(d, "S2", _begun(d))),
    "register.add": ("desk", lambda d: register.add(d, "王先生")),
    "register.edit": ("desk", lambda d: register.edit(d, GUEST, unit="胡家")),
    "register.make_one": ("desk", lambda d: register.make_one(d, GUEST, OTHER)),
    "register.make_two": (
        "desk", lambda d: register.make_two(d, known("guests", GUEST), known("guests", OTHER))),
    "register.restore": ("desk", lambda d: register.restore(d, known("guests", GUEST))),
    "register.read_phone": ("phone", lambda d: register.read_phone(d, GUEST)),
}  # fmt: skip
