"""The director's view of the floor: alive, and decided on with one key."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from models.access.session import Session
from models.ledger import separations
from models.operations import bookings, briefings, leave, outings, roll
from models.storage.database import execute
from models.values.nights import month_of
from tests.conftest import Clock, MakeSession
from tests.models.house import in_step, sign_in
from tests.screens.evening import NIGHT, at, open_evening
from venue_tui.app import VenueApp
from venue_tui.screens.tonight.screen import TonightScreen, team_lines
from venue_tui.widgets.chooser import Chooser
from venue_tui.widgets.dialogs import Confirm, ReasonPrompt
from venue_tui.widgets.floor import FloorBoard
from venue_tui.widgets.line_list import LineList
from venue_tui.widgets.lines import Lines

SIZE = (80, 24)
ROOT = Path(__file__).resolve().parents[3]
Run = Pilot[None]

_ELSEWHERE = """
import sys
from models.backup.opening import open_venue
from models.access.session import Session
from models.operations import outings
from models.operations import roll

url, now = sys.argv[1], int(sys.argv[2])
open_venue(url)
session = Session(lambda: now, "test:2")
roll.mark(session, "101")
outings.out_without_slip(session, "107", "抽烟")
"""


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    session = make_session()
    assert isinstance(session._clock, Clock)
    open_evening(session, session._clock)
    return session


@pytest.fixture
def app(session: Session) -> VenueApp:
    app = VenueApp(session, language="en")
    app.person = "D1"
    return app


def panel(pilot: Run, id_: str) -> str:
    return pilot.app.screen.query_one(f"#{id_}", Lines).text


def waiting(pilot: Run) -> LineList:
    return pilot.app.screen.query_one("#waiting", LineList)


def notes(pilot: Run) -> list[tuple[str, ...]]:
    return [row.cells for row in waiting(pilot).rows]


def tick(pilot: Run) -> None:
    screen = pilot.app.screen
    assert isinstance(screen, TonightScreen)
    screen.tick()


def toasts(pilot: Run) -> list[str]:
    return [each.message for each in pilot.app.said]


async def test_counts_down_to_the_briefing_and_says_when_it_is_late(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        assert panel(pilot, "clock").startswith("19:20:00  briefing in 10:00")
        clock.now += 1
        tick(pilot)
        assert panel(pilot, "clock").startswith("19:20:01  briefing in 9:59")
        clock.set(f"{NIGHT}T19:31")
        tick(pilot)
        assert "briefing on for 1:00" in panel(pilot, "clock")
        clock.set(f"{NIGHT}T20:00")
        briefings.close(session)
        tick(pilot)
        assert "briefing closed at 20:00" in panel(pilot, "clock")
        clock.set("2026-09-13T12:00")
        tick(pilot)
        assert "briefing in 7 h 30 min" in panel(pilot, "clock")


async def test_a_bar_and_counts_for_each_team(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        for staff_no in range(101, 110):
            roll.mark(session, str(staff_no))
        clock.set(f"{NIGHT}T19:35")
        roll.mark(session, "110")
        tick(pilot)
        lines = panel(pilot, "teams").splitlines()
        assert lines[0] == "Roll: 12 of 54"
        assert lines[2].split()[0] == "牡丹组"
        assert lines[2].endswith("10/18")
        assert "#########!" in lines[2]
        assert lines[3].split()[1].startswith("--...")
        assert lines[4] == "present 9  late 1  rest 2  unmarked 42"
        assert "Fines: 30.00 (1) tonight" in panel(pilot, "clock")


def test_a_bar_is_as_wide_as_it_is_said_to_be() -> None:
    assert team_lines(roll.summary(()), 30)[0][0][0] == "Roll: 0 of 0"


async def test_who_is_out_and_for_how_long(app: VenueApp, session: Session, clock: Clock) -> None:
    async with app.run_test(size=SIZE) as pilot:
        gone = outings.out_without_slip(session, "107")
        clock.now += 12 * 60 + 30
        tick(pilot)
        assert panel(pilot, "out").splitlines()[0] == "Out: 1"
        assert " 12 min  since 19:20  no slip 100.00" in panel(pilot, "out")
        outings.back(session, gone.slip_no)
        tick(pilot)
        assert panel(pilot, "out") == "Out: 0"


async def test_the_places_stand_on_a_board(app: VenueApp, session: Session) -> None:
    async with app.run_test(size=SIZE) as pilot:
        tiles = {tile.key: tile for tile in app.screen.query_one(FloorBoard).tiles}
        assert tiles["group room"].name == "Rooms  2 of 8 held"
        assert tiles["group table"].name == "Tables  1 of 12 held"
        assert tiles["V1"].state == "booked 曾雪"
        assert tiles["V2"].state == "free"
        [booking] = [each for each in bookings.on(NIGHT) if each.place == "V1"]
        bookings.arrived(session, booking.booking_no)
        tick(pilot)
        tiles = {tile.key: tile for tile in app.screen.query_one(FloorBoard).tiles}
        assert (tiles["V1"].state, tiles["V1"].style) == ("arrived 曾雪", "good")


async def test_what_waits_stands_in_one_list_the_door_first(app: VenueApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        assert panel(pilot, "title") == "4 wait for a decision"
        assert [cells[0] for cells in notes(pilot)] == ["slip", "slip", "leave", "parting"]
        assert notes(pilot)[0][2] == "19:10 买药"
        assert notes(pilot)[3][1:] == ("吴丽华", "resigned 09-11")
        assert "Asks to go out since 19:10" in panel(pilot, "detail")
        await pilot.press("end")
        await pilot.pause()
        assert "Too many absences, the last on 2026-09-11" in panel(pilot, "detail")


async def test_each_is_approved_with_one_key_and_undone_with_one(
    app: VenueApp, session: Session
) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("a", "down", "a", "a")
        assert toasts(pilot)[0] == "Approved: the slip of 区雪"
        assert "Approved: 杨志明, 2026-09-13 to 2026-09-14" in toasts(pilot)[1]
        assert toasts(pilot)[2] == "吴丽华 has left as of 2026-09-11"
        assert [cells[0] for cells in notes(pilot)] == ["slip"]
        assert {each.status for each in leave.listing(session, staff_no="130")} == {"approved"}
        assert separations.undecided(session, month_of(NIGHT)) == []
        await pilot.press("u", "u", "u")
        assert len(notes(pilot)) == 4
        assert toasts(pilot)[-1] == "Undone: Approved: the slip of 区雪"
    assert in_step(session)


async def test_each_is_rejected_with_a_reason(app: VenueApp, session: Session) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("x")
        assert isinstance(app.screen, ReasonPrompt)
        await pilot.press(*"busy", "enter")
        [slip_no] = [row.slip_no for row in outings.board(session).dropped]
        slip = outings.slip(session, slip_no)
        assert (slip.decided_by, slip.decision_reason) == ("D1", "busy")
        await pilot.press("end", "x", *"once more", "enter")
        assert toasts(pilot)[-1] == "吴丽华 stays on"
        await pilot.press("x", "escape")
        assert len(notes(pilot)) == 2


async def test_who_decides_is_asked_once(session: Session) -> None:
    app = VenueApp(session, language="en")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("a")
        assert isinstance(app.screen, Chooser)
        await pilot.press(*"D1", "enter", "a")
        assert app.person == "D1"
        assert [row.decided_by for row in outings.board(session).approved] == ["D1", "D1"]


async def test_a_team_is_not_emptied_by_one_key(app: VenueApp, session: Session) -> None:
    execute("UPDATE staff SET team = 'Duo' WHERE staff_no IN ('130', '131')")
    later = NIGHT + timedelta(days=1)
    leave.approve(session, leave.ask(session, "131", "rest", later, later), by="D1")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("down", "down", "a")
        assert isinstance(app.screen, Confirm)
        await pilot.press("n")
        assert leave.listing(session, staff_no="130")[0].status == "requested"
        await pilot.press("a", "y")
        assert leave.listing(session, staff_no="130")[0].status == "approved"


async def test_enter_opens_the_screen_that_tells_more(app: VenueApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("down", "down", "enter")
        assert app.current_mode == "leave"


async def test_a_supervisor_sees_what_is_theirs_to_decide(session: Session) -> None:
    sign_in(session, "supervisor", "S2")
    app = VenueApp(session, language="en")
    async with app.run_test(size=SIZE) as pilot:
        assert [cells[0] for cells in notes(pilot)] == ["leave"]


async def test_what_another_process_writes_shows_within_two_seconds(
    app: VenueApp, session: Session, sqlite_url: str
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("down", "down")
        chosen = waiting(pilot).cursor_key
        now = str(at(session, "19:21"))
        subprocess.run(
            [sys.executable, "-c", _ELSEWHERE, sqlite_url, now], cwd=ROOT, check=True, timeout=30
        )
        for _tenth in range(20):
            await pilot.pause(0.1)
            if "Out: 1" in panel(pilot, "out"):
                break
        assert "Out: 1" in panel(pilot, "out")
        assert "Roll: 3 of 54" in panel(pilot, "teams")
        assert waiting(pilot).cursor_key == chosen


async def test_nothing_to_show_is_nothing_broken(make_session: MakeSession) -> None:
    app = VenueApp(make_session(), language="en")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("a", "x", "enter", "u")
        assert panel(pilot, "title") == "Nothing waits for a decision"
        assert toasts(pilot) == []
