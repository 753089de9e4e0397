"""Scrollbars that stay in the background: a line where the page is, and nothing beside it."""

from math import ceil

from rich.color import Color
from rich.segment import Segment, Segments
from rich.style import Style
from textual.scrollbar import ScrollBarRender

UPRIGHT, LYING = "┃", "━"


class QuietScrollBar(ScrollBarRender):
    """Draws the part that is seen as a line. What the mouse does on it is what Textual's own
    does."""

    @classmethod
    def render_bar(
        cls,
        size: int = 25,
        virtual_size: float = 50,
        window_size: float = 20,
        position: float = 0,
        thickness: int = 1,
        vertical: bool = True,
        back_color: Color = Color.default(),  # noqa: B008
        bar_color: Color = Color.default(),  # noqa: B008
    ) -> Segments:
        size = int(size)
        first, length = 0, 0
        if window_size and size and virtual_size > window_size:
            length = max(1, min(size, ceil(size * window_size / virtual_size)))
            first = round((size - length) * position / (virtual_size - window_size))
            first = max(0, min(first, size - length))
        thin = thickness if vertical else 1
        seen = Segment(
            (UPRIGHT if vertical else LYING) * thin,
            Style(color=bar_color, bgcolor=back_color, meta={"@mouse.down": "grab"}),
        )
        before, after = (
            Segment(" " * thin, Style(bgcolor=back_color, meta={"@mouse.down": action}))
            for action in ("scroll_up", "scroll_down")
        )
        drawn = [before] * first + [seen] * length + [after] * (size - first - length)
        if vertical:
            return Segments(drawn, new_lines=True)
        return Segments([*drawn, Segment.line()] * thickness, new_lines=False)
