"""Staff: the roster by team, wages, supervisors, and separations that wait for a decision."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult

from models.ledger import separations
from models.ledger.separations import CONFIRMED, KEPT, Proposal
from models.ledger.settling import settle
from models.operations import directory, roll_board, staff, staff_record
from models.operations.charge_preview import foresee
from models.operations.staff import Member
from models.payroll import months
from models.values.money import format_money
from models.values.nights import last_night, month_of
from models.values.pinyin import initials
from venue_tui.charge_words import lines_of
from venue_tui.locale import N_, _, ngettext
from venue_tui.screens.roll.lines import past_line
from venue_tui.screens.shared.month import MonthScreen
from venue_tui.screens.shared.people import as_somebody
from venue_tui.screens.staff.forms import StaffForm, WageForm, times_in_words, wages_in_words
from venue_tui.screens.staff.record_form import SavedRecord
from venue_tui.widgets.columns import Column
from venue_tui.widgets.finder import Finder
from venue_tui.widgets.keys import bindings
from venue_tui.widgets.line_list import LineList, Row
from venue_tui.widgets.lines import Line, Lines, line
from venue_tui.widgets.reason_prompt import ReasonPrompt
from venue_tui.widgets.split import Split
from venue_tui.words import shown_name, word

_WAITING = " waiting"
"""The beginning of the keys of proposals: no staff number begins with a space."""


class Roster(NamedTuple):
    """What the screen shows."""

    members: list[Member]
    proposals: list[Proposal]
    """Of every month that is still open."""


_MOST = 6
"""So many of the charges that a separation takes back are named beside the question why."""


class StaffScreen(MonthScreen):
    where = "staff"
    about = N_(
        "Who is on the payroll, by team: their position and wage, and what the month did to each."
        " Below the list stands all that is known of the selected one: under whom they work, up to"
        " the top, and their wages over time. Enter shows every charge of their month; v shows"
        " those who left, too.\n\n"
        "Nobody is deleted: who leaves gets the day on which they left, and their nights before it"
        " stay judged as they were; who comes back is hired again under the same number. Team,"
        " supervisor, position, roll duty and wage change from a night on, and every charge that"
        " comes or goes with that is named before it is saved; a blank night puts right what was"
        " wrong from the first. What would change a closed month is refused here.\n\n"
        "Separations that the rulebook proposes (absences that are taken for a resignation, a"
        " dismissal) stand on top until somebody decides: confirming sets the day they left,"
        " keeping them on is recorded. A month doesn't close while one is undecided."
    )
    BINDINGS: ClassVar = bindings("staff")
    WHY_NOT: ClassVar = (
        dict.fromkeys(
            ("confirm", "keep"), N_("Choose one of the proposed separations on top first.")
        )
        | dict.fromkeys(
            ("edit", "wage", "month"), N_("Nobody is selected: n puts somebody on the roster.")
        )
        | {"again": N_("Only who has left can be hired again; v shows those who left.")}
    )
    CSS = """
    StaffScreen.-usual #member, StaffScreen.-narrow #member { height: 6; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._awaited: str | None = None
        """Who is shown once the roster is read."""
        self._roster = Roster([], [])
        self._members: dict[str, Member] = {}
        self._lines: dict[str, Row] = {}
        self._proposals: dict[str, Proposal] = {}
        self._left_too = False

    def body(self) -> ComposeResult:
        yield self.heading()
        with Split():
            yield LineList(
                Column(_("Number"), 6),
                Column(_("Name"), 10, share=1),
                Column(_("Position"), 10, spare=2),
                Column(_("Wage"), 9, right=True, spare=4),
                Column(_("Fines"), 12, right=True),
                Column(_("Sales"), 9, right=True, spare=3),
                Column(_("State"), 14, tinted=True, spare=1),
                opens=False,
                id="roster",
                classes="panel list",
            )
            yield Lines(id="member", wraps=True, classes="detail")
        yield Finder()

    @property
    def _list(self) -> LineList:
        return self.query_one("#roster", LineList)

    # Reading and showing

    def refresh_data(self) -> None:
        if self._roster.members and not self._list.rows:  # built anew, in another language
            self._take(self._roster)
        settle(self.session)
        month = self.month

        def read() -> Roster:
            with self.session.reading():
                return Roster(staff.roster(self.session, month), self._undecided())

        self.read(read, self._take)

    def _undecided(self) -> list[Proposal]:
        opens, until = months.first_open(self.session), month_of(self.session.tonight())
        return separations.undecided(self.session, opens, until) if opens <= until else []

    def _take(self, roster: Roster) -> None:
        self._roster = roster
        self._members = {each.staff_no: each for each in roster.members}
        self._lines = {each.staff_no: self._row(each) for each in roster.members}
        self._proposals = {
            f"{_WAITING} {each.staff_no} {each.cause} {each.span}": each
            for each in roster.proposals
        }
        self._show()
        self.entitle("#roster", _("Staff"), len(self._members))
        self.entitle("#member", _("Staffer"))
        if self._awaited is not None:
            self._list.move_to(self._awaited)
            self._awaited = None

    def _show(self) -> None:
        """Lists those who are looked for and in view."""
        tonight = self.session.tonight()
        sought = self.query_one(Finder).sought
        numbers = directory.found(sought) if sought else None
        shown = [
            each
            for each in self._roster.members
            if (self._left_too or each.left_on is None or each.left_on >= tonight)
            and (numbers is None or each.staff_no in numbers)
        ]
        self._list.set_rows([*self._waiting_rows(), *self._rows(shown)])
        count = ngettext("%(n)s staffer", "%(n)s staffers", len(shown)) % {"n": len(shown)}
        fines = format_money(sum(each.charged for each in shown))
        parts = [_("%(count)s, fines %(fines)s") % {"count": count, "fines": fines}]
        if self._left_too:
            parts.append(_("with those who left"))
        self.show_heading(*parts)
        self._show_detail()

    def _waiting_rows(self) -> Iterator[Row]:
        if self._proposals:
            n = len(self._proposals)
            waiting = ngettext(
                "%(n)s separation waits for a decision", "%(n)s separations wait for a decision", n
            )
            yield Row(f"{_WAITING} group", (waiting % {"n": n},), group=True)
        for key, each in self._proposals.items():
            state = _("as of %s") % f"{each.night:%m-%d}"
            yield Row(key, (each.staff_no, each.name, _cause(each), "", "", "", state), "warning")

    def _rows(self, members: list[Member]) -> Iterator[Row]:
        sizes = Counter(each.team for each in members)
        team: str | None = ""
        for each in members:
            if each.team != team:
                team = each.team
                size = ngettext("%(n)s staffer", "%(n)s staffers", sizes[team])
                title = (team or _("No team"), size % {"n": sizes[team]})
                yield Row(f" team {team or ''}", title, group=True)
            yield self._lines[each.staff_no]

    def _row(self, each: Member) -> Row:
        state = ""
        if each.left_on is not None:
            state = _("left %s") % each.left_on
        elif each.hired_on > self.session.tonight():
            state = _("from %s") % each.hired_on
        fines = f"{format_money(each.charged)} ({each.charges})" if each.charges else ""
        cells = (
            each.staff_no,
            each.name,
            word(each.position),
            format_money(each.wage),
            fines,
            format_money(each.sales) if each.sales else "",
            state,
        )
        return Row(each.staff_no, cells, "muted" if each.left_on else "")

    def _show_detail(self) -> None:
        self.query_one("#member", Lines).set_lines(self._detail())
        self.refresh_bindings()

    def _detail(self) -> Iterator[Line]:
        each = self._members.get(self._staff_no or "")
        if each is None:
            if not self._roster.members:
                yield line(_("Nobody is on the roster yet."), "strong")
                yield line(_("n puts somebody on it, I takes in a file such as staff.csv."))
            return
        if proposal := self._proposal:
            yield line(_proposed(proposal), "warning")
        found_by = " ".join(initials(each.name, each.initials or ""))
        team = each.team or _("No team")
        on_roll = _("on the roll") if each.on_roll else _("not on the roll")
        yield (
            (f"{each.staff_no} {each.name}", "strong"),
            (f"  {found_by}  {team}  {word(each.position)}  {on_roll}", ""),
        )
        hired = _("Hired on %s") % each.hired_on
        left = _("left on %s") % each.left_on if each.left_on else ""
        times = times_in_words(staff_record.require(each.staff_no))
        yield line("  ".join(filter(None, (hired, left, times))))
        chain = staff.supervisor_chain(each.staff_no, self.session.tonight())
        above = " > ".join(shown_name(number, name) for number, name in chain)
        yield line(_("Under: %s") % (above or _("nobody")))
        yield line(_("Wage: %s") % wages_in_words(staff.wages(each.staff_no)))
        charges = ngettext("%(n)s charge", "%(n)s charges", each.charges) % {"n": each.charges}
        sentence = _("%(month)s: %(charges)s, %(amount)s; sales that count %(sales)s")
        yield line(
            sentence
            % {
                "month": self.month,
                "charges": charges,
                "amount": format_money(each.charged),
                "sales": format_money(each.sales),
            }
        )
        if not self.classes.isdisjoint(("-wide", "-broad")):
            until = min(last_night(self.month), self.session.tonight())
            charges_so_far = roll_board.history(self.session, each.staff_no, until).charges
            if charges_so_far:
                yield ()
            for charge in charges_so_far:
                yield past_line(self.session, charge)

    def on_line_list_highlighted(self) -> None:
        self._show_detail()

    def on_finder_sought(self) -> None:
        self._show()

    def show_staffer(self, staff_no: str) -> None:
        if not self._list.move_to(staff_no):
            self._awaited = staff_no  # the roster is being read

    # What can be done

    @property
    def _proposal(self) -> Proposal | None:
        return self._proposals.get(self._list.cursor_key or "")

    @property
    def _staff_no(self) -> str | None:
        if proposal := self._proposal:
            return proposal.staff_no
        key = self._list.cursor_key
        return key if key in self._members else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.opened:
            return super().check_action(action, parameters)
        if action in ("confirm", "keep"):
            if not self._proposals:
                return False
            return self._proposal is not None or None
        if action in ("edit", "wage", "month", "again") and self._staff_no is None:
            return None
        if action == "again" and self._members[self._staff_no or ""].left_on is None:
            return None
        return super().check_action(action, parameters)

    def action_new(self) -> None:
        self.app.push_screen(StaffForm(self.session), self._added)

    def _added(self, saved: SavedRecord | None) -> None:
        if saved is not None:
            name = shown_name(saved.staff_no, directory.name_of(saved.staff_no))
            self.did(_("On the roster: %s") % name, saved.undo)
            self.refresh_data()

    def action_edit(self) -> None:
        if (staff_no := self._staff_no) is not None:
            self.app.push_screen(StaffForm(self.session, staff_no), self._changed)

    def action_again(self) -> None:
        """Hires whoever left again, under the same number."""
        if (staff_no := self._staff_no) is not None:
            self.app.push_screen(StaffForm(self.session, staff_no, again=True), self._changed)

    def action_wage(self) -> None:
        if (staff_no := self._staff_no) is not None:
            self.app.push_screen(WageForm(self.session, staff_no), self._changed)

    def _changed(self, saved: SavedRecord | None) -> None:
        if saved is None:
            return
        name = shown_name(saved.staff_no, directory.name_of(saved.staff_no))
        if saved.changed:
            self.did(_("Changed: %s") % name, saved.undo)
        else:
            self.say(_("Nothing changed: it was so already."))
        self.refresh_data()

    def action_month(self) -> None:
        """Every charge of the selected staffer's month, on the screen of the deductions."""
        from venue_tui.screens.deductions.screen import DeductionsScreen

        if (staff_no := self._staff_no) is None:
            return
        month = self.month
        self.program.go("deductions")
        screen = self.app.screen
        if isinstance(screen, DeductionsScreen):
            screen.explain(staff_no, month)

    def action_view(self) -> None:
        self._left_too = not self._left_too
        self._show()

    def action_take_in(self) -> None:
        self.program.begin(self, self._take_in())

    async def _take_in(self) -> None:
        from venue_tui.screens.staff.file_import import (
            take_in,  # reads files: not needed to open this
        )

        if await take_in(self, self.session, self.did):
            self.refresh_data()

    def action_confirm(self) -> None:
        if each := self._proposal:
            self._decide(each, CONFIRMED, _("Confirm that they leave?"))

    def action_keep(self) -> None:
        if each := self._proposal:
            self._decide(each, KEPT, _("Keep them on?"))

    def _decide(self, each: Proposal, decision: str, title: str) -> None:
        name = shown_name(each.staff_no, each.name)
        said = _("Confirmed: %(name)s left on %(night)s")
        if decision == KEPT:
            said = _("Kept on: %(name)s, proposed for %(night)s")

        def prompt_of(by: str | None) -> ReasonPrompt:
            def decide(reason: str) -> None:
                separations.decide(self.session, each, decision, by, reason or None)

            changes = foresee(self.session, partial(decide, ""), each.staff_no)
            lines = [name, _proposed(each), *lines_of(self.session, changes, _MOST)]
            return ReasonPrompt(title, lines, blank_too=True, do=decide)

        async def flow() -> None:
            prompt = await as_somebody(self, prompt_of, each.staff_no)
            if prompt is not None and await self.program.push_screen_wait(prompt) is not None:
                self.did(
                    said % {"name": name, "night": each.night},
                    undo=lambda: separations.reconsider(self.session, each),
                )
                self.refresh_data()

        self.program.begin(self, flow())


def _cause(each: Proposal) -> str:
    return _("resigned?") if each.cause == separations.ABSENCES else _("dismissed?")


def _proposed(each: Proposal) -> str:
    sentence = _("Proposed: dismissed as of %s. Confirm it, or keep them on.")
    if each.cause == separations.ABSENCES:
        sentence = _("Proposed: resigned by absences as of %s. Confirm it, or keep them on.")
    return sentence % each.night
