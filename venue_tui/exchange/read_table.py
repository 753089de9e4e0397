"""A file of one dataset as it was read: typed columns, and everything that is wrong with it."""

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from models.values.datasets import MOST_BAD_ROWS, Dataset
from models.values.problems import Problem, problem
from models.values.text import displayable

MOST_COMPLAINTS = 1_000
"""So many things that are wrong with one file are listed; the rest are counted."""


class CellProblem(NamedTuple):
    """What is wrong, and where: `column` is the header as the file has it, or empty where the line
    as a whole is meant."""

    line: int
    column: str
    problem: Problem


@lru_cache(1024)
def _with(columns: frozenset[str], column: str) -> frozenset[str]:
    """These and that: the same one for all the rows of a file that are wrong alike."""
    return columns | {column}


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
        self.torn = 0
        """How many lines of it are no rows."""
        self.notes: list[CellProblem] = []
        self.read_as: list[Problem] = []
        self.bad: set[int] = set()
        self.bad_cells: dict[int, frozenset[str]] = {}
        self.complete = True
        self.sha256 = ""
        self.headers: dict[str, str] = {}
        self.header_row: list[str] = []
        self.find_lines: Callable[[], Sequence[int]] = tuple
        """Finds the line of the file on which each row starts."""

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
        return self.find_lines()

    def line(self, row: int) -> int:
        """The line of the file on which a row starts, counting from 1."""
        return self._lines[row]

    def header(self, column: str) -> str:
        """A column's header as the file writes it, or would write it if it had that column."""
        return self.headers.get(column, column)

    def refuse(self, row: int, column: str, found: Problem) -> None:
        """Adds what is wrong with a cell; with the row as a whole, if `column` is empty."""
        self.mark_bad(row, column)
        self._add(self.line(row), self.header(column), found)

    @property
    def is_hopeless(self) -> bool:
        """Whether so much of it is wrong that the rest need not be looked at."""
        return max(len(self.bad), self.torn) > MOST_BAD_ROWS

    def mark_bad(self, row: int, column: str) -> None:
        """Remembers that something is wrong with a cell; with the row as a whole, if `column` is
        empty."""
        self.bad.add(row)
        self.bad_cells[row] = _with(self.bad_cells.get(row, frozenset()), column)

    def forget_bad(self) -> None:
        """No row of it is known any more."""
        self.bad.clear()
        self.bad_cells.clear()

    def refuse_header(self, column: str, found: Problem) -> None:
        """Adds what is wrong with a column as such."""
        self._add(1, self.header(column), found)

    def refuse_line(self, line: int, column: str, found: Problem) -> None:
        """Adds what is wrong with a line that is no row; `column` as the file has it, or empty."""
        self.torn += 1
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
        if self.is_hopeless:
            rest = problem(
                "",
                "more than %(most)s rows are wrong: what follows them was not looked at",
                most=MOST_BAD_ROWS,
            )
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
