"""Chinese rows under what opens and closes over them: every character is whole again afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pyte
import pytest
from rich.cells import cell_len
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot

from models.access.session import Session
from models.storage.database import close_database
from venue_tui.app import VenueApp
from venue_tui.demo import make_demo
from venue_tui.locale import set_language

SIZE = (80, 24)


class Terminal(pyte.Screen):  # type: ignore[misc]
    """A terminal as they are: a half of a wide character can't be written over without the other
    half going, too."""

    def draw(self, data: str) -> None:
        for character in data:
            row, x = self.buffer[self.cursor.y], self.cursor.x
            if x < self.columns:
                width = cell_len(character)
                if x > 0 and cell_len(row[x - 1].data) == 2:
                    row[x - 1] = row[x - 1]._replace(data=" ")
                last = x + width - 1
                if last + 1 < self.columns and cell_len(row[last].data) == 2:
                    row[last + 1] = row[last + 1]._replace(data=" ")
            super().draw(character)

    def rows(self) -> list[str]:
        return ["".join(self.buffer[y][x].data for x in range(self.columns))
                for y in range(self.lines)]  # fmt: skip


class Attached(HeadlessDriver):
    """A driver whose terminal is the one given to `feed`."""

    feed: pyte.Stream

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        self.feed.feed(data)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Session]:
    yield make_demo(tmp_path)
    close_database()
    set_language("en")


def drawn(app: VenueApp) -> list[str]:
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]


async def settled(pilot: Pilot[None]) -> None:
    await pilot.app.workers.wait_for_complete()
    await pilot.pause(0.1)


@pytest.mark.parametrize("name", ["leave", "outings", "bookings", "staff", "deductions"])
async def test_what_lay_under_a_dialog_is_whole_again(demo: Session, name: str) -> None:
    app = VenueApp(demo, language="zh-Hans", first=name)
    terminal = Terminal(*SIZE)
    async with app.run_test(size=SIZE) as pilot:
        driver = app._driver
        assert isinstance(driver, HeadlessDriver)
        driver.__class__ = Attached
        driver.feed = pyte.Stream(terminal)  # type: ignore[attr-defined]
        app.screen.refresh(layout=True)
        await settled(pilot)
        for keys in (("ctrl+p", *"zh", "escape"), ("question_mark", "escape"), ("n", "escape"),
                     ("slash", "z", "escape"), ("j", "x", "escape"), ("j", "k")):  # fmt: skip
            for key in keys:
                await pilot.press(key)
                app._tick()
                await settled(pilot)
            shown, wanted = terminal.rows(), drawn(app)
            assert shown == [row.rstrip("\n") for row in wanted], keys
