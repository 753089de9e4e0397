"""The ledger keeps the charges in step with the facts, whatever the clock does."""

from collections.abc import Iterator
from datetime import date

import pytest

from models import audit, leave, ledger, roll
from models.database import execute
from models.desk import Desk
from models.judgement import Status
from models.ledger import differences, everything, rejudge, settle
from tests.conftest import Clock
from tests.models.house import NIGHT, brief, charges, in_step, one, staff_the_house

ABSENT = ("absence", "roll", 160_000, "standing")


@pytest.fixture(autouse=True)
def house(desk: Desk) -> Iterator[None]:
    staff_the_house()
    yield
    settle(desk)
    assert in_step(desk)
    assert audit.broken_link() is None


def test_a_night_is_settled_once_it_is_over(desk: Desk, clock: Clock) -> None:
    roll.mark(desk, "A1")
    clock.set("2026-09-03T11:59:59")
    settle(desk)
    assert charges("A2") == []
    clock.set("2026-09-03T12:00")
    settle(desk)
    assert charges("A2") == [ABSENT]
    lines = audit.head()
    settle(desk)
    assert audit.head() == lines


def test_a_clock_set_back_opens_the_night_again_until_it_is_over(desk: Desk, clock: Clock) -> None:
    roll.mark(desk, "A1")
    clock.set("2026-09-03T12:10")
    settle(desk)
    clock.set("2026-09-03T11:10")
    roll.mark(desk, "A2", at=desk.calendar.parse("2026-09-02T19:20"))
    roll.unmark(desk, "A2", NIGHT)
    assert charges("A2") == [(*ABSENT[:3], "reversed")]
    clock.set("2026-09-03T12:00")
    settle(desk)
    assert charges("A2") == charges("A3") == [ABSENT]
    clock.set("2026-09-03T11:10")
    settle(desk)
    assert differences(desk, *everything()) == []


def test_a_difference_is_written_and_nothing_is_deleted(desk: Desk, clock: Clock) -> None:
    brief(desk)
    execute("UPDATE briefings SET night_closed = ?", (True,))
    found = differences(desk, NIGHT, NIGHT, "A1")
    assert [(each.key[2], each.was, each.now[1]) for each in found] == [
        ("absence", None, Status.STANDING)
    ]
    assert rejudge(desk, NIGHT, NIGHT, "A1") == found
    assert charges("A2") == []
    assert len(rejudge(desk, NIGHT, NIGHT)) == 3
    assert rejudge(desk, NIGHT, NIGHT) == []
    execute("UPDATE briefings SET night_closed = ?", (None,))
    assert {each.now[1] for each in rejudge(desk, NIGHT, NIGHT)} == {Status.REVERSED}
    assert one("SELECT count(*) FROM charges") == 4
    assert rejudge(desk, NIGHT, NIGHT) == []


def test_a_reversed_charge_stands_again(desk: Desk) -> None:
    late = desk.calendar.parse("2026-09-02T19:40")
    marked = roll.mark(desk, "A1", at=late)
    roll.undo(desk, roll.undo(desk, marked))
    assert charges("A1") == [("late", "roll", 3000, "standing")]


def test_a_leave_without_end_is_judged_at_once(desk: Desk) -> None:
    brief(desk)
    number = leave.ask(desk, "A1", "rest", NIGHT, date(8999, 12, 31), "?")
    leave.approve(desk, number, "S1")
    assert [each.night for each in ledger.judgements(desk, *everything())] == [NIGHT]
