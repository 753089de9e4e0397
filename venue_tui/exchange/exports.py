"""What is exported: the datasets as they are recorded, and a month's statements."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from models.access.permissions import require
from models.access.session import Session
from models.ledger import closings
from models.ledger.closings import TextRow
from models.ledger.settling import settle
from models.payroll.exports import (
    LANGUAGES,
    charge_statement,
    deduction_statement,
    recorded,
    roll_statement,
)
from models.storage import audit, witness
from models.storage.gc_pause import uncollected
from models.values.datasets import (
    CHARGES,
    CREDITS,
    DATASETS,
    NIGHT_LOG,
    PROMISES,
    ROLL,
    CellKind,
    Dataset,
    FileColumn,
    deductions,
)
from models.values.money import format_money
from models.values.nights import Calendar, Month
from models.values.problems import Problem, problem
from venue_tui.exchange.sheet_layout import SheetLayout
from venue_tui.exchange.table_writer import write_bytes, write_table

if TYPE_CHECKING:
    from venue_tui.exchange.payroll_profiles.profile import Profile
    from venue_tui.exchange.payroll_profiles.rows import ProfileRows

STATEMENTS = ("deductions", "charges", "roll", "night_log", "credits", "promises")
OF_THE_TRAIL = ("deductions", "charges", "roll", "credits")
"""Statements of months, which name the head of the audit trail."""
JUDGED = tuple(each.name for each in DATASETS.values() if each.judged)
"""The datasets that are exported with what the judgement says of them."""
NAMES = (*DATASETS, *STATEMENTS)
"""Everything that can be exported."""

TIMELESS = tuple(each.name for each in DATASETS.values() if each.span is None)
"""The datasets that no month narrows."""

WITH_TEAMS = ("staff", "deductions", "roll", "night_log")
"""Those whose rows are of a team."""

_CHINESE = {
    "deductions": "扣款",
    "charges": "扣罚",
    "roll": "点名",
    "night_log": "营业日志",
    "credits": "业绩归属",
    "promises": "承诺",
}
_AUDIT = {"en": "Audit trail", "zh": "审计记录"}
_TOTALLED = ("deductions", "charges")
_STEP = 100


@uncollected()
def export(
    session: Session,
    name: str,
    month: Month | None,
    out: Path | BinaryIO,
    *,
    format: str = "csv",
    plain: bool = False,
    headers: str = "en",
    night: date | None = None,
    by_team: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Writes one of NAMES to a file or a binary stream; gives the number of rows.

    `progress` is told now and then how many rows of how many are written; what it raises leaves
    the file as it was.

    `month` narrows it to one month; without it a dataset is whole and a statement covers every
    month of which there is something to say. `headers` is `en` or `zh`; a charge's reason follows
    it. `night` narrows the night's log to one night; `by_team` gives each team a sheet of its own
    in a workbook. Raises Refused where whoever is signed in may
    not export, or the file can't be written.
    """
    require(session, "export")
    settle(session)
    if name in STATEMENTS or name in JUDGED:
        wanted = [month] if month is not None else _every_month(session)
        columns: Sequence[FileColumn]
        rows: Sequence[TextRow]
        if name == "night_log":
            from models.operations.posts import logged_nights

            nights = [night] if night is not None else logged_nights(wanted)
            columns, rows = NIGHT_LOG, _night_log(session, nights)
        else:
            columns, rows = _statement(session, name, wanted, headers)
    else:
        dataset = DATASETS[name]
        columns, rows = dataset.columns, _recorded(session.calendar, dataset, month)
    watched = rows if progress is None else _watched(rows, progress)
    write_table(
        watched,
        columns,
        out,
        format=format,
        plain=plain,
        headers=headers,
        sheet=SheetLayout(
            name if headers == "en" else _CHINESE.get(name) or DATASETS[name].chinese,
            totals=name in _TOTALLED,
            apart="team" if by_team else None,
            foot=f"{_AUDIT[headers]} {trail_head(month)}" if name in OF_THE_TRAIL else "",
        ),
    )
    return len(rows)


def trail_head(month: Month | None = None) -> str:
    """The head of the audit trail that an export names, as `audit --head` prints it: number, hash,
    and the seal where there is a key. That of a closed month is the line that closed it, which the
    export never changes; else the last one. Raises Refused for a key that can't be read."""
    head = audit.head() if month is None else closings.closing_line(month) or audit.head()
    sealed = witness.seal(head[1])
    return " ".join(map(str, (*head, sealed) if sealed is not None else head))


def doubts(month: Month | None) -> list[Problem]:
    """What an export of this month, or of all, is to be doubted for: months whose frozen sums are
    not what the audit trail says they were frozen as."""
    found = (
        closings.unlike_the_trail() if month is None else closings.unlike_the_trail(month, month)
    )
    return [
        problem(
            "month",
            "%(month)s: what was frozen is not what the audit trail says: pay nobody by it, and see"
            " %(command)s",
            month=each,
            command="venue-tui check",
        )
        for each in found
    ]


def export_profile(
    session: Session,
    profile: "Profile",
    month: Month,
    out: Path | BinaryIO,
    *,
    format: str = "csv",
) -> "ProfileRows":
    """Writes a month's deductions in the columns of a payroll profile, and gives what was written.
    Raises Refused as `export` does, and for what the profile can't say."""
    from venue_tui.exchange.payroll_profiles.rows import profile_rows

    written = profile_rows(session, profile, month)
    if format != "csv" or profile.encoding == "utf-8-sig":
        write_table(written.rows, written.columns, out, format=format)
        return written
    text = BytesIO()
    write_table(written.rows, written.columns, text)
    decoded = text.getvalue().decode("utf-8-sig")
    write_bytes(decoded.encode(profile.encoding), out)
    return written


def _watched(rows: Sequence[TextRow], progress: Callable[[int, int], None]) -> Iterator[TextRow]:
    for done, row in enumerate(rows):
        if done % _STEP == 0:
            progress(done, len(rows))
        yield row
    progress(len(rows), len(rows))


def _statement(
    session: Session, name: str, wanted: Iterable[Month], headers: str
) -> tuple[Sequence[FileColumn], Sequence[TextRow]]:
    if name == "deductions":
        statement = deduction_statement(session, wanted)
        return deductions(statement.rules), statement.rows
    if name == "charges":
        return CHARGES, charge_statement(session, wanted, LANGUAGES[headers == "zh"])
    if name == "roll":
        return ROLL, roll_statement(session, wanted)
    # The guest desk's, which a month's own statements don't wait for.
    from models.payroll.guest_statements import (
        credit_statement,
        promise_statement,
        turn_statement,
    )

    if name == "credits":
        return CREDITS, credit_statement(session, wanted)
    if name == "promises":
        return PROMISES, promise_statement(session, wanted)
    dataset = DATASETS[name]
    return (*dataset.columns, *dataset.judged), turn_statement(session, wanted)


def _every_month(session: Session) -> list[Month]:
    from models.payroll import months  # which a statement of one month doesn't wait for

    return months.known(session)


def _night_log(session: Session, nights: Iterable[date]) -> list[TextRow]:
    """The log of these nights; each row names the audit trail's head as it is now."""
    from models.operations.posts import night_log

    lines, head = audit.head()
    proof = (str(lines), head)
    at = session.calendar.format
    rows: list[TextRow] = []
    for night in nights:
        for each in night_log(session, night):
            outings = (f"{at(out)} – {at(back) if back else ''}" for out, back in each.outings)
            rows.append(
                (
                    night.isoformat(),
                    each.staff_no,
                    each.name,
                    each.team,
                    each.position,
                    *(each.post or (None, None)),
                    each.outcome and each.outcome.value,
                    None if each.arrived_at is None else at(each.arrived_at),
                    None if each.made_up_at is None else at(each.made_up_at),
                    None if each.departed_at is None else at(each.departed_at),
                    "; ".join(outings) or None,
                    *proof,
                )
            )
    return rows


def _recorded(calendar: Calendar, dataset: Dataset, month: Month | None) -> list[TextRow]:
    writers = [_WRITERS.get(column.kind) for column in dataset.columns]
    cells = [
        [
            value if value is None or write is None else write(value, calendar)
            for value, write in zip(row, writers, strict=True)
        ]
        for row in recorded(dataset, month)
    ]
    return list(cells)


_WRITERS: dict[CellKind, Callable[[Any, Calendar], str]] = {
    CellKind.MONEY: lambda value, calendar: format_money(value),
    CellKind.INSTANT: lambda value, calendar: calendar.format(value),
    CellKind.YES_NO: lambda value, calendar: "yes" if value else "no",
    CellKind.COUNT: lambda value, calendar: str(value),
    CellKind.TALLY: lambda value, calendar: str(value),
}
