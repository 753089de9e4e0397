"""Papers as PDF, by reportlab (the extra `pdf`), whose built-in Chinese font needs no file.

STSong-Light shows simplified and traditional characters alike; the one made for traditional ones is
unknown to common viewers. Neither has rare characters, for which VENUE_TUI_FONT may name a TrueType
font that does; what is used of it is put into the file.
"""

import os
import struct
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from models.values.files import regular_bytes
from models.values.problems import needs_extra, refused
from models.values.text import displayable
from venue_tui.exchange.papers.document import (
    Document,
    Entry,
    Fields,
    Heading,
    Paragraph,
    Part,
    Signatures,
    SumLines,
)
from venue_tui.exchange.papers.plain_text import MISSING, saying_what_is_missing

FONT = "VENUE_TUI_FONT"
"""The variable that names a TrueType font (.ttf, or .ttc, of which the first is taken)."""

_BUILT_IN = "STSong-Light"
_NAMED = "VenueTUI"
_LARGEST = 64 * 2**20
"""Bytes of a font."""
_LONGEST = 400
"""Characters of a cell that fits a page in any case."""


class _Font(NamedTuple):
    name: str
    has: Callable[[str], bool]


def as_pdf(document: Document) -> bytes:
    """The paper as a PDF on A4, its title and page numbers at the foot. The same paper gives the
    same bytes. Raises Refused where reportlab isn't installed, and where the font that is
    named can't be put into a file."""
    try:
        from reportlab.lib.pagesizes import A4
        from reportlab.lib.units import mm
        from reportlab.platypus import SimpleDocTemplate
    except ImportError:
        raise needs_extra("format", "pdf") from None
    font = _font(os.environ.get(FONT, ""))
    document = saying_what_is_missing(document, font.has)
    title = _shown(document.title, font)
    out = BytesIO()
    template = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        topMargin=18 * mm,
        bottomMargin=20 * mm,
        title=title,
        author="venue-tui",
        invariant=1,
    )

    def foot(canvas: Any, page: Any) -> None:
        canvas.setFont(font.name, 8)
        canvas.drawString(20 * mm + 6, 11 * mm, title)
        canvas.drawRightString(A4[0] - 20 * mm - 6, 11 * mm, str(canvas.getPageNumber()))

    width = template.width - 12  # the frame's own padding
    flow = [each for part in document.parts for each in _flowables(part, width, font)]
    template.build(flow, onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _font(path: str) -> _Font:
    """The font of that file, or without one the built-in one, known to reportlab by its name."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    if not path:
        if _BUILT_IN not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(UnicodeCIDFont(_BUILT_IN))
        return _Font(_BUILT_IN, _has)
    try:
        face = TTFont(_NAMED, BytesIO(regular_bytes(Path(path), _LARGEST)))
    except (TTFError, OSError, ValueError, LookupError, struct.error) as error:
        raise refused(
            "format",
            "the font %(file)s can't be put into a PDF, as a TrueType font can: %(why)s",
            file=path,
            why=displayable(getattr(error, "strerror", None) or str(error) or type(error).__name__),
        ) from None
    pdfmetrics.registerFont(face)
    glyphs = face.face.charToGlyph
    return _Font(_NAMED, lambda char: ord(char) in glyphs)


def _flowables(part: Part, width: float, font: _Font) -> list[Any]:
    from reportlab.lib import colors
    from reportlab.lib.enums import TA_CENTER, TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import HRFlowable, KeepTogether, Spacer, Table
    from reportlab.platypus import Paragraph as Text

    body = ParagraphStyle("body", fontName=font.name, fontSize=10.5, leading=15, wordWrap="CJK")
    small = ParagraphStyle("small", body, fontSize=9.5, leading=13, leftIndent=12)
    right = ParagraphStyle("right", body, alignment=TA_RIGHT)
    plain = [("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0),
             ("VALIGN", (0, 0), (-1, -1), "TOP"), ("TOPPADDING", (0, 0), (-1, -1), 1),
             ("BOTTOMPADDING", (0, 0), (-1, -1), 1)]  # fmt: skip

    def text(value: str, style: Any = body) -> Any:
        return Text(_escaped(value, font), style)

    def beside(pairs: Sequence[tuple[str, str]], share: float, end: Any, *lines: Any) -> list[Any]:
        """Two columns; what is too long for a row of a table, which no page break may cut, stands
        below its label."""
        if any(len(cell) > _LONGEST for pair in pairs for cell in pair):
            return [text(cell) for pair in pairs for cell in pair]
        rows = [[text(label), text(value, end)] for label, value in pairs]
        widths = [width * share, width * (1 - share)]
        return [Table(rows, widths, style=[*plain, *lines], hAlign="LEFT")]

    match part:
        case Heading(value, 1):
            style = ParagraphStyle("h1", body, fontSize=17, leading=24, alignment=TA_CENTER)
            return [text(value, style), Spacer(1, 6), HRFlowable(width="100%"), Spacer(1, 6)]
        case Heading(value, _):
            style = ParagraphStyle("h2", body, fontSize=12, leading=18, spaceBefore=6)
            return [text(value, style)]
        case Fields(pairs):
            return [*beside(pairs, 0.2, body), Spacer(1, 8)]
        case Paragraph(value):
            return [text(value), Spacer(1, 6)]
        case Entry(title, amount, told):
            head = beside([(title, amount)], 0.78, right)
            return [KeepTogether([*head, *(text(line, small) for line in told), Spacer(1, 6)])]
        case SumLines(pairs):
            line = ("LINEABOVE", (0, -1), (-1, -1), 0.7, colors.black)
            return [*beside(pairs, 0.78, right, line), Spacer(1, 8)]
        case Signatures(names):
            rows = [[text(name[:_LONGEST]), ""] for name in names]
            lines = [("LINEBELOW", (1, i), (1, i), 0.7, colors.black) for i in range(len(rows))]
            table = Table(
                rows,
                [width * 0.25, width * 0.55],
                [34] * len(rows),
                style=[*plain, *lines, ("VALIGN", (0, 0), (-1, -1), "BOTTOM")],
                hAlign="LEFT",
            )
            return [KeepTogether([Spacer(1, 12), table])]
    raise AssertionError("a part of a paper of an unknown kind")


def _escaped(text: str, font: _Font) -> str:
    """The text as reportlab's markup has it, which a person's own `<b>` is none of."""
    from xml.sax.saxutils import escape

    return "<br/>".join(escape(_shown(line, font)) for line in text.splitlines() or [""])


def _shown(text: str, font: _Font) -> str:
    """Without what would move something, and without what the font can't show."""
    mark = MISSING if font.has(MISSING) else "?"
    return "".join(char if font.has(char) else mark for char in displayable(text))


def _has(char: str) -> bool:
    """Whether the built-in font has it: what GBK writes, and the first extension of the Chinese
    characters. For any other a viewer shows a box, or nothing."""
    if "\u3400" <= char <= "\u4db5":
        return True
    try:
        char.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True
