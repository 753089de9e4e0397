"""What is due, and complaints: taken down without fining anybody."""

from models.guests import complaints, handovers
from models.guests.fact_writer import Fact
from models.values.money import format_money
from venue_tui.locale import _
from venue_tui.screens.guests.base import GuestsBase
from venue_tui.screens.guests.forms import NewComplaint, TellTime
from venue_tui.screens.shared.people import as_person, as_somebody
from venue_tui.widgets.chooser import Choice, Chooser
from venue_tui.widgets.dialogs import Confirm
from venue_tui.widgets.line_list import LineList


class PromisesView(GuestsBase):
    """The keys of what is due."""

    def keep_told(self, number: str) -> None:
        """The time that was told a guest was kept."""
        with self.refusals_shown():
            before = handovers.keep(self.session, number)
            self.did(_("Kept: %s") % number, lambda: handovers.put_back(self.session, before))
            self.refresh_data()

    def new_of_two(self) -> None:
        self.program.begin(self, self._new_of_two())

    async def _new_of_two(self) -> None:
        ask = self.program.push_screen_wait
        choices = [
            Choice("complaint", _("A guest complains")),
            Choice("told", _("A time told to a guest")),
        ]
        what: str | None = await ask(Chooser(_("What is it?"), choices))
        if what is None:
            return
        wanted = NewComplaint if what == "complaint" else TellTime
        form = await as_somebody(self, lambda by: wanted(self.session, by))
        number: str | None = await ask(form) if form is not None else None
        if number is None:
            return
        if what == "complaint":
            self.did(
                _("Taken down: %s; it fines nobody.") % number,
                lambda: complaints.withdraw(self.session, number),
            )
            self.refresh_data()
            self.query_one("#promised", LineList).move_to(f"complaint {number}")
        else:
            self.did(_("Promised: %s") % number, lambda: handovers.untell(self.session, number))
            self.refresh_data()

    def next_step(self, fact: Fact) -> None:
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

    def find_founded(self, fact: Fact) -> None:
        """Finds a complaint founded; one that is already becomes the rulebook's incident."""
        if fact["founded"] and fact["incident_no"] is None:
            self.program.begin(self, self._make_incident(fact))
        else:
            self.judge(fact, founded=True)

    def judge(self, fact: Fact, founded: bool) -> None:
        number = fact["complaint_no"]

        def judged(by: str | None) -> None:
            before = complaints.judge(self.session, number, founded, by)
            said = _("Founded: %s") if founded else _("Unfounded: %s")
            self.did(said % number, lambda: complaints.put_back(self.session, before))
            self.refresh_data()

        as_person(self, judged)

    async def _make_incident(self, fact: Fact) -> None:
        about = fact["about_staff_no"]
        if about is None:
            self.complain(_("The complaint is about nobody."))
            return
        night = self.session.calendar.night(fact["at"])
        rule = self.session.book(night).rule("service_complaint")
        cents = rule.amount or 0 if rule is not None else 0
        title = _("Make it an incident of %s?") % self.who(about)
        lines = [_("They are fined %s.") % format_money(cents)]
        question = Confirm(title, lines, yes=_("Fine"), no=_("Leave it"))
        if not await self.program.push_screen_wait(question):
            return

        def make(by: str | None) -> None:
            complaints.make_incident(self.session, fact["complaint_no"], by)
            self.did(
                _("Fined: %(who)s, %(amount)s")
                % {"who": self.who(about), "amount": format_money(cents)},
                lambda: complaints.unmake_incident(self.session, fact["complaint_no"]),
            )
            self.refresh_data()

        await as_somebody(self, make, about=about)
