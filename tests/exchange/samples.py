"""What the tests of files share: a calendar, troublesome strings, and how to look at a report."""

import json
import os
from collections.abc import Callable, Collection
from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo

from models.values.nights import Calendar
from venue_tui.exchange.imports import AS_IT_IS, How, read
from venue_tui.exchange.read_table import ReadTable

DATA = Path(__file__).parent.parent / "data"
CALENDAR = Calendar(ZoneInfo("Asia/Shanghai"), [(date.min, time(12))])
NAUGHTY: list[str] = json.loads((DATA / "blns.json").read_text(encoding="utf-8"))
PAYLOADS = (DATA / "csv_injection_payloads.txt").read_text(encoding="utf-8").splitlines()
EDGE_NAMES = (DATA / "edge_names.txt").read_text(encoding="utf-8").splitlines()

Read = Callable[..., ReadTable]


def read_dataset(
    path: Path, calendar: Calendar = CALENDAR, how: How = AS_IT_IS, names: Collection[str] = ()
) -> ReadTable:
    """The table of a single file."""
    return read([path], calendar, how=how, names=lambda: names).tables[0]


def problems(table: ReadTable) -> list[str]:
    """What is wrong with a table, without the folder that it lies in."""
    return [line.removeprefix(f"{table.path.parent}{os.sep}") for line in table.report()]
