"""`python -m models.rules.shipped`: writes anew what the shipped rulebooks say as TOML."""

import json
import tomllib

from models.rules.shipped import TABLES, digest, shipped, text


def made() -> str:
    """What TABLES must hold."""
    tables = {digest(text(name)): tomllib.loads(text(name)) for name in shipped()}
    return json.dumps(tables, ensure_ascii=False, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    TABLES.write_text(made(), encoding="utf-8")
