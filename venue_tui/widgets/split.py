"""A list, and what there is to say of its selected row: below it, or at its right where there is
room."""

from collections.abc import Mapping

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Container

from venue_tui.actions import ACTIONS, key_name
from venue_tui.locale import _
from venue_tui.widgets.lines import Lines
from venue_tui.widgets.text import fit


class Split(Container):
    """A list, and a `detail` that says what is selected. On a wide screen it stands at the right,
    in a panel of its own, and below it what can be done; on one as narrow as a phone it is left
    out, and Enter shows it."""

    DEFAULT_CSS = """
    Split { height: 1fr; layout: vertical; }
    Split > .detail { height: 5; padding: 0 1; background: $surface; }
    Split > RowKeys { display: none; }
    """

    def compose(self) -> ComposeResult:
        yield RowKeys(id="row-keys")


class RowKeys(Lines):
    """What can be done with what is selected: each key of the screen's that does something now, and
    what it does."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, wraps=True)

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._read)

    def _read(self, _screen: object) -> None:
        if not self.is_attached or not self.display:
            return
        own = f"{getattr(self.screen, 'where', '')}."
        found = []
        for _node, binding, enabled, _tooltip in self.screen.active_bindings.values():
            if enabled and binding.show and (binding.id or "").startswith(own):
                found.append((binding.id or "", key_name(binding.key)))
        places = list(ACTIONS)
        found.sort(key=lambda each: places.index(each[0]))
        self.border_title = _("What can be done")
        room = max((cell_len(key) for _id, key in found), default=0)
        self.set_lines(
            ((fit(key, room) + "  ", "title"), (_(self._does(id_)), "")) for id_, key in found
        )

    def on_show(self) -> None:
        self._read(self.screen)

    def _does(self, id_: str) -> str:
        """What an action does, which a screen of several views says of the one that is shown."""
        does: Mapping[str, str] = getattr(self.screen, "does", {})
        return does.get(id_, ACTIONS[id_].description)
