"""A board of teams as blocks side by side, each with its people: a whole roll at a glance."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from models.values.text import displayable
from venue_tui.screens.roll.block_layout import Block, NameLine, Part, arranged
from venue_tui.widgets.clipboard import copy
from venue_tui.widgets.keys import bindings, hidden
from venue_tui.widgets.line_list import STYLES
from venue_tui.widgets.painter import Painter
from venue_tui.widgets.scrolling import scroll_at_once
from venue_tui.widgets.text import fit


class TeamBlocks(Painter, ScrollView, can_focus=True):
    """Blocks of people with one cursor, which up and down move in the order of the roll and left
    and right from block to block; posts `Highlighted` and `Selected`.

    All of them are on the screen at once wherever they fit; else the board scrolls by block.
    """

    BINDINGS: ClassVar = [
        *bindings("list"),
        *hidden(
            {
                "up": "up",
                "down": "down",
                "left": "sideways(-1)",
                "right": "sideways(1)",
                "pageup": "page(-1)",
                "pagedown": "page(1)",
                "home": "first",
                "end": "last",
            }
        ),
    ]
    COMPONENT_CLASSES: ClassVar = {
        "blocks--frame",
        "blocks--title",
        "blocks--count",
        "blocks--cursor",
        "blocks--cursor-blurred",
        "blocks--lit",
        *(f"blocks--{style}" for style in STYLES),
    }
    DEFAULT_CSS = """
    TeamBlocks {
        height: 1fr; background: $surface; color: $foreground; scrollbar-size: 1 1;
        .blocks--frame { color: $foreground 35%; }
        .blocks--title { color: $text-primary; text-style: bold; }
        .blocks--count { text-style: bold; }
        .blocks--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground;
            text-style: bold;
        }
        .blocks--cursor-blurred {
            background: $block-cursor-blurred-background; color: $block-cursor-blurred-foreground;
        }
        .blocks--lit { background: $accent 40%; text-style: bold; }
        .blocks--good { color: $text-success; }
        .blocks--warning { color: $text-warning; }
        .blocks--bad { color: $text-error; }
        .blocks--muted { color: $text-muted; }
        .blocks--strong { text-style: bold; }
    }
    """
    ALLOW_SELECT = False

    class Highlighted(Message):
        """The cursor is on somebody else now; `key` is None where there is nobody."""

        def __init__(self, board: "TeamBlocks", key: str | None) -> None:
            super().__init__()
            self.board = board
            self.key = key

        @property
        def control(self) -> "TeamBlocks":
            return self.board

    class Selected(Highlighted):
        """Whoever is under the cursor was chosen: Enter, or a double click."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._blocks: list[Block] = []
        self._people: list[NameLine] = []
        self._index: dict[str, int] = {}
        self._team_of: list[int] = []
        self._parts: list[Part] = []
        self._starts: list[int] = []
        self._rows: list[tuple[int, int, list[int]]] = []
        self._cursor = 0
        self._lit: frozenset[str] = frozenset()
        self._cramped = False

    # What is shown

    @property
    def keys(self) -> Sequence[str]:
        """Everybody's, in the order of the roll."""
        return [person.key for person in self._people]

    @property
    def blocks(self) -> Sequence[Block]:
        return self._blocks

    @property
    def cursor_key(self) -> str | None:
        """The key of whoever is under the cursor, or None where there is nobody."""
        return self._people[self._cursor].key if self._people else None

    def person(self, key: str) -> NameLine:
        """The line of the person with that key. Raises KeyError."""
        return self._people[self._index[key]]

    def set_blocks(self, blocks: Iterable[Block]) -> None:
        """Shows these from now on; the cursor stays on its person, or goes to the next who is still
        there. What differs is repainted."""
        new = list(blocks)
        people = [person for block in new for person in block.people]
        same = [each.key for each in people] == [each.key for each in self._people]
        sizes = [len(block.people) for block in new]
        if same and sizes == [len(block.people) for block in self._blocks]:
            for block in new:
                self.update_block(block)
            for person in people:
                self.update_person(person)
            return
        key, before = self.cursor_key, self._people[self._cursor :]
        self._blocks, self._people = new, people
        self._index = {person.key: at for at, person in enumerate(people)}
        self._team_of = [at for at, block in enumerate(new) for _person in block.people]
        survivor = next((each.key for each in before if each.key in self._index), None)
        self._cursor = self._index[survivor] if survivor else max(0, len(people) - 1)
        if not before:
            self._cursor = 0
        self._arrange()
        self._show_cursor()
        self.refresh()
        if self.cursor_key != key:
            self.post_message(self.Highlighted(self, self.cursor_key))

    def update_person(self, person: NameLine) -> None:
        """Puts the line in the place of the one with its key. Raises KeyError."""
        at = self._index[person.key]
        if self._people[at] != person:
            self._people[at] = person
            self._refresh_person(at)

    def update_block(self, block: Block) -> None:
        """Changes the title, tally and note of the block with that key; its people stay."""
        for at, old in enumerate(self._blocks):
            if old.key == block.key:
                self._blocks[at] = block._replace(people=old.people)
                if old.note != block.note:
                    self._refresh_frame(at)
                elif (old.title, old.tally) != (block.title, block.tally):
                    self._refresh_title(at, whole=len(old.tally) != len(block.tally))
                return

    def light(self, keys: Collection[str]) -> None:
        """Lights these people up, until others are, or nobody."""
        before, self._lit = self._lit, frozenset(keys)
        changed = before ^ self._lit
        top = round(self.scroll_y)
        seen = range(top, top + self.size.height)
        for part in self._parts:  # a letter changes thousands, few of whom are to be seen
            if part.y < seen.stop and part.y + part.height > seen.start:
                for at in range(part.first, part.first + part.size):
                    if self._people[at].key in changed:
                        self._refresh_person(at)

    # Moving

    def move_to(self, key: str) -> bool:
        """Puts the cursor on the person with that key; False if there is no such person."""
        at = self._index.get(key)
        if at is None:
            return False
        self._move(at)
        return True

    def _move(self, to: int) -> None:
        to = max(0, min(to, len(self._people) - 1))
        if to != self._cursor and self._people:
            before, self._cursor = self._cursor, to
            self._refresh_person(before)
            self._refresh_person(to)
            self.post_message(self.Highlighted(self, self.cursor_key))
        self._show_cursor()

    def wander(self, to: int) -> None:
        """Moves where a key asked to, other than on to the next name."""
        self._move(to)

    def action_up(self) -> None:
        self.wander(self._cursor - 1)

    def step(self) -> None:
        """Goes on by one, whoever it is."""
        self._move(self._cursor + 1)

    def action_down(self) -> None:
        self.step()

    def action_first(self) -> None:
        self.wander(0)

    def action_last(self) -> None:
        self.wander(len(self._people) - 1)

    def action_sideways(self, by: int) -> None:
        """To the same height in the block beside, or as near as there is somebody."""
        here = self._part_of(self._cursor)
        if here is None:
            return
        y = here.y + self._cursor - here.first
        beside = [part for part in self._parts if (part.x - here.x) * by > 0 and part.size]
        if not beside:
            return
        x = min((part.x for part in beside), key=lambda x: abs(x - here.x))
        column = [part for part in beside if part.x == x]
        part = min(column, key=lambda part: max(part.y - y, y - part.y - part.size + 1, 0))
        self.wander(part.first + max(0, min(y - part.y, part.size - 1)))

    def action_page(self, by: int) -> None:
        """To the same place in the block above or below."""
        here = self._part_of(self._cursor)
        if here is None:
            return
        column = [part for part in self._parts if part.x == here.x and part.size]
        at = column.index(here) + by
        if 0 <= at < len(column):
            part = column[at]
            self.wander(part.first + min(self._cursor - here.first, part.size - 1))

    def action_select(self) -> None:
        if self._people:
            self.post_message(self.Selected(self, self.cursor_key))

    def action_copy(self) -> None:
        if self._people:
            person = self._people[self._cursor]
            copy(self, [person.name, person.key, person.state, person.time, person.hint])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action not in ("select", "copy") or bool(self._people)

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        y = offset.y + round(self.scroll_y)
        for part in self._parts:
            inside = part.x <= offset.x < part.x + part.width
            if inside and 0 <= y - part.y - 1 < part.size:
                self.wander(part.first + y - part.y - 1)
                if event.chain == 2:
                    self.action_select()

    def _show_cursor(self) -> None:
        height = self.scrollable_content_region.height
        part = self._part_of(self._cursor)
        if height <= 0 or part is None:
            return
        top, y = round(self.scroll_y), part.y + 1 + self._cursor - part.first
        if part.height <= height:  # a block comes into sight as a whole
            first, last = part.y, part.y + part.height
        else:
            first, last = y - 1, y + 1
        if first < top:
            scroll_at_once(self, first)
        elif last > top + height:
            # Down the roll: the block comes to stand on top, and those beside it are whole, too.
            to = first if part.height <= height else last - height
            scroll_at_once(self, to)

    # Where everything stands

    def on_mount(self) -> None:
        self._arrange()

    def on_resize(self) -> None:
        self._arrange()
        self._show_cursor()
        self.refresh()

    def _arrange(self) -> None:
        size = self.scrollable_content_region.size
        self._parts, height = arranged([len(b.people) for b in self._blocks], size)
        self._starts = [part.first for part in self._parts]
        rows: dict[int, list[int]] = {}
        for at, part in enumerate(self._parts):
            rows.setdefault(part.y, []).append(at)
        self._rows = []
        for y in sorted(rows):
            parts = rows[y]
            self._rows.append((y, max(y + self._parts[at].height for at in parts), parts))
        self.virtual_size = Size(size.width, height)

    def _part_of(self, at: int) -> Part | None:
        if not self._people:
            return None
        return self._parts[bisect_right(self._starts, at) - 1]

    def _refresh_person(self, at: int) -> None:
        part = self._part_of(at)
        if part is not None:
            edge = int(part.framed)
            self._refresh(
                Region(part.x + edge, part.y + 1 + at - part.first, part.width - 2 * edge, 1)
            )

    def _refresh_frame(self, block: int) -> None:
        for part in self._parts:
            if part.block == block:
                self._refresh(Region(part.x, part.y, part.width, 1))
                if part.framed:
                    self._refresh(Region(part.x, part.y + part.height - 1, part.width, 1))

    def _refresh_title(self, block: int, *, whole: bool) -> None:
        """The line with the tally; where the rule that fills it stays as it is, what is before."""
        shown = self._blocks[block]
        width = 4 + cell_len(displayable(shown.title)) + cell_len(shown.tally)
        for part in self._parts:
            if part.block == block and part.begins:
                width = part.width if whole else min(width, part.width)
                self._refresh(Region(part.x, part.y, width, 1))

    def _refresh(self, region: Region) -> None:
        y = region.y - round(self.scroll_y)
        if 0 <= y < self.size.height:
            self.refresh(Region(region.x, y, region.width, 1))

    # Drawing

    def on_focus(self) -> None:
        self._refresh_person(self._cursor)

    def on_blur(self) -> None:
        self._refresh_person(self._cursor)

    def render_line(self, y: int) -> Strip:
        width, plain = self.scrollable_content_region.width, self.style_of()
        wanted = y + round(self.scroll_y)
        found: list[Part] = [
            self._parts[at]
            for top, bottom, parts in self._rows
            if top <= wanted < bottom
            for at in parts
            if wanted < self._parts[at].y + self._parts[at].height
        ]
        if not found:
            return Strip.blank(width, plain)
        found.sort(key=lambda part: part.x)
        segments: list[Segment] = []
        x = 0
        for part in found:
            if part.x > x:
                segments.append(Segment(" " * (part.x - x), plain))
            segments += self._part_line(part, wanted - part.y, plain)
            x = part.x + part.width
        return Strip(segments).simplify().adjust_cell_length(width, plain)

    def _part_line(self, part: Part, line: int, plain: Style) -> list[Segment]:
        if line == 0:
            return self._title(part, plain)
        if line > part.size:
            return self._foot(part, plain)
        at = part.first + line - 1
        pieces = self._person_line(at, part.width - (2 if part.framed else 0), plain)
        if not part.framed:
            return pieces
        edge = Segment("│", self._style("frame"))
        return [edge, *pieces, edge]

    def _style(self, name: str) -> Style:
        return self.style_of(f"blocks--{name}")

    def _title(self, part: Part, plain: Style) -> list[Segment]:
        block = self._blocks[part.block]
        frame = self._style("frame")
        left, right, fill = ("╭ ", "╮", "─") if part.framed else ("", " ", " ")
        tally = block.tally if part.begins else ""
        room = part.width - cell_len(left) - cell_len(right) - cell_len(tally) - 2
        title = fit(displayable(block.title), min(room, cell_len(displayable(block.title))))
        rest = room - cell_len(title)
        # What a foot would say stands beside where there is none.
        note = "" if part.framed else fit(block.note, max(0, min(rest - 1, cell_len(block.note))))
        return [
            Segment(left, frame),
            Segment(f"{title} ", self._style("title")),
            Segment(f"{tally} " if tally else fill, self._style("count")),
            Segment(note, self._style("muted")),
            Segment(fill * (rest - cell_len(note)) + right, frame),
        ]

    def _foot(self, part: Part, plain: Style) -> list[Segment]:
        block, frame = self._blocks[part.block], self._style("frame")
        room = part.width - 4
        note = displayable(block.note)
        if not note:
            return [Segment(f"╰{'─' * (part.width - 2)}╯", frame)]
        edge = "╰─ " if cell_len(note) < room else "╰ "
        if cell_len(note) > part.width - 4:
            note = note.rpartition("  ")[2]  # a time is never cut
        shown = fit(note, min(part.width - 4, cell_len(note)))
        left = part.width - cell_len(edge) - cell_len(shown) - 2
        return [
            Segment(edge, frame),
            Segment(f"{shown} ", self._style("muted")),
            Segment("─" * left + "╯", frame),
        ]

    def _person_line(self, at: int, width: int, plain: Style) -> list[Segment]:
        person = self._people[at]
        name, state = displayable(person.name), displayable(person.state)
        right = cell_len(state) + (1 + cell_len(person.time) if person.time else 0)
        room = width - 1 - (right + 1 if right else 0)
        hint = person.hint
        if hint and cell_len(name) + 1 + cell_len(hint) > room:
            hint = person.short
        if hint and room - 1 - cell_len(hint) < min(cell_len(name), 8):
            hint = ""
        for_name = room - (1 + cell_len(hint) if hint else 0)
        shown = fit(name, min(cell_len(name), for_name))
        gap = room - cell_len(shown) - (1 + cell_len(hint) if hint else 0)

        base = plain
        if person.key in self._lit:
            base = self._style("lit")
        on = at == self._cursor
        if on:
            base = self._style("cursor" if self.has_focus else "cursor-blurred")

        def tint(style: str) -> Style:
            return base if on or not style else base + Style(color=self._style(style).color)

        segments = [Segment("▌" if on else " ", base), Segment(shown, base)]
        if hint:
            segments.append(Segment(f" {hint}", tint(person.hint_style)))
        segments.append(Segment(" " * (gap + (1 if right else 0)), base))
        if state:
            segments.append(Segment(state, tint(person.style)))
        if person.time:
            segments.append(Segment(f" {person.time}" if state else person.time, base))
        return segments
