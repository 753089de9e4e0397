"""What surrounds every screen: the line of facts above, the screens' names, the keys below."""

from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from models.values.text import displayable
from venue_tui.actions import ACTIONS, SCREENS, SHARED, key_name
from venue_tui.locale import _
from venue_tui.program import Facts, program
from venue_tui.textual_internals import LateStyled
from venue_tui.widgets.text import fit

# The screen's own keys first, then those of every screen, then the program's.
_ORDER = {
    action.id: order
    for order, action in enumerate(
        (action for group in ("list", "form", "screen", "app") for action in SHARED[group]), 1
    )
}
_PLACES = {id_: place for place, id_ in enumerate(ACTIONS)}


class FactLine(Widget):
    """Venue, night, the time of the venue's clock, and who is signed in."""

    DEFAULT_CSS = """
    FactLine {
        height: 1; text-style: bold;
        background: $block-cursor-background; color: $block-cursor-foreground;
    }
    """
    ALLOW_SELECT = False

    def on_mount(self) -> None:
        self._shown = self._facts()

    def tick(self) -> None:
        """Repaints the line if it says something else by now."""
        if (facts := self._facts()) != self._shown:
            self._shown = facts
            self.refresh()

    def _facts(self) -> Facts:
        return program(self).facts()

    def render_line(self, y: int) -> Strip:
        facts = Facts(*map(displayable, self._facts()))
        width = self.size.width
        night, who = facts.night, f"{facts.who}  " if facts.who else ""
        # The night and the clock are never cut: names give way, the longer words for the night too.
        if cell_len(f"{facts.venue}  {night} {who}{facts.clock}") + 2 > width:
            night = facts.short_night
        left = width - cell_len(night) - cell_len(facts.clock) - 5
        who = fit(who, min(cell_len(who), max(0, left - min(cell_len(facts.venue), left // 2))))
        venue = fit(facts.venue, max(0, min(cell_len(facts.venue), left - cell_len(who))))
        said = f" {venue}  {night} "
        gap = max(0, width - cell_len(said) - cell_len(who) - cell_len(facts.clock) - 1)
        return Strip([Segment(f"{said}{' ' * gap}{who}{facts.clock} ", self.rich_style)], width)


class ScreenBar(LateStyled, Widget):
    """The screens with their number keys; the open one stands in brackets.

    By shorter names where the others have no room beside each other; on a phone the keys stand
    alone, and the open screen's name with its own.
    """

    DEFAULT_CSS = """
    ScreenBar { height: 1; background: $panel; color: $text-muted; }
    ScreenBar > .screen-bar--open { color: $text-primary; text-style: bold; }
    ScreenBar > .screen-bar--key { color: $text-accent; }
    """
    COMPONENT_CLASSES: ClassVar = {"screen-bar--open", "screen-bar--key"}
    ALLOW_SELECT = False

    def __init__(self, where: str) -> None:
        super().__init__()
        self._where = where
        self._spans: list[tuple[int, int, str]] = []

    def render_line(self, y: int) -> Strip:
        segments: list[Segment] = []
        self._spans = []
        width, count = self.size.width, len(SCREENS)
        bound = program(self).keys_by_id()
        keys = [key_name(bound[f"go.{each.name}"]) for each in SCREENS]
        key_style = self.get_component_rich_style("screen-bar--key")
        open_style = self.get_component_rich_style("screen-bar--open")
        plain = self.rich_style  # worked out anew each time that it is asked for
        titles = [_(each.title) for each in SCREENS]
        left = width - sum(map(cell_len, keys))
        roomy = sum(map(cell_len, titles)) + 3 * count <= left
        shorter = [_(each.short or each.title) for each in SCREENS]
        if sum(map(cell_len, titles)) + count >= left > sum(map(cell_len, shorter)) + count:
            titles = shorter
        named = sum(map(cell_len, titles)) + count < left
        at, before = 0, " "
        for each, key, title in zip(SCREENS, keys, titles, strict=True):
            is_open = each.name == self._where
            shown = f" {title}" if roomy or (is_open and not named) else title if named else ""
            style = open_style if is_open else plain
            after = "]" if is_open else " " if roomy else ""
            parts = [
                Segment("[" if is_open else before, style),
                Segment(key, open_style if is_open else key_style),
                Segment(shown + after, style),
            ]
            # Where it is close, the bracket stands for the blank before the next.
            before = "" if is_open and named and not roomy else " "
            length = sum(part.cell_length for part in parts)
            self._spans.append((at, at + length, each.name))
            segments += parts
            at += length
        return Strip(segments, at).adjust_cell_length(width, plain)

    def on_click(self, event: events.Click) -> None:
        for start, end, name in self._spans:
            if start <= event.x < end:
                program(self).go(name)


class KeyBar(LateStyled, Widget):
    """The keys that do something here and now: on one line of a wide screen, else on two at most.

    What can't be done now is dim and in parentheses. A click does what the key does.
    """

    DEFAULT_CSS = """
    KeyBar { dock: bottom; height: auto; max-height: 2; background: $panel; color: $foreground; }
    KeyBar > .key-bar--key { color: $text-accent; text-style: bold; }
    KeyBar > .key-bar--off { color: $text-disabled; }
    """
    COMPONENT_CLASSES: ClassVar = {"key-bar--key", "key-bar--off"}
    ALLOW_SELECT = False
    MOST_LINES = 2
    WIDE = 112
    """From here on one line must do: its height never depends on what can be done just now."""

    def __init__(self) -> None:
        super().__init__()
        self._keys: list[_Key] = []
        self._lines: list[list[_Key]] = []

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._read)
        self._read(self.screen)  # or the first layout would not know how many lines there are

    def _read(self, _screen: object) -> None:
        if not self.is_attached:
            return
        keys = [
            _Key(
                binding.key,
                key_name(binding.key),
                _(binding.description),
                enabled,
                _ORDER.get(binding.id or "", 0),
                _PLACES.get(binding.id or "", 0),
            )
            for _node, binding, enabled, _tooltip in self.screen.active_bindings.values()
            if binding.show
        ]
        keys.sort(key=lambda key: (key.order, key.place))
        if keys != self._keys:
            self._keys = keys
            before = self._lines
            self._arrange(self.size.width)
            if len(self._lines) != len(before):
                self.refresh(layout=True)
                return
            for y, line in enumerate(self._lines):
                if line != before[y]:
                    self.refresh(Region(0, y, self.size.width, 1))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        self._arrange(width)
        return max(1, len(self._lines))

    def _arrange(self, width: int) -> None:
        """Breaks the keys into lines. Where there are too many, those that do nothing now make
        room on a wide screen, and then the last of the screen's own: help and palette list them
        all."""
        chosen = list(self._keys)
        most = 1 if width >= self.WIDE else self.MOST_LINES
        while len(lines := _broken(chosen, width)) > most:
            idle = [key for key in chosen if not key.enabled] if most == 1 else []
            spare = idle or [key for key in chosen if not key.order]
            if not spare:
                break
            chosen.remove(spare[-1])
        # On two lines, what every screen has stands by itself, always in the same order.
        by_kind = [[key for key in chosen if bool(key.order) is shared] for shared in (False, True)]
        if len(lines) == 2 and all(len(_broken(each, width)) == 1 and each for each in by_kind):
            lines = by_kind
        self._lines = lines[:most]

    def render_line(self, y: int) -> Strip:
        plain = self.rich_style
        if y >= len(self._lines):
            return Strip.blank(self.size.width, plain)
        key_style = self.get_component_rich_style("key-bar--key")
        off_style = self.get_component_rich_style("key-bar--off")
        segments: list[Segment] = []
        for key in self._lines[y]:
            if key.enabled:
                segments.append(Segment(f" {key.name}", key_style))
                segments.append(Segment(f" {key.title} ", plain))
            else:
                segments.append(Segment(f"({key.name} {key.title})", off_style))
        return Strip(segments).adjust_cell_length(self.size.width, plain)

    def on_click(self, event: events.Click) -> None:
        start = 0
        for key in self._lines[event.y] if event.y < len(self._lines) else ():
            end = start + key.length
            if start <= event.x < end and key.enabled:
                self.app.simulate_key(key.key)
            start = end


class _Key(NamedTuple):
    """A key of the bar: what presses it, what it is called, and what it does."""

    key: str
    name: str
    title: str
    enabled: bool
    order: int
    place: int
    """Where its action stands among all: a key of the person's own changes nothing in that."""

    @property
    def length(self) -> int:
        return cell_len(self.name) + cell_len(self.title) + 3


def _broken(keys: list[_Key], width: int) -> list[list[_Key]]:
    lines: list[list[_Key]] = [[]]
    used = 0
    for key in keys:
        # The blank after one that does something may be cut off, the bracket after another not.
        if used + key.length - key.enabled > width and lines[-1]:
            lines.append([])
            used = 0
        lines[-1].append(key)
        used += key.length
    return lines


def title_of(where: str, run: str) -> str:
    """In the current language, what the action is called that Textual runs as `run` on a screen."""
    found = (each.title for each in ACTIONS.values() if (each.where, each.run) == (where, run))
    return _(next(found, run))
