"""`close night` and `close month`."""

from datetime import date
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING

import click

from venue_tui.commands.arguments import month_argument, night_argument
from venue_tui.commands.foretelling import foretelling, to_be_done
from venue_tui.commands.invocation import Invocation, give_up, tell
from venue_tui.commands.listing import help_of
from venue_tui.locale import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable

_UNSETTLED = {
    "out": N_("still out: %s"),
    "appeal": N_("appeals undecided: %s"),
    "over_a_fifth": N_("more than a fifth of the wage deducted: %s"),
}


@click.group("close", help=help_of("close"))
def close_command() -> None:
    pass


@close_command.command(
    "night",
    help=_(
        "Ends a night before it is over, or a past one whose roll was left open: whoever gave no"
        " sign of themselves is absent."
    ),
)
@click.argument("night", callback=night_argument, metavar="YYYY-MM-DD")
@click.option(
    "--not-held",
    is_flag=True,
    help=_("No briefing was held: takes it back, with every sign under it."),
)
@click.option("--reason", help=_("Why, for the audit trail."))
@foretelling
@click.pass_obj
def close_night(
    invocation: Invocation,
    night: date,
    not_held: bool,
    reason: str | None,
    dry_run: bool,
    yes: bool,
) -> None:
    from models.operations import briefings, unheld_briefings
    from models.operations.charge_preview import foresee
    from venue_tui.charge_words import lines_of

    session = invocation.session()
    close: Callable[[], object] = partial(briefings.close_night, session, night)
    if not_held:
        close = partial(unheld_briefings.not_held, session, night, reason)
    lines = lines_of(session, foresee(session, close))
    if not to_be_done(lines, dry_run=dry_run, yes=yes):
        return
    if not_held:
        taken = unheld_briefings.not_held(session, night, reason)
        tell(
            _("No briefing was held on %(night)s: it is taken back, with the signs of %(signs)d.")
            % {"night": night, "signs": taken.signs}
        )
        return
    if not briefings.close_night(session, night):
        tell(_("The night of %s is over or closed already; nothing changed.") % night)
        return
    tell(_("The night of %s is closed.") % night)


@close_command.command(
    "month",
    help=_("Freezes a month: its deductions, charges and roll never change again."),
)
@click.argument("month", callback=month_argument, metavar="YYYY-MM")
@click.option("--yes", is_flag=True, help=_("Close it without asking."))
@click.pass_obj
def close_month(invocation: Invocation, month: str, yes: bool) -> None:
    from models.access.permissions import require
    from models.ledger import settling
    from models.ledger.closings import closing_of
    from models.payroll import months
    from models.payroll.deductions import deductions
    from models.payroll.open_items import unsettled
    from venue_tui.closing_words import closing_lines

    session = invocation.session()
    require(session, "month.close")
    settling.settle(session)
    if closing_of(month) is None:
        rows = deductions(session, month).rows
        for each in unsettled(session, month, rows):
            if not each.blocks:
                tell(_("Note: ") + _(_UNSETTLED[each.kind]) % ", ".join(each.staff_nos))
        for line in closing_lines(months.plan(session, month, rows), "import --reason"):
            tell(line)
        if not yes:
            ahead = Thread(target=months.prepare, args=(session,))
            ahead.start()
            answered = _answered(_("Close %s for good?") % month)
            ahead.join()
        if not yes and not answered:
            give_up([_("Nothing was closed: answer y, or say --yes.")])
    closing, newly = months.close(session, month)
    text = _("%(month)s is closed.") if newly else _("%(month)s was closed already.")
    tell(text % {"month": month})
    tell(_("Digest (SHA-256) %s") % closing.digest)
    tell(_("Head of the audit trail %s") % closing.audit_head)


def _answered(question: str) -> bool:
    try:
        return click.confirm(question, err=True)
    except click.Abort:
        return False
