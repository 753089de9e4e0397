"""A venue's rulebooks over time. Pure."""

from collections.abc import Iterable
from datetime import date

from models.rules.rulebook import Rulebook


class Versions:
    """A venue's rulebooks, each in force from a night until the next one's."""

    def __init__(self, adopted: Iterable[tuple[date, Rulebook]]) -> None:
        """`adopted`: (from which night, rulebook); the first also holds for all nights before."""
        self.adopted = sorted(adopted, key=lambda version: version[0])

    def in_force(self, night: date) -> Rulebook:
        book = self.adopted[0][1]
        for since, version in self.adopted:
            if since > night:
                break
            book = version
        return book

    def since(self, night: date) -> date:
        """From which night on the one in force on a night is."""
        return max(
            (since for since, _ in self.adopted if since <= night), default=self.adopted[0][0]
        )

    def between(self, first: date, last: date) -> list[Rulebook]:
        """Those in force on any night from `first` to `last`, in order."""
        books = [self.in_force(first)]
        books += [book for since, book in self.adopted[1:] if first < since <= last]
        return books
