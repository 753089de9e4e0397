"""Writes rows as an XLSX workbook, for people: texts stay texts, amounts and dates real ones."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from io import BytesIO
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from models.values.datasets import CellKind, FileColumn
from models.values.problems import refused

_WIDTH = 14
_NUMBER_FORMATS = {CellKind.MONEY: "0.00", CellKind.COUNT: "0", CellKind.NIGHT: "yyyy-mm-dd"}
_AS_TEXT = "@"  # also after someone edits the cell
_NOT_XML = {0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}


def write_spreadsheet(
    rows: Iterable[Sequence[str | None]],
    columns: Sequence[FileColumn],
    titles: Sequence[str],
    out: BinaryIO,
) -> None:
    """Writes one sheet whose header stays in sight. Raises Refused where a sheet has no room for
    the rows or a cell for its text."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    finished = BytesIO()
    # XlsxWriter keeps the rows in files, and leaves them there when it doesn't come to its end.
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        book = xlsxwriter.Workbook(finished, {"constant_memory": True, "tmpdir": folder})
        book.set_properties({"created": datetime(2000, 1, 1)})  # the same rows, the same bytes
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns) - 1, _WIDTH)
        head = book.add_format({"bold": True, "num_format": _AS_TEXT})
        for place, title in enumerate(titles):
            _write_text(sheet, head, 0, place, title)
        writers = [_writer(book, sheet, each.kind) for each in columns]
        for number, row in enumerate(rows, 1):
            for place, (write, cell) in enumerate(zip(writers, row, strict=True)):
                if cell and write(number, place, cell) < 0:
                    raise refused(
                        "", "row %(row)s is more than a spreadsheet holds: use csv", row=number
                    )
        try:
            book.close()
        except FileCreateError as error:
            raise error.args[0] from None
    out.write(finished.getbuffer())


def _writer(book: Any, sheet: Any, kind: CellKind) -> Callable[[int, int, str], int]:
    """What writes a column's cells by row and place, and returns less than 0 where it can't."""
    style = book.add_format({"num_format": _NUMBER_FORMATS.get(kind, _AS_TEXT)})
    match kind:
        case CellKind.MONEY | CellKind.COUNT:
            # Through Decimal: no amount passes through a binary float before it is in the file.
            return lambda row, place, cell: sheet.write_number(row, place, Decimal(cell), style)
        case CellKind.NIGHT:
            return lambda row, place, cell: sheet.write_datetime(
                row, place, date.fromisoformat(cell), style
            )
    return partial(_write_text, sheet, style)


def _write_text(sheet: Any, style: Any, row: int, place: int, cell: str) -> int:
    text = cell.translate(_NOT_XML) if "\ufffe" in cell or "\uffff" in cell else cell
    if text.startswith("<r>") and text.endswith("</r>"):
        # XlsxWriter would take it for markup of its own, unless it comes in three parts.
        return int(sheet.write_rich_string(row, place, text[0], text[1], text[2:], style))
    return int(sheet.write_string(row, place, text, style))
