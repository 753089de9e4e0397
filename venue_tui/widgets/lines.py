"""A panel of lines to read: each change repaints the lines that say something else by now."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from models.values.text import displayable
from venue_tui.widgets.painter import Painter
from venue_tui.widgets.text import fit, line_breaks

Line = tuple[tuple[str, str], ...]
"""Pieces of text, each with its style: one of `STYLES`, or "" for plain."""

STYLES = ("title", "good", "warning", "bad", "muted", "strong", "track")


def line(text: str, style: str = "") -> Line:
    """A line in one style."""
    return ((text, style),)


class Lines(Painter, ScrollView):
    """Lines of text that can't be picked; longer ones are cropped, more of them scroll.

    With `takes_focus` the arrows scroll it, once Tab has come to it; with `wraps` a long line goes
    on in the next: its last piece below its own beginning, where what stands before it leaves room.
    """

    COMPONENT_CLASSES: ClassVar = {f"lines--{style}" for style in STYLES}
    DEFAULT_CSS = """
    Lines {
        height: 1fr; background: $surface; color: $foreground; scrollbar-size: 1 1;
        scrollbar-background: $surface; scrollbar-background-hover: $surface;
        scrollbar-color: $foreground 35%; scrollbar-corner-color: $surface;
        overflow-x: hidden;
        .lines--title { color: $text-primary; text-style: bold; }
        .lines--good { color: $text-success; }
        .lines--warning { color: $text-warning; }
        .lines--bad { color: $text-error; }
        .lines--muted { color: $text-muted; }
        .lines--strong { text-style: bold; }
        .lines--track { color: $foreground 25%; }
    }
    Lines:focus { background: $boost; }
    """
    ALLOW_SELECT = False

    def __init__(
        self,
        lines: Iterable[Line] = (),
        *,
        takes_focus: bool = False,
        wraps: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.can_focus = takes_focus
        self.wraps = wraps
        self._given: list[Line] = list(lines)
        self._lines = self._given

    @property
    def text(self) -> str:
        """What the panel says, line by line."""
        return "\n".join("".join(text for text, _style in each) for each in self._given)

    def set_lines(self, lines: Iterable[Line]) -> None:
        """Shows these lines from now on, from where it was scrolled to."""
        self._given = list(lines)
        self._show()

    def _show(self) -> None:
        old, new = self._lines, self._wrapped() if self.wraps else self._given
        self._lines = new
        self._fit_virtual_size()
        if len(old) != len(new) and self.styles.auto_dimensions:
            self.refresh(layout=True)
            return
        top = round(self.scroll_y)
        for y in range(self.size.height):
            at = top + y
            if (was := _at(old, at)) != (now := _at(new, at)):
                # No further than either of them reaches: it is quick over a slow line, too.
                reaches = self.gutter.left + max(_length(was), _length(now))
                self.refresh(Region(0, y, min(reaches, self.size.width), 1))

    def on_mount(self) -> None:
        self._fit_virtual_size()

    def on_resize(self) -> None:
        self._show()

    def _wrapped(self) -> list[Line]:
        room = self.content_region.size
        if room.width <= 0:
            return self._given
        wrapped = self._wrapped_in(room.width)
        if len(wrapped) > room.height and not self.styles.auto_dimensions:
            return self._wrapped_in(room.width - 1)  # a scrollbar comes to stand beside them
        return wrapped

    def _wrapped_in(self, width: int) -> list[Line]:
        wrapped: list[Line] = []
        for each in self._given:
            text, style = each[-1] if each else ("", "")
            before = _length(each[:-1])
            if text and before <= width // 2:
                shown = displayable(text)
                starts = [0, *line_breaks(shown, width - before), len(shown)]
                parts = [shown[start:end].rstrip() for start, end in pairwise(starts)]
                wrapped.append((*each[:-1], (parts[0], style)))
                wrapped += [line(" " * before + part, style) for part in parts[1:]]
            elif before + cell_len(displayable(text)) > width:
                wrapped += _broken(each, width)
            else:
                wrapped.append(each)
        return wrapped

    def _fit_virtual_size(self) -> None:
        # What fits without scrolling is one size, or every line more would repaint the panel.
        self.virtual_size = Size(0, max(len(self._lines), self.size.height))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines)

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        pieces = _at(self._lines, y + round(self.scroll_y))
        segments: list[Segment] = []
        room = width
        for text, name in pieces:
            style = self.style_of(f"lines--{name}" if name else "")
            shown = displayable(text)
            if cell_len(shown) > room:
                shown = fit(shown, room)
            segments.append(Segment(shown, style))
            room -= cell_len(shown)
            if room <= 0:
                break
        return Strip(segments).adjust_cell_length(width, self.style_of())


def _broken(given: Line, width: int) -> Iterator[Line]:
    """The lines that one makes in so many cells, each piece in its own style."""
    pieces = [(displayable(piece), style) for piece, style in given]
    whole = "".join(piece for piece, _style in pieces)
    for start, end in pairwise([0, *line_breaks(whole, width), len(whole)]):
        end = start + len(whole[start:end].rstrip())  # blanks beyond the edge are no text cut off
        at, found = 0, []
        for piece, style in pieces:
            found.append((piece[max(0, start - at) : max(0, end - at)], style))
            at += len(piece)
        yield tuple((piece, style) for piece, style in found if piece)


def _length(given: Line) -> int:
    return sum(cell_len(displayable(piece)) for piece, _style in given)


def _at(lines: list[Line], at: int) -> Line:
    return lines[at] if at < len(lines) else ()
