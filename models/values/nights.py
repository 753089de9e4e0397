"""Instants and nights.

An instant is an `int` of UTC seconds since the epoch: it orders, compares and stores the same way
everywhere. A night (the business date) is a `datetime.date`: it begins at `day_start` by the
venue's wall clock on that date. Both are tied together by `Calendar`, which knows the venue's zone
and, where rulebooks of different nights disagree, each night's own `day_start`.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Instant = int
Month = str
"""A calendar month written `YYYY-MM`; it owns the nights whose date lies in it."""

ONE_NIGHT = timedelta(days=1)
FIRST_NIGHT = date.min
LAST_NIGHT = date(9999, 12, 30)
_NIGHT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_WHOLE_MINUTES = 94_694_400  # 1973 in UTC seconds
_MOST_REMEMBERED = 50_000
# Room for a night's end on one side and every zone's offset on the other.
_EARLIEST, _LATEST = date(1900, 1, 1), date(2199, 12, 31)


def parse_night(text: str) -> date:
    """The night written `YYYY-MM-DD`. Raises ValueError with a sentence for the writer."""
    if _NIGHT.fullmatch(text) is None:
        raise ValueError("not a date: write it as YYYY-MM-DD")
    try:
        night = date.fromisoformat(text)
    except ValueError:
        raise ValueError("there is no such date") from None
    if not _EARLIEST <= night <= _LATEST:
        raise ValueError("the year must lie between 1900 and 2199")
    return night


def parse_month(text: str) -> Month:
    """The month written `YYYY-MM`, as it is. Raises ValueError with a sentence for the writer."""
    if _MONTH.fullmatch(text) is None:
        raise ValueError("not a month: write it as YYYY-MM")
    try:
        parse_night(f"{text}-01")
    except ValueError:
        raise ValueError("there is no such month") from None
    return text


def month_of(night: date) -> Month:
    """The month that a night's charges belong to."""
    return night.isoformat()[:7]


def first_night(month: Month) -> date:
    return date.fromisoformat(f"{month}-01")


def next_month(month: Month) -> Month:
    return month_of(first_night(month) + timedelta(days=31))


def previous_month(month: Month) -> Month:
    return month_of(first_night(month) - ONE_NIGHT)


def last_night(month: Month) -> date:
    return first_night(next_month(month)) - ONE_NIGHT


def months_between(first: Month, last: Month) -> list[Month]:
    """Every month from `first` to `last`, both included; empty when `last` comes before."""
    months = []
    while first <= last:
        months.append(first)
        first = next_month(first)
    return months


def months_on(night: date, months: int) -> date:
    """The same number some months later, or that month's last."""
    month = night.month - 1 + months
    first = date(night.year + month // 12, month % 12 + 1, 1)
    return min(first + (night.day - 1) * ONE_NIGHT, last_night(month_of(first)))


class SkippedTime(ValueError):
    """A wall time that a clock change jumped over, so that no instant bears it."""


class Calendar:
    """What the venue's wall clock and calendar say of an instant, and back."""

    def __init__(self, zone: ZoneInfo, day_starts: Sequence[tuple[date, time]]) -> None:
        """`day_starts` gives, in order of nights, from which night on which day_start holds;
        the first holds for every night before it as well."""
        self.zone = zone
        self._froms = [night for night, _ in day_starts]
        self._nights: dict[int, date] = {}
        self._day_starts = [start for _, start in day_starts]

    def day_start(self, night: date) -> time:
        return self._day_starts[max(bisect_right(self._froms, night) - 1, 0)]

    def local(self, instant: Instant) -> datetime:
        """The venue's wall time, aware of its offset."""
        return datetime.fromtimestamp(instant, self.zone)

    def instant(self, wall: datetime) -> Instant:
        """The instant of a naive wall time: its first occurrence where a clock change makes two.

        Raises SkippedTime where a clock change makes none.
        """
        aware = wall.replace(tzinfo=self.zone, fold=0)
        instant = int(aware.timestamp())
        if self.local(instant).replace(tzinfo=None) != wall:
            raise SkippedTime("the clocks went forward over this time, so it did not happen")
        return instant

    def at(self, night: date, clock: time) -> Instant:
        """When the wall clock shows `clock` during the night: on the night's own date, or the date
        after it for a time before `day_start`. A skipped time is taken as long after the change
        as it would have come after it."""
        day = night if clock >= self.day_start(night) else night + ONE_NIGHT
        return int(datetime.combine(day, clock, self.zone).timestamp())

    def start(self, night: date) -> Instant:
        """The first instant of the night."""
        return int(datetime.combine(night, self.day_start(night), self.zone).timestamp())

    def end(self, night: date) -> Instant:
        """The first instant that is no longer of the night."""
        return self.start(night + ONE_NIGHT)

    def night(self, instant: Instant) -> date:
        """The night an instant belongs to: its local wall time less day_start, as a date."""
        # Since 1973 clocks change by whole minutes, and day_start is one: facts repeat theirs.
        minute = instant // 60
        night = self._nights.get(minute)
        if night is None:
            wall = self.local(instant)
            today = wall.date()
            night = today if wall.time() >= self.day_start(today) else today - ONE_NIGHT
            if instant > _WHOLE_MINUTES:
                if len(self._nights) >= _MOST_REMEMBERED:
                    self._nights.clear()
                self._nights[minute] = night
        return night

    def parse(self, text: str) -> Instant:
        """The instant written as venue-local `YYYY-MM-DDTHH:MM[:SS]`, or with an offset.

        Raises ValueError with a sentence for the writer: not of that form, no such date or time,
        or skipped by a clock change.
        """
        match = _INSTANT.fullmatch(text)
        if match is None:
            raise ValueError(
                "not a time: write it as YYYY-MM-DDTHH:MM or YYYY-MM-DDTHH:MM:SS, venue time"
            )
        parse_night(text[:10])
        wall_text, offset = match.groups()
        if wall_text[11:13] > "23":  # Python reads 24:00 as the next day's midnight from 3.14 on
            raise ValueError("there is no such time")
        try:
            if offset is None:
                return self.instant(datetime.fromisoformat(wall_text))
            return int(datetime.fromisoformat(text).timestamp())
        except SkippedTime:
            raise
        except ValueError:
            raise ValueError("there is no such time") from None

    def format(self, instant: Instant) -> str:
        """The venue-local time, to the minute where it is whole; with its offset where the wall
        time alone would be read as the earlier of two. `parse` reads it back as it was."""
        local = self.local(instant)
        wall = local.replace(tzinfo=None)
        text = wall.isoformat(timespec="seconds" if wall.second else "minutes")
        if local.fold:
            offset = local.strftime("%z")
            text += f"{offset[:3]}:{offset[3:5]}"
        return text

    def shown(self, instant: Instant) -> str:
        """The same as people read it: with a blank between night and clock."""
        return self.format(instant).replace("T", " ")


def utc_now() -> Instant:
    """The machine's clock."""
    return int(datetime.now(UTC).timestamp())
