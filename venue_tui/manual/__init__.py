"""The manual: one page a topic, in each language, shown by `venue-tui manual` and by F1.

A page is Markdown, `<language>/<topic>.md`. Of `keys` and of the table of the datasets nothing is
written down: they are made of what the program does.
"""

from pathlib import Path

from venue_tui.locale import N_, _, current_language

KEYS = "keys"

TOPICS = {
    "first-night": N_("The first night"),
    "first-month": N_("The first month"),
    "payroll": N_("Payroll and proof"),
    "rules": N_("Rules and readings"),
    "files": N_("Files in and out"),
    "guests": N_("The guest desk"),
    KEYS: N_("Keys"),
    "accounts": N_("Accounts and the trail"),
    "postgresql": N_("PostgreSQL"),
    "browser": N_("In a browser"),
}
"""Each topic and its title, in the order in which one reads."""

_FOLDER = Path(__file__).parent


def page(topic: str, keymap: dict[str, str] | None = None) -> str:
    """The page on one of `TOPICS` in the current language, as Markdown.

    `keymap` holds the keys that a person changed, by action id.
    """
    if topic == KEYS:
        return _keys(keymap)
    text = (_FOLDER / current_language() / f"{topic}.md").read_text("utf-8")
    return text.replace("{datasets}", _datasets()) if "{datasets}" in text else text


def _datasets() -> str:
    from models.values.datasets import DATASETS

    rows = [f"| `{each.name}` | {', '.join(c.name for c in each.columns)} |"
            for each in DATASETS.values()]  # fmt: skip
    return "\n".join(["| " + _("dataset") + " | " + _("columns") + " |", "| --- | --- |", *rows])


def _keys(keymap: dict[str, str] | None) -> str:
    from venue_tui.actions import key_table

    return "\n".join(
        (
            "# " + _("Keys"),
            "",
            _("One key is one verb, on every screen. Capital letters end a night or a month, or"
              " touch many people at once."),
            "",
            _("`venue-tui` reads `config.toml` in your user-config folder: `theme`, `language`,"
              " `idle_minutes`, and under `[keys]` another key for any of the names below, such as"
              " `\"roll.mark\" = \"x\"`."),
            "",
            key_table(keymap),
        )
    )  # fmt: skip
