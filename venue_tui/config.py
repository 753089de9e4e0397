"""What a person chose for themselves: other keys, a theme, a language.

All of it is in one TOML file, `config.toml` in the platform's folder for the program's settings:

    theme = "textual-light"
    language = "zh-Hans"
    idle_minutes = 10
    out_minutes = [30, 60]
    glyphs = "ascii"

    [keys]
    waive = "f5"
    "roll.close" = "f6"

A key is given to a verb of `venue_tui.verbs`, on every screen, or to one action by its id. Picking
a theme or a language in the program writes it there, and leaves the rest of the file as it
was written.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

from models.values.files import keep, regular_bytes
from models.values.folders import user_folder
from models.values.text import displayable
from venue_tui.actions import ACTIONS, Action, clashes, of_verb
from venue_tui.locale import LANGUAGES, _
from venue_tui.verbs import VERBS

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

IDLE_MINUTES = 10
OUT_MINUTES = (30, 60)
GLYPHS = ("unicode", "ascii")

LARGEST = 64 * 1024
"""Bytes. What is larger isn't read."""
_MOST_SHOWN = 500


class Config(NamedTuple):
    """`theme` and `language` are None where nothing was chosen; `keys` maps action ids to keys.
    After `idle_minutes` without a key a terminal that somebody signed in at locks itself; 0: never.
    Who is out for as long as the first of `out_minutes` turns amber on Tonight, and red from the
    second on. `glyphs` is one of `GLYPHS`.

    `complaint` is a sentence, in the current language, on what in the file couldn't be used.
    """

    theme: str | None = None
    language: str | None = None
    keys: Mapping[str, str] = {}
    complaint: str | None = None
    idle_minutes: int = IDLE_MINUTES
    out_minutes: tuple[int, int] = OUT_MINUTES
    glyphs: str = GLYPHS[0]


def config_path() -> Path:
    return user_folder("config") / "config.toml"


def load(path: Path | None = None) -> Config:
    """The choices in the file, without those that can't be used; defaults if there is no file."""
    path = path or config_path()
    try:
        text = regular_bytes(path, LARGEST).decode("utf-8-sig")
    except FileNotFoundError:
        return Config()
    except (OSError, ValueError):
        return _complaining(_("%(file)s can't be read: defaults are used.") % {"file": path})
    from models.values import toml

    try:
        data = toml.loads(text)
    except ValueError as error:
        complaint = _("%(file)s isn't valid TOML (%(error)s): defaults are used.")
        return _complaining(complaint % {"file": path, "error": error})
    return _checked(data, path)


def _complaining(complaint: str) -> Config:
    return Config(complaint=_shown(complaint))


def _shown(complaint: str) -> str:
    """A complaint that says what the file holds, whatever that is, on a screen."""
    text = "\n".join(map(displayable, complaint.split("\n")))
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


def _checked(data: dict[str, object], path: Path) -> Config:
    unusable = [name for name in data if name not in Config._fields or name == "complaint"]
    theme, language, keys = data.get("theme"), data.get("language"), data.get("keys", {})
    if not isinstance(theme, str | None):
        theme, unusable = None, [*unusable, "theme"]
    if language is not None and not (isinstance(language, str) and language in LANGUAGES):
        language, unusable = None, [*unusable, "language"]
    idle = data.get("idle_minutes", IDLE_MINUTES)
    if not isinstance(idle, int) or isinstance(idle, bool) or idle < 0:
        idle, unusable = IDLE_MINUTES, [*unusable, "idle_minutes"]
    out = data.get("out_minutes", list(OUT_MINUTES))
    if not _are_minutes(out):
        out, unusable = list(OUT_MINUTES), [*unusable, "out_minutes"]
    glyphs = data.get("glyphs", "unicode")
    if glyphs not in GLYPHS:
        glyphs, unusable = GLYPHS[0], [*unusable, "glyphs"]
    if not isinstance(keys, dict):
        keys, unusable = {}, [*unusable, "keys"]
    usable = {
        name: key
        for name, key in keys.items()
        if (name in ACTIONS or name in VERBS) and _is_key(key)
    }
    unusable += [f"keys.{name}" for name in keys if name not in usable]
    good_keys, taken = _without_clashes(usable)
    sentences = []
    if unusable:
        sentence = _("Not usable in %(file)s, and left out: %(names)s.")
        sentences.append(sentence % {"file": path, "names": ", ".join(unusable)})
    if taken:
        sentence = _("Keys in %(file)s that another has already, and left out: %(names)s.")
        sentences.append(sentence % {"file": path, "names": ", ".join(taken)})
    spoken = language if isinstance(language, str) else None
    said = _shown("\n".join(sentences)) or None
    return Config(theme, spoken, good_keys, said, idle, (out[0], out[1]), str(glyphs))


def _without_clashes(chosen: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The keys by action id, those of verbs given to each of their actions, without those that
    another action has already; and what is said of these."""
    keys = {each.id: key for verb, key in chosen.items() for each in of_verb(verb)}
    keys |= {name: key for name, key in chosen.items() if name in ACTIONS}
    said = []
    while found := clashes(keys):
        id_, other, key = found[0]
        name = id_ if id_ in chosen else ACTIONS[id_].verb
        said.append(
            _("%(name)s = %(key)s (%(other)s)")
            % {"name": name, "key": key, "other": _(ACTIONS[other].title)}
        )
        for each in [id_] if id_ in chosen else of_verb(name):
            keys.pop(each.id if isinstance(each, Action) else each, None)
    return keys, said


def _are_minutes(value: object) -> TypeGuard[list[int]]:
    """Whether it is two numbers of minutes, the second not below the first."""
    if not isinstance(value, list) or len(value) != 2:
        return False
    whole = all(isinstance(each, int) and not isinstance(each, bool) for each in value)
    return whole and 0 <= value[0] <= value[1]


def _is_key(key: object) -> bool:
    """A key as Textual names them: `x`, `f5`, `ctrl+s`, `slash`, or several with commas."""
    parts = key.replace(" ", "").split(",") if isinstance(key, str) else [""]
    return all(len(part) == 1 or re.fullmatch(r"([a-z]+\+)*[a-z0-9_]+", part) for part in parts)


def remember(name: str, value: str, path: Path | None = None) -> None:
    """Writes one choice (`theme` or `language`) into the file, and nothing else of it changes. One
    that isn't valid is left alone. Raises OSError where it can't be written."""
    try:
        path, document = _document(path)
    except ValueError:
        return
    document[name] = value
    keep(path, document.as_string())


def remember_key(verb: str, key: str | None, path: Path | None = None) -> None:
    """Writes which key a verb has, None for the one that it comes with, and nothing else of the
    file changes. Raises OSError where it can't be written, ValueError where it isn't valid."""
    path, document = _document(path)
    keys: Any = document.setdefault("keys", {})
    if key is not None:
        keys[verb] = key
    elif verb in keys:
        del keys[verb]
    keep(path, document.as_string())


def _document(path: Path | None) -> "tuple[Path, TOMLDocument]":
    import tomlkit  # only who writes waits for it

    path = path or config_path()
    text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    return path, tomlkit.parse(text)
