"""Maintains the catalogs: `python -m venue_tui.locale.catalogs` (needs Babel, as the tests do).

Reads every message out of the sources, adds the new ones to each `.po` and drops those that are
gone, then compiles the `.mo` files that ship. What has no translation yet is listed and makes the
exit status 1; fill it in the `.po` and run it again.
"""

import sys
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
LOCALES = {"zh_Hans": "Simplified Chinese", "zh_Hant": "Traditional Chinese"}
_AUTHORS = "the Venue TUI authors"
_HEADER = """\
# Venue TUI in %s.
# Copyright (C) 2026 the Venue TUI authors
# This file is distributed under the same license as Venue TUI."""

# Problems and ValueErrors of models/ are written in English there and translated where they are
# shown, so their literal messages are messages too.
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "N_": None,
    "ngettext": (1, 2),
    "problem": (2,),
    "refused": (2,),
    "ValueError": (1,),
}


def po_path(locale: str) -> Path:
    return ROOT / "venue_tui" / "locale" / locale / "LC_MESSAGES" / "venue_tui.po"


def messages_of_sources() -> Catalog:
    """Every message that the sources hold, with where it stands (file only: lines move)."""
    catalog = Catalog(project="venue-tui", charset="utf-8")
    for package in ("venue_tui", "models"):
        found = extract_from_dir(ROOT / package, [("**.py", "python")], keywords=KEYWORDS)
        for filename, _line, message, comments, context in found:
            if message and message != ("",):
                catalog.add(
                    message,
                    locations=[(f"{package}/{Path(filename).as_posix()}", 0)],
                    auto_comments=comments,
                    context=context,
                )
    return catalog


def read_catalog(locale: str) -> Catalog:
    """The catalog as its `.po` has it; an empty one when there is no such file yet."""
    path = po_path(locale)
    if not path.exists():
        return Catalog(locale=locale, domain="venue_tui", project="venue-tui", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=locale, domain="venue_tui")


def compiled(catalog: Catalog) -> bytes:
    """The catalog as the bytes of its `.mo`."""
    buffer = BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def missing(catalog: Catalog) -> list[str]:
    """The messages that have no translation, or a doubtful one."""
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalog
        if message.id
        and (message.fuzzy or not message.string or message.string in (("",), ("", "")))
    ]


def update(locale: str, sources: Catalog) -> list[str]:
    """Brings one locale's `.po` and `.mo` in step with the sources; gives what is missing."""
    catalog = read_catalog(locale)
    created = catalog.creation_date
    catalog.update(sources, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.creation_date = catalog.revision_date = created  # or every run would change the file
    catalog.fuzzy = False
    catalog.header_comment = _HEADER % LOCALES[locale]
    catalog.version = version("venue-tui")
    catalog.msgid_bugs_address = "see CONTRIBUTING.md"
    catalog.last_translator = _AUTHORS
    catalog.language_team = f"{LOCALES[locale]}, {_AUTHORS}"
    path = po_path(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=100, sort_output=True, omit_header=False)
    path.with_suffix(".mo").write_bytes(compiled(read_catalog(locale)))
    return missing(catalog)


def main() -> int:
    sources = messages_of_sources()
    lacking = {locale: update(locale, sources) for locale in LOCALES}
    for locale, messages in lacking.items():
        for message in messages:
            print(f"{locale}: no translation: {message}", file=sys.stderr)
    return 1 if any(lacking.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
