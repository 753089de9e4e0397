"""Timing two ways of doing the same thing in turn, and saying how they compare."""

import gc
from collections.abc import Callable, Sequence
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import NamedTuple

Seconds = float


class Compared(NamedTuple):
    """How long the program's way took, and the plain one."""

    ours: Seconds
    plain: Seconds

    @property
    def ratio(self) -> float:
        return self.ours / self.plain


def timed(work: Callable[[], object]) -> Seconds:
    """How long one run takes."""
    gc.collect()
    begun = perf_counter()
    work()
    return perf_counter() - begun


def worked(work: Callable[[], object]) -> Seconds:
    """How long the processor is at one run: others' work on the machine, and the disk's, which is
    the same for both ways, make nothing look better."""
    gc.collect()
    begun = process_time()
    work()
    return process_time() - begun


def in_turn(ways: Sequence[Callable[[], Seconds]], rounds: int) -> list[list[Seconds]]:
    """The runs of each way, one of each in turn, so that whatever else the machine does meets all."""
    runs: list[list[Seconds]] = [[] for _ in ways]
    for _ in range(rounds):
        for way, taken in zip(ways, runs, strict=True):
            taken.append(way())
    return runs


def quickest(ours: Sequence[Seconds], plain: Sequence[Seconds]) -> Compared:
    """The quickest run of each: what the machine does besides only makes others slower."""
    return Compared(min(ours), min(plain))


def typical(ours: Sequence[Seconds], plain: Sequence[Seconds]) -> Compared:
    """The medians of many runs."""
    return Compared(median(ours), median(plain))


def percentile(runs: Sequence[Seconds], percent: int) -> Seconds:
    return quantiles(runs, n=100, method="inclusive")[percent - 1]


def say(what: str, measured: str, reached: bool | None = None) -> None:
    """Prints one line of the report; `reached` says whether it is what was aimed at."""
    mark = {None: "    ", True: "ok  ", False: "MISS"}[reached]
    print(f"  {mark}  {what:<52} {measured}", flush=True)


def say_ratio(what: str, found: Compared, at_most: float | None = None) -> None:
    """Prints a comparison, and what it may come to at most."""
    aim = "" if at_most is None else f" (at most {at_most:g})"
    measured = f"{found.ratio:6.2f}x{aim}   {shown(found.ours)} to {shown(found.plain)}"
    say(what, measured, None if at_most is None else found.ratio <= at_most)


def shown(seconds: Seconds) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.3g} ms"


def title(text: str) -> None:
    print(f"\n{text}", flush=True)
