"""The guest desk's part of a rulebook as rows: whose a sale is, what a claim gains, what is due.

The words of the rulebooks that come with the program are said in the person's language; a word of a
venue's own stands as its file has it."""

from collections.abc import Iterator

from models.rules.guests.rulebook import GuestRules, Range, Wanted, When
from venue_tui.desk_words import desk_word, promise_name, span_words
from venue_tui.locale import _
from venue_tui.words import listed, word


def desk_rows(rules: GuestRules) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """The owners, claims and promises, each in the order in which they are asked; a row of one
    cell is a heading."""
    if rules.owners:
        yield "owners", (_("Whose a sale is: the first that holds"),), ""
    for owner in rules.owners:
        said = f"→ {desk_word(owner.owner)}" + (
            _(", and no claim changes it") if owner.final else ""
        )
        text = f"{desk_word(owner.code)}: {_when(owner.when)} {said}"
        yield (
            f"owner {owner.code}",
            (owner.clause, desk_word(owner.code), said, _when(owner.when)),
            text,
        )
    if rules.claims:
        yield "claims", (_("What a claim gains: the first that holds"),), ""
    for claim in rules.claims:
        bands = listed(
            str(band.share)
            if band.days is None
            else _("%(share)s by day %(day)d") % {"share": band.share, "day": band.days}
            for band in claim.found
        )
        gains = bands or _("nothing, and ends it")
        text = f"{desk_word(claim.code)}: {_when(claim.when)} → {gains}"
        yield (
            f"claim {claim.code}",
            (claim.clause, desk_word(claim.code), gains, _when(claim.when)),
            text,
        )
    if rules.promises:
        yield "promises", (_("What is due"),), ""
    for promise in rules.promises:
        due = span_words(str(promise.at_most or promise.within))
        about = listed(map(desk_word, sorted(promise.about))) or "-"
        clock = "" if promise.clock == "nights" else f" ({desk_word(promise.clock)})"
        said = f"{desk_word(promise.starts)} → {desk_word(promise.ends)}, {due}{clock}"
        title = promise_name(promise.code)
        cells = (promise.clause, title, said, about)
        yield f"promise {promise.code}", cells, f"{title}: {said}; {about}"


def _when(when: When) -> str:
    return listed(f"{desk_word(name)}: {_wanted(wanted)}" for name, wanted in when.items()) or "-"


def _wanted(wanted: Wanted) -> str:
    if isinstance(wanted, bool):
        return word("yes" if wanted else "no")
    if isinstance(wanted, Range):
        least = "" if wanted.least is None else str(wanted.least)
        return f"{least}..{'' if wanted.most is None else wanted.most}"
    return " | ".join(map(desk_word, sorted(wanted)))
