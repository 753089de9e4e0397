"""Calling the roll: what each key does to the staffer whose name is called."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from models.access.permissions import require_not_own
from models.operations import bookings, first_call, roll, roll_board
from models.operations.first_call import Calling, Passed
from models.operations.roll import NO_SIGN, Marked
from models.operations.roll_board import RollRow
from models.rules.charges import Outcome
from models.rules.judgement import briefing_due
from models.values.money import format_money
from venue_tui.locale import _, ngettext
from venue_tui.screens.roll.briefing import BriefingScreen
from venue_tui.screens.roll.lines import chip, sentence_of
from venue_tui.screens.roll.team_blocks import TeamBlocks
from venue_tui.screens.shared.clock import clock
from venue_tui.widgets.dialogs import Confirm
from venue_tui.words import listed


class MarkingScreen(BriefingScreen):
    """A screen on which the roll is called. A subclass shows the board, and who is marked."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: date | None = None
        self._rows: dict[str, RollRow] = {}
        self._call_ended = False
        self._run: set[str] = set()
        """Names that were passed here, one after the other, before the briefing was opened."""

    # For the subclass to write

    @property
    def board(self) -> TeamBlocks:
        """The board on which they stand."""
        raise NotImplementedError

    def show_row(self, row: RollRow) -> None:
        """Repaints one staffer's line, and their team's tally; what counts them all follows by
        `show_standing`."""
        raise NotImplementedError

    def show_standing(self) -> None:
        """Repaints what is said of the roll as a whole."""
        raise NotImplementedError

    def show_person(self) -> None:
        """Tells of who is selected."""
        raise NotImplementedError

    # Which call it is

    @property
    def to_call(self) -> int:
        """How many names have yet to be called."""
        return self._counts.uncalled - len(self._run)

    @property
    def first_call(self) -> bool:
        """Whether the first call lasts, as it is shown."""
        return self.is_tonight and not self._call_ended and (self.to_call > 0 or not self._rows)

    @property
    def uncalled_names(self) -> int:
        return self.to_call if self.first_call else 0

    def uncalled(self, row: RollRow) -> bool:
        """Whether their name has yet to be called, as it is shown."""
        return row.uncalled and row.staff_no not in self._run

    def _calling(self, *rows: RollRow) -> Calling:
        """What is seen of the first call as these are marked."""
        left = self.to_call - sum(self.uncalled(row) for row in rows)
        return Calling(self.first_call, frozenset(self._run), self.first_call and left == 0)

    def look_about(self) -> None:
        """The cursor is moved otherwise than on to the next name: the names gone past before the
        briefing was opened were not called."""
        if self._run:
            gone, self._run = self._run, set()
            for number in gone:
                self.show_row(self._rows[number])
            self.show_standing()

    def keep_run(self) -> None:
        """Writes down who was passed before the briefing was opened, now that it is."""
        if self._run and self._briefing is not None:
            gone, self._run = self._run, set()
            if not self._call_ended:
                with self.refusals_shown():
                    first_call.pass_over(self.session, self.night, gone)
                self._rows |= {n: self._rows[n]._replace(passed=True) for n in gone}

    def action_next(self) -> None:
        """Passes on to the next name; where nobody is called any more, just goes on."""
        row = self.selected
        if row is None or not self._is_shown():
            return
        if not (self.first_call and row.unmarked):
            self.look_about()
            self.board.step()
            return
        if self.uncalled(row):
            self._pass(row)
        self._to_next()

    def _pass(self, row: RollRow) -> None:
        if self._briefing is None:
            self._run.add(row.staff_no)
            self.show_row(row)
            self.show_standing()
            if not self.first_call:
                self.say(self._over())
            return
        last = self.to_call == 1
        with self.refusals_shown():
            done = first_call.pass_over(self.session, self.night, [row.staff_no], last=last)
            self.show_row(row._replace(passed=True))
            if done.ended:
                self._call_ended = True
                self.did(self._over(), partial(self._undo_pass, done))
            self._saw(done.lines)
            self.show_standing()

    def _undo_pass(self, done: Passed) -> None:
        first_call.undo_pass(self.session, done)
        self.board.move_to(done.staff_nos[0])

    def _over(self) -> str:
        n = self._counts.outcomes[Outcome.PENDING]
        said = ngettext(
            "The first call is over: %(n)d did not answer.",
            "The first call is over: %(n)d did not answer.",
            n,
        )
        return said % {"n": n}

    def action_first_call(self) -> None:
        if not self._is_shown():
            return
        if not self.first_call:
            self.say(_("The first call is over."))
            return
        with self.refusals_shown():
            ended = first_call.end(self.session, self.night, self._director_no)
            self.did(self._over(), partial(first_call.undo_end, self.session, ended))
        self.refresh_data()

    # Marking

    def _is_shown(self, asked_of: date | None = None) -> bool:
        """Whether what is on the screen is the night that a key acts on, and that a question was
        asked of, which may have stood open over the change of nights."""
        if self.night == self._shown and asked_of in (None, self.night):
            return True
        self.refresh_data()
        self.complain(_("A new night has begun. Look first, then press the key again."))
        return False

    def _by_the_clock(self) -> RollRow | None:
        """Who is selected, if the clock can say when they came."""
        if not self._is_shown():
            return None
        if self.night < self.session.tonight():
            self.complain(_("That night is past: correct the times instead (e)."))
            return None
        return self.selected

    def _saw(self, lines: Sequence[int]) -> None:
        """Takes note of the lines of the trail that were written here, all of which are shown:
        there is nothing to read again for, unless somebody else wrote some before them."""
        if lines and lines[0] == self._seen_changes + 1:
            self._seen_changes = lines[-1]

    def show_marked(self, *marks: Marked) -> RollRow | None:
        """Shows what became of them, and returns the last one's row; None where they aren't on the
        roll that is shown."""
        for marked in marks:
            for number in (*marked.passed, marked.staff_no):
                self._run.discard(number)
            if marked.night != self._shown or marked.staff_no not in self._rows:
                self.refresh_data()  # another night began, or they were taken off the roll
                continue
            if marked.opened:
                self._read_briefing()
            self._call_ended = self._call_ended or marked.ended_call
            for number in marked.passed:
                if number != marked.staff_no:
                    self.show_row(self._rows[number]._replace(passed=True))
            self.show_row(self._rows[marked.staff_no].after(marked))
            self._saw(marked.lines)
        self.show_standing()
        return self._rows.get(marks[-1].staff_no)

    def keep(self, *marks: Marked, quiet: bool = True) -> None:
        """Keeps how to undo them, and says what they come to unless `quiet`."""
        changed = [marked for marked in marks if marked.changed]
        if not changed:
            return
        rows = [self._rows[each.staff_no] for each in changed if each.staff_no in self._rows]
        night, held = changed[0].night, self._briefing
        said = listed(sentence_of(self.session, night, held, row) for row in rows)
        self.did(said, partial(self._take_back, changed), quiet=quiet)

    def _take_back(self, marks: Sequence[Marked]) -> None:
        roll.undo_all(self.session, marks)
        self.board.move_to(marks[0].staff_no)

    def _to_next(self) -> None:
        """Goes on to the next name; past the last one, to those who have yet to be called, and
        when all have been, to whoever isn't marked."""
        if self.after_finding():
            return
        keys = self.board.keys
        if not keys:
            return
        here = keys.index(self.board.cursor_key or keys[0])
        below = (key for key in keys[here + 1 :] if self._rows[key].unmarked)
        above = [key for key in keys[: here + 1] if self._rows[key].unmarked]
        to = next(below, None)
        if to is None and self.first_call:
            to = next((key for key in above if self.uncalled(self._rows[key])), None)
        to = to or next(iter(above), None)
        if to is not None:
            self.board.move_to(to)
        elif not self._counts.unmarked:
            self.say(_("Everybody is marked."))

    @property
    def finding(self) -> bool:
        """Whether somebody is being looked for."""
        raise NotImplementedError

    def after_finding(self) -> bool:
        """Puts the roll back where it was, if somebody was looked for; whether that was so."""
        raise NotImplementedError

    def action_mark(self) -> None:
        row = self._by_the_clock()
        if row is None:
            return
        with self.refusals_shown():
            marks = roll.here(
                self.session, [row.staff_no], self.night, self._calling(row), self._director_no
            )
            row = self.show_marked(*marks) or row
            # The light goes back from whom somebody looked for: it isn't there to be seen.
            self.keep(*marks, quiet=not self.finding)
            if not marks[0].changed:
                words = {"name": row.name, "time": clock(self.session, row.signs.arrived_at)}
                self.say(_("%(name)s was marked already, at %(time)s.") % words)
            self._tell_of_room(row)
            self._to_next()
            return
        self.refresh_data()

    def _tell_of_room(self, row: RollRow) -> None:
        if row.outcome in (Outcome.LATE, Outcome.MISSED) and row.room:
            words = {"name": row.name, "rooms": " ".join(self._rooms_of(row.staff_no))}
            self.say(_("%(name)s holds room %(rooms)s: m would excuse them.") % words)

    def action_late(self) -> None:
        row = self._by_the_clock()
        if row is None:
            return
        with self.refusals_shown():
            marked = roll.mark(
                self.session,
                row.staff_no,
                self.night,
                director_no=self._director_no,
                calling=self._calling(row),
            )
            row = self.show_marked(marked) or row
            self.keep(marked)
            words = {"name": row.name, "time": clock(self.session, row.signs.arrived_at)}
            if not marked.changed:
                self.say(_("%(name)s was marked already, at %(time)s.") % words)
            elif row.outcome is Outcome.PRESENT:
                self.say(_("%(name)s is here in time: it is %(time)s.") % words)
            self._tell_of_room(row)
            self._to_next()

    def action_team(self) -> None:
        row = self._by_the_clock()
        if row is None:
            return
        night, calling = self.night, self.first_call
        team = [each for each in self._rows.values() if each.team == row.team and each.unmarked]
        words = {"team": row.team or _("no team")}
        if not team:
            self.say(_("%(team)s: everybody is marked.") % words)
            return
        due = 0
        if not calling:
            signs = NO_SIGN._replace(arrived_at=self.session.now())
            due = sum(roll.foresee(self.session, each.staff_no, night, signs).fine for each in team)

        def do(sure: bool | None = True) -> None:
            if sure and self._is_shown(night):
                with self.refusals_shown():
                    self._mark_team(team, night)
                    return
                self.refresh_data()

        if not due:
            do()
            return
        names = [f"{each.name} ({each.staff_no})" for each in team]
        title = _("Mark all of %(team)s who are not marked: late by the clock?") % words
        total = _("Fines: %(n)d, %(sum)s") % {"n": len(team), "sum": format_money(due)}
        self.app.push_screen(Confirm(title, [total, *names], yes=_("Mark them")), do)

    def _mark_team(self, team: list[RollRow], night: date) -> None:
        marks = roll.here(
            self.session,
            [each.staff_no for each in team],
            night,
            self._calling(*team),
            self._director_no,
        )
        self.show_marked(*marks)
        n = sum(marked.changed for marked in marks)
        said = ngettext("%(team)s: %(n)d marked.", "%(team)s: %(n)d marked.", n) % {
            "team": team[0].team or _("no team"),
            "n": n,
        }
        changed = [marked for marked in marks if marked.changed]
        self.did(said, partial(self._take_back, changed) if changed else None)
        self._to_next()

    def action_make_up(self) -> None:
        row = self._by_the_clock()
        if row is None:
            return
        now, night = self.session.now(), self.night
        words = {
            "name": row.name,
            "time": clock(self.session, row.signs.made_up_at),
            "outcome": chip(row.outcome),
            "fine": format_money(row.fine),
        }
        if row.signs.made_up_at is not None:
            self.say(_("%(name)s signed already, at %(time)s.") % words)
            return
        if row.outcome in (Outcome.PRESENT, Outcome.REST):
            self.complain(
                _("%(name)s is %(outcome)s: a make-up sign would change nothing.") % words
            )
            return
        signs = row.signs._replace(made_up_at=now)
        foreseen = roll.foresee(self.session, row.staff_no, night, signs)
        due = briefing_due(night, self.session.book(night), self.session.calendar)

        def do(sure: bool | None = True) -> None:
            if sure and self._is_shown(night):
                self._make_up(row)

        if foreseen.outcome is Outcome.MADE_UP and now > due:
            do()
            return
        lines = []
        if now <= due:
            lines.append(
                _("Whoever comes before the briefing is here: space. A sign helps only after it.")
            )
        if not foreseen.room:
            lines.append(_("There is no room of theirs tonight that would excuse them."))
        outcome = foreseen.outcome or row.outcome
        words |= {"outcome": chip(outcome), "fine": format_money(foreseen.fine)}
        lines.append(
            _("They would be: %(outcome)s, %(fine)s.") % words
            if foreseen.fine
            else _("They would be: %(outcome)s.") % words
        )
        title = _("A make-up sign of %(name)s all the same?") % words
        self.app.push_screen(Confirm(title, lines, yes=_("Sign")), do)

    def _make_up(self, row: RollRow) -> None:
        with self.refusals_shown():
            marked = roll.make_up(
                self.session,
                row.staff_no,
                self.night,
                director_no=self._director_no,
                calling=self._calling(row),
            )
            row = self.show_marked(marked) or row
            self.keep(marked)
            words = {
                "name": row.name,
                "rooms": " ".join(self._rooms_of(row.staff_no)),
                "outcome": chip(row.outcome),
                "fine": format_money(row.fine),
            }
            if row.outcome is Outcome.MADE_UP:
                self.say(_("%(name)s: made up, covered by room %(rooms)s.") % words)
            elif row.fine:
                self.complain(_("%(name)s has no room tonight: %(outcome)s, %(fine)s.") % words)
            self._to_next()

    def _rooms_of(self, staff_no: str) -> list[str]:
        return [
            each.place
            for each in roll_board.history(self.session, staff_no, self.night).bookings
            if each.kind == "room" and each.status in bookings.STANDING
        ]

    # Putting right

    def action_correct(self) -> None:
        from venue_tui.screens.roll.forms import CorrectSigns

        row = self.selected
        if row is None or not self._is_shown():
            return
        with self.refusals_shown():
            require_not_own(self.session, row.staff_no)
            form = CorrectSigns(self.session, self.night, row, self._calling(row))
            self.app.push_screen(form, self._corrected)

    def _corrected(self, marked: Marked | None) -> None:
        if marked is None:
            return
        self.show_marked(marked)
        if marked.changed:
            self.keep(marked, quiet=False)
        else:
            self.say(_("Nothing was changed."))
        self.show_person()

    def action_unmark(self) -> None:
        row = self.selected
        if row is None or not self._is_shown():
            return
        night = self.night
        if row.signs == NO_SIGN:
            self.say(_("%(name)s has given no sign.") % {"name": row.name})
            return
        foreseen = roll.foresee(self.session, row.staff_no, night, NO_SIGN)

        def do(sure: bool | None = True) -> None:
            if sure and self._is_shown(night):
                with self.refusals_shown():
                    marked = roll.unmark(self.session, row.staff_no, night)
                    self.show_marked(marked)
                    self.keep(marked, quiet=False)
                    self.show_person()

        if foreseen.fine <= row.fine or foreseen.outcome is None:
            do()
            return
        words = {
            "name": row.name,
            "outcome": chip(foreseen.outcome),
            "fine": format_money(foreseen.fine),
        }
        title = _("Clear the marks of %(name)s?") % words
        lines = [_("They would be: %(outcome)s, %(fine)s.") % words]
        self.app.push_screen(Confirm(title, lines, yes=_("Clear them")), do)
