"""Deductions: a month as staffers by rules, each charge explained, its charts and its closing."""

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult

from models.ledger.settling import settle
from models.operations import directory
from models.payroll import appeals, months, notices
from models.payroll.deductions import Deduction
from models.payroll.month_sheet import MonthSheet, sheet
from models.values.money import format_money
from models.values.nights import Month, month_of
from venue_tui.actions import key_name
from venue_tui.locale import N_, _, ngettext
from venue_tui.screens.deductions import charge_actions
from venue_tui.screens.deductions.charges_pane import ChargesPane, MonthCharges, read_charges
from venue_tui.screens.deductions.chart_pane import ChartPane, Trends, read_trends
from venue_tui.screens.deductions.closing import preview
from venue_tui.screens.deductions.export_form import export_month
from venue_tui.screens.deductions.lines import (
    ALL,
    EVERYONE,
    FIXED,
    VIEW_NAMES,
    VIEWS,
    in_view,
    row_lines,
    sheet_columns,
    sheet_rows,
    total_lines,
    total_row,
)
from venue_tui.screens.rules.rule_words import clause
from venue_tui.screens.shared.month import MonthScreen
from venue_tui.screens.shared.sentences import moment
from venue_tui.screens.shared.text_viewer import ReadScreen
from venue_tui.widgets.finder import Finder
from venue_tui.widgets.keys import bindings, hidden
from venue_tui.widgets.line_list import LineList, Row
from venue_tui.widgets.lines import Line, Lines
from venue_tui.widgets.split import Split

SHEET, CHARGES, CHART = "sheet", "charges", "chart"
_OF_CHARGES = ("waive", "restore", "appeal", "seen", "accept", "uphold")


class DeductionsScreen(MonthScreen):
    where = "deductions"
    about = N_(
        "What a month takes from each staffer. The sheet shows everybody with what is charged and"
        " what is deducted, then a column for each rule that somebody is charged under; left and"
        " right scroll it, v shows only those with something to pay or over a fifth of their wage,"
        " s puts the largest deduction first. It opens on the month that is to be closed next.\n\n"
        "Enter on somebody explains every charge: the rule and its clause, the facts it follows"
        " from, who waived it or contests it; . and , go to the next one and the one before. There"
        " a charge can be waived, an appeal written down in the staffer's words, and decided by"
        " someone other than who raised the charge. Enter on the first line lists everybody's"
        " charges.\n\n"
        "Closing a month first names what is unsettled; only an undecided separation keeps it open."
        " Then its deductions, charges and roll are frozen under a digest, and what is exported of"
        " it is the same for ever. Later corrections are adjustments of the first open month."
    )
    BINDINGS: ClassVar = [*bindings("deductions"), *hidden({"backspace": "back"})]
    WHY_NOT: ClassVar = {
        "waive": N_("Only a charge that stands can be waived."),
        "waive_many": N_("No charge that is listed here stands."),
        "restore": N_("Only a waived charge can be taken back into force."),
        "appeal": N_("Only a charge that stands, and isn't contested yet, can be contested."),
        "accept": N_("Nobody contests this charge."),
        "uphold": N_("Nobody contests this charge."),
    }
    CSS = """
    DeductionsScreen.-broad Split { grid-columns: 1fr 46; }
    DeductionsScreen.-usual #staffer, DeductionsScreen.-narrow #staffer { display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._pane = SHEET
        self._view = EVERYONE
        self._largest_first = False
        self._staff_no: str | None = None
        self._sheet: MonthSheet | None = None
        self._lines: dict[str, Row] = {}
        self._spoken_rows = ""
        self._charges: MonthCharges | None = None

    def body(self) -> ComposeResult:
        yield self.heading()
        with Split(id="pane-sheet"):
            yield LineList(fixed=FIXED, opens=False, id="sheet", classes="panel list")
            yield Lines(id="staffer", wraps=True, classes="detail")
        yield ChargesPane(self.session, id="pane-charges")
        yield ChartPane(id="pane-chart")
        yield Finder()

    def usual_month(self) -> Month:
        """The month that is closed next, once it is over; until then tonight's."""
        tonight = month_of(self.session.tonight())
        return min(months.first_open(self.session), tonight)

    @property
    def pane(self) -> str:
        """Which of the three is to be seen: sheet, charges or chart."""
        return self._pane

    def explain(self, staff_no: str | None, month: Month) -> None:
        """Shows the charges of that month, of one staffer or of all."""
        self._chosen, self._staff_no = month, staff_no
        self._turn_to(CHARGES)

    # Reading and showing

    def refresh_data(self) -> None:
        for name in (SHEET, CHARGES, CHART):
            self.query_one(f"#pane-{name}").display = name == self._pane
        self._show_what_is_known()
        settle(self.session)
        session, month, staff_no = self.session, self.month, self._staff_no
        if self._pane == SHEET:

            def read_sheet() -> MonthSheet:
                with session.reading():
                    return sheet(session, month)

            self.read(read_sheet, self._show_sheet)
        elif self._pane == CHARGES:

            def read_them() -> MonthCharges:
                with session.reading():
                    return read_charges(session, month, staff_no)

            self.read(read_them, self._show_charges)
        else:

            def read_them_all() -> Trends:
                with session.reading():
                    return read_trends(session, month)

            self.read(read_them_all, self._show_chart)

    def _show_what_is_known(self) -> None:
        """Fills a list that was built anew, as in another language, so that its cursor finds its
        place before everything is read again."""
        if self._pane == SHEET and self._sheet and not self.query_one("#sheet", LineList).rows:
            self._show_sheet(self._sheet)
        if self._pane == CHARGES and self._charges and not self.query_one(ChargesPane).list.rows:
            self._show_charges(self._charges)

    def _rows(self, found: MonthSheet) -> list[Deduction]:
        """The rows of the sheet that are to be seen, in their order."""
        rows = in_view(found.rows, self._view)
        if self._pane == SHEET and (sought := self.query_one(Finder).sought):
            numbers = directory.found(sought)
            rows = [row for row in rows if row.staff_no in numbers]
        if self._largest_first:
            rows.sort(key=lambda row: (-row.deducted, row.staff_no))
        return rows

    def _show_sheet(self, found: MonthSheet) -> None:
        if found is not self._sheet or self._spoken_rows != self.program.language:
            self._sheet, self._spoken_rows = found, self.program.language
            self._lines = sheet_rows(found)
        rows = self._rows(found)
        line_list = self.query_one("#sheet", LineList)
        was_empty = not line_list.rows
        self._show_columns()
        totals = [total_row(found, rows)] if rows else []
        if not found.rows:
            keys = self.program.keys_by_id()
            none = _("Nobody works here in this month; %s opens the roster.")
            none %= key_name(keys["go.staff"])
            totals = [Row("empty", (none,), group=True)]
        line_list.set_rows([*totals, *(self._lines[row.staff_no] for row in rows)])
        if was_empty and rows:
            line_list.move_to(rows[0].staff_no)
        deducted = _("%(n)s staffers, %(amount)s deducted")
        parts = [
            deducted % {"n": len(rows), "amount": format_money(sum(row.deducted for row in rows))}
        ]
        if self._view != EVERYONE:
            parts.append(_(VIEW_NAMES[self._view]))
        if self._largest_first:
            parts.append(_("largest first"))
        self.show_heading(self._state(found), *parts)
        self.entitle("#sheet", _("Deductions"), len(rows))
        self.entitle("#staffer", _("Staffer"))
        self._show_staffer()
        self.refresh_bindings()

    def _show_columns(self) -> None:
        """As many columns as are wanted beside what is told of who is selected."""
        if self._sheet is None:
            return
        line_list = self.query_one("#sheet", LineList)
        told = self.has_class("-wide") or self.has_class("-broad")
        columns = tuple(sheet_columns(self._sheet, told=told))
        if columns != line_list.columns:
            line_list.set_columns(*columns)

    def on_resize(self) -> None:
        if self.is_mounted:
            self.call_after_refresh(self._show_columns)

    def _show_staffer(self) -> None:
        """Says at the right what the month of the selected one is made of."""
        key, found = self.query_one("#sheet", LineList).cursor_key, self._sheet
        row = next((each for each in found.rows if each.staff_no == key), None) if found else None
        lines: list[Line] = []
        if found is not None and row is not None:
            lines = row_lines(row, found)
        elif found is not None and key == ALL:
            lines = total_lines(found, self._rows(found))
        self.query_one("#staffer", Lines).set_lines(lines)

    def _state(self, found: MonthSheet) -> str:
        if found.closing is None:
            return _("open")
        sentence = _("closed %(when)s, digest %(digest)s")
        when = moment(self.session, found.closing.closed_at)
        return sentence % {"when": when, "digest": found.closing.digest[:12]}

    def _show_charges(self, found: MonthCharges) -> None:
        self._charges = found
        sought = self.query_one(Finder).sought
        numbers = directory.found(sought) if sought else None
        pane = self.query_one(ChargesPane)
        pane.show(found, numbers)
        count = len(pane.list.rows)
        said = ngettext("%(n)s charge", "%(n)s charges", count) % {"n": count}
        self.show_heading(said)
        self.entitle("#charges", _("Charges"), count)
        self.entitle("#charge", _("Charge"))
        self.refresh_bindings()

    def _show_chart(self, found: Trends) -> None:
        self.query_one(ChartPane).show(found)
        self.entitle("#chart", _("Fines"))
        self.show_heading()
        self.refresh_bindings()

    def on_finder_sought(self) -> None:
        if self._pane == SHEET and self._sheet is not None:
            self._show_sheet(self._sheet)
        elif self._pane == CHARGES and self._charges is not None:
            self._show_charges(self._charges)

    def on_line_list_highlighted(self, event: LineList.Highlighted) -> None:
        if event.line_list.id == "charges":
            self.query_one(ChargesPane).show_detail()
        elif event.line_list.id == "sheet":
            self._show_staffer()
        self.refresh_bindings()

    def _turn_to(self, pane: str) -> None:
        self._pane = pane
        if self.is_mounted:
            self.query_one(Finder).value = ""
            self.refresh_data()
            self.query_one(f"#{pane}", LineList).focus()
            self.refresh_bindings()

    # What can be done

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.opened:
            return super().check_action(action, parameters)
        if action == "explain":
            if self._pane == CHART:
                return self._charted_month() is not None or None
            return True
        if action == "print_papers":
            return True if self._whose() is not None else None
        if action in ("next", "previous"):
            return self._pane == CHARGES and self._staff_no is not None
        if action in ("view", "sort", "chart", "close"):
            return self._pane == SHEET
        if action == "back":
            return self._pane != SHEET
        if action == "waive_many":
            if self._pane != CHARGES:
                return False
            return True if self.query_one(ChargesPane).standing() else None
        if action in _OF_CHARGES:
            return self._pane == CHARGES and (self._able(action) or None)
        return super().check_action(action, parameters)

    def why_not(self, action: str) -> str:
        if self._pane != CHARGES and action in (*_OF_CHARGES, "waive_many", "next", "previous"):
            return _("Enter on somebody, or on the totals, lists the charges: it is done there.")
        if self._pane == CHARGES and action in ("next", "previous"):
            return _("These are everybody's charges: there is nobody next.")
        if self._pane != SHEET and action in ("view", "sort", "chart", "close"):
            return _("Esc goes back to the month: it is done there.")
        return super().why_not(action)

    def _able(self, action: str) -> bool:
        each = self.query_one(ChargesPane).selected if self.is_mounted else None
        if each is None:
            return False
        return {
            "waive": each.status == "standing",
            "restore": each.status == "waived",
            "appeal": each.status == "standing" and not each.contested,
            "seen": each.status != "reversed",
            "accept": each.contested,
            "uphold": each.contested,
        }[action]

    def _charted_month(self) -> Month | None:
        """The month under the cursor among the charts."""
        key = self.query_one(ChartPane).list.cursor_key or ""
        return key if key[:4].isdigit() else None

    def action_explain(self) -> None:
        if self._pane == CHART:
            self._chosen = self._charted_month()
            self._turn_to(SHEET)
            return
        if self._pane == CHARGES:
            pane = self.query_one(ChargesPane)
            title = self._named() if pane.selected else ""
            self.app.push_screen(ReadScreen(title, pane.told))
            return
        key = self.query_one("#sheet", LineList).cursor_key
        if key is not None:
            self.explain(None if key == ALL else key, self.month)

    def action_back(self) -> None:
        self._turn_to(SHEET)

    def action_chart(self) -> None:
        self._turn_to(CHART)

    def action_view(self) -> None:
        self._view = VIEWS[(VIEWS.index(self._view) + 1) % len(VIEWS)]
        self._show_sheet_from_its_top()

    def action_sort(self) -> None:
        self._largest_first = not self._largest_first
        self._show_sheet_from_its_top()

    def _show_sheet_from_its_top(self) -> None:
        if self._sheet is not None:
            self._show_sheet(self._sheet)
            line_list = self.query_one("#sheet", LineList)
            line_list.action_first()
            line_list.action_move(1)  # past the totals

    def action_next(self) -> None:
        self._explain_neighbour(1)

    def action_previous(self) -> None:
        self._explain_neighbour(-1)

    def _explain_neighbour(self, by: int) -> None:
        """Goes to the charges of who stands next to this one on the sheet."""
        numbers = [row.staff_no for row in self._rows(self._sheet)] if self._sheet else []
        if self._staff_no in numbers:
            at = numbers.index(self._staff_no) + by
            if 0 <= at < len(numbers):
                self.query_one("#sheet", LineList).move_to(numbers[at])
                self.explain(numbers[at], self.month)
                return
        self.say(_("There is nobody else on the sheet that way."))

    def action_export(self) -> None:
        export_month(self, self.month)

    def _whose(self) -> str | None:
        """Whose papers would be printed: of who is selected."""
        if not self.is_mounted or self._pane == CHART:
            return None
        if self._pane == CHARGES:
            each = self.query_one(ChargesPane).selected
            return self._staff_no or (each.staff_no if each is not None else None)
        key = self.query_one("#sheet", LineList).cursor_key
        return None if key == ALL else key

    def action_print_papers(self) -> None:
        staff_no, month = self._whose(), self.month
        if staff_no is None:
            return
        from venue_tui.exchange.papers import contents
        from venue_tui.screens.shared.papers import Paper, print_papers

        kinds = (
            ("notice", _("Notice of charges"), contents.notice),
            ("statement", _("Month's statement"), contents.statement),
        )
        papers = [
            Paper(f"{name}-{staff_no}-{month}", title, partial(make, self.session, staff_no, month))
            for name, title, make in kinds
        ]
        print_papers(self, papers)

    def action_close(self) -> None:
        if self._sheet is not None and (closing := self._sheet.closing) is not None:
            sentence = _("%(month)s is closed already. Its digest: %(digest)s")
            self.say(sentence % {"month": closing.month, "digest": closing.digest})
            return
        month = self.month
        preview(self, month, lambda: self.show_month(month))

    def action_waive(self) -> None:
        if each := self.query_one(ChargesPane).selected:
            charge_actions.waive(self, each.key, self._named())

    def action_waive_many(self) -> None:
        charges = self.query_one(ChargesPane).standing()
        if charges:
            charge_actions.waive_many(
                self,
                [charge_actions.Waivable(each.key, each.name, each.amount) for each in charges],
            )

    def action_restore(self) -> None:
        if each := self.query_one(ChargesPane).selected:
            charge_actions.unwaive(self, each.key, self._named())

    def action_appeal(self) -> None:
        if each := self.query_one(ChargesPane).selected:
            charge_actions.appeal(self, each.key, self._named())

    def action_seen(self) -> None:
        if each := self.query_one(ChargesPane).selected:
            key = each.key
            changed = notices.see(self.session, key.night, key.rule, key.source)
            self.say(_("Marked as seen.") if changed else _("It was marked as seen before."))
            self.refresh_data()

    def action_accept(self) -> None:
        self._decide(appeals.WAIVED)

    def action_uphold(self) -> None:
        self._decide(appeals.UPHELD)

    def _decide(self, decision: str) -> None:
        if each := self.query_one(ChargesPane).selected:
            for held in appeals.on_charge(*each.key):
                if held.decision is None:
                    charge_actions.decide(self, held, decision, self._named())

    def _named(self) -> str:
        each = self.query_one(ChargesPane).selected
        assert each is not None
        rule = self.session.book(each.key.night).rule(each.rule)
        title = clause(rule) if rule else each.rule
        return f"{each.night}  {each.name}  {title}  {format_money(each.amount)}"
