"""Calling the roll: one key a person, and everything that may go wrong with it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Input

from models.access.session import Session
from models.operations import bookings, briefings, first_call, leave, roll, roll_board, venue
from models.operations.roll import NO_SIGN, Signs
from models.operations.roll_board import RollRow
from models.rules import shipped
from models.rules.charges import Outcome
from models.storage.database import Noted, execute
from models.values import pinyin
from tests.clock import Clock, clock_of
from tests.conftest import MakeSession
from tests.models.house import charges, in_step, sign_in
from tests.screens.evening import NIGHT, at, open_evening
from tests.screens.pilot import drawn, settled, ticked, toasts
from venue_tui.app import VenueApp
from venue_tui.locale import set_language
from venue_tui.screens.roll.closing import ClosingScreen
from venue_tui.screens.roll.lines import of_note
from venue_tui.screens.roll.screen import RollBoard, RollFinder, RollScreen
from venue_tui.screens.roll.team_blocks import TeamBlocks
from venue_tui.screens.shared.text_viewer import ReadScreen
from venue_tui.widgets.chooser import Chooser
from venue_tui.widgets.controls import LongText
from venue_tui.widgets.dialogs import Confirm
from venue_tui.widgets.form import FormScreen
from venue_tui.widgets.head_panel import HeadPanel
from venue_tui.widgets.line_list import LineList
from venue_tui.widgets.lines import Lines

SIZE = (80, 24)
WIDE = (120, 36)
Run = Pilot[None]
SPACE = ("space", " ")


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    session = make_session()
    open_evening(session, clock_of(session))
    return session


@pytest.fixture
def app(session: Session) -> VenueApp:
    return VenueApp(session, language="en", first="roll")


def rested(staff_no: str, name: str) -> RollRow:
    return RollRow(staff_no, name, None, None, Outcome.REST, NO_SIGN, False, ())


def roll_of(pilot: Run) -> RollScreen:
    screen = pilot.app.screen
    assert isinstance(screen, RollScreen)
    return screen


def board(pilot: Run) -> RollBoard:
    return pilot.app.screen.query_one(RollBoard)


def header(pilot: Run) -> str:
    return pilot.app.screen.query_one(HeadPanel).text


def line(pilot: Run, staff_no: str) -> tuple[str, str, str]:
    """What somebody is, since when, and what else is said of them."""
    person = board(pilot).person(staff_no)
    return person.state, person.time, person.hint


def foot(pilot: Run, team: str) -> str:
    return next(block.note for block in board(pilot).blocks if block.key == team)


async def go_to(pilot: Run, staff_no: str) -> None:
    board(pilot).move_to(staff_no)
    await pilot.pause()


# A crowd at half past seven


async def test_52_people_are_52_presses(app: VenueApp, session: Session) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        unmarked = [row.staff_no for row in roll_board.board(session) if row.unmarked]
        assert len(unmarked) == 52
        assert board(pilot).cursor_key == unmarked[0]
        await pilot.press("space")
        assert line(pilot, unmarked[0])[:2] == ("here", "19:20")
        assert board(pilot).cursor_key == unmarked[1]
        await pilot.press(*["space"] * 51)
        assert "everybody marked  52 here  2 off" in header(pilot)
        assert toasts(pilot) == ["Everybody is marked."]
    assert {row.outcome for row in roll_board.board(session)} == {Outcome.PRESENT, Outcome.REST}
    assert in_step(session)


async def test_a_late_mark_is_shown_without_asking_for_the_briefing_again(
    app: VenueApp, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    run = Noted.run

    def told(self: Noted, sql: str, *arguments: Any, **options: Any) -> Any:
        if not self.in_transaction():
            asked.append(sql)
        return run(self, sql, *arguments, **options)

    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("space")
        clock.set(f"{NIGHT}T19:45")
        await pilot.press("f")
        await settled(pilot)
        late = board(pilot).cursor_key or ""
        monkeypatch.setattr(Noted, "run", told)
        await pilot.press("space")
        assert line(pilot, late)[:2] == ("late", "19:45")
        assert not [sql for sql in asked if "briefings" in sql]


async def test_a_crowd_at_twelve_seconds_past_costs_nobody_anything(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    clock.set(f"{NIGHT}T19:30:12")
    async with app.run_test(size=SIZE) as pilot:
        assert header(pilot).startswith("First call · space = here")
        for _name in range(51):
            await pilot.press("space")
            clock.now += 6
        assert header(pilot).startswith("First call")
        assert "1 to call" in header(pilot)
        await pilot.press("space")
        assert header(pilot).startswith("Latecomers · space = late")
    rows = roll_board.board(session)
    assert {row.outcome for row in rows} == {Outcome.PRESENT, Outcome.REST}
    assert {row.signs.arrived_at for row in rows if not row.resting} == {at(session, "19:30")}
    assert in_step(session)


async def test_names_that_nobody_answers_to_are_passed_and_late_when_they_come(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    clock.set(f"{NIGHT}T19:33")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        first, second = board(pilot).keys[:2]
        await pilot.press("down", "j", *["space"] * 50)
        assert line(pilot, first)[0] == "no answer"
        assert header(pilot).startswith("Latecomers")
        assert "2 not here  50 here" in header(pilot)
        assert board(pilot).cursor_key == first
        clock.set(f"{NIGHT}T19:41")
        await pilot.press("space")
        assert line(pilot, first)[:2] == ("late", "19:41")
        assert board(pilot).cursor_key == second
    assert charges(first, NIGHT) == [("late", "roll", 3000, "standing")]


async def test_passing_the_last_name_ends_the_first_call_and_is_undone(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    clock.set(f"{NIGHT}T19:33")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press(*["space"] * 51)
        last = board(pilot).cursor_key
        assert last is not None
        await pilot.press("down")
        assert toasts(pilot)[-1] == "The first call is over: 1 did not answer."
        assert header(pilot).startswith("Latecomers")
        await pilot.press("u")
        assert header(pilot).startswith("First call")
        assert board(pilot).cursor_key == last
        await pilot.press("space")
        assert line(pilot, last)[:2] == ("here", "19:30")


async def test_the_first_call_is_ended_by_hand(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    clock.set(f"{NIGHT}T19:36")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        first, second = board(pilot).keys[:2]
        await pilot.press("f")
        assert header(pilot).startswith("Latecomers")
        await pilot.press("u")
        assert header(pilot).startswith("First call")
        assert briefings.briefing(session) is None
        await pilot.press("space", "f", "space", "f")
        assert (line(pilot, first)[0], line(pilot, second)[0]) == ("here", "late")


async def test_late_by_the_clock_whichever_call_it_is(app: VenueApp, clock: Clock) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        first, second = board(pilot).keys[:2]
        await pilot.press("l")
        assert line(pilot, first)[:2] == ("here", "19:20")
        assert toasts(pilot)[-1].endswith("is here in time: it is 19:20.")
        clock.set(f"{NIGHT}T19:30:12")
        await pilot.press("l")
        assert line(pilot, second)[:2] == ("late", "19:30:12")
        await pilot.press("u", "u")
        assert "52 to call" in header(pilot)


async def test_seconds_stand_where_the_closing_decides(app: VenueApp, clock: Clock) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        late, missed, later = board(pilot).keys[:3]
        clock.set(f"{NIGHT}T19:45:05")
        await pilot.press("f", "space")
        clock.set(f"{NIGHT}T19:45:30")
        await pilot.press("C", "y")
        clock.set(f"{NIGHT}T19:45:50")
        await go_to(pilot, missed)
        await pilot.press("space")
        clock.set(f"{NIGHT}T19:46:10")
        await go_to(pilot, later)
        await pilot.press("space")
        await pilot.pause()
        assert line(pilot, late)[:2] == ("late", "19:45:05")
        assert line(pilot, missed)[:2] == ("missed", "19:45:50")
        assert line(pilot, later)[:2] == ("missed", "19:46")


async def test_looking_about_before_the_briefing_calls_nobody(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(*["down"] * 30, "home")
        assert "52 to call" in header(pilot)
        clock.set(f"{NIGHT}T19:31")
        await pilot.press("space")
        assert first_call.passed(NIGHT) == frozenset()


async def test_nobody_answers_at_all(app: VenueApp, session: Session, clock: Clock) -> None:
    clock.set(f"{NIGHT}T19:34")
    async with app.run_test(size=SIZE) as pilot:
        first = board(pilot).keys[0]
        await pilot.press(*["down"] * 52)
        assert header(pilot).startswith("Latecomers")
        assert briefings.briefing(session) is None
        assert board(pilot).cursor_key == first
        await pilot.press("space")
        assert line(pilot, first)[0] == "late"
        assert len(first_call.passed(NIGHT)) == 52


async def test_the_first_call_outlives_the_terminal(session: Session, clock: Clock) -> None:
    clock.set(f"{NIGHT}T19:33")
    async with VenueApp(session, language="en", first="roll").run_test(size=SIZE) as pilot:
        await pilot.press("space", "down", "space")
    async with VenueApp(session, language="en", first="roll").run_test(size=SIZE) as pilot:
        assert "49 to call  1 no answer  2 here" in header(pilot)
        await pilot.press("down", *["space"] * 49)
        assert header(pilot).startswith("Latecomers")


async def test_two_terminals_agree_and_neither_charges_unseen(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    other = Session(session.clock, "test:2")
    clock.set(f"{NIGHT}T19:36")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("space")
        second = board(pilot).cursor_key
        assert second is not None
        first_call.end(other, NIGHT)
        await pilot.press("space")  # before the screen has seen it
        assert "ended at another terminal" in toasts(pilot)[-1]
        assert header(pilot).startswith("Latecomers")
        assert line(pilot, second)[0] == ""
        await pilot.press("space")
        assert line(pilot, second)[:2] == ("late", "19:36")


async def test_two_terminals_call_half_of_the_roll_each(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    other = Session(session.clock, "test:2")
    clock.set(f"{NIGHT}T19:34")
    async with app.run_test(size=SIZE) as pilot:
        numbers = [key for key in board(pilot).keys if roll_of(pilot)._rows[key].unmarked]
        await pilot.press("space")
        calling = first_call.Calling(lasts=True)
        roll.here(other, numbers[20:], NIGHT, calling)
        await pilot.press(*["space"] * 19)
        await ticked(pilot)
        assert header(pilot).startswith("Latecomers")
        assert "52 here" in header(pilot)
    assert sum(row.fine for row in roll_board.board(session)) == 0


# Out of turn


@pytest.mark.parametrize("size", [SIZE, WIDE, (40, 24)])
async def test_who_calls_out_of_turn_is_five_keys(
    app: VenueApp, session: Session, clock: Clock, size: tuple[int, int]
) -> None:
    clock.set(f"{NIGHT}T19:32")
    async with app.run_test(size=size) as pilot:
        await pilot.press("space")
        was_at = board(pilot).cursor_key
        await pilot.press("slash", *"sxm", "space")
        await pilot.pause()
        assert line(pilot, "101")[:2] == ("here", "19:30")
        assert board(pilot).cursor_key == was_at
        assert not pilot.app.screen.query_one(RollFinder).display
        assert pilot.app.screen.focused is board(pilot)
        await pilot.press("slash", *"104", "space")
        assert line(pilot, "104")[0] == "here"
        assert board(pilot).cursor_key == was_at


async def test_a_burst_of_keys_marks_whom_typing_slowly_marks(
    app: VenueApp, session: Session
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        before = [key for key in board(pilot).keys if roll_of(pilot)._rows[key].unmarked]
        end = [key for key in before if key != "101"][4]
        keys = (
            ("slash", "/"),
            *((c, c) for c in "sxm"),
            SPACE,
            SPACE,
            SPACE,
            ("down", None),
            SPACE,
        )
        for key, character in keys:
            app.post_message(Key(key, character))
        for _tenth in range(100):  # until the last of them has been done
            await pilot.pause(0.1)
            if first_call.passed(NIGHT) and board(pilot).cursor_key == end:
                break
        marked = {row.staff_no for row in roll_board.board(session) if not row.unmarked}
        left = [key for key in before if key != "101"]
        assert marked == {"101", left[0], left[1], left[3], "120", "121"}
        assert first_call.passed(NIGHT) == {left[2]}


@pytest.mark.parametrize(
    ("typed", "found"),
    [("sxm", "101"), ("qgq", "102"), ("zx", "103"), ("ox", "106"), ("104", "104"), ("ann", "108")],
)
async def test_people_are_lit_up_by_initials_name_and_number(
    app: VenueApp, typed: str, found: str
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash", *typed)
        await pilot.pause()
        lit = board(pilot)._lit
        assert found in lit
        assert len(lit) < 12
        assert board(pilot).cursor_key in lit
        assert len(board(pilot).keys) == 54
        await pilot.press("escape")
        await pilot.pause()
        assert board(pilot)._lit == frozenset()
        assert board(pilot).cursor_key == board(pilot).keys[0]


async def test_a_wide_space_of_an_input_method_marks_too(app: VenueApp, session: Session) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash", *"108")
        app.post_message(Key("ideographic_space", "\N{IDEOGRAPHIC SPACE}"))
        await pilot.pause()
        assert line(pilot, "108")[0] == "here"


async def test_how_names_are_read_is_known_before_the_first_letter(app: VenueApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        pinyin.initials.cache_clear()
        await pilot.press("/")
        await settled(pilot)
        known = pinyin.initials.cache_info().misses
        await pilot.press("z")
        await settled(pilot)
        assert pinyin.initials.cache_info().misses == known > 0


async def test_nobody_is_marked_for_letters_that_find_nobody(
    app: VenueApp, session: Session
) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("slash", *"qqqq", "space")
        assert toasts(pilot)[-1] == "Nobody is called «qqqq»."
        assert briefings.briefing(session) is None


# Whole teams


async def test_a_whole_team_is_one_key_and_one_undo(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    clock.set(f"{NIGHT}T19:32")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await go_to(pilot, "121")  # who rests, in a team with another who rests
        await pilot.press("T")
        team = [row for row in roll_board.board(session) if row.team == "玫瑰组"]
        assert {row.outcome for row in team} == {Outcome.PRESENT, Outcome.REST}
        assert toasts(pilot)[-1] == "玫瑰组: 16 marked."
        assert sum(row.fine for row in team) == 0
        await pilot.press("u")
        assert briefings.briefing(session) is None
        await pilot.press("T", "k", "T")
        assert toasts(pilot)[-1] in ("玫瑰组: everybody is marked.", "Tulip: 18 marked.")


async def test_a_whole_team_of_latecomers_is_asked_about_with_its_sum(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    clock.set(f"{NIGHT}T19:45")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("f")
        await go_to(pilot, "122")
        await pilot.press("T")
        assert isinstance(app.screen, Confirm)
        assert app.screen._lines[0] == "Fines: 16, 480.00"
        await pilot.press("n")
        assert sum(row.fine for row in roll_board.board(session)) == 0
        await pilot.press("T", "y")
        assert sum(row.fine for row in roll_board.board(session)) == 48_000
        await pilot.press("u")
        assert sum(row.fine for row in roll_board.board(session)) == 0


# One by one


async def test_the_clock_says_late_and_the_fine_stands_above(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        clock.set(f"{NIGHT}T19:31")
        await pilot.press("f")
        await go_to(pilot, "103")
        await pilot.press("space")
        assert line(pilot, "103") == ("late", "19:31", "room")
        assert "1 late" in header(pilot)
        assert "30.00" in header(pilot)
        assert toasts(pilot)[-1] == "曾雪 holds room V1: m would excuse them."
        await go_to(pilot, "103")
        await pilot.press("m")
        assert line(pilot, "103")[0] == "made up"
        assert "30.00" not in header(pilot)


async def test_who_is_marked_already_is_left_as_they_are(app: VenueApp, clock: Clock) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("space", "up")
        clock.set(f"{NIGHT}T19:40")
        name = board(pilot).person(board(pilot).cursor_key or "").name
        await pilot.press("space")
        assert toasts(pilot) == [f"{name} was marked already, at 19:20."]


async def test_a_make_up_sign_says_what_it_would_do_where_it_cannot_help(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await go_to(pilot, "104")
        await pilot.press("m")  # before the briefing, where space is enough
        assert isinstance(app.screen, Confirm)
        assert "Whoever comes before the briefing is here: space." in app.screen._lines[0]
        await pilot.press("n")
        clock.set(f"{NIGHT}T20:10")
        await pilot.press("m")
        assert toasts(pilot)[-1] == "解小美: made up, covered by room V8."
        assert line(pilot, "104")[:2] == ("made up", "20:10")
        await go_to(pilot, "105")  # a table never excuses
        await pilot.press("m")
        assert app.screen._lines == [  # type: ignore[attr-defined]
            "There is no room of theirs tonight that would excuse them.",
            "They would be: missed, 50.00.",
        ]
        await pilot.press("n")
        assert line(pilot, "105")[0] == ""
        await pilot.press("m", "y")
        assert line(pilot, "105")[:2] == ("missed", "20:10")
        await go_to(pilot, "104")
        await pilot.press("m")
        assert toasts(pilot)[-1] == "解小美 signed already, at 20:10."
        await pilot.press("up", "up", "up", "space", "up", "m")
        assert toasts(pilot)[-1].endswith("is here: a make-up sign would change nothing.")
    assert charges("105", NIGHT) == [("missed_briefing", "roll", 5000, "standing")]


async def test_a_time_is_corrected_to_the_second_where_it_decides(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        clock.now = at(session, "19:30:12")
        await pilot.press("f")
        await go_to(pilot, "101")
        await pilot.press("space")
        await go_to(pilot, "101")
        await pilot.press("e")
        form = app.screen
        assert isinstance(form, FormScreen)
        arrived = form.query_one("#field-arrived_at", Input)
        assert arrived.value == "19:30:12"
        arrived.value = "soon"
        await pilot.press("f2")
        assert app.screen is form  # refused: what was typed stays, and the cursor is there
        assert arrived.value == "soon"
        assert form.focused is arrived
        arrived.value = "19:30:00"
        await pilot.pause()
        assert form.query_one("#verdict").render().plain == "That is: present"  # type: ignore[attr-defined]
        await pilot.press("f2")
        assert line(pilot, "101")[:2] == ("here", "19:30")
        assert charges("101", NIGHT) == [("late", "roll", 3000, "reversed")]
        await pilot.press("u")
        assert line(pilot, "101")[:2] == ("late", "19:30:12")
    [signs] = execute("SELECT arrived_at FROM attendance WHERE night = ?", (str(NIGHT),)).fetchall()
    assert signs[0] == at(session, "19:30:12")


async def test_nobody_corrects_their_own(app: VenueApp, session: Session) -> None:
    execute("UPDATE staff SET on_roll = ? WHERE staff_no = 'D1'", (True,))
    sign_in(session, "director", "D1")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await go_to(pilot, "D1")
        await pilot.press("e")
        assert isinstance(app.screen, RollScreen)
        assert "own" in toasts(pilot)[-1]
        await pilot.press("space")
        await go_to(pilot, "D1")
        await pilot.press("x")
        assert "own" in toasts(pilot)[-1]
        assert line(pilot, "D1")[0] == "here"


async def test_undo_goes_back_to_the_person(app: VenueApp, session: Session) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        first, second = board(pilot).keys[:2]
        await pilot.press("space", "space", "u")
        assert board(pilot).cursor_key == second
        await pilot.press("u")
        assert board(pilot).cursor_key == first
        assert toasts(pilot)[-1].startswith("Undone: ")
        assert briefings.briefing(session) is None  # it had been opened by the first mark


async def test_marks_are_cleared_by_one_key(app: VenueApp, session: Session) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        first = board(pilot).keys[0]
        await pilot.press("space", "up", "x")
        assert line(pilot, first)[:2] == ("no answer", "")
        await pilot.press("x")
        assert "has given no sign" in toasts(pilot)[-1]
        await pilot.press("u")
        assert line(pilot, first)[0] == "here"


async def test_clearing_marks_that_would_cost_four_days_asks_with_the_sum(
    app: VenueApp, session: Session
) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("left_square_bracket")
        await go_to(pilot, "102")
        await pilot.press("x")
        assert isinstance(app.screen, Confirm)
        assert app.screen._lines == ["They would be: absent, 1600.00."]
        await pilot.press("n")
    assert charges("102", NIGHT - timedelta(days=1)) == [("late", "roll", 3000, "standing")]


async def test_another_terminals_marks_show_and_the_cursor_stays(
    app: VenueApp, session: Session
) -> None:
    other = Session(session.clock, "test:2")
    async with app.run_test(size=SIZE) as pilot:
        await go_to(pilot, "110")
        top = board(pilot).scroll_y
        roll.mark(other, "102")
        await ticked(pilot)
        assert line(pilot, "102")[0] == "here"
        assert (board(pilot).cursor_key, board(pilot).scroll_y) == ("110", top)


async def test_a_terminal_made_wider_after_a_mark_shows_everybody(
    app: VenueApp, session: Session
) -> None:
    names = [row.name for row in roll_board.board(session)]
    async with app.run_test(size=(80, 40)) as pilot:
        await pilot.press("space", "space")
        await pilot.resize_terminal(*WIDE)
        await pilot.pause()
        shown = "\n".join(drawn(pilot))
        assert [name for name in names if name not in shown] == []


async def test_a_rulebook_adopted_elsewhere_is_seen_by_the_next_key(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    other = Session(session.clock, "test:2")
    shipped_text = (Path(shipped.__file__).parent / "nightlife.toml").read_text("utf-8")
    text = shipped_text.replace("grace_minutes = 0", "grace_minutes = 20")
    assert text != shipped_text
    clock.set(f"{NIGHT}T19:45")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f")
        venue.adopt(other, shipped.parse(text), NIGHT)
        first = board(pilot).keys[0]
        await pilot.press("space")
        assert line(pilot, first)[:2] == ("here", "19:45")
        await ticked(pilot)
        assert "briefing: late in 5:00" in header(pilot)
    assert charges(first, NIGHT) == []


async def test_a_mark_repaints_two_lines_of_the_board_and_its_teams(
    app: VenueApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("space")
        await pilot.pause(0.2)
        drawn: set[int] = set()
        render_line = TeamBlocks.render_line

        def counted(self: TeamBlocks, y: int) -> object:
            drawn.add(y)
            return render_line(self, y)

        monkeypatch.setattr(TeamBlocks, "render_line", counted)
        await pilot.press("space")
        await pilot.pause(0.2)
        assert len(drawn) <= 4  # the team's title and foot, the marked one, the next one


async def test_the_panel_tells_of_the_selected_one_where_there_is_room(app: VenueApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        panel = app.screen.query_one("#person", Lines)
        await go_to(pilot, "104")
        await pilot.pause(0.2)
        assert "V8 room  booked\n  Mr [b]Lee" in panel.text
        await go_to(pilot, "102")
        await pilot.pause(0.2)
        assert "Month so far: 90.00" in panel.text
        assert "09-11 30.00 Late for the briefing" in panel.text


async def test_enter_tells_of_the_selected_one_elsewhere(app: VenueApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        assert not app.screen.query_one("#person", Lines).region
        await go_to(pilot, "104")
        await pilot.press("enter")
        assert isinstance(app.screen, ReadScreen)
        assert "V8 room  booked\n  Mr [b]Lee" in app.screen.text
        await pilot.press("escape")
        assert board(pilot).cursor_key == "104"


async def test_a_room_being_out_and_late_leave_stand_beside_the_name(
    app: VenueApp, session: Session
) -> None:
    from models.operations import outings

    gone = outings.out_without_slip(session, "107")
    late = leave.ask(session, "109", "rest", NIGHT, NIGHT)
    leave.approve(session, late, by="D1")
    async with app.run_test(size=SIZE) as pilot:
        assert line(pilot, "103")[2] == "has a room"
        assert line(pilot, "105")[2] == ""  # a table
        assert line(pilot, "107")[2] == "out of the house"
        assert line(pilot, "109")[2] == "leave came too late"
        outings.back(session, gone.slip_no)
        [held] = [each for each in bookings.on(NIGHT) if each.staff_no == "103"]
        bookings.cancel(session, held.booking_no)
        await ticked(pilot)
        assert (line(pilot, "107")[2], line(pilot, "103")[2]) == ("", "")


# The briefing as a whole


async def test_closing_names_every_fine_and_whoever_is_missing_and_asks_once(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await go_to(pilot, "101")
        await pilot.press("space")
        clock.set(f"{NIGHT}T19:36")
        await pilot.press("l", "l", "C")
        question = app.screen
        assert isinstance(question, ClosingScreen)
        rows = question.query_one(LineList).rows
        assert rows[0].cells == ("49 names have not been called yet.",)
        assert rows[1].cells == ("Fines: 2, 60.00",)
        assert [row.cells[1::2] for row in rows[2:4]] == [
            ("102", "Late for the briefing"),
            ("103", "Late for the briefing"),
        ]
        assert [row.cells[4] for row in rows[2:4]] == ["30.00", "30.00"]
        assert rows[4].cells[0].startswith("Absent when the night ends, unless they come: 49, ")
        assert len(rows) == 5 + 49
        seen = "\n".join(drawn(pilot))
        assert "Fines: 2, 60.00" in seen
        assert "Absent when the night ends, unless they come: 49, " in seen
        await pilot.press("n")
        assert briefings.briefing(session).closed_at is None  # type: ignore[union-attr]
        await pilot.press("C", "y")
        assert toasts(pilot)[-1] == "The briefing is closed at 19:36: 2 fines, 60.00."
        assert header(pilot).startswith("Closed 19:36")
        clock.set(f"{NIGHT}T19:50")
        await go_to(pilot, "104")
        await pilot.press("space")
        assert line(pilot, "104") == ("missed", "19:50", "room")
        # Closed too early: once more C, and who came meanwhile was only late.
        await pilot.press("C", "y")
        assert line(pilot, "104")[0] == "late"
        await pilot.press("u")
        assert line(pilot, "104")[0] == "missed"
    assert in_step(session)


async def test_no_briefing_was_held(app: VenueApp, session: Session, clock: Clock) -> None:
    clock.set(f"{NIGHT}T19:40")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("space", "down", "l", "H")
        question = app.screen
        assert isinstance(question, ClosingScreen)
        rows = question.query_one(LineList).rows
        assert rows[0].cells == ("Taken back: signs 2, fines 30.00",)
        assert len(rows) == 3
        await pilot.press("y")
        assert briefings.briefing(session) is None
        assert "52 to call" in header(pilot)
        await pilot.press("u")
        assert "1 late" in header(pilot)
        assert "1 no answer" in header(pilot)
        assert in_step(session)


async def test_the_nights_work_is_written_down(app: VenueApp, session: Session) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("B")
        app.screen.query_one(LongText).text = "V8: [贵宾]\nA1-A3: 牡丹组"
        await pilot.press("f2")
        assert "V8: [贵宾] / A1-A3" in header(pilot)
        assert briefings.briefing(session).assignment == "V8: [贵宾]\nA1-A3: 牡丹组"  # type: ignore[union-attr]
        await pilot.press("B")
        app.screen.query_one(LongText).text = "x"
        await pilot.press("escape", "y")
        assert "V8: [贵宾]" in header(pilot)
        await pilot.press("u")
        assert "Nothing is assigned yet." in header(pilot)


async def test_leaving_the_program_drops_no_assignment_unasked(
    app: VenueApp, session: Session
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("B", *"V8", "enter", *"A1")
        assert app.screen.query_one(LongText).text == "V8\nA1"
        await pilot.press("ctrl+q")
        assert isinstance(app.screen, Confirm)
        await pilot.press("n")
        assert app.screen.query_one(LongText).text == "V8\nA1"
        await pilot.press("f2")
    assert briefings.briefing(session).assignment == "V8\nA1"  # type: ignore[union-attr]


async def test_teams_tick_that_the_resting_were_told(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await go_to(pilot, "122")
        assert foot(pilot, "玫瑰组") == "2 off  not passed on"
        clock.set(f"{NIGHT}T20:05")
        await pilot.press("R")
        assert foot(pilot, "玫瑰组") == "2 off  passed on 20:05"
        await pilot.press("u")
        assert foot(pilot, "玫瑰组") == "2 off  not passed on"
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
        assert "Director: 王芳" in header(pilot)
        await pilot.press("space")
        assert briefings.briefing(session).director_no == "D1"  # type: ignore[union-attr]
        await pilot.press("D", *"S1", "enter")
        assert "Director: 主管1" in header(pilot)
        await pilot.press("u")
        assert "Director: 王芳" in header(pilot)


async def test_the_night_is_ended_early(app: VenueApp, session: Session, clock: Clock) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("N")
        assert toasts(pilot)[-1] == "No briefing was held that night."
        await pilot.press("space")
        clock.set("2026-09-13T03:00")
        await pilot.press("N", "y")
        assert line(pilot, "151")[0] == "absent"
        await pilot.press("N", "y")
        assert line(pilot, "151")[0] == ""
        await pilot.press("u")
        assert line(pilot, "151")[0] == "absent"
    assert in_step(session)


# Nights


async def test_other_nights_are_looked_at_and_put_right(app: VenueApp, session: Session) -> None:
    before = NIGHT - timedelta(days=1)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("left_square_bracket")
        assert header(pilot).startswith("Night of 2026-09-11  briefing closed at 19:45")
        assert line(pilot, "151")[0] == "absent"
        await go_to(pilot, "151")
        await pilot.press("space")
        assert toasts(pilot)[-1] == "That night is past: correct the times instead (e)."
        await pilot.press("e")
        app.screen.query_one("#field-arrived_at", Input).value = "19:20"
        await pilot.press("f2")
        assert line(pilot, "151")[0] == "here"
        await pilot.press("right_square_bracket")
        assert "briefing in" in header(pilot)
    assert ("absence", "roll", 160_000, "reversed") in charges("151", before)


async def test_the_next_night_begins_by_itself(app: VenueApp, clock: Clock) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("space")
        clock.set("2026-09-13T12:00")
        await ticked(pilot)
        assert "54 to call" in header(pilot)


async def test_a_key_pressed_as_the_next_night_begins_marks_nobody_unseen(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("space")
        clock.set("2026-09-13T12:00")
        await pilot.press("space")
        assert toasts(pilot)[-1].startswith("A new night has begun.")
        assert briefings.briefing(session) is None


async def test_a_form_open_over_noon_corrects_the_old_night_and_shows_the_new_one(
    app: VenueApp, session: Session, clock: Clock
) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("space")
        first = board(pilot).keys[0]
        await go_to(pilot, first)
        await pilot.press("e")
        app.screen.query_one("#field-arrived_at", Input).value = "19:30"
        clock.set("2026-09-13T12:00:30")
        await pilot.press("f2")
        assert line(pilot, first)[:2] == ("", "")
        assert "54 to call" in header(pilot)
    assert roll_board.board(session, NIGHT)[0].signs.arrived_at == at(session, "19:30")


@pytest.mark.parametrize("key", ["m", "T"])
async def test_a_question_open_over_noon_marks_nobody_of_the_new_night(
    app: VenueApp, session: Session, clock: Clock, key: str
) -> None:
    clock.set("2026-09-13T11:59:50")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("f", "home", key)
        assert isinstance(app.screen, Confirm)
        clock.set("2026-09-13T12:00:30")
        await pilot.press("y")
        await pilot.pause()
        assert toasts(pilot)[-1].startswith("A new night has begun.")
        assert "54 to call" in header(pilot)
    assert briefings.briefing(session) is None
    assert all(row.signs == NO_SIGN for row in roll_board.board(session, NIGHT))


async def test_who_may_not_call_the_roll_is_told_so(app: VenueApp, session: Session) -> None:
    sign_in(session, "payroll", "P1")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("space")
        assert "may not do this" in toasts(pilot)[-1]
        assert line(pilot, board(pilot).keys[0])[0] == ""


async def test_a_changed_sign_is_not_undone_over(app: VenueApp, session: Session) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        first = board(pilot).cursor_key or ""
        await pilot.press("space")
        roll.correct(session, first, NIGHT, Signs(at(session, "19:15"), None, None))
        await pilot.press("u")
        assert "changed meanwhile" in toasts(pilot)[-1]
        assert line(pilot, first)[1] == "19:15"


async def test_a_venue_without_staff(make_session: MakeSession) -> None:
    app = VenueApp(make_session(), language="en", first="roll")
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await pilot.press(*("space", "l", "m", "e", "x", "R", "T", "f", "down", "up", "H", "enter"))
        await pilot.press("slash", "a", "space", "escape", "C", "n")
        assert app.screen.query_one("#person", Lines).text == "Nobody here"


WIDTHS = [((40, 24), 1), ((60, 24), 2), ((80, 24), 3), ((120, 36), 3), ((160, 50), 3)]


@pytest.mark.parametrize(("size", "columns"), WIDTHS)
@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
async def test_no_name_time_or_sum_is_cut_at_any_width(
    session: Session, clock: Clock, size: tuple[int, int], columns: int, language: str
) -> None:
    app = VenueApp(session, language=language, first="roll")
    async with app.run_test(size=size) as pilot:
        await pilot.press("space", "down")
        clock.set(f"{NIGHT}T19:30:12")
        await pilot.press("l", "l")
        await pilot.pause()
        assert len({part.x for part in board(pilot)._parts}) == columns
        lines = "\n".join(board(pilot).render_line(y).text for y in range(board(pilot).size.height))
        first = board(pilot).keys[0]
        assert roll_of(pilot)._rows[first].name in lines
        assert "19:20" in lines
        assert "19:30:12" in lines
        top = pilot.app.screen.query_one(HeadPanel)
        head = "\n".join(top.render_line(y).text for y in range(3))
        assert "60.00" in head
        assert all(cell_len(each) == size[0] for each in head.splitlines())
    set_language("en")


async def test_everybody_is_in_sight_on_a_wide_screen(app: VenueApp, session: Session) -> None:
    async with app.run_test(size=WIDE):
        seen = app.screen.query_one(RollBoard)
        assert seen.max_scroll_y == 0
        lines = "\n".join(seen.render_line(y).text for y in range(seen.size.height))
        assert all(row.name in lines for row in roll_board.board(session))


@pytest.mark.parametrize(
    ("size", "below"), [((120, 36), True), ((160, 50), True), ((120, 28), False)]
)
async def test_what_is_to_be_known_stands_where_the_blocks_leave_room(
    demo: Session, size: tuple[int, int], below: bool
) -> None:
    app = VenueApp(demo, language="en", first="roll")
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        blocks, person, note = (
            app.screen.query_one(each) for each in ("#roll", "#selected", "#of-note")
        )
        if below:
            assert blocks.region.width == size[0]
            assert person.region.y == note.region.y == blocks.region.bottom
            assert blocks.max_scroll_y == 0
        else:
            assert person.region.x == note.region.x == blocks.region.right
        assert "not passed on" in "\n".join(drawn(pilot))
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        assert not person.region
        assert blocks.region.width == 80


async def test_whom_a_director_looks_for_is_named_whole(demo: Session) -> None:
    app = VenueApp(demo, language="en", first="roll")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        panel = app.screen.query_one("#of-note", Lines)
        assert panel.text.startswith("out of the house · 1\n程永康\n\noff · 2\n董嘉豪  曾春梅\n")
        before = panel.text
        await pilot.press("space", "l")
        await pilot.pause(0.2)
        assert panel.text == before  # or each mark would repaint the panel
        await pilot.press("down")
        await pilot.pause(0.2)
        assert "\nno answer · 1\n周家辉\n" in panel.text


def test_of_many_who_are_the_same_some_are_named() -> None:
    rows = [rested(f"{n:03}", "单雄信") for n in range(30)]
    said = ["".join(text for text, _style in each) for each in of_note(rows, (), 20)]
    assert said == ["off · 30", *["单雄信  单雄信"] * 6, "and 18 more"]


async def test_wide_characters_are_whole_after_something_lay_over_them(app: VenueApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("down", "down")
        before = drawn(pilot)
        for keys in (
            ("question_mark", "escape"),
            ("ctrl+p", "escape"),
            ("e", "escape"),
            ("C", "n"),
            ("enter", "escape"),
            ("slash", "s", "escape"),
        ):
            await pilot.press(*keys)
            await pilot.pause()
            assert drawn(pilot)[2:20] == before[2:20], keys


@pytest.mark.parametrize(
    ("language", "first", "then"),
    [
        ("en", "First call · space = here", "Latecomers · space = late"),
        ("zh-Hans", "首轮点名 · 空格＝已到", "迟到登记 · 空格＝迟到"),
        ("zh-Hant", "首輪點名 · 空格＝已到", "遲到登記 · 空格＝遲到"),
    ],
)
async def test_a_whole_roll_in_each_language(
    session: Session, clock: Clock, language: str, first: str, then: str
) -> None:
    clock.set(f"{NIGHT}T19:31")
    app = VenueApp(session, language=language, first="roll")
    async with app.run_test(size=SIZE) as pilot:
        assert header(pilot).startswith(first)
        await pilot.press("down", *["space"] * 51)
        assert header(pilot).startswith(then)
        await pilot.press("space")
        assert "30.00" in header(pilot)
    assert sum(row.fine for row in roll_board.board(session)) == 3000
    set_language("en")
