"""What the program says, in English, 简体中文 and 繁體中文.

Source messages are English and need no catalog, so nothing is loaded until another language is
asked for. The language is the process's own: one process serves one person.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import NullTranslations

LANGUAGES: dict[str, str] = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
"""Each language's tag and its name in itself."""

_TRADITIONAL = {"tw", "hk", "mo", "hant"}

_tag = "en"
_catalog: "NullTranslations | None" = None


def _(message: str) -> str:
    """The message in the current language; the message itself where there is no translation."""
    return _catalog.gettext(message) if _catalog is not None and message else message


def ngettext(singular: str, plural: str, n: int) -> str:
    """The message for `n` things in the current language."""
    if _catalog is not None:
        return _catalog.ngettext(singular, plural, n)
    return singular if n == 1 else plural


def N_(message: str) -> str:
    """Marks a message for the catalogs where it stands; `_()` translates it where it is shown."""
    return message


def current_language() -> str:
    """The tag of the language spoken now, a key of `LANGUAGES`."""
    return _tag


def set_language(tag: str) -> None:
    """Speak `tag` from now on. Raises ValueError, with a sentence, for any but `LANGUAGES`."""
    global _catalog, _tag
    if tag not in LANGUAGES:
        there_are = ", ".join(LANGUAGES)
        raise ValueError(f"no such language: {tag}; there are {there_are}")
    _catalog = None if tag == "en" else _load(tag)
    _tag = tag


def _load(tag: str) -> "NullTranslations":
    from gettext import GNUTranslations

    folder = Path(__file__).parent / tag.replace("-", "_")
    with (folder / "LC_MESSAGES" / "venue_tui.mo").open("rb") as file:
        return GNUTranslations(file)


def language_of(name: str) -> str | None:
    """The tag that a locale's name asks for, or None if the program doesn't speak it.

    `zh_TW.UTF-8`, `zh-HK` and `zh_Hant` are zh-Hant, every other `zh` is zh-Hans.
    """
    parts = name.partition(".")[0].partition("@")[0].replace("-", "_").lower().split("_")
    if parts[0] == "zh":
        return "zh-Hant" if _TRADITIONAL.intersection(parts[1:]) else "zh-Hans"
    return "en" if parts[0] in ("en", "c", "posix") else None


def language_from_environment(environ: Mapping[str, str]) -> str:
    """The tag of the first language the environment asks for that the program speaks, or `en`.

    Looked at in gettext's order: LANGUAGE (a list), LC_ALL, LC_MESSAGES, LANG.
    """
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environ.get(variable):
            for name in value.split(":"):
                if tag := language_of(name):
                    return tag
            if variable != "LANGUAGE":
                break
    return "en"
