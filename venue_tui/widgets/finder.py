"""The row in which `/` looks for somebody."""

from typing import ClassVar

from textual import events
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from venue_tui.locale import _
from venue_tui.widgets.keys import hidden


class Finder(Input):
    """Out of sight until `/`; posts `Changed` with what to look for, at each key.

    Enter or an arrow goes back to the list and keeps what was found; Esc shows everybody again.
    """

    BINDINGS: ClassVar = hidden(
        {"escape": "clear", "up": "back", "down": "back", "enter": "back", "tab": "back"}
    )
    DEFAULT_CSS = """
    Finder { display: none; height: 1; border: none; padding: 0 1; background: $boost; }
    Finder:focus { border: none; }
    """

    class Sought(Message):
        """What to look for; empty for everything."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, id: str | None = None) -> None:
        super().__init__(
            placeholder=_("Find: name, number or pinyin initials"), id=id, compact=True
        )
        self._back_to: Widget | None = None

    @property
    def sought(self) -> str:
        """What is looked for now."""
        return self.value.strip()

    def open(self) -> None:
        self._back_to = self.screen.focused
        # At once, and not with the next styles: the letters may come in one burst with the key.
        self.display = True
        self.screen.set_focus(self)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Sought(self.sought))

    def on_blur(self, _event: events.Blur) -> None:
        self.display = bool(self.sought)

    def action_clear(self) -> None:
        self.value = ""
        self.action_back()

    def action_back(self) -> None:
        if self._back_to is not None and self._back_to.is_attached:
            self.screen.set_focus(self._back_to)
        else:
            self.screen.focus_next()
