"""Payroll's month, from looking at it to its closing, in each language with the same keys."""

from datetime import date
from pathlib import Path

import pytest

from models.access.session import Session
from models.ledger import closings, ledger, separations, waivers
from models.operations import staff
from models.payroll import appeals
from tests.screens.office import NIGHTS, furnish
from tests.screens.pilot import lines, press, said, settled, showing, toasts
from venue_tui.screens.deductions.lines import ALL
from venue_tui.widgets.dialogs import Confirm
from venue_tui.widgets.line_list import LineList

MONTH = "2026-09"
WORDS = {
    "en": ("over 1/5", "Late for the briefing", "month,staff_no", "2026-09 is closed"),
    "zh-Hans": ("超五分之一", "迟到", "月份,工号", "2026-09 已月结并冻结"),
    "zh-Hant": ("超五分之一", "遲到", "月份,工号", "2026-09 已月結並凍結"),
}


@pytest.fixture
def session(make_session) -> Session:
    session = make_session("2026-10-05T14:00")
    furnish(session)
    return session


def move_to(pilot, id_: str, key: str) -> None:
    assert pilot.app.screen.query_one(f"#{id_}", LineList).move_to(key)


async def export(pilot, path: Path) -> bytes:
    await press(pilot, "E")
    pilot.app.screen.control("file").value = str(path)
    await press(pilot, "f2")
    return path.read_bytes()


@pytest.mark.parametrize("language", WORDS)
async def test_payrolls_month(session: Session, tmp_path: Path, language: str) -> None:
    over, late, header, closed = WORDS[language]
    async with showing(session, "deductions", person="P1", language=language) as pilot:
        # The month that is over is shown, with the rules that were charged in it.
        assert MONTH in said(pilot, "month")
        titles = [each.title for each in pilot.app.screen.query_one("#sheet", LineList).columns]
        assert late in titles
        assert lines(pilot, "sheet")["S2"][4] == over

        # Those who pass a fifth of their wage are looked at first; one is let off a lateness.
        await press(pilot, "v", "v")
        assert list(lines(pilot, "sheet")) == [ALL, "S2", "S3"]
        await press(pilot, "v")
        move_to(pilot, "sheet", "S1")
        await press(pilot, "enter", "w", *"bus broke down", "enter")
        assert waivers.waiver("S1", NIGHTS[0], "late", "roll") == ("P1", "bus broke down")

        # The appeal is a director's to decide: who may is asked for.
        await press(pilot, "escape")
        move_to(pilot, "sheet", "S4")
        await press(pilot, "enter", "x", *"D2", "enter")
        assert appeals.open_appeals(session, MONTH)
        await press(pilot, *"went twice", "enter")
        assert not appeals.open_appeals(session, MONTH)

        # The month can't be closed before the separation is decided, on Staff.
        await press(pilot, "escape", "C")
        assert isinstance(pilot.app.screen, Confirm)
        await press(pilot, "y")
        await press(pilot, "home", "x", *"ill", "enter")
        assert separations.undecided(session, MONTH) == []
        assert staff.details("S3").left_on is None

        # A rise from October on leaves September as it was.
        move_to(pilot, "roster", "S2")
        await press(pilot, "dollar_sign")
        pilot.app.screen.control("monthly_wage").value = "5000"
        await press(pilot, "f2")
        assert dict(staff.wages("S2"))[date(2026, 10, 1)] == 500_000

        # What is exported before the closing is what is exported ever after.
        await press(pilot, "7")
        assert lines(pilot, "sheet")[ALL][2:4] == ("3430.00", "3430.00")
        before = await export(pilot, tmp_path / "before.csv")
        assert before.decode("utf-8-sig").startswith(header)
        await press(pilot, "c", "escape", "C", "y")
        [closing] = closings.closings()
        assert closing.month == MONTH
        await settled(pilot)
        assert closing.digest[:12] in said(pilot, "month")
        assert await export(pilot, tmp_path / "after.csv") == before
        assert lines(pilot, "sheet")[ALL][2:4] == ("3430.00", "3430.00")

        # Nothing of it can be changed here any more, and the screen says so.
        move_to(pilot, "sheet", "S1")
        await press(pilot, "enter", "r")
        assert waivers.waiver("S1", NIGHTS[0], "late", "roll") is not None
        assert toasts(pilot)[-1].startswith(closed)
        assert "--" not in toasts(pilot)[-1]
    assert ledger.differences(session, *ledger.everything()) == []
