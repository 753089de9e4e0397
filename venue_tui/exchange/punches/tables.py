"""Attendance programs' tables: a header somewhere in the first rows, then a row per punch or day.

Columns are found by their words, never by their place: programs add columns with each version.
The words stand here as `plain` gives them: in lower case, in simplified characters.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from models.values.datasets import plain
from models.values.problems import problem
from venue_tui.exchange.punches.grids import PunchSheet, text_of
from venue_tui.exchange.punches.punch import Collector, Punch, PunchKind, clean_number
from venue_tui.exchange.punches.time_parsing import Cell, Order, day, moment, order_of, times
from venue_tui.exchange.spreadsheet_safety import NOT_WORKED_OUT, UNSAVED_FORMULA

_FOOTERS = ("合计", "总计", "小计", "制表", "total", "grand total")
_BLANKS = ("", "-", "--", "/", "none", "缺卡", "未打卡", "请假", "休息", "旷工", "无")
_HEADER_WITHIN = 12  # rows
_NUMBERS = (
    "工号", "员工编号", "员工工号", "人员编号", "职员代码", "考勤号码", "登记号码", "考勤号",
    "编号", "employee", "employee id", "person id", "no.", "ac-no.", "user id", "userid", "emp no",
    "pin",
)  # fmt: skip
_NAMES = ("姓名", "员工姓名", "人员姓名", "name", "employee name", "名称")
_MOMENTS = (
    "打卡时间", "刷卡时间", "签到时间", "考勤时间", "日期时间", "date/time", "datetime",
    "punch time", "time", "时间",
)  # fmt: skip
_DAYS = ("日期", "考勤日期", "打卡日期", "date")
_STARTS = ("上班时间", "上班打卡时间", "签到", "first in", "clock in", "最早")
_ENDS = ("下班时间", "下班打卡时间", "签退", "last out", "clock out", "最晚")
_HALVES = tuple(f"{half}{turn}打卡时间" for turn in (1, 2, 3) for half in ("上班", "下班"))
_NO_NUMBER = problem(
    "number",
    "there is no number of a person in the row; where the sheet is one person's, say whose with"
    " %(option)s",
    option="--number",
)
_FORMULA = problem("at", UNSAVED_FORMULA)
_PUT_IN_LATER = "补卡"


class Layout(NamedTuple):
    """How a kind of table is recognised and read. `marks` are headers that only it has. A row has
    the time in `moment`, or on the day in `day` the times in `times`."""

    kind: PunchKind
    marks: tuple[str, ...]
    numbers: tuple[str, ...]
    names: tuple[str, ...] = _NAMES
    moment: tuple[str, ...] = ()
    day: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    order: Order | None = None


LAYOUTS = (
    Layout(
        PunchKind.DINGTALK_DAILY, ("上班1打卡时间", "日期"), ("工号", "userid"),
        day=("日期",), times=_HALVES, order="ymd",
    ),
    Layout(
        PunchKind.DINGTALK_RAW, ("考勤日期", "打卡时间", "打卡结果"), ("工号", "userid"),
        moment=("打卡时间",), order="ymd",
    ),
    Layout(
        PunchKind.WECOM_DAILY, ("打卡时间记录", "账号"), ("工号", "账号"),
        day=("时间",), times=("打卡时间记录",),
    ),
    Layout(
        PunchKind.HIKVISION, ("person id", "time", "attendance status"), ("person id",),
        moment=("time",),
    ),
    Layout(PunchKind.ZKTIME, ("no.", "date/time"), ("no.",), moment=("date/time",), order="dmy"),
)  # fmt: skip


class FoundTable(NamedTuple):
    """A layout, the row number of its header, and where its columns are."""

    layout: Layout
    header: int
    at: dict[str, int]

    def first(self, names: Sequence[str]) -> int | None:
        """The place of the first of these columns that the table has."""
        return next((self.at[name] for name in names if name in self.at), None)


def recognise(sheet: PunchSheet) -> FoundTable | None:
    """The layout of a sheet, or None where it is no table of punches."""
    found: FoundTable | None = None
    for place, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
        at: dict[str, int] = {}
        for column, cell in enumerate(row):
            at.setdefault(_said(cell), column)
        layout = found.layout if found else None
        for each in (layout,) if layout else LAYOUTS:
            if each is not None and all(mark in at for mark in each.marks):
                found = FoundTable(each, place, at)
                break
        else:
            if found:
                return found
            if (general := _general(at)) is not None:
                return FoundTable(general, place, at)
    return found


def _general(at: dict[str, int]) -> Layout | None:
    """The layout of a table of which only the usual words are known."""
    if any(name in at for name in _DAYS) and any(name in at for name in _STARTS):
        return Layout(PunchKind.DAY_ROWS, (), _NUMBERS, day=_DAYS, times=_STARTS + _ENDS)
    if any(name in at for name in _NUMBERS) and any(name in at for name in _MOMENTS):
        return Layout(PunchKind.ROWS, (), _NUMBERS, moment=_MOMENTS)
    return None


def read_table(
    sheet: PunchSheet, found: FoundTable, collector: Collector, order: Order | None, owner: str
) -> None:
    """Takes in a table's rows. `owner` is whose number a sheet has that says none."""
    layout = found.layout
    number_at, name_at = found.first(layout.numbers), found.first(layout.names)
    when_at = found.first(layout.moment or layout.day)
    assert when_at is not None, "a layout is recognised by the column of its times"
    times_at = [found.at[name] for name in layout.times if name in found.at]
    results_at = [
        found.at.get(name.replace("时间", "结果")) for name in layout.times if name in found.at
    ]
    rows = list(_rows(sheet, found.header + 1))
    whens = [text for _, row in rows if isinstance(text := _cell(row, when_at), str)]
    order = order or order_of(whens, layout.order)
    for line, row in rows:
        number = owner if number_at is None else clean_number(text_of(_cell(row, number_at)))
        if not number and "userid" in found.at:
            number = clean_number(text_of(_cell(row, found.at["userid"])))
        name = "" if name_at is None else text_of(_cell(row, name_at))
        cells = [_cell(row, at) for at in times_at]
        results = [text_of(_cell(row, at)) if at else "" for at in results_at]
        when = _cell(row, when_at)
        if _is_footer(row):
            continue
        if _said(when) in _BLANKS or (times_at and all(_said(c) in _BLANKS for c in cells)):
            continue
        if NOT_WORKED_OUT in row:
            collector.damage(line, _FORMULA, _text(row), sheet.name)
            continue
        if not number:
            collector.damage(line, _NO_NUMBER, _text(row), sheet.name)
            continue
        try:
            told = [moment(when, order)] if layout.moment else []
            on = None if layout.moment else day(when, order)
        except ValueError as error:
            collector.damage(line, problem("at", str(error)), _text(row), sheet.name)
            continue
        for cell, result in zip(cells, results, strict=True):
            if on is None or _said(cell) in _BLANKS:
                continue
            later = result if _PUT_IN_LATER in plain(result) else ""
            try:
                told += [each._replace(note=each.note or later) for each in times(cell, on)]
            except ValueError as error:
                collector.damage(line, problem("at", str(error)), text_of(cell), sheet.name)
        for at, note in told:
            collector.punch(Punch("", number, name, at, line, note), sheet.name)


def is_card_grid(sheet: PunchSheet) -> bool:
    """Whether a sheet is the grid of a cheap clock: a person, then a row with a cell for a day."""
    return any(_word(row[0]) == "工号" for row in sheet.rows if len(row) > 2)


def read_card_grid(sheet: PunchSheet, collector: Collector) -> None:
    """Takes in such a grid. A cell holds its day's times one below the other; one earlier than the
    one above it is of the morning after."""
    days: list[date | None] = []
    period: tuple[date, date] | None = None
    who: tuple[str, str] | None = None
    for line, row in enumerate(sheet.rows, 1):
        words = [_word(cell) for cell in row]
        if words and words[0] == "工号":
            who = (
                clean_number(_after(row, words, "工号")),
                _after(row, words, "姓名"),
            )
        elif any(word in ("考勤日期", "统计日期") for word in words):
            period = _period(row)
        elif _is_days(row):
            days = _dates(row, period)
            who = None
        elif who is not None:
            _read_days(sheet.name, line, row, who, days, collector)
            who = None


def _read_days(
    sheet: str,
    line: int,
    row: Sequence[Cell],
    who: tuple[str, str],
    days: Sequence[date | None],
    collector: Collector,
) -> None:
    number, name = who
    for column, cell in enumerate(row):
        text = text_of(cell)
        if _said(cell) in _BLANKS:
            continue
        on = days[column] if column < len(days) else None
        if on is None or not number:
            found = _NO_NUMBER if on else problem("at", "there is no day above the times")
            collector.damage(line, found, text, sheet)
            continue
        try:
            told = times(cell, on)
        except ValueError as error:
            collector.damage(line, problem("at", str(error)), text, sheet)
            continue
        before: datetime | None = None
        after = timedelta()
        for at, note in told:
            if before is not None and at < before:
                after = timedelta(days=1)
            before = at
            collector.punch(Punch("", number, name, at + after, line, note), sheet)


def _word(cell: Cell) -> str:
    return _said(cell).rstrip(":： ").replace(" ", "")


def _after(row: Sequence[Cell], words: Sequence[str], label: str) -> str:
    """The next cell with anything in it after a label."""
    for column, word in enumerate(words):
        if word == label:
            return next((text_of(cell) for cell in row[column + 1 :] if text_of(cell)), "")
    return ""


def _period(row: Sequence[Cell]) -> tuple[date, date] | None:
    parts = [part for cell in row for part in text_of(cell).replace("～", "~").split("~")]
    found = []
    for part in parts:
        try:
            found.append(day(part))
        except ValueError:
            continue
    return (found[0], found[-1]) if found else None


def _is_days(row: Sequence[Cell]) -> bool:
    texts = [text for cell in row if (text := text_of(cell))]
    return len(texts) >= 5 and all(text.isdigit() and 1 <= int(text) <= 31 for text in texts)


def _dates(row: Sequence[Cell], period: tuple[date, date] | None) -> list[date | None]:
    """The date of each day's column: the first of that day within the period."""
    if period is None:
        return []
    first, last = period
    span = [first + timedelta(days=after) for after in range(min((last - first).days, 62) + 1)]
    return [next((on for on in span if text_of(cell) == str(on.day)), None) for cell in row]


def _rows(sheet: PunchSheet, since: int) -> Iterator[tuple[int, list[Cell]]]:
    for place in range(since, len(sheet.rows)):
        row = sheet.rows[place]
        if any(text_of(cell) for cell in row):
            yield place + 1, row


def _cell(row: Sequence[Cell], at: int) -> Cell:
    return row[at] if at < len(row) else ""


def _is_footer(row: Sequence[Cell]) -> bool:
    first = next((text for cell in row if (text := _said(cell))), "")
    return first.startswith(_FOOTERS)


def _said(cell: Cell) -> str:
    """A cell's text as headers and words of lists are compared."""
    return plain(text_of(cell))


def _text(row: Sequence[Cell]) -> str:
    return " ".join(text for cell in row if (text := text_of(cell)))
