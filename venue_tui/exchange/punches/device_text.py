"""The text files that punch clocks write to a memory stick, line by line.

ZKTeco's `attlog` has the time in the second or third field and numbers after it; the AGL, GLG and
AttLog kind has it in the last, under a header whose tabs often don't line up with the rows.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from models.values.problems import problem
from venue_tui.exchange.punches.punch import Collector, Punch, PunchKind, clean_number
from venue_tui.exchange.punches.time_parsing import Order, moment, order_of

HOLE = "\0"
"""What stands in the text for a run of NUL bytes."""

_STAMP = re.compile(r"\s*[0-9]{4}-[0-9]{2}-[0-9]{2} (?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}\s*")
_LIKE_A_STAMP = re.compile(r"[-0-9: ]{8,}")
_WHO = re.compile(r"\s*[0-9A-Za-z]+\s*")
_NUMBER = re.compile(r"\s*[0-9]+\s*")
_SLASHED = re.compile(r"\s*[0-9]{1,4}[-/][0-9]{1,2}[-/][0-9]{1,4}\s+[0-9]{1,2}:[0-9]{2}.*")
_LOOKED_AT = 200  # lines, from which the kind is told
_HALF_LINE = problem("", "half a line, or none of a punch")
_NO_SUCH_TIME = problem("at", "there is no such time")
_UNRECOGNISED = "0"


def device_kind(lines: Sequence[str]) -> PunchKind | None:
    """Which kind of a clock's text file these lines are, or None."""
    attlog = glog = 0
    for line in lines[:_LOOKED_AT]:
        fields = _fields(line.rpartition(HOLE)[2])
        if "EnNo" in (each.strip() for each in fields):
            return PunchKind.GLOG
        attlog += _attlog_time(fields) is not None
        glog += _is_glog(fields)
    if not attlog and not glog:
        return None
    return PunchKind.ATTLOG if attlog >= glog else PunchKind.GLOG


def read_attlog(lines: Sequence[str], collector: Collector) -> None:
    """Takes in ZKTeco's lines: number, perhaps a name, time, then two to eight small numbers, of
    which the first is the device where there are four. Whether somebody pressed in or out is not
    read: those keys are wrong in one punch of ten."""
    width = _usual_width(lines)
    for number, line, whole in _whole(lines, collector):
        fields = _fields(line)
        if not whole and len(fields[0]) != width:
            # Of 1583 a hole may have left 583, who is somebody else.
            collector.damage(number, _HALF_LINE, line)
            continue
        at = _attlog_time(fields)
        if at is None:
            stamped = any(_LIKE_A_STAMP.fullmatch(each) for each in fields[1:3])
            collector.damage(number, _NO_SUCH_TIME if stamped else _HALF_LINE, line)
            continue
        after = fields[at + 1 :]
        device = after[0].strip() if len(after) == 4 else ""
        name = fields[1].strip() if at == 2 else ""
        try:
            when = datetime.fromisoformat(fields[at].strip())
        except ValueError:
            collector.damage(number, _NO_SUCH_TIME, line)
            continue
        collector.punch(Punch(device, clean_number(fields[0]), name, when, number))


def read_glog(lines: Sequence[str], collector: Collector, order: Order | None) -> None:
    """Takes in lines whose third field is the number and whose last is the time. Their dates are
    month first unless a day above 12, or `order`, shows otherwise."""
    rows = []
    for number, line, _ in _whole(lines, collector):
        fields = _fields(line)
        if not line.lstrip().startswith("#") and "EnNo" not in (each.strip() for each in fields):
            rows.append((number, fields, line))
    order = order or order_of((fields[-1] for _, fields, _ in rows if _is_glog(fields)), "mdy")
    for number, fields, line in rows:
        if not _is_glog(fields):
            collector.damage(number, _HALF_LINE, line)
            continue
        who = clean_number(fields[2])
        if who.strip("0") == "":
            collector.file.unrecognised += 1
            continue
        try:
            when = moment(fields[-1], order).at
        except ValueError as error:
            collector.damage(number, problem("at", str(error)), line)
            continue
        name = "" if _NUMBER.fullmatch(fields[3]) and len(fields) < 7 else fields[3].strip()
        collector.punch(Punch(fields[1].strip(), who, name, when, number))


def _whole(lines: Sequence[str], collector: Collector) -> Iterator[tuple[int, str, bool]]:
    """Each line with anything in it, its number, and whether it certainly begins where it began.
    What stands before a hole is half a line; what comes after one may be."""
    for number, line in enumerate(lines, 1):
        before, hole, after = line.rpartition(HOLE)
        if before.strip(f"{HOLE} \t"):
            collector.damage(number, _HALF_LINE, before.replace(HOLE, " "))
        if after.strip():
            yield number, after, not hole


def _usual_width(lines: Sequence[str]) -> int:
    """How many characters most lines that no hole cut have before their first tab."""
    widths = Counter(line.find("\t") for line in lines if HOLE not in line)
    return max(widths, key=widths.__getitem__, default=0)


def _fields(line: str) -> list[str]:
    return line.rstrip("\t\r\n ").split("\t")


def _attlog_time(fields: Sequence[str]) -> int | None:
    """Which field of a line of attlog holds the time, or None where it is no such line."""
    for at in (1, 2):
        if (
            len(fields) > at + 2
            and _STAMP.fullmatch(fields[at])
            and _WHO.fullmatch(fields[0])
            and all(_NUMBER.fullmatch(each) for each in fields[at + 1 :])
        ):
            return at
    return None


def _is_glog(fields: Sequence[str]) -> bool:
    return (
        len(fields) >= 6
        and _NUMBER.fullmatch(fields[2]) is not None
        and _SLASHED.fullmatch(fields[-1]) is not None
    )
