"""Makes sure that `models` is this program's own, and not another package of that common name.

Another one may lie in the folder in which the program is started, or on PYTHONPATH: then the one
beside `venue_tui` is taken all the same. Or pip has written another distribution's files over
those of ours, of which it says nothing: then a sentence says whose they are.
"""

import os.path
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import module_from_spec
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.metadata import PackagePath

_DISTRIBUTION = "venue-tui"
_MARK = f'PART_OF = "{_DISTRIBUTION}"'.encode()


class NotOwn(ImportError):
    """Says in a sentence whose package was found instead."""


def load() -> None:
    """Imports the `models` beside this package, whatever else is on the path. Raises NotOwn where
    that is none of ours."""
    beside = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    spec = PathFinder.find_spec("models", [beside])
    if spec is None or _MARK not in _source(spec):
        raise NotOwn(_complaint(os.path.join(beside, "models"), "models/__init__.py"))
    loaded = sys.modules.get("models")
    if loaded is None or getattr(loaded, "__file__", None) != spec.origin:
        for name in [name for name in sys.modules if f"{name}.".startswith("models.")]:
            del sys.modules[name]
        _import(spec)


def overwritten() -> str | None:
    """A sentence on the first file of ours over which another package's was written since the
    program was installed, or that was taken away with it; None where there is none, or where the
    program runs from its sources."""
    for file in _files():
        if file.parts[0] == "models" and file.suffix == ".py" and _is_another(file):
            path = file.as_posix()
            if _shipped_by(path) is not None or not os.path.exists(file.locate()):
                return _complaint(str(file.locate()), path)
    return None


def _source(spec: ModuleSpec) -> bytes:
    get_data = getattr(spec.loader, "get_data", None)
    return get_data(spec.origin) if get_data is not None and spec.origin is not None else b""


def _import(spec: ModuleSpec) -> ModuleType:
    module = sys.modules["models"] = module_from_spec(spec)
    assert spec.loader is not None
    spec.loader.exec_module(module)
    return module


def _files() -> "list[PackagePath]":
    from importlib.metadata import PackageNotFoundError, files

    try:
        return files(_DISTRIBUTION) or []
    except PackageNotFoundError:
        return []


def _is_another(file: "PackagePath") -> bool:
    """Whether what lies there now isn't what was installed."""
    from base64 import urlsafe_b64encode
    from hashlib import new

    if file.hash is None:
        return False
    try:
        now = file.read_binary()
    except FileNotFoundError:
        return True
    digest = urlsafe_b64encode(new(file.hash.mode, now).digest()).rstrip(b"=").decode()
    return digest != file.hash.value


def _shipped_by(path: str) -> str | None:
    """The name of another distribution that ships a file of that path."""

    def shipping() -> Iterator[str]:
        from importlib.metadata import distributions

        for each in distributions():
            name = each.metadata["Name"]
            if name != _DISTRIBUTION and any(file.as_posix() == path for file in each.files or ()):
                yield name

    return next(shipping(), None)


def _complaint(place: str, path: str) -> str:
    """What is wrong with the file of that path, or with the folder that it makes a package."""
    from venue_tui.locale import _

    if not os.path.exists(place):
        missing = _("%(place)s, a part of Venue TUI, is missing: install Venue TUI anew, into an "
                    "environment of its own, by pipx or uv tool.")  # fmt: skip
        return missing % {"place": place}
    if (owner := _shipped_by(path)) is not None:
        found = _("%(place)s is not Venue TUI's any more, but of the package %(owner)s: install "
                  "Venue TUI into an environment of its own, by pipx or uv tool.")  # fmt: skip
        return found % {"place": place, "owner": owner}
    unknown = _("%(place)s is not Venue TUI's own, but another program's: install Venue TUI into "
                "an environment of its own, by pipx or uv tool.")  # fmt: skip
    return unknown % {"place": place}
