"""Turns rows of text into a dataset's typed columns, whatever order a file has them in."""

from collections.abc import Mapping
from typing import Any

from models.values.datasets import plain
from models.values.problems import Problem, problem
from models.values.text import displayable
from venue_tui.exchange.cells import cells_of
from venue_tui.exchange.dates import Dates
from venue_tui.exchange.encodings import Unreadable
from venue_tui.exchange.mappings import guess
from venue_tui.exchange.read_table import MOST_COMPLAINTS, ReadTable

MOST_ROWS = 400_000
"""Of one file: thirty-six years of a night's staff of thirty, or a month's of thirteen thousand."""
MOST_COLUMNS = 1_000
"""In the first row: no dataset has forty."""
_LONGEST_SHOWN = 60
ROWS_ABOVE = 10  # so far down a header is looked for that isn't on the first row


class RowParsing:
    """Turns rows of text, given a block at a time, into a table's typed columns."""

    def __init__(
        self, table: ReadTable, dates: Dates, mapping: Mapping[str, str], first_line: int = 1
    ) -> None:
        self.rows = 0
        self._first_line = first_line
        self.skipped = 0
        """Blank rows above the header that are no blank lines."""
        self.dates = dates
        self.mapping = mapping
        self._table = table
        self._dataset = table.dataset
        self._cells = cells_of(self._dataset.columns, dates)
        self._values: dict[str, list[Any]] = {name: [] for name in self._dataset.names}
        self._header: list[str] = []
        self._width = 0
        self._places: dict[str, int] = {}
        self._wrong: list[tuple[int, str, Problem]] = []
        self._more_wrong = 0
        self._torn: set[int] = set()
        self._held = 0
        self._headless: set[int] = set()

    def add(self, rows: list[list[str]]) -> None:
        """Takes the next rows of the file, the first of which that isn't blank is the header.
        Raises Unreadable where that is none, or where there are too many."""
        if not self._header:
            rows = self._begin(rows)
        blank = 0
        while rows and not any(map(str.strip, rows[-1])):
            blank += bool(rows.pop())
        if rows and self._held:
            self._count(self._held + len(rows))
            rows = [[""] * self._width] * self._held + rows
            self._held = 0
        self._held += blank
        if set(map(len, rows)) != {self._width}:
            rows = [self._mended(row, at) for at, row in enumerate(filter(None, rows), self.rows)]
        if not rows:
            return
        self._count(len(rows))
        texts = list(zip(*rows, strict=True))
        self._find_blank(rows, texts)
        for name, cells in self._cells.items():
            if name not in self._places:
                self._values[name] += [cells.default] * len(rows)
                continue
            column = texts[self._places[name]]
            self._values[name] += cells.read(column)
            if cells.wrong:
                for at, text in enumerate(column, self.rows):
                    if text in cells.wrong:
                        self._note_wrong(at, name, cells.wrong[text])
        self.rows += len(rows)

    def _count(self, more: int) -> None:
        """Raises Unreadable where so many rows more are too many."""
        if self.rows + more > MOST_ROWS:
            raise Unreadable(
                MOST_ROWS,
                problem("", "the file has more than %(most)s rows: divide it", most=MOST_ROWS),
            )

    def _begin(self, rows: list[list[str]]) -> list[list[str]]:
        """Takes the header from the first rows, and returns those below it."""
        at = 0
        while at < len(rows) and not any(map(str.strip, rows[at])):
            self.skipped += bool(rows[at])
            at += 1
        if at == len(rows):
            return []
        header = rows[at]
        if len(header) > MOST_COLUMNS:
            raise Unreadable(
                at + self._first_line,
                problem("", "the first row has more than %(most)s cells", most=MOST_COLUMNS),
            )
        places = self._places_of(header)
        keys = set(self._dataset.key)
        if not keys & (places.keys() | self._guessed(header)):
            for below in range(at + 1, min(at + 1 + ROWS_ABOVE, len(rows))):
                if keys <= self._places_of(rows[below]).keys() | self._guessed(rows[below]):
                    raise Unreadable(
                        at + self._first_line,
                        problem(
                            "",
                            "the first row is no header; row %(row)s looks like it: delete what"
                            " stands above",
                            row=below + self._first_line,
                        ),
                    )
        self._header = header
        self._places = places
        self._width = max(i for i, word in enumerate(header, 1) if word.strip())
        return rows[at + 1 :]

    def _places_of(self, header: list[str]) -> dict[str, int]:
        places: dict[str, int] = {}
        for place, word in enumerate(header):
            name = self._name_of(word)
            if name:
                places.setdefault(name, place)
        return places

    def _guessed(self, header: list[str]) -> set[str]:
        """The columns that its words may stand for, where they are another program's."""
        return set(guess(self._dataset, header, {}).values())

    def _name_of(self, word: str) -> str | None:
        """The column that a header stands for, "" for one that is passed over, None for none."""
        if plain(word) in self.mapping:
            return self.mapping[plain(word)]
        name = self._dataset.column_of(word)
        return "" if name is None and self._dataset.is_judged(word) else name

    def _mended(self, row: list[str], at: int) -> list[str]:
        """The row at its right length, noted as torn if it hadn't; what is blank beyond it is
        passed over."""
        width = self._width
        if len(row) > width:
            beyond = [i for i, text in enumerate(row[width:], width) if text.strip()]
            if not beyond:
                return row[:width]
            if len(row) == len(self._header):
                self._headless.update(beyond)
                return row[:width]
        elif len(row) == width:
            return row
        self._torn.add(at)
        if any("\0" in text for text in row):
            found = problem("", "holds the control character %(code)s", code="U+0000")
        else:
            found = problem(
                "",
                "the row has %(cells)s cells, and the header %(width)s",
                cells=len(row),
                width=width,
            )
        self._note_wrong(at, "", found)
        return (row + [""] * width)[:width]

    def _find_blank(self, rows: list[list[str]], texts: list[tuple[str, ...]]) -> None:
        """Rows in the middle with nothing in them are one thing wrong each, not one a column."""
        place = self._places.get(self._dataset.key[0])
        if place is None or "" not in texts[place]:
            return
        for at, row in enumerate(rows, self.rows):
            if at not in self._torn and not any(map(str.strip, row)):
                self._torn.add(at)
                self._note_wrong(at, "", problem("", "the row is blank: delete it"))

    def _note_wrong(self, at: int, name: str, found: Problem) -> None:
        if name in self._dataset.key:
            self._table.complete = False
        if name and at in self._torn:
            return  # its cells are out of place: one problem is enough
        self._table.mark_bad(at, name)
        if len(self._wrong) < MOST_COMPLAINTS:
            self._wrong.append((at, name, found))
        else:
            self._more_wrong += 1

    def finish(self) -> None:
        """Hands over what was read, and what was wrong with it."""
        table = self._table
        if not self._header:
            raise Unreadable(1, problem("", "the file is empty: its first line names the columns"))
        table.columns = self._values
        if table.is_hopeless:
            table.complete = False
        self._read_header(table)
        for at, name, found in self._wrong:
            table.refuse(at, name, found)
        table.more_problems += self._more_wrong
        for at in self._torn:
            for name in self._cells.keys() - self._dataset.key:
                self._values[name][at] = None
        table.read_as += self.dates.read_as()
        if self._held:
            table.read_as.append(
                problem("", "%(count)s blank rows at the end are passed over", count=self._held)
            )

    def _read_header(self, table: ReadTable) -> None:
        dataset = self._dataset
        line = self._first_line + self.skipped
        table.header_row = self._header
        for place, word in enumerate(self._header):
            name = self._name_of(word)
            if not word.strip():
                if place < self._width or place in self._headless:
                    found = problem("", "column %(number)s has no header", number=place + 1)
                    table.refuse_line(line, "", found)
            elif name is None:
                found = problem("", "%(dataset)s has no such column", dataset=dataset.name)
                table.refuse_line(line, _shown(word), found)
            elif name and (first := self._places[name]) != place:
                found = problem(
                    name,
                    "stands twice, as columns %(first)s and %(second)s",
                    first=first + 1,
                    second=place + 1,
                )
                table.refuse_line(line, _shown(word), found)
            elif name:
                table.headers[name] = _shown(word)
        chinese = not all(word.isascii() for word in table.headers.values())
        for each in dataset.columns:
            if each.name in self._places:
                continue
            table.headers[each.name] = each.chinese if chinese else each.name
            table.lacking.add(each.name)
            if each.name in dataset.key:
                table.refuse_header(each.name, problem(each.name, "the column is missing"))
                table.bad.update(range(self.rows))
                table.complete = False


def _shown(word: str) -> str:
    shown = displayable(word.strip())
    return shown if len(shown) <= _LONGEST_SHOWN else shown[:_LONGEST_SHOWN] + "…"
