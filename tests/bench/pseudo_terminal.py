"""A program in a terminal that nobody looks at: keys go in, and what it paints is timed."""

import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ
from time import perf_counter, sleep

from tests.bench.measure import Seconds

SIZE = (36, 120)
_PATIENCE = 60.0
_KEPT = 1 << 14
"""Bytes of what was written that are kept where nobody waits for its beginning."""
_ESCAPES = re.compile(
    rb"\x1b(?:\[[0-9;:?<=>]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-B]|[=>78cM])"
)
COPIED = rb"\x1b\]52;c;"
"""What a program writes to put something on the clipboard: the least it can answer a key with."""


class Terminal:
    """One program, started with these arguments for Python."""

    def __init__(self, *arguments: str, environ: dict[str, str]) -> None:
        self._here, there = pty.openpty()
        ioctl(there, TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
        self.started = perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=there,
            stdout=there,
            stderr=there,
            env=environ,
            start_new_session=True,
        )
        os.close(there)
        self.said = b""
        """All that was written since the last key."""

    def press(self, keys: str) -> None:
        """Types, and forgets what was written before."""
        self.settle(0)
        self.said = b""
        self.started = perf_counter()
        self.type(keys)

    def type(self, keys: str) -> None:
        """Types while something else may be under way."""
        os.write(self._here, keys.encode())

    def fileno(self) -> int:
        """By which one learns that something was written."""
        return self._here

    def take(self) -> None:
        """Reads what was written by now; keeps the end of it."""
        self._read(0)
        self.said = self.said[-_KEPT:]

    def until(self, pattern: bytes, raw: bool = False) -> Seconds:
        """How long since the last key (or the start) until this was painted. `raw` looks for it
        among the escape sequences, too."""
        given_up = perf_counter() + _PATIENCE
        while True:
            if re.search(pattern, self.said if raw else self.painted):
                return self._latest - self.started
            if not self._read(given_up - perf_counter()):
                raise TimeoutError(f"{pattern!r} was not painted: {self.painted[-2000:]!r}")

    def answer(self, keys: str, quiet: Seconds = 0.2) -> Seconds:
        """How long until the last of what these keys bring to the screen was painted."""
        self.press(keys)
        if not self._read(_PATIENCE):
            raise TimeoutError(f"nothing was painted after {keys!r}")
        self.settle(quiet)
        return self._latest - self.started

    @property
    def painted(self) -> bytes:
        """What was written since the last key, without escape sequences."""
        return without_escapes(self.said)

    def settle(self, quiet: Seconds = 0.3) -> None:
        """Waits until nothing has been written for so long."""
        while self._read(quiet):
            pass

    def _read(self, wait: Seconds) -> bool:
        if not select.select([self._here], [], [], max(wait, 0))[0]:
            return False
        try:
            self.said += os.read(self._here, 1 << 16)
        except OSError:  # it has ended
            return False
        self._latest = perf_counter()
        return True

    def megabytes(self) -> float:
        """The memory that is resident now."""
        process = str(self._process.pid)
        asked = subprocess.run(
            ["ps", "-o", "rss=", "-p", process], capture_output=True, text=True, check=True
        )
        return int(asked.stdout) / 1024

    def worked(self) -> Seconds:
        """How long its threads, those that still run, have had a processor."""
        tasks = Path(f"/proc/{self._process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9

    def ended(self) -> int:
        """The exit status, once the program has ended by itself."""
        given_up = perf_counter() + _PATIENCE
        while self._process.poll() is None:
            if perf_counter() > given_up:
                raise TimeoutError(f"it has not ended: {self.painted[-2000:]!r}")
            self.settle(0.05)
        return self._process.returncode

    def close(self) -> None:
        """Ends the program."""
        self._process.send_signal(signal.SIGTERM)
        for _ in range(50):
            self.settle(0)
            if self._process.poll() is not None:
                break
            sleep(0.02)
        else:
            self._process.kill()
            self._process.wait()
        os.close(self._here)


def without_escapes(said: bytes) -> bytes:
    """The text that is painted by what was written, one piece after the other."""
    return _ESCAPES.sub(b"", said)


def environment(folder: Path) -> dict[str, str]:
    """That of a plain terminal, with modules compiled once, as where they are installed."""
    ours = ("VENUE_TUI_", "TEXTUAL", "XDG_", "LC_", "PYTHON", "COLUMNS", "LINES", "NO_COLOR")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {
        **kept,
        "HOME": str(folder),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "LANGUAGE": "",
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
    }
