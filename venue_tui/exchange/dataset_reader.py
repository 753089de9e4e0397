"""Reads a dataset's rows into typed columns, and finds everything that is wrong with their cells.

What rows say of each other and of the database is for `models.imports.importer` to check, which
takes these tables; what it finds it adds by `ReadTable.refuse`, so that one report names all.
"""

import csv
import io
import re
from array import array
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from models.values.datasets import Dataset
from models.values.problems import problem
from venue_tui.exchange.dates import Dates
from venue_tui.exchange.encodings import Encoding, Unreadable
from venue_tui.exchange.read_table import ReadTable
from venue_tui.exchange.row_parsing import ROWS_ABOVE, RowParsing

_BLOCK = 500  # rows: few enough to stay in the processor's cache
_BLOCK_CELLS = 100_000
"""So many cells of them at most, or a file of commas alone would be a list of millions."""
_LONGEST = 1_000_000
"""The most characters of a line, and of a cell: many times what any column takes."""
_HEADER = 20_000
"""So many characters of a line say what divides its cells."""
_DELIMITERS = ",;\t"
_SEP = re.compile('"?sep=(.)"?\r?\n?', re.IGNORECASE)


def read_text(
    table: ReadTable, data: bytes, encoding: Encoding, dates: Dates, mapping: Mapping[str, str]
) -> None:
    """Fills a table from the bytes of a CSV file, whatever is wrong with them. `mapping` says
    which column a header stands for that isn't ours (`plain`), or "" for none."""
    try:
        _read_csv(table, data, encoding, RowParsing(table, dates, mapping))
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
    parsing = RowParsing(table, dates, mapping, first_line)
    try:
        for at in range(0, len(rows), _BLOCK):
            parsing.add(list(rows[at : at + _BLOCK]))
            if table.is_hopeless:
                break
        begin = first_line + parsing.skipped + 1
        table.find_lines = lambda: range(begin, begin + len(rows))
        parsing.finish()
    except Unreadable as unreadable:
        _give_up(table, unreadable)


def _give_up(table: ReadTable, unreadable: Unreadable) -> None:
    table.complete = False
    table.forget_bad()
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


def _read_csv(table: ReadTable, data: bytes, encoding: Encoding, parsing: "RowParsing") -> None:
    csv.field_size_limit(_LONGEST)
    while data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]

    def text() -> io.TextIOWrapper:
        return io.TextIOWrapper(io.BytesIO(data), *encoding, newline="")

    delimiter, above = _delimiter(text(), table.dataset)

    def reader() -> Any:
        lines = _lines(text())
        for _ in range(above):
            next(lines)
        # Without `strict`, a quotation mark that is never closed swallows the rest of the file.
        return csv.reader(lines, strict=True, delimiter=delimiter)

    rows = reader()
    try:
        for block in _blocks(rows):
            parsing.add(block)
            if table.is_hopeless:
                break
    except csv.Error:
        table.complete = False
        table.forget_bad()
        numbered = _numbered(reader(), table, above)
        found = len(table.problems) + table.more_problems
        first = next(numbered, None)
        if first is None or len(table.problems) + table.more_problems > found:
            deque(numbered, 0)  # not even the header can be read
            return
        parsing = RowParsing(table, parsing.dates, parsing.mapping)
        lines = array("L")

        def sound() -> Iterator[list[str]]:
            for line, row in chain([first], numbered):
                lines.append(line)
                yield row

        for block in _blocks(sound()):
            parsing.add(block)
            if table.is_hopeless:
                break
        table.find_lines = lambda: lines[1 + parsing.skipped :]
    else:
        if rows.line_num == 1 + parsing.rows and not above:
            table.find_lines = lambda: range(2, 2 + parsing.rows)
        else:
            skipped = 1 + parsing.skipped
            table.find_lines = lambda: array(
                "L", (n for n, _ in islice(_numbered(reader(), table, above), skipped, None))
            )
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
    first, *below = (lines.readline(_HEADER) for _ in range(1 + ROWS_ABOVE))
    said = _SEP.fullmatch(first)
    if said is not None:
        return said[1], 1
    tried = [first, *below]
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


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """The lines of a file. Raises Unreadable at one that is longer than any can be."""
    for number, line in enumerate(iter(lambda: text.readline(_LONGEST + 1), ""), 1):
        if len(line) > _LONGEST:
            raise Unreadable(
                number,
                problem("", "the line has more than %(most)s characters", most=_LONGEST),
            )
        yield line


def _blocks(rows: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    """The rows, so many at a time as are read at once."""
    block: list[list[str]] = []
    cells = 0
    for row in rows:
        block.append(row)
        cells += len(row)
        if len(block) == _BLOCK or cells > _BLOCK_CELLS:
            yield block
            block, cells = [], 0
    if block:
        yield block


def _numbered(reader: Any, table: ReadTable, above: int) -> Iterator[tuple[int, list[str]]]:
    """The rows that aren't blank, each with the line on which it starts; refuses the lines that
    can't be told apart into cells. `above` lines stand before the reader's first."""
    while True:
        line = above + reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            never_closed = "unexpected end" in str(error) or "field limit" in str(error)
            if never_closed:
                found = problem(
                    "", "a quotation mark is opened here and never closed: is the file cut off?"
                )
            else:
                found = problem(
                    "", "a quotation mark stands inside a cell in quotation marks: write it twice"
                )
            table.refuse_line(line, "", found)
            if never_closed or table.is_hopeless:
                return
            continue
        if row:
            yield line, row
