"""The registry of actions, and that every screen keeps to it."""

from importlib import import_module
from itertools import combinations
from pathlib import Path
from pkgutil import walk_packages

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

import venue_tui
from venue_tui.actions import (
    ACTIONS,
    BY_SCREEN,
    SCREENS,
    SHARED,
    ScreenName,
    key_name,
    key_rows,
    key_table,
)
from venue_tui.app import VenueApp
from venue_tui.screens.shared.base import VenueScreen
from venue_tui.verbs import VERBS
from venue_tui.widgets.floor import FloorBoard
from venue_tui.widgets.keys import bindings
from venue_tui.widgets.line_list import LineList

README = Path(__file__).resolve().parents[2] / "README.md"
NINE = pytest.mark.parametrize("name", SCREENS, ids=lambda each: each.name)


GRAMMAR = {
    "n": "new", "e": "edit", "enter": "open", "a": "approve", "x": "reject", "w": "waive",
    "r": "restore", "d": "withdraw", "o": "out", "b": "back", "C": "close", "E": "export",
    "space": "here", "l": "late", "f": "first_call", "T": "team", "m": "make_up", "H": "not_held",
    "slash": "find", "u": "undo", "question_mark": "help", "ctrl+p": "palette",
    "ctrl+q": "quit", "j": "down", "k": "up", "left_square_bracket": "earlier",
    "right_square_bracket": "later",
    **{str(n % 10): each.verb for n, each in enumerate(SCREENS, 1)},
}  # fmt: skip
"""What people learn by heart, and what scripts and manuals name."""


def ours() -> set[type[DOMNode]]:
    """Every class of the program that may have bindings."""
    for found in walk_packages(venue_tui.__path__, "venue_tui."):
        if not found.name.endswith("__main__"):
            import_module(found.name)
    known: set[type[DOMNode]] = set()
    beyond: list[type[DOMNode]] = [DOMNode]
    while beyond:
        for each in beyond.pop().__subclasses__():
            if each not in known:
                known.add(each)
                beyond.append(each)
    return {each for each in known if each.__module__.startswith("venue_tui.")}


def test_one_key_is_one_verb() -> None:
    keys = [verb.key for verb in VERBS.values()]
    assert len(keys) == len(set(keys))
    assert {verb.key: name for name, verb in VERBS.items()}.items() >= GRAMMAR.items()


def test_no_letter_means_anything_beside_the_grammar() -> None:
    """A list or a screen that gives a letter a meaning of its own would be a second verb."""
    for cls in ours():
        if not issubclass(cls, VenueScreen | LineList | FloorBoard):
            continue
        for key, binding in cls._merge_bindings():
            if len(key) == 1 or key in ("space", "slash", "enter"):
                assert binding.id in ACTIONS, (cls, key)
                assert ACTIONS[binding.id].key == key, (cls, key)


def test_no_key_of_ours_is_the_browsers() -> None:
    for cls in ours():
        for each in cls.__dict__.get("BINDINGS", ()):
            keys = each.key if isinstance(each, Binding) else each[0]
            assert not {"ctrl+w", "ctrl+n", "ctrl+t"} & set(keys.split(",")), (cls, keys)


def test_capitals_are_for_what_ends_something_or_touches_many() -> None:
    capitals = {name for name, verb in VERBS.items() if verb.key.isupper()}
    assert capitals == {
        "team", "close", "not_held", "end_night", "assign", "pass_on", "director", "export",
        "import", "adopt", "waive_many", "posts", "offset",
    }  # fmt: skip


def screen_class(name: ScreenName) -> type[VenueScreen]:
    found = getattr(import_module(name.module), name.cls)
    assert issubclass(found, VenueScreen)
    return found


def test_ids_are_unique_and_say_where() -> None:
    groups = {**SHARED, **BY_SCREEN}
    assert len(ACTIONS) == sum(len(group) for group in groups.values())
    for where, group in groups.items():
        assert {action.where for action in group} <= {where}


@pytest.mark.parametrize("name", BY_SCREEN)
def test_no_two_actions_of_a_screen_share_a_key(name: str) -> None:
    everywhere = [each for where in ("go", "app", "screen", "list") for each in SHARED[where]]
    shown = {each.key for each in BY_SCREEN[name]} & {"enter"}  # there it is the screen's own verb
    everywhere = [each for each in everywhere if each.key not in shown]
    for one, other in combinations([*BY_SCREEN[name], *everywhere], 2):
        shared = set(one.key.split(",")) & set(other.key.split(",")) - {""}
        assert not shared, (one.id, other.id)


@pytest.mark.parametrize("action", ACTIONS.values(), ids=lambda each: each.id)
def test_actions_are_short_and_described(action) -> None:
    assert 0 < len(action.title) <= 14
    assert action.description
    assert not any(
        part in action.key for part in ("ctrl+shift", "ctrl+enter", "ctrl+@", "ctrl+space")
    )


@NINE
def test_every_action_of_a_screen_can_be_done_there(name: ScreenName) -> None:
    cls = screen_class(name)
    assert cls.where == name.name
    bound = {binding.id for _key, binding in cls._merge_bindings()}
    for action in BY_SCREEN[name.name]:
        assert action.id in bound or not action.key, action.id
        if not action.call:
            assert hasattr(cls, f"action_{action.run}"), action.id


@NINE
def test_every_screen_says_what_it_is_for(name: ScreenName) -> None:
    assert len(screen_class(name).about) > 100


def test_actions_of_the_app_exist() -> None:
    for action in (*SHARED["go"], *SHARED["app"]):
        method = action.run.removeprefix("app.").partition("(")[0]
        assert hasattr(VenueApp, f"action_{method}"), action.id


def test_bindings_carry_the_ids() -> None:
    assert [each.id for each in bindings("outings")] == [
        action.id for action in BY_SCREEN["outings"]
    ]


def test_keys_are_named_for_people() -> None:
    assert key_name("question_mark") == "?"
    assert key_name("ctrl+p") == "^p"
    assert key_name("space,enter") == "space enter"
    rows = list(key_rows("roll", {"roll.mark": "x"}))
    assert rows[0][:2] == ("x", "Here")


def test_the_key_table_names_every_action() -> None:
    table = key_table()
    assert all(f"`{id_}`" in table for id_ in ACTIONS)


def test_every_key_has_a_short_name() -> None:
    for name, verb in VERBS.items():
        assert len(key_name(verb.key)) <= 6, name
