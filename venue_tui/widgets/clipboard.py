"""Copying what is selected, and saying so."""

from textual.widget import Widget

from models.values.text import displayable
from venue_tui.locale import _


def copy(widget: Widget, cells: list[str]) -> None:
    """Puts the cells of a row on the clipboard, and says so. In a browser it is the page that
    copies, and says whether it could."""
    shown = [displayable(each) for each in cells]
    widget.app.copy_to_clipboard("\t".join(shown))
    if not widget.app.is_web:
        widget.notify(_("Copied: %s") % "  ".join(shown), markup=False)
