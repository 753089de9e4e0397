"""What is done to slips: asked for, decided, taken back; and who goes out and comes back."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial

from models.operations import directory, outings, slip_board
from models.operations.outings import DecidedOuting, Gone
from models.operations.slip_board import OutingRow
from venue_tui.locale import _
from venue_tui.screens.outings.forms import (
    AskForSlip,
    CorrectTimes,
    GoWithoutSlip,
    cost_sentence,
)
from venue_tui.screens.shared.charge_preview import once_named, once_named_as
from venue_tui.screens.shared.clock import clock
from venue_tui.screens.shared.night import NightScreen
from venue_tui.screens.shared.people import anybody
from venue_tui.screens.shared.sentences import fines, with_more
from venue_tui.widgets.dialogs import Confirm
from venue_tui.widgets.reason_prompt import ReasonPrompt
from venue_tui.words import word


class SlipActionsScreen(NightScreen):
    """A screen on which one slip is selected, and what each key does to it."""

    # For the subclass to write

    def selected(self) -> OutingRow | None:
        """The slip that the keys are about."""
        raise NotImplementedError

    def were_out(self) -> Iterable[OutingRow]:
        """Who is or was out in the night."""
        raise NotImplementedError

    def show_on(self, column: str, slip_no: str) -> None:
        """Shows tonight, and selects the slip there in that column."""
        raise NotImplementedError

    def follow_slip(self, slip_no: str, *, along: bool = False) -> None:
        """Selects the slip in the column where it stands now; the light stays where it was, on what
        waits there, and goes `along` if it should, or from a column that is empty."""
        raise NotImplementedError

    # What is done to a slip

    def action_new(self) -> None:
        if not anybody(self):
            return

        def asked(slip_no: str | None) -> None:
            if slip_no is None:
                return
            row = slip_board.slip(self.session, slip_no)
            self.did(
                _("Asked for a slip: %s") % row.name,
                lambda: outings.withdraw(self.session, slip_no),
            )
            self.show_on("asked", slip_no)

        self.app.push_screen(AskForSlip(self.session), asked)

    def action_approve(self) -> None:
        if row := self.selected():
            self.program.begin(self, self._decide(row, outings.approve))

    def action_reject(self) -> None:
        if row := self.selected():
            self.program.begin(self, self._reject(row))

    async def _reject(self, row: OutingRow) -> None:
        about = [with_more(row.name, row.reason)]
        prompt = ReasonPrompt(_("Reject this slip: why?"), about)
        reason: str | None = await self.program.push_screen_wait(prompt)
        if reason is not None:
            await self._decide(row, outings.reject, reason)

    async def _decide(
        self, row: OutingRow, decide: Callable[..., DecidedOuting], reason: str | None = None
    ) -> None:
        done = await once_named_as(
            self,
            lambda by: decide(self.session, row.slip_no, by=by, reason=reason),
            row.staff_no,
            _fined_in(row),
        )
        if done is not None:
            self._decided(row, done)

    def action_withdraw(self) -> None:
        if row := self.selected():
            self.program.begin(self, self._change(row, outings.withdraw))

    def action_reopen(self) -> None:
        if row := self.selected():
            self.program.begin(self, self._change(row, outings.undecide))

    async def _change(self, row: OutingRow, change: Callable[..., DecidedOuting]) -> None:
        do = partial(change, self.session, row.slip_no)
        done = await once_named(self, do, row.staff_no, _fined_in(row))
        if done is not None:
            self._decided(row, done)

    def _decided(self, row: OutingRow, done: DecidedOuting) -> None:
        if not done.changed:
            self.say(_("%(name)s's slip is %(status)s already; nothing changed.")
                     % {"name": row.name, "status": word(done.status)})  # fmt: skip
            return
        sentence = {
            "approved": _("Approved: the slip of %s"),
            "rejected": _("Rejected: the slip of %s"),
            "withdrawn": _("Withdrawn: the slip of %s"),
            "requested": _("Waits for a decision again: the slip of %s"),
        }[done.status]
        said = sentence % row.name
        lines = [said, *fines(self.session, done.changes)]
        if done.status == "approved" and row.out_at is not None:
            lines.append(_("They had gone out before: that isn't excused."))
        self.did("\n".join(lines), lambda: self._undo_decision(row.slip_no, done))
        self.refresh_data()
        self.follow_slip(row.slip_no)

    def _undo_decision(self, slip_no: str, done: DecidedOuting) -> None:
        outings.undo(self.session, done)
        self.refresh_data()
        self.follow_slip(slip_no, along=True)

    def action_print_slip(self) -> None:
        if row := self.selected():
            from venue_tui.exchange.papers import contents
            from venue_tui.screens.shared.papers import Paper, print_papers

            make = partial(contents.slip, self.session, row.slip_no)
            print_papers(self, [Paper(f"slip-{row.slip_no}", _("Outing slip"), make)])

    # Going and coming back

    def action_out(self) -> None:
        row = self.selected()
        if row is None:
            return

        def go(sure: bool | None = True) -> None:
            if sure:
                with self.refusals_shown():
                    self._went(row.name, outings.out(self.session, row.slip_no))

        cents = 0
        if row.out_at is None:
            with self.refusals_shown():
                cents = outings.cost(self.session, row.staff_no, row.slip_no)
        if not cents:
            go()
            return
        title = _("%s has no approved slip. Out all the same?") % row.name
        lines = [cost_sentence(self.session, cents)]
        self.app.push_screen(Confirm(title, lines, yes=_("Goes out"), no=_("Stays")), go)

    def action_correct(self) -> None:
        row = self.selected()
        if row is None:
            return

        def corrected(gone: Gone | None) -> None:
            if gone is None:
                return
            if row.out_at is None:
                self._went(row.name, gone)
                return
            went, came = row.out_at, row.back_at
            said = _("Corrected: the times of %s") % row.name
            undo = partial(outings.correct, self.session, row.slip_no, went, came)
            self.did("\n".join([said, *fines(self.session, gone.changes)]), undo)
            self.refresh_data()

        self.app.push_screen(CorrectTimes(self.session, row), corrected)

    def action_no_slip(self) -> None:
        if not anybody(self):
            return

        def went(gone: Gone | None) -> None:
            if gone is not None:
                self._went(directory.name_of(gone.staff_no), gone)
                self.show_on("out", gone.slip_no)

        self.app.push_screen(GoWithoutSlip(self.session, self.night), went)

    def _went(self, name: str, gone: Gone | None) -> None:
        if gone is None:
            return
        said = _("Out: %(name)s, %(time)s") % {
            "name": name,
            "time": clock(self.session, gone.out_at),
        }
        lines = [said, *fines(self.session, gone.changes)]
        self.did("\n".join(lines), lambda: outings.undo_out(self.session, gone.slip_no))
        self.refresh_data()
        self.follow_slip(gone.slip_no)

    def _to_be_back(self) -> OutingRow | None:
        """The selected one of those out, or the only one; where there are several, it goes over
        to them."""
        row = self.selected()
        if row is not None and row.out_at is not None:
            return row
        still_out = [each for each in self.were_out() if each.back_at is None]
        if len(still_out) == 1:
            return still_out[0]
        self.query_one("#out").focus()
        self.say(_("Choose who is back, and press the key again."))
        return None

    def action_back(self) -> None:
        if row := self._to_be_back():
            with self.refusals_shown():
                self._is_back(row.name, outings.back(self.session, row.slip_no))

    def _is_back(self, name: str, gone: Gone | None) -> None:
        if gone is None or gone.out_at is None or gone.back_at is None:
            return
        self.did(
            _("Back: %(name)s, %(time)s, after %(minutes)d minutes")
            % {
                "name": name,
                "time": clock(self.session, gone.back_at),
                "minutes": (gone.back_at - gone.out_at) // 60,
            },
            lambda: outings.undo_back(self.session, gone.slip_no),
        )
        self.refresh_data()


def _fined_in(row: OutingRow) -> date | None:
    """The night in which a decision on the slip may fine somebody; None while nobody went."""
    return row.night if row.out_at is not None else None
