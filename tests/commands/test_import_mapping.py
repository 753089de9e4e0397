"""Files whose headers are another program's, taken by a command."""

import pytest

from tests.commands.conftest import House
from venue_tui.exchange import mappings

HR = "员工编号,员工姓名,部门,岗位,入职时间,底薪,备注栏\n0901,乔峰,一组,staff,2025-01-01,4000.5,x\n"
ALL = (
    "员工编号=staff_no", "员工姓名=name", "部门=team", "岗位=position", "入职时间=hired_on",
    "底薪=monthly_wage", "备注栏=",
)  # fmt: skip


@pytest.fixture
def take(house: House):  # type: ignore[no-untyped-def]
    file = house.folder / "人事.csv"
    file.write_text(HR, encoding="utf-8")
    return lambda *options: house.run("import", "--as", "staff", str(file), *options)


def new(house: House) -> dict[str, str]:
    return next(row for row in house.export("staff") if row["staff_no"] == "0901")


def test_nothing_is_taken_by_a_guess_that_nobody_asked_for(house: House, take) -> None:  # type: ignore[no-untyped-def]
    refused = take()
    assert refused.status == 1
    assert "员工编号: staff has no such column" in refused.err
    for each in ALL:
        assert f"--map {each}" in refused.err.replace("'", "")
    assert len(house.export("staff")) == 5


def test_a_guess_says_what_it_takes_for_what(house: House, take) -> None:  # type: ignore[no-untyped-def]
    tried = take("--guess", "--dry-run")
    assert "«底薪» is read as monthly_wage" in tried.err
    assert "«备注栏» is left out" in tried.err
    assert "nothing was recorded" in tried.err
    assert take("--guess").status == 0
    assert new(house)["monthly_wage"] == "4000.50"


def test_what_is_said_goes_before_what_is_guessed(house: House, take) -> None:  # type: ignore[no-untyped-def]
    assert take(*(word for each in ALL for word in ("--map", each))).status == 0
    assert new(house)["name"] == "乔峰"
    assert house.run("import", "--undo").status == 0
    taken = take("--guess", "--map", "部门=")
    assert "部门" not in taken.err
    assert new(house)["team"] == ""


def test_what_the_screen_remembers_holds_here_too(house: House, take) -> None:  # type: ignore[no-untyped-def]
    mappings.remember("staff", {"备注栏": "supervisor_no"})
    assert "«备注栏» is read as supervisor_no" in take("--guess", "--dry-run").err


@pytest.mark.parametrize("wrong", ["部门", "=team", "部门=nonsense"])
def test_what_is_no_mapping_is_wrong_usage(take, wrong: str) -> None:  # type: ignore[no-untyped-def]
    assert take("--map", wrong).status == 2


def test_a_title_above_another_programs_header_is_named(house: House) -> None:
    file = house.folder / "人事.csv"
    file.write_text(f"本店花名册\n2026年9月,,\n{HR}", encoding="utf-8")
    for options in ((), ("--guess",)):
        refused = house.run("import", "--as", "staff", str(file), *options)
        assert refused.status == 1
        assert "row 3 looks like it: delete what stands above" in refused.err
        assert len(refused.err.splitlines()) == 2


def test_of_several_sheets_the_one_that_is_meant_is_to_be_named(house: House) -> None:
    from xlsxwriter import Workbook

    file = house.folder / "hr.xlsx"
    with Workbook(str(file)) as book:
        for name in ("花名册", "说明"):
            book.add_worksheet(name).write_string(0, 0, "员工编号")
    refused = house.run("import", "--as", "staff", str(file))
    assert refused.status == 1
    assert (
        "it has several sheets (花名册, 说明): name the one that is meant staff 员工" in refused.err
    )
