"""Which key does what, and another in its place: the grammar of the keys as a list."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen

from venue_tui import config
from venue_tui.actions import ACTIONS, clashes, key_name, of_verb
from venue_tui.locale import _
from venue_tui.program import program
from venue_tui.verbs import VERBS
from venue_tui.widgets.columns import Column
from venue_tui.widgets.keys import hidden
from venue_tui.widgets.line_list import LineList, Row

_FIXED = {"leave", "save", "cancel", "quit", "palette"}
"""Without these nobody would find the way back."""


class KeyEditor(ModalScreen[None]):
    """Every verb with its key. Enter waits for another key; Del gives back the one it came with."""

    BINDINGS: ClassVar = hidden({"escape,ctrl+g": "leave", "delete": "reset"})
    DEFAULT_CSS = """
    KeyEditor { align: center middle; }
    KeyEditor > Vertical {
        width: 76; max-width: 100%; height: 90%; border: round $primary; background: $surface;
        padding: 0 1;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._waits_for: str | None = None

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = _("Which key does what")
            box.border_subtitle = _("Enter: another key · Del: as it came · Esc closes")
            yield LineList(
                Column(_("Key"), 8), Column("", 16, share=2), Column("", 9, share=1, spare=1)
            )

    def on_mount(self) -> None:
        self._show()

    def _keys(self) -> dict[str, str]:
        """The key of each verb, as the person has it."""
        keys = program(self).keys_by_id()
        return {
            name: next((keys[each.id] for each in of_verb(name)), verb.key)
            for name, verb in VERBS.items()
        }

    def _show(self) -> None:
        keys = self._keys()
        self.query_one(LineList).set_rows(
            Row(
                name,
                (
                    key_name(keys[name]),
                    _(verb.means),
                    _("was %s") % key_name(verb.key) if keys[name] != verb.key else "",
                ),
                "strong" if keys[name] != verb.key else "",
            )
            for name, verb in VERBS.items()
        )

    def _say(self, sentence: str) -> None:
        self.query_one(Vertical).border_title = sentence

    def on_line_list_selected(self, event: LineList.Selected) -> None:
        event.stop()
        if event.key in _FIXED:
            self._say(_("This key can't be changed."))
            return
        self._waits_for = event.key
        self._say(_("Press the key for: %s") % _(VERBS[event.key].means))

    async def on_event(self, event: events.Event) -> None:
        if self._waits_for is not None and isinstance(event, events.Key):
            event.stop()
            self._take(self._waits_for, event.key)
            return
        await super().on_event(event)

    def _take(self, verb: str, key: str) -> None:
        if key == "escape":
            self._waits_for = None
            self._say(_("Which key does what"))
            return
        if (other := self._holder(verb, key)) is not None:
            taken = _("%(key)s is taken: %(other)s")
            self._say(taken % {"key": key_name(key), "other": other})
            return  # a key that is waited for is waited for still
        self._waits_for = None
        self._write(verb, key if key != VERBS[verb].key else None)

    def _holder(self, verb: str, key: str) -> str | None:
        """Who has that key already."""
        keys = self._keys()
        other = next((name for name, held in keys.items() if held == key and name != verb), None)
        if other is not None:
            return _(VERBS[other].means)
        changed = {each.id: key for each in of_verb(verb)}
        found = clashes({**changed})
        return _(ACTIONS[found[0][1]].title) if found else None

    def action_reset(self) -> None:
        verb = self.query_one(LineList).cursor_key
        if verb is not None:
            self._take(verb, VERBS[verb].key)

    def _write(self, verb: str, key: str | None) -> None:
        try:
            config.remember_key(verb, key)
        except (OSError, ValueError):
            self._say(_("This choice couldn't be written down."))
            return
        program(self).use_keys(config.load().keys)
        self._show()
        self._say(_("Which key does what"))

    def action_leave(self) -> None:
        self.dismiss(None)
