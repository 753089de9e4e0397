"""What a line of the audit trail is told as in a chat.

Only what is listed here is told, and only names, nights, places and times of it: no phone number,
no wage, no amount (four days' wages tell the wage), and nothing that somebody wrote freely, in
which any of these may stand.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from models.storage.audit import Line
from models.values.text import displayable
from venue_tui.locale import N_, _

TOPICS: Mapping[str, Mapping[str, str]] = {
    "leave": {
        "leave.asked": N_("%(who)s asks for leave: %(first)s to %(last)s"),
        "leave.approved": N_("%(who)s: leave approved"),
        "leave.rejected": N_("%(who)s: leave rejected"),
        "leave.withdrawn": N_("%(who)s: leave withdrawn"),
    },
    "outings": {
        "outings.asked": N_("%(who)s asks for a slip to go out"),
        "outings.approved": N_("%(who)s: slip approved"),
        "outings.rejected": N_("%(who)s: slip rejected"),
        "outings.out": N_("%(who)s went out"),
        "outings.back": N_("%(who)s is back"),
    },
    "briefing": {
        "briefing.opened": N_("Briefing of %(night)s opened"),
        "briefing.closed": N_("Briefing of %(night)s closed"),
        "night.closed": N_("Night of %(night)s ended early"),
    },
    "bookings": {
        "booking.made": N_("%(place)s booked for %(night)s by %(who)s"),
        "booking.cancelled": N_("%(place)s of %(night)s cancelled"),
    },
    "month": {
        "month.closed": N_("%(month)s is closed"),
        "appeal.raised": N_("%(who)s contests a charge of %(night)s"),
    },
}
"""What may be told, by topic: the sentence of each action."""

_LONGEST_NAME = 40


def notice(line: Line, names: Mapping[str, str], about: Iterable[str]) -> str | None:
    """What a line is told as, in the current language; None where it isn't of these topics."""
    sentence = next((TOPICS[t][line.action] for t in about if line.action in TOPICS[t]), None)
    if sentence is None:
        return None
    after = {**_object(line.before), **_object(line.after)}
    number = line.staff_no or ""
    words = {
        "who": f"{_short(names.get(number, ''))} ({number})" if number else _("somebody"),
        "night": line.night or "",
        "first": _short(after.get("first_night")),
        "last": _short(after.get("last_night")),
        "place": _short(after.get("place")),
        "month": _short(after.get("month")),
    }
    return _(sentence) % words


def _object(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text) if text else {}
    except ValueError:  # tampered with; the chain says so
        return {}
    return found if isinstance(found, dict) else {}


def _short(value: object) -> str:
    return displayable(str(value or ""))[:_LONGEST_NAME]
