"""The rulebooks that come with the program, and how one is read."""

import json
from pathlib import Path
from typing import Any

from models.rules import rulebook_parser
from models.rules.rulebook import Rulebook
from models.rules.rulebook_parser import LARGEST
from models.values.files import NotRegular, TooLarge, regular_bytes
from models.values.problems import refused

__all__ = ["load", "parse", "shipped", "text"]

_FOLDER = Path(__file__).parent
TABLES = _FOLDER / "tables.json"
"""What the shipped files say as TOML, and whose plain bookings are by them, by their text: reading
that takes 40 times as long, at every start of a venue that adopted one as it is. Made by
`python -m models.rules.shipped`; a test holds it to the files."""


def shipped() -> list[str]:
    """The names of the rulebooks that come with the program."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml") if path.stem != "cautions")


def text(name: str) -> str:
    """A shipped rulebook as its file has it. Raises FileNotFoundError where there is none."""
    return (_FOLDER / f"{name}.toml").read_text("utf-8")


def parse(text: str) -> Rulebook:
    """The rulebook written in `text`. Raises Refused with every problem found."""
    known = _known(text)
    if known is None:
        return rulebook_parser.parse(text)
    book = rulebook_parser.parse(text, known["toml"])
    return book._replace(plain_is_bookers=known["plain_is_bookers"])


def _known(text: str) -> dict[str, Any] | None:
    try:
        known: dict[str, dict[str, Any]] = json.loads(TABLES.read_bytes())
    except OSError:
        return None
    return known.get(text)


def load(name_or_path: str) -> Rulebook:
    """A shipped rulebook by its name, or one in a file.

    Raises Refused with every problem of the file, or when there is no such file.
    """
    if name_or_path in shipped():
        return parse(text(name_or_path))
    try:
        written = regular_bytes(Path(name_or_path), LARGEST).decode("utf-8-sig")
    except (NotRegular, TooLarge):
        raise refused(
            "file", "a rulebook is a file of %(most)s kB at most", most=LARGEST // 1024
        ) from None
    except UnicodeDecodeError:
        raise refused("file", "it is not UTF-8 text") from None
    except (OSError, ValueError) as error:
        raise refused(
            "file",
            "it can't be read (%(why)s); the rulebooks that come with the program are %(names)s",
            why=getattr(error, "strerror", None) or error,
            names=", ".join(shipped()),
        ) from None
    return parse(written)
