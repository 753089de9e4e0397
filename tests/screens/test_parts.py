"""What a change paints: parts of lines, as they stand in the whole screen, and nothing beside."""

from random import Random

import pytest
from rich.cells import cell_len
from rich.style import Style
from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region, Size
from textual.pilot import Pilot
from textual.strip import Strip

from models.access.session import Session
from tests.screens.pilot import settled
from venue_tui.actions import SCREENS
from venue_tui.app import VenueApp

Cell = tuple[str, Style | None]


@pytest.mark.parametrize("size", [(40, 20), (80, 24), (120, 36), (200, 60)])
async def test_parts_are_painted_as_they_stand_in_the_whole(
    demo: Session, size: tuple[int, int]
) -> None:
    random = Random(str(size))
    app = VenueApp(demo, language="zh-Hans")
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        for each in SCREENS:
            app.go(each.name)
            await settled(pilot)
            _paint_parts(pilot, random)


@pytest.mark.parametrize("key", ["f1", "ctrl+p", "n"])
async def test_parts_of_a_dialog_are_painted_so_too(demo: Session, key: str) -> None:
    app = VenueApp(demo, language="zh-Hans")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        app.go("outings")
        await settled(pilot)
        await pilot.press(key)
        await settled(pilot)
        assert app.screen is not app.screen_stack[0]
        _paint_parts(pilot, Random(key))


def _paint_parts(pilot: Pilot[None], random: Random) -> None:
    compositor, size = pilot.app.screen._compositor, pilot.app.size
    pilot.app.screen._compositor_refresh()
    whole = [_cells(strip) for strip in _whole(pilot)]
    for _ in range(20):
        regions = [_somewhere(random, size) for _ in range(random.randint(1, 4))]
        assert _painted(pilot, regions) == {
            (x, y): whole[y][x]
            for region in regions
            for y in range(region.y, region.bottom)
            for x in _whole_characters(whole[y], region.x, region.right)
        }
    assert compositor.render_partial_update() is None


def _whole(pilot: Pilot[None]) -> list[Strip]:
    compositor = pilot.app.screen._compositor
    compositor.render_update(screen_stack=pilot.app._background_screens)
    return compositor.render_strips()


def _somewhere(random: Random, size: Size) -> Region:
    x, y = random.randrange(size.width), random.randrange(size.height)
    wide, high = random.randint(1, size.width - x), random.randint(1, min(3, size.height - y))
    return Region(x, y, wide, high)


def _whole_characters(line: list[Cell], first: int, end: int) -> range:
    """These cells, and what else there is of the wide characters that they are parts of."""
    first -= line[first][0] == ""
    return range(first, end + (end < len(line) and line[end][0] == ""))


def _cells(strip: Strip) -> list[Cell]:
    """The character and style of each cell; none in the second of a wide character."""
    return [
        (part, style)
        for text, style, _control in strip
        for character in text
        for part in (character, "")[: cell_len(character)]
    ]


def _painted(pilot: Pilot[None], regions: list[Region]) -> dict[tuple[int, int], Cell]:
    """The cells that are painted where these are to be painted anew, each by its place."""
    compositor: Compositor = pilot.app.screen._compositor
    compositor._dirty_regions.update(regions)
    update = compositor.render_update(screen_stack=pilot.app._background_screens)
    assert isinstance(update, ChopsUpdate)
    cells: dict[tuple[int, int], Cell] = {}
    for y in {y for y, _first, _last in update.spans}:
        for (start, strip), end in zip(update.chops[y].items(), update.chop_ends[y], strict=True):
            assert strip is not None
            assert strip.cell_length == end - start
            for x, cell in enumerate(_cells(strip), start):
                assert (x, y) not in cells
                cells[x, y] = cell
    return cells
