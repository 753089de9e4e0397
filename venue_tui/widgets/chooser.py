"""One of many, found by typing: the command palette, and whatever else is picked from a list."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.fuzzy import Matcher
from textual.screen import ModalScreen
from textual.widgets import Input

from models.values import pinyin
from venue_tui.locale import _
from venue_tui.widgets.columns import Column
from venue_tui.widgets.keys import hidden
from venue_tui.widgets.line_list import LineList, Row

_MOST_MORE = 20


class Choice(NamedTuple):
    """`also` holds other words by which it is found: pinyin initials, a number. A `mark` stands in
    a column of its own."""

    key: str
    title: str
    note: str = ""
    also: str = ""
    mark: str = ""


class Chooser(ModalScreen[str | None]):
    """Dismissed with the chosen key, or None. `on_highlight` hears of each key passed over; `more`
    finds others by what is typed, which are listed after the `choices`."""

    BINDINGS: ClassVar = hidden(
        {
            "escape,ctrl+g": "leave",
            "enter": "take",
            "up": "move(-1)",
            "down": "move(1)",
            "pageup": "page(-1)",
            "pagedown": "page(1)",
        }
    )
    DEFAULT_CSS = """
    Chooser { align: center top; }
    Chooser > Vertical {
        width: 76; max-width: 96%; height: auto; max-height: 90%; margin-top: 2;
        border: round $primary; background: $surface;
    }
    Chooser Input { border: none; height: 1; padding: 0 1; }
    Chooser LineList { height: auto; max-height: 16; }
    """

    def __init__(
        self,
        prompt: str,
        choices: Sequence[Choice],
        *,
        start: str | None = None,
        on_highlight: Callable[[str], None] | None = None,
        more: Callable[[str], Iterable[Choice]] | None = None,
    ) -> None:
        super().__init__()
        self._more = more
        self._prompt = prompt
        self._choices = choices
        self._start = start
        self._on_highlight = on_highlight
        self._known_as: list[str] | None = None
        """Other words for each of the choices; made when something is first looked for."""

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Input(placeholder=self._prompt, compact=True)
            widest = max((cell_len(each.title) for each in self._choices), default=0)
            columns = [Column("", min(max(widest, 8), 40)), Column("", 10, 1, tinted=True)]
            if any(each.mark for each in self._choices):
                columns.insert(1, Column("", 8))
            yield LineList(*columns, titles=False)

    def on_mount(self) -> None:
        self._show("")
        if self._start is not None:
            self.query_one(LineList).move_to(self._start)

    def on_input_changed(self, event: Input.Changed) -> None:
        self._show(event.value.strip())

    def _show(self, sought: str) -> None:
        choices = self._choices
        if sought:
            matcher = Matcher(sought)
            if self._known_as is None:
                self._known_as = [_also(each) for each in choices]
            scored = [
                (max(matcher.match(each.title), matcher.match(self._known_as[at])), at)
                for at, each in enumerate(choices)
            ]
            best = sorted((-score, at) for score, at in scored if score > 0)
            choices = [choices[at] for _score, at in best]
            if self._more is not None:
                found = list(islice(self._more(sought), _MOST_MORE))
                # Whoever types a name or initials means the person, not letters within a command.
                choices = [*found, *choices] if _means_one(sought, found) else [*choices, *found]
        line_list = self.query_one(LineList)
        marked = len(line_list.columns) == 3
        rows = [
            Row(each.key, (each.title, *([each.mark] if marked else []), each.note), "muted")
            for each in choices
        ]
        line_list.set_rows(rows or [Row("", (_("Nothing is called that"),), group=True)])
        line_list.action_first()

    def on_line_list_highlighted(self, event: LineList.Highlighted) -> None:
        if event.key and self._on_highlight is not None:
            self._on_highlight(event.key)

    def on_line_list_selected(self, event: LineList.Selected) -> None:
        self.dismiss(event.key)

    def on_input_submitted(self) -> None:
        self.action_take()

    def action_take(self) -> None:
        if key := self.query_one(LineList).cursor_key:
            self.dismiss(key)

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_move(self, by: int) -> None:
        self.query_one(LineList).action_move(by)

    def action_page(self, by: int) -> None:
        self.query_one(LineList).action_page(by)


def _also(choice: Choice) -> str:
    """The words beside its title by which it is found: the pinyin initials of a Chinese one, too,
    so that nobody has to turn an input method on for it."""
    if choice.title.isascii():
        return choice.also
    return " ".join((choice.also, *pinyin.initials(choice.title)))


def _means_one(sought: str, found: Sequence[Choice]) -> bool:
    """Whether what is sought is the name, the number or the initials of one that was found."""
    wanted = sought.casefold()
    return any(wanted in (each.title.casefold(), *each.also.casefold().split()) for each in found)
