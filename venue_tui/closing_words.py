"""What closing a month does, in words, for the command and the screen that ask about it."""

from collections.abc import Iterator

from models.payroll.months import ClosingPlan
from models.values.money import format_money
from models.values.nights import last_night
from venue_tui.locale import _
from venue_tui.words import listed


def closing_lines(plan: ClosingPlan, option: str) -> Iterator[str]:
    """What a closing does, what can't be recorded any more from then on, and by which `option` it
    is corrected: as commands write it, or in words."""
    words = {
        "month": plan.month,
        "staffers": plan.staffers,
        "amount": format_money(plan.deducted),
        "night": last_night(plan.month),
        "later": plan.corrected_in,
        "option": option,
    }
    yield _("%(month)s: %(staffers)d staffers, %(amount)s deducted in all.") % words
    if plan.along:
        along = listed(plan.along)
        yield _("Closed along with it, as nothing of them is recorded: %s.") % along
    nothing_more = _(
        "From then on nothing can be recorded for the nights up to %(night)s: no briefing and no"
        " sign, leave, outing, booking, incident or waiver, and no posting, wage or rulebook from"
        " them on. What was wrong is corrected by %(option)s, and adjusts %(later)s."
    )
    yield nothing_more % words
    if plan.first:
        yield _("Of the nights before %s nothing can be recorded any more at all.") % plan.month
