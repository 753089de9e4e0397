"""Reads the sheets of XLSX, XLS and ODS workbooks as rows of text, as a CSV file would have them:
real dates in ISO form, numbers as they are stored, never through arithmetic.

By python-calamine, which reads all three kinds in a millisecond's import; openpyxl reads only XLSX
and takes thirty times as long, xlrd only XLS. It lays every sheet out as a full rectangle, so that
what a few bytes could blow up is refused by `workbook_limits` before it is opened.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any, NamedTuple
from zipfile import ZipFile

from models.values.problems import problem
from venue_tui.exchange.encodings import Unreadable
from venue_tui.exchange.workbook_limits import MOST_CELLS, WIDEST, check_size, too_large

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_HALF_A_SECOND = timedelta(milliseconds=500)


class Sheet(NamedTuple):
    """A sheet's rows from its first that isn't empty, which is its `first_line`th."""

    name: str
    first_line: int
    rows: Sequence[list[str]]


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are those of a workbook, whatever the file is called."""
    return data.startswith((_ZIP, _OLE))


def sheets_of(data: bytes) -> list[Sheet]:
    """The sheets that hold anything. Raises Unreadable where they can't be read, or hold more than
    memory allows."""
    if not is_workbook(data):
        if data.lstrip()[:200].lower().startswith(_MARKUP):
            raise Unreadable(
                1,
                problem("", "it is a web page under a workbook's name: save it as XLSX or CSV"),
            )
        raise Unreadable(1, problem("", "it is no workbook, whatever its name says"))
    found = []
    for name, first_line, rows in cell_sheets(data):
        texts = [list(map(_text, row)) for row in rows]
        while texts and not any(map(str.strip, texts[-1])):
            texts.pop()
        if texts:
            found.append(Sheet(name, first_line, texts))
    return found


def cell_sheets(data: bytes) -> Iterator[tuple[str, int, list[list[Any]]]]:
    """Of each worksheet its name, its first used row's number, and its cells from there and from
    the first used column on, typed as they are stored. Where one has no value because its formula
    failed or was never worked out, it holds FAILED or NOT_WORKED_OUT. Raises Unreadable where they
    can't be read, or hold more than memory allows."""
    errors = check_size(data)
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

    parts = _parts(data) if data.startswith(_ZIP) and any(errors.values()) else {}
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        for place, about in enumerate(book.sheets_metadata):
            if about.typ is not SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(about.name)
            if sheet.width > WIDEST:
                raise too_large()
            # What lies above the first used row would be laid out, too, if it were asked for.
            rows = sheet.to_python(skip_empty_area=True)
            first_row, first_column = (at + 1 for at in sheet.start or (0, 0))
            key = parts.get(about.name, about.name) if data.startswith(_ZIP) else f"#{place}"
            wrong = errors.get(key, {})
            # Rows of nothing else are left out.
            top = min((row for row, _ in wrong), default=first_row)
            above = max(first_row - top, 0)
            below = max((row for row, _ in wrong), default=0) - (first_row + len(rows) - 1)
            if (above + len(rows) + max(below, 0)) * sheet.width > MOST_CELLS:
                raise too_large()
            rows[:0] = [[""] * sheet.width for _ in range(above)]
            rows += [[""] * sheet.width for _ in range(below)]
            first_row -= above
            for (row, column), held in wrong.items():
                if 0 <= column - first_column < sheet.width:
                    rows[row - first_row][column - first_column] = held
            yield about.name, first_row, rows
    except PasswordError:
        raise Unreadable(
            1, problem("", "the workbook is locked with a password: save it without")
        ) from None
    except (CalamineError, OSError, ValueError) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise Unreadable(
            1, problem("", "the workbook is damaged and can't be read: %(why)s", why=why)
        ) from None


def _parts(data: bytes) -> dict[str, str]:
    """The part of an XLSX file that holds each sheet."""
    from xml.etree.ElementTree import ParseError, fromstring

    with ZipFile(BytesIO(data)) as archive:
        try:
            sheets = fromstring(archive.read("xl/workbook.xml"))
            links = fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        except (KeyError, ParseError):
            return {}
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    return {
        sheet.get("name", ""): "xl/" + targets.get(sheet.get(_LINK), "").removeprefix("/xl/")
        for sheet in sheets.iter(f"{{{_MAIN}}}sheet")
    }


def _text(cell: Any) -> str:
    match cell:
        case str():
            return cell
        case bool():
            return "yes" if cell else "no"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        case datetime():
            at = (cell + _HALF_A_SECOND).replace(microsecond=0)
            if at.time() == time.min:
                return at.date().isoformat()
            return at.isoformat(timespec="seconds" if at.second else "minutes")
        case date() | time():
            return cell.isoformat()
    return str(cell)
