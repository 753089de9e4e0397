"""Textual's private names that the program leans on, and why. They stand here and nowhere else.

Textual promises nothing about them: before `pyproject.toml` lets a newer Textual in, the tests say
which of them is gone.
"""

import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from inspect import getfile
from itertools import pairwise
from time import monotonic
from typing import IO, TYPE_CHECKING, Any

import rich.text
import textual.content
import textual.screen
from rich.cells import cell_len
from rich.segment import Segment, Segments
from textual._compositor import ChopsUpdate, Compositor
from textual._xterm_parser import XTermParser
from textual.actions import ActionParseResult
from textual.app import App
from textual.dom import DOMNode
from textual.driver import Driver
from textual.events import Idle, ScreenResume
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.strip import Strip

from venue_tui.widgets.text import line_breaks

if TYPE_CHECKING:
    from textual.css.styles import RenderStyles
    from textual.message import Message
    from textual.message_pump import MessagePump as _MessagePump
    from textual.widget import Widget as _Widget
else:
    _MessagePump = _Widget = object

APP = frozenset({
    # A class's MODES can't hold functions that know the program, and the first mode is mounted
    # before a public way could name another than DEFAULT_MODE.
    "_modes", "_current_mode", "_screen_stacks",
    # Keys and palette grey out what may not be done, whichever widget the action is one of.
    "_check_action_state", "_parse_action",
    # A key that no binding takes is told from one that something was done with in no other place.
    "_check_bindings",
    # An unforeseen error ends the program: in public there is only the traceback, with the local
    # variables of every frame, which are names and phone numbers.
    "_handle_exception", "_return_code", "_exception", "_exception_event", "_exit_renderables",
    "_close_messages_no_wait",
    "_css_update_count",
    # Every widget, scrollbars too, which are no children of a screen's.
    "_registry",
    # Whether paints are held back.
    "_batch_count",
    # Every screen is made with a widget for toasts and one for tooltips.
    "_disable_notifications", "_disable_tooltips",
    # A browser's page is told things that no terminal is.
    "_driver",
})  # fmt: skip
SCREEN = frozenset({
    # Says that a screen's styles are those of now: else the styles of all would be computed again
    # when one is opened.
    "_css_update_count",
    # Textual adds a screen's styles once it is made, and then reads those of all screens anew.
    "_css_type_name",
    # By them a screen is as wide as it is from the start, and not once all of it has its styles.
    "_get_breakpoint_classes",
    # Coming back, a screen has its styles computed again, whether they changed or not.
    "_on_screen_resume",
    # While paints are held back, as when one screen takes the place of another, Textual works out
    # a whole one all the same, and throws it away; and a screen that is to be laid out and painted
    # it paints twice.
    "_compositor_refresh", "_layout_required", "_repaint_required",
    # What is to be laid out or painted waits for the next frame, though nothing is under way.
    "_on_idle", "_on_timer_update", "_scroll_required", "_dirty_widgets",
    # Its next frame: without one a first paint that was held would wait for a key.
    "_update_timer",
    # A screen that comes back is laid out again, and one that opens a second time at once, though
    # its size is the same.
    "_screen_resized", "_size",
})  # fmt: skip
COMPOSITOR = frozenset({
    # Where a screen differs by now from what stands in the terminal.
    "_dirty_regions", "_regions_to_spans",
})  # fmt: skip
WIDGET = frozenset({
    # The styles of a widget's parts: Textual works all of them out when one is made, and whenever
    # one has other styles, and paints it with few.
    "_get_component_classes", "_component_styles", "_attach",
})  # fmt: skip
MESSAGE_PUMP = frozenset({
    # Where all handlers of a screen, widget or app come together, and the last place at which an
    # error of one can be kept from ending it.
    "_dispatch_message",
})  # fmt: skip

# Textual and Rich break lines at blanks alone, and take a clause of Chinese for one long word. Both
# imported this name from a private module.
for _module in (textual.content, rich.text):
    _module.divide_line = line_breaks  # type: ignore[attr-defined]

DRIVER = frozenset({
    # What is painted is written by a thread that ends with the first error: after that every paint
    # waits in a queue that nobody empties, and the program with it, at its own end too.
    "_file",
})  # fmt: skip

LONGEST_HELD = 0.1
"""So many seconds at most the first paint of a screen waits for all that it shows. Whoever waits
longer sees an empty one meanwhile."""

OpenScreen = Callable[[], Screen[Any]]


class BareApp(App[None]):
    """An app of modes, each opened by a function, that asks before it does an action and has last
    words instead of a traceback."""

    def set_modes(self, modes: Mapping[str, OpenScreen], first: str) -> None:
        """Before it runs: how the screen of each mode is made, and which is opened first."""
        self._modes: dict[str, Any] = dict(modes)
        self._current_mode = first
        self._screen_stacks = {first: []}

    def do_without_toasts(self) -> None:
        """Before it runs: no screen is made with room for toasts, or for tooltips."""
        self._disable_notifications = self._disable_tooltips = True

    def has_mode(self, name: str) -> bool:
        return name in self._modes

    def has_opened(self, name: str) -> bool:
        return name in self._screen_stacks

    def open_screens(self) -> Iterator[Screen[Any]]:
        """Every screen of every mode, those out of sight too."""
        for stack in list(self._screen_stacks.values()):
            yield from list(stack)

    def current_driver(self) -> Driver | None:
        """What stands between the program and its terminal or page."""
        return self._driver

    def takes_styles_of_now(self, screen: Screen[Any]) -> None:
        """A screen just made: its styles are computed once, as it is mounted, and no others."""
        screen._css_update_count = self._css_update_count
        for size, breakpoints in (
            (self.size.width, screen.HORIZONTAL_BREAKPOINTS),
            (self.size.height, screen.VERTICAL_BREAKPOINTS),
        ):
            screen.add_class(*screen._get_breakpoint_classes(size, breakpoints or []), update=False)
        if screen.CSS:
            source = getfile(type(screen)), f"{type(screen).__name__}.CSS"
            if not self.stylesheet.has_source(*source):
                self.stylesheet.add_source(screen.CSS, source, scope=screen._css_type_name)

    # Whether an action is done

    def may_act(self, target: DOMNode, name: str, parameters: tuple[object, ...]) -> bool:
        """Whether whoever works here may do it. For the subclass to say."""
        return True

    def refuse_act(self, target: DOMNode, name: str, parameters: tuple[object, ...]) -> None:
        """Raises why they may not. For the subclass to say."""

    def explain_act(self, target: DOMNode, name: str) -> None:
        """Says why an action that is dim does nothing now. For the subclass to do."""

    def key_did_nothing(self, key: str) -> None:
        """No binding takes this key now. For the subclass to say."""

    def can_act(self, action: str, where: DOMNode) -> bool:
        """Whether the action can be done there now."""
        return bool(self._check_action_state(action, where))

    def _check_action_state(self, action: str, default_namespace: DOMNode) -> bool | None:
        # As Textual's; what takes the time is to read what the action is.
        target, name, parameters = self._parse_action(action, default_namespace)
        state = target.check_action(name, parameters)
        return state if not state or self.may_act(target, name, parameters) else None

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        where = self if default_namespace is None else default_namespace
        target, name, parameters = self._parse_action(action, where, namespaces)
        state = target.check_action(name, parameters)
        if state and not self.may_act(target, name, parameters):
            self.refuse_act(target, name, parameters)
        if state is None:
            self.explained = True
            self.explain_act(target, name)
        return await super().run_action(action, default_namespace, namespaces)

    async def _check_bindings(self, key: str, priority: bool = False) -> bool:
        if priority:
            self.explained = False
        done = await super()._check_bindings(key, priority)
        if not (done or priority or self.explained):
            self.key_did_nothing(key)
        return done

    # What is not foreseen

    def survives(self, error: Exception) -> bool:
        """Whether the error was dealt with. For the subclass to say."""
        return False

    def last_words(self, error: Exception) -> str:
        """The sentence that the program ends with. For the subclass to say."""
        raise NotImplementedError

    def fail(self, error: Exception) -> None:
        """Deals with an error met outside of any handler, as with one of a handler."""
        self._handle_exception(error)

    def _handle_exception(self, error: Exception) -> None:
        if self.survives(error):
            return
        self._return_code = 1
        if self._exception is None:
            self._exception = error  # Pilot raises it again
            self._exception_event.set()
            self._exit_renderables = [Segments([Segment(self.last_words(error))])]
        self._close_messages_no_wait()


class _Unbroken:
    """A terminal's file that takes whatever is written, for as long as there is a terminal."""

    def __init__(self, file: IO[str]) -> None:
        self.terminal = file

    def write(self, text: str) -> None:
        with suppress(OSError):
            self.terminal.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            self.terminal.flush()

    def fileno(self) -> int:
        return self.terminal.fileno()


def write_unbroken(driver: Any) -> None:
    """Has the driver of a terminal write on without an error when the terminal is gone. A browser's
    keeps no such file."""
    if hasattr(driver, "_file"):
        driver._file = _Unbroken(driver._file)


_UNENDED = 200_000
"""So many characters may come without being a key or the end of a paste."""


class SteadyParser(XTermParser):
    """Reads what a terminal sends, and begins anew after what can't be read, or comes to no end.
    Textual's own reads nothing more then, or keeps all of it in memory."""

    unended = 0

    def feed(self, data: str) -> Iterator["Message"]:
        try:
            for each in super().feed(data):
                self.unended = 0
                yield each
            self.unended += len(data)
            if self.unended > _UNENDED:
                self.begin_anew()
        except Exception:
            self.begin_anew()

    def tick(self) -> Iterator["Message"]:
        try:
            yield from super().tick()
        except Exception:
            self.begin_anew()

    def begin_anew(self) -> None:
        self.unended = 0
        super().__init__()


def read_steadily(driver: type[Driver]) -> None:
    """Has a driver, and those that it is made from, read by a `SteadyParser`."""
    for each in driver.__mro__:
        module: Any = sys.modules[each.__module__]
        if hasattr(module, "XTermParser"):
            module.XTermParser = SteadyParser


class SparingCompositor(Compositor):
    """Works out the pieces of lines that are painted, and no others. Textual's own asks every
    widget between the first and the last of them for all of its lines, which is most of what
    painting a mark takes, and paints a line from its widget's left end on."""

    def render_partial_update(self) -> ChopsUpdate | None:
        spans = list(self._regions_to_spans(self._dirty_regions))
        self._dirty_regions.clear()
        if not spans:
            return None
        missing: dict[int, dict[int, int]] = {}
        for y, first, last in spans:
            pieces = missing.setdefault(y, {})
            for start, end in pairwise(self.cuts[y]):
                if start < last and end > first:
                    pieces[max(start, first)] = min(end, last)
        found: dict[int, dict[int, Strip]] = {y: {} for y in missing}
        for widget, (region, clip) in self.visible_widgets.items():  # the foremost first
            shown = region.intersection(clip)
            here = range(shown.x, shown.right)
            lines = [
                y
                for y in range(shown.y, shown.bottom)
                if y in missing and any(start in here for start in missing[y])
            ]
            if not lines:
                continue
            top = lines[0]
            asked = Region(shown.x, top, shown.width, lines[-1] + 1 - top)
            rendered = widget.render_lines(asked.translate(-region.offset))
            for y in lines:
                line = rendered[y - top]
                for start in [each for each in missing[y] if each in here]:
                    end = missing[y].pop(start)
                    # Of a wide character both halves: a terminal can't show one.
                    if start not in self.cuts[y]:
                        start -= parts_a_character(line, start - shown.x)
                    if end not in self.cuts[y]:
                        end += parts_a_character(line, end - shown.x)
                    found[y][start] = line.crop(start - shown.x, end - shown.x)
        strips = {y: dict(sorted(pieces.items())) for y, pieces in found.items()}
        ends = {
            y: [start + strip.cell_length for start, strip in pieces.items()]
            for y, pieces in strips.items()
        }
        whole = [(y, 0, self.size.width) for y in strips]
        return ChopsUpdate(strips, whole, ends)  # type: ignore[arg-type]


def parts_a_character(line: Strip, at: int) -> bool:
    """Whether that cell is the second of a wide character."""
    x = 0
    for text, _style, _control in line:
        width = cell_len(text)
        if x < at < x + width:
            for character in text:
                x += cell_len(character)
                if x >= at:
                    return x > at
        x += width
    return False


textual.screen.Compositor = SparingCompositor  # type: ignore[attr-defined]


class Unhurried(Screen[None]):
    """A screen that works out no paint while paints are held back or another follows at once, and
    no styles that it has. What is to be seen is painted as soon as nothing is under way on it, and
    at the next frame else: one that opens is painted once, when all of it is laid out."""

    unpainted = True
    held_since: float | None = None

    def is_filling(self) -> bool:
        """Whether what it shows is being read. For the subclass to say."""
        return False

    def finish(self) -> bool:
        """Sees to what is done once, after all else, before it is painted first; gives whether
        there was something. For the subclass to do."""
        return False

    def _on_screen_resume(self, event: ScreenResume) -> None:
        # Textual's own handler is called after this one.
        event.refresh_styles = self._css_update_count != self.app._css_update_count

    async def _on_idle(self, event: Idle) -> None:
        # As of the one before: it waits for a frame where there is something left.
        if (
            (
                self._layout_required
                or self._repaint_required
                or self._scroll_required
                or self._dirty_widgets
            )
            and self.is_current
            and not self.app._batch_count
            and self.is_at_rest()
        ):
            self._on_timer_update()

    def is_at_rest(self) -> bool:
        """Whether no widget has yet to see to something that was set going."""
        return not any(each.message_queue_size for each in self.app._registry)

    def is_held(self) -> bool:
        """Whether its first paint waits for more to show."""
        if not self.unpainted:
            return False
        if self.is_at_rest() and not self.is_filling() and not self.finish():
            return False
        now = monotonic()
        if self.held_since is None:
            self.held_since = now
        return now < self.held_since + LONGEST_HELD

    def _compositor_refresh(self) -> None:
        if self.app._batch_count:
            self.refresh()  # as soon as they no longer are
        elif self._layout_required and self._repaint_required:
            pass  # all of it is painted right after it was laid out
        elif self.is_held():
            self._repaint_required = True
            self._update_timer.resume()  # at one of the next frames, whether or not anything comes
        else:
            if self.unpainted:
                self.unpainted = False
                self.finish()
            super()._compositor_refresh()

    def _screen_resized(self, size: Size) -> None:
        if size != self._size:
            super()._screen_resized(size)


class LateStyled(_Widget):
    """A widget the styles of whose parts are worked out when they are first painted in."""

    @classmethod
    def _get_component_classes(cls) -> frozenset[str]:  # type: ignore[override]
        return frozenset()  # there is nothing to do about them now

    def get_component_styles(self, *names: str) -> "RenderStyles":
        for name in names:
            if name not in self._component_styles and name in super()._get_component_classes():
                part = DOMNode(classes=name)
                part._attach(self)
                self.app.stylesheet.apply(part)
                self._component_styles[name] = part.styles
        return super().get_component_styles(*names)

    def notify_style_update(self) -> None:
        self._component_styles.clear()
        super().notify_style_update()


class Surviving(_MessagePump):
    """A screen, a widget or the app that outlives the errors that it `survives`."""

    async def act(self, do: Callable[[], Awaitable[object]]) -> None:
        """Does what is to be done about a message. For the subclass to say how."""
        await do()

    def survives(self, error: Exception) -> bool:
        """Whether the error was dealt with. For the subclass to say."""
        raise NotImplementedError

    async def _dispatch_message(self, message: "Message") -> None:
        try:
            await self.act(partial(super()._dispatch_message, message))
        except Exception as error:
            if not self.survives(error):
                raise
