"""Pinyin initials of names, for finding people by them: `zxx` for 曾小贤.

The letters come from a table of one per character (`pinyin_initials.txt` says how it was made).
Surnames are read otherwise than the same characters elsewhere, so those that are have a table of
their own here, looked up first by two characters and then by one, where a name begins.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice, product
from pathlib import Path
from unicodedata import normalize

# Surname, simplified and traditional, to the initials of its readings, each of them living.
_SURNAMES = {
    surname: tuple(readings.split("/"))
    for surnames, readings in (
        ("尉迟 尉遲", "yc"),
        ("万俟 萬俟", "mq"),
        ("单于 單于", "cy"),
        ("澹台 澹臺", "tt"),
        ("长孙 長孫", "zs"),
        ("乐正 樂正", "yz"),
        ("子车 子車", "zj"),
        ("仇", "q"),
        ("佴", "n"),
        ("单 單", "s"),
        ("么", "y"),
        ("区 區", "o"),
        ("句", "g"),
        ("召", "s/z"),
        ("乐 樂", "y/l"),
        ("乜", "n"),
        ("宓", "m/f"),
        ("尉", "w"),
        ("折", "s"),
        ("曾", "z"),
        ("查", "z"),
        ("洗", "x"),
        ("祭", "z"),
        ("种 種", "c"),
        ("秘 祕", "b"),
        ("粘", "n"),
        ("繁", "p"),
        ("翟", "z"),
        ("莘", "s/x"),
        ("藏", "z"),
        ("覃", "q/t"),
        ("解", "x"),
        ("谌 諶", "c/s"),
        ("郄", "q/x"),
        ("郇", "x"),
        ("郗", "x/c"),
        ("重", "c"),
        ("长 長", "c"),
        ("阚 闞", "k"),
        ("隗", "w/k"),
        ("颉 頡", "x"),
    )
    for surname in surnames.split()
}

# Characters of given names that people read in two ways.
_GIVEN = {
    "乐": ("l", "y"),
    "樂": ("l", "y"),
    "单": ("d", "s"),
    "單": ("d", "s"),
    "晟": ("c", "s"),
    "曾": ("c", "z"),
    "朝": ("c", "z"),
    "茜": ("q", "x"),
    "行": ("x", "h"),
    "重": ("z", "c"),
    "长": ("z", "c"),
    "長": ("z", "c"),
    "〇": ("l",),
}

_MOST_READINGS = 8
_TABLE_START = 0x3400
_HAN = re.compile("[〇\u3400-\u9fff\U00020000-\U0003ffff]")
# Spaces, the dots between the parts of a name, accents and what is invisible.
_PASSED_OVER = re.compile("[\\s·•‧・\u0300-\u036f\u200b-\u200d\u2060\ufeff]+")


@lru_cache(maxsize=20_000)
def initials(name: str, edited: str = "") -> tuple[str, ...]:
    """The lower-case initials of a name, one for every way in which it may be read.

    Latin letters and digits stand for themselves, characters without a known reading and
    punctuation for nothing. `edited` is what a person wrote instead, in readings separated by
    spaces; unless it is blank it is taken as it is.
    """
    if written := edited.split():
        return tuple(dict.fromkeys(map(_folded, written)))
    every_reading = product(*_parts(_folded(name)))
    return tuple(dict.fromkeys(map("".join, islice(every_reading, _MOST_READINGS))))


def matches(query: str, name: str, staff_no: str, initials: tuple[str, ...]) -> bool:
    """Whether what was typed is part of the name, the number or one of the initials. Upper and
    lower case, full and half width, accents and spaces make no difference."""
    wanted = _folded(query)
    if not wanted:
        return query.strip() in name
    return (
        wanted in _folded(name)
        or wanted in _folded(staff_no)
        or any(wanted in reading for reading in initials)
    )


def _parts(name: str) -> Iterator[tuple[str, ...]]:
    """The possible initials of each part of a folded name, in order."""
    first_han = _HAN.search(name)
    start = first_han.start() if first_han else len(name)
    surname = next((s for n in (2, 1) if (s := name[start : start + n]) in _SURNAMES), "")
    yield from map(_letters, name[:start])
    if surname:
        yield _SURNAMES[surname]
    yield from map(_letters, name[start + len(surname) :])


def _letters(char: str) -> tuple[str, ...]:
    if char in _GIVEN:
        return _GIVEN[char]
    if "\u3400" <= char <= "\u9fff":
        letter = _table()[ord(char) - _TABLE_START]
        return ("",) if letter == "." else (letter,)
    return (char,) if char.isalnum() and not _HAN.match(char) else ("",)


def _folded(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text.lower()
    return _PASSED_OVER.sub("", normalize("NFKD", text.casefold()))


@cache
def _table() -> str:
    lines = Path(__file__).with_name("pinyin_initials.txt").read_text("utf-8").splitlines()
    return "".join(line for line in lines if not line.startswith("#"))
