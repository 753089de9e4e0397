"""`serve`: the same program in a browser."""

import os

import click

from venue_tui.commands.invocation import Invocation, tell
from venue_tui.commands.listing import help_of
from venue_tui.locale import _

_EVERYWHERE = ("0.0.0.0", "::")


@click.command(
    "serve",
    help=help_of("serve"),
)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help=_("The address to listen at."))
@click.option(
    "--public-url",
    metavar="URL",
    help=_("How browsers reach it, where that is otherwise: behind a proxy or a tunnel."),
)
@click.pass_obj
def serve_command(invocation: Invocation, port: int, host: str, public_url: str | None) -> None:
    from models.values.problems import needs_extra, refused

    if host in _EVERYWHERE and public_url is None:
        raise click.UsageError(_("%s is no address for a browser: give --public-url too") % host)
    try:
        from venue_tui.web.server import LOOPBACK, VenueServer
    except ModuleNotFoundError:
        raise needs_extra("serve", "serve") from None
    if host not in LOOPBACK:
        tell(
            _(
                "Whoever reaches %(host)s port %(port)d reaches the venue, unencrypted: make"
                " accounts, and put a proxy with TLS in front."
            )
            % {"host": host, "port": port}
        )
    # By the environment, because a command line is everybody's to read and a URL may hold a
    # password.
    os.environ["VENUE_TUI_DATABASE"] = invocation.url
    for name in ("VENUE_TUI_SECRET", "VENUE_TUI_NEW_SECRET"):
        os.environ.pop(name, None)
    try:
        VenueServer(invocation.chosen_language, host, port, public_url, _token(invocation)).serve()
    except OSError as error:
        raise refused(
            "serve",
            "%(host)s port %(port)s can't be served: %(why)s",
            host=host,
            port=port,
            why=error.strerror or error,
        ) from None


def _token(invocation: Invocation) -> str | None:
    """What a browser must show where nobody has to sign in; None where there are accounts, and
    where no venue can be opened yet there is one."""
    import secrets

    from models.access.session import has_accounts
    from models.backup.opening import open_venue
    from models.storage.database import close_database
    from models.values.problems import Refused

    try:
        open_venue(invocation.url)
        signed_in = has_accounts()
    except Refused:
        signed_in = False
    finally:
        close_database()
    return None if signed_in else secrets.token_urlsafe(24)
