"""`import`: files in."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from models.values.datasets import DATASETS
from venue_tui.commands.invocation import Invocation, give_up, tell, translated
from venue_tui.commands.listing import help_of
from venue_tui.exchange.dates import ORDERS, Order
from venue_tui.exchange.imports import How, read
from venue_tui.locale import _

if TYPE_CHECKING:
    from models.access.session import Session

_MOST_AFTERWARDS = 20
"""So many changes of a kind are told once they are recorded."""


@click.command(
    "import",
    help=help_of("import"),
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help=_("Check everything and change nothing."))
@click.option("--undo", is_flag=True, help=_("Take the last import back as a whole."))
@click.option("--reason", help=_("Why facts of a closed month are corrected."))
@click.option(
    "--new-numbers",
    is_flag=True,
    help=_("Take new numbers that look like others, such as 7 beside 0007."),
)
@click.option(
    "--as",
    "dataset",
    type=click.Choice(list(DATASETS)),
    help=_("What the files hold, whatever their names are."),
)
@click.option(
    "--dates",
    type=click.Choice(ORDERS),
    help=_("What comes first in dates whose year comes last, such as 9/1/2026."),
)
@click.pass_obj
def import_command(
    invocation: Invocation,
    paths: tuple[Path, ...],
    dry_run: bool,
    undo: bool,
    reason: str | None,
    new_numbers: bool,
    dataset: str | None,
    dates: Order | None,
) -> None:
    if undo == bool(paths):
        raise click.UsageError(_("name files and folders to import, or --undo alone"))
    session = invocation.session()
    if undo:
        _undo(session, reason, dry_run)
    else:
        _import(session, paths, dry_run, reason, new_numbers, How(dates, dataset))


def _import(
    session: "Session",
    paths: tuple[Path, ...],
    dry_run: bool,
    reason: str | None,
    new_numbers: bool,
    how: How,
) -> None:
    from models.imports.importer import intake
    from models.operations import directory
    from models.values.text import displayable
    from venue_tui.commands.progress import stages
    from venue_tui.exchange.preview import MOST, preview

    with stages() as stage:
        reading = read(
            paths,
            session.calendar,
            lambda path: stage(_("Reading %s") % displayable(path.name)),
            how=how,
            names=directory.names,
        )
        stage(_("Checking and recording"))
        report = intake(
            session, reading.tables, reason=reason, dry_run=dry_run, new_numbers=new_numbers
        )
    for path in reading.passed_over:
        tell(_("%s: passed over, it is not named after a dataset") % path)
    for table in reading.tables:
        for line in table.report_notes(translated):
            click.echo(line, err=True)
        for each in table.read_as:
            tell(f"{table.label}: {translated(each)}")
    complaints = [
        f"{displayable(str(path))}: {displayable(translated(found))}"
        for path, found in reading.problems
    ]
    for table in reading.tables:
        complaints += table.report(translated)
    complaints += [displayable(translated(each)) for each in report.problems]
    if not complaints and not reading.rows:
        complaints = [_("There is nothing in it to import.")]
    if complaints:
        give_up([*complaints, _("Nothing was imported.")])
    for line in preview(report, session.calendar, MOST if dry_run else _MOST_AFTERWARDS):
        tell(line)
    if not report.changed:
        tell(_("Nothing changed: all of it was recorded already."))
    elif dry_run:
        tell(_("This was a dry run: nothing was recorded."))


def _undo(session: "Session", reason: str | None, dry_run: bool) -> None:
    from models.imports.undo import undo
    from venue_tui.exchange.preview import undone

    what = undo(session, reason=reason, dry_run=dry_run)
    tell(
        _("The import of %(at)s by %(who)s is taken back:")
        % {"at": session.calendar.format(what.at), "who": what.who}
    )
    for line in undone(what):
        tell(line)
    if dry_run:
        tell(_("This was a dry run: nothing was recorded."))
