"""Each screen at each width, dark and light, in lines and in plain characters."""

import pytest

from models.access.session import Session
from tests.screens.pilot import drawn
from venue_tui.actions import SCREENS
from venue_tui.app import VenueApp
from venue_tui.glyphs import ambiguous, plain
from venue_tui.widgets.line_list import LineList
from venue_tui.widgets.status import StatusLine

WIDTHS = (40, 60, 80, 120, 160)


@pytest.mark.parametrize("name", [each.name for each in SCREENS])
async def test_at_each_width(demo: Session, name: str) -> None:
    app = VenueApp(demo, language="zh-Hans", first=name)
    async with app.run_test(size=(WIDTHS[0], 30)) as pilot:
        for width in WIDTHS:
            await pilot.resize_terminal(width, 30)
            await app.workers.wait_for_complete()
            await pilot.pause()
            screen = app.screen
            status = screen.query_one(StatusLine)
            assert screen.region.contains_region(status.region)
            lists = [each for each in screen.query(LineList) if each.display and each.region]
            assert all(screen.region.contains_region(each.region) for each in lists)
            for line_list in lists:
                for row in range(line_list.size.height):
                    assert (
                        line_list.render_line(row).cell_length
                        == line_list.scrollable_content_region.width
                    )
            rows = drawn(pilot)
            assert len(rows) == 30
            for each in screen.walk_children():
                each.refresh()
            await pilot.pause()
            assert drawn(pilot) == rows  # nothing is left of the width before
            # In plain characters nothing is left whose width a terminal may take for two.
            assert ambiguous("".join(map(plain, rows))) == set()
