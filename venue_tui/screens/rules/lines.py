"""A rulebook as rows: its clauses, its settings, and what the law says on it."""

from collections.abc import Iterator
from typing import NamedTuple

from models.rules.cautions import cautions
from models.rules.rulebook import Excess, Origin, Rule, Rulebook, Window
from models.values.money import format_money
from models.values.natural_order import natural
from venue_tui.locale import N_, _, current_language
from venue_tui.screens.rules.desk_lines import desk_rows
from venue_tui.screens.rules.rule_words import limits, title
from venue_tui.widgets.columns import Column
from venue_tui.widgets.line_list import Row
from venue_tui.words import listed

_ORIGINS = {
    Origin.ROLL: N_("the roll"),
    Origin.OUTING: N_("outings"),
    Origin.INCIDENT: N_("incidents"),
    Origin.DESK: N_("the guest desk"),
}
_WINDOWS = {
    Window.MONTH: N_("%(n)s absences in a calendar month"),
    Window.CONSECUTIVE: N_("%(n)s absences in a row"),
    Window.EVER: N_("%(n)s absences, ever"),
}


class RulebookRow(NamedTuple):
    """A row of the list, and the whole text that its cells may crop."""

    row: Row
    text: str


def rulebook_columns() -> list[Column]:
    return [
        Column(_("Clause"), 6),
        Column(_("Rule"), 10, share=8),
        Column(_("What it takes"), 17, share=2),
        Column(_("Comes from"), 10, share=1, spare=1),
    ]


def rulebook_rows(book: Rulebook) -> Iterator[RulebookRow]:
    """The rules by clause, the settings, then the cautions for its jurisdiction."""
    yield _heading("rules", _("Rules"))
    for rule in sorted(book.rules, key=lambda each: natural(each.clause)):
        origins = listed(_(_ORIGINS[each]) for each in sorted(rule.origins))
        cells = (rule.clause, title(rule), limits(rule), origins)
        yield RulebookRow(Row(f"rule {rule.code}", cells), rule_text(rule, origins))
    for key, of_desk, text in desk_rows(book.guests) if book.guests is not None else ():
        heading = len(of_desk) == 1
        yield _heading(key, of_desk[0]) if heading else RulebookRow(Row(key, of_desk), text)
    yield _heading("settings", _("Settings"))
    for at, (name, value) in enumerate(settings(book)):
        yield RulebookRow(Row(f"setting {at}", ("", name, value, "")), f"{name}: {value}")
    found = cautions(book)
    place = book.jurisdiction or _("no jurisdiction named")
    yield _heading("cautions", _("Cautions (%s)") % place)
    for caution in found:
        text = caution.text[current_language()]
        source = caution.source[current_language()]
        row = Row(f"caution {caution.code}", ("", text, source, _("caution")), "warning")
        said = _("Source: %s") % source
        yield RulebookRow(row, f"{text}\n{said}")
    if not found:
        none = _("The program knows of none for it. That is no legal advice.")
        yield RulebookRow(Row("no caution", ("", none, "", "")), none)


def _heading(key: str, heading: str) -> RulebookRow:
    return RulebookRow(Row(key, (heading,), group=True), heading)


def rule_text(rule: Rule, origins: str) -> str:
    sentence = _("Clause %(clause)s, %(title)s: %(limits)s. It comes from %(origins)s; in files it"
                 " is called %(code)s.")  # fmt: skip
    return sentence % {
        "clause": rule.clause,
        "title": title(rule),
        "limits": limits(rule),
        "origins": origins,
        "code": rule.code,
    }


def settings(book: Rulebook) -> Iterator[tuple[str, str]]:
    """Each setting's name and value in the current language."""
    yield _("Briefing at"), f"{book.briefing:%H:%M}"
    yield _("Minutes of grace"), str(book.grace_minutes)
    yield _("Shift ends at"), f"{book.shift_end:%H:%M}"
    yield _("A night begins at"), f"{book.day_start:%H:%M}"
    yield _("Leave is asked for, nights ahead"), str(book.notice_nights)
    yield _("Days of a month, for days' wages"), str(book.wage_days_divisor)
    separation = _("never proposed")
    if book.separation is not None:
        window = _(_WINDOWS[book.separation.within])
        separation = window % {"n": book.separation.absences}
    yield _("Deemed resigned by"), separation
    cap = _("no cap")
    if book.cap is not None:
        sentence = _("%(percent)s %% of the wage, %(floor)s left at least; the rest is carried on")
        if book.cap.excess is Excess.WAIVE:
            sentence = _("%(percent)s %% of the wage, %(floor)s left at least; the rest is let go")
        values = {"percent": book.cap.percent, "floor": format_money(book.cap.floor)}
        cap = sentence % values
    yield _("Most that a month deducts"), cap
