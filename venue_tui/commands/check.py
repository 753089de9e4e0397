"""`check`: proves that the charges are those which the facts give."""

import click

from venue_tui.commands.session import Session, give_up, translated
from venue_tui.locale import _


@click.command(
    "check",
    help=_(
        "Proves that the charges in the database are those which the facts give, and that the audit"
        " trail is whole."
    ),
)
@click.pass_obj
def check_command(session: Session) -> None:
    from models.text import displayable
    from models.verification import verify
    from venue_tui.commands.progress import stages

    desk = session.desk()
    with stages() as stage:
        stage(_("Judging every night again"))
        found = verify(desk)
    if found.problems:
        give_up([displayable(translated(each)) for each in found.problems])
    click.echo(
        _("%(charges)d charges of %(nights)d nights are those which the facts give.")
        % {"charges": found.charges, "nights": found.nights}
    )
    click.echo(_("%d closed months are as they were frozen.") % found.closed_months)
    click.echo(
        _("The audit trail of %(lines)d lines is whole; its head is %(head)s.")
        % {"lines": found.audit_lines, "head": found.audit_head}
    )
