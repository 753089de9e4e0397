"""Where staffers are at an instant, as far as it bears on whose turn a guest is: who has signed,
who rests, is suspended, out, away, or with a guest."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from models.access.session import Session
from models.ledger.guest_facts import in_parts, night_of
from models.rules.employment import Staffer
from models.rules.guests.rotation import AwaySpell, Presence, turns_suspended
from models.rules.guests.rulebook import Rotation
from models.rules.rulebook import RuleKind
from models.storage.database import execute
from models.values.nights import Instant

_SINCE = timedelta(days=60)
"""How far back a suspension is looked for that is still to be served."""

AwaySpells = Mapping[tuple[date, str], Sequence[tuple[AwaySpell, str | None]]]
"""What takes people up or out, by night and staffer; each with the visit that it is, if any."""


def rotation_on(session: Session, night: date) -> Rotation | None:
    """How guests are given out by turn on a night; None where nobody is given any."""
    rules = session.book(night).guests
    return rules.rotation if rules is not None else None


def presence_on(
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
    spells = spells_on(nights[0], nights[-1])

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
        rules = rotation_on(session, night_of(night))
        if rules is None:
            continue
        there = [
            each
            for each in worked
            if (each, staff_no) not in resting and staff[staff_no].employed(each)
        ]
        found |= {(each, staff_no) for each in turns_suspended(night_of(night), there, rules)}
    return found


def spells_on(first: date, last: date, at: Instant | None = None) -> AwaySpells:
    """The times that somebody was out, away, with a guest, or in a room of their own: all of them
    on the nights from `first` to `last`, or those alone that hold at an instant."""
    span = (first.isoformat(), last.isoformat())
    found: defaultdict[tuple[date, str], list[tuple[AwaySpell, str | None]]] = defaultdict(list)

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
        found[night_of(night), staff_no].append((AwaySpell(out_at, back_at, reason), None))
    for night, staff_no, since, until, reason in rows(
        'SELECT night, staff_no, "from", until, reason FROM away WHERE night BETWEEN ? AND ?',
        '"from"',
        "until",
    ):
        reason = "phone" if reason == "telephone" else reason
        found[night_of(night), staff_no].append((AwaySpell(since, until, reason), None))
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
        found[night_of(night), staff_no].append(
            (AwaySpell(arrived_at or 0, until, "own_room"), None)
        )
    serving = rows(_SERVING, "coalesce(t.at, v.at)", "coalesce(v.left_at, b.left_at)")
    for night, staff_no, since, until, visit_no, reason in _with_guests(serving):
        found[night, staff_no].append((AwaySpell(since, until, reason), visit_no))
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
