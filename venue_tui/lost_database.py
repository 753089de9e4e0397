"""A database that can't be read: it is said for as long as it can't, and a screen that couldn't be
opened gives way to the one before it until it can."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from textual.screen import Screen

from models.values.problems import Code, Refused
from venue_tui.locale import _
from venue_tui.messages import Messages, Severity
from venue_tui.problem_words import in_words
from venue_tui.screens.shared.base import VenueScreen


class Screens(Protocol):
    """The app, as far as its screens come and go."""

    @property
    def current_mode(self) -> str:
        """The name of the screen that is open."""

    @property
    def screen_stack(self) -> Sequence[Screen[object]]:
        """The screen that is open, and the dialogs over it."""

    def has_opened(self, name: str) -> bool:
        """Whether the screen of that name was opened before."""

    def switch_mode(self, mode: str) -> Awaitable[object]:
        """Opens the screen of that name."""

    def make_anew(self, name: str) -> None:
        """Forgets the screen of that name; it is made when it is opened."""

    def go(self, name: str) -> None:
        """Opens the screen of that name, as its key does."""

    def bell(self) -> None:
        """Sounds."""

    def call_later(self, callback: Callable[..., object], *args: object) -> object:
        """Does it once what is being done is done."""

    def exit(self, *, return_code: int, message: str) -> None:
        """Ends the program."""

    def tell(
        self, message: str, severity: Severity = "information", *, stays: bool = False
    ) -> None:
        """Says it on the line above the keys."""


class LostDatabase:
    """What is not to be read at one terminal. `first` is the screen that is opened first."""

    def __init__(self, app: Screens, messages: Messages, first: str) -> None:
        self._app = app
        self._messages = messages
        self._error: str | None = None
        """What is said of the database."""
        self._shown = first
        """The last screen that could be read when it was opened."""
        self._sought: str | None = None
        """The screen that could not, and is opened once it can, unless a key says otherwise."""

    def lets_go(self, name: str) -> bool:
        """Whether the screen of that name can be gone to; notes which one is left."""
        if self._error is not None and not self._app.has_opened(name):
            self._app.bell()  # a screen that has nothing to show yet couldn't come to itself again
            return False
        base = self._app.screen_stack[0]
        if isinstance(base, VenueScreen) and base.opened:
            self._shown = self._app.current_mode
        return True

    def seek_no_more(self) -> None:
        """A key was pressed: whoever pressed it chose where to be."""
        self._sought = None

    def forget(self) -> None:
        """Nothing is said any more; what is still wrong is said again."""
        self._error = None

    def show_error(self, refusal: Refused) -> None:
        """Says what can't be done. A database that can't be read stays said until it can; one that
        is damaged stays so."""
        sentence = "\n".join(map(in_words, refusal.problems))
        damaged = any(problem.code is Code.DAMAGED for problem in refusal.problems)
        self._leave_unopened(sentence, for_good=damaged)
        if damaged:
            if all(each.message != sentence for each in self._messages.said):
                self._app.tell(sentence, "error", stays=True)
        elif all(problem.field != "database" for problem in refusal.problems):
            self._app.tell(sentence, "warning")
        elif sentence != self._error:
            self._forget_error()
            self._error = sentence
            self._app.tell(sentence, "error", stays=True)

    def recover(self) -> None:
        """The database could be read: says so, and opens what was sought."""
        if self._error is not None:
            self._forget_error()
            self._app.tell(_("The database can be read again."))
        if self._sought is not None:
            self._app.go(self._sought)

    def _forget_error(self) -> None:
        self._messages.drop(lambda each: each.stays or each.message == self._error)
        self._error = None

    def _leave_unopened(self, why: str, *, for_good: bool) -> None:
        """Goes back to the screen that was shown, where the one being opened can't be read; unless
        that is so `for_good`, it is opened once it can."""
        for base in self._app.screen_stack[:1]:
            if isinstance(base, VenueScreen) and not base.opened and not base.opening_failed:
                base.opening_failed = True
                self._app.call_later(self._fall_back, base.where, why, for_good)

    def _fall_back(self, name: str, why: str, for_good: bool) -> None:
        app = self._app
        if self._shown == name or not app.has_opened(self._shown):
            app.exit(return_code=1, message=why)  # there is nothing to fall back to
            return
        self._sought = None if for_good else name
        if app.current_mode == name:
            app.switch_mode(self._shown)
        app.make_anew(name)
