"""Bars of eighth blocks: a count as a length, to an eighth of a cell."""

from collections.abc import Iterable

EIGHTHS = " ▏▎▍▌▋▊▉"
FULL, TRACK = "█", "─"


def bar(parts: Iterable[tuple[int, str]], total: int, width: int) -> list[tuple[str, str]]:
    """The parts, each a number and a style, as pieces of a bar `width` cells long of which `total`
    fills all; what they don't fill is a track without a style. Whatever is at least one is to be
    seen; the last eighths of a cell belong to the last part."""
    pieces: list[tuple[str, str]] = []
    reached = filled = 0
    style, eighths = "", 0
    for n, each in parts:
        if not n or width <= filled:
            continue
        reached += n
        until, eighths = divmod(8 * width * reached // total, 8)
        if not until - filled and not eighths:
            eighths = 1
        if until > filled:
            pieces.append((FULL * (until - filled), each))
        filled, style = max(until, filled), each
    if eighths and filled < width:
        pieces.append((EIGHTHS[eighths], style))
        filled += 1
    if filled < width:
        pieces.append((TRACK * (width - filled), ""))
    return pieces
