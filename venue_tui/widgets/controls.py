"""What forms are filled in with, besides a line of text."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, TextArea

from models.values.text import displayable
from venue_tui.error_boundary import ErrorBoundary
from venue_tui.widgets.chooser import Choice
from venue_tui.widgets.columns import Column
from venue_tui.widgets.keys import hidden
from venue_tui.widgets.line_list import LineList, Row


class LongText(TextArea):
    """A text of several lines; Enter begins a new one."""

    DEFAULT_CSS = """
    LongText { width: 1fr; border: none; padding: 0; background: $boost; }
    LongText:focus { border: none; background: $primary-muted; }
    """

    def __init__(self, value: str, lines: int, hint: str, *, id: str) -> None:
        super().__init__(value, placeholder=hint, compact=True, id=id)
        self.styles.height = lines

    def on_mount(self) -> None:
        self.move_cursor(self.document.end)

    @property
    def value(self) -> str:
        return self.text

    @value.setter
    def value(self, value: str) -> None:
        self.text = value


class Options(Widget, can_focus=True):
    """A few words on one line, one of them in brackets: arrows, space or a click change it."""

    BINDINGS: ClassVar = hidden({"left": "step(-1)", "right,space": "step(1)"})
    DEFAULT_CSS = """
    Options { height: 1; width: 1fr; background: $boost; }
    Options:focus { background: $primary-muted; }
    Options > .options--chosen { text-style: bold; color: $text-primary; }
    """
    COMPONENT_CLASSES: ClassVar = {"options--chosen"}
    ALLOW_SELECT = False

    class Changed(Message):
        """Another one is chosen."""

    def __init__(self, options: Sequence[tuple[str, str]], value: str = "", *, id: str) -> None:
        super().__init__(id=id)
        self._options = options
        values = [each for each, _label in options]
        self._at = values.index(value) if value in values else 0

    @property
    def value(self) -> str:
        return self._options[self._at][0]

    @value.setter
    def value(self, value: str) -> None:
        self._choose([each for each, _label in self._options].index(value))

    def _choose(self, at: int) -> None:
        if at != self._at:
            self._at = at
            self.refresh()
            self.post_message(self.Changed())

    def action_step(self, by: int) -> None:
        self._choose((self._at + by) % len(self._options))

    def _labels(self) -> list[str]:
        return [
            f"[{label}]" if at == self._at else f" {label} "
            for at, (_value, label) in enumerate(self._options)
        ]

    def _shown(self) -> list[tuple[int, str]]:
        """As many of them as there is room for, the chosen one among them, and a mark (-1) where
        there are more."""
        room, labels = self.size.width, self._labels()
        widths = [cell_len(label) for label in labels]
        first, last = 0, len(labels)
        while sum(widths[first:last]) + (first > 0) + (last < len(labels)) > room and last > 1:
            if last - 1 > self._at:
                last -= 1
            elif first < self._at:
                first += 1
            else:
                break
        shown = list(enumerate(labels))[first:last]
        return [(-1, "‹")] * (first > 0) + shown + [(-1, "›")] * (last < len(labels))

    def render_line(self, y: int) -> Strip:
        chosen = self.get_component_rich_style("options--chosen")
        segments = [
            Segment(label, chosen if at == self._at else self.rich_style)
            for at, label in self._shown()
        ]
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style)

    def on_click(self, event: events.Click) -> None:
        end = 0
        for at, label in self._shown():
            end += cell_len(label)
            if event.x < end:
                self._choose(at if at >= 0 else self._at + (1 if label == "›" else -1))
                return


class Picker(ErrorBoundary, Vertical):
    """A line of text that finds something by name: what matches is listed below while it is
    written, and Enter or Tab takes one. `value` is its key, or the text as it stands."""

    BINDINGS: ClassVar = hidden({"up": "move(-1)", "down": "move(1)", "tab": "take"})
    DEFAULT_CSS = """
    Picker { height: auto; width: 1fr; }
    Picker > Input { background: $boost; width: 1fr; }
    Picker > Input:focus { background: $primary-muted; }
    Picker > LineList { height: auto; max-height: 6; display: none; background: $panel; }
    Picker.-open > LineList { display: block; }
    """
    MOST = 50
    """How many matches are listed; whoever wants others types on."""

    class Changed(Message):
        """Another one is chosen, or the text is another."""

    class Taken(Message):
        """One was taken: the form goes on."""

    def __init__(
        self,
        search: Callable[[str], Iterable[Choice]],
        value: str = "",
        label: str = "",
        *,
        hint: str = "",
        id: str,
    ) -> None:
        super().__init__(id=id)
        self._search = search
        self._key: str | None = value or None
        self._taken = label or value
        self._hint = hint

    def compose(self) -> ComposeResult:
        yield Input(self._taken, placeholder=self._hint, compact=True)
        matches = LineList(Column("", 12, share=1), Column("", 12, share=1), titles=False)
        matches.can_focus = False
        yield matches

    @property
    def label(self) -> str:
        """What the line shows."""
        return self.query_one(Input).value

    @property
    def value(self) -> str:
        text = self.label
        return self._key if self._key is not None and text == self._taken else text.strip()

    def focus(self, scroll_visible: bool = True) -> "Picker":
        self.query_one(Input).focus(scroll_visible)
        return self

    def take(self, key: str, label: str) -> None:
        """Chooses the one with that key."""
        self._key, self._taken = key, label
        self.query_one(Input).value = label
        self.query_one(Input).cursor_position = len(label)
        self.remove_class("-open")
        self.post_message(self.Changed())

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value == self._taken:
            return
        self._key = None
        found = list(islice(self._search(event.value.strip()), self.MOST))
        matches = self.query_one(LineList)
        matches.set_rows(Row(each.key, (each.title, each.note)) for each in found)
        matches.action_first()
        self.set_class(bool(found) and bool(event.value.strip()), "-open")
        self.post_message(self.Changed())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if self.has_class("-open"):
            event.stop()
            self.action_take()

    def on_line_list_highlighted(self, event: LineList.Highlighted) -> None:
        event.stop()

    def on_click(self, event: events.Click) -> None:
        if self.has_class("-open") and isinstance(event.widget, LineList):
            self.action_take()

    def on_descendant_blur(self) -> None:
        self.remove_class("-open")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # With nothing listed, Tab and the arrows are the form's.
        return action not in ("move", "take") or self.has_class("-open")

    def action_move(self, by: int) -> None:
        self.query_one(LineList).action_move(by)

    def action_take(self) -> None:
        self._take_selected()
        self.post_message(self.Taken())

    def take_only_match(self) -> None:
        """Chooses the one that is listed, where it is the only one."""
        if self.has_class("-open") and len(self.query_one(LineList).rows) == 1:
            self._take_selected()

    def _take_selected(self) -> None:
        matches = self.query_one(LineList)
        if (key := matches.cursor_key) is not None:
            title, note = matches.row(key).cells
            self.take(key, f"{displayable(title)}  {displayable(note)}".rstrip())
