"""The ledger keeps the charges in step with the facts, whatever the clock does."""

from collections.abc import Iterator
from datetime import date

import pytest

from models.access.session import Session
from models.ledger import ledger
from models.ledger.ledger import differences, everything, rejudge
from models.ledger.settling import settle
from models.operations import briefings, leave, roll
from models.operations.venue import adopt
from models.rules import shipped
from models.rules.charges import Status
from models.storage import audit
from models.storage.database import execute
from tests.clock import Clock
from tests.models.house import NIGHT, brief, charges, in_step, one, staff_the_house

pytestmark = pytest.mark.usefixtures("times_to_come")

ABSENT = ("absence", "roll", 160_000, "standing")


@pytest.fixture(autouse=True)
def house(session: Session) -> Iterator[None]:
    staff_the_house()
    yield
    settle(session)
    assert in_step(session)
    assert audit.broken_link() is None


def test_a_night_is_settled_once_it_is_over(session: Session, clock: Clock) -> None:
    roll.mark(session, "A1")
    briefings.close(session)
    clock.set("2026-09-03T11:59:59")
    settle(session)
    assert charges("A2") == []
    clock.set("2026-09-03T12:00")
    settle(session)
    assert charges("A2") == [ABSENT]
    lines = audit.head()
    settle(session)
    assert audit.head() == lines


def test_a_clock_set_back_opens_the_night_again_until_it_is_over(
    session: Session, clock: Clock
) -> None:
    roll.mark(session, "A1")
    briefings.close(session)
    clock.set("2026-09-03T12:10")
    settle(session)
    clock.set("2026-09-03T11:10")
    roll.mark(session, "A2", at=session.calendar.parse("2026-09-02T19:20"))
    roll.unmark(session, "A2", NIGHT)
    assert charges("A2") == [(*ABSENT[:3], "reversed")]
    clock.set("2026-09-03T12:00")
    settle(session)
    assert charges("A2") == charges("A3") == [ABSENT]
    clock.set("2026-09-03T11:10")
    settle(session)
    assert differences(session, *everything()) == []


def test_a_difference_is_written_and_nothing_is_deleted(session: Session, clock: Clock) -> None:
    brief(session)
    execute("UPDATE briefings SET night_closed = ?", (True,))
    found = differences(session, NIGHT, NIGHT, "A1")
    assert [(each.key[2], each.was, each.now[1]) for each in found] == [
        ("absence", None, Status.STANDING)
    ]
    assert rejudge(session, NIGHT, NIGHT, "A1") == found
    assert charges("A2") == []
    assert len(rejudge(session, NIGHT, NIGHT)) == 3
    assert rejudge(session, NIGHT, NIGHT) == []
    execute("UPDATE briefings SET night_closed = ?", (None,))
    assert {each.now[1] for each in rejudge(session, NIGHT, NIGHT)} == {Status.REVERSED}
    assert one("SELECT count(*) FROM charges") == 4
    assert rejudge(session, NIGHT, NIGHT) == []


def test_a_reversed_charge_stands_again(session: Session) -> None:
    late = session.calendar.parse("2026-09-02T19:40")
    marked = roll.mark(session, "A1", at=late)
    roll.undo(session, roll.undo(session, marked))
    assert charges("A1") == [("late", "roll", 3000, "standing")]


def test_a_leave_without_end_is_judged_at_once(session: Session) -> None:
    """As databases may hold one since before a leave was bounded."""
    brief(session)
    number = leave.ask(session, "A1", "rest", NIGHT, NIGHT, "?")
    leave.approve(session, number, "S1")
    execute("UPDATE leave SET last_night = '8999-12-31'")
    assert [each.night for each in ledger.judgements(session, *everything())] == [NIGHT]


def test_a_charge_whose_reason_alone_changed_is_written_anew(
    session: Session, clock: Clock
) -> None:
    """The sentence is what a staffer is told: of the same amount, it would name the wrong fact."""
    brief(session)
    clock.set("2026-09-03T12:00")
    settle(session)
    basis = "SELECT basis FROM charges WHERE staff_no = 'A1'"
    assert one(basis).startswith('["absent",')
    number = leave.ask(
        session, "A1", "rest", NIGHT, NIGHT, filed_at=session.calendar.parse("2026-09-02T15:00")
    )
    leave.approve(session, number, "S1")
    assert one(basis).startswith('["late_leave",')
    assert number in one(basis)
    assert charges("A1") == [ABSENT]


def test_all_nights_that_ended_meanwhile_are_settled_at_once(
    session: Session, clock: Clock
) -> None:
    """A terminal that nobody opened for days owes every night's absences, the first one's too."""
    nights = [date(2026, 9, day) for day in (2, 4, 6)]
    for night in nights:
        clock.set(f"{night}T20:00")
        brief(session, night)
    execute("UPDATE briefings SET settled = ?", (False,))
    execute("DELETE FROM charges")
    clock.set("2026-09-06T23:00")
    settle(session)
    assert [len(charges("A2", night)) for night in nights] == [1, 1, 0]
    lines = audit.head()
    settle(session)  # tonight is not over: there is nothing to do
    assert audit.head() == lines
    clock.set("2026-09-07T12:00")
    settle(session)
    assert [charges("A2", night) for night in nights] == [[ABSENT]] * 3


def test_what_the_guest_desks_facts_give_is_charged_and_taken_back(session: Session) -> None:
    adopt(session, shipped.load("club"), NIGHT)
    at = session.calendar.parse("2026-09-02T20:30")
    execute(
        "INSERT INTO visits (visit_no, night, at, received_by, asked_been)"
        " VALUES ('V1', ?, ?, 'A1', ?)",
        (NIGHT.isoformat(), at, False),
    )
    rejudge(session, NIGHT, NIGHT)
    assert charges("A1") == [("unasked_visitor", "visit:V1", 10_000, "standing")]
    execute("UPDATE visits SET asked_been = ?", (True,))
    rejudge(session, NIGHT, NIGHT)
    assert charges("A1") == [("unasked_visitor", "visit:V1", 10_000, "reversed")]
