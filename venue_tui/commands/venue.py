"""`init`: makes the venue."""

import click

from venue_tui.commands.session import Session, tell
from venue_tui.locale import _


@click.command("init", help=_("Makes the venue, in a database that has none yet."))
@click.option("--name", required=True, help=_("What the house is called."))
@click.option("--timezone", required=True, help=_("Its IANA time zone, such as Asia/Shanghai."))
@click.option(
    "--rulebook",
    default="nightlife",
    show_default=True,
    help=_("A rulebook that comes with the program, or a TOML file."),
)
@click.pass_obj
def init_command(session: Session, name: str, timezone: str, rulebook: str) -> None:
    from models import rulebooks
    from models.database import open_database
    from models.desk import this_terminal, this_user, zone
    from models.nights import utc_now
    from models.problems import Refused
    from models.text import name_problem
    from models.venue import make_venue

    # Everything that can be refused is, before a file is made.
    if (flaw := name_problem(name)) is not None:
        raise Refused(flaw)
    zone(timezone)
    book = rulebooks.load(rulebook)
    open_database(session.url, create=True)
    make_venue(name, timezone, book, utc_now(), this_user(), this_terminal())
    tell(
        _("%(name)s is ready, with the rulebook %(rulebook)s, in %(database)s.")
        % {"name": name, "rulebook": book.name, "database": session.url}
    )
