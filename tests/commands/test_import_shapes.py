"""Files as spreadsheets save them again: read where there is one way to read them, else refused
with the way out named."""

import pytest

from tests.commands.conftest import TROUBLE, House

SHAPES = TROUBLE / "spreadsheet-shapes"


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ("semicolon", "cells are divided by ;"),
        ("blankrows", "2 blank rows at the end are passed over"),
        ("headerspace", ""),
        ("doublebom", ""),
        ("utf16", "cells are divided by a tab"),
        ("slashdate", "«2026/9/1 19:20» is read as 2026-09-01T19:20"),
    ],
)
def test_shapes_that_are_read(seeded: House, shape: str, said: str) -> None:
    answer = seeded.run("import", str(SHAPES / shape))

    assert answer.status == 0, answer.err
    assert said in answer.err
    assert seeded.export("attendance") == [
        {
            "night": "2026-09-01",
            "staff_no": "0007",
            "arrived_at": "2026-09-01T19:20",
            "made_up_at": "",
            "departed_at": "",
        }
    ]


def test_what_comes_first_in_a_date_is_asked(seeded: House) -> None:
    folder = str(SHAPES / "usdate")

    answer = seeded.run("import", folder)
    assert answer.status == 1
    assert "attendance.csv:2: night: 9/1/2026 can be read in two ways" in answer.err
    assert "say which with --dates mdy|dmy" in answer.err

    answer = seeded.run("import", folder, "--dates", "mdy")
    assert answer.status == 0
    assert "«9/1/2026» is read as 2026-09-01" in answer.err
    assert [row["night"] for row in seeded.export("attendance")] == ["2026-09-01"]
    answer = seeded.run("import", folder, "--dates", "dmy", "--dry-run")
    assert "«9/1/2026» is read as 2026-01-09" in answer.err


def test_a_number_is_no_date(seeded: House) -> None:
    answer = seeded.run("import", str(SHAPES / "serial"))

    assert answer.status == 1
    problems = [line for line in answer.err.splitlines() if "attendance.csv" in line]
    assert len(problems) == 2
    assert all("import the workbook itself" in line for line in problems)


def test_a_title_above_the_header_is_one_thing_wrong(seeded: House) -> None:
    answer = seeded.run("import", str(SHAPES / "titlerow"))

    assert answer.status == 1
    [problem] = [line for line in answer.err.splitlines() if "attendance.csv" in line]
    assert problem.endswith(
        "attendance.csv:1: the first row is no header; row 2 looks like it:"
        " delete what stands above"
    )


def test_names_in_gbk_are_never_stored_as_other_letters(seeded: House) -> None:
    answer = seeded.run("import", str(TROUBLE / "gbk-guess" / "one"))

    assert answer.status == 0, answer.err
    assert "read as GB18030" in answer.err
    names = {row["staff_no"]: row["name"] for row in seeded.export("staff")}
    assert (names["0021"], names["0022"]) == ("郑伟强", "谢雪萍")


@pytest.mark.parametrize(
    "files", [{}, {"notes": "x"}, {"attendance": "night,staff_no,arrived_at\n"}]
)
def test_an_import_of_nothing_is_refused(seeded: House, files: dict[str, str]) -> None:
    answer = seeded.take(**files)

    assert answer.status == 1
    assert "There is nothing in it to import." in answer.err


def test_what_a_file_lacks_stays_as_it_is(seeded: House) -> None:
    seeded.took(
        staff="staff_no,name,team,supervisor_no,position,hired_on,left_on,monthly_wage\n"
        "0009,马丁丁,一组,S01,staff,2026-01-01,2026-09-01,6000\n",
        attendance="night,staff_no,arrived_at\n2026-09-01,0007,2026-09-01T19:20\n",
    )
    before = seeded.charges()

    for folder in ("d", "e"):
        answer = seeded.run("import", str(TROUBLE / "lacking-columns" / folder))
        assert answer.status == 0, answer.err

    staff = {row["staff_no"]: row for row in seeded.export("staff")}
    assert staff["0007"]["team"] == "一组"
    assert (staff["0009"]["left_on"], staff["0009"]["supervisor_no"]) == ("2026-09-01", "S01")
    [row] = seeded.export("attendance")
    assert (row["arrived_at"], row["made_up_at"]) == ("2026-09-01T19:20", "2026-09-01T21:10")
    assert seeded.charges() == before


def test_a_new_key_needs_its_columns(seeded: House) -> None:
    known = seeded.take(staff="staff_no,name\n0007,林小贝\n")
    assert known.status == 0, known.err

    new = seeded.take(staff="staff_no,name\n0007,林小贝\n0010,谢雅萍\n")
    assert new.status == 1
    lines = [line.partition(".csv:")[2] for line in new.err.splitlines() if ".csv:" in line]
    assert sorted(lines) == [
        "1: hired_on: the column is missing, and may not be blank",
        "1: monthly_wage: the column is missing, and may not be blank",
        "1: position: the column is missing, and may not be blank",
    ]
