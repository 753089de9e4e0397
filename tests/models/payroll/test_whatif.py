"""What a month would have cost under another rulebook: said, and nothing written."""

from collections.abc import Iterator
from datetime import date, time

import pytest

from models.access.session import Session
from models.ledger.ledger import rejudge
from models.payroll.whatif import WhatIf, whatif
from models.rules import shipped
from models.rules.rulebook import Rulebook
from models.storage import audit
from models.storage.database import execute
from tests.clock import Clock
from tests.models.house import (
    NIGHT,
    brief,
    charges,
    in_step,
    place,
    put,
    sign,
    staff_the_house,
)

BOOK = shipped.load("nightlife")


@pytest.fixture(autouse=True)
def house(session: Session, clock: Clock) -> Iterator[None]:
    staff_the_house()
    brief(session)
    sign(session, "A1", arrived_at="19:35")
    for staff_no in ("A2", "A3", "S1"):
        sign(session, staff_no, arrived_at="19:20")
    clock.set("2026-09-03T12:00")
    yield
    assert in_step(session)


def sums(found: WhatIf) -> list[tuple[str, int, int]]:
    """What each pays now and would pay then."""
    return [(row.staff_no, row.now, row.then) for row in found.rows]


def test_another_grace_forgives_and_another_briefing_charges(session: Session) -> None:
    before = charges("A1"), audit.head()
    assert sums(whatif(session, BOOK, "2026-09")) == [("A1", 3000, 3000)]
    kind = whatif(session, BOOK._replace(grace_minutes=5), "2026-09")
    assert sums(kind) == [("A1", 3000, 0)]
    early = whatif(session, BOOK._replace(briefing=time(19, 0)), "2026-09")
    assert sums(early) == [
        ("A1", 3000, 3000), ("A2", 0, 3000), ("A3", 0, 3000), ("S1", 0, 3000),
    ]  # fmt: skip
    assert (charges("A1"), audit.head()) == before
    assert whatif(session, BOOK, "2026-08").rows == ()


def test_a_waived_charge_costs_nothing_in_either(session: Session) -> None:
    execute("INSERT INTO waivers VALUES ('A1', ?, 'late', 'roll', 'D1', 'x')", (str(NIGHT),))
    rejudge(session, NIGHT, NIGHT)
    assert whatif(session, BOOK, "2026-09").rows == ()


def test_an_incident_that_it_would_not_allow_is_named(session: Session) -> None:
    for number, rule, cents in (("I1", "fighting", 60_000), ("I2", "theft", None)):
        execute(
            "INSERT INTO incidents (incident_no, staff_no, occurred_at, rule, amount, note, status,"
            " night) VALUES (?, 'A2', ?, ?, ?, '推人', 'recorded', ?)",
            (number, session.calendar.parse("2026-09-02T22:00"), rule, cents, str(NIGHT)),
        )
    rejudge(session, NIGHT, NIGHT)
    milder = tuple(
        rule._replace(minimum=10_000, maximum=50_000) if rule.code == "fighting" else rule
        for rule in BOOK.rules
        if rule.code != "theft"
    )
    found = whatif(session, BOOK._replace(rules=milder), "2026-09")
    assert found.unjudged == ("I1", "I2")
    assert sums(found) == [("A1", 3000, 3000), ("A2", 60_000, 0)]


def test_whose_sales_would_be_others(session: Session) -> None:
    """Also of who is charged nothing; whoever's would be the same has no row for them."""
    place("V01")
    for turn, (who, cents) in enumerate((("A1", 100), ("A2", 200), ("A3", 1)), 1):
        put(
            "bookings", booking_no=f"B{turn}", night=NIGHT, place="V01", turn=turn, staff_no=who,
            status="left", amount=cents,
        )  # fmt: skip
    houses = shipped.parse(BOOK.source.replace('owner = "booker"', 'owner = "house"'))

    def rows(book: Rulebook) -> list[tuple[object, ...]]:
        return [
            (each.staff_no, each.now, each.then, each.sales_now, each.sales_then)
            for each in whatif(session, book, "2026-09").rows
        ]

    assert rows(BOOK) == [("A1", 3000, 3000, 100, 100)]
    assert rows(houses) == [("A1", 3000, 3000, 100, 0), ("A2", 0, 0, 200, 0), ("A3", 0, 0, 1, 0)]
    put("rulebook_version", from_night=NIGHT, name="x", text=houses.source, adopted_at=0)
    session.refresh()
    assert rows(BOOK) == [("A1", 3000, 3000, 0, 100), ("A2", 0, 0, 0, 200), ("A3", 0, 0, 0, 1)]


def test_a_month_is_its_nights(session: Session) -> None:
    brief(session, date(2026, 10, 1))
    assert {row.staff_no for row in whatif(session, BOOK, "2026-09").rows} == {"A1"}
