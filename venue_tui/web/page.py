"""The page of `serve`: a terminal and nothing from another host."""

from html import escape
from pathlib import Path
from string import Template

from venue_tui.locale import _, current_language, set_language

_PAGE = Template((Path(__file__).parent / "page.html").read_text(encoding="utf-8"))


def page(font_size: int, language: str) -> str:
    """The HTML of the page in that language. `font_size` is in pixels."""
    before = current_language()
    set_language(language)
    try:
        words = _words()
    finally:
        set_language(before)
    return _PAGE.substitute(
        {name: escape(text) for name, text in words.items()},
        language=language,
        font_size=max(6, min(font_size, 48)),
    )


def _words() -> dict[str, str]:
    return {
        "starting": _("Starting…"),
        "ended": _("The session has ended."),
        "again": _("Start again"),
        "uncopied": _("This browser doesn't let the page copy. Copy it by hand from here:"),
        "done": _("Done"),
        "keys": _("Keys"),
        "keyboard": _("Keyboard"),
        "palette": _("Command palette"),
        "space": _("Space"),
        "left": _("Left arrow"),
        "right": _("Right arrow"),
        "up": _("Up"),
        "down": _("Down"),
    }
