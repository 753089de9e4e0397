"""Imports: all or nothing, the same again changes nothing, and the last one can be taken back."""

from pathlib import Path

import pytest

from models.access.session import Session
from models.imports.importer import Report, intake
from models.imports.undo import undo
from models.operations import directory
from models.storage import audit
from models.storage.database import execute
from models.values.problems import Refused
from tests.clock import Clock
from tests.models.house import charges, in_step, one
from venue_tui.exchange.imports import read

STAFF = """\
staff_no,name,team,supervisor_no,position,on_roll,hired_on,left_on,monthly_wage
D1,何总监,,,director,,2026-01-01,,12000
S1,区主管,A,D1,supervisor,,2026-01-01,,9500
A1,曾小贤,A,S1,staff,,2026-01-01,,8700
A2,单雄,A,S1,staff,,2026-01-01,,8700
"""
BRIEFINGS = "night,closed_at,director_no\n2026-09-01,2026-09-01T20:00,D1\n"
ATTENDANCE = "night,staff_no,arrived_at\n2026-09-01,S1,2026-09-01T19:20\n"
LATE = "2026-09-01,A1,2026-09-01T19:41\n"
COUNTED = ("staff", "briefings", "attendance", "charges", "audit")


def take(
    session: Session, folder: Path, reason: str | None = None, dry_run: bool = False, **files: str
) -> Report:
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    reading = read([folder], session.calendar, names=directory.names)
    return intake(session, reading.tables, reason=reason, dry_run=dry_run)


def counts() -> dict[str, int]:
    return {table: one(f"SELECT count(*) FROM {table}") for table in COUNTED}


@pytest.fixture
def month(session: Session, tmp_path: Path) -> Path:
    """A folder; A1 was late, and A2 absent, on 1 September."""
    took = take(
        session,
        tmp_path / "month",
        staff=STAFF,
        briefings=BRIEFINGS,
        attendance=ATTENDANCE + LATE,
    )
    assert not took.refused, took.problems
    return tmp_path / "month"


def test_what_is_taken_in_is_judged_at_once(session: Session, month: Path) -> None:
    assert charges("A1") == [("late", "roll", 3000, "standing")]
    assert charges("A2") == [("absence", "roll", 160000, "standing")]
    assert in_step(session)
    assert audit.broken_link() is None


def test_the_same_again_changes_nothing(session: Session, month: Path) -> None:
    before = counts()
    again = take(session, month, staff=STAFF, briefings=BRIEFINGS, attendance=ATTENDANCE + LATE)
    assert not again.changed
    assert {name: count.unchanged for name, count in again.counts.items()} == {
        "staff": 4,
        "briefings": 1,
        "attendance": 2,
    }
    assert counts() == before


def test_one_bad_row_keeps_all_out(session: Session, month: Path) -> None:
    before = counts()
    other = STAFF.replace("曾小贤", "曾大贤")
    refused = take(session, month, staff=other, attendance=ATTENDANCE + "2026-09-01,Z9,\n")
    assert refused.refused
    assert counts() == before
    assert one("SELECT name FROM staff WHERE staff_no = 'A1'") == "曾小贤"


def test_a_dry_run_says_what_would_come_and_writes_nothing(session: Session, month: Path) -> None:
    before = counts()
    in_time = LATE.replace("19:41", "19:21")
    report = take(session, month, dry_run=True, attendance=ATTENDANCE + in_time)
    assert report.counts["attendance"].changed == 1
    [gone] = report.differences
    assert gone.key == ("A1", session.calendar.night(session.calendar.parse("2026-09-01T20:00")),
                        "late", "roll")  # fmt: skip
    assert gone.now[1] == "reversed"
    assert counts() == before


def test_the_last_import_is_taken_back_as_a_whole(session: Session, month: Path) -> None:
    rows = execute("SELECT * FROM attendance ORDER BY staff_no").fetchall()
    take(session, month, attendance=ATTENDANCE + LATE.replace("19:41", "19:21"))
    assert charges("A1") == [("late", "roll", 3000, "reversed")]
    undo(session)
    assert execute("SELECT * FROM attendance ORDER BY staff_no").fetchall() == rows
    assert charges("A1") == [("late", "roll", 3000, "standing")]
    assert in_step(session)
    with pytest.raises(Refused):
        undo(session)


def test_a_closed_month_is_corrected_with_a_reason_alone(
    session: Session, month: Path, clock: Clock
) -> None:
    from models.payroll import months

    clock.set("2026-10-05T14:00")
    take(session, month, briefings="night,closed_at\n2026-09-01,2026-09-01T20:00\n")
    months.close(session, "2026-09")
    in_time = ATTENDANCE + LATE.replace("19:41", "19:21")
    assert take(session, month, attendance=in_time).refused
    assert one("SELECT count(*) FROM adjustments") == 0
    took = take(session, month, reason="打卡机慢", attendance=in_time)
    assert not took.refused
    assert one("SELECT amount FROM adjustments WHERE staff_no = 'A1'") == -3000
