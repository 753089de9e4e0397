"""A venue's file spoiled at random as bad disks, broken copies and curious people spoil it, and
worked with: every command ends in a sentence, and none calls it unforeseen."""

import random
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path

from models.storage.database import close_database
from venue_tui.cli import run
from venue_tui.demo.venue import make_demo

_PAGE = 4096
_COMMANDS = (
    "check",
    "export deductions --month 2026-11",
    "explain 0001 2026-11",
    "audit --last 5",
    "export roll --month 2026-11",
    "waive 0001 2026-11-09 absence roll --reason x --by D02",
    "backup {copy}",
    "venue show",
    "close night 2026-11-29",
    "separations list 2026-11",
    "export turns --month 2026-11",
    "accounts list",
)


class SpoiledDatabases:
    """The demo's venue, spoiled again and again in `folder`."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._file, self._copy = folder / "spoiled.db", folder / "copy.db"
        self._random = random.Random(seed)
        (folder / "sound").mkdir()
        make_demo(folder / "sound", ticking=False)
        close_database()
        self._whole = (folder / "sound" / "demo.db").read_bytes()

    def work_with(self, count: int) -> Counter[str]:
        """How often a command ended how: `done`, `refused`, or `damaged`, a refusal that says so.
        Raises AssertionError where one ends otherwise."""
        seen: Counter[str] = Counter()
        for i in range(count):
            for file in (self._file, self._copy):
                for suffix in ("", "-wal", "-shm", "-journal"):
                    file.with_name(file.name + suffix).unlink(missing_ok=True)
            self._file.write_bytes(self._spoiled())
            command = _COMMANDS[i % len(_COMMANDS)].format(copy=self._copy)
            status, said = self._run(command)
            assert "unforeseen" not in said, (command, said)
            assert "Traceback" not in said, (command, said)
            assert status in (0, 1), (command, status, said)
            assert said or not status, command
            seen["done" if not status else "damaged" if "damaged" in said else "refused"] += 1
        return seen

    def _run(self, command: str) -> tuple[int, str]:
        with TextIOWrapper(BytesIO(), "utf-8") as out, TextIOWrapper(BytesIO(), "utf-8") as said:
            with redirect_stdout(out), redirect_stderr(said):
                status = run(["--database", f"sqlite:///{self._file}", *command.split()])
            close_database()
            said.seek(0)
            return status, said.read()

    def _spoiled(self) -> bytes:
        """The file cut off, with bytes changed, a page of nothing, a page of another place, a
        stretch of noise, or a spoiled head."""
        some, spoiled = self._random, bytearray(self._whole)
        pages = len(spoiled) // _PAGE
        match some.randrange(6):
            case 0:
                del spoiled[some.randrange(len(spoiled)) :]
            case 1:
                for _ in range(some.choice((1, 3, 20, 200))):
                    spoiled[some.randrange(len(spoiled))] = some.randrange(256)
            case 2:
                at = some.randrange(pages) * _PAGE
                spoiled[at : at + _PAGE] = bytes(_PAGE)
            case 3:
                at, other = some.randrange(pages) * _PAGE, some.randrange(pages) * _PAGE
                spoiled[at : at + _PAGE] = spoiled[other : other + _PAGE]
            case 4:
                at, length = some.randrange(len(spoiled)), some.randrange(1, 3000)
                spoiled[at : at + length] = some.randbytes(length)
            case _:
                for _ in range(some.choice((1, 5))):
                    spoiled[some.randrange(100)] = some.randrange(256)
        return bytes(spoiled)
