"""A screen that shows one night, tonight's at first, and steps to the others."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from models.values.nights import ONE_NIGHT, Month, month_of
from venue_tui.locale import _
from venue_tui.screens.shared.base import VenueScreen
from venue_tui.screens.shared.sentences import weekday
from venue_tui.widgets.lines import Line, line
from venue_tui.widgets.night_chart import NightChart

if TYPE_CHECKING:
    from models.access.session import Session


class NightScreen(VenueScreen):
    """`[` and `]` go a night back and forth; `refresh_data` reads `night`."""

    OF_NIGHT: ClassVar[frozenset[str]] = frozenset()
    """The actions that record something in the night that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self._other_night: date | None = None

    @property
    def night(self) -> date:
        """The night that is shown."""
        return self._other_night or self.session.tonight()

    @property
    def is_tonight(self) -> bool:
        return self.night == self.session.tonight()

    def night_of(self, action: str) -> date | None:
        return self.night if action in self.OF_NIGHT else None

    def show_night(self, night: date) -> None:
        self._other_night = None if night == self.session.tonight() else night
        self.refresh_data()

    def action_earlier(self) -> None:
        self.show_night(self.night - ONE_NIGHT)

    def action_later(self) -> None:
        self.show_night(self.night + ONE_NIGHT)

    def night_line(self) -> Line:
        """Which night it is that is shown."""
        night = f"{self.night} {weekday(self.night)}"
        if self.is_tonight:
            return line(_("Tonight, %s") % night, "strong")
        tonight = self.session.tonight()
        which = _("A night before, %s") if self.night < tonight else _("A night to come, %s")
        return line(which % night, "warning")

    def read_chart(
        self,
        title: str,
        read: "Callable[[Session, Month], dict[date, int]]",
        shown: Callable[[int], str],
    ) -> None:
        """Compares the nights of the month around the one that is shown, where there is room."""
        chart, month, here = self.query_one(NightChart), month_of(self.night), self.night
        if chart.display:
            self.read_beside(
                partial(read, self.session, month),
                lambda found: chart.show(title, month, found, shown, here),
                "chart",
            )
