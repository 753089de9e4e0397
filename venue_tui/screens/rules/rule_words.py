"""Rules in words: what each takes, within which limits, and what it is called here."""

from collections.abc import Mapping

from models.rules.rulebook import Rule, RuleKind
from models.values.money import format_money
from venue_tui.locale import _, current_language


def title(rule: Rule) -> str:
    """What the rule is called in the current language."""
    return rule.title(current_language())


def title_of(titles: Mapping[str, str], code: str) -> str:
    """The title among those by language, or else the code."""
    return titles.get(current_language()) or titles.get("zh-Hans") or code


def clause(rule: Rule) -> str:
    """Its clause and title, as lists have them."""
    return f"{rule.clause} {title(rule)}"


def limits(rule: Rule) -> str:
    """What the rule takes: an amount, the limits of one, or no money."""
    match rule.kind:
        case RuleKind.FIXED:
            return format_money(rule.amount or 0)
        case RuleKind.WAGE_DAYS:
            return _("%(days)s days' wages") % {"days": rule.days}
        case RuleKind.RANGE:
            least, most = format_money(rule.minimum or 0), format_money(rule.maximum or 0)
            return _("%(least)s to %(most)s") % {"least": least, "most": most}
        case RuleKind.VOID_SALES:
            return _("month's sales void, and a fine")
        case RuleKind.DISMISSAL if rule.police:
            return _("no money: dismissed, to the police")
        case RuleKind.DISMISSAL:
            return _("no money: dismissed without pay")
        case RuleKind.REFERRAL:
            return _("no money: handled seriously")
    return _("no money: suspended from the rotation")


def how_to_fill(rule: Rule) -> str:
    """What to write as the amount of an incident of this rule."""
    match rule.kind:
        case RuleKind.FIXED:
            amount = {"amount": format_money(rule.amount or 0)}
            return _("Fixed at %(amount)s: leave the amount blank.") % amount
        case RuleKind.RANGE:
            least, most = format_money(rule.minimum or 0), format_money(rule.maximum or 0)
            sentence = _("Write %(least)s to %(most)s, and in the note why so much.")
            return sentence % {"least": least, "most": most}
        case RuleKind.VOID_SALES:
            return _("The month's sales are void. A fine is yours to set; blank is none.")
    return _("It takes no money (%(what)s): leave the amount blank.") % {"what": limits(rule)}
