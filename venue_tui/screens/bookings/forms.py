"""The forms of the bookings: a place held, what the guests spent, a place of the house."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial

from models.access.session import Session
from models.operations import bookings, places
from models.operations.booking_board import Spot
from models.operations.booking_preview import consequences
from models.operations.bookings import Booking
from models.operations.charge_preview import foresee
from models.operations.places import Place
from models.values.money import format_money
from models.values.problems import Refused, refused
from venue_tui.charge_words import lines_of
from venue_tui.locale import _, ngettext
from venue_tui.screens.shared.charge_preview import ForeseeingForm
from venue_tui.screens.shared.parsing import (
    typed_money,
    typed_night,
    typed_time,
    understood_night,
    understood_time,
)
from venue_tui.screens.shared.people import seller, staff_search
from venue_tui.screens.shared.sentences import fine, with_more
from venue_tui.screens.tonight.floor_tiles import free_turn
from venue_tui.widgets.chooser import Choice
from venue_tui.widgets.form import Field, FormScreen
from venue_tui.words import word


class BookPlace(ForeseeingForm[str]):
    """Holds a place; dismissed with the booking's number. A room may bear out a make-up sign that
    nothing bore out before."""

    def __init__(
        self, session: Session, night: date, spot: Spot | None, held: Booking | None
    ) -> None:
        super().__init__()
        self._session = session
        self._night = night
        self._tonight = session.tonight()
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
        sources = [(each, word(each)) for each in ("staff", "guest", "walk_in")]
        return [
            Field("place", _("Place"), place, _("such as A1"), search=self._found),
            Field("turn", _("Turn"), str(turn)),
            Field("staff_no", _("Staffer"), hint=who, search=staff_search(self._session)),
            Field("source", _("Booked by"), "staff", options=sources),
            Field("guest_name", _("Guest")),
            Field("guest_phone", _("Phone")),
            Field("hold_until", _("Held until"), hint=_("such as 21:05"),
                  understood=understood_time(self._session, self._night)),
            Field("night", _("Night"), self._night.isoformat(), _("2026-09-05, 9-5, or +1"),
                  understood=understood_night(self._tonight)),
        ]  # fmt: skip

    def _found(self, text: str) -> Iterable[Choice]:
        return _matching_places(self._places, text)

    def _night_of(self, values: dict[str, str]) -> date:
        return typed_night("night", values["night"], self._tonight)

    def verdict(self, values: dict[str, str]) -> str:
        place = next((each for each in self._places if each.place == values["place"]), None)
        if place is None:
            return ""
        try:
            night, turn = self._night_of(values), _turn(values)
        except Refused:
            return _described(place)
        holder = _holder(place.place, night, turn)
        if holder is None:
            return with_more(_described(place), _("free on %s.") % night)
        return with_more(_described(place), _taken(holder))

    def foreseen(self, values: dict[str, str]) -> Sequence[str]:
        if not values["staff_no"] or self._night_of(values) > self._tonight:
            return ()
        change = partial(self.save, values)
        return lines_of(self._session, foresee(self._session, change, values["staff_no"]))

    def save(self, values: dict[str, str]) -> str:
        night, hold_until = self._night_of(values), None
        if values["hold_until"]:
            hold_until = typed_time("hold_until", values["hold_until"], self._session, night)
        return bookings.book(
            self._session,
            night,
            values["place"],
            values["staff_no"] or None,
            turn=_turn(values),
            guest_name=values["guest_name"],
            guest_phone=values["guest_phone"],
            source=values["source"],
            hold_until=hold_until,
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


class EditBooking(FormScreen[list[str]]):
    """Corrects a booking's guest and phone, and moves it to another place; dismissed with the fines
    that came and went with that, a line each."""

    def __init__(self, session: Session, held: Booking) -> None:
        super().__init__()
        self._session = session
        self._held = held
        self._places = places.places()

    def title_line(self) -> str:
        return _("Correct booking %s") % self._held.booking_no

    def fields(self) -> Sequence[Field]:
        held = self._held
        return [
            Field("guest_name", _("Guest"), held.guest_name or ""),
            Field("guest_phone", _("Phone"), held.guest_phone or ""),
            Field("place", _("Place"), held.place, search=self._found, start=held.place),
            Field("turn", _("Turn"), str(held.turn)),
        ]

    def _found(self, text: str) -> Iterable[Choice]:
        return _matching_places(self._places, text)

    def verdict(self, values: dict[str, str]) -> str:
        held = self._held
        place = next((each for each in self._places if each.place == values["place"]), None)
        if place is None:
            return ""
        try:
            turn = _turn(values)
        except Refused:
            return _described(place)
        if (place.place, turn) == (held.place, held.turn):
            return _described(place)
        lines = [_described(place)]
        if place.place != held.place:
            lines.append(
                _("Moved from %(from)s to %(to)s.") % {"from": held.place, "to": place.place}
            )
        holder = _holder(place.place, held.night, turn) if held.live else None
        if holder is not None:
            lines.append(_taken(holder))
        return "\n".join([*lines, *self._follows(place.place)])

    def _follows(self, place: str) -> list[str]:
        """What follows for the fines if the booking is of that place."""
        held = self._held
        return [
            fine(self._session, each.staff_no, each.night, each.rule, each.amount, each.status)
            for each in consequences(self._session, held.booking_no, place=place)
        ]

    def save(self, values: dict[str, str]) -> list[str]:
        follows = self._follows(values["place"])
        bookings.edit(
            self._session,
            self._held.booking_no,
            place=values["place"],
            turn=_turn(values),
            guest_name=values["guest_name"],
            guest_phone=values["guest_phone"],
        )
        return follows


def _holder(place: str, night: date, turn: int) -> Booking | None:
    """Whoever has that place in that turn of that night."""
    wanted = (place, turn, True)
    found = (each for each in bookings.on(night) if (each.place, each.turn, each.live) == wanted)
    return next(found, None)


def _taken(holder: Booking) -> str:
    return _("taken by %(booking_no)s, %(guest)s, of %(who)s.") % {
        "booking_no": holder.booking_no,
        "guest": holder.guest_name or _("no guest's name"),
        "who": seller(holder),
    }


def _matching_places(found: Iterable[Place], text: str) -> Iterable[Choice]:
    wanted = text.lower()
    return (
        Choice(each.place, each.place, _described(each))
        for each in found
        if wanted in each.place.lower()
    )


def _kind_and_spend(kind: str, least: int | None) -> list[Field]:
    return [
        Field("kind", _("Kind"), kind, options=[(each, word(each)) for each in ("room", "table")]),
        Field(
            "minimum_spend",
            _("Minimum spend"),
            "" if least is None else format_money(least),
            _("blank: none"),
        ),
    ]


def _least(values: dict[str, str]) -> int | None:
    least = values["minimum_spend"]
    return typed_money("minimum_spend", least) if least else None


class AddPlaces(FormScreen[list[str]]):
    """Adds a room or a table, or all of a range; dismissed with their names."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def title_line(self) -> str:
        return _("Add rooms or tables")

    def fields(self) -> Sequence[Field]:
        hint = _("such as A1, or all of V01-V16")
        return [Field("place", _("Place"), "", hint), *_kind_and_spend("room", None)]

    def verdict(self, values: dict[str, str]) -> str:
        try:
            names = places.in_range(values["place"])
        except Refused:
            return ""
        if len(names) < 2:
            return ""
        said = ngettext("%(n)d place: %(first)s to %(last)s", "%(n)d places: %(first)s to %(last)s",
                        len(names))  # fmt: skip
        return said % {"n": len(names), "first": names[0], "last": names[-1]}

    def save(self, values: dict[str, str]) -> list[str]:
        return places.add_places(self._session, values["place"], values["kind"], _least(values))


class DescribePlace(ForeseeingForm[Place]):
    """Corrects what a place is; dismissed with it as it was before. A room excuses whoever booked
    it, and a table doesn't."""

    def __init__(self, session: Session, spot: Spot) -> None:
        super().__init__()
        self._session = session
        self._before = Place(spot.place, spot.kind, spot.minimum_spend)

    def title_line(self) -> str:
        return _("What %s is") % self._before.place

    def fields(self) -> Sequence[Field]:
        return _kind_and_spend(self._before.kind, self._before.minimum_spend)

    def foreseen(self, values: dict[str, str]) -> Sequence[str]:
        return lines_of(self._session, foresee(self._session, partial(self.save, values)))

    def save(self, values: dict[str, str]) -> Place:
        before = self._before
        places.edit_place(self._session, before.place, values["kind"], _least(values))
        return before


class AnotherNight(FormScreen[date]):
    """Asks for a night to look at."""

    def __init__(self, tonight: date) -> None:
        super().__init__()
        self._tonight = tonight

    def title_line(self) -> str:
        return _("Which night?")

    def fields(self) -> Sequence[Field]:
        hint, understood = _("2026-09-05, 9-5, or +1"), understood_night(self._tonight)
        return [Field("night", _("Night"), "", hint, understood=understood)]

    def save(self, values: dict[str, str]) -> date:
        return typed_night("night", values["night"], self._tonight)
