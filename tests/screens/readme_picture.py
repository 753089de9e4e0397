"""The README's picture: `python -m tests.screens.readme_picture` makes it of the roll's.

A screen's SVG gives a run of text one width, which counts a wide character once, and takes its font
from another host: shown elsewhere, Chinese names are squashed and columns step sideways. Here each
character has a place of its own, and the fonts are whichever the reader has.
"""

import re
from html import unescape
from pathlib import Path
from xml.sax.saxutils import escape

from rich.cells import cell_len

ROOT = Path(__file__).resolve().parents[2]
SCREEN = Path(__file__).parent / "__snapshots__" / "test_pictures" / "test_roll_picture.svg"
PICTURE = ROOT / ".github" / "roll.svg"

_CELL = 12.2
_FONTS = (
    "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC',"
    " 'PingFang SC', 'Microsoft YaHei', monospace"
)
_RUN = re.compile(
    r'<text ([^>]*?)x="([\d.]+)" y="([\d.]+)" textLength="[\d.]+"([^>]*)>([^<]*)</text>'
)


def for_everywhere(svg: str) -> str:
    """The screen's SVG with each character at its own place and no font of another host's."""
    svg = re.sub(r"\s*<!--.*?-->", "", svg, flags=re.S)
    svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.S)
    svg = re.sub(r"font-family: ?[^;]+;", f"font-family: {_FONTS};", svg)
    return _RUN.sub(_placed, svg)


def _placed(run: re.Match[str]) -> str:
    before, x, y, after, escaped = run.groups()
    at, text, places = float(x), unescape(escaped), []
    kept = ""
    for character in text:
        if character not in " \u00a0":
            kept += character
            places.append(f"{at:.1f}")
        at += _CELL * cell_len(character)
    return (
        f'<text {before}x="{" ".join(places)}" y="{y}"{after}>{escape(kept)}</text>' if kept else ""
    )


if __name__ == "__main__":
    PICTURE.write_text(for_everywhere(SCREEN.read_text("utf-8")), "utf-8")
