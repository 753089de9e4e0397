"""A session: one person's place at the program, and what every change there has in common."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from models.rules import shipped
from models.rules.rulebook import Rulebook
from models.rules.versions import Versions
from models.storage import audit, changes
from models.storage.database import Read, connected, execute, last_line, transaction
from models.storage.terminals import this_terminal, this_user
from models.values.nights import Calendar, Instant, utc_now
from models.values.problems import NoVenue, Problem, problem, refused


class Actor(NamedTuple):
    """Who signed in: the account's name and role, and the staffer it belongs to, if any. One who
    `recovered` came in by their recovery code, and may set a new secret without the old one."""

    name: str
    role: str
    staff_no: str | None
    recovered: bool = False


AS_IT_IS: Read = (
    "SELECT count(*), max(adopted_at), (SELECT name FROM venue), (SELECT timezone FROM venue)"
    " FROM rulebook_version",
    (),
)
"""What `Session.refresh` reads where nothing was adopted."""

_ACCOUNTS: Read = (
    "SELECT EXISTS (SELECT 1 FROM accounts),"
    " (SELECT min(seq) FROM audit WHERE action = 'account.made')",
    (),
)

_RULEBOOKS: Read = ("SELECT from_night, text FROM rulebook_version", ())
OPENING: tuple[Read, ...] = (AS_IT_IS, _RULEBOOKS, audit.HEAD, audit.LAST_CHANGE)
"""What a session reads as it begins, and of the trail whoever begins one."""

_QUIET_DAYS = 30
"""For so many days nothing may be recorded before the clock is asked about."""

LAST_CLOSED: Read = ("SELECT max(month) FROM closed_months", ())
"""The last month that is closed; hardly a change may be about one before its end."""


class Session:
    """The venue as it is seen from one terminal: its calendar and rulebooks, the clock, and who
    works here. Every function of `models` that changes a fact takes one."""

    venue: str
    calendar: Calendar
    versions: Versions

    def __init__(self, clock: Callable[[], Instant] = utc_now, terminal: str | None = None) -> None:
        """The database must be open, and hold a venue. Raises Refused where it holds none."""
        self.clock = clock
        """What tells the time here: called, it gives the instant that it is now."""
        if terminal is not None:
            self.terminal = terminal
        self.warning: Problem | None = None
        """What the person is to be told on opening."""
        self.clock_warning: Problem | None = None
        """What they are to be told of the clock before anything is recorded."""
        self.warn: Callable[[Problem], None] | None = None
        """Tells them that when something is about to be, where it isn't told on opening."""
        self.actor: Actor | None = None
        """Who signed in; None in a venue without accounts."""
        self.lines: tuple[int, ...] = ()
        """The lines of the trail that the change under way has written, or the last one wrote."""
        self._asked_at: Instant | None = None
        self._adopted: tuple[Any, ...] = ()
        self.refresh()

    @cached_property
    def terminal(self) -> str:
        """What the trail calls this terminal, which those who only read don't ask."""
        return this_terminal()

    @cached_property
    def user(self) -> str:
        """As whom changes are recorded in a venue without accounts."""
        return this_user()

    def refresh(self) -> None:
        """Takes note of a rulebook that was adopted elsewhere meanwhile, or of another name."""
        adopted = execute(*AS_IT_IS).fetchone()
        if tuple(adopted) == self._adopted:
            return
        row = adopted[2:]
        if row[0] is None:
            raise NoVenue(
                problem("database", "there is no venue in it yet: make one with «venue-tui init»")
            )
        self.venue = row[0]
        rows = execute(*_RULEBOOKS).fetchall()
        self.versions = Versions(
            (date.fromisoformat(night), shipped.parse(text)) for night, text in rows
        )
        starts = [(since, book.day_start) for since, book in self.versions.adopted]
        self.calendar = Calendar(zone(row[1]), starts)
        self._adopted = tuple(adopted)

    @property
    def account(self) -> Read:
        """What the database says by now of the account that signed in: (disabled, role, staff_no);
        in a venue without accounts, whether there is one."""
        if self.actor is None:
            return "SELECT 1 FROM accounts LIMIT 1", ()
        return "SELECT disabled, role, staff_no FROM accounts WHERE name = ?", (self.actor.name,)

    def for_another(self) -> "Session":
        """This session for whoever comes next, who has yet to sign in."""
        other = copy(self)
        other.actor = None
        other._asked_at = None  # of the key that signed them in, which had to wait
        return other

    def now(self) -> Instant:
        """The instant that it is now or, inside `as_of`, that is given there."""
        return self.clock() if self._asked_at is None else self._asked_at

    @contextmanager
    def as_of(self, asked_at: Instant | None) -> Iterator[None]:
        """Around what was asked for then, and had to wait: it is done by the clock of then. None:
        it is done by that of now."""
        before, self._asked_at = self._asked_at, asked_at
        try:
            yield
        finally:
            self._asked_at = before

    def doubt_clock(self) -> None:
        """Notes a warning where what was recorded last is yet to come by this clock, or so long ago
        that its date may be wrong."""
        last, now = audit.last_change_at(), self.now()
        if last is None:
            return
        told = {
            name: self.calendar.format(instant // 60 * 60)
            for name, instant in (("now", now), ("last", last))
        }
        if last > now + audit.TOLERANCE:
            self.clock_warning = problem(
                "clock",
                "this computer's clock says %(now)s, but something was recorded here at %(last)s:"
                " if its date or time is wrong, leave and set it before anything is recorded; if it"
                " is right, another's was wrong: go on",
                **told,
            )
        elif (days := (now - last) // 86_400) > _QUIET_DAYS:
            self.clock_warning = problem(
                "clock",
                "this computer's clock says %(now)s, %(days)s days after the last that was recorded"
                " here (%(last)s): if its date is wrong, leave and set it before anything is"
                " recorded; if nothing was recorded for so long, go on",
                days=days,
                **told,
            )

    def tonight(self) -> date:
        """The night that it is now."""
        return self.calendar.night(self.now())

    def book(self, night: date) -> Rulebook:
        """The rulebook in force on a night."""
        return self.versions.in_force(night)

    def name(self) -> str:
        """Who changes made here are recorded as: the account, else the computer's user."""
        return self.actor.name if self.actor is not None else self.user

    @contextmanager
    def change(self, ahead: Iterable[Read] = ()) -> Iterator[None]:
        """The transaction of one change, with the rulebooks as they are now. `ahead` is what it is
        known to read besides what all do, as for `transaction`."""
        if self.clock_warning is not None and self.warn is not None:
            self.warn(self.clock_warning)
            self.clock_warning = None
        with transaction(chain((AS_IT_IS, audit.HEAD, self.account, LAST_CLOSED), ahead)):
            self.refresh()
            self.lines = ()
            yield
            if changes.pending():
                self.record("facts.changed")

    @contextmanager
    def reading(self) -> Iterator[None]:
        """A connection to read with, for a thread of its own."""
        with connected():
            yield

    def record(
        self,
        action: str,
        *,
        staff_no: str | None = None,
        night: date | None = None,
        before: Mapping[str, object] | None = None,
        after: Mapping[str, object] | None = None,
        reason: str | None = None,
    ) -> None:
        """Writes the change that is being made to the audit trail."""
        line = audit.record(
            at=self.now(),
            who=self.name(),
            terminal=self.terminal,
            action=action,
            staff_no=staff_no,
            night=night,
            before=before,
            after=after,
            reason=reason,
        )
        self.lines = (*self.lines, line)

    def database_changes(self) -> int:
        """A number that grows with every change made to the venue, at whichever terminal."""
        return last_line()


def has_accounts() -> bool:
    """Whether this venue has accounts, so that nobody works in it without signing in.

    Raises Refused where there are none, and the trail tells that some were made: nothing in this
    program deletes one, and whoever did would have opened the venue to everybody.
    """
    found, made = execute(*_ACCOUNTS).fetchone()
    if not found and made is not None:
        raise refused(
            "accounts",
            "the accounts of this venue were deleted from its database by something else than this"
            " program (line %(line)s of its audit trail made one): nobody works in it until a"
            " backup is put in its place with «venue-tui restore FILE --overwrite»",
            line=made,
        )
    return bool(found)


def zone(name: str) -> ZoneInfo:
    """The IANA time zone of that name. Raises Refused where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise refused(
            "timezone", "%(name)s is no IANA time zone, such as Asia/Shanghai", name=name
        ) from None
