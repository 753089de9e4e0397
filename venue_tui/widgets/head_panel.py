"""The head of a night's screen: where it stands, how far the roll has got, what it costs so far."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from models.values.text import displayable
from venue_tui.widgets.bar import bar
from venue_tui.widgets.lines import STYLES, Line
from venue_tui.widgets.painter import Painter
from venue_tui.widgets.text import fit

_BAR_AT_LEAST = 6


class HeadPanel(Painter, Widget):
    """Three lines: a frame around one of counts with a bar. Each is repainted as it changes."""

    COMPONENT_CLASSES: ClassVar = {"header--frame", *(f"header--{style}" for style in STYLES)}
    DEFAULT_CSS = """
    HeadPanel {
        height: 3; background: $surface; color: $foreground;
        .header--frame { color: $foreground 35%; }
        .header--title { color: $text-primary; text-style: bold; }
        .header--good { color: $text-success; text-style: bold; }
        .header--warning { color: $text-warning; text-style: bold; }
        .header--bad { color: $text-error; text-style: bold; }
        .header--muted { color: $text-muted; }
        .header--strong { text-style: bold; }
        .header--track { color: $foreground 25%; }
    }
    """
    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._above = ("", "")
        self._counts: Line = ()
        self._parts: Sequence[tuple[int, str]] = ()
        self._total = 0
        self._fines = ""
        self._below = ""

    @property
    def text(self) -> str:
        """What it says, line by line, without the bar."""
        counts = "  ".join(text for text, _style in self._counts)
        return "\n".join(("  ".join(self._above), f"{counts}  {self._fines}", self._below))

    def show_phase(self, phase: str, right: str) -> None:
        """Which call it is, and beside it where the night stands by the clock."""
        if (phase, right) != self._above:
            self._above = (phase, right)
            self._repaint(0)

    def show_counts(
        self, counts: Line, parts: Sequence[tuple[int, str]], total: int, fines: str
    ) -> None:
        if (counts, parts, total, fines) != (self._counts, self._parts, self._total, self._fines):
            before = self._counted(self.size.width)
            self._counts, self._parts, self._total, self._fines = counts, parts, total, fines
            # No more than what differs: a mark is to be quick over a slow line, too.
            first, last = _differing(before, self._counted(self.size.width))
            if first < last:
                self.refresh(Region(first, 1, last - first, 1))

    def show_work(self, below: str) -> None:
        """Who runs the night, and what was assigned."""
        if below != self._below:
            self._below = below
            self._repaint(2)

    def _repaint(self, y: int) -> None:
        self.refresh(Region(0, y, self.size.width, 1))

    def _style(self, name: str) -> Style:
        return self.style_of(f"header--{name}" if name else "")

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y == 1:
            return self._counted(width)
        frame = self._style("frame")
        if y == 0:
            left, right = map(displayable, self._above)
            room = width - 6
            right = right if cell_len(left) + cell_len(right) + 3 <= room else ""
            shown = fit(left, min(cell_len(left), room))
            rule = width - 5 - cell_len(shown) - (cell_len(right) + 3 if right else 0)
            segments = [
                Segment("╭ ", frame),
                Segment(f"{shown} ", self._style("title")),
                Segment("─" * rule, frame),
            ]
            if right:
                segments += [Segment(f" {right} ", self._style("strong")), Segment("─", frame)]
            return Strip([*segments, Segment("─╮", frame)]).adjust_cell_length(width, frame)
        below = displayable(self._below)
        shown = fit(below, min(cell_len(below), width - 6))
        return Strip(
            [
                Segment("╰─ ", frame),
                Segment(f"{shown} ", self._style("muted")),
                Segment("─" * (width - 5 - cell_len(shown)) + "╯", frame),
            ]
        ).adjust_cell_length(width, frame)

    def _counted(self, width: int) -> Strip:
        frame, plain = self._style("frame"), self.style_of()
        fines = self._fines
        room = width - 4 - (cell_len(fines) + 2 if fines else 0)
        pieces: list[Segment] = []
        for text, style in self._counts:
            shown = ("  " if pieces else "") + text
            if cell_len(shown) > room:
                break
            pieces.append(Segment(shown, self._style(style)))
            room -= cell_len(shown)
        if self._total and room - 2 >= _BAR_AT_LEAST:
            pieces.append(Segment("  ", plain))
            pieces += [
                Segment(text, self._style(style or "track"))
                for text, style in bar(self._parts, self._total, room - 2)
            ]
        else:
            pieces.append(Segment(" " * room, plain))
        if fines:
            pieces.append(Segment(f"  {fines}", self._style("bad")))
        edges = Segment("│ ", frame), Segment(" │", frame)
        return Strip([edges[0], *pieces, edges[1]]).adjust_cell_length(width, plain)


def _differing(before: Strip, after: Strip) -> tuple[int, int]:
    """The first cell from which two lines say something else, and the one after the last."""
    pairs = zip(_cells(before), _cells(after), strict=False)
    places = [x for x, (old, new) in enumerate(pairs) if old != new]
    return (places[0], places[-1] + 1) if places else (0, 0)


def _cells(strip: Strip) -> list[tuple[str, Style | None]]:
    """The character and style of each cell; before that of a wide character's second a blank."""
    found: list[tuple[str, Style | None]] = []
    for text, style, _control in strip:
        for character in text:
            found.append((character, style))
            found += [(f" {character}", style)] * (cell_len(character) - 1)
    return found
