"""The guest desk's part of a rulebook as values: what makes one client of several, which contact
speaks for whom, whose a guest is, what a claim gains, whose turn it is, and what is due by when."""

from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from models.values.nights import last_night, month_of

CONTACT_KINDS = ("follow_up", "appointment", "call_in", "flyer", "visit", "call_back")
"""What a staffer may have had to do with a guest."""

TOUCH_KINDS = (*CONTACT_KINDS, "booking")
DEAL_KINDS = ("new", "upgrade", "renewal_in_term", "renewal_expired")
HOUSE = "house"


class Number(NamedTuple):
    """When a contact's phone number is good enough for it to speak for its staffer."""

    own: bool = False
    """It must be the client's own."""
    overwritten: str = "valid"
    """`void` or `valid`."""
    masked: str = "valid"
    """`valid`, `void`, or `if_followed`: only beside a valid follow-up of one's own."""
    unreachable_days: int | None = None
    """How many days after the claim an unreachable number may be reached; None: it is valid."""


class Validity(NamedTuple):
    """How long a contact speaks: on its day alone, for a number of months, or ever."""

    months: int | None = None
    ever: bool = False


class Touch(NamedTuple):
    """What the rulebook says of one kind of contact."""

    valid: Validity
    second_void: bool = False
    """A later day's is void while somebody else holds a valid one."""
    signed: bool = False
    before_arrival: bool = False
    void_if: frozenset[str] = frozenset()
    owns: bool = True
    """It makes a client of the staffer who had it, where the register decides."""


class Range(NamedTuple):
    """A number from `least` to `most`, either of them open when None."""

    least: int | None = None
    most: int | None = None

    def holds(self, number: int) -> bool:
        return (self.least is None or number >= self.least) and (
            self.most is None or number <= self.most
        )


Wanted = bool | frozenset[str] | Range
When = Mapping[str, Wanted]
"""What must hold: each word, and what it must be."""


class OwnerRule(NamedTuple):
    """Whose a guest is when it holds."""

    code: str
    clause: str
    when: When
    owner: str
    final: bool = False
    """No claim changes it."""


class Band(NamedTuple):
    """The share that a claim gains which was found by its day; the deal's day is day 1."""

    days: int | None
    share: Fraction


class ClaimRule(NamedTuple):
    """What a claim gains when it holds; without bands it ends the claim."""

    code: str
    clause: str
    when: When
    found: tuple[Band, ...]
    beyond_month: bool = False

    def share(self, day: int) -> Fraction | None:
        """The share of a claim found on that day, or None where every band is past."""
        for band in self.found:
            if band.days is None or day <= band.days:
                return band.share
        return None


class After(NamedTuple):
    """What follows from whose the sale is."""

    whole: str | None = None
    """Who serves when a claim gained all of it: `claimant`, `closer` or `owner`; None: whoever
    was asked for or received the guest."""
    half: str | None = None
    subject: str = "payer"
    """Whose contacts count where one pays and another uses: `user` or `payer`."""
    shares: Mapping[str, Fraction] = {}
    """By the part somebody has in a sale (booker, named, turn, served) the share of it."""
    partner_agreed: bool = False
    """The owner may name a partner, and the two agree on the shares."""
    disqualified: frozenset[str] = frozenset()
    """Rules that whoever broke them with a guest loses that guest's sale by."""


class MonthEnd(NamedTuple):
    """What the end of a month does to claims."""

    last_days: int = 0
    """In them only the same day's deals are changed."""
    next_month_void: bool = False
    change_signed_by: tuple[str, ...] = ()

    def is_near(self, night: date) -> bool:
        """Whether it is among the month's last days, on which only its own sales are changed."""
        return (last_night(month_of(night)) - night).days < self.last_days


class Skip(StrEnum):
    """What becomes of a turn that passes somebody over."""

    OWED = "owed"
    COUNTED = "counted"
    OUT = "out"


IN_HOUSE = ("serving_new", "serving_dealt", "serving_old", "own_room", "phone", "duty", "private")
"""Why somebody who is in the house can't take a guest."""

NOT_IN_HOUSE = (
    "slip_duty", "slip_private", "no_slip", "rest", "leave", "absent", "unmarked", "suspended",
)  # fmt: skip

SKIPS: Mapping[str, Skip] = {
    "serving_new": Skip.OWED,
    "serving_dealt": Skip.OWED,
    "serving_old": Skip.COUNTED,
    "own_room": Skip.OWED,
    "phone": Skip.OWED,
    "duty": Skip.OWED,
    "private": Skip.COUNTED,
    "slip_duty": Skip.OWED,
    "slip_private": Skip.COUNTED,
    "no_slip": Skip.COUNTED,
    "rest": Skip.OUT,
    "leave": Skip.OUT,
    "absent": Skip.OUT,
    "unmarked": Skip.OUT,
    "suspended": Skip.OUT,
}
"""What a reason does where the rulebook doesn't say."""

_SAME = {
    "slip_duty": "duty",
    "slip_private": "private",
    "no_slip": "private",
    "rest": "leave",
    "leave": "rest",
    "unmarked": "absent",
}


class Rotation(NamedTuple):
    """Whose turn a guest is."""

    counting: str = "pointer"
    """`pointer`: on through the order; `fewest`: who received the fewest, ties by the order."""
    make_up: str = "next"
    """When an owed turn is given: before the `next`, or when the `round` is over."""
    owed_until: str = "night"
    """How long a round lasts, and an owed turn is kept: a `night` or a `week`, and never beyond
    the list that it was owed in."""
    whoever_receives: bool = False
    """New guests are whoever's receives them: there is no order to keep."""
    skip: Mapping[str, Skip] = SKIPS
    named_counts: bool = False
    named_absent: str = "turn"
    known_counts: bool = False
    known_busy: str = "turn"
    known_absent: str = "turn"
    suspension_nights: int = 1
    suspension_from: str = "next"

    def passed(self, reason: str) -> Skip:
        """What passing somebody over for that reason does."""
        for name in (reason, _SAME.get(reason, "")):
            if name in self.skip:
                return self.skip[name]
        return SKIPS[reason]


class Clock(StrEnum):
    """By which clock a promise's time runs."""

    SERVICE = "service"
    WALL = "wall"
    NIGHTS = "nights"


class Span(NamedTuple):
    """A length of time: seconds, nights or months, whichever isn't 0. As text it is what rulebooks
    write: `15 min`, `2 h`, `3 nights`, `1 month`."""

    seconds: int = 0
    nights: int = 0
    months: int = 0

    def __str__(self) -> str:
        if self.months or self.nights:
            count, unit = (self.months, "month") if self.months else (self.nights, "night")
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
        hours, rest = divmod(self.seconds, 3600)
        return f"{self.seconds // 60} min" if rest else f"{hours} h"


STARTS = ("complaint", "solved", "left", "call_in", "visit", "hired")
"""What a promise's time runs from."""

ENDS = ("answered", "solved", "asked", "called_back", "contacted", "knows_house")
"""What keeps a promise."""

ABOUT = ("simple", "general", "complex", "grave", "member", "guest")
"""Whom a promise is for: complaints of a class, grave ones, or guests of a kind."""


class PromiseRule(NamedTuple):
    """Something that is due, computed from facts."""

    code: str
    clause: str
    starts: str
    ends: str
    within: Span
    at_most: Span | None
    clock: Clock
    tries: int | None
    not_between: tuple[time, time] | None
    times: int
    """How often it must be done."""
    about: frozenset[str]
    """Empty: for all."""
    escalate: tuple[str, ...]
    """To whom it goes as its time runs out: `supervisor` at half of it, `director` at its end."""


class GuestRules(NamedTuple):
    """The guest desk's part of a rulebook."""

    one_client: frozenset[str]
    """What makes two guests one client: `phone`, `household`, `company`."""
    number: Number
    touches: Mapping[str, Touch]
    owners: tuple[OwnerRule, ...]
    claims: tuple[ClaimRule, ...]
    after: After
    month_end: MonthEnd
    rotation: Rotation | None
    promises: tuple[PromiseRule, ...]


CHOICES_OF_WORD: Mapping[str, tuple[str, ...]] = {
    "deal": DEAL_KINDS,
    "consultant": ("employed", "left", "none"),
    "named": ("staff", "member", "none"),
    "booked": ("staff", "guest", "none"),
}
RANGES = ("party", "buyers")
OWNER_WORDS = (
    *CHOICES_OF_WORD, *RANGES, "heir", "voucher", "registered", "recorded", "followed",
)  # fmt: skip
"""All that an owner's `when` knows."""

CHOICES_OF_CLAIM: Mapping[str, tuple[str, ...]] = {
    **CHOICES_OF_WORD,
    "closer_follow_up": ("none", "earlier", "same_day", "later"),
}
CLAIM_WORDS = (
    *OWNER_WORDS,
    "follow_up", "appointment", "follow_up_or_appointment", "appointment_first",
    "closer_appointment_first", "call_or_flyer", "visit_earlier", "party_follow_up",
    "party_appointment", "closer_party_follow_up", "closer_follow_up",
)  # fmt: skip
"""All that a claim's `when` knows."""

OWNERS = (
    "consultant", "heir", "closer", "named", "consultant_of_named", "voucher", "booker", HOUSE,
    "turn", "first_recorded",
)  # fmt: skip
