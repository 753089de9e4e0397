"""`notify`: tells group chats what happens, as long as it runs."""

import time
from typing import TYPE_CHECKING

import click

from venue_tui.commands.invocation import Invocation, complain, give_up, tell, translated
from venue_tui.commands.listing import help_of
from venue_tui.locale import _, ngettext

if TYPE_CHECKING:
    from venue_tui.chat.sender import Sender

_LOOK_EVERY = 5.0


@click.command(
    "notify",
    help=help_of("notify"),
)
@click.option("--once", is_flag=True, help=_("Tell what there is to tell, and end."))
@click.option("--test", "trial", is_flag=True, help=_("Send each chat a trial message, and end."))
@click.pass_obj
def notify_command(invocation: Invocation, once: bool, trial: bool) -> None:
    from venue_tui.chat.sender import Sender, try_out
    from venue_tui.chat.settings import chat_path, load

    chats = load()
    if not chats:
        give_up([_("No chat is named in %s, so nothing is told.") % chat_path()])
    session = invocation.session()
    if trial:
        problems = try_out(session, chats)
        if problems:
            give_up([translated(each) for each in problems])
        tell(ngettext("%d chat took it.", "%d chats took it.", len(chats)) % len(chats))
        return
    sender = Sender(session, chats)
    if once:
        if not turn(sender):
            raise click.exceptions.Exit(1)
        return
    tell(_("Telling %s; ctrl+c ends it.") % ", ".join(each.name for each in chats))
    try:
        while True:
            turn(sender)
            time.sleep(_LOOK_EVERY)
    except KeyboardInterrupt:
        tell(_("No longer telling."))


def turn(sender: "Sender") -> bool:
    """One turn of the sender; says what came of it, and gives whether all went well. A database
    that is lost is said, and tried again."""
    from models.values.problems import Refused

    try:
        outcome = sender.turn()
    except Refused as refusal:
        for each in refusal.problems:
            complain(each)
        return False
    for chat, lines in outcome.told:
        said = ngettext("%(chat)s: %(n)d line", "%(chat)s: %(n)d lines", lines)
        tell(said % {"chat": chat.name, "n": lines})
    for each in outcome.problems:
        complain(each)
    return not outcome.problems
