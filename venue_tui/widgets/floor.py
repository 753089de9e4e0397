"""A board of tiles: the rooms and tables of a night, or whatever stands side by side."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from models.values.text import displayable
from venue_tui.widgets.clipboard import copy
from venue_tui.widgets.keys import bindings, hidden
from venue_tui.widgets.line_list import STYLES
from venue_tui.widgets.painter import Painter
from venue_tui.widgets.scrolling import scroll_at_once
from venue_tui.widgets.text import fit


class Tile(NamedTuple):
    """What is called `name` and is in a `state`; the state alone takes the style (one of
    `STYLES`). `lines` stand below. A `group` tile heads those after it, over the whole width."""

    key: str
    name: str
    state: str = ""
    lines: tuple[str, ...] = ()
    style: str = ""
    group: bool = False


class FloorBoard(Painter, ScrollView, can_focus=True):
    """Tiles in rows, as many as fit, with a cursor that the arrows move; posts `Highlighted` and
    `Selected`. Each tile is a line of its name and state, and `LINES` more."""

    LINES = 2
    NARROWEST = 18
    GAP = 1

    BINDINGS: ClassVar = [
        *bindings("list"),
        *hidden(
            {
                "up": "up",
                "down": "down",
                "left": "move(-1)",
                "right": "move(1)",
                "pageup": "vertical(-3)",
                "pagedown": "vertical(3)",
                "home": "first",
                "end": "last",
            }
        ),
    ]
    COMPONENT_CLASSES: ClassVar = {
        "floor--group",
        "floor--name",
        "floor--cursor",
        "floor--cursor-blurred",
        *(f"floor--{style}" for style in STYLES),
    }
    DEFAULT_CSS = """
    FloorBoard {
        height: 1fr; background: $surface; color: $foreground; scrollbar-size: 1 1;
        scrollbar-background: $surface; scrollbar-background-hover: $surface;
        scrollbar-color: $foreground 35%; scrollbar-corner-color: $surface;
        .floor--group { color: $text-primary; text-style: bold; }
        .floor--name { background: $panel; text-style: bold; }
        .floor--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground;
            text-style: bold;
        }
        .floor--cursor-blurred {
            background: $block-cursor-blurred-background; color: $block-cursor-blurred-foreground;
        }
        .floor--good { background: $panel; color: $text-success; }
        .floor--warning { background: $panel; color: $text-warning; }
        .floor--bad { background: $panel; color: $text-error; }
        .floor--muted { background: $panel; color: $text-muted; }
        .floor--strong { background: $panel; text-style: bold; }
    }
    """
    ALLOW_SELECT = False

    class Highlighted(Message):
        """The cursor is on another tile now; `key` is None on an empty board."""

        def __init__(self, board: "FloorBoard", key: str | None) -> None:
            super().__init__()
            self.board = board
            self.key = key

        @property
        def control(self) -> "FloorBoard":
            return self.board

    class Selected(Highlighted):
        """The tile under the cursor was chosen: Enter, or a double click."""

        key: str

    def __init__(
        self, tiles: Iterable[Tile] = (), *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._tiles: list[Tile] = list(tiles)
        self._cursor = self._nearest(0)
        self._rows: list[_Row] = []

    # What is shown

    @property
    def tiles(self) -> Sequence[Tile]:
        return self._tiles

    @property
    def cursor_key(self) -> str | None:
        """The key of the tile under the cursor; None on an empty board."""
        return None if self._cursor is None else self._tiles[self._cursor].key

    def set_tiles(self, tiles: Iterable[Tile]) -> None:
        """Shows these tiles from now on; the cursor stays on its tile, or as near as there is."""
        new = list(tiles)
        if new == self._tiles:
            return
        key = self.cursor_key
        index = {tile.key: at for at, tile in enumerate(new) if not tile.group}
        old, before = self._cursor or 0, self._tiles
        self._tiles = new
        survivor = next((tile.key for tile in before[old:] if tile.key in index), None)
        self._cursor = self._nearest(index[survivor] if survivor is not None else old)
        self._arrange()
        self.refresh()
        if self.cursor_key != key:
            self.post_message(self.Highlighted(self, self.cursor_key))

    def move_to(self, key: str) -> bool:
        """Puts the cursor on the tile with that key; False if there is no such tile."""
        for at, tile in enumerate(self._tiles):
            if tile.key == key and not tile.group:
                self._move(at)
                return True
        return False

    # Moving

    def _nearest(self, at: int) -> int | None:
        """The index of the tile nearest to `at` that is no group's title."""
        pickable = [here for here, tile in enumerate(self._tiles) if not tile.group]
        return min(pickable, key=lambda here: (abs(here - at), -here), default=None)

    def _move(self, to: int | None) -> None:
        if to is not None and to != self._cursor:
            self._cursor = to
            self.refresh()
            self.post_message(self.Highlighted(self, self.cursor_key))
        self._show_cursor()

    def action_move(self, by: int) -> None:
        to = None if self._cursor is None else self._cursor + by
        while to is not None and 0 <= to < len(self._tiles) and self._tiles[to].group:
            to += by
        if to is not None and 0 <= to < len(self._tiles):
            self._move(to)

    def action_vertical(self, by: int) -> None:
        rows = [row for row in self._rows if row.tiles]
        here = next((n for n, row in enumerate(rows) if self._cursor in row.tiles), None)
        if here is None or self._cursor is None:
            return
        column = self._cursor - rows[here].tiles.start
        there = rows[max(0, min(here + by, len(rows) - 1))].tiles
        self._move(min(there.start + column, there.stop - 1))

    def action_up(self) -> None:
        self.action_vertical(-1)

    def action_down(self) -> None:
        self.action_vertical(1)

    def action_first(self) -> None:
        self._move(self._nearest(0))

    def action_last(self) -> None:
        self._move(self._nearest(len(self._tiles)))

    def action_select(self) -> None:
        if self._cursor is not None:
            self.post_message(self.Selected(self, self.cursor_key))

    def action_copy(self) -> None:
        if self._cursor is not None:
            tile = self._tiles[self._cursor]
            copy(self, [tile.name, tile.state, *tile.lines])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "select" or self._cursor is not None

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        y = offset.y + round(self.scroll_y)
        row = next((row for row in self._rows if row.top <= y < row.top + row.height), None)
        if row is None or not row.tiles:
            return
        at = row.tiles.start + offset.x // (self._tile_width() + self.GAP)
        if at in row.tiles:
            self._move(at)
            if event.chain == 2:
                self.action_select()

    def _show_cursor(self) -> None:
        height = self.scrollable_content_region.height
        if height <= 0:
            return
        top = round(self.scroll_y)
        for n, row in enumerate(self._rows):
            if self._cursor in row.tiles:
                # A group's title comes into sight together with its first row.
                headed = n > 0 and not self._rows[n - 1].tiles
                first = self._rows[n - 1].top if headed else row.top
                last = row.top + row.height
                if first < top:
                    scroll_at_once(self, first)
                elif last > top + height:
                    scroll_at_once(self, last - height)
                return

    # Drawing

    def on_mount(self) -> None:
        self._arrange()

    def on_resize(self) -> None:
        self._arrange()
        self._show_cursor()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def _across(self) -> int:
        width = self.scrollable_content_region.width + self.GAP
        return max(1, width // (self.NARROWEST + self.GAP))

    def _tile_width(self) -> int:
        return (self.scrollable_content_region.width + self.GAP) // self._across() - self.GAP

    def _arrange(self) -> None:
        """Breaks the tiles into rows."""
        across, rows, top, at = self._across(), [], 0, 0
        while at < len(self._tiles):
            end = at
            while end < len(self._tiles) and end - at < across and not self._tiles[end].group:
                end += 1
            if end == at:
                rows.append(_Row(top, 1, range(0), self._tiles[at].name))
                end = at + 1
            else:
                rows.append(_Row(top, 1 + self.LINES, range(at, end)))
            top += rows[-1].height
            at = end
        self._rows = rows
        self.virtual_size = Size(self.scrollable_content_region.width, top)

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        wanted = y + round(self.scroll_y)
        row = next((r for r in self._rows if r.top <= wanted < r.top + r.height), None)
        plain = self.style_of()
        if row is None:
            return Strip.blank(width, plain)
        if not row.tiles:
            title = fit(f" {displayable(row.title)}", width)
            return Strip([Segment(title, self.style_of("floor--group"))], width)
        segments: list[Segment] = []
        for at in row.tiles:
            segments += self._tile_line(at, wanted - row.top, plain)
            segments.append(Segment(" " * self.GAP, plain))
        return Strip(segments).adjust_cell_length(width, plain)

    def _tile_line(self, at: int, line: int, plain: Style) -> list[Segment]:
        tile, room = self._tiles[at], self._tile_width() - 1
        cursor: Style | None = None
        if at == self._cursor:
            name = "cursor" if self.has_focus else "cursor-blurred"
            cursor = self.style_of(f"floor--{name}")
        mark = ">" if at == self._cursor else " "
        if line:
            text = tile.lines[line - 1] if line <= len(tile.lines) else ""
            shown = fit(displayable(text), room)
            return [Segment(" " + shown, cursor or plain)]
        named = cursor or self.style_of("floor--name")
        tint = named
        if tile.style and cursor is None:
            tint = self.style_of(f"floor--{tile.style}")
        state = displayable(tile.state)
        for_name = max(0, room - cell_len(state) - 2)
        return [
            Segment(mark + fit(displayable(tile.name), for_name) + " ", named),
            Segment(fit(state, room - for_name - 1, right=True), tint),
        ]


class _Row(NamedTuple):
    """Tiles side by side, from the line `top` on; without tiles it is a group's title."""

    top: int
    height: int
    tiles: range
    title: str = ""
