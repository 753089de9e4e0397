"""Problems as sentences, each in the words of what it is about."""

import re

from models.values.problems import Problem
from venue_tui.locale import N_, _
from venue_tui.words import WHY_AWAY, file_word, listed, word

_SKIPPED = {
    "owed": N_("owed"),
    "counted": N_("counted as a turn"),
    "out": N_("out of this round"),
}
"""What becomes of the turn of whoever was passed over."""
# The holes of problems' messages that hold a word of the program's rather than of a person's.
_WORDS = frozenset({"status", "role", "kind", "position"})
_DESK = {
    "how": "how_word",
    "rule": "rule_word",
    "clock": "desk_word",
    "promise": "promise_name",
    "state": "state_word",
    "span": "span_words",
    "who": "whose_word",
    "since": "since_word",
}
_OPTIONS = {
    "import --reason": N_("files that are taken in on Staff with a reason"),
    "--reason": N_("a reason"),
    "--new-numbers": N_("«New numbers»"),
    "--dates mdy|dmy": N_("«Dates»"),
    "--as": N_("«It holds»"),
    "--number": N_("«Number»"),
}
"""What does at a terminal what an option of a command does: mostly a field of a form."""
_FILES_TIME = re.compile(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)$")
"""A time as files have it; a person reads it with a blank instead of the T."""


def in_words(problem: Problem) -> str:
    """A problem in the current language."""
    sentence = _(problem.message)
    values = {name: _shown(name, value) for name, value in problem.values}
    if "skip" in values:  # why somebody was passed over, which no person wrote
        for name, words in (("skip", _SKIPPED), ("reason", WHY_AWAY)):
            found = str(values[name])
            values[name] = _(words[found]) if found in words else word(found)
    return sentence % values if values else sentence


def option_in_words(option: str) -> str:
    """What does at a terminal what this option of a command does."""
    return _(_OPTIONS[option])


def _shown(name: str, value: object) -> object:
    """A value that fills the hole of that name."""
    if not isinstance(value, str):
        return value
    if name in _DESK:
        from venue_tui import desk_words

        value = str(getattr(desk_words, _DESK[name])(value))
    if name == "option":
        return option_in_words(value)
    if name == "roles":
        return listed(map(word, value.split(", ")))
    if name in _WORDS:
        return word(value)
    if name == "dataset":
        return file_word(value)
    return _FILES_TIME.sub(r"\1 \2", value)
