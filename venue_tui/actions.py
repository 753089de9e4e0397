"""Every action a person can ask for by a key, in one place.

The footer, the command palette, the help pages, the key table of the README and the names by which
a config file gives an action another key all come from here. An action's id is
`<where>.<what>`: `where` is a screen's name, or one of the groups in `SHARED`.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from venue_tui.locale import N_, _
from venue_tui.verbs import VERBS


class Action(NamedTuple):
    """One thing that a key does. `title` and `description` are English source messages.

    `verb` is one of `VERBS`, whose key it has; one without is in the menu alone. `call` is what
    Textual runs; left out, it is the method `action_<what>`, with `_` for `-`.
    `shown` puts it in the footer (the palette and the help show it either way); `priority` lets
    its key through while something is being typed. `permission` is what
    `models.access.permissions` calls it; whoever may not do that sees the action dim.
    """

    id: str
    verb: str
    title: str
    description: str
    shown: bool = True
    priority: bool = False
    call: str = ""
    permission: str = ""

    @property
    def key(self) -> str:
        return VERBS[self.verb].key if self.verb else ""

    @property
    def where(self) -> str:
        return self.id.partition(".")[0]

    @property
    def run(self) -> str:
        return self.call or self.id.partition(".")[2].replace("-", "_")


class ScreenName(NamedTuple):
    """A screen one key away: `module` and `cls` are loaded when it is first opened.
    `permission` is what one must be allowed to do to open it, `short` what it is called where there
    is no room for its title."""

    name: str
    verb: str
    title: str
    description: str
    permission: str = ""
    short: str = ""

    @property
    def module(self) -> str:
        return f"venue_tui.screens.{self.name}.screen"

    @property
    def cls(self) -> str:
        return f"{self.name.capitalize()}Screen"


SCREENS: tuple[ScreenName, ...] = (
    ScreenName(
        "tonight",
        "tonight",
        N_("Tonight"),
        N_("The night at a glance, and what waits for you"),
        "house",
    ),
    ScreenName("roll", "roll", N_("Roll"), N_("Call the roll of the briefing"), "house"),
    ScreenName("leave", "leaves", N_("Leave"), N_("Nights off: asked for, approved, rejected")),
    ScreenName("outings", "outings", N_("Outings"), N_("Who may go out, is out, and came back")),
    ScreenName(
        "bookings",
        "bookings",
        N_("Bookings"),
        N_("The rooms and tables of a night"),
        short=N_("Rooms"),
    ),
    ScreenName(
        "incidents",
        "incidents",
        N_("Incidents"),
        N_("What the rulebook fines, and waivers"),
        "house",
    ),
    ScreenName(
        "deductions",
        "deductions",
        N_("Deductions"),
        N_("The month's fines, and its closing"),
        short=N_("Fines"),
    ),
    ScreenName("staff", "staff", N_("Staff"), N_("The roster, wages and supervisors"), "house"),
    ScreenName("rules", "rules", N_("Rules"), N_("The rulebook in force, and others to try")),
    ScreenName(
        "guests", "guests", N_("Guests"), N_("Who is at the door, and whose turn it is"), "house"
    ),
)

OFFICE: tuple[ScreenName, ...] = (
    ScreenName("audit", "audit", N_("Audit trail"), N_("Who did what, when, and why"), "audit"),
    ScreenName(
        "clocks",
        "clocks",
        N_("Punch clocks"),
        N_("Whose their numbers are, and how wrong"),
        "import",
    ),
    ScreenName(
        "accounts", "accounts", N_("Accounts"), N_("Who may sign in, and as what"), "accounts"
    ),
)
"""Screens beside the nine: the palette and a function key open them."""

PLACES = (*SCREENS, *OFFICE)

GO = tuple(
    Action(f"go.{each.name}", each.verb, each.title, each.description, False,
           call=f"app.go('{each.name}')", permission=each.permission)
    for each in PLACES
)  # fmt: skip

APP = (
    Action("app.help", "help", N_("Help"), N_("What this screen is for, and its keys")),
    Action("app.manual", "manual", N_("Manual"), N_("How it is used, topic by topic"), False,
           priority=True),
    Action("app.palette", "palette", N_("Menu"), N_("Find any command by its name"),
           priority=True, call="command_palette"),
    Action("app.quit", "quit", N_("Quit"), N_("Leave the program"), priority=True),
    Action("app.lock", "lock", N_("Lock"), N_("Lock the terminal, or hand it to somebody else"),
           False, priority=True),
    Action("app.keys", "", N_("Keys"), N_("See and change which key does what"), False),
    Action("app.done", "", N_("What was done"), N_("What was done here, the latest first"), False),
    Action("app.secret", "", N_("My password"), N_("Change what you sign in with"), False,
           call="change_secret"),
    Action("app.person", "", N_("I am"), N_("Say who you are, in a venue without accounts"), False,
           call="change_person"),
    Action("app.theme", "", N_("Theme"), N_("Choose the colours"), False, call="change_theme"),
    Action("app.language", "", N_("Language"), N_("English, 简体中文, 繁體中文"), False,
           call="change_language"),
)  # fmt: skip

SCREEN = (
    Action("screen.find", "find", N_("Find"), N_("By name, number or pinyin initials")),
    Action("screen.undo", "undo", N_("Undo"), N_("Take back the last thing done on this screen")),
)

LIST = (
    Action("list.open", "open", N_("Open"), N_("Open the selected row"), False, call="select"),
    Action("list.down", "down", N_("Down"), N_("Go to the row below (the arrow does, too)"), False),
    Action("list.up", "up", N_("Up"), N_("Go to the row above (the arrow does, too)"), False),
    Action(
        "list.copy", "copy", N_("Copy row"), N_("Copy the selected row to the clipboard"), False
    ),
)

FORM = (
    Action("form.save", "save", N_("Save"), N_("Save what is written here (Enter does, too)"),
           priority=True),
    Action("form.leave", "cancel", N_("Cancel"), N_("Leave without saving (Esc does, too)"),
           priority=True),
)  # fmt: skip

TONIGHT = (
    Action("tonight.approve", "approve", N_("Approve"), N_("Approve what is selected")),
    Action("tonight.reject", "reject", N_("Reject"), N_("Reject what is selected, with a reason")),
    Action("tonight.out", "out", N_("Goes out"), N_("Whose slip is approved goes out now"),
           permission="outing.record"),
    Action("tonight.back", "back", N_("Is back"), N_("Who is out is back"),
           permission="outing.record"),
)  # fmt: skip

ROLL = (
    Action("roll.mark", "here", N_("Here"),
           N_("Here: while the first call lasts in time, afterwards by the clock"),
           permission="roll"),
    Action("roll.late", "late", N_("Late"), N_("Late, by the clock"), permission="roll"),
    Action("roll.first-call", "first_call", N_("End call"),
           N_("End the first call: whoever comes now is late by the clock"), permission="roll"),
    Action("roll.team", "team", N_("Team"), N_("The whole team of the selected one is here"),
           permission="roll"),
    Action("roll.make-up", "make_up", N_("Make-up"), N_("Sign later because of a room booking"),
           permission="roll"),
    Action("roll.correct", "edit", N_("Correct"),
           N_("Correct when somebody arrived, signed or left"),
           permission="roll"),
    Action("roll.unmark", "reject", N_("Clear marks"),
           N_("Take every sign of the selected staffer back"),
           permission="roll"),
    Action("roll.close", "close", N_("End briefing"), N_("Close it, after naming every fine due"),
           permission="roll"),
    Action("roll.not-held", "not_held", N_("Not held"),
           N_("No briefing was held: take it back with every sign under it"), False,
           permission="roll"),
    Action("roll.assign", "assign", N_("Assign"),
           N_("Write down the work that the briefing assigns"),
           permission="assignment"),
    Action("roll.tell", "pass_on", N_("Passed on"),
           N_("The team has told its resting colleagues of it"),
           permission="assignment"),
    Action("roll.posts", "posts", N_("Post"), N_("Where the selected one works tonight, at what"),
           False, permission="assignment"),
    Action("roll.look", "verify", N_("Look"),
           N_("Grooming and badge: in order, no badge, untidy, both, nothing"), False,
           permission="roll"),
    Action("roll.director", "director", N_("Director"),
           N_("Say who runs the night"), False,
           permission="roll"),
    Action("roll.end-night", "end_night", N_("End night"),
           N_("End it early: the unmarked are absent"), False,
           permission="night.close"),
    Action("roll.earlier", "earlier", N_("Night before"),
           N_("Show the roll of the night before"), False),
    Action("roll.later", "later", N_("Night after"),
           N_("Show the roll of the night after"), False),
)  # fmt: skip

LEAVE = (
    Action("leave.read", "open", N_("Read"), N_("All there is to say of it"), False,
           call="read_whole"),
    Action("leave.new", "new", N_("New"), N_("Ask for nights off"), permission="leave.ask"),
    Action("leave.approve", "approve", N_("Approve"), N_("Approve the selected leave"),
           permission="leave.decide"),
    Action("leave.reject", "reject", N_("Reject"), N_("Reject the selected leave, with a reason"),
           permission="leave.decide"),
    Action("leave.withdraw", "withdraw", N_("Withdraw"), N_("They don't want this leave any more"),
           permission="leave.ask"),
    Action("leave.reopen", "restore", N_("Reopen"), N_("Take its decision or withdrawal back"),
           permission="leave.decide"),
    Action("leave.earlier", "earlier", N_("Week before"),
           N_("Show the calendar a week earlier"), False),
    Action("leave.later", "later", N_("Week after"),
           N_("Show the calendar a week later"), False),
)  # fmt: skip

OUTINGS = (
    Action("outings.read", "open", N_("Read"), N_("All there is to say of it"), False,
           call="read_whole"),
    Action("outings.new", "new", N_("New"), N_("Ask for a slip to go out"),
           permission="outing.ask"),
    Action("outings.approve", "approve", N_("Approve"), N_("Approve the selected slip"),
           permission="outing.decide"),
    Action("outings.reject", "reject", N_("Reject"), N_("Reject the selected slip, with a reason"),
           permission="outing.decide"),
    Action("outings.out", "out", N_("Goes out"), N_("The selected staffer goes out now"),
           permission="outing.record"),
    Action("outings.back", "back", N_("Is back"), N_("The selected staffer is back"),
           permission="outing.record"),
    Action("outings.no-slip", "no_slip", N_("No slip"),
           N_("Somebody goes out without having asked"),
           permission="outing.record"),
    Action("outings.withdraw", "withdraw", N_("Withdraw"), N_("They don't want this slip any more"),
           permission="outing.record"),
    Action("outings.reopen", "restore", N_("Reopen"), N_("Take its decision or withdrawal back"),
           permission="outing.decide"),
    Action("outings.correct", "edit", N_("Times"), N_("Put right when they went out and came back"),
           permission="outing.record"),
    Action("outings.print", "print", N_("Print"), N_("Print the selected slip"), False,
           call="print_slip"),
    Action("outings.earlier", "earlier", N_("Night before"),
           N_("Show the outings of the night before"), False),
    Action("outings.later", "later", N_("Night after"),
           N_("Show the outings of the night after"), False),
)  # fmt: skip

BOOKINGS = (
    Action("bookings.book", "new", N_("Book"), N_("Hold the selected place for a guest"),
           permission="booking"),
    Action("bookings.arrived", "here", N_("Arrived"), N_("The guests have come"),
           permission="booking"),
    Action("bookings.left", "out", N_("Left"), N_("The guests have left, and what they spent"),
           permission="booking"),
    Action("bookings.cancel", "withdraw", N_("Cancel"), N_("Cancel it, after naming any fine"),
           permission="booking"),
    Action("bookings.no-show", "reject", N_("No-show"),
           N_("They never came, after naming any fine"),
           permission="booking"),
    Action("bookings.booked", "restore", N_("Reinstate"),
           N_("Booked again: take back what became of it"),
           permission="booking"),
    Action("bookings.sales", "view", N_("Sales"), N_("Show or hide everyone's sales")),
    Action("bookings.night", "goto", N_("Night"), N_("Show another night")),
    Action("bookings.add-place", "add_place", N_("New place"), N_("Add a room or a table"), False,
           permission="places"),
    Action("bookings.edit", "edit", N_("Edit"),
           N_("Correct guest, phone and place of a booking; of a free place, what it is"),
           permission="booking"),
    Action("bookings.edit-place", "", N_("Edit place"), N_("Its kind and minimum spend"), False,
           permission="places"),
    Action("bookings.remove-place", "remove", N_("Remove place"),
           N_("Take away a room or table that was never booked"), False, permission="places"),
    Action("bookings.earlier", "earlier", N_("Night before"),
           N_("Show the bookings of the night before"), False),
    Action("bookings.later", "later", N_("Night after"),
           N_("Show the bookings of the night after"), False),
)  # fmt: skip

INCIDENTS = (
    Action("incidents.read", "open", N_("Read"), N_("All there is to say of it"), False,
           call="read_whole"),
    Action("incidents.new", "new", N_("New"), N_("Raise an incident against somebody"),
           permission="incident"),
    Action("incidents.edit", "edit", N_("Edit"), N_("Correct what the incident says"),
           permission="incident"),
    Action("incidents.waive", "waive", N_("Waive"), N_("Let its charge go, with a reason"),
           permission="waive"),
    Action("incidents.waive-many", "waive_many", N_("Waive all"),
           N_("Let every listed charge that stands go, with one reason"), False,
           permission="waive"),
    Action("incidents.withdraw", "withdraw", N_("Withdraw"),
           N_("Take the incident and its charge back"),
           permission="incident"),
    Action("incidents.restore", "restore", N_("Restore"),
           N_("Put back what was withdrawn or waived"),
           permission="incident"),
    Action("incidents.earlier", "earlier", N_("Month before"),
           N_("Show the month before"), False),
    Action("incidents.later", "later", N_("Month after"),
           N_("Show the month after"), False),
)  # fmt: skip

DEDUCTIONS = (
    Action("deductions.explain", "open", N_("Explain"), N_("Every charge, with its reasons")),
    Action("deductions.export", "export", N_("Export"), N_("Write the month to a file"),
           permission="export"),
    Action("deductions.print", "print", N_("Print"), N_("A notice of charges, or the statement"),
           False, call="print_papers"),
    Action("deductions.close", "close", N_("Close month"), N_("Freeze it, after what is unsettled"),
           permission="month.close"),
    Action("deductions.chart", "charts", N_("Charts"), N_("Fines by rule, and month by month")),
    Action("deductions.view", "view", N_("View"), N_("Everyone, who is charged, or over a fifth")),
    Action("deductions.sort", "sort", N_("Sort"), N_("By number, or the largest deduction first")),
    Action("deductions.next", "next", N_("Next one"), N_("The next staffer's charges"), False),
    Action("deductions.previous", "previous", N_("One before"),
           N_("The charges of the staffer before"), False),
    Action("deductions.waive", "waive", N_("Waive"), N_("Let the charge go, with a reason"),
           permission="waive"),
    Action("deductions.waive-many", "waive_many", N_("Waive all"),
           N_("Let every listed charge that stands go, with one reason"), False,
           permission="waive"),
    Action("deductions.restore", "restore", N_("Restore"), N_("Let a waived charge stand again"),
           permission="waive"),
    Action("deductions.appeal", "new", N_("Appeal"), N_("Write down that the staffer contests it"),
           permission="appeal.raise"),
    Action("deductions.seen", "seen", N_("Seen"), N_("You saw this charge: that is not to agree"),
           False, permission="notice.see"),
    Action("deductions.accept", "approve", N_("Accept"),
           N_("Accept the appeal: the charge is let go"), permission="appeal.decide"),
    Action("deductions.uphold", "reject", N_("Uphold"),
           N_("Refuse the appeal: the charge stands"), permission="appeal.decide"),
    Action("deductions.earlier", "earlier", N_("Month before"),
           N_("Show the month before"), False),
    Action("deductions.later", "later", N_("Month after"),
           N_("Show the month after"), False),
    Action("deductions.back", "leave", N_("Back"), N_("Back to the month"), False),
)  # fmt: skip

STAFF = (
    Action("staff.new", "new", N_("New"), N_("Put somebody on the roster"), permission="staff"),
    Action("staff.edit", "edit", N_("Edit"), N_("Change what is known of the selected staffer"),
           permission="staff"),
    Action("staff.again", "restore", N_("Hire again"),
           N_("Hire again who left, under the same number"), False, permission="staff"),
    Action("staff.wage", "pay", N_("Wage"), N_("Change the monthly wage from a date on"),
           permission="wages"),
    Action("staff.month", "open", N_("Month"), N_("Every charge of their month, with reasons")),
    Action("staff.confirm", "approve", N_("Confirm"), N_("Confirm the proposed separation"),
           permission="separation"),
    Action("staff.keep", "reject", N_("Keep on"), N_("Keep on whom it is proposed to separate"),
           permission="separation"),
    Action("staff.view", "view", N_("View"), N_("Who works here, or those who left as well")),
    Action("staff.import", "import", N_("Import"), N_("Take in files, such as staff.csv"),
           call="take_in", permission="import"),
    Action("staff.earlier", "earlier", N_("Month before"),
           N_("Show the month before"), False),
    Action("staff.later", "later", N_("Month after"),
           N_("Show the month after"), False),
)  # fmt: skip

RULES = (
    Action("rules.whole", "open", N_("Read"), N_("The whole text of the selected line"), False),
    Action("rules.try", "try", N_("What if"), N_("What a month costs under another rulebook"),
           call="what_if"),
    Action("rules.read", "view", N_("Clauses"),
           N_("Read the clauses of the rulebook that is tried")),
    Action("rules.edit", "edit", N_("Edit"),
           N_("Try other amounts and another grace than those in force"), permission="rulebook"),
    Action("rules.adopt", "adopt", N_("Adopt"), N_("Put the rulebook in force from a night on"),
           permission="rulebook"),
    Action("rules.earlier", "earlier", N_("Previous"),
           N_("Show the rulebook that was in force before")),
    Action("rules.later", "later", N_("Next"),
           N_("Show the rulebook in force after it")),
    Action("rules.back", "leave", N_("Back"), N_("Back to the rulebook in force")),
)  # fmt: skip

GUESTS = (
    Action("guests.new", "new", N_("New"),
           N_("A guest at the door; a complaint; a claim or a card; a sheet"),
           permission="desk"),
    Action("guests.give", "here", N_("Give"),
           N_("To whose turn it is; of a complaint, the next step"), permission="desk"),
    Action("guests.asked-for", "goto", N_("Asks for"), N_("The guest asks for somebody"),
           permission="desk"),
    Action("guests.away", "try", N_("Away"), N_("On the telephone, then away, then back"),
           permission="desk"),
    Action("guests.left", "out", N_("Left"), N_("The guest has left"), permission="desk"),
    Action("guests.why", "open", N_("Why"), N_("Whose, and why")),
    Action("guests.withdraw", "withdraw", N_("Take back"),
           N_("Take a turn, a visit or a claim back"), permission="desk"),
    Action("guests.approve", "approve", N_("Confirm"),
           N_("Find a complaint founded, make it an incident; decide a sale; sign"),
           permission="complaint"),
    Action("guests.reject", "reject", N_("Reject"),
           N_("Find a complaint unfounded; say that a contact is void"),
           permission="complaint"),
    Action("guests.edit", "edit", N_("Edit"),
           N_("The order of turns anew; the form with four signatures; a guest"),
           permission="desk.order"),
    Action("guests.view", "view", N_("View"),
           N_("The desk, what is due, whose the sales are, the register")),
    Action("guests.hand-over", "pass_on", N_("Hand over"),
           N_("Hand the desk over with all that is open, or accept it by name"),
           permission="complaint"),
    Action("guests.phone", "reveal", N_("Whole number"),
           N_("Read the selected guest's whole number; it stands on the trail"), False,
           permission="phone"),
    Action("guests.quiz", "quiz", N_("House quiz"),
           N_("Ten questions of its rooms, tables and minimum spends"), False,
           permission="complaint"),
    Action("guests.earlier", "earlier", N_("Night before"),
           N_("Show the night before"), False),
    Action("guests.later", "later", N_("Night after"),
           N_("Show the night after"), False),
)  # fmt: skip

AUDIT = (
    Action("audit.all", "view", N_("Everything"), N_("The whole trail again")),
    Action("audit.earlier", "earlier", N_("Older"), N_("List more of what was before")),
    Action("audit.verify", "verify", N_("Verify"), N_("Look whether the chain is whole")),
    Action("audit.compare", "hash", N_("Compare"), N_("Find the line of a hash that was printed")),
)

CLOCKS = (
    Action("clocks.accept", "approve", N_("Is theirs"), N_("Take the number for whose it seems"),
           permission="import"),
    Action("clocks.match", "edit", N_("Whose"), N_("Say whose the selected number is"),
           permission="import"),
    Action("clocks.ignore", "withdraw", N_("Nobody's"), N_("It is nobody's on the roll"),
           permission="import"),
    Action("clocks.restore", "restore", N_("Unknown"), N_("It isn't known whose it is"),
           permission="import"),
    Action("clocks.import", "import", N_("Import"), N_("Take in files of punches"),
           call="take_in", permission="import"),
    Action("clocks.offset", "offset", N_("Put right"),
           N_("Say by how much the clock is wrong, from a date on"), permission="import"),
    Action("clocks.view", "view", N_("View"), N_("Numbers, or where marks and punches differ")),
    Action("clocks.earlier", "earlier", N_("Night before"),
           N_("Show where they differ in the night before"), False),
    Action("clocks.later", "later", N_("Night after"),
           N_("Show where they differ in the night after"), False),
)  # fmt: skip

ACCOUNTS = (
    Action("accounts.new", "new", N_("New"), N_("Let somebody sign in"), permission="accounts"),
    Action("accounts.edit", "edit", N_("Edit"), N_("Give the account another role or staffer"),
           permission="accounts"),
    Action("accounts.secret", "password", N_("New password"),
           N_("Put a new password in the old one's place"),
           permission="accounts"),
    Action("accounts.disable", "withdraw", N_("Disable"), N_("Keep the account from signing in"),
           permission="accounts"),
    Action("accounts.restore", "restore", N_("Enable"),
           N_("Let the account sign in again, disabled or locked as it is"),
           permission="accounts"),
)  # fmt: skip

SIGN_IN = (
    Action("sign-in.enter", "save", N_("Sign in"), N_("Sign in as written here (Enter does, too)"),
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
    "guests": GUESTS,
    "audit": AUDIT,
    "clocks": CLOCKS,
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


def clashes(keys: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Where two actions would have one key: the id of the one that `keys`, by action id, gives it,
    that of the other, and the key."""
    found: dict[tuple[str, str], str] = {}
    everywhere = [each for name in ("screen", "list", "app", "go") for each in SHARED[name]]
    for group in (*BY_SCREEN.values(), SHARED["form"], SHARED["sign-in"]):
        held: dict[str, str] = {}
        # Those that a person changed last: it is they that take another's key.
        for action in sorted([*group, *everywhere], key=lambda each: each.id in keys):
            for key in keys.get(action.id, action.key).replace(" ", "").split(","):
                other = held.setdefault(key, action.id)
                if key and other != action.id and action.id in keys:
                    found.setdefault((action.id, other), key)
    return [(id_, other, key) for (id_, other), key in found.items()]


def of_verb(verb: str) -> list[Action]:
    """The actions that are this verb."""
    return [action for action in ACTIONS.values() if action.verb == verb]


_KEY_NAMES = {
    "question_mark": "?",
    "slash": "/",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "dollar_sign": "$",
    "exclamation_mark": "!",
    "number_sign": "#",
    "plus": "+",
    "asterisk": "*",
    "comma": ",",
    "full_stop": ".",
    "delete": N_("del"),
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


def key_table(keymap: dict[str, str] | None = None) -> str:
    """The manual's key table, in Markdown, with every action's id for the config file."""
    lines = ["| " + _("key") + " | | " + _("where") + " | id |", "| --- | --- | --- | --- |"]
    titles = {screen.name: _(screen.title) for screen in PLACES}
    for where in (*SHARED, *BY_SCREEN):
        for key, title, description, id_ in key_rows(where, keymap):
            place = titles.get(where, _("everywhere") if where in ("go", "app") else where)
            lines.append(f"| `{key or ' '}` | **{title}**: {description} | {place} | `{id_}` |")
    return "\n".join(lines) + "\n"
