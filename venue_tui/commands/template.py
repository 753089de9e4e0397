"""`template`: workbooks to be filled in."""

import sys
from datetime import date
from io import BytesIO
from pathlib import Path

import click

from models.values.datasets import DATASETS
from venue_tui.commands.listing import help_of
from venue_tui.exchange.table_writer import HEADERS
from venue_tui.locale import _

_SAMPLE = date(2026, 9, 30)
"""The last night of the sample, which has been everywhere."""


@click.command(
    "template",
    help=help_of("template"),
)
@click.argument("dataset", required=False, type=click.Choice(list(DATASETS)))
@click.option(
    "--sample",
    is_flag=True,
    help=_("Filled with a fictional venue's September 2026, to see how it is done."),
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help=_("The file; else standard output.")
)
@click.option(
    "--headers",
    type=click.Choice(HEADERS),
    default="en",
    show_default=True,
    help=_("The language of the headers."),
)
def template_command(dataset: str | None, sample: bool, output: Path | None, headers: str) -> None:
    from venue_tui.commands.invocation import tell
    from venue_tui.demo.month import demo_month
    from venue_tui.exchange.table_writer import write_bytes
    from venue_tui.exchange.templates import write_template

    if output is None and sys.stdout.isatty():
        raise click.UsageError(_("a spreadsheet is not for a terminal: name a file with -o"))
    datasets = list(DATASETS.values()) if dataset is None else [DATASETS[dataset]]
    finished = BytesIO()
    write_template(datasets, finished, headers, demo_month(_SAMPLE) if sample else None)
    write_bytes(finished.getvalue(), sys.stdout.buffer if output is None else output)
    if output is not None:
        tell(_("Written: %s") % output)
