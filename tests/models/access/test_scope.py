"""Whom each role may read about, by every reading there is."""

from collections.abc import Callable
from datetime import date

import pytest

from models.access import scope
from models.access.session import Session
from models.operations import (
    booking_board,
    bookings,
    incidents,
    leave,
    outings,
    roll_board,
    sales,
    slip_board,
    staff,
    venue,
)
from models.payroll import appeals, charge_list, month_sheet, notices, trends
from models.payroll.explanation import explain
from models.payroll.whatif import whatif
from models.rules import shipped
from models.storage import audit
from models.storage.database import execute
from models.values.problems import Refused
from tests.built_once import built_once
from tests.models.house import NIGHT, brief, hire, place, sign, sign_in

MONTH = "2026-09"
READERS: dict[str, Callable[[Session], set[str]]] = {
    "charges": lambda d: {each.staff_no for each in charge_list.listing(d, MONTH)},
    "sheet": lambda d: {each.staff_no for each in month_sheet.sheet(d, MONTH).rows},
    "whatif": lambda d: {each.staff_no for each in whatif(d, shipped.load("club"), MONTH).rows},
    "appeals": lambda d: {each.staff_no for each in appeals.open_appeals(d)},
    "roll": lambda d: {each.staff_no for each in roll_board.board(d, NIGHT)},
    "leave": lambda d: {each.staff_no for each in leave.listing(d)},
    "days off": lambda d: {each.staff_no for each in leave.calendar(d, NIGHT, date(2026, 9, 30))},
    "outings": lambda d: {each.staff_no for each in slip_board.board(d, NIGHT).asked},
    "incidents": lambda d: {each.staff_no for each in incidents.listing(d, NIGHT, NIGHT)},
    "roster": lambda d: {each.staff_no for each in staff.roster(d)},
    "sales": lambda d: {each.staff_no for each in sales.listing(d, NIGHT)},
    "guests": lambda d: {
        each.staff_no
        for spot in booking_board.board(d, NIGHT)
        for each in spot.bookings
        if each.guest_name is not None
    },
}


@pytest.fixture
@built_once
def house(session: Session) -> Session:
    """S1 over A1 and A2, S2 over B1, and something of everything of A1, B1, S1 and S2."""
    hire("D1", position="director", team=None)
    hire("P1", position="payroll", team=None)
    for above, own in (("S1", ("A1", "A2")), ("S2", ("B1",))):
        hire(above, position="supervisor", supervisor_no="D1")
        for number in own:
            hire(number, supervisor_no=above)
    brief(session)
    for at, number in enumerate(("A1", "B1", "S1", "S2")):
        sign(session, number, arrived_at="19:40")
        appeals.raise_appeal(session, number, NIGHT, "late", "roll", "不是我", by="D1")
        leave.ask(session, number, "rest", date(2026, 9, 20), date(2026, 9, 20))
        outings.ask(session, number, "烟")
        incidents.raise_incident(session, number, "service_complaint", session.now())
        place(f"V{at}")
        number = bookings.book(session, NIGHT, f"V{at}", number, guest_name="李老板")
        bookings.arrived(session, number)
        bookings.left(session, number, 100)
    return session


EVERYBODY = {"A1", "B1", "S1", "S2"}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("role", "staff_no", "sees"),
    [
        ("director", "D1", EVERYBODY),
        ("payroll", "P1", EVERYBODY),
        ("admin", None, EVERYBODY),
        ("supervisor", "S1", {"A1", "S1"}),
        ("supervisor", "S2", {"B1", "S2"}),
        ("supervisor", None, set()),
        ("staff", "A1", {"A1"}),
        ("staff", "A2", set()),
    ],
)
def test_a_reading_shows_each_role_its_own_people(
    house: Session, reader: str, role: str, staff_no: str | None, sees: set[str]
) -> None:
    assert READERS[reader](house) >= EVERYBODY
    sign_in(house, role, staff_no)
    assert READERS[reader](house) & EVERYBODY == sees


@pytest.mark.parametrize(
    "read",
    [
        lambda d, number: explain(d, number, MONTH),
        lambda d, number: roll_board.history(d, number, NIGHT),
        scope.require_readable,
    ],
)
def test_of_one_staffer_who_is_not_theirs_nothing_is_said(
    house: Session, read: Callable[[Session, str], object]
) -> None:
    for role, own, theirs, other in (
        ("supervisor", "S1", "A1", "B1"), ("staff", "A1", "A1", "A2"),
    ):  # fmt: skip
        sign_in(house, role, own)
        read(house, theirs)
        with pytest.raises(Refused, match=f"{other} is not among them"):
            read(house, other)


def test_sums_over_everybody_are_not_a_supervisors(house: Session) -> None:
    assert trends.by_rule(house, MONTH)
    assert trends.months(house, MONTH)
    all_fines = trends.of_nights(house, NIGHT, NIGHT)
    sign_in(house, "supervisor", "S1")
    found = trends.of_nights(house, NIGHT, NIGHT)
    sql = "SELECT sum(amount) FROM charges WHERE status = 'standing' AND staff_no IN ('S1', 'A1', 'A2')"
    assert found.amount == execute(sql).fetchone()[0]
    assert 0 < found.amount < all_fines.amount
    assert trends.by_rule(house, MONTH) == trends.months(house, MONTH) == []


def test_who_moved_to_another_supervisor_is_theirs_from_then_on(house: Session) -> None:
    execute(
        "INSERT INTO postings (staff_no, effective_from, team, supervisor_no, position)"
        " VALUES ('A1', '2026-09-02', 'B', 'S2', 'staff')"
    )
    sign_in(house, "supervisor", "S2")
    assert READERS["charges"](house) & EVERYBODY == {"A1", "B1", "S2"}


def test_a_staffer_asks_contests_and_sees_for_themselves_alone(house: Session) -> None:
    sign_in(house, "staff", "A2")
    later = date(2026, 9, 21)
    leave.ask(house, "A2", "rest", later, later)
    outings.ask(house, "A2")
    for act in (
        lambda: leave.ask(house, "A1", "rest", later, later),
        lambda: outings.ask(house, "A1"),
        lambda: appeals.raise_appeal(house, "A1", NIGHT, "late", "roll", "替他说"),
        lambda: leave.withdraw(house, leave.listing(house)[0].leave_no.replace("02", "01", 1)),
    ):
        with pytest.raises(Refused):
            act()
    sign_in(house, "staff", "A1")
    appeals.withdraw_appeal(house, appeals.open_appeals(house)[0].appeal_id)
    appeals.raise_appeal(house, "A1", NIGHT, "late", "roll", "我七点二十五就到了")
    assert appeals.open_appeals(house)[0].raised_by == "A1"
    with pytest.raises(Refused, match="no such charge"):
        notices.see(house, NIGHT, "absence", "roll")
    assert notices.see(house, NIGHT, "late", "roll")
    assert not notices.see(house, NIGHT, "late", "roll")
    seen = {charge.rule.code: charge.seen_at for charge in explain(house, "A1", MONTH).charges}
    assert seen == {"late": house.now(), "service_complaint": None}
    assert audit.lines(last=1)[0].action == "notice.seen"


def test_a_notice_is_seen_by_nobody_else(house: Session) -> None:
    with pytest.raises(Refused, match="signs in for it"):
        notices.see(house, NIGHT, "late", "roll")
    for role, own in (("director", "D1"), ("supervisor", "S1"), ("payroll", "P1")):
        sign_in(house, role, own)
        with pytest.raises(Refused, match="may not do this"):
            notices.see(house, NIGHT, "late", "roll")


def test_nobody_adopts_a_rulebook_that_lets_their_own_charge_shrink(house: Session) -> None:
    def late() -> dict[str, int]:
        found = charge_list.listing(house, MONTH)
        return {each.staff_no: each.amount for each in found if each.rule == "late"}

    text = shipped.load("nightlife").source
    milder = shipped.parse(text.replace('amount = "30"', 'amount = "10"', 1))
    sign_in(house, "admin", "S1")
    with pytest.raises(Refused, match="S1's own charge of 2026-09-02"):
        venue.adopt(house, milder, NIGHT)
    assert late() == dict.fromkeys(EVERYBODY, 3000)
    sign_in(house, "admin", None)
    venue.adopt(house, milder, NIGHT)
    assert late() == dict.fromkeys(EVERYBODY, 1000)


def test_an_account_of_a_staffer_reads_of_nobody_else_whoever_is_posted_under_them(
    house: Session,
) -> None:
    """Nor does a supervisor's that is nobody's, though directors have no superior either."""
    sign_in(house, "staff", "S1")
    assert scope.readable(house) == {"S1"}
    sign_in(house, "supervisor", None)
    assert scope.readable(house) == set()
    sign_in(house, "payroll", "P1")
    scope.require_readable(house, "A1")
