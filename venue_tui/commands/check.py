"""`check`: proves that the money is right, and that all is as the audit trail says."""

import click

from venue_tui.commands.invocation import Invocation, give_up, translated
from venue_tui.commands.listing import help_of
from venue_tui.locale import _, ngettext


@click.command(
    "check",
    help=help_of("check"),
)
@click.option(
    "--all",
    "anew",
    is_flag=True,
    help=_("Proves closed months anew, too, that this terminal proved before."),
)
@click.pass_obj
def check_command(invocation: Invocation, anew: bool) -> None:
    from models.access.permissions import require
    from models.payroll.verification import verify
    from models.values.text import displayable
    from venue_tui.commands.progress import stages

    session = invocation.session()
    require(session, "audit")  # what is wrong is said with everybody's names and sums
    with stages() as stage:
        stage(_("Judging every night again"))
        found = verify(session, anew=anew)
    for warning in found.warnings:
        click.echo(displayable(translated(warning)), err=True)
    if found.problems:
        give_up([displayable(translated(each)) for each in found.problems])
    click.echo(
        _("%(charges)d charges of %(nights)d nights are those which the facts give.")
        % {"charges": found.charges, "nights": found.nights}
    )
    if found.turns:
        click.echo(
            _("%(turns)d turns, of which %(otherwise)d went to somebody whose turn it was not.")
            % {"turns": found.turns, "otherwise": found.turns_given_otherwise}
        )
    frozen = ngettext(
        "%d closed month is as it was frozen.",
        "%d closed months are as they were frozen.",
        found.closed_months,
    )
    click.echo(frozen % found.closed_months)
    if found.proved_before is not None:
        click.echo(
            _("Up to %s all is as this terminal proved it before; --all proves it anew.")
            % found.proved_before
        )
    click.echo(
        _("The audit trail of %(lines)d lines is whole; its head is %(head)s.")
        % {"lines": found.audit_lines, "head": found.audit_head}
    )
