"""`close night` and `close month`."""

from datetime import date
from threading import Thread
from typing import TYPE_CHECKING

import click

from venue_tui.commands.arguments import month_argument, night_argument
from venue_tui.commands.invocation import Invocation, give_up, tell
from venue_tui.commands.listing import help_of
from venue_tui.locale import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.ledger.ledger import Difference

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
@click.pass_obj
def close_night(invocation: Invocation, night: date, not_held: bool, reason: str | None) -> None:
    from models.operations import briefings, unheld_briefings
    from models.values.money import format_money

    session = invocation.session()
    if not_held:
        taken = unheld_briefings.not_held(session, night, reason)
        tell(
            _("No briefing was held on %(night)s: it is taken back, with the signs of %(signs)d.")
            % {"night": night, "signs": taken.signs}
        )
        tell_changes(taken.changes)
        return
    absent = briefings.closing(session, night).absences
    if not briefings.close_night(session, night):
        tell(_("The night of %s is over or closed already; nothing changed.") % night)
        return
    tell(_("The night of %s is closed.") % night)
    for each in absent:
        tell(
            _("absent: %(staff_no)s %(name)s, %(amount)s")
            % {
                "staff_no": each.staff_no,
                "name": each.name,
                "amount": format_money(each.amount),
            }
        )


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


def tell_changes(changes: "Iterable[Difference]") -> None:
    """Says which charges come and go, with their sums."""
    from models.rules.charges import Status
    from models.values.money import format_money

    for (staff_no, night, rule, _source), was, (amount, status, _basis) in changes:
        stood = was is not None and was[1] == Status.STANDING
        if stood and status != Status.STANDING:
            assert was is not None
            text, amount = (
                _("no longer charged: %(staff_no)s %(night)s %(rule)s %(amount)s"),
                was[0],
            )
        elif status == Status.STANDING and not stood:
            text = _("charged: %(staff_no)s %(night)s %(rule)s %(amount)s")
        else:
            continue
        values = {"staff_no": staff_no, "night": night, "rule": rule}
        tell(text % {**values, "amount": format_money(amount)})
