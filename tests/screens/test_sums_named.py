"""What charges somebody, or takes a charge back, is named with its sum before it is done, on every
screen, and can be taken back."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from models.access.session import Session
from models.guests import contacts, desk, register
from models.ledger import waivers
from models.ledger.settling import settle
from models.operations import bookings, briefings, incidents, leave, outings, venue
from models.rules import shipped
from models.storage.database import execute
from tests.clock import clock_of
from tests.conftest import MakeSession
from tests.models.house import NIGHT, at, brief, in_step, place, sign, staff_the_house
from tests.screens.pilot import press, showing
from venue_tui.widgets.dialogs import Confirm
from venue_tui.widgets.floor import FloorBoard
from venue_tui.widgets.line_list import LineList
from venue_tui.widgets.reason_prompt import ReasonPrompt

NEXT = date(2026, 9, 3)


class Act(NamedTuple):
    """Where something is done that changes what is charged: what happened before, which row is
    selected (a list's id and its key), the keys up to the question, what it says, and the keys
    that leave all as it was, and those that agree."""

    screen: str
    happened: Callable[[Session], object]
    row: tuple[str, str]
    keys: tuple[str, ...]
    said: str
    leave: tuple[str, ...] = ("n",)
    agree: tuple[str, ...] = ("y",)


def rested(session: Session, *, approved: bool) -> str:
    """A1 stays away on NIGHT, for which they asked in time."""
    clock_of(session).set("2026-09-01T20:00")
    number = leave.ask(session, "A1", "rest", NIGHT, NIGHT)
    if approved:
        leave.approve(session, number, by="S1")
    brief(session)
    clock_of(session).set("2026-09-03T13:00")
    return number


def withdrawn_rest(session: Session) -> None:
    leave.withdraw(session, rested(session, approved=True))


def went_with_a_slip(session: Session) -> str:
    clock_of(session).set("2026-09-02T21:00")
    number = outings.ask(session, "A1", "买烟")
    outings.approve(session, number, by="S1")
    outings.out(session, number)
    return number


def signed_for_no_room(session: Session, place_kind: str = "") -> None:
    """A1 signed later because of a room that there is not; or because of a place of some kind."""
    clock_of(session).set("2026-09-02T18:00")
    place("K1", place_kind or "room")
    if place_kind:
        bookings.book(session, NIGHT, "K1", "A1")
    brief(session)
    sign(session, "A1", made_up_at="20:30")
    clock_of(session).set("2026-09-02T21:00")


def complained_of(session: Session) -> str:
    clock_of(session).set("2026-09-02T23:00")
    return incidents.raise_incident(
        session, "A1", "service_complaint", at(session, "22:00"), by="D1"
    )


def withdrawn_complaint(session: Session) -> None:
    incidents.withdraw(session, complained_of(session), "no", "D1")


def waived_complaint(session: Session) -> None:
    source = f"incident:{complained_of(session)}"
    waivers.waive(session, "A1", NIGHT, "service_complaint", source, "new", "D1")


def came_after_the_closing(session: Session) -> None:
    brief(session)
    sign(session, "A1", arrived_at="20:30")
    for each in ("S1", "A2", "A3"):
        sign(session, each, arrived_at="19:20")
    clock_of(session).set("2026-09-02T21:00")


def ended_early(session: Session) -> None:
    brief(session)
    for each in ("S1", "A2", "A3"):
        sign(session, each, arrived_at="19:20")
    clock_of(session).set("2026-09-02T23:00")
    briefings.close_night(session, NIGHT)


def absent_thrice_and_late(session: Session) -> None:
    """A1 is absent on three nights, and late on the one after them."""
    for day in range(2, 6):
        night = date(2026, 9, day)
        brief(session, night)
        for each in ("S1", "A2", "A3"):
            sign(session, each, night, arrived_at="19:20")
    sign(session, "A1", date(2026, 9, 5), arrived_at="19:45")
    clock_of(session).set("2026-09-06T13:00")


def club_with_a_guest(session: Session) -> str:
    venue.adopt(session, shipped.load("club"), date(2026, 8, 1))
    clock_of(session).set("2026-09-02T21:00")
    return register.add(session, "Wei")


def two_sheets(session: Session) -> None:
    guest_no = club_with_a_guest(session)
    contacts.add(session, guest_no, "A2", "follow_up")
    clock_of(session).set("2026-09-02T22:00")
    contacts.add(session, guest_no, "A1", "follow_up")


def given_by_turn(session: Session) -> str:
    """A guest was given to A1, whose turn it was; A1 and A2 are there."""
    venue.adopt(session, shipped.load("property_sales"), date(2026, 8, 1))
    brief(session)
    for each in ("A1", "A2"):
        sign(session, each, arrived_at="18:00")
    desk.make_order(session, NIGHT, ("A1", "A2"))
    clock_of(session).set("2026-09-02T21:00")
    visit_no = desk.arrive(session, register.add(session, "Wei"))
    desk.give(session, visit_no)
    return visit_no


ABSENT = "2026-09-02 曾小贤 (A1), Absent without leave (clause 4)"
MISSED = "2026-09-02 曾小贤 (A1), Missed the briefing (clause 12)"
LEFT = "2026-09-02 曾小贤 (A1), Out without an approved slip (clause 5): 100.00 is charged"
COMPLAINT = "2026-09-02 曾小贤 (A1), Guest complaint about service (clause 7): 100.00 is charged"
TAKEN = "曾小贤 (A1), Client of a named colleague taken (clause 11): suspension, no money"
ACTS = {
    "a sale of a guest who never came through the register": Act(
        "guests",
        club_with_a_guest,
        ("door", ""),
        ("v", "v", "n", *"Wei", "enter", "enter", *"A1", "enter", "enter", *"9", "f2"),
        "曾小贤 (A1), Visitor not registered (clause 7): 50.00 is charged",
        ("n", "escape", "y", "v", "v"),
    ),
    "a sheet that is void by another's": Act(
        "guests",
        two_sheets,
        ("door", ""),
        ("v", "v", "v", "x", "down", "enter"),
        "曾小贤 (A1), Follow-up on a colleague's client (clause e.7): 100.00 is charged",
        ("n", "v"),
    ),
    "a guest given by turn who asks for somebody else": Act(
        "guests", given_by_turn, ("door", ""), ("g", *"A2", "enter"), TAKEN
    ),
    "an approval after the night": Act(
        "leave",
        lambda session: rested(session, approved=False),
        ("leave", "L260901-01"),
        ("a",),
        f"{ABSENT}: 1600.00 is charged no more",
    ),
    "an approved leave withdrawn": Act(
        "leave",
        lambda session: rested(session, approved=True),
        ("leave", "L260901-01"),
        ("d",),
        f"{ABSENT}: 1600.00 is charged",
    ),
    "a decision on a leave taken back": Act(
        "leave",
        lambda session: rested(session, approved=True),
        ("leave", "L260901-01"),
        ("r",),
        f"{ABSENT}: 1600.00 is charged",
    ),
    "an approval on Tonight": Act(
        "tonight",
        lambda session: rested(session, approved=False),
        ("waiting", "leave L260901-01"),
        ("a",),
        f"{ABSENT}: 1600.00 is charged no more",
    ),
    "a slip that was used withdrawn": Act(
        "outings", went_with_a_slip, ("out", "S260902-01"), ("d",), LEFT
    ),
    "a decision on a slip that was used taken back": Act(
        "outings", went_with_a_slip, ("out", "S260902-01"), ("r",), LEFT
    ),
    "a room for a sign that nothing bore out": Act(
        "bookings",
        signed_for_no_room,
        ("floor", "K1\t1"),
        ("n", *"A1", "enter", "f2"),
        f"{MISSED}: 50.00 is charged no more",
        ("n", "escape", "y"),
    ),
    "a room that becomes a table": Act(
        "bookings",
        lambda session: signed_for_no_room(session, "room"),
        ("floor", "K1\t1"),
        ("ctrl+p", *"edit place", "enter", "right", "f2"),
        f"{MISSED}: 50.00 is charged",
        ("n", "escape", "y"),
    ),
    "an incident put back": Act(
        "incidents", withdrawn_complaint, ("incidents", "I260902-01"), ("r",), COMPLAINT
    ),
    "a waived incident put back": Act(
        "incidents", waived_complaint, ("incidents", "I260902-01"), ("r",), COMPLAINT
    ),
    "a waived charge put back": Act(
        "deductions", waived_complaint, ("sheet", "A1"), ("enter", "r"), COMPLAINT, ("n", "escape")
    ),
    "a briefing opened again": Act(
        "roll",
        came_after_the_closing,
        ("roll", ""),
        ("C",),
        f"{MISSED}: 50.00 is charged no more",
    ),
    "a night's early end taken back": Act(
        "roll", ended_early, ("roll", ""), ("N",), f"{ABSENT}: 1600.00 is charged no more"
    ),
    "a separation": Act(
        "staff",
        absent_thrice_and_late,
        ("roster", ""),
        ("a",),
        "2026-09-05 曾小贤 (A1), Late for the briefing (clause 2): 30.00 is charged no more",
        ("escape",),
        ("enter",),
    ),
    "a separation on Tonight": Act(
        "tonight",
        absent_thrice_and_late,
        ("leavers", ""),
        ("a",),
        "2026-09-05 曾小贤 (A1), Late for the briefing (clause 2): 30.00 is charged no more",
    ),
}


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    session = make_session("2026-09-02T18:00")
    staff_the_house()
    return session


def standing() -> list[tuple[object, ...]]:
    sql = (
        "SELECT staff_no, night, rule, source, amount FROM charges WHERE status = 'standing'"
        " ORDER BY staff_no, night, rule, source"
    )
    return [tuple(row) for row in execute(sql).fetchall()]


def select(pilot: Pilot[None], id_: str, key: str) -> None:
    found = pilot.app.screen.query_one(f"#{id_}")
    found.focus()
    if key:
        assert isinstance(found, LineList | FloorBoard)
        assert found.move_to(key)


@pytest.mark.parametrize("what", ACTS)
async def test_it_is_named_before_and_can_be_taken_back(session: Session, what: str) -> None:
    act = ACTS[what]
    act.happened(session)
    settle(session)
    async with showing(session, act.screen, "D1", size=(100, 30)) as pilot:
        before = standing()
        for agreed in (False, True):
            select(pilot, *act.row)
            await press(pilot, *("space" if key == " " else key for key in act.keys))
            question = pilot.app.screen
            assert isinstance(question, Confirm | ReasonPrompt), question
            lines = [str(each.content) for each in question.query(Static)]
            assert any(act.said in each for each in lines), lines
            assert any(each.startswith("In all ") for each in lines) or "no money" in act.said
            assert standing() == before
            await press(pilot, *(act.agree if agreed else act.leave))
        assert standing() != before
        assert in_step(session)
        await press(pilot, "u")
        assert standing() == before


async def test_what_a_wage_does_under_a_cap_is_named(session: Session) -> None:
    capped = shipped.text("nightlife") + '\n[cap]\npercent = "20"\nfloor = "0"\nexcess = "carry"\n'
    venue.adopt(session, shipped.parse(capped), date(2026, 8, 1))
    rested(session, approved=False)
    incidents.raise_incident(session, "A1", "fighting", at(session, "22:00"), 100000, "打架", "D1")
    async with showing(session, "staff", "D1", size=(100, 30)) as pilot:
        select(pilot, "roster", "A1")
        await press(pilot, "dollar_sign", "enter", *"9000", "f2")
        assert isinstance(pilot.app.screen, Confirm)
        lines = [str(each.content) for each in pilot.app.screen.query(Static)]
        said = "2026-09 曾小贤 (A1): charged 2600.00 → 2655.17, deducted 1740.00 → 1800.00"
        assert any(said in each for each in lines), lines
