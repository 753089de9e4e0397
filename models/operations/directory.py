"""Everyone on the payroll, to be found by name, number or pinyin initials."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from models.ledger.night_preview import board_order
from models.storage.database import execute
from models.storage.employment import Postings, rehires

_ENTRIES = "SELECT staff_no, name, initials, hired_on, left_on FROM staff"


class DirectoryEntry(NamedTuple):
    """Somebody employed: who they are, and the initials by which they are found."""

    staff_no: str
    name: str
    team: str | None
    position: str
    supervisor_no: str | None
    on_roll: bool
    initials: tuple[str, ...]

    def matches(self, text: str) -> bool:
        """Whether `text` is part of their name, number or initials."""
        from models.values import pinyin

        return pinyin.matches(text, self.name, self.staff_no, self.initials)


def names() -> frozenset[str]:
    """The names of everyone who was ever on the payroll."""
    return frozenset(names_by_number().values())


def names_by_number() -> dict[str, str]:
    """The same by staff number."""
    return dict(execute("SELECT staff_no, name FROM staff").fetchall())


def employed(night: date) -> list[DirectoryEntry]:
    """Everyone employed on a night, by team (those without one last) and number."""
    from models.values import pinyin  # which whoever finds nobody doesn't wait for

    postings, later = Postings(), rehires()
    text = night.isoformat()
    found = []
    for staff_no, name, initials, hired_on, left_on in execute(_ENTRIES).fetchall():
        here = hired_on <= text and (left_on is None or left_on >= text)
        if not here and not any(spell.holds(night) for spell in later.get(staff_no, ())):
            continue
        posting = postings.of(staff_no, night)
        found.append(
            DirectoryEntry(
                staff_no,
                name,
                posting.team,
                posting.position,
                posting.supervisor_no,
                posting.called,
                pinyin.initials(name, initials or ""),
            )
        )
    return sorted(found, key=lambda each: board_order(each.team, each.staff_no))


def name_of(staff_no: str) -> str:
    """A staffer's name; the number itself where there is none of that number."""
    row = execute("SELECT name FROM staff WHERE staff_no = ?", (staff_no,)).fetchone()
    return str(row[0]) if row is not None else staff_no


def team_sizes(entries: Iterable[DirectoryEntry]) -> Counter[str | None]:
    """How many of each team are on the roll."""
    return Counter(each.team for each in entries if each.on_roll)


def found(text: str) -> set[str]:
    """The numbers of everyone ever on the payroll whose name, number or initials hold `text`."""
    from models.values import pinyin

    rows = execute("SELECT staff_no, name, initials FROM staff").fetchall()
    return {
        staff_no
        for staff_no, name, edited in rows
        if pinyin.matches(text, name, staff_no, pinyin.initials(name, edited or ""))
    }
