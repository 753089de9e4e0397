"""Many terminals that call one roll: real programs on pseudo-terminals, each with people of its own
to mark, on a file and on a server, near and far. What counts is the time from when a key was due
until its mark was painted, however late the key could be pressed; every key changes something."""

import os
import re
import selectors
import shutil
import subprocess
import tempfile
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, redirect_stderr
from io import StringIO
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import NamedTuple

from models.storage.database import close_database
from tests.bench.far_server import FAR, away
from tests.bench.files import make_house
from tests.bench.house import TIMEZONE, write_house
from tests.bench.measure import (
    Seconds,
    in_turn,
    percentile,
    say,
    say_ratio,
    shown,
    title,
    typical,
)
from tests.bench.pseudo_terminal import Terminal, environment
from tests.bench.terminal import Side, add_tonight
from venue_tui.cli import run as command

STAFFERS, TEAM = 500, 50
P99 = 0.060
P99_FAR = 0.040
WATCHING, IDLE = 0.01, 0.0015
A_KEY = 0.015
START = 1.5
SERVER = os.environ.get("VENUE_TUI_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432")
_DATABASE = "venue_tui_bench_crowd"
_PATIENCE = 30.0


class Place(NamedTuple):
    """Where a venue lies, and how far away that is there and back, in milliseconds."""

    name: str
    url: str
    milliseconds: float


def measure() -> None:
    """The whole of it."""
    with houses() as made:
        for terminals in (8, 20):
            for place in made:
                # 24 each at most: after the last of a block the next one is scrolled to, and what
                # became of the last isn't painted any more.
                for a_second, seconds in ((5.0, 38.4), (5.0 * terminals, 4.8)):
                    several(place, terminals, a_second, seconds)
        for place in made:
            alone(place, marks=40)
            watching(place, seconds=30)
        starting(made, rounds=11)


def measure_quickly() -> None:
    """A few terminals for a short while."""
    with houses() as made:
        for place in made:
            several(place, 8, 5.0, 10.0)
        alone(made[-1], marks=15)
        watching(made[0], seconds=10)
        starting(made, rounds=3)


@contextmanager
def houses() -> Iterator[list[Place]]:
    """A house of five hundred as a file, and where there is a server there, near and far."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="venue-tui-bench-")))
        house = make_house(folder / "house", STAFFERS)
        places = [Place("SQLite", f"sqlite:///{house.after}", 0)]
        server = _server()
        if server is not None:
            stack.callback(_drop, server)
            _drop(server)
            _make(server)
            write_house(folder / "again", STAFFERS)
            url = f"{server}/{_DATABASE}"
            on = ("--database", url)
            with redirect_stderr(StringIO()):
                assert command([*on, "init", "--name", "金夜", "--timezone", TIMEZONE]) == 0
                for each in ("before", "month"):
                    assert command([*on, "import", str(folder / "again" / each)]) == 0
            close_database()
            far = stack.enter_context(away(server, FAR))
            places.append(Place("PostgreSQL here", url, 0))
            places.append(Place(f"PostgreSQL {FAR} ms away", f"{far}/{_DATABASE}", FAR))
        yield places


def _server() -> str | None:
    try:
        import psycopg

        psycopg.connect(f"{SERVER}/postgres", connect_timeout=2).close()
    except Exception:
        return None
    return SERVER


def _drop(server: str, name: str = _DATABASE) -> None:
    import psycopg

    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        for each in (name, f"{name}_copy"):
            connection.execute(f"DROP DATABASE IF EXISTS {each} WITH (FORCE)")


def _make(server: str) -> None:
    import psycopg

    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {_DATABASE}")


@contextmanager
def copied(place: Place) -> Iterator[str]:
    """The URL of a copy of the house in which nobody has been marked yet."""
    if place.url.startswith("sqlite:///"):
        with tempfile.TemporaryDirectory(prefix="venue-tui-bench-") as name:
            shutil.copyfile(place.url.removeprefix("sqlite:///"), f"{name}/venue.db")
            yield f"sqlite:///{name}/venue.db"
        return
    import psycopg

    copy = f"{_DATABASE}_copy"
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {copy} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {copy} TEMPLATE {_DATABASE}")
    try:
        yield f"{place.url}_copy"
    finally:
        with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {copy} WITH (FORCE)")


class Caller:
    """A terminal on which the roll is called, from one of the staffers on."""

    def __init__(self, terminal: Terminal, first: int) -> None:
        self.terminal = terminal
        self._next = first
        self._due: deque[tuple[Seconds, re.Pattern[bytes]]] = deque()

    def go_there(self) -> None:
        """Opens the roll, and goes to the first of them."""
        terminal = self.terminal
        terminal.until(b"V001")
        terminal.press("2")
        terminal.until("曾小贤[0-9]+".encode())
        terminal.settle(0.3)
        terminal.press(f"/{self._next + 2:05d}")  # the one below, and up: that ends the search
        terminal.settle(0.3)
        terminal.press("\r")
        terminal.settle(0.2)
        terminal.press("\x1b[A")
        terminal.settle(0.2)
        terminal.press("")

    def press(self, due: Seconds) -> None:
        """Marks the next one, at or after the time at which that was due."""
        who = f"曾小贤{self._next}".encode() + rb"(?![0-9])[^\xe6]*?(?:here|late|missed) +[0-9]{2}:"
        self._next += 1
        self._due.append((due, re.compile(who)))
        self.terminal.type(" ")

    def look(self) -> Iterator[Seconds]:
        """How long each mark that has been painted by now took since it was due."""
        self.terminal.take()
        while self._due:
            due, pattern = self._due[0]
            if not pattern.search(self.terminal.painted):
                return
            self._due.popleft()
            yield perf_counter() - due

    @property
    def waits(self) -> bool:
        return bool(self._due)


def call(callers: Sequence[Caller], a_second: float, seconds: Seconds) -> list[Seconds]:
    """Has them mark one after the other, so many a second in all; how long each mark took."""
    found: list[Seconds] = []
    with selectors.DefaultSelector() as ready:
        for caller in callers:
            ready.register(caller.terminal, selectors.EVENT_READ, caller)
        begun = perf_counter() + 0.1
        dues = deque(
            (begun + at / a_second, callers[at % len(callers)])
            for at in range(int(seconds * a_second))
        )
        while dues or any(caller.waits for caller in callers):
            now = perf_counter()
            if now > begun + seconds + _PATIENCE:
                raise TimeoutError("a mark was not painted")
            while dues and dues[0][0] <= now:
                due, caller = dues.popleft()
                caller.press(due)
            wait = dues[0][0] - perf_counter() if dues else 0.5
            for key, _ in ready.select(max(0.0, wait)):
                found += key.data.look()
    return found


@contextmanager
def programs(url: str, count: int) -> Iterator[list[Terminal]]:
    """So many programs at one venue, started one after the other."""
    with tempfile.TemporaryDirectory(prefix="venue-tui-bench-") as name, ExitStack() as stack:
        arguments = ("-m", "venue_tui", "--lang", "en", "--database", url)
        terminals = []
        for _ in range(count):
            terminal = Terminal(*arguments, environ=environment(Path(name)))
            stack.enter_context(closing(terminal))
            terminal.until(b"V001")
            terminals.append(terminal)
        yield terminals


def several(place: Place, terminals: int, a_second: float, seconds: Seconds) -> None:
    """Measures marks at several terminals, so many a second in all, and a watcher's work."""
    title(f"{terminals} real terminals, {a_second:g} marks a second in all; {place.name}")
    with copied(place) as url, programs(url, terminals + 1) as (watcher, *others):
        share = min(TEAM, STAFFERS // terminals)
        callers = [Caller(each, at * share) for at, each in enumerate(others)]
        for caller in callers:
            caller.go_there()
        watcher.settle(0.2)
        everyone = [watcher, *others]
        load, before, begun = _load(), [each.worked() for each in everyone], perf_counter()
        found = call(callers, a_second, seconds)
        taken = perf_counter() - begun
        watched, *worked = (
            (each.worked() - was) / taken for each, was in zip(everyone, before, strict=True)
        )
    slowest, limit = percentile(found, 99), P99_FAR if place.milliseconds else P99
    say(f"the median of {len(found)} marks, from when due", shown(percentile(found, 50)))
    measured = f"{shown(slowest)} (at most {shown(limit)})"
    say("of a hundred, the slowest", measured, slowest <= limit)
    say("the slowest of all", shown(max(found)))
    measured = f"{watched:.2%} of a core (at most {WATCHING:.1%})"
    say("who watches Tonight meanwhile", measured, watched <= WATCHING)
    say("the terminals together", f"{sum(worked):.2f} cores; load before {load}")


def alone(place: Place, marks: int) -> None:
    """Measures the keys of a terminal that has the venue for itself."""
    title(f"One terminal alone; {place.name}")
    with copied(place) as url, programs(url, 1) as [terminal]:
        caller = Caller(terminal, 0)
        caller.go_there()
        call([caller], 5.0, 0.2)  # the first mark of the night opens the briefing
        found = call([caller], 2.5, marks / 2.5)
        terminal.settle(0.5)
        moves = []
        for _ in range(marks):
            terminal.press("\x1b[A")
            moves.append(terminal.until("曾小贤[0-9]+".encode()))
            terminal.settle(0.2)
    for what, runs in (("a mark", found), ("an arrow", moves)):
        typical, most = median(runs), percentile(runs, 90)
        measured = f"{shown(typical)}, {shown(most)} of ten (at most {shown(A_KEY)})"
        say(f"{what}, until it is painted", measured, typical <= A_KEY)


def watching(place: Place, seconds: Seconds) -> None:
    """Measures what programs do that nobody works at: on Tonight, and on the roll."""
    title(f"Idle for {seconds:g} s; {place.name}")
    with copied(place) as url, programs(url, 2) as (tonight, roll):
        Caller(roll, 0).go_there()
        sleep(3)
        before, begun = [tonight.worked(), roll.worked()], perf_counter()
        sleep(seconds)
        taken = perf_counter() - begun
        for what, was, each in zip(("Tonight", "the roll"), before, (tonight, roll), strict=True):
            share = (each.worked() - was) / taken
            measured = f"{share:.2%} of a core (at most {IDLE:.2%})"
            say(f"{what}, open and idle", measured, share <= IDLE)


def _load() -> str:
    return subprocess.run(["cat", "/proc/loadavg"], capture_output=True, text=True).stdout[:4]


def starting(places: Sequence[Place], rounds: int) -> None:
    """Compares starting the program there with starting it on the first of them."""
    title("Starting, with the night that it is now")
    with tempfile.TemporaryDirectory(prefix="venue-tui-bench-") as name:
        folder = Path(name)
        for at, url in enumerate({place.url for place in places if not place.milliseconds}):
            add_tonight(folder / str(at), STAFFERS, url)
        sides = [Side(folder, STAFFERS, place.url) for place in places]
        runs = started(sides, rounds)
    for place, taken in zip(places[1:], runs[1:], strict=True):
        found = typical(taken, runs[0])
        say_ratio(f"{place.name} to {places[0].name}", found, START)


def started(sides: Sequence[Side], rounds: int) -> list[list[Seconds]]:
    """How long each was in starting, one after the other in turn."""
    ways = [side.ready for side in sides]
    in_turn(ways, 1)  # everything is compiled then, and in the cache
    return in_turn(ways, rounds)
