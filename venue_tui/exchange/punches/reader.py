"""Tells what kind of a file it is, by its content, and reads it."""

import codecs
import re
from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from models.values.datasets import plain
from models.values.problems import problem, refused
from venue_tui.exchange.punches.device_text import (
    HOLE,
    device_kind,
    read_attlog,
    read_glog,
)
from venue_tui.exchange.punches.grids import (
    PunchSheet,
    csv_sheet,
    is_markup,
    markup_sheet,
    workbook,
)
from venue_tui.exchange.punches.punch import AHEAD, Collector, Damage, PunchFile, PunchKind
from venue_tui.exchange.punches.tables import (
    is_card_grid,
    read_card_grid,
    read_table,
    recognise,
)
from venue_tui.exchange.punches.time_parsing import Order
from venue_tui.exchange.workbooks import is_workbook
from venue_tui.locale import N_

LARGEST = 32 * 2**20
"""Bytes of a file: ten years of a clock's memory, and less than a computer's."""
_MOST_LINES = 1_000_000
_MOST_HOLES = 10_000
_LONGEST_LINE = 1_000_000

_NULS = re.compile(b"\0+")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HEADER_WORDS = ("工号", "姓名", "打卡", "考勤", "日期", "时间", "部门")
_HEAD = 20_000  # characters, within which a header is
_NO_KIND = N_("no punches are found in it: it is of no kind of clock that is known")


def read_punches(
    data: bytes, now: datetime, order: Order | None = None, owner: str = ""
) -> PunchFile:
    """The punches in a file's bytes. `now` is the venue's wall clock, past which by a day no punch
    is believed; `order` tells apart day and month where the file doesn't; `owner` is whose number
    it is where a sheet of one person names none.

    What is damaged is counted and listed. Raises Refused only for a file of which nothing can be
    read at all.
    """
    if len(data) > LARGEST or data.count(b"\n") > _MOST_LINES:
        raise refused("file", "the file is too large to be one of a punch clock")
    latest = now + AHEAD
    if is_workbook(data):
        return _of_sheets(workbook(data), latest, order, owner)
    holes: list[Damage] = []
    if not data.startswith(_UTF_16):
        data, holes = _without_holes(data)
    text = _decoded(data)
    if is_markup(text):
        read = _of_sheets([markup_sheet(text.replace(HOLE, ""))], latest, order, owner)
    else:
        lines = text.splitlines()
        if max(map(len, lines), default=0) > _LONGEST_LINE:
            raise refused("file", _NO_KIND)
        kind = device_kind(lines)
        if kind is None:
            sheet = csv_sheet(text.replace(HOLE, ""), _may_hold_punches)
            read = _of_sheets([sheet], latest, order, owner)
        else:
            collector = Collector(kind, latest)
            if kind is PunchKind.ATTLOG:
                read_attlog(lines, collector)
            else:
                read_glog(lines, collector, order)
            read = collector.file
    read.nul_bytes = sum(int(dict(each.problem.values)["count"]) for each in holes)
    read.damage[:0] = holes
    read.damage.sort(key=lambda each: (each.sheet, each.line))
    return read


def _without_holes(data: bytes) -> tuple[bytes, list[Damage]]:
    """The bytes with every run of NULs, which a memory stick leaves where it lost data, as one;
    and where those runs were."""
    holes = [
        Damage(
            data.count(b"\n", 0, match.start()) + 1,
            problem("", "a hole of %(count)s NUL bytes in the file", count=len(match[0])),
        )
        for match in islice(_NULS.finditer(data), _MOST_HOLES)
    ]
    if len(holes) == _MOST_HOLES:  # it is no text
        raise refused("file", _NO_KIND)
    return _NULS.sub(b"\0", data) if holes else data, holes


def _decoded(data: bytes) -> str:
    """The text of the bytes. What decodes as GB18030 may be Big5 or Latin-1 all the same: words
    that a header must have, and how common its characters are, tell them apart."""
    if data.startswith(_UTF_16):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    for encoding in ("gb18030", "big5hkscs"):
        text = data.decode(encoding, "replace")
        head = plain(text[:_HEAD])
        if any(word in head for word in _HEADER_WORDS):
            return text
    text = data.decode("gb18030", "replace")
    foreign = [char for char in text if not char.isascii()]
    everyday = sum(_is_everyday(char) for char in foreign)
    return text if everyday * 2 > len(foreign) else data.decode("cp1252", "replace")


def _is_everyday(char: str) -> bool:
    """Whether it is one of the 3,755 common characters of GB 2312's first level."""
    try:
        return b"\xb0\xa1" <= char.encode("gb2312") <= b"\xd7\xf9"
    except UnicodeEncodeError:
        return False


def _may_hold_punches(head: PunchSheet) -> bool:
    """Whether a text whose first rows are those needs to be read on."""
    return recognise(head) is not None or is_card_grid(head)


def _of_sheets(
    sheets: Iterable[PunchSheet], latest: datetime, order: Order | None, owner: str
) -> PunchFile:
    """The punches of every sheet that holds any; what two sheets both say, once."""
    read: Collector | None = None
    passed_over = []
    for sheet in sheets:
        found = recognise(sheet)
        grid = found is None and is_card_grid(sheet)
        if found is None and not grid:
            passed_over.append(sheet.name)
            continue
        if read is None:
            read = Collector(found.layout.kind if found else PunchKind.CARD_GRID, latest)
        if found:
            read_table(sheet, found, read, order, owner)
        else:
            read_card_grid(sheet, read)
    if read is None:
        raise refused("file", _NO_KIND)
    read.file.passed_over = [name for name in passed_over if name]
    return read.file
