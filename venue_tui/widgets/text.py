"""Text measured in a terminal's cells: a Chinese character takes two."""

import re
from functools import cache

from rich.cells import cell_len, chop_cells, set_cell_size

_OPENING = r"（《「『【〈“‘"
_CLOSING = r"，。；：！？、）》」』】〉”’…"
_WIDE = (
    r"\u2e80-\u2fff\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef"
    r"\U00020000-\U0003ffff"
)


@cache
def _unbroken() -> re.Pattern[str]:
    """What stays on one line, and the blanks beside it: a Chinese character, or a word or number of
    others, with the brackets that open before it and the marks that close after it.

    To compile it takes as long as to import a dozen modules, and most screens' lines fit.
    """
    return re.compile(
        rf"\s*(?=\S)[{_OPENING}]*(?:[{_WIDE}]|[^\s{_WIDE}{_OPENING}{_CLOSING}]+)?[{_CLOSING}]*\s*"
    )


def line_breaks(text: str, width: int, fold: bool = True) -> list[int]:
    """Where a line is to be broken for it to fit: the offset of each character that begins a line.

    A line of Chinese is broken between any two characters, but never before a closing mark nor
    after an opening one. What is longer than a line is broken anywhere with `fold`.
    """
    if cell_len(text) <= width:
        return []
    breaks: list[int] = []
    used = 0
    for match in _unbroken().finditer(text):
        start, part = match.start(), match.group()
        shown = part.rstrip()
        if cell_len(shown) <= width - used:
            used += cell_len(part)
            continue
        if start:
            breaks.append(start)
        used = cell_len(part)
        if fold and cell_len(shown) > width:
            *lines, last = chop_cells(shown, width)
            for line in lines:
                start += len(line)
                breaks.append(start)
            used += cell_len(last) - cell_len(shown)
    return breaks


def fit(value: str, width: int, *, right: bool = False) -> str:
    """Text in exactly `width` cells: padded with blanks, or cropped with `…` at its end.

    What people wrote goes through `models.values.text.displayable` first.
    """
    length = cell_len(value)
    if length == width:
        return value
    if length < width:
        blanks = " " * (width - length)
        return blanks + value if right else value + blanks
    if width <= 1:
        return set_cell_size(value, width)
    return set_cell_size(value, width - 1) + "…"
