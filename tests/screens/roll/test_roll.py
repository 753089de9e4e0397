"""Calling the roll: one key a person, and everything that may go wrong with it."""

from datetime import timedelta

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from models.access.session import Session
from models.operations import briefings, roll
from models.operations.roll import Signs
from models.rules.judgement import Outcome
from models.storage.database import execute
from tests.conftest import Clock, MakeSession
from tests.models.house import charges, in_step, sign_in
from tests.screens.evening import NIGHT, at, open_evening
from venue_tui.app import VenueApp
from venue_tui.screens.roll.closing import ClosingScreen
from venue_tui.screens.roll.screen import RollScreen
from venue_tui.widgets.chooser import Chooser
from venue_tui.widgets.finder import Finder
from venue_tui.widgets.form import FormScreen
from venue_tui.widgets.line_list import LineList
from venue_tui.widgets.lines import Lines

SIZE = (80, 24)
Run = Pilot[None]


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    session = make_session()
    assert isinstance(session._clock, Clock)
    open_evening(session, session._clock)
    return session


@pytest.fixture
def app(session: Session) -> VenueApp:
    return VenueApp(session, language="en", first="roll")


def the_list(pilot: Run) -> LineList:
    return pilot.app.screen.query_one("#roll", LineList)


def panel(pilot: Run, id_: str) -> str:
    return pilot.app.screen.query_one(f"#{id_}", Lines).text


def toasts(pilot: Run) -> list[str]:
    return [each.message for each in pilot.app._notifications]


def cells(pilot: Run, staff_no: str) -> tuple[str, ...]:
    return the_list(pilot).row(staff_no).cells


def people(pilot: Run) -> list[str]:
    return [row.key for row in the_list(pilot).rows if not row.group]


async def go_to(pilot: Run, staff_no: str) -> None:
    the_list(pilot).move_to(staff_no)
    await pilot.pause()


async def test_52_people_on_time_are_52_presses(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        unmarked = [row.staff_no for row in roll.board(session) if row.unmarked]
        assert len(unmarked) == 52
        assert the_list(pilot).cursor_key == unmarked[0]
        await pilot.press("space")
        assert cells(pilot, unmarked[0])[2:4] == ("present", "19:20")
        assert the_list(pilot).cursor_key == unmarked[1]
        await pilot.press(*["space"] * 51)
        assert "unmarked 0 of 54  present 52  rest 2" in panel(pilot, "standing")
        assert toasts(pilot) == ["Everybody is marked."]
    assert {row.outcome for row in roll.board(session)} == {Outcome.PRESENT, Outcome.REST}
    assert in_step(session)


async def test_the_clock_says_late_and_the_fine_stands_beside(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        clock.set(f"{NIGHT}T19:31")
        await go_to(pilot, "103")
        await pilot.press("space")
        assert cells(pilot, "103")[2:] == ("late", "19:31", "room", "30.00")
        assert "late 1" in panel(pilot, "standing")
        assert "fines 30.00" in panel(pilot, "standing")


async def test_who_is_marked_already_is_left_as_they_are(app: VenueApp, clock: Clock) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("space", "up")
        clock.set(f"{NIGHT}T19:40")
        name = cells(pilot, the_list(pilot).cursor_key or "")[0]
        await pilot.press("space")
        assert toasts(pilot) == [f"{name} was marked already, at 19:20."]


async def test_a_make_up_sign_says_at_once_whether_a_room_bears_it_out(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        clock.set(f"{NIGHT}T20:10")
        await go_to(pilot, "104")
        await pilot.press("m")
        assert toasts(pilot)[-1] == "解小美: made up, room V8 bears it out."
        assert cells(pilot, "104")[2:4] == ("made up", "20:10")
        await go_to(pilot, "105")  # a table never excuses
        await pilot.press("m")
        assert toasts(pilot)[-1] == "查国强 has no room tonight: missed, 50.00."
        assert cells(pilot, "105")[2:] == ("missed", "20:10", "", "50.00")
    assert charges("105", NIGHT) == [("missed_briefing", "roll", 5000, "standing")]


async def test_a_time_is_put_right(app: VenueApp, session: Session, clock: Clock) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        clock.now = at(session, "19:41") + 7
        await go_to(pilot, "101")
        await pilot.press("space")
        await go_to(pilot, "101")
        await pilot.press("e")
        form = app.screen
        assert isinstance(form, FormScreen)
        arrived = form.query_one("#field-arrived_at Input, #field-arrived_at", Input)
        assert arrived.value == "19:41"
        arrived.value = "soon"
        await pilot.press("enter")
        assert app.screen is form  # refused: what was typed stays, and the cursor is there
        assert arrived.value == "soon"
        assert form.focused is arrived
        arrived.value = "1928"
        await pilot.pause()
        assert form.query_one("#verdict").render().plain == "That is: present"  # type: ignore[attr-defined]
        await pilot.press("enter")
        assert cells(pilot, "101")[2:] == ("present", "19:28", "", "")
        assert charges("101", NIGHT) == [("late", "roll", 3000, "reversed")]
        await pilot.press("u")
        assert roll.board(session)[0].staff_no
        assert cells(pilot, "101")[2:] == ("late", "19:41", "", "30.00")
    [signs] = execute("SELECT arrived_at FROM attendance WHERE night = ?", (str(NIGHT),)).fetchall()
    assert signs[0] == at(session, "19:41") + 7  # its seconds, too


async def test_undo_goes_back_to_the_person(app: VenueApp, session: Session) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        first = the_list(pilot).cursor_key
        await pilot.press("space", "space", "u")
        assert the_list(pilot).cursor_key == people(pilot)[1]
        await pilot.press("u")
        assert the_list(pilot).cursor_key == first
        assert toasts(pilot)[-1].startswith("Undone: ")
        assert briefings.briefing(session) is None  # it had been opened by the first mark
        assert "Undo)" in "".join(
            app.screen.query_one("KeyBar").render_line(y).text for y in (0, 1)
        )


async def test_every_sign_is_taken_back_by_one_key(app: VenueApp, session: Session) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("space", "up", "x")
        assert cells(pilot, people(pilot)[0])[2:4] == ("-", "")
        await pilot.press("x")
        assert "has given no sign" in toasts(pilot)[-1]
        await pilot.press("u")
        assert cells(pilot, people(pilot)[0])[2] == "present"


@pytest.mark.parametrize(
    ("typed", "found"),
    [("sxm", "101"), ("qgq", "102"), ("zx", "103"), ("ox", "106"), ("104", "104"), ("ann", "108")],
)
async def test_people_are_found_by_initials_name_and_number(
    app: VenueApp, typed: str, found: str
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash", *typed)
        assert found in people(pilot)
        assert len(people(pilot)) < 12
        assert all(row.group or row.key in people(pilot) for row in the_list(pilot).rows)


async def test_after_the_one_looked_for_the_roll_goes_on(app: VenueApp, session: Session) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await go_to(pilot, "140")
        await pilot.press("slash", *"108", "enter", "space")
        await pilot.pause()
        assert cells(pilot, "108")[:3] == ("[red]Ann[/]", "108", "present")
        assert not app.screen.query_one(Finder).display
        assert len(people(pilot)) == 54
        assert the_list(pilot).cursor_key == "140"


async def test_a_mark_moves_nobody_until_the_end_is_reached(app: VenueApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        order = people(pilot)
        await pilot.press("down", "space", "space")
        assert people(pilot) == order
        await go_to(pilot, order[-3])
        unmarked_there = [key for key in order[-3:] if cells(pilot, key)[2] == "-"]
        await pilot.press(*["space"] * len(unmarked_there))
        # Past the last one, those passed over come first again.
        assert the_list(pilot).cursor_key == order[0]
        assert people(pilot) != order


async def test_another_terminals_marks_show_and_the_cursor_stays(
    app: VenueApp, session: Session
) -> None:
    other = Session(session._clock, "test:2")
    async with app.run_test(size=SIZE) as pilot:
        await go_to(pilot, "110")
        top = the_list(pilot).scroll_y
        roll.mark(other, "102")
        screen = app.screen
        assert isinstance(screen, RollScreen)
        screen.tick()
        await pilot.pause()
        assert cells(pilot, "102")[2] == "present"
        assert (the_list(pilot).cursor_key, the_list(pilot).scroll_y) == ("110", top)


async def test_a_mark_repaints_two_lines_of_the_list_and_its_teams(
    app: VenueApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("space")
        await pilot.pause(0.2)
        drawn: set[int] = set()
        render_line = LineList.render_line

        def counted(self: LineList, y: int) -> object:
            drawn.add(y)
            return render_line(self, y)

        monkeypatch.setattr(LineList, "render_line", counted)
        await pilot.press("space")
        await pilot.pause(0.2)
        assert drawn == {1, 3, 4}  # the team's title, the marked one, the next one


async def test_the_panel_tells_of_the_selected_one(app: VenueApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await go_to(pilot, "104")
        await pilot.pause(0.2)
        assert "V8 room  booked\n  Mr [b]Lee" in panel(pilot, "person")
        await go_to(pilot, "102")
        await pilot.pause(0.2)
        assert "Month so far: 90.00" in panel(pilot, "person")
        assert "09-11 30.00 Late for the briefing" in panel(pilot, "person")


async def test_closing_names_every_fine_and_whoever_is_missing_and_asks_once(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await go_to(pilot, "101")
        await pilot.press("space")
        clock.set(f"{NIGHT}T19:36")
        await pilot.press("space", "space", "C")
        question = app.screen
        assert isinstance(question, ClosingScreen)
        rows = question.query_one(LineList).rows
        assert rows[0].cells == ("Fines: 2, 60.00",)
        assert [row.cells[1::2] for row in rows[1:3]] == [
            ("102", "Late for the briefing"),
            ("103", "Late for the briefing"),
        ]
        assert [row.cells[4] for row in rows[1:3]] == ["30.00", "30.00"]
        assert rows[3].cells[0].startswith("Absent when the night ends, unless they come: 49, ")
        assert len(rows) == 4 + 49
        await pilot.press("n")
        assert briefings.briefing(session).closed_at is None  # type: ignore[union-attr]
        await pilot.press("C", "y")
        assert toasts(pilot)[-1] == "The briefing is closed at 19:36: 2 fines, 60.00."
        assert "briefing closed at 19:36" in panel(pilot, "standing")
        clock.set(f"{NIGHT}T19:50")
        await go_to(pilot, "104")
        await pilot.press("space")
        assert cells(pilot, "104")[2:] == ("missed", "19:50", "room", "50.00")
        # Closed too early: once more c, and who came meanwhile was only late.
        await pilot.press("C", "y")
        assert cells(pilot, "104")[2:] == ("late", "19:50", "room", "30.00")
        await pilot.press("u")
        assert cells(pilot, "104")[2] == "missed"
    assert in_step(session)


async def test_the_nights_work_is_written_down(app: VenueApp, session: Session) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("B")
        app.screen.query_one(TextArea).text = "V8: [贵宾]\nA1-A3: 牡丹组"
        await pilot.press("f2")
        assert "V8: [贵宾]" in panel(pilot, "standing")
        assert briefings.briefing(session).assignment == "V8: [贵宾]\nA1-A3: 牡丹组"  # type: ignore[union-attr]
        await pilot.press("B")
        app.screen.query_one(TextArea).text = "x"
        await pilot.press("ctrl+g", "y")
        assert "V8: [贵宾]" in panel(pilot, "standing")
        await pilot.press("u")
        assert "Nothing is assigned yet." in panel(pilot, "standing")


async def test_teams_tick_that_the_resting_were_told(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await go_to(pilot, "122")
        title = the_list(pilot).row("\0玫瑰组")
        assert title.cells == ("玫瑰组", "2/18", "2 resting", "not told")
        clock.set(f"{NIGHT}T20:05")
        await pilot.press("R")
        assert the_list(pilot).row("\0玫瑰组").cells[3] == "told 20:05"
        assert toasts(pilot)[-1] == "玫瑰组 has told its resting colleagues."
        await pilot.press("u")
        assert the_list(pilot).row("\0玫瑰组").cells[3] == "not told"
        await go_to(pilot, "101")
        await pilot.press("R")
        assert toasts(pilot)[-1] == "牡丹组: nobody rests."


async def test_the_director_of_the_night_is_said_before_or_after_it_is_opened(
    app: VenueApp, session: Session
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("D")
        assert isinstance(app.screen, Chooser)
        await pilot.press(*"wf", "enter")
        assert "Director: 王芳" in panel(pilot, "standing")
        await pilot.press("space")
        assert briefings.briefing(session).director_no == "D1"  # type: ignore[union-attr]
        await pilot.press("D", *"S1", "enter")
        assert "Director: 主管1" in panel(pilot, "standing")
        await pilot.press("u")
        assert "Director: 王芳" in panel(pilot, "standing")


async def test_the_night_is_ended_early(app: VenueApp, session: Session, clock: Clock) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("N")
        assert toasts(pilot)[-1] == "No briefing was held that night."
        await pilot.press("space")
        clock.set("2026-09-13T03:00")
        await pilot.press("N", "y")
        assert cells(pilot, "151")[2] == "absent"
        await pilot.press("N", "y")
        assert cells(pilot, "151")[2] == "-"
        await pilot.press("u")
        assert cells(pilot, "151")[2] == "absent"
    assert in_step(session)


async def test_other_nights_are_looked_at_and_put_right(app: VenueApp, session: Session) -> None:
    before = NIGHT - timedelta(days=1)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("left_square_bracket")
        assert panel(pilot, "standing").startswith("2026-09-11  briefing closed at 19:45")
        assert cells(pilot, "151")[2:] == ("absent", "", "", "1600.00")
        await go_to(pilot, "151")
        await pilot.press("space")
        assert toasts(pilot)[-1] == "That night is past: put the time right instead (t)."
        await pilot.press("enter")
        app.screen.query_one("#field-arrived_at", Input).value = "19:20"
        await pilot.press("f2")
        assert cells(pilot, "151")[2] == "present"
        await pilot.press("right_square_bracket")
        assert "briefing in" in panel(pilot, "standing")
    assert ("absence", "roll", 160_000, "reversed") in charges("151", before)


async def test_the_next_night_begins_by_itself(app: VenueApp, clock: Clock) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("space")
        clock.set("2026-09-13T12:00")
        screen = app.screen
        assert isinstance(screen, RollScreen)
        screen.tick()
        await pilot.pause()
        assert "unmarked 54 of 54" in panel(pilot, "standing")


async def test_who_may_not_call_the_roll_is_told_so(app: VenueApp, session: Session) -> None:
    sign_in(session, "payroll", "P1")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("space")
        assert "may not do this" in toasts(pilot)[-1]
        assert cells(pilot, people(pilot)[0])[2] == "-"


async def test_a_changed_sign_is_not_undone_over(app: VenueApp, session: Session) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        first = the_list(pilot).cursor_key or ""
        await pilot.press("space")
        roll.correct(session, first, NIGHT, Signs(at(session, "19:15"), None, None))
        await pilot.press("u")
        assert "changed meanwhile" in toasts(pilot)[-1]
        assert cells(pilot, first)[3] == "19:15"


async def test_a_venue_without_staff(make_session: MakeSession) -> None:
    app = VenueApp(make_session(), language="en", first="roll")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("space", "m", "e", "x", "R", "C", "n", "enter")
        assert panel(pilot, "person") == "Nobody here"
