"""What a command that charges somebody, or takes a charge back, has in common: the sums are named
before it is done. Whoever sits at a terminal is asked; a script is not."""

import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

import click

from venue_tui.commands.invocation import tell
from venue_tui.locale import _

T = TypeVar("T", bound=Callable[..., object])


def foretelling(command: T) -> T:
    """Gives a command the options `dry_run` and `yes`."""
    said = _("Say what would come of it and change nothing.")
    command = click.option("--yes", is_flag=True, help=_("Don't ask."))(command)
    return click.option("--dry-run", is_flag=True, help=said)(command)


def somebody_answers() -> bool:
    """Whether a person can read a question here, and answer it."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def to_be_done(
    lines: Sequence[str], *, dry_run: bool, yes: bool, weighs: bool | None = None
) -> bool:
    """Whether it is to be done: not on a dry run. Names what comes of it, and where that `weighs`
    (left out: where it is anything) and there is somebody, asks. Raises click.Abort where it isn't
    wanted."""
    for line in lines:
        tell(line)
    if dry_run:
        tell(_("This was a dry run: nothing was recorded."))
        return False
    ask = (bool(lines) if weighs is None else weighs) and not yes and somebody_answers()
    if ask and not click.confirm(_("Record this?"), err=True):
        raise click.Abort
    return True
