"""Letting charges go: by whom, why, and taking it back."""

from collections.abc import Iterator
from datetime import date

import pytest

from models.access.permissions import ROLES
from models.access.session import Session
from models.ledger import waivers
from models.operations import bookings, incidents
from models.rules.charges import ChargeKey
from models.storage import audit
from models.storage.database import execute
from models.values.problems import Refused
from tests.built_once import built_once
from tests.clock import Clock
from tests.models.house import (
    NIGHT,
    brief,
    charges,
    hire,
    in_step,
    place,
    sign,
    sign_in,
    staff_the_house,
)

pytestmark = pytest.mark.usefixtures("times_to_come")

LATE = ChargeKey("A1", NIGHT, "late", "roll")


@built_once
def build(session: Session) -> None:
    staff_the_house()
    brief(session, director_no="D2")
    sign(session, "A1", arrived_at="19:45")


@pytest.fixture(autouse=True)
def house(session: Session) -> Iterator[None]:
    build(session)
    yield
    assert in_step(session)
    assert audit.broken_link() is None


def test_a_waived_charge_stands_no_more_until_that_is_undone(session: Session) -> None:
    assert waivers.waive(session, *LATE, "the lift was stuck", by="D1")
    assert charges("A1") == [("late", "roll", 3_000, "waived")]
    assert waivers.waiver(*LATE) == ("D1", "the lift was stuck")
    assert not waivers.waive(session, *LATE, "the lift was stuck", by="D1")
    assert waivers.waive(session, *LATE, "first night", by="D2")
    assert waivers.waiver(*LATE) == ("D2", "first night")
    assert waivers.unwaive(session, *LATE)
    assert not waivers.unwaive(session, *LATE)
    assert charges("A1") == [("late", "roll", 3_000, "standing")]
    assert waivers.waiver(*LATE) is None
    assert [(line.action, line.reason) for line in audit.lines(staff_no="A1")] == [
        ("charge.waived", "the lift was stuck"),
        ("charge.waived", "first night"),
        ("charge.unwaived", None),
    ]


@pytest.mark.parametrize(
    "key",
    [
        ("A1", NIGHT, "late", "incident:1"),
        ("A1", NIGHT, "absence", "roll"),
        ("A1", date(2026, 9, 1), "late", "roll"),
        ("A2", NIGHT, "late", "roll"),
        ("X9", NIGHT, "late", "roll"),
    ],
)
def test_a_waiver_names_a_charge_that_the_facts_give(session: Session, key: ChargeKey) -> None:
    with pytest.raises(Refused, match="no such charge"):
        waivers.waive(session, *key, "why", by="D1")


def test_a_reversed_charge_is_not_waived(session: Session) -> None:
    place("K1")
    execute("UPDATE attendance SET made_up_at = arrived_at")
    bookings.book(session, NIGHT, "K1", "A1")
    assert charges("A1")[0][3] == "reversed"
    with pytest.raises(Refused, match="no such charge"):
        waivers.waive(session, *LATE, "why", by="D1")


def test_a_night_that_ended_unseen_is_judged_before_it_is_waived(
    session: Session, clock: Clock
) -> None:
    clock.set("2026-09-03T12:00")
    assert charges("A2") == []
    assert waivers.waive(session, "A2", NIGHT, "absence", "roll", "in hospital")
    assert charges("A2")[0][3] == "waived"


@pytest.mark.parametrize("reason", ["", " \n"])
def test_a_reason_is_wanted(session: Session, reason: str) -> None:
    with pytest.raises(Refused) as refusal:
        waivers.waive(session, *LATE, reason, by="D1")
    assert [each.field for each in refusal.value.problems] == ["reason"]


def test_where_nobody_says_who_it_falls_to_the_nights_director_and_on(session: Session) -> None:
    def waived_by(key: ChargeKey) -> str:
        waivers.waive(session, *key, "why")
        found = waivers.waiver(*key)
        assert found is not None
        return found.waived_by

    hire("D0", position="director", left_on="2026-08-31")
    assert waived_by(LATE) == "D2"
    before = session.calendar.parse("2026-08-31T21:00")  # a night without a briefing
    number = incidents.raise_incident(session, "A1", "service_complaint", before)
    key = ("A1", date(2026, 8, 31), "service_complaint", f"incident:{number}")
    assert waived_by(key) == "S1"
    other = date(2026, 9, 1)
    brief(session, other, director_no=None)
    sign(session, "A1", other, arrived_at="19:45")
    sign(session, "S1", other, arrived_at="19:45")
    assert waived_by(("A1", other, "late", "roll")) == "S1"
    hire("B1")
    sign(session, "B1", other, arrived_at="19:45")
    assert waived_by(("B1", other, "late", "roll")) == "D1"
    at = session.calendar.parse("2026-09-02T21:00")
    number = incidents.raise_incident(session, "D2", "service_complaint", at)
    key = ("D2", NIGHT, "service_complaint", f"incident:{number}")
    assert waived_by(key) == "D1"


def test_where_nobody_is_left_to_it_someone_must_be_named(session: Session) -> None:
    execute("UPDATE staff SET position = 'payroll', left_on = NULL WHERE position = 'director'")
    execute("UPDATE briefings SET director_no = NULL")
    execute("UPDATE staff SET supervisor_no = NULL")
    with pytest.raises(Refused, match="--by"):
        waivers.waive(session, *LATE, "why")
    assert waivers.waive(session, *LATE, "why", by="P1")


def test_nobody_waives_their_own(session: Session) -> None:
    with pytest.raises(Refused, match="of their own"):
        waivers.waive(session, *LATE, "why", by="A1")
    waivers.waive(session, *LATE, "why")
    with pytest.raises(Refused, match="of their own"):
        waivers.unwaive(session, *LATE, by="A1")
    at = session.calendar.parse("2026-09-02T21:00")
    number = incidents.raise_incident(session, "D2", "service_complaint", at)
    key = ("D2", NIGHT, "service_complaint", f"incident:{number}")
    sign_in(session, "director", "D2")
    for change in (waivers.waive, waivers.unwaive):
        with pytest.raises(Refused, match="of their own"):
            change(session, *key, *(("why",) if change is waivers.waive else ()))


@pytest.mark.parametrize("role", ROLES)
def test_who_may_waive(session: Session, role: str) -> None:
    sign_in(session, role, "D1")
    if role == "director":
        assert waivers.waive(session, *LATE, "why")
        assert waivers.waiver(*LATE) == ("D1", "why")
        assert waivers.unwaive(session, *LATE)
        return
    with pytest.raises(Refused, match=f"as {role}"):
        waivers.waive(session, *LATE, "why")
    with pytest.raises(Refused, match=f"as {role}"):
        waivers.unwaive(session, *LATE)


def test_a_closed_month_is_left_alone(session: Session) -> None:
    execute(
        "INSERT INTO closed_months (month, closed_at, content, digest, audit_head)"
        " VALUES ('2026-09', 0, '{}', '', '')"
    )
    for change in (
        lambda: waivers.waive(session, *LATE, "why"),
        lambda: waivers.unwaive(session, *LATE),
    ):
        with pytest.raises(Refused, match="2026-09 is closed"):
            change()


def test_several_are_waived_for_one_reason_or_none(session: Session) -> None:
    at = session.calendar.parse("2026-09-02T22:00")
    number = incidents.raise_incident(session, "A2", "service_complaint", at)
    other = ChargeKey("A2", NIGHT, "service_complaint", f"incident:{number}")
    with pytest.raises(Refused):
        waivers.waive_many(session, [LATE, ("A2", NIGHT, "late", "roll")], "the bus", "D2")
    assert waivers.waiver(*LATE) is None
    assert waivers.waive_many(session, [LATE, other], "the bus", "D2") == [LATE, other]
    assert waivers.waive_many(session, [LATE, other], "the bus", "D2") == []
    assert waivers.waiver(*other) == ("D2", "the bus")
