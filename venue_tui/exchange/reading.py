"""Reads a dataset's file into typed columns, and finds everything that is wrong with its cells.

What rows say of each other and of the database is for `models.imports.importer` to check, which
takes these
tables; what it finds it adds by `ReadTable.refuse`, so that one report names all.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

from models.values.datasets import DATASETS, Dataset
from models.values.nights import Calendar
from models.values.problems import Problem, problem
from models.values.text import displayable
from venue_tui.exchange.cells import cells_of
from venue_tui.exchange.encodings import Unreadable, encoding_of

_BLOCK = 500  # rows: few enough to stay in the processor's cache
_LONGEST_CELL = 2**31 - 1  # of what the csv module takes; a dataset's columns take less
_LONGEST_SHOWN = 60


class CellProblem(NamedTuple):
    """What is wrong, and where: `column` is the header as the file has it, or empty where the line
    as a whole is meant."""

    line: int
    column: str
    problem: Problem


class ReadTable:
    """A dataset's file, column by column.

    `columns` has every column of the dataset, in its order: str for keys, names, texts and choices,
    bool, date, int for cents, for UTC seconds and for counts; None (or the column's default) for a
    blank and for what can't be read. `bad` are the rows with anything wrong. `complete` says that
    the key of every row of the file is known: only then may another file be blamed for naming a row
    that isn't there. `sha256` is the digest of the file's bytes, in hexadecimal.
    """

    def __init__(self, dataset: Dataset, path: Path) -> None:
        self.dataset = dataset
        self.path = path
        self.columns: dict[str, list[Any]] = {name: [] for name in dataset.column}
        self.problems: list[CellProblem] = []
        self.notes: list[CellProblem] = []
        self.bad: set[int] = set()
        self.complete = True
        self.sha256 = ""
        self.headers: dict[str, str] = {}
        self._find_lines: Callable[[], Sequence[int]] = tuple

    @property
    def name(self) -> str:
        """Of the dataset."""
        return self.dataset.name

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
        self.problems.append(CellProblem(self.line(row), self.header(column), found))

    def note(self, row: int, column: str, found: Problem) -> None:
        """Adds what the writer of the file should know of a cell that is taken all the same."""
        self.notes.append(CellProblem(self.line(row), self.header(column), found))

    def report(self, translate: Callable[[Problem], str] = str) -> list[str]:
        """Each problem as `file:line: column: what is wrong`, by line, fit for a terminal."""
        return self._report(self.problems, translate)

    def report_notes(self, translate: Callable[[Problem], str] = str) -> list[str]:
        """Each note in the same form."""
        return self._report(self.notes, translate)

    def _report(self, found: list[CellProblem], translate: Callable[[Problem], str]) -> list[str]:
        file = displayable(str(self.path))
        return [
            f"{file}:{line}: {column}{': ' if column else ''}{displayable(translate(each))}"
            for line, column, each in sorted(found, key=lambda each: each.line)
        ]


def dataset_of(path: Path) -> Dataset | None:
    """The dataset that a file holds by its name, `<dataset>.csv`; None for files of other names."""
    return DATASETS.get(path.stem) if path.suffix.lower() == ".csv" else None


def read_dataset(path: Path, calendar: Calendar) -> ReadTable:
    """Reads a file named `<dataset>.csv`, whatever is in it or wrong with it."""
    dataset = dataset_of(path)
    if dataset is None:
        raise ValueError(f"{path} is not named after a dataset")
    table = ReadTable(dataset, path)
    try:
        data = _bytes_of(path)
        table.sha256 = sha256(data).hexdigest()
        _fill(table, data, calendar)
    except Unreadable as unreadable:
        table.complete = False
        table.problems.append(CellProblem(unreadable.line, "", unreadable.problem))
    return table


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
                where = f"{displayable(str(first.path))}:{first.line(first_row)}"
                table.refuse(
                    row,
                    names[-1],
                    problem(names[-1], "the key stands at %(where)s already", where=where),
                )


def _keys(table: ReadTable) -> Iterator[tuple[Any, ...]]:
    return zip(*(table.columns[name] for name in table.dataset.key), strict=True)


def _bytes_of(path: Path) -> bytes:
    try:
        if not path.is_dir():
            return path.read_bytes()
        found = problem("", "is a folder, not a file")
    except FileNotFoundError:
        found = problem("", "there is no such file")
    except PermissionError:
        found = problem("", "you may not open the file")
    except OSError as error:
        found = problem("", "the file can't be read: %(why)s", why=error.strerror)
    raise Unreadable(1, found)


def _fill(table: ReadTable, data: bytes, calendar: Calendar) -> None:
    csv.field_size_limit(_LONGEST_CELL)
    encoding, errors = encoding_of(data, table.dataset.headers)

    def reader() -> Any:
        # Without `strict`, a quotation mark that is never closed swallows the rest of the file.
        text = io.TextIOWrapper(io.BytesIO(data), encoding, errors, newline="")
        return csv.reader(text, strict=True)

    rows = reader()
    parsing = _Parsing(table.dataset, calendar)
    try:
        for block in iter(lambda: list(islice(rows, _BLOCK)), []):
            parsing.add(block)
    except csv.Error:
        table.complete = False
        sound = list(_numbered(reader(), table.problems))
        if not sound or table.problems[0].line < sound[0][0]:
            return  # not even the header can be read
        parsing = _Parsing(table.dataset, calendar)
        parsing.add([row for _, row in sound])
        table._lines = [line for line, _ in sound][1:]
    else:
        if rows.line_num == 1 + parsing.rows:
            table._lines = range(2, 2 + parsing.rows)
        else:
            table._find_lines = lambda: [line for line, _ in _numbered(reader(), [])][1:]
    parsing.into(table)


def _numbered(reader: Any, broken: list[CellProblem]) -> Iterator[tuple[int, list[str]]]:
    """The rows that aren't blank, each with the line on which it starts; adds those that can't be
    told apart into cells to `broken`."""
    while True:
        line = reader.line_num + 1
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
    """Turns rows of text, given a block at a time, into typed columns."""

    def __init__(self, dataset: Dataset, calendar: Calendar) -> None:
        self.rows = 0
        self._dataset = dataset
        self._cells = cells_of(dataset.columns, calendar)
        self._values: dict[str, list[Any]] = {each.name: [] for each in dataset.columns}
        self._header: list[str] = []
        self._places: dict[str, int] = {}
        self._wrong: list[tuple[int, str, Problem]] = []
        self._torn: set[int] = set()

    def add(self, rows: list[list[str]]) -> None:
        """Takes the next rows of the file, the first of which that isn't blank is the header."""
        if not self._header:
            rows = list(filter(None, rows))
            if not rows:
                return
            self._header = rows.pop(0)
            for place, word in enumerate(self._header):
                if (name := self._dataset.column_of(word)) is not None:
                    self._places.setdefault(name, place)
        width = len(self._header)
        if set(map(len, rows)) != {width}:
            rows = [self._mended(row, at) for at, row in enumerate(filter(None, rows), self.rows)]
        if not rows:
            return
        texts = list(zip(*rows, strict=True))
        for name, cells in self._cells.items():
            if name not in self._places:
                self._values[name] += [cells.default] * len(rows)
                continue
            column = texts[self._places[name]]
            self._values[name] += cells.read(column)
            if cells.wrong:
                self._wrong += (
                    (at, name, cells.wrong[text])
                    for at, text in enumerate(column, self.rows)
                    if text in cells.wrong
                )
        self.rows += len(rows)

    def _mended(self, row: list[str], at: int) -> list[str]:
        """The row at its right length, noted as torn if it hadn't."""
        width = len(self._header)
        if len(row) == width:
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
        self._wrong.append((at, "", found))
        return (row + [""] * width)[:width]

    def into(self, table: ReadTable) -> None:
        """Hands over what was read, and what was wrong with it."""
        if not self._header:
            raise Unreadable(1, problem("", "the file is empty: its first line names the columns"))
        table.columns = self._values
        self._read_header(table)
        key = self._dataset.key
        for at, name, found in self._wrong:
            if at not in self._torn or not name:  # of a torn row, whose cells are out of place,
                table.refuse(at, name, found)  # one problem is enough
            if name in key:
                table.complete = False
        for at in self._torn:
            for name in self._cells.keys() - key:
                self._values[name][at] = None

    def _read_header(self, table: ReadTable) -> None:
        dataset = self._dataset

        def refuse(header: str, found: Problem) -> None:
            table.problems.append(CellProblem(1, header, found))

        for place, word in enumerate(self._header):
            name = dataset.column_of(word)
            if not word:
                refuse("", problem("", "column %(number)s has no header", number=place + 1))
            elif name is None:
                found = problem("", "%(dataset)s has no such column", dataset=dataset.name)
                refuse(_shown(word), found)
            elif (first := self._places[name]) != place:
                found = problem(
                    name,
                    "stands twice, as columns %(first)s and %(second)s",
                    first=first + 1,
                    second=place + 1,
                )
                refuse(word, found)
            else:
                table.headers[name] = word
        chinese = not all(word.isascii() for word in table.headers.values())
        for each in dataset.columns:
            if each.name in self._places:
                continue
            table.headers[each.name] = each.chinese if chinese else each.name
            if each.required:
                found = problem(each.name, "the column is missing, and may not be blank")
                refuse(table.headers[each.name], found)
                table.bad.update(range(self.rows))
                if each.name in dataset.key:
                    table.complete = False


def _shown(word: str) -> str:
    shown = displayable(word)
    return shown if len(shown) <= _LONGEST_SHOWN else shown[:_LONGEST_SHOWN] + "…"
