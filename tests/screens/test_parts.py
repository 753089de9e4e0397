"""What a change paints: parts of lines, as they stand in the whole screen, and nothing beside."""

from random import Random

import pytest
from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region, Size
from textual.strip import Strip

from models.access.session import Session
from tests.screens.pilot import settled
from venue_tui.actions import SCREENS
from venue_tui.app import VenueApp


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
            compositor = app.screen._compositor
            whole = compositor.render_strips()
            for _ in range(20):
                regions = [_somewhere(random, Size(*size)) for _ in range(random.randint(1, 4))]
                assert _painted(compositor, regions) == {
                    (x, y): whole[y].crop(x, x + 1).simplify()
                    for region in regions
                    for x in range(region.x, region.right)
                    for y in range(region.y, region.bottom)
                }, each.name
            assert compositor.render_partial_update() is None


def _somewhere(random: Random, size: Size) -> Region:
    x, y = random.randrange(size.width), random.randrange(size.height)
    wide, high = random.randint(1, size.width - x), random.randint(1, min(3, size.height - y))
    return Region(x, y, wide, high)


def _painted(compositor: Compositor, regions: list[Region]) -> dict[tuple[int, int], Strip]:
    """The cells that are painted where these are to be painted anew, each by its place."""
    compositor._dirty_regions.update(regions)
    update = compositor.render_partial_update()
    assert isinstance(update, ChopsUpdate)
    cells: dict[tuple[int, int], Strip] = {}
    for y in {y for y, _first, _last in update.spans}:
        for (start, strip), end in zip(update.chops[y].items(), update.chop_ends[y], strict=True):
            assert strip is not None
            assert strip.cell_length == end - start
            for x in range(start, end):
                assert (x, y) not in cells
                cells[x, y] = strip.crop(x - start, x - start + 1).simplify()
    return cells
