"""Staff: the roster, its forms, wages, and separations that wait for a decision."""

from datetime import date
from pathlib import Path

import pytest
from textual.widgets import Input, Static

from models.access.session import Session
from models.ledger import separations
from models.operations import staff, staff_record
from models.payroll import months
from models.storage.database import execute
from models.values.money import format_money
from models.values.problems import Refused
from tests.screens.office import furnish
from tests.screens.pilot import lines, press, said, showing, toasts
from venue_tui.exchange.mappings import remembered
from venue_tui.screens.staff.file_import import FilesForm, MappingForm
from venue_tui.screens.staff.forms import StaffForm, WageForm
from venue_tui.widgets.dialogs import Confirm
from venue_tui.widgets.line_list import LineList
from venue_tui.widgets.reason_prompt import ReasonPrompt

OCTOBER = date(2026, 10, 1)


@pytest.fixture
def session(make_session) -> Session:
    session = make_session("2026-10-05T14:00")
    furnish(session)
    return session


def move_to(pilot, staff_no: str) -> None:
    assert pilot.app.screen.query_one("#roster", LineList).move_to(staff_no)


async def test_the_roster_stands_by_team_with_what_the_month_did(session: Session) -> None:
    async with showing(session, "staff", "D2") as pilot:
        rows = pilot.app.screen.query_one("#roster", LineList).rows
        groups = [row.cells for row in rows if row.group]
        assert groups == [
            ("1 separation waits for a decision",),
            ("A组", "3 staffers"),
            ("B组", "3 staffers"),
            ("No team", "3 staffers"),
        ]
        assert lines(pilot, "roster")["S1"] == (
            "S1", "曾小贤", "staff", "4350.00", "", "", "",
        )  # fmt: skip
        await press(pilot, "left_square_bracket")
        assert lines(pilot, "roster")["S1"][4] == "60.00 (2)"
        assert lines(pilot, "roster")["S2"][4:6] == ("900.00 (2)", "4280.50")
        move_to(pilot, "S4")
        await pilot.pause()
        detail = said(pilot, "member")
        assert "S4 仇英  qy  B组  staff  on the roll" in detail
        assert "Under: Ann [/red] Lee (U2) > 王总监 (D1)" in detail
        assert "Wage: 4350.00 from 2026-01-01" in detail
        assert "2026-09: 1 charge, 100.00; sales that count 0.00" in detail


async def test_somebody_is_added_and_taken_back(session: Session) -> None:
    async with showing(session, "staff", "D2") as pilot:
        await press(pilot, "n")
        form = pilot.app.screen
        assert isinstance(form, StaffForm)
        form.control("staff_no").value = "S1"
        form.control("name").value = "翟小明"
        form.control("hired_on").value = "sometime"
        form.control("monthly_wage").value = "4e3"
        await pilot.press("f2")
        assert "not a night" in str(form.query_one("#problem-hired_on", Static).content)
        assert "not an amount" in str(form.query_one("#problem-monthly_wage", Static).content)
        form.control("hired_on").value = "2026-10-05"
        form.control("monthly_wage").value = "4350"
        await pilot.press("f2")
        assert "S1 is 曾小贤" in str(form.query_one("#problem-staff_no", Static).content)
        assert form.values()["name"] == "翟小明"
        form.control("staff_no").value = "S9"
        form.control("supervisor_no").query_one(Input).value = "U1"
        await press(pilot, "f2")
        assert lines(pilot, "roster")["S9"][1:4] == ("翟小明", "staff", "4350.00")
        assert staff.details("S9").supervisor_no == "U1"
        await press(pilot, "u")
        assert "S9" not in lines(pilot, "roster")
        assert "Undone: On the roster: 翟小明 (S9)" in toasts(pilot)


async def test_details_are_changed_and_a_circle_is_refused(session: Session) -> None:
    async with showing(session, "staff", "D2") as pilot:
        move_to(pilot, "U1")
        await press(pilot, "e")
        form = pilot.app.screen
        assert isinstance(form, StaffForm)
        form.control("supervisor_no").query_one(Input).value = "S1"
        await press(pilot, "f2")
        problem = str(form.query_one("#problem-supervisor_no", Static).content)
        assert problem.startswith("the chain of supervisors comes back to its beginning")
        form.control("supervisor_no").query_one(Input).value = "D2"
        form.control("team").query_one(Input).value = "C组"
        form.control("on_roll").value = "no"
        await press(pilot, "f2")
        details = staff.details("U1", session.tonight())
        assert (details.supervisor_no, details.team, details.on_roll) == ("D2", "C组", False)
        details = staff.details("U1", date(2026, 10, 4))
        assert (details.supervisor_no, details.team, details.on_roll) == ("D1", "A组", None)
        await press(pilot, "e", "f2")
        assert "Nothing changed: it was so already." in toasts(pilot)
        await press(pilot, "u")
        details = staff.details("U1", session.tonight())
        assert (details.supervisor_no, details.team, details.on_roll) == ("D1", "A组", None)


async def test_who_left_is_hidden_until_asked_for(session: Session) -> None:
    staff.edit(session, "S4", staff.details("S4")._replace(left_on=date(2026, 9, 20)))
    async with showing(session, "staff", "D2") as pilot:
        assert "S4" not in lines(pilot, "roster")
        await press(pilot, "v")
        assert lines(pilot, "roster")["S4"][-1] == "left 2026-09-20"
        assert "with those who left" in said(pilot, "month")


async def test_a_wage_changes_from_a_date_on(session: Session) -> None:
    async with showing(session, "staff", "D2") as pilot:
        move_to(pilot, "S1")
        await press(pilot, "dollar_sign")
        form = pilot.app.screen
        assert isinstance(form, WageForm)
        assert form.values()["effective_from"] == "2026-10-01"
        assert "So far: 4350.00 from 2026-01-01" in str(form.query_one("#verdict", Static).content)
        form.control("monthly_wage").value = "5000"
        await press(pilot, "f2")
        assert lines(pilot, "roster")["S1"][3] == "5000.00"
        assert "Wage: 4350.00 from 2026-01-01, 5000.00 from 2026-10-01" in said(pilot, "member")
        await press(pilot, "dollar_sign")
        pilot.app.screen.control("monthly_wage").value = "5200"  # type: ignore[attr-defined]
        await press(pilot, "f2", "u")
        assert dict(staff.wages("S1"))[OCTOBER] == 500_000
        await press(pilot, "dollar_sign", "f2")  # a blank amount
        assert OCTOBER not in dict(staff.wages("S1"))
        await press(pilot, "u", "u")
        assert OCTOBER not in dict(staff.wages("S1"))


async def test_a_wage_of_a_closed_month_is_refused_beside_the_form(session: Session) -> None:
    for each in separations.undecided(session, "2026-09"):
        separations.decide(session, each, separations.KEPT, "D1")
    months.close(session, "2026-09")
    async with showing(session, "staff", "D2") as pilot:
        move_to(pilot, "S3")
        await press(pilot, "dollar_sign")
        form = pilot.app.screen
        assert isinstance(form, WageForm)
        form.control("effective_from").value = "2026-09-01"
        form.control("monthly_wage").value = "8000"
        await press(pilot, "f2")
        assert "2026-09 is closed" in str(form.query_one("#problem-of-form", Static).content)
        assert form.values()["monthly_wage"] == "8000"


async def test_a_proposed_separation_is_confirmed_and_reconsidered(session: Session) -> None:
    async with showing(session, "staff", person=None) as pilot:
        proposed = next(iter(lines(pilot, "roster").values()))
        assert proposed == ("S3", "解小东", "resigned?", "", "", "", "as of 09-06")
        assert "Proposed: resigned by absences as of 2026-09-06" in said(pilot, "member")
        await press(pilot, "a", *"D1", "enter")
        assert isinstance(pilot.app.screen, ReasonPrompt)
        await press(pilot, *"gone", "enter")
        assert staff.details("S3").left_on == date(2026, 9, 6)
        assert "S3" not in lines(pilot, "roster")
        await press(pilot, "u")
        assert staff.details("S3").left_on is None
        await press(pilot, "home", "x", "enter")
        assert separations.undecided(session, "2026-09") == []
        assert staff.details("S3").left_on is None
        assert "separation" not in "".join(map("".join, lines(pilot, "roster").values()))


async def test_enter_explains_the_month_on_the_screen_of_the_deductions(session: Session) -> None:
    async with showing(session, "staff", "D2") as pilot:
        await press(pilot, "left_square_bracket")
        move_to(pilot, "S2")
        await press(pilot, "enter")
        assert pilot.app.screen.where == "deductions"  # type: ignore[attr-defined]
        assert len(lines(pilot, "charges")) == 2
        await press(pilot, "8")
        move_to(pilot, "S1")
        await press(pilot, "enter")
        assert [each[3] for each in lines(pilot, "charges").values()] == ["30.00", "30.00"]


async def test_files_are_taken_in_after_their_preview(session: Session, tmp_path: Path) -> None:
    text = "staff_no,effective_from,monthly_wage\nS1,2026-10-01,5000\n"
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "wages.csv").write_text(text, encoding="utf-8")
    (folder / "notes.txt").write_text("x", encoding="utf-8")
    async with showing(session, "staff", "D2") as pilot:
        await press(pilot, "I")
        form = pilot.app.screen
        assert isinstance(form, FilesForm)
        form.control("file").value = str(folder)
        await press(pilot, "f2")
        dialog = pilot.app.screen
        assert isinstance(dialog, Confirm)
        assert dialog._lines == [
            "wages: 1 new, 0 changed, 0 as they were",
            "  new: S1 2026-10-01 曾小贤, monthly_wage 5000.00",
            "notes.txt: passed over, it is not named after a dataset",
        ]
        await press(pilot, "y")
        assert lines(pilot, "roster")["S1"][3] == "5000.00"
        await press(pilot, "u")
        assert lines(pilot, "roster")["S1"][3] != "5000.00"
        await press(pilot, "I")
        pilot.app.screen.control("file").value = str(folder)  # type: ignore[attr-defined]
        await press(pilot, "f2")
        await press(pilot, "y")
        await press(pilot, "I")
        pilot.app.screen.control("file").value = str(folder)  # type: ignore[attr-defined]
        await press(pilot, "f2")
        assert "Nothing changed: all of it was recorded already." in toasts(pilot)


async def test_correcting_a_closed_month_by_a_file_asks_why(
    session: Session, tmp_path: Path
) -> None:
    for each in separations.undecided(session, "2026-09"):
        separations.decide(session, each, separations.KEPT, "D1")
    months.close(session, "2026-09")
    text = "staff_no,effective_from,monthly_wage\nS3,2026-09-01,2175\n"
    (tmp_path / "wages.csv").write_text(text, encoding="utf-8")
    async with showing(session, "staff", "D2") as pilot:
        await press(pilot, "I")
        pilot.app.screen.control("file").value = str(tmp_path / "wages.csv")  # type: ignore[attr-defined]
        await press(pilot, "f2")
        assert isinstance(pilot.app.screen, ReasonPrompt)
        await press(pilot, *"typo", "enter")
        assert isinstance(pilot.app.screen, Confirm)
        await press(pilot, "y")
        with pytest.raises(Refused):
            staff.details("none")
        assert dict(staff.wages("S3"))[date(2026, 9, 1)] == 217_500


async def test_an_empty_roster_says_how_to_begin(make_session) -> None:
    async with showing(make_session(), "staff", "D2") as pilot:
        assert "n puts somebody on it" in said(pilot, "member")


async def test_every_charge_that_a_change_brings_or_takes_back_is_named_first(
    session: Session,
) -> None:
    """ "On the roll: no" once took back 2,206.90 without a word."""
    async with showing(session, "staff", "D2") as pilot:
        move_to(pilot, "S3")
        await press(pilot, "e")
        form = pilot.app.screen
        assert isinstance(form, StaffForm)
        assert form.values()["effective_from"] == "2026-10-05"
        form.control("on_roll").value = "no"
        form.control("effective_from").value = "2026-09-05"
        await press(pilot, "f2")
        dialog = pilot.app.screen
        assert isinstance(dialog, Confirm)
        standing = execute(
            "SELECT night, amount FROM charges WHERE staff_no = 'S3' AND night >= '2026-09-05'"
            " AND status = 'standing' AND source = 'roll' ORDER BY night"
        ).fetchall()
        assert standing
        for line, (night, amount) in zip(dialog._lines, standing, strict=False):
            assert line.startswith(str(night))
            assert f"{format_money(amount)} is charged no more" in line
        total = format_money(sum(amount for _, amount in standing))
        assert dialog._lines[-1] == f"In all {total} less."
        await press(pilot, "n")
        assert pilot.app.screen is form
        assert form.values()["effective_from"] == "2026-09-05"
        assert staff.details("S3", session.tonight()).on_roll is None
        await press(pilot, "f2", "y")
        assert staff.details("S3", session.tonight()).on_roll is False
        assert staff.details("S3", date(2026, 9, 4)).on_roll is None
        await press(pilot, "u")
        assert staff.details("S3", session.tonight()).on_roll is None


async def test_who_left_is_hired_again_under_the_same_number(session: Session) -> None:
    staff.edit(session, "S4", staff.details("S4")._replace(left_on=date(2026, 9, 20)))
    async with showing(session, "staff", "D2") as pilot:
        await press(pilot, "v")
        move_to(pilot, "S4")
        await press(pilot, "r")
        form = pilot.app.screen
        assert isinstance(form, StaffForm)
        assert form.values()["hired_on"] == "2026-10-05"
        form.control("hired_on").value = "2026-09-20"
        await press(pilot, "f2")
        assert "hired again on 2026-09-20" in str(
            form.query_one("#problem-hired_on", Static).content
        )
        form.control("hired_on").value = "2026-10-01"
        await press(pilot, "f2")
        spells = staff_record.require("S4").spells
        assert [spell.hired_on for spell in spells] == [date(2026, 1, 1), date(2026, 10, 1)]
        assert "employed 2026-01-01 – 2026-09-20, 2026-10-01 –" in said(pilot, "member")
        await press(pilot, "u")
        assert len(staff_record.require("S4").spells) == 1


async def test_another_programs_columns_are_taken_through_a_mapping(
    session: Session, tmp_path: Path
) -> None:
    file = tmp_path / "wages.csv"
    text = "员工编号,起薪日期,基本工资,备注\nS1,2026/10/1,5000,x\n"
    file.write_text(text, encoding="utf-8")
    async with showing(session, "staff", "D2") as pilot:
        for time in range(2):
            await press(pilot, "I")
            pilot.app.screen.control("file").value = str(file)  # type: ignore[attr-defined]
            await press(pilot, "f2")
            form = pilot.app.screen
            assert isinstance(form, MappingForm)
            guessed = [field.value for field in form.fields()]
            assert guessed == ["staff_no", "effective_from", "monthly_wage", ""], time
            await press(pilot, "f2")
            dialog = pilot.app.screen
            assert isinstance(dialog, Confirm)
            assert "  new: S1 2026-10-01 曾小贤, monthly_wage 5000.00" in dialog._lines
            await press(pilot, "n")
        assert remembered()["wages"]["员工编号"] == "staff_no"


async def test_what_was_chosen_for_one_is_offered_for_the_next(session: Session) -> None:
    async with showing(session, "staff", "D2") as pilot:
        await press(pilot, "n")
        form = pilot.app.screen
        assert isinstance(form, StaffForm)
        form.control("staff_no").value = "N1"  # type: ignore[union-attr]
        form.control("name").value = "新人"  # type: ignore[union-attr]
        form.control("hired_on").value = "2026-09-20"  # type: ignore[union-attr]
        form.control("monthly_wage").value = "4000"  # type: ignore[union-attr]
        form.control("supervisor_no").take("D1", "王总监")  # type: ignore[union-attr]
        await press(pilot, "f2")
        await press(pilot, "n")
        form = pilot.app.screen
        assert isinstance(form, StaffForm)
        offered = form.values()
        assert (offered["staff_no"], offered["name"]) == ("", "")
        assert (offered["hired_on"], offered["supervisor_no"]) == ("2026-09-20", "D1")
        await press(pilot, "escape", "e")
        form = pilot.app.screen
        assert isinstance(form, StaffForm)
        assert form.values()["hired_on"] != "2026-09-20"
