"""What a browser may send to a terminal: sizes that a screen can have, and keys."""

import re

SMALLEST = 1
WIDEST, HIGHEST = 500, 300

_REPORT = re.compile(r"\x1b\[[0-9:;<=>?]*t")
"""A terminal's report of its size, which a browser sends as a message instead."""
_HUGE = re.compile(r"\x1b\[[0-9:;<=>?]*[0-9]{7,}[0-9:;<=>?]*[ -/]*[@-~]")
_BEGUN = re.compile(r"\x1b(\[[0-9:;<=>?]*)?$")
_LONGEST = 64
"""The most characters of a sequence that is not complete."""


def clamped(width: object, height: object) -> tuple[int, int]:
    """A size in cells, within what a screen can have; 80 by 24 where it is no number."""
    return _within(width, 80, WIDEST), _within(height, 24, HIGHEST)


def _within(value: object, otherwise: int, most: int) -> int:
    try:
        number = int(str(value)[:12])
    except ValueError:
        number = otherwise
    return max(SMALLEST, min(number, most))


class InputFilter:
    """Takes out of what is typed the sequences that no keyboard sends, and that a terminal would
    believe: sizes, and numbers that nobody has that many of."""

    def __init__(self) -> None:
        self._begun = ""

    def passed(self, text: str) -> str:
        """What may be handed on. The beginning of a sequence is kept until the rest has come."""
        text = _HUGE.sub("", _REPORT.sub("", self._begun + text))
        self._begun = ""
        begun = _BEGUN.search(text)
        if begun is not None and begun.group() != "\x1b":
            self._begun = begun.group() if len(begun.group()) <= _LONGEST else ""
            text = text[: begun.start()]
        return text
