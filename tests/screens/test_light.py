"""The one lit row of screens with lists beside each other: no key loses it."""

import pytest
from textual.pilot import Pilot

from models.access.session import Session
from models.operations import outings, slip_board
from tests.screens.pilot import press, settled, showing, ticked
from venue_tui.widgets.line_list import LineList

BESIDE = ("tonight", "outings", "guests", "leave")
SIZES = ((80, 24), (120, 36))


def lit(pilot: Pilot) -> LineList:
    """The list that has the light; fails where it is on nothing that can be picked."""
    focused = pilot.app.focused
    assert isinstance(focused, LineList)
    assert not focused.bare, focused.id
    return focused


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", BESIDE)
async def test_neither_tab_nor_an_arrow_loses_it(
    demo: Session, name: str, size: tuple[int, int]
) -> None:
    async with showing(demo, name, "D01", size=size) as pilot:
        for key in ("tab",) * 5 + ("shift+tab",) * 3 + ("left",) * 3 + ("right",) * 3:
            await press(pilot, key)
            lit(pilot)


async def test_it_leaves_a_column_that_somebody_else_emptied(demo: Session) -> None:
    async with showing(demo, "outings", "D01", size=SIZES[1]) as pilot:
        assert lit(pilot).id == "asked"
        for row in slip_board.board(demo).asked:
            outings.approve(demo, row.slip_no, by="D01")
        await ticked(pilot)
        await settled(pilot)
        assert lit(pilot).id == "approved"


async def test_it_goes_to_whoever_comes_where_nobody_was(demo: Session) -> None:
    waiting = slip_board.board(demo).asked
    for row in waiting:
        outings.withdraw(demo, row.slip_no)
    [gone] = slip_board.board(demo).out
    outings.back(demo, gone.slip_no)
    async with showing(demo, "outings", "D01", size=SIZES[1]) as pilot:
        outings.ask(demo, "0021", "买药")
        await ticked(pilot)
        await settled(pilot)
        lit(pilot)


async def test_tonight_begins_where_something_can_be_picked(demo: Session) -> None:
    async with showing(demo, "tonight", "D01", size=SIZES[1]) as pilot:
        assert lit(pilot).id == "waiting"


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("tonight", ("a",)),
        ("tonight", ("x", "b", "u", "s", "y", "enter")),
        ("leave", ("a",)),
        ("outings", ("a",)),
        ("incidents", ("w", "o", "k", "enter")),
        ("staff", ("a", "o", "k", "enter", "y")),
    ],
)
async def test_it_comes_back_with_what_is_undone(
    demo: Session, name: str, keys: tuple[str, ...]
) -> None:
    async with showing(demo, name, "D01", size=SIZES[1]) as pilot:
        before = (lit(pilot).id, lit(pilot).cursor_key)
        await press(pilot, *keys, "end", "tab", "u")
        assert (lit(pilot).id, lit(pilot).cursor_key) == before
