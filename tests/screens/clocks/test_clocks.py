"""Punch clocks on the screen: numbers are matched, clocks put right, files taken in."""

from datetime import date, datetime
from pathlib import Path

import pytest
from textual.widgets import Input

from models.access.session import Session
from models.ledger.settling import settle
from models.operations import clocks, punches
from models.operations.punches import Told
from models.storage.database import execute
from tests.clock import clock_of
from tests.conftest import MakeSession
from tests.models.house import NIGHT, brief, charges, sign, staff_the_house
from tests.screens.pilot import lines, press, said, showing, toasts
from venue_tui.screens.clocks.forms import MatchForm, OffsetForm
from venue_tui.screens.clocks.punch_import import PunchesForm
from venue_tui.screens.clocks.screen import ClocksScreen
from venue_tui.widgets.dialogs import Confirm
from venue_tui.widgets.line_list import LineList


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    """2 September is over and nobody was marked in it but A3; one clock told of three people."""
    session = make_session()
    staff_the_house()
    brief(session)
    sign(session, "A3", arrived_at="19:20")
    clock_of(session).set("2026-09-03T15:00")
    settle(session)
    told = [
        Told("门口", number, name, datetime.fromisoformat(f"2026-09-02T{at}"), "")
        for number, name, at in (
            ("A1", "", "19:28"), ("7", "单[/]雄", "19:41"), ("A3", "解晓", "19:45"), ("99", "", "17:00"))
    ]  # fmt: skip
    punches.take(session, told)
    return session


def selected(pilot: object, number: str) -> None:
    screen = pilot.app.screen  # type: ignore[attr-defined]
    assert isinstance(screen, ClocksScreen)
    screen.query_one("#numbers", LineList).move_to(f"门口\0{number}")


async def test_the_unknown_come_first_with_whose_they_seem(session: Session) -> None:
    async with showing(session, "clocks", "D2") as pilot:
        rows = lines(pilot, "numbers")
        assert [cells[1] for cells in rows.values()] == ["7", "99", "A1", "A3"]
        assert rows["门口\0a1"][3] == "曾小贤 (A1)?"
        assert rows["门口\0a3"][3] == "解晓 (A3)"
        assert rows["门口\x007"][2:4] == ("单[/]雄", "?")
        assert "3 numbers unknown" in said(pilot, "standing")


async def test_what_is_known_of_a_number_is_told_beside_it(session: Session) -> None:
    async with showing(session, "clocks", "D2", size=(120, 36)) as pilot:
        selected(pilot, "a1")
        await press(pilot, "down", "up")
        told = said(pilot, "told").splitlines()
        assert told[:3] == ["门口  A1", "曾小贤 (A1)?", "It is their number on the roster."]
        assert "1 punch, the last at 2026-09-02 19:28 by this clock" in told
        selected(pilot, "a3")
        await press(pilot, "v", "left_square_bracket")
        assert "The mark stands" in said(pilot, "told")
        assert str(pilot.app.screen.query_one("#told").border_title) == "In full"


async def test_a_guess_is_taken_and_taken_back(session: Session) -> None:
    async with showing(session, "clocks", "D2") as pilot:
        selected(pilot, "a1")
        await press(pilot, "a")
        # What it would cost and spare is said before it is recorded.
        asked = pilot.app.screen
        assert isinstance(asked, Confirm)
        assert any("1600.00 > 0.00" in line for line in asked._lines)
        await press(pilot, "n")
        assert charges("A1", NIGHT) == [("absence", "roll", 160000, "standing")]
        await press(pilot, "a", "y")
        assert "2026-09-02 曾小贤 19:28  absent > present  1600.00 > 0.00" in toasts(pilot)[-1]
        assert lines(pilot, "numbers")["门口\0a1"][3] == "曾小贤 (A1)"
        assert charges("A1", NIGHT)[0][3] == "reversed"
        await press(pilot, "u")
        assert charges("A1", NIGHT) == [("absence", "roll", 160000, "standing")]


async def test_somebody_is_named_for_a_number(session: Session) -> None:
    async with showing(session, "clocks", "D2") as pilot:
        selected(pilot, "7")
        await press(pilot, "e")
        form = pilot.app.screen
        assert isinstance(form, MatchForm)
        await press(pilot, "enter")
        assert pilot.app.screen is form  # nobody was named
        await press(pilot, *"A2", "enter", "f2", "y")
        assert charges("A2", NIGHT)[-1] == ("late", "roll", 3000, "standing")


async def test_a_number_may_be_nobodys(session: Session) -> None:
    async with showing(session, "clocks", "D2") as pilot:
        selected(pilot, "99")
        await press(pilot, "d")
        assert lines(pilot, "numbers")["门口\x0099"][3] == "nobody's"
        selected(pilot, "99")
        await press(pilot, "r")
        assert lines(pilot, "numbers")["门口\x0099"][3] == "?"


async def test_a_clock_is_put_right_and_back(session: Session) -> None:
    punches.match(session, "门口", "7", "A2")
    async with showing(session, "clocks", "D2") as pilot:
        selected(pilot, "7")
        await press(pilot, "O")
        form = pilot.app.screen
        assert isinstance(form, OffsetForm)
        for wrong in ("", "soon", "999999"):
            form.control("seconds").value = wrong
            await press(pilot, "f2")
            assert pilot.app.screen is form
        form.control("seconds").value = "-12:00"
        form.control("since").value = "2026-09-01"
        await press(pilot, "f2", "y")
        assert "late > present  30.00 > 0.00" in toasts(pilot)[-1]
        assert clocks.offsets() == {"门口": [(date(2026, 9, 1), -720)]}
        assert "门口: -720 s from 2026-09-01 on" in said(pilot, "standing")
        await press(pilot, "u")
        assert charges("A2", NIGHT)[-1] == ("late", "roll", 3000, "standing")


async def test_where_a_mark_and_a_punch_differ_both_are_shown(session: Session) -> None:
    async with showing(session, "clocks", "D2") as pilot:
        await press(pilot, "v")
        assert lines(pilot, "differences") == {}
        await press(pilot, "left_square_bracket")
        assert lines(pilot, "differences") == {"A3": ("解晓", "A3", "19:45", "19:20")}


async def test_a_file_is_shown_before_it_is_taken_in(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "1_attlog.dat"
    path.write_text("A2\t2026-09-02 19:29:00\t1\t0\t0\n:40\t1\t0\n")
    async with showing(session, "clocks", "D2") as pilot:
        await press(pilot, "I")
        form = pilot.app.screen
        assert isinstance(form, PunchesForm)
        file = form.control("file")
        assert isinstance(file, Input)
        file.value = str(path) + "x"
        await press(pilot, "f2")
        assert pilot.app.screen is form
        file.value = str(path)
        await press(pilot, "f2")
        dialog = pilot.app.screen
        assert isinstance(dialog, Confirm)
        assert any("ZKTeco attlog, 1 punch" in each for each in dialog._lines)
        assert any("half a line" in each for each in dialog._lines)
        await press(pilot, "y")
        assert "attlog\0a2" in lines(pilot, "numbers")
        await press(pilot, "u")
        assert "attlog\0a2" not in lines(pilot, "numbers")


async def test_what_a_file_leaves_open_is_said_in_the_form(
    session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("日期,上班时间\n02/09/2026,19:29\n03/09/2026,19:30\n", "utf-8")
    async with showing(session, "clocks", "D2") as pilot:
        await press(pilot, "I")
        form = pilot.app.screen
        assert isinstance(form, PunchesForm)
        assert "import punches FOLDER --watch 30" in form.verdict({"file": ""})
        form.control("file").value = str(path)  # type: ignore[attr-defined]
        await press(pilot, "down", "down", "right", "right", "down", *"A2", "f2")
        dialog = pilot.app.screen
        assert isinstance(dialog, Confirm)
        await press(pilot, "y")
        assert "rows\0a2" in lines(pilot, "numbers")
        held = execute("SELECT told_at FROM punches WHERE clock = 'rows'").fetchall()
        assert sorted(held) == [("2026-09-02T19:29:00",), ("2026-09-03T19:30:00",)]


async def test_what_is_no_punches_is_said(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("今天没人")
    async with showing(session, "clocks", "D2") as pilot:
        await press(pilot, "I")
        pilot.app.screen.control("file").value = str(path)  # type: ignore[attr-defined]
        await press(pilot, "f2")
        dialog = pilot.app.screen
        assert isinstance(dialog, Confirm)
        assert "no punches are found" in " ".join(dialog._lines)
        await press(pilot, "y")
        assert isinstance(pilot.app.screen, ClocksScreen)
