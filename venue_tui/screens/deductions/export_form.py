"""Writing a month to a file: what, how, and where to."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from textual.widgets import Input

from models.values.nights import Month
from models.values.problems import Refused, refused
from venue_tui.locale import _, current_language, ngettext
from venue_tui.problem_words import in_words
from venue_tui.widgets.dialogs import Confirm, Progress, ProgressDialog
from venue_tui.widgets.form import Field, FormScreen

if TYPE_CHECKING:
    from venue_tui.screens.shared.base import VenueScreen


_PROFILE = "payroll-"
_PROFILES = ("frappe", "oca", "single_item", "statement")
"""Those that come with the program; a venue's own is for the command, which names its file."""


class Export(NamedTuple):
    """A file to be written."""

    dataset: str
    month: Month
    format: str
    plain: bool
    headers: str
    by_team: bool
    path: Path

    @property
    def profile(self) -> str | None:
        """The payroll profile in whose columns it is written, if in one's."""
        return self.dataset.removeprefix(_PROFILE) if self.dataset.startswith(_PROFILE) else None


class ExportForm(FormScreen[Export]):
    """Asks what is to be written where; gives that, and writes nothing itself.

    Where the program is `served` to a browser it isn't asked where: the file is sent there.
    """

    def __init__(self, month: Month, served: bool) -> None:
        super().__init__()
        self._month = month
        self._served = served
        self._suggested = str(self._suggestion("deductions", "csv"))

    def title_line(self) -> str:
        return _("Export %s") % self._month

    def fields(self) -> Sequence[Field]:
        headers = "en" if current_language() == "en" else "zh"
        payroll = _("payroll")
        return [
            Field("dataset", _("What"), "deductions", options=[
                ("deductions", _("deductions")), ("charges", _("charges")), ("roll", _("roll")),
                ("night_log", _("night's log")),
                *((f"{_PROFILE}{each}", f"{payroll} {each}") for each in _PROFILES)]),
            Field("format", _("Format"), "csv", options=[
                ("csv", "CSV"), ("xlsx", "XLSX"), ("json", "JSON")]),
            Field("headers", _("Headers"), headers, options=[
                ("en", _("English")), ("zh", _("Chinese"))]),
            Field("plain", _("CSV for"), "no", options=[
                ("no", _("Excel")), ("yes", _("other programs"))]),
            Field("teams", _("Sheets"), "no", options=[
                ("no", _("one")), ("yes", _("one a team"))]),
            *([] if self._served else [
                Field("file", _("File"), self._suggested, hint=_("where to write it"))]),
        ]  # fmt: skip

    def on_options_changed(self) -> None:
        """The suggested name follows what is chosen, until another one is written."""
        values = self.values()
        suggested = str(self._suggestion(values["dataset"], values["format"]))
        if values.get("file") == self._suggested:
            file = self.control("file")
            assert isinstance(file, Input)
            file.value = suggested
        self._suggested = suggested

    def _suggestion(self, dataset: str, format: str) -> Path:
        name = Path(f"{dataset}-{self._month}.{format}")
        return name if self._served else Path.cwd() / name

    def verdict(self, values: dict[str, str]) -> str:
        if values["teams"] == "yes" and not _has_team_sheets(values["dataset"], values["format"]):
            return _("A sheet a team is for workbooks of what has teams.")
        path = Path(values.get("file") or ".").expanduser()
        return _("There is a file of that name: it will be replaced.") if path.is_file() else ""

    def save(self, values: dict[str, str]) -> Export:
        suggested = self._suggestion(values["dataset"], values["format"])
        file = str(suggested) if self._served else values["file"]
        if not file:
            raise refused("file", "may not be blank")
        if values["teams"] == "yes" and not _has_team_sheets(values["dataset"], values["format"]):
            raise refused("teams", "a sheet a team is for workbooks of what has teams")
        return Export(
            values["dataset"],
            self._month,
            values["format"],
            values["plain"] == "yes",
            values["headers"],
            values["teams"] == "yes",
            Path(file).expanduser(),
        )


def _has_team_sheets(dataset: str, format: str) -> bool:
    return format == "xlsx" and dataset in ("deductions", "roll", "night_log")


def export_month(screen: "VenueScreen", month: Month) -> None:
    """Asks what to write and writes it, with a bar and a way to cancel."""

    def asked(wanted: Export | None) -> None:
        if wanted is None:
            return
        if served or not wanted.path.is_file():
            write(wanted)
            return
        lines = [_("%s is there already.") % wanted.path]
        dialog = Confirm(_("Replace the file?"), lines, yes=_("Replace"), no=_("Keep it"))
        screen.app.push_screen(dialog, lambda sure: write(wanted) if sure else None)

    def write(wanted: Export) -> None:
        content = BytesIO()

        def work(progress: Progress) -> int:
            from venue_tui.exchange.exports import export, export_profile
            from venue_tui.exchange.payroll_profiles import load

            with screen.session.reading():
                if wanted.profile is not None:
                    progress.report(0, 1)
                    done = export_profile(
                        screen.session,
                        load(wanted.profile),
                        wanted.month,
                        content if served else wanted.path,
                        format=wanted.format,
                    )
                    return len(done.rows)
                return export(
                    screen.session,
                    wanted.dataset,
                    wanted.month,
                    content if served else wanted.path,
                    format=wanted.format,
                    plain=wanted.plain,
                    headers=wanted.headers,
                    by_team=wanted.by_team,
                    progress=progress.report,
                )

        def written(rows: int | None) -> None:
            from venue_tui.exchange.exports import doubts, trail_head

            if rows is None:
                screen.say(_("Nothing was written."))
                return
            if served:
                content.seek(0)
                screen.app.deliver_binary(content, save_filename=wanted.path.name)
            said = ngettext("%(n)s row written to %(file)s", "%(n)s rows written to %(file)s", rows)
            screen.say(said % {"n": rows, "file": wanted.path})
            screen.say(_("Head of the audit trail %s") % trail_head(wanted.month))
            if found := doubts(wanted.month):
                screen.complain("\n".join(map(in_words, found)))

        screen.app.push_screen(
            ProgressDialog(_("Writing %s") % wanted.path.name, work, failed=failed), written
        )

    def failed(error: Exception) -> None:
        if not isinstance(error, Refused):
            raise error
        screen.complain("\n".join(map(in_words, error.problems)))

    # In a browser the file is for the person there, not for the computer that serves it.
    served = screen.app.is_web
    screen.app.push_screen(ExportForm(month, served), asked)
