"""The register: who the guests are, what staffers had to do with them, and whose they become."""

from functools import partial

from models.guests import contacts, register
from models.guests.fact_writer import Fact
from models.guests.register import Found
from venue_tui.locale import _
from venue_tui.screens.guests.base import GuestsBase
from venue_tui.screens.guests.register_forms import ContactForm, GuestForm, HandedOn, HandOn
from venue_tui.screens.shared.people import as_person
from venue_tui.widgets.chooser import Choice, Chooser
from venue_tui.words import word


class RegisterView(GuestsBase):
    """The keys of the register."""

    def new_of_register(self) -> None:
        """A guest, or for the chosen one a contact or an heir."""
        guest = self.chosen_guest()
        if guest is None:
            self.edit_guest(None)
            return

        def chosen(what: str | None) -> None:
            if what == "contact":
                self._add_contact(guest)
            elif what == "heir":
                self._hand_on(guest)
            elif what == "guest":
                self.edit_guest(None)

        choices = [
            Choice("contact", _("A sheet, an appointment, a call")),
            Choice("heir", _("Somebody takes them over")),
            Choice("guest", _("Another guest")),
        ]
        self.app.push_screen(Chooser(guest.name or guest.guest_no, choices), chosen)

    def edit_guest(self, guest: Found | None) -> None:
        """Corrects a guest, or puts another on the register."""

        def saved(done: tuple[str, dict[str, object]] | None) -> None:
            if done is None:
                return
            guest_no, before = done
            undo = partial(register.restore, self.session, before) if before else None
            self.did(_("On the register: %s") % guest_no, undo)
            self.refresh_data()
            self.shown_list().move_to(guest_no)

        self.app.push_screen(GuestForm(self.session, guest), saved)

    def _add_contact(self, guest: Found) -> None:
        def added(contact_no: str | None) -> None:
            if contact_no is not None:
                self.did(
                    _("Written down: %s") % contact_no,
                    lambda: contacts.withdraw(self.session, contact_no),
                )
                self.refresh_data()

        self.app.push_screen(ContactForm(self.session, guest), added)

    def _hand_on(self, guest: Found) -> None:
        def given(done: HandedOn | None) -> None:
            if done is not None:
                self.did(
                    _("Handed on: %s") % (guest.name or guest.guest_no),
                    lambda: contacts.take_back(self.session, guest.guest_no, *done),
                )
                self.refresh_data()

        self.app.push_screen(HandOn(self.session, guest), given)

    def sign_latest(self, guest: Found) -> None:
        """A director signs the guest's appointment that nobody signed yet."""
        unsigned = [
            each
            for each in contacts.of_guest(self.session, guest.guest_no)
            if each.kind == "appointment" and each.signed_by is None and each.void is None
        ]
        if not unsigned:
            self.say(_("No appointment of theirs waits for a signature."))
            return
        number = unsigned[0].contact_no

        def signed(by: str | None) -> None:
            before = contacts.sign(self.session, number, by)
            self.did(_("Signed: %s") % number, lambda: contacts.put_back(self.session, before))
            self.refresh_data()

        as_person(self, signed, about=unsigned[0].staff_no)

    def void_latest(self, guest: Found) -> None:
        """Says of the guest's last contact that it doesn't hold: another's sheet was shown before,
        or it is void for another reason."""
        standing = [
            each for each in contacts.of_guest(self.session, guest.guest_no) if each.void is None
        ]
        if not standing:
            self.say(_("There is nothing of theirs to void."))
            return
        number = standing[0].contact_no

        def chosen(why: str | None) -> None:
            if why is None:
                return

            def voided(before: Fact) -> None:
                self.did(_("Void: %s") % number, lambda: contacts.put_back(self.session, before))
                self.refresh_data()

            self.once_named(partial(contacts.void, self.session, number, why), voided)

        night = self.session.calendar.night(standing[0].at)
        rules = [each.code for each in self.session.book(night).rules if "desk" in each.origins]
        title = _("%(kind)s of %(who)s is void: why?") % {
            "kind": word(standing[0].kind),
            "who": self.who(standing[0].staff_no),
        }
        choices = [Choice("yes", _("it doesn't hold; nobody is fined"))]
        choices += [
            Choice(code, _("another's sheet was shown before"))
            for code in ("second_follow_up",)
            if code in rules and standing[0].kind == "follow_up"
        ]
        self.app.push_screen(Chooser(title, choices), chosen)
