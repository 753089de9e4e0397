"""TOML that somebody else wrote, read without letting it take the machine's memory."""

import re
from typing import Any

MOST_PARTS = 32
LONG_KEY = re.compile(rf"(?:[\w\"'-]+\s*\.\s*){{{MOST_PARTS}}}")
"""A key that takes memory by the square of its parts."""


def loads(text: str) -> dict[str, Any]:
    """The tables of a TOML text. Raises ValueError for what isn't one, for a key of more than
    MOST_PARTS parts, and where it is nested too deeply."""
    import tomllib  # which hardly any start needs

    if LONG_KEY.search(text):
        raise ValueError(f"a key in it has more than {MOST_PARTS} parts")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
