"""Whose turn each guest of a night was, judged from the facts as they stand, and whose the next
is."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from models.access.session import Session
from models.ledger.guest_facts import VISITS, around, in_parts, night_of, read_visit
from models.ledger.night_facts import staffers
from models.rules.guests.facts import Around, Visit
from models.rules.guests.ownership import owner_at_door
from models.rules.guests.rotation import (
    Door,
    Given,
    Passed,
    Presence,
    Round,
    Spell,
    Turn,
    TurnJudgement,
    play,
    step,
    turns_suspended,
)
from models.rules.guests.rules import GuestRules, Rotation
from models.rules.judgement import Staffer
from models.rules.rulebook import RuleKind
from models.storage import audit
from models.storage.database import execute
from models.values.nights import Instant

_TURNS = "SELECT turn_no, night, at, visit_no, staff_no, how FROM turns WHERE night BETWEEN ? AND ?"
_SINCE = timedelta(days=60)
"""How far back a suspension is looked for that is still to be served."""


class Waiting(NamedTuple):
    """Somebody on the order as it stands: how many guests they had, whether they are owed a
    turn, and why they can't take a guest now (None: they can)."""

    staff_no: str
    had: int
    owed: bool
    away: str | None


class Standing(NamedTuple):
    """The order of turns as it stands at an instant, whoever is asked first in front."""

    waiting: tuple[Waiting, ...]
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
        Waiting(staff_no, now.counts[staff_no], staff_no in now.owed, away(staff_no))
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
    rules = _rotation(session, night)
    if rules is None or rules.owed_until == "night":
        return night
    return night - timedelta(days=night.weekday())


def _round_of(session: Session, night: date) -> tuple[str, date]:
    """What tells rounds apart: the list in force, and the night or the week."""
    row = execute(
        "SELECT max(from_night) FROM rotation WHERE from_night <= ?", (night.isoformat(),)
    )
    return row.fetchone()[0] or "", _beginning(session, night)


def _rotation(session: Session, night: date) -> Rotation | None:
    rules = session.book(night).guests
    return rules.rotation if rules is not None else None


class _House:
    """What is known of the nights that turns are judged in."""

    def __init__(self, session: Session, nights: Collection[date], turns: Sequence[Turn]) -> None:
        self.session = session
        self.nights = sorted(nights)
        self.staff = staffers()
        self.guest_rules: GuestRules | None = session.book(self.nights[-1]).guests
        self.by_no: dict[str, Visit] = {}
        self.known = Around()
        self._doors: dict[str | None, Door] = {}
        self._known_presence: dict[tuple[str, date], Presence] = {}
        self._presence = _presence(session, self.nights, self.staff)
        self._spells_now: Spells | None = None
        self.take(turns)

    def take(self, turns: Sequence[Turn]) -> None:
        """Learns of turns, and of their guests."""
        for row in in_parts(
            f"{VISITS} WHERE visit_no IN", (turn.visit_no for turn in turns if turn.visit_no)
        ):
            self.by_no[row[0]] = read_visit(row)
            self._doors.pop(row[0], None)
        # Whose a guest is matters where they were recognised; by turn, nobody recognised them.
        self._recognise(
            self.by_no[turn.visit_no].guest_no
            for turn in turns
            if turn.how in (None, "known") and turn.visit_no in self.by_no
        )

    def meet(self, visit: Visit) -> None:
        """Learns of a guest who waits."""
        self.by_no[visit.visit_no] = visit
        self._doors.pop(visit.visit_no, None)
        self._doors.pop(None, None)
        naming = visit.naming
        if naming is None or naming[0] != "staff":
            self._recognise([visit.guest_no])

    def _recognise(self, guest_nos: Iterable[str | None]) -> None:
        guests = {guest_no for guest_no in guest_nos if guest_no is not None}
        if self.guest_rules is not None and guests:
            self.known = around(guests, (), self.guest_rules, dict(self.staff))

    def look_at(self, at: Instant) -> None:
        """Reads anew who is taken up at an instant of the last night."""
        night = self.nights[-1].isoformat()
        if self._spells_now is None:
            self._known_presence.clear()
        self._spells_now = _spells((night, night), at)

    def rules(self, night: date) -> Rotation | None:
        return _rotation(self.session, night)

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
        if turn.how in ("turn", "made_up") or self.guest_rules is None:
            # Somebody whom nobody recognised is received by turn.
            return Door()
        owner = None
        if visit is not None and visit.guest_no is not None:
            owned = owner_at_door(visit, self.known, self.guest_rules)
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


def presence_on(session: Session, nights: Sequence[date]) -> Callable[[str, date], Presence]:
    """What is known of each staffer's being there on those nights."""
    return _presence(session, nights, staffers())


def _presence(
    session: Session, nights: Sequence[date], staff: dict[str, Staffer]
) -> Callable[[str, date], Presence]:
    """What is known of each staffer's being there on those nights."""
    span = (nights[0].isoformat(), nights[-1].isoformat())
    called = {
        night_of(night): closed_at
        for night, closed_at in execute(
            "SELECT night, closed_at FROM briefings WHERE night BETWEEN ? AND ?", span
        ).fetchall()
    }
    signs: dict[tuple[date, str], tuple[Instant | None, Instant | None]] = {}
    for night, staff_no, arrived_at, made_up_at, departed_at in execute(
        "SELECT night, staff_no, arrived_at, made_up_at, departed_at FROM attendance"
        " WHERE night BETWEEN ? AND ?",
        span,
    ).fetchall():
        came = [at for at in (arrived_at, made_up_at) if at is not None]
        signs[night_of(night), staff_no] = (min(came, default=None), departed_at)
    resting = resting_on(session, nights)
    suspended = suspended_on(session, nights, staff)
    spells = _spells(span)

    def presence(staff_no: str, night: date) -> Presence:
        person = staff.get(staff_no)
        signed_at, departed_at = signs.get((night, staff_no), (None, None))
        return Presence(
            employed=person is not None and person.employed(night),
            suspended=(night, staff_no) in suspended,
            resting=(night, staff_no) in resting,
            signed_at=signed_at,
            departed_at=departed_at,
            roll_called=night in called,
            roll_closed_at=called.get(night),
            spells=spells.get((night, staff_no), ()),
        )

    return presence


def resting_on(session: Session, nights: Sequence[date]) -> set[tuple[date, str]]:
    """Who is on leave that was asked for in time, by night."""
    if not nights:
        return set()
    found = set()
    sql = (
        "SELECT staff_no, first_night, last_night, filed_at, special_reason FROM leave"
        " WHERE status = 'approved' AND last_night >= ? AND first_night <= ?"
    )
    for staff_no, first, last, filed_at, special in execute(
        sql, (nights[0].isoformat(), nights[-1].isoformat())
    ).fetchall():
        filed = session.calendar.night(filed_at)
        for night in nights:
            notice = session.book(night).notice_nights
            covers = night_of(first) <= night <= night_of(last)
            if covers and (special is not None or (night - filed).days >= notice):
                found.add((night, staff_no))
    return found


def suspended_on(
    session: Session, nights: Sequence[date], staff: dict[str, Staffer]
) -> set[tuple[date, str]]:
    """Whom a standing suspension takes out of the rotation, by night."""
    first = nights[0] - _SINCE
    books = session.versions.between(first, nights[-1])
    codes = {r.code for book in books for r in book.rules if r.kind is RuleKind.SUSPENSION}
    sql = (
        "SELECT staff_no, night FROM charges WHERE status = 'standing' AND night >= ?"
        " AND night <= ? AND rule IN"
    )
    if not codes:
        return set()
    holes = ", ".join("?" * len(codes))
    rows = execute(
        f"{sql} ({holes})", (first.isoformat(), nights[-1].isoformat(), *sorted(codes))
    ).fetchall()
    if not rows:
        return set()
    worked = {
        night_of(night)
        for table in ("briefings", "turns")
        for (night,) in execute(
            f"SELECT DISTINCT night FROM {table} WHERE night BETWEEN ? AND ?",
            (first.isoformat(), nights[-1].isoformat()),
        ).fetchall()
    } | set(nights)
    resting = resting_on(session, sorted(worked))
    found = set()
    for staff_no, night in rows:
        rules = _rotation(session, night_of(night))
        if rules is None:
            continue
        there = [
            each
            for each in worked
            if (each, staff_no) not in resting and staff[staff_no].employed(each)
        ]
        found |= {(each, staff_no) for each in turns_suspended(night_of(night), there, rules)}
    return found


Spells = Mapping[tuple[date, str], Sequence[tuple[Spell, str | None]]]
"""What takes people up or out, by night and staffer; each with the visit that it is, if any."""


def _spells(span: tuple[str, str], at: Instant | None = None) -> Spells:
    """The times that somebody was out, away, with a guest, or in a room of their own: all of them
    on some nights, or those alone that hold at an instant."""
    found: defaultdict[tuple[date, str], list[tuple[Spell, str | None]]] = defaultdict(list)

    def rows(sql: str, since: str, until: str) -> list[Any]:
        holds = ""
        values: tuple[Any, ...] = span
        if at is not None:
            holds = f" AND {since} <= ? AND ({until} IS NULL OR {until} > ?)"
            values = (*span, at, at)
        found: list[Any] = execute(sql + holds, values).fetchall()
        return found

    for night, staff_no, out_at, back_at, kind, status, decided_at in rows(
        "SELECT night, staff_no, out_at, back_at, kind, status, decided_at FROM outings"
        " WHERE night BETWEEN ? AND ? AND out_at IS NOT NULL",
        "out_at",
        "back_at",
    ):
        approved = status == "approved" and decided_at <= out_at
        reason = f"slip_{kind or 'private'}" if approved else "no_slip"
        found[night_of(night), staff_no].append((Spell(out_at, back_at, reason), None))
    for night, staff_no, since, until, reason in rows(
        'SELECT night, staff_no, "from", until, reason FROM away WHERE night BETWEEN ? AND ?',
        '"from"',
        "until",
    ):
        reason = "phone" if reason == "telephone" else reason
        found[night_of(night), staff_no].append((Spell(since, until, reason), None))
    for night, staff_no, arrived_at, left_at, status in rows(
        "SELECT night, staff_no, arrived_at, left_at, status FROM bookings"
        " WHERE night BETWEEN ? AND ? AND staff_no IS NOT NULL"
        " AND (status = 'arrived' OR (status = 'left' AND arrived_at IS NOT NULL))",
        "coalesce(arrived_at, 0)",
        "left_at",
    ):
        until = left_at if status == "left" else None
        if status == "left" and left_at is None:
            continue
        found[night_of(night), staff_no].append((Spell(arrived_at or 0, until, "own_room"), None))
    serving = rows(_SERVING, "coalesce(t.at, v.at)", "coalesce(v.left_at, b.left_at)")
    for night, staff_no, since, until, visit_no, reason in _with_guests(serving):
        found[night, staff_no].append((Spell(since, until, reason), visit_no))
    return found


_SERVING = (
    "SELECT v.night, coalesce(v.received_by, t.staff_no), coalesce(t.at, v.at),"
    " coalesce(v.left_at, b.left_at), v.visit_no, v.guest_no, v.at"
    " FROM visits v LEFT JOIN turns t ON t.visit_no = v.visit_no"
    " LEFT JOIN bookings b ON b.visit_no = v.visit_no AND b.status = 'left'"
    " WHERE v.night BETWEEN ? AND ? AND coalesce(v.received_by, t.staff_no) IS NOT NULL"
)
"""Who was with a guest: since they were given them, or else since the guest came."""


def _with_guests(
    rows: Iterable[Any],
) -> Iterable[tuple[date, str, Instant, Instant | None, str, str]]:
    """Who was with a guest and for how long, and whether the guest was new, known or had bought."""
    rows = list(rows)
    guests = {row[5] for row in rows if row[5] is not None}
    bought: defaultdict[str, list[date]] = defaultdict(list)
    for column in ("guest_no", "user_no"):
        for guest_no, night in in_parts(
            f"SELECT {column}, night FROM deals WHERE {column} IN", guests
        ):
            bought[guest_no].append(night_of(night))
    seen: defaultdict[str, list[Instant]] = defaultdict(list)
    for table in ("visits", "contacts"):
        for guest_no, at in in_parts(f"SELECT guest_no, at FROM {table} WHERE guest_no IN", guests):
            seen[guest_no].append(at)
    for night, staff_no, since, left_at, visit_no, guest_no, came_at in rows:
        if any(each <= night_of(night) for each in bought[guest_no]):
            reason = "serving_dealt"
        elif any(each < came_at for each in seen[guest_no]):
            reason = "serving_old"
        else:
            reason = "serving_new"
        yield night_of(night), staff_no, since, left_at, visit_no, reason


def passed_text(passed: Iterable[Passed]) -> str:
    """Who was passed over and what for, as files have it: `0003:owed 0007:counted`."""
    return " ".join(f"{each.staff_no}:{each.skip}" for each in passed)
