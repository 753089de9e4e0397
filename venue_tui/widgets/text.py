"""Text measured in a terminal's cells: a Chinese character takes two."""

from rich.cells import cell_len, chop_cells, set_cell_size


def line_breaks(text: str, width: int, fold: bool = True) -> list[int]:
    """Where a line is to be broken for it to fit: the offset of each character that begins a line.

    A line of Chinese is broken between any two characters, but never before a closing mark nor
    after an opening one. What is longer than a line is broken anywhere with `fold`.
    """
    if cell_len(text) <= width:
        return []
    from venue_tui.widgets.unbroken import UNBROKEN

    breaks: list[int] = []
    used = 0
    for match in UNBROKEN.finditer(text):
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
