"""At the door: who comes, to whom they are given, and the order of turns."""

from collections.abc import Callable
from functools import partial

from models.guests import desk, register
from models.guests.desk import AtDoor
from models.guests.fact_writer import Fact
from models.rules.guests.rotation import Given
from venue_tui.locale import _
from venue_tui.screens.guests.base import GuestsBase, charges_of_desk
from venue_tui.screens.guests.forms import NewGuest, OrderForm
from venue_tui.screens.shared.charge_preview import agreed
from venue_tui.screens.shared.people import pick_staffer
from venue_tui.widgets.dialogs import Confirm
from venue_tui.widgets.line_list import LineList
from venue_tui.words import word


class AtTheDoor(GuestsBase):
    """The keys of the desk's own view."""

    def new_guest(self) -> None:
        """Asks who is at the door, and whether it is a guest who is known already."""
        self.program.begin(self, self._new_guest())

    async def _new_guest(self) -> None:
        visit_no: str | None = await self.program.push_screen_wait(NewGuest(self.session))
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
        await self._offer_as_one(desk.visit(self.session, visit_no).guest_no)

    async def _offer_as_one(self, guest_no: str | None) -> None:
        """Asks whether somebody of one phone, or one name and ending, is the same guest."""
        same = register.duplicates(self.session, guest_no) if guest_no is not None else []
        fresh = [each for each in same if each.guest_no != guest_no]
        if guest_no is None or not fresh:
            return
        mine, other = register.guest(self.session, guest_no), fresh[0]
        lines = [
            f"{each.guest_no}  {each.name}  {each.phone}  {each.unit or ''}"
            for each in (mine, other)
        ]
        title = _("Are these two one guest?")
        question = Confirm(title, lines, yes=_("One"), no=_("Two"))
        if not await self.program.push_screen_wait(question):
            return

        def made(before: tuple[Fact, Fact]) -> None:
            self.did(
                _("Made one: %s") % other.name,
                lambda: register.make_two(self.session, *before),
            )
            self.refresh_data()

        make_one = partial(register.make_one, self.session, guest_no, other.guest_no)
        with self.refusals_shown():
            if await agreed(self, charges_of_desk(self.session, make_one)):
                made(await self.program.turns.take(make_one))

    def give_chosen(self) -> None:
        door = self.chosen_door()
        if door is None or not door.waits:
            return
        with self.refusals_shown():
            given = desk.suggested(self.session, door.visit.visit_no)
            if given.staff_no is None and given.how != "office":
                pick_staffer(self, _("Who receives them?"), partial(self._give, door))
                return
            self._give(door, None)

    def _give(self, door: AtDoor, staff_no: str | None) -> None:
        def given(done: tuple[str, Given]) -> None:
            turn_no, should = done
            receiver = staff_no or should.staff_no
            who = self.who(receiver) if receiver is not None else word("office")
            self.did(
                _("Given: %(guest)s to %(who)s")
                % {"guest": door.name or door.visit.visit_no, "who": who},
                lambda: desk.take_back(self.session, turn_no),
            )
            self.refresh_data()

        self.once_named(partial(desk.give, self.session, door.visit.visit_no, staff_no), given)

    def action_asked_for(self) -> None:
        door = self.chosen_door()
        if door is None:
            return

        visit_no = door.visit.visit_no

        def picked(staff_no: str) -> None:
            def named(before: str | None) -> None:
                self.did(
                    _("Asked for: %s") % self.who(staff_no),
                    lambda: desk.asked_for(self.session, visit_no, before),
                )
                self.refresh_data()

            self.once_named(partial(desk.asked_for, self.session, visit_no, staff_no), named)

        pick_staffer(self, _("Whom do they ask for?"), picked)

    def action_left(self) -> None:
        door = self.chosen_door()
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

    def take_back_door(self) -> None:
        door = self.chosen_door()
        if door is None:
            return
        name = door.name or door.visit.visit_no
        said = _("Taken away: %s")
        take_back = partial(desk.withdraw, self.session, door.visit.visit_no)
        if door.turn_no is not None:
            said = _("Taken back: %s waits again.")
            take_back = partial(desk.take_back, self.session, door.turn_no)

        def taken(facts: desk.TakenBack) -> None:
            self.did(said % name, lambda: desk.put_back(self.session, facts))
            self.refresh_data()

        self.once_named(take_back, taken)

    # The order

    def action_away(self) -> None:
        staff_no = self.chosen()
        state = next(
            (each.away for each in self.board.order.in_line if each.staff_no == staff_no), None
        )
        name = self.who(staff_no)
        with self.refusals_shown():
            if state in ("phone", "duty", "private"):
                with self.session.change():
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

    def make_order(self) -> None:
        night = self.night

        def made(before: tuple[str, ...] | None) -> None:
            if before is None:
                return
            undo = partial(desk.make_order, self.session, night, before)
            self.did(_("The order was made anew."), undo if before else None)
            self.refresh_data()

        self.app.push_screen(OrderForm(self.session, night), made)
