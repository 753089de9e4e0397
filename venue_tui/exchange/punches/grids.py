"""A file's cells as rows of sheets: workbooks (XLSX, XLS, ODS), CSV, and the HTML or XML that many
programs save under a workbook's name. What it is, its first bytes say, never its name."""

import csv
import io
from collections.abc import Callable
from html.parser import HTMLParser
from typing import NamedTuple

from models.values.problems import Refused, refused
from venue_tui.exchange.encodings import Unreadable
from venue_tui.exchange.punches.time_parsing import Cell
from venue_tui.exchange.workbook_limits import MOST_CELLS
from venue_tui.exchange.workbooks import cell_sheets

_DELIMITERS = ",\t;"
_HEAD_ROWS = 100
"""Within so many rows a table or a grid of punches says that it is one."""


class PunchSheet(NamedTuple):
    """A sheet's rows from its first, blank ones too, so that a row's place is its number."""

    name: str
    rows: list[list[Cell]]


def workbook(data: bytes) -> list[PunchSheet]:
    """The sheets of a workbook. Raises Refused for one that is damaged, locked, or too large."""
    try:
        return [
            PunchSheet(name, [[]] * (first_line - 1) + rows)
            for name, first_line, rows in cell_sheets(data)
        ]
    except Unreadable as error:
        raise Refused(error.problem) from None


def csv_sheet(text: str, reads_on: Callable[[PunchSheet], bool]) -> PunchSheet:
    """The rows of a text file, whose delimiter is the one that its first lines hold most: the first
    ones alone, where those say that there is nothing to be read. Raises Refused for one of more
    cells than a workbook may have."""
    head = text[:4096]
    delimiter = max(_DELIMITERS, key=head.count)
    limit = csv.field_size_limit(len(text) + 1)
    sheet, cells = PunchSheet("", []), 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False):
            sheet.rows.append(list(row))
            cells += len(row)
            if len(sheet.rows) == _HEAD_ROWS and not reads_on(sheet):
                break
            if cells > MOST_CELLS:
                raise refused("file", "the file is too large to be one of a punch clock")
    finally:
        csv.field_size_limit(limit)
    return sheet


def is_markup(text: str) -> bool:
    """Whether the text is HTML or the XML of an old spreadsheet."""
    return text.lstrip()[:1] == "<"


def markup_sheet(text: str) -> PunchSheet:
    """The rows of every table in HTML, or in an Excel 2003 XML workbook, one after the other."""
    parser = _Tables()
    parser.feed(text)
    parser.close()
    return PunchSheet("", parser.rows)


class _Tables(HTMLParser):
    """Reads `tr` and `td` of HTML, and `Row` and `Cell` of Excel's XML, which skips blank cells."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[Cell]] = []
        self._text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag = tag.rpartition(":")[2]
        if tag in ("tr", "row"):
            self._end_cell()
            self.rows.append([])
        elif tag in ("td", "th", "cell") and self.rows:
            self._end_cell()
            place = dict(attrs).get("ss:index") or ""
            row = self.rows[-1]
            if place.isdigit() and len(row) < int(place) <= 16_384:
                row.extend([""] * (int(place) - 1 - len(row)))
            self._text = []
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag.rpartition(":")[2] in ("td", "th", "cell", "tr", "row"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def close(self) -> None:
        super().close()
        self._end_cell()

    def _end_cell(self) -> None:
        if self._text is not None and self.rows:
            self.rows[-1].append("".join(self._text).strip())
        self._text = None


def text_of(cell: Cell) -> str:
    """A cell as the text that a person sees in it."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.strip() if isinstance(cell, str) else str(cell)
