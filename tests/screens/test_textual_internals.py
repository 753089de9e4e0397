"""Textual's private names: each is still there, and none is used but in the one module."""

import ast
import asyncio
import inspect
from pathlib import Path
from time import monotonic

import pytest
import textual
from textual._compositor import Compositor
from textual.app import App, ComposeResult
from textual.message_pump import MessagePump
from textual.screen import ModalScreen, Screen
from textual.scroll_view import ScrollView
from textual.widget import Widget
from textual.widgets import Static

from venue_tui import textual_internals
from venue_tui.textual_internals import Unhurried

_PROGRAM = Path(textual_internals.__file__).parent
_NAMES = [
    (owner, name)
    for owner, names in (
        (App, textual_internals.APP),
        (Screen, textual_internals.SCREEN),
        (Widget, textual_internals.WIDGET),
        (MessagePump, textual_internals.MESSAGE_PUMP),
        (Compositor, textual_internals.COMPOSITOR),
    )
    for name in sorted(names)
]


@pytest.mark.parametrize(
    ("owner", "name"), _NAMES, ids=lambda each: getattr(each, "__name__", each)
)
def test_it_is_still_there(owner: type, name: str) -> None:
    assert hasattr(owner, name) or hasattr(owner(), name), (
        f"Textual {textual.__version__} has no {owner.__name__}.{name} any more: "
        f"see {Path(textual_internals.__file__).name} for what it was needed for"
    )


def test_a_terminals_driver_still_keeps_its_file_there() -> None:
    from textual.drivers.linux_driver import LinuxDriver

    source = inspect.getsource(LinuxDriver.__init__)
    assert all(f"self.{name} = " in source for name in textual_internals.DRIVER)


def test_only_the_one_module_uses_them() -> None:
    named = {name for _owner, name in _NAMES}
    used = {
        f"{path.relative_to(_PROGRAM)}:{node.lineno} {node.attr}"
        for path in _PROGRAM.rglob("*.py")
        if path != Path(textual_internals.__file__)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in named
    }
    assert used == set()


def test_the_one_module_names_all_that_it_uses() -> None:
    named = {name for _owner, name in _NAMES} | textual_internals.DRIVER
    tree = ast.parse(Path(textual_internals.__file__).read_text("utf-8"))
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    defined = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name for name in used | defined if _is_private(name)} == named


def test_nothing_else_is_taken_from_private_places() -> None:
    """Neither a private module nor a private method, which a class of ours would replace."""
    taken = []
    for path in _PROGRAM.rglob("*.py"):
        if path == Path(textual_internals.__file__):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textual"):
                parts = [*(node.module or "").split("."), *(each.name for each in node.names)]
                taken += [f"{path.name}: {part}" for part in parts if _is_private(part)]
    assert taken == []


def test_no_class_replaces_a_private_method_unawares() -> None:
    replaced = []
    for cls in _subclasses(MessagePump):
        if (
            not cls.__module__.startswith("venue_tui.")
            or cls.__module__ == textual_internals.__name__
        ):
            continue
        for base in cls.__mro__[1:]:
            if base.__module__.startswith("textual."):
                both = vars(cls).keys() & vars(base).keys()
                replaced += [
                    f"{cls.__qualname__}.{name} is {base.__qualname__}'s"
                    for name in both
                    if _is_private(name) and inspect.isroutine(vars(base)[name])
                ]
    assert replaced == []


def test_no_class_keeps_something_in_a_place_of_textuals() -> None:
    kept = set[str]()
    for instance in (App[None](), ModalScreen[None](), ScrollView()):
        kept |= vars(instance).keys()
    stored = {
        f"{path.relative_to(_PROGRAM)}:{node.lineno} {node.attr}"
        for path in _PROGRAM.rglob("*.py")
        if path != Path(textual_internals.__file__)
        for cls in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(cls, ast.ClassDef) and cls.bases
        for node in ast.walk(cls)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        if _is_private(node.attr) and node.attr in kept and ast.unparse(node.value) == "self"
    }
    assert stored == set()


def test_no_handler_calls_the_one_of_its_base() -> None:
    """Textual calls the handlers of all classes of a widget itself: they would run twice."""
    twice = {
        f"{path.relative_to(_PROGRAM)}:{node.lineno} {node.func.attr}"
        for path in _PROGRAM.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if ast.unparse(node.func.value) == "super()"
        if node.func.attr.removeprefix("_").startswith("on_")
        if node.func.attr not in ("on_event", "on_meta")  # which are called once, by name
    }
    assert twice == set()


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name != "_"


def _subclasses(cls: type) -> set[type]:
    for path in _PROGRAM.rglob("*.py"):
        if {"screens", "widgets"} & set(path.parts) or path.name == "app.py":
            module = ".".join(path.relative_to(_PROGRAM.parent).with_suffix("").parts)
            __import__(module.removesuffix(".__init__"))
    found = {cls}
    waiting = [cls]
    while waiting:
        for each in waiting.pop().__subclasses__():
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found


class Filling(Unhurried):
    """A screen that fills itself for a while, and hears nothing when it is through."""

    def __init__(self) -> None:
        super().__init__()
        self.until = monotonic() + 0.3

    def is_filling(self) -> bool:
        return monotonic() < self.until

    def compose(self) -> ComposeResult:
        yield Static("shown")


async def test_a_screen_that_was_filled_is_painted_though_nothing_comes_any_more() -> None:
    app: App[None] = App()
    async with app.run_test():
        screen = Filling()
        app.push_screen(screen)
        async with asyncio.timeout(10):
            while screen.unpainted:
                await asyncio.sleep(0.02)
