"""The manual inside the program: a topic is chosen, and its page is read."""

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Markdown

from venue_tui.locale import _
from venue_tui.manual import TOPICS, page
from venue_tui.widgets.chooser import Choice, Chooser
from venue_tui.widgets.keys import hidden


def open_manual(app: App[None], keymap: dict[str, str]) -> None:
    """Lets a topic be chosen and shows its page; closing it comes back to the topics."""

    def show(topic: str | None) -> None:
        if topic is not None:
            app.push_screen(ManualScreen(topic, keymap), lambda _nothing: choose(topic))

    def choose(start: str | None = None) -> None:
        choices = [Choice(name, _(title), name) for name, title in TOPICS.items()]
        app.push_screen(Chooser(_("The manual"), choices, start=start), show)

    choose()


class ManualScreen(ModalScreen[None]):
    """One page of the manual; any of the usual keys closes it."""

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
    ManualScreen { align: center middle; }
    ManualScreen > Vertical {
        width: 96; max-width: 100%; height: 100%; border: round $primary; background: $surface;
        padding: 0 1;
    }
    """

    def __init__(self, topic: str, keymap: dict[str, str]) -> None:
        super().__init__()
        self._topic = topic
        self._keys_by_id = keymap

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = _(TOPICS[self._topic])
            box.border_subtitle = _("Esc closes")
            with VerticalScroll():
                yield Markdown(page(self._topic, self._keys_by_id), open_links=False)

    def action_scroll(self, by: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)
