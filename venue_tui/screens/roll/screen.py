"""The roll of the briefing: one key a person, and everybody in sight."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from itertools import groupby
from typing import ClassVar, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Size
from textual.timer import Timer

from models.ledger.settling import settle
from models.operations import briefings, directory, first_call, roll, roll_board
from models.operations.briefings import BriefingRow
from models.operations.roll_board import News, RollRow, Summary
from models.storage.database import together
from models.values import pinyin
from models.values.money import format_money
from models.values.nights import Instant
from venue_tui.error_boundary import ErrorBoundary
from venue_tui.locale import N_, _
from venue_tui.screens.roll.block_layout import Block, arranged
from venue_tui.screens.roll.lines import (
    bar_parts,
    block,
    counts_line,
    of_note,
    person,
    person_lines,
    phase_line,
    recounted,
    work_line,
)
from venue_tui.screens.roll.roll_call import MarkingScreen
from venue_tui.screens.roll.team_blocks import TeamBlocks
from venue_tui.screens.shared.clock import clock, standing
from venue_tui.screens.shared.people import nobody_yet
from venue_tui.screens.shared.text_viewer import ReadScreen
from venue_tui.widgets.finder import Finder
from venue_tui.widgets.head_panel import HeadPanel
from venue_tui.widgets.keys import bindings
from venue_tui.widgets.lines import Line, Lines, line
from venue_tui.widgets.split import RowKeys

_PERSON_AFTER = 0.1
"""Seconds for which the cursor must rest on somebody before the panel beside tells of them: who
holds the space bar down is not held up by it."""
_CHARGES_AT_A_GLANCE = 6
_WIDE = 120
_AROUND = 7
"""The lines of a wide screen that are not the blocks' or the panels'."""
_BELOW = 12
"""So many lines must be left below the blocks for the panels to stand there, all as wide as they
can be, instead of beside them."""
_ON_SOMEBODY = frozenset(
    {"mark", "late", "team", "make_up", "correct", "unmark", "tell", "posts", "look"}
)


class RollReading(NamedTuple):
    """All that is shown of a night."""

    night: date
    rows: dict[str, RollRow]
    counts: Summary
    briefing: BriefingRow | None
    told: dict[str | None, Instant]
    call_ended: bool


class RollBoard(TeamBlocks):
    """The blocks of the roll, on which going down passes on to the next name."""

    def action_down(self) -> None:
        self._roll().action_next()

    def wander(self, to: int) -> None:
        self._roll().look_about()
        super().wander(to)

    def _roll(self) -> MarkingScreen:
        assert isinstance(self.screen, MarkingScreen)
        return self.screen


class RollFinder(ErrorBoundary, Finder):
    """Looks for somebody on the roll: space marks whom it found, and Enter stays with them."""

    def open(self) -> None:
        super().open()
        self.call_after_refresh(self._read_names)

    def _read_names(self) -> None:
        if isinstance(self.screen, RollScreen):
            self.screen.read_names()

    def action_back(self) -> None:
        with self.prevent(self.Changed):
            self.value = ""
        super().action_back()
        self.screen.query_one(RollBoard).light(())

    def on_key(self, event: events.Key) -> None:
        if event.key == "space" or event.character == "\N{IDEOGRAPHIC SPACE}":
            event.stop()
            event.prevent_default()
            if isinstance(self.screen, RollScreen):
                self.screen.mark_found()


class RollScreen(MarkingScreen):
    """The roll of one night, tonight's at first."""

    where = "roll"
    about = N_(
        "The roll of the night's briefing, every team a block. The first one who is not marked yet "
        "is selected.\n\n"
        "While the first call lasts, space says here: by the clock until the briefing begins, and "
        "as of its beginning after that, since who answers to their name was there. l says late, "
        "by the clock; the arrow down, or j, passes on to the next name. The first call ends with "
        "the last name, or with f; from then on space says here by the clock, and that is late. "
        "Which of the two it is stands above.\n\n"
        "/ and initials light somebody up who calls out of turn: space marks them, and the roll is "
        "where it was. T says that the whole team is here. m records a make-up sign, x clears all "
        "marks, e corrects the times, u undoes.\n\n"
        "C closes the briefing, after naming every fine that follows and whoever would be absent. "
        "H says that no briefing was held. B writes down the work assigned for the night, P where "
        "the selected one works and at what, i ticks grooming and badge (neat, no badge, untidy), "
        "which fines nobody and stands in their month, and R ticks that their team has passed it "
        "on to its resting colleagues. N ends the night early. [ and ] go to other nights."
    )
    BINDINGS: ClassVar = bindings("roll")
    WHY_NOT: ClassVar = {
        "first_call": N_("The first call is over."),
        "not_held": N_("No briefing was held that night."),
    }
    OF_NIGHT = frozenset(
        {
            *("mark", "late", "first_call", "team", "make_up", "correct", "unmark", "close"),
            *("not_held", "assign", "posts", "look", "director", "end_night"),
        }
    )
    CSS = """
    RollScreen #roll { width: 1fr; scrollbar-size-vertical: 0; }
    RollScreen #nobody { display: none; padding: 1; }
    RollScreen #floor { layout: horizontal; height: 1fr; }
    RollScreen #beside { display: none; width: 32; height: 100%; }
    RollScreen.-wide #beside, RollScreen.-wider #beside { display: block; }
    RollScreen.-wider #beside { width: 40; }
    RollScreen #selected { height: 1fr; background: $surface; }
    RollScreen #beside > * {
        padding: 0 1; border: round $foreground 25%; border-title-color: $text-primary;
    }
    RollScreen #of-note { height: auto; max-height: 50%; }
    RollScreen #row-keys { display: none; }
    RollScreen #floor.-below { layout: vertical; }
    RollScreen #floor.-below #beside { layout: horizontal; width: 100%; height: 1fr; }
    RollScreen #floor.-below #beside > * {
        display: block; width: 1fr; height: 100%; max-height: 100%;
    }
    RollScreen #floor.-below #beside > #selected { width: 38; }
    RollScreen.-wider #floor.-below #beside > #selected { width: 44; }
    """
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-narrow"),
        (_WIDE, "-wide"),
        (150, "-wider"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._called_from: str | None = None
        """Where the roll had got to when somebody was looked for."""
        self._to_first = True
        self._person_timer: Timer | None = None
        self._shown_times = 0
        self._marked: set[str] = set()
        """Whose rows changed since it was asked last what others recorded."""

    @property
    def board(self) -> RollBoard:
        return self.query_one("#roll", RollBoard)

    # What is shown

    def body(self) -> ComposeResult:
        yield HeadPanel(id="standing")
        with Container(id="floor"):
            yield RollBoard(id="roll")
            yield Lines(id="nobody", wraps=True)
            with Container(id="beside"):
                # A frame of its own, which a change of a line doesn't repaint.
                with Container(id="selected"):
                    yield Lines(id="person", wraps=True)
                yield Lines(id="of-note", wraps=True)
                yield RowKeys(id="row-keys")
        yield RollFinder()

    def on_mount(self) -> None:
        self.program.when_quiet(self._rehearse)

    def _rehearse(self) -> None:
        row = next((each for each in self._rows.values() if each.unmarked), None)
        if row is not None and self.is_tonight:
            roll.rehearse(self.session, row.staff_no, self.night, self._calling(row))

    def refresh_data(self) -> None:
        self._show(self._reading(self.night))

    def _reading(self, night: date) -> RollReading:
        with together(self.where, night.isoformat()):
            return self._read_night(night)

    def _read_night(self, night: date) -> RollReading:
        session = self.session
        settle(session)
        rows = {row.staff_no: row for row in roll_board.board(session, night)}
        counts = roll_board.summary(rows.values())
        briefing, told = briefings.briefing(session, night), briefings.told(session, night)
        return RollReading(night, rows, counts, briefing, told, first_call.was_ended(night))

    def _show(self, read: RollReading) -> None:
        self._shown_times += 1
        if read.night != self._shown:
            self._shown, self._to_first, self._director_no = read.night, True, None
            self._run.clear()
        _, self._rows, self._counts, self._briefing, self._told, self._call_ended = read
        self._run = {n for n in self._run if n in self._rows and self._rows[n].uncalled}
        self.keep_run()
        self.board.set_blocks(self._blocks())
        self._place_panels()
        nobody = self.query_one("#nobody", Lines)
        self.board.display, nobody.display = bool(self._rows), not self._rows
        if not self._rows:
            nobody.set_lines([line(nobody_yet(self.program.keys_by_id()), "strong")])
        if self._to_first and self._rows:
            self._to_first = False
            self._to_first_unmarked()
        self.show_standing()
        self.show_person()

    def follow(self, changes: int) -> None:
        session, night = self.session, self.night
        seen, shown = self._seen_changes, self._shown_times
        if "news" not in self._reads_beside:
            self._marked.clear()

        def read() -> News | RollReading:
            found = roll_board.news(session, night, seen, changes)
            return self._reading(night) if found.rows is None else found

        def show(read: News | RollReading) -> None:
            if (self.night, self._shown_times) != (night, shown):
                return  # what is shown was read later
            if isinstance(read, RollReading) and not self._marked:
                self._show(read)
            elif isinstance(read, RollReading) or not self._show_news(read):
                self.refresh_data()
            self._seen_changes = changes

        self.read_beside(read, show, "news")

    def _show_news(self, news: News) -> bool:
        """Shows rows as they are by now; False where others are on the roll than are shown."""
        rows = news.rows or {}
        if any((row is None) != (number not in self._rows) for number, row in rows.items()):
            return False
        found = [row for row in rows.values() if row is not None]
        if any(row.team != self._rows[row.staff_no].team for row in found):
            return False
        # Whom somebody marked here meanwhile is read again with the next lines.
        newer = [row for row in found if row.staff_no not in self._marked]
        for row in newer:
            if row != self._rows[row.staff_no]:
                self._run.discard(row.staff_no)
                self.show_row(row)
        self.show_standing()
        if self.board.cursor_key in rows:
            self.show_person()
        return True

    def _blocks(self) -> Iterator[Block]:
        for team, rows in groupby(self._rows.values(), lambda row: row.team):
            yield self._block(team, list(rows))

    def _block(self, team: str | None, rows: list[RollRow]) -> Block:
        people = [
            person(self.session, self.night, self._briefing, row, passed=row.staff_no in self._run)
            for row in rows
        ]
        told = self._told.get(team)
        told_at = None if told is None else clock(self.session, told)
        return block(team, self._counts, people, told_at)

    def show_row(self, row: RollRow) -> None:
        self._marked.add(row.staff_no)
        self._counts = recounted(self._counts, self._rows[row.staff_no], row)
        self._rows[row.staff_no] = row
        passed = row.staff_no in self._run
        with suppress(KeyError):
            shown = person(self.session, self.night, self._briefing, row, passed=passed)
            self.board.update_person(shown)
            self.board.update_block(self._block(row.team, []))

    def show_standing(self) -> None:
        session, night = self.session, self.night
        header = self.query_one(HeadPanel)
        director = self._briefing.director_no if self._briefing else self._director_no
        name = directory.name_of(director) if director is not None else None
        phase = phase_line(session, night, self._briefing, first_call=self.first_call)
        header.show_phase(phase, standing(session, night, self._briefing))
        header.show_work(work_line(self._briefing, name))
        self._show_counts()

    def _show_counts(self) -> None:
        counts = self._counts
        self.query_one(HeadPanel).show_counts(
            counts_line(counts, self.to_call, first_call=self.first_call),
            bar_parts(counts),
            counts.on_roll,
            format_money(counts.fines) if counts.fines else "",
        )

    def _place_panels(self) -> None:
        """Names the panels, and has them stand below the blocks where these leave enough room, else
        beside them."""
        size = self.app.size
        room = Size(size.width, max(0, size.height - _AROUND))
        _parts, height = arranged([len(each.people) for each in self.board.blocks], room)
        self.entitle("#selected", _("Staffer"))
        self.entitle("#of-note", _("Of note"))
        below = size.width >= _WIDE and height + _BELOW <= room.height
        self.query_one("#floor").set_class(below, "-below")
        self.board.styles.height = height if below else "1fr"

    @property
    def _has_panels(self) -> bool:
        return self.app.size.width >= _WIDE

    def show_person(self) -> None:
        panel = self.query_one("#person", Lines)
        if not self._has_panels:
            return
        self._show_of_note()
        if (row := self.selected) is None:
            panel.set_lines([line(_("Nobody here"), "muted")])
            return
        panel.set_lines(self._told_of(row, self._at_a_glance))

    def _show_person_soon(self) -> None:
        """As `show_person`, without holding up the next key while it is read."""
        row, panel = self.selected, self.query_one("#person", Lines)
        if row is None or not self._has_panels:
            return
        most = self._at_a_glance

        def read() -> list[Line]:
            return self._told_of(row, most)

        def show(lines: list[Line]) -> None:
            if self.selected is row:
                panel.set_lines(lines)
                self._show_of_note()

        self.read_beside(read, show, "person")

    @property
    def _at_a_glance(self) -> int:
        """How many charges of a month the panel tells: as many as it has lines left for."""
        return max(_CHARGES_AT_A_GLANCE, self.query_one("#person").size.height - 12)

    def _show_of_note(self) -> None:
        panel = self.query_one("#of-note", Lines)
        width = panel.content_region.width - 1  # a scrollbar may come
        rows = self._rows.values()
        panel.set_lines(of_note(rows, self._run, width))

    def _told_of(self, row: RollRow, most: int | None = None) -> list[Line]:
        with together(f"{self.where} person", self.night.isoformat(), row.staff_no):
            history = roll_board.history(self.session, row.staff_no, self.night)
            return person_lines(self.session, self.night, self._briefing, row, history, most)

    def on_team_blocks_highlighted(self) -> None:
        if self._person_timer is not None:
            self._person_timer.stop()
        self._person_timer = self.set_timer(_PERSON_AFTER, self._show_person_soon)

    def on_team_blocks_selected(self) -> None:
        row = self.selected
        if row is None:
            return
        lines = self._told_of(row)
        text = "\n".join("".join(piece for piece, _style in each) for each in lines[1:])
        self.app.push_screen(ReadScreen(row.name, text))

    def on_resize(self) -> None:
        if self.is_mounted:
            self._place_panels()
            self.call_after_refresh(self.show_person)

    def _to_first_unmarked(self) -> None:
        unmarked = (row for row in self._rows.values() if row.unmarked)
        first = next(unmarked, None) or next(iter(self._rows.values()))
        self.board.move_to(first.staff_no)

    def on_screen_suspend(self) -> None:
        if self.app.current_mode != self.where:
            self.look_about()
            self._to_first = True

    def on_screen_resume(self) -> None:
        if self.is_mounted and self._to_first:
            self.refresh_data()

    def tick(self, changes: int | None = None) -> None:
        if not self.query(TeamBlocks):
            return  # the program is ending
        if self.night != self._shown:
            self.refresh_data()
        super().tick(changes)
        self.show_standing()

    @property
    def selected(self) -> RollRow | None:
        key = self.board.cursor_key
        return None if key is None else self._rows[key]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in _ON_SOMEBODY:
            return True if self._rows else None
        if action == "first_call":
            return True if self._rows and self.first_call else None
        if action == "close":
            return True if self._rows or self._briefing is not None else None
        if action == "not_held":
            return True if self._briefing is not None else None
        return super().check_action(action, parameters)

    def why_not(self, action: str) -> str:
        if not self._rows:
            return nobody_yet(self.program.keys_by_id())
        return super().why_not(action)

    # Who calls out of turn

    def on_finder_sought(self, event: Finder.Sought) -> None:
        if not event.text:
            self.board.light(())
            if self._called_from is not None:
                self.board.move_to(self._called_from)
                self._called_from = None
            return
        if self._called_from is None:
            self._called_from = self.board.cursor_key
        self._light(event.text)

    def read_names(self) -> None:
        """Finds out how everybody's name may be read, before a letter asks for it."""
        for row in self._rows.values():
            pinyin.initials(row.name, row.edited or "")

    def _light(self, text: str) -> None:
        found = [
            row
            for row in self._rows.values()
            if pinyin.matches(text, row.name, row.staff_no, row.initials)
        ]
        self.board.light({row.staff_no for row in found})
        to = next((row for row in found if row.unmarked), next(iter(found), None))
        if to is not None:
            self.board.move_to(to.staff_no)

    def mark_found(self) -> None:
        """Marks whom the letters that were typed light up, first of all who isn't marked."""
        finder = self.query_one(RollFinder)
        if not finder.sought:
            self.complain(_("Type initials, a name or a number first; then space marks them."))
            return
        # The letters may have come faster than the board could follow.
        if self._called_from is None:
            self._called_from = self.board.cursor_key
        self._light(finder.sought)
        row = self.selected
        if row is None or not pinyin.matches(finder.sought, row.name, row.staff_no, row.initials):
            self.complain(_("Nobody is called «%s».") % finder.sought)
            return
        self.action_mark()

    def look_about(self) -> None:
        super().look_about()
        self._called_from = None

    @property
    def finding(self) -> bool:
        return self._called_from is not None

    def after_finding(self) -> bool:
        if self._called_from is None:
            return False
        finder, back_to = self.query_one(RollFinder), self._called_from
        self._called_from = None
        finder.action_back()
        self.board.move_to(back_to)
        row = self.selected
        return row is not None and row.unmarked

    async def retranslate(self) -> None:
        await super().retranslate()
        self.refresh_data()
