"""What the screens that show one month at a time have in common."""

from models.payroll import months
from models.values.nights import Month, month_of, next_month, previous_month
from venue_tui.actions import key_name
from venue_tui.locale import _
from venue_tui.screens.shared.base import VenueScreen
from venue_tui.widgets.lines import Lines


class MonthScreen(VenueScreen):
    """A screen of one month; `[` and `]` go to the month before and after.

    Until somebody chooses one, it is `usual_month`.
    """

    def __init__(self) -> None:
        super().__init__()
        self._chosen: Month | None = None

    @property
    def month(self) -> Month:
        return self._chosen or self.usual_month()

    def usual_month(self) -> Month:
        return month_of(self.session.tonight())

    def show_month(self, month: Month) -> None:
        """Shows that month from now on."""
        self._chosen = month
        if self.is_mounted:
            self.refresh_data()

    def heading(self) -> Lines:
        """The line that names the month, for the top of the screen."""
        return Lines([()], id="month", wraps=True, classes="heading")

    def show_heading(self, *parts: str) -> None:
        """Says after the month what there is to say of it."""
        pieces = [(f"{self.month}  ", "strong"), ("  ".join(parts), "")]
        keys = self.program.keys_by_id()
        before, after = (key_name(keys[f"{self.where}.{what}"]) for what in ("earlier", "later"))
        other = _("%(before)s %(after)s other months") % {"before": before, "after": after}
        pieces.append((f"   {other}", "muted"))
        self.query_one("#month", Lines).set_lines([tuple(pieces)])

    def action_earlier(self) -> None:
        first = months.known(self.session)[0]
        if self.month <= first:
            self.say(_("Nothing is recorded before %s.") % first)
        else:
            self.show_month(previous_month(self.month))

    def action_later(self) -> None:
        last = months.known(self.session)[-1]
        if self.month >= last:
            self.say(_("Nothing is recorded after %s.") % last)
        else:
            self.show_month(next_month(self.month))
