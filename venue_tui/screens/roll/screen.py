"""The roll of the briefing: one key a person."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.timer import Timer

from models.operations import bookings, directory, roll
from models.operations.roll import Marked, RollRow
from models.rules.judgement import Outcome
from models.values import pinyin
from models.values.money import format_money
from venue_tui.locale import N_, _
from venue_tui.screens.roll.briefing import BriefingScreen
from venue_tui.screens.roll.lines import (
    counts_line,
    person_lines,
    recounted,
    roll_row,
    sentence_of,
    team_row,
    work_line,
)
from venue_tui.screens.shared.clock import clock
from venue_tui.widgets.finder import Finder
from venue_tui.widgets.keys import bindings
from venue_tui.widgets.line_list import Column, LineList, Row
from venue_tui.widgets.lines import Lines, line
from venue_tui.words import word

_PERSON_AFTER = 0.1
"""Seconds for which the cursor must rest on somebody before the panel beside tells of them: who
holds the space bar down is not held up by it."""


class RollScreen(BriefingScreen):
    """The roll of one night, tonight's at first."""

    where = "roll"
    about = N_(
        "The roll of the night's briefing. The first one who is not marked yet is selected: press "
        "space and they are present, or late, by the clock, and the next one is selected.\n\n"
        "m records a make-up sign, and says at once whether a room of theirs bears it out. e or "
        "Enter puts a time right, x takes all signs back, u undoes. / finds by name, number or "
        "pinyin initials.\n\n"
        "C closes the briefing, after naming every fine that follows and whoever would be absent. "
        "B writes down the work assigned for the night, P where the selected one works and at "
        "what, and R ticks that their team has told its resting colleagues. N ends the night early."
        " [ and ] go to other nights."
    )
    BINDINGS: ClassVar = bindings("roll")
    CSS = """
    RollScreen #standing { height: 2; background: $panel; padding: 0 1; }
    RollScreen #roll { width: 1fr; scrollbar-size-vertical: 0; }
    RollScreen #person { width: 28; padding: 0 0 0 1; background: $boost; }
    RollScreen.-wide #person { width: 46; }
    """
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-narrow"),
        (110, "-wide"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._shown: date | None = None
        self._in_order = False
        self._called_from: str | None = None
        """Where the roll had got to when somebody was looked for."""
        self._rows: dict[str, RollRow] = {}
        self._person_timer: Timer | None = None

    @property
    def _list(self) -> LineList:
        return self.query_one("#roll", LineList)

    # What is shown

    def body(self) -> ComposeResult:
        yield Lines(id="standing")
        with Horizontal():
            yield LineList(
                Column(_("Name"), 12, share=1),
                Column(_("No."), 6),
                Column(_("Roll"), 8, tinted=True),
                Column(_("Time"), 5),
                Column(_("Room"), 4),
                Column(_("Fine"), 7, right=True),
                id="roll",
            )
            yield Lines(id="person")
        yield Finder()

    def refresh_data(self) -> None:
        night = self.night
        if night != self._shown:
            self._shown, self._in_order, self._director_no = night, False, None
        board = {row.staff_no: row for row in roll.board(self.session, night)}
        # The unmarked stand first when the roll is opened; a mark moves nobody after that.
        anew = not self._in_order or _teams(board) != _teams(self._rows)
        self._rows = board if anew else {number: board[number] for number in self._rows}
        self._in_order = True
        self._counts = roll.summary(board.values())
        self._read_briefing()
        self._list.set_rows(self._list_rows())
        if anew:
            self._to_first_unmarked()
        self._show_standing()
        self._show_person()

    def _list_rows(self) -> Iterator[Row]:
        sought = self.query_one(Finder).sought
        team: str | None = ""
        for row in self._rows.values():
            if sought and not pinyin.matches(sought, row.name, row.staff_no, row.initials):
                continue
            if row.team != team:
                team = row.team
                yield team_row(self.session, team, self._counts, self._told.get(team))
            yield roll_row(self.session, row)

    def _show_row(self, row: RollRow) -> None:
        """Repaints one staffer's line, and the counts of their team and of all."""
        self._counts = recounted(self._counts, self._rows[row.staff_no], row)
        self._rows[row.staff_no] = row
        told_at = self._told.get(row.team)
        title = team_row(self.session, row.team, self._counts, told_at)
        for each in (roll_row(self.session, row), title):
            with suppress(KeyError):  # found by a name that was changed meanwhile
                self._list.update_row(each)
        self._show_standing()

    def _show_standing(self) -> None:
        director = self._briefing.director_no if self._briefing else self._director_no
        name = directory.name_of(director) if director is not None else None
        lines = [
            counts_line(self.session, self.night, self._briefing, self._counts),
            work_line(self._briefing, name),
        ]
        self.query_one("#standing", Lines).set_lines(lines)

    def _show_person(self) -> None:
        lines = [line(_("Nobody here"), "muted")]
        if (row := self.selected) is not None:
            history = roll.history(self.session, row.staff_no, self.night)
            lines = person_lines(self.session, self.night, row, history)
        self.query_one("#person", Lines).set_lines(lines)

    def on_line_list_highlighted(self) -> None:
        if self._person_timer is not None:
            self._person_timer.stop()
        self._person_timer = self.set_timer(_PERSON_AFTER, self._show_person)

    def on_finder_sought(self, event: Finder.Sought) -> None:
        if self._called_from is None:
            self._called_from = self._list.cursor_key
        self._list.set_rows(self._list_rows())
        if event.text or self._called_from is None:
            self._to_first_unmarked()
            return
        # Back to where the roll had got to before somebody was looked for.
        self._list.move_to(self._called_from)
        self._called_from = None
        if (row := self.selected) is not None and not row.unmarked:
            self._to_next()

    def _to_first_unmarked(self) -> None:
        people = [row.key for row in self._list.rows if not row.group]
        unmarked = next((key for key in people if self._rows[key].unmarked), None)
        if people:
            self._list.move_to(unmarked or people[0])

    def on_screen_suspend(self) -> None:
        if self.venue_app.current_mode != self.where:
            self._in_order = False

    def on_screen_resume(self) -> None:
        if self.is_mounted and not self._in_order:
            self.refresh_data()

    def tick(self) -> None:
        if not self.query(LineList):
            return  # the program is ending
        if self.night != self._shown:
            self.refresh_data()
        super().tick()
        self._show_standing()

    @property
    def selected(self) -> RollRow | None:
        key = self._list.cursor_key
        return None if key is None else self._rows[key]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("mark", "make_up", "correct", "unmark", "tell", "posts"):
            return True if self._rows else None
        return super().check_action(action, parameters)

    # Marking

    def _show_marked(self, marked: Marked) -> RollRow:
        row = self._rows[marked.staff_no].after(marked)
        if marked.opened:
            self._read_briefing()
        self._show_row(row)
        # All that was written is shown, so there is nothing to read again for, unless somebody
        # else has written something, too.
        written = int(marked.changed) + int(marked.opened)
        if self.session.database_changes() == self._seen_changes + written:
            self._seen_changes += written
        return row

    def _keep(self, marked: Marked, row: RollRow, *, quiet: bool = True) -> None:
        self.did(sentence_of(self.session, row), partial(self._take_back, marked), quiet=quiet)

    def _take_back(self, marked: Marked) -> None:
        roll.undo(self.session, marked)
        self._list.move_to(marked.staff_no)

    def _to_next(self) -> None:
        """Goes to the next unmarked staffer; past the last one, to those passed over, who are
        put first again."""
        here = self._list.cursor_key
        key = self._list.next_key(lambda row: self._rows[row.key].unmarked)
        if key is None:
            if not self._counts.unmarked:
                self.say(_("Everybody is marked."))
                return
            # What was looked for is marked: the roll goes on where it was.
            finder = self.query_one(Finder)
            finder.value = ""
            finder.remove_class("-open")
            return
        numbers = list(self._rows)
        if here is not None and numbers.index(key) < numbers.index(here):
            self._in_order = False
            self.refresh_data()
        else:
            self._list.turn_to(key)

    def _by_the_clock(self) -> RollRow | None:
        """Who is selected, if the clock can say when they came."""
        if self.night < self.session.tonight():
            self.complain(_("That night is past: put the time right instead (t)."))
            return None
        return self.selected

    def action_mark(self) -> None:
        row = self._by_the_clock()
        if row is None:
            return
        with self.refusals_shown():
            marked = roll.mark(
                self.session, row.staff_no, self.night, director_no=self._director_no
            )
            row = self._show_marked(marked)
            if marked.changed:
                self._keep(marked, row)
            else:
                words = {"name": row.name, "time": clock(self.session, row.signs.arrived_at)}
                self.say(_("%(name)s was marked already, at %(time)s.") % words)
            self._to_next()

    def action_make_up(self) -> None:
        row = self._by_the_clock()
        if row is None:
            return
        with self.refusals_shown():
            marked = roll.make_up(
                self.session, row.staff_no, self.night, director_no=self._director_no
            )
            row = self._show_marked(marked)
            if marked.changed:
                self._keep(marked, row)
            words = {
                "name": row.name,
                "time": clock(self.session, row.signs.made_up_at),
                "rooms": " ".join(self._rooms_of(row.staff_no)),
                "outcome": word(row.outcome),
                "fine": format_money(row.fine),
            }
            if not marked.changed:
                self.say(_("%(name)s signed already, at %(time)s.") % words)
            elif row.outcome is Outcome.MADE_UP:
                self.say(_("%(name)s: made up, room %(rooms)s bears it out.") % words)
            elif not row.room:
                self.complain(_("%(name)s has no room tonight: %(outcome)s, %(fine)s.") % words)
            else:
                self.say(_("%(name)s signed; they are %(outcome)s anyway.") % words)
            self._to_next()

    def _rooms_of(self, staff_no: str) -> list[str]:
        return [
            each.place
            for each in roll.history(self.session, staff_no, self.night).bookings
            if each.kind == "room" and each.status in bookings.STANDING
        ]

    def on_line_list_selected(self) -> None:
        self.action_correct()

    def action_correct(self) -> None:
        from venue_tui.screens.roll.forms import CorrectSigns

        row = self.selected
        if row is not None:
            form = CorrectSigns(self.session, self.night, row)
            self.app.push_screen(form, self._corrected)

    def _corrected(self, marked: Marked | None) -> None:
        if marked is None:
            return
        if marked.staff_no not in self._rows:  # taken off the roll while the form was open
            self.refresh_data()
            return
        row = self._show_marked(marked)
        if marked.changed:
            self._keep(marked, row, quiet=False)
        else:
            self.say(_("Nothing was changed."))
        self._show_person()

    def action_unmark(self) -> None:
        row = self.selected
        if row is None:
            return
        with self.refusals_shown():
            marked = roll.unmark(self.session, row.staff_no, self.night)
            row = self._show_marked(marked)
            if marked.changed:
                self._keep(marked, row, quiet=False)
            else:
                self.say(_("%(name)s has given no sign.") % {"name": row.name})
            self._show_person()


def _teams(rows: dict[str, RollRow]) -> dict[str, str | None]:
    return {number: row.team for number, row in rows.items()}
