"""Papers as the bytes of an ESC/POS receipt printer.

The few commands that are needed are written here: python-escpos, which was looked at, chooses the
encoding of Chinese text by itself, and printers differ in what they take (GB18030, GBK or UTF-8).
What a person typed can hold no command: control characters never come this far.
"""

from venue_tui.exchange.papers.document import Document
from venue_tui.exchange.papers.plain_text import MISSING, as_text, saying_what_is_missing

ENCODINGS = ("gb18030", "gbk", "utf-8")
WIDTHS = {58: 32, 80: 48}
"""Cells of a line by the paper's width in millimetres, in the printer's font A."""

_RESET = b"\x1b@"
_CHINESE = b"\x1c&"  # two-byte characters from here on
_UTF_8 = b"\x1c(C\x02\x0002"  # Epson's own choice of the encoding: UTF-8
_FEED_AND_CUT = b"\n\n\n\n\x1dV\x42\x00"


def as_escpos(document: Document, encoding: str = "gb18030", paper: int = 80) -> bytes:
    """The bytes to send: set up, the lines, then fed past the knife and cut. A character that the
    encoding hasn't got is printed as `〓`, and named at the end."""
    document = saying_what_is_missing(document, lambda char: _has(char, encoding))
    lines = as_text(document, WIDTHS[paper])
    start = _RESET + (_UTF_8 if encoding == "utf-8" else _CHINESE)
    return start + b"".join(_encoded(line, encoding) + b"\n" for line in lines) + _FEED_AND_CUT


def _has(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _encoded(line: str, encoding: str) -> bytes:
    return b"".join((char if _has(char, encoding) else MISSING).encode(encoding) for char in line)
