"""What is painted in fewer bytes looks the same."""

import re

from hypothesis import given
from hypothesis import strategies as st

from venue_tui.colour_changes import fewer_bytes

_TOLD = re.compile(r"\x1b\[([\d;]*)([mH])|(.)", re.DOTALL)

COLOUR = st.one_of(
    st.integers(0, 7).map(str),
    st.integers(60, 67).map(str),
    st.just("9"),
    st.integers(0, 255).map(lambda n: f"8;5;{n}"),
    st.tuples(*[st.integers(0, 255)] * 3).map(lambda rgb: f"8;2;{rgb[0]};{rgb[1]};{rgb[2]}"),
)


def _code(base: int, colour: str) -> str:
    first, *rest = colour.split(";")
    return ";".join([str(base + int(first)), *rest])


LOOK = st.tuples(
    st.sets(st.sampled_from("1234579")).map(sorted),
    st.none() | COLOUR.map(lambda colour: _code(30, colour)),
    st.none() | COLOUR.map(lambda colour: _code(40, colour)),
).map(lambda look: ";".join([*look[0], *(each for each in look[1:] if each)]))
TEXT = st.text("ab 张\n", min_size=1, max_size=3)
PIECE = st.one_of(
    TEXT,
    st.tuples(LOOK, TEXT).map(lambda p: f"\x1b[{p[0]}m{p[1]}\x1b[0m" if p[0] else p[1]),
    st.tuples(st.integers(1, 9), st.integers(1, 9)).map(lambda at: f"\x1b[{at[0]};{at[1]}H"),
)


def _seen(painted: str) -> list[tuple[str, ...]]:
    """Each character with all that it looks like, and each move, as a terminal takes them."""
    attributes: set[str] = set()
    front, back = "39", "49"
    found: list[tuple[str, ...]] = []
    for codes, ends, character in _TOLD.findall(painted):
        if character:
            found.append((character, *sorted(attributes), front, back))
        elif ends == "H":
            found.append((codes,))
        for code in re.findall(
            r"[34]8;2;\d+;\d+;\d+|[34]8;5;\d+|\d+", codes if ends == "m" else ""
        ):
            if code == "0":
                attributes, front, back = set(), "39", "49"
            elif code == "22":
                attributes -= {"1", "2"}
            elif len(code) == 1:
                attributes.add(code)
            elif re.match(r"3|9", code):
                front = code
            else:
                back = code
    return [*found, ("", *sorted(attributes), front, back)]


@given(st.lists(PIECE, max_size=12).map("".join))
def test_it_looks_the_same_in_no_more_bytes(painted: str) -> None:
    fewer = fewer_bytes(painted)
    assert _seen(fewer) == _seen(painted)
    assert len(fewer) <= len(painted)


def test_only_what_differs_is_told() -> None:
    ground = "48;2;30;30;30"
    painted = (
        f"\x1b[4;1H\x1b[1;38;2;138;212;161;{ground}m2 here\x1b[0m"
        f"\x1b[38;2;138;212;161;{ground}m·\x1b[0m\x1b[6;1H\x1b[38;2;97;97;97;{ground}m│\x1b[0m"
    )
    assert fewer_bytes(painted) == (
        f"\x1b[4;1H\x1b[1;38;2;138;212;161;{ground}m2 here"
        "\x1b[22m·\x1b[6;1H\x1b[38;2;97;97;97m│\x1b[0m"
    )
