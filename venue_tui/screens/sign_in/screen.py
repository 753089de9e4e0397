"""Signing in: who stands at the terminal, proved by their secret."""

import re
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input

from models.access import accounts
from models.values import pinyin
from models.values.problems import Problem, Refused, problem
from venue_tui.actions import ACTIONS
from venue_tui.error_boundary import refusal_in
from venue_tui.locale import _
from venue_tui.problem_words import in_words
from venue_tui.program import program
from venue_tui.screens.shared.parsing import WIDE
from venue_tui.widgets.chooser import Choice
from venue_tui.widgets.controls import Picker
from venue_tui.widgets.form import Field, FormScreen
from venue_tui.widgets.frame import FactLine
from venue_tui.widgets.keys import binding, bindings, hidden
from venue_tui.widgets.status import StatusLine

if TYPE_CHECKING:
    from models.access.session import Session
    from venue_tui.lock import Lock


_LETTERS_AND_DIGITS = re.compile(r"(.*?)([0-9０-９]+)")
_PATIENCE = 30.0
"""So many seconds an answer is waited for: longer than a change waits for its turn."""
_STILL_THERE = (("app.palette", "command_palette"), ("app.quit", "quit"))


class SignInScreen(FormScreen[None], inherit_bindings=False):
    """Name and secret, and why somebody has to sign in. The secret is checked in a thread, because
    that takes a while on purpose."""

    BINDINGS: ClassVar = [
        *bindings("sign-in"),
        *(binding(ACTIONS[id_]._replace(call=f"app.{call}")) for id_, call in _STILL_THERE),
        *hidden({"down": "app.focus_next", "up": "app.focus_previous"}),
    ]
    DEFAULT_CSS = """
    SignInScreen { background: $background; }
    SignInScreen > FactLine { dock: top; }
    SignInScreen > #form { width: 60; }
    SignInScreen > StatusLine { dock: bottom; margin-bottom: 1; }
    """

    class Tried(Message):
        """The secret was checked at that `attempt`: `session` is signed in at, or there are
        `problems`."""

        def __init__(
            self, attempt: int, session: "Session", problems: Sequence[Problem] = ()
        ) -> None:
            super().__init__()
            self.attempt = attempt
            self.session = session
            self.problems = problems

    def __init__(self, lock: "Lock") -> None:
        super().__init__()
        self._lock = lock
        self._attempts = 0
        self._length = 0
        """How long the secret was before the last key."""
        self._checking = False

    def compose(self) -> ComposeResult:
        yield FactLine()
        yield from super().compose()
        yield StatusLine()

    def title_line(self) -> str:
        return _("Sign in")

    def fields(self) -> Sequence[Field]:
        name = self._expected() or ""
        return [
            Field(
                "name",
                _("Sign-in name"),
                name,
                _("or its first letters"),
                search=_matching,
                start=name,
            ),
            Field("secret", _("Password"), hint=_("PIN or passphrase"), secret=True),
        ]

    def verdict(self, values: dict[str, str]) -> str:
        lock, left = self._lock, program(self).session.actor
        if self._checking:
            return _("Checking")
        if lock.why is not None:
            return in_words(lock.why)
        if left is None:
            return ""
        sentence = _("%(name)s left this terminal locked. What they were writing waits for them;"
                     " anybody else starts afresh.")  # fmt: skip
        return sentence % {"name": left.name}

    def on_mount(self) -> None:
        # Whoever comes back only has to give the secret.
        lock = self._lock
        name_known = self._expected() and (not lock.handed_over or lock.before)
        self.control("secret" if name_known else "name").focus()

    def _expected(self) -> str | None:
        """Who is likely to sign in: whoever left; where they handed over, who was here before."""
        lock, left = self._lock, program(self).session.actor
        if left is not None and lock.handed_over and lock.before is not None:
            return lock.before
        return left.name if left is not None else None

    def on_picker_changed(self) -> None:
        self._go_on_at_a_digit()
        self._judge()

    def _go_on_at_a_digit(self) -> None:
        """Takes a digit after letters that mean one account alone for its PIN's first: so nobody
        has to say that the name is written, and no PIN is to be read as a name."""
        name, secret = self.query_one(Picker), self.query_one("#field-secret", Input)
        written = _LETTERS_AND_DIGITS.fullmatch(name.label)
        if written is None or name.value in accounts.names() or any(_matching(name.label)):
            return
        letters, digits = written.groups()
        found = [each.key for each in _matching(letters)]
        begin = [each for each in found if _begins(each, letters)]
        if letters in found:
            found = [letters]
        elif len(begin) == 1:
            found = begin
        if len(found) == 1 and letters:
            name.take(found[0], found[0])
            _go_on_in(secret, digits.translate(WIDE))
        elif found:
            name.query_one(Input).value = letters
            several = problem("name", "whose PIN is that? First write more letters of the name")
            self.show_problems([several])

    def on_input_changed(self, event: Input.Changed) -> None:
        name, secret = self.query_one(Picker), self.query_one("#field-secret", Input)
        letter = secret.value
        if len(letter) == 1 and not letter.isdigit() and name.value in self._lock.by_pin:
            secret.value = ""
            _go_on_in(name.query_one(Input), letter)
        grown, self._length = len(secret.value) > self._length, len(secret.value)
        self._judge()
        # Who takes a digit away has not written their PIN to the end.
        if grown and self._is_whole(name.value, secret.value):
            self._lock.needs_no_enter(event.time)
            self.action_save()

    def _is_whole(self, name: str, secret: str) -> bool:
        """Whether as many digits are written as that account signed in by here."""
        wanted = name.casefold()
        lengths = (n for each, n in self._lock.by_pin.items() if each.casefold() == wanted)
        return secret.isdecimal() and len(secret) in lengths

    def typed(self) -> bool:
        return False  # nothing here is worth asking about before the program is left

    def tick(self, changes: int | None = None) -> None:
        """As `Ticking.tick`."""
        self.query_one(FactLine).tick()

    def action_go_on(self) -> None:
        # Not in `on_input_submitted`: Textual would call the form's own after it.
        self.action_save()

    def action_save(self) -> None:
        name, secret = self.control("name").value, self.control("secret").value
        missing = next((each for each in ("name", "secret") if not self.control(each).value), None)
        if missing is not None:
            self.control(missing).focus()
        elif not self._checking:
            self._checking = True
            self._attempts += 1
            self._judge()
            session = program(self).session.for_another()
            work = partial(self._try, self._attempts, session, name, secret)
            self.run_worker(work, thread=True)
            self.set_timer(_PATIENCE, partial(self._wait_no_longer, self._attempts))

    def _try(self, attempt: int, session: "Session", name: str, secret: str) -> None:
        problems: Sequence[Problem] = ()
        try:
            with session.reading():
                accounts.sign_in(session, _as_written(name), secret)
        except Exception as error:
            if (refusal := refusal_in(error)) is None:
                raise
            problems = refusal.problems
        self.post_message(self.Tried(attempt, session, problems))

    def _wait_no_longer(self, attempt: int) -> None:
        """Lets whoever waits for an answer try again, whatever keeps it."""
        if self._checking and attempt == self._attempts:
            late = problem(
                "secret",
                "no answer came for %(seconds)s seconds: write it again",
                seconds=round(_PATIENCE),
            )
            self._ask_anew([late])

    async def on_sign_in_screen_tried(self, message: Tried) -> None:
        if not self._checking or message.attempt != self._attempts:
            return  # it was given up
        if message.problems:
            self._ask_anew(message.problems)
            return
        actor, secret = message.session.actor, self.query_one("#field-secret", Input).value
        if actor is not None and secret.isdecimal():
            self._lock.by_pin[actor.name] = len(secret)
        try:
            await self._lock.take_off(message.session)
        except Exception as error:
            if (refusal := refusal_in(error)) is None:
                raise
            self._ask_anew(refusal.problems)

    def _ask_anew(self, problems: Sequence[Problem]) -> None:
        """Says why nobody was let in, and asks anew."""
        self._checking = False
        # It may be a PIN of another length by now: that it is wholly written is theirs to say.
        self._lock.by_pin.pop(_as_written(self.control("name").value), None)
        secret = self.query_one("#field-secret", Input)
        secret.value = ""
        self._judge()
        secret.focus()
        self.show_problems(problems)


def _go_on_in(field: Input, text: str) -> None:
    """Goes to that field with what was typed, and on behind it."""
    field.value = text
    field.select_on_focus = False  # or the next key would take its place
    field.focus()
    field.cursor_position = len(text)


def _as_written(name: str) -> str:
    """The account's own name, where somebody wrote it with other capitals."""
    wanted = name.strip().casefold()
    return next((each for each in accounts.names() if each.casefold() == wanted), name)


def _begins(name: str, letters: str) -> bool:
    """Whether a name, or its initials, begin with these letters."""
    readings = (name.casefold(), *pinyin.initials(name, ""))
    return any(each.startswith(letters.casefold()) for each in readings)


def _matching(text: str) -> Iterable[Choice]:
    try:
        names = accounts.names()
    except Refused:
        return ()  # signing in will say what is wrong with the database
    return (
        Choice(name, name)
        for name in names
        if pinyin.matches(text, name, name, pinyin.initials(name, ""))
    )
