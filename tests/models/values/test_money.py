"""Amounts are exact."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.values.money import format_money, parse_money, rounded, to_cents


def test_amounts_are_read() -> None:
    for text, cents in (
        ("0", 0), ("30", 3000), ("30.5", 3050), ("30.50", 3050), ("30.05", 3005), ("007", 700),
        ("999999999999.99", 99_999_999_999_999),
    ):  # fmt: skip
        assert parse_money(text) == cents


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-1", "+1", "1.234", "1e3", "1,000", "1.", ".5", "３０", "٣", "NaN", "inf", "30 ",
        "30\n", "1_000", "¥30", "0x1F", "1000000000000",
    ],
)  # fmt: skip
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        parse_money(text)


def test_amounts_are_written_with_two_decimals() -> None:
    for cents, text in ((0, "0.00"), (5, "0.05"), (-5, "-0.05"), (-12_345, "-123.45")):
        assert format_money(cents) == text
    assert format_money(100_000_000) == "1000000.00"


@given(st.integers(0, 10**14 - 1))
def test_what_is_written_reads_back(cents: int) -> None:
    assert parse_money(format_money(cents)) == cents


def test_rounding_is_half_away_from_zero() -> None:
    for amount, cents in (
        ("0.005", 1), ("0.015", 2), ("0.025", 3), ("-0.005", -1), ("-0.025", -3),
        ("0.0049999", 0), ("1.994999", 199),
    ):  # fmt: skip
        assert to_cents(Decimal(amount)) == cents


def test_half_a_cent_of_a_days_wage_is_taken_and_less_is_not() -> None:
    for cents, parts, whole in (
        (0, 1, 0), (1, 2, 1), (2, 4, 1), (3, 2, 2), (5, 2, 3), (4, 3, 1), (5, 3, 2), (100, 1, 100),
    ):  # fmt: skip
        assert rounded(cents, parts) == whole
