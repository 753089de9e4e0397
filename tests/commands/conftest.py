"""What the tests of commands share: running one as a shell would, and what came of it."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from models.access.session import Session
from models.values.nights import Calendar, Instant
from venue_tui import cli
from venue_tui.locale import set_language

TROUBLE = Path(__file__).parents[1] / "data" / "trouble"
STAFF = """\
staff_no,name,team,supervisor_no,position,on_roll,hired_on,left_on,monthly_wage
D01,林国栋,,,director,,2025-01-01,,18000
D02,郑海,,,director,,2025-01-01,,18000
S01,吕小红,一组,D01,supervisor,,2025-01-01,,9500
0007,曾小贤,一组,S01,staff,,2025-01-01,,4350
0008,单雄信,一组,S01,staff,,2025-01-01,,3800
"""
PLACES = "place,kind,minimum_spend\nV01,room,1880\nV02,room,880\nA01,table,\n"
BRIEFING = "night,closed_at,director_no\n2026-09-02,2026-09-02T19:50,D01\n"


def briefed(*nights: str) -> str:
    """The briefings of nights, each closed at 19:50."""
    return "night,closed_at\n" + "".join(f"{night},{night}T19:50\n" for night in nights)


class Ran(NamedTuple):
    status: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(sqlite_url: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs one command line on a database of the test's own; keywords are environment variables
    without their VENUE_TUI_."""

    def run(*arguments: str, url: str = sqlite_url, **environment: str) -> Ran:
        with monkeypatch.context() as changed:
            for name, value in {"DATABASE": url, **environment}.items():
                changed.setenv(f"VENUE_TUI_{name}", value)
            capfd.readouterr()
            status = cli.run(arguments)
        set_language("en")
        return Ran(status, *capfd.readouterr())

    return run


@pytest.fixture
def venue(run: Run) -> Run:
    """`run`, with the venue made."""
    assert run("init", "--name", "测试夜场", "--timezone", "Asia/Shanghai").status == 0
    return run


class House:
    """A venue in a database of its own, and the files that go in and come out."""

    def __init__(self, run: Run, folder: Path) -> None:
        self.run = run
        self.folder = folder
        self.times = 0

    def take(self, *options: str, **files: str | bytes) -> Ran:
        """Imports files, each given as the text of a dataset."""
        self.times += 1
        folder = self.folder / f"in{self.times}"
        folder.mkdir()
        for name, text in files.items():
            data = text.encode() if isinstance(text, str) else text
            (folder / f"{name}.csv").write_bytes(data)
        return self.run("import", str(folder), *options)

    def took(self, *options: str, **files: str | bytes) -> Ran:
        answer = self.take(*options, **files)
        assert answer.status == 0, answer.err
        return answer

    def export(self, dataset: str, *options: str) -> list[dict[str, str]]:
        answer = self.run("export", dataset, "--plain", *options)
        assert answer.status == 0, answer.err
        return list(csv.DictReader(io.StringIO(answer.out)))

    def export_as(self, name: str, secret: str, dataset: str) -> list[dict[str, str]]:
        """What somebody exports who signs in."""
        answer = self.run("--as", name, "export", dataset, "--plain", SECRET=secret)
        assert answer.status == 0, answer.err
        return list(csv.DictReader(io.StringIO(answer.out)))

    def outcome(self, staff_no: str, night: str = "2026-09-02") -> str | None:
        rows = self.export("roll")
        found = [r["outcome"] for r in rows if (r["staff_no"], r["night"]) == (staff_no, night)]
        return found[0] if found else None

    def charges(self, staff_no: str | None = None) -> list[tuple[str, str, str, str, str]]:
        """(night, rule, source, amount, status) of each charge."""
        return [
            (row["night"], row["rule"], row["source"], row["amount"], row["status"])
            for row in self.export("charges")
            if staff_no in (None, row["staff_no"])
        ]

    def deduction(self, staff_no: str, month: str = "2026-09") -> dict[str, str]:
        rows = self.export("deductions", "--month", month)
        return next(row for row in rows if row["staff_no"] == staff_no)


@pytest.fixture
def empty_house(venue: Run, tmp_path: Path) -> House:
    """A venue of which nothing is known yet."""
    return House(venue, tmp_path)


@pytest.fixture
def house(empty_house: House) -> House:
    """A venue with five people, three places and one briefing, of 2 September 2026."""
    empty_house.took(staff=STAFF, places=PLACES, briefings=BRIEFING)
    return empty_house


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets the clock of every command to a local time."""

    def set_clock(text: str) -> None:
        def now(session: Session) -> Instant:
            calendar: Calendar = session.calendar
            return calendar.parse(text)

        monkeypatch.setattr(Session, "now", now)

    return set_clock


@pytest.fixture
def seeded(empty_house: House, at: Callable[[str], None]) -> House:
    """The venue of the troubles, at noon of 26 November 2026."""
    at("2026-11-26T12:30")
    assert empty_house.run("import", str(TROUBLE / "seed")).status == 0
    return empty_house
