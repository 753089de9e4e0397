"""The page behind `?`: what the screen is for, and what each key does here."""

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from venue_tui.actions import PLACES, key_rows
from venue_tui.locale import _
from venue_tui.program import program
from venue_tui.widgets.keys import hidden
from venue_tui.widgets.text import fit


class HelpScreen(ModalScreen[None]):
    """Help on one screen; any of the usual keys closes it."""

    BINDINGS: ClassVar = hidden(
        {
            "escape,ctrl+g,q,enter,question_mark": "dismiss",
            "up,k": "scroll(-1)",
            "down,j": "scroll(1)",
            "pageup": "scroll(-10)",
            "pagedown,space": "scroll(10)",
        }
    )
    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > Vertical {
        width: 78; max-width: 100%; height: 90%; border: round $primary; background: $surface;
        padding: 0 1;
    }
    """

    def __init__(self, where: str, about: str) -> None:
        super().__init__()
        self._where = where
        self._about = about

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            screen = next(each for each in PLACES if each.name == self._where)
            box.border_title = _(screen.title)
            box.border_subtitle = _("Esc closes")
            with VerticalScroll():
                yield Static(self._text(), markup=False)

    def _text(self) -> Text:
        text = Text(f"{_(self._about)}\n" if self._about else "")
        keymap = program(self).keys_by_id()
        headings = {
            self._where: _("Keys of this screen"),
            "screen": _("Keys of every screen"),
            "list": _("Keys in a list (and the arrows, page up and down, home and end)"),
            "form": _("Keys in a form"),
            "app": _("Keys everywhere"),
            "go": _("Screens"),
        }
        for where, heading in headings.items():
            rows = list(key_rows(where, keymap))
            if not rows:
                continue
            text.append(f"\n{heading}\n", "bold")
            for key, title, description, _id in rows:
                text.append(f"  {fit(key or '-', 7)} ", "bold")
                text.append(f"{fit(title, 14)} {description}\n")
        return text

    def action_scroll(self, by: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)
