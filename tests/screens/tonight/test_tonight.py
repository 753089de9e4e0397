"""The director's view of the floor: alive, and decided on with one key."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from models.access.session import Session
from models.ledger import separations
from models.operations import (
    booking_board,
    bookings,
    briefings,
    first_call,
    leave,
    outings,
    roll,
    roll_board,
    slip_board,
)
from models.payroll import appeals
from models.storage.database import execute
from models.values.nights import month_of
from tests.clock import Clock, clock_of
from tests.conftest import MakeSession
from tests.models.house import charges, in_step, sign_in
from tests.screens.evening import NIGHT, at, open_evening
from tests.screens.pilot import drawn, showing, ticked, toasts
from venue_tui import config
from venue_tui.app import VenueApp
from venue_tui.locale import LANGUAGES, set_language
from venue_tui.screens.roll.closing import ClosingScreen
from venue_tui.screens.tonight.panels import team_lines
from venue_tui.widgets.chooser import Chooser
from venue_tui.widgets.dialogs import Confirm
from venue_tui.widgets.head_panel import HeadPanel
from venue_tui.widgets.line_list import LineList
from venue_tui.widgets.lines import Lines
from venue_tui.widgets.reason_prompt import ReasonPrompt

SIZE = (80, 24)
WIDE = (120, 36)
ROOT = Path(__file__).resolve().parents[3]
Run = Pilot[None]

_ELSEWHERE = """
import sys
from models.backup.opening import open_venue
from models.access.session import Session
from models.operations import outings, slip_board
from models.operations import roll, roll_board

url, now = sys.argv[1], int(sys.argv[2])
open_venue(url)
session = Session(lambda: now, "test:2")
roll.mark(session, "101")
outings.out_without_slip(session, "107", "抽烟")
"""


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    session = make_session()
    open_evening(session, clock_of(session))
    return session


@pytest.fixture
def app(session: Session) -> VenueApp:
    app = VenueApp(session, language="en")
    app.person = "D1"
    return app


def head(pilot: Run) -> str:
    return pilot.app.screen.query_one(HeadPanel).text


def out(pilot: Run) -> LineList:
    return pilot.app.screen.query_one("#out", LineList)


def leavers(pilot: Run) -> LineList:
    return pilot.app.screen.query_one("#leavers", LineList)


def cells_name(session: Session, staff_no: str) -> str:
    return next(row.name for row in roll_board.board(session) if row.staff_no == staff_no)


def panel(pilot: Run, id_: str) -> str:
    return pilot.app.screen.query_one(f"#{id_}", Lines).text


def waiting(pilot: Run) -> LineList:
    return pilot.app.screen.query_one("#waiting", LineList)


def notes(pilot: Run) -> list[tuple[str, ...]]:
    return [row.cells for row in waiting(pilot).rows]


async def test_counts_down_to_the_briefing_and_says_when_it_is_late(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        assert head(pilot).startswith("19:20:00  briefing in 10:00")
        clock.now += 1
        await ticked(pilot)
        assert head(pilot).startswith("19:20:01  briefing in 9:59")
        clock.set(f"{NIGHT}T19:31")
        await ticked(pilot)
        assert "briefing on for 1:00" in head(pilot)
        clock.set(f"{NIGHT}T20:00")
        briefings.close(session)
        await ticked(pilot)
        assert "briefing closed at 20:00" in head(pilot)
        clock.set("2026-09-13T12:00")
        await ticked(pilot)
        assert "briefing in 7 h 30 min" in head(pilot)


async def test_looks_at_the_clock_once_a_minute_where_nothing_runs_down_and_nobody_is_out(
    app: VenueApp, session: Session, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    show_phase = HeadPanel.show_phase

    def counted(self: HeadPanel, left: str, right: str) -> None:
        shown.append(left)
        show_phase(self, left, right)

    monkeypatch.setattr(HeadPanel, "show_phase", counted)
    clock.set(f"{NIGHT}T20:00")
    briefings.close(session)
    async with app.run_test(size=SIZE) as pilot:
        await ticked(pilot)
        shown.clear()
        for _ in range(59):
            clock.now += 1
            app.screen_stack[0].tick()  # type: ignore[attr-defined]
        assert shown == []
        clock.now += 1
        await ticked(pilot)
        assert shown == ["20:01  briefing closed at 20:00"]
        outings.out_without_slip(session, "107")
        await ticked(pilot)
        shown.clear()
        clock.now += 1
        await ticked(pilot)
        assert len(shown) == 1


async def test_a_bar_and_counts_for_each_team(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        for staff_no in range(101, 110):
            roll.mark(session, str(staff_no))
        clock.set(f"{NIGHT}T19:35")
        roll.mark(session, "110")
        await ticked(pilot)
        teams = app.screen.query_one("#teams", Lines)
        assert teams.border_title == "Roll · 12/54"
        lines = panel(pilot, "teams").splitlines()
        assert [each.split()[0] for each in lines] == ["Tulip", "牡丹组", "玫瑰组"]
        assert lines[1].endswith("10/18")
        assert "42 to call  9 here  1 late  2 off" in head(pilot)
        assert "30.00" in head(pilot)
        # Who isn't there once the first call is over stands in red.
        styles = [style for _text, style in teams._given[1]]
        assert "bad" not in styles
        first_call.end(session, NIGHT)
        await ticked(pilot)
        assert teams._given[1][-1] == (" 10/18", "bad")


def test_a_roll_without_anybody_is_no_bar() -> None:
    assert team_lines(roll_board.summary(()), 30, late=True) == []


async def test_who_is_out_for_how_long_turns_amber_and_red(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        gone = outings.out_without_slip(session, "107")
        for minutes, style in ((12, ""), (30, "warning"), (59, "warning"), (60, "bad")):
            clock.now = at(session, "19:20") + minutes * 60
            await ticked(pilot)
            [row] = out(pilot).rows
            assert (row.cells[1], row.style) == (f"{minutes} min", style)
            assert row.cells[2].startswith("19:20 no slip 100.00")
        outings.back(session, gone.slip_no)
        await ticked(pilot)
        assert list(out(pilot).rows) == []


async def test_when_amber_and_red_begin_is_chosen_in_the_config_file(
    session: Session, clock: Clock
) -> None:
    config.config_path().parent.mkdir(parents=True)
    config.config_path().write_text("out_minutes = [5, 10]\n", encoding="utf-8")
    outings.out_without_slip(session, "107")
    clock.now += 6 * 60
    async with VenueApp(session, language="en").run_test(size=SIZE) as pilot:
        assert out(pilot).rows[0].style == "warning"


@pytest.mark.parametrize("given", ["[10, 5]", "[1]", "30", '["a", "b"]', "[true, 5]", "[-1, 5]"])
def test_minutes_that_make_no_sense_are_left_out(given: str) -> None:
    config.config_path().parent.mkdir(parents=True)
    config.config_path().write_text(f"out_minutes = {given}\n", encoding="utf-8")
    found = config.load()
    assert found.out_minutes == config.OUT_MINUTES
    assert "out_minutes" in (found.complaint or "")


async def test_out_and_back_are_one_key_from_here(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("o")
        assert toasts(pilot)[-1] == "Nobody may go out: approve a slip first."
        await pilot.press("a")
        assert [row.cells[1] for row in out(pilot).rows] == ["may go"]
        await pilot.press("o")
        assert toasts(pilot)[-1] == "Out: 区雪, 19:20"
        clock.now += 10 * 60
        await pilot.press("b")
        assert toasts(pilot)[-1] == "Back: 区雪, 19:30, after 10 minutes"
        assert slip_board.board(session).out[0].back_at == clock.now
        await pilot.press("u", "u")
        assert [row.cells[1] for row in out(pilot).rows] == ["may go"]
        assert charges("106") == []


async def test_of_several_who_are_out_the_selected_one_is_back(
    app: VenueApp, session: Session
) -> None:
    outings.out_without_slip(session, "107")
    outings.out_without_slip(session, "109")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("b")  # nobody is lit yet: which of them?
        assert toasts(pilot)[-1] == "Who is back? Select them, and press b again."
        assert app.screen.focused is out(pilot)
        assert {row.back_at for row in slip_board.board(session).out} == {None}
        await pilot.press("down", "b")
        assert [row.staff_no for row in slip_board.board(session).out if row.back_at] == ["109"]
        assert len(out(pilot).rows) == 1


async def test_the_places_stand_as_a_strip(app: VenueApp, session: Session) -> None:
    async with app.run_test(size=SIZE) as pilot:
        places = app.screen.query_one("#places", Lines)
        assert places.border_title == "Rooms 2/8"
        assert "Tables 1/12" in panel(pilot, "places")
        text = panel(pilot, "places").split()
        assert text[:8] == ["V1○", "V2", "V3", "V4", "V5", "V6", "V7", "V8○"]
        assert text[-3:] == ["A10", "A11", "A12"]
        [booking] = [each for each in bookings.on(NIGHT) if each.place == "V1"]
        bookings.arrived(session, booking.booking_no)
        await ticked(pilot)
        assert panel(pilot, "places").split()[0] == "V1●"


async def test_what_waits_stands_in_one_list_the_door_first_and_leavers_apart(
    app: VenueApp,
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        assert waiting(pilot).border_title == "Waiting · 3"
        assert [cells[0] for cells in notes(pilot)] == ["slip", "slip", "leave"]
        assert notes(pilot)[0][2] == "19:10 买药"
        assert leavers(pilot).border_title == "Leavers · 1"
        assert leavers(pilot).rows[0].cells[1:3] == ("吴丽华", "resigned 09-11")
        assert "Asks to go out since 19:10" in panel(pilot, "detail")
        await pilot.press("tab")
        await pilot.pause()
        assert app.screen.focused is leavers(pilot)
        assert "Too many absences, the last on 2026-09-11" in panel(pilot, "detail")


async def test_each_is_approved_with_one_key_and_undone_with_one(
    app: VenueApp, session: Session
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("a", "a", "a")
        assert toasts(pilot)[0] == "Approved: the slip of 区雪"
        assert any("Approved: 杨志明, 2026-09-13 to 2026-09-14" in each for each in toasts(pilot))
        assert notes(pilot) == []
        assert {each.status for each in leave.listing(session, staff_no="130")} == {"approved"}
        await pilot.press("u", "u", "u")
        assert len(notes(pilot)) == 3
        assert toasts(pilot)[-1].startswith("Undone: Approved: the slip of 区雪")
    assert in_step(session)


async def test_approving_again_and_again_ends_nobodys_job(app: VenueApp, session: Session) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(*["a"] * 8, "enter", "y")
        assert len(separations.undecided(session, month_of(NIGHT))) == 1
        assert app.screen.focused is waiting(pilot)
        await pilot.press("tab", "a")
        question = app.screen
        assert isinstance(question, Confirm)
        assert "ends their job" in question._lines[-1]
        await pilot.press("a", "a", "n")
        assert len(separations.undecided(session, month_of(NIGHT))) == 1
        await pilot.press("a", "y")
        assert toasts(pilot)[-1] == "吴丽华 has left as of 2026-09-11"
        assert separations.undecided(session, month_of(NIGHT)) == []
        assert app.screen.focused is app.screen.query_one("#out")
        await pilot.press("u")
        assert len(separations.undecided(session, month_of(NIGHT))) == 1


async def test_each_is_rejected_with_a_reason(app: VenueApp, session: Session) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("x")
        assert isinstance(app.screen, ReasonPrompt)
        await pilot.press(*"busy", "enter")
        [slip_no] = [row.slip_no for row in slip_board.board(session).dropped]
        slip = slip_board.slip(session, slip_no)
        assert (slip.decided_by, slip.decision_reason) == ("D1", "busy")
        await pilot.press("tab", "x", *"once more", "enter")
        assert toasts(pilot)[-1] == "吴丽华 stays on"
        await pilot.press("x", "escape")
        assert len(notes(pilot)) == 2


async def test_who_may_not_decide_is_asked_who_they_are_before_they_write_why(
    session: Session,
) -> None:
    app = VenueApp(session, language="en")
    app.person = "S1"
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("down", "x")  # a slip of another supervisor's
        assert isinstance(app.screen, Chooser)
        await pilot.press(*"D1", "enter")
        assert isinstance(app.screen, ReasonPrompt)


async def test_an_appeal_waits_here_with_its_sum_and_is_decided(
    app: VenueApp, session: Session
) -> None:
    late = ("102", NIGHT - timedelta(days=1), "late", "roll")
    appeals.raise_appeal(session, *late, "电梯坏了", "S1")
    async with app.run_test(size=WIDE) as pilot:
        assert notes(pilot)[-1] == (
            "appeal",
            cells_name(session, "102"),
            "by 09-19 电梯坏了",
            "30.00",
        )
        await pilot.press("end", "a")
        assert isinstance(app.screen, ReasonPrompt)
        await pilot.press(*"true", "enter")
        assert charges("102", late[1]) == [("late", "roll", 3000, "waived")]
        assert [cells[0] for cells in notes(pilot)] == ["slip", "slip", "leave"]
        await pilot.press("u")
        assert charges("102", late[1]) == [("late", "roll", 3000, "standing")]
        await pilot.press("end", "x", *"no", "enter")
        assert charges("102", late[1]) == [("late", "roll", 3000, "standing")]
        assert appeals.open_appeals(session) == []


async def test_a_roll_that_nobody_ended_waits_here_with_what_ending_it_costs(
    app: VenueApp, session: Session
) -> None:
    before = NIGHT - timedelta(days=1)
    briefings.reopen(session, before)
    async with app.run_test(size=WIDE) as pilot:
        assert notes(pilot)[-1] == ("roll", "09-11", "not ended  1 absent", "1600.00")
        await pilot.press("end", "a")
        assert isinstance(app.screen, ClosingScreen)
        await pilot.press("n")
        assert all(charge[3] == "reversed" for charge in charges("151", before))
        await pilot.press("a", "y")
        assert charges("151", before) == [("absence", "roll", 160_000, "standing")]
        await pilot.press("u")
        assert all(charge[3] == "reversed" for charge in charges("151", before))
        await pilot.press("end", "x", "y")
        assert briefings.briefing(session, before) is None
        assert charges("102", before)[-1][3] == "reversed"
        await pilot.press("u")
        assert charges("102", before) == [("late", "roll", 3000, "standing")]


async def test_one_cursor_is_lit(app: VenueApp, session: Session) -> None:
    outings.out_without_slip(session, "107")
    async with app.run_test(size=SIZE) as pilot:
        for key in ("tab", "tab", "tab", "right", "right", "left"):
            await pilot.press(key)
            lit = [
                each
                for each in (waiting(pilot), leavers(pilot), out(pilot))
                if any(each.render_line(y).text.startswith(">") for y in range(each.size.height))
            ]
            assert lit == [app.screen.focused]


async def test_who_decides_is_asked_once(session: Session) -> None:
    app = VenueApp(session, language="en")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("a")
        assert isinstance(app.screen, Chooser)
        await pilot.press(*"D1", "enter", "a")
        assert app.person == "D1"
        assert [row.decided_by for row in slip_board.board(session).approved] == ["D1", "D1"]


async def test_a_team_is_not_emptied_by_one_key(app: VenueApp, session: Session) -> None:
    execute("UPDATE staff SET team = 'Duo' WHERE staff_no IN ('130', '131')")
    later = NIGHT + timedelta(days=1)
    leave.approve(session, leave.ask(session, "131", "rest", later, later), by="D1")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("down", "down", "a")
        assert isinstance(app.screen, Confirm)
        await pilot.press("n")
        assert leave.listing(session, staff_no="130")[0].status == "requested"
        await pilot.press("a", "y")
        assert leave.listing(session, staff_no="130")[0].status == "approved"


async def test_what_an_approved_leave_that_came_too_late_costs_is_said(
    app: VenueApp, session: Session
) -> None:
    leave.ask(session, "132", "personal", NIGHT, NIGHT)
    async with app.run_test(size=SIZE) as pilot:
        waiting(pilot).move_to(f"leave {leave.listing(session, staff_no='132')[0].leave_no}")
        cost = waiting(pilot).rows[3].cells[3]
        await pilot.press("a")
        assert f"Too late for {NIGHT}: staying away costs {cost}." in toasts(pilot)[-1]


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
            if out(pilot).rows:
                break
        assert out(pilot).border_title == "Out · 1"
        assert app.screen.query_one("#teams", Lines).border_title == "Roll · 3/54"
        assert waiting(pilot).cursor_key == chosen


async def test_nothing_to_show_is_nothing_broken(make_session: MakeSession) -> None:
    app = VenueApp(make_session(), language="en")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("a", "x", "enter", "u")
        assert panel(pilot, "detail").startswith("Nobody is on the roll tonight. 8 opens")
        await pilot.press("a")
        assert toasts(pilot)[-1] == "Nothing waits for a decision."
        await pilot.press("b")
        assert toasts(pilot)[-1] == "Nobody is out."


async def test_another_language_wipes_nothing_away(app: VenueApp, session: Session) -> None:
    async with app.run_test(size=WIDE) as pilot:
        before = panel(pilot, "teams")
        app.call_later(app.speak, "zh-Hans")
        await pilot.pause()
        await pilot.pause()
        assert panel(pilot, "teams") == before
        assert waiting(pilot).border_title == "待处理 · 3"
        app.call_later(app.speak, "en")
        await pilot.pause()


WIDTHS = [(40, 24), (60, 24), (80, 24), (120, 36), (160, 50)]


@pytest.mark.parametrize("size", WIDTHS)
@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
async def test_no_time_name_or_sum_is_cut_at_any_width(
    session: Session, size: tuple[int, int], language: str
) -> None:
    outings.out_without_slip(session, "109")
    app = VenueApp(session, language=language)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        drawn = [
            each.render_line(y).text
            for each in (waiting(pilot), leavers(pilot), out(pilot))
            for y in range(each.size.height)
        ]
        text = "\n".join(drawn)
        for whole in ("区雪", "19:10", "19:10 ", "09-13~09-14", "吴丽华", "09-11", "李雪"):
            assert whole in text, whole
        for each in (waiting(pilot), leavers(pilot), out(pilot)):
            assert each.size.width > 0
            assert not each.show_horizontal_scrollbar
    set_language("en")


async def test_wide_characters_are_whole_after_something_lay_over_them(app: VenueApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        before = drawn(pilot)
        for keys in (("question_mark", "escape"), ("ctrl+p", "escape"), ("x", "escape")):
            await pilot.press(*keys)
            await pilot.pause()
            assert drawn(pilot)[2:21] == before[2:21], keys


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 36), (160, 50)])
async def test_reasons_have_the_room_and_no_place_is_cut(
    demo: Session, size: tuple[int, int], language: str
) -> None:
    async with showing(demo, "tonight", "D01", language, size) as pilot:
        screen = pilot.app.screen
        waiting, out = screen.query_one("#waiting"), screen.query_one("#out")
        assert waiting.region.width >= 56
        assert out.region.y > waiting.region.y or out.region.x >= waiting.region.right
        places = screen.query_one("#places", Lines)
        drawn_ = " ".join(places.render_line(y).text for y in range(places.size.height))
        assert "…" not in drawn_
        held = {each.place for each in booking_board.board(demo, demo.tonight()) if each.bookings}
        assert held <= set(drawn_.replace("○", "").replace("●", "").split())
        guests = any("徐总" in piece for piece in drawn_.split())
        assert guests == (size[0] >= 120)
