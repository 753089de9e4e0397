"""What is said of a clock: whose a number is, and by how much it is wrong."""

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from models.operations import clocks, directory, punches
from models.operations.clocks import ClockNumber
from models.values.problems import refused
from venue_tui.locale import _
from venue_tui.screens.shared.form_values import Filled
from venue_tui.screens.shared.parsing import understood_night
from venue_tui.screens.shared.people import staff_search
from venue_tui.widgets.form import Field, FormScreen
from venue_tui.words import shown_name

if TYPE_CHECKING:
    from models.access.session import Session

_OFFSET = re.compile(r"([+-]?)(?:([0-9]{1,3}):)?([0-9]{1,6})")


class MatchForm(FormScreen[str]):
    """Asks whose a number is; gives the staff number."""

    def __init__(self, session: "Session", each: ClockNumber) -> None:
        super().__init__()
        self._session = session
        self._number = each

    def title_line(self) -> str:
        each = self._number
        return _("Whose is %(number)s of %(clock)s?") % {
            "number": f"{each.shown} {each.name or ''}".strip(),
            "clock": each.clock,
        }

    def fields(self) -> Sequence[Field]:
        each = self._number
        guess = each.staff_no or (each.guess.staff_no if each.guess else "")
        start = shown_name(guess, directory.name_of(guess)) if guess else ""
        search = staff_search(self._session)
        return [Field("staff_no", _("Staffer"), guess, start=start, search=search)]

    def verdict(self, values: dict[str, str]) -> str:
        return _("Arrivals that follow from its punches are written down where nobody is marked.")

    def save(self, values: dict[str, str]) -> str:
        if not values["staff_no"]:
            raise refused("staff_no", "may not be blank")
        return values["staff_no"]


class OffsetForm(FormScreen[tuple[date, int, int]]):
    """Asks by how much a clock is to be put forward or back. Gives since when, the seconds before,
    and the seconds wanted."""

    def __init__(self, session: "Session", clock: str) -> None:
        super().__init__()
        self._session = session
        self._clock = clock
        self._tonight = session.tonight()
        self._held = dict(clocks.offsets().get(clock, ()))

    def title_line(self) -> str:
        return _("Put %s right") % self._clock

    def fields(self) -> Sequence[Field]:
        return [
            Field("seconds", _("Forward by"), "", _("minutes:seconds, or - to put it back")),
            Field(
                "since",
                _("From"),
                str(self._tonight),
                _("one of the clock's dates"),
                understood=understood_night(self._tonight),
            ),
        ]

    def save(self, values: dict[str, str]) -> tuple[date, int, int]:
        filled = Filled(self._session, values, self._tonight)
        filled.need("seconds", "since")
        since = filled.night("since")
        filled.done()
        match = _OFFSET.fullmatch(values["seconds"].replace("：", ":").replace("－", "-"))
        if match is None or since is None:
            raise refused("seconds", "not a difference: write it as 3:30, -0:45 or 90")
        sign, minutes, seconds = match.groups()
        total = int(minutes or 0) * 60 + int(seconds)
        total = -total if sign == "-" else total
        punches.set_offset(self._session, self._clock, since, total, dry_run=True)
        return since, self._held.get(since, 0), total
