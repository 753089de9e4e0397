"""What the nine screens have in common."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    NamedTuple,
    TypeVar,
    cast,
)

from rich.text import Text
from textual.app import ComposeResult
from textual.css.query import NoMatches
from textual.message import Message
from textual.worker import get_current_worker

from models.values.problems import Refused
from venue_tui.error_boundary import ErrorBoundary, refusal_in
from venue_tui.locale import _
from venue_tui.problem_words import in_words
from venue_tui.program import Program, program
from venue_tui.textual_internals import Unhurried
from venue_tui.widgets.floor import FloorBoard
from venue_tui.widgets.frame import FactLine, KeyBar, ScreenBar, title_of
from venue_tui.widgets.keys import bindings
from venue_tui.widgets.line_list import LineList
from venue_tui.widgets.lines import Lines
from venue_tui.widgets.status import StatusLine

if TYPE_CHECKING:
    from models.access.session import Session

T = TypeVar("T")


class Undo(NamedTuple):
    """How to take a thing back: by doing its opposite. `what` is the sentence that said it, `light`
    where the light was then: a list's id, and the row."""

    what: str
    take_back: Callable[[], object]
    light: tuple[str, str] | None


class VenueScreen(ErrorBoundary, Unhurried):
    """One of the nine. A subclass sets `where`, `BINDINGS` and `about`, and writes `body` and
    `refresh_data`.

    Keys are `bindings("<where>")`; `u`, `/` and `?` are here.
    """

    where: ClassVar[str]
    about: ClassVar[str] = ""
    """The help page's text, a source message (`N_`): paragraphs with blank lines between."""
    WHY_NOT: ClassVar[dict[str, str]] = {}
    """Why an action's key does nothing while it is dim: source messages, by what Textual runs."""

    BINDINGS: ClassVar = bindings("screen")
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-phone"),
        (56, "-narrow"),
        (72, "-usual"),
        (112, "-wide"),
        (140, "-broad"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (22, "-short"), (32, "-tall")]  # noqa: RUF012
    DEFAULT_CSS = """
    VenueScreen > .heading { height: auto; max-height: 4; padding: 0 1; background: $panel; }
    VenueScreen .panel { border: round $foreground 25%; border-title-color: $text-primary; }
    VenueScreen .panel:focus {
        border: round $text-accent; border-title-color: $text-accent; border-title-style: bold;
    }
    VenueScreen.-phone .panel { border: none; border-top: solid $foreground 25%; }
    VenueScreen.-phone .panel:focus { border: none; border-top: solid $text-accent; }
    VenueScreen.-low .panel { border: none; }
    VenueScreen.-phone Split > .detail { display: none; }
    VenueScreen.-wide Split, VenueScreen.-broad Split {
        layout: grid; grid-size: 2 2; grid-columns: 1fr 38; grid-rows: 1fr auto;
    }
    VenueScreen.-broad Split { grid-columns: 1fr 66; }
    VenueScreen.-wide.-tall NightChart, VenueScreen.-broad.-tall NightChart { display: block; }
    VenueScreen.-wide Split > .list, VenueScreen.-broad Split > .list { row-span: 2; height: 100%; }
    VenueScreen.-wide Split > .detail, VenueScreen.-broad Split > .detail {
        height: 100%; background: $surface;
        border: round $foreground 25%; border-title-color: $text-primary;
    }
    VenueScreen.-wide Split > RowKeys, VenueScreen.-broad Split > RowKeys {
        display: block; height: auto; max-height: 20; padding: 0 1;
        border: round $foreground 25%; border-title-color: $text-primary;
    }
    """

    class DataRead(Message):
        """A slow read is done; `show` puts its result on the screen."""

        def __init__(self, show: Callable[[Any], None], result: object) -> None:
            super().__init__()
            self.show = show
            self.result = result

    def __init__(self) -> None:
        super().__init__()
        self.opened = False
        """Whether it could be read when it was opened: one that could not takes no key."""
        self.opening_failed = False
        self._undos: list[Undo] = []
        self._light_goes_to: tuple[str, str] | None = None
        """The row of what was taken back, while it has yet to be read again."""
        self._seen_changes = -1
        self._seen_night: date | None = None
        self._reads_beside: set[str] = set()
        self._keys_changed = False

    # For the subclass to write

    def body(self) -> ComposeResult:
        """The screen's own widgets, between the lines above and the keys below."""
        raise NotImplementedError

    def refresh_data(self) -> None:
        """Reads what the screen shows and shows it, keeping cursor and scroll.

        Called when the screen opens, when anybody has changed the database, when another night
        begins, and when the language has changed.
        """

    # For the subclass to use

    @property
    def program(self) -> Program:
        return program(self)

    @property
    def session(self) -> "Session":
        return self.program.session

    def say(self, message: str) -> None:
        """Tells the person something, on the line above the keys."""
        self.notify(message)

    def entitle(self, selector: str, name: str, count: int | None = None) -> None:
        """Writes into a panel's border what it holds, and how many."""
        panel = self.query_one(selector)
        panel.border_title = Text(name if count is None else f"{name} · {count}")

    def action_read_whole(self) -> None:
        """Opens the panel that tells of the selected row, which may be longer than its room."""
        from venue_tui.screens.shared.text_viewer import ReadScreen

        told = self.query_one(".detail", Lines)
        if told.text:
            self.app.push_screen(ReadScreen(told.border_title or "", told.text))

    def complain(self, message: str) -> None:
        """Tells the person what can't be done."""
        self.notify(message, severity="warning")

    def did(
        self, message: str, undo: Callable[[], object] | None = None, *, quiet: bool = False
    ) -> None:
        """Says what was done (unless `quiet`: the screen shows it), and keeps how to undo it. Lines
        after the first say what follows from it."""
        if undo is not None:
            self._undos.append(Undo(message.partition("\n")[0], undo, self._where_light_is()))
            self.call_after_refresh(self.refresh_bindings)  # what was done is painted first
        if quiet:
            self.program.trust_clock()
        else:
            self.program.tell(message, undoable=undo is not None)

    @contextmanager
    def refusals_shown(self) -> Iterator[None]:
        """Around a change: what `models` refuses is shown, and the rest of the block left out."""
        try:
            yield
        except Refused as refusal:
            self._show_refusal(refusal)

    def _show_refusal(self, refusal: Refused) -> None:
        self.complain("\n".join(in_words(each) for each in refusal.problems))

    def read(self, work: Callable[[], T], show: Callable[[T], None], group: str = "read") -> None:
        """Runs a slow read in a thread and shows its result here, or why it was refused; a later
        read of the same `group` replaces an earlier one that is still under way."""

        def run() -> None:
            try:
                message = self.DataRead(show, work())
            except Refused as refusal:
                message = self.DataRead(self._show_refusal, refusal)
            if not get_current_worker().is_cancelled:
                self.post_message(message)

        self.run_worker(run, thread=True, exclusive=True, group=group)

    # How it works

    def is_filling(self) -> bool:
        return any(each.node is self and not each.is_finished for each in self.workers)

    def refresh_bindings(self) -> None:
        # Asked for by everything that a key changes: all of it is worked out once.
        if not self._keys_changed:
            self._keys_changed = True
            if not self.unpainted:
                self.call_later(self.finish)

    def finish(self) -> bool:
        changed, self._keys_changed = self._keys_changed, False
        if changed:
            super().refresh_bindings()
        return changed

    def compose(self) -> ComposeResult:
        yield FactLine()
        yield ScreenBar(self.where)
        yield from self.body()
        yield StatusLine()
        yield KeyBar()

    def on_mount(self) -> None:
        # An error that left this method would keep Textual from ever painting the screen.
        try:
            seen = self.session.database_changes()
            self.refresh_data()
            self._seen_changes, self._seen_night = seen, self.session.tonight()
        except Exception as error:
            refusal = refusal_in(error)
            if refusal is None and not self.opening_failed:
                raise
            if refusal is not None:
                self.program.show_error(refusal)
        self.opened = not self.opening_failed
        self.program.screen_opened()
        if self.opened:
            self.show_wanted()

    def on_screen_resume(self) -> None:
        if self.is_mounted:
            self.program.show_said()
            for line in self.query(FactLine):
                line.tick()
            self.tick()
            self.show_wanted()

    def tick(self, changes: int | None = None) -> None:
        """As `Ticking.tick`."""
        if not self.app.is_running or not self.opened:
            return  # its widgets are being taken away
        night = self.session.tonight()
        if changes is None:
            changes = self.session.database_changes()
        if night != self._seen_night:
            self.refresh_data()
            # Not before: what couldn't be read now is read at the next tick.
            self._seen_changes, self._seen_night = changes, night
        elif changes != self._seen_changes:
            self.follow(changes)

    def follow(self, changes: int) -> None:
        """Shows what was recorded after the lines of the trail that have been seen, up to that
        one: reads everything again, unless a screen knows better."""
        self.refresh_data()
        self._seen_changes = changes

    def read_beside(self, work: Callable[[], T], show: Callable[[T], None], what: str) -> None:
        """Reads something without holding up a key: in the thread that has a connection for it.
        Does nothing while that same is under way."""
        if what not in self._reads_beside:
            self._reads_beside.add(what)
            self.run_worker(self._read_beside(work, show, what), group=f"beside {what}")

    async def _read_beside(
        self, work: Callable[[], T], show: Callable[[T], None], what: str
    ) -> None:
        try:
            self.post_message(self.DataRead(show, await self.program.reader.read(work)))
        except Refused:
            return  # whoever asks at the next tick is told why
        finally:
            self._reads_beside.discard(what)

    def on_venue_screen_data_read(self, message: DataRead) -> None:
        if self.program.turns.waiting:
            # What waits for its turn is about what is seen now.
            self.set_timer(0.1, partial(self.post_message, message))
            return
        message.show(message.result)
        self._take_light_back()
        self._light_goes_to = None

    async def retranslate(self) -> None:
        """Builds the screen again in the language of now; lists keep their cursor."""
        cursors = {each.id: each.cursor_key for each in self._lists()}
        focused = self.focused.id if self.focused else None
        self.opened = False  # nothing may ask what is selected while the lists are made anew
        await self.recompose()
        self.opened = True
        self.refresh_data()
        for line_list in self._lists():
            if key := cursors.get(line_list.id):
                line_list.move_to(key)
        if focused and (widget := self.query_one_optional(f"#{focused}")):
            widget.focus()
        self.program.show_said()
        self.refresh_bindings()

    def _lists(self) -> list[LineList]:
        """What has a cursor: lists, and boards, which are like them in that."""
        return cast("list[LineList]", list(self.query("LineList, FloorBoard")))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "undo":
            return True if self._undos else None
        if action == "find":
            return bool(self.query("Finder"))
        return True

    def night_of(self, action: str) -> date | None:
        """The night that an action records something in; None where that isn't known before."""
        return None

    def show_staffer(self, staff_no: str) -> None:
        """Puts the cursor on that staffer, where the screen has one."""

    def show_wanted(self) -> None:
        """Shows whom somebody was looking for when they opened this screen."""
        if (wanted := self.program.wanted) is not None:
            self.program.wanted = None
            self.show_staffer(wanted)

    def why_not(self, action: str) -> str:
        """Why the key of an action that is dim does nothing now: a sentence for the line above the
        keys."""
        if action == "undo":
            return _("Nothing was done here that could be taken back.")
        if action in self.WHY_NOT:
            return _(self.WHY_NOT[action])
        return _("%s: not possible now, with what is selected.") % title_of(self.where, action)

    def action_undo(self) -> None:
        undo = self._undos[-1]
        with self.refusals_shown():
            try:
                undo.take_back()
            except Refused as refusal:
                if all(each.field != "database" for each in refusal.problems):
                    self._undos.pop()  # else it may be tried again
                raise
            self._undos.pop()
            self.say(_("Undone: %s") % undo.what)
        self.refresh_data()
        self._light_goes_to = undo.light
        self._take_light_back()
        self.refresh_bindings()

    def _where_light_is(self) -> tuple[str, str] | None:
        """The list that has the light, and the row that it is on."""
        focused = self.focused  # asked at each mark: nothing is searched for
        if isinstance(focused, LineList | FloorBoard) and focused.id and focused.cursor_key:
            return focused.id, focused.cursor_key
        return None

    def _take_light_back(self) -> None:
        """Puts the light where it was when the thing was done that was taken back."""
        if self._light_goes_to is None:
            return
        id_, key = self._light_goes_to
        for line_list in self._lists():
            if line_list.id == id_ and line_list.move_to(key):
                self._light_goes_to = None
                line_list.focus()

    def action_find(self) -> None:
        from venue_tui.widgets.finder import Finder  # which Tonight has none of

        try:
            self.query_one(Finder).open()
        except NoMatches:
            return
