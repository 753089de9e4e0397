"""Names in the order in which people count: 一组 二组 三组, 2组 before 10组, V2 before V10."""

import re
from functools import lru_cache

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "兩": 2,
}
_UNITS = {"十": 10, "百": 100}
_NUMBER = re.compile(r"([0-9]+|[零〇一二两兩三四五六七八九十百]+)")

Key = tuple[tuple[bool, int, str], ...]


@lru_cache(4096)
def natural(text: str) -> Key:
    """The sort key of a team, a room or a number: its numbers, in digits or Chinese numerals, by
    what they count, the rest by code point."""
    parts = _NUMBER.split(text.casefold())
    return tuple(
        (False, _value(part), part) if place % 2 else (True, 0, part)
        for place, part in enumerate(parts)
        if part
    )


def _value(number: str) -> int:
    if number.isdecimal():
        return int(number)
    if not any(sign in _UNITS for sign in number):
        return int("".join(str(_DIGITS[sign]) for sign in number))
    total, digit = 0, 0
    for sign in number:
        if sign in _UNITS:
            total += (digit or 1) * _UNITS[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit
