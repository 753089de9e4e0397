"""What makes a fact of the guest desk unlawful; see `models.rules.validation`."""

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from models.rules.guests.register import phone_problem
from models.rules.validation import (
    Fact,
    ReferenceData,
    filed_under,
    hired,
    unknown_key,
    unknown_staffer,
)
from models.values.problems import Problem, problem

_SHARE = re.compile(
    r"([^\s,;:=]+)(?:\s*[:=]\s*|\s+)([0-9]+/[0-9]+|[0-9]+(?:\.[0-9]+)?%?)(?=[\s,;]|$)"
)
_HOUSE = "house"


def guests(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    yield from phone(fact)
    yield from _people(fact, reference, "consultant_no")
    introducer = fact["introduced_by"]
    if introducer is not None and introducer == fact["guest_no"]:
        yield problem("introduced_by", "nobody introduces themselves")
    else:
        yield from _refers(fact, reference, introduced_by="guests")


def visits(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    yield from filed_under(fact, reference, "at")
    yield from _people(fact, reference, "asked_for", "voucher_of", "received_by")
    yield from _refers(fact, reference, guest_no="guests", asked_member="guests")
    yield from _in_order(fact, "at", "left_at")


def contacts(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    yield from hired(fact, reference, _night(fact, reference, "at"), "at")
    yield from _people(fact, reference, "signed_by")
    yield from _refers(fact, reference, guest_no="guests")
    signed_by = fact["signed_by"]
    if signed_by is not None and signed_by == fact["staff_no"]:
        yield problem("signed_by", "nobody signs anything of their own")
    if fact["signed_how"] is not None and signed_by is None:
        yield problem("signed_by", "what was signed needs who signed it")
    if fact["reached_on"] is not None and fact["number"] != "unreachable":
        yield problem("reached_on", "only a number that was unreachable is reached")


def rotation(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    yield from hired(fact, reference, fact["from_night"], "from_night")


def turns(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    yield from filed_under(fact, reference, "at")
    yield from hired(fact, reference, fact["night"], "night")
    yield from _refers(fact, reference, visit_no="visits")
    night = reference.keys.get("visits", {}).get(fact["visit_no"] or "")
    if night is not None and fact["night"] is not None and night != fact["night"]:
        yield problem("visit_no", "that visit is of the night of %(night)s", night=night)
    if fact["staff_no"] is None and fact["how"] != "office":
        yield problem("staff_no", "only the office receives without being named")
    elif fact["staff_no"] is not None and fact["how"] == "office":
        yield problem("staff_no", "the office receives by turn of nobody: leave it blank")


def away(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    yield from filed_under(fact, reference, "from", "until")
    yield from hired(fact, reference, fact["night"], "night")
    yield from _in_order(fact, "from", "until")


def deals(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    yield from filed_under(fact, reference, "at")
    yield from phone(fact)
    closer = {"staff_no": fact["closer_no"]}
    for each in hired(closer, reference, fact["night"], "night"):
        yield (
            problem("closer_no", each.message, **dict(each.values))
            if (each.field == "staff_no")
            else each
        )
    yield from _refers(fact, reference, guest_no="guests", user_no="guests", visit_no="visits")
    if (fact["deal_no"] or "").startswith("booking:"):
        yield problem("deal_no", "a booking is a deal by itself, once its guests have left")


def claims(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    yield from _people(fact, reference, "staff_no")
    yield from _deal(fact, reference)
    night = reference.keys.get("deals", {}).get(fact["deal_no"] or "")
    if night is not None and fact["found_on"] is not None and fact["found_on"] < night:
        yield problem("found_on", "before the sale, on %(night)s", night=night)


def credit_decisions(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    yield from _deal(fact, reference)
    by = fact["decided_by"]
    yield from _people(fact, reference, "decided_by")
    if fact["shares"] is None:
        return
    try:
        shares = parse_shares(fact["shares"])
    except ValueError as error:
        yield problem("shares", str(error))
        return
    people = [staff_no for staff_no in shares if staff_no is not None]
    for staff_no in people:
        if staff_no not in reference.people:
            yield unknown_staffer("shares", staff_no)
    agreed = people_of(fact["agreed_by"])
    for staff_no in agreed:
        if staff_no not in reference.people:
            yield unknown_staffer("agreed_by", staff_no)
    if by is None:
        if len(people) < 2 or not agreed.issuperset(people):
            yield problem("decided_by", "a director decides, or all who share agree")
    elif by in people:
        yield problem("decided_by", "nobody decides a sale of their own")
    elif by in reference.people and reference.people[by].position != "director":
        yield problem("decided_by", "%(staff_no)s is no director", staff_no=by)


def heirs(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    yield from _people(fact, reference, "from_staff_no", "to_staff_no")
    yield from _refers(fact, reference, guest_no="guests")
    if fact["to_staff_no"] is not None and fact["to_staff_no"] == fact["from_staff_no"]:
        yield problem("to_staff_no", "nobody takes over from themselves")


def complaints(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    yield from _people(fact, reference, "about_staff_no", "taken_by", "approved_by", "judged_by")
    yield from _refers(fact, reference, guest_no="guests", incident_no="incidents")
    if fact["place"] is not None and fact["place"] not in reference.places:
        yield problem("place", "there is no room or table %(place)s", place=fact["place"])
    for column in ("answered_at", "solved_at", "asked_at"):
        yield from _in_order(fact, "at", column)
    if fact["founded"] is not None and fact["judged_by"] is None:
        yield problem("judged_by", "what was judged needs who judged it")
    if fact["judged_by"] is not None and fact["judged_by"] == fact["about_staff_no"]:
        yield problem("judged_by", "nobody judges a complaint about themselves")
    if fact["incident_no"] is not None and not fact["founded"]:
        yield problem("incident_no", "only a complaint that is founded becomes an incident")


def promised(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    yield from _people(fact, reference, "by_staff_no")
    yield from _refers(fact, reference, guest_no="guests", complaint_no="complaints")
    for column in ("due_at", "kept_at"):
        yield from _in_order(fact, "told_at", column)


def handovers(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    yield from filed_under(fact, reference, "given_at")
    yield from _people(fact, reference, "from_staff_no", "to_staff_no")
    if fact["to_staff_no"] is not None and fact["to_staff_no"] == fact["from_staff_no"]:
        yield problem("to_staff_no", "nobody takes over from themselves")
    yield from _in_order(fact, "given_at", "accepted_at")


def knowledge(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    yield from hired(fact, reference, _night(fact, reference, "at"), "at")
    yield from _people(fact, reference, "checked_by")
    if fact["checked_by"] is not None and fact["checked_by"] == fact["staff_no"]:
        yield problem("checked_by", "nobody checks themselves")
    if None not in (fact["asked"], fact["right"]) and fact["right"] > fact["asked"]:
        yield problem("right", "more than were asked")


def phone(fact: Fact) -> Iterator[Problem]:
    """The form of a fact's phone number."""
    if fact["phone"] is not None and (wrong := phone_problem(fact["phone"])) is not None:
        yield wrong


def parse_shares(text: str) -> dict[str | None, Fraction]:
    """Shares written as `0003:3/5 0007:2/5`, `house` being nobody's. Raises ValueError, with a
    sentence for the writer, for other forms and for what doesn't come to 1."""
    shares: dict[str | None, Fraction] = {}
    rest = _SHARE.sub("", text)
    if rest.strip(" ,;"):
        raise ValueError("write who has which share: 0003:3/5 0007:2/5")
    for staff_no, share in _SHARE.findall(text):
        who = None if staff_no == _HOUSE else staff_no
        if who in shares:
            raise ValueError("somebody stands in it twice")
        try:
            part = Fraction(share.rstrip("%"))
        except ZeroDivisionError:
            raise ValueError("nothing can be shared by 0") from None
        shares[who] = part / 100 if share.endswith("%") else part
    if sum(shares.values()) != 1 or min(shares.values()) <= 0:
        raise ValueError("the shares must come to 1")
    return shares


def format_shares(shares: dict[str | None, Fraction]) -> str:
    """Shares as `parse_shares` reads them."""
    return " ".join(f"{staff_no or _HOUSE}:{share}" for staff_no, share in shares.items())


def people_of(text: str | None) -> frozenset[str]:
    """Staff numbers written one after the other."""
    return frozenset(re.split(r"[\s,;]+", text.strip())) if text and text.strip() else frozenset()


def _night(fact: Fact, reference: ReferenceData, column: str) -> date | None:
    return None if fact[column] is None else reference.calendar.night(fact[column])


def _people(fact: Fact, reference: ReferenceData, *columns: str) -> Iterator[Problem]:
    for column in columns:
        if fact[column] is not None and fact[column] not in reference.people:
            yield unknown_staffer(column, fact[column])


def _refers(fact: Fact, reference: ReferenceData, **datasets: str) -> Iterator[Problem]:
    for column, dataset in datasets.items():
        if not reference.knows(dataset, fact[column]):
            yield unknown_key(column, fact[column])


def _deal(fact: Fact, reference: ReferenceData) -> Iterator[Problem]:
    number = fact["deal_no"] or ""
    booking = number.removeprefix("booking:")
    known = (
        reference.knows("bookings", booking)
        if booking != number
        else reference.knows("deals", number)
    )
    if number and not known:
        yield unknown_key("deal_no", number)


def _in_order(fact: Fact, first: str, second: str) -> Iterator[Problem]:
    if fact[first] is not None and fact[second] is not None and fact[second] < fact[first]:
        yield problem(second, "before %(first)s", first=first)
