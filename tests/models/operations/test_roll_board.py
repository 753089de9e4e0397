"""The roll as it is looked at: the board, what is new on it, the counts, and a staffer's history."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from models.access.session import Session
from models.ledger import waivers
from models.operations import (
    bookings,
    briefings,
    first_call,
    grooming,
    incidents,
    leave,
    outings,
    roll,
    roll_board,
    staff,
)
from models.rules.charges import Outcome, Status
from models.storage import audit
from models.storage.database import execute
from models.values.money import parse_money
from tests.clock import Clock
from tests.models.house import (
    NIGHT,
    at,
    book,
    hire,
    in_step,
    place,
    rest,
    staff_the_house,
)

pytestmark = pytest.mark.usefixtures("times_to_come")


@pytest.fixture(autouse=True)
def house(session: Session) -> Iterator[None]:
    staff_the_house()
    hire("B1", "仇英", team="B", supervisor_no="S1")
    hire("N1", "Nobody's", team=None)
    place("K1")
    yield
    assert in_step(session)
    assert audit.broken_link() is None


def test_the_board_goes_by_team_and_number_as_people_count(session: Session) -> None:
    roll.mark(session, "A1")
    rest("A2")
    for staff_no, team in (("A10", "A"), ("C1", "十组"), ("C2", "二组"), ("C3", "10组")):
        hire(staff_no, team=team)
    rows = roll_board.board(session)
    numbers = [*("C2", "C3", "C1", "A1", "A2", "A3", "A10", "S1", "B1", "N1")]
    assert [row.staff_no for row in rows] == numbers
    assert [row.staff_no for row in rows if not row.unmarked] == ["A1", "A2"]
    assert [row.staff_no for row in rows if row.resting] == ["A2"]
    assert rows[3].initials == ("zxx",)
    assert rows[5].initials == ("xx",)


def test_initials_corrected_by_hand_are_kept(session: Session) -> None:
    execute("UPDATE staff SET initials = 'cxx zxx' WHERE staff_no = 'A1'")
    assert roll_board.board(session)[0].initials == ("cxx", "zxx")


def test_a_row_after_a_mark_is_the_row_that_the_board_reads(session: Session) -> None:
    book("A1")
    row = roll_board.board(session)[0]
    for change in (
        lambda: roll.mark(session, "A1", at=at(session, "19:40")),
        lambda: roll.make_up(session, "A1"),
        lambda: roll.unmark(session, "A1"),
    ):
        row = row.after(change())
        assert row in roll_board.board(session)


def test_the_board_shows_what_the_night_cost(session: Session) -> None:
    roll.mark(session, "A1", at=at(session, "19:40"))
    execute(
        "INSERT INTO incidents (incident_no, staff_no, occurred_at, rule, status, night)"
        " VALUES ('I1', 'A1', ?, 'service_complaint', 'recorded', ?)",
        (at(session, "22:00"), NIGHT.isoformat()),
    )
    execute("INSERT INTO waivers VALUES ('A1', ?, 'late', 'roll', 'D1', 'flood')", (str(NIGHT),))
    row = next(row for row in roll_board.board(session) if row.staff_no == "A1")
    assert [(c.rule, c.status) for c in row.charges] == [
        ("late", Status.WAIVED),
        ("service_complaint", Status.STANDING),
    ]
    assert row.fine == 10_000
    roll.unmark(session, "A1")  # rejudges what was written past the ledger


def test_a_summary_counts_outcomes_and_teams(session: Session) -> None:
    roll.mark(session, "A1")
    roll.mark(session, "B1", at=at(session, "19:40"))
    counted = roll_board.summary(roll_board.board(session))
    assert counted.outcomes == {Outcome.PENDING: 4, Outcome.PRESENT: 1, Outcome.LATE: 1}
    assert list(counted.teams) == ["A", "B", None]
    assert counted.teams["B"] == Counter({Outcome.LATE: 1})
    assert (counted.on_roll, counted.unmarked, counted.fines) == (6, 4, 3000)


def test_a_history_is_the_month_up_to_the_night(session: Session, clock: Clock) -> None:
    clock.set("2026-08-31T19:40")
    roll.mark(session, "A1")
    clock.set("2026-09-01T19:40")
    roll.mark(session, "A1")
    clock.set("2026-09-02T19:40")
    roll.mark(session, "A1")
    book("A1")
    seen = roll_board.history(session, "A1")
    assert [(c.night.day, c.rule) for c in seen.charges] == [(2, "late"), (1, "late")]
    assert seen.fined == parse_money("60")
    assert [(b.booking_no, b.kind, b.status) for b in seen.bookings] == [("K1-1", "room", "booked")]
    assert "138" not in str(seen)
    assert [c.night.day for c in roll_board.history(session, "A1", date(2026, 9, 1)).charges] == [1]


def test_a_history_counts_the_absence_of_a_night_that_just_ended(
    session: Session, clock: Clock
) -> None:
    roll.mark(session, "A1")
    briefings.close(session)
    clock.set("2026-09-03T12:00")
    assert [c.rule for c in roll_board.history(session, "A2").charges] == ["absence"]


def test_what_others_recorded_is_read_alone_and_makes_the_board_whole(
    session: Session, clock: Clock
) -> None:
    """After every kind of act: a board that takes in what the new lines say is the board as it is
    read anew, or the news say that all of it is to be read."""
    briefings.assign(session, "迎宾", NIGHT, "D1")  # which opens the briefing
    shown = {row.staff_no: row for row in roll_board.board(session, NIGHT)}
    who, another = sorted(shown)[:2]
    at_night = session.now()
    numbers: dict[str, str] = {}

    def note(what: str, number: str) -> None:
        numbers[what] = number

    slip = "service_complaint"
    acts: list[tuple[Callable[[], object], bool]] = [
        (lambda: roll.mark(session, who, NIGHT), True),
        (lambda: roll.unmark(session, who, NIGHT), True),
        (lambda: first_call.pass_over(session, NIGHT, [another]), True),
        (lambda: grooming.tick(session, another, NIGHT, grooming.STEPS[1]), True),
        (lambda: note("booking", bookings.book(session, NIGHT, "K1", another)), True),
        (lambda: bookings.cancel(session, numbers["booking"]), True),
        (lambda: note("leave", leave.ask(session, who, "rest", NIGHT, NIGHT)), True),
        (lambda: leave.approve(session, numbers["leave"], by="D1"), True),
        (lambda: note("slip", outings.out_without_slip(session, another).slip_no), True),
        (lambda: outings.back(session, numbers["slip"]), True),
        (lambda: note("incident", incidents.raise_incident(session, who, slip, at_night)), True),
        (lambda: waivers.waive(session, who, NIGHT, slip, f"incident:{numbers['incident']}", "误会",
                               "D1"), True),
        (lambda: incidents.withdraw(session, numbers["incident"]), True),
        (lambda: first_call.end(session, NIGHT), False),
        (lambda: briefings.close(session, NIGHT), False),
        (lambda: staff.set_wage(session, who, NIGHT, 900_000), False),
    ]  # fmt: skip
    for act, by_rows in acts:
        seen = session.database_changes()
        act()
        last = session.database_changes()
        assert last > seen
        news = roll_board.news(session, NIGHT, seen, last)
        whole = {row.staff_no: row for row in roll_board.board(session, NIGHT)}
        assert (news.rows is not None) == by_rows
        shown = whole if news.rows is None else {**shown, **news.rows}
        assert shown == whole
    assert roll_board.news(session, NIGHT, last, last).rows == {}
