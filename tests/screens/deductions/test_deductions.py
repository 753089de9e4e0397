"""Deductions: the month's sheet, its charges explained, charts, export and closing."""

from datetime import date
from pathlib import Path

import pytest
from textual.pilot import Pilot

from models.access.session import Session
from models.ledger import closings, separations, waivers
from models.payroll import appeals, months
from models.storage.tables import Briefing
from models.values.nights import month_of
from tests.screens.office import NIGHTS, furnish
from tests.screens.pilot import lines, press, rows, said, settled, showing, toasts
from venue_tui.app import VenueApp
from venue_tui.screens.deductions.export_form import ExportForm
from venue_tui.screens.deductions.lines import ALL
from venue_tui.screens.shared.text_viewer import ReadScreen
from venue_tui.widgets.chooser import Chooser
from venue_tui.widgets.dialogs import Confirm, ProgressDialog
from venue_tui.widgets.line_list import LineList
from venue_tui.widgets.reason_prompt import ReasonPrompt

MONTH = "2026-09"


@pytest.fixture
def session(make_session) -> Session:
    session = make_session("2026-10-05T14:00")
    furnish(session)
    return session


def separate(session: Session) -> None:
    for each in separations.undecided(session, MONTH):
        separations.decide(session, each, separations.KEPT, "D1")


def first_charge(pilot: Pilot) -> tuple[str, ...]:
    return next(iter(lines(pilot, "charges").values()))


async def test_the_sheet_opens_on_the_month_to_be_closed_with_its_totals(session: Session) -> None:
    async with showing(session, "deductions", "D2") as pilot:
        assert "2026-09  open  9 staffers, 3460.00 deducted" in said(pilot, "month")
        sheet = lines(pilot, "sheet")
        assert next(iter(sheet)) == ALL
        assert sheet[ALL][:5] == ("All", "9", "3460.00", "3460.00", "2 over 1/5")
        assert sheet["S1"][:5] == ("S1", "曾小贤", "60.00", "60.00", "")
        assert sheet["S2"][4] == "over 1/5"
        assert sheet["S3"][4] == "over 1/5, resigned"
        line_list = pilot.app.screen.query_one("#sheet", LineList)
        titles = [column.title for column in line_list.columns]
        late = titles.index("Late for the briefing")
        assert sheet["S1"][late] == "60.00 (2)"
        assert sheet[ALL][late] == "60.00 (2)"
        assert sheet["S2"][titles.index("Sales")] == "4280.50"
        assert line_list.cursor_key == "D1"


async def test_the_view_narrows_to_who_pays_and_who_passes_a_fifth(session: Session) -> None:
    async with showing(session, "deductions", "D2") as pilot:
        await press(pilot, "v")
        assert list(lines(pilot, "sheet")) == [ALL, "S1", "S2", "S3", "S4"]
        assert "only who has something to pay" in said(pilot, "month")
        await press(pilot, "v")
        assert list(lines(pilot, "sheet")) == [ALL, "S2", "S3"]
        assert lines(pilot, "sheet")[ALL][3] == "3300.00"
        await press(pilot, "v", "slash", *"zxx")
        assert list(lines(pilot, "sheet")) == [ALL, "S1"]


async def test_the_largest_deduction_comes_first_when_asked_for(session: Session) -> None:
    async with showing(session, "deductions", "D2") as pilot:
        await press(pilot, "v", "s")
        assert list(lines(pilot, "sheet")) == [ALL, "S3", "S2", "S4", "S1"]
        assert "largest first" in said(pilot, "month")
        pilot.app.screen.query_one("#sheet", LineList).move_to("S2")
        await press(pilot, "enter", "full_stop")
        assert "S4 仇英  charged 100.00" in said(pilot, "sums")
        await press(pilot, "comma", "comma")
        assert "S3 解小东  charged 2400.00" in said(pilot, "sums")
        await press(pilot, "comma")
        assert "There is nobody else on the sheet that way." in toasts(pilot)
        await press(pilot, "escape")
        assert pilot.app.screen.query_one("#sheet", LineList).cursor_key == "S3"


async def test_every_charge_is_explained(session: Session) -> None:
    async with showing(session, "deductions", "D2") as pilot:
        pilot.app.screen.query_one("#sheet", LineList).move_to("S2")
        await press(pilot, "enter")
        charges = list(lines(pilot, "charges").values())
        assert [each[2:] for each in charges] == [
            ("10 Causing a fight", "800.00", "standing"),
            ("7 Guest complaint about service", "100.00", "standing"),
        ]
        assert "S2 欧阳菲菲  charged 900.00  deducted 900.00" in said(pilot, "sums")
        assert "2026-09-02 23:10: 打烂了两只杯子 [b]x[/]" in said(pilot, "charge")
        assert "Clause 10 takes: 500.00 to 1000.00. From: I260902-01" in said(pilot, "charge")
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, ReadScreen)
        await press(pilot, "escape", "escape")
        assert pilot.app.screen.query_one("#sheet", LineList).cursor_key == "S2"
        assert pilot.app.focused is pilot.app.screen.query_one("#sheet")


async def test_the_first_line_lists_the_charges_of_all(session: Session) -> None:
    async with showing(session, "deductions", "D2") as pilot:
        await press(pilot, "home", "enter")
        assert [each[1] for each in lines(pilot, "charges").values()] == [
            "S1", "S2", "S3", "S1", "S2", "S3", "S4", "S3",
        ]  # fmt: skip
        await press(pilot, "slash", *"s4", "enter")
        assert [each[1] for each in lines(pilot, "charges").values()] == ["S4"]
        assert "Contested 2026-10-05 14:00: 我只是去接客人" in said(pilot, "charge")


async def test_a_charge_is_waived_and_put_back(session: Session) -> None:
    async with showing(session, "deductions", "D2") as pilot:
        pilot.app.screen.query_one("#sheet", LineList).move_to("S1")
        await press(pilot, "enter", "w", *"new here", "enter")
        assert [each[-1] for each in lines(pilot, "charges").values()] == ["waived", "standing"]
        assert "Waived by 何总监: new here" in said(pilot, "charge")
        assert waivers.waiver("S1", NIGHTS[0], "late", "roll") == ("D2", "new here")
        assert "charged 30.00" in said(pilot, "sums")
        await press(pilot, "r", "y")
        assert [each[-1] for each in lines(pilot, "charges").values()] == ["standing"] * 2
        await press(pilot, "u", "u")
        assert waivers.waiver("S1", NIGHTS[0], "late", "roll") is None


async def test_an_appeal_is_written_down_and_decided(session: Session) -> None:
    async with showing(session, "deductions", person="D1") as pilot:
        pilot.app.screen.query_one("#sheet", LineList).move_to("S2")
        await press(pilot, "enter", "n", *"not me", "enter")
        assert first_charge(pilot)[-1] == "contested"
        assert "To be decided by 2026-10-12" in said(pilot, "charge")
        await press(pilot, "a")
        # D1 reported the incident and may not decide: of those who may, one is asked for.
        chooser = pilot.app.screen
        assert isinstance(chooser, Chooser)
        assert "D1" not in [row.key for row in chooser.query_one(LineList).rows]
        await press(pilot, *"D2", "enter")
        assert isinstance(pilot.app.screen, ReasonPrompt)
        await press(pilot, *"seen otherwise", "enter")
        assert first_charge(pilot)[-1] == "waived"
        assert "Waived on appeal by 何总监: seen otherwise" in said(pilot, "charge")
        await press(pilot, "u")
        assert first_charge(pilot)[-1] == "contested"
        await press(pilot, "x", *"proven", "enter")
        assert "Upheld by 何总监: proven" in said(pilot, "charge")
        assert not appeals.on_charge("S2", NIGHTS[1], "fighting", "incident:I260902-01")[0].open


async def test_the_charts_show_fines_by_rule_and_of_months_that_have_any(session: Session) -> None:
    async with showing(session, "deductions", "D2") as pilot:
        await press(pilot, "c")
        chart = lines(pilot, "chart")
        largest, least = chart["rule absence"], chart["rule late"]
        assert largest[0] == "4 Absent without leave"
        assert largest[2:] == ("2400.00", "3", "")
        assert set(largest[1]) == {"█"}
        assert 0 < len(least[1]) < len(largest[1])
        width = pilot.app.screen.query_one("#chart", LineList).columns[1].width
        assert len(largest[1]) == width
        assert [key for key in chart if key.startswith("20")] == ["2026-09"]
        assert chart["2026-09"][1:4] == ("█" * width, "3460.00", "8")
        pilot.app.screen.query_one("#chart", LineList).move_to("2026-09")
        await press(pilot, "enter")
        assert "2026-09" in said(pilot, "month")
        assert pilot.app.screen.query_one("#sheet", LineList).has_focus


async def test_the_month_is_exported(session: Session, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with showing(session, "deductions", "D2") as pilot:
        await press(pilot, "E")
        form = pilot.app.screen
        assert isinstance(form, ExportForm)
        assert form.values()["file"] == str(tmp_path / "deductions-2026-09.csv")
        form.control("dataset").value = "charges"
        await settled(pilot)
        assert form.values()["file"] == str(tmp_path / "charges-2026-09.csv")
        form.control("file").value = "here.csv"
        form.control("format").value = "json"
        await settled(pilot)
        assert form.values()["file"] == "here.csv"
        form.control("format").value = "csv"
        await press(pilot, "f2")
        written = (tmp_path / "here.csv").read_text("utf-8-sig")
        assert written.startswith("month,night,staff_no,name,rule,clause,source")
        assert written.count("\n") == 9
        assert "8 rows written to here.csv" in toasts(pilot)
        await press(pilot, "E")
        pilot.app.screen.control("file").value = "here.csv"  # type: ignore[attr-defined]
        await press(pilot, "f2")
        assert isinstance(pilot.app.screen, Confirm)
        await press(pilot, "n")
        assert (tmp_path / "here.csv").read_text("utf-8-sig") == written


async def test_the_month_is_exported_for_a_payroll_program(
    session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "frappe.csv"
    async with showing(session, "deductions", "D2") as pilot:
        await press(pilot, "E")
        form = pilot.app.screen
        assert isinstance(form, ExportForm)
        form.control("dataset").value = "payroll-frappe"
        form.control("teams").value = "yes"
        await press(pilot, "f2")
        assert pilot.app.screen is form  # a payroll program has no sheets a team
        form.control("teams").value = "no"
        form.control("file").value = str(path)
        await press(pilot, "f2")
    assert path.read_text("utf-8-sig").startswith("Series,Employee,Company")


async def test_in_a_browser_the_export_is_sent_there(
    session: Session, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sent: dict[str, bytes] = {}
    monkeypatch.setattr(VenueApp, "is_web", property(lambda app: True))
    monkeypatch.setattr(
        VenueApp,
        "deliver_binary",
        lambda app, content, *, save_filename: sent.update({save_filename: content.read()}),
    )
    async with showing(session, "deductions", "D2") as pilot:
        await press(pilot, "E")
        form = pilot.app.screen
        assert isinstance(form, ExportForm)
        assert "file" not in form.values()
        form.control("dataset").value = "roll"
        await press(pilot, "f2")
        [(name, content)] = sent.items()
        assert name == "roll-2026-09.csv"
        assert content.decode("utf-8-sig").startswith("night,staff_no,name")
        assert list(tmp_path.glob("roll*")) == []


async def test_an_export_that_cannot_be_written_says_why(session: Session, tmp_path: Path) -> None:
    async with showing(session, "deductions", "D2") as pilot:
        await press(pilot, "E")
        missing = tmp_path / "no" / "such.csv"
        pilot.app.screen.control("file").value = str(missing)  # type: ignore[attr-defined]
        await press(pilot, "f2")
        assert any("there is no such folder" in each for each in toasts(pilot))


async def test_an_export_is_cancelled(session: Session, tmp_path: Path, monkeypatch) -> None:
    from venue_tui.exchange import exports

    def patient(*_args: object, progress, **_options: object) -> int:
        dialog = next(each for each in app.screen_stack if isinstance(each, ProgressDialog))
        app.call_from_thread(dialog.action_cancel)
        progress(0, 9)
        return 9

    monkeypatch.setattr(exports, "export", patient)
    async with showing(session, "deductions", "D2") as pilot:
        app = pilot.app
        await press(pilot, "E")
        app.screen.control("file").value = str(tmp_path / "x.csv")  # type: ignore[attr-defined]
        await press(pilot, "f2")
        assert "Nothing was written." in toasts(pilot)


async def test_an_undecided_separation_keeps_the_month_open(session: Session) -> None:
    async with showing(session, "deductions", "D2") as pilot:
        await press(pilot, "C")
        dialog = pilot.app.screen
        assert isinstance(dialog, Confirm)
        assert dialog._title == "2026-09 can't be closed yet"
        shown = "\n".join(dialog._lines)
        assert "Blocks: 1 proposed separation is undecided: 解小东 (S3)" in shown
        assert "1 staffer is still out: 仇英 (S4)" in shown
        assert "1 appeal is undecided: 仇英 (S4)" in shown
        assert "2 deductions pass a fifth of the wage: 欧阳菲菲 (S2), 解小东 (S3)" in shown
        await press(pilot, "y")
        assert pilot.app.screen.where == "staff"  # type: ignore[attr-defined]
        assert closings.closings() == []


async def test_a_roll_that_nobody_ended_is_gone_to_where_it_is_ended(session: Session) -> None:
    separate(session)
    night = date(2026, 9, 10)
    Briefing.delete().where(Briefing.night == night).execute()
    Briefing.insert(night=night, director="D2").execute()
    async with showing(session, "deductions", "D2") as pilot:
        await press(pilot, "C")
        dialog = pilot.app.screen
        assert isinstance(dialog, Confirm)
        assert dialog._title == "2026-09 can't be closed yet"
        assert "Blocks: 1 roll was opened and not ended: 2026-09-10" in dialog._lines[0]
        await press(pilot, "y")
        assert pilot.app.screen.where == "tonight"  # type: ignore[attr-defined]
        assert any("09-10" in "".join(each) for each in rows(pilot, "waiting"))


async def test_a_closed_month_is_shown_as_it_was_frozen(session: Session) -> None:
    separate(session)
    async with showing(session, "deductions", "D2") as pilot:
        before = lines(pilot, "sheet")
        await press(pilot, "C")
        dialog = pilot.app.screen
        assert isinstance(dialog, Confirm)
        assert "This can't be undone" in dialog._lines[-1]
        await press(pilot, "y")
        [closing] = closings.closings()
        assert any(closing.digest in each for each in toasts(pilot))
        assert lines(pilot, "sheet") == before
        heading = said(pilot, "month")
        assert f"closed 2026-10-05 14:00, digest {closing.digest[:12]}" in heading
        await press(pilot, "C")
        assert f"2026-09 is closed already. Its digest: {closing.digest}" in toasts(pilot)
        pilot.app.screen.query_one("#sheet", LineList).move_to("S1")
        await press(pilot, "enter")
        for key in ("w", "W"):  # before a reason is written in vain
            await press(pilot, key)
            assert len(pilot.app.screen_stack) == 1
            assert toasts(pilot)[-1].startswith("2026-09 is closed")


async def test_a_correction_of_a_closed_month_is_seen_on_both_sides(session: Session) -> None:
    separate(session)
    months.close(session, MONTH)
    [appeal] = appeals.open_appeals(session, MONTH)
    appeals.decide(session, appeal.appeal_id, appeals.WAIVED, "was sent out", "D2")
    async with showing(session, "deductions", "D2") as pilot:
        assert "2026-10" in said(pilot, "month")
        assert lines(pilot, "sheet")["S4"][3] == "-100.00"
        pilot.app.screen.query_one("#sheet", LineList).move_to("S4")
        await press(pilot, "enter")
        assert "-100.00 in 2026-10, correcting 2026-09: was sent out" in said(pilot, "charge")
        await press(pilot, "left_square_bracket")
        [charge, correction] = lines(pilot, "charges").values()
        assert charge[-1] == "standing"
        assert correction[-2:] == ("-100.00", "adjusted")
        assert "Corrected since it was closed: now waived, 100.00" in said(pilot, "charge")


async def test_a_month_that_is_not_over_is_not_closed(session: Session) -> None:
    separate(session)
    months.close(session, MONTH)
    async with showing(session, "deductions", "D2") as pilot:
        assert month_of(session.tonight()) in said(pilot, "month")
        await press(pilot, "C", "y")
        assert any("2026-10 is not over" in each for each in toasts(pilot))
