"""Writes rows as CSV, XLSX or JSON: to a file, in one piece or not at all, or to a stream."""

import errno
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from models.values.datasets import CellKind, FileColumn
from models.values.files import replacing
from models.values.problems import Refused, refused
from models.values.text import displayable
from venue_tui.exchange.sheet_layout import ONE_SHEET, SheetLayout
from venue_tui.exchange.spreadsheet_safety import guard

Rows = Iterable[Sequence[str | None]]

FORMATS = ("csv", "xlsx", "json")
HEADERS = ("en", "zh")

_GUARDED = (CellKind.KEY, CellKind.NAME, CellKind.TEXT)
_BOM = b"\xef\xbb\xbf"


def write_table(
    rows: Rows,
    columns: Sequence[FileColumn],
    out: Path | BinaryIO,
    format: str = "csv",
    plain: bool = False,
    headers: str = "en",
    sheet: SheetLayout = ONE_SHEET,
) -> None:
    """Writes rows of text, as the files have it: amounts with two decimals, nights and instants in
    ISO form, None for a blank.

    `plain` CSV has no byte order mark and ends lines with LF, not CRLF. `sheet` is how a workbook
    is laid out. The same rows give the same bytes. Raises Refused where `out` can't be written, a
    file of that name staying as it was.
    """
    titles = header_row(columns, headers)
    try:
        if isinstance(out, Path):
            with replacing(out) as stream:
                _write(rows, columns, titles, stream, format, plain, sheet, headers)
        else:
            _write(rows, columns, titles, out, format, plain, sheet, headers)
            out.flush()
    except BrokenPipeError:  # whoever was reading has had enough
        raise
    except OSError as error:
        raise _refusal(error, out) from error


def write_bytes(data: bytes, out: Path | BinaryIO) -> None:
    """Writes what is ready to be written. Raises Refused where `out` can't be written, a file of
    that name staying as it was."""
    try:
        if isinstance(out, Path):
            with replacing(out) as stream:
                stream.write(data)
        else:
            out.write(data)
            out.flush()
    except BrokenPipeError:  # whoever was reading has had enough
        raise
    except OSError as error:
        raise _refusal(error, out) from error


def header_row(columns: Sequence[FileColumn], headers: str) -> list[str]:
    """The headers, each once: Chinese ones that two columns share are followed by their names."""
    if headers == "en":
        return [each.name for each in columns]
    shared = Counter(each.chinese for each in columns)
    return [
        each.chinese if shared[each.chinese] == 1 else f"{each.chinese} {each.name}"
        for each in columns
    ]


def _write(
    rows: Rows,
    columns: Sequence[FileColumn],
    titles: list[str],
    out: BinaryIO,
    format: str,
    plain: bool,
    sheet: SheetLayout,
    headers: str,
) -> None:
    match format:
        case "csv":
            _write_csv(rows, columns, titles, out, plain)
        case "json":
            _write_json(rows, columns, titles, out)
        case "xlsx":
            from venue_tui.exchange.spreadsheets import write_spreadsheet

            write_spreadsheet(rows, columns, titles, out, sheet, headers)
        case _:
            raise ValueError(f"unknown format {format!r}")


def _write_csv(
    rows: Rows, columns: Sequence[FileColumn], titles: list[str], out: BinaryIO, plain: bool
) -> None:
    import csv

    guarded = [place for place, each in enumerate(columns) if each.kind in _GUARDED]
    lines = _PlainLines(out) if plain else _Lines(out)
    if not plain:
        out.write(_BOM)
    writer = csv.writer(lines)
    writer.writerow(map(guard, titles))
    writer.writerows(_guarded(rows, guarded))


class _Lines:
    """Takes CSV lines from the csv module, which ends them with CRLF."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def write(self, line: str) -> None:
        self._out.write(line.encode())


class _PlainLines(_Lines):
    """Ends them with LF. Told to do so itself, the csv module leaves a cell that holds a CR
    unquoted, which would then read as two rows."""

    def write(self, line: str) -> None:
        self._out.write(line[:-2].encode() + b"\n")


def _guarded(rows: Rows, places: list[int]) -> Iterator[Sequence[str | None]]:
    for row in rows:
        cells = list(row)
        for place in places:
            if text := cells[place]:
                cells[place] = guard(text)
        yield cells


def _write_json(
    rows: Rows, columns: Sequence[FileColumn], titles: list[str], out: BinaryIO
) -> None:
    """A list of objects. Amounts are strings: most readers of JSON have only binary floats."""
    from json import JSONEncoder

    encode = JSONEncoder(ensure_ascii=False).encode
    counts = [place for place, each in enumerate(columns) if each.kind is CellKind.COUNT]
    before = b"[\n"
    for row in rows:
        cells: list[str | int | None] = [cell or None for cell in row]
        for place in counts:
            if (count := cells[place]) is not None:
                cells[place] = int(count)
        out.write(before + encode(dict(zip(titles, cells, strict=True))).encode())
        before = b",\n"
    out.write(b"[]\n" if before == b"[\n" else b"\n]\n")


def _refusal(error: OSError, out: Path | BinaryIO) -> Refused:
    file = displayable(str(out)) if isinstance(out, Path) else "-"
    match error.errno:
        case errno.EISDIR:
            return refused("", "%(file)s is a folder: name a file in it", file=file)
        case errno.ENOENT | errno.ENOTDIR:
            return refused("", "%(file)s can't be written: there is no such folder", file=file)
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return refused(
                "",
                "%(file)s may not be written: it or its folder is read-only, "
                "or another program has it open",
                file=file,
            )
        case errno.ENOSPC | errno.EDQUOT:
            return refused("", "%(file)s can't be written: the disk is full", file=file)
    return refused("", "%(file)s can't be written: %(why)s", file=file, why=error.strerror)
