"""The command palette: every action that can be done here and now, found by its name."""

from textual.dom import DOMNode

from venue_tui.actions import ACTIONS, BY_SCREEN, key_name
from venue_tui.locale import _
from venue_tui.textual_internals import BareApp
from venue_tui.widgets.chooser import Choice, Chooser


def open_palette(app: BareApp, keys: dict[str, str]) -> None:
    """Lets one of the actions be chosen and does it. `keys` are those that the person has, by
    action id."""
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
        if id_ is not None:
            app.call_later(app.run_action, ACTIONS[id_].run, available[id_])

    app.push_screen(Chooser(_("Which command?"), choices), run)


def _available(app: BareApp) -> dict[str, DOMNode]:
    """The actions by id, each with where it is done; the screen's own come first."""
    found = {
        binding.id: node
        for node, binding, enabled, _tooltip in app.screen.active_bindings.values()
        if enabled and binding.id in ACTIONS
    }
    keyless = {
        id_: app
        for id_, action in ACTIONS.items()
        if not action.key and app.can_act(action.run, app)
    }
    available = {**found, **keyless}
    own = [id_ for id_ in available if ACTIONS[id_].where in BY_SCREEN]
    rest = [id_ for id_ in ACTIONS if id_ in available and id_ != "app.palette"]
    return {id_: available[id_] for id_ in (*own, *rest)}
