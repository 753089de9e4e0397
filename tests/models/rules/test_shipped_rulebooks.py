"""The rulebooks that come along with the default one, to prove that rules are data."""

from datetime import time
from unittest.mock import patch

import pytest

from models.rules import rulebook_parser, shipped
from models.rules.rulebook import Origin, Rulebook, RuleKind
from models.rules.shipped import TABLES, load
from models.rules.shipped.__main__ import made


def test_the_club_fines_eight_things_at_fixed_amounts() -> None:
    rules = load("club").rules
    assert [rule.amount for rule in rules] == [
        cents * 100 for cents in (50, 100, 300, 100, 200, 100, 100, 100)
    ]
    assert {rule.kind for rule in rules} == {RuleKind.FIXED}


def test_the_sales_office_suspends_for_a_day_and_fines_a_thousand() -> None:
    suspension, fine = load("property_sales").rules
    assert (suspension.kind, suspension.clause) == (RuleKind.SUSPENSION, "11")
    assert (fine.kind, fine.amount) == (RuleKind.FIXED, 1000_00)


@pytest.mark.parametrize("name", ["club", "property_sales"])
def test_all_of_their_rules_are_entered_as_incidents(name: str) -> None:
    book = load(name)
    assert all(Origin.INCIDENT in rule.origins for rule in book.rules)
    assert book.separation is None
    assert book.cap is None


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("nightlife", set()),
        (
            "club",
            {"unregistered_visit", "unasked_visitor", "unmatched_phone", "second_follow_up"},
        ),
        ("property_sales", {"taken_client"}),
    ],
)
def test_what_the_guest_desk_charges_by_itself(name: str, codes: set[str]) -> None:
    rules = load(name).rules
    assert {rule.code for rule in rules if Origin.DESK in rule.origins} == codes


@pytest.mark.parametrize(
    ("name", "day_start"), [("nightlife", time(12)), ("club", time(5)), ("property_sales", time(5))]
)
def test_when_their_day_begins(name: str, day_start: time) -> None:
    assert load(name).day_start == day_start


@pytest.mark.parametrize("name", ["nightlife", "club", "property_sales"])
def test_chinese_titles_fit_over_a_column(name: str) -> None:
    book: Rulebook = load(name)
    for language in ("zh-Hans", "zh-Hant"):
        assert all(len(rule.title(language)) <= 8 for rule in book.rules)


def test_what_they_say_as_toml_is_known_as_it_is_read() -> None:
    assert TABLES.read_text("utf-8") == made(), "run python -m models.rules.shipped"
    for name in shipped.shipped():
        written = shipped.text(name)
        with patch("tomllib.loads", side_effect=AssertionError):
            quick = shipped.parse(written)
        slow = rulebook_parser.parse(written)
        assert quick.guests == slow.guests
        alike = {each: getattr(slow, each) for each in ("read_guests", "plain_is_bookers")}
        assert quick._replace(**alike) == slow
