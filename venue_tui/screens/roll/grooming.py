"""How somebody looks as the night begins: grooming and the badge, ticked on the roll."""

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from models.operations import grooming
from models.operations.roll_board import RollRow
from venue_tui.grooming_words import look_words
from venue_tui.locale import _

if TYPE_CHECKING:
    from venue_tui.screens.shared.base import VenueScreen


def tick_look(screen: "VenueScreen", row: RollRow, night: date) -> None:
    """Ticks what comes after what stands there."""
    with screen.refusals_shown():
        new = grooming.after(row.look)
        was = grooming.tick(screen.session, row.staff_no, night, new)
        said = look_words(new) or _("nobody looked")
        undo = partial(grooming.tick, screen.session, row.staff_no, night, was)
        screen.did(_("%(name)s: %(look)s") % {"name": row.name, "look": said}, undo)
        screen.refresh_data()
