"""Where a night stands by the clock."""

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from models.rules.judgement import briefing_due
from models.values.nights import Instant
from venue_tui.locale import _, current_language

if TYPE_CHECKING:
    from models.access.session import Session
    from models.operations.briefings import BriefingRow

_SECONDS_FROM = 3600
"""A countdown shows its seconds once less than this is left."""


def clock(session: "Session", at: Instant | None) -> str:
    """The venue's wall clock at an instant, to the minute; blank for None."""
    return "" if at is None else f"{session.calendar.local(at):%H:%M}"


def sign_clock(
    session: "Session", night: date, held: "BriefingRow | None", at: Instant | None
) -> str:
    """The clock at a sign of somebody's in a briefing, to the second in a minute whose seconds
    decide whether they were late or missed it."""
    if at is None:
        return ""
    due = briefing_due(night, session.book(night), session.calendar)
    decides = due < at < due + 60
    if at >= due + 60:
        # Who came before the briefing was closed was late, and after that missed it.
        closed = held.closed_at if held is not None else None
        decides = closed is not None and closed // 60 == at // 60
    return f"{session.calendar.local(at):%H:%M:%S}" if decides else clock(session, at)


def length(seconds: int) -> str:
    """A length of time: `4:53` minutes and seconds, or `2 h 05 min` from an hour on."""
    if seconds < _SECONDS_FROM:
        return f"{seconds // 60}:{seconds % 60:02d}"
    minutes = seconds // 60
    return _("%(hours)d h %(minutes)02d min") % {"hours": minutes // 60, "minutes": minutes % 60}


class Countdown(NamedTuple):
    """What the clock runs down to, or has run since, and its figures: `4:53`, or `2 h 05`."""

    to: str
    figures: str
    to_the_second: bool


def countdown(session: "Session", night: date, briefing: "BriefingRow | None") -> Countdown | None:
    """How long it is to the briefing, or has been since. None once it is closed, and where none was
    held."""
    if briefing is not None and (briefing.night_closed or briefing.closed_at is not None):
        return None
    now, book, calendar = session.now(), session.book(night), session.calendar
    if now >= calendar.end(night):
        return None
    begins, due = calendar.at(night, book.briefing), briefing_due(night, book, calendar)
    if now < begins:
        return _counted(_("Briefing in"), begins - now)
    if now <= due:
        return _counted(_("Late in"), due - now)
    return _counted(_("Briefing on for"), now - begins)


def _counted(to: str, seconds: int) -> Countdown:
    minutes, rest = divmod(seconds, 60)
    if seconds < _SECONDS_FROM:
        return Countdown(to, f"{minutes}:{rest:02d}", to_the_second=True)
    return Countdown(to, f"{minutes // 60} h {minutes % 60:02d}", to_the_second=False)


def standing(session: "Session", night: date, briefing: "BriefingRow | None") -> str:
    """Where the night is: how long to the briefing, under way, closed, or over."""
    now, book, calendar = session.now(), session.book(night), session.calendar
    if briefing is not None and briefing.night_closed:
        return _("night over")
    if briefing is not None and briefing.closed_at is not None:
        return _("briefing closed at %(time)s") % {"time": clock(session, briefing.closed_at)}
    if now >= calendar.end(night):
        return _("night over") if briefing is not None else _("no briefing was held")
    begins, due = calendar.at(night, book.briefing), briefing_due(night, book, calendar)
    if now < begins:
        return _("briefing in %(span)s") % {"span": length(begins - now)}
    if now <= due:
        return _("briefing: late in %(span)s") % {"span": length(due - now)}
    return _("briefing on for %(span)s") % {"span": length(now - begins)}


def rule_title(session: "Session", night: date, code: str) -> str:
    """What a rule of the night's rulebook is called, in few cells: without its clause."""
    rule = session.book(night).rule(code)
    return code if rule is None else rule.title(current_language())
