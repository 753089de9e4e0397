"""Writes rows as an XLSX workbook, for people: texts stay texts, amounts and dates real ones.

What a sheet holds begins with its header in row 1, so that it is imported again as it is; a row of
totals says so in its first cell.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from io import BytesIO
from itertools import groupby
from math import ceil
from typing import Any, BinaryIO

from rich.cells import cell_len

from models.values.datasets import WORDS, CellKind, FileColumn
from models.values.files import scratch
from models.values.problems import refused
from venue_tui.exchange.sheet_layout import SheetLayout

Row = Sequence[str | None]

TOTALS = {"en": "Total", "zh": "合计"}
"""What the first cell of a row of totals says."""
_NO_TEAM = {"en": "No team", "zh": "无组别"}

_NARROWEST, _WIDEST = 6, 48
"""Cells. What is wider is read in the cell's own line."""
_HEADER_WIDEST = 13
"""Cells, past which a header is broken into lines rather than its column widened."""
_PAGE_WIDTH = 150
"""Cells that stand beside each other on A4 across, in letters that can be read."""
_LINE_HEIGHT = 15.0
_A4 = 9
_NUMBER_FORMATS = {CellKind.MONEY: "0.00", CellKind.COUNT: "0", CellKind.NIGHT: "yyyy-mm-dd"}
_AS_TEXT = "@"  # also after someone edits the cell
_SUMMED = (CellKind.MONEY, CellKind.COUNT)
_WORDED = (CellKind.CHOICE, CellKind.YES_NO)
_NOT_XML = {0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def write_spreadsheet(
    rows: Iterable[Row],
    columns: Sequence[FileColumn],
    titles: Sequence[str],
    out: BinaryIO,
    layout: SheetLayout,
    language: str,
) -> None:
    """Writes sheets whose header and names stay in sight, with a filter, in columns as wide as
    their cells, and that print across with their header on every page. Raises Refused where a sheet
    has no room for the rows or a cell for its text."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    finished = BytesIO()
    # XlsxWriter keeps the rows in files, and leaves them there when it doesn't come to its end.
    with scratch() as folder:
        book = xlsxwriter.Workbook(finished, {"constant_memory": True, "tmpdir": str(folder)})
        # The same rows, the same bytes.
        book.set_properties({"created": datetime(2000, 1, 1), "comments": layout.foot})
        for name, part in _sheets(rows, columns, layout, language):
            _Sheet(book, name, columns, titles, layout, language).write(part)
        try:
            book.close()
        except FileCreateError as error:
            raise error.args[0] from None
    out.write(finished.getbuffer())


def _sheets(
    rows: Iterable[Row], columns: Sequence[FileColumn], layout: SheetLayout, language: str
) -> Iterable[tuple[str, Iterable[Row]]]:
    """The sheets' names, each once, and their rows."""
    if layout.apart is None:
        yield _sheet_name(layout.name, set()), rows
        return
    place = [each.name for each in columns].index(layout.apart)
    taken: set[str] = set()
    parts = sorted(rows, key=lambda row: (not row[place], row[place] or ""))
    for value, part in groupby(parts, key=lambda row: row[place]):
        yield _sheet_name(value or _NO_TEAM[language], taken), part
    if not parts:
        yield _sheet_name(layout.name, taken), ()


def _sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that a sheet may have, and none of the workbook's has yet, whatever its case."""
    name = _NOT_IN_A_NAME.sub(" ", wanted).strip("' ")[:31].strip("' ") or "Sheet"
    number = 1
    # «History» is Excel's own.
    while (unlike := name.casefold()) in taken or unlike == "history":
        number += 1
        ending = f" ({number})"
        name = f"{name[: 31 - len(ending)].partition(' (')[0]}{ending}"
    taken.add(name.casefold())
    return name


class _Sheet:
    """One sheet on its way."""

    def __init__(
        self,
        book: Any,
        name: str,
        columns: Sequence[FileColumn],
        titles: Sequence[str],
        layout: SheetLayout,
        language: str,
    ) -> None:
        self._sheet = book.add_worksheet(name)
        self._columns = columns
        self._totals = layout.totals
        # A page's foot is at most 255 characters, in which & begins a command.
        self._page_foot = layout.foot.replace("&", "&&")[:240]
        self._language = language
        self._writers = [self._writer(book, each) for each in columns]
        self._head = book.add_format(
            {"bold": True, "num_format": _AS_TEXT, "text_wrap": True, "valign": "top", "bottom": 1}
        )
        self._foot = [
            book.add_format(
                {"bold": True, "top": 1, "num_format": _NUMBER_FORMATS.get(each.kind, _AS_TEXT)}
            )
            for each in columns
        ]
        self._titles = titles
        self._widths = [_NARROWEST] * len(columns)

    def write(self, rows: Iterable[Row]) -> None:
        sheet, last = self._sheet, 0
        widths = [max(width, self._header_width(i)) for i, width in enumerate(self._widths)]
        self._widths = widths
        lines = max(
            (
                ceil((cell_len(title) + 2) / width)
                for title, width in zip(self._titles, widths, strict=True)
            ),
            default=1,
        )
        sheet.set_row(0, _LINE_HEIGHT * min(lines, 4))
        for place, title in enumerate(self._titles):
            _write_text(sheet, self._head, 0, place, title)
        sums = {i: Decimal() for i, each in enumerate(self._columns) if each.kind in _SUMMED}
        for last, row in enumerate(rows, 1):
            for place, (write, cell) in enumerate(zip(self._writers, row, strict=True)):
                if not cell:
                    continue
                if write(last, place, cell) < 0:
                    raise refused(
                        "", "row %(row)s is more than a spreadsheet holds: use csv", row=last
                    )
                if len(cell) * 2 > self._widths[place]:
                    self._widths[place] = max(self._widths[place], min(_cells(cell), _WIDEST))
                if place in sums and self._totals:
                    sums[place] += Decimal(cell)
        if self._totals and last:
            self._write_totals(last + 1, sums)
        self._lay_out(last)

    def _write_totals(self, row: int, sums: dict[int, Decimal]) -> None:
        for place, style in enumerate(self._foot):
            if place in sums:
                self._sheet.write_number(row, place, sums[place], style)
                self._widths[place] = max(self._widths[place], len(f"{sums[place]:.2f}") + 1)
            elif place == 0:
                self._sheet.write_string(row, place, TOTALS[self._language], style)
            else:
                self._sheet.write_blank(row, place, None, style)

    def _lay_out(self, last: int) -> None:
        sheet, names = self._sheet, [each.name for each in self._columns]
        frozen = names.index("name") + 1 if "name" in names[:4] else 0
        sheet.freeze_panes(1, frozen)
        for place, width in enumerate(self._widths):
            sheet.set_column(place, place, width + 1)
        if names:
            sheet.autofilter(0, 0, last, len(names) - 1)
            sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 2}"})
            if frozen:
                sheet.repeat_columns(0, frozen - 1)
        sheet.repeat_rows(0)
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(max(1, round(sum(self._widths) / _PAGE_WIDTH)), 0)
        below = f"&C&6{self._page_foot}" if self._page_foot else ""
        sheet.set_footer(f"&L&A{below}&R&P / &N")

    def _header_width(self, place: int) -> int:
        return min(cell_len(self._titles[place]) + 2, _HEADER_WIDEST)  # with the filter's button

    def _writer(self, book: Any, column: FileColumn) -> Callable[[int, int, str], int]:
        """What writes a column's cells by row and place, and returns less than 0 where it can't."""
        sheet = self._sheet
        style = book.add_format({"num_format": _NUMBER_FORMATS.get(column.kind, _AS_TEXT)})
        match column.kind:
            case CellKind.MONEY | CellKind.COUNT:
                # Through Decimal: no amount passes through a binary float on its way to the file.
                return lambda row, place, cell: sheet.write_number(row, place, Decimal(cell), style)
            case CellKind.NIGHT:
                return lambda row, place, cell: sheet.write_datetime(
                    row, place, date.fromisoformat(cell), style
                )
        if column.kind in _WORDED and self._language == "zh":
            return lambda row, place, cell: sheet.write_string(
                row, place, WORDS.get(cell, cell), style
            )
        return partial(_write_text, sheet, style)


def _cells(text: str) -> int:
    """How wide a cell is of which only the first lines are shown."""
    return max(cell_len(line[:_WIDEST]) for line in text[: 4 * _WIDEST].splitlines() or [""])


def _write_text(sheet: Any, style: Any, row: int, place: int, cell: str) -> int:
    text = cell.translate(_NOT_XML) if "\ufffe" in cell or "\uffff" in cell else cell
    if text.startswith("<r>") and text.endswith("</r>"):
        # XlsxWriter would take it for markup of its own, unless it comes in three parts.
        return int(sheet.write_rich_string(row, place, text[0], text[1], text[2:], style))
    return int(sheet.write_string(row, place, text, style))
