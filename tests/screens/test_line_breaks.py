"""Lines of Chinese broken where a reader expects it, and all of them by the same rule."""

from itertools import pairwise

import rich._wrap
import rich.text
import textual.content
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from venue_tui import textual_internals
from venue_tui.widgets.text import line_breaks


def _lines(text: str, width: int) -> list[str]:
    at = [0, *line_breaks(text, width), len(text)]
    return [text[a:b].rstrip() for a, b in pairwise(at)]


def test_a_clause_begins_on_the_line_it_has_room_on() -> None:
    assert _lines("第 2 条，迟到：30.00。来自点名", 12) == [
        "第 2 条，迟",
        "到：30.00。",
        "来自点名",
    ]


def test_no_line_begins_with_a_closing_mark_nor_ends_with_an_opening_one() -> None:
    assert _lines("四方簽字的更改單；客人資料", 16) == ["四方簽字的更改", "單；客人資料"]
    assert _lines("放行條（私事）", 8) == ["放行條", "（私事）"]


def test_words_and_numbers_stay_whole() -> None:
    assert _lines("at most 1103.45 of the wage", 10) == ["at most", "1103.45 of", "the wage"]
    assert _lines("扣 1103.45 元", 6) == ["扣", "1103.4", "5 元"]


def test_textual_and_rich_break_lines_so() -> None:
    assert textual_internals  # imported with the app, as here
    for module in (textual.content, rich.text):
        assert vars(module)["divide_line"] is line_breaks


@given(st.text(alphabet="ab1 .，。（）迟到 點", max_size=60), st.integers(2, 20))
def test_nothing_is_lost_and_every_line_fits(text: str, width: int) -> None:
    breaks = line_breaks(text, width)
    assert breaks == sorted(set(breaks))
    assert all(0 < each < len(text) for each in breaks)
    assert all(cell_len(line) <= width for line in _lines(text, width))


@given(st.lists(st.text(alphabet="ab1.", min_size=1, max_size=6)), st.integers(6, 20))
def test_english_is_broken_as_ever(words: list[str], width: int) -> None:
    text = " ".join(words)
    assert line_breaks(text, width) == rich._wrap.divide_line(text, width)
