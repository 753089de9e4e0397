"""Keys sent at once land where the same keys, typed slowly, land."""

from textual import events
from textual.pilot import Pilot

from models.access.session import Session
from models.operations import directory, slip_board
from models.storage.database import execute
from tests.screens.typing_ahead import over
from venue_tui.app import VenueApp
from venue_tui.screens.outings.forms import GoWithoutSlip
from venue_tui.screens.outings.screen import OutingsScreen
from venue_tui.screens.staff.file_import import FilesForm
from venue_tui.screens.staff.screen import StaffScreen
from venue_tui.widgets.form import FormScreen


def burst(pilot: Pilot[None], *keys: str) -> None:
    """All the keys in one go, as a terminal sends what is pasted into it."""
    for key in keys:
        pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))


def somebody(session: Session) -> str:
    return directory.employed(session.tonight())[0].staff_no


async def taken(pilot: Pilot[None]) -> None:
    """Waits until every key was, and what came of it is shown."""
    for _turn in range(3):
        await over(pilot)


def written(pilot: Pilot[None]) -> dict[str, str]:
    form = pilot.app.screen
    assert isinstance(form, FormScreen)
    return form.values()


async def test_a_burst_into_a_new_form_lands_in_its_fields(demo: Session) -> None:
    keys = ("z", *somebody(demo), "enter", "tab", *"taxi")
    found = []
    for at_once in (True, False):
        app = VenueApp(demo, first="outings")
        async with app.run_test(size=(80, 24)) as pilot:
            await taken(pilot)
            if at_once:
                burst(pilot, *keys)
            else:
                await pilot.press(*keys)
            await taken(pilot)
            assert isinstance(pilot.app.screen, GoWithoutSlip)
            found.append(written(pilot))
    assert found[0] == found[1]
    assert found[0]["reason"] == "taxi"
    assert found[0]["staff_no"]


async def test_a_burst_goes_to_another_screen_and_acts_there(demo: Session) -> None:
    app = VenueApp(demo, first="tonight")
    async with app.run_test(size=(80, 24)) as pilot:
        await taken(pilot)
        burst(pilot, "4", "n", *somebody(demo), "enter", *"phone", "enter")
        await taken(pilot)
        assert isinstance(app.screen, OutingsScreen)
        assert "phone" in {row.reason for row in slip_board.board(demo).asked}


async def test_an_input_method_left_on_does_no_harm(demo: Session) -> None:
    app = VenueApp(demo, first="tonight")
    async with app.run_test(size=(80, 24)) as pilot:
        await taken(pilot)
        app.post_message(events.Key("fullwidth_digit_four", "４"))
        app.post_message(events.Key("fullwidth_latin_small_letter_n", "ｎ"))
        await taken(pilot)
        form = app.screen
        assert isinstance(form, FormScreen)
        app.post_message(events.Key("tab", None))
        app.post_message(events.Key("fullwidth_latin_small_letter_n", "ｎ"))
        await taken(pilot)
        assert form.values()["reason"] == "ｎ"  # what is written stays as it was typed


async def test_a_burst_goes_through_a_flow_of_dialogs(demo: Session) -> None:
    app = VenueApp(demo, first="staff")
    async with app.run_test(size=(80, 24)) as pilot:
        await taken(pilot)
        burst(pilot, "I", *"nowhere.csv", "f2", *"x")
        await taken(pilot)
        form = app.screen
        assert isinstance(form, FilesForm)
        assert form.values()["file"] == "nowhere.csvx"  # there is no such file, so it stays open
        form.dismiss(None)
        await taken(pilot)
        assert isinstance(app.screen, StaffScreen)
        assert not app.asking


async def test_a_burst_rejects_in_the_name_of_whoever_it_says(demo: Session) -> None:
    employed = directory.employed(demo.tonight())
    director = next(each.staff_no for each in employed if each.position == "director")
    app = VenueApp(demo, first="outings")
    async with app.run_test(size=(80, 24)) as pilot:
        await taken(pilot)
        asked = ("n", *somebody(demo), "enter", *"phone", "enter")
        burst(pilot, *asked, "x", *"no", "enter", *director, "enter")
        await taken(pilot)
        assert isinstance(app.screen, OutingsScreen)
        found = execute("SELECT status, decided_by FROM outings WHERE reason = 'phone'").fetchall()
        assert found == [("rejected", director)]
