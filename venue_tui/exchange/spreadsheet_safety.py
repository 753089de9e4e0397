"""Keeps text cells from running as formulas when a spreadsheet opens the file.

`unguard(guard(text)) == text` for every text, so that what was written reads back as it was.
"""

import re

from venue_tui.locale import N_

FAILED = "#N/A"
"""What a cell is read as whose formula failed."""
NOT_WORKED_OUT = "\ufdd0formula"  # begins with what Unicode keeps from ever being text
"""What a cell is read as whose formula nobody worked out: not blank, but of no known value."""
UNSAVED_FORMULA = N_(
    "a formula here was never worked out: open the workbook in a spreadsheet program and save it"
)

# Spreadsheets trim some of these before they look for a formula; a person sees none of them.
_UNSEEN = (
    "\x01-\x08\x0b\x0c\x0e-\x20\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f"
    "\u205f-\u206f\u3000\ufeff"
)
_RUNS = f"'*[{_UNSEEN}]*[=+\\-@\t\r\n\x00＝＋－＠]"


def _runs(text: str) -> bool:
    return not text[:1].isalnum() and re.match(_RUNS, text) is not None


def guard(text: str) -> str:
    """The text as a cell that no spreadsheet runs: with `'` in front if it would run, or if it
    looks like a text that was guarded already."""
    return f"'{text}" if _runs(text) else text


def unguard(text: str) -> str:
    """The text that `guard` made this cell of."""
    return text[1:] if text.startswith("'") and _runs(text) else text
