"""Sentences that several screens say: nights, times, and what a change did to the fines."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from models.ledger.ledger import Difference
from models.operations.directory import name_of
from models.values.money import format_money
from models.values.nights import Instant
from venue_tui.charge_words import rule_title
from venue_tui.locale import N_, _
from venue_tui.words import shown_name, word

if TYPE_CHECKING:
    from models.access.session import Session

_WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def weekday(night: date) -> str:
    """The short name of the night's day of the week."""
    return _(_WEEKDAYS[night.weekday()])


def span(first: date, last: date) -> str:
    """Nights from one to another, with their years."""
    if first == last:
        return first.isoformat()
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def short_span(first: date, last: date, tonight: date) -> str:
    """The same in a column: months and days, and years where not both are tonight's."""
    form = "%m-%d" if first.year == last.year == tonight.year else "%y-%m-%d"
    begins, ends = format(first, form), format(last, form)
    return begins if first == last else f"{begins} - {ends}"


def moment(session: "Session", instant: Instant) -> str:
    """The venue's date and clock at an instant."""
    return f"{session.calendar.local(instant):%Y-%m-%d %H:%M}"


def decided(
    session: "Session", status: str, by: str | None, at: Instant | None, reason: str | None
) -> str:
    """What became of a request: by whom, when and why."""
    said = word(status)
    if by is not None and at is not None:
        said = _("%(status)s by %(who)s, %(moment)s") % {
            "status": said,
            "who": shown_name(by, name_of(by)),
            "moment": moment(session, at),
        }
    return with_more(said, reason)


def with_more(said: str, more: str | None) -> str:
    """A sentence with what belongs to it after a colon, if there is anything."""
    return _("%(said)s: %(more)s") % {"said": said, "more": more} if more else said


def whose(number: str, staff_no: str, name: str, team: str | None, superior: str | None) -> str:
    """A request's number, and whose it is."""
    parts = [number, shown_name(staff_no, name), team or ""]
    if superior:
        parts.append(_("supervisor %s") % shown_name(superior, name_of(superior)))
    return "  ".join(filter(None, parts))


def fine(
    session: "Session",
    staff_no: str,
    night: date,
    rule: str,
    amount: int,
    status: str,
    *,
    name: str = "",
) -> str:
    """One charge that comes (`standing`, `waived`) or goes (`reversed`)."""
    sentence = {
        "standing": N_("Fined %(amount)s: %(who)s, %(rule)s"),
        "waived": N_("Fined %(amount)s, and waived: %(who)s, %(rule)s"),
        "reversed": N_("Fine of %(amount)s taken back: %(who)s, %(rule)s"),
    }[status]
    return _(sentence) % {
        "who": shown_name(staff_no, name or name_of(staff_no)),
        "rule": rule_title(session, night, rule),
        "amount": format_money(amount),
    }


def fines(session: "Session", changes: Iterable[Difference]) -> list[str]:
    """What a change did to the fines, a line each."""
    return [
        fine(session, staff_no, night, rule, now[0], now[1])
        for (staff_no, night, rule, _source), _was, now in changes
    ]
