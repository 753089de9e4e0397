"""What the cells of a column mean, each distinct text worked out once."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from models.values.datasets import SOURCES, CellKind, FileColumn, choice_of
from models.values.money import parse_money
from models.values.nights import Calendar, Instant
from models.values.problems import Problem, Refused, problem, refused
from models.values.text import key_problem, name_problem, note_problem
from venue_tui.exchange.dates import Dates
from venue_tui.exchange.spreadsheet_safety import NOT_WORKED_OUT, UNSAVED_FORMULA, unguard

_BROKEN = re.compile("[\ud800-\udfff]")  # how bytes that are not UTF-8 are read
_COUNT = re.compile("[0-9]{1,9}")
_CLOCK = {f"T{at // 60:02d}:{at % 60:02d}": at * 60 for at in range(24 * 60)}
_DAY_SECONDS = 24 * 60 * 60
_SECONDS = {"": 0} | {f":{second:02d}": second for second in range(60)}
_SHORT = 100
_MOST_WRONG = 10_000
"""So many texts that are wrong are remembered: sound ones repeat themselves, and so do few others.
"""
_SPREADSHEET_ERROR = re.compile(
    r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|#+|GETTING_DATA)"
    r"|Err:[0-9]+",
    re.IGNORECASE,
)
_EXPONENT = re.compile(r"[0-9](\.[0-9]+)?[Ee][+-][0-9]{2,}")
_TEXT_PROBLEMS = {
    CellKind.KEY: key_problem,
    CellKind.NAME: name_problem,
    CellKind.TEXT: note_problem,
}


def cells_of(columns: Iterable[FileColumn], dates: Dates) -> dict[str, "Cells"]:
    """The cells of a file's columns, by name."""
    minutes = Minutes(dates.calendar)
    return {
        each.name: InstantCells(each, dates, minutes)
        if each.kind is CellKind.INSTANT
        else Cells(each, dates)
        for each in columns
    }


class Cells(dict[str, Any]):
    """Maps the text of a column's cells to their values, and to None where the text is `wrong`.

    A file's columns repeat themselves (nights, staff numbers, minutes), so that most cells cost a
    look-up.
    """

    def __init__(self, column: FileColumn, dates: Dates) -> None:
        super().__init__()
        self.wrong: dict[str, Problem] = {}
        self.default = column.default
        self._column = column
        self._read = _reader(column, dates)
        self._is_text = column.kind in _TEXT_PROBLEMS

    def read(self, texts: Sequence[str]) -> Iterable[Any]:
        """The values of a column's next cells."""
        if len(self.wrong) > _MOST_WRONG:
            self.clear()
            self.wrong.clear()
        if self._is_text and "".join(texts).isalnum() and len(max(texts, key=len)) <= _SHORT:
            # Numbers of slips and bookings never repeat, and letters and digits are never wrong.
            if "" not in texts:
                return texts
            if not self._column.required:
                return [text or self.default for text in texts]
        return map(self.__getitem__, texts)

    def __missing__(self, text: str) -> Any:
        value = None
        try:
            value = self._value(text)
        except Refused as refusal:
            self.wrong[text] = refusal.problems[0]._replace(field=self._column.name)
        except ValueError as error:
            self.wrong[text] = problem(self._column.name, str(error))
        self[text] = value
        return value

    def _value(self, text: str) -> Any:
        if self._is_text and len(text) <= _SHORT and text.isalnum():
            return text  # as most are: letters and digits alone are never wrong
        name = self._column.name
        if not text:
            if self._column.required:
                raise refused(name, "may not be blank")
            return self.default
        if text == NOT_WORKED_OUT:
            raise refused(name, UNSAVED_FORMULA)
        if "\0" in text:
            raise refused(name, "holds the control character %(code)s", code="U+0000")
        if _BROKEN.search(text):
            raise refused(name, "holds bytes that are not UTF-8")
        return self._read(text)


class InstantCells(Cells):
    """Cells of instants. Written to the second they hardly ever repeat, but their minutes do."""

    def __init__(self, column: FileColumn, dates: Dates, minutes: "Minutes") -> None:
        super().__init__(column, dates)
        self._minutes = minutes

    def read(self, texts: Sequence[str]) -> Iterable[Any]:
        if self._column.required and "" in texts:
            return super().read(texts)
        minutes, seconds = self._minutes, _SECONDS
        try:
            return [minutes[text[:16]] + seconds[text[16:]] if text else None for text in texts]
        except (KeyError, ValueError):  # an offset, say, or a cell that is wrong
            return super().read(texts)


class Minutes(dict[str, Instant]):
    """Maps `YYYY-MM-DDTHH:MM` to UTC seconds. Raises KeyError or ValueError for what is no instant
    of a minute whose seconds can just be counted on."""

    def __init__(self, calendar: Calendar) -> None:
        super().__init__()
        self._calendar = calendar
        self._days: dict[str, Instant | None] = {}

    def __missing__(self, text: str) -> Instant:
        day = text[:10]
        if day not in self._days:
            self._days[day] = self._start(day)
        start = self._days[day]
        parse = self._calendar.parse
        self[text] = instant = parse(text) if start is None else start + _CLOCK[text[10:]]
        return instant

    def _start(self, day: str) -> Instant | None:
        """When a day begins on which the clocks don't change; None for another one."""
        if day < "1973":  # until then, clocks changed within minutes too
            raise KeyError(day)
        start = self._calendar.parse(f"{day}T00:00")
        wall = self._calendar.local(start + _DAY_SECONDS)
        noon = self._calendar.local(start + _DAY_SECONDS // 2)
        plain = wall.hour == wall.minute == 0 and noon.hour == 12 and noon.minute == 0
        return start if plain and wall.utcoffset() == noon.utcoffset() else None


def _reader(column: FileColumn, dates: Dates) -> Callable[[str], Any]:
    match column.kind:
        case CellKind.KEY:
            return lambda text: _key(text, column)
        case CellKind.NAME | CellKind.TEXT:
            return lambda text: _text(text, column)
        case CellKind.SOURCE:
            return lambda text: _source(text, column.name)
        case CellKind.CHOICE:
            return lambda text: _choice(text, column)
        case CellKind.YES_NO:
            return lambda text: _yes_no(text, column.name)
        case CellKind.COUNT:
            return lambda text: _count(text, column.name)
        case CellKind.TALLY:
            return lambda text: _tally(text, column.name)
        case CellKind.MONEY:
            return parse_money
        case CellKind.NIGHT:
            return dates.night
        case CellKind.INSTANT:
            return dates.instant
        case CellKind.MONTH:
            raise AssertionError("no dataset that is read has a month")


def _text(text: str, column: FileColumn) -> str:
    value = unguard(text)
    wrong = _TEXT_PROBLEMS[column.kind](value, column.name)
    if wrong is None and column.required and not value.strip():
        wrong = problem(column.name, "may not be blank")
    if wrong is not None:
        raise Refused(wrong)
    if column.kind is CellKind.NAME and _SPREADSHEET_ERROR.fullmatch(value):
        raise _made_by_a_spreadsheet(value, column)
    return value


def _made_by_a_spreadsheet(value: str, column: FileColumn) -> Refused:
    return refused(
        column.name, "%(text)s is what a spreadsheet made of it: write what stood there", text=value
    )


def _key(text: str, column: FileColumn) -> str:
    value = _text(text, column)
    if _SPREADSHEET_ERROR.fullmatch(value) or _EXPONENT.fullmatch(value):
        raise _made_by_a_spreadsheet(value, column)
    return value


def _source(text: str, name: str) -> str:
    origin, _, number = text.partition(":")
    if text != "roll" and origin not in SOURCES:
        raise refused(name, "must be roll, outing:<slip_no> or incident:<incident_no>")
    if text != "roll" and (wrong := key_problem(number, name)) is not None:
        raise Refused(wrong)
    return text


def _choice(text: str, column: FileColumn) -> str:
    choice = choice_of(text, column.choices)
    if choice is None:
        raise refused(column.name, "must be one of %(choices)s", choices=", ".join(column.choices))
    return choice


def _yes_no(text: str, name: str) -> bool:
    choice = choice_of(text, ("yes", "no"))
    if choice is None:
        raise refused(name, "must be yes or no")
    return choice == "yes"


def _tally(text: str, name: str) -> int:
    if _COUNT.fullmatch(text) is None:
        raise refused(name, "must be a whole number")
    return int(text)


def _count(text: str, name: str) -> int:
    if _COUNT.fullmatch(text) is None or int(text) == 0:
        raise refused(name, "must be a whole number above 0")
    return int(text)
