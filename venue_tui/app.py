"""The terminal program: nine screens, one number key each, around one session."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial
from importlib import import_module
from inspect import isawaitable
from threading import get_ident
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import events
from textual.actions import ActionParseResult
from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.notifications import SeverityLevel
from textual.screen import Screen

from models.storage.database import check_reachable, hurry
from models.storage.errors import TurnTaken
from models.values.nights import Instant, utc_now
from models.values.problems import Refused
from venue_tui.actions import PLACES, SCREENS, ScreenName, key_name
from venue_tui.clock_watch import ClockWatch
from venue_tui.imports_ahead import ImportsAhead
from venue_tui.key_checks import KeyChecks
from venue_tui.keystrokes import Keystrokes
from venue_tui.locale import _, ngettext
from venue_tui.lock import SIGN_IN, Lock
from venue_tui.lost_database import LostDatabase
from venue_tui.messages import Messages, Said, Severity
from venue_tui.problem_words import in_words
from venue_tui.program import Facts, Ticking
from venue_tui.reading_thread import ReadingThread
from venue_tui.screens.shared.base import VenueScreen
from venue_tui.shell import Shell
from venue_tui.turns import Turns
from venue_tui.verbs import KEY_OF_CHARACTER, half_width
from venue_tui.widgets.frame import FactLine
from venue_tui.widgets.keys import bindings
from venue_tui.widgets.status import StatusLine
from venue_tui.words import word

if TYPE_CHECKING:
    from models.access.session import Session

_BEFORE_SCREENS = (
    "models.storage.tables",
    "venue_tui.widgets.unbroken",
    "venue_tui.widgets.chooser",
    "venue_tui.widgets.controls",
    "venue_tui.widgets.form",
    "venue_tui.screens.roll.posts",
)
"""What a screen imports with much else, so that no key waits for all of it, or only when it shows
what is in it."""


class VenueApp(Shell):
    """The program at one session, whose database is open. Run it with `run()`, which gives the exit
    status as `return_code`.

    `language` is what the command line asked for, and is not remembered; `first` names the screen
    that is opened, once somebody has signed in where it is `locked`.
    """

    BINDINGS: ClassVar = bindings("go", "app")
    DEFAULT_MODE = SCREENS[0].name

    def __init__(
        self,
        session: "Session",
        *,
        language: str | None = None,
        first: str = SCREENS[0].name,
        locked: bool = False,
    ) -> None:
        super().__init__(language)
        self.do_without_toasts()
        self.session = session
        self._person: str | None = None
        self._doubted: str | None = None
        """What is said of the clock."""
        self._messages = Messages()
        self._lost = LostDatabase(self, self._messages, first)
        self._checks = KeyChecks(self)
        self.turns = Turns(self)
        self._keystrokes = Keystrokes(
            self, self._hand_on, self.fail, self.asking, lambda: self.turns.waiting, self.now,
            self.as_of,
        )  # fmt: skip
        modules = (*_BEFORE_SCREENS, *(each.module for each in SCREENS))
        self._ahead = ImportsAhead(self, self._keystrokes, modules)
        self.wanted: str | None = None
        """The staffer whom the screen that is opened next is to show."""
        self._clock_watch = ClockWatch()
        self.reader = ReadingThread()
        self._makers = {each.name: partial(self._open, each) for each in PLACES}
        if locked:
            self.set_modes({**self._makers, SIGN_IN: self.open_sign_in}, SIGN_IN)
        else:
            self.set_modes(self._makers, first)
        self.lock = Lock(self, first, self.chosen.idle_minutes)

    def on_mount(self) -> None:
        hurry(get_ident())
        self.set_interval(1.0, self._tick)
        if self.session is not None:
            self.warn_of_clock()
            if self.session.warning is not None:
                self.tell(in_words(self.session.warning), "error", stays=True)

    def begin_alone(self) -> None:
        self._ahead.begin()

    def when_quiet(self, work: Callable[[], object]) -> None:
        """Does it once no key is under way, where this process is the program's alone."""
        self._ahead.soon(work)

    def on_unmount(self) -> None:
        hurry(None)
        self.reader.close()

    def _tick(self) -> None:
        """Once a second."""
        for base in self.screen_stack[:1]:  # there is none any more while the program ends
            if base.is_mounted and isinstance(base, Ticking):
                for line in base.query(FactLine):
                    line.tick()  # the clock goes on whatever happens
                check_reachable()
                self._check_clock()
                changes = self.session.database_changes()
                self.lock.check(changes)
                # Its widgets are being made or taken away; or others write, and it is read again.
                with suppress(NoMatches, TurnTaken):
                    if not self.turns.waiting:
                        base.tick(changes)
                self._lost.recover()

    def warn_of_clock(self) -> None:
        """Says what the clock was found to be on opening, until something is done all the same."""
        if (warning := self.session.clock_warning) is not None:
            self._doubted = in_words(warning)
            self.tell(self._doubted, "warning", stays=True)

    def trust_clock(self) -> None:
        """Something was done after what was said of the clock."""
        if self._doubted is not None:
            self._messages.drop(lambda each: each.message == self._doubted)
            self.session.clock_warning = self._doubted = None
            self.show_said()

    def _check_clock(self) -> None:
        if (warning := self._clock_watch.warning(self.session.now())) is not None:
            self.notify(warning, severity="warning")

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.InputEvent | events.Paste) and not event.is_forwarded:
            if self.lock.is_due():  # the computer slept, and woke up with this key
                self.lock.put_on()
                return
            self.lock.touch()
            self._lost.seek_no_more()
            clicks = (events.MouseDown, events.MouseUp) if self.turns.waiting else ()
            if isinstance(event, (events.Key, events.Paste, *clicks)):
                self._keystrokes.take(event)
                return
        await super().on_event(event)

    async def _hand_on(self, event: events.Event) -> None:
        """Does what a key does, once it is its turn."""
        if isinstance(event, events.Key):
            if self.lock.is_spare(event.key, event.time):
                return
            self._messages.answered()
            self.show_said()
            event = self._half_width(event)
        await super().on_event(event)

    def _half_width(self, event: events.Key) -> events.Key:
        """The key that was meant where a Chinese input method was left on; where text is written,
        what was typed."""
        twin = half_width(event.character or "")
        if twin is None or (
            self.focused is not None and self.focused.check_consume_key(event.key, event.character)
        ):
            return event
        return events.Key(KEY_OF_CHARACTER.get(twin, twin), twin)

    @property
    def locked(self) -> bool:
        return self.lock.is_on

    def check_lock(self) -> None:
        self.lock.check(self.session.database_changes())

    @property
    def out_minutes(self) -> tuple[int, int]:
        """From how many minutes on who is out turns amber on Tonight, and red."""
        return self.chosen.out_minutes

    # Who works here

    @property
    def person(self) -> str | None:
        """The staffer who works here: whoever signed in; where nobody does, who said so."""
        actor = self.session.actor
        return actor.staff_no if actor is not None else self._person

    @person.setter
    def person(self, staff_no: str | None) -> None:
        self._person = staff_no

    def start_afresh(self, session: "Session") -> None:
        """Leaves what is open behind, unsaved forms included, for whoever signed in at `session`.
        The screens are made anew when they are opened."""
        from models.access import accounts

        accounts.sign_out(self.session)
        self.session = session
        self._person = None
        self.forget_said()
        self.offered.clear()
        for each in PLACES:
            self.make_anew(each.name)

    def make_anew(self, name: str) -> None:
        """Forgets the screen of that name; it is made when it is opened."""
        self.remove_mode(name)
        self.add_mode(name, self._makers[name])

    def may_act(self, target: DOMNode, name: str, parameters: tuple[object, ...]) -> bool:
        return self._checks.may_act(target, name, parameters)

    def refuse_act(self, target: DOMNode, name: str, parameters: tuple[object, ...]) -> None:
        self._checks.refuse_act(target, name, parameters)

    def explain_act(self, target: DOMNode, name: str) -> None:
        self._checks.explain_act(target, name)

    def key_did_nothing(self, key: str) -> None:
        self._checks.key_did_nothing(key)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("lock", "change_secret"):
            return self.session.actor is not None and not self.lock.is_on
        if action == "change_person":
            return self.session.actor is None and not self.lock.is_on
        if action in ("go", "help", "manual", "done", "keys"):
            return not self.lock.is_on
        return super().check_action(action, parameters)

    def _open(self, name: ScreenName) -> Screen[None]:
        self.screen_opening()
        make = cast("Callable[[], Screen[None]]", getattr(import_module(name.module), name.cls))
        screen = make()
        self.takes_styles_of_now(screen)
        return screen

    def open_sign_in(self) -> Screen[None]:
        """The screen that stands in front of every other while the lock is on."""
        from venue_tui.screens.sign_in.screen import SignInScreen

        return SignInScreen(self.lock)

    # What every screen shows

    def facts(self) -> Facts:
        session = self.session
        now = session.now()
        clock = session.calendar.local(now).strftime("%H:%M")
        tonight = session.calendar.night(now)
        night = _("night of %s") % tonight
        facts = Facts(session.venue, night, f"{tonight:%m-%d}", "", clock)
        if self.lock.is_on:
            return facts
        who = session.name()
        if self.person is not None:
            from models.operations.directory import name_of

            who = name_of(self.person)
        if session.actor is not None:
            who = f"{session.actor.name} ({word(session.actor.role)})"
        return facts._replace(who=who)

    # What waits for its turn to record

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        do = partial(super().run_action, action, default_namespace, namespaces)
        return bool(await self.turns.act(do, later=True))

    def push_screen(self, screen: Any, callback: Any = None, *args: Any, **options: Any) -> Any:
        if callback is None:
            return super().push_screen(screen, None, *args, **options)

        async def answered(result: object) -> None:
            async def take() -> None:
                if isawaitable(taken := callback(result)):
                    await taken

            await self.turns.act(take)

        return super().push_screen(screen, answered, *args, **options)

    def forget_keys(self) -> None:
        """Forgets what was pressed for what stood here before, and would meet what stands now."""
        self._keystrokes.drop()

    def drop_keys(self) -> None:
        """Forgets what was pressed after something that couldn't be recorded, and says so: it was
        meant for what would have come of it."""
        if dropped := self._keystrokes.drop():
            said = ngettext(
                "Others kept the database busy: that was not saved, and the key after it not"
                " heard. Try again.",
                "Others kept the database busy: that was not saved, and the %(n)d keys after it"
                " not heard. Try again.",
                dropped,
            )
            self.tell(said % {"n": dropped}, "warning")

    # Actions

    def go(self, name: str) -> None:
        """Opens the screen of that name."""
        opens = self.has_mode(self.current_mode) and not self.lock.is_on
        if opens and self._lost.lets_go(name):
            self.switch_mode(name)

    def go_to(self, name: str, staff_no: str) -> None:
        """Opens the screen of that name, and there that staffer."""
        self.wanted = staff_no
        if self.current_mode == name:
            base = self.screen_stack[0]
            assert isinstance(base, VenueScreen)
            base.show_wanted()
        else:
            self.go(name)

    def action_go(self, name: str) -> None:
        self.go(name)

    def action_help(self) -> None:
        from venue_tui.screens.shared.help import HelpScreen

        base = self.screen_stack[0]
        if isinstance(base, VenueScreen):
            self.push_screen(HelpScreen(base.where, base.about))

    def action_manual(self) -> None:
        from venue_tui.screens.shared.manual import ManualScreen, open_manual

        if not isinstance(self.screen, ManualScreen):
            open_manual(self, self.keys_by_id())

    def action_command_palette(self) -> None:
        from venue_tui.palette import open_palette
        from venue_tui.widgets.chooser import Chooser

        if not isinstance(self.screen, Chooser):
            open_palette(self)

    def action_keys(self) -> None:
        from venue_tui.screens.shared.key_editor import KeyEditor

        self.push_screen(KeyEditor())

    def action_change_person(self) -> None:
        from venue_tui.screens.shared.people import ask_who

        self.begin(self.screen, ask_who(self))

    def action_lock(self) -> None:
        self.lock.put_on(by_hand=True)

    def action_change_secret(self) -> None:
        from venue_tui.screens.accounts.forms import ask_new_secret

        assert self.session.actor is not None
        ask_new_secret(self, self.session, self.session.actor.name)

    def ask_for_secret(self) -> None:
        """Asks whoever came in by their recovery code for a new secret."""
        # Later: the sign-in screen, which would be told what comes of it, is going.
        self.call_later(self.action_change_secret)

    async def action_quit(self) -> None:
        from venue_tui.widgets.form import FormScreen

        for screen in self.open_screens():
            if isinstance(screen, FormScreen) and screen.typed():
                self._ask_before_quitting()
                return
        self.exit()

    def _ask_before_quitting(self) -> None:
        from venue_tui.widgets.dialogs import Confirm

        if isinstance(self.screen, Confirm):
            return

        def answered(sure: bool | None) -> None:
            if sure:
                self.exit()

        lines = [_("A form still holds what you typed, and it isn't saved.")]
        self.push_screen(Confirm(_("Leave the program?"), lines, yes=_("Quit")), answered)

    def action_help_quit(self) -> None:
        """What ctrl+c does while nothing is selected."""
        self.notify(_("%s leaves the program") % key_name(self.keys_by_id()["app.quit"]))

    # What must not happen

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Says it on the line above the keys; behind the lock, once whom it is for is back, unless
        it is an error. Nothing ever lies over the rows, and nothing goes away by itself."""
        self.tell(message, severity)

    def tell(
        self,
        message: str,
        severity: Severity = "information",
        *,
        undoable: bool = False,
        stays: bool = False,
    ) -> None:
        """Says it on the line above the keys of the screen that is open, as `notify`. What was done
        and can be taken back is `undoable`."""
        where = self.current_mode
        number = self._messages.next_number()
        said = Said(message, where, self.now(), number, severity, undoable, stays)
        if self.lock.is_on and severity != "error" and not stays:
            self.lock.hold(partial(self._keep, said))
        else:
            self._keep(said)

    def now(self) -> Instant:
        """The instant that it is by the venue's clock."""
        return self.session.now() if self.session is not None else utc_now()

    def as_of(self, asked_at: Instant | None) -> AbstractContextManager[None]:
        """As `Session.as_of`."""
        return self.session.as_of(asked_at) if self.session is not None else nullcontext()

    def _keep(self, said: Said) -> None:
        if said.where == SIGN_IN and not said.stays:
            said = said._replace(where=self.current_mode)
        if said.severity == "information":
            self.trust_clock()
        self._messages.keep(said)
        self.show_said()

    def forget_said(self) -> None:
        """Says nothing any more. What is still wrong with the database is said again."""
        self._messages.drop(lambda each: True)
        self._lost.forget()
        self._doubted = None
        self.show_said()

    @property
    def said(self) -> list[Said]:
        """What was said to the person, the oldest first."""
        return self._messages.said

    def said_on(self, where: str) -> Said | None:
        """What the line above the keys of that screen says now."""
        if (waits := self.turns.said) is not None:
            return Said(waits, where, 0, 0, "warning")
        return self._messages.said_on(where)

    def show_said(self) -> None:
        """Shows on the screen that is open what was last said there."""
        for screen in self.screen_stack[:1] if self.has_opened(self.current_mode) else ():
            for line in screen.query(StatusLine):
                line.show(self.said_on(self.current_mode))

    def action_done(self) -> None:
        """What was done here."""
        from venue_tui.screens.shared.text_viewer import ReadScreen

        calendar = self.session.calendar
        told = [
            f"{calendar.local(each.at):%H:%M:%S}  {each.message}"
            for each in reversed(self.said)
            if each.where == self.current_mode
        ]
        nothing = _("Nothing was done here yet.")
        self.push_screen(ReadScreen(_("What was done here"), "\n".join(told) or nothing))

    def show_error(self, refusal: Refused) -> None:
        """Says what can't be done; as `LostDatabase.show_error`."""
        self._lost.show_error(refusal)
