"""When absences are so many that a staffer is deemed resigned. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from models.rules.charges import Outcome
from models.rules.rulebook import Separation, Window
from models.values.nights import month_of


class RollNight(NamedTuple):
    """One night of one staffer's on the roll. `waived`: the charge for it was let go."""

    night: date
    outcome: Outcome
    waived: bool


class Threshold(NamedTuple):
    """That enough absences came together, on which night, and in which window: the month, the
    first night of the row, or `ever`."""

    night: date
    window: str


def thresholds(nights: Iterable[RollNight], separation: Separation | None) -> list[Threshold]:
    """Each window of a staffer's nights, given in order, in which absences reach the threshold.

    A waived absence doesn't count. In a row, a night of rest (or one that is still pending)
    neither counts nor breaks; any other night breaks it, a waived absence too.
    """
    if separation is None:
        return []
    reached: list[Threshold] = []
    window, count = "", 0
    for night, outcome, waived in nights:
        counts = outcome is Outcome.ABSENT and not waived
        if separation.within is Window.CONSECUTIVE:
            if outcome in (Outcome.REST, Outcome.PENDING):
                continue
            if not counts:
                count = 0
                continue
            current = window if count else night.isoformat()
        else:
            if not counts:
                continue
            current = month_of(night) if separation.within is Window.MONTH else Window.EVER
        count = count + 1 if current == window else 1
        window = current
        if count == separation.absences:
            reached.append(Threshold(night, window))
    return reached
