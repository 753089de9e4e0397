"""Raising incidents, taking them back, and what they charge."""

from collections.abc import Iterator
from datetime import date

import pytest

from models.access.permissions import ROLES
from models.access.session import Session
from models.ledger.ledger import rejudge
from models.operations import incidents
from models.storage import audit
from models.storage.database import execute
from models.values.problems import Refused
from tests.clock import Clock
from tests.models.house import (
    NIGHT,
    charges,
    fields,
    hire,
    in_step,
    put,
    sign_in,
    staff_the_house,
)


@pytest.fixture(autouse=True)
def house(session: Session, clock: Clock) -> Iterator[None]:
    staff_the_house()
    clock.set("2026-09-03T02:00")
    yield
    assert in_step(session)
    assert audit.broken_link() is None


@pytest.fixture
def at(session: Session) -> int:
    return session.calendar.parse("2026-09-03T01:30")


def test_the_rules_to_pick_from_go_by_clause_with_their_limits(session: Session) -> None:
    rules = incidents.pickable(session, NIGHT)
    assert [(rule.clause, rule.code) for rule in rules] == [
        ("5", "left_post"),
        ("7", "service_complaint"),
        ("8", "theft"),
        ("9", "booking_fraud"),
        ("10", "insubordination"),
        ("10", "fighting"),
        ("10", "grave_misconduct"),
        ("11", "drugs"),
        ("11", "stored_wine_sale"),
    ]
    assert (rules[4].minimum, rules[4].maximum) == (30_000, 50_000)


@pytest.mark.parametrize(
    ("rule", "amount", "note", "charged"),
    [
        ("service_complaint", None, None, 10_000),
        ("service_complaint", 10_000, None, 10_000),
        ("insubordination", 35_000, "swore at the director", 35_000),
        ("booking_fraud", None, None, 0),
        ("booking_fraud", 80_000, "third time", 80_000),
        ("drugs", None, None, 0),
        ("theft", None, None, 0),
        ("left_post", None, None, 10_000),
    ],
)
def test_an_incident_charges_what_the_rule_says(
    session: Session, at: int, rule: str, amount: int | None, note: str | None, charged: int
) -> None:
    number = incidents.raise_incident(session, "A1", rule, at, amount, note, by="D1")
    assert number == "I260902-01"
    assert charges("A1", NIGHT) == [(rule, f"incident:{number}", charged, "standing")]
    found = incidents.incident(number)
    assert (found.night, found.reported_by, found.amount) == (NIGHT, "D1", amount)
    assert (found.charged, found.charge_status) == (charged, "standing")


@pytest.mark.parametrize(
    ("rule", "amount", "note", "field"),
    [
        ("service_complaint", 9_999, None, "amount"),
        ("insubordination", None, "why", "amount"),
        ("insubordination", 29_999, "why", "amount"),
        ("insubordination", 50_001, "why", "amount"),
        ("insubordination", 40_000, " \n", "note"),
        ("booking_fraud", 100, None, "note"),
        ("drugs", 0, None, "amount"),
        ("late", None, None, "rule"),
        ("no_such", None, None, "rule"),
        ("theft", None, "\0", "note"),
    ],
)
def test_what_the_rule_does_not_allow(
    session: Session, at: int, rule: str, amount: int | None, note: str | None, field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        incidents.raise_incident(session, "A1", rule, at, amount, note)
    assert set(fields(refusal)) == {field}
    assert charges("A1") == []


def test_who_and_when_must_make_sense(session: Session, at: int) -> None:
    hire("NEW", hired_on="2026-09-03")
    hire("OLD", left_on="2026-09-01")
    for staff_no, by, field in (
        ("A1", "A1", "reported_by"),
        ("A1", "X9", "reported_by"),
        ("X9", "D1", "staff_no"),
        ("NEW", "D1", "occurred_at"),
        ("OLD", "D1", "staff_no"),
    ):
        with pytest.raises(Refused) as refusal:
            incidents.raise_incident(session, staff_no, "theft", at, by=by)
        assert set(fields(refusal)) == {field}


def test_withdrawing_takes_the_charge_back_and_restoring_brings_it(
    session: Session, at: int
) -> None:
    number = incidents.raise_incident(session, "A1", "service_complaint", at)
    assert incidents.incident(number).reported_by is None
    assert incidents.withdraw(session, number, "the guest was mistaken")
    assert not incidents.withdraw(session, number)
    assert charges("A1")[0][3] == "reversed"
    assert incidents.restore(session, number)
    assert not incidents.restore(session, number)
    assert charges("A1")[0][3] == "standing"
    actions = [(line.action, line.reason) for line in audit.lines(staff_no="A1")]
    assert actions == [
        ("incident.raised", None),
        ("incident.withdrawn", "the guest was mistaken"),
        ("incident.restored", None),
    ]


def test_a_blank_note_is_none(session: Session, at: int) -> None:
    for note in ("", " \n"):
        number = incidents.raise_incident(session, "A1", "theft", at, note=note)
        assert incidents.incident(number).note is None
        said = {"rule": "theft", "occurred_at": at, "amount": None}
        assert not incidents.edit(session, number, **said, note=note)


def test_nobody_takes_their_own_back_or_puts_it_right(session: Session, at: int) -> None:
    number = incidents.raise_incident(session, "D1", "service_complaint", at, by="D2")
    changes = (
        lambda by: incidents.withdraw(session, number, by=by),
        lambda by: incidents.edit(
            session, number, rule="theft", occurred_at=at, amount=None, note=None, by=by
        ),
    )
    for change in changes:
        with pytest.raises(Refused, match="of their own"):
            change("D1")
    sign_in(session, "director", "D1")
    for change in changes:
        with pytest.raises(Refused, match="of their own"):
            change(None)
    assert charges("D1")[0][3] == "standing"


def test_what_an_outing_says_by_now_is_not_brought_back(session: Session, at: int) -> None:
    """They would be fined twice for one absence from their post."""
    number = incidents.raise_incident(session, "A1", "left_post", at)
    incidents.withdraw(session, number)
    put(
        "outings", slip_no="O1", staff_no="A1", requested_at=1, status="rejected", night=NIGHT,
        out_at=at - 60, back_at=at + 60, decided_by="D1", decided_at=1,
    )  # fmt: skip
    rejudge(session, NIGHT, NIGHT)
    with pytest.raises(Refused, match="on O1 from"):
        incidents.restore(session, number)
    assert [status for *_, status in charges("A1")] == ["reversed", "standing"]


def test_the_listing_by_nights_and_staffer(session: Session, at: int) -> None:
    first = incidents.raise_incident(
        session, "A1", "theft", session.calendar.parse("2026-08-31T22:00")
    )
    second = incidents.raise_incident(session, "A2", "theft", at)
    third = incidents.raise_incident(session, "A1", "theft", at)
    month = (date(2026, 9, 1), date(2026, 9, 30))
    assert [each.incident_no for each in incidents.listing(session, *month)] == [third, second]
    everything = incidents.listing(session, date(2026, 8, 1), date(2026, 9, 30), "A1")
    assert [each.incident_no for each in everything] == [third, first]


def test_an_account_raises_in_its_own_name_and_never_against_itself(
    session: Session, at: int
) -> None:
    sign_in(session, "director", "D1")
    number = incidents.raise_incident(session, "A1", "theft", at)
    assert incidents.incident(number).reported_by == "D1"
    for change in (
        lambda: incidents.raise_incident(session, "D1", "theft", at),
        lambda: incidents.raise_incident(session, "A1", "theft", at, by="D2"),
    ):
        with pytest.raises(Refused):
            change()
    sign_in(session, "director", "D2")
    against = incidents.raise_incident(session, "D1", "theft", at)
    sign_in(session, "director", "D1")
    with pytest.raises(Refused, match="of their own"):
        incidents.withdraw(session, against)


@pytest.mark.parametrize("role", ROLES)
def test_who_may_raise(session: Session, at: int, role: str) -> None:
    number = incidents.raise_incident(session, "A1", "theft", at)
    sign_in(session, role, "D2")
    if role == "director":
        incidents.raise_incident(session, "A1", "theft", at)
        incidents.withdraw(session, number)
        return
    for change in (
        lambda: incidents.raise_incident(session, "A1", "theft", at),
        lambda: incidents.withdraw(session, number),
        lambda: incidents.restore(session, number),
    ):
        with pytest.raises(Refused, match=f"as {role}"):
            change()


def test_a_closed_month_takes_no_incident(session: Session, at: int) -> None:
    number = incidents.raise_incident(session, "A1", "theft", at)
    execute(
        "INSERT INTO closed_months (month, closed_at, content, digest, audit_head)"
        " VALUES ('2026-09', 0, '{}', '', '')"
    )
    for change in (
        lambda: incidents.raise_incident(session, "A1", "theft", at),
        lambda: incidents.withdraw(session, number),
    ):
        with pytest.raises(Refused, match="2026-09 is closed"):
            change()


def test_an_incident_is_corrected_and_its_charge_follows(session: Session, at: int) -> None:
    number = incidents.raise_incident(session, "A1", "fighting", at, 50_000, "threw a glass")
    said = {"occurred_at": at, "note": "threw two glasses"}
    assert incidents.edit(session, number, rule="fighting", amount=80_000, **said)
    assert not incidents.edit(session, number, rule="fighting", amount=80_000, **said)
    assert incidents.incident(number).charged == 80_000
    earlier = session.calendar.parse("2026-09-01T23:00")
    assert incidents.edit(
        session, number, rule="service_complaint", occurred_at=earlier, amount=None, note=None
    )
    now = incidents.incident(number)
    assert (now.night, now.rule, now.charged) == (date(2026, 9, 1), "service_complaint", 10_000)
    with pytest.raises(Refused) as refusal:
        incidents.edit(
            session, number, rule="fighting", occurred_at=at, amount=1, note="too little"
        )
    assert "amount" in fields(refusal)
    with pytest.raises(Refused):
        incidents.edit(
            session, number, rule="fighting", occurred_at=at, amount=60_000, note="x", by="A1"
        )
