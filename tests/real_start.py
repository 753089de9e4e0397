"""One real start of the program that is installed: `python -m tests.real_start`.

Run it with a Python into whose environment the wheel was installed, in a folder without the
sources. The demo is started in a pseudo-terminal, one staffer is marked on the roll, and it is
left by its own key.
"""

import platform
import sqlite3
import sys
from contextlib import closing
from importlib.metadata import files, version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from tests.bench.pseudo_terminal import Terminal, environment

_QUIT = "\x11"  # ctrl+q


def _signs(database: Path) -> int:
    """How many signs the rolls hold."""
    with closing(sqlite3.connect(database)) as connection:
        sql = "SELECT count(*) FROM attendance WHERE arrived_at IS NOT NULL"
        return int(connection.execute(sql).fetchone()[0])


def main() -> None:
    for package in ("venue_tui", "models"):
        spec = find_spec(package)
        where = Path(spec.origin if spec and spec.origin else ".")
        assert where.resolve().is_relative_to(Path(sys.prefix).resolve()), (
            f"{package} is not what was installed: {where}"
        )
    shipped = {file.as_posix() for file in files("venue-tui") or ()}
    assert {"venue_tui/py.typed", "models/py.typed"} <= shipped, "types are not shipped"
    assert [file for file in shipped if file.endswith(".po")] == []
    program = Path(sys.executable).with_name("venue-tui")
    with TemporaryDirectory() as folder:
        environ = {**environment(Path(folder)), "TMPDIR": folder}
        terminal = Terminal(str(program), "demo", environ=environ)
        try:
            terminal.until(rb"\[1 ?Tonight\]")
            [database] = Path(folder).rglob("demo.db")
            before = _signs(database)
            terminal.press("2")
            terminal.until(rb"\[2 ?Roll\]")
            terminal.press(" ")
            given_up = monotonic() + 60
            while _signs(database) == before:
                assert monotonic() < given_up, "space on the roll recorded nothing"
                terminal.settle(0.1)
            assert _signs(database) == before + 1
            terminal.press(_QUIT)
            status = terminal.ended()
        finally:
            terminal.close()
    assert status == 0, f"it ended with exit status {status}"
    print(f"Python {platform.python_version()}, Textual {version('textual')}: installed from the "
          "wheel, started, a mark made, left")  # fmt: skip


if __name__ == "__main__":
    main()
