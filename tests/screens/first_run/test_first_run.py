"""The first steps on an empty database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from models.operations import directory
from models.storage.database import close_database
from tests.screens.pilot import settled
from venue_tui.first_run import FirstRunApp
from venue_tui.screens.first_run.screen import VenueForm
from venue_tui.screens.staff.file_import import FilesForm
from venue_tui.screens.staff.forms import StaffForm
from venue_tui.widgets.chooser import Chooser
from venue_tui.widgets.dialogs import Confirm
from venue_tui.widgets.line_list import LineList

STAFF = """staff_no,name,position,team,hired_on,monthly_wage
D1,王总监,director,,2026-01-01,12000
S1,曾小贤,staff,A组,2026-01-01,4350
"""


@pytest.fixture(autouse=True)
def closed():
    yield
    close_database()


@asynccontextmanager
async def starting(url: str, language: str = "en") -> AsyncIterator[Pilot]:
    app = FirstRunApp(url, language=language)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.pause()
        yield pilot


async def make_venue(pilot: Pilot) -> None:
    form = pilot.app.screen
    assert isinstance(form, VenueForm)
    form.control("name").value = "霓虹 [b]夜场[/]"
    zone = form.control("timezone").query_one(Input)
    zone.focus()
    zone.value = ""
    await pilot.press(*"shanghai", "enter", "f2")
    await settled(pilot)


def titles(pilot: Pilot) -> list[str]:
    assert isinstance(pilot.app.screen, Chooser)
    return [row.cells[0] for row in pilot.app.screen.query_one(LineList).rows]


async def test_nothing_is_made_before_the_venue_is_named(sqlite_url: str, tmp_path: Path) -> None:
    async with starting(sqlite_url) as pilot:
        form = pilot.app.screen
        assert isinstance(form, VenueForm)
        form.control("timezone").query_one(Input).value = "Asia/Atlantis"
        form.control("rulebook").query_one(Input).value = "nothing.toml"
        await pilot.press("f2")
        assert "may not be blank" in str(form.query_one("#problem-name", Static).content)
        assert "Asia/Atlantis is no IANA" in str(
            form.query_one("#problem-timezone", Static).content
        )
        assert "it can't be read" in str(form.query_one("#problem-rulebook", Static).content)
        assert form.values()["timezone"] == "Asia/Atlantis"
        assert not (tmp_path / "venue.db").exists()
        await pilot.press("escape", "y")
    assert not (tmp_path / "venue.db").exists()


async def test_a_venue_with_its_staff_from_a_file(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "staff.csv").write_text(STAFF, encoding="utf-8")
    async with starting(sqlite_url) as pilot:
        app = pilot.app
        assert isinstance(app, FirstRunApp)
        await make_venue(pilot)
        assert app.session is not None
        assert app.session.venue == "霓虹 [b]夜场[/]"
        assert app.session.calendar.zone.key == "Asia/Shanghai"
        assert titles(pilot) == ["From a file", "By hand", "Later"]
        await pilot.press("enter")
        form = app.screen
        assert isinstance(form, FilesForm)
        form.control("file").value = str(tmp_path / "none.csv")
        await pilot.press("f2")
        assert "no such file" in str(form.query_one("#problem-file", Static).content)
        form.control("file").value = str(tmp_path / "staff.csv")
        await pilot.press("f2")
        await settled(pilot)
        question = app.screen
        assert isinstance(question, Confirm)
        assert question._lines[0] == "staff: 2 new, 0 changed, 0 as they were"
        assert "D1 王总监" in question._lines[1]
        assert not directory.employed(app.session.tonight())
        await pilot.press("y")
        await settled(pilot)
        assert [each.staff_no for each in directory.employed(app.session.tonight())] == ["S1", "D1"]
        assert titles(pilot) == ["Open the venue", "From a file", "By hand"]
        await pilot.press("enter")
        assert app.return_code == 0


async def test_a_bad_file_is_explained_and_another_can_be_tried(
    sqlite_url: str, tmp_path: Path
) -> None:
    (tmp_path / "staff.csv").write_text(STAFF.replace("4350", "lots"), encoding="utf-8")
    async with starting(sqlite_url) as pilot:
        await make_venue(pilot)
        await pilot.press("enter")
        pilot.app.screen.control("file").value = str(tmp_path)  # type: ignore[attr-defined]
        await pilot.press("f2")
        await settled(pilot)
        dialog = pilot.app.screen
        assert isinstance(dialog, Confirm)
        assert any("staff.csv:3: monthly_wage: not an amount" in line for line in dialog._lines)
        await pilot.press("y")
        form = pilot.app.screen
        assert isinstance(form, FilesForm)
        assert form.values()["file"] == str(tmp_path)
        await pilot.press("escape")
        assert titles(pilot)[-1] == "Later"


async def test_staff_by_hand_one_after_the_other(sqlite_url: str) -> None:
    async with starting(sqlite_url) as pilot:
        await make_venue(pilot)
        await pilot.press("down", "enter")
        for staff_no, name in (("D1", "王总监"), ("S1", "曾小贤")):
            form = pilot.app.screen
            assert isinstance(form, StaffForm)
            form.control("staff_no").value = staff_no
            form.control("name").value = name
            form.control("monthly_wage").value = "4350"
            await pilot.press("f2")
            await settled(pilot)
        await pilot.press("escape")
        assert titles(pilot)[0] == "Open the venue"
        app = pilot.app
        assert isinstance(app, FirstRunApp)
        assert app.session is not None
        assert len(directory.employed(app.session.tonight())) == 2


async def test_speaks_the_language_that_is_picked(sqlite_url: str) -> None:
    async with starting(sqlite_url) as pilot:
        form = pilot.app.screen
        assert isinstance(form, VenueForm)
        form.control("name").value = "霓虹"
        form.control("language").focus()
        await pilot.press("right")
        await settled(pilot)
        assert form.values()["name"] == "霓虹"
        assert form.values()["language"] == "zh-Hans"
        assert form.query_one("#form").border_title == "你的门店"
