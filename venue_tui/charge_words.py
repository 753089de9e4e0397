"""What a change does to charges, in words, for the commands and the screens that name it before it
is made."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from models.operations.directory import name_of
from models.values.money import format_money
from venue_tui.locale import _, current_language
from venue_tui.words import shown_name, word

if TYPE_CHECKING:
    from models.access.session import Session
    from models.operations.charge_preview import ChargeChange


def rule_title(session: "Session", night: date, code: str) -> str:
    """What a rule is called in the rulebook of that night, with its clause."""
    rule = session.book(night).rule(code)
    if rule is None:
        return code
    title = rule.title(current_language())
    return _("%(title)s (clause %(clause)s)") % {"title": title, "clause": rule.clause}


def lines_of(
    session: "Session", changes: "Sequence[ChargeChange]", most: int | None = None
) -> list[str]:
    """A line for each charge that comes, goes or is of another amount, and what they come to, where
    that is money. Where there is room for `most` of them alone, how many more there are."""
    lines = list(_each(session, changes[:most]))
    if len(lines) < len(changes):
        lines.append(_("and %d more") % (len(changes) - len(lines)))
    if any(each.was or each.now for each in changes):
        lines.append(in_all(each.difference for each in changes))
    return lines


def in_all(differences: Iterable[int]) -> str:
    """By how many cents all is more than it was, or less."""
    total = sum(differences)
    return (_("In all %s more.") if total >= 0 else _("In all %s less.")) % format_money(abs(total))


def _each(session: "Session", changes: "Iterable[ChargeChange]") -> Iterator[str]:
    for (staff_no, night, rule, _source), was, now in changes:
        sentence = _("%(night)s %(who)s, %(rule)s: %(now)s is charged")
        if now is None:
            sentence = _("%(night)s %(who)s, %(rule)s: %(was)s is charged no more")
        elif was is not None:
            sentence = _("%(night)s %(who)s, %(rule)s: %(now)s instead of %(was)s")
        elif not now:
            sentence = _("%(night)s %(who)s, %(rule)s: %(kind)s, no money")
        name = name_of(staff_no)
        kind = session.book(night).rule(rule)
        yield sentence % {
            "night": night,
            "who": shown_name(staff_no, name) if name != staff_no else staff_no,  # or is to be new
            "rule": rule_title(session, night, rule),
            "kind": word(kind.kind) if kind is not None else "",
            "was": format_money(was or 0),
            "now": format_money(now or 0),
        }
