"""Dates and times as spreadsheets save them again, read where only one reading is possible."""

import re
from datetime import date
from typing import Literal, get_args

from models.values.nights import Calendar, Instant, parse_night
from models.values.problems import Problem, problem, refused

Order = Literal["mdy", "dmy"]
"""What comes first where the year comes last."""

ORDERS: tuple[Order, ...] = get_args(Order)

_YEAR_FIRST = r"(?P<y>[0-9]{4})(?:(?P<s>[-/.])(?P<m>[0-9]{1,2})(?P=s)(?P<d>[0-9]{1,2})"
_IN_CHINESE = r"|年(?P<m2>[0-9]{1,2})月(?P<d2>[0-9]{1,2})日)"
_YEAR_LAST = r"(?P<a>[0-9]{1,2})(?P<s3>[-/.])(?P<b>[0-9]{1,2})(?P=s3)(?P<y3>[0-9]{4})"
_DATE = f"(?:{_YEAR_FIRST}{_IN_CHINESE}|{_YEAR_LAST})"
_CLOCK = (
    r"(?:(?P<before>上午|下午) ?)?(?P<h>[0-9]{1,2}):(?P<min>[0-9]{2})(?P<sec>:[0-9]{2})?"
    r"(?: ?(?P<after>[AaPp])[Mm])?(?P<offset>Z|[+-][0-9]{2}:[0-9]{2})?"
)
_NIGHT = re.compile(_DATE + r"(?: 0{1,2}:00(?::00)?)?")
_INSTANT = re.compile(f"{_DATE}[ T]{_CLOCK}")
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?|0\.[0-9]+")


class Dates:
    """Reads the dates and times of a file's cells, and keeps in what forms they came."""

    def __init__(self, calendar: Calendar, order: Order | None = None) -> None:
        self.calendar = calendar
        self.order = order
        self.example: dict[str, tuple[str, str]] = {}
        """The first cell of each form that isn't ours, and what it was read as."""

    def night(self, text: str) -> date:
        """The night that a cell means. Raises Refused or ValueError with a sentence for its
        writer."""
        try:
            return parse_night(text)
        except ValueError:
            match = _NIGHT.fullmatch(text)
            if match is None:
                self._refuse_number(text)
                raise
        iso = self._iso_date(match, text)
        night = parse_night(iso)
        self._remember(match, text, iso)
        return night

    def instant(self, text: str) -> Instant:
        """The instant that a cell means, as UTC seconds. Raises as `night` does."""
        if text[10:11] == "T" and text[4:5] == "-" == text[7:8]:
            return self.calendar.parse(text)
        match = _INSTANT.fullmatch(text)
        if match is None:
            self._refuse_number(text)
            return self.calendar.parse(text)
        iso = f"{self._iso_date(match, text)}T{_clock(match)}"
        instant = self.calendar.parse(iso)
        self._remember(match, text, iso)
        return instant

    def read_as(self) -> list[Problem]:
        """What the preview says of the forms that were read."""
        return [
            problem("", "«%(text)s» is read as %(iso)s", text=text, iso=iso)
            for text, iso in self.example.values()
        ]

    def _iso_date(self, match: re.Match[str], text: str) -> str:
        year, month, day = match["y"], match["m"] or match["m2"], match["d"] or match["d2"]
        if year is None:
            if self.order is None:
                raise refused(
                    "",
                    "%(text)s can be read in two ways: say which with %(option)s",
                    text=text,
                    option="--dates mdy|dmy",
                )
            year, month, day = match["y3"], match["a"], match["b"]
            if self.order == "dmy":
                month, day = day, month
        return f"{year}-{int(month):02d}-{int(day):02d}"

    def _remember(self, match: re.Match[str], text: str, iso: str) -> None:
        form = ("last" if match["y"] is None else match["s"] or "年") + ("T" in iso) * "T"
        if text != iso:
            self.example.setdefault(form, (text, iso))

    def _refuse_number(self, text: str) -> None:
        if _SERIAL.fullmatch(text):
            raise refused(
                "",
                "a number is no date: import the workbook itself (XLSX, XLS or ODS), or format the"
                " column as dates before saving it",
            )


def _clock(match: re.Match[str]) -> str:
    hour, minute, second = int(match["h"]), match["min"], match["sec"] or ""
    half = {"上午": "a", "下午": "p"}.get(match["before"] or "") or (match["after"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError("there is no such time")
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02d}:{minute}{second}{match['offset'] or ''}"
