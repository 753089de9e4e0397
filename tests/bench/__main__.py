"""`python -m tests.bench [files] [marks] [guests] [terminal] [history] [crowd] [browser] [--quick]`"""

import argparse
import os
import signal
import sys
from importlib import import_module
from tempfile import TemporaryDirectory
from types import ModuleType

PARTS = {
    "files": "import, judging, deductions, memory and start-up of commands",
    "marks": "what a mark costs, alone and among eight terminals",
    "guests": "a turn, whose a guest is, and a month of sales",
    "terminal": "start-up, marks, bytes and memory over a pseudo-terminal",
    "history": "the same work, start and memory after one closed month and after ten years of them",
    "crowd": "marks at eight and at twenty terminals, on a file and on a server, near and far",
    "browser": "what a tab of `serve` takes to open, at a key and of memory",
}


def part(name: str) -> ModuleType:
    """The module that measures a part; only the terminal's needs one to be measured."""
    return import_module(f"tests.bench.{name}")


def main() -> None:
    """Measures the parts that were asked for, or all."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description="Measures the program against plain ways of doing the same, side by side.",
        epilog="  ".join(f"{name}: {about}." for name, about in PARTS.items()),
    )
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="smaller, in less time")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # which closes what was started
    if unknown := set(arguments.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    with TemporaryDirectory(prefix="venue-tui-bench-") as kept:
        # What a terminal keeps of its venues isn't mixed with what is kept of these.
        os.environ |= {f"XDG_{what}_HOME": kept for what in ("STATE", "CONFIG", "DATA")}
        for name in arguments.parts or PARTS:
            measured = part(name)
            if arguments.quick:
                measured.measure_quickly()
            else:
                measured.measure()


if __name__ == "__main__":
    main()
