"""Guests: who is at the door, whose turn it is, what was promised, and whose each sale is."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.events import DescendantFocus

from models.guests import complaints, desk, handovers, register
from models.guests.desk import AtDoor
from models.ledger.credits import readable_sales
from models.ledger.promises import readable_promises, waiting
from models.operations import directory
from models.payroll.guest_explanation import explain_promise, explain_sale, explain_turn
from models.rules.guests.promises import TOLD, Promise
from models.values.nights import first_night, last_night, month_of
from venue_tui.actions import key_name
from venue_tui.desk_words import promise_name
from venue_tui.locale import N_, _
from venue_tui.screens.guests import details
from venue_tui.screens.guests.base import DESK, PROMISED, REGISTER, SALES, VIEWS
from venue_tui.screens.guests.door import AtTheDoor
from venue_tui.screens.guests.duties import Duties
from venue_tui.screens.guests.lines import (
    board_line,
    complaint_rows,
    door_rows,
    due_lines,
    guest_rows,
    or_else,
    order_rows,
    promise_key,
    sale_rows,
)
from venue_tui.screens.guests.promises import PromisesView
from venue_tui.screens.guests.register import RegisterView
from venue_tui.screens.guests.sales import SalesView
from venue_tui.screens.shared.people import as_person
from venue_tui.screens.shared.text_viewer import ReadScreen
from venue_tui.widgets.columns import Column
from venue_tui.widgets.finder import Finder
from venue_tui.widgets.keys import bindings, hidden
from venue_tui.widgets.line_list import LineList
from venue_tui.widgets.lines import Lines, line
from venue_tui.widgets.split import Split

_ON_DESK = frozenset({"asked_for", "left", "away"})
_DOES = {
    DESK: {
        "guests.new": N_("A guest at the door"),
        "guests.give": N_("To whose turn it is"),
        "guests.withdraw": N_("Take the turn back, or the visit"),
        "guests.edit": N_("The order of turns anew"),
    },
    PROMISED: {
        "guests.new": N_("A complaint, or a time that was told"),
        "guests.give": N_("The next step: answered, solved, asked after; kept"),
        "guests.approve": N_("Find it founded; once more: an incident"),
        "guests.reject": N_("Find it unfounded"),
        "guests.why": N_("Why it is due, or the complaint's words"),
    },
    SALES: {
        "guests.new": N_("A claim, or a card"),
        "guests.withdraw": N_("Take a claim back"),
        "guests.approve": N_("Decide as a director"),
        "guests.edit": N_("The form with four signatures"),
    },
    REGISTER: {
        "guests.new": N_("A sheet, an appointment, a call; who takes the guest over"),
        "guests.approve": N_("Sign the last appointment"),
        "guests.reject": N_("Say that the last contact is void"),
        "guests.edit": N_("The guest's name, phone and household"),
        "guests.why": N_("Whose, and what staffers had to do with them"),
    },
}
"""What keys do that do something else in each view."""
_TOLD = {
    DESK: N_("Guest"),
    PROMISED: N_("What is due"),
    SALES: N_("Sale"),
    REGISTER: N_("Guest"),
}
"""What the panel at the right tells of in each view."""


class GuestsScreen(AtTheDoor, PromisesView, SalesView, RegisterView, Duties):
    """Left who is at the door and the order of turns; v shows promises and complaints, the month's
    sales by their shares, and the register."""

    where = "guests"
    about = N_(
        "Who is at the door, and whose turn they are. n writes down who comes: the phone first, and"
        " the register says at once whose they are. Space gives them to whose turn it is; g writes"
        " down that they ask for somebody, o that they left.\n\n"
        "Beside it is the order as it stands: how many each had, who is owed a turn, and why"
        " somebody can't take a guest. t on somebody there: on the telephone, then away, then back."
        " e makes the order anew. Enter says why.\n\n"
        "v shows what is due, with the month's complaints: a complaint fines nobody. Space is the"
        " next step (answered, solved, asked after); a finds it founded, which nobody does about"
        " themselves, and once more makes it the rulebook's incident, after naming the fine.\n\n"
        "v again shows whose each sale is: n claims one or records a card, a decides as a director,"
        " e is the form with four signatures, Enter says why. v once more is the register: n writes"
        " down a sheet, an appointment or a call, or who takes a guest over; a signs an"
        " appointment, x says that the last of them is void, e corrects the guest."
    )
    BINDINGS: ClassVar = [
        *bindings("guests"),
        *hidden({"left": "column(-1)", "right": "column(1)"}),
    ]
    WHY_NOT: ClassVar = {
        "give": N_("Nobody waits here: n writes down who comes."),
        "asked_for": N_("Choose a guest at the door first."),
        "left": N_("Choose a guest at the door first."),
        "away": N_("Choose somebody in the order first: the arrow right goes there."),
        "approve": N_("Nothing that can be decided is chosen."),
        "reject": N_("Nothing that can be decided is chosen."),
        "withdraw": N_("There is nothing to take back here."),
        "edit": N_("Nothing that can be corrected is chosen; v shows the other views."),
        "phone": N_("No guest is chosen whose number is known."),
        "why": N_("Nothing is chosen here."),
    }
    OF_NIGHT = frozenset({"new", "give", "asked_for", "away", "left", "withdraw"})
    CSS = """
    GuestsScreen #pane-desk { height: 1fr; }
    GuestsScreen #door { width: 3fr; }
    GuestsScreen #order { width: 2fr; min-width: 28; }
    GuestsScreen .panel { border-subtitle-align: left; border-subtitle-color: $text-muted; }
    GuestsScreen #due { display: none; height: auto; max-height: 50%; padding: 0 1; }
    GuestsScreen.-wide.-tall #due.-some, GuestsScreen.-broad.-tall #due.-some { display: block; }
    GuestsScreen.-phone #pane-desk { layout: vertical; }
    GuestsScreen.-phone #door, GuestsScreen.-phone #order { width: 1fr; }
    """

    def body(self) -> ComposeResult:
        yield Lines([()], id="night", wraps=True, classes="heading")
        with Split():
            with Container(classes="list"):
                with Horizontal(id="pane-desk"):
                    yield LineList(
                        Column(_("At"), 5),
                        Column(_("Guest"), 8, 2),
                        Column(_("Phone"), 11, spare=1),
                        Column(_("With"), 8, 1, tinted=True),
                        id="door",
                        opens=False,
                        lit_alone=True,
                        classes="panel",
                    )
                    yield LineList(
                        Column("", 2, right=True),
                        Column(_("Name"), 8, 1),
                        Column(_("had"), 3, right=True),
                        Column("", 10, 1, tinted=True),
                        id="order",
                        opens=False,
                        lit_alone=True,
                        classes="panel",
                    )
                yield Lines(id="due", classes="panel")
                yield LineList(
                    Column(_("When"), 11),
                    Column(_("What"), 16, 2),
                    Column(_("About"), 11),
                    Column("", 9, tinted=True),
                    id=PROMISED,
                    opens=False,
                    classes="panel",
                )
                yield LineList(
                    Column(_("Night"), 6),
                    Column(_("Sale"), 9, 1),
                    Column(_("Amount"), 9, right=True),
                    Column(_("Whose"), 8, 2),
                    Column(_("Rule"), 10, 1, spare=1),
                    id=SALES,
                    opens=False,
                    classes="panel",
                )
                yield LineList(
                    Column(_("Number"), 10),
                    Column(_("Name"), 10, 2),
                    Column(_("Phone"), 11),
                    Column(_("Household"), 10, 1),
                    Column("", 6),
                    id=REGISTER,
                    opens=False,
                    classes="panel",
                )
            yield Lines(id="detail", wraps=True, classes="detail")
        yield Finder()

    # What is shown

    def refresh_data(self) -> None:
        self.names = {each.staff_no: each.name for each in directory.employed(self.night)}
        self.query_one("#pane-desk").display = self.view == DESK
        for each in (PROMISED, SALES, REGISTER):
            self.query_one(f"#{each}").display = self.view == each
        {
            DESK: self._show_desk,
            PROMISED: self._show_promised,
            SALES: self._show_sales,
            REGISTER: self._show_register,
        }[self.view]()
        self.entitle("#detail", _(_TOLD[self.view]))
        self._name_views()
        self._show_selected()
        self.call_after_refresh(self._read_due)

    def _name_views(self) -> None:
        """Names the views below the list, the one that is shown in brackets, with their key."""
        names = {DESK: _("Desk"), PROMISED: _("Due"), SALES: _("Sales"), REGISTER: _("Register")}
        shown = (f"[{names[each]}]" if each == self.view else names[each] for each in VIEWS)
        said = "  ".join([key_name(self.program.keys_by_id()["guests.view"]), *shown])
        panel = self.query_one("#door" if self.view == DESK else f"#{self.view}")
        panel.border_subtitle = Text(said)

    def _read_due(self) -> None:
        """Reads what is due for below the desk, where there is room for it."""
        panel = self.query_one("#due", Lines)
        if self.view != DESK or "-tall" not in self.classes:
            panel.remove_class("-some")
            return

        def read() -> list[Promise]:
            return readable_promises(self.session, waiting(self.session))

        self.read_beside(read, self._show_due, "due")

    def _show_due(self, found: list[Promise]) -> None:
        panel = self.query_one("#due", Lines)
        panel.set_class(bool(found) and self.view == DESK, "-some")
        panel.set_lines(due_lines(self.session, found))
        self.entitle("#due", _("Due"), len(found))

    def _show_desk(self) -> None:
        self.board = board = desk.board(self.session, self.night)
        self.doors = {
            each.visit.visit_no: each for each in (*board.waiting, *board.given, *board.left)
        }
        self.wrong = desk.given_otherwise(self.session, self.night)
        sought = self.query_one(Finder).sought
        rows = [
            row
            for row in door_rows(self.session, board, self.names)
            if not sought or row.group or any(sought in cell for cell in row.cells)
        ]
        nobody = _("Nobody is here: n writes down who comes.")
        self.query_one("#door", LineList).set_rows(or_else(rows, nobody))
        order = order_rows(board.order.in_line, self.names)
        none = _("No order yet: e makes one.")
        self.query_one("#order", LineList).set_rows(or_else(order, none))
        self.entitle("#door", _("At the door"), len(board.waiting) + len(board.given))
        self.entitle("#order", _("Order of turns"), len(board.order.in_line))
        duty = handovers.on_duty(self.session, self.night)
        said = _("on duty: %s") % self.who(duty) if duty is not None else ""
        self.query_one("#night", Lines).set_lines(
            [(*self.night_line(), ("   ", ""), *board_line(board, self.names, said))]
        )

    def _show_promised(self) -> None:
        month = month_of(self.night)
        found = complaints.listing(self.session, first_night(month), last_night(month))
        self.complaints = {fact["complaint_no"]: fact for fact in found}
        due = readable_promises(self.session, waiting(self.session))
        self.due = {promise_key(each): each for each in due}
        rows = complaint_rows(self.session, found, due)
        none = _("Nothing is due: n takes a complaint down, or a time that was told.")
        self.query_one("#promised", LineList).set_rows(or_else(rows, none))
        self.entitle("#promised", _("Due"), len(due))
        self._say(_("What is due, and the complaints of %s") % month)

    def _show_sales(self) -> None:
        month = month_of(self.night)
        sales = readable_sales(self.session, first_night(month), last_night(month))
        self.sales = {each.deal.deal_no: each for each in sales}
        none = _("No sale yet this month: a booking whose guests left is one, n records a card.")
        self.query_one("#sales", LineList).set_rows(or_else(sale_rows(sales, self.names), none))
        self.entitle("#sales", _("Sales"), len(sales))
        self._say(_("Whose the sales of %s are") % month)

    def _show_register(self) -> None:
        sought = self.query_one(Finder).sought
        found = register.find(self.session, sought) if sought else register.latest(self.session)
        self.guests = {each.guest_no: each for each in found}
        none = _("Nobody is on the register: n puts somebody on it.")
        if sought:
            none = _("Nobody is found: write a whole phone, its last four digits, or a name.")
        self.query_one("#register", LineList).set_rows(or_else(guest_rows(found), none))
        self.entitle("#register", _("Register"), len(found))
        self._say(_("The register: / looks for a phone, its last four digits, a name or a number"))

    def _say(self, said: str) -> None:
        self.query_one("#night", Lines).set_lines([line(said, "strong")])

    def _show_selected(self) -> None:
        self.query_one("#detail", Lines).set_lines(details.lines(self))

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        if event.widget.id in ("door", "order"):
            self.column = event.widget.id
            self._show_selected()
            self.refresh_bindings()

    def on_line_list_highlighted(self) -> None:
        self._show_selected()
        self.refresh_bindings()

    def on_finder_sought(self) -> None:
        self.refresh_data()

    @property
    def does(self) -> Mapping[str, str]:
        """What keys do in the view that is shown."""
        return _DOES[self.view]

    # Where the keys go

    def action_column(self, by: int) -> None:
        if self.view == DESK:
            self.query_one("#order" if by > 0 else "#door").focus()

    def action_view(self) -> None:
        self.view = VIEWS[(VIEWS.index(self.view) + 1) % len(VIEWS)]
        self.refresh_data()
        self.shown_list().focus()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        door, guest = self.chosen_door(), self.chosen_guest()
        decided = self.chosen_complaint() or self.chosen_sale()
        if action in _ON_DESK:
            if self.view != DESK:
                return False
            if action == "away":
                return True if self.column == "order" and self.chosen() in self.names else None
            return True if door is not None else None
        if action == "edit":
            if self.view == PROMISED:
                return False
            return True if self.view == DESK or self.chosen_sale() or guest else None
        if action in ("approve", "reject"):
            if self.view == DESK or (action == "reject" and self.view == SALES):
                return False
            return True if decided or guest else None
        if action == "give":
            if self.view in (SALES, REGISTER):
                return False
            told = (due := self.chosen_promise()) is not None and due.code == TOLD
            waits = door is not None and door.waits
            return True if waits or told or self.chosen_complaint() else None
        if action == "withdraw":
            return True if door or self.chosen_sale() else None
        if action == "phone":
            return True if (door is not None and door.visit.guest_no) or guest else None
        if action == "why":
            return True if door or decided or guest or self.chosen_promise() else None
        return super().check_action(action, parameters)

    def action_new(self) -> None:
        {
            DESK: self.new_guest,
            PROMISED: self.new_of_two,
            SALES: self.new_of_sales,
            REGISTER: self.new_of_register,
        }[self.view]()

    def action_give(self) -> None:
        if (fact := self.chosen_complaint()) is not None:
            self.next_step(fact)
        elif (due := self.chosen_promise()) is not None and due.code == TOLD:
            self.keep_told(due.about)
        else:
            self.give_chosen()

    def action_withdraw(self) -> None:
        if (sale := self.chosen_sale()) is not None:
            self.withdraw_claim(sale)
        else:
            self.take_back_door()

    def action_edit(self) -> None:
        if self.view == DESK:
            self.make_order()
        elif (sale := self.chosen_sale()) is not None:
            self.change_name(sale)
        elif (guest := self.chosen_guest()) is not None:
            self.edit_guest(guest)

    def action_approve(self) -> None:
        if (sale := self.chosen_sale()) is not None:
            as_person(self, partial(self.decide, sale))
        elif (fact := self.chosen_complaint()) is not None:
            self.find_founded(fact)
        elif (guest := self.chosen_guest()) is not None:
            self.sign_latest(guest)

    def action_reject(self) -> None:
        if (fact := self.chosen_complaint()) is not None:
            self.judge(fact, founded=False)
        elif (guest := self.chosen_guest()) is not None:
            self.void_latest(guest)

    # Why

    def action_why(self) -> None:
        door, fact, sale = self.chosen_door(), self.chosen_complaint(), self.chosen_sale()
        with self.refusals_shown():
            if sale is not None:
                self.read_out(sale.deal.deal_no, explain_sale(self.session, sale.deal.deal_no))
            elif door is not None and door.turn_no is not None:
                self.read_out(door.turn_no, explain_turn(self.session, door.turn_no))
            elif door is not None and door.visit.guest_no is not None:
                self._read_whose(door, door.visit.guest_no)
            elif (due := self.chosen_promise()) is not None:
                of = month_of(self.session.calendar.night(due.starts_at))
                self.read_out(promise_name(due.code), explain_promise(self.session, of, due.about))
            elif fact is not None:
                self.app.push_screen(ReadScreen(fact["complaint_no"], fact["words"] or ""))
            elif (guest := self.chosen_guest()) is not None:
                said = details.text_of(details.guest_lines(self, guest))
                self.app.push_screen(ReadScreen(guest.name or guest.guest_no, said))

    def _read_whose(self, door: AtDoor, guest_no: str) -> None:
        said = details.whose(self, guest_no)
        self.app.push_screen(ReadScreen(door.name or door.visit.visit_no, said))

    def show_night(self, night: date) -> None:
        self.column = "door"
        super().show_night(night)
