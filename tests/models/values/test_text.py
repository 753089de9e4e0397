"""What a name, a key and a note may hold, and what is put on a terminal of it."""

import unicodedata
from pathlib import Path

import pytest

from models.values.text import displayable, key_problem, name_problem, note_problem

DATA = Path(__file__).parents[2] / "data"
EDGE_NAMES = (DATA / "edge_names.txt").read_text(encoding="utf-8").split("\n")[:-1]
REFUSED_EDGE_NAMES = {"小\t美", "\u202e倒序"}
BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize("name", EDGE_NAMES)
def test_odd_names_are_names(name: str) -> None:
    assert (name_problem(name) is not None) == (name in REFUSED_EDGE_NAMES)


@pytest.mark.parametrize("name", ["[red]", "[/]", "👩\u200d💼经理", "$(rm)", "%s%(x)s", "é́zra"])
def test_markup_and_joined_emoji_are_names(name: str) -> None:
    assert name_problem(name) is None
    assert displayable(name) == name


@pytest.mark.parametrize("blank", ["", " ", "\u3000\u00a0", "\t\n"])
def test_a_blank_name_is_refused(blank: str) -> None:
    assert str(name_problem(blank)) == "may not be blank"


@pytest.mark.parametrize(
    "char", [*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), "\u2028", "\u2029"]
)
def test_control_characters_are_refused_in_names_and_named(char: str) -> None:
    assert str(name_problem(f"小{char}美")) == f"holds the control character U+{ord(char):04X}"


@pytest.mark.parametrize("char", BIDI_CONTROLS)
def test_what_turns_the_text_round_is_refused_in_names(char: str) -> None:
    wrong = f"holds U+{ord(char):04X}, which changes text direction"
    assert str(name_problem(f"小{char}美")) == wrong


def test_every_bidi_control_of_unicode_is_meant() -> None:
    explicit = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    known = {chr(c) for c in range(0x110000) if unicodedata.bidirectional(chr(c)) in explicit}
    assert known | {"\u061c", "\u200e", "\u200f"} == set(BIDI_CONTROLS)


@pytest.mark.parametrize("check", [name_problem, key_problem, note_problem])
def test_half_a_surrogate_pair_is_refused(check) -> None:
    assert str(check("小\udc80")) == "holds the broken character U+DC80"


def test_lengths() -> None:
    assert name_problem("长" * 1000) is None
    assert str(name_problem("长" * 1001)) == "is longer than 1000 characters"
    assert note_problem("长" * 10_000) is None
    assert str(note_problem("长" * 10_001)) == "is longer than 10000 characters"


def test_a_key_has_no_space_around_it() -> None:
    assert key_problem("A 007") is None
    for key in (" 007", "007 ", "007\u3000"):
        assert str(key_problem(key)) == "may not begin or end with a space"
    assert str(key_problem(" ")) == "may not be blank"


def test_a_note_may_have_lines_and_be_blank_but_holds_no_nul() -> None:
    assert note_problem("") is None
    assert note_problem("one\r\ntwo\t\u202e") is None
    assert str(note_problem("a\0b")) == "holds the control character U+0000"


def test_a_problem_names_its_field() -> None:
    wrong = key_problem("", "staff_no")
    assert wrong is not None
    assert wrong.field == "staff_no"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("小美", "小美"),
        ("张\u3000伟", "张\u3000伟"),
        ("\x1b[31m", "␛[31m"),
        ("\0\x07\x7f\t", "␀␇␡␉"),
        ("one\r\ntwo\nthree\u2028four\rfive", "one⏎two⏎three⏎four␍five"),
        ("\x9b31m", "▯31m"),
        ("\u202e倒序", "▯倒序"),
        ("零\u200b宽\ufeff\u00ad", "零▯宽▯▯"),
        ("\ud800", "▯"),
        ("👩\u200d💼", "👩\u200d💼"),
    ],
)
def test_what_a_terminal_gets(value: str, shown: str) -> None:
    assert displayable(value) == shown


def test_every_replacement_is_one_cell_on_chinese_terminals_too() -> None:
    changed = [c for c in map(chr, range(0x110000)) if displayable(c) != c]
    assert {unicodedata.category(c) for c in changed} == {"Cc", "Cf", "Cs", "Zl", "Zp"}
    for char in changed:
        (shown,) = displayable(char)
        assert unicodedata.east_asian_width(shown) in ("N", "Na")
        assert shown.isprintable()
