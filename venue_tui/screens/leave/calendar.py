"""Who is off on which night, team by team: the part of the leave screen that keeps a team from
being emptied."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby

from rich.cells import cell_len

from models.access.session import Session
from models.operations import leave
from models.operations.directory import DirectoryEntry, team_sizes
from models.operations.leave import LeaveRow, Off
from models.operations.staff import details
from models.values.natural_order import Key, natural
from venue_tui.locale import _
from venue_tui.screens.shared.sentences import weekday
from venue_tui.widgets.columns import Column
from venue_tui.widgets.line_list import Row
from venue_tui.words import listed

NIGHTS = 15
"""How many nights are shown."""
_COUNT = 5
"""The cells of how many are off of how many, which is never cut."""


def off_mark(off: Off) -> str:
    """A name as the calendar writes it."""
    if off.status == "requested":
        return f"{off.name}?"
    return f"{off.name}!" if off.late else off.name


def columns(teams: Sequence[str | None]) -> list[Column]:
    """A column for the night and one for each team, the first of them the widest."""
    shares = [2, *[1] * len(teams)]
    return [
        Column(_("Night"), 11),
        *(
            Column(name, max(_COUNT, min(9, cell_len(name))), share)
            for name, share in zip((team or _("No team") for team in teams), shares, strict=False)
        ),
    ]


def teams_of(entries: Iterable[DirectoryEntry], chosen: LeaveRow | None) -> list[str | None]:
    """The teams that are called at the briefing: first that of the chosen leave, last those
    without one."""

    def order(team: str | None) -> tuple[bool, bool, Key]:
        return (chosen is None or team != chosen.team, team is None, natural(team or ""))

    return sorted(team_sizes(entries), key=order)


def rows(
    session: Session,
    entries: Sequence[DirectoryEntry],
    teams: Sequence[str | None],
    first: date,
    chosen: LeaveRow | None,
) -> list[Row]:
    """A row a night from `first` on: in each team how many are off of how many, and who."""
    sizes = team_sizes(entries)
    on_roll = {each.staff_no for each in entries if each.on_roll}
    last = first + timedelta(days=NIGHTS - 1)
    held: dict[tuple[date, str | None], list[Off]] = {}
    for off in leave.calendar(session, first, last):
        if off.staff_no in on_roll:
            held.setdefault((off.night, off.team), []).append(off)
    found = []
    for n in range(NIGHTS):
        night = first + timedelta(days=n)
        cells = [_cell(held.get((night, team), ()), sizes[team]) for team in teams]
        emptied = any(gone for _text, gone in cells)
        asked = chosen is not None and chosen.first_night <= night <= chosen.last_night
        style = "bad" if emptied else "strong" if asked else ""
        mark = "*" if asked else " "
        found.append(
            Row(
                night.isoformat(),
                (f"{mark}{night:%m-%d} {weekday(night)}", *(text for text, _gone in cells)),
                style,
            )
        )
    return found


def _cell(offs: Sequence[Off], size: int) -> tuple[str, bool]:
    """What a team's cell says, and whether nobody of the team is left."""
    if not offs:
        return "", False
    marks: dict[str, str] = {}
    for off in sorted(offs, key=lambda off: off.status == "requested"):
        marks.setdefault(off.staff_no, off_mark(off))
    count = len({off.staff_no for off in offs if off.status == "approved"})
    emptied = 0 < size <= count
    names = " ".join(marks.values())
    said = f"{count}/{size} {names}"
    return (_("ALL %s") % said if emptied else said), emptied


def colleagues_off(
    session: Session, staff_no: str, first: date, last: date, most: int = 3
) -> list[str]:
    """A line for each of the first `most` nights on which others of the staffer's team are off."""
    team = details(staff_no).team
    offs = [
        off
        for off in leave.calendar(session, first, last)
        if off.team == team and off.staff_no != staff_no
    ]
    lines = []
    for night, each in groupby(offs, key=lambda off: off.night):
        names = listed(dict.fromkeys(map(off_mark, each)))
        lines.append(_("Off on %(night)s: %(names)s") % {"night": night, "names": names})
    return lines[:most]
