"""`init` makes the venue, `venue` shows and edits it."""

import click

from models.values.text import displayable
from venue_tui.commands.invocation import Invocation, tell
from venue_tui.commands.listing import help_of
from venue_tui.locale import _


@click.command("init", help=help_of("init"))
@click.option("--name", required=True, help=_("What the house is called."))
@click.option("--timezone", required=True, help=_("Its IANA time zone, such as Asia/Shanghai."))
@click.option(
    "--rulebook",
    default="nightlife",
    show_default=True,
    help=_("A rulebook that comes with the program, or a TOML file."),
)
@click.option(
    "--group",
    "shared",
    is_flag=True,
    help=_(
        "Lets the file's group work in it too: several users of one machine. Else it is yours"
        " alone."
    ),
)
@click.pass_obj
def init_command(
    invocation: Invocation, name: str, timezone: str, rulebook: str, shared: bool
) -> None:
    from models.access.session import zone
    from models.backup.opening import open_venue
    from models.operations.venue import make_venue
    from models.rules import shipped
    from models.storage.opening import share_with_group, shown_url
    from models.storage.terminals import this_terminal, this_user
    from models.values.nights import utc_now
    from models.values.problems import Refused
    from models.values.text import name_problem

    # Everything that can be refused is, before a file is made.
    if (problem := name_problem(name)) is not None:
        raise Refused(problem)
    zone(timezone)
    book = shipped.load(rulebook)
    open_venue(invocation.url, create=True)
    if shared:
        share_with_group(invocation.url)
    make_venue(name, timezone, book, utc_now(), this_user(), this_terminal())
    tell(
        _("%(name)s is ready, with the rulebook %(rulebook)s, in %(database)s.")
        % {"name": name, "rulebook": book.name, "database": shown_url(invocation.url)}
    )


@click.group("venue", help=help_of("venue"))
def venue_command() -> None:
    pass


@venue_command.command("show", help=_("What the venue is called, its time zone and its rulebook."))
@click.pass_obj
def show_venue(invocation: Invocation) -> None:
    from models.operations import venue

    session = invocation.session()
    row = venue.show(session)
    for label, value in (
        (_("name"), row.name),
        (_("time zone"), row.timezone),
        (_("made"), session.calendar.shown(row.made_at)),
        (_("rulebook tonight"), row.rulebook),
    ):
        click.echo(f"{label}: {displayable(value)}")


@venue_command.command(
    "edit",
    help=_(
        "Changes what the house is called, or its time zone; the zone only until the first fact"
        " that has a time."
    ),
)
@click.option("--name", help=_("What the house is called."))
@click.option("--timezone", help=_("Its IANA time zone, such as Asia/Shanghai."))
@click.pass_obj
def edit_venue(invocation: Invocation, name: str | None, timezone: str | None) -> None:
    from models.operations import venue

    if name is None and timezone is None:
        raise click.UsageError(_("say what to change: --name, --timezone"))
    if venue.edit(invocation.session(), name, timezone):
        tell(_("The venue is changed."))
    else:
        tell(_("Nothing changed: it was so already."))
