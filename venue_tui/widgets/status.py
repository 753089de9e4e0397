"""The line above the keys: what was just done, and how to take it back."""

from typing import ClassVar

from rich.segment import Segment
from rich.text import Text
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from models.values.text import displayable
from venue_tui.actions import key_name
from venue_tui.locale import _
from venue_tui.messages import Said
from venue_tui.program import program
from venue_tui.textual_internals import LateStyled
from venue_tui.widgets.text import fit


class StatusLine(LateStyled, Widget):
    """The last sentence of its screen, on as many lines as it needs, three at most. What is wrong
    goes away at the next key; what was done, when something else is done."""

    DEFAULT_CSS = """
    StatusLine {
        height: auto; min-height: 1; max-height: 3; padding: 0 1;
        background: $surface; color: $foreground;
    }
    StatusLine > .status--warning { color: $text-warning; text-style: bold; }
    StatusLine > .status--error { color: $text-error; text-style: bold; }
    StatusLine > .status--undo { color: $text-muted; }
    """
    COMPONENT_CLASSES: ClassVar = {"status--warning", "status--error", "status--undo"}
    ALLOW_SELECT = False
    MOST_LINES = 3

    def __init__(self) -> None:
        super().__init__()
        self._said: Said | None = None

    def on_mount(self) -> None:
        self.show(program(self).said_on(self.app.current_mode))

    @property
    def text(self) -> str:
        """What the line says, without how to take it back; blank for nothing."""
        return self._said.message if self._said is not None else ""

    def show(self, said: Said | None) -> None:
        """Says that from now on."""
        if said == self._said:
            return
        before = self._height(self.content_size.width)
        self._said = said
        self.refresh(layout=self._height(self.content_size.width) != before)

    def _lines(self, width: int) -> list[tuple[str, str]]:
        """The text of each line and the hint after it."""
        if self._said is None or width <= 0:
            return []
        plain = displayable(" · ".join(filter(None, self._said.message.split("\n"))))
        hint = ""
        if self._said.undoable:
            keys = program(self).keys_by_id()
            hint = " · " + key_name(keys["screen.undo"]) + " " + _("undo")
        wrapped = Text(plain + hint).wrap(self.app.console, width)
        lines = [each.plain for each in wrapped]
        if len(lines) > self.MOST_LINES:
            rest = " ".join(lines[self.MOST_LINES - 1 :])
            lines = [*lines[: self.MOST_LINES - 1], fit(rest, width)]
        if hint and lines[-1].endswith(hint.strip()):
            cut = len(lines[-1]) - len(hint.strip())
            return [*((each, "") for each in lines[:-1]), (lines[-1][:cut], lines[-1][cut:])]
        return [(each, "") for each in lines]

    def _height(self, width: int) -> int:
        return max(1, len(self._lines(width)))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return self._height(width)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        lines = self._lines(width)
        plain = self.rich_style
        if y >= len(lines):
            return Strip.blank(width, plain)
        style = plain
        if self._said is not None and self._said.severity != "information":
            style = self.get_component_rich_style(f"status--{self._said.severity}")
        text, hint = lines[y]
        segments = [Segment(text, style)]
        if hint:
            segments.append(Segment(hint, self.get_component_rich_style("status--undo")))
        return Strip(segments).adjust_cell_length(width, plain)
