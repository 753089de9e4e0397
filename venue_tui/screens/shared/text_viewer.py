"""A text to read as a whole, where the screen has room for its beginning only."""

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from models.values.text import displayable
from venue_tui.locale import _
from venue_tui.widgets.keys import hidden


class ReadScreen(ModalScreen[None]):
    """Shows lines of text that may hold what people wrote; any of the usual keys closes it."""

    BINDINGS: ClassVar = hidden(
        {
            "escape,ctrl+g,q,enter": "dismiss",
            "up,k": "scroll(-1)",
            "down,j": "scroll(1)",
            "pageup": "scroll(-10)",
            "pagedown,space": "scroll(10)",
        }
    )
    DEFAULT_CSS = """
    ReadScreen { align: center middle; }
    ReadScreen > Vertical {
        width: 76; max-width: 100%; height: auto; max-height: 90%; border: round $primary;
        background: $surface; padding: 0 1;
    }
    ReadScreen VerticalScroll { height: auto; max-height: 100%; }
    """

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = title
        self.text = text

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = Text(displayable(self._title))
            box.border_subtitle = _("Esc closes")
            with VerticalScroll():
                lines = map(displayable, self.text.split("\n"))
                yield Static(Text("\n".join(lines)), markup=False)

    def action_scroll(self, by: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)
