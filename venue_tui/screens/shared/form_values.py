"""A form's fields read one after another, so that all that is wrong is said at once."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from models.values.nights import Instant
from models.values.problems import Problem, Refused, problem
from venue_tui.locale import _
from venue_tui.screens.shared.parsing import typed_money, typed_night, typed_time

if TYPE_CHECKING:
    from models.access.session import Session

T = TypeVar("T")


class Filled:
    """Each reading gives None for a blank and for what can't be read; `done` raises Refused with
    everything that can't, beside its field. `tonight` is the night that the form was opened in,
    and said: whoever saves it after 12:00 means that one."""

    def __init__(self, session: "Session", values: dict[str, str], tonight: date) -> None:
        self._session = session
        self._tonight = tonight
        self._values = values
        self._problems: list[Problem] = []

    def text(self, field: str) -> str | None:
        return self._values[field] or None

    def money(self, field: str) -> int | None:
        """Cents."""
        return self._read(field, lambda text: typed_money(field, text))

    def night(self, field: str) -> date | None:
        return self._read(field, lambda text: typed_night(field, text, self._tonight))

    def instant(self, field: str) -> Instant | None:
        """By the venue's clock: of that night, where only a time is written."""
        return self._read(field, lambda text: typed_time(field, text, self._session, self._tonight))

    def need(self, *fields: str) -> None:
        """Notes those of the fields that are blank."""
        for field in fields:
            if not self._values[field]:
                self._problems.append(problem(field, "may not be blank"))

    def done(self) -> None:
        if self._problems:
            raise Refused(*self._problems)

    def _read(self, field: str, read: Callable[[str], T]) -> T | None:
        if not self._values[field]:
            return None
        try:
            return read(self._values[field])
        except Refused as refusal:
            self._problems += refusal.problems
            return None


def date_options() -> list[tuple[str, str]]:
    """How the dates of a file may be written whose year comes last."""
    return [
        ("", _("as they can be read in one way")),
        ("mdy", _("month first: 9/1/2026 is 1 September")),
        ("dmy", _("day first: 1/9/2026 is 1 September")),
    ]
