"""Taking in files from a screen: which, what would come of it, and then for good."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from textual.screen import Screen

from models.imports.importer import Report
from models.values.datasets import DATASETS, plain
from models.values.problems import Code, Problem, Refused, refused
from models.values.text import displayable
from venue_tui.exchange.mappings import foreign_headers, guess, remember, remembered
from venue_tui.locale import _, ngettext
from venue_tui.problem_words import in_words
from venue_tui.screens.shared.form_values import date_options
from venue_tui.widgets.dialogs import Confirm, Progress, ProgressDialog
from venue_tui.widgets.form import Field, FormScreen
from venue_tui.widgets.reason_prompt import ReasonPrompt
from venue_tui.words import file_word

if TYPE_CHECKING:
    from models.access.session import Session
    from venue_tui.exchange.dates import Order
    from venue_tui.exchange.imports import How, Reading
    from venue_tui.exchange.read_table import ReadTable


_MOST_SHOWN = 50
"""So many changes of each kind are shown before they are recorded."""

_LONGEST_LABEL = 16
_MOST = 8
"""So many of the things that a reason is asked for are listed."""


class Tried(NamedTuple):
    """Files that were read, and what recording them would do."""

    reading: "Reading"
    report: Report

    @property
    def lacks_reason(self) -> bool:
        """Whether all that is wrong is that a closed month's correction needs a reason."""
        problems = [*self.report.problems, *self._of_cells()]
        return bool(problems) and all(each.code is Code.REASON_NEEDED for each in problems)

    def _of_cells(self) -> list[Problem]:
        return [each.problem for table in self.reading.tables for each in table.problems]


class Chosen(NamedTuple):
    """What is to be taken in, and what was said of it."""

    path: Path
    how: "How"
    new_numbers: bool


class FilesForm(FormScreen[Chosen]):
    """Asks for a file or a folder of files, and for what can't be seen from them."""

    def __init__(self, start: str) -> None:
        super().__init__()
        self._start = start

    def title_line(self) -> str:
        return _("Take in files")

    def fields(self) -> Sequence[Field]:
        hint = _("staff.csv, or a folder of such files")
        by_name = ("", _("what its name or its sheets say"))
        held = [by_name, *((name, file_word(name)) for name in DATASETS)]
        return [
            Field("file", _("File"), self._start, hint=hint),
            Field("dataset", _("It holds"), options=held),
            Field("dates", _("Dates"), options=date_options()),
            Field(
                "new_numbers",
                _("New numbers"),
                options=[("", _("not where they look like others")), ("yes", _("as they are"))],
            ),
        ]

    def verdict(self, values: dict[str, str]) -> str:
        return _("Nothing is recorded before you have seen what would come of it.")

    def save(self, values: dict[str, str]) -> Chosen:
        from venue_tui.exchange.imports import How

        if not values["file"]:
            raise refused("file", "may not be blank")
        path = Path(values["file"]).expanduser()
        if not path.exists():
            raise refused("file", "there is no such file or folder")
        dates = cast("Order | None", values["dates"] or None)
        how = How(dates, values["dataset"] or None)
        return Chosen(path, how, bool(values["new_numbers"]))


class MappingForm(FormScreen[dict[str, str]]):
    """Asks which of our columns another program's columns are."""

    def __init__(self, table: "ReadTable") -> None:
        super().__init__()
        self._table = table
        self._guessed = guess(
            table.dataset, table.header_row, remembered().get(table.dataset.name, {})
        )

    def title_line(self) -> str:
        return _("Whose columns are these?")

    def introduction(self) -> Sequence[str]:
        return [
            _("%(file)s has columns that are not ours. Say which of ours each of them is.")
            % {"file": self._table.path.name}
        ]

    def fields(self) -> Sequence[Field]:
        ours = [("", _("left out"))]
        ours += [(c.name, f"{c.name} {c.chinese}") for c in self._table.dataset.columns]
        shown = {plain(word): word for word in self._table.header_row}
        return [
            Field(f"column{at}", displayable(shown[header])[:_LONGEST_LABEL], column, options=ours)
            for at, (header, column) in enumerate(self._guessed.items())
        ]

    def save(self, values: dict[str, str]) -> dict[str, str]:
        chosen = {header: values[f"column{at}"] for at, header in enumerate(self._guessed)}
        remember(self._table.dataset.name, chosen)
        return chosen


async def take_in(
    host: "Screen[Any]",
    session: "Session",
    told: Callable[[str, Callable[[], object]], None] | None = None,
) -> bool:
    """Asks for files, shows what recording them would do, and records them if that is wanted. Gives
    whether they were recorded; `told` is told what was, and how it is taken back. A flow."""
    ask: Callable[[Screen[Any]], Awaitable[Any]] = host.app.push_screen_wait

    def failed(error: Exception) -> None:
        if not isinstance(error, Refused):
            raise error
        host.notify("\n".join(map(in_words, error.problems)), severity="warning")

    def take_back() -> object:
        from models.imports.undo import undo

        return undo(session)

    start = ""
    while (chosen := await ask(FilesForm(start))) is not None:
        tried, reason = await _tried(ask, session, chosen, failed)
        if tried is None:
            return False
        if complaints := wrong(tried):
            title = _("Nothing was taken in")
            if not await ask(Confirm(title, complaints, yes=_("Another file"), no=_("Close"))):
                return False
            start = str(chosen.path)
            continue
        if not tried.report.changed:
            host.notify(_("Nothing changed: all of it was recorded already."))
            return False
        report = await _recorded(ask, session, tried, reason, failed, chosen.new_numbers)
        if report is None:
            return False
        said = _("Recorded: %s") % "; ".join(counted(report))
        if told is None:
            host.notify(said, markup=False)
        else:
            told(said, take_back)
        return True
    return False


async def _tried(
    ask: Callable[[Screen[Any]], Awaitable[Any]],
    session: "Session",
    chosen: Chosen,
    failed: Callable[[Exception], None],
) -> tuple[Tried | None, str | None]:
    """What recording the files would do, once it is known whose their columns are and why a closed
    month is corrected, and that reason; None where the person leaves it."""
    reason: str | None = None
    while True:
        reading = partial(_try_chosen, session, chosen, reason)
        title = _("Reading %s") % chosen.path.name
        tried: Tried | None = await ask(ProgressDialog(title, reading, failed=failed))
        if tried is None:
            return None, None
        if (table := foreign(tried.reading, chosen.how)) is not None:
            columns = await ask(MappingForm(table))
            if columns is None:
                return None, None
            mapping = {**chosen.how.mapping, table.name: columns}
            chosen, reason = chosen._replace(how=chosen.how._replace(mapping=mapping)), None
        elif tried.lacks_reason:
            lines = wrong(tried)[:_MOST]
            reason = await ask(ReasonPrompt(_("Why is a closed month corrected?"), lines))
            if not reason:
                return None, None
        else:
            return tried, reason


def _try_chosen(
    session: "Session", chosen: Chosen, reason: str | None, progress: Progress
) -> Tried:
    return try_files(
        session, [chosen.path], reason, progress, chosen.how, new_numbers=chosen.new_numbers
    )


async def _recorded(
    ask: Callable[[Screen[Any]], Awaitable[Any]],
    session: "Session",
    tried: Tried,
    reason: str | None,
    failed: Callable[[Exception], None],
    new_numbers: bool,
) -> Report | None:
    """Shows what would come of it, and records it if that is wanted; None where it isn't."""
    from venue_tui.exchange.preview import preview

    def work(progress: Progress) -> Report:
        from models.imports.importer import intake

        progress.report(0, 1)
        with session.reading():
            return intake(session, tried.reading.tables, reason=reason, new_numbers=new_numbers)

    lines = [
        *preview(tried.report, session.calendar.shown, _MOST_SHOWN),
        *read_as(tried.reading),
        *passed_over(tried.reading),
    ]
    if not await ask(Confirm(_("Record this?"), lines)):
        return None
    report: Report | None = await ask(ProgressDialog(_("Recording"), work, failed=failed))
    return report


def try_files(
    session: "Session",
    paths: Sequence[Path],
    reason: str | None,
    progress: Progress,
    how: "How | None" = None,
    *,
    new_numbers: bool = False,
) -> Tried:
    """Reads the files and checks what recording them would do, without recording anything."""
    from models.imports.importer import intake
    from models.operations import directory
    from venue_tui.exchange.imports import AS_IT_IS, read

    begun: list[Path] = []

    def starting(path: Path) -> None:
        progress.report(len(begun), len(DATASETS) + 1)
        begun.append(path)

    with session.reading():
        reading = read(
            paths, session.calendar, starting, how=how or AS_IT_IS, names=directory.names
        )
        progress.report(len(DATASETS), len(DATASETS) + 1)
        report = intake(
            session, reading.tables, reason=reason, dry_run=True, new_numbers=new_numbers
        )
    return Tried(reading, report)


def foreign(reading: "Reading", how: "How") -> "ReadTable | None":
    """The first table that has columns of another program's, of which nobody said anything yet."""
    for table in reading.tables:
        if table.name not in how.mapping and foreign_headers(table.dataset, table.header_row):
            return table
    return None


def wrong(tried: Tried) -> list[str]:
    """Everything that is wrong with the files, each with its place."""
    lines = [f"{path.name}: {in_words(found)}" for path, found in tried.reading.problems]
    for table in tried.reading.tables:
        lines += table.report(in_words)
    lines += [in_words(each) for each in tried.report.problems]
    if not lines and not tried.reading.rows:
        lines = [_("There is no file of that kind in the folder."), *passed_over(tried.reading)]
    return lines


def passed_over(reading: "Reading") -> list[str]:
    return [
        _("%s: passed over, it is not named after a dataset") % Path(name).name
        for name in reading.passed_over
    ]


def read_as(reading: "Reading") -> list[str]:
    """How files were understood that are not written as this program would write them."""
    return [
        f"{table.path.name}: {in_words(each)}" for table in reading.tables for each in table.read_as
    ]


def counted(report: Report) -> list[str]:
    """What an intake did or would do, a line for each dataset."""
    sentence = _("%(dataset)s: %(added)d new, %(changed)d changed, %(unchanged)d as they were")
    lines = [
        sentence % {"dataset": file_word(name), **n._asdict()} for name, n in report.counts.items()
    ]
    if report.charges:
        said = ngettext(
            "%d charge follows or was changed.",
            "%d charges follow or were changed.",
            report.charges,
        )
        lines.append(said % report.charges)
    return lines
