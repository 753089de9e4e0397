"""Outings: who asked to go out, who may, who is out and for how long."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import ClassVar, cast

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import DescendantFocus

from models.operations import directory, outings, slip_board
from models.operations.outings import DecidedOuting, Gone
from models.operations.slip_board import OutingRow, SlipBoard
from venue_tui.actions import key_name
from venue_tui.locale import N_, _
from venue_tui.screens.outings.forms import (
    AskForSlip,
    CorrectTimes,
    GoWithoutSlip,
    cost_sentence,
)
from venue_tui.screens.outings.lines import approved_rows, asked_rows, detail, out_cells, out_rows
from venue_tui.screens.shared.charge_preview import once_named, once_named_as
from venue_tui.screens.shared.clock import clock
from venue_tui.screens.shared.night import NightScreen
from venue_tui.screens.shared.people import anybody
from venue_tui.screens.shared.sentences import fines, with_more
from venue_tui.widgets.columns import Column
from venue_tui.widgets.dialogs import Confirm
from venue_tui.widgets.finder import Finder
from venue_tui.widgets.keys import bindings, hidden
from venue_tui.widgets.line_list import LineList, Row
from venue_tui.widgets.lines import Line, Lines, line
from venue_tui.widgets.reason_prompt import ReasonPrompt
from venue_tui.widgets.split import Split
from venue_tui.words import word

COLUMNS = ("asked", "approved", "out")


class SlipList(LineList):
    """The slips of a panel: where its cursor can't go on, it goes on in the next panel."""

    def action_move(self, by: int) -> None:
        before = self.cursor_key
        super().action_move(by)
        if self.cursor_key == before:
            cast("OutingsScreen", self.screen).go_beyond(by)


class OutingsScreen(NightScreen):
    """Asked, approved and out, one below the other; below or beside, the selected outing."""

    where = "outings"
    about = N_(
        "Slips to go out during the shift. A slip goes down from panel to panel: asked for,"
        " approved by the direct supervisor or a director, and out, where the minutes are counted"
        " until they are back. The arrows, or Tab, go from panel to panel.\n\n"
        "Whoever goes out before a slip is approved is fined. The line below says what going out"
        " would cost the selected one now; when it costs something, you are asked first. z records"
        " somebody who went without a slip at all.\n\n"
        "e puts right when somebody went out and came back. [ and ] show the nights before and"
        " after."
    )
    BINDINGS: ClassVar = [
        *bindings("outings"),
        *hidden({"left": "column(-1)", "right": "column(1)"}),
    ]
    WHY_NOT: ClassVar = dict.fromkeys(
        ("approve", "reject", "withdraw", "reopen", "out", "correct"),
        N_("No slip is selected here: n asks for one, z is for whoever goes without."),
    ) | {"back": N_("Nobody is out.")}
    OF_NIGHT = frozenset(
        {"approve", "reject", "withdraw", "reopen", "out", "back", "no_slip", "correct"}
    )
    CSS = """
    OutingsScreen #night { height: 1; padding: 0 1; background: $panel; }
    OutingsScreen.-wide Split { grid-columns: 1fr 44; }
    OutingsScreen.-broad Split { grid-columns: 1fr 70; }
    OutingsScreen #asked { height: auto; max-height: 45%; }
    OutingsScreen #approved { height: auto; max-height: 30%; }
    OutingsScreen #out { height: 1fr; }
    OutingsScreen.-short .list > .panel { border: none; border-top: solid $foreground 25%; }
    OutingsScreen.-short .list > .panel:focus { border-top: solid $text-accent; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._board = SlipBoard((), (), (), ())
        self._slips: dict[str, OutingRow] = {}
        self._supervisors: dict[str, str | None] = {}
        self._earlier: dict[str, tuple[OutingRow, ...]] = {}
        """Where each staffer whom the cursor was on had been before, in the month."""
        self._column = "asked"

    def body(self) -> ComposeResult:
        yield Lines(id="night")
        with Split():
            with Vertical(classes="list"):
                for name, columns in _columns().items():
                    yield SlipList(*columns, id=name, opens=False, lit_alone=True, classes="panel")
            yield Lines(id="detail", wraps=True, classes="detail")
        yield Finder()

    # What is shown

    def refresh_data(self) -> None:
        self._earlier.clear()
        self._board = board = slip_board.board(self.session, self.night)
        self._slips = {
            row.slip_no: row for row in (*board.asked, *board.approved, *board.out, *board.dropped)
        }
        entries = directory.employed(self.session.tonight())
        self._supervisors = {each.staff_no: each.supervisor_no for each in entries}
        self._show_columns()

    def _show_columns(self) -> None:
        sought = self.query_one(Finder).sought
        found = directory.found(sought) if sought else None

        def chosen(rows: Iterable[OutingRow]) -> list[OutingRow]:
            return [row for row in rows if found is None or row.staff_no in found]

        board = self._board
        columns = {
            "asked": asked_rows(self.session, chosen(board.asked), chosen(board.dropped)),
            "approved": approved_rows(self.session, chosen(board.approved)),
            "out": out_rows(self.session, chosen(board.out)),
        }
        nobody = [Row("nobody", (_("nobody"),), group=True)]
        for column, rows in columns.items():
            self.query_one(f"#{column}", LineList).set_rows([*rows] or nobody)
        titles = {"asked": _("Asked"), "approved": _("Approved"), "out": _("Out")}
        for column in columns:
            count = sum(not row.group for row in self.query_one(f"#{column}", LineList).rows)
            self.entitle(f"#{column}", titles[column], count)
        self.entitle("#detail", _("Outing"))
        self._show_night()
        self._show_selected()
        self.call_after_refresh(self._keep_light)

    def _keep_light(self) -> None:
        """Takes the light on from a column that another terminal emptied."""
        lists = [self.query_one(f"#{column}", LineList) for column in COLUMNS]
        if self.focused in lists and self._list().bare:
            to = next((each for each in lists if not each.bare), None)
            if to is not None:
                to.focus()

    def _show_night(self) -> None:
        board = self._board
        still_out = sum(row.back_at is None for row in board.out)
        counts = _("asked %(asked)d, approved %(approved)d, out %(out)d, back %(back)d") % {
            "asked": len(board.asked),
            "approved": len(board.approved),
            "out": still_out,
            "back": len(board.out) - still_out,
        }
        self.query_one("#night", Lines).set_lines([(*self.night_line(), (f"   {counts}", ""))])

    def tick(self) -> None:
        super().tick()
        self._show_minutes()

    def _show_minutes(self) -> None:
        """Counts the minutes of those who are out on."""
        line_list, now = self.query_one("#out", LineList), self.session.now()
        for row in line_list.rows:
            slip = self._slips.get(row.key)
            if slip is not None and slip.back_at is None:
                line_list.update_row(row._replace(cells=out_cells(self.session, slip, now)))
        self._show_selected()

    def _list(self) -> LineList:
        return self.query_one(f"#{self._column}", LineList)

    def _selected(self) -> OutingRow | None:
        return self._slips.get(self._list().cursor_key or "")

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        if event.widget.id in COLUMNS:
            self._column = event.widget.id
            self._show_selected()
            self.refresh_bindings()

    def on_line_list_highlighted(self, event: LineList.Highlighted) -> None:
        if event.line_list.id == self._column:
            self._show_selected()
            self.refresh_bindings()

    def on_finder_sought(self) -> None:
        self._show_columns()

    def _show_selected(self) -> None:
        lines: list[Line] = []
        if not self._slips:
            keys = self.program.keys_by_id()
            said = _("Nobody asked to go out. %(new)s asks for a slip; %(no_slip)s writes down who"
                     " goes without one.")  # fmt: skip
            names = {"new": "outings.new", "no_slip": "outings.no-slip"}
            lines = [line(said % {name: key_name(keys[id_]) for name, id_ in names.items()})]
        if row := self._selected():
            if row.staff_no not in self._earlier:
                found = slip_board.earlier(self.session, row.staff_no, row.night)
                self._earlier[row.staff_no] = found
            lines = detail(
                self.session,
                row,
                self._supervisors.get(row.staff_no),
                self._earlier[row.staff_no],
            )
        self.query_one("#detail", Lines).set_lines(lines)

    # Where the keys go

    def action_column(self, by: int) -> None:
        at = COLUMNS.index(self._column)
        for column in COLUMNS[at + 1 :] if by > 0 else reversed(COLUMNS[:at]):
            if not (line_list := self.query_one(f"#{column}", LineList)).bare:
                line_list.focus()
                return

    def go_beyond(self, by: int) -> None:
        """Goes on from the last row of a panel to the next one where somebody is."""
        after = COLUMNS[COLUMNS.index(self._column) :: by][1:]
        for name in after:
            line_list = self.query_one(f"#{name}", LineList)
            if line_list.cursor_key in self._slips:
                line_list.action_first() if by > 0 else line_list.action_last()
                line_list.focus()
                return

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.opened:
            return super().check_action(action, parameters)
        if action in ("approve", "reject", "withdraw", "reopen", "out", "correct", "print_slip"):
            return True if self._selected() else None
        if action == "back":
            return True if self._board.out else None
        return super().check_action(action, parameters)

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
            self._show_on("asked", slip_no)

        self.app.push_screen(AskForSlip(self.session), asked)

    def _show_on(self, column: str, slip_no: str) -> None:
        self._other_night = None
        self.refresh_data()
        line_list = self.query_one(f"#{column}", LineList)
        line_list.move_to(slip_no)
        line_list.focus()

    def _follow(self, slip_no: str, *, along: bool = False) -> None:
        """Selects the slip in the column where it stands now; the light stays where it was, on what
        waits there, and goes `along` if it should, or from a column that is empty."""
        for column in COLUMNS:
            line_list = self.query_one(f"#{column}", LineList)
            if any(row.key == slip_no for row in line_list.rows):
                line_list.move_to(slip_no)
                if along or self._selected() is None:
                    line_list.focus()
                return

    def action_approve(self) -> None:
        if row := self._selected():
            self.program.begin(self, self._decide(row, outings.approve))

    def action_reject(self) -> None:
        if row := self._selected():
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
        if row := self._selected():
            self.program.begin(self, self._change(row, outings.withdraw))

    def action_reopen(self) -> None:
        if row := self._selected():
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
        self._follow(row.slip_no)

    def _undo_decision(self, slip_no: str, done: DecidedOuting) -> None:
        outings.undo(self.session, done)
        self.refresh_data()
        self._follow(slip_no, along=True)

    def action_print_slip(self) -> None:
        if row := self._selected():
            from venue_tui.exchange.papers import contents
            from venue_tui.screens.shared.papers import Paper, print_papers

            make = partial(contents.slip, self.session, row.slip_no)
            print_papers(self, [Paper(f"slip-{row.slip_no}", _("Outing slip"), make)])

    # Going and coming back

    def action_out(self) -> None:
        row = self._selected()
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
        row = self._selected()
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
                self._show_on("out", gone.slip_no)

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
        self._follow(gone.slip_no)

    def _to_be_back(self) -> OutingRow | None:
        """The selected one of those out, or the only one; where there are several, it goes over
        to them."""
        row = self._selected()
        if row is not None and row.out_at is not None:
            return row
        still_out = [each for each in self._board.out if each.back_at is None]
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


def _columns() -> dict[str, tuple[Column, ...]]:
    """What each panel says of an outing: whose it is and why in the same place in all three."""
    whose = Column(_("Name"), 8), Column(_("Team"), 6, spare=2)
    why = Column(_("Reason"), 8, 1, spare=3)
    return {
        "asked": (*whose, Column(_("Asked"), 6), why),
        "approved": (*whose, Column(_("Since"), 6), why),
        "out": (
            *whose,
            Column(_("Out"), 6),
            why,
            Column(_("Back"), 5, spare=1),
            Column(_("min"), 4, right=True, tinted=True),
            Column(_("fine"), 7, right=True, tinted=True),
        ),
    }
