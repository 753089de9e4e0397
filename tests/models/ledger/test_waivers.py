"""Letting charges go: by whom, why, and taking it back."""

from collections.abc import Iterator
from datetime import date

import pytest

from models import audit, bookings, incidents, waivers
from models.authority import ROLES
from models.database import execute
from models.desk import Desk
from models.judgement import ChargeKey
from models.problems import Refused
from tests.conftest import Clock
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

LATE: ChargeKey = ("A1", NIGHT, "late", "roll")


@pytest.fixture(autouse=True)
def house(desk: Desk) -> Iterator[None]:
    staff_the_house()
    brief(desk, director_no="D2")
    sign(desk, "A1", arrived_at="19:45")
    yield
    assert in_step(desk)
    assert audit.broken_link() is None


def test_a_waived_charge_stands_no_more_until_that_is_undone(desk: Desk) -> None:
    assert waivers.waive(desk, *LATE, "the lift was stuck", by="D1")
    assert charges("A1") == [("late", "roll", 3_000, "waived")]
    assert waivers.waiver(*LATE) == ("D1", "the lift was stuck")
    assert not waivers.waive(desk, *LATE, "the lift was stuck", by="D1")
    assert waivers.waive(desk, *LATE, "first night", by="D2")
    assert waivers.waiver(*LATE) == ("D2", "first night")
    assert waivers.unwaive(desk, *LATE)
    assert not waivers.unwaive(desk, *LATE)
    assert charges("A1") == [("late", "roll", 3_000, "standing")]
    assert waivers.waiver(*LATE) is None
    assert [(line.deed, line.reason) for line in audit.lines(staff_no="A1")] == [
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
def test_a_waiver_names_a_charge_that_the_facts_give(desk: Desk, key: ChargeKey) -> None:
    with pytest.raises(Refused, match="no such charge"):
        waivers.waive(desk, *key, "why", by="D1")


def test_a_reversed_charge_is_not_waived(desk: Desk) -> None:
    place("K1")
    execute("UPDATE attendance SET made_up_at = arrived_at")
    bookings.book(desk, NIGHT, "K1", "A1")
    assert charges("A1")[0][3] == "reversed"
    with pytest.raises(Refused, match="no such charge"):
        waivers.waive(desk, *LATE, "why", by="D1")


def test_a_night_that_ended_unseen_is_judged_before_it_is_waived(desk: Desk, clock: Clock) -> None:
    clock.set("2026-09-03T12:00")
    assert charges("A2") == []
    assert waivers.waive(desk, "A2", NIGHT, "absence", "roll", "in hospital")
    assert charges("A2")[0][3] == "waived"


@pytest.mark.parametrize("reason", ["", " \n"])
def test_a_reason_is_wanted(desk: Desk, reason: str) -> None:
    with pytest.raises(Refused) as refusal:
        waivers.waive(desk, *LATE, reason, by="D1")
    assert [each.field for each in refusal.value.problems] == ["reason"]


def test_where_nobody_says_who_it_falls_to_the_nights_director_and_on(desk: Desk) -> None:
    def waived_by(key: ChargeKey) -> str:
        waivers.waive(desk, *key, "why")
        found = waivers.waiver(*key)
        assert found is not None
        return found.waived_by

    assert waived_by(LATE) == "D2"
    other = date(2026, 9, 1)
    brief(desk, other, director_no=None)
    sign(desk, "A1", other, arrived_at="19:45")
    sign(desk, "S1", other, arrived_at="19:45")
    assert waived_by(("A1", other, "late", "roll")) == "S1"
    hire("B1")
    sign(desk, "B1", other, arrived_at="19:45")
    assert waived_by(("B1", other, "late", "roll")) == "D1"
    at = desk.calendar.parse("2026-09-02T21:00")
    number = incidents.raise_incident(desk, "D2", "service_complaint", at)
    key = ("D2", NIGHT, "service_complaint", f"incident:{number}")
    assert waived_by(key) == "D1"


def test_where_nobody_is_left_to_it_someone_must_be_named(desk: Desk) -> None:
    execute("UPDATE staff SET position = 'payroll', left_on = NULL WHERE position = 'director'")
    execute("UPDATE briefings SET director_no = NULL")
    execute("UPDATE staff SET supervisor_no = NULL")
    with pytest.raises(Refused, match="--by"):
        waivers.waive(desk, *LATE, "why")
    assert waivers.waive(desk, *LATE, "why", by="P1")


def test_nobody_waives_their_own(desk: Desk) -> None:
    with pytest.raises(Refused, match="of their own"):
        waivers.waive(desk, *LATE, "why", by="A1")
    waivers.waive(desk, *LATE, "why")
    with pytest.raises(Refused, match="of their own"):
        waivers.unwaive(desk, *LATE, by="A1")
    at = desk.calendar.parse("2026-09-02T21:00")
    number = incidents.raise_incident(desk, "D2", "service_complaint", at)
    key = ("D2", NIGHT, "service_complaint", f"incident:{number}")
    sign_in(desk, "director", "D2")
    for change in (waivers.waive, waivers.unwaive):
        with pytest.raises(Refused, match="of their own"):
            change(desk, *key, *(("why",) if change is waivers.waive else ()))


@pytest.mark.parametrize("role", ROLES)
def test_who_may_waive(desk: Desk, role: str) -> None:
    sign_in(desk, role, "D1")
    if role == "director":
        assert waivers.waive(desk, *LATE, "why")
        assert waivers.waiver(*LATE) == ("D1", "why")
        assert waivers.unwaive(desk, *LATE)
        return
    with pytest.raises(Refused, match=f"as {role}"):
        waivers.waive(desk, *LATE, "why")
    with pytest.raises(Refused, match=f"as {role}"):
        waivers.unwaive(desk, *LATE)


def test_a_closed_month_is_left_alone(desk: Desk) -> None:
    execute(
        "INSERT INTO closed_months (month, closed_at, content, digest, audit_head)"
        " VALUES ('2026-09', 0, '{}', '', '')"
    )
    for change in (
        lambda: waivers.waive(desk, *LATE, "why"),
        lambda: waivers.unwaive(desk, *LATE),
    ):
        with pytest.raises(Refused, match="2026-09 is closed"):
            change()
