"""The commands that there are: of each the module that holds it, imported when it is run, and what
is said of it, so that a list of them imports none."""

from typing import NamedTuple

from venue_tui.locale import N_, _


class ListedCommand(NamedTuple):
    """The module of `venue_tui.commands` that holds a command under its name, and its help."""

    module: str
    help: str


COMMANDS = {
    "init": ListedCommand(
        "venue",
        N_("Makes the venue, in a database that has none yet."),
    ),
    "venue": ListedCommand(
        "venue",
        N_("Shows the venue, or edits what it is called and its time zone."),
    ),
    "demo": ListedCommand(
        "terminal",
        N_("Opens a fictional venue's month, in a throw-away database."),
    ),
    "import": ListedCommand(
        "imports",
        N_(
            "Takes in folders of <dataset>.csv, or such files, together in one go: all of"
            " it or nothing. Everything that is wrong is said as file:line: column: what "
            "is wrong."
        ),
    ),
    "import punches": ListedCommand(
        "punches",
        N_(
            "Takes in what punch clocks and attendance programs export. What a file is, "
            "its content says. The first punch of a night becomes the arrival of whom "
            "nobody marked; a mark always stands. The same punches again change nothing."
        ),
    ),
    "export": ListedCommand(
        "exports",
        N_(
            "Writes a dataset, or a month's deductions, charges or roll, to a file or to "
            "standard output."
        ),
    ),
    "template": ListedCommand(
        "template",
        N_(
            "Writes a workbook to be filled in and imported: a sheet a dataset, or one "
            "alone, with its columns, the words that they take as drop-downs, and "
            "examples."
        ),
    ),
    "explain": ListedCommand(
        "explain",
        N_(
            "Each charge of a staffer's month: its rule, clause and facts, and what "
            "became of it. Also why a sale is whose it is (deal DEAL_NO), why a guest was"
            " whose turn (turn TURN_NO), and why something is due (promise YYYY-MM "
            "ABOUT)."
        ),
    ),
    "print": ListedCommand(
        "print",
        N_("Papers to be handed over and signed."),
    ),
    "rules": ListedCommand(
        "rules",
        N_("The house rules: see, validate, adopt, and try out on a month."),
    ),
    "waive": ListedCommand(
        "waive",
        N_("Lets a charge go; who and why stay on it."),
    ),
    "close": ListedCommand(
        "close",
        N_("Ends a night early, or freezes a month."),
    ),
    "separations": ListedCommand(
        "separations",
        N_("Separations that a month's charges propose, and deciding them."),
    ),
    "check": ListedCommand(
        "check",
        N_(
            "Proves that the charges in the database are those which the facts give, that"
            " every fact, account, rulebook, adjustment and closed month is what the "
            "audit trail says it became, and that the trail is whole."
        ),
    ),
    "accounts": ListedCommand(
        "accounts",
        N_("Who may sign in; the first account made turns sign-in on."),
    ),
    "clocks": ListedCommand(
        "clocks",
        N_("The punch clocks: whose their numbers are, and how wrong they go."),
    ),
    "notify": ListedCommand(
        "notify",
        N_(
            "Tells the group chats of chat.toml (WeCom, DingTalk, Feishu) what happens, "
            "until ctrl+c: at most a message a minute, with a list. No phone number, wage"
            " or amount is in it."
        ),
    ),
    "audit": ListedCommand(
        "audit",
        N_(
            "Shows the audit trail, oldest first: number, time, who, terminal, action, "
            "staff number, night, what it was and what it became, why. «audit key» makes "
            "a key, outside the database, that seals the heads which --head prints; "
            "«audit accept» has this terminal take the trail as it is, whatever it saw "
            "before."
        ),
    ),
    "backup": ListedCommand(
        "backup",
        N_(
            "Writes the whole venue to one file, verified, while others work. The file "
            "can be restored into SQLite and PostgreSQL alike."
        ),
    ),
    "restore": ListedCommand(
        "backup",
        N_(
            "Puts the venue of a backup into the database: all of it, or nothing changes."
            " A venue that is there is replaced only with --overwrite, after a backup of "
            "it."
        ),
    ),
    "serve": ListedCommand(
        "serve",
        N_(
            "Opens the program to browsers, each visitor with a terminal of their own. It"
            " has no encryption and no sign-in of its own: only this machine is served "
            "unless you say otherwise."
        ),
    ),
    "manual": ListedCommand(
        "manual",
        N_("The manual: its topics, or the page on one of them."),
    ),
}


def help_of(name: str) -> str:
    """What is said of a command, in the current language."""
    return _(COMMANDS[name].help)
