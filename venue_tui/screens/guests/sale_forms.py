"""The forms of a sale: a card that is sold, and the change of whose name stands on one."""

from collections.abc import Sequence

from models.access.session import Session
from models.guests import deals, register
from models.guests.fact_writer import Fact
from models.ledger.credits import Sale, rules_of
from models.operations import directory
from models.rules.guests.rulebook import DEAL_KINDS
from models.values.problems import refused
from venue_tui.locale import _
from venue_tui.screens.guests.base import DeskForm
from venue_tui.screens.shared.parsing import typed_money
from venue_tui.screens.shared.people import staff_search
from venue_tui.widgets.form import Field
from venue_tui.words import listed, shown_name, word


def the_guest(session: Session, field: str, text: str) -> str | None:
    """The number of the one guest on the register whom a text finds; None for a blank. Raises
    Refused where it finds none, or several."""
    text = text.strip()
    if not text:
        return None
    found = register.find(session, text)
    if len(found) != 1:
        raise refused(field, "that is not one guest on the register: write their number or phone")
    return found[0].guest_no


class NewDeal(DeskForm[str]):
    """Records a card or a contract that is sold now; dismissed with its number."""

    def title_line(self) -> str:
        return _("A card is sold")

    def fields(self) -> Sequence[Field]:
        staff = staff_search(self._session)
        kinds = [(each, word(each)) for each in DEAL_KINDS]
        known = _("phone, name or number on the register")
        return [
            Field("guest_no", _("Who pays"), hint=known),
            Field("user_no", _("Who uses it"), hint=_("blank: who pays")),
            Field("closer_no", _("Closed by"), search=staff),
            Field("kind", _("Kind"), "new", options=kinds),
            Field("amount", _("Amount")),
            Field("buyers", _("Buyers"), "1"),
            Field("phone", _("Phone on it"), hint=_("as it stands on the contract")),
        ]

    def save(self, values: dict[str, str]) -> str:
        if not values["buyers"].strip().isdigit() or int(values["buyers"]) < 1:
            raise refused("buyers", "write how many, such as 1")
        return deals.sell(
            self._session,
            values["closer_no"],
            the_guest(self._session, "guest_no", values["guest_no"]),
            typed_money("amount", values["amount"]),
            user_no=the_guest(self._session, "user_no", values["user_no"]),
            kind=values["kind"],
            buyers=int(values["buyers"]),
            phone=values["phone"].strip() or None,
        )


class ChangeCloser(DeskForm[Fact]):
    """The form that changes whose name stands on a sale, with the signatures that the rulebook
    asks for; dismissed with what was decided before."""

    def __init__(self, session: Session, sale: Sale) -> None:
        super().__init__(session)
        self._sale = sale

    def title_line(self) -> str:
        return _("Whose name stands on %s?") % self._sale.deal.deal_no

    def introduction(self) -> Sequence[str]:
        closer = self._sale.deal.closer_no
        name = shown_name(closer, directory.name_of(closer)) if closer else "-"
        wanted = rules_of(self._session, self._sale.deal.night).month_end.change_signed_by
        signers = listed(word(each) for each in wanted)
        return [
            _("Closed by %s.") % name,
            _("It needs these signatures: %s.") % signers,
        ]

    def fields(self) -> Sequence[Field]:
        staff = staff_search(self._session)
        return [
            Field("other_no", _("Whose it is"), search=staff),
            Field("closer", _("Signed: who closed it"), search=staff),
            Field("other", _("Signed: the other"), search=staff),
            Field("above", _("Signed: their superior"), search=staff),
            Field("director", _("Signed: a director"), search=staff),
        ]

    def save(self, values: dict[str, str]) -> Fact:
        if not values["other_no"]:
            raise refused("other_no", "may not be blank")
        signed = [values[part] for part in ("closer", "other", "above", "director")]
        return deals.change_closer(
            self._session,
            self._sale.deal.deal_no,
            values["other_no"],
            tuple(filter(None, signed)),
        )
