"""Refuses workbooks that would take more memory than they have a right to, before they are opened.

A few bytes can say a lot: a ZIP of zeros, a cell repeated a million times, two cells in opposite
corners of a sheet that is laid out as a full rectangle. So packed files are unpacked in passing,
piece by piece, counting; what counts is what is there, not what the file says is there.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from models.values.problems import problem
from venue_tui.exchange.encodings import Unreadable
from venue_tui.exchange.spreadsheet_safety import FAILED, NOT_WORKED_OUT

LARGEST_UNPACKED = 96 * 2**20
"""Bytes of everything in a workbook together."""

MOST_CELLS = 1_200_000
"""Of one sheet, from its first used row and column to its last."""

WIDEST = 1 << 14
"""Columns that a sheet has in any program."""

_MOST_ERRORS = 10_000
_MOST_PARTS = 2_000
_LONGEST_TEXT = 1 * 2**20
"""Bytes between one mark-up and the next."""

_PIECE = 64 * 1024
_CELL = re.compile(
    rb'<(?:\w+:)?c(?=[\s/>])(?:[^>]*?\sr="([A-Z]{1,3})([0-9]{1,7})")?(?P<rest>[^>]*)>', re.ASCII
)
_FORMULA_ALONE = re.compile(
    rb"<(?:\w+:)?c(?=\s)(?P<rest>[^>]*)>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_AT = re.compile(rb'\sr="([A-Z]{1,3})([0-9]{1,7})"')
_REPEATED = re.compile(
    rb"<table:(?P<what>table-row|table-cell|covered-table-cell|table)(?=[\s/>])(?P<rest>[^>]*?)"
    rb"(?P<empty>/?)>"
    rb"|</table:(?P<end>table-row|table)>"
    rb"|(?:(?<=>)|\A)(?P<error>#N/A|#VALUE!|#REF!|#DIV/0!|#NUM!|#NAME\?|#NULL!|Err:[0-9]+)</text:p>"
)
_NAME = re.compile(rb'table:name="([^"]*)"')
_ROWS = re.compile(rb'number-rows-repeated="([0-9]+)"')
_COLUMNS = re.compile(rb'number-columns-repeated="([0-9]+)"')


Errors = dict[str, dict[tuple[int, int], str]]
"""What the cells (row and column, from 1) hold that python-calamine reads as blank or as 0 and that
are neither: FAILED, or NOT_WORKED_OUT, which programs leave that work nothing out. By the part of
an XLSX file, the name of a sheet of an ODS file, the place of one in an XLS file (`#0` is the
first)."""


def check_size(data: bytes) -> Errors:
    """The cells that hold no value. Raises Unreadable for a workbook that is too large to open."""
    errors: Errors = {}
    if data.startswith(b"PK"):
        _check_zip(data, errors)
    else:
        _check_ole(data, errors)
    return errors


def _check_errors(errors: Errors) -> None:
    if sum(map(len, errors.values())) > _MOST_ERRORS:
        raise Unreadable(
            1,
            problem(
                "",
                "more than %(count)s cells hold a spreadsheet's error: mend its formulas first",
                count=_MOST_ERRORS,
            ),
        )


def too_large() -> Unreadable:
    return Unreadable(
        1,
        problem(
            "",
            "the workbook is larger than %(cells)s cells a sheet or %(size)s MB unpacked:"
            " divide it, or save it as CSV",
            cells=MOST_CELLS,
            size=LARGEST_UNPACKED // 2**20,
        ),
    )


def _damaged() -> Unreadable:
    return Unreadable(1, problem("", "the workbook is damaged: open it and save it again"))


def _check_zip(data: bytes, errors: Errors) -> None:
    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS:
                raise too_large()
            room = LARGEST_UNPACKED
            for part in parts:
                if part.flag_bits & 1:
                    raise Unreadable(
                        1, problem("", "the workbook is locked with a password: save it without")
                    )
                room = _check_part(archive, part, room, errors)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, struct.error):
        raise _damaged() from None


def _check_part(archive: ZipFile, part: ZipInfo, room: int, errors: Errors) -> int:
    """What the part leaves of the room."""
    count: _Rectangle | _OpenDocument | None = None
    if part.filename == "content.xml":
        count = _OpenDocument(errors)
    elif part.filename.startswith("xl/worksheets/"):
        count = _Rectangle()
        errors[part.filename] = count.errors
    tail = b""
    # The size that the file states may be a lie; the stream ends where it ends.
    for piece in _unpacked(archive, part):
        room -= len(piece)
        if room < 0:
            raise too_large()
        if count is not None:
            text = tail + piece
            # A cell of a sheet is looked at as a whole, once the next has begun.
            end = text.rfind(b"<c ", 1) if isinstance(count, _Rectangle) else -1
            if end < 0:
                end = text.rfind(b">") + 1
            tail = text[end:]
            if len(tail) > _LONGEST_TEXT:
                raise too_large()
            count.take(text[:end])
            _check_errors(errors)
    if count is not None:
        count.take(tail)
    return room


def _unpacked(archive: ZipFile, part: ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            yield piece


class _Rectangle:
    """The rows and columns of an XLSX sheet from the first used to the last."""

    def __init__(self) -> None:
        self.rows = [1 << 20, 0]
        self.columns = [1 << 14, 0]
        self.cells = 0
        self.errors: dict[tuple[int, int], str] = {}

    def take(self, text: bytes) -> None:
        """Counts the cells in a piece of the sheet. Raises Unreadable where they are too many."""
        for match in _CELL.finditer(text):
            column, row, rest = match.groups()
            self.cells += 1
            if column is not None and not rest.endswith(b"/"):
                _widen(self.rows, int(row))
                _widen(self.columns, _number_of(column))
                if b't="e"' in match[0]:
                    self.errors[int(row), _number_of(column)] = FAILED
        if b"<f" in text or b":f" in text:
            self._note_formulas(text)
        height, width = (last - first + 1 for first, last in (self.rows, self.columns))
        if max(self.cells, max(height, 0) * max(width, 0)) > MOST_CELLS:
            raise too_large()

    def _note_formulas(self, text: bytes) -> None:
        """Notes those without a value. A text that is worked out and empty says that it is one."""
        for match in _FORMULA_ALONE.finditer(text):
            at = _AT.search(match["rest"])
            if at is not None and b't="str"' not in match["rest"]:
                self.errors[int(at[2]), _number_of(at[1])] = NOT_WORKED_OUT


def _widen(span: list[int], at: int) -> None:
    span[0], span[1] = min(span[0], at), max(span[1], at)


def _number_of(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


class _OpenDocument:
    """The cells of an ODS sheet as they are when all repetitions are written out."""

    def __init__(self, errors: Errors) -> None:
        self.rows = self.width = self.used = self.widest = self.repeated = 0
        self.errors = errors
        self.name = ""
        self.above = 0
        """The rows above, those included that the sheet is filled up with."""
        self.cell = 1
        """How often the last cell is repeated."""

    def take(self, text: bytes) -> None:
        """Counts the cells in a piece of the sheet. Raises Unreadable where they are too many."""
        for match in _REPEATED.finditer(text):
            if match["error"] is not None:
                self._note_error()
            elif match["end"] == b"table":
                self.rows = self.widest = self.above = 0
            elif match["end"] is not None:
                self._end_row()
                self.above += self.repeated
            elif match["what"] == b"table":
                named = _NAME.search(match["rest"])
                self.name = unescape(named[1].decode("utf-8", "replace")) if named else ""
            elif match["what"] == b"table-row":
                self._end_row()
                self.repeated = _times(_ROWS, match["rest"])
                self.above += self.repeated if match["empty"] else 0
            else:
                self.cell = _times(_COLUMNS, match["rest"])
                self.width += self.cell
                if not match["empty"] or b"office:value" in match["rest"]:
                    self.used = self.width
                if b'value-type="error"' in match["rest"]:
                    self._note_error()
                elif b"table:formula=" in match["rest"] and b"value-type=" not in match["rest"]:
                    self.used = self.width
                    self._note_error(NOT_WORKED_OUT)

    def _note_error(self, what: str = FAILED) -> None:
        rows = range(self.above + 1, self.above + 1 + min(self.repeated, MOST_CELLS))
        first = max(1, self.width - self.cell + 1)
        if len(rows) * self.cell > MOST_CELLS or self.width > WIDEST:
            raise too_large()
        found = self.errors.setdefault(self.name, {})
        columns = range(first, self.width + 1)
        found.update(((row, column), what) for row in rows for column in columns)

    def _end_row(self) -> None:
        # Empty rows and cells at the end, up to the size of a sheet, are how the format is written.
        if self.used:
            self.rows += self.repeated
            self.widest = max(self.widest, self.used)
            if self.rows * self.widest > MOST_CELLS:
                raise too_large()
        elif self.width and self.repeated < 1 << 16:
            self.rows += self.repeated
        self.width = self.used = 0


def _times(pattern: re.Pattern[bytes], text: bytes) -> int:
    match = pattern.search(text)
    return int(match[1][:9]) if match else 1


# [MS-CFB] 2.2 and 2.3: the header, and the chains of sectors. [MS-XLS] 2.1.4: the records.
_FREE = 0xFFFFFFF0
_BOF, _BOUND_SHEET = 0x0809, 0x0085
_FORMULA, _BOOLEAN_OR_ERROR = 0x0006, 0x0205
_EMPTY = b"\3\0\0\0\0\0\xff\xff"
"""What a formula gives as an empty text ([MS-XLS] 2.5.133)."""
_CELL_RECORDS = frozenset((0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E))


def _check_ole(data: bytes, errors: Errors) -> None:
    try:
        stream = _workbook_stream(data)
    except (struct.error, IndexError):
        raise _damaged() from None
    check_records(stream, errors)


def check_records(stream: bytes, errors: Errors) -> None:
    """Notes in `errors` what the records of an XLS workbook say of its cells. Raises Unreadable for
    more cells, or more errors, than are read."""
    rectangle, at = _Rectangle(), 0
    formulas: list[tuple[dict[tuple[int, int], str], int, int]] = []
    worked_out = False
    places: dict[int, str] = {}  # of the sheets, by where each begins in the stream
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind == _BOF:
            rectangle = _Rectangle()
            errors[places.get(at, "")] = rectangle.errors
        elif kind == _BOUND_SHEET and at + 8 <= len(stream):
            places[struct.unpack_from("<I", stream, at + 4)[0]] = f"#{len(places)}"
        elif kind in _CELL_RECORDS and at + 8 <= len(stream):
            row, column = struct.unpack_from("<HH", stream, at + 4)
            last = column + max(0, (size - 6) // 6 - 1) if kind == 0x00BD else column
            _widen(rectangle.rows, row)
            _widen(rectangle.columns, column)
            _widen(rectangle.columns, last)
            rectangle.take(b"")
            if _is_error(kind, stream[at + 10 : at + 18]):
                rectangle.errors[row + 1, column + 1] = FAILED
                worked_out = True
                _check_errors(errors)
            elif kind == _FORMULA:
                formulas.append((rectangle.errors, row + 1, column + 1))
                worked_out |= stream[at + 10 : at + 18] != _EMPTY
        at += 4 + size
    if not worked_out:
        # The format writes a formula that nobody worked out as one that gives an empty text. Where
        # all of them do, no spreadsheet program has seen the file.
        for found, row, column in formulas[: _MOST_ERRORS + 1]:
            found[row, column] = NOT_WORKED_OUT
        _check_errors(errors)


def _is_error(kind: int, value: bytes) -> bool:
    """Whether what a record says of its cell, after row, column and format, is an error."""
    if kind == _BOOLEAN_OR_ERROR:
        return value[1:2] == b"\1"
    return kind == _FORMULA and value[:1] == b"\2" and value[6:8] == b"\xff\xff"


def _workbook_stream(data: bytes) -> bytes:
    """The stream that holds the records. Raises struct.error where the file is cut off."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    if size not in (512, 4096):
        raise _damaged()
    first_directory = struct.unpack_from("<I", data, 48)[0]
    table_sectors = [n for n in struct.unpack_from("<109I", data, 76) if n < _FREE]
    # Files of the size that is taken need no more sectors of the table than the header has room
    # for, but for those of more than 7 MB, whose further ones are chained.
    extension = struct.unpack_from("<I", data, 68)[0]
    seen: set[int] = set()
    while extension < _FREE and extension not in seen:
        seen.add(extension)
        *more, extension = struct.unpack_from(f"<{size // 4}I", data, (extension + 1) * size)
        table_sectors += [n for n in more if n < _FREE]
    table: list[int] = []
    for sector in table_sectors:
        table += struct.unpack_from(f"<{size // 4}I", data, (sector + 1) * size)
    directory = _chain(data, table, first_directory, size)
    for at in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        name = directory[at : at + max(0, length - 2)].decode("utf-16-le", "replace")
        if name.lower() in ("workbook", "book"):
            start, whole = struct.unpack_from("<IQ", directory, at + 116)
            # Streams of less than 4096 bytes lie elsewhere, and are too short for a large sheet.
            return _chain(data, table, start, size) if whole & 0xFFFFFFFF >= 4096 else b""
    return b""


def _chain(data: bytes, table: list[int], sector: int, size: int) -> bytes:
    pieces = []
    for _ in range(len(table) + 1):
        if sector >= _FREE:
            break
        pieces.append(data[(sector + 1) * size : (sector + 2) * size])
        sector = table[sector]
    return b"".join(pieces)
