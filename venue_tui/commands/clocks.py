"""`clocks`: the punch clocks, whose their numbers are, and how wrong they go."""

import os
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from models.operations import first_punches
from models.values.problems import refused
from venue_tui.commands.arguments import night_argument
from venue_tui.commands.foretelling import foretelling, to_be_done
from venue_tui.commands.invocation import Invocation, read_secret, tell
from venue_tui.commands.listing import help_of
from venue_tui.commands.punches import BY, said_different, say_read, say_taken, take_in
from venue_tui.locale import _

if TYPE_CHECKING:
    from models.access.session import Session
    from models.operations.clocks import ClockNumber
    from models.operations.punch_arrivals import Taken
    from venue_tui.exchange.punches.push import ClockServer


@click.group("clocks", help=help_of("clocks"))
def clocks_command() -> None:
    pass


@clocks_command.command("list", help=_("Every number of every clock, the unknown ones first."))
@click.pass_obj
def list_numbers(invocation: Invocation) -> None:
    from models.access.permissions import require
    from models.operations import clocks
    from models.values.text import displayable
    from venue_tui.commands.columns import show

    session = invocation.session()
    require(session, "import")
    rows = [
        (
            each.clock,
            each.shown,
            each.name or "",
            _whose(each),
            str(each.punches),
            (each.last_told_at or "").replace("T", " "),
        )
        for each in clocks.numbers()
    ]
    head = (_("clock"), _("number"), _("its name"), _("whose"), _("punches"), _("last"))
    show([head, *rows], right=(4,))
    for clock, offsets in clocks.offsets().items():
        for since, seconds in offsets:
            click.echo(
                displayable(
                    _("%(clock)s: %(seconds)+d s from %(since)s on")
                    % {"clock": clock, "seconds": seconds, "since": since}
                )
            )


def _whose(each: "ClockNumber") -> str:
    if each.staff_no is not None:
        return f"{each.staff_no} {each.staff_name}"
    if each.ignored:
        return _("nobody's")
    if each.guess is not None:
        return f"? {each.guess.staff_no} ({_(BY[each.guess.by])})"
    return "?"


@clocks_command.command("match", help=_("Says whose a clock's number is."))
@click.argument("clock")
@click.argument("number")
@click.argument("staff_no", required=False)
@click.option("--nobody", is_flag=True, help=_("It is nobody's on the roll: a cleaner's, say."))
@foretelling
@click.pass_obj
def match_number(
    invocation: Invocation,
    clock: str,
    number: str,
    staff_no: str | None,
    nobody: bool,
    dry_run: bool,
    yes: bool,
) -> None:
    from models.operations import punches

    if (staff_no is not None) == nobody:
        raise click.UsageError(_("name a staff number, or say --nobody"))
    session = invocation.session()
    match = partial(punches.match, session, clock, number, staff_no, ignored=nobody)
    _foretold(session, match, dry_run, yes)


@clocks_command.command(
    "offset",
    context_settings={"ignore_unknown_options": True},
    help=_("Says by how many seconds a clock's times are to be put forward (or -back)."),
)
@click.argument("clock")
@click.argument("seconds", type=int)
@click.option(
    "--from", "since", callback=night_argument, metavar="YYYY-MM-DD", required=True,
    help=_("From which of the clock's dates on."),
)  # fmt: skip
@foretelling
@click.pass_obj
def set_offset(
    invocation: Invocation, clock: str, seconds: int, since: date, dry_run: bool, yes: bool
) -> None:
    from models.operations import punches

    session = invocation.session()
    put = partial(punches.set_offset, session, clock, since, seconds)
    _foretold(session, put, dry_run, yes)


@clocks_command.command("differences", help=_("Where a mark and a punch of a night differ."))
@click.argument("night", callback=night_argument, metavar="YYYY-MM-DD")
@click.pass_obj
def list_differences(invocation: Invocation, night: date) -> None:
    from models.access.permissions import require
    from models.values.text import displayable

    session = invocation.session()
    require(session, "import")
    from models.operations import directory

    names = directory.names_by_number()
    for each in first_punches.differences(session, night, night):
        click.echo(displayable(said_different(session, each, names)))


@clocks_command.command(
    "listen",
    help=_(
        "Hears ZKTeco clocks that push over HTTP (ADMS), until ctrl+c. The protocol knows no"
        " password: only named serial numbers are heard, and it belongs into the house's own"
        " network."
    ),
)
@click.option(
    "--serial",
    "serials",
    multiple=True,
    required=True,
    metavar="SN[=NAME]",
    help=_("A clock's serial number, and what it is called here."),
)
@click.option("--host", default="127.0.0.1", show_default=True, help=_("Where to listen."))
@click.option("--port", type=click.IntRange(1, 65535), default=8081, show_default=True)
@click.pass_obj
def listen(invocation: Invocation, serials: tuple[str, ...], host: str, port: int) -> None:
    from models.access.permissions import require
    from models.operations import clocks

    named = {}
    for each in serials:
        serial, equals, name = each.partition("=")
        named[serial] = name if equals else serial
        clocks.check_name(named[serial])
    session = invocation.session()
    require(session, "import")
    server = clock_server(session, named, (host, port))
    tell(
        _("Listening at %(host)s:%(port)d for %(clocks)s; ctrl+c ends it.")
        % {"host": host, "port": port, "clocks": ", ".join(named.values())}
    )
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        tell(_("No longer listening."))
    finally:
        server.server_close()


@clocks_command.command(
    "pull",
    help=_(
        "Asks a ZKTeco clock for its punches over TCP, and takes them in. It needs the extra"
        " «clocks». The protocol is the maker's own and not encrypted: it belongs into the house's"
        " own network. A clock with a key wants it from a file descriptor, from"
        " VENUE_TUI_CLOCK_KEY, or by prompt with --key."
    ),
)
@click.argument("clock")
@click.argument("host")
@click.option("--port", type=click.IntRange(1, 65535), default=4370, show_default=True)
@click.option("--key", "ask_key", is_flag=True, help=_("Ask for the clock's communication key."))
@click.option("--key-fd", type=click.IntRange(min=0), metavar="N", help=_("Read the key from it."))
@click.option(
    "--accept", is_flag=True, help=_("Match numbers that seem to be somebody's; else only list.")
)
@foretelling
@click.pass_obj
def pull_punches(
    invocation: Invocation,
    clock: str,
    host: str,
    port: int,
    ask_key: bool,
    key_fd: int | None,
    accept: bool,
    dry_run: bool,
    yes: bool,
) -> None:
    from models.access.permissions import require
    from models.operations import clocks
    from venue_tui.commands.progress import stages
    from venue_tui.exchange.punches.files import from_clock
    from venue_tui.exchange.punches.pull import pull

    clocks.check_name(clock)
    session = invocation.session()
    require(session, "import")
    key = _key(ask_key, key_fd)
    now = session.calendar.local(session.now()).replace(tzinfo=None)
    with stages() as stage:
        stage(_("Reading punches"))
        found = from_clock(pull(host, port, key, now), f"{host}:{port}", clock)
    take_in(session, found, dry_run=dry_run, accept=accept, yes=yes)


def _key(ask: bool, descriptor: int | None) -> int:
    """A clock's communication key, 0 for none. Raises Refused for what can't be one."""
    if descriptor is not None:
        given = read_secret(descriptor)
    elif ask:
        given = click.prompt(_("Key of the clock"), hide_input=True, err=True)
    else:
        given = os.environ.get("VENUE_TUI_CLOCK_KEY", "0")
    if not (given.isascii() and given.isdigit() and len(given) <= 9):
        raise refused("key", "a clock's key is a number")
    return int(given)


def clock_server(
    session: "Session", serials: Mapping[str, str], address: tuple[str, int]
) -> "ClockServer":
    """A server that takes in what the clocks of these serial numbers push, in its own thread."""
    from models.operations import punches
    from venue_tui.exchange.punches.files import from_clock
    from venue_tui.exchange.punches.push import ClockServer, Pushed

    def take(pushed: Pushed) -> None:
        found = from_clock(pushed.read, pushed.serial, serials[pushed.serial])
        if pushed.read.damage:
            say_read(found)
        taken = punches.take(session, found.punches)
        if taken.changed:
            say_taken(session, taken)

    def now() -> datetime:
        return session.calendar.local(session.now()).replace(tzinfo=None)

    return ClockServer(address, serials, now, take, tell)


def _foretold(session: "Session", change: Callable[..., "Taken"], dry_run: bool, yes: bool) -> None:
    """Names whose arrivals a change brings or takes, and what that costs, before it is made; asks
    where there are any."""
    taken = change(dry_run=True)
    if taken.arrivals or taken.differing:
        say_taken(session, taken)
    if to_be_done((), dry_run=dry_run, yes=yes, weighs=bool(taken.arrivals)):
        change()
        tell(_("Recorded."))
