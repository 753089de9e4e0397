"""Trying changes inside of pytest: the tests are loaded once, and each change is made in a process
that is forked off, so that hundreds of them take minutes."""

import ast
import functools
import gc
import importlib
import json
import os
import resource
import signal
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import hypothesis
import pytest

from tests.mutation.mutants import ROOT, Mutant

SECONDS = 10
"""Of the processor that the tests of one change may take besides thrice what they took watched: it
may make them run for ever."""
WAITING = 1200
"""Seconds that they may take in all."""

Function = tuple[str, str]
"""A module's path from the root, and the name in it of a function that stands by itself."""


class Trial:
    """A plugin of pytest that runs no tests but those that each change needs."""

    def __init__(
        self,
        mutants: Iterable[Mutant],
        noticed_by: Mapping[str, tuple[str, ...]],
        tell: Callable[[str], None],
    ) -> None:
        self.mutants = list(mutants)
        self.noticed_by = noticed_by
        self.tell = tell
        self.survivors: list[Mutant] = []
        self.tried = 0
        self._functions: dict[Function, list[FunctionType]] = defaultdict(list)
        self._failed = False

    def pytest_collection(self) -> None:
        """Before the modules are loaded whose tests this holds for."""
        hypothesis.settings.register_profile(
            "mutation",
            hypothesis.settings(),
            database=None,
            derandomize=True,
            phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        )
        hypothesis.settings.load_profile("mutation")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for path in {each.path for each in self.mutants}:
            importlib.import_module(_dotted(path))  # which nothing may have asked for yet
        gc.unfreeze()
        for each in gc.get_objects():
            if isinstance(each, FunctionType) and (named := _named(each.__code__)) is not None:
                self._functions[named].append(each)
        gc.freeze()
        items = {item.nodeid: item for item in session.items}
        reached = self._reached(session)
        quickest = sorted(reached, key=lambda nodeid: reached[nodeid][0])
        for mutant in self.mutants:
            about = self.noticed_by[mutant.path]
            named = (mutant.path, _function_of(mutant))
            chosen = [
                items[nodeid]
                for nodeid in quickest
                if nodeid.startswith(about)
                and (not named[1] or named[1] in reached[nodeid][1].get(mutant.path, ()))
            ]
            seconds = SECONDS + 3 * round(sum(reached[item.nodeid][0] for item in chosen))
            put = self._prepared(mutant)
            status = _in_a_fork(functools.partial(self._try, put, chosen, seconds))
            self.tried += 1
            if status == 0:
                self.survivors.append(mutant)
            self.tell(f"{'SURVIVED' if status == 0 else 'noticed '} {mutant}")
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed = self._failed or report.failed

    def _try(self, put: Callable[[], None], items: list[pytest.Item], seconds: int) -> int:
        """1 where a test notices the change, or takes longer on the processor, else 0."""
        if sys.stdout is not None:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        signal.alarm(WAITING)
        put()
        for at, item in enumerate(items):
            following = items[at + 1] if at + 1 < len(items) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self._failed:
                return 1
        return 0

    def _prepared(self, mutant: Mutant) -> Callable[[], None]:
        """What makes the change in the modules that are loaded."""
        file = ROOT / mutant.path
        code = compile(mutant.applied(file.read_bytes()), str(file), "exec")
        name = _function_of(mutant)
        if not name:
            return lambda: _set_constants(mutant.path, code)
        functions, new = self._functions[mutant.path, name], _code_named(code, name)
        assert functions, name

        def put() -> None:
            for function in functions:
                function.__code__ = new

        return put

    def _reached(self, session: pytest.Session) -> dict[str, tuple[float, dict[str, list[str]]]]:
        """By test, the seconds that it takes and the functions that it comes to, by module; all run
        as the modules stand. Raises AssertionError where one fails."""
        base = session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
        told = base / "reached.jsonl"
        assert _in_a_fork(lambda: self._watch(session.items, told)) == 0, "the tests fail already"
        lines = told.read_text("utf-8").splitlines()
        return {nodeid: (seconds, seen) for nodeid, seconds, seen in map(json.loads, lines)}

    def _watch(self, items: list[pytest.Item], told: Path) -> int:
        seen: set[CodeType] = set()
        add = seen.add

        def watch(frame: Any, event: str, argument: Any) -> None:
            add(frame.f_code)

        for at, item in enumerate(items):
            following = items[at + 1] if at + 1 < len(items) else None
            seen.clear()
            began = time.process_time()
            threading.settrace(watch)
            sys.settrace(watch)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            sys.settrace(None)
            took = time.process_time() - began
            if self._failed:
                self.tell(f"{item.nodeid} fails")
                return 1
            by_module: dict[str, set[str]] = defaultdict(set)
            for named in filter(None, map(_named, seen)):
                by_module[named[0]].add(named[1])
            with told.open("a", encoding="utf-8") as file:
                line = (item.nodeid, took, {path: sorted(by_module[path]) for path in by_module})
                file.write(json.dumps(line) + "\n")
        return 0


def _dotted(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")


def _set_constants(path: str, code: CodeType) -> None:
    """Puts what a module's constants are now wherever they were imported."""
    dotted = _dotted(path)
    loaded = vars(sys.modules[dotted])
    anew: dict[str, Any] = {"__name__": dotted, "__file__": str(ROOT / path)}
    exec(code, anew)
    for name, value in anew.items():
        was = loaded.get(name)
        if isinstance(value, FunctionType):
            _set_defaults(was, value)
        elif isinstance(value, type) and value.__module__ == dotted:
            _set_class(was, value)
        if isinstance(value, type | FunctionType | functools._lru_cache_wrapper):
            continue
        if not _differ(was, value):
            continue
        for module in list(sys.modules.values()):
            if getattr(module, "__dict__", {}).get(name) is was:
                setattr(module, name, value)


def _set_class(was: Any, now: type) -> None:
    """Puts what a class and its functions have by default."""
    for name, value in vars(now).items():
        held = vars(was).get(name)
        if isinstance(value, staticmethod):  # as what makes a named tuple is
            value, held = value.__func__, getattr(held, "__func__", held)
        plain = isinstance(value, int | str | tuple) and not name.startswith("__")
        if isinstance(value, FunctionType):
            _set_defaults(held, value)
        elif plain and _differ(held, value):
            setattr(was, name, value)


def _set_defaults(was: Any, now: FunctionType) -> None:
    if not isinstance(was, FunctionType):
        return
    pairs = zip(was.__defaults__ or (), now.__defaults__ or (), strict=True)
    was.__defaults__ = tuple(b if _differ(a, b) else a for a, b in pairs) or None
    held = was.__kwdefaults__ or {}
    held.update((key, b) for key, b in (now.__kwdefaults__ or {}).items() if _differ(held[key], b))


def _differ(was: object, now: object) -> bool:
    """Whether a value is another now; classes of a module that is loaded twice are two."""
    return type(was) is type(now) and was != now


def _in_a_fork(act: Callable[[], int]) -> int:
    """What it came to, as a process's status: not 0 where it raised or was ended, too."""
    pid = os.fork()
    if not pid:
        status = 1
        try:
            status = act()
        finally:
            os._exit(status)
    return os.waitpid(pid, 0)[1]


def _named(code: CodeType) -> Function | None:
    """Of which module and which of its functions a code is a part; None elsewhere."""
    file = code.co_filename
    if not file.startswith(_MODELS):
        return None
    return file.removeprefix(_ROOT), code.co_qualname.partition(".<locals>")[0]


_ROOT = f"{ROOT}{os.sep}"
_MODELS = f"{_ROOT}models{os.sep}"


def _code_named(code: CodeType, name: str) -> CodeType:
    for part in name.split("."):
        code = next(
            each for each in code.co_consts if isinstance(each, CodeType) and each.co_name == part
        )
    return code


@functools.cache
def _spans(path: str) -> list[tuple[int, int, str]]:
    """The functions of a module that stand by themselves or in a class: first and last line of
    what they do, and name."""
    tree = ast.parse((ROOT / path).read_bytes())
    found = []
    for node in tree.body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        found += [
            (each.body[0].lineno, each.end_lineno or each.lineno, prefix + each.name)
            for each in inside
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
    return found


def _function_of(mutant: Mutant) -> str:
    """The name of the function that is changed; empty where it is none."""
    for first, last, name in _spans(mutant.path):
        if first <= mutant.line <= last:
            return name
    return ""
