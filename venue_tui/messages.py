"""What was said to the person, and which of it stands above the keys of each screen."""

from collections.abc import Callable
from typing import Literal, NamedTuple

from models.values.nights import Instant

Severity = Literal["information", "warning", "error"]

_MOST = 500
"""So many are kept."""


class Said(NamedTuple):
    """A sentence to the person, on the screen `where`; later ones have a larger `number`. One of a
    change that can be taken back is `undoable`; one that `stays` is there until what is wrong is
    right again."""

    message: str
    where: str
    at: Instant
    number: int
    severity: Severity = "information"
    undoable: bool = False
    stays: bool = False


class Messages:
    """What was said. `said`: all of it, the oldest first."""

    def __init__(self) -> None:
        self.said: list[Said] = []
        self._number = self._answered_to = 0
        """The last one's number, and of the last one since which a key was pressed."""

    def next_number(self) -> int:
        """The number of the sentence that is said next."""
        self._number += 1
        return self._number

    def keep(self, said: Said) -> None:
        """Notes what is said."""
        self.said.append(said)
        del self.said[:-_MOST]

    def drop(self, unwanted: Callable[[Said], bool]) -> None:
        """Forgets those that are unwanted."""
        self.said = [each for each in self.said if not unwanted(each)]

    def answered(self) -> None:
        """A key was pressed: what was wrong has been read."""
        self._answered_to = self._number

    def said_on(self, where: str) -> Said | None:
        """What stands above the keys of that screen now."""
        stays = next((each for each in reversed(self.said) if each.stays), None)
        if stays is not None:
            return stays
        latest = next((each for each in reversed(self.said) if each.where == where), None)
        if latest is None or latest.severity == "information":
            return latest
        return latest if latest.number > self._answered_to else None
