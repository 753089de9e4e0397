"""Nights, times and amounts as people type them into a form.

Each raises Refused for its field, with a sentence that says how to write it.
"""

import re
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from models.values.money import parse_money
from models.values.nights import Instant, parse_night
from models.values.problems import Refused, refused
from venue_tui.locale import _
from venue_tui.screens.shared.sentences import weekday

if TYPE_CHECKING:
    from models.access.session import Session

WIDE = str.maketrans("０１２３４５６７８９：．／－＋", "0123456789:./-+")


def typed_night(field: str, text: str, tonight: date) -> date:
    """A night written `2026-09-05`, `9-5` or `9/5` (the one nearest to tonight), or `+3` and `-1`
    (so many nights from tonight)."""
    text = text.translate(WIDE).strip()
    if re.fullmatch("[+-][0-9]{1,3}", text):
        return tonight + timedelta(days=int(text))
    if short := re.fullmatch("([0-9]{1,2})[-/.]([0-9]{1,2})", text):
        month, day = map(int, short.groups())
        found = [
            night
            for year in (tonight.year - 1, tonight.year, tonight.year + 1)
            if (night := _night(year, month, day)) is not None
        ]
        if not found:
            raise refused(field, "there is no such date")
        return min(found, key=lambda night: abs((night - tonight).days))
    if full := re.fullmatch("([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})", text):
        text = "{}-{:0>2}-{:0>2}".format(*full.groups())
    try:
        return parse_night(text)
    except ValueError:
        raise refused(field, "not a night: write 2026-09-05, 9-5, or +1 for tomorrow") from None


def _night(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def typed_time(
    field: str, text: str, session: "Session", night: date, near: Instant | None = None
) -> Instant:
    """An instant of a night written by the venue's clock: `21:05`, `2105`, `21:05:30`, or with its
    date. With `near`, what is put right, its minute alone is enough: `05`."""
    text = text.translate(WIDE).strip()
    if near is not None and re.fullmatch("[0-5][0-9]", text):
        text = f"{session.calendar.local(near):%H}{text}"
    if clock := re.fullmatch("([0-9]{1,2}):?([0-9]{2})(?::([0-9]{2}))?", text):
        hour, minute, second = (int(part or 0) for part in clock.groups())
        if hour < 24 and minute < 60 and second < 60:
            return session.calendar.at(night, time(hour, minute, second))
    try:
        return session.calendar.parse(text.replace(" ", "T"))
    except ValueError:
        raise refused(field, "not a time: write it by the venue's clock, such as 21:05") from None


def typed_money(field: str, text: str) -> int:
    """Cents of an amount written `1280`, `1280.5` or `1280.50`."""
    try:
        return parse_money(text.translate(WIDE).strip())
    except ValueError as error:
        raise refused(field, str(error)) from None


def understood_night(tonight: date) -> Callable[[str], str]:
    """What a form shows beside a night while it is written: which one it is taken for."""

    def said(text: str) -> str:
        try:
            night = typed_night("night", text, tonight)
        except Refused:
            return ""
        return f"{night} {weekday(night)}"

    return said


def understood_time(
    session: "Session", night: date, near: Instant | None = None
) -> Callable[[str], str]:
    """What a form shows beside a time while it is written: the night that it falls in, and the
    whole time where its minute alone stands for it."""

    def said(text: str) -> str:
        try:
            at = typed_time("at", text, session, night, near)
        except Refused:
            return ""
        on = f"{session.calendar.night(at):%m-%d}"
        if len(text.strip()) == 2:
            return f"{session.calendar.local(at):%H:%M} · {on}"
        return _("night of %s") % on

    return said
