"""`manual`: the pages of the manual."""

import click

from venue_tui.commands.listing import help_of
from venue_tui.locale import _
from venue_tui.manual import TOPICS, page


@click.command("manual", help=help_of("manual"))
@click.argument("topic", required=False, type=click.Choice(list(TOPICS)))
def manual_command(topic: str | None) -> None:
    if topic is not None:
        click.echo(page(topic))
        return
    width = max(map(len, TOPICS))
    for name, title in TOPICS.items():
        click.echo(f"{name:<{width}}  {_(title)}")
