"""The guest desk's statements as they are exported: rows of cells, every one a text."""

from collections.abc import Iterable

from models.access.session import Session
from models.ledger.closings import TextRow, frozen
from models.ledger.promises import promises_between
from models.ledger.turns import judged_turns, passed_text
from models.payroll.exports import credits_of
from models.values.nights import Month, first_night, last_night

OFFICE = "office"


def credit_statement(session: Session, months: Iterable[Month]) -> list[TextRow]:
    """Each share of each sale of the months, by number; a closed month's as they were frozen."""
    rows: list[TextRow] = []
    for month in months:
        kept = frozen(month)
        if kept is not None and kept.credit_rows is not None:
            rows += kept.credit_rows
        else:
            rows += credits_of(session, month)
    return sorted(rows, key=lambda row: (row[0] or "", row[2] is None, row[2] or ""))


def turn_statement(session: Session, months: Iterable[Month]) -> list[TextRow]:
    """Each turn of the months, by number, with what the judgement says of it."""
    rows: list[TextRow] = []
    for month in months:
        for judged in judged_turns(session, first_night(month), last_night(month)):
            turn = judged.turn
            rows.append(
                [
                    turn.turn_no,
                    turn.night.isoformat(),
                    session.calendar.format(turn.at),
                    turn.visit_no,
                    turn.staff_no,
                    turn.how or judged.how,
                    "yes" if judged.counted else "no",
                    passed_text(judged.passed),
                    "yes" if judged.is_right else judged.right or OFFICE,
                ]
            )
    return sorted(rows, key=lambda row: row[0] or "")


def promise_statement(session: Session, months: Iterable[Month]) -> list[TextRow]:
    """Each promise that began in the months, as it stands now."""
    at = session.calendar.format
    rows: list[TextRow] = []
    for month in months:
        rows += [
            [
                each.code,
                each.about,
                at(each.starts_at),
                at(each.due_at),
                at(each.kept_at) if each.kept_at is not None else None,
                each.state,
            ]
            for each in promises_between(session, first_night(month), last_night(month))
        ]
    return sorted(rows, key=lambda row: (row[0] or "", row[1] or "", row[2] or ""))
