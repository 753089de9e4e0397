"""Exact amounts. Everywhere in the program an amount is an `int` of cents."""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

# Twelve digits of yuan: no wage or sale comes near, and sums over a venue's lifetime still fit
# the database's 64-bit integers.
_MONEY = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,2}))?")


def parse_money(text: str) -> int:
    """Cents of an amount written as `30`, `30.5` or `30.50`.

    Raises ValueError, with a sentence for the person who wrote it, for signs, exponents,
    separators, other than ASCII digits, more than two decimals, or more than twelve digits.
    """
    match = _MONEY.fullmatch(text)
    if match is None:
        raise ValueError(
            "not an amount: write digits with at most two decimals and no sign, such as 30 or 30.50"
        )
    whole, decimals = match.groups("")
    return int(whole) * 100 + int(decimals.ljust(2, "0"))


@lru_cache(maxsize=4096)  # a month's sheet is mostly a few amounts over and over
def format_money(cents: int) -> str:
    """The amount with two decimals, a point and no separators: `-5` cents is `-0.05`."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def rounded(cents: int, parts: int) -> int:
    """An exact amount, not below zero, of so many cents divided into so many parts, rounded to the
    cent, half upwards."""
    return (2 * cents + parts) // (2 * parts)


def to_cents(amount: Decimal) -> int:
    """A decimal amount of the currency unit, rounded to the cent, half away from zero."""
    return int((amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
