"""Saying on standard error what takes long, when it is a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic

_SILENT_SECONDS = 1.0
_EVERY_SECONDS = 0.2


class Stages:
    """What is being done now."""

    def __init__(self) -> None:
        self.now = ""

    def __call__(self, stage: str) -> None:
        self.now = stage


@contextmanager
def stages() -> Iterator[Stages]:
    """Shows the stage that the work is in, and for how long, once it has taken a second."""
    current = Stages()
    if not sys.stderr.isatty():
        yield current
        return
    done = Event()
    thread = Thread(target=_show, args=(current, done), daemon=True)
    thread.start()
    try:
        yield current
    finally:
        done.set()
        thread.join()


def _show(current: Stages, done: Event) -> None:
    started, width = monotonic(), 0
    if done.wait(_SILENT_SECONDS):
        return
    from rich.cells import cell_len  # most commands are done by now

    while not done.wait(_EVERY_SECONDS):
        line = f"{current.now} … {monotonic() - started:.0f} s"
        blank = " " * max(0, width - cell_len(line))
        print(f"\r{line}{blank}", end="", file=sys.stderr, flush=True)
        width = cell_len(line)
    print("\r" + " " * width + "\r", end="", file=sys.stderr, flush=True)
