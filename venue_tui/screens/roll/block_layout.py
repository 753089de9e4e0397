"""Blocks of people, and where they stand beside each other: in sight, if they can be."""

from collections.abc import Sequence
from typing import NamedTuple

from textual.geometry import Size

NARROWEST = 24
"""The cells that a block takes at least."""
WIDEST = 44


class NameLine(NamedTuple):
    """A line: a name, a `hint` after it, and at the right what they are, in a style of `STYLES`,
    and since when. `short` is the hint where there is less room."""

    key: str
    name: str
    state: str = ""
    time: str = ""
    hint: str = ""
    short: str = ""
    style: str = ""
    hint_style: str = "warning"


class Block(NamedTuple):
    """A team: `title` and `tally` stand above its people, `note` below."""

    key: str
    title: str
    tally: str
    people: tuple[NameLine, ...]
    note: str = ""


class Part(NamedTuple):
    """Some people of a block, where they stand: `first` is the place of the first of them among
    all, `size` how many there are; the lines of title and foot come beside."""

    block: int
    first: int
    size: int
    x: int
    y: int
    width: int
    framed: bool
    begins: bool
    """Whether it is the first part of its block."""

    @property
    def height(self) -> int:
        return self.size + (2 if self.framed else 1)


def arranged(sizes: Sequence[int], room: Size) -> tuple[list[Part], int]:
    """Where blocks of so many people stand, and how many lines they take: side by side in rows, or
    one below the other in columns, framed or not, whichever first has all of them on the screen at
    once; else in rows, framed, to be scrolled by block."""
    across = max(1, room.width // NARROWEST)
    for framed in (True, False):
        for place in (_in_rows, _in_columns):
            parts, height = place(sizes, room, across, framed)
            if height <= room.height:
                return parts, height
    return _in_rows(sizes, room, across, True)


_Piece = tuple[int, int, int, bool]
"""(block, first, size, whether it is the block's first)"""


def _pieces(sizes: Sequence[int], most: int) -> list[_Piece]:
    """Each block, broken where it has more than so many."""
    pieces: list[_Piece] = []
    first = 0
    for block, size in enumerate(sizes):
        parts = max(1, -(-size // max(1, most)))
        for part in range(parts):
            n = size * (part + 1) // parts - size * part // parts
            pieces.append((block, first, n, part == 0))
            first += n
    return pieces


def _width(room: Size, across: int) -> int:
    return min(WIDEST, room.width // across)


def _in_rows(sizes: Sequence[int], room: Size, across: int, framed: bool) -> tuple[list[Part], int]:
    pieces = _pieces(sizes, room.height - (2 if framed else 1))
    width = _width(room, min(across, max(1, len(pieces))))
    parts: list[Part] = []
    y = 0
    for start in range(0, len(pieces), across):
        row = [
            Part(block, first, size, width * column, y, width, framed, begins)
            for column, (block, first, size, begins) in enumerate(pieces[start : start + across])
        ]
        parts += row
        y += max(part.height for part in row)
    return parts, y


def _in_columns(
    sizes: Sequence[int], room: Size, across: int, framed: bool
) -> tuple[list[Part], int]:
    """In the order of reading down each column, all of them as low as they can be."""
    edge = 2 if framed else 1
    pieces = _pieces(sizes, room.height - edge)
    total = sum(size + edge for _block, _first, size, _begins in pieces)
    lowest = max((size + edge for _block, _first, size, _begins in pieces), default=0)
    for height in range(max(lowest, -(-total // across)), total + 1):
        columns: list[list[_Piece]] = [[]]
        used = 0
        for piece in pieces:
            if used + piece[2] + edge > height:
                columns.append([])
                used = 0
            columns[-1].append(piece)
            used += piece[2] + edge
        if len(columns) <= across or height > room.height:
            break
    else:
        return [], 0
    width = _width(room, max(1, len(columns)))
    parts: list[Part] = []
    for n, column in enumerate(columns):
        y = 0
        for block, first, size, begins in column:
            parts.append(Part(block, first, size, width * n, y, width, framed, begins))
            y += size + edge
    return parts, height
