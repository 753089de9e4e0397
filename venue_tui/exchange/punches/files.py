"""Punch files from the disk, ready to be taken in; and a folder that is watched for them."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from models.operations import clocks
from models.operations.punches import Told
from models.values.files import NotRegular, TooLarge, regular_bytes
from models.values.problems import Problem, Refused, problem
from models.values.text import name_problem
from venue_tui.exchange.punches.punch import Damage, PunchFile, PunchKind
from venue_tui.exchange.punches.reader import LARGEST, read_punches
from venue_tui.exchange.punches.time_parsing import Order

_CLOCKS = {
    PunchKind.ATTLOG: "attlog",
    PunchKind.GLOG: "glog",
    PunchKind.ZKTIME: "zktime",
    PunchKind.HIKVISION: "hikvision",
    PunchKind.DINGTALK_DAILY: "dingtalk",
    PunchKind.DINGTALK_RAW: "dingtalk",
    PunchKind.WECOM_DAILY: "wecom",
    PunchKind.CARD_GRID: "cards",
    PunchKind.ROWS: "rows",
    PunchKind.DAY_ROWS: "rows",
    PunchKind.PULLED: "tcp",
}
"""What a clock is called that nobody named. Never after the file: the next one is called another
way, and the clock's numbers would be strangers again."""


@dataclass
class PunchFiles:
    """What was read from files: the punches, what each file held, and what couldn't be read."""

    punches: list[Told] = field(default_factory=list)
    read: list[tuple[Path, PunchFile]] = field(default_factory=list)
    problems: list[tuple[Path, Problem]] = field(default_factory=list)
    sha256: str = ""


def read_files(
    paths: Iterable[Path],
    now: datetime,
    clock: str | None = None,
    order: Order | None = None,
    owner: str = "",
) -> PunchFiles:
    """Reads punch files, and every file in the folders among them. `now` is the venue's wall clock;
    for `order` and `owner` see `read_punches`. Raises Refused for what can't be a clock's name."""
    if clock is not None:
        clocks.check_name(clock)
    found = PunchFiles()
    digest = hashlib.sha256()
    for path in files_of(paths):
        try:
            data = regular_bytes(path, LARGEST)
            read = read_punches(data, now, order, owner)
        except TooLarge:
            why = problem("file", "the file is too large to be one of a punch clock")
            found.problems.append((path, why))
            continue
        except NotRegular:
            why = problem("file", "it is a pipe or a device, not a file")
            found.problems.append((path, why))
            continue
        except OSError as error:
            why = problem("file", "can't be read: %(why)s", why=error.strerror)
            found.problems.append((path, why))
            continue
        except Refused as refusal:
            found.problems += [(path, each) for each in refusal.problems]
            continue
        digest.update(data)
        found.read.append((path, read))
        found.punches += _told(read, clock)
    found.sha256 = digest.hexdigest() if found.read else ""
    return found


def from_clock(read: PunchFile, where: str, clock: str) -> PunchFiles:
    """What was pulled from a clock or pushed by it, as if it had come in a file of that name."""
    clocks.check_name(clock)
    return PunchFiles(_told(read, clock), [(Path(where), read)])


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The files among the paths, and those in the folders among them; no hidden ones."""
    found = []
    for path in paths:
        if path.is_dir():
            inside = (each for each in path.iterdir() if each.is_file())
            found += sorted(each for each in inside if not each.name.startswith((".", "~$")))
        else:
            found.append(path)
    return found


def _told(read: PunchFile, clock: str | None) -> list[Told]:
    """The punches as they are taken in. A number that can't be kept as text is damage."""
    told = []
    for punch in read.punches:
        wrong = name_problem(punch.number, "number") or (
            name_problem(punch.name, "name") if punch.name else None
        )
        if wrong is not None:
            read.damage.append(Damage(punch.line, wrong, punch.number[:80]))
            continue
        kind = _CLOCKS[read.kind]
        named = clock or (f"{kind}-{punch.clock}" if punch.clock else kind)
        told.append(Told(named, punch.number, punch.name, punch.at, punch.note))
    return told


class _State(NamedTuple):
    modified: int
    size: int


class WatchedFolder:
    """A folder into which clocks, or people, put their files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen: dict[Path, _State] = {}
        self._taken: dict[Path, _State] = {}

    def ready(self) -> list[Path]:
        """The files that are new or changed, and that nobody is writing to any more: those that are
        as they were when this was asked last. Raises OSError where the folder is gone."""
        states: dict[Path, _State] = {}
        for path in files_of([self.folder]) if self.folder.is_dir() else self.folder.iterdir():
            try:
                status = path.stat()
            except OSError:
                continue  # it was moved away meanwhile
            states[path] = _State(status.st_mtime_ns, status.st_size)
        still = [path for path, state in states.items() if self._seen.get(path) == state]
        self._seen = states
        return [path for path in still if self._taken.get(path) != states[path]]

    def done(self, path: Path) -> None:
        """Says that a file needs no second look until it changes."""
        if path in self._seen:
            self._taken[path] = self._seen[path]
