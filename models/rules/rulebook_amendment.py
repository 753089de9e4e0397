"""A rulebook with other amounts: the text of the one in force, changed in those places alone."""

from collections.abc import Mapping

from models.rules.rulebook import Rule, Rulebook, RuleKind
from models.rules.rulebook_parser import parse

GRACE = "grace_minutes"
_KEYS = {
    RuleKind.FIXED: ("amount",),
    RuleKind.RANGE: ("min", "max"),
    RuleKind.WAGE_DAYS: ("days",),
}


def figures(rule: Rule) -> tuple[str, ...]:
    """The names of the rule's figures in a rulebook's text: of the amount, of both ends of a range,
    or of the days' wages; none for a rule that takes no money of a set amount."""
    return _KEYS.get(rule.kind, ())


def amended(book: Rulebook, values: Mapping[str, str]) -> Rulebook:
    """The rulebook with other figures: `values` are texts by `GRACE` or `<code>.<figure>`. Raises
    Refused with everything that makes it no valid rulebook; a figure is then named as in a file."""
    import tomlkit

    document = tomlkit.parse(book.source)
    if GRACE in values:
        grace = values[GRACE]
        document[GRACE] = int(grace) if grace.isascii() and grace.isdigit() else grace
    for rule in document["rules"]:
        for figure in ("amount", "min", "max", "days"):
            name = f"{rule['code']}.{figure}"
            if name in values:
                rule[figure] = values[name]
    return parse(tomlkit.dumps(document))
