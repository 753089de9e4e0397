"""`import punches`: what the punch clocks at the door tell, taken in."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from venue_tui.commands.foretelling import foretelling, somebody_answers, to_be_done
from venue_tui.commands.invocation import Invocation, complain, give_up, tell, translated
from venue_tui.commands.listing import help_of
from venue_tui.locale import N_, _, ngettext

if TYPE_CHECKING:
    from models.access.session import Session
    from models.operations.first_punches import Discrepancy
    from models.operations.punch_arrivals import Taken
    from venue_tui.exchange.punches.files import PunchFiles, WatchedFolder

_LISTED = 30
"""How many damaged lines of a file are listed where not all of them are asked for."""
BY = {
    "number": N_("same number"),
    "name": N_("same name"),
    "both": N_("same number and name"),
}


@click.command(
    "punches",
    help=help_of("import punches"),
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--clock", metavar="NAME", help=_("Which clock it is; two may use the same numbers."))
@click.option(
    "--dates", type=click.Choice(["dmy", "mdy"]), help=_("How dates such as 9/1/2026 are written.")
)
@click.option("--number", default="", metavar="NO", help=_("Whose a sheet is that names nobody."))
@click.option(
    "--accept", is_flag=True, help=_("Match numbers that seem to be somebody's; else only list.")
)
@click.option("--all-damage", is_flag=True, help=_("List every line that can't be read."))
@foretelling
@click.option("--undo", is_flag=True, help=_("Take the last import of punches back."))
@click.option(
    "--watch",
    type=click.IntRange(min=1),
    metavar="SECONDS",
    help=_("Go on watching the folders, and take in what is put there."),
)
@click.pass_obj
def punches_command(
    invocation: Invocation,
    paths: tuple[Path, ...],
    clock: str | None,
    dry_run: bool,
    dates: str | None,
    number: str,
    accept: bool,
    all_damage: bool,
    yes: bool,
    undo: bool,
    watch: int | None,
) -> None:
    from models.operations import punches

    if undo:
        if paths:
            raise click.UsageError(_("--undo takes no files"))
        gone = punches.take_back(invocation.session())
        said = ngettext("%d punch was taken back.", "%d punches were taken back.", gone)
        tell(said % gone)
        return
    if not paths:
        raise click.UsageError(_("name files or folders of punches"))
    if watch is not None and (dry_run or not all(path.is_dir() for path in paths)):
        raise click.UsageError(_("--watch takes folders, and no --dry-run"))
    session = invocation.session()
    if watch is not None:
        _watch(session, paths, watch, clock, dates, number, accept)
        return
    found = _read(session, paths, clock, dates, number)
    take_in(session, found, dry_run=dry_run, accept=accept, yes=yes, all_damage=all_damage)


def take_in(
    session: "Session",
    found: "PunchFiles",
    *,
    dry_run: bool,
    accept: bool,
    yes: bool,
    all_damage: bool = False,
) -> None:
    """Says what was read and what would come of it, asks where somebody is there to be asked, and
    takes it in."""
    from models.operations import punches
    from models.values.text import displayable

    say_read(found, all_damage)
    if found.problems:
        complaints = [f"{path}: {translated(each)}" for path, each in found.problems]
        give_up([*map(displayable, complaints), _("Nothing was imported.")])
    if not found.read:
        give_up([_("There is no file to take in."), _("Nothing was imported.")])
    ask = not dry_run and not yes and somebody_answers()
    if dry_run or ask:
        foretold = punches.take(session, found.punches, accept=accept, dry_run=True)
        say_taken(session, foretold)
        if not to_be_done((), dry_run=dry_run, yes=yes, weighs=foretold.changed):
            return
    taken = punches.take(session, found.punches, accept=accept, source=found.sha256)
    if not ask:
        say_taken(session, taken)
    elif taken.changed:
        tell(_("Recorded."))


def _read(
    session: "Session", paths: Iterable[Path], clock: str | None, dates: str | None, number: str
) -> "PunchFiles":
    from venue_tui.commands.progress import stages
    from venue_tui.exchange.punches.files import read_files

    now = session.calendar.local(session.now()).replace(tzinfo=None)
    with stages() as stage:
        stage(_("Reading punches"))
        return read_files(paths, now, clock, dates, number)  # type: ignore[arg-type]


def say_read(found: "PunchFiles", all_damage: bool = False) -> None:
    """Says what was read, and which lines are damaged."""
    for path, read in found.read:
        told = [
            _(read.kind.value),
            ngettext("%d punch", "%d punches", len(read.punches)) % len(read.punches),
        ]
        damaged, nuls, strangers = len(read.damage), read.nul_bytes, read.unrecognised
        if read.repeated:
            told.append(
                ngettext("%d row repeated", "%d rows repeated", read.repeated) % read.repeated
            )
        if strangers:
            told.append(
                ngettext("%d finger not recognised", "%d fingers not recognised", strangers)
                % strangers
            )
        if damaged:
            told.append(ngettext("%d line damaged", "%d lines damaged", damaged) % damaged)
        if nuls:
            told.append(ngettext("%d NUL byte", "%d NUL bytes", nuls) % nuls)
        tell(f"{path}: {', '.join(told)}")
        for sheet in read.passed_over:
            tell(f"{path}: " + _("the sheet %s holds no punches") % sheet)
        listed = read.damage if all_damage else read.damage[:_LISTED]
        for each in listed:
            where = f"{each.sheet}:{each.line}" if each.sheet else str(each.line)
            text = f" | {each.text}" if each.text else ""
            tell(f"{path}:{where}: {translated(each.problem)}{text}")
        if len(listed) < len(read.damage):
            tell(_("… and %d more: --all-damage lists them") % (len(read.damage) - len(listed)))


def say_taken(session: "Session", taken: "Taken") -> None:
    """Says what came of punches: each arrival, with what it costs, by name."""
    from models.operations import clocks, directory
    from models.values.money import format_money
    from venue_tui.words import word

    names = directory.names_by_number()
    tell(
        _("Punches: %(new)d new, %(known)d taken in before")
        % {"new": taken.new, "known": taken.known}
    )
    for guess in taken.matched:
        tell(
            _("%(clock)s: number %(number)s is %(staff_no)s %(name)s (%(by)s)")
            % {
                "clock": guess.clock,
                "number": guess.number,
                "staff_no": guess.staff_no,
                "name": names.get(guess.staff_no, ""),
                "by": _(BY[guess.by]),
            }
        )
    for each in taken.arrivals:
        fines = (
            f"  {format_money(each.fine_before)} → {format_money(each.fine)}"
            if each.fine != each.fine_before
            else ""
        )
        at = _("taken back") if each.at is None else session.calendar.format(each.at)
        outcome = f"{word(each.was.value)} → {word(each.outcome.value if each.outcome else '')}"
        tell(f"{each.night} {each.staff_no} {names.get(each.staff_no, '')}  {at}  {outcome}{fines}")
    for different in taken.differing:
        tell(said_different(session, different, names))
    for refused in taken.not_taken:
        tell(f"{refused.night} {refused.staff_no}: {translated(refused.problem)}")
    if taken.no_briefing:
        tell(
            ngettext(
                "%d night with punches has no briefing, so that nobody is marked in it.",
                "%d nights with punches have no briefing, so that nobody is marked in them.",
                len(taken.no_briefing),
            )
            % len(taken.no_briefing)
        )
    if taken.closed:
        tell(_("Closed, so left alone: %s") % ", ".join(sorted(taken.closed)))
    if taken.unmatched:
        known = {(each.clock, each.number): each for each in clocks.numbers()}
        tell(_("Not matched to anybody yet (see «venue-tui clocks list»):"))
        for (clock, number), count in sorted(taken.unmatched.items()):
            named = known.get((clock, number))
            shown = f"{named.shown} {named.name or ''}".strip() if named else number
            tell(f"  {clock}  {shown}  × {count}")
    if not taken.changed:
        tell(_("Nothing changed: all of it was recorded already."))


def said_different(session: "Session", different: "Discrepancy", names: dict[str, str]) -> str:
    """What a mark and a punch say that differ, in the current language."""
    at = session.calendar.format
    return _(
        "%(night)s %(who)s: the clock says %(punched)s, the mark %(marked)s; the mark stands"
    ) % {
        "night": different.night,
        "who": f"{different.staff_no} {names.get(different.staff_no, '')}".strip(),
        "punched": at(different.punched_at),
        "marked": _("no sign") if different.marked_at is None else at(different.marked_at),
    }


def _watch(
    session: "Session",
    paths: Iterable[Path],
    seconds: int,
    clock: str | None,
    dates: str | None,
    number: str,
    accept: bool,
) -> None:
    """Takes in what is put into folders until somebody stops it. Nothing in a file ends it."""
    from venue_tui.exchange.punches.files import WatchedFolder

    folders = [WatchedFolder(path) for path in paths]
    tell(_("Watching %s; ctrl+c ends it.") % ", ".join(str(path) for path in paths))
    try:
        while True:
            for folder in folders:
                look(session, folder, clock, dates, number, accept)
            time.sleep(seconds)
    except KeyboardInterrupt:
        tell(_("No longer watching."))


def look(
    session: "Session",
    folder: "WatchedFolder",
    clock: str | None = None,
    dates: str | None = None,
    number: str = "",
    accept: bool = False,
) -> None:
    """One look into a watched folder: takes in what is ready there, and marks whoever of tonight's
    roll punched before the briefing was opened. Whatever goes wrong is said, and tried again."""
    from models.operations import punches
    from models.values.problems import Refused

    try:
        for path in folder.ready():
            found = _read(session, [path], clock, dates, number)
            say_read(found)
            for _path, problem in found.problems:
                tell(f"{path}: {translated(problem)}")
            if found.read:
                taken = punches.take(session, found.punches, accept=accept, source=found.sha256)
                if taken.changed:
                    say_taken(session, taken)
            folder.done(path)
        tonight = session.tonight()
        late = punches.work_out(session, tonight, tonight)
        if late.arrivals:
            say_taken(session, late)
    except Refused as refusal:
        for each in refusal.problems:
            complain(each)
    except OSError as error:
        complain(f"{folder.folder}: {error.strerror}")
