"""Modules that are loaded when something of them is first asked for are no others for that."""

import inspect
import json
import subprocess
import sys

import pytest

_BEGIN = "import sys; from venue_tui import startup; startup.begin()\n"
_LATER = ("calendar", "hashlib", "inspect", "socket", "traceback")


def begun(code: str, *arguments: str) -> str:
    """What that code prints in a process that begins as the program does."""
    ran = subprocess.run(
        [sys.executable, "-c", _BEGIN + code, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


@pytest.mark.parametrize(
    "texts",
    [
        ("", "  Only this month. ", "Nur dieser\u3000Monat. "),
        ("  On\n   lines\n    indented\n",),
        ("\tAfter a tab",),
        ("\u00a0After a blank that doesn't break",),
    ],
)
def test_help_texts_are_cleaned_alike(texts: tuple[str, ...]) -> None:
    code = "import inspect, json; print(json.dumps([*map(inspect.cleandoc, sys.argv[1:])]))"
    assert json.loads(begun(code, *texts)) == [*map(inspect.cleandoc, texts)]


def test_classes_are_told_from_others() -> None:
    assert begun("from inspect import isclass; print(isclass(str), isclass(''))") == "True False"


@pytest.mark.parametrize("name", _LATER)
@pytest.mark.parametrize(
    "code",
    [
        "import {0}; print({0}.__all__[-1] in dir({0}))",
        "from {0} import *; print(set(sys.modules['{0}'].__all__) <= {{*globals()}})",
        "import {0}; print(not hasattr({0}, 'nothing') and not hasattr({0}, '__path__'))",
        "import {0}; from importlib import reload; print(reload({0}) is sys.modules['{0}'])",
    ],
)
def test_a_module_has_all_that_it_has(name: str, code: str) -> None:
    assert begun(code.format(name)) == "True"


def test_several_threads_find_a_module_whole() -> None:
    code = (
        "import socket; from threading import Thread; found = []\n"
        "ask = lambda: found.append(socket.create_connection)\n"
        "threads = [Thread(target=ask) for _ in range(8)]\n"
        "for each in threads: each.start()\n"
        "for each in threads: each.join()\n"
        "print(len(found))"
    )
    assert begun(code) == "8"


_MIDWAY = (
    "import builtins, socket; from threading import Thread; found = []; given = __import__\n"
    "def slowly(name, *rest):\n"
    "    if name == 'selectors' and not found: midway()\n"
    "    return given(name, *rest)\n"
    "builtins.__import__ = slowly\n"
)
"""`midway` is called halfway through `socket`, which till then has another's `socket.socket`."""


def test_a_thread_that_asks_while_a_module_is_loaded_waits_for_the_whole() -> None:
    code = (
        "thread = Thread(target=lambda: found.append(socket.socket.__module__))\n"
        "midway = lambda: (thread.start(), thread.join(0.2))\n"
        "socket.create_connection\n"
        "thread.join()\n"
        "print(*found)"
    )
    assert begun(_MIDWAY + code) == "socket"


def test_a_module_whose_loading_was_interrupted_is_loaded_when_it_is_asked_for_again() -> None:
    code = (
        "def midway():\n"
        "    found.append('interrupted')\n"
        "    raise KeyboardInterrupt\n"
        "try: socket.create_connection\n"
        "except KeyboardInterrupt: print(*found, callable(socket.create_connection))"
    )
    assert begun(_MIDWAY + code) == "interrupted True"


def test_what_is_in_use_already_stays_as_it_is() -> None:
    code = "print('socket' in sys.modules and sys.modules['socket'].socket is before)"
    ran = subprocess.run(
        [sys.executable, "-c", "import socket; before = socket.socket\n" + _BEGIN + code],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == "True\n"
