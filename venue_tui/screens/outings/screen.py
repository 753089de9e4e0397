"""Outings: who asked to go out, who may, who is out and for how long."""

from collections.abc import Iterable
from typing import ClassVar, cast

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import DescendantFocus

from models.operations import by_night, directory, slip_board
from models.operations.slip_board import OutingRow, SlipBoard
from venue_tui.actions import key_name
from venue_tui.locale import N_, _
from venue_tui.screens.outings.lines import approved_rows, asked_rows, detail, out_cells, out_rows
from venue_tui.screens.outings.slip_actions import SlipActionsScreen
from venue_tui.widgets.columns import Column
from venue_tui.widgets.finder import Finder
from venue_tui.widgets.keys import bindings, hidden
from venue_tui.widgets.line_list import LineList, Row
from venue_tui.widgets.lines import Line, Lines, line
from venue_tui.widgets.night_chart import NightChart
from venue_tui.widgets.split import Split

COLUMNS = ("asked", "approved", "out")


class SlipList(LineList):
    """The slips of a panel: where its cursor can't go on, it goes on in the next panel."""

    def action_move(self, by: int) -> None:
        before = self.cursor_key
        super().action_move(by)
        if self.cursor_key == before:
            cast("OutingsScreen", self.screen).go_beyond(by)


_OF_SLIP = ("read_whole", "approve", "reject", "withdraw", "reopen", "out", "correct")
"""What can't be done where no slip is selected."""


class OutingsScreen(SlipActionsScreen):
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
        _OF_SLIP,
        N_("No slip is selected here: n asks for one, z is for whoever goes without."),
    ) | {"back": N_("Nobody is out.")}
    OF_NIGHT = frozenset(
        {"approve", "reject", "withdraw", "reopen", "out", "back", "no_slip", "correct"}
    )
    CSS = """
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
        yield Lines([()], id="night", wraps=True, classes="heading")
        with Split():
            with Vertical(classes="list"):
                for name, columns in _columns().items():
                    yield SlipList(*columns, id=name, opens=False, lit_alone=True, classes="panel")
                yield NightChart(self._read_chart, id="chart")
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
        self.call_after_refresh(self._read_chart)

    def _read_chart(self) -> None:
        self.read_chart(_("Minutes out by night"), by_night.minutes_out, str)

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
        still_out = [row for row in board.out if row.back_at is None]
        self.entitle("#asked", _("Asked"), len(chosen(board.asked)))
        self.entitle("#approved", _("Approved"), len(chosen(board.approved)))
        self.entitle("#out", _("Out"), len(chosen(still_out)))
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

    def tick(self, changes: int | None = None) -> None:
        super().tick(changes)
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

    def selected(self) -> OutingRow | None:
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
        if row := self.selected():
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

    def were_out(self) -> Iterable[OutingRow]:
        return self._board.out

    def show_on(self, column: str, slip_no: str) -> None:
        self._other_night = None
        self.refresh_data()
        line_list = self.query_one(f"#{column}", LineList)
        line_list.move_to(slip_no)
        line_list.focus()

    def follow_slip(self, slip_no: str, *, along: bool = False) -> None:
        for column in COLUMNS:
            line_list = self.query_one(f"#{column}", LineList)
            if any(row.key == slip_no for row in line_list.rows):
                line_list.move_to(slip_no)
                if along or self.selected() is None:
                    line_list.focus()
                return

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
        if action in (*_OF_SLIP, "print_slip"):
            return True if self.selected() else None
        if action == "back":
            return True if self._board.out else None
        return super().check_action(action, parameters)


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
