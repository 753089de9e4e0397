"""Finding people on the payroll."""

from datetime import date

import pytest

from models.access.session import Session
from models.operations import directory
from tests.models.house import hire, staff_the_house

NIGHT = date(2026, 9, 2)


@pytest.fixture(autouse=True)
def house(session: Session) -> None:
    staff_the_house()
    hire("Z1", "走了", left_on="2026-09-01")
    hire("Z2", "未来", team="B", hired_on="2026-09-03")


def test_whoever_is_employed_that_night_by_team_and_number() -> None:
    assert [each.staff_no for each in directory.employed(NIGHT)] == [
        *("A1", "A2", "A3", "S1", "D1", "D2", "P1")
    ]
    assert "Z1" in {each.staff_no for each in directory.employed(date(2026, 9, 1))}
    assert "Z2" in {each.staff_no for each in directory.employed(date(2026, 9, 3))}


@pytest.mark.parametrize("text", ["zxx", "曾小", "a1", "A1"])
def test_somebody_is_found_by_name_number_and_initials(text: str) -> None:
    assert [each.staff_no for each in directory.employed(NIGHT) if each.matches(text)] == ["A1"]
    assert directory.found(text) == {"A1"}


def test_whoever_left_is_still_found() -> None:
    assert directory.found("zl") == {"Z1"}


def test_names_and_the_sizes_of_teams() -> None:
    assert directory.name_of("A2") == "单雄"
    assert directory.name_of("nobody") == "nobody"
    assert directory.team_sizes(directory.employed(NIGHT)) == {"A": 4}
