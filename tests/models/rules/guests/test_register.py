import pytest

from models.rules.guests.facts import Guest
from models.rules.guests.register import (
    clients,
    likely_the_same,
    masked_phone,
    phone_key,
    phone_problem,
    plain_phone,
)


@pytest.mark.parametrize(
    "text", ["13812345678", "+86 138-1234-5678", "0086 13812345678", "１３８１２３４５６７８"]
)
def test_one_number_written_in_many_ways(text: str) -> None:
    assert plain_phone(text) == "13812345678"
    assert phone_problem(text) is None
    assert masked_phone(text) == "138****5678"


@pytest.mark.parametrize(
    "text", ["", "1381234567a", "12812345678", "1234", "1.38E+10", "138*5678", "1" * 16]
)
def test_not_a_number(text: str) -> None:
    assert phone_problem(text) is not None


@pytest.mark.parametrize("text", ["+86 20-8765 4321", "85291234567", "100861", "138****5678"])
def test_numbers_that_are_no_mainland_mobiles_are_kept_as_they_are(text: str) -> None:
    assert phone_problem(text) is None
    assert plain_phone(text) == text.replace(" ", "").replace("-", "")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("13812345678", "13812345678"),
        ("008613812345678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("020-8765432", "0208765432"),
        ("+85291234567", "+85291234567"),
        ("138****5678", None),
        ("", None),
        (None, None),
    ],
)
def test_by_what_a_guest_is_found_again(text: str | None, key: str | None) -> None:
    assert phone_key(text) == key


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("138****5678", "138****5678"),
        ("85291234567", "852****4567"),
        ("+85291234567", "+852****4567"),
        ("020-8765432", "02****5432"),
        ("12345", "***45"),
        ("8765432", "*****32"),
        ("87654321", "****4321"),
        (None, ""),
    ],
)
def test_how_a_number_is_shown(text: str | None, shown: str) -> None:
    assert masked_phone(text) == shown


HUSBAND = Guest("g1", "陈先生", "13800000001", "陈家")
WIFE = Guest("g2", "林女士", "13800000002", "陈家")
AGAIN = Guest("g3", "陈", "+8613800000001")
OTHER = Guest("g4", "王先生", "138****0001")


@pytest.mark.parametrize(
    ("by", "one"),
    [
        (["phone"], [{"g1", "g3"}, {"g2"}, {"g4"}]),
        (["household"], [{"g1", "g2"}, {"g3"}, {"g4"}]),
        (["phone", "company"], [{"g1", "g2", "g3"}, {"g4"}]),
        ([], [{"g1"}, {"g2"}, {"g3"}, {"g4"}]),
    ],
)
def test_one_client_of_several_guests(by: list[str], one: list[set[str]]) -> None:
    for order in ([HUSBAND, WIFE, AGAIN, OTHER], [OTHER, AGAIN, WIFE, HUSBAND]):
        of = clients(order, by)
        groups = {tuple(sorted(no for no in of if of[no] == client)) for client in of.values()}
        assert groups == {tuple(sorted(each)) for each in one}
        assert all(of[client] == client for client in of.values())


def test_who_may_be_one_person() -> None:
    assert likely_the_same([HUSBAND, WIFE, AGAIN, OTHER]) == [("g1", "g3")]
    masked = Guest("g5", "陈先生", "139****0001")
    assert likely_the_same([HUSBAND, masked]) == [("g1", "g5")]
