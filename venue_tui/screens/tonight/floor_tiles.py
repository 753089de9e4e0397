"""The places of a night as tiles: who holds each, what they spent, what it asks for."""

from collections.abc import Iterable, Sequence

from models.operations.booking_board import Spot
from models.operations.bookings import Booking
from models.values.money import format_money
from venue_tui.locale import _
from venue_tui.widgets.floor import Tile
from venue_tui.words import word

_STYLES = {
    "booked": "warning",
    "arrived": "good",
    "left": "strong",
    "cancelled": "muted",
    "no_show": "muted",
}


def tiles(spots: Iterable[Spot], wanted: set[str] | None = None) -> list[Tile]:
    """A tile for each place and turn, rooms and tables under their titles; with `wanted` only the
    tiles of those keys."""
    spots = list(spots)
    found = []
    titles = {"room": _("Rooms"), "table": _("Tables")}
    for kind, title in titles.items():
        of_kind = [spot for spot in spots if spot.kind == kind]
        shown = [
            _tile(spot, booking)
            for spot in of_kind
            for booking in spot.bookings or (None,)
            if wanted is None or key(spot, booking) in wanted
        ]
        if shown:
            held = sum(any(each.live for each in spot.bookings) for spot in of_kind)
            count = _("%(held)d of %(all)d held") % {"held": held, "all": len(of_kind)}
            found += [Tile(f"group {kind}", f"{title}  {count}", group=True), *shown]
    return found


def key(spot: Spot, booking: Booking | None) -> str:
    """The key of a place's tile for the turn of a booking."""
    return f"{spot.place}\t{1 if booking is None else booking.turn}"


def free_turn(spot: Spot, booking: Booking | None) -> int:
    """The turn for which a place is likely to be booked next, from the one that is selected on."""
    if booking is None:
        return 1
    if booking.status in ("cancelled", "no_show"):
        return booking.turn
    return max(each.turn for each in spot.bookings) + 1


def _tile(spot: Spot, booking: Booking | None) -> Tile:
    asked = _("min %s") % format_money(spot.minimum_spend) if spot.minimum_spend else ""
    if booking is None:
        return Tile(key(spot, None), spot.place, _("free"), ("", asked), "muted")
    name = spot.place
    if booking.turn > 1:
        name = _("%(place)s turn %(turn)d") % {"place": spot.place, "turn": booking.turn}
    who = "  ".join(filter(None, (booking.guest_name, booking.name)))
    style = "bad" if booking.below_minimum else _STYLES[booking.status]
    money = spent(booking) if booking.status == "left" else asked
    return Tile(key(spot, booking), name, word(booking.status), (who, money), style)


def spent(booking: Booking) -> str:
    """What was spent, beside what the place asks for."""
    amount = format_money(booking.amount or 0)
    if booking.minimum_spend is None:
        return amount
    sign = "<" if booking.below_minimum else "/"
    return f"{amount} {sign} {format_money(booking.minimum_spend)}"


def sought_tiles(spots: Sequence[Spot], sought: str, staff_nos: set[str]) -> set[str]:
    """The tiles of the places, guests and staffers that were looked for."""
    wanted = sought.lower()

    def matches(spot: Spot, booking: Booking | None) -> bool:
        texts = [spot.place]
        if booking is not None:
            texts += filter(None, (booking.guest_name, booking.guest_phone, booking.booking_no))
        held = booking is not None and booking.staff_no in staff_nos
        return held or any(wanted in text.lower() for text in texts)

    return {
        key(spot, booking)
        for spot in spots
        for booking in spot.bookings or (None,)
        if matches(spot, booking)
    }
