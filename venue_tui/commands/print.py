"""`print`: papers to be handed over and signed."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from venue_tui.commands.arguments import month_argument
from venue_tui.commands.invocation import Invocation, tell
from venue_tui.commands.listing import help_of
from venue_tui.exchange.papers.printing import FORMATS
from venue_tui.locale import _

if TYPE_CHECKING:
    from venue_tui.exchange.papers.document import Document

_ENCODINGS = ("gb18030", "gbk", "utf-8")


def _ways(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every paper."""
    for option in (
        click.option(
            "--paper",
            type=click.Choice(["58", "80"]),
            default="80",
            show_default=True,
            help=_("The width of a receipt printer's paper in millimetres."),
        ),
        click.option(
            "--encoding",
            type=click.Choice(_ENCODINGS),
            default="gb18030",
            show_default=True,
            help=_("What a receipt printer reads; «print test-page» shows it."),
        ),
        click.option(
            "--printer",
            metavar="DEVICE",
            help=_("Send it to a receipt printer: /dev/usb/lp0, or tcp://HOST:9100."),
        ),
        click.option("--format", "format_", type=click.Choice(FORMATS), help=_("Else text.")),
        click.option(
            "-o",
            "--output",
            type=click.Path(path_type=Path),
            help=_("The file; else standard output."),
        ),
    ):
        function = option(function)
    return function


@click.group("print", help=help_of("print"))
def print_command() -> None:
    pass


@print_command.command("slip", help=_("An outing slip."))
@click.argument("slip_no")
@_ways
@click.pass_obj
def print_slip(invocation: Invocation, /, slip_no: str, **ways: Any) -> None:
    from venue_tui.exchange.papers import contents

    _deliver(contents.slip(invocation.session(), slip_no), **ways)


@print_command.command(
    "notice",
    help=_("A notice of a staffer's charges of a month: why, how much, and how to contest them."),
)
@click.argument("staff_no")
@click.argument("month", callback=month_argument, metavar="YYYY-MM")
@_ways
@click.pass_obj
def print_notice(invocation: Invocation, /, staff_no: str, month: str, **ways: Any) -> None:
    from venue_tui.exchange.papers import contents

    _deliver(contents.notice(invocation.session(), staff_no, month), **ways)


@print_command.command("statement", help=_("A staffer's month: charges, deduction and sales."))
@click.argument("staff_no")
@click.argument("month", callback=month_argument, metavar="YYYY-MM")
@_ways
@click.pass_obj
def print_statement(invocation: Invocation, /, staff_no: str, month: str, **ways: Any) -> None:
    from venue_tui.exchange.papers import contents

    _deliver(contents.statement(invocation.session(), staff_no, month), **ways)


@print_command.command(
    "test-page", help=_("A page that shows whether a receipt printer reads an encoding.")
)
@_ways
def print_test_page(**ways: Any) -> None:
    from venue_tui.exchange.papers import contents

    ways["format_"] = ways["format_"] or "escpos"
    _deliver(contents.test_page(ways["encoding"]), **ways)


def _deliver(
    document: "Document",
    output: Path | None,
    format_: str | None,
    printer: str | None,
    encoding: str,
    paper: str,
) -> None:
    from venue_tui.exchange.papers.printing import rendered, send
    from venue_tui.exchange.table_writer import write_bytes

    if printer is not None and (output is not None or format_ not in (None, "escpos")):
        raise click.UsageError(_("--printer takes escpos, and no -o"))
    format_ = format_ or ("escpos" if printer is not None else _by_name(output))
    if output is None and printer is None and format_ != "text" and sys.stdout.isatty():
        raise click.UsageError(_("this is not for a terminal: name a file with -o"))
    data = rendered(document, format_, encoding, int(paper))
    if printer is not None:
        send(data, printer)
        tell(_("Sent to %s.") % printer)
        return
    write_bytes(data, sys.stdout.buffer if output is None else output)
    if output is not None:
        tell(_("Written to %s.") % output)


def _by_name(output: Path | None) -> str:
    """The format that a file's name asks for."""
    return "pdf" if output is not None and output.suffix.lower() == ".pdf" else "text"
