"""The guest desk's part of a rulebook as rows: whose a sale is, what a claim gains, what is due.

The words of a rule's condition are those of the file, which is where a venue changes them."""

from collections.abc import Iterator

from models.rules.guests.rules import GuestRules, Range, Span, Wanted, When
from venue_tui.locale import _


def desk_rows(rules: GuestRules) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """The owners, claims and promises, each in the order in which they are asked; a row of one
    cell is a heading."""
    if rules.owners:
        yield "owners", (_("Whose a sale is: the first that holds"),), ""
    for owner in rules.owners:
        said = f"→ {owner.owner}" + (_(", and no claim changes it") if owner.final else "")
        text = f"{owner.code}: {_when(owner.when)} {said}"
        yield f"owner {owner.code}", (owner.clause, owner.code, said, _when(owner.when)), text
    if rules.claims:
        yield "claims", (_("What a claim gains: the first that holds"),), ""
    for claim in rules.claims:
        bands = ", ".join(
            str(band.share)
            if band.days is None
            else _("%(share)s by day %(day)d") % {"share": band.share, "day": band.days}
            for band in claim.found
        )
        gains = bands or _("nothing, and ends it")
        text = f"{claim.code}: {_when(claim.when)} → {gains}"
        yield f"claim {claim.code}", (claim.clause, claim.code, gains, _when(claim.when)), text
    if rules.promises:
        yield "promises", (_("What is due"),), ""
    for promise in rules.promises:
        due = _span(promise.at_most or promise.within)
        about = ", ".join(sorted(promise.about)) or "-"
        said = f"{promise.starts} → {promise.ends}, {due} ({promise.clock})"
        cells = (promise.clause, promise.code, said, about)
        yield f"promise {promise.code}", cells, f"{promise.code}: {said}; {about}"


def _when(when: When) -> str:
    return ", ".join(f"{word} = {_wanted(wanted)}" for word, wanted in when.items()) or "-"


def _wanted(wanted: Wanted) -> str:
    if isinstance(wanted, bool):
        return "true" if wanted else "false"
    if isinstance(wanted, Range):
        least = "" if wanted.least is None else str(wanted.least)
        return f"{least}..{'' if wanted.most is None else wanted.most}"
    return " | ".join(sorted(wanted))


def _span(span: Span) -> str:
    if span.months:
        return _("%d months") % span.months
    if span.nights:
        return _("%d nights") % span.nights
    return _("%d minutes") % (span.seconds // 60)
