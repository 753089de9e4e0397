"""Bookings: the rooms and tables of a night, and what was sold in them."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical

from models.access.permissions import may
from models.ledger.rebookings import rebooked
from models.operations import (
    booking_board,
    booking_preview,
    bookings,
    by_night,
    directory,
    places,
    sales,
)
from models.operations.booking_board import Spot
from models.operations.bookings import Booking
from models.operations.places import Place
from models.operations.sales import Sales
from models.values.money import format_money
from venue_tui.locale import N_, _
from venue_tui.screens.bookings.forms import (
    AddPlaces,
    AnotherNight,
    BookPlace,
    DescribePlace,
    EditBooking,
    GuestsLeft,
)
from venue_tui.screens.shared.night import NightScreen
from venue_tui.screens.shared.people import seller
from venue_tui.screens.shared.sentences import fine, moment
from venue_tui.screens.tonight import floor_tiles
from venue_tui.widgets.columns import Column
from venue_tui.widgets.dialogs import Confirm
from venue_tui.widgets.finder import Finder
from venue_tui.widgets.floor import FloorBoard
from venue_tui.widgets.keys import bindings
from venue_tui.widgets.line_list import LineList, Row
from venue_tui.widgets.lines import Line, Lines, line
from venue_tui.widgets.night_chart import NightChart
from venue_tui.widgets.split import Split
from venue_tui.words import listed, word

_BEFORE = 20
"""So many bookings before are told of a place."""


class BookingsScreen(NightScreen):
    """The floor as a board, the selected place below it, and everyone's sales beside."""

    where = "bookings"
    about = N_(
        "The rooms and tables of a night, tonight's at first: the arrows go from place to place,"
        " [ and ] to the nights before and after, g to any other. A place can be booked for more"
        " than one turn.\n\n"
        "A room of their own excuses a staffer who signs the roll later because of it. When a room"
        " is cancelled or its guests never come, that ground may be gone: the fine that follows"
        " is named before anything is recorded.\n\n"
        "When the guests have left, what they spent stands beside what the place asks for, and"
        " counts as its staffer's sale. v shows the sales, tonight's and the month's."
    )
    BINDINGS: ClassVar = bindings("bookings")
    WHY_NOT: ClassVar = dict.fromkeys(
        ("arrived", "left", "cancel", "no_show", "booked"),
        N_("Nobody has booked this place: n books it."),
    ) | dict.fromkeys(
        ("edit", "edit_place", "remove_place"), N_("There is no room or table yet: + adds some.")
    )
    OF_NIGHT = frozenset({"book", "arrived", "left", "cancel", "no_show", "booked", "edit"})
    CSS = """
    BookingsScreen.-usual #detail, BookingsScreen.-narrow #detail { height: 4; }
    BookingsScreen #sales { height: 40%; display: none; }
    BookingsScreen.-wide Split, BookingsScreen.-broad Split {
        grid-size: 2 3; grid-columns: 1fr 42; grid-rows: 10 1fr auto;
    }
    BookingsScreen.-broad Split { grid-columns: 1fr 52; grid-rows: 1fr 1fr auto; }
    BookingsScreen.-wide .list, BookingsScreen.-broad .list { row-span: 3; }
    BookingsScreen #floor { height: 1fr; }
    BookingsScreen.-wide.-tall #chart { display: none; }
    BookingsScreen.-wide #sales, BookingsScreen.-broad #sales { height: 100%; display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._spots: list[Spot] = []
        self._by_tile: dict[str, tuple[Spot, Booking | None]] = {}

    def body(self) -> ComposeResult:
        yield Lines([()], id="night", wraps=True, classes="heading")
        with Split():
            with Vertical(classes="list"):
                yield FloorBoard(id="floor", classes="panel")
                yield NightChart(self._read_chart, id="chart")
            yield Lines(id="detail", wraps=True, classes="detail")
            yield LineList(
                Column(_("Sales"), 7, 1),
                Column(_("That night"), 10, right=True),
                Column(_("Month"), 14, right=True, tinted=True),
                id="sales",
                opens=False,
                classes="panel",
            )
        yield Finder()

    # What is shown

    def refresh_data(self) -> None:
        self._spots = booking_board.board(self.session, self.night)
        self._by_tile = {
            floor_tiles.key(spot, held): (spot, held)
            for spot in self._spots
            for held in spot.bookings or (None,)
        }
        sold = sales.listing(self.session, self.night)
        self._show_sales(sold)
        self._show_night(sold)
        self._show_floor()
        self.call_after_refresh(self._read_chart)

    def _read_chart(self) -> None:
        self.read_chart(_("Spent by night"), by_night.spent, format_money)

    def _show_floor(self) -> None:
        sought = self.query_one(Finder).sought
        wanted = None
        if sought:
            wanted = floor_tiles.sought_tiles(self._spots, sought, directory.found(sought))
        self.query_one(FloorBoard).set_tiles(floor_tiles.tiles(self._spots, wanted))
        self.entitle("#floor", _("Rooms and tables"), len(self._spots))
        self.entitle("#detail", _("Place"))
        self._show_selected()
        self.refresh_bindings()

    def _show_night(self, sales: list[Sales]) -> None:
        sold = _("sold %(night)s, this month %(month)s") % {
            "night": format_money(sum(each.night for each in sales)),
            "month": format_money(sum(each.counted for each in sales)),
        }
        self.query_one("#night", Lines).set_lines([(*self.night_line(), (f"   {sold}", ""))])

    def _show_sales(self, sales: list[Sales]) -> None:
        rows = [
            Row(
                each.staff_no,
                (each.name, format_money(each.night), _month_sold(each)),
                "bad" if each.voided else "",
            )
            for each in sales
        ]
        nobody = [Row("nobody", (_("No sales this month"),), group=True)]
        self.query_one("#sales", LineList).set_rows(rows or nobody)
        self.entitle("#sales", _("Sales"), len(rows))

    def _selected(self) -> tuple[Spot | None, Booking | None]:
        return self._by_tile.get(self.query_one(FloorBoard).cursor_key or "", (None, None))

    def on_floor_board_highlighted(self) -> None:
        self._show_selected()
        self.refresh_bindings()

    def on_floor_board_selected(self) -> None:
        _spot, held = self._selected()
        if held is None:
            self.action_book()
        else:
            self.action_read_whole()

    def on_finder_sought(self) -> None:
        self._show_floor()

    def _show_selected(self) -> None:
        spot, held = self._selected()
        none = _(
            "There is no room or table yet. + adds some, such as V01-V16; then n books one for a"
            " guest."
        )
        if not may(self.session, "house"):
            none = _("You have no booking in this night.")
        empty = [] if self._spots else [line(none, "strong")]
        lines = [*self._detail(spot, held), *self._before(spot)] if spot else empty
        self.query_one("#detail", Lines).set_lines(lines)

    def _before(self, spot: Spot) -> Iterator[Line]:
        """Who had the place on the nights before, where there is room to say it."""
        if self.classes.isdisjoint(("-wide", "-broad")):
            return
        found = booking_board.before(self.session, spot.place, self.night, _BEFORE)
        if found:
            yield ()
        for each in found:
            what, style = word(each.status), "muted"
            if each.status == "left":
                short = each.below_minimum  # else what the place asks for stands above
                what = floor_tiles.spent(each) if short else format_money(each.amount or 0)
                style = ""
            yield (
                (f"{each.night:%m-%d} ", "muted"),
                (what, style),
                (f" {' '.join(filter(None, (each.guest_name, each.name)))}", "muted"),
            )

    def _detail(self, spot: Spot, held: Booking | None) -> list[Line]:
        title = [spot.place, word(spot.kind)]
        if spot.minimum_spend is not None:
            title.append(_("minimum spend %s") % format_money(spot.minimum_spend))
        if held is None:
            return [line("  ".join([*title, _("free")]), "strong")]
        title.append(_("turn %d") % held.turn)
        title.append(word(held.status))
        guest = [held.booking_no, held.guest_name or "", held.guest_phone or ""]
        guest.append(_("of %s") % seller(held))
        if held.booked_at is not None:
            guest.append(_("booked %s") % moment(self.session, held.booked_at))
        lines = [line("  ".join(title), "strong"), line("  ".join(filter(None, guest)))]
        if held.status == "left":
            lines.append(line(_("Spent %s") % floor_tiles.spent(held)))
        if held.hold_until is not None and held.status == "booked":
            lines.append(line(_("held until %s") % moment(self.session, held.hold_until)))
        lines += self._sold_on(held)
        if held.live:
            lines += [line(said, "warning") for said in self._if_called_off(held)]
        others = [
            _("turn %(turn)d: %(status)s, %(who)s")
            % {"turn": each.turn, "status": word(each.status), "who": each.guest_name or each.name}
            for each in spot.bookings
            if each.turn != held.turn
        ]
        if others:
            lines.append(line("; ".join(others), "muted"))
        return lines

    def _sold_on(self, held: Booking) -> list[Line]:
        """That it was booked again for another within minutes of being cancelled."""
        if not may(self.session, "house"):
            return []  # the other's affair
        return [
            line(
                _("Booked again within %(minutes)d minutes for another: it was %(who)s's (%(no)s).")
                % {
                    "minutes": each.minutes,
                    "who": directory.name_of(each.was_staff_no or "") or _("the house"),
                    "no": each.was_no,
                },
                "bad",
            )
            for each in rebooked(held.night)
            if each.booking_no == held.booking_no
        ]

    def _if_called_off(self, held: Booking) -> list[str]:
        return [_("If it is cancelled: %s") % each for each in self._fines(held, "cancelled")]

    def _fines(self, held: Booking, status: str) -> list[str]:
        """The fines that would come and go with that status, a line each."""
        return [
            fine(
                self.session,
                each.staff_no,
                each.night,
                each.rule,
                each.amount,
                each.status,
                name=held.name,
            )
            for each in booking_preview.consequences(self.session, held.booking_no, status)
        ]

    # What is done to a booking

    def night_of(self, action: str) -> date | None:
        if action == "edit" and self.opened and self._selected()[1] is None:
            return None  # it is the place that is corrected
        return super().night_of(action)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.opened:
            return super().check_action(action, parameters)
        if action in ("arrived", "left", "cancel", "no_show", "booked"):
            return True if self._selected()[1] else None
        if action in ("edit", "edit_place", "remove_place"):
            return True if self._selected()[0] else None
        return super().check_action(action, parameters)

    def action_book(self) -> None:
        spot, held = self._selected()

        def booked(booking_no: str | None) -> None:
            if booking_no is None:
                return
            new = bookings.booking(booking_no)
            self.did(
                _("Booked: %(place)s for %(who)s") % {"place": new.place, "who": _whose(new)},
                lambda: bookings.cancel(self.session, booking_no),
            )
            self.show_night(new.night)
            self.query_one(FloorBoard).move_to(f"{new.place}\t{new.turn}")

        self.app.push_screen(BookPlace(self.session, self.night, spot, held), booked)

    def action_arrived(self) -> None:
        if held := self._selected()[1]:
            self._step(held, "arrived", lambda: bookings.arrived(self.session, held.booking_no))

    def action_left(self) -> None:
        held = self._selected()[1]
        if held is None:
            return
        if not bookings.can(held, "left"):
            with self.refusals_shown():  # before an amount is typed in vain
                bookings.left(self.session, held.booking_no, held.amount or 0)
            return

        def answered(changed: bool | None) -> None:
            if changed is not None:
                self._stepped(held, changed)

        self.app.push_screen(GuestsLeft(self.session, held), answered)

    def action_cancel(self) -> None:
        if held := self._selected()[1]:
            self._step(held, "cancelled", lambda: bookings.cancel(self.session, held.booking_no))

    def action_no_show(self) -> None:
        if held := self._selected()[1]:
            self._step(held, "no_show", lambda: bookings.no_show(self.session, held.booking_no))

    def action_booked(self) -> None:
        if held := self._selected()[1]:
            self._step(
                held, "booked", lambda: bookings.restore(self.session, held.booking_no, "booked")
            )

    def _step(self, held: Booking, status: str, do: Callable[[], bool]) -> None:
        """Takes a booking's next step; where fines come or go with it, after naming them."""
        fines: list[str] = []
        if status == "booked" or bookings.can(held, status):
            fines = self._fines(held, status)

        def answered(sure: bool | None) -> None:
            if sure:
                with self.refusals_shown():
                    self._stepped(held, do())

        if not fines:
            answered(True)
            return
        title = _("%(place)s of %(who)s: %(status)s?") % {
            "place": held.place,
            "who": _whose(held),
            "status": word(status),
        }
        intro = _("The room is the ground of a make-up sign that night. What follows:")
        dialog = Confirm(title, [intro, "", *fines], yes=_("Record it"), no=_("Leave it"))
        self.app.push_screen(dialog, answered)

    def _stepped(self, held: Booking, changed: bool) -> None:
        now = bookings.booking(held.booking_no)
        what = {"place": held.place, "who": _whose(held), "status": word(now.status)}
        if not changed:
            self.say(_("%(place)s of %(who)s is %(status)s already; nothing changed.") % what)
            return
        said = _("%(place)s of %(who)s: %(status)s") % what
        if now.status == "left":
            said = _("%(said)s, %(spent)s") % {"said": said, "spent": floor_tiles.spent(now)}
        self.did(
            said,
            lambda: bookings.restore(self.session, held.booking_no, held.status, held.amount),
        )
        self.refresh_data()

    # Nights, sales and places

    def action_sales(self) -> None:
        panel = self.query_one("#sales")
        panel.display = not panel.display

    def action_night(self) -> None:
        def answered(night: date | None) -> None:
            if night is not None:
                self.show_night(night)

        self.app.push_screen(AnotherNight(self.session.tonight()), answered)

    def action_add_place(self) -> None:
        def added(names: list[str] | None) -> None:
            if not names:
                return
            self.did(
                _("Added: %s") % listed(names),
                lambda: places.remove_places(self.session, names),
            )
            self.refresh_data()
            self.query_one(FloorBoard).move_to(f"{names[0]}\t1")

        self.app.push_screen(AddPlaces(self.session), added)

    def action_edit(self) -> None:
        held = self._selected()[1]
        if held is None:
            self.action_edit_place()
            return

        def edited(follows: list[str] | None) -> None:
            if follows is None:
                return
            now = bookings.booking(held.booking_no)
            if now == held:
                self.say(_("%s is as it was; nothing changed.") % held.booking_no)
                return
            said = _("Corrected: %(place)s for %(who)s") % {"place": now.place, "who": _whose(now)}
            if now.place != held.place:
                said = _("%(who)s: moved from %(from)s to %(to)s") % {
                    "who": _whose(now),
                    "from": held.place,
                    "to": now.place,
                }
            self.did(
                "\n".join([said, *follows]),
                lambda: bookings.edit(
                    self.session,
                    held.booking_no,
                    place=held.place,
                    turn=held.turn,
                    guest_name=held.guest_name,
                    guest_phone=held.guest_phone,
                ),
            )
            self.refresh_data()
            self.query_one(FloorBoard).move_to(f"{now.place}\t{now.turn}")

        self.app.push_screen(EditBooking(self.session, held), edited)

    def action_edit_place(self) -> None:
        spot = self._selected()[0]
        if spot is None:
            return

        def edited(before: Place | None) -> None:
            if before is None:
                return
            if before in places.places():
                self.say(_("%s is as it was; nothing changed.") % before.place)
                return
            self.did(
                _("Changed: %s") % before.place, lambda: places.edit_place(self.session, *before)
            )
            self.refresh_data()

        self.app.push_screen(DescribePlace(self.session, spot), edited)

    def action_remove_place(self) -> None:
        spot = self._selected()[0]
        if spot is None:
            return
        with self.refusals_shown():
            places.remove_place(self.session, spot.place)
            was = (spot.place, spot.kind, spot.minimum_spend)
            self.did(_("Removed: %s") % spot.place, lambda: places.add_place(self.session, *was))
        self.refresh_data()


def _whose(held: Booking) -> str:
    return held.guest_name or held.name


def _month_sold(sales: Sales) -> str:
    amount = format_money(sales.month)
    return _("void: %s") % amount if sales.voided else amount
