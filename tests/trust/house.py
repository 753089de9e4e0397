"""The venue that is tried, and the terminals that work in it: processes of their own."""

import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import IO

from models.access.session import Session
from models.backup.opening import open_venue
from models.operations.venue import make_venue
from models.payroll.verification import verify
from models.rules import shipped
from models.storage import audit
from models.storage.database import close_database, connected, execute_many, transaction

ROOT = Path(__file__).resolve().parents[2]
NIGHT = date(2020, 9, 2)
OPENS = "19:25"
STAFF = [f"S{number:03}" for number in range(1, 101)]
SUPERVISORS = ["U1", "U2", "U3", "U4"]
PLACES = [f"V{number:02}" for number in range(1, 31)]


def make(url: str) -> None:
    """An empty venue with a hundred staffers, four supervisors, two directors and thirty rooms."""
    open_venue(url, create=True)
    make_venue("测试夜场", "Asia/Shanghai", shipped.load("nightlife"), 1, "tester", "test:1")
    people: list[tuple[str, str, str | None]] = [
        ("D1", "director", None),
        ("D2", "director", None),
        ("P1", "payroll", None),
    ]
    people += [(number, "supervisor", "D1") for number in SUPERVISORS]
    people += [
        (number, "staff", SUPERVISORS[place % len(SUPERVISORS)])
        for place, number in enumerate(STAFF)
    ]
    with transaction():
        execute_many(
            "INSERT INTO staff (staff_no, name, team, position, supervisor_no, hired_on,"
            " monthly_wage) VALUES (?, ?, '一组', ?, ?, '2019-01-01', 870000)",
            [(number, f"员工{number}", position, above) for number, position, above in people],
        )
        execute_many(
            "INSERT INTO places (place, kind) VALUES (?, 'room')", [(name,) for name in PLACES]
        )
        audit.record(at=1, who="tester", terminal="test:1", action="import")
    close_database()


def session_at(night: date, clock: str = OPENS, terminal: str = "test:1") -> Session:
    """A session in the open database, whose clock stands still."""
    session = Session(terminal=terminal)
    now = session.calendar.parse(f"{night}T{clock}")
    session.clock = lambda: now
    return session


def problems(url: str) -> list[str]:
    """What `check` finds wrong with a venue that is opened anew: nothing, it is hoped."""
    open_venue(url)
    try:
        with connected():
            return [str(each) for each in verify(Session()).problems]
    finally:
        close_database()


def terminal(*arguments: str, module: str = "tests.trust.terminal") -> subprocess.Popen[str]:
    """Starts a terminal: a process that says on standard output what it has been told is saved."""
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def command(url: str, *arguments: str) -> subprocess.Popen[str]:
    """Starts a command of the program."""
    return terminal("--database", url, *arguments, module="venue_tui")


def finished(process: subprocess.Popen[str]) -> str:
    """What a process said that has to end well."""
    out, err = process.communicate()
    assert process.returncode == 0, err
    return out


def kill(process: subprocess.Popen[str]) -> tuple[bool, str]:
    """Kills a process as a power cut would; gives whether it had ended well before, and the rest of
    what it said."""
    process.kill()
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdin, process.stdout as out, process.stderr as err:
        # Not by communicate(), which leaves out what was read ahead with an earlier line.
        said, complained = out.read(), err.read()
    assert "Traceback" not in complained, complained
    return process.wait() == 0, said


def write_files(folder: Path, files: dict[str, Sequence[str]]) -> Path:
    """Files of an import, by dataset."""
    folder.mkdir()
    for dataset, lines in files.items():
        (folder / f"{dataset}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def first_line(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline().strip()
