"""What the audit trail is asked for: some of its lines, or the line of a hash."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from models.operations import directory
from models.storage import audit
from models.values.problems import refused
from venue_tui.locale import _
from venue_tui.screens.shared.parsing import typed_night, understood_night
from venue_tui.screens.shared.people import staff_search
from venue_tui.widgets.chooser import Choice
from venue_tui.widgets.form import Field, FormScreen
from venue_tui.words import listed, shown_name

if TYPE_CHECKING:
    from models.access.session import Session


class Narrowed(NamedTuple):
    """Which lines are asked for; None is any."""

    who: str | None = None
    staff_no: str | None = None
    night: date | None = None

    def __str__(self) -> str:
        parts = []
        if self.who is not None:
            parts.append(_("by %s") % self.who)
        if self.staff_no is not None:
            parts.append(_("of %s") % shown_name(self.staff_no, directory.name_of(self.staff_no)))
        if self.night is not None:
            parts.append(_("night of %s") % self.night)
        return listed(parts)


class NarrowForm(FormScreen[Narrowed]):
    """Asks for a person, a staffer and a night, any of them blank."""

    def __init__(self, session: "Session", now: Narrowed) -> None:
        super().__init__()
        self._session = session
        self._now = now

    def title_line(self) -> str:
        return _("Narrow the trail")

    def fields(self) -> Sequence[Field]:
        now, people = self._now, audit.people()

        def search(text: str) -> Iterable[Choice]:
            wanted = text.casefold()
            return (Choice(each, each) for each in people if wanted in each.casefold())

        staff_no = now.staff_no or ""
        start = shown_name(staff_no, directory.name_of(staff_no)) if staff_no else ""
        return [
            Field("who", _("By"), now.who or "", _("who signed in"), search=search,
                  start=now.who or ""),
            Field("staff_no", _("Staffer"), staff_no, _("name, number or initials"), start=start,
                  search=staff_search(self._session)),
            Field("night", _("Night"), str(now.night or ""), _("2026-09-05, 9-5 or -1"),
                  understood=understood_night(self._session.tonight())),
        ]  # fmt: skip

    def save(self, values: dict[str, str]) -> Narrowed:
        night = values["night"] or None
        return Narrowed(
            values["who"] or None,
            values["staff_no"] or None,
            typed_night("night", night, self._session.tonight()) if night else None,
        )


class CompareForm(FormScreen[int]):
    """Takes a hash that was printed once, on a month's export, and gives the number of its line."""

    def title_line(self) -> str:
        return _("Compare the trail with a hash")

    def fields(self) -> Sequence[Field]:
        return [Field("hash", _("Hash"), hint=_("64 letters and digits"))]

    def verdict(self, values: dict[str, str]) -> str:
        if not values["hash"]:
            return _("The month's export and a backup name the hash of the trail's last line.")
        number = _line_of(values)
        if number is not None:
            return _("Line %d has it: all up to there is as it was.") % number
        return _("No line has it: the trail was cut off or written anew, or a digit is wrong.")

    def save(self, values: dict[str, str]) -> int:
        number = _line_of(values)
        if number is None:
            raise refused("hash", "no line of the audit trail has the hash %(hash)s",
                          hash=values["hash"])  # fmt: skip
        return number


def _line_of(values: dict[str, str]) -> int | None:
    return audit.line_of(values["hash"].lower())
