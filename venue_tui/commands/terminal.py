"""A fictional venue to try the program on."""

import tempfile
from pathlib import Path

import click

from venue_tui.commands.invocation import Invocation
from venue_tui.commands.listing import help_of
from venue_tui.commands.opening import require_terminal, run_terminal


@click.command("demo", help=help_of("demo"))
@click.pass_obj
def demo_command(invocation: Invocation) -> int:
    from venue_tui.demo import make_demo

    require_terminal()
    with tempfile.TemporaryDirectory(prefix="venue-tui-", ignore_cleanup_errors=True) as folder:
        session = make_demo(Path(folder))
        try:
            return run_terminal(session, invocation.chosen_language)
        finally:
            invocation.close()
