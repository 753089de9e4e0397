"""Forms: they keep what was typed when it is refused, and say beside each field what is wrong."""

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, NamedTuple, TypeVar, cast

from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from models.values.problems import Problem, Refused
from models.values.text import displayable
from venue_tui.error_boundary import ErrorBoundary, refusal_in
from venue_tui.locale import _
from venue_tui.program import program
from venue_tui.widgets.chooser import Choice
from venue_tui.widgets.controls import LongText, Options, Picker
from venue_tui.widgets.frame import KeyBar
from venue_tui.widgets.keys import bindings, hidden

T = TypeVar("T")

_LABEL = 18
"""A label's cells; a form that has a longer one gives more to all of them."""


class Field(NamedTuple):
    """One field of a form. `name` is the one that a `Problem` names; `label` and `hint` are in the
    person's language.

    With `options` (value and label) it is picked with the arrows; with `search`, which gives what
    matches a text, it is found by typing; else it is written, with `lines` on so many. `start` is a
    label for a `value` that `search` would give. What `understood` makes of the text, such as the
    night of a time, stands beside it while it is written.
    """

    name: str
    label: str
    value: str = ""
    hint: str = ""
    options: Sequence[tuple[str, str]] = ()
    search: Callable[[str], Iterable[Choice]] | None = None
    start: str = ""
    secret: bool = False
    understood: Callable[[str], str] | None = None
    lines: int = 1


class FormScreen(ErrorBoundary, ModalScreen[T | None]):
    """A form. A subclass gives `title`, `fields` and `save`; `verdict` too, where the person should
    see what comes of it while they type.

    Enter goes on to the next field and saves from the last, F2 saves from any, Esc or Ctrl+G
    leaves; arrows up and down go through the fields. Dismissed
    with what `save` gives, or None.
    """

    BINDINGS: ClassVar = [
        *bindings("form"),
        *hidden(
            {
                "enter": "go_on",
                "escape": "leave",
                "down": "app.focus_next",
                "up": "app.focus_previous",
            }
        ),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-phone"), (56, "-usual")]  # noqa: RUF012
    DEFAULT_CSS = """
    FormScreen { align: center middle; }
    FormScreen > #form {
        width: 76; max-width: 100%; height: auto; max-height: 100%; margin-bottom: 1;
        border: round $primary; background: $surface; padding: 0 1;
    }
    FormScreen #fields { height: auto; max-height: 18; margin-top: 1; }
    FormScreen .field { height: auto; }
    FormScreen .field > Static { width: 18; }
    FormScreen .field > Input { width: 1fr; background: $boost; }
    FormScreen .field > Input:focus { background: $primary-muted; }
    FormScreen.-usual .-long-labels .field > Static { width: 44; }
    FormScreen.-usual .-long-labels .problem { margin-left: 44; }
    FormScreen .understood { width: 18; padding-left: 1; color: $text-muted; }
    FormScreen .problem { color: $text-error; margin-left: 18; display: none; }
    FormScreen .problem.-shown { display: block; }
    FormScreen.-phone .field { layout: vertical; }
    FormScreen.-phone .field > Static { width: 100%; }
    FormScreen.-phone .field > Picker, FormScreen.-phone .field > Input { width: 100%; }
    FormScreen.-phone .problem { margin-left: 0; }
    FormScreen.-phone .understood { height: auto; }
    FormScreen #verdict { margin-top: 1; height: auto; color: $text-accent; }
    """

    # For the subclass to write

    def title_line(self) -> str:
        """What the form is for, in the person's language."""
        raise NotImplementedError

    def introduction(self) -> Sequence[str]:
        """Lines above the fields."""
        return ()

    def fields(self) -> Sequence[Field]:
        raise NotImplementedError

    def save(self, values: dict[str, str]) -> T:
        """Does it, with the fields' values by name. Raises Refused, and the form stays."""
        raise NotImplementedError

    def verdict(self, values: dict[str, str]) -> str:
        """What would come of these values; called at each change."""
        return ""

    def offers(self) -> Sequence[str]:
        """The fields in which what was chosen in the form before is offered for this one."""
        return ()

    # How it works

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[str, str] | None = None
        self._labels: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        try:
            self._fields = [self._with_offer(field) for field in self.fields()]
        except Exception as error:
            if (refusal := refusal_in(error)) is None:
                raise
            self._fields = []
            self.call_after_refresh(self._give_up, refusal)
        with Vertical(id="form") as box:
            longest = max((cell_len(field.label) for field in self._fields), default=0)
            box.set_class(longest >= _LABEL, "-long-labels")
            box.border_title = Text(displayable(self.title_line()))
            for said in self.introduction():
                yield Static(Text(displayable(said)), classes="introduction", markup=False)
            yield Static("", classes="problem", id="problem-of-form", markup=False)
            with VerticalScroll(id="fields", can_focus=False):
                for field in self._fields:
                    with Horizontal(classes="field"):
                        yield Static(Text(field.label), markup=False)
                        yield self._control(field)
                        if field.understood is not None:
                            yield Static("", classes="understood", markup=False)
                    yield Static("", classes="problem", id=f"problem-{field.name}", markup=False)
            yield Static("", id="verdict", markup=False)
        yield KeyBar()

    def _offered(self) -> dict[str, tuple[str, str]]:
        """The value and label that each field had last."""
        every: dict[str, dict[str, tuple[str, str]]] = getattr(self.app, "offered", {})
        return every.setdefault(type(self).__name__, {})

    def _with_offer(self, field: Field) -> Field:
        offer = self._offered().get(field.name) if field.name in self.offers() else None
        return field if offer is None else field._replace(value=offer[0], start=offer[1])

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        if result is not None:
            for name in self.offers():
                control = self.control(name)
                label = control.label if isinstance(control, Picker) else ""
                self._offered()[name] = (control.value, label)
        return super().dismiss(result)

    def _give_up(self, refusal: Refused) -> None:
        """Goes away again, because it can't be made."""
        self.dismiss(None)
        program(self).show_error(refusal)

    def _control(self, field: Field) -> Input | LongText | Options | Picker:
        value = field.value if self._kept is None else self._kept[field.name]
        id_ = f"field-{field.name}"
        if field.options:
            return Options(field.options, value, id=id_)
        if field.search is not None:
            label = self._labels.get(field.name, field.start)
            return Picker(field.search, value, label, hint=field.hint, id=id_)
        if field.lines > 1:
            return LongText(value, field.lines, field.hint, id=id_)
        return Input(value, placeholder=field.hint, password=field.secret, compact=True, id=id_)

    def on_mount(self) -> None:
        self._at_first = self.values()
        if self._fields:
            self._judge()

    def control(self, name: str) -> Input | LongText | Options | Picker:
        """The widget in which the field of that name is filled in."""
        return cast("Input | Options | Picker", self.query_one(f"#field-{name}"))

    def values(self) -> dict[str, str]:
        """What is written in each field now, by name, without blanks at its ends."""
        return {field.name: self.control(field.name).value.strip() for field in self._fields}

    def typed(self) -> bool:
        """Whether something is written here that leaving would lose."""
        return self.is_mounted and self.values() != self._at_first

    def on_input_changed(self, event: Input.Changed) -> None:
        self._judge()

    def on_text_area_changed(self) -> None:
        self._judge()

    def on_options_changed(self) -> None:
        self._judge()

    def on_picker_changed(self) -> None:
        self._judge()

    def _judge(self) -> None:
        with_night = [each for each in self._fields if each.understood is not None]
        for field, line in zip(with_night, self.query(".understood"), strict=False):
            text = self.control(field.name).value.strip()
            said = field.understood(text) if field.understood is not None and text else ""
            cast("Static", line).update(Text(displayable(said)))
        lines = map(displayable, self.verdict(self.values()).split("\n"))
        self.query_one("#verdict", Static).update(Text("\n".join(lines)))

    def on_input_submitted(self) -> None:
        self.action_go_on()

    def on_picker_taken(self) -> None:
        if (after := self._after()) is not None:
            after.focus()

    def _after(self) -> Input | LongText | Options | Picker | None:
        """The field after the one in which the cursor is; None in the last."""
        controls = [self.control(field.name) for field in self._fields]
        here = self.focused
        at = next((n for n, each in enumerate(controls) if here in (each, *each.children)), -1)
        return controls[at + 1] if at + 1 < len(controls) else None

    def action_go_on(self) -> None:
        after = self._after()
        if after is None:
            self.action_save()
        else:
            after.focus()

    def take_only_matches(self) -> None:
        """Takes what is the only one that somebody can have meant, where they wrote on or saved
        without saying that they chose it."""
        for picker in self.query(Picker):
            picker.take_only_match()

    def action_save(self) -> None:
        self.take_only_matches()
        try:
            result = self.save(self.values())
        except Refused as refusal:
            self.show_problems(refusal.problems)
        else:
            self.dismiss(result)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Says each beside its field (at the top, if it has none here), and goes to the first."""
        from venue_tui.problem_words import in_words

        sentences: dict[str, list[str]] = {field.name: [] for field in self._fields}
        general: list[str] = []
        for problem in problems:
            sentences.get(problem.field, general).append(displayable(in_words(problem)))
        self._say("problem-of-form", general)
        for name, lines in sentences.items():
            self._say(f"problem-{name}", lines)
        first = next((name for name, lines in sentences.items() if lines), None)
        if first is not None:
            self.control(first).focus()

    def _say(self, id_: str, lines: list[str]) -> None:
        line = self.query_one(f"#{id_}", Static)
        line.update(Text("\n".join(lines)))
        line.set_class(bool(lines), "-shown")

    def action_leave(self) -> None:
        if not self.typed():
            self.dismiss(None)
            return
        from venue_tui.widgets.dialogs import Confirm

        def answered(sure: bool | None) -> None:
            if sure:
                self.dismiss(None)

        lines = [_("What you typed here isn't saved.")]
        self.app.push_screen(
            Confirm(_("Throw it away?"), lines, yes=_("Throw away"), no=_("Go on writing")),
            answered,
        )

    async def retranslate(self) -> None:
        """Builds the form again in the language of now, with what was typed."""
        self._kept = self.values()
        self._labels = {each.id[6:]: each.label for each in self.query(Picker) if each.id}
        focused = self.focused.id if self.focused else None
        await self.recompose()
        self._judge()
        if focused and (widget := self.query_one_optional(f"#{focused}")):
            widget.focus()
