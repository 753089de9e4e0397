"""What is done to a briefing as a whole: closed, assigned, passed on; and the night ended."""

from collections.abc import Callable
from datetime import date
from functools import partial

from models.operations import briefings, directory, roll_board, unheld_briefings
from models.operations.briefings import Assigned, BriefingRow
from models.operations.charge_preview import foresee
from models.operations.roll_board import RollRow, Summary
from models.rules.charges import Outcome
from models.values.money import format_money
from models.values.nights import Instant
from models.values.problems import Refused
from venue_tui.locale import _, ngettext
from venue_tui.screens.shared.clock import clock
from venue_tui.screens.shared.night import NightScreen


class BriefingScreen(NightScreen):
    """A screen about one night's briefing, tonight's at first. A subclass says who is selected,
    and calls `_read_briefing` when it reads its data."""

    def __init__(self) -> None:
        super().__init__()
        self._counts: Summary = roll_board.summary(())
        self._briefing: BriefingRow | None = None
        self._director_no: str | None = None
        """Who is said to run a night whose briefing has not been opened yet."""
        self._told: dict[str | None, Instant] = {}
        """When each team said that its resting colleagues were told."""

    def _read_briefing(self) -> None:
        self._briefing = briefings.briefing(self.session, self.night)
        self._told = briefings.told(self.session, self.night)

    @property
    def selected(self) -> RollRow | None:
        """Who is selected."""
        raise NotImplementedError

    @property
    def uncalled_names(self) -> int:
        """How many names have yet to be called, in a first call that lasts."""
        raise NotImplementedError

    # The briefing and the night

    def action_close(self) -> None:
        from venue_tui.screens.roll.closing import closing_screen

        if self._briefing is not None and self._briefing.closed_at is not None:
            self._ask_to_reopen()
            return
        night = self.night
        closing = briefings.closing(self.session, night)

        def answered(sure: bool | None) -> None:
            if sure:
                self._close(night)

        self.app.push_screen(closing_screen(self.session, closing, self.uncalled_names), answered)

    def _close(self, night: date) -> None:
        with self.refusals_shown():
            closed = briefings.close(self.session, night, director_no=self._director_no)
            due = briefings.closing(self.session, night)
            words = {
                "time": clock(self.session, closed.closed_at),
                "n": len(due.fines),
                "sum": format_money(due.due),
            }
            said = ngettext(
                "The briefing is closed at %(time)s: %(n)d fine, %(sum)s.",
                "The briefing is closed at %(time)s: %(n)d fines, %(sum)s.",
                len(due.fines),
            )
            self.did(said % words, partial(briefings.undo_close, self.session, closed))
        self.refresh_data()

    def _ask_to_reopen(self) -> None:
        from venue_tui.widgets.dialogs import Confirm

        night = self.night
        at = self._briefing.closed_at if self._briefing else None
        title = _("The briefing was closed at %(time)s.") % {"time": clock(self.session, at)}
        lines = [
            _("Opened again, it lets whoever comes until it is closed be late, not missing."),
            *self._named(partial(briefings.reopen, self.session, night)),
        ]

        def answered(sure: bool | None) -> None:
            if not sure:
                return
            with self.refusals_shown():
                closed = briefings.reopen(self.session, night)
                said = _("The briefing is open again.")
                self.did(said, partial(briefings.undo_close, self.session, closed))
            self.refresh_data()

        self.app.push_screen(
            Confirm(title, lines, yes=_("Open it again"), no=_("Leave it closed")), answered
        )

    def _named(self, change: Callable[[], object]) -> list[str]:
        """What a change does to what is charged, a line each; nothing where it would be refused,
        which is said when it is asked for."""
        from venue_tui.charge_words import lines_of

        try:
            return lines_of(self.session, foresee(self.session, change))
        except Refused:
            return []

    def action_not_held(self) -> None:
        from venue_tui.screens.roll.closing import not_held_screen

        night = self.night
        if self._briefing is None:
            self.say(_("No briefing was held that night."))
            return

        def answered(sure: bool | None) -> None:
            if not sure:
                return
            with self.refusals_shown():
                taken = unheld_briefings.not_held(self.session, night)
                said = _("No briefing was held on %(night)s.") % {"night": night.isoformat()}
                self.did(said, partial(unheld_briefings.undo_not_held, self.session, taken))
            self.refresh_data()

        rows = roll_board.board(self.session, night)
        self.app.push_screen(not_held_screen(self.session, night, rows), answered)

    def action_assign(self) -> None:
        from venue_tui.screens.roll.forms import AssignmentForm

        night = self.night
        before = self._briefing.assignment if self._briefing is not None else None

        def written(assigned: Assigned | None) -> None:
            if assigned is None:
                return
            if assigned.changed:
                undo = partial(briefings.undo_assign, self.session, assigned)
                self.did(_("The night's work is written down."), undo)
            else:
                self.say(_("Nothing was changed."))
            self.refresh_data()

        form = AssignmentForm(self.session, night, before or "", self._director_no)
        self.app.push_screen(form, written)

    def action_posts(self) -> None:
        if (row := self.selected) is not None:
            from venue_tui.screens.roll.posts import give_post

            give_post(self, row.staff_no, row.name, self.night)

    def action_look(self) -> None:
        if (row := self.selected) is not None:
            from venue_tui.screens.roll.grooming import tick_look

            tick_look(self, row, self.night)

    def action_tell(self) -> None:
        row, night = self.selected, self.night
        if row is None:
            return
        team = row.team
        words = {"team": team or _("no team")}
        if not self._counts.teams[team][Outcome.REST]:
            self.say(_("%(team)s: nobody rests.") % words)
            return
        told = team not in self._told
        with self.refusals_shown():
            briefings.tell(self.session, team, told, night)
            said = (
                _("%(team)s has told its resting colleagues.")
                if told
                else _("%(team)s has not told its resting colleagues.")
            )
            self.did(said % words, partial(briefings.tell, self.session, team, not told, night))
        self.refresh_data()

    def action_director(self) -> None:
        from venue_tui.screens.shared.people import pick_staffer

        held, night = self._briefing, self.night

        def picked(staff_no: str) -> None:
            said = _("%(name)s runs the night.") % {"name": directory.name_of(staff_no)}
            if held is None:
                self._director_no = staff_no
                self.say(said)
                self.refresh_data()
                return
            with self.refusals_shown():
                was = briefings.set_director(self.session, staff_no, night)
                self.did(said, partial(briefings.set_director, self.session, was, night))
            self.refresh_data()

        start = held.director_no if held is not None else self._director_no
        pick_staffer(self, _("Who runs the night?"), picked, start=start)

    def action_end_night(self) -> None:
        from venue_tui.screens.roll.closing import ending_screen
        from venue_tui.widgets.dialogs import Confirm

        held, night = self._briefing, self.night
        if held is None:
            self.say(_("No briefing was held that night."))
        elif held.night_closed:
            title = _("The night was ended early.")
            lines = [
                _("Taken back, whoever gave no sign has time again until it is over."),
                *self._named(partial(briefings.reopen_night, self.session, night)),
            ]
            question = Confirm(title, lines, yes=_("Take it back"), no=_("Leave it so"))
            self.app.push_screen(question, partial(self._end_night, night, ended=False))
        elif held.over:
            self.say(_("The night is over."))
        else:
            question_ = ending_screen(self.session, briefings.closing(self.session, night))
            self.app.push_screen(question_, partial(self._end_night, night, ended=True))

    def _end_night(self, night: date, sure: bool | None, *, ended: bool) -> None:
        if not sure:
            return
        end, resume = briefings.close_night, briefings.reopen_night
        with self.refusals_shown():
            if ended:
                end(self.session, night)
                self.did(_("The night is ended."), partial(resume, self.session, night))
            else:
                resume(self.session, night)
                self.did(_("The night goes on."), partial(end, self.session, night))
        self.refresh_data()
