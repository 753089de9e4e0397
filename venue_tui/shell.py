"""What any program of ours has around its screens: colours, language, and an end in words.

`app` puts the venue's screens into it.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any

from rich.console import Console
from textual.constants import COLOR_SYSTEM, DEFAULT_THEME
from textual.driver import Driver
from textual.screen import Screen
from textual.scrollbar import ScrollBar
from textual.theme import BUILTIN_THEMES
from textual.worker import Worker, WorkerFailed, get_current_worker

from venue_tui import config, glyphs, startup
from venue_tui.actions import ACTIONS
from venue_tui.contrast import readable
from venue_tui.error_boundary import ErrorBoundary
from venue_tui.keystrokes import FLOWS
from venue_tui.locale import (
    LANGUAGES,
    _,
    current_language,
    language_from_environment,
    set_language,
)
from venue_tui.program import Retranslated
from venue_tui.terminal_input import steadily
from venue_tui.textual_internals import BareApp
from venue_tui.widgets.scroll_bar import QuietScrollBar

if TYPE_CHECKING:
    from venue_tui.web.driver import Copied

ScrollBar.renderer = QuietScrollBar
_FEW_COLOURS = ("standard", "windows")


class Shell(ErrorBoundary, BareApp):
    """A program that looks and speaks as the person chose; `language` is what the command line
    asked for, and is not remembered."""

    CSS = """
    VerticalScroll, TextArea {
        scrollbar-size: 1 1; scrollbar-background: $surface; scrollbar-background-hover: $surface;
        scrollbar-color: $foreground 35%; scrollbar-corner-color: $surface;
    }
    """
    ENABLE_COMMAND_PALETTE = False  # `widgets.chooser` speaks the person's language
    TITLE = "venue-tui"

    def __init__(self, language: str | None = None) -> None:
        self.chosen = config.load()
        """What the person's configuration says."""
        set_language(language or self.chosen.language or language_from_environment(os.environ))
        # Before Textual takes its styles' colours from the theme, which it does once.
        self.set_reactive(BareApp.theme, self._first_theme())
        super().__init__()
        self._alone = False
        """Whether the process is this program's alone, and not a test's."""
        self._remembering = False
        self.asking: set[Worker[Any]] = set()
        """The flows whose dialog is open."""
        self.offered: dict[str, dict[str, tuple[str, str]]] = {}
        """What was last chosen in a form's fields, by the form's name, to be offered again."""
        self._keys = {id_: action.key for id_, action in ACTIONS.items()} | dict(self.chosen.keys)
        self.set_keymap(dict(self.chosen.keys))

    def get_driver_class(self) -> type[Driver]:
        driver = steadily(super().get_driver_class(), self.hang_up)
        asked = self.chosen.glyphs == "ascii" or os.environ.get(glyphs.ASKED) == "ascii"
        return glyphs.plainly(driver) if asked else driver

    def on_load(self) -> None:
        # From Python 3.12 on Textual makes tasks eager: a screen's widgets would be mounted before
        # the screen is on the stack, where they, Textual's own among them, look for it.
        loop = asyncio.get_running_loop()
        loop.set_task_factory(None)
        if self._alone and os.name != "nt":
            # A terminal's window was closed, or the computer is being shut down: left in order.
            for told in (signal.SIGHUP, signal.SIGTERM):
                loop.add_signal_handler(told, self.exit)

    def hang_up(self) -> bool:
        """Leaves the program, its terminal being gone; False where it isn't running, or not yet.
        For another thread than the app's."""
        try:
            self.call_from_thread(self.exit)
        except RuntimeError:
            return False
        return True

    def on_mount(self) -> None:
        self._remembering = True
        if self.chosen.complaint:
            self.notify(self.chosen.complaint, severity="warning")
        self.screen_opened()
        if self._alone:
            self.call_after_refresh(self.begin_alone)

    def begin_alone(self) -> None:
        """The first screen was painted, in a process that is this program's alone. For the subclass
        to do what would hold that up."""

    def keys_by_id(self) -> dict[str, str]:
        """The key of each action, as the person has it."""
        return self._keys

    def use_keys(self, keys: Mapping[str, str]) -> None:
        """Gives actions, by id, these keys, and every other the one that it comes with."""
        self._keys = {id_: action.key for id_, action in ACTIONS.items()} | dict(keys)
        self.set_keymap(dict(keys))
        for screen in self.open_screens():
            screen.refresh_bindings()

    # Dialogs one after the other

    def begin(self, host: Screen[Any], flow: Coroutine[Any, Any, object]) -> None:
        """Runs what asks one dialog after the other by `push_screen_wait`, for as long as the
        screen is there on which it began."""
        host.run_worker(flow, group=FLOWS)

    async def push_screen_wait(self, screen: Screen[Any] | str, *, mode: str | None = None) -> Any:
        """As Textual's. Keys wait for a flow between two of its dialogs, and not while one is
        open: so a burst of them lands where it would, typed slowly."""
        flow = get_current_worker()
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        def answered(result: Any) -> None:
            self.asking.discard(flow)
            if not answer.done():
                answer.set_result(result)

        self.push_screen(screen, answered, mode=mode)
        self.asking.add(flow)
        try:
            return await answer
        finally:
            self.asking.discard(flow)

    # Start and end

    def run(self, *args: Any, **options: Any) -> Any:
        """Runs the program until it is left; gives what it was left with."""
        startup.begin()
        self._alone = True
        try:
            return super().run(*args, **options)
        finally:
            startup.end()

    def screen_opening(self) -> None:
        """A screen is about to be opened for the first time."""
        if self._alone:
            startup.opening()

    def screen_opened(self) -> None:
        """A screen was opened for the first time, and is about to be painted."""
        if self._alone:
            self.call_after_refresh(startup.opened)

    def delay_update(self, delay: float = startup.SWITCH_SECONDS) -> None:
        super().delay_update(delay)

    def last_words(self, error: Exception) -> str:
        from venue_tui.failures import sentence

        # What went wrong in a thread comes wrapped.
        return sentence(error.error if isinstance(error, WorkerFailed) else error)

    # In a browser

    def on_descendant_focus(self) -> None:
        self._say_writing()

    def on_descendant_blur(self) -> None:
        self._say_writing()

    def _say_writing(self) -> None:
        """Tells the page whether something can be typed now: a phone then shows its keyboard."""
        if self.is_web:
            from venue_tui.web.driver import TabDriver

            if isinstance(driver := self.current_driver(), TabDriver):
                focused = self.focused
                driver.say_writing(focused is not None and focused.check_consume_key("a", "a"))

    def on_copied(self, event: "Copied") -> None:
        """What the page said of copying."""
        if event.done:
            self.notify(_("Copied."))
        else:
            self.notify(_("This browser doesn't let the page copy."), severity="warning")

    # Colours

    def get_css_variables(self) -> dict[str, str]:
        variables = super().get_css_variables()
        return variables | readable(variables, dark=self.current_theme.dark)

    def _first_theme(self) -> str:
        if self.chosen.theme in BUILTIN_THEMES:
            return self.chosen.theme
        if "TEXTUAL_THEME" not in os.environ:
            terminal = Console(color_system=COLOR_SYSTEM, force_terminal=True)  # type: ignore[arg-type]
            if terminal.color_system in _FEW_COLOURS:
                return "ansi-dark"
        return DEFAULT_THEME

    def action_change_theme(self) -> None:
        from venue_tui.widgets.chooser import Choice, Chooser

        before = self.theme
        self._remembering = False

        def preview(name: str) -> None:
            self.theme = name

        def settle(name: str | None) -> None:
            self.theme = before
            self._remembering = True
            if name is not None:
                self.theme = name

        choices = [
            Choice(each.name, each.name, _("dark") if each.dark else _("light"))
            for each in self.available_themes.values()
        ]
        chooser = Chooser(_("Which colours?"), choices, start=before, on_highlight=preview)
        self.push_screen(chooser, settle)

    def watch_theme(self, theme: str) -> None:
        if self._remembering:
            self._remember("theme", theme)

    def _remember(self, name: str, value: str) -> None:
        try:
            config.remember(name, value)
        except OSError:
            self.notify(_("This choice couldn't be written down, and holds for today only."))

    # Language

    @property
    def language(self) -> str:
        return current_language()

    def action_change_language(self) -> None:
        from venue_tui.widgets.chooser import Choice, Chooser

        choices = [Choice(tag, name, tag) for tag, name in LANGUAGES.items()]
        chooser = Chooser("Language  语言  語言", choices, start=self.language)
        self.push_screen(chooser, self.speak)

    async def speak(self, tag: str | None) -> None:
        """Says everything in the language of that tag from now on; None leaves it as it is."""
        if tag is None or tag == self.language:
            return
        set_language(tag)
        self._remember("language", tag)
        for screen in self.open_screens():
            if isinstance(screen, Retranslated):
                await _in_turn(screen, screen.retranslate)


async def _in_turn(screen: Screen[Any], change: Callable[[], Awaitable[None]]) -> None:
    """Runs the change between two messages of the screen's, none of which finds it half built."""
    done = asyncio.Event()

    async def run() -> None:
        try:
            await change()
        finally:
            done.set()

    screen.call_next(run)
    await done.wait()
