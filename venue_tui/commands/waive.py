"""`waive`: lets a charge go."""

from datetime import date
from functools import partial

import click

from venue_tui.commands.arguments import night_argument
from venue_tui.commands.foretelling import foretelling, to_be_done
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
@foretelling
@click.pass_obj
def waive_command(
    invocation: Invocation,
    staff_no: str,
    night: date,
    rule: str,
    source: str,
    reason: str,
    by: str | None,
    dry_run: bool,
    yes: bool,
) -> None:
    from models.ledger import waivers
    from models.operations.charge_preview import foresee
    from venue_tui.charge_words import lines_of

    session = invocation.session()
    waive = partial(waivers.waive, session, staff_no, night, rule, source, reason, by)
    lines = lines_of(session, foresee(session, waive, staff_no))
    if not to_be_done(lines, dry_run=dry_run, yes=yes):
        return
    waived = waive()
    tell(
        _("Waived: %(rule)s of %(staff_no)s on %(night)s.")
        % {"rule": rule, "staff_no": staff_no, "night": night}
        if waived
        else _("It was waived for this reason already; nothing changed.")
    )
