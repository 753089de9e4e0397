"""`close night` and `close month`."""

import click

from venue_tui.commands.files import month_argument, night_argument
from venue_tui.commands.invocation import Invocation, tell
from venue_tui.locale import N_, _

_UNSETTLED = {
    "open_night": N_("briefings not closed: %s"),
    "out": N_("still out: %s"),
    "appeal": N_("appeals undecided: %s"),
    "over_a_fifth": N_("more than a fifth of the wage deducted: %s"),
}


@click.group("close", help=_("Ends a night early, or freezes a month."))
def close_command() -> None:
    pass


@close_command.command(
    "night", help=_("Ends a night before it is over: whoever gave no sign of themselves is absent.")
)
@click.argument("night", callback=night_argument, metavar="YYYY-MM-DD")
@click.pass_obj
def close_night(invocation: Invocation, night: object) -> None:
    from models.operations import briefings

    session = invocation.session()
    if briefings.close_night(session, night):
        tell(_("The night of %s is closed.") % night)
    else:
        tell(_("The night of %s is over or closed already; nothing changed.") % night)


@close_command.command(
    "month",
    help=_("Freezes a month: its deductions, charges and roll never change again."),
)
@click.argument("month", callback=month_argument, metavar="YYYY-MM")
@click.pass_obj
def close_month(invocation: Invocation, month: str) -> None:
    from models.ledger import ledger
    from models.payroll import months

    session = invocation.session()
    ledger.settle(session)
    for each in months.unsettled(session, month):
        if not each.blocks:
            tell(_("Note: ") + _(_UNSETTLED[each.kind]) % ", ".join(each.staff_nos))
    closing, newly = months.close(session, month)
    text = _("%(month)s is closed.") if newly else _("%(month)s was closed already.")
    tell(text % {"month": month})
    tell(_("Digest (SHA-256) %s") % closing.digest)
    tell(_("Head of the audit trail %s") % closing.audit_head)
