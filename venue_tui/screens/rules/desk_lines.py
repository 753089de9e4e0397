"""The guest desk's part of a rulebook as rows: whose a sale is, what a claim gains, what is due.

The words of the rulebooks that come with the program are said in the person's language; a word of a
venue's own stands as its file has it."""

from collections.abc import Iterator

from models.rules.guests.rules import GuestRules, Range, Span, Wanted, When
from venue_tui.locale import N_, _, ngettext
from venue_tui.screens.guests.lines import promise_name
from venue_tui.words import word

_WORDS = {
    "booker": N_("who booked"),
    "house": N_("the house"),
    "named": N_("who was asked for"),
    "turn": N_("whose turn it is"),
    "consultant": N_("the consultant"),
    "heir": N_("who took them over"),
    "closer": N_("who closed the sale"),
    "consultant_of_named": N_("the consultant of the member asked for"),
    "voucher": N_("whose voucher it is"),
    "booked": N_("a booking"),
    "own_booking": N_("booked by the guest"),
    "asked_for": N_("asked for somebody"),
    "walk_in": N_("walked in"),
    "in_term": N_("within the term"),
    "in_term_heir": N_("within the term, taken over"),
    "expired": N_("after expiry"),
    "expired_heir": N_("after expiry, taken over"),
    "expired_open": N_("after expiry, nobody's"),
    "asked_for_member": N_("asked for a member"),
    "received": N_("received them"),
    "unregistered": N_("not on the register"),
    "group": N_("group sale"),
    "group_none": N_("group sale, no other claim"),
    "same_day_sheets_ordered": N_("both sheets of one day, by appointment"),
    "same_day_sheets_behind": N_("both sheets of one day, behind"),
    "same_day_sheets": N_("both sheets of one day"),
    "whole_party": N_("the whole party"),
    "follow_up": N_("follow-up sheet"),
    "shown_round_today": N_("shown round"),
    "called_today": N_("rang or came by flyer"),
    "appointment": N_("appointment"),
    "deal": N_("deal"),
    "registered": N_("registered"),
    "closer_follow_up": N_("the closer's follow-up"),
    "buyers": N_("buyers"),
    "follow_up_or_appointment": N_("follow-up or appointment"),
    "appointment_first": N_("appointment came first"),
    "closer_appointment_first": N_("the closer's appointment came first"),
    "party": N_("party"),
    "party_follow_up": N_("follow-up of the party"),
    "party_appointment": N_("appointment of the party"),
    "closer_party_follow_up": N_("the closer's follow-up of the party"),
    "visit_earlier": N_("came before"),
    "followed": N_("followed up"),
    "call_or_flyer": N_("call or flyer"),
    "none": N_("none"),
    "later": N_("later"),
    "same_day": N_("the same day"),
    "employed": N_("works here"),
    "complaint": N_("complaint"),
    "answered": N_("answered"),
    "solved": N_("solved"),
    "asked": N_("asked after"),
    "called_back": N_("called back"),
    "hired": N_("hired"),
    "knows_house": N_("knows the house"),
    "service": N_("hours of service"),
}


def desk_rows(rules: GuestRules) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """The owners, claims and promises, each in the order in which they are asked; a row of one
    cell is a heading."""
    if rules.owners:
        yield "owners", (_("Whose a sale is: the first that holds"),), ""
    for owner in rules.owners:
        said = f"→ {_said(owner.owner)}" + (_(", and no claim changes it") if owner.final else "")
        text = f"{_said(owner.code)}: {_when(owner.when)} {said}"
        yield (
            f"owner {owner.code}",
            (owner.clause, _said(owner.code), said, _when(owner.when)),
            text,
        )
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
        text = f"{_said(claim.code)}: {_when(claim.when)} → {gains}"
        yield (
            f"claim {claim.code}",
            (claim.clause, _said(claim.code), gains, _when(claim.when)),
            text,
        )
    if rules.promises:
        yield "promises", (_("What is due"),), ""
    for promise in rules.promises:
        due = _span(promise.at_most or promise.within)
        about = ", ".join(map(_said, sorted(promise.about))) or "-"
        clock = "" if promise.clock == "nights" else f" ({_said(promise.clock)})"
        said = f"{_said(promise.starts)} → {_said(promise.ends)}, {due}{clock}"
        title = promise_name(promise.code)
        cells = (promise.clause, title, said, about)
        yield f"promise {promise.code}", cells, f"{title}: {said}; {about}"


def _said(text: str) -> str:
    return _(_WORDS[text]) if text in _WORDS else word(text)


def _when(when: When) -> str:
    return ", ".join(f"{_said(name)}: {_wanted(wanted)}" for name, wanted in when.items()) or "-"


def _wanted(wanted: Wanted) -> str:
    if isinstance(wanted, bool):
        return word("yes" if wanted else "no")
    if isinstance(wanted, Range):
        least = "" if wanted.least is None else str(wanted.least)
        return f"{least}..{'' if wanted.most is None else wanted.most}"
    return " | ".join(map(_said, sorted(wanted)))


def _span(span: Span) -> str:
    if span.months:
        return ngettext("%d month", "%d months", span.months) % span.months
    if span.nights:
        return ngettext("%d night", "%d nights", span.nights) % span.nights
    minutes = span.seconds // 60
    return ngettext("%d minute", "%d minutes", minutes) % minutes
