"""A month as columns of eighth blocks, one for each of its nights."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import ClassVar

from rich.segment import Segment
from rich.text import Text
from textual.strip import Strip
from textual.widget import Widget

from models.values.nights import Month, first_night, last_night
from venue_tui.locale import _
from venue_tui.widgets.painter import Painter
from venue_tui.widgets.text import fit

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_WIDEST, _DAY = 5, 2
"""The most cells of a column with the blank after it, and those of a day's number."""


class NightChart(Painter, Widget):
    """How the nights of a month compare, where there is room below a list; the night that is shown
    stands out. `read` is called when it comes to be seen: whoever owns it then has it `show`."""

    COMPONENT_CLASSES: ClassVar = {"night-chart--bar", "night-chart--here", "night-chart--day"}
    DEFAULT_CSS = """
    NightChart {
        display: none; height: 25%; min-height: 9; padding: 0 1;
        background: $surface; color: $foreground;
        border: round $foreground 25%; border-title-color: $text-primary;
        .night-chart--bar { color: $text-primary; }
        .night-chart--here { color: $text-accent; text-style: bold; }
        .night-chart--day { color: $text-muted; }
    }
    NightChart.-loss .night-chart--bar { color: $text-error; }
    """
    ALLOW_SELECT = False

    def __init__(self, read: Callable[[], None], *, id: str, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._read = read
        self._nights: list[date] = []
        self._numbers: Mapping[date, int] = {}
        self._here: date | None = None

    def on_show(self) -> None:
        self._read()

    def show(
        self,
        title: str,
        month: Month,
        numbers: Mapping[date, int],
        shown: Callable[[int], str],
        here: date | None = None,
    ) -> None:
        """Draws the numbers of the month's nights, `here` among them lit up. `shown` writes one for
        the title, which names the largest."""
        first, last = first_night(month), last_night(month)
        self._nights = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        self._numbers, self._here = numbers, here
        if numbers:
            night = max(numbers, key=lambda each: numbers[each])
            words = {"what": title, "n": shown(numbers[night]), "night": f"{night:%m-%d}"}
            title = _("%(what)s · most %(n)s on %(night)s") % words
        self.border_title = Text(title)
        self.refresh()

    def light(self, here: date | None) -> None:
        """Lights another night up."""
        if here != self._here:
            self._here = here
            self.refresh()

    def render_line(self, y: int) -> Strip:
        width, height = self.size
        shown = self._nights[-width:] if width else []
        if not shown:
            return Strip.blank(width, self.style_of())
        step = min(_WIDEST, width // len(shown))
        if y == height - 1:
            return self._days(shown, step).adjust_cell_length(width, self.style_of())
        below = 8 * (height - 2 - y)
        largest = max(self._numbers.values(), default=0)
        segments = []
        for night in shown:
            number = self._numbers.get(night, 0)
            # Whatever is more than nothing is to be seen.
            eighths = max(1, 8 * (height - 1) * number // largest) if number > 0 else 0
            filled = min(8, max(0, eighths - below))
            bar = _EIGHTHS[filled] * max(1, step - 1)
            style = self.style_of(f"night-chart--{'here' if night == self._here else 'bar'}")
            segments.append(Segment(fit(bar, step), style))
        return Strip(segments).adjust_cell_length(width, self.style_of())

    def _days(self, shown: Sequence[date], step: int) -> Strip:
        """The days below their columns: where columns are narrow, each fifth alone."""
        muted = self.style_of("night-chart--day")
        if step > _DAY:
            here = self.style_of("night-chart--here")
            return Strip(
                Segment(fit(str(night.day), step), here if night == self._here else muted)
                for night in shown
            )
        said = ""
        for at, night in enumerate(shown):
            if night.day % 5 == 1 and night.day < 31:
                said = said.ljust(at * step) + str(night.day)
        return Strip([Segment(said, muted)])
