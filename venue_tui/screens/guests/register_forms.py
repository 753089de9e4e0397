"""The forms of the register: a guest, what a staffer had to do with one, and who takes one over."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from models.access.session import Session
from models.guests import contacts, register
from models.guests.fact_writer import Fact
from models.guests.register import Found
from models.ledger.credits import rules_of
from models.operations import directory
from models.rules.guests.rulebook import CONTACT_KINDS
from models.values.problems import refused
from venue_tui.locale import _
from venue_tui.screens.guests.base import DeskForm
from venue_tui.screens.shared.parsing import typed_night, understood_night
from venue_tui.screens.shared.people import staff_search
from venue_tui.widgets.form import Field
from venue_tui.words import shown_name, word

_GUEST_KINDS = ("guest", "member")


class GuestForm(DeskForm[tuple[str, Fact]]):
    """Puts a guest on the register, or corrects what is known of one; dismissed with their number
    and what was known before (empty: nothing)."""

    def __init__(self, session: Session, guest: Found | None = None) -> None:
        super().__init__(session)
        self._guest = guest
        self._known = register.record(session, guest.guest_no) if guest is not None else {}

    def title_line(self) -> str:
        return self._guest.name or self._guest.guest_no if self._guest else _("A guest")

    def fields(self) -> Sequence[Field]:
        known = self._known
        kinds = [(each, word(each)) for each in _GUEST_KINDS]
        consultant = known.get("consultant_no")
        name = directory.name_of(consultant) if consultant else ""
        hint = self._guest.phone if self._guest is not None else ""
        return [
            Field("name", _("Name"), known.get("name") or ""),
            Field("phone", _("Phone"), hint=hint and _("blank: %s stays") % hint),
            Field("unit", _("Household"), known.get("unit") or "", _("or company")),
            Field("kind", _("Kind"), known.get("kind") or "guest", options=kinds),
            Field(
                "consultant_no",
                _("Consultant"),
                consultant or "",
                _("blank: nobody"),
                search=staff_search(self._session),
                start=shown_name(consultant, name) if consultant else "",
            ),
        ]

    def save(self, values: dict[str, str]) -> tuple[str, Fact]:
        changes: dict[str, str | None] = {
            "name": values["name"].strip() or None,
            "unit": values["unit"].strip() or None,
            "kind": values["kind"],
            "consultant_no": values["consultant_no"] or None,
        }
        phone = values["phone"].strip()
        if self._guest is None:
            name, unit = changes["name"], changes["unit"]
            guest_no = register.add(
                self._session, name, phone, unit=unit, kind=values["kind"],
                consultant_no=changes["consultant_no"],
            )  # fmt: skip
            return guest_no, {}
        if phone:
            changes["phone"] = phone
        return self._guest.guest_no, register.edit(self._session, self._guest.guest_no, **changes)


class ContactForm(DeskForm[str]):
    """Writes down what a staffer has to do with a guest now; dismissed with its number."""

    def __init__(self, session: Session, guest: Found) -> None:
        super().__init__(session)
        self._guest = guest
        self._tonight = session.tonight()

    def title_line(self) -> str:
        return _("A staffer and %s") % (self._guest.name or self._guest.guest_no)

    def fields(self) -> Sequence[Field]:
        kinds = [(each, word(each)) for each in CONTACT_KINDS]
        numbers = [(each, word(each)) for each in contacts.NUMBERS]
        answered = [("", "-"), ("yes", _("yes")), ("no", _("no"))]
        return [
            Field("staff_no", _("Who"), search=staff_search(self._session)),
            Field("kind", _("What"), "follow_up", options=kinds),
            Field(
                "for_night", _("For the night"), hint=_("of an appointment; blank: tonight"),
                understood=understood_night(self._tonight),
            ),
            Field("number", _("Their number"), "full", options=numbers),
            Field("answered", _("Answered"), "", _("a call back"), options=answered),
            Field("note", _("Note")),
        ]  # fmt: skip

    def verdict(self, values: dict[str, str]) -> str:
        if values["kind"] != "follow_up" or not values["staff_no"]:
            return ""
        rules = rules_of(self._session, self._tonight)
        holder = contacts.second(self._session, self._guest.guest_no, values["staff_no"], rules)
        if holder is None:
            return ""
        name = shown_name(holder, directory.name_of(holder))
        return _("%s has a sheet of an earlier day: this one would be void.") % name

    def save(self, values: dict[str, str]) -> str:
        if not values["staff_no"]:
            raise refused("staff_no", "may not be blank")
        tonight, kind = self._tonight, values["kind"]
        for_night = None
        if values["for_night"].strip():
            for_night = typed_night("for_night", values["for_night"], tonight)
        return contacts.add(
            self._session,
            self._guest.guest_no,
            values["staff_no"],
            kind,
            for_night=for_night or (tonight if kind == "appointment" else None),
            number=values["number"],
            answered={"yes": True, "no": False}.get(values["answered"]),
            note=values["note"].strip() or None,
        )


class HandedOn(NamedTuple):
    """From which night a guest is somebody else's, and what stood there before."""

    from_night: date
    before: Fact


class HandOn(DeskForm[HandedOn]):
    """Gives a leaver's guest to somebody else."""

    def __init__(self, session: Session, guest: Found) -> None:
        super().__init__(session)
        self._guest = guest
        self._tonight = session.tonight()

    def title_line(self) -> str:
        return _("Who takes %s over?") % (self._guest.name or self._guest.guest_no)

    def fields(self) -> Sequence[Field]:
        return [
            Field("to_staff_no", _("Now of"), search=staff_search(self._session)),
            Field("from_staff_no", _("Was of"), hint=_("a staff number; blank: whoever's")),
            Field("from_night", _("From the night"), self._tonight.isoformat(),
                  understood=understood_night(self._tonight)),
        ]  # fmt: skip

    def save(self, values: dict[str, str]) -> HandedOn:
        if not values["to_staff_no"]:
            raise refused("to_staff_no", "may not be blank")
        night = typed_night("from_night", values["from_night"], self._tonight)
        before = contacts.hand_on(
            self._session,
            self._guest.guest_no,
            values["to_staff_no"],
            values["from_staff_no"].strip() or None,
            night,
        )
        return HandedOn(night, before)
