"""What is done for speed while the program starts and while its screens open, in one place.

Starting and opening make hundreds of thousands of objects, none of which is garbage; looking among
them for some takes 12 to 80 ms at a time.
"""

import gc
import os
import sys
from _thread import RLock
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from types import ModuleType
from typing import Any

SWITCH_SECONDS = 0.001
"""How long Textual holds back what is painted when one screen takes the place of another. Its own
50 ms hide screens that are still being filled; ours are filled before they are painted."""

_OBJECTS = 20_000
"""So many more there may be before garbage is looked for among them in a command."""

_FRAMES = "240"
"""Frames a second at most: what a key changes waits that much less for its frame. Nothing here
moves by itself, so that no more is painted than before."""

keeps_what_opening_leaves = True
"""Whether the little garbage of an opening is never looked for, which would take time. Where many
terminals run on one machine, memory is worth more."""


def begin() -> None:
    """Before anything is imported."""
    gc.disable()
    os.environ.setdefault("TEXTUAL_FPS", _FRAMES)
    sys.modules.setdefault("textual.command", _NoPalette("textual.command"))
    _spare_modules()


class _NoPalette(ModuleType):
    """Stands for Textual's command palette, which it imports for every app, and with it its input,
    lists and trees. The program has a palette of its own, and Tonight none of these."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


class _Lazy(ModuleType):
    """A module that is loaded when something of it is first asked for."""

    def __getattr__(self, name: str) -> Any:
        if name == "__path__":  # which only packages have
            raise AttributeError(name)
        _load(self)
        return ModuleType.__getattribute__(self, name)


_LOADER = "(loader)"
_loading = RLock()


class _Loading(ModuleType):
    """One that is being loaded: other threads wait until it is whole."""

    def __getattribute__(self, name: str) -> Any:
        with _loading:
            return ModuleType.__getattribute__(self, name)


def _load(module: ModuleType) -> None:
    with _loading:
        loader = vars(module).pop(_LOADER, None)  # once: what it imports may ask for it, too
        if loader is None:
            return
        module.__class__ = _Loading
        try:
            loader.exec_module(module)
        except BaseException:  # somebody's Ctrl+C: whoever asks next has it loaded
            vars(module)[_LOADER] = loader
            module.__class__ = _Lazy
            raise
        module.__class__ = ModuleType


def _is_class(value: object) -> bool:
    """What `inspect.isclass` says."""
    return isinstance(value, type)


def _clean(text: str) -> str:
    """What `inspect.cleandoc` makes of a help text. All of ours are on one line."""
    if text.isprintable():
        return text.lstrip(" ")
    inspect = import_module("inspect")
    _load(inspect)
    cleaned: str = inspect.cleandoc(text)
    return cleaned


_LAZY: dict[str, dict[str, object]] = {
    "calendar": {},
    "hashlib": {},
    "inspect": {"isclass": _is_class, "cleandoc": _clean},
    "socket": {},
    "traceback": {},
}
"""Modules of the standard library that click, peewee and we import for what hardly any command
does, and what all do with them all the same. They, and what they import in turn, take a quarter of
the time of a short command."""


def _spare_modules() -> None:
    for name, known in _LAZY.items():
        spec = None if name in sys.modules else PathFinder.find_spec(name)
        if spec is not None:
            module = module_from_spec(spec)
            module.__class__ = _Lazy
            vars(module).update(known, **{_LOADER: spec.loader})
            sys.modules[name] = module


_LATE = ("mimetypes", "platformdirs")
"""What Textual imports for a file that is handed to somebody's browser."""


class _Late(ModuleType):
    """Stands for a module of functions, which is imported once one of them is called."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*arguments: Any, **options: Any) -> Any:
            return getattr(import_module(self.__name__), name)(*arguments, **options)

        return call


def import_textual() -> None:
    """Before the terminal is imported, which speaks TLS with nobody (asyncio does without it where
    there is none) and hands a file to few."""
    if "ssl" not in sys.modules:
        sys.modules["ssl"] = None  # type: ignore[assignment]
        import_module("asyncio")
        del sys.modules["ssl"]
    late = [each for each in _LATE if each not in sys.modules]
    sys.modules.update({each: _Late(each) for each in late})
    import_module("textual.app")
    for each in late:
        del sys.modules[each]


def end() -> None:
    """A command begins, or the terminal has ended: what follows may be much. It still imports what
    it needs, of which nothing is garbage either, so that it is looked for less often."""
    gc.freeze()
    gc.set_threshold(_OBJECTS)
    gc.enable()


def leave() -> None:
    """The program is done: what it leaves is not looked through once more before it goes."""
    gc.disable()
    gc.freeze()


def opening() -> None:
    """A screen is about to be opened for the first time."""
    gc.disable()


def opened() -> None:
    """A screen was opened for the first time, and painted: it stays."""
    if keeps_what_opening_leaves:
        gc.freeze()
    gc.enable()
