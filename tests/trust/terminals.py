"""Several terminals that write to one venue at once, and an account of what they were told."""

import json
import statistics
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise

from models.backup.opening import open_venue
from models.storage import audit
from models.storage.database import close_database, execute
from tests.trust import house
from tests.trust.house import NIGHT

EXPECTED = (
    " is taken on ",
    "they are out since ",
    "they were out then already",
    "take that back first",
    "this can't follow",
)
"""Why one terminal may be refused what another was quicker at."""

ACTIONS_DONE = {
    "mark": "roll.mark",
    "correct": "roll.correct",
    "leave": "leave.asked",
    "slip": "outings.asked",
    "approved": "outings.approved",
    "booking": "booking.made",
    "cancelled": "booking.cancelled",
}
"""What a terminal is told was done, and the action that is on the trail for each."""


@dataclass
class Told:
    """What all terminals together were told: what was done, the refusals, and how many
    milliseconds each answer took."""

    done: Counter[str] = field(default_factory=Counter)
    numbers: dict[str, list[str]] = field(default_factory=dict)
    refusals: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    by_terminal: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def operations(self) -> int:
        return len(self.waits)

    def report(self) -> str:
        cuts = statistics.quantiles(self.waits, n=100)
        slowest, fastest = max(self.by_terminal), min(self.by_terminal)
        return (
            f"{self.operations} operations in {self.seconds:.1f} s; each waited"
            f" {statistics.median(self.waits):.1f} ms at the median, {cuts[98]:.1f} ms at p99,"
            f" {max(self.waits):.1f} ms at most; the slowest terminal took"
            f" {slowest / fastest:.2f} times as long as the fastest"
        )


def run(url: str, terminals: int, operations: int, a_second: float = 0) -> Told:
    """Has `terminals` processes do `operations` each, all at once, and holds what is in the venue
    afterwards to what they were told: nothing lost, nothing twice. They work flat out, or call
    the roll so many times `a_second` each."""
    house.make(url)
    processes = [
        house.terminal("work", url, f"test:{number}", str(operations), str(a_second))
        for number in range(1, terminals + 1)
    ]
    for process in processes:
        assert process.stdout is not None
        assert house.first_line(process.stdout) == "ready", process.communicate()[1]
    started = time.perf_counter()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = Told()
    with ThreadPoolExecutor(terminals) as readers:  # a pipe that nobody reads stops its writer
        for said in readers.map(house.finished, processes):
            _take_down(told, said)
    told.seconds = time.perf_counter() - started
    assert told.operations == terminals * operations
    _hold(url, told)
    return told


def _take_down(told: Told, said: str) -> None:
    total = 0.0
    for line in said.splitlines():
        milliseconds, what, *rest = json.loads(line)
        told.waits.append(milliseconds)
        total += milliseconds
        if what == "refused":
            told.refusals[rest[0]] += 1
        else:
            told.done[what] += 1
            told.numbers.setdefault(what, []).extend(rest)
    told.by_terminal.append(total)


def _hold(url: str, told: Told) -> None:
    unexpected = [why for why in told.refusals if not any(part in why for part in EXPECTED)]
    assert not unexpected, unexpected
    wrong = house.problems(url)
    assert not wrong, wrong
    open_venue(url)
    try:
        actions = Counter(line.action for line in audit.lines())
        for what, action in ACTIONS_DONE.items():
            assert actions[action] == told.done[what], (what, actions[action], told.done[what])
        assert actions["leave.approved"] + actions["leave.rejected"] == told.done["decided"]
        _hold_numbers(told)
        _hold_marks()
    finally:
        close_database()


def _hold_numbers(told: Told) -> None:
    """Every number was given once, and is there."""
    for what, table, key in (
        ("leave", "leave", "leave_no"),
        ("booking", "bookings", "booking_no"),
    ):
        kept = sorted(row[0] for row in execute(f"SELECT {key} FROM {table}").fetchall())
        assert sorted(told.numbers.get(what, [])) == kept
    slips = sorted(row[0] for row in execute("SELECT slip_no FROM outings").fetchall())
    assert sorted(told.numbers.get("slip", []) + told.numbers.get("out", [])) == slips
    live = execute(
        "SELECT place, turn FROM bookings WHERE status IN ('booked', 'arrived')"
    ).fetchall()
    assert len(set(map(tuple, live))) == len(live)


def _hold_marks() -> None:
    """On the trail every change of a staffer's signs begins where the one before it ended, and the
    last one is what is recorded: none was written over one that it had not seen."""
    kept = dict(
        execute(
            "SELECT staff_no, arrived_at FROM attendance WHERE night = ?", (NIGHT.isoformat(),)
        ).fetchall()
    )
    told: dict[str, list[tuple[str | None, str | None]]] = {}
    for line in audit.lines(night=NIGHT):
        if line.action.startswith("roll.") and line.staff_no is not None:
            told.setdefault(line.staff_no, []).append((line.before, line.after))
    assert set(told) == set(kept)
    for staff_no, changes in told.items():
        assert changes[0][0] is None, staff_no
        assert all(one[1] == next_[0] for one, next_ in pairwise(changes)), staff_no
