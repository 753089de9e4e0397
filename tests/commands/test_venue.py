"""Commands as a whole: help, completion, what they import, and what they prove."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.commands.conftest import PLACES, STAFF, House, Run
from venue_tui.cli import group
from venue_tui.commands.listing import COMMANDS, help_of

ATTENDANCE = "night,staff_no,arrived_at\n2026-09-02,0007,2026-09-02T19:40\n"


def python(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_every_command_has_help(run: Run, language: str) -> None:
    whole = run("--lang", language, "--help").out
    for name in COMMANDS:
        assert f"\n  {name} " in whole
        told = run("--lang", language, name, "--help")
        assert told.status == 0
        assert len(told.out.splitlines()) > 3


def test_no_command_but_those_that_open_it_imports_the_terminal(
    house: House, sqlite_url: str, tmp_path: Path
) -> None:
    code = (
        "import sys; from venue_tui.cli import run; status = run(sys.argv[1:]);"
        " print(status, [n for n in sys.modules if n.split('.')[0] == 'textual'], file=sys.stderr)"
    )
    for arguments in (
        ["--help"],
        *(["export", name] for name in ("staff", "deductions", "charges", "roll")),
        ["explain", "0007", "2026-09"],
        ["separations", "list", "2026-09"],
        ["check"],
        ["audit"],
        ["rules", "list"],
        ["accounts", "list"],
        ["clocks", "list"],
        ["venue", "show"],
        ["manual", "files"],
        ["print", "statement", "0007", "2026-09"],
        ["template", "-o", str(tmp_path / "template.xlsx")],
        ["backup", str(tmp_path / "venue.bak")],
    ):
        ran = python(code, "--database", sqlite_url, *arguments)
        assert ran.stderr.splitlines()[-1] == "0 []", ran.stderr


def test_what_is_stated_of_a_settled_month_waits_for_nothing_that_judges(
    house: House, sqlite_url: str, tmp_path: Path
) -> None:
    """Two commands that are given again and again; their start is nearly all that they take."""
    house.took(attendance=ATTENDANCE)
    code = (
        "import sys; from venue_tui.cli import run; status = run(sys.argv[1:]);"
        " print(status, [n for n in sys.modules if n in"
        " ('models.rules.judgement', 'models.rules.validation', 'models.storage.tables')"
        " or n.startswith('models.rules.guests.')], file=sys.stderr)"
    )
    for arguments in (
        ["export", "deductions", "--month", "2026-09", "-o", str(tmp_path / "out.csv")],
        ["export", "staff", "-o", str(tmp_path / "staff.csv")],
        ["explain", "0007", "2026-09"],
    ):
        house.run(*arguments)  # settles what there is to settle
        ran = python(code, "--database", sqlite_url, *arguments)
        assert ran.stderr.splitlines()[-1] == "0 []", ran.stderr


def test_what_only_reads_loads_nothing_that_it_does_not_call(
    house: House, sqlite_url: str, tmp_path: Path
) -> None:
    """What click and peewee import for others: by what that imports in turn."""
    house.took(attendance=ATTENDANCE)
    code = (
        "import atexit, sys; from venue_tui.__main__ import main; before = {*sys.modules}\n"
        "found = ('dis', 'selectors', 'locale', 'textwrap', '_hashlib')\n"
        "loaded = lambda: [n for n in found if n in sys.modules and n not in before]\n"
        "atexit.register(lambda: print(loaded(), file=sys.stderr)); main()"
    )
    for arguments in (
        ["export", "deductions", "--month", "2026-09", "--output", str(tmp_path / "out.csv")],
        ["explain", "0007", "2026-09"],
    ):
        house.run(*arguments)  # settles what there is to settle
        ran = python(code, "--database", sqlite_url, *arguments)
        assert ran.returncode == 0
        assert ran.stderr.splitlines()[-1] == "[]", ran.stderr


def test_the_list_of_commands_imports_none_of_them() -> None:
    code = (
        "import sys; from venue_tui.cli import run; run(['--help']);"
        " print([n for n in sys.modules if n.startswith('venue_tui.commands.')], file=sys.stderr)"
    )
    said = python(code).stderr.splitlines()[-1]
    assert said == "['venue_tui.commands.invocation', 'venue_tui.commands.listing']"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_of_itself_what_is_listed(name: str) -> None:
    listed = group()
    command = listed.get_command(click.Context(listed), name)
    assert command is not None
    assert command.help == help_of(name)


def test_completion(tmp_path: Path) -> None:
    ran = python(
        "from venue_tui.__main__ import main; main()",
        _VENUE_TUI_COMPLETE="bash_complete",
        COMP_WORDS="venue-tui exp",
        COMP_CWORD="1",
    )
    assert "export" in ran.stdout.split(",")[1]


def test_check_finds_what_was_changed_behind_its_back(house: House, sqlite_url: str) -> None:
    house.took(attendance=ATTENDANCE)
    assert house.run("check").status == 0
    for change, told in (
        ("UPDATE charges SET amount = 1 WHERE rule = 'late'", "late roll"),
        ("DELETE FROM charges WHERE rule = 'late'", "late roll"),
        ("UPDATE attendance SET arrived_at = arrived_at - 3600", "late roll"),
        ("UPDATE audit SET who = 'nobody' WHERE seq = 2", "broken at line 2"),
        ("DELETE FROM audit WHERE seq = 2", "broken at line 2"),
    ):
        with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as behind:
            before = "\n".join(behind.iterdump())
            behind.execute(change)
        found = house.run("check")
        assert found.status == 1
        assert told in found.err
        assert before
        with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as behind:
            for table in ("charges", "attendance", "audit"):
                behind.execute(f"DELETE FROM {table}")
                for line in before.splitlines():
                    if line.startswith(f'INSERT INTO "{table}"'):
                        behind.execute(line)
        assert house.run("check").status == 0


def test_what_a_month_would_have_cost(house: House, tmp_path: Path) -> None:
    house.took(attendance=ATTENDANCE)
    book = tmp_path / "kind.toml"
    source = Path(__file__).parents[2] / "models" / "rules" / "shipped" / "nightlife.toml"
    book.write_text(source.read_text("utf-8").replace("grace_minutes = 0", "grace_minutes = 15"))

    told = house.run("rules", "whatif", str(book), "2026-09")

    row = next(line.split() for line in told.out.splitlines() if line.startswith("0007"))
    assert row[2:5] == ["30.00", "0.00", "-30.00"]
    assert house.charges("0007")[0][3] == "30.00"


def test_a_rulebook_file_is_told_what_is_wrong_with_it(run: Run, tmp_path: Path) -> None:
    book = tmp_path / "bad.toml"
    book.write_text('name = "x"\nnight_start = "12:00"\n[cap]\npercent = 101\n[[rules]]\n')

    told = run("rules", "check", str(book))

    assert told.status == 1
    for expected in ("night_start: ", "cap.percent: ", "cap.floor: ", "rules[1].code: "):
        assert f"{book}: {expected}" in told.err


def test_output_that_nobody_reads_to_its_end(house: House, sqlite_url: str) -> None:
    command = f"{sys.executable} -m venue_tui --database {sqlite_url} export staff | head -n 1"
    ran = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert ran.stdout.startswith("\ufeffstaff_no")
    assert ran.stderr == ""


def test_the_terminal_needs_a_terminal(house: House, sqlite_url: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "venue_tui", "--database", sqlite_url],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert ran.returncode == 1
    assert "needs a terminal" in ran.stderr


def test_the_venue_is_shown_and_edited(venue: Run) -> None:
    shown = venue("venue", "show")
    assert shown.status == 0
    assert "name: 测试夜场\ntime zone: Asia/Shanghai\n" in shown.out
    assert venue("venue", "edit", "--name", "新夜场", "--timezone", "Europe/London").status == 0
    assert "name: 新夜场\ntime zone: Europe/London\n" in venue("venue", "show").out
    assert "Nothing changed" in venue("venue", "edit", "--name", "新夜场").err
    assert venue("venue", "edit").status == 2
    assert venue("venue", "edit", "--timezone", "Mars/Base").status == 1
    assert venue("venue", "edit", "--name", " ").status == 1
    assert venue("check").status == 0


@pytest.mark.parametrize(
    ("dataset", "row"),
    [
        ("attendance", "night,staff_no,arrived_at\n2026-09-02,0007,2026-09-02T19:00\n"),
        ("briefings", "night,closed_at\n2026-09-02,2026-09-02T19:50\n"),
        ("incidents", "incident_no,staff_no,occurred_at,rule\nI1,0007,2026-09-02T22:00,theft\n"),
        ("outings", "slip_no,staff_no,status,out_at\nO1,0007,none,2026-09-02T22:00\n"),
        (
            "bookings",
            "booking_no,night,place,staff_no,booked_at,status\n"
            "B1,2026-09-02,V01,0007,2026-09-01T22:00,booked\n",
        ),
        (
            "leave",
            "leave_no,staff_no,kind,first_night,last_night,filed_at,status\n"
            "L1,0007,rest,2026-09-02,2026-09-02,2026-09-01T10:00,requested\n",
        ),
    ],
)
def test_the_zone_stays_once_a_fact_has_a_time(
    empty_house: House, run: Run, dataset: str, row: str
) -> None:
    """19:00 in Shanghai would be 12:00 in London: another lateness, perhaps another night."""
    empty_house.took(staff=STAFF, places=PLACES, briefings="night\n2026-09-01\n")
    assert run("venue", "edit", "--timezone", "Europe/London").status == 0
    assert run("venue", "edit", "--timezone", "Asia/Shanghai").status == 0
    empty_house.took(**{dataset: row})
    refused = run("venue", "edit", "--timezone", "Europe/London")
    assert refused.status == 1
    assert f"{dataset} " in refused.err
    assert "the zone stays Asia/Shanghai" in refused.err
    assert run("venue", "edit", "--name", "新夜场").status == 0
