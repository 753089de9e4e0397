"""Each screen at each width, dark and light, in lines and in plain characters."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widget import Widget

from models.access.session import Session
from models.storage.database import close_database
from venue_tui.actions import SCREENS
from venue_tui.app import VenueApp
from venue_tui.demo import make_demo
from venue_tui.glyphs import ambiguous, plain
from venue_tui.locale import set_language
from venue_tui.widgets.line_list import LineList
from venue_tui.widgets.status import StatusLine

WIDTHS = (40, 60, 80, 120, 160)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Session]:
    yield make_demo(tmp_path)
    close_database()
    set_language("en")


def drawn(screen: Widget) -> list[str]:
    """The rows of the screen as they are drawn."""
    strips = screen.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]


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
            rows = drawn(screen)
            assert len(rows) == 30
            # In plain characters nothing is left whose width a terminal may take for two.
            assert ambiguous("".join(map(plain, rows))) == set()
