"""What the roll says: a line a person, a block a team, and what is known of the selected one."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from rich.cells import cell_len

from models.operations.briefings import BriefingRow
from models.operations.roll import Signs
from models.operations.roll_board import BookingLine, History, PastCharge, RollRow, Summary
from models.rules.charges import Outcome, Status
from models.values.money import format_money
from models.values.nights import Instant
from venue_tui.grooming_words import look_words
from venue_tui.locale import N_, _, ngettext
from venue_tui.screens.roll.block_layout import Block, NameLine
from venue_tui.screens.shared.clock import clock, rule_title, sign_clock
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
_CHIPS = {
    Outcome.PRESENT: N_("here"),
    Outcome.LATE: N_("late"),
    Outcome.MADE_UP: N_("made up"),
    Outcome.MISSED: N_("missed"),
    Outcome.ABSENT: N_("absent"),
    Outcome.REST: N_("off"),
}
_MOST_NAMED = 12
"""So many of those who are the same in something are named."""
HERE = (Outcome.PRESENT, Outcome.MADE_UP)
NOT_SEEN = (Outcome.PENDING, Outcome.ABSENT)


def chip(outcome: Outcome) -> str:
    """What somebody is, in as few cells as a block has for it."""
    return _(_CHIPS[outcome]) if outcome in _CHIPS else ""


def person(
    session: "Session",
    night: date,
    held: BriefingRow | None,
    row: RollRow,
    *,
    passed: bool = False,
) -> NameLine:
    """A staffer's line in their team's block; `passed`: nobody answered to their name here."""
    outcome = row.outcome
    state, style = chip(outcome), STYLES[outcome]
    if outcome is Outcome.PENDING and (row.passed or passed):
        state, style = _("no answer"), "warning"
    hints = []
    if row.out:
        hints.append((_("out of the house"), _("out")))
    if row.late_leave:
        hints.append((_("leave came too late"), _("leave")))
    if row.room and outcome is not Outcome.REST:
        hints.append((_("has a room"), _("room")))
    if row.look is not None:
        hints.append((look_words(row.look),) * 2)
    return NameLine(
        row.staff_no,
        row.name,
        state,
        sign_clock(session, night, held, shown_sign(row)),
        "  ".join(long if row.unmarked else short for long, short in hints),
        " ".join(short for _long, short in hints),
        style,
        "warning" if row.out or row.late_leave or is_untidy(row) else "muted",
    )


def is_untidy(row: RollRow) -> bool:
    """Whether somebody looked at them, and found something missing."""
    return row.look is not None and not row.look.in_order


def shown_sign(row: RollRow) -> Instant | None:
    """The instant that stands beside somebody's outcome."""
    signs: Signs = row.signs
    made_up = row.outcome is Outcome.MADE_UP or signs.arrived_at is None
    return signs.made_up_at if made_up else signs.arrived_at


def block(
    team: str | None, counts: Summary, people: Iterable[NameLine], told_at: str | None
) -> Block:
    """A team: how many of it are marked, and below whether those who rest were told of the night's
    work (clause 2), and when."""
    outcomes = counts.teams[team]
    total, n = outcomes.total(), outcomes[Outcome.REST]
    marked = total - sum(outcomes[each] for each in NOT_SEEN)
    note = ""
    if n:
        off = ngettext("%(n)d off", "%(n)d off", n) % {"n": n}
        told = _("passed on %(time)s") % {"time": told_at}
        not_yet = _("not passed on")
        note = f"{off}  {told if told_at else not_yet}"
    return Block(team or "", team or _("no team"), f"{marked}/{total}", tuple(people), note)


def phase_line(
    session: "Session", night: date, briefing: BriefingRow | None, *, first_call: bool
) -> str:
    """Which of the two the roll is in, in a word, and what space means now."""
    if night != session.tonight():
        return _("Night of %(night)s") % {"night": night.isoformat()}
    if briefing is not None and briefing.closed_at is not None:
        return _("Closed %(time)s · space = by the clock") % {
            "time": clock(session, briefing.closed_at)
        }
    return _("First call · space = here") if first_call else _("Latecomers · space = late")


def counts_line(counts: Summary, to_call: int, *, first_call: bool) -> Line:
    """The roll counted, and the night's fines."""
    outcomes = counts.outcomes
    unanswered = outcomes[Outcome.PENDING] - to_call
    pieces: list[tuple[str, str]] = []
    if not counts.on_roll:
        return ((_("Nobody is on the roll"), "muted"),)
    if first_call:
        pieces.append((_("%(n)d to call") % {"n": to_call}, "strong"))
        if unanswered:
            pieces.append((_("%(n)d no answer") % {"n": unanswered}, "warning"))
    elif n := outcomes[Outcome.PENDING]:
        pieces.append((_("%(n)d not here") % {"n": n}, "warning"))
    else:
        pieces.append((_("everybody marked"), "good"))
    here = sum(outcomes[each] for each in HERE)
    pieces.append((_("%(n)d here") % {"n": here}, "good" if here else ""))
    for outcome, said in (
        (Outcome.LATE, N_("%(n)d late")),
        (Outcome.MISSED, N_("%(n)d missed")),
        (Outcome.ABSENT, N_("%(n)d absent")),
        (Outcome.REST, N_("%(n)d off")),
    ):
        if outcomes[outcome]:
            pieces.append((_(said) % {"n": outcomes[outcome]}, STYLES[outcome]))
    return tuple(pieces)


def bar_parts(counts: Summary) -> list[tuple[int, str]]:
    """How many are what, in the order in which a bar shows them."""
    outcomes = counts.outcomes
    return [
        (sum(outcomes[each] for each in HERE), "good"),
        (outcomes[Outcome.REST], "muted"),
        (outcomes[Outcome.LATE], "warning"),
        (outcomes[Outcome.MISSED] + outcomes[Outcome.ABSENT], "bad"),
    ]


def work_line(briefing: BriefingRow | None, director: str | None) -> str:
    """Who runs the night, by name, and what the briefing assigned."""
    parts = []
    if director is not None:
        parts.append(_("Director: %(name)s") % {"name": director})
    if briefing is not None and briefing.assignment:
        parts.append(briefing.assignment.replace("\n", " / "))
    else:
        parts.append(_("Nothing is assigned yet."))
    return " · ".join(parts)


def person_lines(
    session: "Session",
    night: date,
    held: BriefingRow | None,
    row: RollRow,
    history: History,
    most: int | None = None,
) -> list[Line]:
    """All that the director wants to know of one staffer, at a glance; of the month's fines `most`
    at most, the newest."""
    lines = [line(row.name, "title"), line("  ".join(filter(None, (row.staff_no, row.team))))]
    from venue_tui.screens.roll.posts import post_lines  # which brings forms along

    posted = post_lines(session, night, row.staff_no, row.signs)
    lines += [*_signs(session, night, held, row), *posted, ()]
    lines.append(
        line(_("Bookings tonight") if night == session.tonight() else _("Bookings"), "title")
    )
    for booking in history.bookings:
        lines += _booking(booking)
    if not history.bookings:
        lines.append(line(_("none"), "muted"))
    lines += [(), line(_("Month so far: %(sum)s") % {"sum": format_money(history.fined)}, "title")]
    lines += [past_line(session, charge) for charge in history.charges[:most]]
    if most is not None and (n := len(history.charges) - most) > 0:
        more = ngettext("and %(n)d more: enter", "and %(n)d more: enter", n)
        lines.append(line(more % {"n": n}, "muted"))
    if not history.charges:
        lines.append(line(_("no fines"), "muted"))
    return lines


def of_note(rows: Iterable[RollRow], run: Collection[str], width: int) -> Iterator[Line]:
    """Whom a director looks for by name: who is out, didn't answer (also those of `run`, who were
    passed by here), was missing, rests, and who holds a room, which may excuse them. As many names
    stand on a line as fit into so many cells.

    Who is here or late is seen on the board: told here as well, they would repaint all that stands
    below with each mark."""
    rows = list(rows)
    silent = [row for row in rows if row.unmarked and (row.passed or row.staff_no in run)]
    groups = [
        (_("out of the house"), "warning", [row for row in rows if row.out]),
        (_("no answer"), "warning", silent),
        *(
            (chip(each), "bad", [row for row in rows if row.outcome is each])
            for each in (Outcome.MISSED, Outcome.ABSENT)
        ),
        (_("leave came too late"), "warning", [row for row in rows if row.late_leave]),
        (_("untidy"), "warning", [row for row in rows if is_untidy(row)]),
        (chip(Outcome.REST), "strong", [row for row in rows if row.resting]),
        (_("has a room"), "strong", [row for row in rows if row.room and not row.resting]),
    ]
    shown = [(title, style, found) for title, style, found in groups if found]
    for n, (title, style, found) in enumerate(shown):
        if n:
            yield ()
        yield line(f"{title} · {len(found)}", style)
        yield from map(line, _lines_of((row.name for row in found[:_MOST_NAMED]), width))
        if (more := len(found) - _MOST_NAMED) > 0:
            said = ngettext("and %(n)d more", "and %(n)d more", more)
            yield line(said % {"n": more}, "muted")
    if not shown:
        yield line(_("Nothing of note."), "muted")


def _lines_of(names: Iterable[str], width: int) -> Iterator[str]:
    so_far = ""
    for name in names:
        longer = f"{so_far}  {name}" if so_far else name
        if so_far and cell_len(longer) > width:
            yield so_far
            longer = name
        so_far = longer
    yield so_far


def _signs(
    session: "Session", night: date, held: BriefingRow | None, row: RollRow
) -> Iterator[Line]:
    state = _("not called yet") if row.outcome is Outcome.PENDING else word(row.outcome)
    if row.passed and row.unmarked:
        state = _("called, no answer")
    fine = f"  {format_money(row.fine)}" if row.fine else ""
    yield ((state, STYLES[row.outcome] or "warning"), (fine, "bad"))
    signs = row.signs
    for title, at in (
        (_("arrived"), signs.arrived_at),
        (_("made up"), signs.made_up_at),
        (_("departed"), signs.departed_at),
    ):
        if at is not None:
            yield line(f"{title} {sign_clock(session, night, held, at)}")
    if row.look is not None:
        yield line(look_words(row.look), "warning" if is_untidy(row) else "")
    if row.out:
        yield line(_("is out of the house"), "warning")
    if row.late_leave:
        yield line(_("leave came too late for tonight"), "warning")
    if row.room and row.outcome in (Outcome.LATE, Outcome.MISSED):
        yield line(_("m: the room would excuse them"), "good")


def _booking(booking: BookingLine) -> Iterator[Line]:
    turn = f" #{booking.turn}" if booking.turn > 1 else ""
    place = f"{booking.place}{turn} {word(booking.kind)}  "
    yield ((place, "strong"), (word(booking.status), ""))
    rest = [booking.guest_name or ""]
    if booking.amount is not None:
        rest.append(format_money(booking.amount))
    if any(rest):
        yield line("  " + "  ".join(filter(None, rest)), "muted")


def past_line(session: "Session", charge: PastCharge) -> Line:
    """A charge of the month: the night, what it takes or that it was waived, and what for."""
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
    return counts._replace(
        fines=counts.fines + after.fine - before.fine,
        uncalled=counts.uncalled + after.uncalled - before.uncalled,
    )


def sentence_of(session: "Session", night: date, held: BriefingRow | None, row: RollRow) -> str:
    """What somebody's signs come to: `Ann: late 19:41 30.00`."""
    state = _("no sign") if row.unmarked else chip(row.outcome)
    time = sign_clock(session, night, held, shown_sign(row))
    fine = format_money(row.fine) if row.fine else ""
    signs = " ".join(filter(None, (state, time, fine)))
    return _("%(name)s: %(signs)s") % {"name": row.name, "signs": signs}
