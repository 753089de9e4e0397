"""What the roll says: a line a person, a line a team, and what is known of the selected one."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from models.operations.briefings import BriefingRow
from models.operations.roll import BookingLine, History, PastCharge, RollRow, Summary
from models.rules.judgement import Outcome, Status
from models.values.money import format_money
from models.values.nights import Instant
from venue_tui.locale import _, ngettext
from venue_tui.screens.roll.posts import post_lines
from venue_tui.screens.shared.clock import clock, rule_title, standing
from venue_tui.widgets.line_list import Row
from venue_tui.widgets.lines import Line, line
from venue_tui.words import word

if TYPE_CHECKING:
    from models.access.session import Session

STYLES: dict[Outcome, str] = {
    Outcome.PRESENT: "good",
    Outcome.MADE_UP: "good",
    Outcome.LATE: "warning",
    Outcome.MISSED: "bad",
    Outcome.ABSENT: "bad",
    Outcome.REST: "muted",
    Outcome.PENDING: "",
}
_COUNTED = (
    Outcome.PRESENT,
    Outcome.LATE,
    Outcome.MADE_UP,
    Outcome.MISSED,
    Outcome.ABSENT,
    Outcome.REST,
)
UNMARKED = "-"


def team_key(team: str | None) -> str:
    """The key of a team's row; no number of anyone's can be the same."""
    return f"\0{team or ''}"


def roll_row(session: "Session", row: RollRow) -> Row:
    """A staffer's line on the roll."""
    signs, outcome = row.signs, row.outcome
    made_up = outcome is Outcome.MADE_UP or signs.arrived_at is None
    cells = (
        row.name,
        row.staff_no,
        UNMARKED if outcome is Outcome.PENDING else word(outcome),
        clock(session, signs.made_up_at if made_up else signs.arrived_at),
        word("room") if row.room else "",
        format_money(row.fine) if row.fine else "",
    )
    return Row(row.staff_no, cells, STYLES[outcome])


def team_row(session: "Session", team: str | None, counts: Summary, told_at: Instant | None) -> Row:
    """A team's title: how many are marked, and whether those who rest were told (clause 2)."""
    outcomes = counts.teams[team]
    total, n = outcomes.total(), outcomes[Outcome.REST]
    marked = total - outcomes[Outcome.PENDING] - outcomes[Outcome.ABSENT]
    cells = [team or _("no team"), f"{marked}/{total}"]
    if n:
        cells.append(ngettext("%(n)d resting", "%(n)d resting", n) % {"n": n})
        told = _("told %(time)s") % {"time": clock(session, told_at)}
        cells.append(_("not told") if told_at is None else told)
    return Row(team_key(team), tuple(cells), group=True)


def counts_line(
    session: "Session", night: date, briefing: BriefingRow | None, counts: Summary
) -> Line:
    """Where the night stands by the clock, and the roll counted."""
    left = standing(session, night, briefing)
    if night != session.tonight():
        left = f"{night.isoformat()}  {left}"
    pieces = [(left, "strong")]
    n = counts.outcomes[Outcome.PENDING]
    if n or night == session.tonight():
        unmarked = _("unmarked %(n)d of %(all)d") % {"n": n, "all": counts.on_roll}
        pieces.append((f"  {unmarked}", "warning" if n else "good"))
    if counts.fines:
        fined = _("fines %(sum)s") % {"sum": format_money(counts.fines)}
        pieces.append((f"  {fined}", "bad"))
    pieces += [
        (f"  {word(outcome)} {n}", STYLES[outcome])
        for outcome in _COUNTED
        if (n := counts.outcomes[outcome])
    ]
    return tuple(pieces)


def work_line(briefing: BriefingRow | None, director: str | None) -> Line:
    """Who runs the night, by name, and what the briefing assigned."""
    pieces = []
    if director is not None:
        pieces.append((_("Director: %(name)s") % {"name": director} + "  ", ""))
    if briefing is not None and briefing.assignment:
        pieces += [(_("Assigned:") + " ", "muted"), (briefing.assignment, "")]
    else:
        pieces.append((_("Nothing is assigned yet."), "muted"))
    return tuple(pieces)


def person_lines(session: "Session", night: date, row: RollRow, history: History) -> list[Line]:
    """All that the director wants to know of one staffer, at a glance."""
    lines = [line(row.name, "title"), line("  ".join(filter(None, (row.staff_no, row.team))))]
    lines += [*_signs(session, row), *post_lines(session, night, row.staff_no, row.signs), ()]
    lines.append(
        line(_("Bookings tonight") if night == session.tonight() else _("Bookings"), "title")
    )
    for booking in history.bookings:
        lines += _booking(booking)
    if not history.bookings:
        lines.append(line(_("none"), "muted"))
    lines += [(), line(_("Month so far: %(sum)s") % {"sum": format_money(history.fined)}, "title")]
    lines += [_past(session, charge) for charge in history.charges]
    if not history.charges:
        lines.append(line(_("no fines"), "muted"))
    return lines


def _signs(session: "Session", row: RollRow) -> Iterator[Line]:
    state = _("not marked yet") if row.outcome is Outcome.PENDING else word(row.outcome)
    fine = f"  {format_money(row.fine)}" if row.fine else ""
    yield ((state, STYLES[row.outcome] or "warning"), (fine, "bad"))
    signs = row.signs
    for title, at in (
        (_("arrived"), signs.arrived_at),
        (_("made up"), signs.made_up_at),
        (_("departed"), signs.departed_at),
    ):
        if at is not None:
            yield line(f"{title} {clock(session, at)}")


def _booking(booking: BookingLine) -> Iterator[Line]:
    turn = f" #{booking.turn}" if booking.turn > 1 else ""
    place = f"{booking.place}{turn} {word(booking.kind)}  "
    yield ((place, "strong"), (word(booking.status), ""))
    rest = [booking.guest_name or ""]
    if booking.amount is not None:
        rest.append(format_money(booking.amount))
    if any(rest):
        yield line("  " + "  ".join(filter(None, rest)), "muted")


def _past(session: "Session", charge: PastCharge) -> Line:
    waived = charge.status is Status.WAIVED
    amount = word(charge.status) if waived else format_money(charge.amount)
    title = rule_title(session, charge.night, charge.rule)
    return (
        (f"{charge.night:%m-%d} ", "muted"),
        (f"{amount} ", "" if waived else "bad"),
        (title, ""),
    )


def recounted(counts: Summary, before: RollRow, after: RollRow) -> Summary:
    """The counts once one staffer's row has changed: as quick with thousands on the roll."""
    for counter in (counts.outcomes, counts.teams[after.team]):
        counter[before.outcome] -= 1
        counter[after.outcome] += 1
    return counts._replace(fines=counts.fines + after.fine - before.fine)


def sentence_of(session: "Session", row: RollRow) -> str:
    """What somebody's signs come to: `Ann: late 19:41 30.00`."""
    shown = roll_row(session, row).cells
    state = _("no sign") if row.unmarked else shown[2]
    return f"{row.name}: {' '.join(filter(None, (state, shown[3], shown[5])))}"
