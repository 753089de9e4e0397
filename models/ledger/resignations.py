"""Where absences reached the threshold of a rulebook, read from the ledger."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from models.access.session import Session
from models.rules.absences import RollNight, Threshold, thresholds
from models.rules.charges import Outcome, Status
from models.rules.rulebook import Window
from models.storage.database import execute
from models.values.nights import FIRST_NIGHT, ONE_NIGHT, Month, first_night, last_night


def deemed_resigned(session: Session, month: Month) -> dict[str, list[Threshold]]:
    """By staff_no, where absences reached the threshold on nights of the month, under the
    rulebook in force on its last night. The ledger must be settled."""
    return deemed_resigned_in(session, [month])[month]


def deemed_resigned_in(
    session: Session, months: Sequence[Month]
) -> dict[Month, dict[str, list[Threshold]]]:
    """The same of each of some months in a row, whose absences are read at one go."""
    begin, end = first_night(months[0]), last_night(months[-1])
    absences = _standing_absences(session, begin, end)
    earlier: dict[str, list[date]] | None = None
    found: dict[Month, dict[str, list[Threshold]]] = {}
    for month in months:
        reached = found.setdefault(month, {})
        separation = session.book(last_night(month)).separation
        if separation is None:
            continue
        first, last = first_night(month), last_night(month)
        ever = separation.within is not Window.MONTH
        if ever and earlier is None:  # only who was absent of late is looked at
            earlier = _standing_absences(session, FIRST_NIGHT, begin - ONE_NIGHT, list(absences))
        for staff_no, of_late in absences.items():
            nights = [night for night in of_late if first <= night <= last]
            if not nights:
                continue
            if ever and earlier is not None:
                nights = [*earlier.get(staff_no, ()), *(n for n in of_late if n <= last)]
            if len(nights) < separation.absences:
                continue
            history: Iterable[RollNight] = (RollNight(n, Outcome.ABSENT, False) for n in nights)
            if separation.within is Window.CONSECUTIVE:
                history = _nights_on_roll(session, staff_no, nights[0], last, set(nights))
            if at := [each for each in thresholds(history, separation) if each.night >= first]:
                reached[staff_no] = at
    return found


def _standing_absences(
    session: Session, first: date, last: date, of: Sequence[str] | None = None
) -> dict[str, list[date]]:
    """By staff_no, of everybody or of those in `of`, the nights of standing absences in order."""
    codes = sorted(
        {
            rule.code
            for book in session.versions.between(first, last)
            if (rule := book.roll_rule(Outcome.ABSENT)) is not None
        }
    )
    found: defaultdict[str, list[date]] = defaultdict(list)
    if not codes:
        return found
    sql = (
        "SELECT staff_no, night, rule FROM charges WHERE night BETWEEN ? AND ? AND status = ?"
        f" AND source = 'roll' AND rule IN ({', '.join('?' * len(codes))})"
    )
    span = (first.isoformat(), last.isoformat(), Status.STANDING.value)
    if of is None:
        rows = execute(f"{sql} ORDER BY staff_no, night", (*span, *codes)).fetchall()
    else:
        rows = [
            row
            for staff_no in of
            for row in execute(
                f"{sql} AND staff_no = ? ORDER BY night", (*span, *codes, staff_no)
            ).fetchall()
        ]
    for staff_no, text, code in rows:
        night = date.fromisoformat(text)
        rule = session.book(night).roll_rule(Outcome.ABSENT)
        if rule is not None and rule.code == code:
            found[staff_no].append(night)
    return found


def _nights_on_roll(
    session: Session, staff_no: str, first: date, last: date, standing: set[date]
) -> list[RollNight]:
    from models.ledger.ledger import judgements  # which few rulebooks need

    return [
        RollNight(judgement.night, outcome, judgement.night not in standing)
        for judgement in judgements(session, first, last, staff_no)
        if (outcome := judgement.outcomes.get(staff_no)) is not None
    ]
