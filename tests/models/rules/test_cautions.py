"""What the law says on a rulebook, by what the rulebook does and where."""

import tomllib
from datetime import time
from decimal import Decimal
from importlib.resources import files

import pytest

from models.rules.cautions import cautions
from models.rules.rulebook import LANGUAGES, Cap, Excess, Rulebook, RuleKind
from models.rules.shipped import load


def codes(book: Rulebook) -> list[str]:
    return [each.code for each in cautions(book)]


@pytest.fixture
def nightlife() -> Rulebook:
    return load("nightlife")


def test_mainland_china(nightlife: Rulebook) -> None:
    assert codes(nightlife) == [
        "cn_contested_fines",
        "cn_monthly_fifth",
        "cn_minimum_wage",
        "cn_absence_is_no_resignation",
        "cn_wages_at_the_end",
        "cn_minors",
        "cn_night_log",
    ]


@pytest.mark.parametrize(
    ("shift_end", "told"),
    [(time(2), False), (time(2, 1), True), (time(7), True), (time(23), False)],
)
def test_a_shift_past_two_is_told_of_the_hours(
    nightlife: Rulebook, shift_end: time, told: bool
) -> None:
    late = nightlife._replace(shift_end=shift_end)
    assert ("cn_hours" in codes(late)) == told
    assert ("cn_night_log" in codes(late)) == (shift_end < time(12))


def test_guangdong_adds_its_own_to_those_of_the_mainland(nightlife: Rulebook) -> None:
    guangdong = codes(nightlife._replace(jurisdiction="CN-GD"))
    assert guangdong == [*codes(nightlife), "gd_fines_penalised", "gd_written_notice"]


def test_hong_kong_and_taiwan(nightlife: Rulebook) -> None:
    assert codes(nightlife._replace(jurisdiction="HK")) == ["hk_no_fines", "hk_absence"]
    assert codes(nightlife._replace(jurisdiction="tw")) == [
        "tw_paid_in_full",
        "tw_no_withholding",
        "tw_absence_is_no_resignation",
    ]


@pytest.mark.parametrize("place", ["", "GB", "C", "CNX"])
def test_nothing_is_said_of_a_place_that_is_not_known(nightlife: Rulebook, place: str) -> None:
    assert codes(nightlife._replace(jurisdiction=place)) == []


@pytest.mark.parametrize(
    ("percent", "floor", "left"),
    [
        ("20", 2500_00, set()),
        ("20.01", 2500_00, {"cn_monthly_fifth"}),
        ("20", 0, {"cn_minimum_wage"}),
    ],
)
def test_a_cap_within_the_law_quiets_what_it_answers(
    nightlife: Rulebook, percent: str, floor: int, left: set[str]
) -> None:
    capped = nightlife._replace(cap=Cap(Decimal(percent), floor, Excess.CARRY))
    assert {"cn_monthly_fifth", "cn_minimum_wage"} & set(codes(capped)) == left


def test_a_rulebook_that_takes_no_money_is_not_told_of_fines() -> None:
    sales = load("property_sales")
    turns_only = tuple(rule for rule in sales.rules if rule.kind is RuleKind.SUSPENSION)
    for place in ("CN-GD", "HK", "TW"):
        assert codes(sales._replace(rules=turns_only, jurisdiction=place)) == []


def test_a_day_for_a_day_is_not_more_than_the_absence(nightlife: Rulebook) -> None:
    rules = tuple(
        rule._replace(days=Decimal(1)) if rule.kind is RuleKind.WAGE_DAYS else rule
        for rule in nightlife.rules
    )
    assert codes(nightlife._replace(rules=rules, jurisdiction="HK")) == ["hk_no_fines"]


def test_each_is_said_in_every_language_with_its_source(nightlife: Rulebook) -> None:
    every = [
        c
        for place in ("CN-GD", "HK", "TW")
        for c in cautions(nightlife._replace(jurisdiction=place, shift_end=time(3)))
    ]
    written = files("models.rules").joinpath("cautions.toml").read_text("utf-8")
    assert len(every) == len(tomllib.loads(written)["cautions"])
    for caution in every:
        assert set(caution.text) == set(LANGUAGES)
        assert all(caution.text.values())
        assert caution.source
