"""What is said of a key that does nothing on the screen that is open."""

from collections.abc import Mapping

from textual.keys import key_to_character

from venue_tui.actions import ACTIONS, PLACES, SHARED, Action, key_name
from venue_tui.locale import _
from venue_tui.verbs import VERBS
from venue_tui.words import listed

_UNSAID = frozenset({"escape", "up", "down", "left", "right"})
"""Keys that are pressed to get out of something, or to look about, and are missed by nobody."""
_OURS = frozenset(verb.key for verb in VERBS.values()) - _UNSAID


def is_told(key: str) -> bool:
    """Whether it is said of this key that it does nothing: of characters and of keys of ours."""
    return key in _OURS or key_to_character(key) is not None


def action_of(key: str, where: str, keys: Mapping[str, str]) -> Action | None:
    """The action that the key is on the screen `where`, though not in what is shown there just
    now; None if it is none. `keys` are the person's, by action id."""
    return next((each for each in _actions(key, keys) if each.where == where), None)


def said_of(key: str, keys: Mapping[str, str]) -> str:
    """That the key does nothing here, and on which screens it does something."""
    found = [each for each in _actions(key, keys) if each.where not in SHARED]
    if not found:
        sentence = _("%(key)s does nothing here; %(help)s lists the keys.")
        return sentence % {"key": key_name(key), "help": key_name(keys["app.help"])}
    held = {each.where for each in found}
    screens = listed(_(place.title) for place in PLACES if place.name in held)
    sentence = _("%(key)s does nothing here. It is «%(title)s» on: %(screens)s.")
    return sentence % {"key": key_name(key), "title": _(found[0].title), "screens": screens}


def _actions(key: str, keys: Mapping[str, str]) -> list[Action]:
    return [each for id_, each in ACTIONS.items() if key in keys[id_].replace(" ", "").split(",")]
