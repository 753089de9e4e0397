"""What came of punches, in words."""

from typing import TYPE_CHECKING

from models.operations import directory
from models.operations.punch_arrivals import Taken
from models.values.money import format_money
from venue_tui.locale import _, ngettext
from venue_tui.problem_words import in_words
from venue_tui.screens.shared.clock import clock
from venue_tui.words import listed, word

if TYPE_CHECKING:
    from models.access.session import Session

_MOST = 12
"""So many lines are shown; how many more there are is said."""


def came_of(session: "Session", taken: Taken) -> list[str]:
    """Each arrival with what it changes by name and sum, what differs, and what was left alone."""
    lines = []
    for each in taken.arrivals:
        outcome = word(each.outcome.value) if each.outcome else ""
        at = _("taken back") if each.at is None else clock(session, each.at)
        said = f"{each.night} {directory.name_of(each.staff_no)} {at}"
        said += f"  {word(each.was.value)} > {outcome}"
        if each.fine != each.fine_before:
            said += f"  {format_money(each.fine_before)} > {format_money(each.fine)}"
        lines.append(said)
    for different in taken.differing:
        mark = different.marked_at
        lines.append(
            _("%(night)s %(name)s: clock %(punched)s, mark %(marked)s; the mark stands")
            % {
                "night": different.night,
                "name": directory.name_of(different.staff_no),
                "punched": clock(session, different.punched_at),
                "marked": _("no sign") if mark is None else clock(session, mark),
            }
        )
    lines += [
        f"{each.night} {directory.name_of(each.staff_no)}: {in_words(each.problem)}"
        for each in taken.not_taken
    ]
    if len(lines) > _MOST:
        more = len(lines) - _MOST
        lines = [*lines[:_MOST], ngettext("… and %d more", "… and %d more", more) % more]
    if taken.no_briefing:
        count = len(taken.no_briefing)
        said = ngettext(
            "%d night with punches has no briefing, so that nobody is marked in it.",
            "%d nights with punches have no briefing, so that nobody is marked in them.",
            count,
        )
        lines.append(said % count)
    if taken.closed:
        lines.append(_("Closed, so left alone: %s") % listed(sorted(taken.closed)))
    return lines
