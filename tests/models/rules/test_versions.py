"""Which rulebook is in force on a night, and since when."""

from datetime import date

from models.rules import shipped
from models.rules.versions import Versions

JULY, AUGUST, SECOND = date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 2)


def test_each_is_in_force_from_its_night_and_the_first_before_it() -> None:
    first, second = shipped.load("nightlife"), shipped.load("club")
    held = Versions([(SECOND, second), (AUGUST, first)])
    for night, book, since in (
        (JULY, first, AUGUST), (AUGUST, first, AUGUST), (date(2026, 9, 1), first, AUGUST),
        (SECOND, second, SECOND), (date(2026, 9, 3), second, SECOND),
    ):  # fmt: skip
        assert (held.in_force(night), held.since(night)) == (book, since)
    assert held.between(JULY, date(2026, 9, 1)) == [first]
    assert held.between(JULY, SECOND) == [first, second]
    assert held.between(SECOND, SECOND) == [second]
