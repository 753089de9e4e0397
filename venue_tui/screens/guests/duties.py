"""A guest's whole number, the handover, and what new staff know of the house."""

from functools import partial

from models.guests import handovers, knowledge, register
from venue_tui.locale import _
from venue_tui.screens.guests.base import GuestsBase
from venue_tui.screens.guests.forms import HandOver
from venue_tui.screens.shared.people import as_person, ask_who, staffer_chooser
from venue_tui.screens.shared.text_viewer import ReadScreen
from venue_tui.widgets.chooser import Choice, Chooser
from venue_tui.words import word


class Duties(GuestsBase):
    """The keys that work in every view."""

    def action_phone(self) -> None:
        door, guest = self.chosen_door(), self.chosen_guest()
        guest_no = guest.guest_no if guest is not None else door and door.visit.guest_no
        if not guest_no:
            self.say(_("Choose a guest first."))
            return
        with self.refusals_shown():
            phone = register.read_phone(self.session, guest_no)
            name = register.guest(self.session, guest_no).name or guest_no
            self.app.push_screen(ReadScreen(name, phone or _("no number")))

    def action_hand_over(self) -> None:
        """Accepts the desk where it waits to be accepted, else hands it over."""
        if open_ := handovers.open_handovers(self.session, self.session.tonight()):
            as_person(self, partial(self._accept, open_[0]["handover_no"]))
            return

        self.program.begin(self, self._hand_over())

    async def _hand_over(self) -> None:
        actor = self.session.actor
        giver = actor.staff_no if actor is not None else None
        if giver is None:
            giver = await ask_who(self.program)
        if giver is None:
            return
        number = await self.program.push_screen_wait(HandOver(self.session, giver))
        if number is not None:
            self.say(_("Handed over: %s, until it is accepted who leaves is on duty.") % number)
            self.refresh_data()

    def _accept(self, handover_no: str, by: str | None) -> None:
        handovers.accept(self.session, handover_no, by)
        self.say(_("Accepted: %s") % handover_no)
        self.refresh_data()

    def action_quiz(self) -> None:
        self.program.begin(self, self._quiz())

    async def _quiz(self) -> None:
        ask = self.program.push_screen_wait
        prompt = _("Who is asked about the house?")
        staff_no: str | None = await ask(staffer_chooser(self.session, prompt))
        if staff_no is None:
            return
        with self.refusals_shown():
            right = 0
            for number, each in enumerate(knowledge.questions(self.session, staff_no), 1):
                answer: str | None = await ask(_question(number, each))
                if answer is None:
                    return
                right += answer == each.right
            asked = knowledge.ASKED
            record = partial(knowledge.record, self.session, staff_no, asked, right)
            at = await self.program.turns.take(record)
            said = _("%(who)s: %(right)d of %(asked)d right.") % {
                "who": self.who(staff_no),
                "right": right,
                "asked": asked,
            }
            undo = partial(knowledge.unrecord, self.session, staff_no, at)
            passed = knowledge.passes(asked, right)
            self.did(said + " " + (_("Passed.") if passed else _("Not yet.")), undo)
            self.refresh_data()


def _question(number: int, question: knowledge.Question) -> Chooser:
    sentence = {
        "minimum": _("%(number)d: what is the minimum spend of %(subject)s?"),
        "kind": _("%(number)d: is %(subject)s a room or a table?"),
    }[question.asks]
    choices = [Choice(each, word(each)) for each in question.choices]
    return Chooser(sentence % {"number": number, "subject": question.subject}, choices)
