"""A fictional venue to try the program on."""

import click

from models.values.files import scratch
from venue_tui.commands.invocation import Invocation
from venue_tui.commands.listing import help_of
from venue_tui.commands.open_terminal import require_terminal, run_terminal


@click.command("demo", help=help_of("demo"))
@click.pass_obj
def demo_command(invocation: Invocation) -> int:
    from venue_tui.demo.venue import make_demo

    require_terminal()
    with scratch() as folder:
        session = make_demo(folder)
        try:
            return run_terminal(session, invocation.chosen_language)
        finally:
            invocation.close()
