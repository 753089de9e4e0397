"""Every action a person can ask for by a key, in one place.

The footer, the command palette, the help pages, the key table of the README and the names by which
a config file gives an action another key all come from here. An action's id is
`<where>.<what>`: `where` is a screen's name, or one of the groups in `SHARED`.
"""

from collections.abc import Iterator
from typing import NamedTuple

from venue_tui.locale import N_, _


class Action(NamedTuple):
    """One thing that a key does. `title` and `description` are English source messages.

    `call` is what Textual runs; left out, it is the method `action_<what>`, with `_` for `-`.
    `shown` puts it in the footer (the palette and the help show it either way); `priority` lets
    its key through while something is being typed. `permission` is what
    `models.access.permissions` calls it; whoever may not do that sees the action dim.
    """

    id: str
    key: str
    title: str
    description: str
    shown: bool = True
    priority: bool = False
    call: str = ""
    permission: str = ""

    @property
    def where(self) -> str:
        return self.id.partition(".")[0]

    @property
    def run(self) -> str:
        return self.call or self.id.partition(".")[2].replace("-", "_")


class ScreenName(NamedTuple):
    """A screen one key away: `module` and `cls` are loaded when it is first opened.
    `permission` is what one must be allowed to do to open it."""

    name: str
    key: str
    title: str
    description: str
    permission: str = ""

    @property
    def module(self) -> str:
        return f"venue_tui.screens.{self.name}.screen"

    @property
    def cls(self) -> str:
        return f"{self.name.capitalize()}Screen"


SCREENS: tuple[ScreenName, ...] = (
    ScreenName("tonight", "1", N_("Tonight"), N_("The night at a glance, and what waits for you")),
    ScreenName("roll", "2", N_("Roll"), N_("Call the roll of the briefing")),
    ScreenName("leave", "3", N_("Leave"), N_("Nights off: asked for, approved, rejected")),
    ScreenName("outings", "4", N_("Outings"), N_("Who may go out, is out, and came back")),
    ScreenName("bookings", "5", N_("Bookings"), N_("The rooms and tables of a night")),
    ScreenName("incidents", "6", N_("Incidents"), N_("What the rulebook fines, and waivers")),
    ScreenName("deductions", "7", N_("Deductions"), N_("The month's fines, and its closing")),
    ScreenName("staff", "8", N_("Staff"), N_("The roster, wages and supervisors")),
    ScreenName("rules", "9", N_("Rules"), N_("The rulebook in force, and others to try")),
)

OFFICE: tuple[ScreenName, ...] = (
    ScreenName("audit", "f7", N_("Audit trail"), N_("Who did what, when, and why"), "audit"),
    ScreenName("accounts", "f8", N_("Accounts"), N_("Who may sign in, and as what"), "accounts"),
)
"""Screens beside the nine: the palette and a function key open them."""

PLACES = (*SCREENS, *OFFICE)

GO = tuple(
    Action(f"go.{each.name}", each.key, each.title, each.description, False,
           call=f"app.go('{each.name}')", permission=each.permission)
    for each in PLACES
)  # fmt: skip

APP = (
    Action("app.help", "question_mark", N_("Help"), N_("What this screen is for, and its keys")),
    Action("app.palette", "ctrl+p", N_("Menu"), N_("Find any command by its name"),
           priority=True, call="command_palette"),
    Action("app.quit", "ctrl+q", N_("Quit"), N_("Leave the program"), priority=True),
    Action("app.lock", "ctrl+l", N_("Lock"), N_("Lock the terminal, or hand it to somebody else"),
           False, priority=True),
    Action("app.secret", "", N_("My secret"), N_("Change what you sign in with"), False,
           call="change_secret"),
    Action("app.person", "", N_("I am"), N_("Say who you are, in a venue without accounts"), False,
           call="change_person"),
    Action("app.theme", "", N_("Theme"), N_("Choose the colours"), False, call="change_theme"),
    Action("app.language", "", N_("Language"), N_("English, 简体中文, 繁體中文"), False,
           call="change_language"),
)  # fmt: skip

SCREEN = (
    Action("screen.find", "slash", N_("Find"), N_("By name, number or pinyin initials")),
    Action("screen.undo", "u", N_("Undo"), N_("Take back the last thing done on this screen")),
)

LIST = (
    Action("list.open", "enter", N_("Open"), N_("Open the selected row"), False, call="select"),
    Action("list.copy", "y", N_("Copy row"), N_("Copy the selected row to the clipboard"), False),
)

FORM = (
    Action("form.save", "f2", N_("Save"), N_("Save what is written here (Enter does, too)"),
           priority=True),
    Action("form.leave", "ctrl+w", N_("Cancel"), N_("Leave without saving (Esc does, too)"),
           priority=True),
)  # fmt: skip

TONIGHT = (
    Action("tonight.approve", "a", N_("Approve"), N_("Approve what is selected"),
           permission="leave.decide"),
    Action("tonight.reject", "x", N_("Reject"), N_("Reject what is selected, with a reason"),
           permission="leave.decide"),
)  # fmt: skip

ROLL = (
    Action("roll.mark", "space", N_("Mark"), N_("Here now: present or late, by the clock"),
           permission="roll"),
    Action("roll.make-up", "m", N_("Make-up"), N_("Sign later because of a room booking"),
           permission="roll"),
    Action("roll.correct", "t", N_("Correct"),
           N_("Put right when somebody arrived, signed or left"),
           permission="roll"),
    Action("roll.unmark", "x", N_("No sign"), N_("Take every sign of the selected staffer back"),
           permission="roll"),
    Action("roll.close", "c", N_("End briefing"), N_("Close it, after naming every fine due"),
           permission="roll"),
    Action("roll.assign", "w", N_("Assign"), N_("Write down the work that the briefing assigns"),
           permission="assignment"),
    Action("roll.tell", "r", N_("Told"), N_("The team has told its resting colleagues of it"),
           permission="assignment"),
    Action("roll.director", "d", N_("Director"), N_("Say who runs the night"), permission="roll"),
    Action("roll.end-night", "e", N_("End night"), N_("End it early: the unmarked are absent"),
           permission="night.close"),
    Action("roll.earlier", "left_square_bracket", N_("Night before"),
           N_("Show the roll of the night before"), False),
    Action("roll.later", "right_square_bracket", N_("Night after"),
           N_("Show the roll of the night after"), False),
)  # fmt: skip

LEAVE = (
    Action("leave.new", "n", N_("New"), N_("Ask for nights off"), permission="leave.ask"),
    Action("leave.approve", "a", N_("Approve"), N_("Approve the selected leave"),
           permission="leave.decide"),
    Action("leave.reject", "x", N_("Reject"), N_("Reject the selected leave, with a reason"),
           permission="leave.decide"),
    Action("leave.withdraw", "w", N_("Withdraw"), N_("They don't want this leave any more"),
           permission="leave.ask"),
    Action("leave.reopen", "r", N_("Reopen"), N_("Take its decision or withdrawal back"),
           permission="leave.decide"),
    Action("leave.earlier", "left_square_bracket", N_("Week before"),
           N_("Show the calendar a week earlier"), False),
    Action("leave.later", "right_square_bracket", N_("Week after"),
           N_("Show the calendar a week later"), False),
)  # fmt: skip

OUTINGS = (
    Action("outings.new", "n", N_("New"), N_("Ask for a slip to go out"),
           permission="outing.record"),
    Action("outings.approve", "a", N_("Approve"), N_("Approve the selected slip"),
           permission="outing.decide"),
    Action("outings.reject", "x", N_("Reject"), N_("Reject the selected slip, with a reason"),
           permission="outing.decide"),
    Action("outings.out", "o", N_("Goes out"), N_("The selected staffer goes out now"),
           permission="outing.record"),
    Action("outings.back", "b", N_("Is back"), N_("The selected staffer is back"),
           permission="outing.record"),
    Action("outings.no-slip", "l", N_("No slip"), N_("Somebody goes out without having asked"),
           permission="outing.record"),
    Action("outings.withdraw", "w", N_("Withdraw"), N_("They don't want this slip any more"),
           permission="outing.record"),
    Action("outings.reopen", "r", N_("Reopen"), N_("Take its decision or withdrawal back"),
           permission="outing.decide"),
    Action("outings.out-at", "O", N_("Went out at"), N_("They went out at another time than now"),
           False, permission="outing.record"),
    Action("outings.back-at", "B", N_("Back at"), N_("They were back at another time than now"),
           False, permission="outing.record"),
    Action("outings.earlier", "left_square_bracket", N_("Night before"),
           N_("Show the outings of the night before"), False),
    Action("outings.later", "right_square_bracket", N_("Night after"),
           N_("Show the outings of the night after"), False),
)  # fmt: skip

BOOKINGS = (
    Action("bookings.book", "n", N_("Book"), N_("Hold the selected place for a guest"),
           permission="booking"),
    Action("bookings.arrived", "a", N_("Arrived"), N_("The guests have come"),
           permission="booking"),
    Action("bookings.left", "l", N_("Left"), N_("The guests have left, and what they spent"),
           permission="booking"),
    Action("bookings.cancel", "c", N_("Call off"), N_("Cancel it, after naming any fine"),
           permission="booking"),
    Action("bookings.no-show", "x", N_("No-show"), N_("They never came, after naming any fine"),
           permission="booking"),
    Action("bookings.booked", "b", N_("Booked"), N_("Booked again: take back what became of it"),
           permission="booking"),
    Action("bookings.sales", "s", N_("Sales"), N_("Show or hide everyone's sales")),
    Action("bookings.night", "d", N_("Night"), N_("Show another night")),
    Action("bookings.add-place", "p", N_("New place"), N_("Add a room or a table"), False,
           permission="places"),
    Action("bookings.edit-place", "e", N_("Edit place"), N_("Its kind and minimum spend"), False,
           permission="places"),
    Action("bookings.remove-place", "delete", N_("Remove place"),
           N_("Take away a room or table that was never booked"), False, permission="places"),
    Action("bookings.earlier", "left_square_bracket", N_("Night before"),
           N_("Show the bookings of the night before"), False),
    Action("bookings.later", "right_square_bracket", N_("Night after"),
           N_("Show the bookings of the night after"), False),
)  # fmt: skip

INCIDENTS = (
    Action("incidents.read", "enter", N_("Read"), N_("All there is to say of it"), False),
    Action("incidents.new", "n", N_("New"), N_("Raise an incident against somebody"),
           permission="incident"),
    Action("incidents.waive", "w", N_("Waive"), N_("Let its charge go, with a reason"),
           permission="waive"),
    Action("incidents.withdraw", "x", N_("Withdraw"), N_("Take the incident and its charge back"),
           permission="incident"),
    Action("incidents.restore", "r", N_("Restore"), N_("Put back what was withdrawn or waived"),
           permission="incident"),
    Action("incidents.earlier", "left_square_bracket", N_("Month before"),
           N_("Show the month before"), False),
    Action("incidents.later", "right_square_bracket", N_("Month after"),
           N_("Show the month after"), False),
)  # fmt: skip

DEDUCTIONS = (
    Action("deductions.explain", "enter", N_("Explain"), N_("Every charge, with its reasons")),
    Action("deductions.export", "e", N_("Export"), N_("Write the month to a file"),
           permission="export"),
    Action("deductions.close", "c", N_("Close month"), N_("Freeze it, after what is unsettled"),
           permission="month.close"),
    Action("deductions.chart", "t", N_("Charts"), N_("Fines by rule, and of twelve months")),
    Action("deductions.view", "v", N_("View"), N_("Everyone, who is charged, or over a fifth")),
    Action("deductions.sort", "s", N_("Sort"), N_("By number, or the largest deduction first")),
    Action("deductions.next", "n", N_("Next one"), N_("The next staffer's charges")),
    Action("deductions.previous", "p", N_("One before"), N_("The charges of the staffer before")),
    Action("deductions.waive", "w", N_("Waive"), N_("Let the charge go, with a reason"),
           permission="waive"),
    Action("deductions.restore", "r", N_("Restore"), N_("Let a waived charge stand again"),
           permission="waive"),
    Action("deductions.appeal", "a", N_("Appeal"), N_("Write down that the staffer contests it"),
           permission="appeal.raise"),
    Action("deductions.decide", "d", N_("Decide"), N_("Decide on the appeal, with a reason"),
           permission="appeal.decide"),
    Action("deductions.earlier", "left_square_bracket", N_("Month before"),
           N_("Show the month before"), False),
    Action("deductions.later", "right_square_bracket", N_("Month after"),
           N_("Show the month after"), False),
    Action("deductions.back", "escape", N_("Back"), N_("Back to the month")),
)  # fmt: skip

STAFF = (
    Action("staff.new", "n", N_("New"), N_("Put somebody on the roster"), permission="staff"),
    Action("staff.edit", "e", N_("Edit"), N_("Change what is known of the selected staffer"),
           permission="staff"),
    Action("staff.wage", "w", N_("Wage"), N_("Change the monthly wage from a date on"),
           permission="wages"),
    Action("staff.month", "enter", N_("Month"), N_("Every charge of their month, with reasons")),
    Action("staff.confirm", "a", N_("Confirm"), N_("Confirm the proposed separation"),
           permission="separation"),
    Action("staff.keep", "x", N_("Keep on"), N_("Keep on whom it is proposed to separate"),
           permission="separation"),
    Action("staff.view", "v", N_("View"), N_("Who works here, or those who left as well")),
    Action("staff.import", "i", N_("Import"), N_("Take in files, such as staff.csv"),
           call="take_in", permission="import"),
    Action("staff.earlier", "left_square_bracket", N_("Month before"),
           N_("Show the month before"), False),
    Action("staff.later", "right_square_bracket", N_("Month after"),
           N_("Show the month after"), False),
)  # fmt: skip

RULES = (
    Action("rules.whole", "enter", N_("Read"), N_("The whole text of the selected line"), False),
    Action("rules.try", "t", N_("What if"), N_("What a month costs under another rulebook"),
           call="what_if"),
    Action("rules.read", "v", N_("Clauses"), N_("Read the clauses of the rulebook that is tried")),
    Action("rules.adopt", "a", N_("Adopt"), N_("Put the rulebook in force from a night on"),
           permission="rulebook"),
    Action("rules.earlier", "left_square_bracket", N_("Previous"),
           N_("Show the rulebook that was in force before")),
    Action("rules.later", "right_square_bracket", N_("Next"),
           N_("Show the rulebook in force after it")),
    Action("rules.back", "escape", N_("Back"), N_("Back to the rulebook in force")),
)  # fmt: skip

AUDIT = (
    Action("audit.narrow", "f", N_("Narrow"), N_("Only of a person, a staffer or a night")),
    Action("audit.all", "a", N_("Everything"), N_("The whole trail again")),
    Action("audit.older", "o", N_("Older"), N_("List more of what was before")),
    Action("audit.verify", "v", N_("Verify"), N_("Look whether the chain is whole")),
    Action("audit.compare", "h", N_("Compare"), N_("Find the line of a hash that was printed")),
)  # fmt: skip

ACCOUNTS = (
    Action("accounts.new", "n", N_("New"), N_("Let somebody sign in"), permission="accounts"),
    Action("accounts.edit", "e", N_("Edit"), N_("Give the account another role or staffer"),
           permission="accounts"),
    Action("accounts.secret", "s", N_("New secret"), N_("Put a new secret in the old one's place"),
           permission="accounts"),
    Action("accounts.disable", "x", N_("Disable"), N_("Keep the account from signing in"),
           permission="accounts"),
    Action("accounts.enable", "r", N_("Enable"), N_("Let the account sign in again"),
           permission="accounts"),
    Action("accounts.unlock", "k", N_("Unlock"), N_("Forget its wrong secrets"),
           permission="accounts"),
)  # fmt: skip

SIGN_IN = (
    Action("sign-in.enter", "f2", N_("Sign in"), N_("Sign in as written here (Enter does, too)"),
           priority=True, call="save"),
)  # fmt: skip

SHARED: dict[str, tuple[Action, ...]] = {
    "go": GO,
    "app": APP,
    "screen": SCREEN,
    "list": LIST,
    "form": FORM,
    "sign-in": SIGN_IN,
}

BY_SCREEN: dict[str, tuple[Action, ...]] = {
    "tonight": TONIGHT,
    "roll": ROLL,
    "leave": LEAVE,
    "outings": OUTINGS,
    "bookings": BOOKINGS,
    "incidents": INCIDENTS,
    "deductions": DEDUCTIONS,
    "staff": STAFF,
    "rules": RULES,
    "audit": AUDIT,
    "accounts": ACCOUNTS,
}

ACTIONS: dict[str, Action] = {
    action.id: action for group in (*SHARED.values(), *BY_SCREEN.values()) for action in group
}

PERMISSIONS: dict[tuple[str, str], str] = {
    (action.where, action.run): action.permission
    for action in ACTIONS.values()
    if action.permission
}
"""What an action is to `models.access.permissions`, by where it is done and what Textual runs."""

_KEY_NAMES = {
    "question_mark": "?",
    "slash": "/",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "space": N_("space"),
    "enter": N_("enter"),
    "escape": "esc",
}


def key_name(key: str) -> str:
    """How a key is written for a person, in the current language; several keys are one `,` list."""
    names = (each.strip().replace("ctrl+", "^") for each in key.split(","))
    return " ".join(_(_KEY_NAMES.get(name, name)) for name in names)


def key_rows(
    where: str, keymap: dict[str, str] | None = None
) -> Iterator[tuple[str, str, str, str]]:
    """Key, title, description and id of each action of a screen or shared group, translated.

    `keymap` gives the keys that a person changed, by action id.
    """
    for action in SHARED.get(where) or BY_SCREEN.get(where, ()):
        key = (keymap or {}).get(action.id, action.key)
        yield key_name(key), _(action.title), _(action.description), action.id


def key_table() -> str:
    """The README's key table, in Markdown, with every action's id for the config file."""
    lines = ["| key | | where | id |", "| --- | --- | --- | --- |"]
    titles = {screen.name: screen.title for screen in PLACES}
    for where in (*SHARED, *BY_SCREEN):
        for key, title, description, id_ in key_rows(where):
            place = titles.get(where, "everywhere" if where in ("go", "app") else where)
            lines.append(f"| `{key or ' '}` | **{title}**: {description} | {place} | `{id_}` |")
    return "\n".join(lines) + "\n"
