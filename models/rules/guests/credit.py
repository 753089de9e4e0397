"""Whose a sale is: shares, who serves the client from then on, by which rule, and who may still
claim until when. Shares are exact fractions that come to 1; sums are cents. Pure.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from models.rules.guests.contacts import APPOINTMENT, FOLLOW_UP
from models.rules.guests.facts import Around, Claim, Contact, Deal
from models.rules.guests.ownership import Answer, Circumstances, Owned, fits
from models.rules.guests.rulebook import ClaimRule, GuestRules
from models.values.nights import month_of

WHOLE = Fraction(1)
NOTHING = Fraction(0)
ONE_DAY = timedelta(days=1)


class Share(NamedTuple):
    """Somebody's part of a sale; `staff_no` None: the house's."""

    staff_no: str | None
    share: Fraction
    cents: int


class Result(StrEnum):
    """What became of a claim."""

    GRANTED = "granted"
    BEHIND = "behind"
    """Another claim goes before it."""
    TOO_LATE = "too_late"
    """It was found when every share it could gain was past."""
    NEXT_MONTH = "next_month"
    """Found in another month than the sale's."""
    BETWEEN_THEM = "between_them"
    """Found in the month's last days for an earlier day: the shares stand, the two may agree."""
    NO_GROUND = "no_ground"
    """No rule speaks for it, or one that ends it."""
    FINAL = "final"
    """No claim changes whose the sale is."""
    NOT_EMPLOYED = "not_employed"
    DISQUALIFIED = "disqualified"


class Verdict(NamedTuple):
    """What became of one claim, and by which rule."""

    claim: Claim
    result: Result
    share: Fraction
    rule: ClaimRule | None
    since: Contact | None
    """The earliest contact that spoke for the claimant."""


class CreditDecision(NamedTuple):
    """What a director decided of a sale, or two partners agreed on."""

    shares: Mapping[str | None, Fraction]
    reason: str
    decided_by: str | None
    agreed_by: frozenset[str] = frozenset()


class Credit(NamedTuple):
    """Whose a sale is."""

    deal_no: str
    shares: tuple[Share, ...]
    """Whoever serves first, then by staff_no, the house last."""
    serves: str | None
    owned: Owned
    """Whose it was before anybody claimed it."""
    granted: Verdict | None
    verdicts: tuple[Verdict, ...]
    decision: CreditDecision | None
    by_rule: tuple[Share, ...]
    """The rule's answer, also where a decision stands in its place."""

    @property
    def rule(self) -> str | None:
        rule = self.granted.rule if self.granted is not None else self.owned.rule
        return rule.code if rule is not None else None

    @property
    def clause(self) -> str | None:
        rule = self.granted.rule if self.granted is not None else self.owned.rule
        return rule.clause if rule is not None else None


class StillOpen(NamedTuple):
    """That a staffer could claim a share of a sale until a night (None: without end)."""

    staff_no: str
    share: Fraction
    rule: str
    until: date | None


def credit(
    deal: Deal,
    claims: Iterable[Claim],
    around: Around,
    rules: GuestRules,
    decision: CreditDecision | None = None,
) -> Credit:
    """Whose a sale is, by the rules and, where there is one, by a decision."""
    it = Circumstances.of_sale(deal, around, rules)
    owned = it.owner()
    verdicts = _verdicts(deal, claims, it, owned, rules)
    granted = next((each for each in verdicts if each.result is Result.GRANTED), None)
    serves = _serves(it, owned, granted, rules)
    shares = _by_rule(owned, granted, serves, rules)
    by_rule = in_cents(deal.amount, shares, serves)
    standing = by_rule
    if decision is not None:
        serves = _serves_decided(decision, deal, serves)
        standing = in_cents(deal.amount, decision.shares, serves)
    return Credit(
        deal.deal_no, standing, serves, owned, granted, tuple(verdicts), decision, by_rule
    )


def still_open(
    deal: Deal, claims: Sequence[Claim], around: Around, rules: GuestRules, today: date
) -> list[StillOpen]:
    """Who hasn't claimed and could, of all who ever had to do with the client: what they would
    gain by the rules if they found it today, and the last night on which they still would."""
    it = Circumstances.of_sale(deal, around, rules)
    owned = it.owner()
    claimed = {claim.staff_no for claim in claims}
    people = {contact.staff_no for client in it.party_contacts for contact in client.contacts}
    found: list[StillOpen] = []
    for staff_no in sorted(people - claimed):
        best: Verdict | None = None
        day = max(today, deal.night)
        until: date | None = day
        # A claim gains the same or less from day to day, so that the first day without it ends it.
        for _ in range(_horizon(rules)):
            verdict = _verdict(deal, Claim(deal.deal_no, staff_no, day), it, owned, rules)
            if verdict.result is not Result.GRANTED or (best and verdict.share != best.share):
                break
            best, until = verdict, day
            day += ONE_DAY
        else:
            until = None
        if best is not None and best.rule is not None:
            found.append(StillOpen(staff_no, best.share, best.rule.code, until))
    return found


def _horizon(rules: GuestRules) -> int:
    days = [band.days or 0 for rule in rules.claims for band in rule.found]
    return max(days, default=0) + 62


def _verdicts(
    deal: Deal, claims: Iterable[Claim], it: Circumstances, owned: Owned, rules: GuestRules
) -> list[Verdict]:
    """Each claim's, the granted one first: the larger share, then the rule higher up, then the
    earlier contact."""
    verdicts = [_verdict(deal, claim, it, owned, rules) for claim in claims]
    if len(verdicts) < 2:
        return verdicts
    order = {rule.code: at for at, rule in enumerate(rules.claims)}

    def rank(verdict: Verdict) -> tuple[object, ...]:
        since = verdict.since
        return (
            verdict.result is not Result.GRANTED,
            -verdict.share,
            order[verdict.rule.code] if verdict.rule is not None else len(order),
            (since.day, since.at) if since is not None else (date.max, 0),
            verdict.claim.staff_no,
        )

    verdicts.sort(key=rank)
    return [
        verdict._replace(result=Result.BEHIND)
        if at and verdict.result is Result.GRANTED
        else verdict
        for at, verdict in enumerate(verdicts)
    ]


def _verdict(
    deal: Deal, claim: Claim, it: Circumstances, owned: Owned, rules: GuestRules
) -> Verdict:
    def refused(result: Result, rule: ClaimRule | None = None) -> Verdict:
        return Verdict(claim, result, NOTHING, rule, None)

    if owned.final:
        return refused(Result.FINAL)
    around, staff_no = it.around, claim.staff_no
    if not around.employed(staff_no, deal.night) or not around.employed(staff_no, claim.found_on):
        return refused(Result.NOT_EMPLOYED)
    if it.disqualified(staff_no):
        return refused(Result.DISQUALIFIED)
    case = ClaimCase(it.as_found_on(claim.found_on), staff_no)
    day = (claim.found_on - deal.night).days + 1
    too_late: ClaimRule | None = None
    for rule in rules.claims:
        if not case.holds(rule):
            continue
        if not rule.found:
            return refused(Result.NO_GROUND, rule)
        share = rule.share(day)
        if share is None:
            too_late = too_late or rule
            continue
        if (stopped := _month_end(deal.night, claim.found_on, rule, rules)) is not None:
            return refused(stopped, rule)
        return Verdict(claim, Result.GRANTED, share, rule, case.since())
    if too_late is not None:
        return refused(Result.TOO_LATE, too_late)
    return refused(Result.NO_GROUND)


def _month_end(night: date, found_on: date, rule: ClaimRule, rules: GuestRules) -> Result | None:
    """What the end of the month does to a claim, if anything."""
    if rule.beyond_month:
        return None
    if month_of(found_on) != month_of(night):
        return Result.NEXT_MONTH if rules.month_end.next_month_void else None
    if found_on != night and rules.month_end.is_near(found_on):
        return Result.BETWEEN_THEM
    return None


class ClaimCase:
    """One claimant's case: what a claim's `when` may ask besides what an owner's does."""

    def __init__(self, it: Circumstances, staff_no: str) -> None:
        self.it = it
        self.staff_no = staff_no
        # Against oneself there is nothing to be earlier than.
        self.closer = it.closer if it.closer != staff_no else None
        self._answers: dict[str, Answer] = {}

    def holds(self, rule: ClaimRule) -> bool:
        return all(fits(self._answer(word), wanted) for word, wanted in rule.when.items())

    def _answer(self, word: str) -> Answer:
        if word not in CLAIM_ANSWERS:
            return self.it.answer(word)
        if word not in self._answers:
            self._answers[word] = CLAIM_ANSWERS[word](self)
        return self._answers[word]

    def since(self) -> Contact | None:
        """The claimant's earliest contact that speaks, with the client or else the party."""
        for contacts in (self.it.contacts, *self.it.party_contacts):
            first = contacts.first(
                self.staff_no, self.it.rules.touches, self.it.night, self.it.found_on
            )
            if first is not None:
                return first
        return None

    def first(self, staff_no: str | None, *kinds: str) -> Contact | None:
        return self.it.contacts.first(staff_no, kinds, self.it.night, self.it.found_on)

    def any_of_party(self, staff_no: str | None, kind: str) -> bool:
        return any(
            contacts.first(staff_no, [kind], self.it.night, self.it.found_on) is not None
            for contacts in self.it.party_contacts
        )

    def earlier_appointment(self, one: str | None, other: str | None) -> bool:
        mine, theirs = self.first(one, APPOINTMENT), self.first(other, APPOINTMENT)
        return mine is not None and (theirs is None or mine.at < theirs.at)

    @property
    def visit_earlier(self) -> bool:
        mine, theirs = self.first(self.staff_no, "visit"), self.first(self.closer, "visit")
        if mine is None or self.closer is None:
            return False
        in_time = self.it.at is None or mine.at <= self.it.at
        return in_time and (theirs is None or mine.at < theirs.at)

    @property
    def closer_follow_up(self) -> str:
        mine, theirs = self.first(self.staff_no, FOLLOW_UP), self.first(self.closer, FOLLOW_UP)
        if theirs is None:
            return "none"
        if mine is None or theirs.day < mine.day:
            return "earlier"
        return "same_day" if theirs.day == mine.day else "later"


CLAIM_ANSWERS: Mapping[str, Callable[[ClaimCase], Answer]] = {
    "follow_up": lambda case: case.first(case.staff_no, FOLLOW_UP) is not None,
    "appointment": lambda case: case.first(case.staff_no, APPOINTMENT) is not None,
    "follow_up_or_appointment": lambda case: (
        case.first(case.staff_no, FOLLOW_UP, APPOINTMENT) is not None
    ),
    "appointment_first": lambda case: case.earlier_appointment(case.staff_no, case.closer),
    "closer_appointment_first": lambda case: case.earlier_appointment(case.closer, case.staff_no),
    "call_or_flyer": lambda case: case.first(case.staff_no, "call_in", "flyer") is not None,
    "visit_earlier": lambda case: case.visit_earlier,
    "party_follow_up": lambda case: case.any_of_party(case.staff_no, FOLLOW_UP),
    "party_appointment": lambda case: case.any_of_party(case.staff_no, APPOINTMENT),
    "closer_party_follow_up": lambda case: case.any_of_party(case.closer, FOLLOW_UP),
    "closer_follow_up": lambda case: case.closer_follow_up,
}
"""What each word that only a claim's `when` knows is answered by."""


def _serves(
    it: Circumstances, owned: Owned, granted: Verdict | None, rules: GuestRules
) -> str | None:
    """Who looks after the client from then on."""
    whole, half = rules.after.whole, rules.after.half
    if granted is not None:
        word = whole if granted.share == WHOLE else half
        by_word = {
            "claimant": granted.claim.staff_no,
            "closer": it.closer,
            "owner": owned.staff_no,
            None: granted.claim.staff_no,
        }
        return by_word[word]
    if whole is None and it.visit is not None:
        naming = it.visit.naming
        served = naming[1] if naming is not None and naming[0] == "staff" else it.receiver
        if it.around.employed(served, it.night):
            return served
    return owned.staff_no


def _by_rule(
    owned: Owned, granted: Verdict | None, serves: str | None, rules: GuestRules
) -> dict[str | None, Fraction]:
    if granted is not None:
        parts = [(granted.claim.staff_no, granted.share), (owned.staff_no, WHOLE - granted.share)]
    else:
        part = owned.rule.owner if owned.rule is not None else "closer"
        own = rules.after.shares.get(part, WHOLE)
        if own is WHOLE:
            return {owned.staff_no: WHOLE}
        # What the owner's part leaves is whoever's serves.
        parts = [(owned.staff_no, own), (serves, WHOLE - own)]
    shares: dict[str | None, Fraction] = {}
    for staff_no, share in parts:
        if share:
            shares[staff_no] = shares.get(staff_no, Fraction(0)) + share
    return shares


def _serves_decided(decision: CreditDecision, deal: Deal, by_rule: str | None) -> str | None:
    people = [staff_no for staff_no in decision.shares if staff_no is not None]
    for staff_no in (deal.closer_no, by_rule):
        if staff_no in people:
            return staff_no
    return max(people, key=lambda each: (decision.shares[each], each), default=None)


def in_cents(
    amount: int, shares: Mapping[str | None, Fraction], serves: str | None
) -> tuple[Share, ...]:
    """The shares with their cents, which come to the amount; the odd ones go to whoever serves,
    or to the first of them."""
    if len(shares) == 1:
        [who] = shares
        return (Share(who, shares[who], amount),)
    people = sorted(shares, key=lambda who: (who is None, who != serves, who or ""))
    cents = {who: amount * shares[who].numerator // shares[who].denominator for who in people}
    if people:
        cents[people[0]] += amount - sum(cents.values())
    return tuple(Share(who, shares[who], cents[who]) for who in people)
