"""One real start of the program that is installed: `python -m tests.real_start`.

Run it with a Python into whose environment the wheel was installed, in a folder without the
sources. The demo is started in a pseudo-terminal, one staffer is marked on the roll, and it is
left by its own key.
"""

import platform
import sys
from importlib.metadata import files, version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.pseudo_terminal import Terminal, environment

_QUIT = "\x11"  # ctrl+q


def main() -> None:
    for package in ("venue_tui", "models"):
        spec = find_spec(package)
        where = Path(spec.origin if spec and spec.origin else ".")
        assert where.is_relative_to(sys.prefix), f"{package} is not what was installed: {where}"
    shipped = {file.as_posix() for file in files("venue-tui") or ()}
    assert {"venue_tui/py.typed", "models/py.typed"} <= shipped, "types are not shipped"
    assert [file for file in shipped if file.endswith(".po")] == []
    program = Path(sys.executable).with_name("venue-tui")
    with TemporaryDirectory() as folder:
        terminal = Terminal(str(program), "demo", environ=environment(Path(folder)))
        try:
            terminal.until(rb"Approve")
            terminal.press("2")
            terminal.until(rb"unmarked \d+")
            terminal.press(" ")
            terminal.until(rb"present 1\b")
            terminal.press(_QUIT)
            status = terminal.ended()
        finally:
            terminal.close()
    assert status == 0, f"it ended with exit status {status}"
    print(f"Python {platform.python_version()}, Textual {version('textual')}: installed from the "
          "wheel, started, a mark made, left")  # fmt: skip


if __name__ == "__main__":
    main()
