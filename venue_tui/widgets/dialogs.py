"""Short questions: sure or not, and how far a long piece of work has got."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Generic, TypeVar, cast

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from models.values.text import displayable
from venue_tui.locale import _
from venue_tui.widgets.bar import bar
from venue_tui.widgets.keys import hidden

T = TypeVar("T")

_BOX = """
    %(name)s { align: center middle; }
    %(name)s > Vertical {
        width: 72; max-width: 96%%; height: auto; max-height: 96%%;
        border: round $primary; background: $surface; padding: 0 1;
    }
    %(name)s VerticalScroll { height: auto; max-height: 14; margin: 1 0; }
    %(name)s Horizontal { height: 1; align-horizontal: right; }
    %(name)s Button { margin-left: 2; min-width: 10; }
"""


def shown(line: str) -> Static:
    """A line of text that may hold what people wrote: never markup, nothing a terminal obeys."""
    return Static(Text(displayable(line)), markup=False)


class Confirm(ModalScreen[bool]):
    """Shows some lines and asks once: y or Enter is yes; n or Esc is no. Of what can never be taken
    back (`for_good`) Enter is no as well, for whom the dialog surprises."""

    BINDINGS: ClassVar = hidden(
        {
            "y": "answer(True)",
            "n,escape,ctrl+g": "answer(False)",
            "left,up": "app.focus_previous",
            "right,down": "app.focus_next",
            "pageup": "scroll(-10)",
            "pagedown": "scroll(10)",
        }
    )
    DEFAULT_CSS = _BOX % {"name": "Confirm"}

    def __init__(
        self,
        title: str,
        lines: Sequence[str] = (),
        *,
        yes: str | None = None,
        no: str | None = None,
        for_good: bool = False,
    ) -> None:
        super().__init__()
        self._title = title
        self._lines = lines
        self._first = "#no" if for_good else "#yes"
        self._yes = yes or _("Yes")
        self._no = no or _("No")

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = Text(displayable(self._title))
            with VerticalScroll(can_focus=len(self._lines) > 14):
                for line in self._lines:
                    yield shown(line)
            with Horizontal():
                yield Button(Text(f"{self._yes} (y)"), "primary", id="yes", compact=True)
                yield Button(Text(f"{self._no} (n)"), id="no", compact=True)

    def on_mount(self) -> None:
        self.query_one(self._first).focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)

    def action_scroll(self, by: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)


class Cancelled(Exception):
    """Raised in long work whose person has cancelled it."""


class Progress:
    """What long work tells of itself, from its own thread."""

    def __init__(self, dialog: "ProgressDialog[Any]") -> None:
        self._dialog = dialog
        self.cancelled = False

    def report(self, done: int, total: int) -> None:
        """So much of the whole is done. Raises Cancelled once the person has cancelled it."""
        if self.cancelled:
            raise Cancelled
        self._dialog.post_message(ProgressDialog.Reported(done, total))


class ProgressDialog(ModalScreen[T | None], Generic[T]):
    """Runs `work` in a thread, with a bar and a way to cancel it. Dismissed with its result, or
    None if it was cancelled; what it raises otherwise comes to `failed`, or ends the program."""

    BINDINGS: ClassVar = hidden({"escape,ctrl+g": "cancel"})
    AUTO_FOCUS = ""  # or the Enter after the one that began it would cancel
    DEFAULT_CSS = _BOX % {"name": "ProgressDialog"}
    BAR = 40

    class Reported(Message):
        def __init__(self, done: int, total: int) -> None:
            super().__init__()
            self.done = done
            self.total = total

    class Done(Message):
        def __init__(self, result: object, error: Exception | None = None) -> None:
            super().__init__()
            self.result = result
            self.error = error

    def __init__(
        self,
        title: str,
        work: Callable[[Progress], T],
        *,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        super().__init__()
        self._title = title
        self._work = work
        self._failed = failed
        self._progress = Progress(self)

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = Text(displayable(self._title))
            yield Static("", id="bar", markup=False)
            with Horizontal():
                yield Button(Text(_("Cancel")), compact=True)

    def on_mount(self) -> None:
        self._draw(0, 0)
        self.run_worker(self._run, thread=True)

    def _run(self) -> None:
        try:
            self.post_message(self.Done(self._work(self._progress)))
        except Exception as error:
            self.post_message(self.Done(None, error))

    def _draw(self, done: int, total: int) -> None:
        percent = 100 * done // total if total else 0
        drawn = "".join(text for text, _style in bar([(done, "")], total or 1, self.BAR))
        self.query_one("#bar", Static).update(Text(f"{drawn} {percent:3d}%"))

    def on_unmount(self) -> None:
        # Whoever leaves the program is not kept waiting for the thread.
        self._progress.cancelled = True

    def on_progress_dialog_reported(self, message: Reported) -> None:
        self._draw(message.done, message.total)

    def on_progress_dialog_done(self, message: Done) -> None:
        error = message.error
        self.dismiss(cast("T | None", message.result))
        if error is None or isinstance(error, Cancelled):
            return
        if self._failed is None:
            raise error
        self._failed(error)

    def on_button_pressed(self) -> None:
        self.action_cancel()

    def action_cancel(self) -> None:
        self._progress.cancelled = True
