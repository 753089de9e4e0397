"""Whose the sales are: claims, a director's decisions, cards, and the form with four signatures."""

from functools import partial

from models.guests import claims, deals
from models.guests.fact_writer import Fact
from models.ledger.credits import Sale
from venue_tui.locale import _
from venue_tui.problem_words import in_words
from venue_tui.screens.guests.base import GuestsBase
from venue_tui.screens.guests.forms import DecideShares
from venue_tui.screens.guests.sale_forms import ChangeCloser, NewDeal
from venue_tui.screens.shared.people import pick_staffer
from venue_tui.widgets.chooser import Choice, Chooser


class SalesView(GuestsBase):
    """The keys of the month's sales."""

    def new_of_sales(self) -> None:
        """A claim to the chosen sale, or another sale."""
        if self.chosen_sale() is None:
            self._sell()
            return

        def chosen(what: str | None) -> None:
            if what is not None:
                {"claim": self._claim, "sale": self._sell, "noted": self._note}[what]()

        choices = [
            Choice("claim", _("Somebody claims it")),
            Choice("sale", _("A card is sold")),
            Choice("noted", _("Note: its number and the register's are one person's")),
        ]
        self.app.push_screen(Chooser(_("What is it?"), choices), chosen)

    def _sell(self) -> None:
        def sold(deal_no: str | None) -> None:
            if deal_no is not None:
                self.did(_("Sold: %s") % deal_no, lambda: deals.withdraw(self.session, deal_no))
                self.refresh_data()
                self.shown_list().move_to(deal_no)

        self.app.push_screen(NewDeal(self.session), sold)

    def _note(self) -> None:
        """The number on the sale isn't the register's, and it is the same person all the same."""
        sale = self.chosen_sale()
        if sale is None:
            return
        deal_no = sale.deal.deal_no

        def noted(before: Fact) -> None:
            said = _("Noted as the same person's: %s") % deal_no
            self.did(said, lambda: deals.put_back(self.session, before))
            self.refresh_data()

        self.once_named(partial(deals.note_same_person, self.session, deal_no), noted)

    def change_name(self, sale: Sale) -> None:
        """The form with four signatures, where it may still change something."""
        late = deals.form_is_late(self.session, sale.deal.night)
        if late is not None:
            self.complain(in_words(late))
            return
        deal_no = sale.deal.deal_no

        def changed(before: dict[str, object] | None) -> None:
            if before is not None:
                self.did(
                    _("Changed by the form: %s") % deal_no,
                    lambda: claims.undecide(self.session, deal_no, before),
                )
                self.refresh_data()

        self.app.push_screen(ChangeCloser(self.session, sale), changed)

    def _claim(self) -> None:
        sale = self.chosen_sale()
        if sale is None:
            return
        deal_no = sale.deal.deal_no

        def claimed(staff_no: str) -> None:
            with self.refusals_shown():
                claims.claim(self.session, deal_no, staff_no)
                self.did(
                    _("Claimed: %(sale)s by %(who)s")
                    % {"sale": deal_no, "who": self.who(staff_no)},
                    lambda: claims.withdraw(self.session, deal_no, staff_no),
                )
                self.refresh_data()

        pick_staffer(self, _("Who says that it is theirs?"), claimed)

    def withdraw_claim(self, sale: Sale) -> None:
        if not sale.claims:
            self.say(_("Nobody claims %s.") % sale.deal.deal_no)
            return
        held = sale.claims[-1]
        with self.refusals_shown():
            fact = claims.withdraw(self.session, held.deal_no, held.staff_no)
            said = _("Withdrawn: the claim of %s") % self.who(held.staff_no)
            self.did(said, lambda: claims.put_back(self.session, fact))
            self.refresh_data()

    def decide(self, sale: Sale, by: str | None) -> None:
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
