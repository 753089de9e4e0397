"""The terminal program over a pseudo-terminal, beside the least Textual program there is."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.bench.files import House, command, make_house
from tests.bench.house import TIMEZONE, write_tonight
from tests.bench.measure import Compared, Seconds, in_turn, say, say_ratio, shown, title, typical
from tests.bench.pseudo_terminal import COPIED, SIZE, Terminal, environment

READY, MARK = 1.15, 0.20
BYTES, MEGABYTES = 1_500, 70
FIRST_OPENING, AGAIN = 0.080, 0.030
PAUSE = 0.1
"""Seconds from which on a person sees that they wait."""

OUTCOME = rb"(?:here|late|missed) +[0-9]{2}:[0-9]{2}"


def measure() -> None:
    """The whole of it."""
    measure_small(rounds=21, marks=20)
    measure_tours(rounds=5)
    measure_large(5_000, rounds=9)


def measure_quickly() -> None:
    """Fewer rounds, fewer staffers."""
    measure_small(rounds=5, marks=20)
    measure_tours(rounds=2)
    measure_large(500, rounds=3)


class Side:
    """The two programs, showing as many people, and how each is started."""

    def __init__(self, folder: Path, staffers: int, database: str) -> None:
        # As most start it: without arguments, on a database that is known already.
        self._environ = {**environment(folder), "VENUE_TUI_DATABASE": database}
        self._ours = ("-m", "venue_tui")
        self._minimal = ("-m", "tests.bench.minimal_app", str(staffers))

    @classmethod
    def of(cls, house: House) -> "Side":
        """With the house's month in it."""
        return cls(house.folder, house.staffers, f"sqlite:///{house.after}")

    def ours(self) -> Terminal:
        return Terminal(*self._ours, environ=self._environ)

    def minimal(self) -> Terminal:
        return Terminal(*self._minimal, environ=self._environ)

    def ready(self) -> Seconds:
        """How long ours is in starting until it answers the first key."""
        terminal = self.ours()
        try:
            return _ready(terminal, OURS_SHOWN, "y")
        finally:
            terminal.close()

    @contextmanager
    def both(self) -> Iterator[tuple[Terminal, Terminal]]:
        """Both of them running at once, ours with the roll open."""
        ours, minimal = self.ours(), self.minimal()
        try:
            minimal.until(MINIMAL_SHOWN)
            ours.until(OURS_SHOWN)
            _answer(ours, "2", PERSON)
            yield ours, minimal
        finally:
            ours.close()
            minimal.close()


def make_evening(folder: Path, staffers: int) -> House:
    """A house with a month behind it, and the night that it is now."""
    house = make_house(folder, staffers)
    add_tonight(folder, staffers, f"sqlite:///{house.after}")
    return house


def add_tonight(folder: Path, staffers: int, url: str) -> None:
    """Takes in the night that it is now."""
    now = datetime.now(ZoneInfo(TIMEZONE)).replace(tzinfo=None)
    write_tonight(folder / "tonight", staffers, now)
    command(url, "import", str(folder / "tonight"))


OURS_SHOWN, MINIMAL_SHOWN = rb"V001", rb"0001[0-9] +pending"
"""What stands on each first screen that was filled."""


def measure_small(rounds: int, marks: int) -> None:
    """Starting, marking and memory, with a hundred staffers."""
    rows, columns = SIZE
    with tempfile.TemporaryDirectory(prefix="venue-tui-bench-") as name:
        house = make_evening(Path(name) / "small", 100)
        side = Side.of(house)
        title(f"The terminal, {columns} by {rows}, {house.staffers} staffers")
        say_ratio("ready for the first key to a minimal app", start(side, rounds), READY)
        with side.both() as (ours, minimal):
            found, sent = mark(ours, minimal, marks)
            say_ratio("a mark on the screen to an update_cell there", found, MARK)
            _say_bytes("the terminal gets of a mark", sent)
            megabytes, least = ours.megabytes(), minimal.megabytes()
        measured = f"{megabytes:.0f} MB (under {MEGABYTES}), the minimal app {least:.0f} MB"
        say("resident memory", measured, megabytes < MEGABYTES)


TOUR = "2345678901"
"""The keys of all screens, the first one's last."""


def measure_tours(rounds: int) -> None:
    """Opening every screen, going through them again, and the memory after that."""
    with tempfile.TemporaryDirectory(prefix="venue-tui-bench-") as name:
        house = make_evening(Path(name) / "small", 100)
        side = Side.of(house)
        title("A tour of the ten screens, until the last of each was painted")
        tours = [tour(side) for _ in range(rounds)]
    firsts, agains, resident = zip(*tours, strict=True)
    for what, runs, at_most in (
        ("opened", firsts, FIRST_OPENING),
        ("gone to again", agains, AGAIN),
    ):
        for key, taken in zip(TOUR, map(median, zip(*runs, strict=True)), strict=True):
            say(f"{key} {what}", f"{shown(taken)} (at most {shown(at_most)})", taken <= at_most)
    megabytes = median(resident)
    measured = f"{megabytes:.0f} MB (under {MEGABYTES})"
    say("resident memory after the tour", measured, megabytes < MEGABYTES)


class Tour(NamedTuple):
    """What each screen of one run took to open, and to come again, and the megabytes that were
    resident then."""

    opened: list[Seconds]
    again: list[Seconds]
    megabytes: float


def tour(side: Side, taken: Callable[[Terminal, str], Seconds] = Terminal.answer) -> Tour:
    """Goes through all screens twice; `taken` presses a key, and says what its answer took."""
    terminal = side.ours()
    try:
        terminal.until(OURS_SHOWN)
        terminal.settle()
        first, again = ([taken(terminal, key) for key in TOUR] for _ in range(2))
        return Tour(first, again, terminal.megabytes())
    finally:
        terminal.close()


def start(side: Side, rounds: int) -> Compared:
    """From starting the program to its answer to the key pressed when the screen was seen."""

    def minimal() -> Seconds:
        terminal = side.minimal()
        try:
            return _ready(terminal, MINIMAL_SHOWN, "y")
        finally:
            terminal.close()

    in_turn([side.ready, minimal], rounds=1)  # everything is compiled then, and in the cache
    return typical(*in_turn([side.ready, minimal], rounds))


def _ready(terminal: Terminal, shown_when: bytes, copy: str) -> Seconds:
    """Seconds from the start until the program answers the first key: one that copies a row."""
    begun = terminal.started
    terminal.until(shown_when)
    terminal.press(copy)
    answered = terminal.until(COPIED, raw=True)
    return terminal.started + answered - begun


def mark(ours: Terminal, minimal: Terminal, marks: int) -> tuple[Compared, list[int]]:
    """From a press of space to the repainted row, and how many bytes each press sent."""
    sent: list[int] = []
    done = 0

    def a_mark() -> Seconds:
        ours.press(" ")
        taken = ours.until(OUTCOME)
        ours.settle(_QUIET)
        sent.append(len(ours.said))
        return taken

    def an_update() -> Seconds:
        nonlocal done
        done += 1
        minimal.press(" ")
        taken = minimal.until(b"late%03d" % done)
        minimal.settle(_QUIET)
        return taken

    mine, theirs = in_turn([a_mark, an_update], marks + 1)
    return typical(mine[1:], theirs[1:]), sent


def _say_bytes(what: str, sent: list[int]) -> None:
    """The first mark of a night is told apart: it opens the briefing, and says so."""
    typical_, most = median(sent[1:]), max(sent[1:])
    measured = (
        f"{typical_:,.0f} B, {most:,} B at most (at most {BYTES:,} B); the first {sent[0]:,} B"
    )
    say(what, measured, most <= BYTES)


def measure_large(staffers: int, rounds: int) -> None:
    """Scrolling and finding among very many."""
    with tempfile.TemporaryDirectory(prefix="venue-tui-bench-") as name:
        house = make_evening(Path(name) / "large", staffers)
        title(f"A roll of {staffers:,}, and the minimal app's table of as many")
        with Side.of(house).both() as (ours, minimal):
            ways = [
                partial(_answer, terminal, key)
                for _, *keys in _SCROLLING
                for terminal, key in zip((ours, minimal), keys, strict=True)
            ]
            runs = in_turn(ways, rounds)
            for i, (what, *_) in enumerate(_SCROLLING):
                _say_pause(what, runs[2 * i], median(runs[2 * i + 1]))
            _answer(ours, "/", b"")
            letters = [_answer(ours, key) for _ in range(rounds) for key in ("4", "3", "\x7f\x7f")]
            _say_pause("a letter of the number that is sought", letters)


_SCROLLING = (
    ("to the end", "\x1b[F", "\x1b[1;5F"),
    ("to the beginning", "\x1b[H", "\x1b[1;5H"),
    ("a page down", "\x1b[6~", "\x1b[6~"),
)
"""What is done, and by which key here and there."""

PERSON = "曾小贤[0-9]+".encode()
_QUIET = 0.25


def _answer(terminal: Terminal, key: str, shows: bytes = PERSON) -> Seconds:
    """Seconds until what a key brings to the screen is there."""
    terminal.press(key)
    taken = terminal.until(shows) if shows else 0.0
    terminal.settle(_QUIET)
    return taken


def _say_pause(what: str, runs: list[Seconds], theirs: Seconds | None = None) -> None:
    typical_, slowest = median(runs), max(runs)
    measured = f"{shown(typical_)}, {shown(slowest)} at most (under {shown(PAUSE)})"
    if theirs is not None:
        measured += f"; there {shown(theirs)}"
    say(what, measured, typical_ < PAUSE)
