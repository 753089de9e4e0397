"""What is read from a punch clock's file: the punches, and what of it can't be read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from models.values.problems import Problem, problem
from models.values.text import bare_number
from venue_tui.locale import N_

EARLIEST = datetime(2010, 1, 1)
"""A clock whose battery died counts on from 1971 or 2000."""
AHEAD = timedelta(days=1)
"""How far a clock may run ahead of ours: another zone, or a date set wrong by one."""
ONE_PRESS = timedelta(seconds=60)
"""Within it, somebody who punches again only wasn't sure: 3 to 11 in 100 punches are such."""


class PunchKind(Enum):
    """The kinds of files that are read, told by their content; the value is said to people."""

    ATTLOG = N_("ZKTeco attlog")
    GLOG = N_("AGL, GLG or AttLog text")
    ZKTIME = N_("ZKTime records")
    HIKVISION = N_("Hikvision original records")
    DINGTALK_DAILY = N_("DingTalk daily summary")
    DINGTALK_RAW = N_("DingTalk raw records")
    WECOM_DAILY = N_("WeCom daily sheet")
    CARD_GRID = N_("card record grid (员工刷卡记录表)")
    ROWS = N_("a row per punch")
    DAY_ROWS = N_("a row per day")
    PULLED = N_("ZKTeco over TCP")


class Punch(NamedTuple):
    """One punch as the clock tells it.

    `clock` is the device's own name for itself, `number` who punched as the file writes it, `at`
    the clock's wall time, `line` the line or row of the file; `note` is what the file says besides
    the time, such as 补卡 (put in later).
    """

    clock: str
    number: str
    name: str
    at: datetime
    line: int
    note: str = ""

    @property
    def key(self) -> str:
        """The number for comparing: clocks pad the same number with zeros or spaces or don't."""
        return bare_number(self.number)


class Damage(NamedTuple):
    """What couldn't be read, where, and the text that stood there."""

    line: int
    problem: Problem
    text: str = ""
    sheet: str = ""


@dataclass
class PunchFile:
    """All that is read from a file. `repeated` rows said what another row had said; `unrecognised`
    are fingers that the clock didn't know; `nul_bytes` lay where the memory stick lost data."""

    kind: PunchKind
    punches: list[Punch] = field(default_factory=list)
    damage: list[Damage] = field(default_factory=list)
    repeated: int = 0
    unrecognised: int = 0
    nul_bytes: int = 0
    passed_over: list[str] = field(default_factory=list)
    """Sheets that hold no punches."""


class Collector:
    """Gathers a file's punches: each once, and only such as can have happened."""

    def __init__(self, kind: PunchKind, latest: datetime) -> None:
        self.file = PunchFile(kind)
        self._latest = latest
        self._seen: set[tuple[str, str, datetime]] = set()

    def punch(self, punch: Punch, sheet: str = "") -> None:
        """Takes a punch, or notes why it can't have happened."""
        if not EARLIEST <= punch.at <= self._latest:
            told = punch.at.isoformat(" ")
            self.damage(
                punch.line,
                problem("at", "the clock was wrong: it says %(time)s", time=told),
                told,
                sheet,
            )
            return
        key = (punch.clock, punch.key, punch.at)
        if key in self._seen:
            self.file.repeated += 1
            return
        self._seen.add(key)
        self.file.punches.append(punch)

    def damage(self, line: int, found: Problem, text: str = "", sheet: str = "") -> None:
        """Notes what couldn't be read."""
        self.file.damage.append(Damage(line, found, text[:80], sheet))


def clean_number(text: str) -> str:
    """Who punched, as the file writes it, without the padding, the apostrophe and the `.0` that
    programs put around a number to keep it, or fail to keep it, a text."""
    text = text.strip().lstrip("'‘’").strip()
    whole, point, rest = text.partition(".")
    return whole if point and whole.isdigit() and not rest.strip("0") else text


def presses(punches: Iterable[Punch]) -> Iterator[Punch]:
    """The punches in order of time, those that somebody made again within a minute left out."""
    last: dict[tuple[str, str], datetime] = {}
    for punch in sorted(punches, key=lambda each: (each.at, each.clock, each.key)):
        who = (punch.clock, punch.key)
        if who in last and punch.at - last[who] < ONE_PRESS:
            continue
        last[who] = punch.at
        yield punch
