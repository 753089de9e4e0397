"""`waive`: lets a charge go."""

from datetime import date

import click

from venue_tui.commands.arguments import night_argument
from venue_tui.commands.invocation import Invocation, tell
from venue_tui.commands.listing import help_of
from venue_tui.locale import _


@click.command("waive", help=help_of("waive"))
@click.argument("staff_no")
@click.argument("night", callback=night_argument, metavar="YYYY-MM-DD")
@click.argument("rule")
@click.argument("source")
@click.option("--reason", required=True, help=_("Why it is let go."))
@click.option(
    "--by",
    metavar="STAFF_NO",
    help=_("Who lets it go, in a venue without accounts; else the night's duty director."),
)
@click.pass_obj
def waive_command(
    invocation: Invocation,
    staff_no: str,
    night: date,
    rule: str,
    source: str,
    reason: str,
    by: str | None,
) -> None:
    from models.ledger import waivers

    session = invocation.session()
    waived = waivers.waive(session, staff_no, night, rule, source, reason, by)
    tell(
        _("Waived: %(rule)s of %(staff_no)s on %(night)s.")
        % {"rule": rule, "staff_no": staff_no, "night": night}
        if waived
        else _("It was waived for this reason already; nothing changed.")
    )
