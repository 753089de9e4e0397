"""`accounts`: who may sign in. The first account made turns sign-in on."""

from collections.abc import Callable
from typing import Any

import click

from venue_tui.commands.invocation import Invocation, tell
from venue_tui.commands.listing import help_of
from venue_tui.locale import _
from venue_tui.words import word

ROLES = ("director", "supervisor", "payroll", "admin", "staff")

Command = Callable[..., Any]


def _new_secret_option(command: Command) -> Command:
    return click.option(
        "--new-secret-fd",
        type=click.IntRange(min=0),
        metavar="N",
        help=_(
            "Read the new password from this file descriptor; else VENUE_TUI_NEW_SECRET, else a"
            " prompt, twice."
        ),
    )(command)


@click.group("accounts", help=help_of("accounts"))
def accounts_command() -> None:
    pass


@accounts_command.command(
    "add", help=_("Makes an account. The first one must be an admin's, who makes the others.")
)
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True, help=_("What they may do."))
@click.option("--staff", "staff_no", metavar="STAFF_NO", help=_("The staffer that they are."))
@_new_secret_option
@click.pass_obj
def add(
    invocation: Invocation, name: str, role: str, staff_no: str | None, new_secret_fd: int | None
) -> None:
    from models.access import accounts
    from models.access.session import has_accounts

    session = invocation.session()
    first = not has_accounts()
    secret = _new_secret(name, new_secret_fd)
    code = accounts.add(session, name, role, secret, staff_no)
    tell(_("%(name)s may sign in as %(role)s.") % {"name": name, "role": word(role)})
    _tell_code(code)
    if first:
        tell(_("From now on everybody signs in: give commands --as NAME."))


@accounts_command.command("list", help=_("The accounts, their roles, and what keeps any out."))
@click.pass_obj
def list_accounts(invocation: Invocation) -> None:
    from models.access import accounts
    from venue_tui.commands.columns import show

    session = invocation.session()
    rows = []
    for each in accounts.listing(session):
        state = _("disabled") if each.disabled else ""
        if each.locked_until is not None and not each.disabled:
            state = _("locked until %s") % session.calendar.shown(each.locked_until)
        rows.append((each.name, word(each.role), each.staff_no or "", state))
    show(rows)


@accounts_command.command(
    "change", help=_("Gives an account another role, or another staffer (--staff '' for none).")
)
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), help=_("What they may do."))
@click.option("--staff", "staff_no", metavar="STAFF_NO", help=_("The staffer that they are."))
@click.pass_obj
def change(invocation: Invocation, name: str, role: str | None, staff_no: str | None) -> None:
    from models.access import accounts

    accounts.change(invocation.session(), name, role=role, staff_no=staff_no)
    tell(_("The account %s is as you said.") % name)


@accounts_command.command(
    "secret",
    help=_(
        "Changes a password: your own, or as an admin another's, which also unlocks it. A new"
        " recovery code comes with it, in the place of the old one."
    ),
)
@click.argument("name")
@_new_secret_option
@click.pass_obj
def secret(invocation: Invocation, name: str, new_secret_fd: int | None) -> None:
    from models.access import accounts

    session = invocation.session()
    code = accounts.change_secret(
        session, name, _new_secret(name, new_secret_fd), invocation.secret_given
    )
    tell(_("%s has a new password.") % name)
    _tell_code(code)


@accounts_command.command("disable", help=_("Keeps an account from signing in and from acting."))
@click.argument("name")
@click.pass_obj
def disable(invocation: Invocation, name: str) -> None:
    from models.access import accounts

    accounts.disable(invocation.session(), name)
    tell(_("%s may no longer sign in.") % name)


@accounts_command.command("enable", help=_("Lets a disabled account sign in again."))
@click.argument("name")
@click.pass_obj
def enable(invocation: Invocation, name: str) -> None:
    from models.access import accounts

    accounts.enable(invocation.session(), name)
    tell(_("%s may sign in.") % name)


@accounts_command.command(
    "unlock", help=_("Lifts the lock that wrong passwords put on an account.")
)
@click.argument("name")
@click.pass_obj
def unlock(invocation: Invocation, name: str) -> None:
    from models.access import accounts

    accounts.unlock(invocation.session(), name)
    tell(_("%s is not locked.") % name)


def _tell_code(code: str) -> None:
    said = _("Their recovery code, which lets them in once while others guess at the password: %s")
    tell(said % code)


def _new_secret(name: str, descriptor: int | None) -> str:
    from models.access.passwords import PASSPHRASE_LENGTH, PIN_LENGTH

    prompt = _("New password of %(name)s (a PIN of %(digits)d digits or more, or %(characters)d "
               "characters or more)")  # fmt: skip
    return Invocation(secret_fd=descriptor).secret(
        prompt % {"name": name, "digits": PIN_LENGTH, "characters": PASSPHRASE_LENGTH},
        "VENUE_TUI_NEW_SECRET",
        again=True,
    )
