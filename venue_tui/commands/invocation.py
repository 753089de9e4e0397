"""What every command has in common: which venue, who asks, and how it is told what is wrong."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, NoReturn

from models.values.folders import user_folder
from models.values.problems import Problem, refused
from models.values.text import displayable
from venue_tui.locale import _

if TYPE_CHECKING:
    from models.access.session import Session


def translated(problem: Problem) -> str:
    """What is wrong, in the current language."""
    text = _(problem.message)
    return text % dict(problem.values) if problem.values else text


def complain(what: Problem | str) -> None:
    """Says on standard error what is wrong."""
    import click  # which the terminal doesn't wait for

    click.echo(displayable(what if isinstance(what, str) else translated(what)), err=True)


def tell(text: str) -> None:
    """Says on standard error what was done: standard output carries only what was asked for."""
    import click

    click.echo(displayable(text), err=True)


def give_up(complaints: Sequence[str]) -> NoReturn:
    """Says what is wrong and ends with exit status 1."""
    import click

    for each in complaints:
        click.echo(each, err=True)
    raise click.exceptions.Exit(1)


def complain_of(error: Exception) -> None:
    """Says why it was refused, or that something went wrong."""
    from venue_tui import failures

    refusal = failures.refusal(error)
    for each in refusal.problems if refusal else [failures.sentence(error)]:
        complain(each)


_DRIVERS = ("psycopg", "psycopg2", "psycopg2cffi", "pymysql", "MySQLdb", "pysqlite3")


def spare_drivers(url: str | None) -> None:
    """Keeps peewee from importing other databases' drivers, which it does wherever one is
    installed, and from seeking them elsewhere, where the database is a SQLite file: PostgreSQL's
    would double the time that a command takes to start."""
    if url is None or not url.startswith(("postgresql:", "postgres:")):
        for name in _DRIVERS:
            sys.modules.setdefault(name, None)  # type: ignore[arg-type]


def default_url() -> str:
    """The database in the platform's user-data folder."""
    return f"sqlite:///{user_folder('data') / 'venue.db'}"


class Invocation:
    """One run of the program: the database it works on, and in whose name."""

    def __init__(
        self,
        given_url: str | None = None,
        name: str | None = None,
        secret_fd: int | None = None,
        chosen_language: str | None = None,
    ) -> None:
        self.given_url = given_url
        self.name = name
        self.secret_fd = secret_fd
        self.chosen_language = chosen_language
        self.opened = False
        self.secret_given: str | None = None
        """What was signed in with."""

    @property
    def url(self) -> str:
        return self.given_url or default_url()

    def session(self) -> "Session":
        """The session that the command works at, signed in where the venue has accounts.

        Raises Refused where there is no venue, or where the sign-in fails.
        """
        session = self.unattended()
        session.warn = _warn
        self.sign_in(session)
        return session

    def unattended(self) -> "Session":
        """A session that nobody signed in at. Raises Refused where there is no venue."""
        from models.access.session import OPENING, Session
        from models.backup.opening import open_venue
        from models.storage import witness
        from models.storage.database import ask, together

        open_venue(self.url)
        with together():
            ask(chain(OPENING, witness.seen_reads()))
            session = Session()
            session.warning = witness.look()
            session.doubt_clock()
        if session.warning is not None:
            _warn(session.warning)
        self.opened = True
        return session

    def sign_in(self, session: "Session") -> None:
        from models.access.session import has_accounts

        if not has_accounts():
            if self.name is not None:
                raise refused("as", "this venue has no accounts, so nobody signs in")
            return
        if self.name is None:
            raise refused("as", "this venue has accounts: say who you are with --as NAME")
        from models.access import accounts

        self.secret_given = self.secret(_("Password of %s") % self.name)
        if accounts.sign_in(session, self.name, self.secret_given).recovered:
            tell(
                _("Your recovery code is used up: «venue-tui accounts secret %s» sets a new"
                  " password, and gives another.") % self.name
            )  # fmt: skip

    def secret(self, prompt: str, variable: str = "VENUE_TUI_SECRET", again: bool = False) -> str:
        """A secret from the file descriptor, the environment, or a prompt; never an argument."""
        if self.secret_fd is not None:
            return read_secret(self.secret_fd)
        if variable in os.environ:
            return os.environ[variable]
        if not sys.stdin.isatty():
            raise refused(
                "secret",
                "a password is needed: name a file descriptor, use a terminal, or set %(variable)s",
                variable=variable,
            )
        import click

        secret: str = click.prompt(prompt, hide_input=True, confirmation_prompt=again, err=True)
        return secret

    def close(self) -> None:
        """Closes the database, if it was opened."""
        if "models.storage.database" not in sys.modules:
            return
        if self.opened:
            from models.storage import witness

            with suppress(Exception):  # the database is lost, which was said already
                witness.look()
        sys.modules["models.storage.database"].close_database()


def _warn(warning: Problem) -> None:
    tell(translated(warning))


def read_secret(descriptor: int) -> str:
    """The first line that can be read from a file descriptor."""
    try:
        with open(descriptor, encoding="utf-8", closefd=False) as stream:
            return stream.readline().rstrip("\r\n")
    except (OSError, ValueError):
        raise refused(
            "secret", "file descriptor %(number)s can't be read", number=descriptor
        ) from None
