"""What was promised, judged from the facts as they stand now."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import date, timedelta

from models.access.permissions import require
from models.access.scope import readable
from models.access.session import Session
from models.ledger.guest_facts import BOOKING, in_parts, night_of, with_kin
from models.rules.guests.promises import Case, Promise, Service, promises, told
from models.rules.guests.register import clients
from models.rules.guests.rulebook import GuestRules, PromiseRule
from models.storage.database import Read, ask, execute
from models.values.nights import Instant
from models.values.problems import refused

_LONGEST = timedelta(days=62)
"""How far back what is still due may have begun."""

ASKED = 10
PASS = 7
"""So many of ten questions answered right show that somebody knows the house."""


def promises_between(session: Session, first: date, last: date) -> list[Promise]:
    """Every promise that began on the nights from `first` to `last`, as it stands now; by code and
    what it is about."""
    ask(promise_reads(session, first, last))
    service = _service(session, first)
    now = session.now()
    found: list[Promise] = []
    for night_rules, begins, ends in _versions(session, first, last):
        cases = _Cases(session, begins, ends, night_rules)
        for rule in night_rules.promises:
            found += promises(rule, cases.of(rule), service, now)
    found += _told(first, last, now)
    return sorted(found, key=lambda each: (each.code, each.about, each.starts_at))


def promise_reads(session: Session, first: date, last: date) -> Iterator[Read]:
    """What `promises_between` reads, but for the guests whom something was promised."""
    for table in _OPENED:
        yield from _opened_reads(table, first)
    for rules, *span in _versions(session, first, last):
        for rule in rules.promises:
            yield from _began_reads(rule, *span)
    yield _told_read(first, last)


def waiting(session: Session) -> list[Promise]:
    """What is still to be kept now, the soonest due first."""
    from models.rules.guests.promises import by_due

    tonight = session.tonight()
    return by_due(promises_between(session, tonight - _LONGEST, tonight))


def waiting_reads(session: Session) -> Iterator[Read]:
    """What `waiting` reads, as `promise_reads`."""
    tonight = session.tonight()
    return promise_reads(session, tonight - _LONGEST, tonight)


def readable_promises(session: Session, found: Sequence[Promise]) -> list[Promise]:
    """Those of the promises that whoever is signed in may read about: a supervisor, those that
    concern somebody of their own people, and those that concern no staffer yet, which are the
    desk's. Raises Refused for staffers."""
    require(session, "house")
    allowed = readable(session)
    if allowed is None:
        return list(found)
    concerned = _whom({each.about for each in found})
    return [
        each
        for each in found
        if each.about not in concerned or not allowed.isdisjoint(concerned[each.about])
    ]


def require_concerned(session: Session, permission: str, about: str) -> None:
    """Raises Refused unless whoever is signed in may do this to what has that number (a complaint,
    a promise, a contact): a supervisor, where it concerns somebody of their own people, or no
    staffer yet."""
    require(session, permission)
    allowed = readable(session)
    if allowed is None:
        return
    concerned = _whom({about}).get(about)
    if concerned and allowed.isdisjoint(concerned):
        raise refused("", "%(number)s concerns none of your people", number=about)


def _whom(abouts: Set[str]) -> Mapping[str, set[str]]:
    """The staffers whom things of these numbers concern, of those that concern any."""
    concerned: defaultdict[str, set[str]] = defaultdict(set)
    for sql in _CONCERNED:
        for about, staff_no in in_parts(sql, abouts):
            concerned[about].add(staff_no)
    bookings = {each.removeprefix(BOOKING) for each in abouts if each.startswith(BOOKING)}
    for booking_no, staff_no in in_parts(_BOOKED, bookings):
        concerned[BOOKING + booking_no].add(staff_no)
    return concerned


_CONCERNED = (
    "SELECT staff_no, staff_no FROM staff WHERE staff_no IN",
    "SELECT contact_no, staff_no FROM contacts WHERE contact_no IN",
    "SELECT visit_no, received_by FROM visits WHERE received_by IS NOT NULL AND visit_no IN",
    "SELECT visit_no, staff_no FROM turns WHERE staff_no IS NOT NULL AND visit_no IN",
    "SELECT complaint_no, about_staff_no FROM complaints"
    " WHERE about_staff_no IS NOT NULL AND complaint_no IN",
    "SELECT complaint_no, taken_by FROM complaints"
    " WHERE about_staff_no IS NOT NULL AND taken_by IS NOT NULL AND complaint_no IN",
    "SELECT promise_no, by_staff_no FROM promised WHERE by_staff_no IS NOT NULL AND promise_no IN",
    "SELECT p.promise_no, c.about_staff_no FROM promised p"
    " JOIN complaints c ON c.complaint_no = p.complaint_no"
    " WHERE c.about_staff_no IS NOT NULL AND p.promise_no IN",
)
"""What a promise is about, and a staffer whom that concerns."""
_BOOKED = "SELECT booking_no, staff_no FROM bookings WHERE staff_no IS NOT NULL AND booking_no IN"

_WHO = " UNION ALL ".join(
    (
        "SELECT name FROM staff WHERE staff_no = ?",
        *(
            f"SELECT guests.name FROM {table} JOIN guests ON guests.guest_no = {table}.guest_no"
            f" WHERE {table}.{key} = ?"
            for table, key in (
                ("visits", "visit_no"),
                ("complaints", "complaint_no"),
                ("promised", "promise_no"),
            )
        ),
    )
)


def whom(about: str) -> str:
    """The name of the guest or staffer whom a promise concerns, by what it is about; that number
    itself where nobody is named."""
    names = (name for (name,) in execute(_WHO, (about,) * 4) if name)
    return next(names, about)


_OPENED = ("briefings", "bookings")
"""The tables by which one sees on which nights the house was open."""


def _opened_reads(table: str, first: date) -> tuple[Read, Read]:
    text = (first.isoformat(),)
    return (
        (f"SELECT DISTINCT night FROM {table} WHERE night >= ?", text),
        (f"SELECT max(night) FROM {table} WHERE night < ?", text),
    )


def _service(session: Session, first: date) -> Service:
    """The house's hours of service, and on which nights from `first` on it was open."""
    nights: set[date] = set()
    for table in _OPENED:
        since, until = _opened_reads(table, first)
        nights.update(night_of(night) for (night,) in execute(*since))
        # Whether the house had opened by then at all.
        [before] = execute(*until).fetchone()
        if before is not None:
            nights.add(night_of(before))
    tonight = session.tonight()
    nights = {night for night in nights if night <= tonight}

    def hours(night: date) -> tuple[Instant, Instant]:
        book, calendar = session.book(night), session.calendar
        return calendar.at(night, book.briefing), calendar.at(night, book.shift_end)

    return Service(session.calendar, hours, nights)


def _versions(session: Session, first: date, last: date) -> Iterator[tuple[GuestRules, date, date]]:
    """The guest desk's rules in force, each with the first and last of the nights it is for."""
    starts = [first, *(since for since, _ in session.versions.adopted if first < since <= last)]
    for at, begins in enumerate(starts):
        ends = starts[at + 1] - timedelta(days=1) if at + 1 < len(starts) else last
        rules = session.book(begins).guests
        if rules is not None:
            yield rules, begins, ends


def _told_read(first: date, last: date) -> Read:
    sql = "SELECT promise_no, told_at, due_at, kept_at FROM promised WHERE night BETWEEN ? AND ?"
    return sql, (first.isoformat(), last.isoformat())


_COMPLAINED = (
    "SELECT complaint_no, at, class, answered_at, solved_at, asked_at, grave"
    " FROM complaints WHERE night BETWEEN ? AND ? ORDER BY complaint_no"
)
_ASKED = 'SELECT staff_no, at, asked, "right" FROM knowledge'
_HIRED = (
    "SELECT staff_no, hired_on FROM staff WHERE hired_on BETWEEN ? AND ?"
    " AND position IN ('staff', 'supervisor')"
)
_BEGAN = {
    "complaint": (_COMPLAINED,),
    "solved": (_COMPLAINED,),
    "hired": (_HIRED,),
    "call_in": (
        "SELECT contact_no, at, guest_no FROM contacts WHERE night BETWEEN ? AND ?"
        " AND kind = 'call_in'",
    ),
    "visit": (
        "SELECT visit_no, at, guest_no FROM visits WHERE night BETWEEN ? AND ?"
        " AND guest_no IS NOT NULL",
    ),
}
_LEFT = (
    "SELECT visit_no, left_at, guest_no FROM visits WHERE night BETWEEN ? AND ?"
    " AND guest_no IS NOT NULL AND left_at IS NOT NULL",
    # Whose visit says when they left is not asked again for its booking.
    f"SELECT '{BOOKING}' || b.booking_no, b.left_at, b.guest_no FROM bookings b"
    " LEFT JOIN visits v ON v.visit_no = b.visit_no WHERE b.night BETWEEN ? AND ?"
    " AND b.guest_no IS NOT NULL AND b.left_at IS NOT NULL AND b.status = 'left'"
    " AND (v.visit_no IS NULL OR v.left_at IS NULL OR v.guest_no IS NULL)",
)
"""What the promises of some nights began with, by what starts them."""


def _began_reads(rule: PromiseRule, first: date, last: date) -> Iterator[Read]:
    for sql in _BEGAN.get(rule.starts, _LEFT):
        yield sql, (first.isoformat(), last.isoformat())
    if rule.starts == "hired":
        yield _ASKED, ()


def _told(first: date, last: date, now: Instant) -> list[Promise]:
    rows = execute(*_told_read(first, last)).fetchall()
    return [told(about, told_at, due_at, kept_at, now) for about, told_at, due_at, kept_at in rows]


class _Cases:
    """What each kind of promise began with, on some nights."""

    def __init__(self, session: Session, first: date, last: date, rules: GuestRules) -> None:
        self.session = session
        self.first, self.last = first, last
        self.rules = rules
        self.span = (first.isoformat(), last.isoformat())

    def of(self, rule: PromiseRule) -> Sequence[Case]:
        if rule.starts in ("complaint", "solved"):
            return list(self._complaints(rule))
        if rule.starts == "hired":
            return list(self._hired())
        return list(self._guests(rule))

    def _complaints(self, rule: PromiseRule) -> Iterator[Case]:
        ends = {"answered": 3, "solved": 4, "asked": 5}.get(rule.ends)
        for row in execute(_COMPLAINED, self.span).fetchall():
            begins = row[1] if rule.starts == "complaint" else row[4]
            if begins is None or ends is None:
                continue
            kinds = {row[2] or "general", *(["grave"] if row[6] else [])}
            acts = (row[ends],) if row[ends] is not None else ()
            yield Case(row[0], begins, frozenset(kinds), acts)

    def _hired(self) -> Iterator[Case]:
        asked: defaultdict[str, list[Instant]] = defaultdict(list)
        for staff_no, at, questions, right in execute(_ASKED).fetchall():
            if questions >= ASKED and right * ASKED >= PASS * questions:
                asked[staff_no].append(at)
        for staff_no, hired_on in execute(_HIRED, self.span).fetchall():
            night = night_of(hired_on)
            begins = self.session.calendar.at(night, self.session.book(night).briefing)
            yield Case(staff_no, begins, acts=tuple(asked[staff_no]))

    def _guests(self, rule: PromiseRule) -> Iterator[Case]:
        begun = list(self._begun(rule.starts))
        kin, kinds = self._kin({guest_no for _, _, guest_no in begun})
        if rule.about:
            begun = [each for each in begun if kinds.get(each[2]) in rule.about]
            asked = {kin[guest_no] for _, _, guest_no in begun}
            kin = {guest_no: client for guest_no, client in kin.items() if client in asked}
        contacts: defaultdict[str, list[tuple[Instant, str, bool | None]]] = defaultdict(list)
        for guest_no, at, kind, answered in in_parts(
            "SELECT guest_no, at, kind, answered FROM contacts WHERE guest_no IN", kin
        ):
            contacts[kin[guest_no]].append((at, kind, answered))
        for about, at, guest_no in begun:
            had = contacts[kin.get(guest_no, guest_no)]
            if rule.ends == "called_back":
                acts = [t for t, kind, answered in had if kind == "call_back" and answered]
                tries = [t for t, kind, answered in had if kind == "call_back" and not answered]
            else:
                acts, tries = [t for t, _, _ in had if t > at], []
            kind = kinds.get(guest_no, "guest")
            yield Case(about, at, frozenset({kind}), tuple(acts), tuple(tries))

    def _begun(self, starts: str) -> Iterator[tuple[str, Instant, str]]:
        """(what it is about, since when, which guest)"""
        reads = _BEGAN.get(starts, _LEFT)
        yield from sorted(row for sql in reads for row in execute(sql, self.span).fetchall())

    def _kin(self, guest_nos: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
        """The client of each guest and of whoever is one client with them, and of each whether
        they are a member."""
        guests = with_kin(guest_nos, self.rules).values()
        return (
            clients(guests, self.rules.one_client),
            {guest.guest_no: guest.kind for guest in guests},
        )
