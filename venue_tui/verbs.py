"""The grammar of the keys: one verb, one key, on every screen.

Screens never name a key. An action says which verb it is (`venue_tui.actions`), and this table says
which key that verb has. Capital letters are for what ends a night or a month, or touches many
people at once.
"""

from typing import NamedTuple

from venue_tui.locale import N_


class Verb(NamedTuple):
    """`key` is as Textual names it; `means` is a source message, as the editor of keys shows it."""

    key: str
    means: str


def half_width(character: str) -> str | None:
    """The character that the same key types with the input method off, for one that a Chinese input
    method types full-width; None for any other."""
    if character in _INPUT_METHOD:
        return _INPUT_METHOD[character]
    if "\uff01" <= character <= "\uff5e":
        return chr(ord(character) - 0xFEE0)
    return None


_INPUT_METHOD = {"\u3000": " ", "、": "/", "【": "[", "】": "]", "。": ".", "￥": "$", "¥": "$"}
KEY_OF_CHARACTER = {
    " ": "space", "/": "slash", "?": "question_mark", "[": "left_square_bracket",
    "]": "right_square_bracket", "$": "dollar_sign", "!": "exclamation_mark", "+": "plus",
    ",": "comma", ".": "full_stop",
}  # fmt: skip
"""How Textual names the keys of characters that are no letters or digits."""

VERBS: dict[str, Verb] = {
    # what is done to the selected row
    "open": Verb("enter", N_("open, read, explain")),
    "new": Verb("n", N_("new")),
    "edit": Verb("e", N_("edit, correct")),
    "approve": Verb("a", N_("approve, confirm, accept")),
    "reject": Verb("x", N_("reject, refuse; no sign, no-show")),
    "waive": Verb("w", N_("waive")),
    "restore": Verb("r", N_("take back into force")),
    "withdraw": Verb("d", N_("withdraw, cancel, disable")),
    "out": Verb("o", N_("goes out, leaves")),
    "back": Verb("b", N_("is back")),
    "no_slip": Verb("z", N_("goes out without a slip")),
    "here": Verb("space", N_("is here; is given")),
    "late": Verb("l", N_("is late")),
    "make_up": Verb("m", N_("make-up sign")),
    "pay": Verb("dollar_sign", N_("wage")),
    "print": Verb("p", N_("print")),
    "password": Verb("asterisk", N_("new password")),
    "remove": Verb("delete", N_("remove")),
    "seen": Verb("exclamation_mark", N_("seen")),
    "copy": Verb("y", N_("copy the row")),
    "reveal": Verb("number_sign", N_("read a whole phone number")),
    "quiz": Verb("q", N_("ask about the house")),
    # what is done to a night, a month or many at once
    "first_call": Verb("f", N_("end the first call")),
    "team": Verb("T", N_("the whole team is here")),
    "close": Verb("C", N_("close")),
    "not_held": Verb("H", N_("no briefing was held")),
    "end_night": Verb("N", N_("end the night early")),
    "assign": Verb("B", N_("the briefing's work")),
    "pass_on": Verb("R", N_("passed on")),
    "posts": Verb("P", N_("posts")),
    "offset": Verb("O", N_("put a clock right")),
    "director": Verb("D", N_("who runs the night")),
    "export": Verb("E", N_("export")),
    "import": Verb("I", N_("import")),
    "adopt": Verb("A", N_("adopt a rulebook")),
    "waive_many": Verb("W", N_("waive many at once")),
    "add_place": Verb("plus", N_("add rooms or tables")),
    # how things are looked at
    "view": Verb("v", N_("another view")),
    "sort": Verb("s", N_("another order")),
    "charts": Verb("c", N_("charts")),
    "try": Verb("t", N_("what if; on the telephone")),
    "goto": Verb("g", N_("go to a night, or to whom a guest asks for")),
    "verify": Verb("i", N_("look whether the trail is whole, or how somebody looks")),
    "hash": Verb("h", N_("compare with a hash")),
    "earlier": Verb("left_square_bracket", N_("the period before")),
    "later": Verb("right_square_bracket", N_("the period after")),
    "next": Verb("full_stop", N_("the next one")),
    "previous": Verb("comma", N_("the one before")),
    "leave": Verb("escape", N_("back to where one was")),
    # every screen
    "find": Verb("slash", N_("find")),
    "undo": Verb("u", N_("undo")),
    "help": Verb("question_mark", N_("help")),
    "manual": Verb("f1", N_("the manual")),
    "palette": Verb("ctrl+p", N_("menu")),
    "quit": Verb("ctrl+q", N_("quit")),
    "lock": Verb("ctrl+l", N_("lock")),
    "save": Verb("f2", N_("save")),
    "cancel": Verb("ctrl+g", N_("leave a form")),
    # the screens
    "tonight": Verb("1", N_("Tonight")),
    "roll": Verb("2", N_("Roll")),
    "leaves": Verb("3", N_("Leave")),
    "outings": Verb("4", N_("Outings")),
    "bookings": Verb("5", N_("Bookings")),
    "incidents": Verb("6", N_("Incidents")),
    "deductions": Verb("7", N_("Deductions")),
    "staff": Verb("8", N_("Staff")),
    "rules": Verb("9", N_("Rules")),
    "guests": Verb("0", N_("Guests")),
    "audit": Verb("f7", N_("Audit trail")),
    "accounts": Verb("f8", N_("Accounts")),
    "clocks": Verb("f9", N_("Punch clocks")),
    # in lists, like the arrows
    "down": Verb("j", N_("down")),
    "up": Verb("k", N_("up")),
}
