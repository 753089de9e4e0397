"""The command line. Each command is a module of `venue_tui.commands`, imported when it is run."""

import os
import sys
from collections.abc import Sequence
from gettext import gettext as of_click
from importlib import import_module

import click

from venue_tui import click_words, startup
from venue_tui.commands.invocation import Invocation, complain, complain_of, spare_drivers
from venue_tui.commands.listing import COMMANDS, help_of
from venue_tui.locale import LANGUAGES, _, language_from_environment, set_language


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        spare_drivers(ctx.params.get("url"))
        module = import_module(f"venue_tui.commands.{COMMANDS[cmd_name].module}")
        command: click.Command = getattr(module, f"{cmd_name.rpartition(' ')[2]}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list, from what is said of each, so that none of them is imported for it."""
        room = formatter.width - 6 - max(map(len, COMMANDS))
        rows = [
            (name, click.Command(name, help=help_of(name)).get_short_help_str(room))
            for name in COMMANDS
        ]
        with formatter.section(of_click("Commands")):
            formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if " ".join(args[:2]) in COMMANDS:
            args = [" ".join(args[:2]), *args[2:]]
        return super().resolve_command(ctx, args)


def run(arguments: Sequence[str]) -> int:
    """Runs one command line; gives the exit status: 0 done, 1 refused, 2 wrong usage."""
    set_language(_language(arguments))
    click_words.speak_ours()
    # Wages, phones and hashes are the owner's to read, in every file that is made from here on.
    os.umask(0o077)
    try:
        status = group().main(list(arguments), prog_name="venue-tui", standalone_mode=False)
    except click.UsageError as error:
        error.show()
        return 2
    except click.Abort:
        complain(_("Stopped; nothing was changed by what was not finished."))
        return 1
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        # Whoever read our output has had enough of it, as `head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        complain_of(error)
        return 1
    return status if isinstance(status, int) else 0


def group() -> click.Group:
    """The command line with its texts in the current language."""

    @click.group(
        cls=_Commands,
        invoke_without_command=True,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        help=_(
            "Runs a nightlife venue's sales department through its night: the roll, leave, outing"
            " slips, bookings, fines, and the month's deductions. Without a command it opens the"
            " terminal."
        ),
    )
    @click.option(
        "--database",
        "url",
        envvar="VENUE_TUI_DATABASE",
        metavar="URL",
        help=_("sqlite:///FILE or postgresql://…; else a file in your user-data folder."),
    )
    @click.option(
        "--lang",
        type=click.Choice(list(LANGUAGES)),
        help=_("The language to speak; else as LANG says."),
    )
    @click.option(
        "--ascii",
        is_flag=True,
        help=_("Draw with plain characters, where lines and dots come out two cells wide."),
    )
    @click.option(
        "--as",
        "name",
        metavar="NAME",
        help=_("Who you are, in a venue with accounts; the password is asked for."),
    )
    @click.option(
        "--secret-fd",
        type=click.IntRange(min=0),
        metavar="N",
        help=_(
            "Read the password from this file descriptor; else VENUE_TUI_SECRET, else a prompt."
        ),
    )
    @click.version_option(package_name="venue-tui")
    @click.pass_context
    def venue_tui(
        ctx: click.Context,
        url: str | None,
        lang: str | None,
        ascii: bool,
        name: str | None,
        secret_fd: int | None,
    ) -> int:
        if ascii:
            from venue_tui import glyphs

            os.environ[glyphs.ASKED] = "ascii"
        ctx.obj = Invocation(url, name, secret_fd, chosen_language=lang)
        ctx.call_on_close(ctx.obj.close)
        if ctx.invoked_subcommand is None:
            spare_drivers(url)
            from venue_tui.commands.open_terminal import open_terminal

            return open_terminal(ctx.obj)
        startup.end()
        return 0

    return venue_tui


def _language(arguments: Sequence[str]) -> str:
    """The language, known before the texts of the command line are made."""
    for i, argument in enumerate(arguments):
        value = argument.removeprefix("--lang=")
        if argument == "--lang" and i + 1 < len(arguments):
            value = arguments[i + 1]
        if value in LANGUAGES and argument.startswith("--lang"):
            return value
    return language_from_environment(os.environ)
