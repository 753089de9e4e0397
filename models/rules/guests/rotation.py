"""Whose turn a guest is: who receives them, whether it counts, and who was passed over and why.

A round begins with each list of the manager's, each night or each week, as the rulebook says. It
is played through from its beginning, so that the answer follows from facts alone. Pure.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from models.rules.guests.rulebook import IN_HOUSE, Rotation, Skip
from models.values.nights import Instant

WhyAway = Callable[[str], str | None]
"""Why a staffer can't take a guest now; None: they can."""


class Turn(NamedTuple):
    """That a visit was given to somebody; `staff_no` None: to the office."""

    turn_no: str
    night: date
    at: Instant
    visit_no: str | None
    staff_no: str | None
    how: str | None = None


class Door(NamedTuple):
    """What is known of a guest at the door: whom they named, and whose they are."""

    named: str | None = None
    owner: str | None = None


class PassedOver(NamedTuple):
    """Somebody who was passed over. `reason` None: for no reason, and so owed."""

    staff_no: str
    reason: str | None
    skip: Skip


class Given(NamedTuple):
    """Who gets a guest."""

    staff_no: str | None
    how: str
    counted: bool
    passed: tuple[PassedOver, ...] = ()


class TurnJudgement(NamedTuple):
    """What there is to say of a turn that was given. `right`: who it should have been."""

    turn: Turn
    how: str
    counted: bool
    passed: tuple[PassedOver, ...]
    right: str | None
    behind: tuple[str, ...]
    """Those on the order who were neither passed over nor given the guest."""

    @property
    def is_right(self) -> bool:
        return self.right == self.turn.staff_no


@dataclass
class Round:
    """The order as it stands: whose turn is next, who is owed one, and how many each has had."""

    order: Sequence[str]
    rules: Rotation
    pointer: int = 0
    owed: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(init=False)
    out: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.counts = dict.fromkeys(self.order, 0)

    def whose(self, door: Door, away: WhyAway) -> Given:
        """Who should receive a guest now."""
        rules = self.rules
        if door.named is not None:
            if away(door.named) is None:
                return Given(door.named, "named", rules.named_counts)
            if rules.named_absent == "office":
                return Given(None, "office", False)
            return Given(self._next(away).staff_no, "named", rules.named_counts)
        if door.owner is not None:
            reason = away(door.owner)
            if reason is None:
                return Given(door.owner, "known", rules.known_counts)
            instead = rules.known_busy if reason in IN_HOUSE else rules.known_absent
            if instead == "office":
                return Given(None, "office", False)
            if instead == "last":
                last = next((each for each in reversed(self.order) if not away(each)), None)
                return Given(last, "known", rules.known_counts)
            return Given(self._next(away).staff_no, "known", rules.known_counts)
        return self._next(away)

    def give(self, given: Given, away: WhyAway) -> None:
        """Plays a turn that was given by the order."""
        if self.rules.counting == "fewest":
            self._came_back(away)
        for passed in given.passed:
            self._pass(passed)
        staff_no = given.staff_no
        if staff_no not in self.counts:
            return
        if given.counted:
            self.counts[staff_no] += 1
        if given.how == "made_up" and staff_no in self.owed:
            self.owed.remove(staff_no)
        elif given.how == "turn":
            self.pointer = self.order.index(staff_no) + 1

    def given_anyway(self, staff_no: str | None, how: str, away: WhyAway) -> Given:
        """What a guest given otherwise than by the order means for it: whoever stood before the
        receiver and could have taken the guest is owed the turn."""
        rules = self.rules
        if how in ("named", "known", "office") or staff_no not in self.counts:
            counts = {"named": rules.named_counts, "known": rules.known_counts}
            return Given(staff_no, how, counts.get(how, how != "office"))
        passed: list[PassedOver] = []
        for each, made_up in self._candidates(away):
            if each == staff_no:
                return Given(staff_no, "made_up" if made_up else "turn", True, tuple(passed))
            reason = away(each)
            skip = rules.passed(reason) if reason is not None else Skip.OWED
            passed.append(PassedOver(each, reason, skip))
        return Given(staff_no, "turn", True, tuple(passed))

    def line(self, away: WhyAway) -> list[str]:
        """Everybody on the order as they are asked now."""
        return [staff_no for staff_no, _ in self._candidates(away)]

    def _next(self, away: WhyAway) -> Given:
        passed: list[PassedOver] = []
        in_house: Given | None = None
        for staff_no, made_up in self._candidates(away):
            reason = away(staff_no)
            given = Given(staff_no, "made_up" if made_up else "turn", True, tuple(passed))
            if reason is None:
                return given
            if in_house is None and reason in IN_HOUSE:
                in_house = given
            passed.append(PassedOver(staff_no, reason, self.rules.passed(reason)))
        # Where all are taken up, whoever is in the house looks after two; where nobody is, the
        # office does.
        return in_house or Given(None, "office", False, tuple(passed))

    def _candidates(self, away: WhyAway) -> list[tuple[str, bool]]:
        """Everybody on the order as they are asked, each once: whether it would be an owed turn
        beside them."""
        owed = self.owed if self._owed_are_due(away) else []
        line = [*self.order[self.pointer :], *self.order[: self.pointer]]
        if self.rules.counting == "fewest":
            counts = self._counts(away)
            # Whose owed turn waits for the end of the round isn't asked before it.
            line = sorted(self.order, key=lambda each: (each in self.owed, counts[each]))
        asked = dict.fromkeys(owed, True)
        for staff_no in line:
            asked.setdefault(staff_no, False)
        return list(asked.items())

    def _owed_are_due(self, away: WhyAway) -> bool:
        if self.rules.make_up == "next":
            return True
        if self.rules.counting == "pointer":
            # Nobody who comes after can take it: the round would begin again.
            return all(away(each) for each in self.order[self.pointer :])
        counts = self._counts(away)
        others = [each for each in self.order if each not in self.owed]
        return len({counts[each] for each in others if not self._is_out(each, away)}) < 2

    def _counts(self, away: WhyAway) -> Mapping[str, int]:
        """The counts, with whoever was out and is back raised to the lowest of those who were
        there: a turn that was given up isn't caught up on."""
        back = {each for each in self.out if not self._is_out(each, away)}
        there = [count for each, count in self.counts.items() if each not in self.out]
        lowest = min(there, default=0)
        return {
            each: max(count, lowest) if each in back else count
            for each, count in self.counts.items()
        }

    def _came_back(self, away: WhyAway) -> None:
        self.counts = dict(self._counts(away))
        self.out = {each for each in self.order if self._is_out(each, away)}

    def _is_out(self, staff_no: str, away: WhyAway) -> bool:
        reason = away(staff_no)
        return reason is not None and self.rules.passed(reason) is Skip.OUT

    def _pass(self, passed: PassedOver) -> None:
        staff_no, _, skip = passed
        if skip is Skip.OWED and staff_no not in self.owed:
            self.owed.append(staff_no)
        elif skip is Skip.COUNTED:
            self.counts[staff_no] += 1
            if staff_no in self.owed:
                self.owed.remove(staff_no)


def play(
    turns: Iterable[Turn],
    order: Sequence[str],
    rules: Rotation,
    door: Callable[[Turn], Door],
    away: Callable[[str, Turn], str | None],
) -> tuple[list[TurnJudgement], Round]:
    """Judges the turns of one round, in whatever order they come, and returns how the order stands
    after them. `door` says what was known of a turn's guest, `away` why a staffer couldn't take
    them then."""
    standing = Round(order, rules)
    turns = sorted(turns, key=lambda turn: (turn.at, turn.turn_no))
    return [step(turn, standing, door, away) for turn in turns], standing


def step(
    turn: Turn,
    standing: Round,
    door: Callable[[Turn], Door],
    away: Callable[[str, Turn], str | None],
) -> TurnJudgement:
    """Judges a turn by the order as it stands, and plays it."""
    reasons: dict[str, str | None] = {}

    def gone(staff_no: str) -> str | None:
        if staff_no not in reasons:
            reasons[staff_no] = away(staff_no, turn)
        return reasons[staff_no]

    known = door(turn)
    if standing.rules.whoever_receives and known.named is None:
        given = Given(turn.staff_no, turn.how or "turn", True)
        right = turn.staff_no
    else:
        should = standing.whose(known, gone)
        right = should.staff_no
        given = should
        if turn.staff_no != right:
            given = standing.given_anyway(turn.staff_no, turn.how or should.how, gone)
    standing.give(given, gone)
    accounted = {turn.staff_no, *(passed.staff_no for passed in given.passed)}
    behind = tuple(each for each in standing.order if each not in accounted)
    return TurnJudgement(turn, given.how, given.counted, given.passed, right, behind)


class AwaySpell(NamedTuple):
    """A time that something lasts; `until` None: it hasn't ended."""

    since: Instant
    until: Instant | None
    reason: str

    def holds(self, at: Instant) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


class Presence(NamedTuple):
    """What the night's facts say of one staffer's being there. `signed_at` and `departed_at` by
    the roll; `unsigned` is why somebody without a sign can't take guests, None where no roll was
    called; `spells` are the times they were taken up or out."""

    employed: bool = True
    suspended: bool = False
    resting: bool = False
    signed_at: Instant | None = None
    departed_at: Instant | None = None
    roll_called: bool = False
    roll_closed_at: Instant | None = None
    spells: Sequence[tuple[AwaySpell, str | None]] = ()
    """Each with the visit that it is, if it is one."""

    def why_away(self, at: Instant, visit_no: str | None = None) -> str | None:
        """Why they can't take a guest at that instant; None: they can. The visit that is being
        given doesn't keep anybody from taking it."""
        if not self.employed:
            return "absent"
        if self.suspended:
            return "suspended"
        if self.resting:
            return "rest"
        if self.departed_at is not None and self.departed_at <= at:
            return "absent"
        if self.roll_called and (self.signed_at is None or self.signed_at > at):
            closed = self.roll_closed_at is not None and self.roll_closed_at <= at
            return "absent" if closed else "unmarked"
        if not self.spells:
            return None
        reasons = {
            spell.reason
            for spell, of_visit in self.spells
            if spell.holds(at) and (of_visit is None or of_visit != visit_no)
        }
        return min(reasons, key=_STRONGEST.index) if reasons else None


_STRONGEST = (
    "no_slip", "slip_private", "slip_duty", "private", "phone", "duty", "own_room",
    "serving_new", "serving_dealt", "serving_old",
)  # fmt: skip
"""Which reason is given where several hold: the one that takes somebody furthest away."""


def turns_suspended(
    incident_night: date, worked: Iterable[date], rules: Rotation
) -> tuple[date, ...]:
    """The nights that a suspension takes somebody out of the rotation for, of those that they
    are, or were, on the roll of."""
    same = rules.suspension_from == "same"
    nights = sorted(
        {night for night in worked if night > incident_night or (same and night == incident_night)}
    )
    return tuple(nights[: rules.suspension_nights])
