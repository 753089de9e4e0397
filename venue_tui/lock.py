"""The lock: in a venue with accounts nobody works at a terminal, or sees what is on it, but who
signed in there.

What was open waits underneath, forms that are being written included, and comes back for the
person who locked it. Somebody else starts afresh.
"""

import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

from models.access.permissions import require_account
from models.values.problems import Problem, Refused
from venue_tui.actions import SCREENS
from venue_tui.locale import _
from venue_tui.words import word

if TYPE_CHECKING:
    from textual.screen import Screen

    from models.access.session import Session

SIGN_IN = "sign-in"
"""The mode of the sign-in screen, which stands in front of every other while the lock is on."""

_HABIT_SECONDS = 1.0
"""An Enter that follows the last digit of a PIN so soon belongs to it."""

_HOMES = {"payroll": "deductions", "admin": "accounts", "staff": "deductions"}
"""The screen with which who signs in as that begins: the month, the accounts, one's own month. All
others begin with Tonight."""


class Terminal(Protocol):
    """What a lock locks: an app of modes, one of which is the sign-in screen's."""

    session: "Session"

    @property
    def current_mode(self) -> str:
        """The name of the screen that is open."""

    def add_mode(self, mode: str, base_screen: Callable[[], "Screen[None]"]) -> None:
        """Lets the screen be opened by that name."""

    def remove_mode(self, mode: str) -> Awaitable[object]:
        """Closes the screen of that name."""

    def switch_mode(self, mode: str) -> Awaitable[object]:
        """Opens the screen of that name."""

    def open_sign_in(self) -> "Screen[None]":
        """A sign-in screen for this lock."""

    def start_afresh(self, session: "Session") -> None:
        """Leaves what is open behind, for whoever signed in at `session`."""

    def warn_of_clock(self) -> None:
        """Says what the clock was found to be, where it is wrong."""

    def ask_for_secret(self) -> None:
        """Asks whoever came in by their recovery code for a new secret."""

    def tell(self, message: str) -> None:
        """Says it on the line above the keys."""


class Lock:
    """The lock of one terminal. `behind` is the screen that comes back when it is taken off; after
    `idle_minutes` without a key it goes on by itself, unless they are 0."""

    def __init__(self, app: Terminal, behind: str, idle_minutes: int) -> None:
        self._app = app
        self._behind = behind
        self._idle_seconds = idle_minutes * 60
        self._touched = time.time()
        self._held: list[Callable[[], None]] = []
        self._checked: tuple[object, int] | None = None
        self.why: Problem | None = None
        """Why it went on, where nobody asked for it."""
        self.handed_over = False
        """Whether somebody locked it who had to be at the keyboard, probably for somebody else."""
        self.before: str | None = None
        """The account that was signed in here before this one: whom it is handed back to."""
        self.by_pin: dict[str, int] = {}
        """The accounts that signed in here by digits alone, and by how many: the last of them is
        the last key, and what is typed as letters where their PIN is asked for is somebody else's
        name."""
        self._let_in_at: float | None = None

    def hold(self, show: Callable[[], None]) -> None:
        """Keeps a sentence for the person who left."""
        self._held.append(show)

    @property
    def is_on(self) -> bool:
        return self._app.current_mode == SIGN_IN

    def touch(self) -> None:
        """Somebody is there."""
        self._touched = time.time()

    def needs_no_enter(self, at: float) -> None:
        """The last digit of a PIN was typed at that second, as messages are timed, and is taken for
        its end."""
        self._let_in_at = at

    def is_spare(self, key: str, at: float) -> bool:
        """Whether a key that was pressed then is the Enter that a hand, as it used to, types behind
        a PIN that needs none: it is not meant for what the PIN opened. Asked once for each key."""
        let_in_at, self._let_in_at = self._let_in_at, None
        return key == "enter" and let_in_at is not None and at - let_in_at < _HABIT_SECONDS

    def is_due(self) -> bool:
        """Whether nobody has been there for too long. A clock that was put back counts as time
        that passed: nobody knows how long it was."""
        if not self._idle_seconds or abs(time.time() - self._touched) < self._idle_seconds:
            return False
        return not self.is_on and self._app.session.actor is not None

    def check(self, changes: int) -> None:
        """Locks the terminal where it is due, or where the account can't be worked with any more:
        disabled or changed at another terminal, which `changes` (`Session.database_changes`) tell.
        Raises Refused where the database is lost."""
        if self.is_on:
            return
        if self.is_due():
            self.put_on()
            return
        session = self._app.session
        # Who was disabled stands in the trail, of which a server tells by itself.
        now = (session.actor, changes)
        if now == self._checked:
            return
        try:
            require_account(session)
            self._checked = now
        except Refused as refusal:
            [why] = refusal.problems
            if why.field != "actor":
                raise
            self.put_on(why)

    def put_on(self, why: Problem | None = None, *, by_hand: bool = False) -> None:
        """Puts the sign-in screen in front of everything."""
        app = self._app
        self.why, self.handed_over = why, by_hand
        self._behind = app.current_mode
        self._held = []
        app.add_mode(SIGN_IN, app.open_sign_in)
        app.switch_mode(SIGN_IN)

    async def take_off(self, session: "Session") -> None:
        """Lets in who signed in at `session`: back to what they left; where it was somebody else
        who left it, to a fresh screen of the same name for whoever has the same work, and else to
        the one that their work begins with."""
        app, actor = self._app, session.actor
        assert actor is not None
        left, held = app.session.actor, self._held
        if left is not None and left.name == actor.name:
            app.session.actor = actor
        else:
            app.start_afresh(session)  # which is refused while others keep the database busy
            self.before = left.name if left is not None else None
            held = held if left is None else []
            if left is None or left.role != actor.role:
                otherwise = self._behind if left is None else SCREENS[0].name
                self._behind = _HOMES.get(actor.role, otherwise)
        self.touch()
        await app.switch_mode(self._behind)
        app.remove_mode(SIGN_IN)
        for show in held:
            show()
        welcome = _("%(name)s signed in as %(role)s.")
        app.tell(welcome % {"name": actor.name, "role": word(actor.role)})
        app.warn_of_clock()
        if actor.recovered:
            app.ask_for_secret()
