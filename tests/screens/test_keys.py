"""Keys that a person chose: by file and in the program, and what happens where two would share one."""

from pathlib import Path

from models.access.session import Session
from models.operations import directory
from tests.screens.pilot import drawn
from venue_tui import config
from venue_tui.app import VenueApp
from venue_tui.screens.leave.screen import LeaveScreen
from venue_tui.screens.shared.key_editor import KeyEditor
from venue_tui.screens.staff.screen import StaffScreen
from venue_tui.widgets.line_list import LineList
from venue_tui.widgets.reason_prompt import ReasonPrompt


def written(text: str, tmp_path: Path) -> config.Config:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return config.load(path)


def test_a_verb_takes_its_key_to_every_screen(tmp_path: Path) -> None:
    chosen = written('[keys]\napprove = "f5"\n"roll.close" = "f6"\n', tmp_path)
    assert chosen.complaint is None
    assert chosen.keys["leave.approve"] == chosen.keys["outings.approve"] == "f5"
    assert chosen.keys["roll.close"] == "f6"


def test_a_key_that_another_has_is_named_and_left_out(tmp_path: Path) -> None:
    chosen = written('[keys]\napprove = "x"\n"roll.mark" = "m"\nwaive = "f5"\n', tmp_path)
    assert set(chosen.keys) == {each for each in chosen.keys if chosen.keys[each] == "f5"}
    assert chosen.complaint is not None
    assert "approve = x (" in chosen.complaint
    assert "roll.mark = m (Make-up)" in chosen.complaint


async def test_a_key_is_changed_in_the_program_and_kept(demo: Session) -> None:
    app = VenueApp(demo, first="leave")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+p", *"Keys", "enter")
        editor = app.screen
        assert isinstance(editor, KeyEditor)
        editor.query_one(LineList).move_to("reject")
        await pilot.press("enter", "w")
        assert "taken: waive" in str(editor.query_one("Vertical").border_title)
        await pilot.press("f5")  # it is waited for another still
        assert editor.query_one(LineList).row("reject").cells[0] == "f5"
        await pilot.press("escape")
        assert isinstance(app.screen, LeaveScreen)
        await pilot.press("f5")
        assert isinstance(app.screen, ReasonPrompt)
    assert config.load().keys["leave.reject"] == "f5"
    app = VenueApp(demo, first="leave")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+p", *"Keys", "enter")
        app.screen.query_one(LineList).move_to("reject")
        await pilot.press("delete", "escape", "x")
        assert isinstance(app.screen, ReasonPrompt)
    assert config.load().keys == {}


async def test_the_menu_finds_people_and_goes_to_them(demo: Session) -> None:
    somebody = next(e for e in directory.employed(demo.tonight()) if e.staff_no == "0042")
    app = VenueApp(demo, first="tonight")
    async with app.run_test(size=(80, 24)) as pilot:
        for _turn in range(2):  # a screen made anew, and one that is open
            await pilot.press("ctrl+p", *somebody.staff_no, "enter")
            await app.workers.wait_for_complete()
            await pilot.pause()
            assert isinstance(app.screen, StaffScreen)
            assert app.screen._staff_no == somebody.staff_no
            assert any(f">{somebody.staff_no}" in each for each in drawn(pilot))
            await pilot.press("home")
