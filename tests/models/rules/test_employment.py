"""When a staffer was employed, and as what."""

from datetime import date

import pytest

from models.rules.employment import (
    Posting,
    Spell,
    Staffer,
    in_force,
    is_on_roll,
    last_employed,
    spell_of,
)


def day(number: int) -> date:
    return date(2026, 9, number)


TWICE = (Spell(day(5), day(10)), Spell(day(20), day(25)))
STILL = (Spell(day(5), day(10)), Spell(day(20)))


def test_both_nights_of_a_spell_are_of_it() -> None:
    for spell, held in (
        (Spell(day(5), day(10)), range(5, 11)),
        (Spell(day(5)), range(5, 31)),
        (Spell(day(5), day(5)), range(5, 6)),
    ):
        assert [n for n in range(1, 31) if spell.holds(day(n))] == list(held)


def test_a_staffer_is_employed_from_the_first_night_of_each_spell_to_its_last() -> None:
    left, still = (
        Staffer("A1", True, day(5), left_on, ((day(1), 1),), rehires)
        for left_on, rehires in ((day(10), (Spell(day(20), day(25)),)), (None, ()))
    )
    assert [n for n in range(1, 31) if left.employed(day(n))] == [*range(5, 11), *range(20, 26)]
    assert [n for n in range(1, 31) if still.employed(day(n))] == list(range(5, 31))


@pytest.mark.parametrize(
    ("on_roll", "position", "called"),
    [
        (None, "staff", True),
        (None, "supervisor", True),
        (None, "director", False),
        (None, "payroll", False),
        (True, "director", True),
        (False, "staff", False),
    ],
)
def test_who_is_called_as_was_said_or_as_the_position_says(
    on_roll: bool | None, position: str, called: bool
) -> None:
    assert is_on_roll(on_roll, position) is called
    assert Posting("一组", None, position, on_roll).called is called


def test_what_is_in_force_from_its_own_night_on() -> None:
    wages = ((day(5), 1), (day(10), 2), (day(20), 3))
    assert [in_force(wages, day(n)) for n in (1, 5, 9, 10, 19, 20, 30)] == [1, 1, 1, 2, 2, 3, 3]


def test_the_spell_of_a_night_between_two_is_the_one_before() -> None:
    assert [TWICE.index(spell_of(TWICE, day(n))) for n in (1, 5, 10, 19, 20, 30)] == [
        0, 0, 0, 0, 1, 1,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("spells", "first", "last", "until"),
    [
        (TWICE, 1, 30, 25),
        (TWICE, 1, 22, 22),
        (TWICE, 1, 20, 20),
        (TWICE, 1, 19, 10),
        (TWICE, 10, 19, 10),
        (TWICE, 11, 19, None),
        (TWICE, 25, 30, 25),
        (TWICE, 26, 30, None),
        (TWICE, 1, 5, 5),
        (TWICE, 1, 4, None),
        (STILL, 1, 30, 30),
        (STILL, 21, 21, 21),
        (STILL, 20, 20, 20),
        (STILL, 11, 19, None),
    ],
)
def test_the_last_night_of_employment_in_a_span(
    spells: tuple[Spell, ...], first: int, last: int, until: int | None
) -> None:
    assert last_employed(spells, day(first), day(last)) == (until and day(until))
