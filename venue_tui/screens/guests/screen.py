"""Guests: who is at the door, whose turn it is, what was promised, and whose each sale is."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import DescendantFocus

from models.guests import claims, complaints, desk, handovers, knowledge, register
from models.guests.desk import AtDoor, Board
from models.guests.recording import Fact
from models.ledger.credits import Sale, readable_sales
from models.ledger.promises import waiting
from models.ledger.turns import Standing
from models.operations import directory
from models.payroll.guest_explanation import explain_sale, explain_turn
from models.values.money import format_money
from models.values.nights import first_night, last_night, month_of
from models.values.problems import Problem
from venue_tui.locale import N_, _
from venue_tui.screens.guests.forms import (
    DecideShares,
    HandOver,
    NewComplaint,
    NewGuest,
    OrderForm,
    TellTime,
)
from venue_tui.screens.guests.lines import (
    board_line,
    complaint_rows,
    complaint_state,
    door_rows,
    order_rows,
    sale_rows,
    why_away,
)
from venue_tui.screens.shared.night import NightScreen
from venue_tui.screens.shared.people import as_person, ask_who, pick_staffer, shown_name
from venue_tui.screens.shared.text_viewer import ReadScreen
from venue_tui.widgets.chooser import Choice, Chooser
from venue_tui.widgets.dialogs import Confirm
from venue_tui.widgets.finder import Finder
from venue_tui.widgets.keys import bindings, hidden
from venue_tui.widgets.line_list import Column, LineList
from venue_tui.widgets.lines import Line, Lines, line
from venue_tui.words import in_words, word

DESK, PROMISED, SALES = "desk", "promised", "sales"
VIEWS = (DESK, PROMISED, SALES)


class GuestsScreen(NightScreen):
    """Left who is at the door, right the order of turns; v shows promises and complaints, and the
    month's sales by their shares."""

    where = "guests"
    about = N_(
        "Who is at the door, and whose turn they are. n writes down who comes: the phone first, and"
        " the register says at once whose they are. Space gives them to whose turn it is; g writes"
        " down that they ask for somebody, o that they left.\n\n"
        "Right is the order as it stands: how many each had, who is owed a turn, and why somebody"
        " can't take a guest. t on somebody there: on the telephone, then away, then back. e makes"
        " the order anew. Enter says why.\n\n"
        "v shows what is due, with the month's complaints: a complaint fines nobody. Space is the"
        " next step (answered, solved, asked after); a finds it founded, which nobody does about"
        " themselves, and once more makes it the rulebook's incident, after naming the fine. v"
        " again shows whose each sale is: n claims one, a decides as a director, Enter says why."
    )
    BINDINGS: ClassVar = [
        *bindings("guests"),
        *hidden({"left": "column(-1)", "right": "column(1)"}),
    ]
    CSS = """
    GuestsScreen #night { height: 1; padding: 0 1; background: $panel; }
    GuestsScreen Horizontal { height: 1fr; }
    GuestsScreen #door { width: 3fr; }
    GuestsScreen #order { width: 2fr; margin-left: 1; }
    GuestsScreen #detail { height: 3; background: $boost; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._view = DESK
        self._column = "door"
        self._board = Board((), (), (), Standing((), None))
        self._doors: dict[str, AtDoor] = {}
        self._complaints: dict[str, Fact] = {}
        self._sales: dict[str, Sale] = {}
        self._names: dict[str, str] = {}
        self._wrong: dict[str, str] = {}

    def body(self) -> ComposeResult:
        yield Lines(id="night")
        with Horizontal(id="pane-desk"):
            yield LineList(
                Column(_("At"), 5),
                Column(_("Guest"), 10, 2),
                Column(_("Phone"), 11),
                Column(_("With"), 8, 1, tinted=True),
                id="door",
                opens=False,
            )
            yield LineList(
                Column("", 2, right=True),
                Column(_("Order"), 8, 1),
                Column(_("had"), 3, right=True),
                Column("", 10, 1, tinted=True),
                id="order",
                opens=False,
            )
        yield LineList(
            Column(_("When"), 11),
            Column(_("What"), 16, 2),
            Column(_("About"), 12, 1),
            Column("", 9, tinted=True),
            id="promised",
            opens=False,
        )
        yield LineList(
            Column(_("Night"), 6),
            Column(_("Sale"), 12, 1),
            Column(_("Amount"), 10, right=True),
            Column(_("Whose"), 14, 2),
            Column(_("Rule"), 10, 1),
            id="sales",
            opens=False,
        )
        yield Lines(id="detail")
        yield Finder()

    # What is shown

    def refresh_data(self) -> None:
        self._names = {each.staff_no: each.name for each in directory.employed(self.night)}
        self.query_one("#pane-desk").display = self._view == DESK
        self.query_one("#promised").display = self._view == PROMISED
        self.query_one("#sales").display = self._view == SALES
        {DESK: self._show_desk, PROMISED: self._show_promised, SALES: self._show_sales}[
            self._view
        ]()
        self._show_selected()

    def _show_desk(self) -> None:
        self._board = board = desk.board(self.session, self.night)
        self._doors = {
            each.visit.visit_no: each for each in (*board.waiting, *board.given, *board.left)
        }
        self._wrong = desk.given_otherwise(self.session, self.night)
        sought = self.query_one(Finder).sought
        rows = [
            row
            for row in door_rows(self.session, board, self._names)
            if not sought or row.group or any(sought in cell for cell in row.cells)
        ]
        self.query_one("#door", LineList).set_rows(rows)
        order = order_rows(board.order.waiting, self._names)
        self.query_one("#order", LineList).set_rows(order)
        duty = handovers.on_duty(self.night)
        said = _("on duty: %s") % self._who(duty) if duty is not None else ""
        self.query_one("#night", Lines).set_lines(
            [(*self.night_line(), ("   ", ""), *board_line(board, said))]
        )

    def _show_promised(self) -> None:
        month = month_of(self.night)
        found = complaints.listing(self.session, first_night(month), last_night(month))
        self._complaints = {fact["complaint_no"]: fact for fact in found}
        rows = complaint_rows(self.session, found, waiting(self.session))
        self.query_one("#promised", LineList).set_rows(rows)
        self.query_one("#night", Lines).set_lines(
            [line(_("What is due, and the complaints of %s") % month, "strong")]
        )

    def _show_sales(self) -> None:
        month = month_of(self.night)
        sales = readable_sales(self.session, first_night(month), last_night(month))
        self._sales = {each.deal.deal_no: each for each in sales}
        self.query_one("#sales", LineList).set_rows(sale_rows(sales, self._names))
        self.query_one("#night", Lines).set_lines(
            [line(_("Whose the sales of %s are") % month, "strong")]
        )

    def _who(self, staff_no: str) -> str:
        return shown_name(staff_no, self._names.get(staff_no, staff_no))

    def _list_id(self) -> str:
        return {DESK: self._column, PROMISED: "promised", SALES: "sales"}[self._view]

    def _list(self) -> LineList:
        return self.query_one(f"#{self._list_id()}", LineList)

    def _key(self) -> str:
        # The keys are asked what they can do while the widgets are made and taken away, too.
        found = self.query_one_optional(f"#{self._list_id()}", LineList)
        return (found.cursor_key or "") if found is not None else ""

    def _door(self) -> AtDoor | None:
        on_door = self._view == DESK and self._column == "door"
        return self._doors.get(self._key()) if on_door else None

    def _complaint(self) -> Fact | None:
        return self._complaints.get(self._key().removeprefix("complaint "))

    def _sale(self) -> Sale | None:
        return self._sales.get(self._key()) if self._view == SALES else None

    def _show_selected(self) -> None:
        lines: list[Line] = []
        door, fact, sale = self._door(), self._complaint(), self._sale()
        if door is not None:
            lines = self._door_lines(door)
        elif self._view == DESK:
            for each in self._board.order.waiting:
                if each.staff_no == self._key():
                    lines = [line(self._who(each.staff_no), "strong"), line(why_away(each.away))]
        elif self._view == PROMISED and fact is not None:
            lines = [line(fact["words"] or ""), line(complaint_state(fact), "muted")]
        elif sale is not None:
            lines = [
                line(
                    f"{share.share}  {format_money(share.cents)}  "
                    + (self._who(share.staff_no) if share.staff_no else _("the house"))
                )
                for share in sale.credit.shares
            ]
        self.query_one("#detail", Lines).set_lines(lines)

    def _door_lines(self, door: AtDoor) -> list[Line]:
        said = f"{door.visit.visit_no}  {door.name} {door.phone}"
        if door.waits:
            with self.refusals_shown():
                given = desk.suggested(self.session, door.visit.visit_no)
                who = self._who(given.staff_no) if given.staff_no else word("office")
                return [line(said, "strong"), line(f"→ {who}  {word(given.how)}", "good")]
        lines = [line(said, "strong")]
        if door.turn_no in self._wrong:
            right = self._wrong[door.turn_no]
            lines.append(
                line(_("It was the turn of %s.") % self._names.get(right, right), "warning")
            )
        return lines

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        if event.widget.id in ("door", "order"):
            self._column = event.widget.id
            self._show_selected()
            self.refresh_bindings()

    def on_line_list_highlighted(self) -> None:
        self._show_selected()
        self.refresh_bindings()

    def on_finder_sought(self) -> None:
        self.refresh_data()

    # Where the keys go

    def action_column(self, by: int) -> None:
        if self._view == DESK:
            self.query_one("#order" if by > 0 else "#door").focus()

    def action_view(self) -> None:
        self._view = VIEWS[(VIEWS.index(self._view) + 1) % len(VIEWS)]
        self.refresh_data()
        self._list().focus()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        on_desk = self._view == DESK
        door, decided = self._door(), self._complaint() or self._sale()
        if action in ("asked_for", "left", "away", "order", "phone"):
            if not on_desk:
                return False
            if action == "away":
                return True if self._column == "order" and self._key() else None
            return True if action == "order" or door is not None else None
        if action in ("approve", "reject"):
            if on_desk:
                return False
            return True if decided else None
        if action == "give":
            return True if (door is not None and door.waits) or self._complaint() else None
        if action == "withdraw":
            return True if door or self._sale() else None
        if action == "why":
            return True if door or decided else None
        return super().check_action(action, parameters)

    # The door

    def action_new(self) -> None:
        if self._view == PROMISED:
            self._new_of_two()
            return
        if self._view == SALES:
            self._claim()
            return

        def came(visit_no: str | None) -> None:
            if visit_no is None:
                return
            self.did(
                _("At the door: %s") % visit_no,
                lambda: desk.withdraw(self.session, visit_no),
                quiet=True,
            )
            self._other_night = None
            self.refresh_data()
            door = self.query_one("#door", LineList)
            door.focus()
            door.move_to(visit_no)
            self._offer_as_one(desk.visit(visit_no).guest_no)

        self.app.push_screen(NewGuest(self.session), came)

    def _offer_as_one(self, guest_no: str | None) -> None:
        """Asks whether somebody of one phone, or one name and ending, is the same guest."""
        same = register.duplicates(guest_no) if guest_no is not None else []
        fresh = [each for each in same if each.guest_no != guest_no]
        if guest_no is None or not fresh:
            return
        mine, other = register.guest(guest_no), fresh[0]

        def answered(yes: bool | None) -> None:
            if yes:
                with self.refusals_shown():
                    before = register.make_one(self.session, guest_no, other.guest_no)
                    self.did(
                        _("Made one: %s") % other.name,
                        lambda: register.make_two(self.session, *before),
                    )
                    self.refresh_data()

        lines = [
            f"{each.guest_no}  {each.name}  {each.phone}  {each.unit or ''}"
            for each in (mine, other)
        ]
        title = _("Are these two one guest?")
        self.app.push_screen(Confirm(title, lines, yes=_("One"), no=_("Two")), answered)

    def action_give(self) -> None:
        if fact := self._complaint():
            self._next_step(fact)
            return
        door = self._door()
        if door is None or not door.waits:
            return
        with self.refusals_shown():
            given = desk.suggested(self.session, door.visit.visit_no)
            if given.staff_no is None and given.how != "office":
                pick_staffer(self, _("Who receives them?"), partial(self._give, door))
                return
            self._give(door, None)

    def _give(self, door: AtDoor, staff_no: str | None) -> None:
        with self.refusals_shown():
            turn_no, should = desk.give(self.session, door.visit.visit_no, staff_no)
            receiver = staff_no or should.staff_no
            who = self._who(receiver) if receiver is not None else word("office")
            self.did(
                _("Given: %(guest)s to %(who)s")
                % {"guest": door.name or door.visit.visit_no, "who": who},
                lambda: desk.take_back(self.session, turn_no),
            )
            self.refresh_data()

    def action_asked_for(self) -> None:
        door = self._door()
        if door is None:
            return

        def named(staff_no: str) -> None:
            with self.refusals_shown():
                before = desk.asked_for(self.session, door.visit.visit_no, staff_no)
                self.did(
                    _("Asked for: %s") % self._who(staff_no),
                    lambda: desk.asked_for(self.session, door.visit.visit_no, before),
                )
                self.refresh_data()

        pick_staffer(self, _("Whom do they ask for?"), named)

    def action_left(self) -> None:
        door = self._door()
        if door is None:
            return
        visit_no = door.visit.visit_no
        with self.refusals_shown():
            desk.gone(self.session, visit_no)
            self.did(
                _("Left: %s") % (door.name or visit_no),
                lambda: desk.still_here(self.session, visit_no),
            )
            self.refresh_data()

    def action_withdraw(self) -> None:
        if (sale := self._sale()) is not None:
            self._withdraw_claim(sale)
            return
        door = self._door()
        if door is None:
            return
        with self.refusals_shown():
            if door.turn_no is not None:
                desk.take_back(self.session, door.turn_no)
                self.say(_("Taken back: %s waits again.") % (door.name or door.visit.visit_no))
            else:
                desk.withdraw(self.session, door.visit.visit_no)
                self.say(_("Taken away: %s") % (door.name or door.visit.visit_no))
            self.refresh_data()

    # The order

    def action_away(self) -> None:
        staff_no = self._key()
        state = next(
            (each.away for each in self._board.order.waiting if each.staff_no == staff_no), None
        )
        name = self._who(staff_no)
        with self.refusals_shown():
            if state in ("phone", "duty", "private"):
                since = desk.is_back(self.session, staff_no)
                undo: Callable[[], None] = partial(
                    desk.undo_away, self.session, staff_no, since, ended=True
                )
                said = _("Back: %s") % name
                if state == "phone":
                    since = desk.step_away(self.session, staff_no, "private")
                    undo = partial(desk.undo_away, self.session, staff_no, since, ended=False)
                    said = _("Away: %s") % name
            else:
                since = desk.step_away(self.session, staff_no, "telephone")
                undo = partial(desk.undo_away, self.session, staff_no, since, ended=False)
                said = _("On the telephone: %s") % name
            self.did(said, undo)
            self.refresh_data()

    def action_order(self) -> None:
        def made(before: tuple[str, ...] | None) -> None:
            if before is None:
                return
            night = self.night
            undo = partial(desk.make_order, self.session, night, before)
            self.did(_("The order was made anew."), undo if before else None)
            self.refresh_data()

        self.app.push_screen(OrderForm(self.session, self.night), made)

    # Complaints

    def _new_of_two(self) -> None:
        def chosen(what: str | None) -> None:
            if what is not None:
                as_person(self, self._new_complaint if what == "complaint" else self._tell)

        choices = [
            Choice("complaint", _("A guest complains")),
            Choice("told", _("A time told to a guest")),
        ]
        self.app.push_screen(Chooser(_("What is it?"), choices), chosen)

    def _tell(self, by: str | None) -> None:
        def told(number: str | None) -> None:
            if number is not None:
                self.did(_("Promised: %s") % number, lambda: handovers.untell(self.session, number))
                self.refresh_data()

        self.app.push_screen(TellTime(self.session, by), told)

    def _new_complaint(self, by: str | None) -> None:
        def taken(number: str | None) -> None:
            if number is not None:
                self.did(
                    _("Taken down: %s; it fines nobody.") % number,
                    lambda: complaints.withdraw(self.session, number),
                )
                self.refresh_data()
                self.query_one("#promised", LineList).move_to(f"complaint {number}")

        self.app.push_screen(NewComplaint(self.session, by), taken)

    def _next_step(self, fact: Fact) -> None:
        number = fact["complaint_no"]
        with self.refusals_shown():
            if fact["answered_at"] is None:
                before = complaints.answer(self.session, number, "")
                said = _("Answered: %s") % number
            elif fact["solved_at"] is None:
                before = complaints.solve(self.session, number)
                said = _("Solved: %s") % number
            elif fact["asked_at"] is None:
                before = complaints.asked(self.session, number, satisfied=True)
                said = _("Content: the guest of %s") % number
            else:
                self.say(_("Nothing is left to do about %s.") % number)
                return
            self.did(said, lambda: complaints.put_back(self.session, before))
            self.refresh_data()

    def action_approve(self) -> None:
        if (sale := self._sale()) is not None:
            as_person(self, partial(self._decide, sale))
        elif fact := self._complaint():
            if fact["founded"] and fact["incident_no"] is None:
                self._make_incident(fact)
            else:
                self._judge(fact, founded=True)

    def action_reject(self) -> None:
        if fact := self._complaint():
            self._judge(fact, founded=False)

    def _judge(self, fact: Fact, founded: bool) -> None:
        number = fact["complaint_no"]

        def judged(by: str | None) -> None:
            before = complaints.judge(self.session, number, founded, by)
            said = _("Founded: %s") if founded else _("Unfounded: %s")
            self.did(said % number, lambda: complaints.put_back(self.session, before))
            self.refresh_data()

        as_person(self, judged)

    def _make_incident(self, fact: Fact) -> None:
        about = fact["about_staff_no"]
        if about is None:
            self.complain(_("The complaint is about nobody."))
            return
        night = self.session.calendar.night(fact["at"])
        rule = self.session.book(night).rule("service_complaint")
        cents = rule.amount or 0 if rule is not None else 0

        def sure(yes: bool | None) -> None:
            if not yes:
                return

            def make(by: str | None) -> None:
                complaints.make_incident(self.session, fact["complaint_no"], by)
                self.did(
                    _("Fined: %(who)s, %(amount)s")
                    % {"who": self._who(about), "amount": format_money(cents)},
                    lambda: complaints.unmake_incident(self.session, fact["complaint_no"]),
                )
                self.refresh_data()

            as_person(self, make, about=about)

        title = _("Make it an incident of %s?") % self._who(about)
        lines = [_("They are fined %s.") % format_money(cents)]
        self.app.push_screen(Confirm(title, lines, yes=_("Fine"), no=_("Leave it")), sure)

    # Sales

    def _claim(self) -> None:
        sale = self._sale()
        if sale is None:
            return
        deal_no = sale.deal.deal_no

        def claimed(staff_no: str) -> None:
            with self.refusals_shown():
                claims.claim(self.session, deal_no, staff_no)
                self.did(
                    _("Claimed: %(sale)s by %(who)s")
                    % {"sale": deal_no, "who": self._who(staff_no)},
                    lambda: claims.withdraw(self.session, deal_no, staff_no),
                )
                self.refresh_data()

        pick_staffer(self, _("Who says that it is theirs?"), claimed)

    def _withdraw_claim(self, sale: Sale) -> None:
        if not sale.claims:
            self.say(_("Nobody claims %s.") % sale.deal.deal_no)
            return
        held = sale.claims[-1]
        with self.refusals_shown():
            claims.withdraw(self.session, held.deal_no, held.staff_no)
            self.say(_("Withdrawn: the claim of %s") % self._who(held.staff_no))
            self.refresh_data()

    def _decide(self, sale: Sale, by: str | None) -> None:
        shares = {each.staff_no: each.share for each in sale.credit.by_rule}
        deal_no = sale.deal.deal_no

        def decided(before: dict[str, object] | None) -> None:
            if before is not None:
                self.did(
                    _("Decided: %s") % deal_no,
                    lambda: claims.undecide(self.session, deal_no, before),
                )
                self.refresh_data()

        self.app.push_screen(DecideShares(self.session, deal_no, shares, by), decided)

    # Why

    def action_why(self) -> None:
        door, fact, sale = self._door(), self._complaint(), self._sale()
        with self.refusals_shown():
            if sale is not None:
                self._read_out(sale.deal.deal_no, explain_sale(self.session, sale.deal.deal_no))
            elif door is not None and door.turn_no is not None:
                self._read_out(door.turn_no, explain_turn(self.session, door.turn_no))
            elif door is not None and door.visit.guest_no is not None:
                self._whose(door)
            elif fact is not None:
                self.app.push_screen(ReadScreen(fact["complaint_no"], fact["words"] or ""))

    def _read_out(self, title: str, said: list[Problem]) -> None:
        self.app.push_screen(ReadScreen(title, "\n".join(map(in_words, said))))

    def _whose(self, door: AtDoor) -> None:
        owned = register.whose(self.session, door.visit.guest_no or "")
        if owned is None or owned.staff_no is None:
            said = _("Nobody's: by turn.")
        else:
            clause = owned.rule.clause if owned.rule is not None else ""
            said = _("The guest of %(who)s, by clause %(clause)s.") % {
                "who": self._who(owned.staff_no),
                "clause": clause,
            }
        self.app.push_screen(ReadScreen(door.name or door.visit.visit_no, said))

    # The phone, the handover, the house by heart

    def action_phone(self) -> None:
        door = self._door()
        if door is None or door.visit.guest_no is None:
            self.say(_("Choose a guest at the door first."))
            return
        with self.refusals_shown():
            phone = register.read_phone(self.session, door.visit.guest_no)
            self.app.push_screen(ReadScreen(door.name, phone or _("no number")))

    def action_hand_over(self) -> None:
        """Accepts the desk where it waits to be accepted, else hands it over."""
        if open_ := handovers.open_handovers(self.session.tonight()):
            as_person(self, partial(self._accept, open_[0]["handover_no"]))
            return

        def opened(giver: str) -> None:
            def given(number: str | None) -> None:
                if number is not None:
                    self.say(
                        _("Handed over: %s, until it is accepted who leaves is on duty.") % number
                    )
                    self.refresh_data()

            self.app.push_screen(HandOver(self.session, giver), given)

        actor = self.session.actor
        if actor is not None and actor.staff_no is not None:
            opened(actor.staff_no)
        else:
            ask_who(self.venue_app, opened)

    def _accept(self, handover_no: str, by: str | None) -> None:
        handovers.accept(self.session, handover_no, by)
        self.say(_("Accepted: %s") % handover_no)
        self.refresh_data()

    def action_quiz(self) -> None:
        pick_staffer(self, _("Who is asked about the house?"), self._quiz)

    def _quiz(self, staff_no: str) -> None:
        with self.refusals_shown():
            self._ask(staff_no, knowledge.questions(self.session, staff_no), 0)

    def _ask(self, staff_no: str, questions: list[knowledge.Question], right: int) -> None:
        asked = knowledge.ASKED - len(questions)
        if not questions:
            with self.refusals_shown():
                at = knowledge.record(self.session, staff_no, asked, right)
                passed = knowledge.passes(asked, right)
                said = _("%(who)s: %(right)d of %(asked)d right.") % {
                    "who": self._who(staff_no),
                    "right": right,
                    "asked": asked,
                }
                undo = partial(knowledge.unrecord, self.session, staff_no, at)
                self.did(said + " " + (_("Passed.") if passed else _("Not yet.")), undo)
                self.refresh_data()
            return
        question = questions[0]
        sentence = {
            "minimum": _("%(number)d: what is the minimum spend of %(subject)s?"),
            "kind": _("%(number)d: is %(subject)s a room or a table?"),
        }[question.asks]
        prompt = sentence % {"number": asked + 1, "subject": question.subject}

        def answered(choice: str | None) -> None:
            if choice is not None:
                self._ask(staff_no, questions[1:], right + (choice == question.right))

        choices = [Choice(each, word(each)) for each in question.choices]
        self.app.push_screen(Chooser(prompt, choices), answered)

    def show_night(self, night: date) -> None:
        self._column = "door"
        super().show_night(night)
