"""The screens of the office at 80x24 in the three languages: nothing is cut off, and a switch of
language keeps the place."""

import pytest
from rich.cells import cell_len

from models.access.session import Session
from tests.screens.office import furnish
from tests.screens.pilot import lines, press, settled, showing
from venue_tui.locale import LANGUAGES
from venue_tui.widgets.frame import KeyBar
from venue_tui.widgets.line_list import LineList
from venue_tui.widgets.lines import Lines

KEYS = {
    "incidents": [(), ("left_square_bracket",)],
    "deductions": [(), ("down", "down", "down", "down", "enter"), ("home", "enter"), ("t",)],
    "staff": [(), ("v",)],
    "rules": [(), ("t", *"club", "enter"), ("t", *"club", "enter", "v")],
}
VISITS = [
    pytest.param(screen, keys, id=f"{screen}-{'-'.join(keys) or 'open'}")
    for screen, visits in KEYS.items()
    for keys in visits
]
SCROLLED_SIDEWAYS = {"sheet"}


@pytest.fixture
def session(make_session) -> Session:
    session = make_session("2026-10-05T14:00")
    furnish(session)
    return session


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("screen", "keys"), VISITS)
async def test_nothing_is_cut_off(
    session: Session, screen: str, keys: tuple[str, ...], language: str
) -> None:
    async with showing(session, screen, "D2", language) as pilot:
        await press(pilot, *keys)
        shown = pilot.app.screen
        for line_list in shown.query(LineList):
            if not line_list.region or line_list.id in SCROLLED_SIDEWAYS:
                continue
            assert line_list.max_scroll_x == 0, line_list.id
            assert line_list.region.height >= 8, line_list.id
            for column, width in zip(line_list.columns, line_list.widths, strict=True):
                assert width > 0, column.title
                assert cell_len(column.title) <= width, column.title
        for panel in shown.query(Lines):
            if panel.wraps:
                continue
            for each in panel.text.splitlines():
                assert cell_len(each) <= max(panel.region.width, 1) or not panel.region, each
        bar = shown.query_one(KeyBar)
        keys_shown = [key for line in bar._lines for key in line]
        assert keys_shown == bar._keys


@pytest.mark.parametrize(
    ("screen", "id_", "key"),
    [("deductions", "sheet", "S4"), ("staff", "roster", "S2"), ("rules", "book", "rule drugs")],
)
async def test_a_switch_of_language_keeps_the_place(
    session: Session, screen: str, id_: str, key: str
) -> None:
    async with showing(session, screen, "D2") as pilot:
        pilot.app.screen.query_one(f"#{id_}", LineList).move_to(key)
        before = lines(pilot, id_)[key]
        await pilot.app.speak("zh-Hant")  # type: ignore[attr-defined]
        await settled(pilot)
        assert pilot.app.screen.query_one(f"#{id_}", LineList).cursor_key == key
        assert lines(pilot, id_)[key][0] == before[0]
