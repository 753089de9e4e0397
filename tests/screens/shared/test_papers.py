"""Papers from the screens, and posts on the roll."""

from pathlib import Path

import pytest
from pypdf import PdfReader

from models.access.session import Session
from models.operations import outings, posts
from models.operations.posts import Post
from tests.clock import clock_of
from tests.conftest import MakeSession
from tests.models.house import NIGHT, staff_the_house
from tests.screens.office import furnish
from tests.screens.pilot import press, showing, toasts
from venue_tui.screens.shared.papers import PrintForm
from venue_tui.widgets.dialogs import Confirm


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    session = make_session()
    furnish(session)
    return session


@pytest.fixture
def evening(make_session: MakeSession) -> Session:
    session = make_session("2026-09-02T19:10")
    staff_the_house()
    return session


async def test_a_notice_is_printed_for_who_is_selected(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "notice.pdf"
    async with showing(session, "deductions", "D2") as pilot:
        await press(pilot, "slash", *"S2", "enter", "p")
        form = pilot.app.screen
        assert isinstance(form, PrintForm)
        assert form.values()["to"].endswith("notice-S2-2026-09.pdf")
        form.control("paper").value = "statement-S2-2026-09"
        await pilot.pause()
        assert form.values()["to"].endswith("statement-S2-2026-09.pdf")
        form.control("paper").value = "notice-S2-2026-09"
        form.control("to").value = str(path)
        await press(pilot, "f2")
        assert toasts(pilot)[-1] == f"Printed: Notice of charges, {path}"
        text = PdfReader(path).pages[0].extract_text()
        assert "800.00" in text
        assert "[b]x[/]" in text
        # Once more: the file is not replaced unasked.
        await press(pilot, "p")
        pilot.app.screen.control("to").value = str(path)  # type: ignore[attr-defined]
        await press(pilot, "f2")
        assert isinstance(pilot.app.screen, Confirm)


async def test_what_cannot_be_printed_is_said_and_nothing_is_lost(session: Session) -> None:
    async with showing(session, "deductions", "D2") as pilot:
        await press(pilot, "slash", *"S2", "enter", "p")
        form = pilot.app.screen
        assert isinstance(form, PrintForm)
        form.control("format").value = "escpos"
        await pilot.pause()
        assert form.values()["to"] == ""
        await press(pilot, "f2")
        assert pilot.app.screen is form
        form.control("to").value = "tcp://127.0.0.1:1"
        await press(pilot, "f2")
        assert any("127.0.0.1:1" in each for each in toasts(pilot))


async def test_a_slip_is_printed(evening: Session, tmp_path: Path) -> None:
    slip_no = outings.ask(evening, "A1", "买药")
    path = tmp_path / "slip.txt"
    async with showing(evening, "outings", "D2") as pilot:
        await press(pilot, "p")
        form = pilot.app.screen
        assert isinstance(form, PrintForm)
        form.control("format").value = "text"
        form.control("to").value = str(path)
        await press(pilot, "f2")
    assert slip_no in path.read_text(encoding="utf-8")
    assert "lets nobody out" in path.read_text(encoding="utf-8")


async def test_the_roll_gives_posts(evening: Session) -> None:
    async with showing(evening, "roll", "D2") as pilot:
        await press(pilot, "slash", *"A1", "enter", "P")
        form = pilot.app.screen
        form.control("duty").value = "迎宾"  # type: ignore[attr-defined]
        form.control("area").value = "大厅"  # type: ignore[attr-defined]
        await press(pilot, "f2")
        assert posts.post("A1", NIGHT) == ("迎宾", "大厅")
        await press(pilot, "u")
        assert posts.post("A1", NIGHT) is None


async def test_the_last_post_is_written_there_already(evening: Session) -> None:
    posts.put(evening, "A1", NIGHT, Post("传送", None))
    clock_of(evening).set("2026-09-03T19:10")
    async with showing(evening, "roll", "D2") as pilot:
        await press(pilot, "slash", *"A1", "enter", "P")
        assert pilot.app.screen.values() == {"duty": "传送", "area": ""}  # type: ignore[attr-defined]
        await press(pilot, "f2")
        assert posts.post("A1", NIGHT.replace(day=3)) == ("传送", None)
