"""The forms of the guest desk: a guest at the door, a complaint, the order of turns, a decision, a
time told, a handover."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from models.access.session import Session
from models.guests import claims, complaints, desk, handovers, register
from models.operations import directory
from models.rules.guests.register import phone_problem
from models.rules.guests.validation import format_shares, parse_shares
from models.values.problems import Refused, refused
from venue_tui.locale import _
from venue_tui.screens.guests.base import DeskForm
from venue_tui.screens.shared.parsing import typed_time, understood_time
from venue_tui.screens.shared.people import staff_search
from venue_tui.widgets.form import Field, FormScreen
from venue_tui.words import shown_name, word


class NewGuest(DeskForm[str]):
    """Records who is at the door, on the register or new to it; dismissed with the visit's
    number. The phone comes first: the register says at once whose they are."""

    def title_line(self) -> str:
        return _("A guest at the door")

    def fields(self) -> Sequence[Field]:
        staff = staff_search(self._session)
        return [
            Field("phone", _("Phone"), hint=_("the register says at once whose they are")),
            Field("name", _("Name")),
            Field("asked_for", _("Asks for"), hint=_("blank: nobody"), search=staff),
            Field("party_no", _("Comes with"), hint=_("a number that all of a party share")),
            Field("voucher_of", _("Voucher of"), hint=_("blank: none was shown"), search=staff),
        ]

    def _found(self, values: dict[str, str]) -> register.Found | None:
        phone, name = values["phone"].strip(), values["name"].strip()
        found = register.find(self._session, phone) if phone else []
        if not found and name and not phone:
            found = [each for each in register.find(self._session, name) if each.name == name]
        return found[0] if len(found) == 1 else None

    def verdict(self, values: dict[str, str]) -> str:
        found = self._found(values)
        if found is None:
            many = register.find(self._session, values["phone"]) if values["phone"].strip() else []
            if len(many) > 1:
                return _("%d on the register have that number: write it whole.") % len(many)
            return _("New to the register.") if values["phone"] or values["name"] else ""
        said = f"{found.name} {found.phone}  {word(found.kind)}"
        owned = register.whose(self._session, found.guest_no)
        if owned is None or owned.staff_no is None:
            return said + "\n" + _("Nobody's: by turn.")
        name = directory.name_of(owned.staff_no)
        clause = owned.rule.clause if owned.rule is not None else ""
        return (
            said
            + "\n"
            + _("The guest of %(who)s, by clause %(clause)s.")
            % {"who": shown_name(owned.staff_no, name), "clause": clause}
        )

    def save(self, values: dict[str, str]) -> str:
        phone, name = values["phone"].strip(), values["name"].strip()
        if not (phone or name or values["asked_for"] or values["voucher_of"]):
            raise refused("name", "may not be blank")
        found = self._found(values)
        if found is None and phone and (wrong := phone_problem(phone)) is not None:
            raise Refused(wrong)
        with self._session.change():
            guest_no = (
                found.guest_no if found is not None else register.add(self._session, name, phone)
            )
            return desk.arrive(
                self._session,
                guest_no,
                asked_for=values["asked_for"] or None,
                party_no=values["party_no"].strip() or None,
                voucher_of=values["voucher_of"] or None,
            )


class OrderForm(FormScreen[tuple[str, ...]]):
    """Makes the order of turns anew; dismissed with the one before."""

    def __init__(self, session: Session, night: date) -> None:
        super().__init__()
        self._session = session
        self._night = night

    def title_line(self) -> str:
        return _("The order of turns from %s on") % self._night

    def introduction(self) -> Sequence[str]:
        return [_("Staff numbers in their order, a blank between them. A new list ends what the old"
                  " one owed.")]  # fmt: skip

    def fields(self) -> Sequence[Field]:
        order = desk.order(self._session, self._night)
        if not order:
            entries = directory.employed(self._night)
            order = tuple(each.staff_no for each in entries if each.position == "staff")
        return [Field("order", _("Order"), " ".join(order))]

    def verdict(self, values: dict[str, str]) -> str:
        names = {each.staff_no: each.name for each in directory.employed(self._night)}
        order = values["order"].split()
        unknown = [number for number in order if number not in names]
        if unknown:
            return _("Nobody has the number %s.") % unknown[0]
        return " → ".join(names[number] for number in order)

    def save(self, values: dict[str, str]) -> tuple[str, ...]:
        order = tuple(values["order"].split())
        if not order:
            raise refused("order", "may not be blank")
        if len(set(order)) < len(order):
            raise refused("order", "somebody stands in it twice")
        return desk.make_order(self._session, self._night, order)


class NewComplaint(FormScreen[str]):
    """Takes a complaint down; dismissed with its number."""

    def __init__(self, session: Session, by: str | None) -> None:
        super().__init__()
        self._session = session
        self._by = by

    def title_line(self) -> str:
        return _("A guest complains")

    def introduction(self) -> Sequence[str]:
        return [_("It fines nobody.")]

    def fields(self) -> Sequence[Field]:
        classes = [(each, word(each)) for each in complaints.CLASSES]
        staff = staff_search(self._session)
        channels = [(each, word(each)) for each in ("face", "phone", "letter")]
        return [
            Field("words", _("Their words")),
            Field("place", _("Room or table"), hint=_("may stay blank")),
            Field("about_staff_no", _("About"), hint=_("blank: nobody"), search=staff),
            Field("class", _("Class"), "general", options=classes),
            Field("channel", _("How"), "face", options=channels),
        ]  # fmt: skip

    def save(self, values: dict[str, str]) -> str:
        return complaints.take(
            self._session,
            values["words"],
            channel=values["channel"],
            place=values["place"].strip() or None,
            about_staff_no=values["about_staff_no"] or None,
            class_=values["class"],
            by=self._by,
        )


class DecideShares(FormScreen[dict[str, object]]):
    """A director decides whose a sale is; dismissed with what was decided before."""

    def __init__(
        self, session: Session, deal_no: str, shares: dict[str | None, Fraction], by: str | None
    ) -> None:
        super().__init__()
        self._session = session
        self._deal_no = deal_no
        self._shares = shares
        self._by = by

    def title_line(self) -> str:
        return _("Whose is %s?") % self._deal_no

    def introduction(self) -> Sequence[str]:
        return [_("As the rules have it: %s") % format_shares(self._shares)]

    def fields(self) -> Sequence[Field]:
        hint = _("such as 0003:3/5 0007:2/5")
        return [
            Field("shares", _("Shares"), format_shares(self._shares), hint),
            Field("reason", _("Reason")),
        ]

    def save(self, values: dict[str, str]) -> dict[str, object]:
        try:
            shares = parse_shares(values["shares"])
        except ValueError as error:
            raise refused("shares", str(error)) from None
        return claims.decide(self._session, self._deal_no, shares, values["reason"], by=self._by)


class TellTime(FormScreen[str]):
    """A time told to a guest; dismissed with the promise's number."""

    def __init__(self, session: Session, by: str | None) -> None:
        super().__init__()
        self._session = session
        self._by = by
        self._night = session.tonight()

    def title_line(self) -> str:
        return _("A time told to a guest")

    def fields(self) -> Sequence[Field]:
        session = self._session
        return [
            Field("words", _("What")),
            Field("due_at", _("By when"), hint=_("such as 21:05"),
                  understood=understood_time(session, session.tonight())),
        ]  # fmt: skip

    def save(self, values: dict[str, str]) -> str:
        due = typed_time("due_at", values["due_at"], self._session, self._night)
        return handovers.tell(self._session, values["words"], due, by=self._by)


class HandOver(FormScreen[str]):
    """Hands the desk over; dismissed with the handover's number."""

    def __init__(self, session: Session, giver: str) -> None:
        super().__init__()
        self._session = session
        self._giver = giver

    def title_line(self) -> str:
        return _("Hand the desk over")

    def introduction(self) -> Sequence[str]:
        known = handovers.to_hand_over(self._session)
        return [
            _("%(promises)d promises to keep, %(complaints)d complaints open, held: %(held)s")
            % {
                "promises": len(known.promises),
                "complaints": len(known.complaints),
                "held": " ".join(known.held) or "-",
            },
            _("Until who comes accepts it by name, who leaves is on duty."),
        ]

    def fields(self) -> Sequence[Field]:
        return [
            Field("to_staff_no", _("To"), search=staff_search(self._session)),
            Field("words", _("Note")),
        ]

    def save(self, values: dict[str, str]) -> str:
        return handovers.give(self._session, self._giver, values["to_staff_no"], values["words"])
