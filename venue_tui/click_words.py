"""What click says by itself, in the person's language.

Its messages go through `gettext`, whose language is the process's and found in the environment;
ours is whichever was chosen. The names in click's modules are its own: a test says which are gone.
"""

from importlib import import_module

from venue_tui.locale import N_, _

MODULES = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")
MESSAGES = (
    N_("Aborted!"),
    N_("deprecated"),
    N_("Missing command."),
    N_("Options"),
    N_("Positional arguments"),
    N_("Got unexpected extra argument ({args})"),
    N_("Got unexpected extra arguments ({args})"),
    N_("Commands"),
    N_("env var: {var}"),
    N_("default: {default}"),
    N_("Takes {nargs} values but 1 was given."),
    N_("Takes {nargs} values but {len} were given."),
    N_("Do you want to continue?"),
    N_("%(prog)s, version %(version)s"),
    N_("Show the version and exit."),
    N_("Show this message and exit."),
    N_("Did you mean {possibility}?"),
    N_("(Did you mean one of: {possibilities}?)"),
    N_("Missing argument"),
    N_("unknown error"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("Missing option"),
    N_("Could not open file {filename!r}: {message}"),
    N_("Error: {message}"),
    N_("Try '{command} {option}' for help."),
    N_("Missing parameter"),
    N_("Missing parameter: {param_name}"),
    N_("No such option {name!r}."),
    N_("No such command {name!r}."),
    N_("Invalid value: {message}"),
    N_("Missing {param_type}"),
    N_("Usage:"),
    N_("Invalid start character for option ({option})"),
    N_("Option {name!r} does not take a value."),
    N_("Option {name!r} requires an argument."),
    N_("Option {name!r} requires {nargs} arguments."),
    N_("Argument {name!r} takes {nargs} values."),
    N_("Repeat for confirmation"),
    N_("Error: The two entered values do not match."),
    N_("Error: invalid input"),
    N_("file"),
    N_("directory"),
    N_("path"),
    N_("Choose from:\n\t{choices}"),
    N_("{value!r} is not {choice}."),
    N_("{value!r} is not one of {choices}."),
    N_("{value!r} does not match the format {format}."),
    N_("{value!r} does not match the formats {formats}."),
    N_("{value} is not in the range {range}."),
    N_("{value!r} is not a valid boolean. Recognized values: {states}"),
    N_("{len_type} values are required, but {len_value} was given."),
    N_("{len_type} values are required, but {len_value} were given."),
    N_("{value!r} is not a valid {number_type}."),
    N_("{name} {filename!r} is a file."),
    N_("{name} {filename!r} is a directory."),
    N_("{name} {filename!r} is not readable."),
    N_("{name} {filename!r} is not writable."),
    N_("{name} {filename!r} is not executable."),
    N_("{name} {filename!r} does not exist."),
)
"""Those that somebody at the command line may come to see."""


def speak_ours() -> None:
    """From now on click speaks the language that the program does."""
    for name in MODULES:
        module = import_module(f"click.{name}")
        for each, ours in (("_", _), ("ngettext", _counted)):
            if hasattr(module, each):
                setattr(module, each, ours)


def _counted(singular: str, plural: str, n: int) -> str:
    return _(singular if n == 1 else plural)
