"""Reads a dataset's rows into typed columns, and finds everything that is wrong with their cells.

What rows say of each other and of the database is for `models.imports.importer` to check, which
takes these tables; what it finds it adds by `ReadTable.refuse`, so that one report names all.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

from models.values.datasets import Dataset, plain
from models.values.problems import Problem, problem
from models.values.text import displayable
from venue_tui.exchange.cells import cells_of
from venue_tui.exchange.dates import Dates
from venue_tui.exchange.encodings import Encoding, Unreadable
from venue_tui.exchange.file_bytes import LARGEST
from venue_tui.exchange.mappings import guess

MOST_ROWS = 500_000
"""Of one file: forty years of a night's staff of thirty, or a month's of sixteen thousand."""

MOST_COMPLAINTS = 1_000
"""So many things that are wrong with one file are listed; the rest are counted."""

_BLOCK = 500  # rows: few enough to stay in the processor's cache
_LONGEST_CELL = LARGEST  # of what the csv module takes; a dataset's columns take less
_LONGEST_SHOWN = 60
_ROWS_ABOVE = 10  # so far down a header is looked for that isn't on the first row
_DELIMITERS = ",;\t"
_SEP = re.compile('"?sep=(.)"?\r?\n?', re.IGNORECASE)


class CellProblem(NamedTuple):
    """What is wrong, and where: `column` is the header as the file has it, or empty where the line
    as a whole is meant."""

    line: int
    column: str
    problem: Problem


class ReadTable:
    """A file of one dataset, or a workbook's sheet, column by column.

    `columns` has every column of the dataset, in its order: str for keys, names, texts and choices,
    bool, date, int for cents, for UTC seconds and for counts; None (or the column's default) for a
    blank and for what can't be read. `lacking` are the columns that the file doesn't have. `bad`
    are the rows with anything wrong. `complete` says that the key of every row of the file is
    known: only then may another file be blamed for naming a row that isn't there. `sha256` is the
    digest of the file's bytes, in hexadecimal. `read_as` says how the file was understood, where
    it is not written as this program would write it.
    """

    def __init__(self, dataset: Dataset, path: Path, sheet: str | None = None) -> None:
        self.dataset = dataset
        self.path = path
        self.sheet = sheet
        self.columns: dict[str, list[Any]] = {name: [] for name in dataset.column}
        self.lacking: set[str] = set()
        self.problems: list[CellProblem] = []
        self.more_problems = 0
        self.notes: list[CellProblem] = []
        self.read_as: list[Problem] = []
        self.bad: set[int] = set()
        self.bad_cells: dict[int, set[str]] = {}
        self.complete = True
        self.sha256 = ""
        self.headers: dict[str, str] = {}
        self.header_row: list[str] = []
        self._find_lines: Callable[[], Sequence[int]] = tuple

    @property
    def name(self) -> str:
        """Of the dataset."""
        return self.dataset.name

    @property
    def label(self) -> str:
        """The file, and the sheet of it, fit for a terminal."""
        return displayable(f"{self.path}[{self.sheet}]" if self.sheet else str(self.path))

    def __len__(self) -> int:
        return len(self.columns[self.dataset.key[0]])

    @cached_property
    def _lines(self) -> Sequence[int]:
        return self._find_lines()

    def line(self, row: int) -> int:
        """The line of the file on which a row starts, counting from 1."""
        return self._lines[row]

    def header(self, column: str) -> str:
        """A column's header as the file writes it, or would write it if it had that column."""
        return self.headers.get(column, column)

    def refuse(self, row: int, column: str, found: Problem) -> None:
        """Adds what is wrong with a cell; with the row as a whole, if `column` is empty."""
        self.bad.add(row)
        self.bad_cells.setdefault(row, set()).add(column)
        self._add(self.line(row), self.header(column), found)

    def refuse_header(self, column: str, found: Problem) -> None:
        """Adds what is wrong with a column as such."""
        self._add(1, self.header(column), found)

    def refuse_line(self, line: int, column: str, found: Problem) -> None:
        """Adds what is wrong with a line that is no row; `column` as the file has it, or empty."""
        self._add(line, column, found)

    def _add(self, line: int, column: str, found: Problem) -> None:
        if len(self.problems) < MOST_COMPLAINTS:
            self.problems.append(CellProblem(line, column, found))
        else:
            self.more_problems += 1

    def note(self, row: int, column: str, found: Problem) -> None:
        """Adds what the writer of the file should know of a cell that is taken all the same."""
        if len(self.notes) < MOST_COMPLAINTS:
            self.notes.append(CellProblem(self.line(row), self.header(column), found))

    def report(self, translate: Callable[[Problem], str] = str) -> list[str]:
        """Each problem as `file:line: column: what is wrong`, by line, fit for a terminal."""
        lines = self._report(self.problems, translate)
        if self.more_problems:
            rest = problem("", "and %(count)s more like these", count=self.more_problems)
            lines.append(f"{self.label}: {translate(rest)}")
        return lines

    def report_notes(self, translate: Callable[[Problem], str] = str) -> list[str]:
        """Each note in the same form."""
        return self._report(self.notes, translate)

    def _report(self, found: list[CellProblem], translate: Callable[[Problem], str]) -> list[str]:
        return [
            f"{self.label}:{line}: {column}{': ' if column else ''}{displayable(translate(each))}"
            for line, column, each in sorted(found, key=lambda each: each.line)
        ]


def read_text(
    table: ReadTable, data: bytes, encoding: Encoding, dates: Dates, mapping: Mapping[str, str]
) -> None:
    """Fills a table from the bytes of a CSV file, whatever is wrong with them. `mapping` says
    which column a header stands for that isn't ours (`plain`), or "" for none."""
    try:
        _read_csv(table, data, encoding, _Parsing(table, dates, mapping))
    except Unreadable as unreadable:
        _give_up(table, unreadable)


def read_rows(
    table: ReadTable,
    rows: Sequence[list[str]],
    first_line: int,
    dates: Dates,
    mapping: Mapping[str, str],
) -> None:
    """Fills a table from the rows of a sheet, whose first is its `first_line`th."""
    parsing = _Parsing(table, dates, mapping)
    try:
        for at in range(0, len(rows), _BLOCK):
            parsing.add(list(rows[at : at + _BLOCK]))
        begin = first_line + parsing.skipped + 1
        table._lines = range(begin, begin + len(rows))
        parsing.finish()
    except Unreadable as unreadable:
        _give_up(table, unreadable)


def _give_up(table: ReadTable, unreadable: Unreadable) -> None:
    table.complete = False
    table.refuse_line(unreadable.line, "", unreadable.problem)


def refuse_repeated_keys(tables: Sequence[ReadTable]) -> None:
    """Reports the keys that stand twice in tables of one dataset, each where it stands again."""
    if not tables:
        return
    names = tables[0].dataset.key
    if len(set(chain.from_iterable(map(_keys, tables)))) == sum(map(len, tables)):
        return
    seen: dict[tuple[Any, ...], tuple[ReadTable, int]] = {}
    for table in tables:
        for row, key in enumerate(_keys(table)):
            if None in key:
                continue
            first, first_row = seen.setdefault(key, (table, row))
            if first is not table or first_row != row:
                where = f"{first.label}:{first.line(first_row)}"
                table.refuse(
                    row,
                    names[-1],
                    problem(names[-1], "the key stands at %(where)s already", where=where),
                )


def _keys(table: ReadTable) -> Iterator[tuple[Any, ...]]:
    return zip(*(table.columns[name] for name in table.dataset.key), strict=True)


def _read_csv(table: ReadTable, data: bytes, encoding: Encoding, parsing: "_Parsing") -> None:
    csv.field_size_limit(_LONGEST_CELL)
    while data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]

    def text() -> io.TextIOWrapper:
        return io.TextIOWrapper(io.BytesIO(data), *encoding, newline="")

    delimiter, above = _delimiter(text(), table.dataset)

    def reader() -> Any:
        lines = text()
        for _ in range(above):
            next(lines)
        # Without `strict`, a quotation mark that is never closed swallows the rest of the file.
        return csv.reader(lines, strict=True, delimiter=delimiter)

    rows = reader()
    try:
        for block in iter(lambda: list(islice(rows, _BLOCK)), []):
            parsing.add(block)
    except csv.Error:
        table.complete = False
        table.bad.clear()
        table.bad_cells.clear()
        broken: list[CellProblem] = []
        sound = list(_numbered(reader(), broken, above))
        for each in broken:
            table.refuse_line(*each)
        if not sound or broken[0].line < sound[0][0]:
            return  # not even the header can be read
        parsing = _Parsing(table, parsing.dates, parsing.mapping)
        parsing.add([row for _, row in sound])
        table._lines = [line for line, _ in sound][1 + parsing.skipped :]
    else:
        if rows.line_num == 1 + parsing.rows and not above:
            table._lines = range(2, 2 + parsing.rows)
        else:
            skipped = 1 + parsing.skipped
            table._find_lines = lambda: [n for n, _ in _numbered(reader(), [], above)][skipped:]
    if encoding.codec not in ("utf-8", "utf-16"):
        shown = {"big5hkscs": "Big5"}.get(encoding.codec, encoding.codec.upper())
        table.read_as.append(problem("", "read as %(encoding)s", encoding=shown))
    if delimiter != ",":
        named = "a tab" if delimiter == "\t" else delimiter
        table.read_as.append(problem("", "cells are divided by %(delimiter)s", delimiter=named))
    if data and not data.rstrip(b"\0").endswith((b"\n", b"\r")):
        table.read_as.append(
            problem("", "the last line has no end: if it was cut off, its last cell is wrong")
        )
    parsing.finish()


def _delimiter(lines: io.TextIOWrapper, dataset: Dataset) -> tuple[str, int]:
    """What divides the cells, and how many lines stand above the header to say so."""
    first = lines.readline(_LONGEST_CELL)
    said = _SEP.fullmatch(first)
    if said is not None:
        return said[1], 1
    tried = [first, *islice(lines, _ROWS_ABOVE)]
    known = {
        each: max(
            sum(dataset.column_of(word.strip('"')) is not None for word in line.split(each))
            for line in tried
        )
        for each in _DELIMITERS
    }
    best = max(_DELIMITERS, key=lambda each: known[each])
    if known[best] == known[","] and first.count(",") >= first.count(best):
        best = ","
    return best, 0


def _numbered(
    reader: Any, broken: list[CellProblem], above: int
) -> Iterator[tuple[int, list[str]]]:
    """The rows that aren't blank, each with the line on which it starts; adds those that can't be
    told apart into cells to `broken`. `above` lines stand before the reader's first."""
    while True:
        line = above + reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end" in str(error):
                found = problem(
                    "", "a quotation mark is opened here and never closed: is the file cut off?"
                )
            else:
                found = problem(
                    "", "a quotation mark stands inside a cell in quotation marks: write it twice"
                )
            broken.append(CellProblem(line, "", found))
            continue
        if row:
            yield line, row


class _Parsing:
    """Turns rows of text, given a block at a time, into a table's typed columns."""

    def __init__(self, table: ReadTable, dates: Dates, mapping: Mapping[str, str]) -> None:
        self.rows = 0
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
            rows = [[""] * self._width] * self._held + rows
            self._held = 0
        self._held += blank
        if set(map(len, rows)) != {self._width}:
            rows = [self._mended(row, at) for at, row in enumerate(filter(None, rows), self.rows)]
        if not rows:
            return
        if self.rows + len(rows) > MOST_ROWS:
            raise Unreadable(
                MOST_ROWS,
                problem("", "the file has more than %(most)s rows: divide it", most=MOST_ROWS),
            )
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

    def _begin(self, rows: list[list[str]]) -> list[list[str]]:
        """Takes the header from the first rows, and returns those below it."""
        at = 0
        while at < len(rows) and not any(map(str.strip, rows[at])):
            self.skipped += bool(rows[at])
            at += 1
        if at == len(rows):
            return []
        header = rows[at]
        places = self._places_of(header)
        keys = set(self._dataset.key)
        if not keys & (places.keys() | self._guessed(header)):
            for below in range(at + 1, min(at + 1 + _ROWS_ABOVE, len(rows))):
                if keys <= self._places_of(rows[below]).keys() | self._guessed(rows[below]):
                    raise Unreadable(
                        at + 1,
                        problem(
                            "",
                            "the first row is no header; row %(row)s looks like it: delete what"
                            " stands above",
                            row=below + 1,
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
        self._table.bad.add(at)
        self._table.bad_cells.setdefault(at, set()).add(name)
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
        table.header_row = self._header
        for place, word in enumerate(self._header):
            name = self._name_of(word)
            if not word.strip():
                if place < self._width or place in self._headless:
                    found = problem("", "column %(number)s has no header", number=place + 1)
                    table.refuse_line(1, "", found)
            elif name is None:
                found = problem("", "%(dataset)s has no such column", dataset=dataset.name)
                table.refuse_line(1, _shown(word), found)
            elif name and (first := self._places[name]) != place:
                found = problem(
                    name,
                    "stands twice, as columns %(first)s and %(second)s",
                    first=first + 1,
                    second=place + 1,
                )
                table.refuse_line(1, _shown(word), found)
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
