"""`export`: files out."""

import sys
from datetime import date
from pathlib import Path

import click

from venue_tui.commands.arguments import month_argument, night_argument
from venue_tui.commands.invocation import Invocation, complain, tell
from venue_tui.commands.listing import help_of
from venue_tui.exchange.exports import NAMES, TIMELESS
from venue_tui.exchange.table_writer import FORMATS, HEADERS
from venue_tui.locale import _, ngettext


@click.command(
    "export",
    help=help_of("export"),
)
@click.argument("dataset", type=click.Choice(NAMES))
@click.option("--month", metavar="YYYY-MM", callback=month_argument, help=_("Only this month."))
@click.option("--night", metavar="YYYY-MM-DD", callback=night_argument, help=_("Only this night."))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help=_("The file; else standard output.")
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help=_("What it is written as; else as the file's name says, else CSV."),
)
@click.option("--plain", is_flag=True, help=_("CSV without byte order mark and with LF."))
@click.option(
    "--headers",
    type=click.Choice(HEADERS),
    default="en",
    show_default=True,
    help=_("The language of the headers."),
)
@click.option(
    "--profile",
    metavar="NAME|FILE",
    help=_("Deductions as a payroll program takes them: frappe, oca, single_item, statement, …"),
)
@click.option(
    "--rows",
    type=click.Choice(["staffer", "rule", "charge"]),
    help=_("What a profile's row is; else as it says."),
)
@click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help=_("A value of the profile's.")
)
@click.option("--by-team", is_flag=True, help=_("A sheet for each team, in a workbook."))
@click.pass_obj
def export_command(
    invocation: Invocation,
    dataset: str,
    month: str | None,
    night: date | None,
    output: Path | None,
    format_: str | None,
    plain: bool,
    headers: str,
    by_team: bool,
    profile: str | None,
    rows: str | None,
    settings: tuple[str, ...],
) -> None:
    from venue_tui.commands.progress import stages
    from venue_tui.exchange.exports import OF_THE_TRAIL, WITH_TEAMS, export

    format_ = format_ or _format_of(output)
    if profile is not None or rows is not None or settings:
        if dataset != "deductions" or month is None or profile is None:
            raise click.UsageError(_("--profile is for deductions of one --month"))
        if plain or by_team or night is not None or headers != "en":
            raise click.UsageError(_("a profile says itself how its file is written"))
        _export_profile(invocation, profile, rows, settings, month, output, format_)
        return

    if by_team and (format_ != "xlsx" or dataset not in WITH_TEAMS):
        raise click.UsageError(_("--by-team is for workbooks of what has teams: --format xlsx"))

    if output is None and format_ == "xlsx" and sys.stdout.isatty():
        raise click.UsageError(_("a spreadsheet is not for a terminal: name a file with -o"))
    if night is not None and (dataset != "night_log" or month is not None):
        raise click.UsageError(_("--night goes with night_log alone, and without --month"))
    session = invocation.session()
    if month is not None and dataset in TIMELESS:
        tell(_("%s belongs to no month: all of it is exported.") % dataset)
    with stages() as stage:
        stage(_("Exporting %s") % dataset)
        count = export(
            session,
            dataset,
            month,
            sys.stdout.buffer if output is None else output,
            format=format_,
            plain=plain,
            headers=headers,
            night=night,
            by_team=by_team,
        )
    if output is not None:
        written = ngettext(
            "%(rows)d row written to %(file)s", "%(rows)d rows written to %(file)s", count
        )
        tell(written % {"rows": count, "file": output})
    if dataset in OF_THE_TRAIL:
        _tell_of_the_trail(month)


def _format_of(output: Path | None) -> str:
    """What a file is written as by its name: a spreadsheet program refuses a CSV called .xlsx."""
    suffix = "" if output is None else output.suffix.lower().removeprefix(".")
    return suffix if suffix in FORMATS else FORMATS[0]


def _export_profile(
    invocation: Invocation,
    name: str,
    rows: str | None,
    settings: tuple[str, ...],
    month: str,
    output: Path | None,
    format_: str,
) -> None:
    from venue_tui.exchange.exports import export_profile
    from venue_tui.exchange.payroll_profiles import load

    values = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals:
            raise click.UsageError(_("--set is written NAME=VALUE"))
        values[key] = value
    if output is None and format_ == "xlsx" and sys.stdout.isatty():
        raise click.UsageError(_("a spreadsheet is not for a terminal: name a file with -o"))
    profile = load(name, values)
    if rows is not None:
        profile = profile._replace(rows=rows)
    session = invocation.session()
    written = export_profile(
        session, profile, month, sys.stdout.buffer if output is None else output, format=format_
    )
    if not written.closed:
        tell(_("Note: ") + _("%s is not closed: these sums may still change.") % month)
    if output is not None:
        count = len(written.rows)
        said = ngettext(
            "%(rows)d row written to %(file)s", "%(rows)d rows written to %(file)s", count
        )
        tell(said % {"rows": count, "file": output})
    _tell_of_the_trail(month)


def _tell_of_the_trail(month: str | None) -> None:
    from venue_tui.exchange.exports import doubts, trail_head

    for doubt in doubts(month):
        complain(doubt)
    tell(_("Head of the audit trail %s") % trail_head(month))
