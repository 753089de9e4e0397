"""Plain characters for terminals that draw lines, blocks and dots two cells wide.

Unicode calls their width ambiguous: terminals set up for Chinese may give them two cells, and every
row that holds one is then shifted. Where a person asks for it, what goes to the terminal is written
without them, one plain character for each, so that nothing moves.
"""

from typing import TYPE_CHECKING
from unicodedata import east_asian_width, name

if TYPE_CHECKING:
    from textual.driver import Driver

ASKED = "VENUE_TUI_GLYPHS"
"""The environment's word for it, which programs started from this one hear, too."""

_ONE_BY_ONE = {
    "·": ".", "…": ".", "•": "*", "●": "*", "○": "o", "◆": "*", "▶": ">", "◀": "<", "▲": "^",
    "▼": "v", "→": ">", "←": "<", "↑": "^", "↓": "v", "×": "x", "÷": "/", "±": "+", "°": "o",
    "“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "−": "-", "■": "#", "□": "o",
    "★": "*", "☆": "*", "√": "v", "§": "S", "¶": "P", "№": "#", "⏎": "/", "▯": "?",
}  # fmt: skip


def _of(character: str) -> str:
    """The plain character for a line, a block or a dot."""
    called = name(character, "")
    if "SHADE" in called:
        return "."
    if "BLOCK" in called or "QUADRANT" in called:
        eighths = any(part in called for part in ("ONE EIGHTH", "ONE QUARTER", "THREE EIGHTHS"))
        return " " if eighths else "#"
    lines = {"HORIZONTAL": "-", "VERTICAL": "|"}
    found = [plain for word, plain in lines.items() if word in called]
    return found[0] if len(found) == 1 and " AND " not in called else "+"


_PLAIN = {ord(character): plain for character, plain in _ONE_BY_ONE.items()} | {
    code: _of(chr(code)) for code in range(0x2500, 0x25A0)
}


def plain(text: str) -> str:
    """The text with one plain character for each of the lines, blocks and dots in it."""
    return text if text.isascii() else text.translate(_PLAIN)


def ambiguous(text: str) -> set[str]:
    """The characters of the text whose width terminals don't agree on."""
    return {character for character in text if east_asian_width(character) == "A"}


def plainly(driver: "type[Driver]") -> "type[Driver]":
    """The driver, writing plain characters alone."""

    class Plainly(driver):  # type: ignore[misc, valid-type]
        def write(self, data: str) -> None:
            super().write(plain(data))

    return Plainly
