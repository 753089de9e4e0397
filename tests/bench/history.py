"""What years of history cost: the same work after one closed month, a year, three and ten."""

import gc
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from time import process_time
from typing import NamedTuple
from unittest.mock import patch

from models.access.session import Session
from models.backup.opening import open_venue
from models.imports.importer import intake
from models.ledger import separations
from models.ledger.settling import settle
from models.operations import slip_board
from models.payroll import months
from models.payroll.deductions import deductions
from models.payroll.explanation import explain
from models.payroll.month_sheet import sheet
from models.payroll.open_items import unsettled
from models.payroll.trends import MONTHS
from models.payroll.verification import verify
from models.storage.database import close_database
from models.values.nights import Month, previous_month
from tests.bench import terminal
from tests.bench.files import command, peak
from tests.bench.house import (
    MONTH,
    TIMEZONE,
    months_before,
    write_month,
    write_people,
)
from tests.bench.measure import Seconds, in_turn, say, shown, title
from tests.bench.pseudo_terminal import Terminal
from tests.bench.terminal import Side, Tour
from venue_tui.exchange.exports import doubts, export
from venue_tui.exchange.imports import read
from venue_tui.screens.deductions.chart_pane import read_trends
from venue_tui.screens.tonight.pending_decisions import leavers, waiting

FLAT = 1.15
"""How many times what it takes after one month it may take after any number of them."""

DEPTHS = (1, 12, 36, 120)


@dataclass(frozen=True, slots=True)
class Past:
    """A venue with so many closed months, before the month that follows them is taken in, after
    that, and the files of that month."""

    folder: Path
    depth: int
    before: Path
    after: Path
    month: Path

    def fresh(self, of: Path) -> Path:
        """A copy to change."""
        return copied(of, self.folder / "fresh.db")


def make_past(folder: Path, depth: int, staffers: int) -> Past:
    """Makes up a venue with that many closed months before MONTH, by the program's own imports and
    closings (without their backups)."""
    write_people(folder / "people", staffers)
    before, after, month = folder / "before.db", folder / "after.db", folder / "month"
    command(before, "init", "--name", "金夜", "--timezone", TIMEZONE)
    command(before, "import", str(folder / "people"))
    for each in months_before(MONTH, depth):
        write_month(folder / each, staffers, each)
        command(before, "import", str(folder / each))
        shutil.rmtree(folder / each)
        with _opened(before) as session, patch("models.backup.backup.before_close"):
            keep_all(session, each)
            months.close(session, each)
    write_month(month, staffers, MONTH)
    command(copied(before, after), "import", str(month))
    return Past(folder, depth, before, after, month)


def keep_all(session: Session, month: Month) -> None:
    """Decides that whoever a month proposes to separate stays, so that it can be closed."""
    settle(session)
    for each in separations.undecided(session, month):
        separations.decide(session, each, separations.KEPT, by="D01", reason="留用")


@contextmanager
def _opened(database: Path) -> Iterator[Session]:
    open_venue(f"sqlite:///{database}")
    try:
        yield Session()
    finally:
        close_database()


def copied(source: Path, target: Path) -> Path:
    """A copy of a database, in place of what was there."""
    for suffix in ("", "-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    shutil.copyfile(source, target)
    return target


class Work(NamedTuple):
    """Something that is done in a venue with a past. `prepare` is not measured."""

    what: str
    do: Callable[[Session, Past], object]
    prepare: Callable[[Session, Past], object] = lambda session, past: None
    taken_in: bool = True
    """Whether the month that follows the past is there already."""
    again: int = 1
    """How often it is done to be measured, where it changes nothing and takes next to no time."""
    shows: int = 1
    """How many closed months it shows: it grows until there are so many, and no more."""


def take_in(session: Session, past: Past) -> None:
    """Reads the month's files, all of them, and takes them in."""
    report = intake(session, read([past.month], session.calendar).tables)
    assert report.changed


def close(session: Session, past: Past) -> None:
    """Closes the month as it is done at the terminal: what stands open, the plan, the closing. The
    backup was made while somebody read the plan."""
    rows = deductions(session, MONTH).rows
    assert not any(each.blocks for each in unsettled(session, MONTH, rows))
    months.plan(session, MONTH, rows)
    months.close(session, MONTH)


def about_to_close(session: Session, past: Past) -> None:
    """Somebody has read the plan, and has yet to answer."""
    keep_all(session, MONTH)
    months.prepare(session)


def read_tonight(session: Session, past: Past) -> None:
    """What waits for a decision, and who is proposed to leave."""
    board = slip_board.board(session, session.tonight())
    list(waiting(session, board.asked))
    list(leavers(session))


def state(session: Session, month: Month) -> None:
    """The month's deductions as a file, with the head that they name and what is to be doubted."""
    export(session, "deductions", month, BytesIO())
    assert not doubts(month)


_SOMEBODY = "00003"
_LAST_CLOSED = previous_month(MONTH)

WORK = (
    Work("import of a month", take_in, taken_in=False),
    Work("closing a month", close, prepare=about_to_close),
    Work(
        "explain, an open month", lambda session, past: explain(session, _SOMEBODY, MONTH), again=10
    ),
    Work(
        "explain, a closed month", lambda session, past: explain(session, _SOMEBODY, _LAST_CLOSED),
        again=10,
    ),
    Work("an export, an open month", lambda session, past: state(session, MONTH), again=10),
    Work("an export, a closed month", lambda session, past: state(session, _LAST_CLOSED), again=10),
    Work(
        "the fines' chart", lambda session, past: read_trends(session, MONTH),
        again=20, shows=MONTHS - 1,
    ),
    Work("Deductions, an open month", lambda session, past: sheet(session, MONTH), again=10),
    Work("Deductions, a closed month", lambda session, past: sheet(session, _LAST_CLOSED), again=10),
    Work("what waits on Tonight", read_tonight, again=10),
    Work("nights that are settled", lambda session, past: settle(session), again=50),
)  # fmt: skip


def prove(session: Session, past: Past) -> None:
    """`check`, which finds nothing wrong."""
    assert not verify(session).problems


PROOF = Work("check, all proved before", prove, prepare=prove)
"""What was proved must be compared with its digest, row by row, or nobody would see what was changed
in it since: this grows with every closed month, and is told as it is."""


@contextmanager
def ready(work: Work, past: Past) -> Iterator[Session]:
    """A session in a copy of the venue, where the work can begin."""
    with _opened(past.fresh(past.after if work.taken_in else past.before)) as session:
        work.prepare(session, past)
        yield session


def measure() -> None:
    """The whole of it."""
    measure_pasts(DEPTHS, staffers=20, rounds=7)


def measure_quickly() -> None:
    """Two of them, few rounds."""
    measure_pasts((1, 24), staffers=20, rounds=5)


def measure_pasts(depths: Sequence[int], staffers: int, rounds: int) -> None:
    """Prints what each piece of work takes after so many closed months."""
    with tempfile.TemporaryDirectory(prefix="venue-tui-bench-") as name:
        pasts = [make_past(Path(name) / str(depth), depth, staffers) for depth in depths]
        sizes = ", ".join(f"{past.before.stat().st_size / 1e6:.1f} MB" for past in pasts)
        title(f"After {', '.join(map(str, depths))} closed months of {staffers} staffers ({sizes})")
        for work in (*WORK, PROOF):
            runs = in_turn([partial(busy, work, past) for past in pasts], rounds)
            taken = [min(each) for each in runs]
            since = next((i for i, depth in enumerate(depths) if depth >= work.shows), 0)
            _say_grown(work.what, taken, shown, since)
        for each in pasts:
            terminal.add_tonight(each.folder, staffers, f"sqlite:///{each.after}")
        sides = [Side(each.folder, staffers, f"sqlite:///{each.after}") for each in pasts]
        ready = [terminal.start(each, rounds).ours for each in sides]
        _say_grown("ready for the first key", ready, shown)
        say_tours([[terminal.tour(side, _worked) for side in sides] for _ in range(rounds)])
        for what, arguments in _COMMANDS.items():
            peaks = [peak(past.fresh(past.after), *arguments) for past in pasts]
            _say_grown(f"{what}, memory", peaks, _megabytes)
        peaks = [peak(past.fresh(past.before), "import", str(past.month)) for past in pasts]
        _say_grown("import of a month, memory", peaks, _megabytes)


_megabytes = "{:.0f} MB".format
_COMMANDS = {
    "explain": ("explain", _SOMEBODY, MONTH),
    "export deductions": ("export", "deductions", "--month", MONTH),
    "check": ("check",),
}


def _worked(terminal: Terminal, key: str) -> Seconds:
    """What a key takes the processor."""
    before = terminal.worked()
    terminal.answer(key)
    return terminal.worked() - before


def say_tours(rounds: Sequence[Sequence[Tour]]) -> None:
    """The least that each screen took to open, and the least memory, after so many months each;
    `rounds` are tours of all of them in turn."""
    for at, key in enumerate(terminal.TOUR):
        for which, what in enumerate(("opened", "gone to again")):
            taken = [min(tour[which][at] for tour in each) for each in zip(*rounds, strict=True)]
            _say_grown(f"{key} {what}", taken, shown)
    memory = [min(tour.megabytes for tour in each) for each in zip(*rounds, strict=True)]
    _say_grown("memory after a tour", memory, _megabytes)


def _say_grown(
    what: str, found: Sequence[float], told: Callable[[float], str], since: int = 0
) -> None:
    grown = max(found[since:]) / found[since]
    measured = f"{grown:5.2f}x (at most {FLAT:g})   {', '.join(map(told, found))}"
    say(what, measured, grown <= FLAT)


def busy(work: Work, past: Past) -> Seconds:
    """The seconds of the processor that it takes, so that others' work counts less."""
    with ready(work, past) as session:
        gc.collect()
        begun = process_time()
        for _ in range(work.again):
            work.do(session, past)
        return (process_time() - begun) / work.again
