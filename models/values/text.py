"""What people write: what a name, a key and a note may hold, and how any of it is shown safely.

Almost everything is allowed: `[red]`, `=小美`, quotes and emoji are names that somebody has.
Refused is what can't be stored, what moves a terminal's cursor, and what turns the reading
direction round, so that a name on the screen is never other than the name in the database.
"""

import re
from unicodedata import category, normalize

from models.values.problems import Problem, problem

NAME_LENGTH = 1_000
NOTE_LENGTH = 10_000

_ZERO_WIDTH_JOINER = "\u200d"  # holds family and profession emoji together
_SURROGATE = "[\ud800-\udfff]"
_DIRECTION = "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"  # Bidi_Control
_CONTROL = "[\x00-\x1f\x7f-\x9f\u2028\u2029]"

# Each of these is one cell wide on every terminal; U+FFFD, the usual replacement, is ambiguous
# and takes two on Chinese ones.
_NEWLINE = "⏎"
_INVISIBLE = "▯"
_NEWLINES = frozenset("\n\x85\u2028\u2029")


def name_problem(value: str, field: str = "name") -> Problem | None:
    """What is wrong with a name, or None. White space around and inside it is the person's own."""
    if not value.strip():
        return problem(field, "may not be blank")
    if len(value) > NAME_LENGTH:
        return problem(field, "is longer than %(most)s characters", most=NAME_LENGTH)
    if value.isprintable():
        return None
    if found := re.search(_CONTROL, value):
        return problem(field, "holds the control character %(code)s", code=_code(found))
    if found := re.search(_DIRECTION, value):
        return problem(field, "holds %(code)s, which changes text direction", code=_code(found))
    return _unstorable(value, field)


def key_problem(value: str, field: str = "key") -> Problem | None:
    """What is wrong with a number or code by which something is found again, or None."""
    if (wrong := name_problem(value, field)) is not None:
        return wrong
    if value != value.strip():
        return problem(field, "may not begin or end with a space")
    return None


def note_problem(value: str, field: str = "note") -> Problem | None:
    """What is wrong with free text of any number of lines, or None. It may be blank."""
    if len(value) > NOTE_LENGTH:
        return problem(field, "is longer than %(most)s characters", most=NOTE_LENGTH)
    if "\0" in value:
        return problem(field, "holds the control character %(code)s", code="U+0000")
    return _unstorable(value, field)


def bare_number(number: str) -> str:
    """The number for comparing with what a machine makes of it: without leading zeros, spaces,
    full-width forms and capitals."""
    text = normalize("NFKC", number).strip().casefold()
    return (text.lstrip("0") or "0") if text.isdigit() else text


def displayable(value: str) -> str:
    """The text as it may be sent to a terminal, on one line: control characters as their
    pictures, newlines as `⏎`, invisible format characters as `▯`. Plain text is returned as is."""
    if value.isprintable():
        return value
    return "".join(map(_shown, value.replace("\r\n", "\n")))


def _shown(char: str) -> str:
    if char in _NEWLINES:
        return _NEWLINE
    if char < " ":
        return chr(0x2400 + ord(char))
    if char == "\x7f":
        return "␡"
    if char != _ZERO_WIDTH_JOINER and category(char) in ("Cc", "Cf", "Cs"):
        return _INVISIBLE
    return char


def _unstorable(value: str, field: str) -> Problem | None:
    if value.isprintable():
        return None
    # Half of a surrogate pair can't be written as UTF-8, and so neither stored nor exported.
    if found := re.search(_SURROGATE, value):
        return problem(field, "holds the broken character %(code)s", code=_code(found))
    return None


def _code(found: re.Match[str]) -> str:
    return f"U+{ord(found[0]):04X}"
