"""The dates and times that attendance files write, of which every maker has its own.

All functions raise ValueError, with a sentence for people, for what can't be read, and never
guess between the day and the month.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple
from unicodedata import normalize

from venue_tui.locale import N_

Cell = str | float | datetime | date | time | timedelta | bool
"""What a spreadsheet's cell gives; a text file's cells are all str."""

Order = Literal["ymd", "mdy", "dmy"]
"""In which order a date is written whose year doesn't come first with four digits."""

_DATE = r"(?P<a>[0-9]{1,4})\s*[-/.年]\s*(?P<b>[0-9]{1,2})\s*[-/.月]\s*(?P<c>[0-9]{1,4})\s*日?"
_CLOCK = (
    r"(?P<half>上午|下午)?\s*(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:\.[0-9]+)?)?\s*(?P<ampm>[AaPp]\.?[Mm]\.?)?"
)
_WEEKDAY = r"(?:\s*\(?(?:星期|周|週)[一二三四五六日天]\)?)?"
_NOTE = r"\s*(?:\((?P<note>[^()]*)\))?"
_MOMENT = re.compile(rf"{_DATE}{_WEEKDAY}[\sT]*{_CLOCK}{_NOTE}")
_DAY = re.compile(rf"{_DATE}{_WEEKDAY}(?:[\sT]*0?0:00(?::00)?)?")
_TIME = re.compile(rf"(?P<day>次日|翌日)?\s*{_CLOCK}{_NOTE}")
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_EPOCH = datetime(1899, 12, 30)  # of Excel's serial numbers
_DAYS = range(36_526, 73_050)  # 2000 to 2099, as serial numbers
_NO_TIME = N_("there is no time in it that can be read")


class Moment(NamedTuple):
    """A wall time, and what stood beside it in brackets."""

    at: datetime
    note: str = ""


def moment(cell: Cell, order: Order | None = None) -> Moment:
    """The date and time of a cell."""
    if isinstance(cell, datetime):
        return Moment(_to_second(cell))
    if isinstance(cell, bool) or not isinstance(cell, str | float | int):
        raise ValueError(_NO_TIME)
    if isinstance(cell, float | int):
        return Moment(_of_serial(float(cell)))
    text = normalize("NFKC", cell).strip()
    if _SERIAL.fullmatch(text):
        return Moment(_of_serial(float(text)))
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise ValueError(_NO_TIME)
    clock = _clock(match)
    return Moment(datetime.combine(_date(match, order), clock), (match["note"] or "").strip())


def day(cell: Cell, order: Order | None = None) -> date:
    """The date of a cell."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, bool) or not isinstance(cell, str | float | int):
        raise ValueError("there is no date in it that can be read")
    if isinstance(cell, float | int):
        return _of_serial(float(cell)).date()
    text = normalize("NFKC", cell).strip()
    if _SERIAL.fullmatch(text):
        return _of_serial(float(text)).date()
    match = _DAY.fullmatch(text)
    if match is None:
        raise ValueError("there is no date in it that can be read")
    return _date(match, order)


def times(cell: Cell, on: date) -> list[Moment]:
    """Every time in a cell of the day `on`, `次日` ones on the day after; none in a blank one."""
    if isinstance(cell, datetime):
        if cell.date() <= _EPOCH.date() + timedelta(
            days=1
        ):  # a bare time, as some programs save it
            return [Moment(datetime.combine(on, _to_second(cell).time()))]
        return [Moment(_to_second(cell))]
    if isinstance(cell, time):
        return [Moment(_to_second(datetime.combine(on, cell)))]
    if isinstance(cell, timedelta):
        return [_after_midnight(on, cell.total_seconds())]
    if isinstance(cell, bool | date):
        raise ValueError(_NO_TIME)
    if isinstance(cell, float | int):
        if not 0 <= cell < 2:
            raise ValueError(_NO_TIME)
        return [_after_midnight(on, cell * 86_400)]
    found, end = [], 0
    text = normalize("NFKC", cell)
    for match in _TIME.finditer(text):
        if text[end : match.start()].strip(" \t\r\n,;、/"):
            raise ValueError(_NO_TIME)
        after = timedelta(days=1 if match["day"] else 0)
        note = (match["note"] or "").strip()
        found.append(Moment(datetime.combine(on + after, _clock(match)), note))
        end = match.end()
    if text[end:].strip(" \t\r\n,;、/"):
        raise ValueError(_NO_TIME)
    return found


def order_of(texts: Iterable[str], default: Order | None) -> Order | None:
    """In which order a column writes its dates: what a day above 12 shows, else `default`. Where
    some show the one and some the other, None: each then speaks for itself."""
    day_first = month_first = False
    for text in texts:
        match = re.match(_DATE, normalize("NFKC", text).strip())
        if match is None or len(match["a"]) == 4:
            continue
        first, second = int(match["a"]), int(match["b"])
        if len(match["c"]) == 4 or default != "ymd":
            day_first |= 12 < first <= 31
            month_first |= 12 < second <= 31
    if day_first and month_first:
        return None
    return "dmy" if day_first else "mdy" if month_first else default


def _date(match: re.Match[str], order: Order | None) -> date:
    a, b, c = match["a"], match["b"], match["c"]
    if len(a) == 4:
        order = "ymd"
    elif order == "ymd" and len(c) == 4:
        order = None
    if order is None:
        if int(a) <= 12 and int(b) <= 12 and a != b:
            raise ValueError("day and month can't be told apart: say which of them comes first")
        order = "dmy" if int(a) > 12 else "mdy"
    year, month, of_month = {"ymd": (a, b, c), "mdy": (c, a, b), "dmy": (c, b, a)}[order]
    if len(year) not in (2, 4) or len(of_month) > 2:
        raise ValueError("there is no such date")
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(of_month))
    except ValueError:
        raise ValueError("there is no such date") from None


def _clock(match: re.Match[str]) -> time:
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    ampm = (match["ampm"] or "").replace(".", "").lower()
    half = {"上午": "am", "下午": "pm"}.get(match["half"] or "", ampm)
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return time(hour, minute, second)
    except ValueError:
        raise ValueError("there is no such time") from None


def _after_midnight(on: date, seconds: float) -> Moment:
    return Moment(datetime.combine(on, time()) + timedelta(seconds=round(seconds)))


def _of_serial(serial: float) -> datetime:
    if int(serial) not in _DAYS:
        raise ValueError(_NO_TIME)
    return _EPOCH + timedelta(seconds=round(serial * 86_400))


def _to_second(at: datetime) -> datetime:
    """To the nearest second, of which a spreadsheet's fraction of a day falls short."""
    return (at + timedelta(microseconds=500_000)).replace(microsecond=0, tzinfo=None)
