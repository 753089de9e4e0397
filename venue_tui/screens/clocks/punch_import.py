"""Taking in a clock's files from the screen: what would come of it, and then for good."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from models.operations import punches
from models.operations.punch_arrivals import Taken
from models.values.problems import Refused, refused
from venue_tui.locale import _, ngettext
from venue_tui.problem_words import in_words
from venue_tui.screens.clocks.punch_words import came_of
from venue_tui.screens.shared.form_values import date_options
from venue_tui.widgets.dialogs import Confirm, Progress, ProgressDialog
from venue_tui.widgets.form import Field, FormScreen

if TYPE_CHECKING:
    from venue_tui.exchange.punches.files import PunchFiles
    from venue_tui.exchange.punches.time_parsing import Order
    from venue_tui.screens.shared.base import VenueScreen


class _Wanted(NamedTuple):
    path: Path
    clock: str | None
    dates: "Order | None"
    number: str


class _Tried(NamedTuple):
    files: "PunchFiles"
    taken: Taken


class PunchesForm(FormScreen[_Wanted]):
    """Asks for a file of punches, and which clock it is of."""

    def title_line(self) -> str:
        return _("Take in punches")

    def fields(self) -> Sequence[Field]:
        return [
            Field("file", _("File"), "", _("1_attlog.dat, a workbook, or a folder of them")),
            Field("clock", _("Clock"), "", _("its name; blank: as the file says")),
            Field("dates", _("Dates"), options=date_options()),
            Field("number", _("Number"), "", _("whose a sheet is that names nobody")),
        ]

    def verdict(self, values: dict[str, str]) -> str:
        folder = values["file"] or _("FOLDER")
        return "\n".join(
            (
                _("Nothing is recorded before you have seen what would come of it."),
                _("A folder is watched by a command, beside this: %s")
                % f"venue-tui import punches {folder} --watch 30",
            )
        )

    def save(self, values: dict[str, str]) -> _Wanted:
        if not values["file"]:
            raise refused("file", "may not be blank")
        path = Path(values["file"]).expanduser()
        if not path.exists():
            raise refused("file", "there is no such file or folder")
        dates = cast("Order | None", values["dates"] or None)
        return _Wanted(path, values["clock"] or None, dates, values["number"])


async def take_in(screen: "VenueScreen") -> None:
    """Asks for files, shows what would come of them, and takes them in if that is wanted. A
    flow."""
    session, ask = screen.session, screen.program.push_screen_wait

    def failed(error: Exception) -> None:
        if not isinstance(error, Refused):
            raise error
        screen.complain("\n".join(map(in_words, error.problems)))

    wanted: _Wanted | None = await ask(PunchesForm())
    if wanted is None:
        return

    def try_it(progress: Progress) -> _Tried:
        from venue_tui.exchange.punches.files import read_files

        progress.report(0, 2)
        now = session.calendar.local(session.now()).replace(tzinfo=None)
        files = read_files([wanted.path], now, wanted.clock, wanted.dates, wanted.number)
        progress.report(1, 2)
        with session.reading():
            return _Tried(files, punches.take(session, files.punches, dry_run=True))

    title = _("Reading %s") % wanted.path.name
    found: _Tried | None = await ask(ProgressDialog(title, try_it, failed=failed))
    if found is None:
        return
    wrong = [f"{path.name}: {in_words(each)}" for path, each in found.files.problems]
    if wrong or not found.files.read:
        lines = wrong or [_("There is no file to take in.")]
        await ask(Confirm(_("Nothing was taken in"), lines, yes=_("Close"), no=""))
        return
    lines = [*_read_lines(found.files), *came_of(session, found.taken)]
    if not found.taken.changed:
        screen.say(_("Nothing changed: all of it was recorded already."))
        return
    if not await ask(Confirm(_("Record this?"), lines)):
        return

    def record(progress: Progress) -> Taken:
        progress.report(0, 1)
        with session.reading():
            return punches.take(session, found.files.punches, source=found.files.sha256)

    taken: Taken | None = await ask(ProgressDialog(_("Recording"), record, failed=failed))
    if taken is not None:
        said = ngettext("%d punch taken in", "%d punches taken in", taken.new) % taken.new
        screen.did(said, lambda: punches.take_back(session))
        screen.refresh_data()


def _read_lines(files: "PunchFiles") -> list[str]:
    """What each file held, and its damage counted, with the first of it."""
    lines = []
    for path, read in files.read:
        punched = ngettext("%d punch", "%d punches", len(read.punches)) % len(read.punches)
        lines.append(f"{path.name}: {_(read.kind.value)}, {punched}")
        if read.repeated:
            repeated = ngettext("%d row repeated", "%d rows repeated", read.repeated)
            lines.append("  " + repeated % read.repeated)
        if read.damage:
            damaged = ngettext("%d line damaged", "%d lines damaged", len(read.damage))
            lines.append("  " + damaged % len(read.damage))
            lines += [f"    {each.line}: {in_words(each.problem)}" for each in read.damage[:3]]
    return lines
