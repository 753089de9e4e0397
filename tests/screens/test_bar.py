"""Bars are as long as they are said to be, to an eighth of a cell, and hide nobody."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from venue_tui.widgets.bar import FULL, TRACK, bar

numbers = st.lists(st.integers(0, 60), min_size=1, max_size=4)


@given(numbers, st.integers(0, 60), st.integers(1, 80))
def test_as_wide_as_asked(parts: list[int], more: int, width: int) -> None:
    total = sum(parts) + more or 1
    pieces = bar([(n, str(i)) for i, n in enumerate(parts)], total, width)
    assert cell_len("".join(text for text, _style in pieces)) == width


def test_all_is_all_and_nothing_nothing() -> None:
    assert bar([(3, "good"), (1, "bad")], 4, 8) == [(FULL * 6, "good"), (FULL * 2, "bad")]
    assert bar([(0, "good")], 4, 8) == [(TRACK * 8, "")]


def test_one_of_many_is_to_be_seen() -> None:
    assert bar([(1, "good")], 1000, 10)[0] == ("▏", "good")
