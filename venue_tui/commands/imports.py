"""`import`: files in."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from models.values.datasets import DATASETS, plain
from venue_tui.commands.invocation import Invocation, give_up, tell, translated
from venue_tui.commands.listing import help_of
from venue_tui.exchange.dates import ORDERS, Order
from venue_tui.exchange.imports import How, Reading, read
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
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="HEADER=COLUMN",
    help=_("Which of our columns a header of another program's is; HEADER= leaves it out."),
)
@click.option(
    "--guess",
    is_flag=True,
    help=_(
        "Read other programs' headers as they were chosen on the screen before, or by the words"
        " that are used for them; says which. Try it with --dry-run."
    ),
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
    mapped: tuple[str, ...],
    guess: bool,
) -> None:
    mapping = _mapping(mapped)
    if undo == bool(paths):
        raise click.UsageError(_("name files and folders to import, or --undo alone"))
    session = invocation.session()
    if undo:
        _undo(session, reason, dry_run)
    else:
        _import(session, paths, dry_run, reason, new_numbers, How(dates, dataset, mapping), guess)


def _import(
    session: "Session",
    paths: tuple[Path, ...],
    dry_run: bool,
    reason: str | None,
    new_numbers: bool,
    how: How,
    guess: bool,
) -> None:
    from models.imports.importer import intake
    from models.operations import directory
    from models.values.text import displayable
    from venue_tui.commands.progress import stages
    from venue_tui.exchange.preview import MOST, preview

    with stages() as stage:

        def read_as(how: How) -> Reading:
            return read(
                paths,
                session.calendar,
                lambda path: stage(_("Reading %s") % displayable(path.name)),
                how=how,
                names=directory.names,
            )

        reading = read_as(how)
        foreign = _foreign(reading, how)
        if foreign and guess:
            reading = read_as(how._replace(mapping=_merged(how.mapping, foreign)))
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
    for label, _name, columns in foreign:
        for line in _said_foreign(label, columns, guess):
            tell(displayable(line))
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
    for line in preview(report, session.calendar.format, MOST if dry_run else _MOST_AFTERWARDS):
        tell(line)
    if not report.changed:
        tell(_("Nothing changed: all of it was recorded already."))
    elif dry_run:
        tell(_("This was a dry run: nothing was recorded."))


def _mapping(mapped: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """What was said of headers, by dataset: each that has the column hears of it."""
    found: dict[str, dict[str, str]] = {}
    for each in mapped:
        header, equals, column = each.rpartition("=")
        holders = [name for name, one in DATASETS.items() if not column or column in one.column]
        if not equals or not header.strip() or not holders:
            raise click.UsageError(_("--map is written HEADER=COLUMN, with a column of ours"))
        for name in holders:
            found.setdefault(name, {})[plain(header)] = column
    return found


def _foreign(reading: Reading, how: How) -> list[tuple[str, str, dict[str, str]]]:
    """Of each table with headers that are not ours, and of which nothing was said: its label, its
    dataset, and which column each may stand for, "" for none."""
    from venue_tui.exchange.mappings import guess, remembered

    known = remembered()
    found = []
    for table in reading.tables:
        said = how.mapping.get(table.name, {})
        guessed = guess(table.dataset, table.header_row, {**known.get(table.name, {}), **said})
        columns = {header: column for header, column in guessed.items() if header not in said}
        if columns:
            found.append((table.label, table.name, columns))
    return found


def _merged(
    said: Mapping[str, Mapping[str, str]], foreign: list[tuple[str, str, dict[str, str]]]
) -> dict[str, dict[str, str]]:
    merged = {name: dict(columns) for name, columns in said.items()}
    for _label, name, columns in foreign:
        merged[name] = {**columns, **merged.get(name, {})}
    return merged


def _said_foreign(label: str, columns: dict[str, str], guessed: bool) -> list[str]:
    """How headers of another program's were read, or how they could be."""
    from venue_tui.words import file_word

    if guessed:
        read_as, left_out = _("«%(header)s» is read as %(column)s"), _("«%(header)s» is left out")
        return [
            f"{label}: "
            + (read_as if column else left_out)
            % {"header": header, "column": file_word(column) if column else ""}
            for header, column in columns.items()
        ]
    if not any(columns.values()):
        return []  # nothing is known of them: the complaints say all there is to say
    options = " ".join(f"--map {shlex.quote(f'{each}={columns[each]}')}" for each in columns)
    return [f"{label}: " + _("its columns are not ours; --guess reads them as %s") % options]


def _undo(session: "Session", reason: str | None, dry_run: bool) -> None:
    from models.imports.undo import undo
    from venue_tui.exchange.preview import undone

    what = undo(session, reason=reason, dry_run=dry_run)
    tell(
        _("The import of %(at)s by %(who)s is taken back:")
        % {"at": session.calendar.shown(what.at), "who": what.who}
    )
    for line in undone(what):
        tell(line)
    if dry_run:
        tell(_("This was a dry run: nothing was recorded."))
