"""Papers as plain text, as wide as a page or a roll of paper has cells. A Chinese character takes
two."""

from collections.abc import Callable, Iterator

from rich.cells import cell_len, chop_cells

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
from venue_tui.locale import _

MISSING = "〓"
"""What stands for a character that a font or a printer hasn't got."""
PAGE = 72
"""Cells of a line of A4 in a typewriter's letters."""
_NEVER_FIRST = "，。；：、！？）》」』】”’,.;:!?)%"


def as_text(document: Document, width: int = PAGE) -> list[str]:
    """The paper's lines, none wider than `width` cells, in which nothing runs: control characters
    are shown as pictures."""
    found: list[str] = []
    for part in document.parts:
        found += lines_of(part, width)
    return found


def saying_what_is_missing(document: Document, shown: Callable[[str], bool]) -> Document:
    """The paper with a last line that names the characters that are not `shown`, where a mark
    stands for each; the same paper where there are none."""
    missing = sorted({c for line in as_text(document) for c in line if not shown(c)})
    if not missing:
        return document
    codes = ", ".join(f"U+{ord(each):04X}" for each in missing)
    note = _("%(mark)s stands for what can't be printed here: %(codes)s. As text the paper has it.")
    words = {"mark": MISSING, "codes": codes}
    return Document(document.title, (*document.parts, Paragraph(note % words)))


def lines_of(part: Part, width: int) -> Iterator[str]:
    """The lines of one part."""
    match part:
        case Heading(text, level):
            for line in wrapped(text, width):
                yield _centred(line, width)
            yield "=" * width if level == 1 else "-" * width
        case Fields(pairs):
            column = max((cell_len(displayable(label)) for label, _ in pairs), default=0)
            for label, value in pairs:
                first = f"{_padded(displayable(label), column)}  "
                yield from _hanging(first, value, width)
            yield ""
        case Paragraph(text):
            for line in text.splitlines():
                yield from wrapped(line, width)
            yield ""
        case Entry(title, amount, told):
            yield from _with_amount(title, amount, width)
            for line in told:
                yield from _hanging("  ", line, width)
            yield ""
        case SumLines(pairs):
            for label, amount in pairs[:-1]:
                yield from _with_amount(label, amount, width)
            yield "-" * width
            for label, amount in pairs[-1:]:
                yield from _with_amount(label, amount, width)
            yield ""
        case Signatures(names):
            for name in names:
                yield ""
                yield ""
                label = f"{displayable(name)} "
                yield label + "_" * max(width - cell_len(label), 1)


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells: broken at spaces, and anywhere between Chinese
    characters, but never before a full stop or comma."""
    lines, line = [], ""
    for piece in _pieces(displayable(text)):
        if cell_len(line + piece) <= width:
            line += piece
            continue
        if piece[0] in _NEVER_FIRST and len(line) > 1 and cell_len(line[-1] + piece) <= width:
            line, piece = line[:-1], line[-1] + piece
        if line.strip():
            lines.append(line.rstrip())
        *whole, line = chop_cells(piece.lstrip(" "), width) or [""]
        lines += whole
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text: str) -> Iterator[str]:
    """What may stand on a line of its own: a word with the spaces before it, or one wide
    character."""
    word = ""
    for char in text:
        if cell_len(char) > 1:
            if word:
                yield word
            yield char
            word = ""
        elif char == " " and word.strip():
            yield word
            word = char
        else:
            word += char
    if word:
        yield word


def _hanging(first: str, text: str, width: int) -> Iterator[str]:
    """The text after what its first line begins with, the other lines below its beginning."""
    indent = min(cell_len(first), width // 2)
    lines = wrapped(text, width - indent)
    yield (first + lines[0]).rstrip() if cell_len(first) == indent else first
    if cell_len(first) != indent:
        lines.insert(0, "")
    for line in lines[1:]:
        yield " " * indent + line


def _with_amount(label: str, amount: str, width: int) -> Iterator[str]:
    *lines, last = wrapped(label, width - cell_len(amount) - 1)
    yield from lines
    yield _padded(last, width - cell_len(amount)) + amount


def _padded(text: str, width: int) -> str:
    return text + " " * max(width - cell_len(text), 0)


def _centred(text: str, width: int) -> str:
    return " " * ((width - cell_len(text)) // 2) + text
