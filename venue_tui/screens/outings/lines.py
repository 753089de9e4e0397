"""Outings as lines: in the three panels, and the selected one in full."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from models.operations import outings
from models.operations.slip_board import OutingRow
from models.values.money import format_money
from models.values.nights import Instant
from models.values.problems import Refused
from venue_tui.locale import _, ngettext
from venue_tui.screens.outings.forms import cost_sentence
from venue_tui.screens.shared.clock import clock
from venue_tui.screens.shared.sentences import decided, whose, with_more
from venue_tui.widgets.line_list import Row
from venue_tui.widgets.lines import Line, line
from venue_tui.words import word

if TYPE_CHECKING:
    from models.access.session import Session


def asked_rows(
    session: "Session", asked: Iterable[OutingRow], dropped: Iterable[OutingRow]
) -> Iterator[Row]:
    """Those who wait for a decision, and below them the slips that came to nothing."""
    for row in asked:
        yield _slip_row(session, row, row.requested_at, "")
    by_status: dict[str, list[OutingRow]] = {}
    for row in dropped:
        by_status.setdefault(row.status, []).append(row)
    for status, title in (("rejected", _("Rejected")), ("withdrawn", _("Withdrawn"))):
        rows = by_status.get(status, ())
        if rows:
            yield Row(status, (title,), group=True)
        for row in rows:
            yield _slip_row(session, row, row.requested_at, "muted")


def approved_rows(session: "Session", rows: Iterable[OutingRow]) -> Iterator[Row]:
    """Those who may go, and since when."""
    for row in rows:
        yield _slip_row(session, row, row.decided_at, "good")


def _slip_row(session: "Session", row: OutingRow, since: Instant | None, style: str) -> Row:
    return Row(row.slip_no, _whose(session, row, since), style)


def _whose(session: "Session", row: OutingRow, at: Instant | None) -> tuple[str, ...]:
    return (row.name, row.team or "", clock(session, at), row.reason or "")


def out_rows(session: "Session", rows: Iterable[OutingRow]) -> Iterator[Row]:
    """Those who are out, for how many minutes, and what it costs; below them who is back."""
    now = session.now()
    back = False
    for row in rows:
        if row.back_at is not None and not back:
            back = True
            yield Row("back", (_("Came back"),), group=True)
        style = "bad" if row.fine else "muted" if back else "warning"
        yield Row(row.slip_no, out_cells(session, row, now), style)


def out_cells(session: "Session", row: OutingRow, now: Instant) -> tuple[str, ...]:
    """Who went, when and why, when they came back, for how many minutes they were out by `now`, and
    what it costs."""
    back = "" if row.back_at is None else clock(session, row.back_at)
    fine = format_money(row.fine) if row.fine else ""
    return (*_whose(session, row, row.out_at), back, str(row.minutes(now)), fine)


def detail(
    session: "Session", row: OutingRow, superior: str | None, earlier: Sequence[OutingRow]
) -> list[Line]:
    """Whose outing it is, what became of it, what it costs or would cost, and where they had been
    before in the month."""
    return [*_this(session, row, superior), (), *_before(session, earlier)]


def _this(session: "Session", row: OutingRow, superior: str | None) -> list[Line]:
    lines = [line(whose(row.slip_no, row.staff_no, row.name, row.team, superior), "strong")]
    if row.status == "none":
        lines.append(line(with_more(_("Went without a slip"), row.reason)))
    else:
        asked = _("Asked for at %s") % clock(session, row.requested_at)
        lines.append(line(with_more(asked, row.reason)))
        if row.status != "requested":
            what = (row.status, row.decided_by, row.decided_at, row.decision_reason)
            lines.append(line(decided(session, *what)))
    if row.out_at is not None:
        return [*lines, _out_line(session, row)]
    try:
        cents = outings.cost(session, row.staff_no, row.slip_no)
    except Refused:
        return lines
    return [*lines, line(cost_sentence(session, cents), "bad" if cents else "good")]


def _before(session: "Session", earlier: Sequence[OutingRow]) -> Iterator[Line]:
    if not earlier:
        yield line(_("Not out before this month."), "muted")
        return
    n = len(earlier)
    times = ngettext("Out %(n)d time before this month", "Out %(n)d times before this month", n)
    yield line(times % {"n": n}, "title")
    for row in earlier:
        minutes = _("%(minutes)d min") % {"minutes": row.minutes(session.now()) or 0}
        fine = f"  {format_money(row.fine)}" if row.fine else ""
        yield (
            (f"{row.night:%m-%d} {clock(session, row.out_at)}  ", "muted"),
            (minutes, ""),
            (fine, "bad"),
            (f"  {row.reason or word(row.status)}", ""),
        )


def _out_line(session: "Session", row: OutingRow) -> Line:
    said = {"out": clock(session, row.out_at), "minutes": row.minutes(session.now())}
    if row.back_at is None:
        sentence = _("Out at %(out)s, %(minutes)d minutes ago.") % said
    else:
        said["back"] = clock(session, row.back_at)
        sentence = _("Out at %(out)s, back at %(back)s: %(minutes)d minutes.") % said
    if not row.fine:
        return line(sentence)
    return ((sentence, ""), (" " + _("Fined %s.") % format_money(row.fine), "bad"))
