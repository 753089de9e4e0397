"""`separations`: what is proposed when absences or a dismissal end a staffer's time."""

from functools import partial
from typing import TYPE_CHECKING

import click

from venue_tui.commands.arguments import month_argument
from venue_tui.commands.foretelling import foretelling, to_be_done
from venue_tui.commands.invocation import Invocation, tell
from venue_tui.commands.listing import help_of
from venue_tui.locale import _

if TYPE_CHECKING:
    from models.access.session import Session
    from models.ledger.separations import Proposal


@click.group("separations", help=help_of("separations"))
def separations_command() -> None:
    pass


@separations_command.command("list", help=_("The month's proposals and what was decided."))
@click.argument("month", callback=month_argument, metavar="YYYY-MM")
@click.pass_obj
def list_proposals(invocation: Invocation, month: str) -> None:
    from models.ledger import separations, settling
    from models.values.text import displayable

    session = invocation.session()
    settling.settle(session)
    for each in separations.proposals(session, month):
        cells = (each.night, each.staff_no, each.name, each.cause, each.decision or _("undecided"))
        click.echo("  ".join(displayable(str(cell)) for cell in cells))


@separations_command.command("confirm", help=_("Sets left_on to the proposal's night."))
@click.argument("staff_no")
@click.argument("month", callback=month_argument, metavar="YYYY-MM")
@click.option("--by", metavar="STAFF_NO", help=_("Who decides, in a venue without accounts."))
@click.option("--reason", help=_("Why."))
@foretelling
@click.pass_obj
def confirm(
    invocation: Invocation,
    staff_no: str,
    month: str,
    by: str | None,
    reason: str | None,
    dry_run: bool,
    yes: bool,
) -> None:
    from models.ledger import separations
    from models.operations.charge_preview import foresee
    from venue_tui.charge_words import lines_of
    from venue_tui.words import shown_name

    session, proposal = _waiting(invocation, staff_no, month)
    decide = partial(separations.decide, session, proposal, separations.CONFIRMED, by, reason)
    ends = _("Confirmed, %(who)s has left as of %(night)s, and this ends their job.") % {
        "who": shown_name(staff_no, proposal.name),
        "night": proposal.night,
    }
    lines = [ends, *lines_of(session, foresee(session, decide, staff_no))]
    if to_be_done(lines, dry_run=dry_run, yes=yes):
        decide()
        tell(_("%(staff_no)s left on %(night)s.") % {"staff_no": staff_no, "night": proposal.night})


@separations_command.command("keep", help=_("Keeps the staffer on, and records it."))
@click.argument("staff_no")
@click.argument("month", callback=month_argument, metavar="YYYY-MM")
@click.option("--by", metavar="STAFF_NO", help=_("Who decides, in a venue without accounts."))
@click.option("--reason", help=_("Why."))
@click.pass_obj
def keep(
    invocation: Invocation, staff_no: str, month: str, by: str | None, reason: str | None
) -> None:
    from models.ledger import separations

    session, proposal = _waiting(invocation, staff_no, month)
    separations.decide(session, proposal, separations.KEPT, by, reason)
    tell(_("%(staff_no)s stays.") % {"staff_no": staff_no})


def _waiting(invocation: Invocation, staff_no: str, month: str) -> "tuple[Session, Proposal]":
    """The session to decide at, and what is proposed of somebody in a month. Raises Refused where
    nothing is."""
    from models.ledger import separations, settling
    from models.values.problems import refused

    session = invocation.session()
    settling.settle(session)
    waiting = [each for each in separations.undecided(session, month) if each.staff_no == staff_no]
    if not waiting:
        raise refused(
            "staff_no",
            "no separation of %(staff_no)s waits for a decision in %(month)s",
            staff_no=staff_no,
            month=month,
        )
    return session, waiting[0]
