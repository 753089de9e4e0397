"""Closing months, correcting closed ones, and caps that carry."""

import io
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from openpyxl import load_workbook

from models.storage.audit import digest
from tests.commands.conftest import PLACES, STAFF, House, Run, briefed

SEPTEMBER = "night,closed_at\n2026-09-02,2026-09-02T19:50\n2026-09-03,2026-09-03T19:50\n"
EVERYBODY = "".join(
    f"2026-09-{day},{staff},2026-09-{day}T19:00\n"
    for day in ("02", "03")
    for staff in ("0007", "0008", "S01")
)
ATTENDANCE = "night,staff_no,arrived_at\n"
ABSENT = "曾小贤 (0007), Absent without leave (clause 4)"
LATE = "曾小贤 (0007), Late for the briefing (clause 2)"
STATEMENTS = ("deductions", "charges", "roll")


@pytest.fixture
def september(empty_house: House) -> House:
    """Two nights of September; 0007 was late on the first."""
    empty_house.took(
        staff=STAFF,
        places=PLACES,
        briefings=SEPTEMBER,
        attendance=ATTENDANCE + EVERYBODY.replace("09-02T19:00", "09-02T19:40", 1),
    )
    return empty_house


def statements(run: Run) -> list[str]:
    return [
        run("export", name, "--month", "2026-09", *options).out
        for name in STATEMENTS
        for options in ((), ("--plain",), ("--headers", "zh"), ("--format", "json"))
    ]


def test_a_closed_month_never_changes_and_its_correction_is_adjusted(september: House) -> None:
    run = september.run
    before = statements(run)
    closed = run("close", "month", "2026-09", "--yes")
    assert closed.status == 0, closed.err
    assert statements(run) == before
    assert "already" in run("close", "month", "2026-09", "--yes").err

    fixed = ATTENDANCE + "2026-09-02,0007,2026-09-02T19:20\n2026-09-03,0008,2026-09-03T19:31\n"
    refused = september.take(attendance=fixed)
    assert refused.status == 1
    assert "attendance.csv:2: night: 2026-09 is closed" in refused.err
    assert statements(run) == before

    september.took("--reason", "打卡机慢了二十分钟", attendance=fixed)

    assert statements(run) == before
    october = {r["staff_no"]: r for r in september.export("deductions", "--month", "2026-10")}
    assert (october["0007"]["adjustments"], october["0007"]["deducted"]) == ("-30.00", "-30.00")
    assert (october["0008"]["adjustments"], october["0008"]["deducted"]) == ("30.00", "30.00")
    assert "打卡机慢了二十分钟" in run("explain", "0007", "2026-10").out
    assert "打卡机慢了二十分钟" in run("explain", "0007", "2026-09").out
    assert run("check").status == 0

    # the same again owes nothing more, and taking it back gives the money back
    september.took("--reason", "again", attendance=fixed)
    september.took(
        "--reason",
        "原记录无误",
        attendance=ATTENDANCE + EVERYBODY.splitlines()[0].replace("T19:00", "T19:40") + "\n",
    )
    assert september.deduction("0007", "2026-10")["adjustments"] == "0.00"
    assert run("check").status == 0


def test_wages_of_a_closed_month_are_corrected_with_a_reason(september: House) -> None:
    september.took(briefings=briefed("2026-09-04"))  # everybody absent
    assert september.run("close", "month", "2026-09", "--yes").status == 0
    raised = "staff_no,effective_from,monthly_wage\n0007,2026-09-01,8700\n"

    assert september.take(wages=raised).status == 1
    september.took("--reason", "漏了加薪", wages=raised)

    assert september.deduction("0007", "2026-10")["adjustments"] == "800.00"
    assert september.run("check").status == 0


def test_months_close_in_order_after_they_are_over(september: House, at: object) -> None:
    assert "2026-09 comes first" in september.run("close", "month", "2026-10", "--yes").err
    at("2026-10-01T11:59")  # type: ignore[operator]
    assert "not over" in september.run("close", "month", "2026-09", "--yes").err
    at("2026-10-01T12:00")  # type: ignore[operator]
    assert september.run("close", "month", "2026-09", "--yes").status == 0
    assert september.run("close", "month", "2026-10", "--yes").status == 1


def test_closing_asks_and_names_what_cant_be_recorded_any_more(
    september: House, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for answer in ("", "n\n"):
        monkeypatch.setattr("sys.stdin", io.StringIO(answer))
        asked = run("close", "month", "2026-09")
        assert asked.status == 1
        assert "Close 2026-09 for good?" in asked.err
        assert "nothing can be recorded for the nights up to 2026-09-30" in asked.err
        assert "Of the nights before 2026-09 nothing can be recorded" in asked.err
        assert "adjusts 2026-10" in asked.err
        assert "30.00 deducted in all" in asked.err
        assert "Nothing was closed" in asked.err
        assert asked.out == ""
    september.took(
        incidents="incident_no,staff_no,occurred_at,rule\nI1,0007,2026-09-05T22:00,theft\n"
    )
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert run("close", "month", "2026-09").status == 0
    assert "already" in run("close", "month", "2026-09").err  # and asks no more


def test_a_month_of_which_nothing_is_recorded_is_not_closed(empty_house: House, run: Run) -> None:
    """It made September unrecordable for ever in a venue that had just been made."""
    assert "nothing of 2026-09 is recorded" in run("close", "month", "2026-09", "--yes").err
    empty_house.took(staff=STAFF, briefings=SEPTEMBER)
    assert "nothing of 2026-08 is recorded" in run("close", "month", "2026-08", "--yes").err
    assert run("close", "month", "2026-09", "--yes").status == 0


def test_months_of_which_nothing_is_recorded_are_closed_along(
    september: House, run: Run, at: Callable[[str], None]
) -> None:
    assert run("close", "month", "2026-09", "--yes").status == 0
    at("2027-03-02T15:00")
    september.took(
        briefings=briefed("2027-01-05"),
        attendance=f"{ATTENDANCE}"
        + "".join(f"2027-01-05,{who},2027-01-05T19:00\n" for who in ("0007", "0008", "S01")),
    )
    assert "2027-01 comes first" in run("close", "month", "2027-02", "--yes").err
    closed = run("close", "month", "2027-01", "--yes")
    assert closed.status == 0
    assert "Closed along with it, as nothing of them is recorded: 2026-10, 2026-11, 2026-12" in (
        closed.err
    )
    # what is corrected in one of them is owed, as in any closed month
    september.took("--reason", "漏记", briefings=briefed("2026-11-05"))
    rows = {row["staff_no"]: row for row in september.export("deductions", "--month", "2027-02")}
    assert rows["0007"]["adjustments"] == "800.00"
    assert run("check").status == 0


def test_a_month_into_which_something_is_carried_is_not_passed_over(
    empty_house: House, run: Run, tmp_path: Path
) -> None:
    book = rulebook_with(run, tmp_path, '\n[cap]\npercent = 20\nfloor = 0\nexcess = "carry"\n')
    assert run("rules", "adopt", book, "--from", "2026-07-01").status == 0
    incidents = (
        "incident_no,staff_no,occurred_at,rule,amount,note\n"
        "I1,0007,2026-07-05T22:00,fighting,1000,伤人\nI2,0007,2026-09-05T22:00,fighting,500,推\n"
    )
    empty_house.took(staff=STAFF, incidents=incidents)
    assert run("close", "month", "2026-07", "--yes").status == 0
    assert "2026-08 comes first" in run("close", "month", "2026-09", "--yes").err
    assert empty_house.deduction("0007", "2026-08")["deducted"] == "130.00"


def test_a_cap_is_never_passed_by_a_cent(empty_house: House, run: Run, tmp_path: Path) -> None:
    book = rulebook_with(run, tmp_path, '\n[cap]\npercent = 20\nfloor = 0\nexcess = "waive"\n')
    assert run("rules", "adopt", book, "--from", "2026-08-01").status == 0
    empty_house.took(
        staff=STAFF.replace("4350", "6000.03"),
        incidents="incident_no,staff_no,occurred_at,rule,amount,note\n"
        "I1,0007,2026-08-05T22:00,fighting,1000,伤人\nI2,0007,2026-08-06T22:00,fighting,500,推\n",
    )
    assert empty_house.deduction("0007", "2026-08")["deducted"] == "1200.00"


def test_a_roll_that_nobody_ended_keeps_its_month_open_until_somebody_decides(
    september: House, run: Run
) -> None:
    september.took(briefings="night\n2026-09-09\n2026-09-10\n")
    assert september.outcome("0007", "2026-09-09") == "pending"
    refused = run("close", "month", "2026-09", "--yes")
    assert refused.status == 1
    assert "2026-09-09" in refused.err
    assert "2026-09-10" in refused.err

    ended = run("close", "night", "2026-09-09")
    assert ended.status == 0
    assert f"2026-09-09 {ABSENT}: 800.00 is charged" in ended.err
    assert september.outcome("0007", "2026-09-09") == "absent"
    assert run("close", "night", "2026-09-10", "--not-held", "--reason", "停业").status == 0
    assert september.outcome("0007", "2026-09-10") is None
    assert run("close", "month", "2026-09", "--yes").status == 0
    assert run("close", "night", "2026-09-09", "--not-held").status == 1
    assert run("check").status == 0


def test_a_briefing_taken_back_names_the_charges_that_go(september: House, run: Run) -> None:
    gone = run("close", "night", "2026-09-02", "--not-held")
    assert gone.status == 0
    assert f"2026-09-02 {LATE}: 30.00 is charged no more\nIn all 30.00 less." in gone.err
    assert september.charges() == []
    assert run("close", "night", "2026-09-02", "--not-held").status == 1


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts somebody at the terminal, who answers the next questions so."""

    def answer(line: str) -> None:
        keyboard = io.StringIO(f"{line}\n" * 3)
        keyboard.isatty = lambda: True  # type: ignore[method-assign]
        monkeypatch.setattr(sys, "stdin", keyboard)
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)

    return answer


ACTS: dict[str, tuple[tuple[str, ...], str]] = {
    "waive": (
        ("waive", "0007", "2026-09-02", "late", "roll", "--reason", "堵车"),
        f"2026-09-02 {LATE}: 30.00 is charged no more",
    ),
    "close night": (("close", "night", "2026-09-09"), f"2026-09-09 {ABSENT}: 800.00 is charged"),
    "not held": (
        ("close", "night", "2026-09-02", "--not-held"),
        f"2026-09-02 {LATE}: 30.00 is charged no more",
    ),
    "separations confirm": (
        ("separations", "confirm", "0008", "2026-09", "--by", "D01"),
        "Confirmed, 单雄信 (0008) has left as of 2026-09-03, and this ends their job.",
    ),
    "rules adopt": (
        ("rules", "adopt", "BOOK", "--from", "2026-09-02"),
        "2026-09, 1 staffer: deducted 30.00 → 0.00, carried out 0.00 → 30.00",
    ),
}


@pytest.mark.parametrize("what", ACTS)
def test_a_command_names_what_it_charges_and_asks_whoever_is_there(
    september: House, answer: Callable[[str], None], tmp_path: Path, what: str
) -> None:
    command, said = ACTS[what]
    book = rulebook_with(
        september.run, tmp_path, '\n[cap]\npercent = 0\nfloor = 0\nexcess = "carry"\n'
    )
    command = tuple(book if each == "BOOK" else each for each in command)
    september.took(
        briefings="night\n2026-09-09\n",
        attendance=ATTENDANCE + "2026-09-09,0008,2026-09-09T19:00\n",
        incidents="incident_no,staff_no,occurred_at,rule\nI1,0008,2026-09-03T22:00,drugs\n",
    )
    run = september.run
    before = run("audit").out
    dry = run(*command, "--dry-run")
    assert (dry.status, dry.out) == (0, "")
    assert said in dry.err
    answer("n")
    refused = run(*command)
    assert refused.status == 1
    assert said in refused.err
    assert "Record this?" in refused.err
    assert run("audit").out == before
    agreed = run(*command, "--yes")
    assert agreed.status == 0, agreed.err
    assert said in agreed.err
    assert "Record this?" not in agreed.err
    assert run("audit").out != before
    assert run("check").status == 0


def test_adopting_names_whose_month_comes_to_what_and_a_dry_run_leaves_it(
    empty_house: House, run: Run, tmp_path: Path
) -> None:
    empty_house.took(
        staff=STAFF.replace("4350", "6000"),
        incidents="incident_no,staff_no,occurred_at,rule,amount,note\n"
        "I1,0007,2026-08-05T22:00,fighting,1000,伤人\nI2,0007,2026-08-06T22:00,fighting,500,推\n",
    )
    book = rulebook_with(run, tmp_path, '\n[cap]\npercent = 20\nfloor = 0\nexcess = "carry"\n')
    what = "deducted 1500.00 → 1200.00, carried out 0.00 → 300.00"
    for month in ("2026-08-01", "2026-08-20"):  # a month's cap is that of its last night
        said = run("rules", "adopt", book, "--from", month, "--dry-run")
        assert said.status == 0
        assert f"2026-08, 1 staffer: {what}" in said.err
        assert f"  0007 曾小贤: {what}" in said.err
        assert "nothing was recorded" in said.err
        assert empty_house.deduction("0007", "2026-08")["deducted"] == "1500.00"
    adopted = run("rules", "adopt", book, "--from", "2026-08-01")
    assert f"  0007 曾小贤: {what}" in adopted.err
    assert empty_house.deduction("0007", "2026-08")["deducted"] == "1200.00"
    assert run("check").status == 0


def test_adopting_never_reaches_a_closed_month(september: House) -> None:
    assert september.run("close", "month", "2026-09", "--yes").status == 0

    assert september.run("rules", "adopt", "club", "--from", "2026-09-30").status == 1
    assert september.run("rules", "adopt", "club", "--from", "2026-10-01").status == 0


def rulebook_with(run: Run, folder: Path, text: str) -> str:
    source = Path(__file__).parents[2] / "models" / "rules" / "shipped" / "nightlife.toml"
    file = folder / "house.toml"
    file.write_text(source.read_text("utf-8") + text, "utf-8")
    return str(file)


@pytest.mark.parametrize("excess", ["carry", "waive"])
def test_a_cap_through_three_months(
    empty_house: House, run: Run, tmp_path: Path, excess: str
) -> None:
    # 0007 earns 4350: a fifth is 870.00, and 4350 - 3600 leaves at most 750.00
    book = rulebook_with(
        run, tmp_path, f'\n[cap]\npercent = 20\nfloor = 3600\nexcess = "{excess}"\n'
    )
    assert run("rules", "adopt", book, "--from", "2026-08-01").status == 0
    fines = "incident_no,staff_no,occurred_at,rule,amount,note\n"
    empty_house.took(
        staff=STAFF,
        incidents=fines
        + "I1,0007,2026-08-05T22:00,fighting,1000,伤人\n"
        + "I2,0007,2026-09-05T22:00,fighting,700,推搡\n",
    )

    months = [empty_house.deduction("0007", month) for month in ("2026-08", "2026-09", "2026-10")]
    figures = [(m["carried_in"], m["deducted"], m["carried_out"]) for m in months]
    if excess == "carry":
        expected = [
            ("0.00", "750.00", "250.00"),
            ("250.00", "750.00", "200.00"),
            ("200.00", "200.00", "0.00"),
        ]
    else:
        expected = [
            ("0.00", "750.00", "0.00"),
            ("0.00", "700.00", "0.00"),
            ("0.00", "0.00", "0.00"),
        ]
    assert figures == expected
    for month in ("2026-08", "2026-09"):
        assert run("close", "month", month, "--yes").status == 0
    assert [
        empty_house.deduction("0007", month)["deducted"]
        for month in ("2026-08", "2026-09", "2026-10")
    ] == [deducted for _, deducted, _ in expected]
    assert run("check").status == 0


def test_a_refund_is_deducted_whole_whatever_the_cap(
    empty_house: House, run: Run, tmp_path: Path
) -> None:
    book = rulebook_with(run, tmp_path, '\n[cap]\npercent = 20\nfloor = 0\nexcess = "carry"\n')
    assert run("rules", "adopt", book, "--from", "2026-08-01").status == 0
    fines = "incident_no,staff_no,occurred_at,rule,amount,note,status\n"
    empty_house.took(
        staff=STAFF, incidents=fines + "I1,0007,2026-08-05T22:00,fighting,1000,伤人,\n"
    )
    assert run("close", "month", "2026-08", "--yes").status == 0  # 870.00 deducted, 130.00 carried

    empty_house.took(
        "--reason",
        "录像证明不是他",
        incidents=fines + "I1,0007,2026-08-05T22:00,fighting,1000,伤人,withdrawn\n",
    )

    september = empty_house.deduction("0007", "2026-09")
    assert (september["adjustments"], september["carried_in"], september["deducted"]) == (
        "-1000.00",
        "130.00",
        "-870.00",
    )
    assert run("check").status == 0


@pytest.mark.parametrize(
    ("within", "nights", "deemed"),
    [
        ("month", ["08-30", "08-31", "09-01", "09-02"], {"2026-08": "", "2026-09": ""}),
        ("month", ["08-31", "09-01", "09-02", "09-03"], {"2026-08": "", "2026-09": "2026-09-03"}),
        ("ever", ["08-30", "08-31", "09-01", "09-02"], {"2026-08": "", "2026-09": "2026-09-01"}),
        ("consecutive", ["08-31", "09-01", "09-04"], {"2026-08": "", "2026-09": "2026-09-04"}),
        ("consecutive", ["08-31", "09-01", "09-02p", "09-04"], {"2026-08": "", "2026-09": ""}),
    ],
)
def test_the_three_windows(
    empty_house: House,
    run: Run,
    tmp_path: Path,
    within: str,
    nights: list[str],
    deemed: dict[str, str],
) -> None:
    """Nights on which 0007 is absent; `p` marks one on which they came; 09-03 is a rest."""
    book = rulebook_with(run, tmp_path, "")
    Path(book).write_text(
        Path(book).read_text("utf-8").replace('within = "month"', f'within = "{within}"'), "utf-8"
    )
    assert run("rules", "adopt", book, "--from", "2026-08-01").status == 0
    rest = within == "consecutive"
    dates = [f"2026-{night[:5]}" for night in nights] + (["2026-09-03"] if rest else [])
    empty_house.took(
        staff=STAFF,
        briefings=briefed(*dates),
        attendance=ATTENDANCE
        + "".join(f"2026-{n[:5]},0007,2026-{n[:5]}T19:00\n" for n in nights if n.endswith("p")),
        leave="leave_no,staff_no,kind,first_night,last_night,filed_at,status,decided_by,decided_at\n"
        + "L1,0007,rest,2026-09-03,2026-09-03,2026-09-01T10:00,approved,S01,2026-09-01T11:00\n"
        * rest,
    )

    for month, night in deemed.items():
        assert empty_house.deduction("0007", month)["deemed_resigned"] == night


def heads(run: Run, name: str = "deductions", *options: str) -> list[str]:
    """The head of the trail that an export names, as it stands in its last line."""
    said = run("export", name, "--month", "2026-09", *options).err.splitlines()[-1]
    assert said.startswith("Head of the audit trail ")
    return said.split()[5:]


def test_the_months_export_names_the_head_of_the_trail(september: House, tmp_path: Path) -> None:
    run = september.run
    before = run("audit", "--head").out.split()
    assert heads(run) == before
    assert run("close", "month", "2026-09", "--yes").status == 0
    closed = run("audit", "--head").out.split()
    september.took(staff=STAFF.replace("3800", "3900"))
    assert run("audit", "--head").out.split() != closed
    for name in ("deductions", "charges", "roll"):
        assert heads(run, name) == closed  # which stays what a closed month names
    assert run("audit", "--holds", closed[1]).status == 0
    assert closed[1] not in run("export", "deductions", "--month", "2026-09").out

    book = tmp_path / "m.xlsx"
    assert heads(run, "deductions", "--format", "xlsx", "-o", str(book)) == closed
    first = book.read_bytes()
    assert heads(run, "deductions", "--format", "xlsx", "-o", str(book)) == closed
    assert book.read_bytes() == first
    sheet = load_workbook(book)
    assert sheet.properties.description == f"Audit trail {' '.join(closed)}"
    assert closed[1] in str(sheet.worksheets[0].oddFooter.center.text)


def test_an_export_of_what_is_no_more_what_was_frozen_says_so(
    september: House, sqlite_url: str
) -> None:
    run = september.run
    assert run("close", "month", "2026-09", "--yes").status == 0
    good = run("export", "deductions", "--month", "2026-09")
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as file:
        [content] = file.execute("SELECT content FROM closed_months").fetchone()
        changed = content.replace("30.00", "3.00")
        with file:
            sql = "UPDATE closed_months SET content = ?, digest = ?"
            file.execute(sql, (changed, digest(changed)))
        for month in (("--month", "2026-09"), ()):
            done = run("export", "deductions", *month)
            assert "2026-09: what was frozen is not what the audit trail says" in done.err
            assert done.out != good.out
        assert "what was frozen" not in good.err
        assert "what was frozen" not in run("export", "deductions", "--month", "2026-10").err
        with file:
            file.execute("DELETE FROM closed_months")
        assert "what was frozen" in run("export", "deductions", "--month", "2026-09").err


@pytest.mark.parametrize("after", ["x", None, "[]", "{}", '{"month": [], "digest": ""}'])
def test_an_export_of_what_a_spoiled_line_closed_says_so(
    september: House, sqlite_url: str, after: str | None
) -> None:
    run = september.run
    assert run("close", "month", "2026-09", "--yes").status == 0
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as file, file:
        file.execute("UPDATE audit SET after = ? WHERE action = 'month.closed'", (after,))
    for month in (("--month", "2026-09"), ()):
        done = run("export", "deductions", *month)
        assert "2026-09: what was frozen is not what the audit trail says" in done.err
        assert done.status == 0


def test_the_head_that_an_export_names_is_sealed_where_there_is_a_key(september: House) -> None:
    run = september.run
    assert run("audit", "key").status == 0
    line, head, seal = heads(run)
    assert run("audit", "--holds", head, "--seal", seal).status == 0
    assert run("audit", "--holds", head, "--seal", "0" * 64).status == 1
    assert [line, head, seal] == run("audit", "--head").out.split()
