"""Whose the sales of some nights are, read from the facts: what counts as a sale, what anybody sold,
and who may read of it."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

import pytest

from models.access.session import Session
from models.ledger.credits import (
    NO_RULES,
    claimable,
    judged,
    readable_sales,
    require_readable_sale,
    rules_of,
    sale,
    sales_between,
    sales_facts,
)
from models.ledger.sale_rows import rows_between
from models.ledger.sales import sold
from models.rules import shipped
from models.rules.guests.credit import CreditDecision
from models.storage.database import execute
from models.values.nights import Instant
from models.values.problems import Refused
from tests.conftest import MakeSession
from tests.models.house import NIGHT, fields, hire, place, put, sign_in, staff_the_house

BEFORE, AFTER = NIGHT - timedelta(days=1), NIGHT + timedelta(days=1)
At = Callable[..., Instant]


@pytest.fixture
def session(make_session: MakeSession, rulebook: str) -> Session:
    made = make_session("2026-09-02T21:00", book=rulebook)
    staff_the_house()
    place("V01")
    return made


in_a_club = pytest.mark.parametrize("rulebook", ["club"])


def booking(number: str, **said: object) -> None:
    row = {
        "night": NIGHT, "place": "V01", "turn": 1, "staff_no": "A1", "status": "left", "amount": 10001,
    }  # fmt: skip
    put("bookings", booking_no=number, **{**row, **said})


def deal(number: str, **said: object) -> None:
    row = {"night": NIGHT, "closer_no": "A1", "kind": "new", "buyers": 1, "amount": 10001}
    put("deals", deal_no=number, **{**row, **said})


def guest(number: str, **said: object) -> None:
    put("guests", guest_no=number, **{"kind": "guest", **said})


def visit(number: str, **said: object) -> None:
    put("visits", visit_no=number, **{"night": NIGHT, "at": 100, **said})


def shares(session: Session, first: date = NIGHT, last: date = NIGHT) -> dict[str, dict[str, int]]:
    """By sale, what of it is whose in cents."""
    return {
        each.deal.deal_no: {share.staff_no or "house": share.cents for share in each.credit.shares}
        for each in sales_between(session, first, last)
    }


def totals(session: Session, first: date = NIGHT, last: date = NIGHT) -> dict[str, int]:
    """What was sold, which is what the shares of all the sales come to."""
    found = sold(session, first, last)
    summed: dict[str, int] = {}
    for parts in shares(session, first, last).values():
        for who, cents in parts.items():
            summed[who] = summed.get(who, 0) + cents
    summed = {who: cents for who, cents in summed.items() if cents}
    assert found == {who: cents for who, cents in summed.items() if who != "house"}
    return summed


# What is a sale


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ({}, {"A1": 10001}),
        ({"status": "arrived"}, None),
        ({"status": "cancelled"}, None),
        ({"night": BEFORE}, None),
        ({"night": AFTER}, None),
        ({"amount": None}, {"A1": 0}),
        ({"staff_no": None, "source": "guest"}, {"house": 10001}),
        ({"staff_no": None, "source": "walk_in"}, {"house": 10001}),
        ({"staff_no": None, "source": "walk_in", "visit_no": "v1"}, {"A2": 10001}),
        ({"staff_no": None, "source": "walk_in", "visit_no": "v2"}, {"A3": 10001}),
        ({"staff_no": None, "source": "walk_in", "visit_no": "v3"}, {"house": 10001}),
        # Written in after the guests had come it is no booking, and theirs who wrote it all the same
        # where nobody was asked for: it was closed by nobody else.
        ({"booked_at": 101, "arrived_at": 100}, {"A1": 10001}),
        ({"booked_at": 100, "arrived_at": 100}, {"A1": 10001}),
        ({"booked_at": 101, "arrived_at": 100, "visit_no": "v1"}, {"A2": 10001}),
        ({"booked_at": None, "arrived_at": 100, "visit_no": "v1"}, {"A1": 10001}),
        ({"guest_no": "g", "booked_at": 60}, {"A2": 10001}),  # who booked for the guest before
    ],
)
def test_a_booking_whose_guests_have_left_is_a_sale(
    session: Session, said: dict[str, object], parts: dict[str, int] | None
) -> None:
    visit("v1", received_by="A2")
    visit("v2")
    put("turns", turn_no="t1", night=NIGHT, at=100, visit_no="v1", staff_no="A2", how="turn")
    put("turns", turn_no="t2", night=NIGHT, at=100, visit_no="v2", staff_no="A3", how="turn")
    visit("v3")
    put("turns", turn_no="t3", night=NIGHT, at=100, visit_no="v3", staff_no=None, how="office")
    guest("g")
    booking("B0", guest_no="g", staff_no="A2", status="booked", booked_at=50, amount=None, turn=2)
    booking("B1", **said)
    assert shares(session) == ({} if parts is None else {"booking:B1": parts})
    assert totals(session) == {who: cents for who, cents in (parts or {}).items() if cents}


def test_a_booking_is_closed_by_whoever_booked_else_by_who_received_the_guests(
    session: Session,
) -> None:
    visit("v1", received_by="A2")
    visit("v2")
    for number, who in (("1", "A3"), ("2", "A3")):
        put("turns", turn_no=f"t{number}", night=NIGHT, at=100, visit_no=f"v{number}", staff_no=who)
    for turn, (staff_no, visit_no, amount) in enumerate(
        ((None, "v1", None), (None, "v2", 0), (None, None, 5), ("A1", "v1", 5), ("A1", None, 5)), 1
    ):
        source = "staff" if staff_no else "walk_in"
        booking(
            f"B{turn}", staff_no=staff_no, visit_no=visit_no, amount=amount, source=source,
            booked_at=90 + turn,
        )  # fmt: skip
    closed = [each.deal.closer_no for each in sales_between(session, NIGHT, NIGHT)]
    assert closed == ["A2", "A3", None, "A1", "A1"]


def test_of_who_left_a_booking_is_the_houses(session: Session) -> None:
    hire("L1", left_on=BEFORE.isoformat())
    hire("R1", left_on=(BEFORE - timedelta(days=1)).isoformat())
    put("rehires", staff_no="R1", hired_on=NIGHT)
    for number, who in (("B1", "L1"), ("B2", "R1")):
        booking(number, staff_no=who)
        booking(f"{number}-", staff_no=who, night=BEFORE, amount=5)
    assert totals(session) == {"house": 10001, "R1": 10001}
    assert totals(session, BEFORE, NIGHT) == {"house": 10006, "R1": 10001, "L1": 5}


def test_what_anybody_sold_is_told_by_their_shares(session: Session) -> None:
    booking("B1")
    booking("B2", amount=20000)
    booking("B3", staff_no="A2", amount=0)
    booking("B4", amount=30000)
    put(
        "credit_decisions",
        deal_no="booking:B4",
        shares="A1:1/2 A3:1/2",
        reason="x",
        decided_by="D1",
    )
    deal("d1", closer_no="A2", amount=700)
    deal("d2", closer_no=None, amount=11)
    deal("d3", closer_no="A2", amount=None)
    deal("d4", closer_no="A2", night=AFTER)
    assert totals(session) == {"A1": 45001, "A2": 700, "A3": 15000, "house": 11}
    assert totals(session, BEFORE, BEFORE) == {}


def test_plain_bookings_are_whose_the_rulebook_says(session: Session) -> None:
    """By one that gives them to the house, nobody adds them up by who wrote them in."""
    booking("B1")
    text = shipped.load("nightlife").source.replace('owner = "booker"', 'owner = "house"')
    put("rulebook_version", from_night=NIGHT, name="x", text=text, adopted_at=0)
    session.refresh()
    assert totals(session) == {"house": 10001}
    booking("B0", night=BEFORE)
    assert totals(session, BEFORE, NIGHT) == {"A1": 10001, "house": 10001}


def test_each_sale_is_judged_by_the_rulebook_of_its_night(session: Session) -> None:
    bare = re.sub(r"\n# The guest desk\..*", "", shipped.load("nightlife").source, flags=re.S)
    put("rulebook_version", from_night=NIGHT, name="x", text=bare, adopted_at=0)
    session.refresh()
    assert rules_of(session, NIGHT) is NO_RULES
    assert rules_of(session, BEFORE).owners
    booking("B0")
    assert totals(session) == {"A1": 10001}
    execute("DELETE FROM bookings")
    for number, night in (("1", BEFORE), ("2", NIGHT)):
        visit(f"v{number}", night=night, asked_for="A2")
        deal(f"d{number}", night=night, visit_no=f"v{number}")
    assert shares(session, BEFORE, NIGHT) == {"d1": {"A2": 10001}, "d2": {"A1": 10001}}
    deals, around = sales_facts(session, BEFORE, NIGHT)
    assert {each.deal_no: around(each).visit_by_no.keys() for each in deals} == {
        "d1": {"v1"}, "d2": {"v2"},
    }  # fmt: skip


def test_another_rulebook_is_tried_on_the_sales_alone(session: Session) -> None:
    """Also one without a guest desk: what it would give nobody is not given by the one in force."""
    booking("B1")
    visit("v1", asked_for="A2")
    deal("d1", visit_no="v1")
    assert shares(session) == {"booking:B1": {"A1": 10001}, "d1": {"A2": 10001}}
    text = shipped.load("nightlife").source
    houses = shipped.parse(text.replace('owner = "booker"', 'owner = "house"'))
    bare = shipped.parse(re.sub(r"\n# The guest desk\..*", "", text, flags=re.S))
    for book, owners in ((houses, [None, "A2"]), (bare, ["A1", "A1"])):
        found = judged(session, rows_between(NIGHT, NIGHT), book)
        assert [each.credit.shares[0].staff_no for each in found] == owners
        assert sold(session, NIGHT, NIGHT, book) == {
            who: owners.count(who) * 10001 for who in owners if who is not None
        }


def test_a_booking_is_of_no_sales_facts(session: Session) -> None:
    booking("B1")
    deal("d1")
    deal("d2", night=BEFORE)
    deal("d3", night=AFTER)
    deals, _ = sales_facts(session, NIGHT, NIGHT)
    assert [each.deal_no for each in deals] == ["d1"]


# One sale


def test_a_sale_is_read_by_its_number(session: Session) -> None:
    booking("B1")
    booking("B2", status="arrived")
    deal("d1", at=100, user_no=None, phone="138", same_person_note_at=7, amount=None)
    assert sale(session, "booking:B1").deal.booking_no == "B1"
    found = sale(session, "d1").deal
    assert (found.at, found.phone, found.same_person_note_at, found.amount) == (100, "138", 7, 0)
    for number in ("B1", "booking:B2", "booking:d1", "d9"):
        for read in (sale, claimable):
            with pytest.raises(Refused) as refusal:
                read(session, number)
            assert fields(refusal) == ["deal_no"]


@in_a_club
def test_claims_and_decisions_are_the_sales_own(session: Session, clock: object) -> None:
    guest("g")
    visit("v1", guest_no="g", received_by="A1")
    deal("d1", guest_no="g")
    deal("d2", guest_no="g")
    put(
        "contacts", contact_no="c", staff_no="A2", guest_no="g", kind="follow_up", at=session.now() - 9 * 86400,
        night=NIGHT - timedelta(days=9),
    )  # fmt: skip
    assert [each.staff_no for each in claimable(session, "d1")] == ["A2"]
    put("claims", deal_no="d1", staff_no="A2", found_on=NIGHT)
    assert claimable(session, "d1") == []
    assert [each.staff_no for each in claimable(session, "d2")] == ["A2"]
    put("credit_decisions", deal_no="d2", shares="A1:1/3 A3:2/3", reason="x", decided_by="D1")
    first, second = sales_between(session, NIGHT, NIGHT)
    assert [each.staff_no for each in first.claims] == ["A2"]
    assert (second.claims, first.credit.decision) == ((), None)
    assert second.credit.decision == CreditDecision(
        {"A1": Fraction(1, 3), "A3": Fraction(2, 3)}, "x", "D1", frozenset()
    )
    assert {each.staff_no: each.cents for each in first.credit.shares} == {"A2": 10001}


# Who served a client before


@in_a_club
@pytest.mark.parametrize(
    ("said", "before", "owner"),
    [
        ({"kind": "renewal_in_term"}, {"night": BEFORE}, "A3"),
        ({"kind": "renewal_expired"}, {"night": BEFORE}, "A3"),
        ({"kind": "upgrade"}, {"night": BEFORE}, "A3"),
        ({"kind": "new"}, {"night": BEFORE}, "A1"),
        ({"kind": "upgrade"}, {"night": NIGHT}, "A1"),  # of the same night: not an earlier one
        ({"kind": "upgrade"}, {"night": BEFORE, "kind": "upgrade"}, "A1"),
        ({"kind": "upgrade"}, {"night": BEFORE, "guest_no": "h"}, "A1"),
        ({"kind": "upgrade"}, {"night": BEFORE, "guest_no": "h", "user_no": "g"}, "A3"),
        ({"kind": "upgrade"}, {"night": BEFORE, "user_no": "h"}, "A1"),
        ({"kind": "upgrade", "guest_no": "h", "user_no": "g"}, {"night": BEFORE}, "A3"),
        (
            {"kind": "upgrade", "guest_no": "w"},
            {"night": BEFORE, "guest_no": "w"},
            "A2",
        ),  # as written
        ({"kind": "upgrade", "guest_no": None}, {"night": BEFORE}, "A1"),
    ],
)
def test_who_served_the_first_sale_has_the_next(
    session: Session, said: dict[str, object], before: dict[str, object], owner: str
) -> None:
    guest("g")
    guest("h")
    guest("w", consultant_no="A2")
    deal("d0", **{"closer_no": "A3", "guest_no": "g", **before})
    deal("d1", **{"guest_no": "g", **said})
    deal("d2", kind="upgrade", guest_no="h", night=AFTER)
    assert shares(session)["d1"] == {owner: 10001}


@in_a_club
def test_a_sale_that_nobody_serves_takes_no_client_from_who_does(session: Session) -> None:
    """Closed by nobody, it is the house's; the one before it was somebody's."""
    guest("g")
    deal("d0", night=BEFORE - timedelta(days=1), closer_no="A3", guest_no="g")
    deal("d1", night=BEFORE, closer_no=None, guest_no="g")
    deal("d2", guest_no="g", kind="upgrade")
    assert shares(session)["d2"] == {"A3": 10001}


# Who reads of it


@pytest.mark.parametrize(
    ("role", "staff_no", "reads"),
    [
        ("director", "D1", ["d1", "d2", "d3"]),
        ("supervisor", "S1", ["d1", "d3"]),
        ("supervisor", "S2", ["d2"]),
        ("supervisor", None, []),
    ],
)
def test_supervisors_read_of_their_own_peoples_sales(
    session: Session, role: str, staff_no: str | None, reads: list[str]
) -> None:
    hire("S2", position="supervisor")
    hire("B1", supervisor_no="S2")
    deal("d1")
    deal("d2", closer_no="B1")
    deal("d3", closer_no="B1")
    put("claims", deal_no="d3", staff_no="A2", found_on=NIGHT)
    put("credit_decisions", deal_no="d3", shares="D1:1", reason="x", decided_by="D2")
    if staff_no == "S2":  # whose it was alone
        reads = ["d2", "d3"]
    sales = {each.deal.deal_no: each for each in sales_between(session, NIGHT, NIGHT)}
    sign_in(session, role, staff_no)
    assert [each.deal.deal_no for each in readable_sales(session, NIGHT, NIGHT)] == reads
    for number, each in sales.items():
        if number in reads:
            require_readable_sale(session, each)
        else:
            with pytest.raises(Refused) as refusal:
                require_readable_sale(session, each)
            assert fields(refusal) == ["deal_no"]


@in_a_club
def test_who_could_still_claim_a_sale_reads_of_it(session: Session) -> None:
    hire("S2", position="supervisor")
    hire("B1", supervisor_no="S2")
    guest("g")
    visit("v1", guest_no="g", received_by="A1")
    deal("d1", guest_no="g")
    sign_in(session, "supervisor", "S2")
    assert readable_sales(session, NIGHT, NIGHT) == []
    put(
        "contacts", contact_no="c", staff_no="B1", guest_no="g", kind="follow_up", at=session.now() - 9 * 86400,
        night=NIGHT - timedelta(days=9),
    )  # fmt: skip
    assert [each.deal.deal_no for each in readable_sales(session, NIGHT, NIGHT)] == ["d1"]
