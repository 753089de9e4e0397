"""How wide a list's columns are: by what stands in them, in the room that there is."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len

from venue_tui.widgets.text import line_breaks

MEASURED = 200
"""So many rows are looked at; what a longer list holds further down may be wider."""
_AIR = 3
_GIVES = 2


class Column(NamedTuple):
    """A column of `width` cells, and more where its cells need it and there is room. Those with a
    `share` get that part of the room first; the last of them gives `_GIVES` cells to a frame around
    the list.

    `tinted` columns alone take a row's style, if there is one; else the whole row does. Where there
    is no room for all, those that are `spare` are left out, the least first, before anything
    scrolls sideways.
    """

    title: str
    width: int
    share: int = 0
    right: bool = False
    tinted: bool = False
    spare: int = 0


class Columns:
    """The columns of a list, the first `fixed` of which stay where they are when the others are
    scrolled sideways. What has been wider once stays so: rows that come and go move nothing. Those
    that line up with `others`' only share what is left over, and give nothing of theirs."""

    def __init__(self, columns: Sequence[Column], fixed: int, *, others: bool) -> None:
        self.all = tuple(columns)
        self.fixed = fixed
        self._others = others
        self.widths: tuple[int, ...] = tuple(each.width for each in columns)
        """The cells of each column; -1 for one that is left out."""
        self.titles = [tuple(each.title for each in columns)]
        """The titles, on as many lines as they take."""
        self.stops: tuple[int, ...] = (0,)
        """How far it may be scrolled sideways: to the beginning of a column each time."""
        self._needs = [0] * len(self.all)
        self._whole = False

    def replaced(self, columns: Sequence[Column]) -> "Columns":
        """Other columns for the same list."""
        return Columns(columns, self.fixed, others=self._others)

    def look_at(self, rows: Sequence[tuple[str, ...]], *, whole: bool) -> None:
        """Measures the cells of rows; `whole` says that these are all there are."""
        needs = self._needs
        for cells in rows:
            for at, cell in enumerate(cells[: len(needs)]):
                if (length := cell_len(cell)) > needs[at]:
                    needs[at] = length
        self._whole = whole and bool(rows)

    def holds(self, cells: Iterable[str]) -> bool:
        """Whether nothing in that row is wider than what has been measured so far."""
        return all(cell_len(cell) <= need for cell, need in zip(cells, self._needs, strict=False))

    def lay_out(self, room: int) -> bool:
        """Works out `widths`, `titles` and `stops` for so many cells. Returns whether anything is
        another than before."""
        before = self.widths, self.titles
        there = self._there(room)
        widths = self._widths(there, room)
        self.widths = tuple(widths.get(at, -1) for at in range(len(self.all)))
        self.titles = _titles([each.title for each in self.all], self.widths)
        self.stops = self._stops(there, room)
        return before != (self.widths, self.titles)

    def shown(self, scrolled: int, room: int) -> list[tuple[int, int]]:
        """The columns to be seen and their widths: none of them in part, unless there is room for
        no other."""
        found: list[tuple[int, int]] = []
        left = room - 1
        start = 0
        for at, width in enumerate(self.widths):
            if width < 0:
                continue
            if at >= self.fixed:
                start += width + 1
                if start - width - 1 < scrolled:
                    continue
                if width > left and found and found[-1][0] >= self.fixed:
                    break
            found.append((at, min(width, max(0, left))))
            left -= width + 1
        return found

    def titles_at(self, scrolled: int, room: int) -> list[tuple[str, ...]]:
        """The lines of titles that are needed for the columns to be seen."""
        if len(self.titles) == 1:
            return self.titles
        above, below = self.titles
        return (
            self.titles if any(above[at] for at, _width in self.shown(scrolled, room)) else [below]
        )

    def _give(self, at: int) -> int:
        """The cells that a column can do without, for another."""
        if self._others or not self._whole:
            return 0
        return max(0, self._usual(at) - max(self._needs[at], cell_len(self.all[at].title)))

    def _usual(self, at: int) -> int:
        """The cells that a column has where there is room; an amount is never cut."""
        column = self.all[at]
        return max(column.width, self._needs[at]) if column.right else column.width

    def _least(self, there: Iterable[int]) -> int:
        """What columns share is no reason to scroll sideways: it shrinks when a scrollbar comes."""
        there = list(there)
        gives = _GIVES if any(self.all[at].share for at in there) else 0
        return sum(self._usual(at) - self._give(at) + 1 for at in there) + 1 - gives

    def _there(self, room: int) -> list[int]:
        """The columns for which there is room."""
        there = list(range(len(self.all)))
        spare = [at for at in there if self.all[at].spare]
        for at in sorted(spare, key=lambda at: self.all[at].spare):
            if self._least(there) > room:
                there.remove(at)
        return there

    def _widths(self, there: Sequence[int], room: int) -> dict[int, int]:
        widths = {at: self._usual(at) for at in there}
        wants = {at: max(width, self._needs[at]) for at, width in widths.items()}
        left = room - 1 - sum(widths.values()) - len(there)
        for at in there:
            given = max(0, min(self._give(at), sum(wants.values()) - sum(widths.values()) - left))
            widths[at] -= given
            wants[at] -= given
            left += given
        sharing = [at for at in there if self.all[at].share]
        if left <= 0:
            if sharing and left >= -_GIVES:
                widths[sharing[-1]] += left
            return widths
        for at in there:
            if not self.all[at].share:  # what people are known by, and amounts, come first
                more = min(wants[at] - widths[at], left)
                widths[at] += more
                left -= more
        while left > 0 and (wanting := [at for at in sharing if widths[at] < wants[at]]):
            shares = sum(self.all[at].share for at in wanting)
            part = left
            for at in wanting:
                more = max(1, part * self.all[at].share // shares)
                more = min(more, wants[at] - widths[at], left)
                widths[at] += more
                left -= more
        if self._others:
            shares = sum(self.all[at].share for at in sharing)
            for at in sharing:
                widths[at] += left * self.all[at].share // shares
            return widths
        air = min(_AIR, left // len(there)) if sharing else 0
        return {at: width + air for at, width in widths.items()}

    def _stops(self, there: Sequence[int], room: int) -> tuple[int, ...]:
        kept = sum(self.widths[at] + 1 for at in there if at < self.fixed)
        moving = [self.widths[at] + 1 for at in there if at >= self.fixed]
        stops = [0]
        # The blank after the last one may be cut off.
        while len(stops) < len(moving) and sum(moving[len(stops) - 1 :]) - 1 > room - 1 - kept:
            stops.append(stops[-1] + moving[len(stops) - 1])
        return tuple(stops)


def _titles(titles: Sequence[str], widths: Sequence[int]) -> list[tuple[str, ...]]:
    """The lines of titles: two where one of them is longer than its column, else one."""
    broken: list[tuple[str, str]] = []
    for title, width in zip(titles, widths, strict=True):
        if cell_len(title) <= width or width < 0:
            broken.append(("", title))
            continue
        at = next(iter(line_breaks(title, width, fold=False)), 0)
        broken.append((title[:at].rstrip(), title[at:]))
    if not any(above for above, _below in broken):
        return [tuple(below for _above, below in broken)]
    return [tuple(above for above, _below in broken), tuple(below for _above, below in broken)]


def two_lines(title: str) -> int:
    """The cells that a title takes on two lines, where it has a place to be broken."""
    places = [at for at, character in enumerate(title) if character == " "]
    whole = cell_len(title)
    return min([whole, *(max(cell_len(title[:at]), cell_len(title[at + 1 :])) for at in places)])
