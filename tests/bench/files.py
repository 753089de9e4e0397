"""Files in, judging, files out, and how long a short command takes to start."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass
from functools import partial
from io import StringIO
from pathlib import Path

from models.access.session import Session
from models.backup.opening import open_venue
from models.ledger.ledger import differences, judgements
from models.storage.database import close_database
from models.storage.gc_pause import uncollected
from tests.bench import plain, plain_export
from tests.bench.house import MONTH, NIGHTS, TIMEZONE, write_house
from tests.bench.measure import (
    Compared,
    Seconds,
    in_turn,
    say,
    say_ratio,
    timed,
    title,
    typical,
    worked,
)
from venue_tui.cli import run

GROWTH = 1.1
MEGABYTES = 500
IMPORTING = 4.5

Run = Callable[[], Seconds]


@dataclass(frozen=True, slots=True)
class House:
    """A venue's database with nothing but its people and places, before its month, and with the
    month in it, and the month's files."""

    folder: Path
    staffers: int
    people: Path
    before: Path
    after: Path
    month: Path

    @property
    def fresh(self) -> Path:
        """A new copy of the database before its month."""
        return _copy(self.before, self.folder / "fresh.db")

    def file(self, name: str) -> Path:
        """That of a dataset."""
        folder = self.month if name in ("briefings", "attendance") else self.folder / "before"
        return folder / f"{name}.csv"


Ways = Callable[[House], tuple[Run, Run]]
"""The program's way and the plain one, for a house."""


def make_house(folder: Path, staffers: int) -> House:
    """Makes up a house, and takes in everything but its month by the program's own commands."""
    write_house(folder, staffers)
    people, before, after = (folder / f"{each}.db" for each in ("people", "before", "after"))
    command(people, "init", "--name", "金夜", "--timezone", TIMEZONE)
    known = [str(folder / "before" / f"{name}.csv") for name in ("staff", "places")]
    command(people, "import", *known)
    command(_copy(people, before), "import", str(folder / "before"))
    command(_copy(before, after), "import", str(folder / "month"))
    return House(folder, staffers, people, before, after, folder / "month")


def measure() -> None:
    """The whole of it."""
    measure_houses((1_000, 10_000), rounds=7)
    measure_start(rounds=25)


def measure_quickly() -> None:
    """Small houses, few rounds."""
    measure_houses((300, 3_000), rounds=3)
    measure_start(rounds=7)


def measure_houses(sizes: tuple[int, int], rounds: int) -> None:
    """Prints how files and months compare for a small house and a large one."""
    with tempfile.TemporaryDirectory(prefix="venue-tui-bench-") as name:
        houses = [make_house(Path(name) / str(staffers), staffers) for staffers in sizes]
        found = {what: compare(ways, houses, rounds) for what, ways, _ in MEASURED}
        for place, house in enumerate(houses):
            title(f"{house.staffers:,} staffers, 30 nights, {charges(house):,} charges")
            for what, _, at_most in MEASURED:
                say_ratio(what, found[what][place], at_most)
        title(f"Growth from {sizes[0]:,} to {sizes[1]:,} staffers, and the plain way's")
        for what, (small, large) in found.items():
            _say_growth(what, small, large, sizes[1] / sizes[0] * GROWTH)
        _memory(houses[-1])


def compare(ways: Ways, houses: Sequence[House], rounds: int) -> list[Compared]:
    """What both ways take the processor for each house, all of them measured in turn."""
    runs = in_turn([way for house in houses for way in ways(house)], rounds)
    return [typical(*runs[at : at + 2]) for at in range(0, len(runs), 2)]


def importing(name: str) -> Ways:
    """The import command of one file, into a house that knows its people and places: reading,
    checking, writing, judging, ledger and audit trail. Either way leaves as many rows behind, and
    their contents on the trail."""

    def ways(house: House) -> tuple[Run, Run]:
        file = house.file(name)

        def ours() -> Seconds:
            database = _copy(house.people, house.folder / "fresh.db")
            return worked(lambda: command(database, "import", str(file)))

        def theirs() -> Seconds:
            database = _copy(house.people, house.folder / "plain.db")
            return worked(lambda: plain.load(database, name, file))

        return ours, theirs

    return ways


def judge_month(house: House) -> tuple[Run, Run]:
    """Everyone's outcomes and charges of all nights, read from the database and judged."""

    @uncollected()
    def judge(session: Session) -> None:
        for _ in judgements(session, NIGHTS[0], NIGHTS[-1]):
            pass

    def ours() -> Seconds:
        session = _session(house.after)
        try:
            return worked(lambda: judge(session))
        finally:
            close_database()

    return ours, lambda: worked(lambda: plain.read_month(house.after))


def export_deductions(house: House) -> tuple[Run, Run]:
    """The export command, which writes the month's deductions to a file."""
    ours, theirs = house.folder / "ours.csv", house.folder / "plain.csv"
    words = ("export", "deductions", "--month", MONTH, "--plain", "-o", str(ours))
    return (
        lambda: worked(lambda: command(house.after, *words)),
        lambda: worked(lambda: plain_export.export(str(house.after), MONTH, str(theirs))),
    )


MEASURED: tuple[tuple[str, Ways, float], ...] = (
    *(
        (f"import of {name} to csv + executemany", importing(name), IMPORTING)
        for name in ("attendance", "leave", "bookings", "outings", "incidents")
    ),
    ("judging the month to reading what it needs", judge_month, 3.0),
    ("export deductions to a plain script, in one process", export_deductions, 3.0),
)
"""What is measured, how, and what it may come to at most."""


def _say_growth(what: str, small: Compared, large: Compared, at_most: float) -> None:
    grown, plainly = large.ours / small.ours, large.plain / small.plain
    measured = f"{grown:6.2f}x (at most {at_most:g})   {plainly:.2f}x"
    say(what.partition(" to ")[0], measured, grown <= at_most)


def charges(house: House) -> int:
    """How many charges the month came to. The ledger must hold what its facts give."""
    session = _session(house.after)
    try:
        assert not differences(session, NIGHTS[0], NIGHTS[-1])
        return sum(len(night.charges) for night in judgements(session, NIGHTS[0], NIGHTS[-1]))
    finally:
        close_database()


def _memory(house: House) -> None:
    title("Memory")
    for what, database, arguments in (
        ("import", house.fresh, ("import", str(house.month))),
        ("check", house.after, ("check",)),
        ("export deductions", house.after, ("export", "deductions", "-o", os.devnull)),
        ("export roll", house.after, ("export", "roll", "-o", os.devnull)),
    ):
        megabytes = peak(database, *arguments)
        measured = f"{megabytes:6.0f} MB (under {MEGABYTES})"
        say(f"{what}, {house.staffers:,} staffers", measured, megabytes < MEGABYTES)


# A process is said to have had at least what the one that started it had: so a small one does.
_ASK = (
    "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True,"
    " stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL);"
    " print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
)


def peak(database: Path, *arguments: str) -> float:
    """The most memory that one command had at a time, in megabytes."""
    command = [sys.executable, "-m", "venue_tui", *_on(database), *arguments]
    asked = subprocess.run(
        [sys.executable, "-c", _ASK, *command], check=True, capture_output=True, text=True
    )
    return int(asked.stdout) / (1024 if sys.platform == "linux" else 1024 * 1024)


def measure_start(rounds: int) -> None:
    """Compares whole processes, of the command as it is installed: with one that only imports
    peewee, and with a script that writes the same bytes."""
    title("Starting, whole processes")
    # Where a PostgreSQL driver is installed peewee loads it, which takes longer than the rest.
    peewee = ("-c", "import sys; sys.modules['psycopg'] = None; import peewee")
    with tempfile.TemporaryDirectory(prefix="venue-tui-bench-") as name:
        house = make_house(Path(name) / "small", 50)
        environ = _compiling(Path(name) / "compiled")
        out = str(house.folder / "out.csv")
        installed = str(Path(sys.executable).with_name("venue-tui"))
        program = (installed, *_on(house.after))
        script = (plain_export.__file__, str(house.after), MONTH, out)
        for what, arguments, other, at_most in (
            ("--help to import peewee", (installed, "--help"), peewee, 1.3),
            ("export deductions of 50 staffers to a plain script",
             (*program, "export", "deductions", "--month", MONTH, "-o", out), script, 3.0),
            ("explain to that script", (*program, "explain", "00003", MONTH), script, 4.0),
        ):  # fmt: skip
            ours, plainly = (
                partial(_process, environ, *arguments),
                partial(_process, environ, *other),
            )
            in_turn([ours, plainly], rounds=1)  # everything is compiled then, and in the cache
            say_ratio(what, typical(*in_turn([ours, plainly], rounds)), at_most)
    code = (
        "import sys, venue_tui.cli; venue_tui.cli.run(['--help']); print('textual' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    without = said.stdout.endswith("False\n")
    say("Textual is imported for --help", "no" if without else "yes", without)


def _compiling(folder: Path) -> dict[str, str]:
    """An environment in which modules are compiled once, as they are where they are installed."""
    environ = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder)}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    return environ


def _process(environ: dict[str, str], *arguments: str) -> Seconds:
    command = [sys.executable, *arguments]
    return timed(lambda: subprocess.run(command, check=True, capture_output=True, env=environ))


def command(database: Path | str, *arguments: str) -> None:
    """Runs one command line in this process, on a file or the database of a URL."""
    url = database if isinstance(database, str) else f"sqlite:///{database}"
    said = StringIO()
    with redirect_stderr(said):
        status = run(["--database", url, *arguments])
    assert status == 0, said.getvalue()


def _on(database: Path) -> tuple[str, str]:
    return "--database", f"sqlite:///{database}"


def _session(database: Path) -> Session:
    open_venue(f"sqlite:///{database}")
    return Session()


def _copy(source: Path, target: Path) -> Path:
    _remove(target)
    shutil.copyfile(source, target)
    return target


def _remove(database: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
