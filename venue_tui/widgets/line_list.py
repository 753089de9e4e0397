"""A list drawn line by line: as quick with ten thousand rows as with ten.

Nothing is done per row until the row is on the screen, and a change of one row repaints that line
alone. The owner keeps the data: it filters, sorts and gives rows; the list keeps the cursor and the
scroll by each row's key.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from models.values.text import displayable
from venue_tui.locale import _
from venue_tui.verbs import VERBS
from venue_tui.widgets.clipboard import copy
from venue_tui.widgets.columns import MEASURED, Column, Columns
from venue_tui.widgets.keys import bindings, hidden
from venue_tui.widgets.painter import Painter
from venue_tui.widgets.scrolling import scroll_at_once
from venue_tui.widgets.text import fit


class Row(NamedTuple):
    """A line: a cell per column, in the style `line-list--<style>` (see `STYLES`).

    A `group` row heads those below it: its cells are shown in a row of their own, and the cursor
    passes over it.
    """

    key: str
    cells: tuple[str, ...]
    style: str = ""
    group: bool = False


STYLES = ("good", "warning", "bad", "muted", "strong")
"""What a row's style may be. It only underlines what the words in its cells say."""


class LineList(Painter, ScrollView, can_focus=True):
    """Rows under column titles, with a cursor; posts `Highlighted` and `Selected`.

    `opens` is whether Enter selects; without it the key, or a double click, is the screen's. The
    first `fixed` columns stay where they are when the rest is scrolled sideways. One of several
    lists beside each other that is `lit_alone` shows its cursor only while it has the focus.
    """

    BINDINGS: ClassVar = [
        *bindings("list"),
        *hidden(
            {
                "up": "up",
                "down": "down",
                "pageup": "page(-1)",
                "pagedown": "page(1)",
                "home": "first",
                "end": "last",
                "left": "sideways(-1)",
                "right": "sideways(1)",
            }
        ),
    ]
    COMPONENT_CLASSES: ClassVar = {
        "line-list--titles",
        "line-list--group",
        "line-list--cursor",
        "line-list--cursor-blurred",
        *(f"line-list--{style}" for style in STYLES),
    }
    DEFAULT_CSS = """
    LineList {
        height: 1fr; background: $surface; color: $foreground; scrollbar-size: 1 1;
        scrollbar-background: $surface; scrollbar-background-hover: $surface;
        scrollbar-color: $foreground 35%; scrollbar-corner-color: $surface;
        .line-list--titles { color: $text-muted; text-style: bold; background: $panel; }
        .line-list--group { color: $text-primary; text-style: bold; }
        .line-list--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground;
            text-style: bold;
        }
        .line-list--cursor-blurred {
            background: $block-cursor-blurred-background; color: $block-cursor-blurred-foreground;
        }
        .line-list--good { color: $text-success; }
        .line-list--warning { color: $text-warning; }
        .line-list--bad { color: $text-error; }
        .line-list--muted { color: $text-muted; }
        .line-list--strong { text-style: bold; }
    }
    """
    ALLOW_SELECT = False

    class Highlighted(Message):
        """The cursor is on another row now; `key` is None on a list without rows."""

        def __init__(self, line_list: "LineList", key: str | None) -> None:
            super().__init__()
            self.line_list = line_list
            self.key = key

        @property
        def control(self) -> "LineList":
            return self.line_list

    class Selected(Highlighted):
        """The row under the cursor was chosen: Enter, or a double click."""

        key: str

    def __init__(
        self,
        *columns: Column,
        rows: Iterable[Row] = (),
        fixed: int = 0,
        opens: bool = True,
        titles: bool = True,
        lit_alone: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._columns = Columns(columns, fixed, others=lit_alone or not titles)
        self.opens = opens
        self._lit_alone = lit_alone
        self._titled = titles
        self._rows: list[Row] = list(rows)
        self._index = {row.key: at for at, row in enumerate(self._rows)}
        self._cursor = self._pickable(0)

    # What is shown

    @property
    def columns(self) -> tuple[Column, ...]:
        return self._columns.all

    @property
    def widths(self) -> tuple[int, ...]:
        """The cells of each column; -1 for one that there is no room for."""
        return self._columns.widths

    @property
    def rows(self) -> Sequence[Row]:
        return self._rows

    @property
    def cursor_key(self) -> str | None:
        """The key of the row under the cursor, or None on a list without rows."""
        return self._rows[self._cursor].key if self._rows else None

    @property
    def bare(self) -> bool:
        """Whether there is no row here that the cursor may be on."""
        return not self._rows or self._rows[self._cursor].group

    def allow_focus(self) -> bool:
        # Of several lists beside each other one without rows would take the light and not show it.
        return super().allow_focus() and not (
            self.bare and any(not each.bare for each in self._beside())
        )

    def _beside(self) -> list["LineList"]:
        """Where this list is lit alone, the others that may be lit in its place."""
        if not self._lit_alone or not self.is_attached:
            return []
        return [
            each
            for each in self.screen.query(LineList)
            if each is not self and each._lit_alone and each.is_attached and _is_displayed(each)
        ]

    def row(self, key: str) -> Row:
        """The row with that key. Raises KeyError."""
        return self._rows[self._index[key]]

    def set_columns(self, *columns: Column) -> None:
        if columns != self.columns:
            self._columns = self._columns.replaced(columns)
            self._fit_virtual_size()
            self.refresh()

    def set_rows(self, rows: Iterable[Row]) -> None:
        """Shows these rows from now on, repainting what differs.

        The cursor stays on its row and that row where it is on the screen; if it is gone, the
        cursor goes to the next row that is still there.
        """
        old, new = self._rows, list(rows)
        if len(old) == len(new) and all(map(_same_key, old, new)):
            self._rows = new
            for at in self._visible():
                if old[at] != new[at]:
                    self._show_row(at)
            return
        key = self.cursor_key
        offset = self._cursor - round(self.scroll_y)
        self._rows = new
        self._index = index = {row.key: at for at, row in enumerate(new)}
        survivor = next((row.key for row in old[self._cursor :] if row.key in index), None)
        to = index[survivor] if survivor is not None else len(new) - 1 if old else 0
        self._cursor = self._pickable(to)
        self._fit_virtual_size()
        if old:
            scroll_at_once(self, max(0, self._cursor - offset))
        self._show_cursor()
        self.refresh()
        if self.cursor_key != key:
            self.post_message(self.Highlighted(self, self.cursor_key))

    def update_row(self, row: Row) -> None:
        """Puts the row in the place of the one with its key. Raises KeyError."""
        at = self._index[row.key]
        if self._rows[at] != row:
            self._rows[at] = row
            self._show_row(at)

    def move_to(self, key: str) -> bool:
        """Puts the cursor on the row with that key; False if there is no such row."""
        at = self._index.get(key)
        if at is None or self._rows[at].group:
            return False
        self._move(at)
        return True

    def turn_to(self, key: str) -> bool:
        """As `move_to`; but where the row lies further down than is seen, the page is turned, and
        it comes to stand on top. Whoever goes down row by row over a slow line then waits for a
        page once in a while, and not for a page with every row."""
        at = self._index.get(key)
        if at is not None and at >= round(self.scroll_y) + self._page_height():
            headed = at > 0 and self._rows[at - 1].group
            scroll_at_once(self, at - headed)
        return self.move_to(key)

    def next_key(self, wanted: Callable[[Row], bool]) -> str | None:
        """The key of the first wanted row below the cursor, or else from the top; or None."""
        at = self._cursor
        rows = (*self._rows[at + 1 :], *self._rows[: at + 1])
        return next((row.key for row in rows if not row.group and wanted(row)), None)

    # Moving

    def _pickable(self, at: int, step: int = 1) -> int:
        """The row nearest to `at` that the cursor may be on, first looked for in that direction."""
        last = len(self._rows) - 1
        at = max(0, min(at, last))
        for direction in (step, -step):
            here = at
            while 0 <= here <= last:
                if not self._rows[here].group:
                    return here
                here += direction
        return max(0, at)

    def _move(self, to: int, step: int = 1) -> None:
        to = self._pickable(to, step)
        if to != self._cursor:
            before, self._cursor = self._cursor, to
            self._refresh_row(before)
            self._refresh_row(to)
            self.post_message(self.Highlighted(self, self.cursor_key))
        self._show_cursor()

    def _show_cursor(self) -> None:
        height = self._page_height()
        if height <= 0:
            return
        top = round(self.scroll_y)
        # A group's title comes into sight together with its first row.
        headed = self._cursor > 0 and self._rows and self._rows[self._cursor - 1].group
        highest = self._cursor - 1 if headed else self._cursor
        if highest < top:
            scroll_at_once(self, highest)
        elif self._cursor >= top + height:
            scroll_at_once(self, self._cursor - height + 1)

    def _page_height(self) -> int:
        return self.scrollable_content_region.height - self._title_lines

    def action_move(self, by: int) -> None:
        self._move(self._cursor + by, by)

    def action_up(self) -> None:
        self.action_move(-1)

    def action_down(self) -> None:
        self.action_move(1)

    def action_page(self, by: int) -> None:
        self._move(self._cursor + by * max(1, self._page_height() - 1), by)

    def action_first(self) -> None:
        self._move(0)

    def action_last(self) -> None:
        self._move(len(self._rows) - 1, -1)

    def action_sideways(self, by: int) -> None:
        x, stops = round(self.scroll_x), self._columns.stops
        passed = [stop for stop in stops if (stop > x if by > 0 else stop < x)]
        if passed:
            to = passed[0] if by > 0 else passed[-1]
            self.scroll_to(x=to, animate=False, immediate=True)

    def action_select(self) -> None:
        if not self.bare:
            self.post_message(self.Selected(self, self.cursor_key))

    def action_copy(self) -> None:
        if self.bare:
            self.notify(_("There is no row here to copy."), severity="warning")
        else:
            copy(self, list(self._rows[self._cursor].cells))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "select":
            return self.opens and bool(self._rows)
        if action == "sideways":
            return self.max_scroll_x > 0
        return True

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        at = offset.y - self._title_lines + round(self.scroll_y)
        if offset.y >= self._title_lines and at < len(self._rows) and not self._rows[at].group:
            self._move(at)
            if event.chain == 2 and self.opens:
                self.action_select()
            elif event.chain == 2:  # as Enter, which is the screen's then
                self.app.simulate_key(VERBS["open"].key)

    # Drawing

    def on_mount(self) -> None:
        self._fit_virtual_size()

    def on_resize(self) -> None:
        if self._fit_virtual_size():
            self.refresh()  # it may have been painted in the columns of before
        self._show_cursor()

    def on_focus(self) -> None:
        self._refresh_row(self._cursor)

    def on_blur(self) -> None:
        self._refresh_row(self._cursor)

    def _visible(self) -> range:
        top = round(self.scroll_y)
        return range(top, min(len(self._rows), top + self.size.height))

    def _refresh_row(self, at: int) -> None:
        y = at - round(self.scroll_y) + self._title_lines
        if self._title_lines <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _show_row(self, at: int) -> None:
        """Repaints a row that says something else, and all where its columns become wider."""
        if self._columns.holds(self._rows[at].cells):
            self._refresh_row(at)
        elif self._fit_virtual_size():
            self.refresh()
        else:
            self._refresh_row(at)

    @property
    def _title_lines(self) -> int:
        return len(self._titles) if self._titled else 0

    @property
    def _titles(self) -> list[tuple[str, ...]]:
        return self._columns.titles_at(round(self.scroll_x), self.scrollable_content_region.width)

    def watch_scroll_x(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_x(old_value, new_value)
        self._fit_virtual_size()  # other columns may have longer titles

    def _fit_virtual_size(self) -> bool:
        """Lays the columns out for what stands in them. Returns whether they changed."""
        room = self.scrollable_content_region.width
        if room <= 0:
            # As high as its rows make it, or one that is no higher would never get a width.
            self.virtual_size = Size(0, len(self._rows) + self._title_lines)
            return False
        rows, columns = self._rows, self._columns
        measured = [row.cells for row in rows[:MEASURED] if not row.group]
        columns.look_at(measured, whole=len(rows) <= MEASURED)
        changed = columns.lay_out(room)
        last = columns.stops[-1]
        # One width for all that fit: another would have the whole screen laid out again.
        self.virtual_size = Size(room + last if last else 0, len(rows) + self._title_lines)
        return changed

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        if y < self._title_lines:
            style = self.style_of("line-list--titles")
            return self._line(" ", self._titles[y], style, style, width)
        at = y - self._title_lines + round(self.scroll_y)
        if at >= len(self._rows):
            return Strip.blank(width, self.style_of())
        row = self._rows[at]
        if row.group:
            title = fit(" " + displayable("  ".join(filter(None, row.cells))), width)
            return Strip([Segment(title, self.style_of("line-list--group"))], width)
        plain_style = self.style_of()
        tint = plain_style
        if row.style:
            tint = self.style_of(f"line-list--{row.style}")
        lit = at == self._cursor and (self.has_focus or not self._lit_alone)
        if lit:
            name = "cursor" if self.has_focus else "cursor-blurred"
            plain_style = tint = self.style_of(f"line-list--{name}")
        mark = ">" if lit else " "
        return self._line(mark, row.cells, plain_style, tint, width)

    def _line(
        self, mark: str, cells: tuple[str, ...], base: Style, tint: Style, width: int
    ) -> Strip:
        columns = self._columns.all
        whole = not any(column.tinted for column in columns)
        segments = [Segment(mark, base)]
        for at, room in self._columns.shown(round(self.scroll_x), width):
            if at < len(cells):
                column = columns[at]
                text = fit(displayable(cells[at]), room, right=column.right)
                segments.append(Segment(text + " ", tint if whole or column.tinted else base))
        return Strip(segments).simplify().adjust_cell_length(width, base)


def _is_displayed(widget: Widget) -> bool:
    return all(each.display for each in widget.ancestors_with_self if isinstance(each, Widget))


def _same_key(one: Row, other: Row) -> bool:
    return one.key == other.key
