"""Leave on the screen: asked for with its verdict, decided, and kept from emptying a team."""

from datetime import date

import pytest
from textual.widgets import Static

from models.access import accounts
from models.access.session import Session
from models.operations import leave
from tests.clock import clock_of
from tests.conftest import MakeSession
from tests.models.house import brief, charges, hire, in_step, staff_the_house
from tests.screens.pilot import rows, said, selected, showing, toasts
from venue_tui.screens.leave.forms import AskForLeave
from venue_tui.screens.leave.screen import LeaveScreen
from venue_tui.widgets.chooser import Chooser
from venue_tui.widgets.dialogs import Confirm
from venue_tui.widgets.line_list import LineList
from venue_tui.widgets.reason_prompt import ReasonPrompt


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    """The evening of 2026-09-02; A1 and A2 ask for leave, A1 first and too late for tonight."""
    session = make_session("2026-09-02T21:00")
    staff_the_house()
    leave.ask(session, "A1", "personal", date(2026, 9, 2), date(2026, 9, 3))
    clock_of(session).set("2026-09-02T21:05")
    leave.ask(session, "A2", "rest", date(2026, 9, 3), date(2026, 9, 3))
    return session


def status(session: Session, leave_no: str) -> str:
    return leave.leave(session, leave_no).status


async def test_the_longest_waiting_request_is_on_top_with_what_it_would_cost(
    session: Session,
) -> None:
    async with showing(session, "leave", "S1") as pilot:
        assert rows(pilot, "leave")[:3] == [
            ("2 wait for a decision",),
            ("曾小贤", "A", "personal", "09-02 - 09-03", "1 late, 1600.00", "requested"),
            ("单雄", "A", "rest", "09-03", "in time", "requested"),
        ]
        assert selected(pilot, "leave") == "L260902-01"
        assert "supervisor 区主管 (S1)" in said(pilot)
        assert "Too late for 2026-09-02: staying away costs 1600.00." in said(pilot)


async def test_one_key_approves_and_goes_on_to_the_next(session: Session) -> None:
    async with showing(session, "leave", "S1") as pilot:
        await pilot.press("a")
        assert status(session, "L260902-01") == "approved"
        assert selected(pilot, "leave") == "L260902-02"
        said = toasts(pilot)[-1]
        assert said.startswith("Approved: 曾小贤, 2026-09-02 to 2026-09-03\n")
        assert "With this, off in A on 2026-09-02: 1 of 4." in said
        await pilot.press("a", "u")
        assert status(session, "L260902-02") == "requested"
        assert "Undone: Approved: 单雄, 2026-09-03" in toasts(pilot)
        await pilot.press("u")
        assert status(session, "L260902-01") == "requested"
        assert in_step(session)


async def test_an_approval_that_takes_an_absence_back_says_so(session: Session) -> None:
    clock_of(session).set("2026-09-04T13:00")
    brief(session, date(2026, 9, 3))
    assert charges("A2") == [("absence", "roll", 160000, "standing")]
    async with showing(session, "leave", "S1") as pilot:
        pilot.app.screen.query_one("#leave", LineList).move_to("L260902-02")
        await pilot.press("a", "y")
        assert "Fine of 1600.00 taken back: 单雄 (A2), Absent" in toasts(pilot)[-1]
        assert charges("A2") == [("absence", "roll", 160000, "reversed")]


async def test_a_rejection_needs_a_reason(session: Session) -> None:
    async with showing(session, "leave", "S1") as pilot:
        await pilot.press("x")
        assert isinstance(pilot.app.screen, ReasonPrompt)
        await pilot.press("enter")
        problem = pilot.app.screen.query_one("#problem-reason", Static)
        assert "a reason is needed" in str(problem.content)
        await pilot.press(*"full", "enter")
        row = leave.leave(session, "L260902-01")
        assert (row.status, row.decided_by, row.decision_reason) == ("rejected", "S1", "full")
        pilot.app.screen.query_one("#leave", LineList).move_to("L260902-01")
        await pilot.pause()
        assert "rejected by 区主管 (S1), 2026-09-02 21:05: full" in said(pilot)


async def test_who_decides_is_asked_once(session: Session) -> None:
    async with showing(session, "leave") as pilot:
        await pilot.press("a")
        chooser = pilot.app.screen
        assert isinstance(chooser, Chooser)
        assert chooser.query_one(LineList).cursor_key == "S1"
        await pilot.press("enter")
        assert leave.leave(session, "L260902-01").decided_by == "S1"
        await pilot.press("a")
        assert leave.leave(session, "L260902-02").decided_by == "S1"


async def test_whoever_may_not_decide_is_told_who_may(session: Session) -> None:
    async with showing(session, "leave", "A3") as pilot:
        assert rows(pilot, "leave")[0] == ("Nothing waits for your decision",)
        assert rows(pilot, "leave")[1] == ("2 wait for another superior",)
        await pilot.press("a")
        chooser = pilot.app.screen
        assert isinstance(chooser, Chooser)
        assert "only the direct supervisor (S1) or a director" in chooser._prompt
        await pilot.press("escape")
        assert status(session, "L260902-01") == "requested"
        await pilot.press("a", "enter")
        assert leave.leave(session, "L260902-01").decided_by == "S1"


async def test_an_account_decides_in_its_own_name(session: Session) -> None:
    accounts.add(session, "boss", "admin", "a long enough secret")
    accounts.sign_in(session, "boss", "a long enough secret")
    accounts.add(session, "wang", "director", "another good secret", staff_no="D1")
    accounts.sign_in(session, "wang", "another good secret")
    async with showing(session, "leave") as pilot:
        await pilot.press("a")
        assert leave.leave(session, "L260902-01").decided_by == "D1"


async def test_the_calendar_has_no_column_for_a_team_that_one_may_not_read_of(
    session: Session,
) -> None:
    hire("B1", "吴丽华", team="B", supervisor_no="D1")
    accounts.add(session, "boss", "admin", "a long enough secret")
    accounts.sign_in(session, "boss", "a long enough secret")
    accounts.add(session, "sun", "supervisor", "another good secret", staff_no="S1")
    async with showing(session, "leave", size=(100, 30)) as pilot:
        off = pilot.app.screen.query_one("#off", LineList)
        assert [each.title for each in off.columns][1:] == ["A", "B"]
    accounts.sign_in(session, "sun", "another good secret")
    async with showing(session, "leave", size=(100, 30)) as pilot:
        off = pilot.app.screen.query_one("#off", LineList)
        assert [each.title for each in off.columns][1:] == ["A"]


async def test_nobody_left_of_a_team_is_asked_about(session: Session) -> None:
    night = date(2026, 9, 3)
    for staff_no, by in (("A1", "S1"), ("A3", "S1"), ("S1", "D1")):
        leave.approve(session, leave.ask(session, staff_no, "rest", night, night), by=by)
    async with showing(session, "leave", "S1") as pilot:
        pilot.app.screen.query_one("#leave", LineList).move_to("L260902-02")
        await pilot.pause()
        assert "With this, off in A on 2026-09-03: 4 of 4." in said(pilot)
        await pilot.press("a")
        assert isinstance(pilot.app.screen, Confirm)
        await pilot.press("n")
        assert status(session, "L260902-02") == "requested"
        await pilot.press("a", "y")
        assert status(session, "L260902-02") == "approved"
        assert any(row[1].startswith("ALL 4/4") for row in rows(pilot, "off"))


async def test_the_calendar_follows_the_selected_leave(session: Session) -> None:
    leave.approve(session, "L260902-01", by="S1")
    async with showing(session, "leave", "S1") as pilot:
        assert rows(pilot, "off")[:3] == [
            (" 09-02 Wed", "1/4 曾小贤!"),
            ("*09-03 Thu", "1/4 曾小贤 单雄?"),
            (" 09-04 Fri", ""),
        ]
        await pilot.press("right_square_bracket")
        assert rows(pilot, "off")[0][0] == " 09-09 Wed"
        await pilot.press("left_square_bracket", "left_square_bracket")
        assert rows(pilot, "off")[0][0] == " 08-26 Wed"


async def test_asking_shows_the_verdict_as_it_is_written(session: Session) -> None:
    async with showing(session, "leave", "S1") as pilot:
        await pilot.press("n")
        form = pilot.app.screen
        assert isinstance(form, AskForLeave)

        def verdict() -> str:
            return str(form.query_one("#verdict", Static).content)

        await pilot.press(*"a3", "enter")
        assert form.values()["staff_no"] == "A3"
        assert verdict().splitlines() == [
            "2026-09-03: 1 night",
            "In time.",
            "Off on 2026-09-03: 曾小贤?, 单雄?",
        ]
        form.control("first_night").value = "9-2"
        form.control("last_night").value = "+2"
        await pilot.pause()
        assert "2026-09-02 to 2026-09-04: 3 nights" in verdict()
        assert (
            "Too late for 2026-09-02: staying away costs 1600.00. The rest is in time." in verdict()
        )
        form.control("special_reason").value = "婚礼"
        await pilot.pause()
        assert "In time for every night." in verdict()
        await pilot.press("f2")
        assert selected(pilot, "leave") == "L260902-03"
        assert leave.leave(session, "L260902-03").special_reason == "婚礼"
        await pilot.press("u")
        assert status(session, "L260902-03") == "withdrawn"


async def test_what_is_refused_stays_written_with_the_cursor_on_it(session: Session) -> None:
    async with showing(session, "leave", "S1") as pilot:
        await pilot.press("n", *"a3", "enter")
        form = pilot.app.screen
        assert isinstance(form, AskForLeave)
        form.control("first_night").value = "9-31"
        await pilot.press("f2")
        assert pilot.app.screen is form
        assert form.focused is form.control("first_night")
        form.control("first_night").value = "9-5"
        form.control("last_night").value = "9-4"
        await pilot.press("f2")
        assert form.focused is form.control("last_night")
        problem = str(form.query_one("#problem-last_night", Static).content)
        assert problem == "before the leave begins, on 2026-09-05"
        assert form.values()["staff_no"] == "A3"


async def test_it_says_so_when_nothing_changes(session: Session) -> None:
    leave.approve(session, "L260902-01", by="S1")
    async with showing(session, "leave", "S1") as pilot:
        pilot.app.screen.query_one("#leave", LineList).move_to("L260902-01")
        await pilot.press("a")
        assert toasts(pilot) == ["曾小贤's leave is approved already; nothing changed."]
        await pilot.press("x", *"no", "enter")
        assert toasts(pilot)[-1] == "L260902-01 is approved already: take that back first"


async def test_leave_is_withdrawn_and_reopened(session: Session) -> None:
    async with showing(session, "leave", "S1") as pilot:
        await pilot.press("d")
        assert status(session, "L260902-01") == "withdrawn"
        pilot.app.screen.query_one("#leave", LineList).move_to("L260902-01")
        await pilot.press("r")
        assert status(session, "L260902-01") == "requested"
        await pilot.press("u", "u")
        assert status(session, "L260902-01") == "requested"


async def test_finding_looks_through_older_leave_too(session: Session) -> None:
    old = date(2026, 5, 1)
    leave.ask(session, "A3", "rest", old, old, filed_at=session.calendar.parse("2026-04-20T20:00"))
    leave.reject(session, "L260420-01", by="S1", reason="no")
    async with showing(session, "leave", "S1") as pilot:
        assert not any(row[0] == "解晓" for row in rows(pilot, "leave"))
        await pilot.press("slash", "a", "3", "enter")
        assert [row[0] for row in rows(pilot, "leave")] == [
            "Nothing waits for your decision",
            "Before",
            "解晓",
        ]


async def test_what_another_terminal_decides_appears_within_a_tick(session: Session) -> None:
    async with showing(session, "leave", "S1") as pilot:
        await pilot.press("down")
        leave.approve(session, "L260902-01", by="D1")
        screen = pilot.app.screen
        assert isinstance(screen, LeaveScreen)
        screen.tick()
        await pilot.pause()
        assert rows(pilot, "leave")[0] == ("1 waits for a decision",)
        assert selected(pilot, "leave") == "L260902-02"
