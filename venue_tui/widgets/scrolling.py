"""Scrolling to a line of a board or list."""

from textual.widget import Widget


def scroll_at_once(widget: Widget, y: float) -> None:
    """Puts line `y` on top, as far as there are lines below it. Also where more lines have just
    been set than fit: Textual allows no scrolling before the bar for it has been laid out."""
    widget.scroll_to(y=y, animate=False, immediate=True, force=True)
