"""A guest's whole number, the handover, and what new staff know of the house."""

from functools import partial

from models.guests import handovers, knowledge, register
from venue_tui.locale import _
from venue_tui.screens.guests.base import GuestsBase
from venue_tui.screens.guests.forms import HandOver
from venue_tui.screens.shared.people import as_person, ask_who, pick_staffer
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
            name = register.guest(guest_no).name or guest_no
            self.app.push_screen(ReadScreen(name, phone or _("no number")))

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
                    "who": self.who(staff_no),
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
