"""Whose turn each guest of a night was, judged from the facts as they stand, and whose the next
is."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple
from weakref import WeakKeyDictionary

from models.access.session import Session
from models.ledger.guest_facts import VISITS, around, in_parts, night_of, read_visit
from models.ledger.presence import AwaySpells, presence_on, rotation_on, spells_on
from models.rules.guests.facts import Around, Visit
from models.rules.guests.ownership import owner_at_door
from models.rules.guests.rotation import (
    Door,
    Given,
    PassedOver,
    Presence,
    Round,
    Turn,
    TurnJudgement,
    play,
    step,
)
from models.rules.guests.rulebook import GuestRules, Rotation
from models.storage import audit
from models.storage.database import execute
from models.storage.employment import staffers
from models.values.nights import Instant

_TURNS = "SELECT turn_no, night, at, visit_no, staff_no, how FROM turns WHERE night BETWEEN ? AND ?"


class InLine(NamedTuple):
    """Somebody on the order as it stands: how many guests they had, whether they are owed a
    turn, and why they can't take a guest now (None: they can)."""

    staff_no: str
    had: int
    owed: bool
    away: str | None


class Standing(NamedTuple):
    """The order of turns as it stands at an instant, whoever is asked first in front."""

    in_line: tuple[InLine, ...]
    rules: Rotation | None


def judged_turns(session: Session, first: date, last: date) -> list[TurnJudgement]:
    """Every turn of the nights from `first` to `last`, judged, in order."""
    found: list[TurnJudgement] = []
    begins = _beginning(session, first)
    turns = _turns_between(begins, last)
    if not turns:
        return []
    house = _House(session, {turn.night for turn in turns}, turns)
    turns.sort(key=lambda turn: (turn.night, turn.at, turn.turn_no))
    rounds = {night: _round_of(session, night) for night in {turn.night for turn in turns}}
    for _, some in groupby(turns, key=lambda turn: rounds[turn.night]):
        mine = list(some)
        judged, _ = house.play(mine, mine[-1].night)
        found += [each for each in judged if first <= each.turn.night]
    return found


def whose_turn(session: Session, visit: Visit) -> Given:
    """Who should be given a guest who is at the door now."""
    night, at = visit.night, visit.at
    house, now = _played_until(session, night, at, visit.visit_no)
    house.look_at(at)
    house.meet(visit)
    asked = Turn("", night, at, visit.visit_no, None)
    door, rules = house.door(asked), house.rules(night)
    if rules is None or (rules.whoever_receives and door.named is None):
        return Given(visit.received_by, "turn", True)
    return now.whose(door, lambda staff_no: house.away(staff_no, asked))


def standing(session: Session, night: date, at: Instant) -> Standing:
    """The order of a night as it stands at an instant."""
    house, now = _played_until(session, night, at, None)
    house.look_at(at)
    asked = Turn("", night, at, None, None)

    def away(staff_no: str) -> str | None:
        return house.away(staff_no, asked)

    line = [
        InLine(staff_no, now.counts[staff_no], staff_no in now.owed, away(staff_no))
        for staff_no in now.line(away)
    ]
    return Standing(tuple(line), house.rules(night))


class _Remembered(NamedTuple):
    """A round that was played through up to a line of the trail."""

    night: date
    seq: int
    hash: str
    until: Instant
    """When the last of its turns was given."""
    house: "_House"
    now: Round


_remembered: WeakKeyDictionary[Session, _Remembered] = WeakKeyDictionary()

_LATER = frozenset(
    {"guest.added", "visit.arrived", "visit.left", "turn.given", "away.began", "away.ended"}
)
"""What is done at the desk while guests come. Done after a turn was given, it changes nothing of
how the order stood then."""


def _played_until(
    session: Session, night: date, at: Instant, visit_no: str | None
) -> tuple["_House", Round]:
    """The round of a night with every turn until an instant, but one visit's.

    Between two guests a round is not played again from its beginning where the trail says that
    nothing was done meanwhile but what the desk does as guests come: then only the turns given
    since are played.
    """
    held = _remembered.get(session)
    if held is not None and held.night == night and held.until < at:
        rows = execute(_SINCE_THEN, (held.seq,)).fetchall()
        if (
            rows
            and rows[0][:2] == (held.seq, held.hash)
            and all(_changes_nothing(held, *line[2:]) for line in rows[1:])
        ):
            later = _turns_between(night, night, held.until)
            if all(turn.visit_no != visit_no and turn.at <= at for turn in later):
                house, now = held.house, held.now
                del _remembered[session]  # until all of them are played
                house.take(later)
                for turn in later:
                    house.look_at(turn.at)
                    step(turn, now, house.door, house.away)
                until = later[-1].at if later else held.until
                seq, head = rows[-1][:2]
                _remembered[session] = _Remembered(night, seq, head, until, house, now)
                return house, now
    begins = _beginning(session, night)
    round_ = _round_of(session, night)
    turns = _turns_between(begins, night)
    rounds = {of: _round_of(session, of) for of in {turn.night for turn in turns}}
    mine = [
        turn
        for turn in turns
        if rounds[turn.night] == round_ and turn.at <= at and turn.visit_no != (visit_no or "")
    ]
    house = _House(session, {night, *(turn.night for turn in mine)}, mine)
    _, now = house.play(mine, night)
    if len(mine) == len(turns) and night == session.tonight():
        until = max((turn.at for turn in mine), default=0)
        _remembered[session] = _Remembered(night, *audit.head(), until, house, now)
    else:
        _remembered.pop(session, None)
    return house, now


_SINCE_THEN = "SELECT seq, hash, action, at, night FROM audit WHERE seq >= ? ORDER BY seq"


def _changes_nothing(held: _Remembered, action: str, at: Instant, night: str | None) -> bool:
    """Whether what was done leaves the turns that were played as they are."""
    if action.startswith("roll.") and night is not None:
        return night_of(night) not in held.house.nights
    return action in _LATER and at > held.until


def _turns_between(first: date, last: date, after: Instant = -1) -> list[Turn]:
    """The turns of some nights, in order; those given after an instant."""
    rows = execute(
        f"{_TURNS} AND at > ? ORDER BY at, turn_no", (first.isoformat(), last.isoformat(), after)
    ).fetchall()
    return [
        Turn(turn_no, night_of(night), at, visit_no, staff_no, how)
        for turn_no, night, at, visit_no, staff_no, how in rows
    ]


def _beginning(session: Session, night: date) -> date:
    """The first night whose turns may belong to the round of a night."""
    rules = rotation_on(session, night)
    if rules is None or rules.owed_until == "night":
        return night
    return night - timedelta(days=night.weekday())


def _round_of(session: Session, night: date) -> tuple[str, date]:
    """What tells rounds apart: the list in force, and the night or the week."""
    row = execute(
        "SELECT max(from_night) FROM rotation WHERE from_night <= ?", (night.isoformat(),)
    )
    return row.fetchone()[0] or "", _beginning(session, night)


class _House:
    """What is known of the nights that turns are judged in."""

    def __init__(self, session: Session, nights: Collection[date], turns: Sequence[Turn]) -> None:
        self.session = session
        self.nights = sorted(nights)
        self.staff = staffers()
        self.by_no: dict[str, Visit] = {}
        # By the night from which on the rulebook was in force that says whose they are.
        self.known: dict[date, Around] = {}
        self._doors: dict[str | None, Door] = {}
        self._known_presence: dict[tuple[str, date], Presence] = {}
        self._presence = presence_on(session, self.nights, self.staff)
        self._spells_now: AwaySpells | None = None
        self.take(turns)

    def take(self, turns: Sequence[Turn]) -> None:
        """Learns of turns, and of their guests."""
        for row in in_parts(
            f"{VISITS} WHERE visit_no IN", (turn.visit_no for turn in turns if turn.visit_no)
        ):
            self.by_no[row[0]] = read_visit(row)
            self._doors.pop(row[0], None)
        since = self.session.versions.since
        for of_version, some in groupby(turns, key=lambda turn: since(turn.night)):
            # Whose a guest is matters where they were recognised; by turn, nobody recognised them.
            self._recognise(
                of_version,
                [
                    self.by_no[turn.visit_no].guest_no
                    for turn in some
                    if turn.how in (None, "known") and turn.visit_no in self.by_no
                ],
            )

    def meet(self, visit: Visit) -> None:
        """Learns of a guest who waits."""
        self.by_no[visit.visit_no] = visit
        self._doors.pop(visit.visit_no, None)
        self._doors.pop(None, None)
        naming = visit.naming
        if naming is None or naming[0] != "staff":
            self._recognise(self.session.versions.since(visit.night), [visit.guest_no])

    def _recognise(self, since: date, guest_nos: Iterable[str | None]) -> None:
        guests = {guest_no for guest_no in guest_nos if guest_no is not None}
        rules = self.guest_rules(since)
        if rules is not None and guests:
            self.known[since] = around(guests, (), rules, dict(self.staff))

    def guest_rules(self, night: date) -> GuestRules | None:
        return self.session.book(night).guests

    def look_at(self, at: Instant) -> None:
        """Reads anew who is taken up at an instant of the last night."""
        night = self.nights[-1]
        if self._spells_now is None:
            self._known_presence.clear()
        self._spells_now = spells_on(night, night, at)

    def rules(self, night: date) -> Rotation | None:
        return rotation_on(self.session, night)

    def order(self, night: date) -> tuple[str, ...]:
        sql = (
            "SELECT staff_no FROM rotation WHERE from_night ="
            " (SELECT max(from_night) FROM rotation WHERE from_night <= ?) ORDER BY position"
        )
        rows = execute(sql, (night.isoformat(),)).fetchall()
        return tuple(dict.fromkeys(staff_no for (staff_no,) in rows))

    def play(self, turns: Sequence[Turn], night: date) -> tuple[list[TurnJudgement], Round]:
        rules = self.rules(night)
        if rules is None:
            judged = [
                TurnJudgement(turn, turn.how or "turn", True, (), turn.staff_no, ())
                for turn in turns
            ]
            return judged, Round((), Rotation())
        return play(turns, self.order(night), rules, self.door, self.away)

    def door(self, turn: Turn) -> Door:
        """What was known of a turn's guest when they came."""
        if turn.visit_no not in self._doors:
            self._doors[turn.visit_no] = self._door(turn)
        return self._doors[turn.visit_no]

    def _door(self, turn: Turn) -> Door:
        visit = self.by_no.get(turn.visit_no or "")
        if visit is not None and visit.naming is not None and visit.naming[0] == "staff":
            return Door(named=visit.naming[1])
        if turn.how == "named":
            return Door(named=turn.staff_no)
        rules = self.guest_rules(turn.night)
        if turn.how in ("turn", "made_up") or rules is None:
            # Somebody whom nobody recognised is received by turn.
            return Door()
        owner = None
        if visit is not None and visit.guest_no is not None:
            known = self.known.get(self.session.versions.since(turn.night), Around())
            owned = owner_at_door(visit, known, rules)
            owner = owned.staff_no if owned is not None else None
        if owner is None and turn.how == "known":
            owner = turn.staff_no
        return Door(owner=owner)

    def away(self, staff_no: str, turn: Turn) -> str | None:
        key = staff_no, turn.night
        presence = self._known_presence.get(key)
        if presence is None:
            presence = self._presence(*key)
            if self._spells_now is not None:
                presence = presence._replace(spells=())
            self._known_presence[key] = presence
        if self._spells_now and (spells := self._spells_now.get((turn.night, staff_no))):
            presence = presence._replace(spells=spells)
        return presence.why_away(turn.at, turn.visit_no)


def passed_text(passed: Iterable[PassedOver]) -> str:
    """Who was passed over and what for, as files have it: `0003:owed 0007:counted`."""
    return " ".join(f"{each.staff_no}:{each.skip}" for each in passed)
