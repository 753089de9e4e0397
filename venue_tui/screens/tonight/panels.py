"""What Tonight's panels say of the teams, the rooms, and who is out."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.cells import cell_len

from models.operations.booking_board import Spot
from models.operations.roll_board import Summary
from models.operations.slip_board import OutingRow
from models.rules.charges import Outcome
from models.values.money import format_money
from models.values.natural_order import natural
from venue_tui.locale import _
from venue_tui.screens.roll.lines import HERE, NOT_SEEN
from venue_tui.screens.shared.clock import clock
from venue_tui.widgets.bar import bar
from venue_tui.widgets.line_list import Row
from venue_tui.widgets.lines import Line, line
from venue_tui.widgets.text import fit
from venue_tui.words import word

if TYPE_CHECKING:
    from models.access.session import Session

_ARRIVED, _BOOKED = "●", "○"


def team_lines(counts: Summary, width: int, *, late: bool) -> list[Line]:
    """A bar for each team, in so many cells. Once it is `late`, who isn't there is missing."""
    names = [cell_len(team or _("no team")) for team in counts.teams]
    room = min(max(names, default=0), max(6, width // 3))
    return [
        _team_line(team, outcomes, room, width, late) for team, outcomes in counts.teams.items()
    ]


def _team_line(
    team: str | None, outcomes: Counter[Outcome], room: int, width: int, late: bool
) -> Line:
    total = outcomes.total()
    missing = sum(outcomes[each] for each in NOT_SEEN)
    figures = f" {total - missing}/{total}"
    red = late and missing > 0
    parts = [
        (sum(outcomes[each] for each in HERE), "good"),
        (outcomes[Outcome.REST], "muted"),
        (outcomes[Outcome.LATE], "warning"),
        (outcomes[Outcome.MISSED] + (missing if late else 0), "bad"),
    ]
    length = max(4, width - room - 1 - max(6, cell_len(figures)))
    pieces = [(text, style or "track") for text, style in bar(parts, total or 1, length)]
    return (
        (fit(team or _("no team"), room) + " ", ""),
        *pieces,
        (figures, "bad" if red else ""),
    )


def place_lines(spots: Iterable[Spot], width: int, tables: str = "") -> list[Line]:
    """The places as a strip, broken into lines: whose guests have come, and which are booked. The
    tables stand apart, below what `tables` says of them."""
    spots = list(spots)
    rooms = [spot for spot in spots if spot.kind == "room"]
    if tables and rooms:
        others = [spot for spot in spots if spot.kind != "room"]
        return [*_strip(rooms, width), line(tables, "title"), *_strip(others, width)]
    return _strip(spots, width) or [line(_("None yet: Bookings adds them."), "muted")]


def _strip(spots: Iterable[Spot], width: int) -> list[Line]:
    lines: list[Line] = []
    pieces: list[tuple[str, str]] = []
    used = 0
    for spot in sorted(spots, key=lambda spot: natural(spot.place)):
        held = next((each for each in spot.bookings if each.live), None)
        mark, style = " ", "muted"
        if held is not None:
            arrived = held.status == "arrived"
            mark, style = (_ARRIVED, "good") if arrived else (_BOOKED, "warning")
        text = f"{spot.place}{mark} "
        if used and used + cell_len(text.rstrip()) > width:
            lines.append(tuple(pieces))
            pieces, used = [], 0
        pieces.append((text, style))
        used += cell_len(text)
    if pieces:
        lines.append(tuple(pieces))
    # Nothing is cut for the blank after the last one of a line.
    return [(*each[:-1], (each[-1][0].rstrip(), each[-1][1])) for each in lines]


def held_lines(spots: Iterable[Spot]) -> list[Line]:
    """Below the strip: for whom each place is held, and by whom."""
    held = [
        (spot, each)
        for spot in sorted(spots, key=lambda spot: (spot.kind != "room", natural(spot.place)))
        for each in spot.bookings
        if each.live
    ]
    room = max((cell_len(spot.place) for spot, _booking in held), default=0)
    lines: list[Line] = [()] if held else []
    for spot, booking in held:
        style = "good" if booking.status == "arrived" else "warning"
        who = "  ".join(filter(None, (booking.guest_name, booking.name)))
        lines.append(((fit(spot.place, room) + "  ", style), (who, "")))
    return lines


def places_titles(spots: Iterable[Spot]) -> tuple[str, str]:
    """How many of the rooms are held, and of the tables. The second is blank where there is but one
    kind."""
    spots = list(spots)
    parts = []
    for kind, title in (("room", _("Rooms")), ("table", _("Tables"))):
        of_kind = [spot for spot in spots if spot.kind == kind]
        held = sum(any(each.live for each in spot.bookings) for spot in of_kind)
        if of_kind:
            parts.append(f"{title} {held}/{len(of_kind)}")
    first, second, *_rest = *parts, "", ""
    return first or _("Rooms"), second


def out_rows(
    session: "Session",
    approved: Iterable[OutingRow],
    out: Iterable[OutingRow],
    limits: tuple[int, int],
    room: int,
) -> Iterator[Row]:
    """Who may go, and who is out and for how many minutes: amber from the first of `limits` on, red
    from the second. `room`: the cells there are for more, in which no time is ever cut."""
    now = session.now()
    for row in approved:
        yield Row(row.slip_no, (row.name, _("may go"), row.reason or ""), "good")
    for row in out:
        minutes = row.minutes(now) or 0
        style = "bad" if minutes >= limits[1] else "warning" if minutes >= limits[0] else ""
        since = clock(session, row.out_at)
        more = f"{word('none')} {format_money(row.fine)}" if row.fine else row.reason or ""
        note = f"{since} {more}" if room >= cell_len(since) + 3 else ""
        length = _("%(minutes)d min") % {"minutes": minutes}
        yield Row(row.slip_no, (row.name, length, note), style)


def out_lines(session: "Session", row: OutingRow) -> list[Line]:
    """All there is to say of one who may go or is out."""
    if row.out_at is None:
        return [line(_("%s may go out.") % row.name), line(row.reason or "", "muted")]
    words = {"name": row.name, "time": clock(session, row.out_at)}
    lines = [line(_("%(name)s is out since %(time)s.") % words), line(row.reason or "", "muted")]
    if row.fine:
        lines.append(line(f"{word('none')} {format_money(row.fine)}", "bad"))
    return lines
