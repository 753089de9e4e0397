"""The guest desk's words: what its rules, promises, turns and spans are called."""

import re

from models.values.nights import FIRST_NIGHT
from venue_tui.locale import N_, _, ngettext
from venue_tui.words import word

_PROMISES = {
    "complaint_answered": N_("answer the complaint"),
    "simple_solved": N_("solve the complaint"),
    "general_solved": N_("solve the complaint"),
    "complex_solved": N_("solve the complaint"),
    "asked_after": N_("ask whether they are content"),
    "called_back": N_("call the member"),
    "knows_house": N_("ask what they know of the house"),
    "rang_kept_in_touch": N_("keep in touch"),
    "came_kept_in_touch": N_("keep in touch"),
    "told": N_("a time that was told"),
}
"""What a rulebook's promises are called; one of another code is called by that."""

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
"""What rulebooks call things, in words."""

_HOW = {"made_up": N_("turn made up")}
"""How a turn came about, where the roll calls something else that."""

_STATES = {"late": N_("kept late")}

_SPAN = re.compile(r"(\d+) (min|h|nights?|months?)")


def promise_name(code: str) -> str:
    """What is to be done, of a promise's code."""
    return _(_PROMISES[code]) if code in _PROMISES else code


def desk_word(code: str) -> str:
    """What a rulebook calls something, in the current language; any other text as it is."""
    return _(_WORDS[code]) if code in _WORDS else word(code)


def how_word(how: str) -> str:
    """How a turn came about."""
    return _(_HOW[how]) if how in _HOW else word(how)


def state_word(state: str) -> str:
    """How a promise stands."""
    return _(_STATES[state]) if state in _STATES else word(state)


def whose_word(who: str) -> str:
    """Whom something is of or given to, where that may be nobody: the house, the office."""
    return _("the house") if who == "-" else word(who) if who == "office" else who


def since_word(night: str) -> str:
    """From which night on a rulebook is in force; a venue's first holds for all before, too."""
    return _("the beginning") if night == FIRST_NIGHT.isoformat() else night


def rule_word(code: str) -> str:
    """A rule by the code that the rulebook's file has, and by what it is called."""
    said = desk_word(code)
    return code if said == code else f"{code} ({said})"


def span_words(span: str) -> str:
    """A length of time as rulebooks write it."""
    match = _SPAN.fullmatch(span)
    if match is None:
        return span
    count, unit = int(match[1]), match[2].rstrip("s")
    match unit:
        case "min":
            return ngettext("%d minute", "%d minutes", count) % count
        case "h":
            return ngettext("%d hour", "%d hours", count) % count
        case "night":
            return ngettext("%d night", "%d nights", count) % count
    return ngettext("%d month", "%d months", count) % count
