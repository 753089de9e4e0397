"""The forms of the bookings: a place held, what the guests spent, a place of the house."""

from collections.abc import Iterable, Sequence
from datetime import date

from models.access.session import Session
from models.operations import bookings, places
from models.operations.bookings import Booking, Spot
from models.operations.places import Place
from models.values.money import format_money
from models.values.problems import Refused, refused
from venue_tui.locale import _
from venue_tui.screens.shared.parsing import typed_money, typed_night
from venue_tui.screens.shared.people import shown_name, staff_search
from venue_tui.screens.shared.wording import with_more
from venue_tui.screens.tonight.floor_tiles import free_turn
from venue_tui.widgets.chooser import Choice
from venue_tui.widgets.form import Field, FormScreen
from venue_tui.words import word


class BookPlace(FormScreen[str]):
    """Holds a place; dismissed with the booking's number."""

    def __init__(
        self, session: Session, night: date, spot: Spot | None, held: Booking | None
    ) -> None:
        super().__init__()
        self._session = session
        self._night = night
        self._spot = spot
        self._held = held
        self._places = places.places()

    def on_mount(self) -> None:
        if self._spot is not None:
            self.control("staff_no").focus()

    def title_line(self) -> str:
        return _("Book a room or a table")

    def fields(self) -> Sequence[Field]:
        place = self._spot.place if self._spot is not None else ""
        turn = free_turn(self._spot, self._held) if self._spot is not None else 1
        who = _("name, number or pinyin initials")
        return [
            Field("place", _("Place"), place, _("such as A1"), search=self._found),
            Field("turn", _("Turn"), str(turn)),
            Field("staff_no", _("Staffer"), hint=who, search=staff_search(self._session)),
            Field("guest_name", _("Guest")),
            Field("guest_phone", _("Phone")),
            Field("night", _("Night"), self._night.isoformat(), _("2026-09-05, 9-5, or +1")),
        ]

    def _found(self, text: str) -> Iterable[Choice]:
        return (
            Choice(each.place, each.place, _described(each))
            for each in self._places
            if text.lower() in each.place.lower()
        )

    def _night_of(self, values: dict[str, str]) -> date:
        return typed_night("night", values["night"], self._session.tonight())

    def verdict(self, values: dict[str, str]) -> str:
        place = next((each for each in self._places if each.place == values["place"]), None)
        if place is None:
            return ""
        try:
            night, turn = self._night_of(values), _turn(values)
        except Refused:
            return _described(place)
        holder = next(
            (
                each
                for each in bookings.on(night)
                if (each.place, each.turn, each.live) == (place.place, turn, True)
            ),
            None,
        )
        if holder is None:
            return with_more(_described(place), _("free on %s.") % night)
        taken = _("taken by %(booking_no)s, %(guest)s, of %(who)s.") % {
            "booking_no": holder.booking_no,
            "guest": holder.guest_name or _("no guest's name"),
            "who": shown_name(holder.staff_no, holder.name),
        }
        return with_more(_described(place), taken)

    def save(self, values: dict[str, str]) -> str:
        return bookings.book(
            self._session,
            self._night_of(values),
            values["place"],
            values["staff_no"],
            turn=_turn(values),
            guest_name=values["guest_name"],
            guest_phone=values["guest_phone"],
        )


def _turn(values: dict[str, str]) -> int:
    turn = values["turn"] or "1"
    if not turn.isdecimal() or len(turn) > 3:
        raise refused("turn", "turns are counted 1, 2, 3 and on")
    return int(turn)


def _described(place: Place) -> str:
    if place.minimum_spend is None:
        return word(place.kind)
    spend = format_money(place.minimum_spend)
    return _("%(kind)s, minimum spend %(amount)s") % {"kind": word(place.kind), "amount": spend}


class GuestsLeft(FormScreen[bool]):
    """Asks what the guests spent, and records that they left; dismissed with whether anything
    changed."""

    def __init__(self, session: Session, held: Booking) -> None:
        super().__init__()
        self._session = session
        self._held = held

    def title_line(self) -> str:
        guest = self._held.guest_name or self._held.name
        return _("%(place)s: %(guest)s left") % {"place": self._held.place, "guest": guest}

    def fields(self) -> Sequence[Field]:
        held = self._held.amount
        value = "" if held is None else format_money(held)
        return [Field("amount", _("Spent"), value, _("such as 1280 or 1280.50"))]

    def verdict(self, values: dict[str, str]) -> str:
        least = self._held.minimum_spend
        if least is None:
            return _("No minimum spend.")
        said = _("Minimum spend %s") % format_money(least)
        try:
            amount = typed_money("amount", values["amount"])
        except Refused:
            return said
        if amount < least:
            return with_more(said, _("%s short.") % format_money(least - amount))
        return with_more(said, _("reached."))

    def save(self, values: dict[str, str]) -> bool:
        amount = typed_money("amount", values["amount"])
        return bookings.left(self._session, self._held.booking_no, amount)


class DescribePlace(FormScreen[Place]):
    """Adds a room or a table, or says anew what one is; dismissed with it as it was before (as it
    is, when it is new)."""

    def __init__(self, session: Session, spot: Spot | None = None) -> None:
        super().__init__()
        self._session = session
        self._before = None if spot is None else Place(spot.place, spot.kind, spot.minimum_spend)

    def title_line(self) -> str:
        if self._before is None:
            return _("Add a room or a table")
        return _("What %s is") % self._before.place

    def fields(self) -> Sequence[Field]:
        before = self._before
        least = before.minimum_spend if before is not None else None
        fields = [
            Field(
                "kind",
                _("Kind"),
                before.kind if before is not None else "room",
                options=[(kind, word(kind)) for kind in ("room", "table")],
            ),
            Field(
                "minimum_spend",
                _("Minimum spend"),
                "" if least is None else format_money(least),
                _("blank: none"),
            ),
        ]
        if before is None:
            fields.insert(0, Field("place", _("Place"), "", _("such as A1")))
        return fields

    def save(self, values: dict[str, str]) -> Place:
        least = values["minimum_spend"]
        cents = typed_money("minimum_spend", least) if least else None
        if self._before is None:
            places.add_place(self._session, values["place"], values["kind"], cents)
            return Place(values["place"], values["kind"], cents)
        places.edit_place(self._session, self._before.place, values["kind"], cents)
        return self._before


class AnotherNight(FormScreen[date]):
    """Asks for a night to look at."""

    def __init__(self, tonight: date) -> None:
        super().__init__()
        self._tonight = tonight

    def title_line(self) -> str:
        return _("Which night?")

    def fields(self) -> Sequence[Field]:
        return [Field("night", _("Night"), "", _("2026-09-05, 9-5, or +1"))]

    def save(self, values: dict[str, str]) -> date:
        return typed_night("night", values["night"], self._tonight)
