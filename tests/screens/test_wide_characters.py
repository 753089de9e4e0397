"""Chinese rows under what opens and closes over them: every character is whole again afterwards."""

import pyte
import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual.drivers.headless_driver import HeadlessDriver
from textual.strip import Strip

from models.access.session import Session
from tests.screens.pilot import drawn, settled
from venue_tui.app import VenueApp
from venue_tui.colour_changes import fewer_bytes
from venue_tui.widgets.head_panel import _differing

SIZE = (80, 24)
WIDE = (120, 36)


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
        self.feed.feed(fewer_bytes(data))


async def _try(demo: Session, name: str, size: tuple[int, int], *bursts: tuple[str, ...]) -> None:
    """Presses keys on that screen: after each burst the terminal shows what is drawn."""
    app = VenueApp(demo, language="zh-Hans", first=name)
    terminal = Terminal(*size)
    async with app.run_test(size=size) as pilot:
        driver = app._driver
        assert isinstance(driver, HeadlessDriver)
        driver.__class__ = Attached
        driver.feed = pyte.Stream(terminal)  # type: ignore[attr-defined]
        app.screen.refresh(layout=True)
        await settled(pilot)
        for keys in bursts:
            for key in keys:
                await pilot.press(key)
                app._tick()
                await settled(pilot)
            shown, wanted = terminal.rows(), drawn(pilot)
            assert shown == [row.rstrip("\n") for row in wanted], keys


@pytest.mark.parametrize("name", ["leave", "outings", "bookings", "staff", "deductions"])
async def test_what_lay_under_a_dialog_is_whole_again(demo: Session, name: str) -> None:
    await _try(
        demo, name, SIZE, ("ctrl+p", *"zh", "escape"), ("question_mark", "escape"),
        ("n", "escape"), ("slash", "z", "escape"), ("j", "x", "escape"), ("j", "k"),
    )  # fmt: skip


@pytest.mark.parametrize("name", ["leave", "staff", "deductions", "incidents", "rules", "audit"])
async def test_nothing_remains_of_what_was_told_beside(demo: Session, name: str) -> None:
    await _try(demo, name, WIDE, *[("j",)] * 6)


async def test_marks_are_whole_on_the_roll(demo: Session) -> None:
    await _try(
        demo, "roll", WIDE, ("space",), ("space", "space", "j"), ("up", "l"), ("m", "escape"),
        ("u", "u"), ("x",), ("f",), ("space",),
    )  # fmt: skip


def test_what_differs_between_two_lines_ends_with_a_whole_character() -> None:
    def of(text: str) -> Strip:
        return Strip([Segment(text)])

    assert _differing(of("甲 7"), of("乙 7")) == (0, 2)
    assert _differing(of("7 甲乙"), of("7 丙乙")) == (2, 4)
    assert _differing(of("甲a"), of("a甲")) == (0, 3)
    assert _differing(of("甲"), of("甲")) == (0, 0)
