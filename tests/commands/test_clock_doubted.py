"""A clock that is far from what was recorded last, at the command line."""

from collections.abc import Callable

from tests.commands.conftest import House, Run

SAID = "days after the last that was recorded here"


def test_a_command_says_so_before_it_records_and_one_that_reads_says_nothing(
    house: House, at: Callable[[str], None]
) -> None:
    at("2036-12-01T12:00")
    assert house.run("venue", "show").err == ""
    took = house.take(places="place,kind\nV09,room\n")
    assert took.status == 0
    assert SAID in took.err.splitlines()[0]
    assert SAID not in house.take(places="place,kind\nV10,room\n").err
    at("2020-01-01T12:00")
    behind = house.run("venue", "edit", "--name", "甲")
    assert behind.status == 0
    assert "if it is right, another's was wrong: go on" in behind.err


def test_it_is_said_in_every_language(venue: Run, at: Callable[[str], None]) -> None:
    for year, language in ((2050, "zh-Hans"), (2070, "zh-Hant")):
        at(f"{year}-01-01T12:00")
        said = venue("--lang", language, "venue", "edit", "--name", f"场{year}").err
        assert f"{year}-01-01" in said
        assert SAID not in said
