"""The command palette: every action that can be done here and now, found by its name, and everyone
who works here, to go to."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from textual.dom import DOMNode

from models.operations.directory import DirectoryEntry
from venue_tui.actions import ACTIONS, BY_SCREEN, key_name
from venue_tui.locale import _
from venue_tui.program import program
from venue_tui.screens.shared.people import choice, pickable
from venue_tui.widgets.chooser import Choice, Chooser

if TYPE_CHECKING:
    from models.access.session import Session
    from venue_tui.textual_internals import BareApp

_PERSON = "person "


def open_palette(app: "BareApp") -> None:
    """Lets one of the actions be chosen and does it; or goes to one of the people."""
    inside = program(app)
    keys = inside.keys_by_id()
    available = _available(app)
    choices = [
        Choice(
            id_,
            _(ACTIONS[id_].title),
            _(ACTIONS[id_].description),
            ACTIONS[id_].title,
            key_name(keys[id_]),
        )
        for id_ in available
    ]

    def run(id_: str | None) -> None:
        if id_ is not None and id_.startswith(_PERSON):
            app.call_later(inside.go_to, "staff", id_.removeprefix(_PERSON))
        elif id_ is not None:
            app.call_later(app.run_action, ACTIONS[id_].run, available[id_])

    more = None if inside.locked else _people(inside.session)
    app.push_screen(Chooser(_("Which command, or whom?"), choices, more=more), run)


def _people(session: "Session") -> Callable[[str], Iterable[Choice]]:
    """Finds whoever may be picked by name, number or pinyin initials."""
    entries: list[DirectoryEntry] = []

    def search(text: str) -> Iterable[Choice]:
        if not entries:
            entries.extend(pickable(session))
        return (
            choice(each)._replace(key=_PERSON + each.staff_no)
            for each in entries
            if each.matches(text)
        )

    return search


def _available(app: "BareApp") -> dict[str, DOMNode]:
    """The actions by id, each with where it is done; the screen's own come first."""
    found = {
        binding.id: node
        for node, binding, enabled, _tooltip in app.screen.active_bindings.values()
        if enabled and binding.id in ACTIONS
    }
    keyless = {
        id_: app
        for id_, action in ACTIONS.items()
        if not action.key and action.where == "app" and app.can_act(action.run, app)
    }
    base = app.screen_stack[0]
    of_screen = {
        each.id: base
        for each in BY_SCREEN.get(getattr(base, "where", ""), ())
        if not each.key and app.can_act(each.run, base)
    }
    available = {**found, **of_screen, **keyless}
    own = [id_ for id_ in available if ACTIONS[id_].where in BY_SCREEN]
    rest = [id_ for id_ in ACTIONS if id_ in available and id_ != "app.palette"]
    return {id_: available[id_] for id_ in (*own, *rest)}
