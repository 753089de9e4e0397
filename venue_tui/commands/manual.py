"""`manual`: the pages of the manual."""

import click

from venue_tui.locale import _
from venue_tui.manual import TOPICS, page


@click.command("manual", help=_("The manual: its topics, or the page on one of them."))
@click.argument("topic", required=False, type=click.Choice(list(TOPICS)))
def manual_command(topic: str | None) -> None:
    if topic is not None:
        click.echo(page(topic))
        return
    width = max(map(len, TOPICS))
    for name, title in TOPICS.items():
        click.echo(f"{name:<{width}}  {_(title)}")
