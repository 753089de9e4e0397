"""The house rules as data: an immutable `Rulebook`. `models.rules.shipped` reads it from a file."""

from collections.abc import Callable, Iterator, Mapping
from datetime import time
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from models.values.money import rounded
from models.values.problems import Problem, problem

if TYPE_CHECKING:
    from models.rules.guests.rulebook import GuestRules

LANGUAGES = ("en", "zh-Hans", "zh-Hant")
DEFAULT_RULEBOOK = "nightlife"


class RuleKind(StrEnum):
    """What a rule takes."""

    FIXED = "fixed"
    WAGE_DAYS = "wage_days"
    RANGE = "range"
    VOID_SALES = "void_sales"
    DISMISSAL = "dismissal"
    REFERRAL = "referral"
    SUSPENSION = "suspension"


class Origin(StrEnum):
    """Which facts a rule's charges come from."""

    ROLL = "roll"
    OUTING = "outing"
    INCIDENT = "incident"
    DESK = "desk"


class Window(StrEnum):
    """Which absences are counted together towards a separation."""

    MONTH = "month"
    CONSECUTIVE = "consecutive"
    EVER = "ever"


class Excess(StrEnum):
    """What becomes of the part of a month's due that its cap leaves undeducted."""

    CARRY = "carry"
    WAIVE = "waive"


ROLL_OUTCOMES = ("late", "missed", "absent")
MONEYLESS = frozenset({RuleKind.DISMISSAL, RuleKind.REFERRAL, RuleKind.SUSPENSION})
_CHOSEN = frozenset({RuleKind.RANGE, RuleKind.VOID_SALES})


class Rule(NamedTuple):
    """One thing that is fined. Amounts are cents; those that don't apply to the kind are None."""

    code: str
    clause: str
    kind: RuleKind
    origins: frozenset[Origin]
    titles: Mapping[str, str]
    amount: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    days: Decimal | None = None
    outcome: str | None = None
    """For a rule that comes from the roll: the outcome it fines."""
    police: bool = False

    def title(self, language: str) -> str:
        return self.titles[language]

    def incident_problems(self, amount: int | None, note: str | None) -> Iterator[Problem]:
        """What is wrong with raising this rule as an incident of `amount` cents (None: blank)."""
        if Origin.INCIDENT not in self.origins:
            yield problem(
                "rule", "%(rule)s comes from the roll and can't be entered", rule=self.code
            )
            return
        if self.kind in MONEYLESS and amount is not None:
            yield problem("amount", "%(rule)s takes no money: leave it blank", rule=self.code)
        if self.kind is RuleKind.FIXED and amount not in (None, self.amount):
            yield problem(
                "amount",
                "%(rule)s is fixed at %(amount)s: leave it blank or write that",
                rule=self.code,
                amount=Decimal(self.amount or 0) / 100,
            )
        if self.kind is RuleKind.RANGE:
            assert self.minimum is not None
            assert self.maximum is not None
            if amount is None or not self.minimum <= amount <= self.maximum:
                yield problem(
                    "amount",
                    "%(rule)s takes an amount from %(min)s to %(max)s",
                    rule=self.code,
                    min=Decimal(self.minimum) / 100,
                    max=Decimal(self.maximum) / 100,
                )
        chosen = amount is not None if self.kind is RuleKind.RANGE else bool(amount)
        if self.kind in _CHOSEN and chosen and not (note and note.strip()):
            yield problem("note", "say why this amount was chosen")

    def incident_amount(self, amount: int | None) -> int:
        """The cents that an incident of this rule, entered with `amount`, charges."""
        if self.kind is RuleKind.FIXED:
            return self.amount or 0
        if self.kind in _CHOSEN:
            return amount or 0
        return 0


@lru_cache(maxsize=4096)  # a house pays a few wages
def _wage_days(monthly_wage: int, days: Decimal, divisor: Decimal) -> int:
    (number, parts), (of, of_parts) = days.as_integer_ratio(), divisor.as_integer_ratio()
    return rounded(monthly_wage * number * of_parts, parts * of)


class Separation(NamedTuple):
    """How many absences within which window deem a staffer resigned."""

    absences: int
    within: Window


class Cap(NamedTuple):
    """The most that one month may deduct: `percent` of the wage, and never so much that less than
    `floor` cents of it remain."""

    percent: Decimal
    floor: int
    excess: Excess

    def limit(self, wage: int) -> int:
        """The cents a month's deduction may reach on a wage of so many cents, rounded down."""
        percent, parts = self.percent.as_integer_ratio()
        return max(0, min(wage * percent // (100 * parts), wage - self.floor))


# No data class: making one loads `inspect`, which takes a short command a tenth of its time.
class _Written(NamedTuple):
    """What a rulebook says."""

    name: str
    titles: Mapping[str, str]
    jurisdiction: str
    briefing: time
    shift_end: time
    day_start: time
    grace_minutes: int
    notice_nights: int
    wage_days_divisor: Decimal
    separation: Separation | None
    cap: Cap | None
    rules: tuple[Rule, ...]
    read_guests: "Callable[[], GuestRules | None]"
    """Reads the guest desk's part, which most of what is done with a rulebook doesn't need."""
    source: str
    """The TOML text it was read from."""
    plain_is_bookers: bool | None = None
    """Whether a booking of which nothing else is known is wholly whoever's wrote it in, as
    `models.rules.guests.plain_bookings` says; None where that wasn't worked out beforehand."""


class Rulebook(_Written):
    """One version of a venue's rules."""

    def __repr__(self) -> str:
        return f"<Rulebook {self.name}>"

    @cached_property
    def guests(self) -> "GuestRules | None":
        """The guest desk's part; None where it has none."""
        return self.read_guests()

    def rule(self, code: str) -> Rule | None:
        return self._by_code.get(code)

    @cached_property
    def _by_code(self) -> Mapping[str, Rule]:
        return {rule.code: rule for rule in reversed(self.rules)}  # the first of a code stands

    def roll_rule(self, outcome: str) -> Rule | None:
        """The rule that fines a roll outcome, if any does."""
        return next((rule for rule in self.rules if rule.outcome == outcome), None)

    @cached_property
    def outing_rule(self) -> Rule | None:
        """The rule that fines going out without a slip approved in time, if any does."""
        return next((rule for rule in self.rules if Origin.OUTING in rule.origins), None)

    @cached_property
    def charges_desk(self) -> bool:
        """Whether a rule charges by itself what the guest desk's facts give."""
        return any(Origin.DESK in rule.origins for rule in self.rules)

    def wage_days(self, rule: Rule, monthly_wage: int) -> int:
        """Cents of a `wage_days` rule on a monthly wage of so many cents."""
        assert rule.days is not None
        return _wage_days(monthly_wage, rule.days, self.wage_days_divisor)
