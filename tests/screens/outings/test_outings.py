"""Outings on the screen: asked, approved, out and back, and the fine named beforehand."""

from datetime import date

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from models.access import accounts
from models.access.session import Session
from models.operations import outings, slip_board
from tests.clock import clock_of
from tests.conftest import MakeSession
from tests.models.house import charges, in_step, staff_the_house
from tests.screens.pilot import press, rows, said, showing, toasts
from venue_tui.locale import LANGUAGES
from venue_tui.screens.outings.forms import AskForSlip, CorrectTimes, GoWithoutSlip
from venue_tui.screens.outings.screen import COLUMNS, OutingsScreen
from venue_tui.widgets.dialogs import Confirm
from venue_tui.widgets.line_list import LineList
from venue_tui.widgets.lines import Lines
from venue_tui.widgets.reason_prompt import ReasonPrompt

NOBODY = [("nobody",)]


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    """22:00 of 2026-09-02; A1 and A2 have asked, and A2's slip is approved."""
    session = make_session("2026-09-02T21:50")
    staff_the_house()
    outings.ask(session, "A1", "买药")
    outings.ask(session, "A2")
    outings.approve(session, "S260902-02", by="S1")
    clock_to(session, "22:00")
    return session


def clock_to(session: Session, time: str) -> None:
    clock_of(session).set(f"2026-09-02T{time}")


def outings_screen(pilot: Pilot[None]) -> OutingsScreen:
    screen = pilot.app.screen_stack[0]
    assert isinstance(screen, OutingsScreen)
    return screen


async def test_a_slip_goes_from_asked_to_back(session: Session) -> None:
    async with showing(session, "outings", "S1") as pilot:
        assert rows(pilot, "asked") == [("曾小贤", "A", "21:50", "买药")]
        assert "Asked for at 21:50: 买药" in said(pilot)
        await pilot.press("a")
        assert rows(pilot, "asked") == NOBODY
        assert rows(pilot, "approved") == [
            ("曾小贤", "A", "22:00", "买药"),
            ("单雄", "A", "21:50", ""),
        ]
        # Nobody asks any more: the light went along with the slip.
        assert "Going out costs nothing." in said(pilot)
        await pilot.press("o")
        assert rows(pilot, "approved") == [("单雄", "A", "21:50", "")]
        assert rows(pilot, "out") == [("曾小贤", "A", "22:00", "买药", "", "0", "")]
        clock_to(session, "22:12")
        await pilot.press("right", "b")
        assert rows(pilot, "out") == [
            ("Came back",),
            ("曾小贤", "A", "22:00", "买药", "22:12", "12", ""),
        ]
        assert toasts(pilot)[-1] == "Back: 曾小贤, 22:12, after 12 minutes"
        assert charges("A1") == []
        await pilot.press("u", "u", "u")
        assert rows(pilot, "asked") == [("曾小贤", "A", "21:50", "买药")]


async def test_going_before_the_approval_names_the_fine_first(session: Session) -> None:
    async with showing(session, "outings", "S1") as pilot:
        assert "Going out costs 100.00: " in said(pilot)
        await pilot.press("o")
        assert isinstance(pilot.app.screen, Confirm)
        await pilot.press("n")
        assert charges("A1") == []
        await pilot.press("o", "y")
        assert charges("A1") == [("left_post", "outing:S260902-01", 10000, "standing")]
        assert rows(pilot, "out") == [("曾小贤", "A", "22:00", "买药", "", "0", "100.00")]
        assert "Fined 100.00: 曾小贤 (A1)" in toasts(pilot)[-1]
        await pilot.press("u")
        assert charges("A1") == [("left_post", "outing:S260902-01", 10000, "reversed")]
        assert in_step(session)


async def test_leaving_without_a_slip_is_one_key_that_says_what_it_costs(session: Session) -> None:
    async with showing(session, "outings", "S1") as pilot:
        await pilot.press("z")
        form = pilot.app.screen
        assert isinstance(form, GoWithoutSlip)
        verdict = form.query_one("#verdict", Static)
        assert "Going out costs 100.00: " in str(verdict.content)
        await pilot.press(*"a3", "enter")
        assert "Going out costs 100.00: " in str(verdict.content)
        form.control("out_at").value = "21:45"
        await pilot.press("enter", "enter")
        assert rows(pilot, "out") == [("解晓", "A", "21:45", "", "", "15", "100.00")]
        assert outings_screen(pilot).focused is outings_screen(pilot).query_one("#out")
        assert "Went without a slip" in said(pilot)
        assert "Out at 21:45, 15 minutes ago. Fined 100.00." in said(pilot)
        await pilot.press("u")
        assert rows(pilot, "out") == NOBODY


async def test_an_approved_slip_is_pointed_out_before_going_without_one(session: Session) -> None:
    async with showing(session, "outings", "S1") as pilot:
        await pilot.press("z", *"a2", "enter")
        verdict = str(pilot.app.screen.query_one("#verdict", Static).content)
        assert "But S260902-02 is approved for them" in verdict


async def test_the_minutes_of_those_out_are_counted_on(session: Session) -> None:
    outings.out(session, "S260902-02")
    async with showing(session, "outings", "S1") as pilot:
        assert rows(pilot, "out") == [("单雄", "A", "22:00", "", "", "0", "")]
        clock_to(session, "22:07")
        outings_screen(pilot).tick()
        assert rows(pilot, "out") == [("单雄", "A", "22:00", "", "", "7", "")]


async def test_asking_puts_the_cursor_on_the_new_slip(session: Session) -> None:
    async with showing(session, "outings", "S1") as pilot:
        await pilot.press("right", "n")
        form = pilot.app.screen
        assert isinstance(form, AskForSlip)
        await pilot.press(*"a3", "enter")
        assert "Until it is approved: Going out costs 100.00" in str(
            form.query_one("#verdict", Static).content
        )
        await pilot.press(*"taxi", "enter", "a")
        assert ("解晓", "A", "22:00", "taxi") in rows(pilot, "approved")
        assert slip_board.slip(session, "S260902-03").reason == "taxi"


async def test_a_slip_for_nobody_is_refused_beside_the_field(session: Session) -> None:
    async with showing(session, "outings", "S1") as pilot:
        await pilot.press("n", *"zz", "f2")
        form = pilot.app.screen
        assert isinstance(form, AskForSlip)
        assert "there is no staffer zz" in str(form.query_one("#problem-staff_no", Static).content)
        assert form.values()["staff_no"] == "zz"
        assert form.focused in form.control("staff_no").walk_children()


async def test_a_rejection_needs_a_reason_and_can_be_taken_back(session: Session) -> None:
    async with showing(session, "outings", "S1") as pilot:
        await pilot.press("x")
        assert isinstance(pilot.app.screen, ReasonPrompt)
        await pilot.press("enter", *"busy", "enter")
        assert rows(pilot, "asked") == [("Rejected",), ("曾小贤", "A", "21:50", "买药")]
        assert "rejected by 区主管 (S1), 2026-09-02 22:00: busy" in said(pilot)
        await pilot.press("r")
        assert rows(pilot, "asked") == [("曾小贤", "A", "21:50", "买药")]
        await pilot.press("d")
        assert rows(pilot, "asked") == [("Withdrawn",), ("曾小贤", "A", "21:50", "买药")]
        await pilot.press("u", "u")
        assert slip_board.slip(session, "S260902-01").status == "rejected"


async def test_an_approval_after_they_went_excuses_nothing(session: Session) -> None:
    outings.out(session, "S260902-01")
    clock_to(session, "22:10")
    async with showing(session, "outings", "S1") as pilot:
        await pilot.press("right", "right", "a")
        assert "They had gone out before: that isn't excused." in toasts(pilot)[-1]
        assert charges("A1") == [("left_post", "outing:S260902-01", 10000, "standing")]


async def test_it_says_so_when_nothing_changes(session: Session) -> None:
    async with showing(session, "outings", "S1") as pilot:
        await pilot.press("right", "a")
        assert toasts(pilot) == ["单雄's slip is approved already; nothing changed."]
        outings.out(session, "S260902-02")
        outings_screen(pilot).tick()
        await pilot.press("right", "o")
        assert "they are out since 2026-09-02 22:00 already" in toasts(pilot)[-1]


async def test_back_from_another_column_asks_who(session: Session) -> None:
    outings.out(session, "S260902-02")
    async with showing(session, "outings", "S1") as pilot:
        await pilot.press("b")
        assert slip_board.slip(session, "S260902-02").back_at == session.now()


async def test_out_and_back_at_another_time(session: Session) -> None:
    async with showing(session, "outings", "S1") as pilot:
        await pilot.press("right", "e")
        form = pilot.app.screen
        assert isinstance(form, CorrectTimes)
        form.control("out_at").value = "21:40"
        await pilot.pause()
        assert "Going out costs 100.00" in str(form.query_one("#verdict", Static).content)
        form.control("out_at").value = "2155"
        await pilot.pause()
        assert "Going out costs nothing." in str(form.query_one("#verdict", Static).content)
        await pilot.press("enter", "right", "e")
        form = pilot.app.screen
        assert isinstance(form, CorrectTimes)
        form.control("back_at").value = "21:54"
        await pilot.press("f2")
        assert pilot.app.screen is form
        assert "before they went out" in str(form.query_one("#problem-back_at", Static).content)
        form.control("back_at").value = "21:58"
        await pilot.press("enter")
        assert rows(pilot, "out") == [("Came back",), ("单雄", "A", "21:55", "", "21:58", "3", "")]


async def test_other_nights_are_shown(session: Session) -> None:
    async with showing(session, "outings", "S1") as pilot:
        clock_of(session).set("2026-09-03T20:00")
        await pilot.press("left_square_bracket")
        screen = outings_screen(pilot)
        assert screen.night == date(2026, 9, 2)
        assert "A night before, 2026-09-02 Wed" in screen.query_one("#night", Lines).text
        assert rows(pilot, "asked") == [("曾小贤", "A", "21:50", "买药")]
        await pilot.press("right_square_bracket")
        assert screen.is_tonight
        assert rows(pilot, "asked") == NOBODY


async def test_tonight_is_another_night_from_noon_on(session: Session) -> None:
    async with showing(session, "outings", "S1") as pilot:
        clock_of(session).set("2026-09-03T12:00")
        outings_screen(pilot).tick()
        assert "Tonight, 2026-09-03 Thu" in outings_screen(pilot).query_one("#night", Lines).text
        assert rows(pilot, "asked") == NOBODY


async def test_somebody_is_found_in_every_column(session: Session) -> None:
    async with showing(session, "outings", "S1") as pilot:
        await pilot.press("slash", "s", "x", "enter")
        assert rows(pilot, "asked") == NOBODY
        assert rows(pilot, "approved") == [("单雄", "A", "21:50", "")]


async def test_what_is_beyond_a_panels_last_row_is_the_next_ones_first(session: Session) -> None:
    outings.out(session, "S260902-02")
    async with showing(session, "outings", "S1") as pilot:
        screen = outings_screen(pilot)
        await pilot.press("j")
        assert screen.focused is screen.query_one("#out")
        await pilot.press("down", "k")
        assert screen.focused is screen.query_one("#asked")


async def test_where_somebody_was_before_in_the_month_is_said(session: Session) -> None:
    async with showing(session, "outings", "S1") as pilot:
        assert "Not out before this month." in said(pilot)
    outings.out(session, "S260902-01")
    clock_to(session, "22:20")
    outings.back(session, "S260902-01")
    clock_of(session).set("2026-09-04T21:00")
    outings.ask(session, "A1", "again")
    async with showing(session, "outings", "S1") as pilot:
        assert "Out 1 time before this month" in said(pilot)
        assert "09-02 22:00  20 min  100.00  买药" in said(pilot)
        await pilot.press("left_square_bracket", "left_square_bracket")
        titles = {
            id_: outings_screen(pilot).query_one(f"#{id_}").border_title for id_ in ("asked", "out")
        }
        assert titles == {"asked": "Asked · 0", "out": "Out · 0"}  # nobody any more
        assert len(rows(pilot, "out")) > 1


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("language", LANGUAGES)
async def test_times_and_reasons_stand_in_the_same_place_in_all_three_panels(
    session: Session, width: int, language: str
) -> None:
    outings.out(session, "S260902-02")
    async with showing(session, "outings", "S1", language, (width, 30)) as pilot:
        drawn_ = {id_: outings_screen(pilot).query_one(f"#{id_}", LineList) for id_ in COLUMNS}
        assert len({each.region.x for each in drawn_.values()}) == 1
        assert "21:50 买药" in drawn_["asked"].render_line(1).text.replace("  ", " ")
        assert all("…" not in each.render_line(0).text for each in drawn_.values())


async def test_a_staffer_asks_for_a_slip_of_their_own(session: Session) -> None:
    accounts.add(session, "boss", "admin", "a long enough secret")
    accounts.sign_in(session, "boss", "a long enough secret")
    accounts.add(session, "zeng", "staff", "another good secret", staff_no="A1")
    accounts.sign_in(session, "zeng", "another good secret")
    asked = len(slip_board.board(session).asked)
    async with showing(session, "outings") as pilot:
        await press(pilot, "n", "enter", *"pack", "f2")
        assert [each.staff_no for each in slip_board.board(session).asked][asked:] == ["A1"]
