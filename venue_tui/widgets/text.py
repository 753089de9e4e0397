"""Text measured in a terminal's cells: a Chinese character takes two."""

from rich.cells import cell_len, set_cell_size


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
