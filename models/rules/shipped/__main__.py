"""`python -m models.rules.shipped`: writes anew what is known of the shipped rulebooks."""

import json
import tomllib

from models.rules.guests.plain_bookings import is_bookers
from models.rules.rulebook_parser import parse
from models.rules.shipped import TABLES, shipped, text


def made() -> str:
    """What TABLES must hold."""
    known = {
        text(name): {
            "toml": tomllib.loads(text(name)),
            "plain_is_bookers": is_bookers(parse(text(name)).guests),
        }
        for name in shipped()
    }
    return json.dumps(known, ensure_ascii=False, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    TABLES.write_text(made(), encoding="utf-8")
